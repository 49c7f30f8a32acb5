#include "text/markdown_int.h"

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/html.h"
#include "text/html_markdown.h"
#include "text/utf8.h"
#include "text/xml.h"

/*
 * A quarter of cmark's time is malloc and free. Its memory comes from the
 * document's arena instead and goes with it; since its callbacks take no
 * context, the arena in use is a variable of the thread.
 */
static _Thread_local struct arena *memory;

/*
 * A node has some 160 bytes, and a single byte of text can make one. cmark
 * cannot be told that there is no more: one jumps out of it, which leaks
 * nothing, since the arena has all.
 */
static _Thread_local jmp_buf *too_large;	/* NULL: no ceiling */

#define MEMORY_MAX ((size_t)128 << 20)
#define HEADER _Alignof(max_align_t)

static void
check_memory(void)
{
	if (too_large != NULL && memory->used > MEMORY_MAX)
		longjmp(*too_large, 1);
}

static void *
take(size_t count, size_t size)
{
	char *p;

	if (size != 0 && count > SIZE_MAX / 2 / size)
		abort();
	check_memory();
	p = arena_alloc(memory, HEADER + count * size);
	*(size_t *)(void *)p = count * size;
	return p + HEADER;
}

static void *
grow(void *old, size_t size)
{
	size_t had;
	char *p;

	if (old == NULL)
		return take(1, size);
	memcpy(&had, (char *)old - HEADER, sizeof(had));
	if (size <= had)
		return old;
	check_memory();
	p = arena_grow(memory, (char *)old - HEADER, HEADER + had,
	    HEADER + size);
	*(size_t *)(void *)p = size;
	return p + HEADER;
}

static void
drop(void *p)
{
	(void)p;
}

static cmark_mem mem = { take, grow, drop };

cmark_mem *
markdown_mem(struct markdown *m)
{
	memory = &m->arena;
	return &mem;
}

/* What ends an address but is no ASCII: blanks, quotation marks, and the
 * punctuation of scripts that put no blank between a word and it. Letters and
 * dashes of all scripts do stand in addresses. */
static bool
ends_url(const char *s)
{
	static const int32_t ends[][2] = {
		{ 0x00a0, 0x00a0 }, { 0x00ab, 0x00ab }, { 0x00bb, 0x00bb },
		{ 0x2000, 0x200b }, { 0x2018, 0x201f }, { 0x2026, 0x2029 },
		{ 0x202f, 0x202f }, { 0x2039, 0x203a }, { 0x3000, 0x3003 },
		{ 0x3008, 0x3011 }, { 0x3014, 0x301f }, { 0xff01, 0xff02 },
		{ 0xff07, 0xff09 }, { 0xff0c, 0xff0c }, { 0xff0e, 0xff0e },
		{ 0xff1a, 0xff1b }, { 0xff1f, 0xff1f }, { 0xff61, 0xff64 }
	};
	int32_t c;
	size_t i;

	utf8_next(s, strnlen(s, 4), &c);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (c >= ends[i][0] && c <= ends[i][1])
			return true;
	return false;
}

/* Trailing punctuation is the sentence's; a ")" that was not opened too. */
static size_t
url_length(const char *s)
{
	size_t n = 0, open = 0, close = 0, i;

	while (s[n] != '\0' && strchr(" \t\r\n<>\"`", s[n]) == NULL &&
	    ((unsigned char)s[n] < 0xc2 || !ends_url(s + n)))
		n++;

	for (i = 0; i < n; i++) {
		open += s[i] == '(';
		close += s[i] == ')';
	}
	while (n > 0) {
		if (strchr(".,;:!?'*_", s[n - 1]) != NULL) {
			n--;
		} else if (s[n - 1] == ')' && close > open) {
			close--;
			n--;
		} else {
			break;
		}
	}
	return n;
}

