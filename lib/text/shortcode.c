#include "text/shortcode_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SPOT_LOOKBACK 2048

void
walk_tell(struct walk *w, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (w->report == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	w->report(w->ctx, w->line, text);
}

static void
begin_line(struct walk *w)
{
	const char *nl = memchr(w->p, '\n', (size_t)(w->end - w->p));

	w->kind = shortcode_line(&w->lines, w->p,
	    (size_t)((nl != NULL ? nl : w->end) - w->p));
}

void
walk_skip(struct walk *w, const char *to)
{
	for (; w->p < to; w->p++)
		w->line += *w->p == '\n';
}

void
walk_copy(struct walk *w, const char *to)
{
	const char *nl;

	while (w->p < to) {
		nl = memchr(w->p, '\n', (size_t)(to - w->p));
		if (nl == NULL) {
			buf_add(w->out, w->p, (size_t)(to - w->p));
			w->p = to;
			return;
		}
		buf_add(w->out, w->p, (size_t)(nl + 1 - w->p));
		w->p = nl + 1;
		w->line++;
		if (w->p < w->end)
			begin_line(w);
	}
}

bool
walk_line_is_empty(const struct walk *w)
{
	const char *p = w->out->data + w->out->len, *from = w->out->data;
	size_t n, left = 512;	/* more than all marks can be */

	for (; p > from && p[-1] != '\n'; p--)
		if (left-- == 0)
			return false;
	n = strspn(p, " \t>");
	if (p[n] != '\0' && strchr("-+*", p[n]) != NULL && p[n + 1] == ' ')
		n += 2;
	else if (p[n] >= '0' && p[n] <= '9') {
		size_t digits = strspn(p + n, "0123456789");

		if (p[n + digits] == '.' || p[n + digits] == ')')
			n += digits + 1;
	}
	return p[n + strspn(p + n, " \t>")] == '\0';
}

/* Behind "](" and no blank. */
static bool
in_target(const char *from, const char *p)
{
	unsigned left = SPOT_LOOKBACK;

	for (; p - from >= 2 && left > 0; p--, left--) {
		if (p[-1] == '(' && p[-2] == ']')
			return true;
		if (strchr(" \t\n)", p[-1]) != NULL)
			return false;
	}
	return false;
}

/* Behind "<name …=". */
static bool
in_attribute(const char *from, const char *p)
{
	unsigned left = SPOT_LOOKBACK;

	for (; p > from && left > 0; p--, left--) {
		if (p[-1] == '>' || p[-1] == '\n')
			return false;
		if (p[-1] == '<')
			return ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') &&
			    strchr(p, '=') != NULL;
	}
	return false;
}

enum spot
walk_spot(const struct walk *w)
{
	const char *from = w->out->data, *p = from + w->out->len;

	if (in_target(from, p))
		return SPOT_TARGET;
	if (in_attribute(from, p))
		return SPOT_ATTRIBUTE;
	return w->kind == LINE_HTML ? SPOT_HTML : SPOT_TEXT;
}

/* The "[" that belongs to the "](" at `close`. */
static const char *
opening_bracket(const char *from, const char *close)
{
	unsigned depth = 0, left = SPOT_LOOKBACK;
	const char *p;

	for (p = close; p > from && left > 0; left--) {
		p--;
		if (p > from && p[-1] == '\\')
			continue;
		if (*p == ']')
			depth++;
		else if (*p == '[' && depth-- == 0)
			return p;
	}
	return NULL;
}

void
walk_unlink(struct walk *w, const char *name)
{
	char *from = w->out->data, *p = from + w->out->len;
	const char *open = NULL, *close;
	size_t at, label;

	while (p > from && !(p[0] == ']' && p[1] == '('))
		p--;
	if (p > from)
		open = opening_bracket(from, p);
	close = w->p;
	while (close < w->end && *close != ')' && *close != '\n' &&
	    close - w->p < SPOT_LOOKBACK)
		close++;
	walk_tell(w, "the address that `%s` stands for is not known here: "
	    "only the text of the link is kept", name);
	if (open == NULL || close == w->end || *close != ')')
		return;
	at = (size_t)(open - from);
	label = (size_t)(p - open - 1);
	if (at > 0 && from[at - 1] == '!') {
		memmove(from + at - 1, from + at + 1, label);
		at--;
	} else {
		memmove(from + at, from + at + 1, label);
	}
	buf_truncate(w->out, at + label);
	walk_skip(w, close + 1);
}

static const char *
find_text(const char *p, const char *end, const char *text)
{
	size_t n = strlen(text);

	for (; (size_t)(end - p) >= n; p++) {
		p = memchr(p, text[0], (size_t)(end - p) - n + 1);
		if (p == NULL)
			return NULL;
		if (strncasecmp(p, text, n) == 0)
			return p;
	}
	return NULL;
}

/* At "<": raw HTML whose content is not Markdown is copied as it stands. */
static void
take_html(struct walk *w)
{
	static const char *const pairs[][2] = {
		{ "<!--", "-->" }, { "<code", "</code>" }, { "<pre", "</pre>" },
		{ "<script", "</script>" }, { "<style", "</style>" },
		{ "<textarea", "</textarea>" }
	};
	const char *end;
	size_t i, n;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		n = strlen(pairs[i][0]);
		if ((size_t)(w->end - w->p) <= n || (w->no_end & 1u << i) ||
		    strncasecmp(w->p, pairs[i][0], n) != 0 ||
		    (i > 0 && strchr(" \t\n>", w->p[n]) == NULL))
			continue;
		end = find_text(w->p + n, w->end, pairs[i][1]);
		if (end != NULL) {
			walk_copy(w, end + strlen(pairs[i][1]));
			return;
		}
		w->no_end |= 1u << i;
	}
	walk_copy(w, w->p + 1);
}

