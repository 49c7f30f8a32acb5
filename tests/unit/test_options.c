/*
 * The option table against its documentation and its model file, and the
 * reading of config.ini, show.ini, tables and patterns.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "show/options.h"
#include "show/pattern.h"
#include "text/csv.h"
#include "text/ini.h"

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define TOLD_MAX 32

static struct arena arena;

/* What was found, kept for looking at. */
struct told {
	struct findings findings;
	size_t n;
	const char *rule[TOLD_MAX];
	char *text[TOLD_MAX];
	unsigned line[TOLD_MAX];
};

static struct told told;
static struct options options;

static void
keep(void *ctx, const struct finding *f)
{
	struct told *t = ctx;

	assert_true(t->n < TOLD_MAX);
	t->rule[t->n] = f->rule;
	t->text[t->n] = arena_strdup(&arena, f->text);
	t->line[t->n++] = f->line;
}

static void
forget(void)
{
	memset(&told, 0, sizeof(told));
	told.findings.report = keep;
	told.findings.ctx = &told;
}

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena);
	forget();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void
assert_told(size_t i, const char *rule, unsigned line, const char *part)
{
	assert_true(i < told.n);
	assert_string_equal(told.rule[i], rule);
	assert_int_equal(told.line[i], line);
	if (strstr(told.text[i], part) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", told.text[i], part);
}

static void
read_text(enum option_scope scope, const char *text, size_t len)
{
	forget();
	options_read(&arena, scope, "shows/config.ini", text, len, &options,
	    &told.findings);
	assert_int_equal(told.n, told.findings.errors);
}

static void
read_config(const char *text)
{
	read_text(OPTION_CONFIG, text, strlen(text));
}

/* With the required keys on lines 1 to 4. */
static void
read_show(const char *text)
{
	const char *all = arena_printf(&arena, "title = T\n"
	    "link = https://a.example/\nfeed_url = https://a.example/f\n"
	    "description = D\n%s", text);

	read_text(OPTION_SHOW, all, strlen(all));
}

/* ---- the documents ---- */

static char *
slurp(const char *file)
{
	struct err err = ERR_INIT;
	struct buf text;
	char *out;

	buf_init(&text, INI_MAX);
	if (fs_read(file, INI_MAX, &text, NULL, &err) != 0)
		fail_msg("%s", err.msg);
	out = arena_strndup(&arena, text.data, text.len);
	buf_release(&text);
	return out;
}

static void
example_has_every_key(void **state)
{
	const char *text = slurp("config.example.ini");
	size_t i;

	(void)state;
	for (i = 0; i < options_count; i++) {
		const struct option *o = &options_table[i];
		const char *value = o->fallback == NULL ? "" : o->fallback;
		const char *line = arena_printf(&arena, "%s =%s%s\n", o->name,
		    value[0] == '\0' ? "" : " ", value);
		const char *active = arena_printf(&arena, "\n%s", line);
		const char *comment = arena_printf(&arena, "\n#%s", line);

		if (o->scope == OPTION_CONFIG && strstr(text, active) == NULL
		    && strstr(text, comment) == NULL)
			fail_msg("config.example.ini does not have: %s", line);
	}
}

/* Its `#key = value` lines are keys too, and it is sound as it stands. */
static void
example_has_no_other_key(void **state)
{
	char *text = slurp("config.example.ini"), *line, *next;
	size_t keys = 0, i;

	(void)state;
	read_config(text);
	assert_int_equal(told.n, 0);
	for (line = text; *line != '\0'; line = next) {
		size_t len = strcspn(line, "\n"), name;

		next = line + len + (line[len] == '\n');
		line += *line == '#';
		name = strspn(line, "abcdefghijklmnopqrstuvwxyz_");
		if (name == 0 || strncmp(line + name, " =", 2) != 0)
			continue;
		for (i = 0; i < options_count; i++)
			if (options_table[i].scope == OPTION_CONFIG &&
			    strlen(options_table[i].name) == name &&
			    strncmp(options_table[i].name, line, name) == 0)
				break;
		if (i == options_count)
			fail_msg("config.example.ini has a key that is none: "
			    "%.*s", (int)name, line);
		keys++;
	}
	assert_true(keys > 0);
}

#define ITEM "\n.It Ic "

/* The part of the manual on one scope. */
static char *
manual(enum option_scope scope)
{
	const char *text = slurp("cmd/showmill-config.5");
	const char *begin = strstr(text, scope == OPTION_CONFIG ?
	    "\n.Sh CONFIG.INI\n" : "\n.Sh SHOW.INI\n");
	const char *end = begin == NULL ? NULL : strstr(begin + 1, "\n.Sh ");

	assert_non_null(end);
	return arena_strndup(&arena, begin, (size_t)(end - begin));
}

static void
check_manual(const struct option *o, const char *text)
{
	const char *item = strstr(text, arena_printf(&arena, ITEM "%s\n",
	    o->name)), *end;
	char *entry;

	if (item == NULL)
		fail_msg("the manual does not have %s", o->name);
	end = strstr(item + 1, ITEM);
	entry = arena_strndup(&arena, item, end == NULL ? strlen(item) :
	    (size_t)(end - item));
	if (o->fallback != NULL) {
		if (strstr(entry, arena_printf(&arena, "default\n.Ql %s%s",
		    o->fallback, " .\n")) == NULL && strstr(entry,
		    arena_printf(&arena, "default\n.Ql %s ;\n",
		    o->fallback)) == NULL)
			fail_msg("%s: the manual does not have the default %s",
			    o->name, o->fallback);
	} else if (strstr(entry, o->required ? "required." :
	    "no default") == NULL) {
		fail_msg("%s: the manual does not say that it is %s", o->name,
		    o->required ? "required" : "without a default");
	}
	if ((strstr(entry, "given several times") != NULL) != o->repeat)
		fail_msg("%s: may it be given several times?", o->name);
	if (o->type == OPTION_NUMBER && strstr(entry, arena_printf(&arena,
	    "Number from %ld to %ld,", o->min, o->max)) == NULL)
		fail_msg("%s: the manual has another range", o->name);
}

static void
manual_has_every_key(void **state)
{
	const char *text[] = {
		[OPTION_CONFIG] = manual(OPTION_CONFIG),
		[OPTION_SHOW] = manual(OPTION_SHOW)
	};
	size_t i;

	(void)state;
	for (i = 0; i < options_count; i++)
		check_manual(&options_table[i], text[options_table[i].scope]);
}

static void
manual_has_no_other_key(void **state)
{
	enum option_scope scopes[] = { OPTION_CONFIG, OPTION_SHOW };
	size_t s, i, found = 0, len;
	const char *p;

	(void)state;
	for (s = 0; s < SIZE(scopes); s++)
		for (p = manual(scopes[s]); (p = strstr(p, ITEM)) != NULL;) {
			p += strlen(ITEM);
			len = strcspn(p, "\n");
			for (i = 0; i < options_count; i++)
				if (options_table[i].scope == scopes[s] &&
				    strlen(options_table[i].name) == len &&
				    strncmp(options_table[i].name, p, len) ==
				    0)
					break;
			if (i == options_count)
				fail_msg("the manual has a key that is none: "
				    "%.*s", (int)len, p);
			found++;
		}
	/* Each once. */
	assert_int_equal(found, options_count);
}

/* ---- options_read ---- */

static void
defaults(void **state)
{
	(void)state;
	read_config("");
	assert_int_equal(told.n, 0);
	assert_string_equal(options_text(&options, "ledger"),
	    "shows/ledger.db");
	assert_int_equal(options_line(&options, "ledger"), 0);
	assert_string_equal(options_text(&options, "relay"),
	    "smtp://localhost:25");
	assert_null(options_text(&options, "helo"));
	assert_int_equal(options_number(&options, "claim"), 64);
	assert_int_equal(options_span(&options, "give_up"), 3 * 86400);
	assert_int_equal(options_number_of(&options, "shows"), 1);
	assert_int_equal(options_number_of(&options, "probe_map"), 0);
	read_show("");
	assert_int_equal(told.n, 0);
	assert_false(options_bool(&options, "explicit"));
	assert_int_equal(options_clock(&options, "publish_time"), 0);
}

/* A default that does not pass its own check would abort a run. */
static void
defaults_are_sound(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < options_count; i++) {
		const struct option *o = &options_table[i];
		const char *line;

		if (o->fallback == NULL)
			continue;
		line = arena_printf(&arena, "%s = %s\n", o->name, o->fallback);
		if (o->scope == OPTION_CONFIG)
			read_config(line);
		else
			read_show(line);
		if (told.n != 0)
			fail_msg("%s", told.text[0]);
	}
}

