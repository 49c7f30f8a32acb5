/*
 * Notes in the few elements that directories take in a description.
 */
#ifndef TEXT_HTML_BRIEF_H
#define TEXT_HTML_BRIEF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends a fragment that markup_clean() or Markdown made as <p>, <ul>, <ol>,
 * <li> and <a> alone (what Apple Podcasts shows), in at most max bytes: cut at
 * the end of a block or of an item of a list. Headings and quotes are
 * paragraphs, pictures and rules go, other marks leave their words. *cut: it
 * is not all. Nothing comes out where the first block does not fit. ERR_INPUT
 * as for markup_clean(). */
int markup_brief(const char *html, size_t len, size_t max, struct buf *out,
    bool *cut, struct err *err);

#endif