static bool
is_list_mark(const char *p, const char *end)
{
	const char *from = p;

	if (end - p >= 2 && strchr("-+*", *p) != NULL)
		return p[1] == ' ';
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p > from && end - p >= 2 && (p[0] == '.' || p[0] == ')') &&
	    p[1] == ' ';
}

/* Whether a paragraph ends before the line at p. */
static bool
ends_paragraph(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	if (p == end || strchr("\n#>", *p) != NULL)
		return true;
	if (end - p >= 3 && (memcmp(p, "```", 3) == 0 ||
	    memcmp(p, "~~~", 3) == 0))
		return true;
	return is_list_mark(p, end);
}

/* At backticks: a code span is copied as it stands. */
static void
take_backticks(struct walk *w)
{
	const char *p = w->p, *from;
	size_t n = 0, m;

	while (p + n < w->end && p[n] == '`')
		n++;
	p += n;
	if (n > 32 || (w->no_run[n] != NULL && p <= w->no_run[n])) {
		walk_copy(w, p);
		return;
	}
	for (from = p; p < w->end; p += m > 0 ? m : 1) {
		if (*p == '\n' && ends_paragraph(p + 1, w->end))
			break;
		for (m = 0; p + m < w->end && p[m] == '`'; m++)
			;
		if (m == n) {
			walk_copy(w, p + m);
			return;
		}
	}
	w->no_run[n] = p;
	walk_copy(w, from);
}

static bool
starts(const struct walk *w, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(w->end - w->p) >= n && memcmp(w->p, text, n) == 0;
}

/* "{{{x}}}" is Mustache's, and text; or a shortcode stands in braces. */
static void
take_braces(struct walk *w)
{
	size_t n = 0;

	while (w->p + n < w->end && w->p[n] == '{')
		n++;
	if (w->p + n < w->end && strchr("<%", w->p[n]) != NULL)
		n -= 2;
	walk_copy(w, w->p + n);
}

static void
take_brace(struct walk *w)
{
	bool taken, at_start = walk_line_is_empty(w);

	if (starts(w, "{{{")) {
		take_braces(w);
		return;
	}
	if (starts(w, "{{<") || starts(w, "{{%") || starts(w, "{{/*"))
		taken = shortcode_hugo(w);
	else if (starts(w, "{{"))
		taken = shortcode_liquid_output(w);
	else if (starts(w, "{%"))
		taken = shortcode_liquid_tag(w);
	else
		taken = shortcode_attributes(w);
	if (!taken) {
		walk_copy(w, w->p + 1);
	} else if (at_start && walk_line_is_empty(w)) {
		/* What is left of the line must not become code. */
		while (w->p < w->end && (*w->p == ' ' || *w->p == '\t'))
			w->p++;
	}
}

static void
take_text(struct walk *w)
{
	switch (*w->p) {
	case '{':
		take_brace(w);
		break;
	case '<':
		if (!shortcode_component(w))
			take_html(w);
		break;
	case '`':
		if (w->kind == LINE_HTML)
			walk_copy(w, w->p + 1);
		else
			take_backticks(w);
		break;
	case '\\':
		walk_copy(w, w->p + (w->end - w->p > 1 && w->p[1] != '\n' ?
		    2 : 1));
		break;
	default:
		walk_copy(w, w->p + 1);
		break;
	}
}

static void
walk_line(struct walk *w)
{
	unsigned line = w->line;
	const char *p;

	if (w->kind == LINE_CODE) {
		p = memchr(w->p, '\n', (size_t)(w->end - w->p));
		walk_copy(w, p != NULL ? p + 1 : w->end);
		return;
	}
	while (w->p < w->end && w->line == line) {
		for (p = w->p; p < w->end && strchr("{<`\\\n", *p) == NULL;
		    p++)
			;
		walk_copy(w, p);
		if (p < w->end)
			take_text(w);
	}
}

/* Whether a tag may be a component's, or a line a module's. */
static bool
has_components(const char *text, size_t len)
{
	const char *p = text, *end = text + len;

	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL && ++p < end)
		if (*p >= 'A' && *p <= 'Z')
			return true;
	while (len > 0 && strchr(" \t\r\n", *text) != NULL) {
		text++;
		len--;
	}
	return len > 7 && memcmp(text, "import ", 7) == 0;
}

void
shortcode_expand(const char *text, size_t len, struct buf *out,
    shortcode_report *report, void *ctx)
{
	struct walk w = {
		.p = text, .end = text + len, .line = 1, .out = out,
		.report = report, .ctx = ctx, .arena = ARENA_INIT
	};

	if (memchr(text, '{', len) == NULL && !has_components(text, len)) {
		buf_add(out, text, len);
		return;
	}
	shortcode_imports(&w);
	if (w.p < w.end)
		begin_line(&w);
	while (w.p < w.end)
		walk_line(&w);
	arena_release(&w.arena);
}
