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
	struct markup_base base;	/* in the arena */
	struct arena arena;	/* all of cmark's memory, and ours */
	bool raw;		/* there is raw HTML in it */
};

#define MARKDOWN_DEPTH_MAX 200

/* cmark's memory, taken from the document's arena. */
cmark_mem *markdown_mem(struct markdown *m);

/* The text of a node for plain text: without marks of Markdown that mark
 * nothing ("****", "[words](not an address)"). */
void markdown_add_words(struct buf *out, const char *text);

/* What n of m says, without raw HTML: the tree that markup_clean() makes of
 * its HTML, as Markdown (text/html_markdown.h). Raw is then only what Markdown
 * has no mark for: tables and their like as blocks, and within lines tags that
 * a text can do without. A document of its own; NULL when markup_clean()
 * refuses, or when it is too large. */
struct markdown *markdown_without_raw(const struct markdown *m, cmark_node *n,
    struct err *err);

#endif
