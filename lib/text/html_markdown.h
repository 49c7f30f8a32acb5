/*
 * HTML back into Markdown: what an old feed's notes say, in a form that a
 * person goes on writing in.
 */
#ifndef TEXT_HTML_MARKDOWN_H
#define TEXT_HTML_MARKDOWN_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * A fragment, cleaned as by markup_clean() (text/html.h), but for an iframe of
 * a known player, which becomes a link to its page, and written to out as
 * Markdown that markdown_html() renders to the same: paragraphs, breaks,
 * headings, lists, links, images, emphasis, code, quotes and rules as marks,
 * div and span as if they were not there. What Markdown has no mark for stays
 * as raw HTML: tables, definition lists, details and lists that do not count up
 * from 0 or more as a block on one line,
 * <sup>, <del> and their like where they stand. All other text is escaped
 * where a mark (or a shortcode, text/shortcode.h) could be seen in it; bare
 * addresses stay bare and relative links relative.
 *
 * A text without any tag is what it looks like: its line breaks are breaks,
 * its blank lines part paragraphs; entities are resolved here too.
 *
 * Valid UTF-8 in, as for markdown_parse(). ERR_INPUT when it is nested deeper
 * than 200 or out's ceiling is passed. Empty input gives empty output; else
 * LF line ends, one at the end.
 */
int markup_to_markdown(const char *html, size_t len, struct buf *out,
    struct err *err);

#endif
