/*
 * The files that people write beside the notes: INI, tables, and the patterns
 * of file names and addresses.
 */
#include "base/buf.h"
#include "show/pattern.h"
#include "text/csv.h"
#include "text/ini.h"
#include "told.h"

/* ---- INI ---- */

static size_t
read_ini(const char *text, size_t len, struct ini_entry **out)
{
	size_t n;

	forget();
	ini_read(&arena, "x.ini", text, len, out, &n, &told.findings);
	return n;
}

static void
ini_continuation(void **state)
{
	static const char text[] =
	    "a = one\n  two \n\tthree\n# between\n  four\nb =\n  x\n\n"
	    "  c = 3\n";
	struct ini_entry *e;

	(void)state;
	assert_int_equal(read_ini(text, sizeof(text) - 1, &e), 3);
	assert_int_equal(told.n, 0);
	assert_string_equal(e[0].value, "one two three four");
	assert_int_equal(e[0].line, 1);
	assert_string_equal(e[1].value, "x");
	assert_int_equal(e[1].line, 6);
	/* An empty line ends the value: this is a key. */
	assert_string_equal(e[2].key, "c");
	assert_string_equal(e[2].value, "3");
	assert_int_equal(e[2].line, 9);
}

static void
ini_crlf_and_bom(void **state)
{
	static const char text[] = BOM "a = 1\r\n\r\n[ s ]\r\n"
	    "b=2\r\n ; no\r\n more";
	struct ini_entry *e;

	(void)state;
	assert_int_equal(read_ini(text, sizeof(text) - 1, &e), 2);
	assert_int_equal(told.n, 0);
	assert_string_equal(e[0].key, "a");
	assert_string_equal(e[0].value, "1");
	assert_string_equal(e[0].section, "");
	assert_string_equal(e[1].section, "s");
	assert_string_equal(e[1].value, "2 more");
	assert_int_equal(e[1].line, 4);
}

static void
ini_bad_lines(void **state)
{
	static const char text[] = "a = 1\nnothing\n= 2\n[]\n[s\nb = \x01\n"
	    "c = \xff\nd = 4\rX\n\0f = 6\ne = 5\n";
	struct ini_entry *e;

	(void)state;
	assert_int_equal(read_ini(text, sizeof(text) - 1, &e), 3);
	assert_int_equal(told.n, 8);
	assert_told(0, "ini-syntax", 2, "neither");
	assert_told(1, "ini-syntax", 3, "no key");
	assert_told(2, "ini-syntax", 4, "[name]");
	assert_told(3, "ini-syntax", 5, "[name]");
	assert_told(4, "ini-syntax", 6, "control character");
	assert_told(5, "ini-syntax", 7, "save the file as UTF-8");
	assert_told(6, "ini-syntax", 8, "control character");
	assert_told(7, "ini-syntax", 9, "NUL");
	assert_string_equal(e[0].key, "a");
	/* It is given, but its value is of no use. */
	assert_string_equal(e[1].key, "c");
	assert_string_equal(e[1].value, "?");
	assert_true(e[1].bad && !e[0].bad && !e[2].bad);
	assert_string_equal(e[2].key, "e");
}

static void
ini_wrong_bytes_are_told_once_for_each_line(void **state)
{
	static const char text[] = "# \xe4\na = \xe4 \xf6 b\n  \xfc go on\n"
	    "c = d\n \xe4\n\xe4 = e\n\xe4\n[\xe4]\nf = g\n";
	struct ini_entry *e;
	size_t i;

	(void)state;
	assert_int_equal(read_ini(text, sizeof(text) - 1, &e), 4);
	assert_int_equal(told.n, 7);
	for (i = 0; i < told.n; i++)
		assert_string_equal(told.text[i], "this line is not valid "
		    "UTF-8; save the file as UTF-8");
	assert_string_equal(e[0].value, "? ? b ? go on");
	assert_true(e[0].bad && e[1].bad && e[2].bad && !e[3].bad);
	assert_string_equal(e[2].key, "?");
	assert_int_equal(e[3].section_line, 8);
	assert_int_equal(e[2].section_line, 0);
}

/* ---- CSV ---- */

static struct csv_table table;

