/*
 * For tests of what looks into people's files: a folder of a group's own, which
 * is there for all its tests.
 */
#ifndef FILES_FIXTURE_H
#define FILES_FIXTURE_H

#include "told.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fs.h"

static char dir[] = "/tmp/showmill-files-XXXXXX";
static struct arena a;		/* of the group; that of told.h is a test's */

static inline const char *
put_bytes(const char *name, const void *data, size_t len)
{
	struct err err = ERR_INIT;
	char *path = fs_join(&a, dir, name);

	assert_int_equal(fs_mkdirs(fs_dirname(&a, path), &err), 0);
	assert_int_equal(fs_replace(path, data, len, 0644, NULL, &err), 0);
	return path;
}

static inline const char *
put(const char *name, const char *text)
{
	return put_bytes(name, text, strlen(text));
}

static inline int
take_away(const char *path, const struct stat *st, int kind, struct FTW *f)
{
	(void)st;
	(void)kind;
	(void)f;
	return remove(path);
}

/* For the end of the group. */
static inline int
sweep(void **state)
{
	(void)state;
	arena_release(&a);
	return nftw(dir, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
