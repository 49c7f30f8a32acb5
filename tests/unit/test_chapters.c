/*
 * Chapters: every form in which they are read, and what is told of each
 * mistake.
 */
#include <glob.h>
#include <stdlib.h>

#include "base/fs.h"
#include "show/chapters_int.h"
#include "text/front.h"
#include "told.h"

static struct chapters c;

static void
begin(enum severity fault)
{
	forget();
	chapters_close(&c);
	chapters_open(&c, &arena, "x", "https://a.example/e/1/", fault,
	    &told.findings);
}

/* "0 Hello|267000 The bees", with -END, <url>, {image} and ! for hidden. */
static const char *
said(const struct show_chapter *list, size_t n)
{
	const char *out = "";
	size_t i;

	for (i = 0; i < n; i++) {
		const struct show_chapter *one = &list[i];

		out = arena_printf(&arena, "%s%s%lld", out, i > 0 ? "|" : "",
		    (long long)one->start_ms);
		if (one->end_ms >= 0)
			out = arena_printf(&arena, "%s-%lld", out,
			    (long long)one->end_ms);
		out = arena_printf(&arena, "%s%s%s", out, one->hidden ? "!" :
		    "", one->title == NULL ? "" : arena_printf(&arena, " %s",
		    one->title));
		if (one->url != NULL)
			out = arena_printf(&arena, "%s<%s>", out, one->url);
		if (one->image != NULL)
			out = arena_printf(&arena, "%s{%s}", out, one->image);
	}
	return out;
}

static void
times(void **state)
{
	static const struct {
		const char *text;
		bool plain;
		int64_t ms;	/* -1: it is none */
	} cases[] = {
		{ "0:00", false, 0 }, { "4:27", false, 267000 },
		{ "00:01:30.500", false, 90500 }, { "75:30", false, 4530000 },
		{ "1:02:03.5", false, 3723500 }, { "0:00,25", false, 250 },
		{ "0:01.0004", false, 1000 }, { " 1:00 ", false, 60000 },
		{ "90.5", true, 90500 }, { "0", true, 0 },
		{ "9999:59:59", false, INT64_C(35999999000) },
		{ "90", false, -1 }, { "", true, -1 }, { "1:60", false, -1 },
		{ "1:60:00", false, -1 }, { "1:2", false, -1 },
		{ "1:002", false, -1 }, { "1:00:00:00", false, -1 },
		{ "-1:00", false, -1 }, { "1:00pm", false, -1 },
		{ "1234567:00", false, -1 }, { "99999:00:00", false, -1 },
		{ "1e3", true, -1 }, { ":30", false, -1 },
		{ "1:00 x", false, -1 }
	};
	int64_t ms;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		ms = -1;
		if (chapters_is_time(cases[i].text, cases[i].plain, &ms) !=
		    (cases[i].ms >= 0))
			fail_msg("`%s`", cases[i].text);
		if (cases[i].ms >= 0)
			assert_int_equal(ms, cases[i].ms);
	}
}

static void
lines(void **state)
{
	static const struct {
		const char *text, *said;	/* NULL: it is none */
	} cases[] = {
		{ "0:00 Hello", "0 Hello" },
		{ "00:01:30.500 - Hello", "90500 Hello" },
		{ "1:00 \xe2\x80\x93 A \xe2\x80\x93 B",
		    "60000 A \xe2\x80\x93 B" },
		{ "1:00: Hello", "60000 Hello" }, { "1:00\tHello\r", "60000 Hello" },
		{ "(12:30) Topic", "750000 Topic" },
		{ "[12:30] Topic", "750000 Topic" },
		{ "[@4:27] Topic", "267000 Topic" },
		{ "**[00:00](#t=00:00)** Topic", "0 Topic" },
		{ "[1:00](https://a.example/#t=60) - Topic", "60000 Topic" },
		{ "**1:00** Topic", "60000 Topic" },
		{ "0:00-1:30 Hello", "0-90000 Hello" },
		{ "0:00 \xe2\x80\x93 1:30 Hello", "0-90000 Hello" },
		{ "(0:00 - 1:30) Hello", "0-90000 Hello" },
		{ "1:30 - 0:30 was it", "90000 0:30 was it" },
		{ "0:00 Hello <https://a.example/>",
		    "0 Hello<https://a.example/>" },
		{ "0:00 a <b>", "0 a <b>" }, { "0:00 x > y", "0 x > y" },
		{ "0:00", "0" }, { "0:00 12:30 noon", "0 12:30 noon" },
		{ "Hello", NULL }, { "", NULL }, { "12 Hello", NULL },
		{ "(12:30 Topic", NULL }, { "[1:00](x Topic", NULL },
		{ "1:00pm Tea", NULL }, { "12:30/13:00 Topic", NULL }
	};
	struct show_chapter one;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		if (chapters_line(&arena, cases[i].text,
		    strlen(cases[i].text), &one) != (cases[i].said != NULL))
			fail_msg("`%s`", cases[i].text);
		if (cases[i].said == NULL)
			continue;
		if (one.title[0] == '\0')
			one.title = NULL;
		assert_string_equal(said(&one, 1), cases[i].said);
	}
}

