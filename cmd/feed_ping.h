/*
 * Telling hubs, Podcast Index and Podping of feeds that have changed.
 */
#ifndef CMD_FEED_PING_H
#define CMD_FEED_PING_H

#include <stdbool.h>

#include "cmd/cmd.h"
#include "cmd/setting.h"

/* Of the feeds of some shows as they lie in their folders, whoever does not
 * know them yet is told; with dry it is only said who would be. left (may be
 * NULL): how many that are. s->cache remembers who knows what, and may be NULL:
 * then all are told. Who cannot be told is a finding, and the err then
 * ERR_TEMPORARY: a later run tells them. As feed_ping_key() before all. */
int feed_ping_shows(struct setting *s, struct cmd_args *args,
    struct show *const *shows, size_t n, bool dry, size_t *left,
    struct err *err);

/* The key for podping.cloud, in the arena; NULL where none of the shows has
 * `podping`. Where one has and there is no key, ERR_CONFIG with the lines of
 * both files. */
int feed_ping_key(const struct setting *s, struct arena *a,
    struct show *const *shows, size_t n, const char **key, struct err *err);

/* The hex of the SHA-256 of a text, and of a feed's file, in the arena. */
const char *feed_ping_sum(struct arena *a, const char *text);
int feed_ping_digest(struct arena *a, const char *path, const char **out,
    struct err *err);

#endif
