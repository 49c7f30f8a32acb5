/*
 * Files that web servers send in place of another: FILE.gz and FILE.br beside
 * it (nginx's gzip_static and brotli_static, Caddy's precompressed).
 */
#ifndef BASE_COMPRESS_H
#define BASE_COMPRESS_H

#include <stdbool.h>

#include "base/err.h"

#define COMPRESS_GZ 1u	/* gzip, RFC 1952 */
#define COMPRESS_BR 2u	/* Brotli, RFC 7932 */

/* "none", "gz", "br", "gz br": what is named there. */
unsigned compress_kinds(const char *text);

/* Makes those of `kinds` beside the file, each replaced at once and with the
 * file's own mtime, which servers send as Last-Modified; a new one also has
 * its permissions (before umask). One that has that mtime already is of this
 * file, and left alone. As small as can be up to 2 MB; what is larger is
 * compressed faster. The same bytes give the same bytes. The file may have
 * 256 MB. *made becomes true where one was made, and is left as it is where
 * none was. 0, or -1: ERR_OUTPUT, or as fs_read(). */
int compress_beside(const char *path, unsigned kinds, bool *made,
    struct err *err);

#endif
