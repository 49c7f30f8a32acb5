/*
 * cache.db (SQLite): media facts. May be thrown away at any time; a build
 * without it gives the same bytes. A cache that cannot be opened or is not
 * ours is told as an err, and the caller goes on without (NULL is allowed in
 * every call below).
 */
#ifndef STORE_CACHE_H
#define STORE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/http.h"

struct cache;

#define CACHE_KEY_MAX 8192	/* bytes; what has a longer one is not kept */
#define CACHE_DOUBT_MAX 256

/* One file's or URL's facts. Unused text is "". */
struct cache_media {
	struct fs_stamp stamp;		/* local: valid while the file has it */
	int64_t length;			/* bytes */
	int64_t duration_ms;		/* -1: not known */
	int64_t learnt;			/* when, seconds since the epoch */
	int64_t bitrate;		/* bits a second; 0: not known */
	char codec[16];
	char how[16];			/* "file", "head", "range", "count" */
	char doubt[CACHE_DOUBT_MAX];	/* what is odd about it */
	char type[HTTP_FIELD_MAX];
	char etag[HTTP_FIELD_MAX];
	char modified[HTTP_FIELD_MAX];
};

struct cache *cache_open(const char *path, struct err *err);
void cache_close(struct cache *c);

/* key: a real path or a URL. 1 found, 0 not, -1 err. */
int cache_media_get(struct cache *c, const char *key, struct cache_media *out,
    struct err *err);
int cache_media_put(struct cache *c, const char *key,
    const struct cache_media *m, struct err *err);
#endif
