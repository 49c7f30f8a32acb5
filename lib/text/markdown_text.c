/* The notes as plain text. */
#include "text/markdown_int.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/html_text.h"
#include "text/utf8.h"
#include "text/wrap.h"
#include "text/xml.h"

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
	struct arena urls;	/* those of raw HTML */
	size_t noted;		/* where the last "[3]" of the line ends */
	size_t notes;		/* bytes that they will have */
	size_t end;		/* the most that out may have */
	struct markdown_lines *lines;	/* NULL: it will not be cut */
	bool headed;		/* the last block was a heading */
	bool gap;		/* a blank line belongs before the next block */
	bool failed;		/* err says how */
	struct err *err;
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
	w->notes += strlen(url) + sizeof("[99999] \n");
	return w->nurls;
}

/* "text [3]", unless the text says it all; a link in Markdown or raw HTML
 * whose words, behind begin, are in the line. */
static void
end_link(void *ctx, const char *url, size_t begin, bool image)
{
	struct writer *w = ctx;
	const char *text = w->line.data + begin;

	if (url[0] == '\0' || url[0] == '#' ||
	    strncmp(url, "data:", 5) == 0 || strcmp(text, url) == 0 ||
	    (strncmp(url, "mailto:", 7) == 0 &&
	    strcmp(text, url + 7) == 0))
		return;
	if (text[strspn(text, " *")] == '\0') {
		if (!image)
			return;
		buf_adds(&w->line, "image");
	}
	buf_addf(&w->line, " [%zu]", footnote(w, url));
	w->noted = w->line.len;
}

/* The same of raw HTML, whose addresses go with it. */
static void
end_raw_link(void *ctx, const char *url, size_t begin, bool image)
{
	struct writer *w = ctx;

	end_link(w, arena_strdup(&w->urls, url), begin, image);
}

/* Whether a word of code is punctuation alone: "+", "*" or ".". */
static bool
is_punctuation(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (isalnum((unsigned char)word[i]) ||
		    (unsigned char)word[i] >= 0x80)
			return false;
	return true;
}

/* Code whose marks are gone and that would be read as the sentence's own: a
 * single letter, a first or last word that is punctuation, a last character
 * that ends sentences. */
static bool
wants_quotes(const char *code, size_t len)
{
	const char *space = memchr(code, ' ', len);
	size_t first = space != NULL ? (size_t)(space - code) : len;
	size_t last = len;

	while (last > 0 && code[last - 1] != ' ')
		last--;
	return len == 1 || strchr(".,:!?", code[len - 1]) != NULL ||
	    is_punctuation(code, first) ||
	    is_punctuation(code + last, len - last);
}

static void
code_span(struct writer *w, const char *code)
{
	size_t len = strlen(code), at;
	const char *quote = "";

	if (len > 0 && wants_quotes(code, len))
		quote = strchr(code, '"') == NULL ? "\"" : "'";
	buf_adds(&w->line, quote);
	at = w->line.len;
	wrap_add(&w->line, code, len);
	for (; at < w->line.len; at++)
		if (w->line.data[at] == ' ')
			w->line.data[at] = WRAP_GLUE;
	buf_adds(&w->line, quote);
}

static void
inline_node(struct writer *w, cmark_node *n)
{
	const char *literal = cmark_node_get_literal(n);
	struct buf words;

	switch (cmark_node_get_type(n)) {
	case CMARK_NODE_HTML_INLINE:
		/* Only what says nothing is left. */
		if (strncmp(literal, "<br", 3) == 0)
			buf_addc(&w->line, '\n');
		break;
	case CMARK_NODE_TEXT:
		/* "[1](2019)" would look like Markdown. */
		if (w->noted > 0 && w->noted == w->line.len &&
		    literal[0] == '(')
			buf_addc(&w->line, ' ');
		buf_init(&words, 0);
		markdown_add_words(&words, literal);
		wrap_add(&w->line, words.data, words.len);
		buf_release(&words);
		break;
	case CMARK_NODE_CODE:
		code_span(w, literal);
		break;
	case CMARK_NODE_SOFTBREAK:
		buf_addc(&w->line, ' ');
		break;
	case CMARK_NODE_LINEBREAK:
		buf_addc(&w->line, '\n');
		break;
	default:
		break;
	}
}

