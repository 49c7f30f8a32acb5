/* The notes as plain text, their title, summary and topics. */
#include "text/markdown_int.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/html.h"
#include "text/utf8.h"

#define INDENT_MAX 48	/* columns; deeper nesting is not shifted further */

struct level {
	size_t prefix;		/* its length outside of this block */
	int number;		/* lists: of the next item; 0 bullets */
	bool tight;
};

struct writer {
	const struct markdown *m;
	struct buf *out;
	struct buf prefix;	/* of every line but the first of an item */
	struct buf marker;	/* of the next line, once; empty: prefix */
	struct buf line;	/* inline text of the block at hand */
	struct level level[MARKDOWN_DEPTH_MAX + 2];
	size_t depth;
	size_t width;
	const char **url;	/* footnotes */
	size_t nurls, cap;
	bool gap;		/* a blank line belongs before the next block */
};

static size_t
footnote(struct writer *w, const char *url)
{
	size_t i;

	for (i = 0; i < w->nurls; i++)
		if (strcmp(w->url[i], url) == 0)
			return i + 1;
	if (w->nurls == w->cap) {
		w->cap = w->cap == 0 ? 32 : w->cap * 2;
		w->url = xreallocarray(w->url, w->cap, sizeof(*w->url));
	}
	w->url[w->nurls++] = url;
	return w->nurls;
}

/* "text [3]", unless the text says it all. */
static void
end_link(struct writer *w, cmark_node *n, size_t begin)
{
	const char *url = cmark_node_get_url(n);
	const char *text = w->line.data + begin;

	if (url == NULL || url[0] == '\0' || url[0] == '#' ||
	    strcmp(text, url) == 0 || (strncmp(url, "mailto:", 7) == 0 &&
	    strcmp(text, url + 7) == 0))
		return;
	/* A link without words cannot be followed; an image can be seen. */
	if (text[strspn(text, " *")] == '\0') {
		if (cmark_node_get_type(n) == CMARK_NODE_LINK)
			return;
		buf_adds(&w->line, "image");
	}
	buf_addf(&w->line, " [%zu]", footnote(w, url));
}

