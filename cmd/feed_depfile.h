/*
 * What feeds were made of, for make and ninja.
 */
#ifndef CMD_FEED_DEPFILE_H
#define CMD_FEED_DEPFILE_H

#include "base/err.h"
#include "cmd/setting.h"

/* Writes a rule to path: the n targets depend on the configuration, the notes
 * with their folder, tables and local audio files of all shows; and each of
 * those on nothing, so that one that goes is no error. Replaces path in one
 * step. */
int feed_depfile_write(const struct setting *s, const char *path,
    const char *const *target, size_t n, struct err *err);

#endif
