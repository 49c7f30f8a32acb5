/*
 * An old feed becomes a show: show.ini, a Markdown file for each item, and
 * channel.xml with what show.ini has no key for. Nothing is read, fetched or
 * written here: files come out as texts.
 *
 * What a key can say stands in a key; every other element of a channel or item
 * is kept as it stands, as XML. What is built from the files then says what
 * the old feed said (feed/diff.h).
 */
#ifndef FEED_IMPORT_H
#define FEED_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/strmap.h"
#include "feed/read.h"

/* Something to download: audio, a picture, chapters or a transcript. */
struct import_media {
	const char *url;
	const char *name;	/* of the file in the media folder */
	int64_t length;		/* bytes as the feed has it; -1: not said */
	unsigned line;		/* of the feed */
	bool failed;		/* set by the caller: the address stays */
};

struct import_item;

struct import {
	const struct feed_doc *doc;
	const char *slug;	/* the show's; made of its title by default */
	const char *from;	/* the address of the feed; NULL: a file */
	bool with_media;
	struct arena arena;
	struct findings *to;
	struct import_item *items;	/* those that can be imported */
	size_t nitems;
	size_t nleft_out;	/* those that cannot: each was told */
	size_t ndrafts;		/* items that become drafts: without audio */
	struct import_media *media;
	size_t nmedia;
	struct strmap names;	/* of files that are taken */
	struct strmap media_at;	/* by address */
};

/* Looks at all items: names their files, and tells of each that cannot be
 * imported why (SEV_ERROR, rule "import-item", with the line of the feed), of
 * what is doubtful as a warning, of each kind at most ten times. slug NULL:
 * made of the title. doc, from and to must live as long. import_release() is
 * due. */
void import_plan(struct import *im, const struct feed_doc *doc,
    const char *slug, const char *from, bool with_media,
    struct findings *to);
void import_release(struct import *im);

/* The file of an item in the folder of the episodes: "042-bees.md". */
const char *import_name(const struct import *im, size_t i);
/* Its text. -1: there is too much of it (ERR_INPUT with the feed's line). */
int import_episode(struct import *im, size_t i, struct buf *out,
    struct err *err);

/* show.ini, and channel.xml (nothing: it is not needed). -1 as above. */
int import_show(struct import *im, struct buf *ini, struct buf *xml,
    struct err *err);

#endif
