/*
 * What is learnt of files and addresses in a run: from the cache, by looking
 * into files, and by asking web servers, each once. Private to show/media.
 *
 * What a server says of a file (its size and type, by HEAD) and what is in it
 * (by GET) are known, and cached, apart: who wants the one does not get another
 * answer for that somebody wanted the other.
 */
#ifndef SHOW_MEDIA_LEARN_H
#define SHOW_MEDIA_LEARN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "show/media.h"
#include "store/cache.h"

struct media_wish {
	const char *file;	/* a real path; NULL: */
	const char *url;	/* an address to ask */
	bool facts;		/* what is in it, too, where a server is
				 * asked; of a file always */
};

struct media_known {
	bool known;		/* facts is true, as far as it goes */
	bool cached;		/* it is so by the cache alone */
	bool stands_in;		/* it is an earlier answer: now there was err */
	bool silent;		/* its host did not answer */
	struct cache_media facts;	/* its chapters:
					 * media_learn_chapters() */
	struct err err;		/* why it is not known; with stands_in too */
};

/* Learns what is not known yet of n of them, all at once. What is known of the
 * last one (n > 0); it stays until the context is released. */
const struct media_known *media_learn(struct media_context *m,
    const struct media_wish *wish, size_t n);
/* The chapters of what such a wish learns, as show/media_chapters reads them;
 * NULL: not known. Of what the cache knew they are taken from there now, into
 * the arena; others stay until the context is released. */
const char *media_learn_chapters(struct media_context *m,
    const struct media_wish *wish, struct arena *a);
void media_learn_release(struct media_context *m);

#endif