static void
values_and_lines(void **state)
{
	(void)state;
	read_config("# head\n\nLEDGER = /var/l.db\nshows = a/*.ini\n"
	    "shows = /b/show.ini\nrelay=maildir:out = 2 # no comment\n");
	assert_int_equal(told.n, 0);
	assert_string_equal(options_text(&options, "ledger"), "/var/l.db");
	assert_int_equal(options_line(&options, "ledger"), 3);
	assert_int_equal(options_number_of(&options, "shows"), 2);
	assert_string_equal(options_at(&options, "shows", 0), "shows/a/*.ini");
	assert_string_equal(options_at(&options, "shows", 1), "/b/show.ini");
	assert_null(options_at(&options, "shows", 2));
	assert_int_equal(options_line(&options, "shows"), 4);
	assert_string_equal(options_text(&options, "relay"),
	    "maildir:out = 2 # no comment");
	read_show("publish_time = 06:30\nexplicit = YES\nwindow = 2w\n");
	assert_int_equal(told.n, 0);
	assert_int_equal(options_clock(&options, "publish_time"), 23400);
	assert_true(options_bool(&options, "explicit"));
	assert_int_equal(options_span(&options, "window"), 14 * 86400);
}

static void
unknown_and_wrong_scope(void **state)
{
	(void)state;
	read_config("claim = 1\nrely = smtp://a\n\ntitle = T\n[mail]\n"
	    "helo = a.example\n");
	assert_int_equal(told.n, 3);
	assert_told(0, "option-unknown", 2, "`rely` is no key");
	assert_told(1, "option-unknown", 4, "`title` belongs into show.ini");
	assert_told(2, "option-unknown", 6, "[mail]");
	/* What is sound is there all the same. */
	assert_int_equal(options_number(&options, "claim"), 1);
	assert_null(options_text(&options, "helo"));
	read_show("relay = smtp://a\n");
	assert_int_equal(told.n, 1);
	assert_told(0, "option-unknown", 5, "`relay` belongs into config.ini");
}

