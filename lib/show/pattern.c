#include "show/pattern.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "text/url.h"

#define ADDRESS_MAX ((size_t)4 << 10)
#define DIGITS_MAX 15

/* Splits "{name:width}" at p; *end behind the brace. False when it is none. */
static bool
placeholder(const char *p, char name[16], int *width, const char **end)
{
	size_t len;

	*width = 0;
	len = strcspn(++p, ":}");
	if (p[len] == '\0' || len == 0 || len >= 16)
		return false;
	memcpy(name, p, len);
	name[len] = '\0';
	p += len;
	if (*p == ':') {
		for (p++; isdigit((unsigned char)*p); p++) {
			*width = *width * 10 + (*p - '0');
			if (*width > DIGITS_MAX)
				return false;
		}
	}
	*end = p + 1;
	return *p == '}';
}

/* Whatever the placeholders stand for, an address must come of it. */
static int
check_address(const char *pattern, struct err *err)
{
	struct err told = ERR_INIT;
	const char *p = pattern, *end;
	struct buf b;
	char name[16];
	int width, rc = 0;

	buf_init(&b, 0);
	while (*p != '\0') {
		if (*p == '{' && placeholder(p, name, &width, &end)) {
			buf_addc(&b, '1');
			p = end;
		} else {
			buf_addc(&b, *p++);
		}
	}
	if (url_check(b.data, &told) != 0)
		rc = err_set(err, ERR_CONFIG, "`%s` makes no address: %s",
		    pattern, told.msg);
	buf_release(&b);
	return rc;
}

int
pattern_check(const char *pattern, bool is_url, struct err *err)
{
	static const char *const known[] = {
		"number", "slug", "stem", "season", "year", "month", "day"
	};
	size_t n = is_url ? sizeof(known) / sizeof(known[0]) : 2, i;
	bool seen[sizeof(known) / sizeof(known[0])] = { false };
	const char *p = pattern, *end;
	char name[16];
	int width;

	while ((p = strchr(p, '{')) != NULL) {
		if (!placeholder(p, name, &width, &end))
			return err_set(err, ERR_CONFIG, "`%s`: a placeholder "
			    "is written {number} or {number:03}", pattern);
		for (i = 0; i < n && strcmp(known[i], name) != 0; i++)
			;
		if (i == n)
			return err_set(err, ERR_CONFIG, "`%s`: {%s} is not "
			    "known; use %s", pattern, name, is_url ?
			    "number, slug, stem, season, year, month or day" :
			    "number or slug");
		if (!is_url && seen[i])
			return err_set(err, ERR_CONFIG, "`%s`: {%s} may stand "
			    "only once", pattern, name);
		seen[i] = true;
		p = end;
	}
	return is_url ? check_address(pattern, err) : 0;
}

/* Number and slug stand once each in a pattern that was checked, so that the
 * calls are at most three deep. */
static bool
match(struct arena *a, const char *p, const char *name,
    struct pattern_found *out)
{
	const char *end;
	char what[16];
	size_t len, i;
	int width;

	while (*p != '\0' && (*p != '{' || !placeholder(p, what, &width,
	    &end)))
		if (*p++ != *name++)
			return false;
	if (*p == '\0')
		return *name == '\0';
	if (strcmp(what, "number") != 0) {
		for (len = strcspn(name, "/"); len > 0; len--)
			if (match(a, end, name + len, out)) {
				out->slug = arena_strndup(a, name, len);
				return true;
			}
		return false;
	}
	len = strspn(name, "0123456789");
	for (len = len > DIGITS_MAX ? 0 : len; len > 0; len--) {
		if (!match(a, end, name + len, out))
			continue;
		out->digits = (int)len;
		for (out->number = 0, i = 0; i < len; i++)
			out->number = out->number * 10 + (name[i] - '0');
		return true;
	}
	return false;
}

bool
pattern_match(struct arena *a, const char *pattern, const char *name,
    struct pattern_found *out)
{
	memset(out, 0, sizeof(*out));
	return match(a, pattern, name, out);
}

const char *
pattern_name(struct arena *a, const char *pattern, int64_t number, int digits,
    const char *slug)
{
	const char *p = pattern, *end, *out;
	struct buf b;
	char what[16];
	int width;

	buf_init(&b, 0);
	while (*p != '\0') {
		if (*p != '{' || !placeholder(p, what, &width, &end)) {
			buf_addc(&b, *p++);
			continue;
		}
		if (strcmp(what, "number") == 0)
			buf_addf(&b, "%0*lld", width > 0 ? width : digits,
			    (long long)number);
		else
			buf_adds(&b, slug);
		p = end;
	}
	out = arena_strdup(a, b.data);
	buf_release(&b);
	return out;
}

static int
need(const char *pattern, const char *name, bool there, struct err *err)
{
	if (there)
		return 0;
	return err_set(err, ERR_INPUT, "the episode has no %s, which `%s` "
	    "needs", name, pattern);
}

static int
fill_one(struct arena *a, struct buf *b, const char *pattern,
    const char *name, int width, const struct episode *e, struct err *err)
{
	struct date_parts p;

	date_split(&e->date, &p);
	if (strcmp(name, "number") == 0) {
		buf_addf(b, "%0*lld", width, (long long)e->number);
		return need(pattern, name, e->number > 0, err);
	}
	if (strcmp(name, "season") == 0) {
		buf_addf(b, "%0*lld", width, (long long)e->season);
		return need(pattern, name, e->season > 0, err);
	}
	if (strcmp(name, "slug") == 0)
		url_add_encoded(b, e->slug, "");
	else if (strcmp(name, "stem") == 0)
		url_add_encoded(b, fs_stem(a, e->file), "");
	else if (strcmp(name, "year") == 0)
		buf_addf(b, "%04d", p.year);
	else
		buf_addf(b, "%02d", name[0] == 'm' ? p.month : p.day);
	return 0;
}

const char *
pattern_fill(struct arena *a, const char *pattern, const struct episode *e,
    struct err *err)
{
	const char *p = pattern, *end, *out = NULL;
	struct buf b;
	char name[16];
	int width;

	buf_init(&b, ADDRESS_MAX);
	while (*p != '\0') {
		if (*p != '{' || !placeholder(p, name, &width, &end)) {
			buf_addc(&b, *p++);
			continue;
		}
		p = end;
		if (fill_one(a, &b, pattern, name, width, e, err) != 0)
			goto out;
	}
	if (buf_check(&b, "the address", err) == 0)
		out = arena_strdup(a, b.data);
out:
	buf_release(&b);
	return out;
}
