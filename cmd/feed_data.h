/*
 * The facts of all shows in one JSON file, for a site's own templates.
 */
#ifndef CMD_FEED_DATA_H
#define CMD_FEED_DATA_H

#include "base/err.h"
#include "base/fs.h"
#include "cmd/cmd.h"
#include "cmd/setting.h"

struct feed_data {
	const char *path;	/* NULL: none is made */
	struct fs_out *file;
};

/* A feed (of the files with links resolved) in its place is ERR_USAGE. */
int feed_data_apart(struct cmd_args *args, const char *const *feeds,
    size_t n, struct err *err);
/* Makes it beside the old one, where --data asks for it. */
int feed_data_write(struct feed_data *d, struct setting *s,
    struct cmd_args *args, struct err *err);
/* Replaces the old one and says so. */
int feed_data_commit(struct feed_data *d, struct err *err);
void feed_data_abandon(struct feed_data *d);

#endif
