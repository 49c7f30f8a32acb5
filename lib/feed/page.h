/*
 * Pages for shows that have no site: one for the show, one for each episode,
 * by the templates page-show.html and page-episode.html.
 */
#ifndef FEED_PAGE_H
#define FEED_PAGE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "show/show.h"

/* Where a page lies below the folder that is served at the show's `link`, so
 * that it is found under its address: "12/index.html" for LINK12 and LINK12/,
 * "12.html" for LINK12.html. NULL: the address is not below `link`, has a
 * query, or leads out of it. */
const char *page_path(struct arena *a, const struct show *show,
    const char *url);

/* An episode with a page, as the show's page lists it. */
struct page_entry {
	const struct episode *episode;	/* resolved, with a link */
	const char *summary;		/* plain text; set by page_episode() */
};

/* The page of entry[i] of n, newest first, behind what out holds; and its
 * summary, in the arena. Of transcripts that are at hand it shows the words;
 * what is wrong with them goes to findings, as page_transcripts() has it, and
 * "transcript-large" where the page would be too large. ERR_CONFIG with
 * template file and line, ERR_INPUT with the notes' file. */
int page_episode(struct arena *a, const struct show *show,
    const char *templates, struct page_entry *entry, size_t n, size_t i,
    struct findings *to, struct buf *out, struct err *err);
/* The show's own, when those are done. */
int page_show(struct arena *a, const struct show *show, const char *templates,
    const struct page_entry *entry, size_t n, struct buf *out,
    struct err *err);

#endif
