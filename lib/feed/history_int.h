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
/* Notes were left out whose episode is not known. */
bool history_has_unread(const struct history_check *c);

/* What is found in the show and in the history. */
struct history_index {
	struct strmap by_guid;		/* all episodes of the notes */
	struct strmap by_enclosure;	/* of those in the feed */
	struct strmap was_guid;		/* of the rows */
	struct strmap was_enclosure;
};

/* The enclosures of episodes are in the arena. */
void history_index(struct arena *a, const struct history_check *c,
    struct history_index *x);
void history_index_release(struct history_index *x);
/* The episode of the notes that has the guid of the row; NULL: none. */
const struct episode *history_episode(const struct history_check *c,
    const struct history_index *x, const struct history_row *r);
/* The episode of the feed that has the audio of the row, or its number and
 * title, under a guid that was never published; NULL: none. */
const struct episode *history_renamed(const struct history_check *c,
    const struct history_index *x, const struct history_row *r);

#endif
