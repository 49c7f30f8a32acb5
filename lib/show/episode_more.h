/*
 * The facts of an episode that most do without. Private to the reading of
 * episodes.
 */
#ifndef SHOW_EPISODE_MORE_H
#define SHOW_EPISODE_MORE_H

#include "show/fact.h"
#include "show/options.h"
#include "show/show.h"

#define TAGS_MAX 200		/* of an episode */

/* Takes from when it is due, expires, people, tags, transcripts, chapters and
 * xml; day_seconds: the time of day of an `expires` that has none. */
void episode_more_take(const struct fact_source *s, int day_seconds,
    struct episode *e);

/* `podcast_tags` and `channel_xml` of show.ini; what is wrong goes to
 * findings. */
void episode_more_channel(struct show *show, const struct options *o,
    struct findings *to);

#endif
