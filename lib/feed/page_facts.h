/*
 * The facts of shows and episodes that pages and a site's data have beyond
 * those of show/view.h; showmill-config(5) names each.
 */
#ifndef FEED_PAGE_FACTS_H
#define FEED_PAGE_FACTS_H

#include "base/mem.h"
#include "show/show.h"
#include "text/node.h"

/* Address and type of each feed of the show. */
struct node *page_facts_feeds(struct arena *a, const struct show *s);
/* "PT29M1S" (ISO 8601), as schema.org and <time> have it. */
const char *page_facts_span(struct arena *a, int64_t seconds);
/* Date and duration as machines read them. */
void page_facts_times(struct arena *a, struct node *map,
    const struct episode *e);
/* All that is known of a resolved episode but its notes, those of view.h
 * too, into a map. */
void page_facts_episode(struct arena *a, const struct show *s,
    const struct episode *e, struct node *map);

#endif
