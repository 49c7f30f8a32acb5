/*
 * What is made of an episode's chapters besides what stands in a feed itself.
 */
#ifndef FEED_CHAPTERS_H
#define FEED_CHAPTERS_H

#include "base/buf.h"
#include "base/err.h"
#include "show/show.h"

#define FEED_LINES_MAX 2000	/* bytes of the lines in a description */

enum feed_chapter_lines {
	FEED_LINES_NONE,	/* not wanted, fewer than three, or the first
				 * is not at 0:00, as Apple asks */
	FEED_LINES_ADDED,
	FEED_LINES_LONG		/* more than FEED_LINES_MAX: nothing was
				 * added */
};

/* The chapters as paragraphs of HTML, "0:00 Title" each. */
enum feed_chapter_lines feed_chapters_lines(const struct show *show,
    const struct episode *e, struct buf *out);

/* The JSON chapters file of the episode. */
int feed_chapters_json(const struct show *show, const struct episode *e,
    struct buf *out, struct err *err);

/* How many have a title and are no hidden ones. */
unsigned feed_chapters_listed(const struct episode *e);

#endif
