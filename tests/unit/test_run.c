/*
 * Commands of the person's: where they run, with what, and how they end.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/run.h"
#include "told.h"

static char dir[] = "/tmp/showmill-run-XXXXXX";

static int
begin(void **state)
{
	return mkdtemp(dir) == NULL ? -1 : setup(state);
}

static int
end(void **state)
{
	unlink(arena_printf(&arena, "%s/out", dir));
	rmdir(dir);
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	return teardown(state);
}

static int
code_of(const char *command)
{
	static const char *const none[] = { NULL };
	struct err err = ERR_INIT;
	int code = -1;

	if (run_shell(command, dir, none, &code, &err) != 0)
		fail_msg("%s", err.msg);
	return code;
}

static void
exit_codes(void **state)
{
	(void)state;
	assert_int_equal(code_of("exit 0"), 0);
	assert_int_equal(code_of("exit 23"), 23);
	assert_int_equal(code_of("false; true"), 0);
	assert_int_equal(code_of("kill -TERM $$"), 128 + SIGTERM);
	assert_int_equal(code_of("/nowhere/command 2>/dev/null"), 127);
}

static void
surroundings(void **state)
{
	static const char *const add[] = { "RUN_ONE=a b", "RUN_TWO=new",
		NULL };
	struct err err = ERR_INIT;
	struct buf out;
	int code = -1;

	(void)state;
	assert_int_equal(setenv("RUN_TWO", "old", 1), 0);
	assert_int_equal(setenv("RUN_ONEX", "kept", 1), 0);
	/* Standard input has nothing in it, whatever ours has. */
	if (run_shell("{ pwd; echo \"$RUN_ONE|$RUN_TWO|$RUN_ONEX\"; "
	    "env | grep -c ^RUN_TWO=; cat; } > out", dir, add, &code,
	    &err) != 0)
		fail_msg("%s", err.msg);
	assert_int_equal(code, 0);
	assert_string_equal(getenv("RUN_TWO"), "old");
	buf_init(&out, 0);
	assert_int_equal(fs_read(arena_printf(&arena, "%s/out", dir), 4096,
	    &out, NULL, &err), 0);
	assert_string_equal(out.data, arena_printf(&arena,
	    "%s\na b|new|kept\n1\n", dir));
	buf_release(&out);
}

/* The program ignores SIGPIPE; `yes | head` would never end if its child did. */
static void
broken_pipes_end_it(void **state)
{
	void (*was)(int) = signal(SIGPIPE, SIG_IGN);

	(void)state;
	assert_int_equal(code_of("kill -PIPE $$; exit 3"), 128 + SIGPIPE);
	signal(SIGPIPE, was);
}

static void
no_such_folder(void **state)
{
	static const char *const none[] = { NULL };
	struct err err = ERR_INIT;
	int code = -1;

	(void)state;
	assert_int_equal(run_shell("true", "/nowhere", none, &code, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.msg, "/nowhere"));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(exit_codes), TEST(surroundings),
		TEST(broken_pipes_end_it), TEST(no_such_folder)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
