/*
 * Telling hubs and Podcast Index of feeds that have changed.
 */
#ifndef CMD_FEED_PING_H
#define CMD_FEED_PING_H

#include <stdbool.h>

#include "cmd/cmd.h"
#include "cmd/setting.h"

/* Of the shows' feeds as they lie in their folders, whoever does not know them
 * yet is told; with dry it is only said who would be. s->cache remembers who
 * knows what, and may be NULL: then all are told. Who cannot be told is a
 * finding, and the err then ERR_TEMPORARY: a later run tells them. */
int feed_ping_shows(struct setting *s, struct cmd_args *args, bool dry,
    struct err *err);

#endif
