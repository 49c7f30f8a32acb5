/*
 * What the feed writers share among themselves.
 */
#ifndef FEED_FEED_INT_H
#define FEED_FEED_INT_H

#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "feed/feed.h"
#include "text/xml.h"
#include "text/xml_read.h"

struct feed_writer;

struct feed_kind {
	/* All that comes before the first item; leaves open what holds them. */
	int (*head)(struct feed_writer *f, struct err *err);
	int (*item)(struct feed_writer *f, const struct feed_item *item,
	    struct err *err);
	/* All that comes behind the last item. NULL: the format is XML, whose
	 * open elements end by themselves. */
	int (*tail)(struct feed_writer *f, struct err *err);
};

struct feed_writer {
	const struct feed_kind *kind;
	struct feed_head head;
	struct xw *w;		/* XML */
	struct buf scratch;	/* for one value */
	/* JSON: */
	int (*write)(void *ctx, const void *data, size_t len);
	void *ctx;
	bool failed;		/* something could not be written */
	bool any;		/* there is an item before */
};

extern const struct feed_kind feed_rss;
extern const struct feed_kind feed_atom;
extern const struct feed_kind feed_json;

/* Nothing when text is NULL or "". */
void feed_optional(struct feed_writer *f, const char *name, const char *text);
void feed_number(struct feed_writer *f, const char *name, int64_t value);

/* Whether an element of that name stands in the XML of somebody's own, and so
 * instead of what the facts say. xml NULL: no. */
bool feed_has_own(const struct show_xml *xml, const char *name);

/* The XML of somebody's own, for Atom. An element of Atom's in it stands
 * instead of what the facts say; one without a namespace is RSS's, and the
 * Atom writer says with its own elements what that means. */
struct feed_own {
	struct arena arena;
	struct xr_node *root;	/* what holds them; NULL: none */
};

int feed_own_open(struct feed_own *o, const struct show_xml *xml,
    struct err *err);
void feed_own_close(struct feed_own *o);	/* in any case */
/* The first element of that name behind another one (NULL: of all). */
struct xr_node *feed_own_next(const struct feed_own *o, struct xr_node *behind,
    const char *ns, const char *name);
/* Its text, "" when nothing stands in it; NULL: there is none. */
const char *feed_own_text(struct feed_own *o, const char *ns,
    const char *name);
/* All of Atom's and of other namespaces, but what comes from the facts in any
 * case: a link to the feed itself, and the notes. */
void feed_own_write(struct feed_writer *f, const struct feed_own *o);

/* An element of the facts, unless one stands in the XML of somebody's own:
 * text that is not empty, a number above 0, an itunes:image, and the
 * itunes:category of the show. */
void feed_told(struct feed_writer *f, const struct show_xml *xml,
    const char *name, const char *text);
void feed_counted(struct feed_writer *f, const struct show_xml *xml,
    const char *name, int64_t value);
void feed_image(struct feed_writer *f, const struct show_xml *xml,
    const char *url);
void feed_categories(struct feed_writer *f);

/* podcast:person of each. */
void feed_people(struct feed_writer *f, const struct show_person *list,
    size_t n);
/* psc:chapters; but for those of the XML. */
void feed_psc(struct feed_writer *f, const struct episode *e,
    const struct show_xml *xml);
/* What lies beside the audio: podcast:transcript, podcast:chapters,
 * psc:chapters; but for those of the XML. */
void feed_beside(struct feed_writer *f, const struct episode *e,
    const struct show_xml *xml);
/* Those that are said by their own names; but for those of the XML. */
void feed_podcast(struct feed_writer *f, const struct podcast_tag *list,
    const struct show_xml *xml);
/* podcast:podping, where Podping is told of the RSS feed, and neither those nor
 * the XML say so already. */
void feed_podping(struct feed_writer *f);
/* podcast:episode and podcast:season, where they are not among those. */
void feed_numbers(struct feed_writer *f, const struct episode *e,
    const struct show_xml *xml);
/* podcast:alternateEnclosure of each of several files; but for those of the
 * XML. */
void feed_alternates(struct feed_writer *f, const struct episode *e,
    const struct show_xml *xml);
/* RFC 5005: links to other documents of the feed, each by link(); fh:archive of
 * one of an archive, fh:complete. */
void feed_history(struct feed_writer *f, void (*link)(struct feed_writer *f,
    const char *rel, const char *href));
/* For feed readers, where an episode has what they tell and the XML does not:
 * dc:creator of its people (RSS), media:thumbnail of an image of its own, and
 * media:group of its files (RSS). */
void feed_creator(struct feed_writer *f, const struct episode *e);
void feed_thumbnail(struct feed_writer *f, const struct episode *e);
void feed_group(struct feed_writer *f, const struct episode *e);
/* The bit of a namespace, and those of what feed_beside() writes. */
unsigned feed_space(const char *prefix);
unsigned feed_podcast_spaces(const struct episode *e);
/* Declares namespaces by their bits: with those that each format always has; in
 * Atom without those of Atom and of content. */
void feed_spaces(struct feed_writer *f, unsigned spaces, bool rss);

#endif
