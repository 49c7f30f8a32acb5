/*
 * A folder in that of the feeds with small files that `feed build` makes of a
 * show's episodes: chapters, transcripts.
 */
#ifndef CMD_FEED_MADE_H
#define CMD_FEED_MADE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs_batch.h"
#include "base/mem.h"
#include "base/strmap.h"
#include "cmd/setting.h"

/* Of one show; all zero: nothing is made. */
struct feed_made {
	const struct show *show;
	const char *what;	/* "chapters": in messages */
	const char *key;	/* of show.ini that has them made */
	const char *folder;	/* as told to the user; NULL: none are made */
	const char *real;	/* with links resolved, to be compared */
	bool dry;		/* nothing is written */
	struct fs_batch *batch;	/* those that are new; NULL: none are */
	const char **path;	/* of all of them; malloc'd */
	struct strmap names;	/* of them, and whose they are */
	size_t n, cap, fresh;	/* all of them, and those that are new */
};

/* Where they go: a folder of that name in out. The texts are not copied. */
void feed_made_plan(struct feed_made *m, struct arena *a,
    const struct show *show, const char *out, const char *name);
/* Those of two shows in one folder, or a feed (of the files with links
 * resolved) among them, are ERR_CONFIG. */
int feed_made_apart(struct feed_made *const *m, size_t n,
    const char *const *feeds, size_t nfeeds, struct err *err);
/* A file of an episode of the show. One that would stay the same is not
 * written. name lives as long as m. Where another episode's has the name:
 * ERR_INPUT with the notes. */
int feed_made_put(struct feed_made *m, struct arena *a,
    const struct episode *e, const char *name, const struct buf *text,
    struct err *err);
/* Gives them their places and says so. *changed becomes true where one is new,
 * or a compressed one beside it. */
int feed_made_commit(struct feed_made *m, const struct setting *s,
    bool *changed, struct err *err);
void feed_made_abandon(struct feed_made *m);

#endif