static void
read_csv_bytes(const char *text, size_t len)
{
	forget();
	if (!csv_read(&arena, "x.csv", text, len, &table, &told.findings))
		fail_msg("%s", told.n > 0 ? told.text[0] : "not told");
}

static void
read_csv(const char *text)
{
	read_csv_bytes(text, strlen(text));
	if (told.n > 0)
		fail_msg("%u: %s", told.line[0], told.text[0]);
}

/* One row of the table is bad, and told with its line. */
static void
assert_bad_row(size_t i, unsigned row_line, size_t told_at, unsigned line,
    const char *part)
{
	assert_true(i < table.nrows);
	assert_true(table.row[i].bad);
	assert_int_equal(table.row[i].line, row_line);
	assert_told(told_at, "csv-syntax", line, part);
}

static void
refuse_csv(const char *text, unsigned line, const char *part)
{
	forget();
	assert_false(csv_read(&arena, "x.csv", text, strlen(text), &table,
	    &told.findings));
	assert_int_equal(told.n, 1);
	assert_told(0, "csv-syntax", line, part);
	assert_int_equal(table.nrows, 0);
}

static void
csv_quotes(void **state)
{
	(void)state;
	read_csv("name, Note\n\"A, B\" ,\"say \"\"hi\"\"\"\n\n"
	    "\"two\nlines\", x \n\"\",\" keep \"\nlast");
	assert_int_equal(table.ncolumns, 2);
	assert_int_equal(csv_column(&table, "NOTE"), 1);
	assert_int_equal(csv_column(&table, "not"), -1);
	assert_int_equal(table.nrows, 4);
	assert_string_equal(table.row[0].field[0], "A, B");
	assert_string_equal(table.row[0].field[1], "say \"hi\"");
	assert_int_equal(table.row[0].line, 2);
	assert_string_equal(table.row[1].field[0], "two\nlines");
	assert_string_equal(table.row[1].field[1], "x");
	assert_int_equal(table.row[1].line, 4);
	assert_string_equal(table.row[2].field[0], "");
	assert_string_equal(table.row[2].field[1], " keep ");
	assert_int_equal(table.row[2].line, 6);
	/* What is missing at the end of a row is empty. */
	assert_string_equal(table.row[3].field[0], "last");
	assert_string_equal(table.row[3].field[1], "");
	assert_int_equal(table.row[3].line, 7);
}

static void
csv_delimiters(void **state)
{
	static const char *const text[] = {
		"a,b\n1;x,2\n", "a;b\n1;2\n", "a\tb\n1\t2\n",
		BOM "a;b\r\n1;2\r\n"
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(text); i++) {
		read_csv(text[i]);
		assert_int_equal(table.ncolumns, 2);
		assert_int_equal(csv_column(&table, "a"), 0);
		assert_int_equal(csv_column(&table, "b"), 1);
		assert_int_equal(table.nrows, 1);
		assert_string_equal(table.row[0].field[0],
		    i == 0 ? "1;x" : "1");
		assert_string_equal(table.row[0].field[1], "2");
	}
	/* An empty TSV field keeps its place. */
	read_csv("a\tb\tc\n1\t\t3\n");
	assert_string_equal(table.row[0].field[1], "");
	assert_string_equal(table.row[0].field[2], "3");
}

static void
csv_refused(void **state)
{
	struct buf wide;
	size_t i;

	(void)state;
	refuse_csv("", 1, "name the columns");
	refuse_csv("\n1\n", 1, "name the columns");
	refuse_csv(",,\n1\n", 1, "name the columns");
	refuse_csv("a,\"b\n1,2\n", 1, "does not end");
	refuse_csv("a\xff\n1\n", 1, "UTF-8");
	buf_init(&wide, 0);
	for (i = 0; i < 257; i++)
		buf_adds(&wide, i == 0 ? "a" : ",a");
	refuse_csv(wide.data, 1, "columns");
	buf_release(&wide);
}

