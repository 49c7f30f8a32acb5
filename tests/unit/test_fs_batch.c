/*
 * Many new files at once: all of them or none, nothing replaced, nothing left.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/fs_batch.h"
#include "base/mem.h"

static struct arena arena;
static char dir[] = "/tmp/showmill-batch-XXXXXX";
static const char *stage;
static bool no_links;	/* as on a file system that has none */

int
linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	if (no_links) {
		errno = EPERM;
		return -1;
	}
	return (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
}

static const char *
at(const char *name)
{
	return fs_join(&arena, dir, name);
}

static int
setup(void **state)
{
	(void)state;
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	arena_init(&arena);
	if (mkdtemp(dir) == NULL)
		return -1;
	stage = at(".showmill.new");
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = {
		".showmill.new/0", ".showmill.new/17", ".showmill.new/mine"
	};
	struct err ignored = ERR_INIT;
	char **files;
	size_t n, i;

	(void)state;
	for (i = 0; i < 3; i++)
		(void)unlink(at(names[i]));
	(void)rmdir(stage);
	if (fs_list(&arena, dir, &files, &n, &ignored) == 0)
		for (i = 0; i < n; i++)
			(void)unlink(at(files[i]));
	arena_release(&arena);
	return rmdir(dir);
}

static struct fs_batch *
begin(void)
{
	struct err err = ERR_INIT;
	struct fs_batch *b = fs_batch_open(dir, &err);

	if (b == NULL)
		fail_msg("%s", err.msg);
	return b;
}

static void
add(struct fs_batch *b, const char *name, const char *text)
{
	struct err err = ERR_INIT;

	if (fs_batch_add(b, at(name), text, strlen(text), &err) != 0)
		fail_msg("%s", err.msg);
}

static void
holds(const char *name, const char *text)
{
	struct err err = ERR_INIT;
	struct buf b;

	buf_init(&b, 1000);
	if (fs_read(at(name), 1000, &b, NULL, &err) != 0)
		fail_msg("%s", err.msg);
	assert_string_equal(b.data, text);
	buf_release(&b);
}

static void
is_gone(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), -1);
	assert_int_equal(errno, ENOENT);
}

static void
all_at_once(void **state)
{
	struct err err = ERR_INIT;
	struct fs_batch *b = begin();
	char name[24], text[24];
	int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		(void)snprintf(name, sizeof(name), "f%d", i);
		(void)snprintf(text, sizeof(text), "text %d", i);
		add(b, name, text);
		is_gone(at(name));
	}
	assert_int_equal(fs_batch_commit(b, &err), 0);
	holds("f0", "text 0");
	holds("f99", "text 99");
	is_gone(stage);
	assert_int_equal(fs_batch_commit(begin(), &err), 0);
	is_gone(stage);
}

static void
none(void **state)
{
	struct fs_batch *b = begin();

	(void)state;
	add(b, "a", "1");
	fs_batch_abandon(b);
	is_gone(at("a"));
	is_gone(stage);
	fs_batch_abandon(NULL);
}

static void
nothing_is_replaced(void **state)
{
	struct err err = ERR_INIT;
	struct fs_batch *b = begin();

	(void)state;
	assert_int_equal(fs_replace(at("a"), "mine", 4, 0644, NULL, &err), 0);
	assert_int_equal(symlink("nowhere", at("link")), 0);
	add(b, "a", "theirs");
	assert_int_equal(fs_batch_commit(b, &err), -1);
	assert_int_equal(err.kind, ERR_OUTPUT);
	assert_string_equal(err.file, at("a"));
	holds("a", "mine");
	is_gone(stage);
	/* All or none: what had its name already loses it. */
	err = (struct err)ERR_INIT;
	b = begin();
	add(b, "b", "first");
	add(b, "a", "theirs");
	assert_int_equal(fs_batch_commit(b, &err), -1);
	is_gone(at("b"));
	holds("a", "mine");
	b = begin();
	add(b, "link", "theirs");
	assert_int_equal(fs_batch_commit(b, &err), -1);
	is_gone(at("nowhere"));
	assert_int_equal(unlink(at("link")), 0);
	err = (struct err)ERR_INIT;
	/* Where there is no folder. */
	b = begin();
	add(b, "no/x", "1");
	assert_int_equal(fs_batch_commit(b, &err), -1);
	is_gone(stage);
}

