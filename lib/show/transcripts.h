/*
 * Transcripts: those that an episode names, and files that belong to one by
 * its number or name. Private to the reading of episodes.
 */
#ifndef SHOW_TRANSCRIPTS_H
#define SHOW_TRANSCRIPTS_H

#include "base/err.h"
#include "base/mem.h"
#include "show/fact.h"
#include "show/options.h"
#include "show/show.h"

#define TRANSCRIPTS_MAX 32	/* of an episode */

struct transcripts;

/* `transcripts` and `transcripts_url`; NULL when the show has neither. What is
 * wrong goes to findings. */
struct transcripts *transcripts_options(struct arena *a,
    const struct options *o, struct findings *to);

/* The transcripts that the front matter names. */
void transcripts_take(const struct fact_source *s, struct episode *e);

/* The folders that are looked into, one after the other from 0 on; NULL: there
 * is no more. */
const char *transcripts_folder(const struct show *s, size_t i);

/* Looks for files for the episodes that name none, when all were read. One
 * that fits several episodes belongs to none of them: a warning
 * ("episode-transcript"). A folder that `transcripts` names and that cannot
 * be read is an error. */
void transcripts_find(struct show *s, struct findings *to);

#endif
