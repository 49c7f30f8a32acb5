/* What the notes say of themselves: title, summary and topics. */
#include "text/markdown_int.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "text/utf8.h"
#include "text/wrap.h"

/* What begins at start is of one line: blocks of raw HTML within it too. */
static void
add_inline(cmark_node *n, struct buf *out, size_t start)
{
	switch (cmark_node_get_type(n)) {
	case CMARK_NODE_TEXT:
		markdown_add_words(out, cmark_node_get_literal(n));
		break;
	case CMARK_NODE_CODE:
		buf_adds(out, cmark_node_get_literal(n));
		break;
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		buf_addc(out, ' ');
		break;
	case CMARK_NODE_HTML_INLINE:
		if (strncasecmp(cmark_node_get_literal(n), "<br", 3) == 0)
			buf_addc(out, ' ');
		break;
	case CMARK_NODE_PARAGRAPH:
	case CMARK_NODE_HEADING:
	case CMARK_NODE_CODE_BLOCK:
		if (out->len > start)
			buf_addc(out, ' ');
		break;
	default:
		break;
	}
}

/* Whether there is raw HTML below n. */
static bool
add_plain(cmark_node *n, struct buf *out)
{
	cmark_iter *it = cmark_iter_new(n);
	cmark_event_type ev;
	size_t start = out->len;
	bool raw = false;

	while ((ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *at = cmark_iter_get_node(it);

		raw = raw || cmark_node_get_type(at) ==
		    CMARK_NODE_HTML_INLINE;
		if (ev == CMARK_EVENT_ENTER)
			add_inline(at, out, start);
	}
	cmark_iter_free(it);
	return raw;
}

/* The inline content below n of m: marks gone, breaks blanks. Control
 * characters in it are to be seen: they do not survive in HTML. */
static void
plain(const struct markdown *m, cmark_node *n, struct buf *out)
{
	struct err ignored = ERR_INIT;
	struct markdown *clean;
	size_t start = out->len;

	markdown_mem((struct markdown *)(uintptr_t)m);
	if (add_plain(n, out) && !utf8_has_control(out->data + start,
	    out->len - start, false)) {
		clean = markdown_without_raw(m, n, &ignored);
		if (clean != NULL) {
			buf_truncate(out, start);
			add_plain(clean->root, out);
			markdown_free(clean);
		}
		markdown_mem((struct markdown *)(uintptr_t)m);
	}
	buf_rtrim(out);
}

/* As plain(), on one line and without control characters. */
static void
plain_line(const struct markdown *m, cmark_node *n, struct buf *out)
{
	struct buf text;

	buf_init(&text, 0);
	plain(m, n, &text);
	wrap_add(out, text.data, text.len);
	buf_release(&text);
}

/* Whether a link shows only where it leads. */
static bool
is_bare(cmark_node *link)
{
	const char *url = cmark_node_get_url(link), *label;
	cmark_node *c = cmark_node_first_child(link);
	size_t len, all;

	if (c == NULL || c != cmark_node_last_child(link) ||
	    cmark_node_get_type(c) != CMARK_NODE_TEXT || url == NULL)
		return false;
	label = cmark_node_get_literal(c);
	len = strlen(label);
	all = strlen(url);
	return len > 0 && len <= all && all - len <= strlen("https://") &&
	    strcmp(url + all - len, label) == 0;
}

static bool
is_words(const char *s)
{
	for (; *s != '\0'; s++)
		if (isalnum((unsigned char)*s) || (unsigned char)*s >= 0x80)
			return true;
	return false;
}

/* Whether there is more in a paragraph than pictures and bare addresses. */
static bool
has_words(cmark_node *paragraph)
{
	cmark_iter *it = cmark_iter_new(paragraph);
	cmark_event_type ev;
	unsigned within = 0;
	bool found = false;

	while (!found && (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *n = cmark_iter_get_node(it);
		cmark_node_type t = cmark_node_get_type(n);

		if (t == CMARK_NODE_IMAGE || (t == CMARK_NODE_LINK &&
		    is_bare(n)))
			within += ev == CMARK_EVENT_ENTER ? 1 : -1u;
		else if (t == CMARK_NODE_TEXT || t == CMARK_NODE_CODE)
			found = within == 0 && is_words(
			    cmark_node_get_literal(n));
	}
	cmark_iter_free(it);
	return found;
}

int
markdown_summary(const struct markdown *m, size_t max, struct buf *out,
    struct err *err)
{
	cmark_node *n;
	struct buf text;
	size_t len;

	buf_init(&text, 0);
	markdown_mem((struct markdown *)(uintptr_t)m);
	for (n = cmark_node_first_child(m->root); n != NULL && text.len == 0;
	    n = cmark_node_next(n))
		if (cmark_node_get_type(n) == CMARK_NODE_PARAGRAPH &&
		    has_words(n))
			plain_line(m, n, &text);
	if (text.len <= max) {
		buf_add(out, text.data, text.len);
	} else {
		len = utf8_prefix(text.data, text.len, max - 3);
		while (len > 0 && text.data[len] != ' ')
			len--;
		if (len == 0)
			len = utf8_prefix(text.data, text.len, max - 3);
		buf_add(out, text.data, len);
		buf_rtrim(out);
		buf_adds(out, "\xe2\x80\xa6");
	}
	buf_release(&text);
	return buf_check(out, "the summary", err);
}

static bool
is_title(cmark_node *n)
{
	return cmark_node_get_type(n) == CMARK_NODE_HEADING &&
	    cmark_node_get_heading_level(n) == 1;
}

const char *
markdown_title(const struct markdown *m, struct arena *a, unsigned *line)
{
	const char *title = NULL;
	struct buf text;
	cmark_node *n;

	markdown_mem((struct markdown *)(uintptr_t)m);
	n = cmark_node_first_child(m->root);
	while (n != NULL && !is_title(n))
		n = cmark_node_next(n);
	if (n == NULL)
		return NULL;
	buf_init(&text, 0);
	plain(m, n, &text);
	if (text.len > 0)
		title = arena_strdup(a, text.data);
	*line = (unsigned)cmark_node_get_start_line(n);
	buf_release(&text);
	return title;
}

void
markdown_drop_title(struct markdown *m, const char *title)
{
	cmark_node *n = cmark_node_first_child(m->root);
	struct buf text;

	if (n == NULL || !is_title(n))
		return;
	markdown_mem(m);
	buf_init(&text, 0);
	plain(m, n, &text);
	if (strcmp(text.data, title) == 0)
		cmark_node_free(n);
	buf_release(&text);
}

/* "Ada #1: …" or "#1: …": at most three words before the number. */
static bool
is_numbered(const char *s)
{
	const char *p = strchr(s, '#'), *q;
	size_t words = 0;

	if (p == NULL || !isdigit((unsigned char)p[1]))
		return false;
	for (q = s; q < p; q++)
		words += *q == ' ';
	for (q = p + 1; isdigit((unsigned char)*q); q++)
		;
	return words <= 3 && p - s <= 40 && *q == ':';
}

struct node *
markdown_topics(const struct markdown *m, struct arena *a)
{
	struct node *numbered = node_list(a), *headings = node_list(a);
	cmark_node_type t;
	struct buf text;
	cmark_node *n;
	int level;

	markdown_mem((struct markdown *)(uintptr_t)m);
	buf_init(&text, 0);
	for (n = cmark_node_first_child(m->root); n != NULL;
	    n = cmark_node_next(n)) {
		t = cmark_node_get_type(n);
		if (t != CMARK_NODE_PARAGRAPH && t != CMARK_NODE_HEADING)
			continue;
		level = cmark_node_get_heading_level(n);
		buf_clear(&text);
		plain_line(m, n, &text);
		if (is_numbered(text.data))
			node_set_text(a, node_push(numbered, node_map(a)),
			    "text", text.data);
		else if (t == CMARK_NODE_HEADING && level >= 2 && level <= 3)
			node_set_text(a, node_push(headings, node_map(a)),
			    "text", text.data);
	}
	buf_release(&text);
	return numbered->count > 0 ? numbered : headings;
}