/* A link without words, which could not be followed; but for one whose address
 * stands right behind it. */
static bool
is_mute(const struct writer *w, cmark_node *link, size_t begin)
{
	cmark_node *next = cmark_node_next(link);
	const char *words = w->line.data + begin;
	const char *url = cmark_node_get_url(link);

	if (cmark_node_get_type(link) != CMARK_NODE_LINK ||
	    words[strspn(words, " *\n")] != '\0')
		return false;
	while (next != NULL && cmark_node_first_child(next) != NULL)
		next = cmark_node_first_child(next);
	return next == NULL || cmark_node_get_type(next) != CMARK_NODE_TEXT ||
	    strncmp(cmark_node_get_literal(next), url, strlen(url)) != 0;
}

/* The text of the inline nodes below n; a hard break is a LF. */
static void
inlines(struct writer *w, cmark_node *n)
{
	size_t begin[MARKDOWN_DEPTH_MAX + 2], depth = 0;
	cmark_iter *it = cmark_iter_new(n);
	cmark_event_type ev;

	buf_clear(&w->line);
	w->noted = 0;
	while ((ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *at = cmark_iter_get_node(it);
		cmark_node_type t = cmark_node_get_type(at);

		if (t != CMARK_NODE_LINK && t != CMARK_NODE_IMAGE) {
			if (ev == CMARK_EVENT_ENTER)
				inline_node(w, at);
		} else if (ev == CMARK_EVENT_ENTER) {
			begin[depth++] = w->line.len;
		} else {
			if (is_mute(w, at, begin[--depth])) {
				buf_truncate(&w->line, begin[depth]);
				buf_adds(&w->line, cmark_node_get_url(at));
			}
			end_link(w, cmark_node_get_url(at), begin[depth],
			    t == CMARK_NODE_IMAGE);
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

/* The lines of the block at hand. */
static void
wrap_lines(struct writer *w)
{
	const char *s = w->line.data, *end;

	for (;; s = end + 1) {
		end = s + strcspn(s, "\n");
		wrap_words(w->out, s, (size_t)(end - s), w->width,
		    w->marker.len > 0 ? w->marker.data : w->prefix.data,
		    w->prefix.data);
		buf_clear(&w->marker);
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

/* Tabs stay; other control characters could steer a terminal. */
static void
code_line(struct writer *w, const char *s, size_t len)
{
	size_t n;

	for (;; s += n + 1, len -= n + 1) {
		const char *tab = memchr(s, '\t', len);

		n = tab != NULL ? (size_t)(tab - s) : len;
		wrap_add(w->out, s, n);
		if (tab == NULL)
			return;
		buf_addc(w->out, '\t');
	}
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
		code_line(w, s, (size_t)(end - s));
		wrap_end_line(w->out);
	}
	w->gap = true;
}

static void
html(struct writer *w, cmark_node *n)
{
	const char *literal = cmark_node_get_literal(n);

	buf_clear(&w->line);
	if (markup_text(literal, strlen(literal), &w->m->base, end_raw_link, w,
	    &w->line, w->err) != 0)
		w->failed = true;
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
		wrap_end_line(w->out);
	}
	buf_clear(&w->marker);
	w->depth--;
	buf_truncate(&w->prefix, w->level[w->depth].prefix);
	if (t != CMARK_NODE_ITEM && (w->depth == 0 ||
	    t == CMARK_NODE_BLOCK_QUOTE))
		w->gap = true;
}

static void
add_place(struct writer *w)
{
	struct markdown_lines *l = w->lines;

	if (l->n > 0 && l->place[l->n - 1].len == w->out->len)
		return;
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 64 : l->cap * 2;
		l->place = xreallocarray(l->place, l->cap, sizeof(*l->place));
	}
	l->place[l->n++] = (struct markdown_place){ w->out->len, w->nurls };
}

/* Whether there is room for n, which is about to be written. Before a block,
 * unless a heading stands there, one may cut. */
static bool
is_room(struct writer *w, cmark_node *n)
{
	cmark_node_type t = cmark_node_get_type(n);

	if (w->out->len + w->notes > w->end)
		return false;
	if (t > CMARK_NODE_LAST_BLOCK)
		return true;
	if (!w->headed && w->lines != NULL)
		add_place(w);
	if (t != CMARK_NODE_LIST && t != CMARK_NODE_ITEM &&
	    t != CMARK_NODE_BLOCK_QUOTE)
		w->headed = t == CMARK_NODE_HEADING;
	return true;
}

static void
write_blocks(struct writer *w)
{
	cmark_iter *it = cmark_iter_new(w->m->root);
	cmark_event_type ev;
	bool cut = false;

	while (!cut && (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		if (ev != CMARK_EVENT_ENTER)
			leave(w, cmark_iter_get_node(it));
		else if (is_room(w, cmark_iter_get_node(it)))
			enter(w, cmark_iter_get_node(it));
		else
			cut = true;
	}
	cmark_iter_free(it);
	if (w->lines == NULL)
		return;
	w->lines->cut = cut || w->out->len + w->notes > w->end;
	if (!w->lines->cut)
		return;
	/* The first place is before all blocks. */
	buf_truncate(w->out, w->lines->place[w->lines->n - 1].len);
	w->nurls = w->lines->place[w->lines->n - 1].notes;
}

static void
write_footnotes(struct writer *w)
{
	size_t i;

	if (w->nurls > 0)
		buf_addc(w->out, '\n');
	for (i = 0; i < w->nurls; i++) {
		buf_addf(w->out, "[%zu] ", i + 1);
		wrap_add(w->out, w->url[i], strlen(w->url[i]));
		buf_addc(w->out, '\n');
	}
}

/* The text of a document in which raw HTML is as markdown_without_raw() leaves
 * it; lines may be NULL. */
static int
write_text(const struct markdown *m, size_t width, size_t max,
    struct buf *out, struct markdown_lines *lines, struct err *err)
{
	struct writer *w = xcalloc(1, sizeof(*w));
	bool failed;

	w->m = m;
	w->out = out;
	w->width = width;
	w->err = err;
	w->end = max;
	w->lines = lines;
	buf_init(&w->prefix, 0);
	buf_init(&w->marker, 0);
	buf_init(&w->line, 0);
	markdown_mem((struct markdown *)(uintptr_t)m);
	write_blocks(w);
	if (lines != NULL)
		lines->notes = out->len;
	write_footnotes(w);
	failed = w->failed;
	free(w->url);
	arena_release(&w->urls);
	buf_release(&w->prefix);
	buf_release(&w->marker);
	buf_release(&w->line);
	free(w);
	return failed ? -1 : buf_check(out, "the notes' text", err);
}

static int
text(const struct markdown *m, size_t width, size_t max, struct buf *out,
    struct markdown_lines *lines, struct err *err)
{
	struct markdown *clean;
	int rc;

	if (!m->raw)
		return write_text(m, width, max, out, lines, err);
	clean = markdown_without_raw(m, m->root, err);
	if (clean == NULL)
		return -1;
	rc = write_text(clean, width, max, out, lines, err);
	markdown_free(clean);
	return rc;
}

int
markdown_text(const struct markdown *m, size_t width, struct buf *out,
    struct err *err)
{
	return text(m, width, SIZE_MAX, out, NULL, err);
}

int
markdown_lines_open(const struct markdown *m, size_t width, size_t max,
    struct markdown_lines *out, struct err *err)
{
	memset(out, 0, sizeof(*out));
	buf_init(&out->text, 0);
	if (text(m, width, max, &out->text, out, err) == 0)
		return 0;
	markdown_lines_release(out);
	return -1;
}
