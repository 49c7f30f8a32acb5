/*
 * A folder whose reading breaks off: readdir(3) is this program's own, and
 * fails behind the first entries when it is told to.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fs.h"
#include "told.h"

static int left = -1;	/* entries until it fails; -1: never */

struct dirent *
readdir(DIR *d)
{
	static struct dirent entry;
	static int n;

	(void)d;
	if (left == 0) {
		errno = EIO;
		n = 0;
		return NULL;
	}
	if (left > 0)
		left--;
	if (n == 3) {
		n = 0;
		return NULL;
	}
	memset(&entry, 0, sizeof(entry));
	entry.d_type = DT_REG;
	entry.d_name[0] = (char)('c' - n++);
	return &entry;
}

static void
broken_off(void **state)
{
	char dir[] = "/tmp/fs_list.XXXXXX";
	struct err err = ERR_INIT;
	char **names;
	size_t n;
	int i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(fs_list(&arena, dir, &names, &n, &err), 0);
	assert_int_equal(n, 3);
	assert_string_equal(names[0], "a");
	for (i = 0; i <= 3; i++) {
		left = i;
		assert_int_equal(fs_list(&arena, dir, &names, &n, &err), -1);
		assert_int_equal(err.kind, ERR_IO);
		assert_string_equal(err.file, dir);
		assert_non_null(strstr(err.msg, "Input/output error"));
	}
	/* errno of before is no failure of this folder. */
	left = -1;
	errno = EIO;
	assert_int_equal(fs_list(&arena, dir, &names, &n, &err), 0);
	assert_int_equal(n, 3);
	rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { TOLD_TEST(broken_off) };

	return cmocka_run_group_tests_name("fs_list", tests, NULL, NULL);
}
