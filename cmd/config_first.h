/*
 * The first config.ini, of the commands that make a show: init, feed import.
 */
#ifndef CMD_CONFIG_FIRST_H
#define CMD_CONFIG_FIRST_H

#include "base/buf.h"
#include "base/mem.h"

/* The config.ini that showmill takes when it is run in dir; NULL: none. */
const char *config_first_above(struct arena *a, const char *dir);

/* The text of one; shows: which show.ini, from its folder. */
void config_first_text(const char *shows, struct buf *out);

/* Prints to standard output when a config.ini that is there does not lead to
 * the show. */
void config_first_check(const char *config, const char *show);

#endif