static const char *
find_url(const char *s)
{
	const char *p;

	for (p = s; (p = strcasestr(p, "http")) != NULL; p += 4)
		if ((strncasecmp(p, "http://", 7) == 0 &&
		    url_length(p) > 7) ||
		    (strncasecmp(p, "https://", 8) == 0 &&
		    url_length(p) > 8))
			return p;
	return NULL;
}

static void
insert_text(struct markdown *m, cmark_node *before, const char *s, size_t len)
{
	cmark_node *n;

	if (len == 0)
		return;
	n = cmark_node_new_with_mem(CMARK_NODE_TEXT, markdown_mem(m));
	cmark_node_set_literal(n, arena_strndup(&m->arena, s, len));
	cmark_node_insert_before(before, n);
}

/* Splits a text node at its bare addresses. */
static void
link_text(struct markdown *m, cmark_node *node)
{
	const char *s = arena_strdup(&m->arena, cmark_node_get_literal(node));
	const char *url;
	cmark_node *link, *label;
	size_t len;

	if (find_url(s) == NULL)
		return;
	while ((url = find_url(s)) != NULL) {
		insert_text(m, node, s, (size_t)(url - s));
		len = url_length(url);
		link = cmark_node_new_with_mem(CMARK_NODE_LINK,
		    markdown_mem(m));
		label = cmark_node_new_with_mem(CMARK_NODE_TEXT,
		    markdown_mem(m));
		cmark_node_set_literal(label,
		    arena_strndup(&m->arena, url, len));
		cmark_node_set_url(link, cmark_node_get_literal(label));
		cmark_node_append_child(link, label);
		cmark_node_insert_before(node, link);
		s = url + len;
	}
	cmark_node_set_literal(node, s);
}

/* What leads nowhere good is no link; its words stay. */
static void
unwrap(cmark_node *n)
{
	cmark_node *child;

	while ((child = cmark_node_first_child(n)) != NULL)
		cmark_node_insert_before(n, child);
	cmark_node_free(n);
}

static void
prepare_link(struct markdown *m, cmark_node *n, bool enter)
{
	const char *url;

	url = cmark_node_get_url(n);
	if (url == NULL || url[0] == '\0') {
		if (!enter)
			unwrap(n);	/* not to the page itself */
		return;
	}
	if (enter) {
		/* What leads nowhere is seen on the way out. */
		url = markup_address(&m->arena, &m->base, url);
		cmark_node_set_url(n, url != NULL ? url : "");
		return;
	}
	if (!markup_url_ok(url,
	    cmark_node_get_type(n) == CMARK_NODE_IMAGE))
		unwrap(n);
}

