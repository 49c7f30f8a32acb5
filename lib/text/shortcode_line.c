#include "text/shortcode_int.h"

#include <string.h>
#include <strings.h>

/* A line being read: columns as tabs make them. */
struct cursor {
	const char *p;
	const char *end;
	unsigned col;
	unsigned spare;		/* columns left of a tab that was split */
};

static unsigned
indent_of(const struct cursor *c)
{
	unsigned n = c->spare, col = c->col + c->spare;
	const char *p;

	for (p = c->p; p < c->end && (*p == ' ' || *p == '\t'); p++) {
		unsigned width = *p == ' ' ? 1 : 4 - col % 4;

		n += width;
		col += width;
	}
	return n;
}

static void
eat(struct cursor *c, unsigned columns)
{
	unsigned width;

	for (; columns > 0; columns -= width) {
		if (c->spare == 0) {
			if (c->p == c->end || (*c->p != ' ' && *c->p != '\t'))
				return;
			c->spare = *c->p == ' ' ? 1 : 4 - c->col % 4;
			c->p++;
		}
		width = columns < c->spare ? columns : c->spare;
		c->spare -= width;
		c->col += width;
	}
}

static bool
is_blank_rest(const struct cursor *c)
{
	const char *p;

	for (p = c->p; p < c->end; p++)
		if (*p != ' ' && *p != '\t' && *p != '\r')
			return false;
	return true;
}

/* ">" and the blank behind it. */
static bool
eat_quote(struct cursor *c)
{
	struct cursor at = *c;

	if (indent_of(c) > 3)
		return false;
	eat(&at, indent_of(&at));
	if (at.p == at.end || *at.p != '>')
		return false;
	at.p++;
	at.col++;
	eat(&at, 1);
	*c = at;
	return true;
}

/* Through the containers that go on in this line. */
static unsigned
match(const struct line_state *s, struct cursor *c)
{
	unsigned i;

	for (i = 0; i < s->nopen; i++) {
		if (s->open[i].quote) {
			if (!eat_quote(c))
				break;
		} else if (indent_of(c) >= s->open[i].indent) {
			eat(c, s->open[i].indent);
		} else if (!is_blank_rest(c)) {
			break;
		}
	}
	return i;
}

static bool
is_rule(const char *p, const char *end)
{
	char mark = *p;
	unsigned n = 0;

	if (strchr("-*_", mark) == NULL)
		return false;
	for (; p < end; p++)
		if (*p == mark)
			n++;
		else if (*p != ' ' && *p != '\t' && *p != '\r')
			return false;
	return n >= 3;
}

/* The width of "12." or "12)" at p, or 0. */
static size_t
number_mark(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && n < 9 && p[n] >= '0' && p[n] <= '9')
		n++;
	return n > 0 && p + n < end && (p[n] == '.' || p[n] == ')') ? n + 1 :
	    0;
}

/* The width of a list mark at p, 0 when there is none. A paragraph is ended
 * only by a list that begins with 1 and has text. */
static unsigned
list_mark(bool paragraph, const char *p, const char *end)
{
	struct cursor after = { p, end, 0, 0 };
	size_t n = strchr("-+*", *p) != NULL ? 1 : number_mark(p, end);

	if (n == 0 || is_rule(p, end))
		return 0;
	after.p += n;
	if (p + n < end && strchr(" \t\r", p[n]) == NULL)
		return 0;
	if (paragraph && (is_blank_rest(&after) || (n > 1 && (n != 2 ||
	    *p != '1'))))
		return 0;
	return (unsigned)n;
}

static bool
push(struct line_state *s, bool quote, unsigned indent)
{
	if (s->nopen == LINE_CONTAINERS_MAX)
		return false;
	s->open[s->nopen].quote = quote;
	s->open[s->nopen++].indent = indent;
	s->paragraph = false;
	return true;
}

/* Opens one more container at the cursor. */
static bool
open_container(struct line_state *s, struct cursor *c, unsigned matched)
{
	unsigned indent = indent_of(c), width, after;
	bool paragraph = s->paragraph && matched >= s->nopen;
	struct cursor at = *c;

	if (indent > 3)
		return false;
	if (eat_quote(c)) {
		s->nopen = matched < s->nopen ? matched : s->nopen;
		return push(s, true, 0);
	}
	eat(&at, indent);
	if (at.p == at.end || (width = list_mark(paragraph, at.p, at.end)) == 0)
		return false;
	at.p += width;
	at.col += width;
	after = is_blank_rest(&at) || indent_of(&at) > 4 ? 1 : indent_of(&at);
	eat(&at, after);
	*c = at;
	s->nopen = matched < s->nopen ? matched : s->nopen;
	return push(s, false, indent + width + after);
}

static size_t
fence_run(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && p[n] == *p)
		n++;
	return n;
}

static bool
opens_fence(struct line_state *s, const char *p, const char *end)
{
	size_t n = fence_run(p, end);

	if ((*p != '`' && *p != '~') || n < 3 || (*p == '`' &&
	    memchr(p + n, '`', (size_t)(end - p) - n) != NULL))
		return false;
	s->fence = *p;
	s->fence_len = n;
	s->leaf_depth = s->nopen;
	s->paragraph = false;
	return true;
}

