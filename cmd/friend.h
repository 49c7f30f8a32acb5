/*
 * What the friend commands share.
 */
#ifndef CMD_FRIEND_H
#define CMD_FRIEND_H

#include <stdint.h>

#include "base/date.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/ledger.h"

#define FRIEND_SHOW_OPTION \
	{ "--show", "SLUG", "of this show, where config.ini has several" }
#define FRIEND_REJOIN_OPTION \
	{ "--rejoin", NULL, "also those who have left, if they want it so" }

/* Fills a row for the ledger, its strings in the arena. name NULL: the one in
 * the mailbox. ERR_INPUT: what is wrong with the mailbox or the name. */
int friend_make(struct arena *a, const char *list, const char *mailbox,
    const char *name, int64_t now, struct ledger_friend *out, struct err *err);
/* A point in time as the friend commands print it; 0: "". */
void friend_stamp(char out[DATE_TEXT_MAX], int64_t t);

#endif
