#include "show/pattern.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs_walk.h"
#include "text/url.h"
#include "text/utf8.h"

#define ADDRESS_MAX ((size_t)4 << 10)
#define DIGITS_MAX 15

/* In place of a width: the text as Hugo makes addresses of it. */
#define AS_HUGO (-1)
#define AS_HUGO_CASE (-2)	/* but capitals stay */

static int
form(const char *p, size_t len)
{
	static const char *const names[] = { ":hugo", ":hugo-case" };
	int i;

	for (i = 0; i < 2; i++)
		if (strlen(names[i]) == len && strncmp(names[i], p, len) == 0)
			return AS_HUGO - i;
	return 0;
}

/* Splits "{name:width}" at p, or "{name:hugo}"; *end behind the brace. False
 * when it is none. */
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
	len = strcspn(p, "}");
	if ((*width = form(p, len)) < 0) {
		p += len;
	} else if (*p == ':') {
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

/* The placeholders; all but the last three may be in a file's name. */
static const char *const known[] = {
	"number", "slug", "season", "year", "month", "day", "stem", "name",
	"title"
};
#define KNOWN (sizeof(known) / sizeof(known[0]))
#define KNOWN_NAMES (KNOWN - 3)
#define NUMBER_WORDS "number, slug, season, year, month or day"

/* ** is a whole folder, and each wild card multiplies the ways to match. */
static int
check_wild(const char *pattern, struct err *err)
{
	const char *p;
	size_t many = 0, any = 0;

	for (p = pattern; (p = strchr(p, '*')) != NULL; p++) {
		if (p[1] != '*') {
			any++;
			continue;
		}
		many++;
		if ((p > pattern && p[-1] != '/') || p[2] != '/')
			return err_set(err, ERR_CONFIG, "`%s`: ** stands for "
			    "whole folders, as in **/{slug}.md", pattern);
		p++;
	}
	if (many > 1 || any > 2)
		return err_set(err, ERR_CONFIG, "`%s`: it may have one ** and "
		    "two *", pattern);
	return 0;
}

/* A path that stays below where it begins, in its shortest form. */
static int
check_path(const char *pattern, struct err *err)
{
	const char *p = pattern;
	size_t len;

	for (;; p += len + 1) {
		len = strcspn(p, "/");
		if (len == 0 || (len <= 2 && strncmp(p, "..", len) == 0))
			return err_set(err, ERR_CONFIG, "`%s`: it must be the "
			    "path of a file from its folder, without . and ..",
			    pattern);
		if (p[len] == '\0')
			return check_wild(pattern, err);
	}
}

/* Texts of an address have forms; nothing else has. */
static bool
has_form(const char *name, bool is_url)
{
	return is_url && (strcmp(name, "slug") == 0 ||
	    strcmp(name, "stem") == 0 || strcmp(name, "name") == 0 ||
	    strcmp(name, "title") == 0);
}

int
pattern_check(const char *pattern, bool is_url, struct err *err)
{
	size_t n = is_url ? KNOWN : KNOWN_NAMES, i;
	bool seen[KNOWN] = { false };
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
			    "stem, name, title, " NUMBER_WORDS : NUMBER_WORDS);
		if (width < 0 && !has_form(name, is_url))
			return err_set(err, ERR_CONFIG, "`%s`: {%s} has no "
			    "form of Hugo's; slug, stem, name and title have, "
			    "in addresses", pattern, name);
		if (!is_url && seen[i])
			return err_set(err, ERR_CONFIG, "`%s`: {%s} may stand "
			    "only once", pattern, name);
		seen[i] = true;
		p = end;
	}
	return is_url ? check_address(pattern, err) :
	    check_path(pattern, err);
}

/* How many digits a placeholder takes at least and at most. */
static size_t
digits_of(const char *what, size_t *least)
{
	*least = strcmp(what, "year") == 0 ? 4 : 1;
	if (strcmp(what, "number") == 0)
		return DIGITS_MAX;
	return strcmp(what, "season") == 0 || strcmp(what, "year") == 0 ?
	    4 : 2;
}