static const struct node *
yaml(const char *text)
{
	struct err err = ERR_INIT;
	struct node *map;

	if (front_yaml(&arena, text, strlen(text), 1, &map, &err) != 0)
		fail_msg("%s", err.msg);
	return node_get(map, "c");
}

static void
front_matter(void **state)
{
	(void)state;
	begin(SEV_ERROR);
	chapters_nodes(&c, yaml("c:\n"
	    "- {start: 0:00, title: Hello, url: /a b, image: i.png}\n"
	    "- 4:27 The bees\n"
	    "- 5:00 Honey: how\n"
	    "- 6:00: Wax\n"
	    "- startTime: 400.25\n  endTime: 410\n  title: '  a\n   b '\n"
	    "  img: https://b.example/i.png\n  toc: false\n"
	    "- {start: 8:00}\n"));
	assert_int_equal(told.n, 0);
	assert_string_equal(said(c.list, c.n), "0 Hello<https://a.example/a%20b>"
	    "{https://a.example/e/1/i.png}|267000 The bees|300000 Honey: how|"
	    "360000 Wax|400250-410000! a b{https://b.example/i.png}|480000");
	assert_int_equal(c.list[1].line, 3);
	begin(SEV_ERROR);
	chapters_nodes(&c, yaml("c:\n  0:00: Hello\n  1:30: Next\n"));
	assert_string_equal(said(c.list, c.n), "0 Hello|90000 Next");
}

static void
front_mistakes(void **state)
{
	(void)state;
	begin(SEV_ERROR);
	chapters_nodes(&c, yaml("c:\n- Hello\n- {title: Hello}\n"
	    "- {start: soon, title: x}\n- {start: 1:00, end: x, title: [a]}\n"
	    "- [1:00]\n- {start: 2:00, title: \"a\\x07b\", url: 'ftp://x/'}\n"
	    "- {Hello: x}\n"));
	assert_string_equal(said(c.list, c.n), "60000|120000");
	assert_int_equal(told.n, 9);
	assert_told(0, "episode-chapters", 2, "`Hello` does not begin with");
	assert_told(1, "episode-chapters", 3, "no `start`");
	assert_told(2, "episode-chapters", 4, "no `start`");
	assert_told(3, "episode-chapters", 5, "the end of a chapter is no");
	assert_told(4, "episode-chapters", 5, "`title` is no text");
	assert_told(5, "episode-chapters", 6, "neither a text nor a map");
	assert_told(6, "episode-chapters", 7, "a control character");
	assert_told(7, "episode-chapters", 7, "the address is left out");
	assert_told(8, "episode-chapters", 8, "no `start`");
	assert_int_equal(told.findings.errors, 9);
	begin(SEV_WARNING);
	chapters_nodes(&c, yaml("c:\n- Hello\n"));
	assert_int_equal(told.findings.warnings, 1);
	begin(SEV_ERROR);
	chapters_nodes(&c, yaml("c:\n  0:00: Hello\n  x: Next\n"));
	assert_told(0, "episode-chapters", 3, "`x` is no time");
}

static bool json;

static void
file_is(const char *text, const char *want)
{
	struct err err = ERR_INIT;

	begin(SEV_WARNING);
	if (chapters_text(&c, text, strlen(text), &json, &err) != 0)
		fail_msg("%s: %s", text, err.msg);
	assert_string_equal(said(c.list, c.n), want);
}

