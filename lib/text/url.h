/*
 * Addresses as people write them into show.ini and front matter: checked, not
 * repaired. (References inside notes are resolved and repaired by
 * xw_resolve().)
 */
#ifndef TEXT_URL_H
#define TEXT_URL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

/* Whether text is an absolute http or https address (RFC 3986 §3) in ASCII
 * alone: directories and players do not agree on anything else. It is
 * published, so it has no user name or password. ERR_INPUT names the character
 * that may not stand there and how to write it. */
int url_check(const char *text, struct err *err);

/* Whether text is an absolute address of any scheme (RFC 3986 §3.1), in ASCII
 * alone. */
bool url_is_uri(const char *text);

/* Adds s percent-encoded (RFC 3986 §2.1): all but the unreserved characters
 * and those in keep. */
void url_add_encoded(struct buf *out, const char *s, const char *keep);
/* What stands before a query or fragment, with %XX as the bytes they are (but
 * for %00); in the arena. */
const char *url_decoded(struct arena *a, const char *s);
/* The address of a file below that of a folder, whose slash may be missing;
 * path is percent-encoded but for its slashes. */
const char *url_below(struct arena *a, const char *folder, const char *path);

#endif
