/*
 * What the parts of the feed reader share (feed/read.h).
 *
 * An item or channel is read by tables: each row says which field an element
 * fills, and how. The tables are gone through in their order, so that a later
 * one fills only what an earlier one left empty. What no row takes is kept
 * as XML.
 */
#ifndef FEED_READ_INT_H
#define FEED_READ_INT_H

#include "feed/read.h"

struct feed_reader {
	struct feed_doc *doc;
	struct arena *a;		/* the doc's */
	struct findings *to;
	struct feed_doc_item *item;	/* being read; NULL: the channel */
	size_t own_enclosures;		/* of the item, but for those of
					 * media: */
};

/* Not at all (no field, field is full, not understood), wholly, in part. */
enum feed_taken { FEED_NOT, FEED_TAKEN, FEED_PARTLY };

struct feed_field {
	const char *ns;		/* FEED_NS_* */
	const char *name;
	enum feed_taken (*take)(struct feed_reader *r, struct xr_node *n,
	    void *slot);
	size_t offset;		/* of the slot in the item or channel */
	const char *attributes;	/* those that `take` looks at, with blanks
				 * between; NULL: it sees to all itself, and
				 * to elements inside it */
};

#define FEED_END { NULL, NULL, NULL, 0, NULL }

/* Reads the children of element by the tables (ended by NULL) into owner. */
void feed_read_fields(struct feed_reader *r, const struct xr_node *element,
    const struct feed_field *const *tables, void *owner);

void feed_read_complain(struct feed_reader *r, const struct xr_node *n,
    const char *rule, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* A zeroed place more at the end of a list in the arena. */
#define FEED_PUSH(r, list, n) \
	((list) = feed_read_grow((r)->a, (list), (n), sizeof(*(list))), \
	    (n)++, &(list)[(n) - 1])
void *feed_read_grow(struct arena *a, void *list, size_t n, size_t size);

/* Brings namespaces of the tree to the spelling of FEED_NS_*, and prefixes to
 * the usual ones. */
void feed_ns_settle(struct xr_node *root);
bool feed_ns_is(const struct xr_node *n, const char *ns, const char *name);

/* Text without line breaks and double blanks; NULL when nothing is left. */
const char *feed_read_fold(struct arena *a, const char *text);
/* All text in the element, folded. */
const char *feed_read_line(struct feed_reader *r, const struct xr_node *n);
/* An attribute (without prefix), folded; NULL when missing or empty. */
const char *feed_read_attr(struct feed_reader *r, const struct xr_node *n,
    const char *name);
/* As it stands, made absolute where it is relative; NULL: NULL. */
const char *feed_read_url(struct feed_reader *r, const struct xr_node *n,
    const char *url);
/* A whole number of digits only, or -1. */
int64_t feed_read_number(const char *text);
/* Fills an empty slot; a full one takes only the same again. */
enum feed_taken feed_read_set(const char **slot, const char *value);

/* Plain kinds of fields; the type of the slot behind each. */
#define TAKER(name) enum feed_taken name(struct feed_reader *r, \
    struct xr_node *n, void *slot)
TAKER(feed_take_nothing);	/* read elsewhere */
TAKER(feed_take_line);		/* const char * */
TAKER(feed_take_url);		/* const char * */
TAKER(feed_take_prose);		/* struct feed_doc_text */
TAKER(feed_take_explicit);	/* enum feed_doc_flag */
TAKER(feed_take_yes);		/* enum feed_doc_flag */
TAKER(feed_take_number);	/* int64_t, from 1 */
TAKER(feed_take_date);		/* struct feed_doc_date */
TAKER(feed_take_type);		/* const char *: types of shows and episodes */

/* Those that know their place by themselves. */
TAKER(feed_take_category);	/* RSS, dc:subject */
TAKER(feed_take_nested);	/* itunes:category, googleplay:category */
TAKER(feed_take_keywords);
TAKER(feed_take_owner);
TAKER(feed_take_href);		/* const char *: itunes:image */
TAKER(feed_take_image);		/* RSS image */
TAKER(feed_take_guid);
TAKER(feed_take_enclosure);
TAKER(feed_take_duration);

TAKER(feed_take_creator);	/* const char *: dc:creator of an item */
TAKER(feed_take_person);	/* podcast: */
TAKER(feed_take_funding);
TAKER(feed_take_locked);
TAKER(feed_take_season);
TAKER(feed_take_episode);
TAKER(feed_take_chapters_url);
TAKER(feed_take_transcript);
TAKER(feed_take_soundbite);
TAKER(feed_take_chapters);	/* psc: */
TAKER(feed_take_media);		/* media:content */
TAKER(feed_take_media_group);
TAKER(feed_take_thumbnail);

TAKER(feed_take_atom_line);	/* const char *: a text construct */
TAKER(feed_take_atom_text);	/* struct feed_doc_text */
TAKER(feed_take_atom_link);
TAKER(feed_take_atom_category);
TAKER(feed_take_author);
TAKER(feed_take_contributor);

extern const struct feed_field *const feed_channel_tables[];
extern const struct feed_field *const feed_item_tables[];

#endif
