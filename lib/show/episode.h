/*
 * One episode: what its front matter, the show's table, its file's name and
 * its first heading say, in this order.
 */
#ifndef SHOW_EPISODE_H
#define SHOW_EPISODE_H

#include <stdbool.h>

#include "base/err.h"
#include "show/show.h"
#include "show/table.h"

/* What of show.ini is needed to read episodes. */
struct episode_rules {
	const char *audio_url;	/* patterns, checked; NULL: none */
	const char *episode_url;
	int publish_seconds;
	bool ignore_unknown;
	struct table *table;	/* NULL: none */
};

/* Reads the facts of the notes in `file`. The strings go to the show's arena.
 * Everything that is wrong goes to findings with file and line; false when
 * anything was. A name that fits no pattern is told too. */
bool episode_load(struct show *show, const struct episode_rules *rules,
    const char *file, struct episode *out, struct findings *to);

#endif
