/*
 * Private feeds: one for each token, all with the same episodes. Written once,
 * for the first token, and copied for the others.
 */
#ifndef CMD_FEED_PRIVATE_H
#define CMD_FEED_PRIVATE_H

#include <stdbool.h>

#include "base/err.h"
#include "cmd/feed_output.h"

/* The name of the output's file for one of its tokens. */
const char *feed_private_name(struct arena *a, const struct feed_output *o,
    size_t token);
/* Its path as it may be told: with {token} in place of one. Of a public feed
 * its path. */
const char *feed_private_shown(struct arena *a, const struct feed_output *o);
/* Puts {token} in place of each token in an error. */
void feed_private_mask(const struct feed_output *o, struct err *err);

/* Makes the files of all tokens from the first one's, which is in its place;
 * and those of `kinds` beside each (base/compress.h). changed becomes true
 * where a file is another one, made as by compress_beside(). */
int feed_private_copy(const struct feed_output *o, unsigned kinds,
    bool *changed, bool *made, struct err *err);
/* Whether a token has no file yet. */
bool feed_private_lacks(const struct feed_output *o);
/* What became of them, without their names. */
void feed_private_tell(const struct feed_output *o, bool changed, bool dry);

/* Files in the folder of a feed's tokens that are not there any more, with
 * their archives: whoever has one got it. Told with the beginning of the token
 * alone. is_known: whether an output of that path is made. */
int feed_private_old(const struct show_feed *f, const char *folder,
    bool (*is_known)(void *ctx, const char *path), void *ctx,
    struct err *err);

#endif
