/*
 * What goes into a digest's templates: nothing that comes from a file may
 * pass for a friend's value.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "mail/digest.h"

#define MARK "\x01" "A\x02"

static char dir[] = "/tmp/showmill-digest-XXXXXX";
static struct arena a;
static struct show show;
static struct episode episode;

static const char *
put(const char *name, const char *text)
{
	struct err err = ERR_INIT;
	char *path = fs_join(&a, dir, name);

	assert_int_equal(fs_replace(path, text, strlen(text), 0644, NULL,
	    &err), 0);
	return path;
}

static int
make(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL;
}

static int
sweep(void **state)
{
	struct err err = ERR_INIT;
	char **names;
	size_t n, i;

	(void)state;
	if (fs_list(&a, dir, &names, &n, &err) != 0)
		return -1;
	for (i = 0; i < n; i++)
		unlink(fs_join(&a, dir, names[i]));
	arena_release(&a);
	return rmdir(dir);
}

/* A sound edition of one episode; the test spoils it. */
static void
model(void)
{
	struct err err = ERR_INIT;

	memset(&show, 0, sizeof(show));
	memset(&episode, 0, sizeof(episode));
	show.file = "show.ini";
	show.title = "A show";
	show.digest.list = "mini";
	episode.title = "One";
	episode.file = put("001.md", "Notes.\n");
	episode.body_line = 1;
	assert_int_equal(fs_stamp(episode.file, &episode.stamp, &err), 0);
	put("digest.subject", "{{show.title}}");
	put("digest.html", "{{friend.name}} {{#episodes}}{{title}}{{/episodes}}"
	    "{{> foot}}");
	put("digest.txt", "{{friend.name}} {{> foot}}");
	put("foot.html", "{{postal_address}}");
	put("foot.txt", "{{postal_address}}");
}

static int
render(struct err *err)
{
	const struct episode *episodes[] = { &episode };
	struct digest_input in = { .show = &show, .episodes = episodes,
		.n = 1, .edition = "2026-W01", .date = { 1767607200, 0 },
		.templates = dir };
	struct digest out;

	if (digest_render(&in, &out, err) != 0)
		return -1;
	assert_non_null(strstr(out.html.data, MARK));
	assert_null(strstr(strstr(out.html.data, MARK) + 1, MARK));
	digest_release(&out);
	return 0;
}

static void
refused(enum err_kind kind, const char *file, unsigned line)
{
	struct err err = ERR_INIT;

	assert_int_equal(render(&err), -1);
	assert_int_equal(err.kind, kind);
	if (strstr(err.file, file) == NULL || err.line != line)
		fail_msg("%s:%u: %s", err.file, err.line, err.msg);
	assert_non_null(strstr(err.msg, "control character"));
}

static void
marks_cannot_be_forged(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	model();
	assert_int_equal(render(&err), 0);
	episode.title = MARK;
	refused(ERR_INPUT, "001.md", 0);
	model();
	episode.sponsor.name = "x" MARK;
	refused(ERR_INPUT, "001.md", 0);
	model();
	show.title = MARK "x";
	refused(ERR_INPUT, "show.ini", 0);
	model();
	show.digest.postal_address = MARK;
	refused(ERR_INPUT, "show.ini", 0);
	model();
	put("001.md", "Notes.\n\n## A topic\n\n&#1;A&#2;\n");
	assert_int_equal(fs_stamp(episode.file, &episode.stamp, &err), 0);
	refused(ERR_INPUT, "001.md", 5);
	episode.body_line = 8;
	refused(ERR_INPUT, "001.md", 12);
	model();
	put("digest.html", "one\n" MARK "\n");
	refused(ERR_CONFIG, "digest.html", 2);
	model();
	put("foot.txt", "\n\n\x1b[31m");
	refused(ERR_CONFIG, "foot.txt", 3);
	model();
	assert_int_equal(render(&err), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_cannot_be_forged),
	};

	return cmocka_run_group_tests(tests, make, sweep);
}
