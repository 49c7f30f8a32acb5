/*
 * What the files of feed/history share.
 */
#ifndef FEED_HISTORY_INT_H
#define FEED_HISTORY_INT_H

#include "base/strmap.h"
#include "feed/history.h"

/* An episode is in the feed that is built. */
bool history_is_in(const struct history_check *c, const struct episode *e);
/* Of an RFC 3339 text; INT64_MIN where it is none. */
int64_t history_time(const char *text);
/* The address of the audio as the history has it. */
const char *history_enclosure(struct arena *a, const struct episode *e);

#endif
