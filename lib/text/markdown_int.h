/* Private to the Markdown files. */
#ifndef TEXT_MARKDOWN_INT_H
#define TEXT_MARKDOWN_INT_H

#include <stdbool.h>

#define CMARK_NO_SHORT_NAMES	/* they are NODE_TEXT and the like */
#include <cmark.h>

#include "base/mem.h"
#include "text/markdown.h"

struct markdown {
	cmark_node *root;
	const char *base;	/* in the arena; NULL */
	struct arena arena;	/* all of cmark's memory, and ours */
	bool raw;		/* there is raw HTML in it */
};

#define MARKDOWN_DEPTH_MAX 200

/* cmark's memory, taken from the document's arena. */
cmark_mem *markdown_mem(struct markdown *m);

/* Appends s without control characters; TAB and LF are blanks. */
void markdown_add_text(struct buf *out, const char *s, size_t len);

/*
 * Raw HTML as text: tags and comments gone, what markup_clean() drops gone
 * with its content, basic entities resolved, pseudo tags kept as they stand;
 * blocks, rows and <br> make lines, cells of a row are two WRAP_GLUE apart.
 * A state, since cmark gives the tags inside a paragraph one by one.
 */
struct markdown_raw {
	char silent[32];	/* until this element ends; empty: none */
	char line_end;		/* what makes a line */
	struct buf url;		/* of the open <a>; empty: none */
	size_t begin;		/* where its words begin in out */
	/* Called when the words of a link to url, which began at begin, or
	 * the alt text of an image, are in out. NULL: no links. */
	void (*link)(void *ctx, const char *url, size_t begin, bool image);
	void *ctx;
};

void markdown_raw_init(struct markdown_raw *r, char line_end);
void markdown_raw_begin(struct markdown_raw *r);	/* of each block */
void markdown_raw_text(struct markdown_raw *r, const char *html,
    struct buf *out);
void markdown_raw_release(struct markdown_raw *r);

#endif
