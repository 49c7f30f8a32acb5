/*
 * The header fields of a finished message, read back.
 */
#ifndef MAIL_HEAD_H
#define MAIL_HEAD_H

#include <stddef.h>

#include "base/mem.h"

/* How many bytes stand before the empty line, the last CRLF included. */
size_t head_size(const char *message, size_t len);

/* The value of the nth field (from 0) of that name, unfolded (RFC 5322 §2.2.3),
 * without blanks around it; in the arena. NULL: there are not so many. */
const char *head_field(struct arena *a, const char *message, size_t len,
    const char *name, size_t nth);

#endif
