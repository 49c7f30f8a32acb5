/*
 * Players of other sites that stand in a text as an <iframe>.
 */
#ifndef TEXT_HTML_EMBED_H
#define TEXT_HTML_EMBED_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends the page that an iframe of a known player shows: "https://
 * www.youtube.com/embed/x" → "https://www.youtube.com/watch?v=x". false, and
 * nothing appended, where none is known or it would say less. */
bool markup_embed_page(const char *src, struct buf *out);

#endif
