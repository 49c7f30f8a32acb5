/*
 * Telling others that a feed has changed: WebSub hubs (W3C Recommendation
 * WebSub §7; what a publisher sends its hub is left to the two, and all public
 * hubs take hub.mode=publish with hub.url), Podcast Index, and Podping by its
 * front end podping.cloud.
 */
#ifndef FEED_PING_H
#define FEED_PING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/http_many.h"
#include "base/mem.h"
#include "show/show.h"

/* What is asked of Podcast Index; the feed's address goes behind it,
 * percent-encoded. */
#define PING_INDEX "https://api.podcastindex.org/api/1.0/hub/pubnotify?url="

/* The same of podping.cloud, whose reason and medium stand behind that. */
#define PING_PODPING "https://podping.cloud/?url="

struct ping {
	const char *url;	/* where it is told */
	const char *form;	/* POST with this body; NULL: GET */
	const char *key;	/* the value of Authorization; NULL: none */
	/* Set by ping_all(). */
	bool told;
	struct err err;		/* why not */
};

/* Of a hub; the form is in the arena. */
void ping_hub(struct arena *a, struct ping *p, const char *hub,
    const char *feed);
/* Of Podcast Index. */
void ping_index(struct arena *a, struct ping *p, const char *feed);
/* Of podping.cloud, with its key: of an RSS feed of the show and its
 * podcast:medium. live: the reason is that the show is on air, not that
 * something changed. */
void ping_podping(struct arena *a, struct ping *p, const struct show *show,
    const char *feed, const char *key, bool live);
/* What of the show is on air by its podcast:liveItem, for comparison with
 * another time; "": nothing. */
const char *ping_live(struct arena *a, const struct show *show);

/* Tells all, with the tries of limits. -1: stopped, or libcurl fails. */
int ping_all(const struct http_many_limits *limits, struct ping *p, size_t n,
    struct err *err);

#endif
