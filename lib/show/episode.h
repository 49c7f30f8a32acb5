/*
 * One episode: what its front matter, the show's table, its file's name and
 * its first heading say, in this order.
 */
#ifndef SHOW_EPISODE_H
#define SHOW_EPISODE_H

#include <stdbool.h>

#include "base/err.h"
#include "show/layout.h"
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

enum episode_read {
	EPISODE_SOUND,
	EPISODE_BAD,
	EPISODE_OTHER	/* of another show, as `filter` has it */
};

/* Reads the facts of the notes in `file`. The strings go to the show's arena.
 * Everything that is wrong goes to findings with file and line; EPISODE_BAD
 * when anything was. A name that fits no pattern is told too. */
enum episode_read episode_load(struct show *show,
    const struct episode_rules *rules, const char *file,
    const struct layout_file *name, struct episode *out, struct findings *to);

#endif
