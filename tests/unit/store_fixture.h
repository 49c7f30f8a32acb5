/*
 * For the tests of the store: a folder of their own, and a ledger with
 * friends and an edition. Each test starts with an empty folder.
 */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

static char fixture_dir[200];
static struct err err;
static struct arena arena;

static inline int
fixture_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	const struct err none = ERR_INIT;

	(void)state;
	err = none;
	arena_init(&arena);
	snprintf(fixture_dir, sizeof(fixture_dir), "%s/showmill-store-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	return mkdtemp(fixture_dir) == NULL ? -1 : 0;
}

static inline int
fixture_teardown(void **state)
{
	char path[600];
	struct dirent *e;
	DIR *d = opendir(fixture_dir);

	(void)state;
	arena_release(&arena);
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", fixture_dir, e->d_name);
		unlink(path);
	}
	if (d != NULL)
		closedir(d);
	return rmdir(fixture_dir);
}

static inline const char *
fixture_path(const char *name)
{
	return arena_printf(&arena, "%s/%s", fixture_dir, name);
}

/* Fails the test with the err's text. */
static inline void
fixture_ok(int rc)
{
	char text[2000];

	if (rc >= 0)
		return;
	err_format(&err, text, sizeof(text));
	fail_msg("%s", text);
}

/* What failed did so in that way, told with these words; err is clean again. */
static inline void
fixture_told(enum err_kind kind, const char *words)
{
	const struct err none = ERR_INIT;
	char text[2000];

	err_format(&err, text, sizeof(text));
	if (err.kind != kind || strstr(text, words) == NULL)
		fail_msg("kind %d (%d expected): %s", err.kind, kind, text);
	err = none;
}

#endif
