/*
 * What an HTML fragment says, apart from how: for comparing texts and for
 * plain one-line uses.
 */
#ifndef TEXT_HTML_SAYS_H
#define TEXT_HTML_SAYS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum markup_what {
	MARKUP_TEXT,	/* the visible text alone */
	MARKUP_ALL	/* with link targets "[href]" behind links that do not
			 * show them, image addresses "[src]", and those of
			 * iframe, audio, video, embed and object, with what
			 * stands in them; an iframe of a known player says
			 * its page's, as a link does that shows it */
};

/* Appends the visible text as one line: blanks folded, a blank where a block
 * or line ends. What markup_clean() takes out (script, forms, frames) says
 * nothing. Relative addresses are resolved against base_url (may be NULL).
 * ERR_INPUT for a fragment that markup_clean() refuses. */
int markup_says(const char *html, size_t len, const char *base_url,
    enum markup_what what, struct buf *out, struct err *err);

/* Tells each embedded element with an address or a content that
 * markup_to_markdown() leaves out; address "": it has none. ERR_INPUT as
 * markup_clean(). */
int markup_embeds(const char *html, size_t len,
    void (*tell)(void *ctx, const char *element, const char *address),
    void *ctx, struct err *err);

#endif
