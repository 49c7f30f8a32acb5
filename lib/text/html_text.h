/*
 * An HTML fragment as lines of plain text.
 */
#ifndef TEXT_HTML_TEXT_H
#define TEXT_HTML_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/html.h"

/* Called when the words of a link to url, which began at begin, or the alt
 * text of an image are in out; it may add to out. */
typedef void markup_link(void *ctx, const char *url, size_t begin, bool image);

/* Appends the visible text of a fragment, cleaned as by markup_clean(): blocks,
 * rows and <br> make lines (LF between them), an item begins with "- ", cells
 * of a row are two WRAP_GLUE (text/wrap.h) apart. No control characters.
 * Relative addresses are resolved against base (may be NULL). ERR_INPUT
 * for a fragment that markup_clean() refuses. */
int markup_text(const char *html, size_t len, const struct markup_base *base,
    markup_link *link, void *ctx, struct buf *out, struct err *err);

#endif
