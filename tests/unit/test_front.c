#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
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

	f = front_of("---\na: 1\nb: 2\na: 3\n---\n");
	assert_string_equal(node_get_text(f.map, "a"), "3");
	assert_string_equal(node_get_text(f.map, "b"), "2");
	assert_int_equal(f.map->count, 2);
	assert_int_equal(node_get(f.map, "a")->again, 2);
	f = front_of("---\na: 1\na: 3\n---\n");
	assert_ptr_equal(f.map->first, f.map->last);

	f = front_of("\n\n");
	assert_int_equal(f.body_offset, 0);
	f = front_of("----\n\nbelow a rule\n");
	assert_int_equal(f.map->count, 0);
}

static void
what_would_pass_for_notes_is_refused(void **state)
{
	(void)state;
	refused(";;;\n{}\n;;;\n", 1, ";;;");
	refused("---js\n{}\n---\n", 1, "write --- alone");
	refused("--- title: T\n---\n", 1, "write --- alone");
	refused("---#no comment\n---\n", 1, "write --- alone");
	refused("title: T\ndate: x\n---\n", 1, "no --- before");
	assert_int_equal(front_of("Title: T\nand words\n---\n").map->count, 0);
	assert_int_equal(front_of("Ann: hi\nBo: hi\n---\n").map->count, 0);
	refused("---json5\n{}\n---\n", 1, "write --- alone");
	/* Site builders' words in braces begin notes. */
	assert_int_equal(front_of("{% include x %}\n").body_offset, 0);
	assert_int_equal(front_of("{{< figure >}}\n").body_offset, 0);
	assert_int_equal(front_of("{.lead}\n").body_offset, 0);
	assert_int_equal(front_of(";;\n").body_offset, 0);
	assert_int_equal(front_of("++++\n").body_offset, 0);
}

static void
json_is_read_with_its_lines(void **state)
{
	static const char text[] = "\xef\xbb\xbf\r\n{\r\n \"title\": \"a \\\"b\\\": "
	    "{\",\r\n \"n\": 1655726400782, \"half\": 53.5,\r\n "
	    "\"list\": [\"x\",\r\n {\"deep\":\r\n true}], \"none\": null\r\n}"
	    "  \r\nbody\n";
	struct front f = front_of(text);
	const struct node *n;

	(void)state;
	assert_string_equal(node_get_text(f.map, "title"), "a \"b\": {");
	assert_string_equal(node_get_text(f.map, "n"), "1655726400782");
	assert_string_equal(node_get_text(f.map, "half"), "53.5");
	assert_int_equal(node_get(f.map, "n")->line, 4);
	assert_int_equal(node_get(f.map, "half")->line, 4);
	n = node_get(f.map, "list");
	assert_int_equal(n->line, 5);
	n = node_get(n->last, "deep");
	assert_int_equal(n->kind, NODE_BOOL);
	assert_int_equal(n->line, 6);
	assert_int_equal(node_get(f.map, "none")->line, 7);
	assert_int_equal(f.line, 3);
	assert_int_equal(f.body_line, 9);
	assert_string_equal(text + f.body_offset, "body\n");
	f = front_of("---json\n{\"a\":\n \"b\"}\n---\nbody\n");
	assert_string_equal(node_get_text(f.map, "a"), "b");
	assert_int_equal(node_get(f.map, "a")->line, 2);
	assert_int_equal(f.body_line, 5);
	f = front_of("{}");
	assert_int_equal(f.map->count, 0);
	assert_int_equal(f.body_offset, 2);
}

static void
broken_json_is_refused(void **state)
{
	struct buf deep;
	int i;

	(void)state;
	refused("{\n  \"title\": \"T\"\n", 3, "no JSON");
	refused("\n{ \"title\": T }\n", 2, "no JSON");
	refused("{ \"a\": 1,\n\"a\": 2 }\n", 2, "duplicate");
	refused("{ \"a\": \"\\u0000\" }\n", 1, "no JSON");
	refused("---json\n[1]\n---\n", 2, "must be a map");
	refused("---json\n{}\n{}\n---\n", 2, "behind the JSON");
	buf_init(&deep, 0);
	buf_adds(&deep, "{ \"a\":\n");
	for (i = 0; i < FRONT_DEPTH_MAX + 1; i++)
		buf_addc(&deep, '[');
	buf_adds(&deep, "1");
	for (i = 0; i < FRONT_DEPTH_MAX + 1; i++)
		buf_addc(&deep, ']');
	buf_adds(&deep, "}\n");
	refused(deep.data, 1, "too deep");
	buf_release(&deep);
}

