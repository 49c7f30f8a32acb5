/*
 * The web servers that audio lies on, and how they answer. Private to
 * show/media.
 */
#ifndef SHOW_MEDIA_HOST_H
#define SHOW_MEDIA_HOST_H

#include "show/media.h"

struct media_host {
	struct media_host *next;
	char *name;		/* with its port, as in the address */
	bool covered;		/* it was told that the cache stands in */
	/* Where media_context gathers: what it did not answer, and the
	 * first. */
	size_t nsilent;
	char *silent;		/* as it would be told */
	const char *file;	/* of the show's arena */
	unsigned line;
};

/* The host of an address; it is the context's. */
struct media_host *media_host_of(struct media_context *m, const char *url);
void media_host_free(struct media_context *m);	/* all of them */
/* Whether the err, of a host that is silent, is counted, to be told by
 * media_tell_silent(). */
bool media_host_keep(struct media_context *m, const struct media *audio,
    const char *url, const struct err *err);

#endif
