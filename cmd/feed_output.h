/*
 * The documents of a show's feeds on their way into their files: each feed
 * itself and, where it has only the newest episodes, those beside it: its
 * archive (RFC 5005 §4) or its further pages (§3).
 */
#ifndef CMD_FEED_OUTPUT_H
#define CMD_FEED_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/fs.h"
#include "cmd/setting.h"
#include "feed/feed.h"

struct feed_output {
	const struct show *show;
	const struct show_feed *feed;
	const char *folder;
	const char *path;	/* as told to the user */
	const char *real;	/* with links resolved, to be compared */
	struct feed_head head;
	size_t document;	/* 0: the feed; from 1 on, of the archive the
				 * oldest first, of pages the newest */
	struct fs_out *file;	/* NULL: it is not made */
	struct feed_writer *writer;
	size_t items;
	/* While it is written: */
	size_t all, seen;	/* episodes of the feed, and those so far */
};

/* How many documents there are beside the feed, at most: when all due episodes
 * have what the feed wants. Each of an archive is full, and stays as it is. */
size_t feed_output_documents(const struct show *show,
    const struct show_feed *f, int64_t now);
/* The name of one of them: "feed.archive-3.xml" for feed.xml, "feed.page-2.xml"
 * for the first behind it. */
const char *feed_output_name(struct arena *a, const struct show_feed *f,
    size_t document);

/* Writes all n of a show beside the old ones. Notes that turn out to be bad
 * when they are rendered are told and left out. */
int feed_outputs_write(struct setting *s, struct show *show,
    struct feed_output *o, size_t n, struct err *err);
void feed_output_abandon(struct feed_output *o);

/* A document beside the feed that there are not enough episodes for. */
bool feed_output_is_unused(const struct feed_output *o);
/* A first feed that would be empty because all was left out, or waits; or one
 * of a section that no episode is for yet. */
bool feed_output_is_void(const struct feed_output *o);

#endif
