/*
 * The list of all shows that `feed build` makes where config.ini has `opml`.
 */
#ifndef CMD_FEED_OPML_H
#define CMD_FEED_OPML_H

#include "base/date.h"
#include "base/err.h"
#include "base/fs.h"
#include "cmd/cmd.h"
#include "cmd/setting.h"

struct feed_opml {
	const char *path;	/* as told to the user; NULL: none is made */
	const char *folder;
	const char *real;	/* with links resolved, to be compared */
	struct fs_out *file;
};

/* Where it goes: nothing is opened yet. */
void feed_opml_plan(struct feed_opml *o, const struct setting *s,
    struct cmd_args *args);
/* Makes it beside the old one. Of some of the shows there is no list: then
 * nothing is done, as without a path. */
int feed_opml_write(struct feed_opml *o, const struct setting *s,
    struct date modified, struct err *err);
/* Replaces the old one and says so. */
int feed_opml_commit(struct feed_opml *o, const struct setting *s,
    struct err *err);
void feed_opml_abandon(struct feed_opml *o);

#endif
