/*
 * Compressed files beside a file: made once, and it is told when.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/compress.h"
#include "base/fs.h"
#include "base/mem.h"

static struct arena arena;
static char dir[] = "/tmp/showmill-compress-XXXXXX";

static const char *
at(const char *name)
{
	return fs_join(&arena, dir, name);
}

static int
setup(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	arena_init(&arena);
	return mkdtemp(dir) == NULL ? -1 : fs_replace(at("feed.xml"), "<rss/>",
	    6, 0644, NULL, &err);
}

static int
teardown(void **state)
{
	(void)state;
	unlink(at("feed.xml"));
	unlink(at("feed.xml.gz"));
	unlink(at("feed.xml.br"));
	rmdir(dir);
	arena_release(&arena);
	return 0;
}

static bool
made(unsigned kinds)
{
	struct err err = ERR_INIT;
	bool told = false;

	assert_int_equal(compress_beside(at("feed.xml"), kinds, &told, &err),
	    0);
	return told;
}

static void
test_made(void **state)
{
	(void)state;
	assert_false(made(0));
	assert_true(made(COMPRESS_GZ));
	assert_false(made(COMPRESS_GZ));
	assert_true(made(COMPRESS_GZ | COMPRESS_BR));
	assert_false(made(COMPRESS_GZ | COMPRESS_BR));
	assert_int_equal(unlink(at("feed.xml.br")), 0);
	assert_true(made(COMPRESS_GZ | COMPRESS_BR));
}

static void
test_several(void **state)
{
	struct err err = ERR_INIT;
	bool told = true;

	(void)state;
	assert_false(made(COMPRESS_GZ));
	assert_int_equal(compress_beside(at("feed.xml"), COMPRESS_GZ, &told,
	    &err), 0);
	assert_true(told);
	told = false;
	assert_int_equal(compress_beside(at("none.xml"), COMPRESS_GZ, &told,
	    &err), -1);
	assert_false(told);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_several),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
