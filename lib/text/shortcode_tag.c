#include "text/shortcode_int.h"

#include <string.h>

bool
shortcode_among(const char *names, const char *name)
{
	size_t n = strlen(name), m;

	if (n == 0)
		return false;
	for (; *names != '\0'; names += m + (names[m] == '|')) {
		m = strcspn(names, "|");
		if (m == n && memcmp(names, name, n) == 0)
			return true;
	}
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',';
}

/* A value at *p: quoted ("\"" within "…"), `…`, or up to a blank. */
static const char *
take_value(const char **p, const char *end, struct arena *a)
{
	const char *s = *p;
	struct buf b;
	char quote = *s;
	const char *value;

	buf_init(&b, 0);
	if (quote == '"' || quote == '\'' || quote == '`') {
		for (s++; s < end && *s != quote; s++) {
			if (*s == '\\' && quote == '"' && s + 1 < end)
				s++;
			buf_addc(&b, *s);
		}
		s += s < end;
	} else {
		while (s < end && (*s == ',' || !is_blank(*s)))
			buf_addc(&b, *s++);
		if (b.len > 0 && b.data[b.len - 1] == ',')
			buf_truncate(&b, b.len - 1);
	}
	value = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	*p = s;
	return value;
}

static size_t
name_length(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && ((p[n] >= 'a' && p[n] <= 'z') ||
	    (p[n] >= 'A' && p[n] <= 'Z') || (p[n] >= '0' && p[n] <= '9') ||
	    strchr("_-./:", p[n]) != NULL) && p[n] != '\0')
		n++;
	return n;
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

void
shortcode_parse(struct tag *t, const char *s, size_t len, struct arena *a)
{
	const char *p = s, *end = s + len, *name;
	size_t n;

	memset(t, 0, sizeof(*t));
	p = skip_blanks(p, end);
	t->closing = p < end && *p == '/';
	p = skip_blanks(p + t->closing, end);
	n = name_length(p, end);
	if (n > 1 && p + n == end && p[n - 1] == '/')
		n--;	/* <name/> */
	memcpy(t->name, p, n < TAG_NAME_MAX ? n : TAG_NAME_MAX - 1);
	p += n;
	while ((p = skip_blanks(p, end)) < end && t->nargs < TAG_ARGS_MAX) {
		if (*p == '/' && skip_blanks(p + 1, end) == end)
			break;	/* closes itself */
		n = name_length(p, end);
		name = NULL;
		if (n > 0 && p + n < end && p[n] == '=') {
			name = arena_strndup(a, p, n);
			p += n + 1;
			if (p == end)
				break;
		}
		t->args[t->nargs].name = name;
		t->args[t->nargs++].value = take_value(&p, end, a);
	}
}

const char *
tag_named(const struct tag *t, const char *names)
{
	unsigned i;

	for (i = 0; i < t->nargs; i++)
		if (t->args[i].name != NULL &&
		    shortcode_among(names, t->args[i].name) &&
		    t->args[i].value[0] != '\0')
			return t->args[i].value;
	return NULL;
}

const char *
tag_at(const struct tag *t, unsigned position)
{
	unsigned i;

	for (i = 0; i < t->nargs; i++)
		if (t->args[i].name == NULL && position-- == 0)
			return t->args[i].value;
	return NULL;
}