/* One walk: links, bare addresses, and whether there is raw HTML. */
static void
prepare(struct markdown *m)
{
	cmark_iter *it = cmark_iter_new(m->root);
	cmark_event_type ev;
	int in_link = 0;
	cmark_node *n;

	while ((ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		n = cmark_iter_get_node(it);
		switch (cmark_node_get_type(n)) {
		case CMARK_NODE_LINK:
			in_link += ev == CMARK_EVENT_ENTER ? 1 : -1;
			prepare_link(m, n, ev == CMARK_EVENT_ENTER);
			break;
		case CMARK_NODE_IMAGE:
			prepare_link(m, n, ev == CMARK_EVENT_ENTER);
			break;
		case CMARK_NODE_TEXT:
			if (in_link == 0)
				link_text(m, n);
			break;
		case CMARK_NODE_HTML_BLOCK:
		case CMARK_NODE_HTML_INLINE:
			m->raw = true;
			break;
		default:
			break;
		}
	}
	cmark_iter_free(it);
}

static bool
is_leaf_block(cmark_node_type t)
{
	return t == CMARK_NODE_CODE_BLOCK || t == CMARK_NODE_HTML_BLOCK ||
	    t == CMARK_NODE_THEMATIC_BREAK;
}

/* Iterative, since the nesting is the input's. */
static int
check_depth(cmark_node *root, struct err *err)
{
	cmark_iter *it = cmark_iter_new(root);
	int depth = 0, rc = 0;
	cmark_event_type ev;

	while (rc == 0 && (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *n = cmark_iter_get_node(it);
		cmark_node_type t = cmark_node_get_type(n);

		if (ev == CMARK_EVENT_EXIT)
			depth--;
		else if (!is_leaf_block(t) && t != CMARK_NODE_TEXT &&
		    t != CMARK_NODE_SOFTBREAK && t != CMARK_NODE_LINEBREAK &&
		    t != CMARK_NODE_CODE && t != CMARK_NODE_HTML_INLINE &&
		    ++depth > MARKDOWN_DEPTH_MAX)
			rc = err_set(err, ERR_INPUT, "the notes are nested "
			    "deeper than %d", MARKDOWN_DEPTH_MAX);
	}
	cmark_iter_free(it);
	return rc;
}

static int
parse(struct markdown *m, const char *text, size_t len, struct err *err)
{
	cmark_parser *p = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT,
	    markdown_mem(m));

	cmark_parser_feed(p, text, len);
	m->root = cmark_parser_finish(p);
	cmark_parser_free(p);
	if (check_depth(m->root, err) != 0)
		return -1;
	cmark_consolidate_text_nodes(m->root);
	prepare(m);
	return 0;
}

/* As parse(), within the ceiling. */
static int
parse_some(struct markdown *m, const char *text, size_t len, struct err *err)
{
	jmp_buf back;
	int rc;

	too_large = &back;
	if (setjmp(back) == 0)
		rc = parse(m, text, len, err);
	else
		rc = err_set(err, ERR_INPUT, "the notes need more than %zu "
		    "MiB of memory; make them smaller, or take out what is "
		    "repeated in them", MEMORY_MAX >> 20);
	too_large = NULL;
	return rc;
}

struct markdown *
markdown_parse(const char *text, size_t len, const struct markup_base *base,
    struct err *err)
{
	struct markdown *m;

	if (len > MARKDOWN_MAX) {
		err_set(err, ERR_INPUT, "the notes are larger than %zu bytes",
		    MARKDOWN_MAX);
		return NULL;
	}
	m = xcalloc(1, sizeof(*m));
	arena_init(&m->arena);
	if (base != NULL)
		m->base = (struct markup_base){
			arena_strdup(&m->arena, base->page),
			arena_strdup(&m->arena, base->site)
		};
	if (parse_some(m, text, len, err) != 0) {
		markdown_free(m);
		return NULL;
	}
	return m;
}

void
markdown_free(struct markdown *m)
{
	if (m == NULL)
		return;
	arena_release(&m->arena);
	free(m);
}

/* What XML cannot hold; cmark itself turns NUL into U+FFFD. */
static void
add_clean(struct buf *out, const char *s)
{
	const char *from = s;

	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 && *s != '\n' && *s != '\t') {
			buf_add(out, from, (size_t)(s - from));
			from = s + 1;
		}
	buf_add(out, from, (size_t)(s - from));
}

int
markdown_html(const struct markdown *m, struct buf *out, struct err *err)
{
	struct markdown *own = (struct markdown *)(uintptr_t)m;
	const char *html;

	markdown_mem(own);
	html = cmark_render_html(m->root,
	    m->raw ? CMARK_OPT_UNSAFE : CMARK_OPT_DEFAULT);
	if (m->raw)
		return markup_clean_with(html, strlen(html), &m->base,
		    MARKUP_EMBED_LINK, out, err);
	add_clean(out, html);
	return buf_check(out, "the notes' HTML", err);
}

struct markdown *
markdown_without_raw(const struct markdown *m, cmark_node *n, struct err *err)
{
	struct markdown *own = (struct markdown *)(uintptr_t)m, *out = NULL;
	struct buf text;
	const char *html;

	markdown_mem(own);
	html = cmark_render_html(n, CMARK_OPT_UNSAFE);
	buf_init(&text, 0);
	if (markup_to_markdown(html, strlen(html), &text, err) == 0)
		out = markdown_parse(text.data, text.len, &m->base, err);
	buf_release(&text);
	return out;
}