/* Without toml++ every +++ is a named error. */
static bool
has_toml(void)
{
	struct err err = ERR_INIT;
	struct front f;

	if (front_read(&arena, "+++\n+++\n", 8, &f, &err) == 0)
		return true;
	assert_int_equal(err.line, 2);
	assert_non_null(strstr(err.msg, "built with toml++"));
	return false;
}

static void
toml_is_read_with_its_lines(void **state)
{
	static const char text[] = "+++\r\nzulu = \"71:31\" # comment\r\n"
	    "Date = 2018-12-21T08:50:14-08:00\r\nday = 2018-12-21\r\n"
	    "at = 2018-12-21 08:50:14.5\r\nn = 1_000\r\nhalf = 53.5\r\n"
	    "list = [\"x\",\r\n \"y\",]\r\nflag = true\r\n[a.b]\r\nc = '+++'\r\n"
	    "+++\r\nbody\n";
	struct front f;
	const struct node *n;

	(void)state;
	if (!has_toml())
		skip();
	f = front_of(text);
	assert_string_equal(node_get_text(f.map, "zulu"), "71:31");
	assert_string_equal(node_get_text(f.map, "Date"),
	    "2018-12-21T08:50:14-08:00");
	assert_string_equal(node_get_text(f.map, "day"), "2018-12-21");
	assert_string_equal(node_get_text(f.map, "at"),
	    "2018-12-21T08:50:14.5");
	assert_string_equal(node_get_text(f.map, "n"), "1000");
	assert_string_equal(node_get_text(f.map, "half"), "53.5");
	assert_true(node_get(f.map, "flag")->flag);
	n = node_get(f.map, "list");
	assert_int_equal(n->line, 8);
	assert_int_equal(n->count, 2);
	assert_int_equal(n->last->line, 9);
	n = node_get(node_get(node_get(f.map, "a"), "b"), "c");
	assert_string_equal(n->text, "+++");
	assert_int_equal(n->line, 12);
	assert_int_equal(f.line, 2);
	assert_int_equal(f.body_line, 14);
	assert_string_equal(text + f.body_offset, "body\n");
	assert_string_equal(node_get_text(front_of("---toml\na = \"b\"\n---\n")
	    .map, "a"), "b");
}

/* The places of keys and values are bytes, whatever stands before them. */
static void
toml_is_read_with_its_places(void **state)
{
	static const char text[] = "+++\n\"ä\" = 'ü€😀'\r\n"
	    "m = { \"ß\" = 'é', n = 'x' }\nlast = 1\n+++\n";
	const char *base;
	const struct node *n;
	struct front f;

	(void)state;
	if (!has_toml())
		skip();
	f = front_of(text);
	base = text + f.map_offset;
	n = node_get(node_get(f.map, "m"), "n");
	assert_ptr_equal(base + n->key_at, strstr(text, "n = 'x'"));
	assert_ptr_equal(base + n->from, strstr(text, "'x'"));
	assert_ptr_equal(base + n->to, strstr(text, " }"));
	n = node_get(f.map, "last");
	assert_ptr_equal(base + n->key_at, strstr(text, "last"));
	assert_ptr_equal(base + n->from, strstr(text, "1\n"));
	assert_int_equal(n->to, n->from + 1);
}

static void
broken_toml_is_refused(void **state)
{
	struct buf deep;
	size_t i;

	(void)state;
	if (!has_toml())
		skip();
	refused("+++\na = \"b\"\n", 1, "not closed by a line with +++");
	refused("+++\na = \"b\"\nc =\n+++\n", 3, "no TOML");
	refused("+++\na = 1\na = 2\n+++\n", 3, "no TOML");
	refused("+++\na = \"\\u0000\"\n+++\n", 2, "NUL");
	/* Tables in tables by dots alone, of which freeing takes stack. */
	buf_init(&deep, 0);
	buf_adds(&deep, "+++\nx = \"....................................\"\n[a");
	for (i = 0; i < 400000; i++)
		buf_adds(&deep, ".a");
	buf_adds(&deep, "]\n+++\n");
	refused(deep.data, 3, "too deep");
	buf_clear(&deep);
	buf_adds(&deep, "+++\na = ");
	for (i = 0; i < FRONT_DEPTH_MAX + 1; i++)
		buf_addc(&deep, '[');
	for (i = 0; i < FRONT_DEPTH_MAX + 1; i++)
		buf_addc(&deep, ']');
	buf_adds(&deep, "\n+++\n");
	refused(deep.data, 2, "too deep");
	buf_clear(&deep);
	buf_adds(&deep, "+++\na = [");
	for (i = 0; i < FRONT_NODES_MAX + 1; i++)
		buf_adds(&deep, "1,");
	buf_adds(&deep, "]\n+++\n");
	refused(deep.data, 2, "too many");
	buf_release(&deep);
}

