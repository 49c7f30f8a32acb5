/*
 * Changing one value of a front matter, and no other byte of its file.
 *
 * What comes out was read again: it says the new value and else what it said
 * before. Where that cannot be had, nothing comes out.
 */
#ifndef TEXT_FRONT_EDIT_H
#define TEXT_FRONT_EDIT_H

#include <stddef.h>

#include "base/buf.h"
#include "text/front.h"

#define FRONT_EDIT_VALUE_MAX 100	/* bytes of a new value */

/* Puts value in the place of a plain value that stands inside a map. It keeps
 * the quotes of the old one; without any it has some only where its language
 * wants them. f is what front_read() made of text, at a node of it; value is
 * of letters, digits and `.:/+-`. out gets the whole of the new file. ERR_INPUT
 * with the line: the old value is a list or map, goes over several lines, or
 * cannot be replaced alone. */
int front_edit_value(const char *text, size_t len, const struct front *f,
    const struct node *at, const char *value, struct buf *out,
    struct err *err);

/* Adds a key with its value to a map of the front matter, on a line behind
 * that of an entry of the map, and written as that one; between brackets
 * behind the entry itself. behind NULL: the last entry, of TOML the last
 * before the first [table]. key has letters, digits and low lines alone. Else
 * as front_edit_value(). */
int front_edit_add(const char *text, size_t len, const struct front *f,
    const struct node *map, const struct node *behind, const char *key,
    const char *value, struct buf *out, struct err *err);

#endif