/* The text of the inline nodes below n; a hard break is a LF. */
static void
inlines(struct writer *w, cmark_node *n)
{
	size_t begin[MARKDOWN_DEPTH_MAX + 2], depth = 0;
	cmark_iter *it = cmark_iter_new(n);
	cmark_event_type ev;

	buf_clear(&w->line);
	while ((ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *at = cmark_iter_get_node(it);
		cmark_node_type t = cmark_node_get_type(at);

		if (t == CMARK_NODE_LINK || t == CMARK_NODE_IMAGE) {
			if (ev == CMARK_EVENT_ENTER)
				begin[depth++] = w->line.len;
			else
				end_link(w, at, begin[--depth]);
		} else if (ev != CMARK_EVENT_ENTER) {
			continue;
		} else if (t == CMARK_NODE_TEXT || t == CMARK_NODE_CODE) {
			buf_adds(&w->line, cmark_node_get_literal(at));
		} else if (t == CMARK_NODE_SOFTBREAK) {
			buf_addc(&w->line, ' ');
		} else if (t == CMARK_NODE_LINEBREAK) {
			buf_addc(&w->line, '\n');
		} else if (t == CMARK_NODE_HTML_INLINE) {
			markdown_strip_tags(cmark_node_get_literal(at),
			    &w->line);
		}
	}
	cmark_iter_free(it);
}

static void
begin_line(struct writer *w)
{
	const struct buf *p = w->marker.len > 0 ? &w->marker : &w->prefix;

	buf_add(w->out, p->data, p->len);
	buf_clear(&w->marker);
}

static void
end_line(struct writer *w)
{
	size_t len = w->out->len;

	while (len > 0 && w->out->data[len - 1] == ' ')
		len--;
	buf_truncate(w->out, len);
	buf_addc(w->out, '\n');
}

static void
blank_line(struct writer *w)
{
	size_t len = w->prefix.len;

	if (w->out->len > 0) {
		while (len > 0 && w->prefix.data[len - 1] == ' ')
			len--;
		buf_add(w->out, w->prefix.data, len);
		buf_addc(w->out, '\n');
	}
}

/* Words of s, broken at the width; a longer word stands alone. */
static void
wrap(struct writer *w, const char *s, size_t len)
{
	size_t column = w->prefix.len, word, columns;
	const char *end = s + len;
	bool first = true;

	begin_line(w);
	while (s < end) {
		while (s < end && (*s == ' ' || *s == '\t'))
			s++;
		for (word = 0; s + word < end && s[word] != ' ' &&
		    s[word] != '\t'; word++)
			;
		if (word == 0)
			break;
		columns = utf8_width(s, word);
		if (!first && column + 1 + columns > w->width) {
			end_line(w);
			begin_line(w);
			column = w->prefix.len;
		} else if (!first) {
			buf_addc(w->out, ' ');
			column++;
		}
		buf_add(w->out, s, word);
		column += columns;
		s += word;
		first = false;
	}
	end_line(w);
}

static void
wrap_lines(struct writer *w)
{
	const char *s = w->line.data, *end;

	for (;; s = end + 1) {
		end = s + strcspn(s, "\n");
		wrap(w, s, (size_t)(end - s));
		if (*end == '\0')
			return;
	}
}

static void
before_block(struct writer *w, cmark_node *n)
{
	cmark_node *parent = cmark_node_parent(n);
	bool in_item = parent != NULL &&
	    cmark_node_get_type(parent) == CMARK_NODE_ITEM;
	bool tight = in_item && w->depth > 0 && w->level[w->depth - 1].tight;

	if (w->gap || (!tight && w->marker.len == 0))
		blank_line(w);
	else if (!tight && in_item && cmark_node_previous(parent) != NULL)
		blank_line(w);
	w->gap = false;
}

static void
underline(struct writer *w, char c)
{
	size_t n = utf8_width(w->line.data, w->line.len);

	if (n > w->width - w->prefix.len)
		n = w->width - w->prefix.len;
	begin_line(w);
	while (n-- > 0)
		buf_addc(w->out, c);
	buf_addc(w->out, '\n');
}

static void
heading(struct writer *w, cmark_node *n)
{
	int level = cmark_node_get_heading_level(n);

	before_block(w, n);
	inlines(w, n);
	wrap_lines(w);
	if (level <= 2)
		underline(w, level == 1 ? '=' : '-');
	w->gap = true;
}

static void
code(struct writer *w, cmark_node *n)
{
	const char *s = cmark_node_get_literal(n), *end;

	before_block(w, n);
	for (; *s != '\0'; s = *end != '\0' ? end + 1 : end) {
		end = s + strcspn(s, "\n");
		begin_line(w);
		buf_adds(w->out, "    ");
		buf_add(w->out, s, (size_t)(end - s));
		end_line(w);
	}
	w->gap = true;
}

static void
html(struct writer *w, cmark_node *n)
{
	buf_clear(&w->line);
	markdown_strip_tags(cmark_node_get_literal(n), &w->line);
	buf_rtrim(&w->line);
	if (w->line.len == 0)
		return;
	before_block(w, n);
	wrap_lines(w);
}

static void
push(struct writer *w, int number, bool tight)
{
	w->level[w->depth].prefix = w->prefix.len;
	w->level[w->depth].number = number;
	w->level[w->depth].tight = tight;
	w->depth++;
}

static void
open_list(struct writer *w, cmark_node *n)
{
	cmark_node *parent = cmark_node_parent(n);
	bool top = parent == NULL ||
	    cmark_node_get_type(parent) != CMARK_NODE_ITEM;

	push(w, cmark_node_get_list_type(n) == CMARK_ORDERED_LIST ?
	    cmark_node_get_list_start(n) : -1,
	    cmark_node_get_list_tight(n) != 0);
	if (top && w->marker.len == 0)
		w->gap = true;
}

static void
open_item(struct writer *w)
{
	struct level *list = &w->level[w->depth - 1];
	char text[24] = "- ";
	size_t i;

	if (list->number >= 0)
		snprintf(text, sizeof(text), "%d. ", list->number++);
	/* A list that begins an item stands on its line: "- - a". */
	if (w->marker.len == 0)
		buf_add(&w->marker, w->prefix.data, w->prefix.len);
	buf_adds(&w->marker, text);
	push(w, -1, list->tight);
	if (w->prefix.len < INDENT_MAX)
		for (i = 0; text[i] != '\0'; i++)
			buf_addc(&w->prefix, ' ');
}

static void
enter(struct writer *w, cmark_node *n)
{
	switch (cmark_node_get_type(n)) {
	case CMARK_NODE_LIST:
		open_list(w, n);
		break;
	case CMARK_NODE_ITEM:
		open_item(w);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		before_block(w, n);
		push(w, -1, false);
		if (w->marker.len > 0)
			buf_adds(&w->marker, "> ");
		buf_adds(&w->prefix, "> ");
		if (w->marker.len == 0)
			buf_add(&w->marker, w->prefix.data, w->prefix.len);
		break;
	case CMARK_NODE_PARAGRAPH:
		before_block(w, n);
		inlines(w, n);
		wrap_lines(w);
		break;
	case CMARK_NODE_HEADING:
		heading(w, n);
		break;
	case CMARK_NODE_CODE_BLOCK:
		code(w, n);
		break;
	case CMARK_NODE_HTML_BLOCK:
		html(w, n);
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		before_block(w, n);
		begin_line(w);
		buf_adds(w->out, "* * *\n");
		break;
	default:
		break;
	}
}

static void
leave(struct writer *w, cmark_node *n)
{
	cmark_node_type t = cmark_node_get_type(n);

	if (t != CMARK_NODE_LIST && t != CMARK_NODE_ITEM &&
	    t != CMARK_NODE_BLOCK_QUOTE)
		return;
	/* An item without content still shows. */
	if (t == CMARK_NODE_ITEM && w->marker.len > 0) {
		begin_line(w);
		end_line(w);
	}
	buf_clear(&w->marker);
	w->depth--;
	buf_truncate(&w->prefix, w->level[w->depth].prefix);
	if (t != CMARK_NODE_ITEM && (w->depth == 0 ||
	    t == CMARK_NODE_BLOCK_QUOTE))
		w->gap = true;
}

static void
write_footnotes(struct writer *w)
{
	size_t i;

	if (w->nurls > 0)
		buf_addc(w->out, '\n');
	for (i = 0; i < w->nurls; i++)
		buf_addf(w->out, "[%zu] %s\n", i + 1, w->url[i]);
}

int
markdown_text(const struct markdown *m, size_t width, struct buf *out,
    struct err *err)
{
	struct writer *w = xcalloc(1, sizeof(*w));
	cmark_iter *it;
	cmark_event_type ev;

	w->m = m;
	w->out = out;
	w->width = width;
	buf_init(&w->prefix, 0);
	buf_init(&w->marker, 0);
	buf_init(&w->line, 0);
	markdown_mem((struct markdown *)(uintptr_t)m);
	it = cmark_iter_new(m->root);
	while ((ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		if (ev == CMARK_EVENT_ENTER)
			enter(w, cmark_iter_get_node(it));
		else
			leave(w, cmark_iter_get_node(it));
	}
	cmark_iter_free(it);
	write_footnotes(w);
	free(w->url);
	buf_release(&w->prefix);
	buf_release(&w->marker);
	buf_release(&w->line);
	free(w);
	return buf_check(out, "the notes' text", err);
}

static size_t
entity(const char *s, struct buf *out)
{
	static const char *const known[][2] = {
		{ "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" },
		{ "&quot;", "\"" }, { "&#39;", "'" }, { "&nbsp;", " " }
	};
	size_t i, len;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		len = strlen(known[i][0]);
		if (strncmp(s, known[i][0], len) == 0) {
			buf_adds(out, known[i][1]);
			return len;
		}
	}
	buf_addc(out, '&');
	return 1;
}

/* The length of a tag or comment at s; 0 when it is none. What nobody should
 * see goes with its tag. */
static size_t
tag_length(const char *s)
{
	static const char *const silent[] = { "script", "style" };
	const char *end, *tag = s;
	size_t i, n;

	if (strncmp(s, "<!--", 4) == 0) {
		end = strstr(s, "-->");
		return end != NULL ? (size_t)(end + 3 - s) : strlen(s);
	}
	for (i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		n = strlen(silent[i]);
		if (strncasecmp(s + 1, silent[i], n) == 0 &&
		    !isalnum((unsigned char)s[1 + n]))
			for (tag = strstr(s, "</"); tag != NULL &&
			    strncasecmp(tag + 2, silent[i], n) != 0;
			    tag = strstr(tag + 2, "</"))
				;
	}
	if (tag == NULL)
		return strlen(s);
	if (tag[1] != '!' && tag[1] != '?' && !markup_is_tag(tag))
		return 0;
	end = strchr(tag, '>');
	return end != NULL ? (size_t)(end + 1 - s) : 0;
}

void
markdown_strip_tags(const char *s, struct buf *out)
{
	size_t n;

	while (*s != '\0') {
		if (*s == '<' && (n = tag_length(s)) > 0) {
			if (strncasecmp(s, "<br", 3) == 0)
				buf_addc(out, '\n');
			s += n;
		} else if (*s == '&') {
			s += entity(s, out);
		} else {
			buf_addc(out, *s == '\n' || *s == '\t' ? ' ' : *s);
			s++;
		}
	}
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
		if (cmark_node_get_type(n) == CMARK_NODE_PARAGRAPH)
			markdown_plain(n, &text);
	buf_rtrim(&text);
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

static const char *
plain_text(const cmark_node *n, struct arena *a)
{
	struct buf text;
	const char *out;

	buf_init(&text, 0);
	markdown_plain(n, &text);
	buf_rtrim(&text);
	out = arena_strdup(a, text.data);
	buf_release(&text);
	return out;
}

const char *
markdown_title(const struct markdown *m, struct arena *a)
{
	const char *text;
	cmark_node *n;

	markdown_mem((struct markdown *)(uintptr_t)m);
	for (n = cmark_node_first_child(m->root); n != NULL;
	    n = cmark_node_next(n)) {
		if (cmark_node_get_type(n) != CMARK_NODE_HEADING ||
		    cmark_node_get_heading_level(n) != 1)
			continue;
		text = plain_text(n, a);
		return text[0] != '\0' ? text : NULL;
	}
	return NULL;
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
	const char *text;
	cmark_node *n;
	int level;

	markdown_mem((struct markdown *)(uintptr_t)m);
	for (n = cmark_node_first_child(m->root); n != NULL;
	    n = cmark_node_next(n)) {
		t = cmark_node_get_type(n);
		if (t != CMARK_NODE_PARAGRAPH && t != CMARK_NODE_HEADING)
			continue;
		level = cmark_node_get_heading_level(n);
		text = plain_text(n, a);
		if (is_numbered(text))
			node_set_text(a, node_push(numbered, node_map(a)),
			    "text", text);
		else if (t == CMARK_NODE_HEADING && level >= 2 && level <= 3)
			node_set_text(a, node_push(headings, node_map(a)),
			    "text", text);
	}
	return numbered->count > 0 ? numbered : headings;
}
