/*
 * OPML 2.0 (http://opml.org/spec2.opml): the shows as a list of subscriptions
 * that podcast players and feed readers import.
 */
#ifndef FEED_OPML_H
#define FEED_OPML_H

#include <stddef.h>

#include "base/date.h"
#include "base/err.h"
#include "show/show.h"

/* One outline for each show, with its RSS feed, sorted by title. modified: of
 * the list. write takes all bytes or returns -1 (ERR_OUTPUT then). */
int opml_write(const char *title, const struct date *modified,
    struct show *const *shows, size_t n,
    int (*write)(void *ctx, const void *data, size_t len), void *ctx,
    struct err *err);

#endif
