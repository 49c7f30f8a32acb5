#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "text/front.h"

static struct arena arena;

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct front
front_of(const char *text)
{
	struct err err = ERR_INIT;
	struct front f;

	if (front_read(&arena, text, strlen(text), &f, &err) != 0)
		fail_msg("%s: %s", text, err.msg);
	return f;
}

/* The message and line with which text is refused. */
static void
refused(const char *text, unsigned line, const char *what)
{
	struct err err = ERR_INIT;
	struct front f;

	if (front_read(&arena, text, strlen(text), &f, &err) == 0)
		fail_msg("taken: %s", text);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(err.line, line);
	if (strstr(err.msg, what) == NULL)
		fail_msg("%s", err.msg);
}

static void
facts_are_read_and_lines_counted(void **state)
{
	static const char plain[] = "---\ntitle: T\nb: [1, 2]\n---\nbody\n";
	struct front f = front_of(plain);

	(void)state;
	assert_string_equal(node_get_text(f.map, "title"), "T");
	assert_int_equal(f.line, 2);
	assert_int_equal(f.body_line, 5);
	assert_string_equal(plain + f.body_offset, "body\n");
	f = front_of("body\n---\na: b\n---\n");
	assert_int_equal(f.map->count, 0);
	assert_int_equal(f.body_offset, 0);
	assert_int_equal(f.line, 0);
	f = front_of("\xef\xbb\xbf---\r\na: b\r\n...\r\nc\r\n");
	assert_string_equal(node_get_text(f.map, "a"), "b");
}

static void
a_comment_and_blank_lines_come_before_the_facts(void **state)
{
	static const char late[] = "\n \r\n--- # head\ntitle: T\n---\nbody\n";
	struct front f = front_of(late);

	(void)state;
	assert_string_equal(node_get_text(f.map, "title"), "T");
	assert_int_equal(f.line, 4);
	assert_int_equal(f.body_line, 6);
	assert_string_equal(late + f.body_offset, "body\n");
	refused("\n\n---\na: b\n", 3, "not closed");
	refused("\n---\na: b\na: c\n---\n", 4, "given twice");
	f = front_of("\n\n");
	assert_int_equal(f.body_offset, 0);
	f = front_of("----\n\nbelow a rule\n");
	assert_int_equal(f.map->count, 0);
}

static void
what_would_pass_for_notes_is_refused(void **state)
{
	(void)state;
	
	refused("{\n  \"title\": \"T\"\n}\n\nbody\n", 1, "JSON");
	refused("\n{ \"title\": \"T\" }\n", 2, "JSON");
	refused("---json\n{}\n---\n", 1, "write --- alone");
	refused("--- title: T\n---\n", 1, "write --- alone");
	refused("---#no comment\n---\n", 1, "write --- alone");
	/* Site builders' words in braces begin notes. */
	assert_int_equal(front_of("{% include x %}\n").body_offset, 0);
	assert_int_equal(front_of("{{< figure >}}\n").body_offset, 0);
	assert_int_equal(front_of("{.lead}\n").body_offset, 0);
}

static void
tags_and_aliases_are_refused(void **state)
{
	(void)state;
	refused("---\na: b\ntitle: !!binary VGl0bGU=\n---\n", 3, "tags");
	refused("---\na: !x [b]\n---\n", 2, "tags");
	refused("---\na: !!set { b }\n---\n", 2, "tags");
	refused("---\n!!str a: b\n---\n", 2, "tags");
	refused("---\na: &x b\nc: *x\n---\n", 3, "aliases");
	assert_string_equal(node_get_text(front_of("---\na: \"!!b\"\n---\n").map,
	    "a"), "!!b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_are_read_and_lines_counted),
		cmocka_unit_test(
		    a_comment_and_blank_lines_come_before_the_facts),
		cmocka_unit_test(what_would_pass_for_notes_is_refused),
		cmocka_unit_test(tags_and_aliases_are_refused),
	};

	return cmocka_run_group_tests_name("front matter", tests, NULL,
	    teardown);
}