static void
twice(void **state)
{
	(void)state;
	read_config("helo = a.example\nclaim = 2\nHelo = b.example\n");
	assert_int_equal(told.n, 1);
	assert_told(0, "option-twice", 3, "`helo` is given on line 1");
	assert_string_equal(options_text(&options, "helo"), "a.example");
}

static void
missing(void **state)
{
	static const char text[] = "title = T\nfeed_url = https://a.example\n";
	bool link = false;
	size_t i;

	(void)state;
	read_text(OPTION_SHOW, text, sizeof(text) - 1);
	assert_int_equal(told.n, 2);
	for (i = 0; i < told.n; i++) {
		assert_string_equal(told.rule[i], "option-missing");
		assert_int_equal(told.line[i], 0);
		link |= strstr(told.text[i], "`link`") != NULL;
	}
	assert_true(link);
	/* An empty value is none. */
	read_show("author =\n");
	assert_int_equal(told.n, 1);
	assert_told(0, "option-value", 5, "wants a value");
}

static const struct {
	const char *key;	/* of show.ini, or of config.ini with "c:" */
	const char *good[6];
	const char *bad[8];
} types[] = {
	{ "author", { "x", "Ann; Bob # 2", "\xc3\xa9" }, { "" } },
	{ "image", { "https://a.example/i.png", "HTTP://[::1]/i" },
	    { "a.example/i.png", "ftp://a.example/", "https://", "https:///i",
	    "https://a.example/a b", "https://a.example/<i>" } },
	{ "out", { "public", "../p", "/p q" }, { "" } },
	{ "explicit", { "true", "No", "yes", "FALSE" },
	    { "1", "on", "truely", "" } },
	{ "c:claim", { "1", "64", "007" },
	    { "0", "65", "-1", "x", "1x", "1.5", "", "99999999999999999999" } },
	{ "window", { "14d", "36h", "30m", "45s", "2w" },
	    { "14", "d", "14 days", "-1d", "1.5d", "14dd", "" } },
	{ "type", { "episodic", "serial" },
	    { "Serial", "episodic|serial", "epis", "", "|" } },
	{ "accent", { "#1f5fa8", "#ABCDEF" },
	    { "1f5fa8", "#fff", "#1f5fag", "#1f5fa8a", "red" } },
	{ "guid", { "917393e3-1b1e-5cef-ace4-edaa54e1f810" },
	    { "917393e3-1b1e-5cef-ace4-edaa54e1f81",
	    "917393e31b1e5ceface4edaa54e1f810", "x" } },
	{ "publish_time", { "00:00", "23:59", "06:05" },
	    { "24:00", "6:00", "06:60", "0600", "06:00:00", "a6:00" } },
	{ "slug", { "a", "a-1-b", "0" },
	    { "A", "a_b", "a.b", "a/b", "",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
	},
};

static void
each_type(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < SIZE(types); i++) {
		bool config = strncmp(types[i].key, "c:", 2) == 0;
		const char *key = types[i].key + (config ? 2 : 0);
		unsigned line = config ? 2 : 6;

		for (k = 0; k < SIZE(types[i].good) &&
		    types[i].good[k] != NULL; k++) {
			(config ? read_config : read_show)(arena_printf(
			    &arena, "#\n%s = %s\n", key, types[i].good[k]));
			if (told.n != 0)
				fail_msg("good: %s", told.text[0]);
			assert_int_equal(options_line(&options, key), line);
		}
		for (k = 0; k < SIZE(types[i].bad) &&
		    types[i].bad[k] != NULL; k++) {
			(config ? read_config : read_show)(arena_printf(
			    &arena, "#\n%s = %s\n", key, types[i].bad[k]));
			if (told.n != 1)
				fail_msg("bad: %s = %s", key,
				    types[i].bad[k]);
			assert_told(0, "option-value", line, "it wants");
		}
	}
}

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
	static const char text[] = "\xef\xbb\xbf" "a = 1\r\n\r\n[ s ]\r\n"
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
	read_text(OPTION_CONFIG, "\xef\xbb\xbf" "claim = 5\r\n", 14);
	assert_int_equal(told.n, 0);
	assert_int_equal(options_number(&options, "claim"), 5);
}

