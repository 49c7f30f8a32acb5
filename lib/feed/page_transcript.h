/*
 * The transcripts of an episode as its page shows them.
 */
#ifndef FEED_PAGE_TRANSCRIPT_H
#define FEED_PAGE_TRANSCRIPT_H

#include "base/err.h"
#include "base/mem.h"
#include "show/show.h"
#include "text/node.h"

/* A list with one for each language, the show's before others, of the first
 * file at hand that can be read of WebVTT, JSON, SubRip, HTML and plain text.
 * Each has `language`, `dir`, `several` (there are more) and either `html` or
 * `paragraphs` with `time`, `speaker` and `text`, of which the first two may be
 * null. One that cannot be read is a warning ("transcript-file"), unless that
 * was told. */
struct node *page_transcripts(struct arena *a, const struct show *s,
    const struct episode *e, struct findings *to);

#endif
