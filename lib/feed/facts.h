/*
 * A feed as a list of facts that can be compared one by one: for feed diff,
 * and for anybody who wants to go through all that a feed says.
 */
#ifndef FEED_FACTS_H
#define FEED_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "feed/read.h"

struct feed_fact {
	const char *name;	/* "enclosure-url"; of unknown elements their
				 * own, "podcast:value". May come repeatedly */
	const char *kind;	/* facts of one kind are compared with each
				 * other: the name, but an unknown element's
				 * with the namespace for the prefix */
	const char *shown;	/* as text; NULL: not said, key is a default */
	const char *key;	/* equal when two facts say the same */
};

struct feed_facts {
	struct feed_fact *list;
	size_t n;
};

/* What is compared how: texts by what they say (markup_says), dates as
 * instants, durations in seconds, addresses with what may not stand in them
 * encoded, unknown elements by their canonical form.
 * What is not said counts as its default: explicit no (an episode's: the
 * show's), type episodic or full, itunes:title the title, content and summary
 * the description, an episode's author and image those of the show, an Atom
 * feed's author its title, the type of an enclosure what the ending of its
 * address tells, its title the item's. A contributor who is among the persons
 * is no other fact. Enclosures that can be played stand
 * before the others.
 * Left out: guid of items, isPermaLink (its effect, a link, is in), format
 * and version, lastBuildDate and pubDate of the channel, generator. */
void feed_facts_channel(struct arena *a, const struct feed_doc *d,
    struct feed_facts *out);
void feed_facts_item(struct arena *a, const struct feed_doc *d,
    const struct feed_doc_item *item, struct feed_facts *out);

/* What a longer text says, as it is compared; NULL: not said. */
const char *feed_facts_says(struct arena *a, const struct feed_doc_text *t);

#endif
