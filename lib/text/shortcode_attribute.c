#include "text/shortcode_int.h"

#include <string.h>
#include <strings.h>

/*
 * Attribute lists: `{: .class}` on a line of its own or behind a link
 * (kramdown), `{#id}` at the end of a heading, `{.class key="value"}` behind
 * an image or under a block (Hugo, Pandoc).
 */

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("-_:.", c) != NULL) ||
	    (unsigned char)c >= 0x80;
}

static const char *
name_end(const char *p, const char *end)
{
	while (p < end && is_name(*p))
		p++;
	return p;
}

/* Ids and class names begin with a letter, as CSS wants it, so `{.5}` is text;
 * a generator makes the id of a heading from its words, so `{#1-intro}` is an
 * id (where it may stand: is_in_place). */
static const char *
mark_end(const char *p, const char *end)
{
	const char *from = p + 1;

	if (from < end && *p == '.' && (strchr(".:", *from) != NULL ||
	    (*from >= '0' && *from <= '9')))
		return NULL;
	p = name_end(from, end);
	return p > from && p < end ? p : NULL;
}

/* Behind the value at p, quoted or a word; NULL when there is none. */
static const char *
value_end(const char *p, const char *end)
{
	const char *from = p;
	char quote = p < end ? *p : '\0';

	if (quote != '"' && quote != '\'') {
		while (p < end && (is_name(*p) || *p == '%' || *p == '/'))
			p++;	/* width=50% */
		return p > from ? p : NULL;
	}
	for (p++; p < end && *p != quote && *p != '\n'; p++)
		;
	return p < end && *p == quote ? p + 1 : NULL;
}

/* One of .class, #id, key="value", toc; NULL when it is none. */
static const char *
item_end(const char *p, const char *end, bool colon)
{
	const char *from = p;

	if (*p == '.' || *p == '#')
		return mark_end(p, end);
	p = name_end(from, end);
	if (p == from || p == end || strchr("-:.0123456789", *from) != NULL)
		return NULL;
	if (*p == '=')
		return value_end(p + 1, end);
	return colon && p - from == 3 && strncasecmp(from, "toc", 3) == 0 ?
	    p : NULL;
}

/* Behind the closing brace, or NULL when this is no attribute list. */
static const char *
list_end(const char *p, const char *end, bool *toc)
{
	bool colon = end - p > 1 && p[1] == ':';
	unsigned items = 0;

	*toc = false;
	for (p += 1 + colon; p < end; items++) {
		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		if (p == end || *p == '}')
			break;
		*toc = *toc || (end - p > 3 && strncasecmp(p, "toc", 3) == 0);
		p = item_end(p, end, colon);
		if (p == NULL)
			return NULL;
	}
	return p < end && *p == '}' && items > 0 ? p + 1 : NULL;
}

static bool
ends_line(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p == end || *p == '\n';
}

/* The line below makes a heading of this one (=== or ---). */
static bool
is_underlined(const char *p, const char *end)
{
	char mark;

	p = memchr(p, '\n', (size_t)(end - p));
	if (p == NULL || ++p == end || (*p != '=' && *p != '-'))
		return false;
	for (mark = *p; p < end && *p == mark; p++)
		;
	return ends_line(p, end);
}

/* `* TOC` over a `{:toc}` is only its place. */
static void
drop_list_above(struct buf *out)
{
	size_t at = out->len, n;

	if (at == 0 || out->data[at - 1] != '\n')
		return;
	for (at--; at > 0 && out->data[at - 1] != '\n'; at--)
		;
	n = strspn(out->data + at, "0123456789");
	if (strchr("-+*", out->data[at]) != NULL ||
	    (n > 0 && out->data[at + n] == '.'))
		buf_truncate(out, at);
}

/* One of kramdown's extensions. Any other name is a word of the text. */
static const char *
extension_end(const char *p, const char *end)
{
	static const char *const names[] = {
		"comment", "nomarkdown", "options"
	};
	const char *stop = name_end(p, end);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == (size_t)(stop - p) &&
		    memcmp(p, names[i], (size_t)(stop - p)) == 0)
			return stop;
	return NULL;
}

/* Behind {:/} or {:/name} at p; NULL when it is none. */
static const char *
closing_end(const char *p, const char *end)
{
	if (end - p < 4 || memcmp(p, "{:/", 3) != 0)
		return NULL;
	p += 3;
	if (*p != '}')
		p = extension_end(p, end);
	return p != NULL && p < end && *p == '}' ? p + 1 : NULL;
}

