/*
 * What showmill knows of shows and episodes, for a site's own templates.
 */
#ifndef FEED_DATA_H
#define FEED_DATA_H

#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "show/show.h"
#include "text/node.h"

/* The show with those of its episodes that are in the feed at that time,
 * newest first, each with its notes in HTML; all in the arena. NULL: ERR_INPUT
 * with the notes' file. */
struct node *feed_data_show(struct arena *a, const struct show *show,
    int64_t now, struct err *err);

#endif
