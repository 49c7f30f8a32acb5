/*
 * The digest by its templates: nothing that comes from a file may pass for a
 * friend's value, no part is too long, and what is wrong with a style is told
 * where it stands.
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

static const char *in_folder = dir;

static int
render_one(struct digest *out, struct err *err)
{
	const struct episode *episodes[] = { &episode };
	struct digest_input in = { .show = &show, .episodes = episodes,
		.n = 1, .edition = "2026-W01", .date = { 1767607200, 0 },
		.templates = in_folder };

	return digest_render(&in, out, err);
}

static int
render(struct err *err)
{
	struct digest out;

	if (render_one(&out, err) != 0)
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

/* ---- size ---- */

#define LONG 3	/* episodes that are */

static struct episode many[LONG + 1];
static const char *const titles[LONG + 1] = { "Aye", "Bee", "Cee", "Short" };

/* Three episodes of 300 KB of notes and a short one. */
static void
long_model(void)
{
	const struct episode *first = &episode;
	struct err err = ERR_INIT;
	struct buf notes;
	size_t i, k;

	model();
	put("digest.html", "<style>.n p { color: #123456 } h2 { a: b }</style>\n"
	    "{{friend.name}}\n{{#episodes}}\n<h2>{{title}}</h2>\n"
	    "{{#has_topics}}<ul>{{#topics}}<li>{{text}}</li>{{/topics}}</ul>"
	    "{{/has_topics}}<div class=\"n\">{{{notes_html}}}</div>\n"
	    "{{#read_on}}<a href=\"{{read_on}}\">On</a>{{/read_on}}"
	    "{{/episodes}}\n<i>End</i>\n");
	put("digest.txt", "{{friend.name}}\n{{#episodes}}\n= {{title}}\n"
	    "{{{notes_text}}}{{#read_on}}On: {{read_on}}{{/read_on}}\n"
	    "{{/episodes}}\nEnd\n");
	buf_init(&notes, 0);
	for (i = 0; i <= LONG; i++) {
		many[i] = *first;
		many[i].title = titles[i];
		many[i].link = i == 1 ? NULL : arena_printf(&a,
		    "https://x.example/%zu", i);
		many[i].file = arena_printf(&a, "%zu.md", i);
		buf_clear(&notes);
		for (k = 0; notes.len < (i == LONG ? 50 : 300000); k++)
			buf_addf(&notes, "## Part %zu of %s\n\nWords [and]"
			    "(https://l.example/%zu) more of them.\n\n", k,
			    titles[i], k);
		many[i].file = put(many[i].file, notes.data);
		assert_int_equal(fs_stamp(many[i].file, &many[i].stamp, &err),
		    0);
	}
	buf_release(&notes);
	show.link = "https://show.example/";
}

static int
render_many(struct digest *out, struct err *err)
{
	const struct episode *episodes[LONG + 1];
	struct digest_input in = { .show = &show, .episodes = episodes,
		.n = LONG + 1, .edition = "2026-W01",
		.date = { 1767607200, 0 }, .templates = dir };
	size_t i;

	for (i = 0; i <= LONG; i++)
		episodes[i] = &many[i];
	return digest_render(&in, out, err);
}

/* The bytes from one mark to the other. */
static size_t
between(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from), *end;

	assert_non_null(at);
	end = strstr(at, to);
	assert_non_null(end);
	return (size_t)(end - at);
}

static void
check_shares(const struct buf *part, const char *const mark[], const char *end)
{
	size_t size[LONG], i;

	assert_true(part->len <= DIGEST_PART_MAX);
	assert_true(part->len > DIGEST_PART_MAX - 4000);
	for (i = 0; i < LONG; i++) {
		size[i] = between(part->data, mark[i], mark[i + 1]);
		assert_true(size[i] > 25000);
	}
	for (i = 1; i < LONG; i++)
		assert_true(size[i] < size[0] + 800 && size[0] < size[i] + 800);
	assert_non_null(strstr(part->data, end));
}

