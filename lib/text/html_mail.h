/*
 * Notes as a mail can carry them.
 */
#ifndef TEXT_HTML_MAIL_H
#define TEXT_HTML_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define MARKUP_MAIL_WIDTH 536	/* pixels that there is room for */

/* Appends a fragment that markup_clean() or Markdown made, for a place below
 * headings of its own, in at most max bytes:
 * - The topmost heading is an <hLEVEL>, and no level is left out on the way
 *   down.
 * - An address is absolute: http, https, ftp, mailto or tel. A link without one
 *   is its words. A picture whose address is not http or https is the text that
 *   stands for it; one without such a text has alt="".
 * - A picture or table that says it is wider than MARKUP_MAIL_WIDTH says that
 *   instead.
 * - class and id go: they are those of the page, and in a mail they would be
 *   the template's.
 * - It is cut behind a block, an item of a list or a row of a table, but not
 *   behind a heading; what is open there is closed. *cut: it is not all.
 *   Nothing comes out where the first block does not fit.
 * What this made stays as it is when it is read again, with as much room.
 * ERR_INPUT as for markup_clean(). */
int markup_mail(const char *html, size_t len, int level, size_t max,
    struct buf *out, bool *cut, struct err *err);

#endif
