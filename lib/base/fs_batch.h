/*
 * Many new files that reach the disk together: one flush for all, where
 * fs_replace() has one for each.
 */
#ifndef BASE_FS_BATCH_H
#define BASE_FS_BATCH_H

#include <stddef.h>

#include "base/err.h"

struct fs_batch;

/* The files are first written in dir/.showmill.new, a folder that is locked
 * until it goes; what a run that was killed left in it is removed. dir must
 * exist. Held by another run: ERR_TEMPORARY; else ERR_OUTPUT. */
struct fs_batch *fs_batch_open(const char *dir, struct err *err);
/* A file that is to be at path, on the file system of dir. 0 or -1
 * (ERR_OUTPUT); the batch is then good for fs_batch_abandon() only. */
int fs_batch_add(struct fs_batch *b, const char *path, const void *data,
    size_t len, struct err *err);
/* As fs_batch_add(), of a file that may be there: it is replaced. */
int fs_batch_replace(struct fs_batch *b, const char *path, const void *data,
    size_t len, struct err *err);
/* Flushes all of them, and only then gives them their names, so that each is
 * there whole or not at all. A file that is there and is not to be replaced:
 * ERR_OUTPUT, as for all that fails; those that had their names lose them
 * again, but for those that were to replace others. Frees b in any case. */
int fs_batch_commit(struct fs_batch *b, struct err *err);
/* Removes what was written and frees b. NULL is allowed. */
void fs_batch_abandon(struct fs_batch *b);

#endif
