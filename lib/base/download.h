/*
 * A file from the web that is there whole or not at all, and whose download
 * goes on where an earlier one was broken off.
 */
#ifndef BASE_DOWNLOAD_H
#define BASE_DOWNLOAD_H

#include <stdint.h>

#include "base/err.h"
#include "base/http.h"

/* Fetches url to path, by way of path.part: what a run that was broken off
 * left there is not asked for again as long as the host still has that file:
 * path.part.version remembers its ETag or Last-Modified, and its address. A
 * part without them, or of a file that has changed, is begun anew. When it is
 * complete (as the server says) it is flushed and renamed. A file at path is
 * never replaced: it counts as done, and *length is its size. Errors as
 * http_save(); ERR_OUTPUT where the files cannot be written. Where nothing
 * came, no path.part stays. *length (may be
 * NULL): bytes of the file. */
int download(struct http_session *s, const char *url, const char *path,
    int64_t max, void (*tell)(void *ctx, int64_t have, int64_t total),
    void *ctx, int64_t *length, struct err *err);

#endif