static void
ini_bad_lines(void **state)
{
	static const char text[] = "a = 1\nnothing\n= 2\n[]\n[s\nb = \x01\n"
	    "c = \xff\nd = 4\rX\ne = 5\n";
	struct ini_entry *e;

	(void)state;
	assert_int_equal(read_ini(text, sizeof(text) - 1, &e), 2);
	assert_int_equal(told.n, 7);
	assert_told(0, "ini-syntax", 2, "neither");
	assert_told(1, "ini-syntax", 3, "no key");
	assert_told(2, "ini-syntax", 4, "[name]");
	assert_told(3, "ini-syntax", 5, "[name]");
	assert_told(4, "ini-syntax", 6, "control character");
	assert_told(5, "ini-syntax", 7, "UTF-8");
	assert_told(6, "ini-syntax", 8, "control character");
	assert_string_equal(e[0].key, "a");
	assert_string_equal(e[1].key, "e");
}

static void
ini_nul(void **state)
{
	struct ini_entry *e;

	(void)state;
	read_ini("a = 1\0b\n", 8, &e);
	assert_int_equal(told.n, 1);
	assert_told(0, "ini-syntax", 1, "control character");
}

/* ---- CSV ---- */

static struct csv_table table;

static void
read_csv(const char *text)
{
	struct err err = ERR_INIT;

	if (csv_read(&arena, text, strlen(text), &table, &err) != 0)
		fail_msg("%u: %s", err.line, err.msg);
}

