/*
 * Files that are made of an episode, in a folder for all of the show.
 */
#ifndef SHOW_MADE_H
#define SHOW_MADE_H

#include "base/mem.h"
#include "show/show.h"

/* A file's name, without a folder and an ending, in the arena: that of the
 * notes, with that of the folder they lie in before it. */
const char *made_name(struct arena *a, const struct show *s,
    const struct episode *e);

#endif
