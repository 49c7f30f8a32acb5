/*
 * Whether the public address of a feed serves what was built.
 */
#ifndef CMD_PUBLISH_VERIFY_H
#define CMD_PUBLISH_VERIFY_H

#include "cmd/cmd.h"
#include "cmd/setting.h"

/* path: the RSS feed that was built. Asks feed_url until it serves the same
 * bytes, or the same guids in the same order with the same enclosure of the
 * newest item; for config's verify_for at most, and once at least. Else
 * ERR_TEMPORARY that says what is there, or the err of the last request. */
int publish_verify(const struct setting *s, const struct show *show,
    const char *path, struct err *err);

#endif
