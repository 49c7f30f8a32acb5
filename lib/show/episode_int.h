/*
 * Between the files that read an episode.
 */
#ifndef SHOW_EPISODE_INT_H
#define SHOW_EPISODE_INT_H

#include "show/episode.h"

/* Keys that are no fact's: errors in a tree written for showmill, told at -v
 * in a site's own. */
void episode_keys(const struct fact_source *s);
void episode_sponsor_keys(const struct fact_source *s, const struct node *map);

/* Which audio it is, and what is said of its size, type and duration. */
void episode_audio(const struct fact_source *s, const struct episode_rules *r,
    struct episode *e);
/* Of several files: the first, or the one that says `default`, becomes the
 * audio, the others renditions. n: a list, or a map that is one file. */
void episode_files(const struct fact_source *s, const struct episode_rules *r,
    const struct node *n, struct episode *e);
/* An address, or a name that becomes one, or a file. */
void audio_name(const struct fact_source *s, const struct episode_rules *r,
    const struct fact *f, struct media *out);
/* Nothing is said of it, NULL and -1, also where that is told to be wrong. */
const char *audio_type(const struct fact_source *s, const struct fact *f);
void audio_length(const struct fact_source *s, const struct fact *f,
    struct media *out);
void audio_duration(const struct fact_source *s, const struct fact *f,
    struct media *out);

#endif
