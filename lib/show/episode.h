/*
 * One episode: what its front matter, the show's table, its file's name and
 * its first heading say, in this order.
 */
#ifndef SHOW_EPISODE_H
#define SHOW_EPISODE_H

#include <stdbool.h>

#include "base/err.h"
#include "show/fact.h"
#include "show/fields.h"
#include "show/layout.h"
#include "show/show.h"
#include "show/table.h"

/* What of show.ini is needed to read episodes. */
struct episode_rules {
	const char *audio_url;	/* patterns, checked; NULL: none */
	const char *episode_url;
	const char *guid;	/* pattern of episode_guid, checked; NULL:
				 * none */
	const char *media_prefix;	/* NULL: none */
	int publish_seconds;
	struct fields *fields;
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

/* Reads the facts of a sound episode again and tells where each comes from:
 * see trace in struct fact_source. Facts that nothing was said of and that
 * have no value are not told. What is wrong was told before and is not told
 * again; ERR_INPUT when the file cannot be read any more as it was. */
int episode_trace(struct show *show, const struct episode *e,
    void (*trace)(void *ctx, const char *name, const struct fact *f),
    void *ctx, struct err *err);

#endif
