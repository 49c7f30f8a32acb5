/*
 * A file of which only some parts are at hand: what a reader misses is noted,
 * fetched, and then the reader begins again.
 */
#ifndef SHOW_MEDIA_SPARSE_H
#define SHOW_MEDIA_SPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is asked for first, and where nothing is known about more. */
#define MEDIA_SPARSE_FIRST ((int64_t)64 << 10)

/* max: bytes of all parts together. */
struct media_sparse;
struct media_sparse *media_sparse_new(int64_t size, int64_t max);
void media_sparse_free(struct media_sparse *s);	/* NULL is allowed */

int64_t media_sparse_size(const struct media_sparse *s);
/* Whether all of the file is there. */
bool media_sparse_whole(const struct media_sparse *s);

/* A part that came; copied. What is there already, or lies behind the end, is
 * left out. */
void media_sparse_add(struct media_sparse *s, int64_t offset,
    const void *data, size_t len);

/* As media_source.read (media_av.h), ctx: the media_sparse. Gives what is
 * there from offset on, but all of what is asked for where that is at most
 * MEDIA_SPARSE_SMALL bytes. -1: it is missing; so is then everything, until
 * media_sparse_again(). */
#define MEDIA_SPARSE_SMALL 64
int64_t media_sparse_read(void *ctx, int64_t offset, void *buf, size_t len);

/* Whether all of a stretch is there; else its beginning is missed, as by a
 * read. */
bool media_sparse_has(struct media_sparse *s, int64_t offset, int64_t len);

/* Whether something was missed since media_sparse_again(). */
bool media_sparse_missed(const struct media_sparse *s);
void media_sparse_again(struct media_sparse *s);

/* What is to be fetched for the sake of what was missed, both ends included:
 * more at once where a reader goes on behind what it has. false: nothing was
 * missed, or it would be more than max. */
bool media_sparse_next(const struct media_sparse *s, int64_t *from,
    int64_t *to);

/* Nothing more will come: what is missing no longer keeps a reader from the
 * rest. */
void media_sparse_close(struct media_sparse *s);

#endif
