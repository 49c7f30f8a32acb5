/*
 * The relays of config.ini, and how they may be used. Private to show/config.
 */
#ifndef SHOW_CONFIG_RELAY_H
#define SHOW_CONFIG_RELAY_H

#include "base/err.h"
#include "show/config.h"
#include "show/options.h"

/* Fills what config.h has of them: `relay`, unless there are sections [relay
 * NAME] and it is not given, and those sections. */
void config_take_relays(struct config *c, const struct options *o,
    struct findings *to);
/* How fast they may be used. */
void config_take_pace(struct config *c, const struct options *o,
    struct findings *to);

#endif
