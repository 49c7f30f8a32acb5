/*
 * Lines of plain text, broken between words by display width.
 */
#ifndef TEXT_WRAP_H
#define TEXT_WRAP_H

#include <stddef.h>

#include "base/buf.h"

/* A blank at which no line ends, unless what it holds together is wider than
 * a line. Texts have no control characters, so it is free. */
#define WRAP_GLUE '\x1f'

/* Appends s without control characters; TAB and LF are blanks. */
void wrap_add(struct buf *out, const char *s, size_t len);

/* Ends a line: a LF in place of the blanks at its end. */
void wrap_end_line(struct buf *out);

/* The words of s in lines of at most width columns, each with a LF; a longer
 * word stands alone. The first line begins with `first`, the others with
 * `rest`, which count; where they take up most of the width, a line is longer.
 * Blanks between words become one, WRAP_GLUE blanks as many as they are.
 * Nothing in s makes one line. */
void wrap_words(struct buf *out, const char *s, size_t len, size_t width,
    const char *first, const char *rest);

#endif
