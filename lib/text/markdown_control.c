#include <stdlib.h>
#include <string.h>

#include "text/markdown_int.h"
#include "text/utf8.h"

static bool
find(const char *s, size_t len, int32_t *c)
{
	size_t at = utf8_control_at(s, len, true);

	if (at < len)
		utf8_next(s + at, len - at, c);
	return at < len;
}

/* A CR is the end of a line, alone or with its LF. */
static unsigned
find_raw(const char *text, size_t len, int32_t *c)
{
	unsigned line = 1;
	size_t from, n;

	for (from = 0; from < len; from += n + 1) {
		for (n = 0; from + n < len && text[from + n] != '\r' &&
		    text[from + n] != '\n'; n++)
			continue;
		if (find(text + from, n, c))
			return line;
		/* The LF behind a CR is an empty line of its own here. */
		line += from + n + 1 >= len || text[from + n] != '\r' ||
		    text[from + n + 1] != '\n';
	}
	return 0;
}

/* References stay what they are in raw HTML; HTML's parser resolves them. */
static bool
find_reference(const char *html, int32_t *c)
{
	const char *p, *digits;
	unsigned long value;
	bool hex;

	for (p = html; (p = strstr(p, "&#")) != NULL; p += 2) {
		hex = p[2] == 'x' || p[2] == 'X';
		digits = p + (hex ? 3 : 2);
		if (strspn(digits, hex ? "0123456789abcdefABCDEF" :
		    "0123456789") == 0)
			continue;
		value = strtoul(digits, NULL, hex ? 16 : 10);
		if ((value < 0x20 && value != '\t' && value != '\n') ||
		    (value >= 0x7f && value < 0xa0)) {
			*c = (int32_t)value;
			return true;
		}
	}
	return false;
}

static bool
has(const char *s, int32_t *c)
{
	return s != NULL && find(s, strlen(s), c);
}

static bool
find_made(cmark_node *n, int32_t *c)
{
	switch (cmark_node_get_type(n)) {
	case CMARK_NODE_TEXT:
		return has(cmark_node_get_literal(n), c);
	case CMARK_NODE_CODE_BLOCK:
		return has(cmark_node_get_fence_info(n), c);
	case CMARK_NODE_HTML_BLOCK:
	case CMARK_NODE_HTML_INLINE:
		return find_reference(cmark_node_get_literal(n), c);
	case CMARK_NODE_LINK:
	case CMARK_NODE_IMAGE:
		return has(cmark_node_get_url(n), c) ||
		    has(cmark_node_get_title(n), c);
	default:
		return false;
	}
}

unsigned
markdown_control(const struct markdown *m, const char *text, size_t len,
    int32_t *character)
{
	unsigned line = find_raw(text, len, character);
	cmark_iter *it;
	cmark_event_type ev;

	if (line > 0)
		return line;
	it = cmark_iter_new(m->root);
	while (line == 0 && (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *n = cmark_iter_get_node(it);

		if (ev != CMARK_EVENT_ENTER || !find_made(n, character))
			continue;
		/* What was split off has no line. */
		while (n != NULL && cmark_node_get_start_line(n) <= 0)
			n = cmark_node_parent(n);
		line = n != NULL ? (unsigned)cmark_node_get_start_line(n) : 1;
	}
	cmark_iter_free(it);
	return line;
}
