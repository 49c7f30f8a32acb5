/*
 * HTML fragments by libxml2 (whose own names begin with html and xml; ours
 * here with markup_).
 */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* Text with & < > " ' as entities, safe in content and attributes. */
void markup_escape(struct buf *out, const char *text, size_t len);

/* Whether text (NUL-terminated) begins with an opening or closing tag of an
 * element that HTML has: "<p", "</p>", but not "<scriptname>". */
bool markup_is_tag(const char *text);

/* A fragment as people write it → a well-formed one that is safe in feeds
 * and mail: elements that are not HTML's (`<scriptname>`) become text,
 * script, style, form, iframe, object and their like go with their content,
 * on* attributes and URLs of other schemes than http, https, mailto, tel (and
 * cid, data: images) go; relative href and src are resolved against base_url
 * (may be NULL). Depth is limited to 200. */
int markup_clean(const char *html, size_t len, const char *base_url,
    struct buf *out, struct err *err);

#endif
