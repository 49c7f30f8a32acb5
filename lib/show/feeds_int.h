/*
 * Between the two files about a show's feeds.
 */
#ifndef SHOW_FEEDS_INT_H
#define SHOW_FEEDS_INT_H

#include "show/feeds.h"

/* A tag as it is in names of files: small letters with dashes, "cplusplus" for
 * C++; one of a script without ASCII letters stays as it is. */
const char *feeds_slug(struct arena *a, const char *tag);
/* Finds the episodes of each feed of a season or tag; one that no episode is
 * for is a warning ("feed-empty"). */
void feeds_find(struct show *s, struct findings *to);

#endif
