/*
 * The transcripts that `feed build` makes of those at hand, where show.ini has
 * `transcripts_made`.
 */
#ifndef CMD_FEED_TRANSCRIPTS_H
#define CMD_FEED_TRANSCRIPTS_H

#include "cmd/feed_made.h"

/* Where they go, if they are made. */
void feed_transcripts_plan(struct feed_made *m, struct arena *a,
    const struct show *show, const char *out);
/* Whether that is no folder in which transcripts are looked for, which would
 * take them for the show's own: else ERR_CONFIG. */
int feed_transcripts_apart(const struct feed_made *m, struct arena *a,
    struct err *err);
/* For the episodes that are in the feed, in each language: makes the formats
 * that are wanted and not there, of the first of JSON, WebVTT and SubRip that
 * nothing is lost of; the episodes then have them as well. Before the feeds
 * are written. Warnings, after which the others are made: "transcript-lossy",
 * no source can be made into the format; "transcript-file", one cannot be
 * read. */
int feed_transcripts_write(struct feed_made *m, struct setting *s,
    struct arena *a, struct show *show, struct err *err);

#endif