static void
without_links(void **state)
{
	struct err err = ERR_INIT;
	struct fs_batch *b = begin();

	(void)state;
	no_links = true;
	add(b, "a", "1");
	add(b, "b", "2");
	assert_int_equal(fs_batch_commit(b, &err), 0);
	holds("a", "1");
	holds("b", "2");
	b = begin();
	add(b, "c", "3");
	add(b, "a", "theirs");
	assert_int_equal(fs_batch_commit(b, &err), -1);
	no_links = false;
	is_gone(at("c"));
	holds("a", "1");
	is_gone(stage);
}

static void
settled(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(fs_replace(at("x.part"), "new", 3, 0644, NULL, &err),
	    0);
	assert_int_equal(fs_settle(AT_FDCWD, at("x.part"), at("x")), 0);
	holds("x", "new");
	is_gone(at("x.part"));
	assert_int_equal(fs_replace(at("y"), "other", 5, 0644, NULL, &err), 0);
	for (no_links = false;; no_links = true) {
		assert_int_equal(fs_settle(AT_FDCWD, at("y"), at("x")), -1);
		assert_int_equal(errno, EEXIST);
		holds("x", "new");
		holds("y", "other");
		if (no_links)
			break;
	}
	assert_int_equal(fs_settle(AT_FDCWD, at("y"), at("z")), 0);
	no_links = false;
	holds("z", "other");
	is_gone(at("y"));
}

/* A run that was killed leaves its folder; what it wrote is not taken. */
static void
left_behind(void **state)
{
	struct err err = ERR_INIT;
	struct fs_batch *b;

	(void)state;
	assert_int_equal(mkdir(stage, 0777), 0);
	assert_int_equal(fs_replace(at(".showmill.new/0"), "old", 3, 0644,
	    NULL, &err), 0);
	assert_int_equal(fs_replace(at(".showmill.new/17"), "old", 3, 0644,
	    NULL, &err), 0);
	b = begin();
	add(b, "a", "new");
	assert_int_equal(fs_batch_commit(b, &err), 0);
	holds("a", "new");
	is_gone(stage);
	/* Another's file stays. */
	assert_int_equal(mkdir(stage, 0777), 0);
	assert_int_equal(fs_replace(at(".showmill.new/mine"), "x", 1, 0644,
	    NULL, &err), 0);
	fs_batch_abandon(begin());
	holds(".showmill.new/mine", "x");
}

static void
one_at_a_time(void **state)
{
	struct err err = ERR_INIT;
	struct fs_batch *b = begin();

	(void)state;
	add(b, "a", "1");
	assert_null(fs_batch_open(dir, &err));
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_int_equal(fs_batch_commit(b, &err), 0);
	holds("a", "1");
	err = (struct err)ERR_INIT;
	assert_null(fs_batch_open(at("no"), &err));
	assert_int_equal(err.kind, ERR_OUTPUT);
}

#define BATCH_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

/* One that is to be replaced is; when another cannot have its name, none was
 * lost. */
static void
replaced(void **state)
{
	struct err err = ERR_INIT;
	struct fs_batch *b = begin();

	(void)state;
	assert_int_equal(fs_replace(at("r"), "old", 3, 0644, NULL, &err), 0);
	assert_int_equal(fs_batch_replace(b, at("r"), "new", 3, &err), 0);
	assert_int_equal(fs_batch_replace(b, at("s"), "first", 5, &err), 0);
	holds("r", "old");
	assert_int_equal(fs_batch_commit(b, &err), 0);
	holds("r", "new");
	holds("s", "first");
	is_gone(stage);
	b = begin();
	assert_int_equal(fs_batch_replace(b, at("r"), "newer", 5, &err), 0);
	add(b, "t", "mine");
	add(b, "s", "second");
	assert_int_equal(fs_batch_commit(b, &err), -1);
	holds("r", "newer");
	holds("s", "first");
	is_gone(at("t"));
	is_gone(stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BATCH_TEST(all_at_once),
		BATCH_TEST(none),
		BATCH_TEST(nothing_is_replaced),
		BATCH_TEST(replaced),
		BATCH_TEST(without_links),
		BATCH_TEST(settled),
		BATCH_TEST(left_behind),
		BATCH_TEST(one_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