static void
file_fails(const char *text, size_t len, unsigned line, const char *part)
{
	struct err err = ERR_INIT;

	begin(SEV_WARNING);
	assert_int_equal(chapters_text(&c, text, len, &json, &err), -1);
	if (strstr(err.msg, part) == NULL || err.line != line)
		fail_msg("`%s`: %u: %s", text, err.line, err.msg);
	assert_int_equal(c.n, 0);
}

static void
json_files(void **state)
{
	static const char broken[] = "{\"chapters\": [\n1 2]}";

	(void)state;
	file_is(BOM "\n{\"version\": \"1.2.0\", \"chapters\": [\n"
	    "{\"startTime\": 0, \"title\": \"Hello\", \"img\": \"i.png\"},\n"
	    "{\"startTime\": 168.5, \"endTime\": 170, \"toc\": false,\n"
	    " \"url\": \"https://b.example/\", \"location\": {\"name\": 1}}]}",
	    "0 Hello{https://a.example/e/1/i.png}|"
	    "168500-170000!<https://b.example/>");
	assert_true(json);
	assert_int_equal(told.n, 0);
	file_is("{\"chapters\": []}", "");
	file_is("{\"chapters\": [\n{\"title\": \"x\"},\n"
	    "{\"startTime\": -1, \"title\": \"x\"}, 7,\n"
	    "{\"startTime\": 1, \"title\": null, \"url\": 7}]}", "1000"
	    "<https://a.example/e/1/7>");
	assert_int_equal(told.n, 3);
	file_fails("{}", 2, 0, "no list of `chapters`");
	file_fails("{\"chapters\": 7}", 15, 0, "no list of `chapters`");
	file_fails(broken, sizeof(broken) - 1, 2, "no JSON chapters file: ");
	file_fails("{", 1, 1, "no JSON chapters file");
	file_fails("{\"a\": \"\xff\"}", 10, 0, "not UTF-8");
	file_fails("{}\0", 3, 0, "not UTF-8");
}

static void
psc_files(void **state)
{
	static const char none[] = "<a><b/></a>", empty[] =
	    "<chapters version=\"1.2\"/>", cut[] =
	    "<chapters><chapter start=\"0\" title=\"x\"/>";

	(void)state;
	file_is("<?xml version=\"1.0\"?>\n<psc:chapters version=\"1.2\"\n"
	    " xmlns:psc=\"http://podlove.org/simple-chapters\">\n"
	    "<psc:chapter start=\"0\" title=\"In &lt; out\"/>\n"
	    "<psc:chapter start=\"00:01:30.500\" title=\"B\""
	    " href=\"https://b.example/\" image=\"https://b.example/i.png\"/>\n"
	    "<other/></psc:chapters>", "0 In < out|90500 B"
	    "<https://b.example/>{https://b.example/i.png}");
	assert_false(json);
	assert_int_equal(c.list[1].line, 5);
	file_is("<rss><item><chapters>\n<chapter title=\"x\"/>"
	    "<chapter start=\"1:00\" title=\"y\"/></chapters></item></rss>",
	    "60000 y");
	assert_int_equal(told.n, 1);
	assert_told(0, "episode-chapters", 2, "no `start` such as");
	file_fails(none, sizeof(none) - 1, 0, "without psc:chapters");
	file_fails(empty, sizeof(empty) - 1, 0, "no chapter in it");
	file_fails(cut, sizeof(cut) - 1, 0, "damaged");
}

static void
vtt_files(void **state)
{
	static const char bad[] = "WEBVTT\n\n00:00 --> 00:0x\nHello\n";

	(void)state;
	file_is("WEBVTT\n\n1\n00:00.000 --> 00:10.500\nHello\n\n"
	    "00:00:10.500 --> 01:00:00.000\nThe\nbees\n",
	    "0-10500 Hello|10500-3600000 The bees");
	file_fails(bad, sizeof(bad) - 1, 3, "");
}

static void
line_files(void **state)
{
	static const char prose[] = "Some words\nand more\n";

	(void)state;
	file_is("# names\n0:00 Hello\n\n  1:30 - Next <https://b.example/>\r\n"
	    "(2:00) Last", "0 Hello|90000 Next<https://b.example/>|"
	    "120000 Last");
	assert_int_equal(c.list[2].line, 5);
	file_is("0:00 Hello\nwhat\n1:00 Next\n", "0 Hello|60000 Next");
	assert_told(0, "episode-chapters", 2, "does not begin with a time");
	file_fails(prose, sizeof(prose) - 1, 0, "no file of chapters");
	file_fails("", 0, 0, "no file of chapters");
}

