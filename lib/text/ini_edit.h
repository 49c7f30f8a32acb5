/*
 * Changing config.ini and show.ini, one key at a time, and no other byte of
 * the file.
 *
 * What comes out was read again: it says the new value and else what it said
 * before. Where that cannot be had, nothing comes out.
 */
#ifndef TEXT_INI_EDIT_H
#define TEXT_INI_EDIT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Puts value in the place of `old`, the value of a key before the first
 * [section]; of several the first that has it. out gets the whole of the new
 * file. ERR_INPUT with the line: the old value goes over several lines, or
 * value is none that a line can hold. ERR_INTERNAL: no such key has it. */
int ini_edit_value(const char *text, size_t len, const char *key,
    const char *old, const char *value, struct buf *out, struct err *err);

/* Adds a line with a key behind the first entry called `behind`, with the line
 * end and the blanks around the = that this has. Else as ini_edit_value(). */
int ini_edit_add(const char *text, size_t len, const char *behind,
    const char *key, const char *value, struct buf *out, struct err *err);

#endif
