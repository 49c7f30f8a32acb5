/*
 * Where an output goes, to be compared with where others go.
 */
#ifndef CMD_FEED_PLACE_H
#define CMD_FEED_PLACE_H

#include "base/mem.h"

/* The path of name in folder with links resolved, as far as it is there. */
const char *feed_place(struct arena *a, const char *folder, const char *name);

#endif
