/*
 * What a part that is no text needs: base64, and parameters that hold any
 * file name. ASCII with CRLF when it comes out.
 */
#ifndef MAIL_MIME_PART_H
#define MAIL_MIME_PART_H

#include <stddef.h>

#include "base/buf.h"

#define MIME_BASE64_MAX 76	/* RFC 2045 §6.8 */

/* base64 in one piece, with its padding. */
void mime_base64(struct buf *out, const void *data, size_t len);
/* The same as a body: lines of 76 columns, each ending in CRLF. */
void mime_base64_lines(struct buf *out, const void *data, size_t len);

/* A parameter on a line of its own, `;CRLF name="value"`. What a quoted-string
 * cannot hold, or would be a line of more than 78 columns, is written as RFC
 * 2231 §3 and §4 have it, in as many pieces as it takes; characters are not
 * cut. value: UTF-8 without control characters; name: at most 20 letters. */
void mime_parameter(struct buf *out, const char *name, const char *value);

#endif