static bool
closes_fence(const struct line_state *s, struct cursor *c)
{
	size_t n;

	if (indent_of(c) > 3)
		return false;
	eat(c, indent_of(c));
	if (c->p == c->end || *c->p != s->fence)
		return false;
	n = fence_run(c->p, c->end);
	c->p += n;
	return n >= s->fence_len && is_blank_rest(c);
}

static bool
has_text(const char *p, const char *end, const char *text)
{
	size_t n = strlen(text);

	for (; p + n <= end; p++)
		if (strncasecmp(p, text, n) == 0)
			return true;
	return false;
}

/* What ends the raw HTML that begins at p (4.6), or NULL. */
static const char *
html_end(const char *p, const char *end)
{
	static const char *const verbatim[][2] = {
		{ "<pre", "</pre>" }, { "<script", "</script>" },
		{ "<style", "</style>" }, { "<textarea", "</textarea>" }
	};
	char name[16];
	size_t i, n = 0;

	if (end - p >= 4 && strncmp(p, "<!--", 4) == 0)
		return "-->";
	for (i = 0; i < 4; i++)
		if ((size_t)(end - p) >= strlen(verbatim[i][0]) &&
		    strncasecmp(p, verbatim[i][0],
		    strlen(verbatim[i][0])) == 0)
			return verbatim[i][1];
	p += 1 + (end - p > 1 && p[1] == '/');
	while (p + n < end && n < 15 && (p[n] | 0x20) >= '0' &&
	    (p[n] | 0x20) <= 'z' && p[n] != '>' && p[n] != '/') {
		name[n] = (char)(p[n] | 0x20);
		n++;
	}
	name[n] = '\0';
	return shortcode_among("address|article|aside|blockquote|body|center|"
	    "dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|"
	    "footer|form|h1|h2|h3|h4|h5|h6|head|header|hr|html|iframe|li|"
	    "link|main|menu|nav|ol|p|section|summary|table|tbody|td|tfoot|th|"
	    "thead|tr|ul|video|audio", name) ? "" : NULL;
}

static enum line_kind
html_kind(const struct line_state *s)
{
	return s->html_end[0] == '\0' ? LINE_HTML : LINE_CODE;
}

/* The line of a fence or of raw HTML that is open, else false. */
static bool
in_leaf(struct line_state *s, struct cursor *c, unsigned matched,
    enum line_kind *kind)
{
	if (matched < s->leaf_depth || (s->fence == '\0' &&
	    s->html_end == NULL)) {
		s->fence = '\0';
		s->html_end = NULL;
		return false;
	}
	if (s->fence != '\0') {
		*kind = LINE_CODE;
		if (closes_fence(s, c))
			s->fence = '\0';
		return true;
	}
	*kind = html_kind(s);
	if (s->html_end[0] == '\0' ? is_blank_rest(c) :
	    has_text(c->p, c->end, s->html_end))
		s->html_end = NULL;
	return true;
}

/* A line of text, a heading, or the first line of code or HTML. */
static enum line_kind
leaf(struct line_state *s, struct cursor *c)
{
	const char *html;

	if (indent_of(c) > 3) {
		return s->paragraph ? LINE_TEXT : LINE_CODE;
	}
	eat(c, indent_of(c));
	if (c->p == c->end || is_blank_rest(c))
		return LINE_TEXT;
	if (opens_fence(s, c->p, c->end))
		return LINE_CODE;
	html = *c->p == '<' ? html_end(c->p, c->end) : NULL;
	if (html != NULL) {
		s->html_end = html;
		s->leaf_depth = s->nopen;
		s->paragraph = false;
		if (html[0] != '\0' && has_text(c->p, c->end, html)) {
			s->html_end = NULL;
			return LINE_CODE;
		}
		return html_kind(s);
	}
	s->paragraph = *c->p != '#' && !is_rule(c->p, c->end);
	return *c->p == '#' ? LINE_HEADING : LINE_TEXT;
}

/* Whether text that lies outside of its containers still goes on with their
 * paragraph: nothing else begins there. */
static bool
is_lazy(const struct line_state *s, const struct cursor *c)
{
	struct line_state copy = *s;
	struct cursor at = *c;

	if (!s->paragraph)
		return false;
	return leaf(&copy, &at) == LINE_TEXT && copy.paragraph;
}

enum line_kind
shortcode_line(struct line_state *s, const char *line, size_t len)
{
	struct cursor c = { line, line + len, 0, 0 };
	unsigned matched = match(s, &c), opened = matched;
	enum line_kind kind;

	if (in_leaf(s, &c, matched, &kind))
		return kind;
	if (is_blank_rest(&c)) {
		s->paragraph = false;
		while (s->nopen > matched)
			s->nopen--;
		return LINE_TEXT;
	}
	while (open_container(s, &c, opened))
		opened = s->nopen;
	if (opened == matched && matched < s->nopen) {
		if (is_lazy(s, &c))
			return LINE_TEXT;
		s->nopen = matched;
		s->paragraph = false;
	}
	return leaf(s, &c);
}
