/*
 * The JSON chapters files that `feed build` makes where show.ini has
 * `chapters_url`.
 */
#ifndef CMD_FEED_CHAPTERS_H
#define CMD_FEED_CHAPTERS_H

#include "base/err.h"
#include "base/fs_batch.h"
#include "base/mem.h"
#include "cmd/setting.h"

/* Of one show. */
struct feed_chapters {
	const struct show *show;
	const char *folder;	/* as told to the user; NULL: none are made */
	const char *real;	/* with links resolved, to be compared */
	struct fs_batch *batch;	/* those that are new; NULL: none are */
	const char **path;	/* of all of them */
	size_t n, fresh;	/* all of them, and those that are new */
};

/* Where they go: a folder in that of the feeds. */
void feed_chapters_plan(struct feed_chapters *c, struct arena *a,
    const struct show *show, const char *out);
/* Those of two shows in one folder, or a feed (of the files with links
 * resolved) among them, are ERR_CONFIG. */
int feed_chapters_apart(const struct feed_chapters *c, size_t n,
    const char *const *feeds, size_t nfeeds, struct err *err);
/* Makes those of the episodes that are in the feed and whose chapters have no
 * address of their own; a file that would stay the same is not made. What does
 * not fit into the descriptions is a warning ("chapters-description"). */
int feed_chapters_write(struct feed_chapters *c, struct setting *s,
    struct arena *a, const struct show *show, struct err *err);
/* Gives them their places and says so. *changed becomes true where one is new,
 * or a compressed one beside it. */
int feed_chapters_commit(struct feed_chapters *c, const struct setting *s,
    bool *changed, struct err *err);
void feed_chapters_abandon(struct feed_chapters *c);

#endif
