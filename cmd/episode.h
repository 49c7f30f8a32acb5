/*
 * Between the episode commands.
 */
#ifndef CMD_EPISODE_H
#define CMD_EPISODE_H

#include <stdint.h>

#include "show/show.h"

/* "draft", "expired", "due" or "scheduled". */
const char *episode_state(const struct episode *e, int64_t now);

#endif
