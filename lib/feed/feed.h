/*
 * Feed writers. All outputs are sinks that are fed in one ordered pass, the
 * newest item first; nothing is kept of an item after feed_item().
 */
#ifndef FEED_FEED_H
#define FEED_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "show/feeds.h"
#include "show/show.h"

struct feed_item {
	const struct episode *episode;	/* its audio may have no url: then
					 * it has none */
	const char *html;	/* the whole notes, a clean fragment */
	const char *summary;	/* plain text, one paragraph; may be "" */
};

struct feed_head {
	const struct show *show;
	const char *self_url;	/* where this document is served */
	struct date updated;	/* newest date or updated of the items */
	unsigned spaces;	/* feed_spaces_of() all items together */
	const char *entries;	/* the guid in whose namespace the ids of Atom
				 * entries are made; NULL: the show's */
	/* Of a feed in several documents (RFC 5005); NULL: none. */
	const char *prev_archive, *next_archive;	/* §4 */
	const char *current;	/* the feed that this is in the archive of */
	const char *first, *last, *previous, *next;	/* §3 */
	bool complete;		/* it has all there is (§2) */
};

struct feed_writer;

/*
 * The id of an Atom entry (RFC 4287 §4.2.6) is made of the guid alone, so
 * that it stays as long as the guid does: a UUID becomes urn:uuid:GUID; a guid
 * that is an absolute IRI is taken as it stands; any other ("434", "ep 12")
 * becomes urn:uuid: and the UUIDv5, in the namespace of the show's guid, of
 * "guid:" and the guid. The feed's own id is urn:uuid: and the show's guid.
 * An atom:id in the XML of somebody's own goes before both.
 */
bool feed_atom_is_id(const char *guid);		/* is taken as it stands */

/* The namespaces (bits of text/xml_fragment.h) that must be declared at the
 * head of a feed with this item. */
unsigned feed_spaces_of(const struct show *s, const struct episode *e,
    enum feed_format format);

/* write takes all bytes or returns -1 (the writer's close then fails). The
 * values behind head must live until feed_close(). */
struct feed_writer *feed_open(enum feed_format format,
    const struct feed_head *head,
    int (*write)(void *ctx, const void *data, size_t len), void *ctx,
    struct err *err);
int feed_item(struct feed_writer *f, const struct feed_item *item,
    struct err *err);
/* Ends the document and frees f in any case. */
int feed_close(struct feed_writer *f, struct err *err);

#endif
