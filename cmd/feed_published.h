/*
 * What subscribers have been shown, for a build of the feeds: the comparison
 * that a build must pass, and what is remembered of it.
 */
#ifndef CMD_FEED_PUBLISHED_H
#define CMD_FEED_PUBLISHED_H

#include "base/err.h"
#include "base/fs.h"
#include "cmd/cmd.h"
#include "cmd/setting.h"
#include "feed/history.h"

/* One show's. */
struct feed_published {
	struct history was;
	struct history_check check;
	const char *path;	/* of published.tsv */
	struct fs_out *file;	/* on its way there; NULL: none */
};

/* The bits of all --allow. ERR_USAGE for a word that is none. */
int feed_published_allow(const struct cmd_args *args, unsigned *allow,
    struct err *err);

/* Compares the show, when its items have been written beside the old feed, with
 * what --against names, else with its published.tsv, else with the old feed
 * where that is there. What is worse is an error in the findings, of the kind
 * ERR_REFUSED. Then makes the new published.tsv beside the old one, unless it
 * is a rehearsal: with --at and --out. */
int feed_published_compare(struct feed_published *p, struct setting *s,
    struct cmd_args *args, struct show *show, unsigned allow,
    const char *old_feed, struct err *err);
/* Puts it in its place. */
int feed_published_commit(struct feed_published *p, struct err *err);
void feed_published_abandon(struct feed_published *p);

#endif
