/*
 * What changed between two feeds, fact by fact (feed/facts.h).
 */
#ifndef FEED_DIFF_H
#define FEED_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "feed/read.h"

struct feed_change {
	const char *field;	/* name of the fact; "guid" too */
	const char *before;	/* NULL: not said */
	const char *after;
};

/* An item that is in both feeds, and what is not the same of it. */
struct feed_pair {
	const struct feed_doc_item *before;
	const struct feed_doc_item *after;
	struct feed_change *changes;
	size_t nchanges;
};

struct feed_diff {
	bool equal;
	bool order;		/* items stand in another order */
	struct feed_change *channel;
	size_t nchannel;
	const struct feed_doc_item **added;	/* in the order of their feed */
	size_t nadded;
	const struct feed_doc_item **removed;
	size_t nremoved;
	struct feed_pair *items;	/* in the new feed's order; only those
					 * with changes */
	size_t nitems;
};

/* Items belong together when their ids (feed_doc_id) are equal; else by the
 * address of their first enclosure, else by title and date: then their guid
 * has changed, which is a change of the item. Of items with the same id, or
 * without any and the same title, the first belongs to the first. Facts that
 * come repeatedly are compared in their order, after what both begin and end
 * with. Long values are cut around the first difference. No change is what the
 * new feed tells for the first time about itself and its files: its own
 * address, id and podcast:guid, length and type of an enclosure.
 *
 * ignore: names of facts not to compare, and "order"; ended by NULL, or NULL.
 * All of the result lies in the arena, and points to both feeds. */
void feed_diff(struct arena *a, const struct feed_doc *before,
    const struct feed_doc *after, const char *const *ignore,
    struct feed_diff *out);

#endif
