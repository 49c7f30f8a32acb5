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

static const char *const same[] = { NULL };

/* What sh makes of a script, by run_filter(). */
static int
filter(const char *script, const char *in, size_t len, unsigned seconds,
    struct buf *out, int *code, struct err *err)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	void (*was)(int) = signal(SIGPIPE, SIG_IGN);
	int rc = run_filter(argv, same, in, len, seconds, out, code, err);

	signal(SIGPIPE, was);
	return rc;
}

static void
filters(void **state)
{
	static const char *const set[] = { "RUN_TWO=set", NULL };
	const char *argv[] = { "printenv", "RUN_TWO", NULL };
	struct err err = ERR_INIT;
	size_t len = 3 << 20;
	char *in = arena_alloc(&arena, len);
	struct buf out;
	int code = -1;

	(void)state;
	memset(in, 'x', len);
	buf_init(&out, 0);
	/* More than a pipe holds, in both directions. */
	assert_int_equal(filter("cat; exit 3", in, len, 20, &out, &code,
	    &err), 0);
	assert_int_equal(code, 3);
	assert_int_equal(out.len, len);
	assert_memory_equal(out.data, in, len);
	buf_clear(&out);
	/* It need not read what it is given. */
	assert_int_equal(filter("echo done", in, len, 20, &out, &code, &err),
	    0);
	assert_string_equal(out.data, "done\n");
	buf_clear(&out);
	assert_int_equal(filter("kill -PIPE $$", "", 0, 20, &out, &code,
	    &err), 0);
	assert_int_equal(code, 128 + SIGPIPE);
	assert_int_equal(setenv("RUN_TWO", "old", 1), 0);
	assert_int_equal(run_filter(argv, set, "", 0, 20, &out, &code, &err),
	    0);
	assert_string_equal(out.data, "set\n");
	buf_release(&out);
}

static void
filters_that_fail(void **state)
{
	const char *none[] = { "showmill-no-such-program", NULL };
	struct err err = ERR_INIT;
	struct buf out;
	int code = -1;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(run_filter(none, same, "", 0, 1, &out, &code, &err),
	    -1);
	assert_int_equal(err.kind, ERR_NOINPUT);
	assert_int_equal(run_apart(none, &code, &err), -1);
	assert_int_equal(err.kind, ERR_NOINPUT);
	assert_int_equal(filter("sleep 20", "", 0, 0, &out, &code, &err), -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_int_equal(filter("exec >&-; sleep 20", "", 0, 1, &out, &code,
	    &err), -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
	/* More than is wanted. */
	assert_int_equal(filter("yes", "", 0, 20, &out, &code, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	buf_release(&out);
}

static void
programs_apart(void **state)
{
	const char *fails[] = { "sh", "-c", "exit 7", NULL };
	const char *stays[] = { "sleep", "1", NULL };
	struct err err = ERR_INIT;
	int code = -1;

	(void)state;
	assert_int_equal(run_apart(fails, &code, &err), 0);
	assert_int_equal(code, 7);
	assert_int_equal(run_apart(stays, &code, &err), 0);
	assert_int_equal(code, 0);
}

/* The first line, and nothing of it where it is not whole. */
static void
first_line(void **state)
{
	static const struct {
		const char *command, *line;	/* NULL: it does not fit */
		int code;
	} rows[] = {
		{ "echo one; echo two", "one", 0 },
		{ "printf 'no end'", "no end", 0 },
		{ "printf 'a\\r\\nb\\n'", "a", 0 },
		{ "printf ' a b '", " a b ", 0 },
		{ "exit 4", "", 4 },
		{ "echo x; exit 5", "x", 5 },
		{ "echo; echo second", "", 0 },
		{ "pwd", dir, 0 },
		{ "cat", "", 0 },
		{ "echo 12345678901234567890123456789", "12345678901234567890"
		    "123456789", 0 },
		{ "echo 1234567890123456789012345678901", NULL, 0 },
		{ "printf 'a\\0b\\n'", NULL, 0 },
		{ "head -c 300000 /dev/zero | tr '\\0' x", NULL, 0 },
		{ "echo y; head -c 300000 /dev/zero", "y", 0 },
	};
	struct err err;
	char out[31];
	size_t i;
	int code, rc;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("%s\n", rows[i].command);
		memset(&err, 0, sizeof(err));
		rc = run_shell_line(rows[i].command, dir, out, sizeof(out),
		    &code, &err);
		assert_int_equal(rc, rows[i].line != NULL ? 0 : -1);
		if (rc == 0) {
			assert_string_equal(out, rows[i].line);
			assert_int_equal(code, rows[i].code);
		} else
			assert_int_equal(err.kind, ERR_INPUT);
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(exit_codes), TEST(surroundings),
		TEST(broken_pipes_end_it), TEST(no_such_folder),
		TEST(filters), TEST(filters_that_fail),
		TEST(programs_apart), TEST(first_line)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