static void
refuse_csv(const char *text, unsigned line, const char *part)
{
	struct err err = ERR_INIT;

	assert_int_equal(csv_read(&arena, text, strlen(text), &table, &err),
	    -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(err.line, line);
	if (strstr(err.msg, part) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.msg, part);
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
		"\xef\xbb\xbf" "a;b\r\n1;2\r\n"
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
	refuse_csv("a,b\n1,2\n1,2,3\n", 3, "3 fields");
	refuse_csv("a,b\n\"1\n2\",3\n\"x\ny", 4, "does not end");
	refuse_csv("a\n\n\xff\n", 3, "UTF-8");
	assert_int_equal(csv_read(&arena, "", 0, &table,
	    &(struct err)ERR_INIT), -1);
	assert_int_equal(csv_read(&arena, "\n1\n", 3, &table,
	    &(struct err)ERR_INIT), -1);
	buf_init(&wide, 0);
	for (i = 0; i < 257; i++)
		buf_adds(&wide, i == 0 ? "a" : ",a");
	refuse_csv(wide.data, 1, "columns");
	buf_release(&wide);
}

static void
csv_round_trip(void **state)
{
	static const char *const fields[] = {
		"plain", "a,b", "a;b", "say \"hi\"", "two\nlines", " blank",
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
		"", "{number}.md", "{number:03}-{slug}.md", "x"
	};
	static const char *const bad[] = {
		"{", "{}", "{number", "{number:x}", "{number:99}", "{Number}",
		"{title}.md", "{year}.md", "{averyveryverylongname}"
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
	assert_int_equal(pattern_check("https://a/{title}", true, &err), -1);
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
	};
	const char *slug;
	int64_t number;
	bool fits;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		fits = pattern_match(&arena, cases[i].pattern, cases[i].name,
		    &number, &slug);
		if (fits != (cases[i].number >= 0))
			fail_msg("%s, %s", cases[i].pattern, cases[i].name);
		if (!fits)
			continue;
		assert_int_equal(number, cases[i].number);
		if (cases[i].slug == NULL)
			assert_null(slug);
		else
			assert_string_equal(slug, cases[i].slug);
	}
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
	e.season = 3;
	assert_string_equal(pattern_fill(&arena, "https://a/{season:02}", &e,
	    &err), "https://a/03");
	e.number = 0;
	assert_null(pattern_fill(&arena, "https://a/{number}", &e, &err));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(example_has_every_key),
		TEST(example_has_no_other_key),
		TEST(manual_has_every_key),
		TEST(manual_has_no_other_key),
		TEST(defaults),
		TEST(defaults_are_sound),
		TEST(values_and_lines),
		TEST(unknown_and_wrong_scope),
		TEST(twice),
		TEST(missing),
		TEST(each_type),
		TEST(ini_continuation),
		TEST(ini_crlf_and_bom),
		TEST(ini_bad_lines),
		TEST(ini_nul),
		TEST(csv_quotes),
		TEST(csv_delimiters),
		TEST(csv_refused),
		TEST(csv_round_trip),
		TEST(pattern_checked),
		TEST(pattern_matched),
		TEST(pattern_filled),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