static void
csv_bad_rows(void **state)
{
	static const char text[] = "a,b\n"
	    "1,2,3\n"			/* 2: too many */
	    "ok,1\n"
	    "\"D\"x,2\n"			/* 4: text behind a quote */
	    "\"two\nlines\" x,2\n"	/* 5, told on 6 */
	    "ok,2\n"
	    "N\0N,2\n"			/* 8 */
	    "\xff,2\n"			/* 9 */
	    "\"x\ny\xc3\",2\n"		/* 10, told on 11 */
	    "ok,3\n"
	    "1,\"open\n"		/* 13: does not end */
	    "ok,4\n"
	    "1,,,4\n";			/* 15 */
	size_t i, good = 0;

	(void)state;
	read_csv_bytes(text, sizeof(text) - 1);
	assert_int_equal(table.nrows, 12);
	assert_int_equal(told.n, 8);
	assert_int_equal(told.findings.errors, 8);
	assert_bad_row(0, 2, 0, 2, "3 fields, the header has 2");
	assert_bad_row(2, 4, 1, 4, "text behind the closing quote;");
	assert_bad_row(3, 5, 2, 6, "begins on line 5");
	assert_bad_row(5, 8, 3, 8, "NUL");
	assert_bad_row(6, 9, 4, 9, "UTF-8");
	assert_bad_row(7, 10, 5, 11, "UTF-8");
	assert_bad_row(9, 13, 6, 13, "does not end");
	assert_bad_row(11, 15, 7, 15, "4 fields");
	for (i = 0; i < table.nrows; i++)
		if (!table.row[i].bad) {
			good++;
			assert_string_equal(table.row[i].field[0], "ok");
			assert_int_equal(table.row[i].field[1][0],
			    '0' + (char)good);
		}
	assert_int_equal(good, 4);
}

static void
csv_empty_fields(void **state)
{
	(void)state;
	read_csv("a,b\n1,2,\n3,4,,  ,\"\"\n,,\n,\n\"\"\n5,\n");
	assert_int_equal(table.ncolumns, 2);
	assert_int_equal(table.nrows, 3);
	assert_string_equal(table.row[1].field[1], "4");
	assert_int_equal(table.row[2].line, 7);
	assert_string_equal(table.row[2].field[0], "5");
	/* Behind the quotes only blanks and the line end may stand. */
	read_csv("a,b\r\n\"1\" \t,\"2\"\t\r\n\"3\",\"4\"\r");
	assert_int_equal(table.nrows, 2);
	assert_string_equal(table.row[0].field[1], "2");
	assert_string_equal(table.row[1].field[1], "4");
	read_csv("a\tb\n\"1\"\t2\n");
	assert_string_equal(table.row[0].field[1], "2");
}

static void
csv_cr_only(void **state)
{
	(void)state;
	read_csv("a;b\r1;\"two\nand\rthree\"\r\r2;x\r");
	assert_int_equal(table.ncolumns, 2);
	assert_int_equal(table.nrows, 2);
	assert_string_equal(table.row[0].field[1], "two\nand\rthree");
	assert_int_equal(table.row[0].line, 2);
	assert_string_equal(table.row[1].field[0], "2");
	assert_string_equal(table.row[1].field[1], "x");
	assert_int_equal(table.row[1].line, 5);
	/* A CR inside a line of another file ends nothing. */
	read_csv("a,b\n1\r2,x\n");
	assert_int_equal(table.nrows, 1);
	assert_string_equal(table.row[0].field[0], "1\r2");
	read_csv_bytes("a,b\r1,2,3\r\"x\"y\r", 15);
	assert_bad_row(0, 2, 0, 2, "3 fields");
	assert_bad_row(1, 3, 1, 3, "behind");
}

static void
csv_round_trip(void **state)
{
	static const char *const fields[] = {
		"plain", "a,b", "a;b", "say \"hi\"", "two\nlines", " blank", "blank ",
		"", "tab\there", "\xc3\xa9"
	};
	struct buf out;
	size_t i;

	(void)state;
	buf_init(&out, 0);
	for (i = 0; i < SIZE(fields); i++)
		buf_addf(&out, "%sc%zu", i == 0 ? "" : ",", i);
	buf_addc(&out, '\n');
	for (i = 0; i < SIZE(fields); i++) {
		if (i > 0)
			buf_addc(&out, ',');
		csv_add(&out, fields[i]);
	}
	read_csv(out.data);
	buf_release(&out);
	assert_int_equal(table.nrows, 1);
	for (i = 0; i < SIZE(fields); i++)
		assert_string_equal(table.row[0].field[i], fields[i]);
}

/* ---- patterns ---- */

