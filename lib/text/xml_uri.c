/*
 * RFC 3986. Not by xmlBuildURI (libxml2 2.9.14), which turns %2F of a path
 * into a slash, makes one slash of two, keeps the dots of "/./g", and gives
 * up on blanks and non-ASCII characters.
 */
#include "text/xml.h"

#include <stdbool.h>
#include <string.h>

#define URI_MAX 65536	/* longer references stay as they are */

struct part {
	const char *p;		/* NULL: absent, which is not empty */
	size_t n;
};

struct uri {
	struct part scheme;
	struct part authority;
	struct part path;	/* always there */
	struct part query;
	struct part fragment;
};

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Length of the scheme at the start of s, or 0 (§3.1). */
static size_t
scheme_length(const char *s)
{
	size_t n = 0;

	if (!is_alpha(*s))
		return 0;
	while (is_alpha(s[n]) || is_digit(s[n]) || (s[n] != '\0' &&
	    strchr("+-.", s[n]) != NULL))
		n++;
	return s[n] == ':' ? n : 0;
}

/* The components by appendix B; every string has some. */
static void
split(const char *s, struct uri *out)
{
	size_t n = scheme_length(s);

	memset(out, 0, sizeof(*out));
	if (n > 0) {
		out->scheme = (struct part){ s, n };
		s += n + 1;
	}
	if (strncmp(s, "//", 2) == 0) {
		s += 2;
		n = strcspn(s, "/?#");
		out->authority = (struct part){ s, n };
		s += n;
	}
	n = strcspn(s, "?#");
	out->path = (struct part){ s, n };
	s += n;
	if (*s == '?') {
		n = strcspn(++s, "#");
		out->query = (struct part){ s, n };
		s += n;
	}
	if (*s == '#')
		out->fragment = (struct part){ s + 1, strlen(s + 1) };
}

/* Whether the byte at s[i] may stand in a URI as it is (§2); brackets only
 * in an authority (§3.2.2), % only before two hex digits. */
static bool
may_stay(const struct uri *u, const char *s)
{
	if (*s == '%')
		return is_hex(s[1]) && is_hex(s[2]);
	if (*s == '[' || *s == ']')
		return u->authority.p != NULL && s >= u->authority.p &&
		    s < u->authority.p + u->authority.n;
	if (*s == '#')
		return u->fragment.p == NULL || s < u->fragment.p;
	return is_alpha(*s) || is_digit(*s) ||
	    strchr("-._~:/?@!$&'()*+,;=", *s) != NULL;
}

/* s with all else escaped; s itself when there is nothing to do. */
static char *
uri_escape(struct arena *a, char *s)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t bad = 0, len = strlen(s), i;
	struct uri u;
	char *out, *o;

	split(s, &u);
	for (i = 0; i < len; i++)
		bad += !may_stay(&u, s + i);
	if (bad == 0)
		return s;
	o = out = arena_alloc(a, len + 2 * bad + 1);
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (may_stay(&u, s + i)) {
			*o++ = s[i];
			continue;
		}
		*o++ = '%';
		*o++ = hex[c >> 4];
		*o++ = hex[c & 15];
	}
	*o = '\0';
	return out;
}

/* Whether the next segment of p is one of dots; its length with the slash
 * behind it goes to *n. */
static int
dots(const char *p, const char *end, size_t *n)
{
	const char *q = memchr(p, '/', (size_t)(end - p));
	size_t seg = (size_t)((q == NULL ? end : q) - p);

	*n = seg + (q == NULL ? 0 : 1);
	if (seg == 1 && p[0] == '.')
		return 1;
	return seg == 2 && p[0] == '.' && p[1] == '.' ? 2 : 0;
}

/* §5.2.4, in place; a path that begins with a slash keeps it. */
static void
remove_dots(char *path)
{
	const char *p = path, *end = path + strlen(path);
	char *root = path + (*path == '/'), *o = root;
	size_t n;
	int kind;

	p = root;
	while (p < end) {
		kind = dots(p, end, &n);
		if (kind == 0) {
			memmove(o, p, n);
			o += n;
		} else if (kind == 2 && o > root) {
			o--;
			while (o > root && o[-1] != '/')
				o--;
		}
		p += n;
	}
	*o = '\0';
}

/* §5.2.3 */
static char *
merge(struct arena *a, const struct uri *base, const struct part *path)
{
	size_t n = base->path.n;

	if (path->n > 0 && path->p[0] == '/')
		return arena_strndup(a, path->p, path->n);
	if (base->authority.p != NULL && n == 0)
		return arena_printf(a, "/%.*s", (int)path->n, path->p);
	while (n > 0 && base->path.p[n - 1] != '/')
		n--;
	return arena_printf(a, "%.*s%.*s", (int)n, base->path.p,
	    (int)path->n, path->p);
}

static void
add_part(struct buf *b, const char *before, const struct part *part,
    const char *behind)
{
	if (part->p == NULL)
		return;
	buf_adds(b, before);
	buf_add(b, part->p, part->n);
	buf_adds(b, behind);
}

/* A copy without blanks around it, escaped. */
static char *
reference(struct arena *a, const char *ref)
{
	static const char blank[] = " \t\r\n\f";
	size_t len;
	char *copy;

	ref += strspn(ref, blank);
	len = strlen(ref);
	while (len > 0 && strchr(blank, ref[len - 1]) != NULL)
		len--;
	copy = arena_strndup(a, ref, len);
	return uri_escape(a, copy);
}

/* §5.2.2 and §5.3 */
static char *
recompose(struct arena *a, const struct uri *b, struct uri *r)
{
	struct buf out;
	char *path, *whole;

	if (r->authority.p != NULL)
		path = arena_strndup(a, r->path.p, r->path.n);
	else if (r->path.n > 0)
		path = merge(a, b, &r->path);
	else {
		path = arena_strndup(a, b->path.p, b->path.n);
		if (r->query.p == NULL)
			r->query = b->query;
	}
	remove_dots(path);
	if (r->authority.p == NULL)
		r->authority = b->authority;
	buf_init(&out, 0);
	add_part(&out, "", &b->scheme, ":");
	add_part(&out, "//", &r->authority, "");
	buf_adds(&out, path);
	add_part(&out, "?", &r->query, "");
	add_part(&out, "#", &r->fragment, "");
	whole = arena_strndup(a, out.data, out.len);
	buf_release(&out);
	return whole;
}

char *
xw_resolve(struct arena *a, const char *base, const char *ref)
{
	struct uri b, r;
	char *escaped;

	if (base == NULL)
		return arena_strdup(a, ref);
	escaped = reference(a, ref);
	base = reference(a, base);
	split(escaped, &r);
	split(base, &b);
	if (r.scheme.p != NULL || b.scheme.p == NULL ||
	    strlen(base) > URI_MAX || strlen(escaped) > URI_MAX)
		return escaped;
	return recompose(a, &b, &r);
}
