/*
 * Episodes that claim the same: a guid, which tells players that they are one
 * episode, or a number.
 */
#ifndef SHOW_TWINS_H
#define SHOW_TWINS_H

#include <stdbool.h>

#include "base/err.h"
#include "show/show.h"

/* Marks in bad (as many as the show has episodes) those that give way. One of
 * them stays: a draft gives way to what may be out, and of others the file
 * whose name is later, so that a slip in a new file takes nothing from the
 * feed. Rules "episode-guid-twice" and "episode-number-twice"; the latter is a
 * warning, and nobody gives way, where the guids differ. */
void twins_check(struct show *s, bool *bad, struct findings *to);

/* A guid as it is compared: that of a UUID in small letters, also where it
 * stands behind urn:uuid:, since Atom (RFC 4287 §4.2.6) makes one id of
 * them. */
const char *twins_key(struct arena *a, const char *guid);

#endif