/* False: no month or day is like that. */
static bool
keep_number(const char *what, const char *digits, size_t len,
    struct pattern_found *out)
{
	int64_t v = 0;
	size_t i;

	for (i = 0; i < len; i++)
		v = v * 10 + (digits[i] - '0');
	if (strcmp(what, "number") == 0) {
		out->digits = (int)len;
		out->number = v;
	} else if (strcmp(what, "season") == 0) {
		out->season = v;
	} else if (strcmp(what, "year") == 0) {
		out->year = (int)v;
	} else if (strcmp(what, "month") == 0) {
		out->month = (int)v;
		return v >= 1 && v <= 12;
	} else {
		out->day = (int)v;
		return v >= 1 && v <= 31;
	}
	return true;
}

static bool match(struct arena *a, const char *p, const char *name,
    struct pattern_found *out);

static bool
match_wild(struct arena *a, const char *p, const char *name,
    struct pattern_found *out)
{
	size_t len;

	if (p[1] != '*') {
		for (len = strcspn(name, "/") + 1; len-- > 0;)
			if (match(a, p + 1, name + len, out))
				return true;
		return false;
	}
	for (p += 3;; name++) {
		if (match(a, p, name, out))
			return true;
		if ((name = strchr(name, '/')) == NULL)
			return false;
	}
}

static bool
match_slug(struct arena *a, const char *p, const char *name,
    struct pattern_found *out)
{
	size_t len;

	for (len = strcspn(name, "/"); len > 0; len--)
		if (match(a, p, name + len, out)) {
			out->slug = arena_strndup(a, name, len);
			return true;
		}
	return false;
}

static bool
match_digits(struct arena *a, const char *what, const char *p,
    const char *name, struct pattern_found *out)
{
	size_t least, most = digits_of(what, &least), len;
	size_t run = strspn(name, "0123456789");

	/* A number that is longer than numbers get is none. */
	if (strcmp(what, "number") == 0 && run > most)
		return false;
	for (len = run < most ? run : most; len >= least; len--)
		if (match(a, p, name + len, out))
			return keep_number(what, name, len, out);
	return false;
}

/* Each placeholder stands once, and there are few wild cards, in a pattern
 * that was checked, so that the calls are at most twenty deep. */
static bool
match(struct arena *a, const char *p, const char *name,
    struct pattern_found *out)
{
	const char *end;
	char what[16];
	int width;

	while (*p != '\0' && *p != '*' && (*p != '{' || !placeholder(p, what,
	    &width, &end)))
		if (*p++ != *name++)
			return false;
	if (*p == '\0')
		return *name == '\0';
	if (*p == '*')
		return match_wild(a, p, name, out);
	if (strcmp(what, "slug") == 0)
		return match_slug(a, end, name, out);
	return match_digits(a, what, end, name, out);
}

bool
pattern_match(struct arena *a, const char *pattern, const char *name,
    struct pattern_found *out)
{
	memset(out, 0, sizeof(*out));
	return match(a, pattern, name, out);
}

unsigned
pattern_depth(const char *pattern)
{
	unsigned depth = 0;

	if (strstr(pattern, "**/") != NULL)
		return FS_WALK_DEPTH_MAX;
	for (; *pattern != '\0'; pattern++)
		depth += *pattern == '/';
	return depth < FS_WALK_DEPTH_MAX ? depth : FS_WALK_DEPTH_MAX;
}

/* Whether one of the pattern's folders is called just that. */
static bool
names_folder(const char *pattern, const char *name, size_t len)
{
	size_t part;

	for (; pattern[part = strcspn(pattern, "/")] == '/';
	    pattern += part + 1)
		if (part == len && strncmp(pattern, name, len) == 0)
			return true;
	return false;
}

