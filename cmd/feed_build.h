/*
 * The making of all feeds, for the commands that do.
 */
#ifndef CMD_FEED_BUILD_H
#define CMD_FEED_BUILD_H

#include <stdbool.h>

#include "cmd/cmd.h"
#include "cmd/setting.h"

struct feed_built {
	bool dry;	/* set by the caller: nothing is replaced; it is said
			 * what would be */
	bool done;	/* the feeds are in their places. -1 then means that
			 * episodes were left out, or wait */
	bool *changed;	/* by the number of the show: a feed, a page, a
			 * chapters file or a compressed one beside one of
			 * them is another than before; in the arena of args */
};

/* `feed build` with its options (they are looked for in args): all checks, then
 * all feeds of the shows at once, or none. The setting is open. */
int feed_build(struct setting *s, struct cmd_args *args,
    struct feed_built *built, struct err *err);

#endif
