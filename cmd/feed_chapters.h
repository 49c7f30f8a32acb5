/*
 * The JSON chapters files that `feed build` makes where show.ini has
 * `chapters_url`.
 */
#ifndef CMD_FEED_CHAPTERS_H
#define CMD_FEED_CHAPTERS_H

#include "cmd/feed_made.h"

/* Where they go, if they are made. */
void feed_chapters_plan(struct feed_made *m, struct arena *a,
    const struct show *show, const char *out);
/* Makes those of the episodes that are in the feed and whose chapters have no
 * address of their own. What does not fit into the descriptions is a warning
 * ("chapters-description"). */
int feed_chapters_write(struct feed_made *m, struct setting *s,
    struct arena *a, const struct show *show, struct err *err);

#endif