bool
pattern_enters(const char *pattern, const char *folder)
{
	struct arena scratch = ARENA_INIT;
	const char *base = fs_basename(folder);
	struct pattern_found found;
	size_t part, len;
	bool fits = true;

	if ((*base == '_' || strcmp(base, "node_modules") == 0) &&
	    !names_folder(pattern, base, strlen(base)))
		return false;
	while (fits) {
		part = strcspn(pattern, "/");
		if (pattern[part] != '/')
			fits = false;
		else if (strncmp(pattern, "**", 2) == 0)
			break;
		len = strcspn(folder, "/");
		fits = fits && pattern_match(&scratch,
		    arena_strndup(&scratch, pattern, part),
		    arena_strndup(&scratch, folder, len), &found);
		if (folder[len] == '\0')
			break;
		folder += len + 1;
		pattern += part + 1;
	}
	arena_release(&scratch);
	return fits;
}

static void
add_value(struct buf *b, const char *what, int width,
    const struct pattern_found *v)
{
	if (strcmp(what, "number") == 0)
		buf_addf(b, "%0*lld", width > 0 ? width : v->digits,
		    (long long)v->number);
	else if (strcmp(what, "season") == 0)
		buf_addf(b, "%0*lld", width > 0 ? width : 1,
		    (long long)(v->season > 0 ? v->season : 1));
	else if (strcmp(what, "year") == 0)
		buf_addf(b, "%04d", v->year);
	else if (strcmp(what, "slug") == 0)
		buf_adds(b, v->slug);
	else
		buf_addf(b, "%02d", what[0] == 'm' ? v->month : v->day);
}

const char *
pattern_name(struct arena *a, const char *pattern,
    const struct pattern_found *values)
{
	const char *p = pattern, *end, *out;
	struct buf b;
	char what[16];
	int width;

	buf_init(&b, 0);
	while (*p != '\0') {
		if (*p == '*') {
			p += p[1] == '*' ? 3 : 1;
		} else if (*p != '{' || !placeholder(p, what, &width, &end)) {
			buf_addc(&b, *p++);
		} else {
			add_value(&b, what, width, values);
			p = end;
		}
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

/* The placeholder's text; NULL: it is no text. */
static const char *
text_of(struct arena *a, const char *name, const struct episode *e)
{
	if (strcmp(name, "slug") == 0 ||
	    (strcmp(name, "name") == 0 && e->slug_said))
		return e->slug;
	if (strcmp(name, "stem") == 0 || strcmp(name, "name") == 0)
		return show_stem(a, e);
	return strcmp(name, "title") == 0 ? e->title : NULL;
}

static int
fill_text(struct arena *a, struct buf *b, const char *pattern,
    const char *name, int form, const char *text, struct err *err)
{
	if (form >= 0) {
		url_add_encoded(b, text, "");
		return 0;
	}
	text = utf8_hugo(a, text, form == AS_HUGO);
	url_add_encoded(b, text, "/+~@");
	return *text != '\0' ? 0 : err_set(err, ERR_INPUT, "the episode's %s "
	    "has nothing that Hugo would leave of it, which `%s` needs", name,
	    pattern);
}

static int
fill_one(struct arena *a, struct buf *b, const char *pattern,
    const char *name, int width, const struct episode *e, struct err *err)
{
	const char *text = text_of(a, name, e);
	struct date_parts p;

	if (text != NULL)
		return fill_text(a, b, pattern, name, width, text, err);
	date_split(&e->date, &p);
	if (strcmp(name, "number") == 0) {
		buf_addf(b, "%0*lld", width, (long long)e->number);
		return need(pattern, name, e->number > 0, err);
	}
	if (strcmp(name, "season") == 0) {
		buf_addf(b, "%0*lld", width, (long long)e->season);
		return need(pattern, name, e->season > 0, err);
	}
	if (strcmp(name, "year") == 0)
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
