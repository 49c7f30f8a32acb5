/*
 * Whether a feed that has moved is found by those who ask at its old addresses.
 */
#ifndef CMD_FEED_MOVED_H
#define CMD_FEED_MOVED_H

#include "cmd/cmd.h"
#include "cmd/setting.h"

/* Asks each `moved_from` of each show, and then what is served at feed_url. All
 * that is wrong is told with what to do; then -1. */
int feed_moved_check(struct setting *s, struct cmd_args *args,
    struct err *err);

#endif
