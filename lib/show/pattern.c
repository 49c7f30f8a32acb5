#include "show/pattern.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

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
		for (p++; isdigit((unsigned char)*p); p++)
			*width = *width * 10 + (*p - '0');
		if (*width > DIGITS_MAX)
			return false;
	}
	*end = p + 1;
	return *p == '}';
}

int
pattern_check(const char *pattern, bool is_url, struct err *err)
{
	static const char *const known[] = {
		"number", "slug", "stem", "season", "year", "month", "day"
	};
	size_t n = is_url ? sizeof(known) / sizeof(known[0]) : 2, i;
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
		p = end;
	}
	return 0;
}

/* The text between a placeholder and the next one must follow it. The slug
 * ends where the last such text begins, so that 434-a-b.md keeps "a-b". */
static size_t
slug_length(const char *name, const char *rest)
{
	size_t literal = strcspn(rest, "{"), len = strlen(name), i;

	if (rest[literal] == '\0')
		return len >= literal &&
		    strcmp(name + len - literal, rest) == 0 ?
		    len - literal : 0;
	for (i = 1; i + literal <= len; i++)
		if (strncmp(name + i, rest, literal) == 0)
			return i;
	return 0;
}

bool
pattern_match(struct arena *a, const char *pattern, const char *name,
    int64_t *number, const char **slug)
{
	const char *p = pattern, *end;
	char what[16];
	size_t len;
	int width;

	*number = 0;
	*slug = NULL;
	while (*p != '\0') {
		if (*p != '{' || !placeholder(p, what, &width, &end)) {
			if (*p++ != *name++)
				return false;
			continue;
		}
		p = end;
		if (strcmp(what, "number") == 0) {
			for (len = 0; isdigit((unsigned char)name[len]); len++)
				*number = *number * 10 + (name[len] - '0');
			if (len == 0 || len > DIGITS_MAX)
				return false;
		} else {
			len = slug_length(name, p);
			if (len == 0)
				return false;
			*slug = arena_strndup(a, name, len);
		}
		name += len;
	}
	return *name == '\0';
}

static void
add_encoded(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (isalnum((unsigned char)*s) || strchr("-._~", *s) != NULL)
			buf_addc(b, *s);
		else
			buf_addf(b, "%%%02X", (unsigned)(unsigned char)*s);
	}
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
		add_encoded(b, e->slug);
	else if (strcmp(name, "stem") == 0)
		add_encoded(b, fs_stem(a, e->file));
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
