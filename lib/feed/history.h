/*
 * What subscribers have been shown of a show: published.tsv, one row an
 * episode, oldest first, in version control beside the show.
 *
 * Players know an episode by its guid. One whose guid is gone or another is
 * lost to them, and new again; so is one whose audio comes back under another
 * guid.
 */
#ifndef FEED_HISTORY_H
#define FEED_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "feed/read.h"
#include "show/show.h"

struct history_row {
	unsigned line;		/* 0: it stands in a feed */
	const char *guid;
	const char *number;	/* "": none */
	const char *first;	/* when it was in a feed for the first time,
				 * RFC 3339; "": not known */
	const char *enclosure;	/* without what only counts downloads */
	const char *title;
};

struct history {
	const char *file;	/* for messages */
	struct history_row *row;	/* oldest first */
	size_t n;
};

/* Changes that are let through. */
#define HISTORY_GONE 1U		/* an episode is not in the feed any more */
#define HISTORY_GUID 2U		/* it has another guid */
#define HISTORY_ENCLOSURE 4U	/* it has the audio that another one had */
#define HISTORY_ORDER 8U	/* old episodes stand in another order */

/* The bit of a word such as "gone"; 0: it is none. */
unsigned history_allowed(const char *word);
#define HISTORY_WORDS "gone, guid, enclosure, order"

/* All strings in the arena. A file that is not there is an empty history;
 * ERR_INPUT with the line where it is no such table. */
int history_read(struct arena *a, const char *file, struct history *out,
    struct err *err);
/* Of a feed as it was read. */
void history_of_feed(struct arena *a, const struct feed_doc *d,
    const char *file, struct history *out);

struct history_check {
	const struct history *was;
	const struct show *show;	/* resolved */
	int64_t at;		/* the time for which the feed is built */
	unsigned allow;		/* HISTORY_... */
};

/* Where notes were left out that could not be read, nobody can tell which
 * episode that is not there is one of them: none of those is gone then.
 *
 * Each change for the worse is a finding of the kind ERR_REFUSED, with the line
 * of the notes or of the history: "published-gone", "published-guid",
 * "published-enclosure", "published-order". Episodes that were shown for the
 * first time after `at` do not count, nor those that expired. */
void history_check(struct arena *a, const struct history_check *c,
    struct findings *to);

/* The text of the history when the feed has been published. What is not in the
 * feed stays in it where it was shown after `at`, or where it may be what was
 * left out for an error. */
void history_write(struct arena *a, const struct history_check *c,
    struct buf *out);

#endif
