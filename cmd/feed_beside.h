/*
 * What `feed build` makes of a show's episodes beside its feeds: chapters and
 * transcripts.
 */
#ifndef CMD_FEED_BESIDE_H
#define CMD_FEED_BESIDE_H

#include "cmd/feed_made.h"

/* Of one show. */
struct feed_beside {
	struct feed_made chapters, transcripts;
};

/* Where they go; dry: nothing is written. */
void feed_beside_plan(struct feed_beside *b, struct arena *a,
    const struct show *show, const char *out, bool dry);
/* Whether those of all shows, the feeds (files with links resolved) and the
 * shows' own transcripts lie in folders of their own: else ERR_CONFIG. */
int feed_beside_apart(struct feed_beside *b, size_t n, struct arena *a,
    const char *const *feeds, size_t nfeeds, struct err *err);
/* Gives them their places. *changed is set where one is new. */
int feed_beside_commit(struct feed_beside *b, const struct setting *s,
    bool *changed, struct err *err);
void feed_beside_abandon(struct feed_beside *b);

#endif