/* Behind {::name}, {::name key="value"} or {::name … /} at p, all on one
 * line; NULL when it is none. */
static const char *
opening_end(const char *p, const char *end, bool *whole)
{
	*whole = false;
	if (end - p < 4 || memcmp(p, "{::", 3) != 0)
		return NULL;
	p = extension_end(p + 3, end);
	while (p != NULL && p < end && *p != '}') {
		if (*p == ' ' || *p == '\t') {
			p++;
		} else if (*p == '/' && end - p > 1 && p[1] == '}') {
			*whole = true;
			p++;
		} else {
			p = item_end(p, end, false);
		}
	}
	return p != NULL && p < end ? p + 1 : NULL;
}

/* kramdown's own: {::comment} … {:/comment}, {::options … /}, {:/}. */
static bool
take_extension(struct walk *w, const char *limit)
{
	const char *p, *close = closing_end(w->p, limit);
	bool whole = true;

	if (close == NULL)
		close = opening_end(w->p, limit, &whole);
	if (close == NULL)
		return false;
	if (!whole && memcmp(w->p + 3, "comment", 7) == 0) {
		if (w->no_end & NO_END_KRAMDOWN)
			return false;
		for (p = close, close = NULL; p < w->end && close == NULL; p++)
			close = closing_end(p, w->end);
		if (close == NULL) {
			w->no_end |= NO_END_KRAMDOWN;
			return false;
		}
	}
	walk_skip(w, close);
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* {# … #} of Nunjucks, with the blanks that all write: `{#1 … #}` and Svelte's
 * `{#if a}` are text. */
static bool
take_comment(struct walk *w, const char *limit)
{
	const char *p = w->p + 2;

	if (limit - w->p < 6 || w->p[1] != '#')
		return false;
	p += *p == '-';
	if (!is_blank(*p))
		return false;
	for (p++; p + 1 < limit; p++)
		if (p[0] == '#' && p[1] == '}' && (is_blank(p[-1]) ||
		    p[-1] == '-')) {
			walk_skip(w, p + 2);
			return true;
		}
	return false;
}

/* Whether the output ends in a link or an image, "](…)". */
static bool
is_behind_link(const struct buf *out)
{
	const char *p = out->data + out->len, *from = out->data;
	unsigned depth = 0, left = TAG_LEN_MAX;

	for (; p > from && p[-1] != '\n' && left > 0; p--, left--) {
		if (p[-1] == ')')
			depth++;
		else if (p[-1] == '(' && --depth == 0)
			return p - from >= 2 && p[-2] == ']';
	}
	return false;
}

/* `{x=1}`, and `{#1}` but for a heading, are words of the text rather than
 * attributes, which people write with a mark, a colon or quotes. */
static bool
is_text(const char *p, const char *close, bool heading)
{
	if (p[1] == '#' && p[2] >= '0' && p[2] <= '9')
		return !heading;
	for (p++; p < close; p++)
		if (strchr(":.#\"'", *p) != NULL)
			return false;
	return true;
}

/* Whether an attribute list may stand here: at the end of a heading, on a line
 * of its own, directly behind what it is for, or (kramdown) at the head of an
 * item. */
static bool
is_in_place(const struct walk *w, const char *close, bool alone)
{
	char before = w->out->len > 0 ? w->out->data[w->out->len - 1] : '\n';
	bool heading = ends_line(close, w->end) && (w->kind == LINE_HEADING ||
	    is_underlined(close, w->end));

	if (before == ')' && !heading)
		return is_behind_link(w->out);
	if (is_text(w->p, close, heading))
		return false;
	if (heading || alone)
		return true;
	if (w->p[1] != ':')
		return before == '`';
	return strchr("*_`]~", before) != NULL || walk_line_is_empty(w);
}

bool
shortcode_attributes(struct walk *w)
{
	const char *limit = w->end, *close;
	bool toc, alone;

	if (w->end - w->p < 3 || w->failures > FAILURES_MAX)
		return false;
	if (w->end - w->p > TAG_LEN_MAX)
		limit = w->p + TAG_LEN_MAX;
	if (take_extension(w, limit) || take_comment(w, limit))
		return true;
	close = list_end(w->p, limit, &toc);
	if (close == NULL) {
		w->failures += w->p[1] == '#' || w->p[1] == ':';
		return false;
	}
	alone = walk_line_is_empty(w) && ends_line(close, w->end);
	if (!is_in_place(w, close, alone))
		return false;
	walk_skip(w, close);
	if (alone && toc)
		drop_list_above(w->out);
	return true;
}
