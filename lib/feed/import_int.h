/*
 * What the parts of the importer share.
 */
#ifndef FEED_IMPORT_INT_H
#define FEED_IMPORT_INT_H

#include "feed/import.h"

struct import_item {
	const struct feed_doc_item *doc;
	const char *name;	/* of the file, without folder */
	const char *stem;	/* that without ending */
	const char *guid;
	const char *title;
	const struct feed_doc_enclosure *audio;	/* NULL: none (a draft) */
	const char *audio_url;	/* as it may be published */
	struct date date;	/* as told, or made to keep the order */
	bool dated;
	int64_t number;		/* 0: none, or another item has it */
};

/* XML of an item or channel that is kept, a line for each element. */
struct import_xml {
	struct buf text;
	const struct feed_doc_raw *unknown;	/* elements that were not, or
						 * only in part, understood */
	size_t nunknown;
};

/* Adds an element as it stands, without the declarations of namespaces that
 * need none. */
void import_xml_keep(struct import_xml *x, const struct xr_node *n);
/* Adds <name>text</name>; text NULL: <name/>. */
void import_xml_add(struct import_xml *x, const char *name, const char *text);
/* Adds <enclosure/>, without the title, for which RSS has no place. */
void import_xml_enclosure(struct import_xml *x,
    const struct feed_doc_enclosure *e);
/* Whether one of the elements with that name must be kept. */
bool import_xml_is_unknown(const struct import_xml *x,
    const struct xr_node *n);
/* Whether one of that name stands in the element. */
bool import_xml_has(const struct xr_node *parent, const char *ns,
    const char *name);
/* Whether nothing stands in the element. */
bool import_xml_is_empty(const struct xr_node *n);
/* 0, or -1 when it is too large for a place. */
int import_xml_check(const struct import_xml *x, const char *what,
    struct err *err);

/* Whether a text, if there is one, has no control characters and so can be the
 * value of a key. */
bool import_is_clean(const char *text);
/* A text as one line without marks; NULL: nothing. */
const char *import_plain(struct arena *a, const struct feed_doc_text *t);
/* Whether a text is a plain one of a single paragraph. */
bool import_is_plain(const struct feed_doc_text *t);
bool import_same(const char *x, const char *y);	/* NULL equals NULL */
bool import_is_address(const char *url);	/* NULL: no */
/* An address that may be published: with what may not stand in it encoded;
 * NULL: none. */
const char *import_address(struct arena *a, const char *url);

/* Where an address is to be found when it was downloaded: the name in the
 * media folder; NULL: it stays where it is. */
const char *import_local(const struct import *im, const char *url);
/* The public address of the media folder, with a slash behind it. */
const char *import_media_url(struct import *im);
/* The address of what lies in the same folder as url. */
const char *import_beside(struct arena *a, const char *url,
    const char *name);
/* That of the old feed; why: it is not known, and this is how it was made. */
const char *import_feed_url(struct import *im, const char **why);

/* Fills im->media. */
void import_media_plan(struct import *im);

/* Whether podcast:person are wholly said by the key `people`, and dc:creator by
 * what is made of that. */
bool import_people_said(const struct feed_doc_item *d);
bool import_creator_said(struct import *im, const struct feed_doc_item *d);

/* Whether psc:chapters of the item are wholly said by the key `chapters`: not
 * where podcast:chapters takes that, and not chapters without a title, out of
 * order, or with what is not known. */
bool import_chapters_said(const struct import_xml *x,
    const struct feed_doc_item *d);
/* Writes the key. */
void import_chapters(const struct feed_doc_item *d, struct buf *out);

/* The notes as Markdown, and what else tells the description and content of
 * the item: summary (NULL: none) and XML. */
int import_notes(struct import *im, const struct import_item *it,
    struct buf *out, const char **summary, struct import_xml *x,
    struct err *err);

#endif