static void
tags_and_aliases_are_refused(void **state)
{
	(void)state;
	refused("---\na: b\ntitle: !!binary VGl0bGU=\n---\n", 3, "tags");
	refused("---\na: !x [b]\n---\n", 2, "tags");
	refused("---\na: !!set { b }\n---\n", 2, "tags");
	refused("---\n!!str a: b\n---\n", 2, "tags");
	refused("---\na: b\nc: *x\n---\n", 3, "aliases");
	refused("---\na: b\n--- {a: c}\n---\n", 3, "second YAML document");
	refused("---\na: b\n--- # more\nc: d\n---\n", 3,
	    "second YAML document");
	refused("---\na:\n  b: c\n\td: e\n---\n", 4, "begins with a tab");
	/* Or its first word would be lost. */
	refused("---\na: b\ntitle: &Co stay\n---\n", 3, "anchors");
	refused("---\na: &x [b]\n---\n", 2, "anchors");
	refused("---\na: &x\n  b: c\n---\n", 2, "anchors");
	assert_string_equal(node_get_text(front_of("---\na: \"!!b\"\n---\n").map,
	    "a"), "!!b");
}

/* Plain text that YAML takes for more: the line, and what to do. */
static void
plain_text_that_wants_quotes_is_shown(void **state)
{
	static const char *const values[] = {
		"K\303\244se: ein Test", "'J\303\266rg's Tricks'", "@home",
		"%tage", "[Bonus] Foo", "{a} b", "& Co", "`code`", "'open",
		"foo:", "- a", "> x"
	};
	char text[200], shown[120];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		snprintf(text, sizeof(text), "---\nnumber: 1\ntitle: %s\n"
		    "date: 2026-01-01\n---\n", values[i]);
		snprintf(shown, sizeof(shown), "`title: %s`: write the value "
		    "in \"double quotes\"", values[i]);
		refused(text, 3, shown);
	}
	refused("---\na: b\ntitle: \"He said \"hi\"\"\n---\n", 3,
	    "is written \\\"");
	refused("---\na: b\ntitle: \"open\n---\n", 3, "ends with a \"");
	/* Cut between characters; an entry of a list; no value at all. */
	refused("---\ntitle: 0123456789012345678901234567890123\303\244: x\n"
	    "---\n", 2, "`title: 012345678901234567890123456789012\342\200"
	    "\246`: write");
	refused("---\na:\n  - b: c: d\n---\n", 3, "`- b: c: d`: write");
}

static void
what_a_comment_may_have_cut_is_marked(void **state)
{
	static const struct {
		const char *yaml;
		bool cut;
	} rows[] = {
		{ "t: Part #12", true }, { "t: Part \t#word\r", true },
		{ "t: #12", true }, { "t:   #\303\244", true },
		{ "t: \303\244\342\202\254 b #12", true },
		{ "t: a\n  b #12", true }, { "t: true #1", true },
		{ "t: Part # 12", false }, { "t: Part#12", false },
		{ "t: Part ## 12", false }, { "t: Part #", false },
		{ "t: 'Part' #12", false }, { "t: \"Part\" #12", false },
		{ "t: Part\n#12", false }, { "t: Part\nu: b #12", false },
		{ "t: |\n  Part #12", false }, { "t:\n#12", false },
		{ "t: > #12\n  Part", false },
	};
	char text[80];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "\357\273\277---\r\n# \303\244\n"
		    "s: \303\244\303\244\r\n%s\n---\n", rows[i].yaml);
		if (node_get(front_of(text).map, "t")->cut != rows[i].cut)
			fail_msg("%s", rows[i].yaml);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_that_wants_quotes_is_shown),
		cmocka_unit_test(what_a_comment_may_have_cut_is_marked),
		cmocka_unit_test(facts_are_read_and_lines_counted),
		cmocka_unit_test(
		    a_comment_and_blank_lines_come_before_the_facts),
		cmocka_unit_test(what_would_pass_for_notes_is_refused),
		cmocka_unit_test(tags_and_aliases_are_refused),
		cmocka_unit_test(json_is_read_with_its_lines),
		cmocka_unit_test(broken_json_is_refused),
		cmocka_unit_test(toml_is_read_with_its_lines),
		cmocka_unit_test(toml_is_read_with_its_places),
		cmocka_unit_test(broken_toml_is_refused),
	};

	return cmocka_run_group_tests_name("front matter", tests, NULL,
	    teardown);
}
