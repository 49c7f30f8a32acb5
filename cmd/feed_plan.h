/*
 * Which documents of which feeds are made, and where they go.
 */
#ifndef CMD_FEED_PLAN_H
#define CMD_FEED_PLAN_H

#include <stddef.h>

#include "cmd/cmd.h"
#include "cmd/feed_output.h"
#include "cmd/setting.h"

/* Show by show, and in each its RSS feed first. */
struct feed_plan {
	struct feed_output *output;
	size_t noutputs;
	size_t nplanned;	/* with those of shows that are not asked for,
				 * which stand behind and are only compared */
	size_t *first;		/* by number of the show: its outputs begin
				 * there; one more for the end */
	const char **real;	/* of all planned, with links resolved */
};

/* Before anything is asked or opened: two feeds in one file would be one
 * show's feed under the other's address (ERR_CONFIG). In the arena of args. */
int feed_plan(struct feed_plan *p, const struct setting *s,
    struct cmd_args *args, struct err *err);

#endif
