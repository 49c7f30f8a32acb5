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
#include "base/mem.h"

struct cache;

#define CACHE_KEY_MAX 8192	/* bytes; what has a longer one is not kept */
#define CACHE_DOUBT_MAX 256
#define CACHE_CHAPTERS_MAX ((size_t)256 << 10)	/* bytes of their text */

/* A picture in the file; width 0: there is none, or it is not known. */
struct cache_art {
	char type[32];
	unsigned width, height, channels;
	bool grey, alpha, cmyk;
	int64_t bytes;
};

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
	/* What else is in it; 0 or false: not known. */
	unsigned sample_rate, channels;
	bool vbr;
	unsigned width, height;		/* of the video */
	struct cache_art art;
	/* Its chapters, as show/media_chapters writes them: for the cache a
	 * text that it does not understand, of the caller's memory. NULL: not
	 * known, also where they are more than CACHE_CHAPTERS_MAX. Who wants
	 * such chapters looks into the file. */
	const char *chapters;
};

struct cache *cache_open(const char *path, struct err *err);
void cache_close(struct cache *c);

/* key: a real path or a URL. 1 found, 0 not, -1 err. The chapters are left out
 * (NULL): most runs have no use for them, and they are larger than the rest. */
int cache_media_get(struct cache *c, const char *key, struct cache_media *out,
    struct err *err);
/* Its chapters, in the arena. 0: they are not known; a text that is too large
 * or no UTF-8 is such a one, too. */
int cache_chapters_get(struct cache *c, const char *key, struct arena *a,
    const char **out, struct err *err);
/* Chapters of more than CACHE_CHAPTERS_MAX are kept as not known. */
int cache_media_put(struct cache *c, const char *key,
    const struct cache_media *m, struct err *err);

/* Which content of a feed a hub was told of last, by the hex of its SHA-256.
 * This may be thrown away as all else here: the hub is told once more, which
 * does no harm. 1 it knows this digest, 0 not, -1 err. */
int cache_ping_get(struct cache *c, const char *hub, const char *feed,
    const char *digest, struct err *err);
int cache_ping_put(struct cache *c, const char *hub, const char *feed,
    const char *digest, struct err *err);

/* Links of mail that led somewhere. Whether this one did when it was asked for
 * at that time (epoch s) or later: 1, 0, -1 err. */
int cache_link_get(struct cache *c, const char *url, int64_t since,
    struct err *err);
int cache_link_put(struct cache *c, const char *url, int64_t asked,
    struct err *err);

/* Which rules of SpamAssassin an edition of a list met, by their names. get: of
 * the one that was asked last, but not of the edition itself; its name in
 * *other, both in the arena. 1 found, 0 not, -1 err. */
int cache_spam_get(struct cache *c, const char *list, const char *edition,
    struct arena *a, const char **other, const char **rules,
    struct err *err);
int cache_spam_put(struct cache *c, const char *list, const char *edition,
    int64_t asked, const char *rules, struct err *err);
#endif
