/*
 * How the feeds of a show come to where they are served, and who is told of
 * them.
 */
#ifndef SHOW_OUTLETS_H
#define SHOW_OUTLETS_H

#include "show/options.h"
#include "show/show.h"

/* Takes new_feed_url, websub_hub, podcast_index_ping, podping and deploy of
 * show.ini. */
void outlets_options(struct show *s, const struct options *o);

#endif
