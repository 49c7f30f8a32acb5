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

#endif
