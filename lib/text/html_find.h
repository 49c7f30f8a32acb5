/*
 * Addresses as they stand in what people write: Markdown, HTML, front matter
 * and templates, for saying on which line one of them is.
 */
#ifndef TEXT_HTML_FIND_H
#define TEXT_HTML_FIND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

#define MARKUP_REFERENCE_MAX 2048	/* bytes of one */

/* What may be one. */
struct markup_reference {
	const char *at;		/* in the text, as written */
	size_t len;
	bool picture;		/* of ![…](…) or src= */
};

/* The next at or behind *p, which goes on; false: there is none. Words that
 * stand by themselves are among them; which of them are meant, the caller knows
 * by what it looks for. text is NUL-terminated, *p in it or its end. */
bool markup_find_reference(const char *text, const char **p,
    struct markup_reference *out);

/* A value as it is meant: without the entities that templates and Markdown
 * make. In the arena. */
char *markup_unescaped(struct arena *a, const char *s, size_t len);

#endif
