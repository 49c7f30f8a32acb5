/*
 * Private feeds: one for each token, all with the same episodes. Written once,
 * for the first token, and copied for the others.
 */
#ifndef CMD_FEED_PRIVATE_H
#define CMD_FEED_PRIVATE_H

#include <stdbool.h>

#include "base/err.h"
#include "cmd/feed_output.h"

/* Makes the files of all tokens from the first one's, which is in its place;
 * and those of `kinds` beside each (base/compress.h). changed becomes true
 * where a file is another one, made as by compress_beside(). A file of a token that is not there any more is
 * told, and left: whoever has it got it. */
int feed_private_copy(const struct feed_output *o, unsigned kinds,
    bool *changed, bool *made, struct err *err);
/* What became of them, without their names. */
void feed_private_tell(const struct feed_output *o, bool changed, bool dry);

#endif