static void
notes_are(const char *text, const char *want)
{
	begin(SEV_WARNING);
	chapters_stamps(&c, text, strlen(text), 10);
	assert_string_equal(said(c.list, c.n), want);
}

static void
stamps(void **state)
{
	(void)state;
	notes_are("Words at 1:00.\n\n"
	    "- **[00:00](#t=00:00)** Welcome to *the* show\n"
	    "- **[01:15](#t=01:15)** [Bees](https://b.example/) &amp; wax\n"
	    "* [@4:27] Honey\n"
	    "1. (12:30) Topic\n"
	    "## 00:20:00 Head\n"
	    "> 21:00 - `code`\n"
	    "[22:00 Linked](#t=1320)\n", "0 Welcome to the show|75000 Bees & wax|"
	    "267000 Honey|750000 Topic|1200000 Head|1260000 code|"
	    "1320000 Linked");
	assert_int_equal(c.list[0].line, 12);
	assert_int_equal(told.n, 0);
	notes_are("[@4:27](https://a.example/#t=267) A\n[@5:00] B\n[@6:00] C\n",
	    "267000 A|300000 B|360000 C");
	/* Too few, too late, in code, without a title, not at the head. */
	notes_are("0:00 A\n1:00 B\n", "");
	notes_are("10:00 A\n11:00 B\n12:00 C\n", "");
	notes_are("9:59 A\n11:00 B\n12:00 C\n", "599000 A|660000 B|720000 C");
	notes_are("```\n0:00 A\n1:00 B\n2:00 C\n```\n", "");
	notes_are("0:00\n1:00\n2:00\n", "");
	notes_are("at 0:00 A\nat 1:00 B\nat 2:00 C\n", "");
	notes_are("", "");
	assert_int_equal(told.n, 0);
	notes_are("0:00 A\n2:00 B\n1:00 C\n", "");
	assert_told(0, "episode-chapters", 12, "do not rise here, so");
	notes_are("0:00 A\n59:49 B\n02:12 C\n", "");
	assert_told(0, "episode-chapters", 12, "(an hour may be lacking)");
	assert_int_equal(told.findings.errors, 0);
}

/* The notes of a real show, a thousand of them: of most the stamps are found,
 * and no mark of Markdown stays. */
static void
real_notes(void **state)
{
	const char *shared = getenv("SHARED");
	size_t i, k, found = 0, marks = 0;
	struct err err = ERR_INIT;
	struct front f;
	struct buf text;
	glob_t files;

	(void)state;
	if (glob(arena_printf(&arena, "%s/corpora/syntaxfm/shows/*.md",
	    shared != NULL ? shared : "../shared"), 0, NULL, &files) != 0)
		skip();
	for (i = 0; i < files.gl_pathc; i++) {
		begin(SEV_WARNING);
		buf_init(&text, 0);
		assert_int_equal(fs_read(files.gl_pathv[i], 1U << 20, &text,
		    NULL, &err), 0);
		if (front_read(&arena, text.data, text.len, &f, &err) == 0)
			chapters_stamps(&c, text.data + f.body_offset,
			    text.len - f.body_offset, f.body_line);
		found += c.n > 0;
		for (k = 0; k < c.n; k++)
			marks += strncmp(c.list[k].title, "**", 2) == 0 ||
			    strstr(c.list[k].title, "](") != NULL;
		buf_release(&text);
	}
	assert_in_range(found * 100 / files.gl_pathc, 80, 95);
	assert_int_equal(marks, 0);
	globfree(&files);
}

static struct episode
settled(const char *text)
{
	struct episode e;

	memset(&e, 0, sizeof(e));
	begin(SEV_ERROR);
	chapters_lines(&c, text, strlen(text), 1);
	chapters_settle(&c, CHAPTERS_FRONT, &e);
	return e;
}