static void
long_notes_are_cut(void **state)
{
	static const char *const html[] = {
		"<h2 style=\"a: b\">Aye", "<h2 style=\"a: b\">Bee",
		"<h2 style=\"a: b\">Cee", "<h2 style=\"a: b\">Short"
	};
	static const char *const text[] = { "= Aye", "= Bee", "= Cee",
		"= Short" };
	struct err err = ERR_INIT;
	struct digest out, again;

	(void)state;
	long_model();
	assert_int_equal(render_many(&out, &err), 0);
	check_shares(&out.html, html, "<i>End</i>");
	check_shares(&out.text, text, "End\n");
	/* Each where it can be read; the short one is whole. */
	assert_non_null(strstr(out.html.data, "<li>\xe2\x80\xa6</li></ul>"));
	assert_non_null(strstr(out.html.data, "<a href=\"https://x.example/0\">On"));
	assert_non_null(strstr(out.html.data, "<a href=\"https://show.example/\">On"));
	assert_null(strstr(out.html.data, "x.example/3"));
	assert_non_null(strstr(out.html.data, "Part 0 of Short"));
	assert_non_null(strstr(out.text.data, "On: https://x.example/2"));
	assert_null(strstr(out.text.data, "x.example/3"));
	assert_int_equal(render_many(&again, &err), 0);
	assert_string_equal(out.html.data, again.html.data);
	assert_string_equal(out.text.data, again.text.data);
	digest_release(&again);
	digest_release(&out);
	/* Where they cannot. */
	show.link = NULL;
	assert_int_equal(render_many(&out, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.file, "/1.md"));
	assert_non_null(strstr(err.msg, "`link`"));
}

/* Where each has one block and there is room for more, some have two. */
static void
large_blocks(void **state)
{
	struct err err = ERR_INIT;
	struct digest out;
	struct buf notes;
	size_t i, k;

	(void)state;
	long_model();
	buf_init(&notes, 0);
	for (i = 0; i < 10; i++) {
		for (k = 0; k < 2000; k++)
			buf_adds(&notes, "a long one");
		buf_adds(&notes, "\n\n");
	}
	for (i = 0; i < LONG; i++) {
		put(fs_basename(many[i].file), notes.data);
		assert_int_equal(fs_stamp(many[i].file, &many[i].stamp, &err),
		    0);
	}
	buf_release(&notes);
	assert_int_equal(render_many(&out, &err), 0);
	assert_true(out.html.len <= DIGEST_PART_MAX);
	assert_true(out.html.len > 100000);
	assert_true(between(out.html.data, ">Aye", ">Bee") > 40000);
	assert_true(between(out.html.data, ">Bee", ">Cee") > 40000);
	assert_true(between(out.html.data, ">Cee", ">Short") > 20000);
	assert_true(out.text.len > 100000);
	digest_release(&out);
}

/* Notes whose first block is too long are their summary. */
static void
one_long_block(void **state)
{
	struct err err = ERR_INIT;
	struct digest out;
	struct buf notes;

	(void)state;
	long_model();
	buf_init(&notes, 0);
	while (notes.len < 300000)
		buf_adds(&notes, "words of one paragraph ");
	many[0].file = put("0.md", notes.data);
	many[0].summary = "The <gist> of it.";
	assert_int_equal(fs_stamp(many[0].file, &many[0].stamp, &err), 0);
	buf_release(&notes);
	assert_int_equal(render_many(&out, &err), 0);
	assert_non_null(strstr(out.html.data, "<p style=\"color: #123456\">The "
	    "&lt;gist&gt; of it.</p></div>"));
	assert_non_null(strstr(out.text.data, "= Aye\nThe <gist> of it.\nOn: "
	    "https://x.example/0"));
	digest_release(&out);
}

/* Topics that alone would be too many: the notes are whole, and yet there is
 * more on the page. */
static void
many_topics(void **state)
{
	struct err err = ERR_INIT;
	struct digest out;
	struct buf notes;
	size_t i;

	(void)state;
	long_model();
	buf_init(&notes, 0);
	for (i = 0; i < 400; i++)
		buf_addf(&notes, "## A topic of some length, number %zu\n\n", i);
	buf_adds(&notes, "The last.\n");
	many[0].file = put("0.md", notes.data);
	assert_int_equal(fs_stamp(many[0].file, &many[0].stamp, &err), 0);
	buf_release(&notes);
	for (i = 1; i < LONG; i++)
		many[i] = many[LONG];
	assert_int_equal(render_many(&out, &err), 0);
	assert_non_null(strstr(out.html.data, "<li>A topic of some length, "
	    "number 200</li>"));
	assert_null(strstr(out.html.data, "<li>A topic of some length, number "
	    "300</li>"));
	assert_non_null(strstr(out.html.data, "<li>\xe2\x80\xa6</li></ul>"));
	assert_non_null(strstr(out.html.data, "The last."));
	assert_non_null(strstr(out.html.data, "<a href=\"https://x.example/0\">"
	    "On"));
	digest_release(&out);
}

