#include "text/html_find.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\r\n"

static bool
is_blank(char c)
{
	return c != '\0' && strchr(BLANKS, c) != NULL;
}

/* How far it goes up to a character of the set; 0 where it is too long. */
static size_t
until(const char *p, const char *set)
{
	size_t i;

	for (i = 0; i < MARKUP_REFERENCE_MAX && p[i] != '\0'; i++)
		if (strchr(set, p[i]) != NULL)
			break;
	return i < MARKUP_REFERENCE_MAX ? i : 0;
}

/* CommonMark 0.30, §6.3: brackets in it are in pairs. */
static size_t
destination(const char *p)
{
	size_t i, open = 0;

	for (i = 0; i < MARKUP_REFERENCE_MAX && p[i] != '\0' &&
	    !is_blank(p[i]); i++) {
		if (p[i] == '\\' && ispunct((unsigned char)p[i + 1]))
			i++;
		else if (p[i] == '(')
			open++;
		else if (p[i] == ')' && open-- == 0)
			break;
	}
	return i < MARKUP_REFERENCE_MAX ? i : 0;
}

/* Whether the "]" at p ends the words of a picture. */
static bool
ends_picture(const char *text, const char *p)
{
	const char *from = p - text > MARKUP_REFERENCE_MAX ?
	    p - MARKUP_REFERENCE_MAX : text;
	size_t open = 0;

	for (; p > from; p--) {
		if (*p == ']')
			open++;
		else if (*p == '[' && --open == 0)
			return p[-1] == '!';
	}
	return false;
}

/* Whether the value at p is that of src=, in quotes or not. */
static bool
is_source(const char *text, const char *p)
{
	if (p > text && (p[-1] == '"' || p[-1] == '\''))
		p--;
	while (p > text && is_blank(p[-1]))
		p--;
	if (p == text || *--p != '=')
		return false;
	while (p > text && is_blank(p[-1]))
		p--;
	return p - text > 3 && strncasecmp(p - 3, "src", 3) == 0 &&
	    (is_blank(p[-4]) || strchr("/\"'", p[-4]) != NULL);
}

/* One that begins at p, by what stands before it. */
static bool
reference_at(const char *text, const char *p, struct markup_reference *out)
{
	char before = p == text ? '\n' : p[-1];

	*out = (struct markup_reference){ .at = p };
	if (before == '(' && p - text > 2 && p[-2] == ']') {
		out->picture = ends_picture(text, p - 2);
		out->at += strspn(p, BLANKS);
		if (*out->at == '<') {
			out->at++;
			out->len = until(out->at, ">\n");
		} else {
			out->len = destination(out->at);
		}
	} else if (before == '"' || before == '\'') {
		out->picture = is_source(text, p);
		out->len = until(p, before == '"' ? "\"\n" : "'\n");
	} else if (before == '<') {
		out->len = until(p, BLANKS ">");
	} else if ((before == '=' || is_blank(before)) &&
	    strchr(BLANKS "\"'", *p) == NULL) {
		out->picture = is_source(text, p);
		out->len = until(p, out->picture ? BLANKS ">" : BLANKS);
	}
	return out->len > 0;
}

bool
markup_find_reference(const char *text, const char **p,
    struct markup_reference *out)
{
	for (; **p != '\0'; (*p)++)
		if (reference_at(text, *p, out)) {
			(*p)++;
			return true;
		}
	return false;
}

char *
markup_unescaped(struct arena *a, const char *s, size_t len)
{
	static const struct { const char *entity; char c; } entities[] = {
		{ "&amp;", '&' }, { "&#38;", '&' }, { "&lt;", '<' },
		{ "&gt;", '>' }, { "&quot;", '"' }, { "&#34;", '"' },
		{ "&#39;", '\'' }, { "&#x27;", '\'' }, { "&apos;", '\'' }
	};
	char *out = arena_strndup(a, s, len), *to = out;
	const char *p = out;
	size_t i, n;

	while (*p != '\0') {
		for (i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
			n = strlen(entities[i].entity);
			if (strncmp(p, entities[i].entity, n) == 0)
				break;
		}
		if (i < sizeof(entities) / sizeof(entities[0])) {
			*to++ = entities[i].c;
			p += n;
		} else {
			*to++ = *p++;
		}
	}
	*to = '\0';
	return out;
}