static void
odd_ones(void **state)
{
	struct episode e = settled("0:00 A\n1:00 B\n");

	(void)state;
	assert_int_equal(told.n, 0);
	assert_int_equal(e.chapters_from, CHAPTERS_FRONT);
	e = settled("0:00 A\n3:00 C\n1:00 B\n0:30 D\n3:30 E\n3:30 F\n");
	assert_string_equal(said(e.chapter, e.nchapters), "0 A|30000 D|"
	    "60000 B|180000 C|210000 E|210000 F");
	assert_int_equal(told.n, 2);
	assert_told(0, "chapters-order", 3, "at 1:00 (B) begins before the "
	    "one above it; they are put in the order of their times; 1 more "
	    "is likewise");
	assert_told(1, "chapters-order", 6, "begins with the one above it");
	e = settled("0:05 A\n");
	assert_told(0, "chapters-start", 1, "is the first; some players want "
	    "one at 0:00");
	assert_int_equal(told.findings.errors, 0);
	begin(SEV_ERROR);
	chapters_nodes(&c, yaml("c: [{start: 0, end: 0, title: A}]"));
	chapters_settle(&c, CHAPTERS_FRONT, &e);
	assert_told(0, "chapters-end", 1, "ends before it begins");
	assert_string_equal(said(e.chapter, e.nchapters), "0 A");
	memset(&e, 0, sizeof(e));
	begin(SEV_ERROR);
	chapters_settle(&c, CHAPTERS_FRONT, &e);
	assert_int_equal(e.chapters_from, CHAPTERS_NONE);
}

static void
too_many(void **state)
{
	struct buf text;
	struct episode e;
	unsigned i;

	(void)state;
	buf_init(&text, 0);
	for (i = 0; i < CHAPTERS_MAX + 7; i++)
		buf_addf(&text, "%u:%02u T\n", i / 60, i % 60);
	e = settled(text.data);
	buf_release(&text);
	assert_int_equal(e.nchapters, CHAPTERS_MAX);
	assert_int_equal(told.n, 1);
	assert_told(0, "chapters-many", 0, "more than 1000 chapters; 7 are");
}

static void
long_title(void **state)
{
	char text[3 * CHAPTERS_TITLE_MAX];
	struct episode e;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "0:00 ", 5);
	text[sizeof(text) - 1] = '\0';
	e = settled(text);
	assert_int_equal(strlen(e.chapter[0].title), CHAPTERS_TITLE_MAX);
}

/* Whatever single byte of a file is another, it is read or refused. */
static void
damaged(void **state)
{
	static const char *const files[] = {
		"{\"chapters\": [{\"startTime\": 1.5, \"title\": \"a\"}]}",
		"<chapters><chapter start=\"0:01\" title=\"a\"/></chapters>",
		"WEBVTT\n\n00:01.000 --> 00:02.000\na\n",
		"**[0:01](#t=1)** a <https://b.example/>\n"
	};
	struct err err = ERR_INIT;
	size_t i, k, read = 0;
	char *text, was;
	int byte;

	(void)state;
	for (i = 0; i < SIZE(files); i++) {
		text = arena_strdup(&arena, files[i]);
		for (k = 0; text[k] != '\0'; k++) {
			was = text[k];
			for (byte = 0; byte < 256; byte += 5) {
				text[k] = (char)byte;
				begin(SEV_WARNING);
				told.findings.report = NULL;
				read += chapters_text(&c, text,
				    strlen(files[i]), &json, &err) == 0;
			}
			text[k] = was;
		}
	}
	assert_true(read > 0);
}

static int
end(void **state)
{
	chapters_close(&c);
	return teardown(state);
}

#define CHAPTERS_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CHAPTERS_TEST(times),
		CHAPTERS_TEST(lines),
		CHAPTERS_TEST(front_matter),
		CHAPTERS_TEST(front_mistakes),
		CHAPTERS_TEST(json_files),
		CHAPTERS_TEST(psc_files),
		CHAPTERS_TEST(vtt_files),
		CHAPTERS_TEST(line_files),
		CHAPTERS_TEST(stamps),
		CHAPTERS_TEST(real_notes),
		CHAPTERS_TEST(odd_ones),
		CHAPTERS_TEST(too_many),
		CHAPTERS_TEST(long_title),
		CHAPTERS_TEST(damaged),
	};

	return cmocka_run_group_tests_name("chapters", tests, NULL, NULL);
}
