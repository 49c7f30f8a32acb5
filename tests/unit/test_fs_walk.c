/*
 * Walking through folders: order, depth, links in a ring, and folders that
 * are gone or cannot be read.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/fs_walk.h"
#include "told.h"

static char top[32];
static struct buf passed_over;
static const char *gone;	/* is removed when it is about to be entered */

static bool
enter(void *ctx, const char *path)
{
	(void)ctx;
	if (gone != NULL && strcmp(path, gone) == 0)
		assert_int_equal(rmdir(fs_join(&arena, top, path)), 0);
	return path[0] != '_';
}

static void
passed(void *ctx, const char *path, bool loops)
{
	(void)ctx;
	buf_addf(&passed_over, "%s%s ", path, loops ? "!" : "");
}

static void
put(const char *path)
{
	struct err err = ERR_INIT;
	const char *full = fs_join(&arena, top, path);

	assert_int_equal(fs_mkdirs(fs_dirname(&arena, full), &err), 0);
	assert_int_equal(fs_replace(full, "x", 1, 0644, NULL, &err), 0);
}

/* All paths, with a blank behind each; NULL when it fails. */
static const char *
walk(unsigned depth, struct err *err)
{
	struct fs_walk rules = { depth, enter, passed, NULL };
	char **paths;
	size_t n, i;
	const char *all = "";

	buf_clear(&passed_over);
	if (fs_walk(&arena, top, &rules, &paths, &n, err) != 0)
		return NULL;
	for (i = 0; i < n; i++)
		all = arena_printf(&arena, "%s%s ", all, paths[i]);
	return all;
}

static void
walked(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	put("b.md");
	put("a/z.md");
	put("a/b/y.md");
	put("a-1.md");
	put(".hidden/x.md");
	put("_aside/x.md");
	put(".x.md");
	assert_int_equal(symlink("../..", fs_join(&arena, top, "a/b/up")), 0);
	assert_int_equal(symlink("nowhere", fs_join(&arena, top, "dead")), 0);
	assert_int_equal(symlink("b.md", fs_join(&arena, top, "c.md")), 0);
	assert_int_equal(mkfifo(fs_join(&arena, top, "fifo"), 0600), 0);
	assert_string_equal(walk(0, &err), "a-1.md b.md c.md dead ");
	assert_string_equal(passed_over.data, "a ");
	assert_string_equal(walk(1, &err), "a-1.md a/z.md b.md c.md "
	    "dead ");
	assert_string_equal(passed_over.data, "a/b ");
	assert_string_equal(walk(8, &err), "a-1.md a/b/y.md a/z.md b.md "
	    "c.md dead ");
	assert_string_equal(passed_over.data, "a/b/up! ");
}

static void
failed(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	put("a/z.md");
	assert_int_equal(mkdir(fs_join(&arena, top, "e"), 0755), 0);
	gone = "e";
	assert_null(walk(8, &err));
	gone = NULL;
	assert_int_equal(err.kind, ERR_NOINPUT);
	assert_non_null(strstr(err.file, "/e"));
	assert_string_equal(walk(8, &err), "a/z.md ");
}

static int
begin(void **state)
{
	memcpy(top, "/tmp/fs_walk.XXXXXX", 20);
	setup(state);
	buf_init(&passed_over, 0);
	return mkdtemp(top) == NULL;
}

static int
end(void **state)
{
	const char *command = arena_printf(&arena, "rm -r %s", top);
	int rc = system(command);

	buf_release(&passed_over);
	teardown(state);
	return rc;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(walked, begin, end),
		cmocka_unit_test_setup_teardown(failed, begin, end),
	};

	return cmocka_run_group_tests_name("fs_walk", tests, NULL, NULL);
}
