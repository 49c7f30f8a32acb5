/*
 * The files of a folder and of the folders in it.
 */
#ifndef BASE_FS_WALK_H
#define BASE_FS_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

#define FS_WALK_DEPTH_MAX 8

struct fs_walk {
	unsigned depth;		/* folders within each other that are entered,
				 * FS_WALK_DEPTH_MAX at most; 0: none */
	/* Whether the folder with that path from the top is entered. */
	bool (*enter)(void *ctx, const char *path);
	/* Is told of one that enter() wants and that is not entered, since it
	 * lies too deep, or leads back to a folder that it lies in. */
	void (*passed)(void *ctx, const char *path, bool loops);
	void *ctx;
};

/* Paths, from dir, of the regular files in it and in the folders that are
 * entered; links are followed, and one that leads nowhere counts as a file;
 * names that begin with a dot are passed over. Sorted bytewise. ERR_NOINPUT
 * or ERR_IO when one of the folders cannot be read. */
int fs_walk(struct arena *a, const char *dir, const struct fs_walk *rules,
    char ***paths, size_t *count, struct err *err);

#endif
