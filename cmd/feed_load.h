/*
 * Feeds that a command is given: files, or addresses that are fetched.
 */
#ifndef CMD_FEED_LOAD_H
#define CMD_FEED_LOAD_H

#include "base/err.h"
#include "base/mem.h"
#include "feed/read.h"

/* NULL with err where it cannot be read, or is damaged so that something may
 * be missing; `nothing` says what then was not done. With keep_going (may be
 * NULL: no) such a feed is taken, and *keep_going set when it is one. */
struct feed_doc *feed_load(struct arena *a, const char *from,
    const char *nothing, bool *keep_going, struct err *err);

#endif