static void
pattern_checked(void **state)
{
	static const char *const good[] = {
		"{number}.md", "{number:03}-{slug}.md", "x",
		"_posts/{year}-{month}-{day}-{slug}.md", "{slug}/index.md",
		"**/{season}/{number}*.md", "*/*.md", "..x/.y/...md"
	};
	static const char *const bad[] = {
		"{", "{}", "{number", "{number:x}", "{number:99}", "{Number}",
		"{title}.md", "{stem}.md", "{averyveryverylongname}",
		"", "/a.md", "a//b.md", "a/", "../a.md", "a/../b.md", "./a",
		"a/.", "**", "a/**", "a**/b", "**.md", "**/a/**/b", "***/a",
		"*/*/*.md", "{day}{day}.md"
	};
	struct err err = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(good); i++)
		assert_int_equal(pattern_check(good[i], false, &err), 0);
	for (i = 0; i < SIZE(bad); i++) {
		err.kind = ERR_NONE;
		if (pattern_check(bad[i], false, &err) != -1)
			fail_msg("%s is taken", bad[i]);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
	assert_int_equal(pattern_check("https://a/{year}/{month}/{day}/"
	    "{season:02}-{number:03}-{stem}-{slug}.mp3", true, &err), 0);
	assert_int_equal(pattern_check("https://a/{teaser}", true, &err), -1);
	assert_int_equal(pattern_check("https://{slug}.a/{number:99999999999}",
	    true, &err), -1);
	assert_int_equal(pattern_check("{slug}-{slug}.md", false, &err), -1);
	/* What comes of an address pattern must be an address. */
	assert_int_equal(pattern_check("https://{slug}.a.example/", true,
	    &err), 0);
	assert_int_equal(pattern_check("/ep/{number}", true, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(pattern_check("cdn/{number}.mp3", true, &err), -1);
	assert_int_equal(pattern_check("https://a/\xc3\xbc/{slug}", true,
	    &err), -1);
	assert_non_null(strstr(err.msg, "%C3%BC"));
}

static void
pattern_matched(void **state)
{
	static const struct {
		const char *pattern, *name;
		int64_t number;		/* -1: does not fit */
		const char *slug;
	} cases[] = {
		{ "{number}-{slug}.md", "434-a-b.md", 434, "a-b" },
		{ "{number}-{slug}.md", "007-x.md.md", 7, "x.md" },
		{ "{number:03}-{slug}.md", "7-x.md", 7, "x" },
		{ "{number}-{slug}.md", "434.md", -1, NULL },
		{ "{number}-{slug}.md", "434-.md", -1, NULL },
		{ "{number}-{slug}.md", "x-y.md", -1, NULL },
		{ "{number}.md", "434.md", 434, NULL },
		{ "{number}.md", "434.mdx", -1, NULL },
		{ "{number}.md", ".md", -1, NULL },
		{ "{number}.md", "1234567890123456.md", -1, NULL },
		{ "{slug}.md", "hello there.md", 0, "hello there" },
		{ "{slug}.md", ".md", -1, NULL },
		{ "ep{number}_{slug}.md", "ep12_x.md", 12, "x" },
		{ "ep{number}_{slug}.md", "e12_x.md", -1, NULL },
		{ "{number}.md", "20260105123456789012345.md", -1, NULL },
		{ "{slug}-{number}.md", "bees-and-boxes-12.md", 12,
		    "bees-and-boxes" },
		{ "{slug}-{number}.md", "a-1-2.md", 2, "a-1" },
		{ "{slug}{number}.md", "a12.md", 2, "a1" },
		{ "{number}{slug}.md", "12a.md", 12, "a" },
		{ "{slug}-a-a.md", "a-a-a-a-a.md", 0, "a-a-a" },
	};
	struct pattern_found found;
	bool fits;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		fits = pattern_match(&arena, cases[i].pattern, cases[i].name,
		    &found);
		if (fits != (cases[i].number >= 0))
			fail_msg("%s, %s", cases[i].pattern, cases[i].name);
		if (!fits)
			continue;
		assert_int_equal(found.number, cases[i].number);
		if (cases[i].slug == NULL)
			assert_null(found.slug);
		else
			assert_string_equal(found.slug, cases[i].slug);
	}
}

/* "number season year-month-day slug" of a name, or "-". */
static const char *
found_in(const char *pattern, const char *name)
{
	struct pattern_found f;

	if (!pattern_match(&arena, pattern, name, &f))
		return "-";
	return arena_printf(&arena, "%d %d %d-%d-%d %s", (int)f.number,
	    (int)f.season, f.year, f.month, f.day,
	    f.slug == NULL ? "-" : f.slug);
}

static void
pattern_of_paths(void **state)
{
	static const char *const cases[][3] = {
		{ "_posts/{year}-{month}-{day}-{slug}.md",
		    "_posts/2026-01-05-a-b.md", "0 0 2026-1-5 a-b" },
		{ "{year}-{month}-{day}.md", "2026-1-31.md",
		    "0 0 2026-1-31 -" },
		{ "{year}-{month}-{day}.md", "2026-13-31.md", "-" },
		{ "{year}-{month}-{day}.md", "2026-12-32.md", "-" },
		{ "{year}-{month}-{day}.md", "26-12-31.md", "-" },
		{ "{year}{month}{day}.md", "20260105.md", "0 0 2026-1-5 -" },
		{ "s{season}/e{number}.md", "s2/e007.md", "7 2 0-0-0 -" },
		{ "s{season}/e{number}.md", "s2/x/e007.md", "-" },
		{ "{slug}.md", "a/b.md", "-" },
		{ "{slug}/index.md", "a/index.md", "0 0 0-0-0 a" },
		{ "**/{slug}.md", "b.md", "0 0 0-0-0 b" },
		{ "**/{slug}.md", "a/x/b.md", "0 0 0-0-0 b" },
		{ "a/**/{slug}.md", "a/b.md", "0 0 0-0-0 b" },
		{ "a/**/{slug}.md", "ab/b.md", "-" },
		{ "**/p/{slug}.md", "p/q/p/b.md", "0 0 0-0-0 b" },
		{ "**/p/{slug}.md", "p/q/xp/b.md", "-" },
		{ "{number}*.vtt", "434-x.en.vtt", "434 0 0-0-0 -" },
		{ "{number}*.vtt", "434.vtt", "434 0 0-0-0 -" },
		{ "{number}*.vtt", "a434.vtt", "-" },
		{ "*/{slug}.md", "x/b.md", "0 0 0-0-0 b" },
		{ "*/{slug}.md", "b.md", "-" },
	};
	static const char *const open[][2] = {
		{ "{slug}/index.md", "a" }, { "*/{slug}.md", "b" },
		{ "x/{slug}/index.md", "x" }, { "x/{slug}/index.md", "x/a" },
		{ "**/{slug}.md", "a/b/c" }, { "_posts/{slug}.md", "_posts" },
		{ "**/_posts/{slug}.md", "a/_posts" },
	};
	static const char *const closed[][2] = {
		{ "{slug}.md", "a" }, { "{slug}/index.md", "a/b" },
		{ "{slug}/index.md", "_a" }, { "x/{slug}.md", "y" },
		{ "**/{slug}.md", "a/_b" }, { "*/{slug}.md", "node_modules" },
		{ "_posts/{slug}.md", "_drafts" },
		{ "{number}/{slug}.md", "x" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++)
		if (strcmp(found_in(cases[i][0], cases[i][1]),
		    cases[i][2]) != 0)
			fail_msg("%s, %s: %s", cases[i][0], cases[i][1],
			    found_in(cases[i][0], cases[i][1]));
	for (i = 0; i < SIZE(open); i++)
		if (!pattern_enters(open[i][0], open[i][1]))
			fail_msg("%s: not %s", open[i][0], open[i][1]);
	for (i = 0; i < SIZE(closed); i++)
		if (pattern_enters(closed[i][0], closed[i][1]))
			fail_msg("%s: %s", closed[i][0], closed[i][1]);
	assert_int_equal(pattern_depth("{slug}.md"), 0);
	assert_int_equal(pattern_depth("a/{slug}/index.md"), 2);
	assert_int_equal(pattern_depth("**/{slug}.md"), 8);
	assert_int_equal(pattern_depth("1/2/3/4/5/6/7/8/9/x.md"), 8);
}

static const char *
named(const char *pattern, int64_t number, int digits, const char *slug)
{
	struct pattern_found v = { .number = number, .digits = digits,
	    .slug = slug, .year = 2026, .month = 1, .day = 5 };

	return pattern_name(&arena, pattern, &v);
}

static void
pattern_named(void **state)
{
	struct pattern_found found;

	(void)state;
	assert_string_equal(named("ep{number}.md", 7, 3, "x"),
	    "ep007.md");
	assert_string_equal(named("{number:02}-{slug}.md", 7, 5, "a-b"), "07-a-b.md");
	assert_string_equal(named("{slug}.md", 7, 3, "a"),
	    "a.md");
	assert_string_equal(named("**/{year}/{month}-{day}-{season:02}-*"
	    "{slug}/index.md", 7, 3, "a"), "2026/01-05-01-a/index.md");
	assert_true(pattern_match(&arena, "{number}-{slug}.md", "0042-x.md",
	    &found));
	assert_int_equal(found.digits, 4);
}

static void
pattern_filled(void **state)
{
	struct episode e = {
		.file = "notes/042-b.md", .slug = "caf\xc3\xa9 1/2",
		.number = 42, .date = { 1794871800, 3600 }
	};
	struct err err = ERR_INIT;

	(void)state;
	assert_string_equal(pattern_fill(&arena, "https://a/{number:03}/"
	    "{number}/{slug}/{stem}.mp3", &e, &err),
	    "https://a/042/42/caf%C3%A9%201%2F2/042-b.mp3");
	/* 23:30 UTC is the next day an hour further east. */
	assert_string_equal(pattern_fill(&arena, "https://a/{year}/{month}/"
	    "{day}", &e, &err), "https://a/2026/11/17");
	assert_null(pattern_fill(&arena, "https://a/{season}", &e, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.msg, "season"));
	/* As Hugo has them: dashes, nothing of &, and small letters. */
	e.title = "Q & A: C++  \xc3\x84rger/2 - Part_3 ";
	e.file = "notes/7 Up & DOWN!.md";
	assert_string_equal(pattern_fill(&arena, "https://a/{title:hugo}",
	    &e, &err), "https://a/q-a-c++-%C3%A4rger/2-part_3");
	assert_string_equal(pattern_fill(&arena, "https://a/{stem:hugo-case}/"
	    "{name:hugo}/{slug:hugo}", &e, &err),
	    "https://a/7-Up-DOWN/7-up-down/caf%C3%A9-1/2");
	e.slug_said = true;
	assert_string_equal(pattern_fill(&arena, "https://a/{name}", &e,
	    &err), "https://a/caf%C3%A9%201%2F2");
	e.title = "!?";
	assert_null(pattern_fill(&arena, "https://a/{title:hugo}", &e, &err));
	assert_int_equal(pattern_check("https://a/{name:hugo}", true, &err),
	    0);
	assert_int_equal(pattern_check("https://a/{number:hugo}", true, &err),
	    -1);
	assert_int_equal(pattern_check("{slug:hugo}.md", false, &err), -1);
	err = (struct err)ERR_INIT;
	assert_null(pattern_fill(&arena, "https://a/{season}", &e, &err));
	e.season = 3;
	assert_string_equal(pattern_fill(&arena, "https://a/{season:02}", &e,
	    &err), "https://a/03");
	e.number = 0;
	assert_null(pattern_fill(&arena, "https://a/{number}", &e, &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(ini_continuation),
		TOLD_TEST(ini_crlf_and_bom),
		TOLD_TEST(ini_bad_lines),
		TOLD_TEST(ini_wrong_bytes_are_told_once_for_each_line),
		TOLD_TEST(csv_quotes),
		TOLD_TEST(csv_delimiters),
		TOLD_TEST(csv_refused),
		TOLD_TEST(csv_bad_rows),
		TOLD_TEST(csv_empty_fields),
		TOLD_TEST(csv_cr_only),
		TOLD_TEST(csv_round_trip),
		TOLD_TEST(pattern_checked),
		TOLD_TEST(pattern_matched),
		TOLD_TEST(pattern_of_paths),
		TOLD_TEST(pattern_named),
		TOLD_TEST(pattern_filled),
	};

	return cmocka_run_group_tests_name("ini_csv_pattern", tests, NULL, NULL);
}
