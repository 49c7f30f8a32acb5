/*
 * The pages of a show beside its feeds.
 */
#ifndef CMD_FEED_PAGES_H
#define CMD_FEED_PAGES_H

#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/setting.h"

/* Whether pages are made of a show: by `pages`, or --pages. */
bool feed_pages_wanted(const struct cmd_args *args, const struct show *show);

/* Writes the pages of the episodes that are in the feed, and the show's, below
 * folder; a page that would not change is not touched. *changed: one did, or a
 * compressed one was made beside it. Pages of episodes that are no more are
 * left. What is wrong is an err: ERR_CONFIG where pages have no place below
 * `link`. */
int feed_pages_write(struct setting *s, struct show *show,
    const char *folder, bool *changed, struct err *err);

#endif
