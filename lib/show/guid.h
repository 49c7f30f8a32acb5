/*
 * The pattern of guids (episode_guid), for shows that had others before.
 */
#ifndef SHOW_GUID_H
#define SHOW_GUID_H

#include "base/err.h"
#include "show/show.h"

/* ERR_CONFIG says what is wrong with it. Placeholders are those of addresses
 * (show/pattern.h), {audio} and {link}: the public addresses. */
int guid_check(const char *pattern, struct err *err);

/* The guid of an episode whose other facts are known, as they stand (nothing
 * is percent-encoded); in the show's arena. ERR_INPUT when it needs a fact
 * that the episode does not have. */
const char *guid_fill(struct show *show, const char *pattern,
    const struct episode *e, struct err *err);

#endif
