/*
 * Telling others that a feed has changed: WebSub hubs (W3C Recommendation
 * WebSub §7; what a publisher sends its hub is left to the two, and all public
 * hubs take hub.mode=publish with hub.url), and Podcast Index.
 */
#ifndef FEED_PING_H
#define FEED_PING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/http_many.h"
#include "base/mem.h"

/* What is asked of Podcast Index; the feed's address goes behind it,
 * percent-encoded. */
#define PING_INDEX "https://api.podcastindex.org/api/1.0/hub/pubnotify?url="

struct ping {
	const char *url;	/* where it is told */
	const char *form;	/* POST with this body; NULL: GET */
	/* Set by ping_all(). */
	bool told;
	struct err err;		/* why not */
};

/* Of a hub; the form is in the arena. */
void ping_hub(struct arena *a, struct ping *p, const char *hub,
    const char *feed);
/* Of Podcast Index. */
void ping_index(struct arena *a, struct ping *p, const char *feed);

/* Tells all, with the tries of limits. -1: stopped, or libcurl fails. */
int ping_all(const struct http_many_limits *limits, struct ping *p, size_t n,
    struct err *err);

#endif
