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

/* The plain text of the inline content below n: marks gone, breaks blanks. */
void markdown_plain(const cmark_node *n, struct buf *out);

/* Raw HTML as text: tags and comments gone, basic entities resolved, pseudo
 * tags kept as they stand. */
void markdown_strip_tags(const char *html, struct buf *out);

#endif