static void
too_long_without_notes(void **state)
{
	struct err err = ERR_INIT;
	struct buf text;

	(void)state;
	model();
	show.link = "https://show.example/";
	buf_init(&text, 0);
	buf_adds(&text, "{{friend.name}}");
	while (text.len < DIGEST_PART_MAX)
		buf_addc(&text, 'x');
	put("digest.html", text.data);
	assert_int_equal(render(&err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.file, "digest.html"));
	assert_non_null(strstr(err.msg, "without any notes"));
	/* A friend's values have their room, and that is all. */
	text.data[DIGEST_PART_MAX - 300] = '\0';
	put("digest.html", text.data);
	memset(&err, 0, sizeof(err));
	assert_int_equal(render(&err), 0);
	buf_release(&text);
}

/* ---- styles ---- */

static void
wrong_style(const char *html, const char *part, const char *file,
    unsigned line)
{
	struct err err = ERR_INIT;

	model();
	put("digest.html", html);
	put("foot.html", part);
	assert_int_equal(render(&err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err_rule_of(&err), "template");
	if (strstr(err.file, file) == NULL || err.line != line)
		fail_msg("%s:%u: %s", err.file, err.line, err.msg);
}

static void
style_errors_have_a_place(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	wrong_style("{{!\n a comment\n}}\n{{#episodes}}\n<b>\n{{/episodes}}\n"
	    "<style>\nb { a: b }\nb && i { a: b }\n</style>", "", "digest.html",
	    9);
	/* Values may stand in the line. */
	wrong_style("{{#postal_address}}\nx\n\n{{/postal_address}}\n<style>\n"
	    ".{{show.title}} || x { a: {{list}} } {{! all }}\n</style>", "",
	    "digest.html", 6);
	wrong_style("<style>{{> foot}}</style>", "b { a: b }\n\nb { {{list}} }\n",
	    "foot.html", 3);
	model();
	put("digest.html", "{{friend.name}}<style>b { a: b }</style><b>");
	assert_int_equal(render(&err), 0);
}

/* What is no declaration in an element's style is left out, and told. */
static void
what_is_left_out_of_a_style_has_a_place(void **state)
{
	struct err err = ERR_INIT;
	struct digest out;

	(void)state;
	model();
	put("digest.html", "<style>b { a: b }</style>\n\n<p>\n"
	    "<b style=\"/* x */ color: red; foo; bar\">");
	assert_int_equal(render_one(&out, &err), 0);
	assert_non_null(strstr(out.html.data,
	    "<b style=\"a: b; color: red\">"));
	assert_int_equal(out.warning.kind, ERR_CONFIG);
	assert_string_equal(out.warning.rule, "template");
	assert_non_null(strstr(out.warning.file, "digest.html"));
	assert_int_equal(out.warning.line, 4);
	assert_non_null(strstr(out.warning.msg, "`foo`, as 1 more,"));
	digest_release(&out);
	put("digest.html", "<style>b { a: b }</style><b style=\"c: d\">");
	assert_int_equal(render_one(&out, &err), 0);
	assert_int_equal(out.warning.kind, ERR_NONE);
	digest_release(&out);
}

static void
other_templates(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	model();
	show.digest.template = "none";
	assert_int_equal(render(&err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.file, "show.ini");
	assert_non_null(strstr(err.msg, "/none`"));
	/* A folder of all of them that is not there. */
	model();
	memset(&err, 0, sizeof(err));
	in_folder = "/nowhere/templates";
	assert_int_equal(render(&err), -1);
	in_folder = dir;
	assert_string_equal(err.file, "/nowhere/templates");
	assert_string_equal(err_rule_of(&err), "template");
	assert_non_null(strstr(err.msg, "`templates` in config.ini"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_cannot_be_forged),
		cmocka_unit_test(long_notes_are_cut),
		cmocka_unit_test(large_blocks),
		cmocka_unit_test(one_long_block),
		cmocka_unit_test(many_topics),
		cmocka_unit_test(too_long_without_notes),
		cmocka_unit_test(style_errors_have_a_place),
		cmocka_unit_test(what_is_left_out_of_a_style_has_a_place),
		cmocka_unit_test(other_templates),
	};

	return cmocka_run_group_tests(tests, make, sweep);
}
