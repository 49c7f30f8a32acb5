/*
 * Words: files, what stands in for what is missing, forms for numbers, holes,
 * dates and sizes; and that those that come along are whole.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "show/language.h"
#include "text/ini.h"
#include "text/phrase.h"
#include "text/template.h"
#include "text/words.h"

static struct arena a;
static char dir[] = "/tmp/showmill-words-XXXXXX";

/* What was found, as one text. */
struct told {
	struct findings findings;
	const char *text;
};

static void
keep(void *ctx, const struct finding *f)
{
	struct told *t = ctx;

	t->text = arena_printf(&a, "%s%s:%u: %s [%s]\n", t->text, f->file,
	    f->line, f->text, f->rule);
}

static void
told_begin(struct told *t)
{
	memset(t, 0, sizeof(*t));
	t->text = "";
	t->findings.report = keep;
	t->findings.ctx = t;
}

static int
sweep(void **state)
{
	static const char *const files[] = {
		"own/digest.txt", "installed/words/pt.ini",
		"own/words/pt-br.ini", "own/words/en.ini",
		"own/words/pt.ini", "own/words", "own", "installed/words",
		"installed"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		(void)remove(fs_join(&a, dir, files[i]));
	(void)remove(dir);
	arena_release(&a);
	return 0;
}

/* Words of language from one file, which says text. */
static struct words *
words_of(const char *language, const char *text, struct findings *to)
{
	struct words *w = words_new(&a, language);

	words_add(w, language, "xx.ini", text, strlen(text), to);
	words_finish(w, to);
	return w;
}

/* What a template makes of the words and of the names below `data`. */
static const char *
rendered(const struct words *w, const char *text, struct node *data,
    enum template_escape escape, struct err *err)
{
	struct template_options o = { .escape = escape, .strict = true };
	struct template *t = template_parse("t", text, strlen(text), err);
	const char *result = NULL;
	struct buf out;

	assert_non_null(t);
	buf_init(&out, 1 << 20);
	node_set(&a, data, "words", words_node(&a, w));
	if (template_render(t, data, &o, &out, err) == 0)
		result = arena_strdup(&a, out.data);
	buf_release(&out);
	template_free(t);
	return result;
}

static struct node *
episodes(int64_t n)
{
	struct node *data = node_map(&a), *show = node_map(&a), *edition;

	node_set_text(&a, show, "title", "R&D <live>");
	node_set(&a, data, "show", show);
	edition = node_set(&a, data, "edition", node_map(&a));
	node_set_text(&a, edition, "show", "R&D <live>");
	node_set(&a, data, "none", node_null(&a));
	node_set(&a, data, "list", node_list(&a));
	node_set(&a, data, "count", node_number(&a, n));
	return data;
}

static const char *
intro(const struct words *w, int64_t n)
{
	struct err err = ERR_INIT;
	const char *text = rendered(w, "{{words.intro}}", episodes(n),
	    TEMPLATE_PLAIN, &err);

	if (text == NULL)
		fail_msg("%s:%u: %s", err.file, err.line, err.msg);
	return text;
}

static void
what_is_missing_is_english(void **state)
{
	struct told t;
	struct words *w;

	(void)state;
	told_begin(&t);
	w = words_of("nl", "listen = Luisteren\nmonths = a,b,c,d,e,f,g,h,i,j,"
	    "k,l\ndate = {day} {month} {year}\n", &t.findings);
	assert_string_equal(words_text(&a, w, "listen"), "Luisteren");
	assert_string_equal(words_text(&a, w, "watch"), "Watch");
	assert_true(words_known(w));
	assert_int_equal(t.findings.errors, 0);
	assert_int_equal(t.findings.warnings, 1);
	assert_non_null(strstr(t.text, "xx.ini"));
	assert_non_null(strstr(t.text, "words-missing"));
	assert_non_null(strstr(t.text, "watch, "));
	assert_null(strstr(t.text, "listen,"));
	assert_null(strstr(t.text, "months"));
}

static void
without_a_file_all_is_english(void **state)
{
	static const struct { const char *language; bool known; } rows[] = {
		{ "en", true }, { "en-GB", true }, { "EN", true },
		{ "und", true }, { "nl", false }, { "eng", false }
	};
	struct told t;
	struct words *w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		told_begin(&t);
		w = words_new(&a, rows[i].language);
		words_finish(w, &t.findings);
		assert_int_equal(words_known(w), rows[i].known);
		assert_int_equal(t.findings.warnings + t.findings.errors, 0);
		assert_string_equal(words_text(&a, w, "watch"), "Watch");
	}
	assert_string_equal(words_text(&a, NULL, "watch"), "Watch");
	assert_string_equal(intro(NULL, 1),
	    "Here is the new episode of R&D <live>.");
}

static void
the_nearest_file_counts_with_all_its_forms(void **state)
{
	struct findings none = { .report = NULL };
	const char near[] = "intro = Oi {count}\n", far[] =
	    "intro.one = um\nintro.other = uns {count}\nwatch = Ver\n";
	struct words *w = words_new(&a, "pt-BR");

	(void)state;
	words_add(w, "pt-BR", "pt-BR.ini", near, strlen(near), &none);
	words_add(w, "pt", "pt.ini", far, strlen(far), &none);
	words_finish(w, &none);
	assert_string_equal(intro(w, 1), "Oi 1");
	assert_string_equal(words_text(&a, w, "watch"), "Ver");
}

static void
forms_are_by_the_language(void **state)
{
	static const struct {
		const char *language;
		const char *forms;	/* of 0 to 25 and 100 to 104: a letter
					 * each */
	} rows[] = {
		{ "en", "o1oooooooooooooooooooooooo" "ooooo" },
		{ "de-AT", "o1oooooooooooooooooooooooo" "ooooo" },
		{ "fr", "11oooooooooooooooooooooooo" "ooooo" },
		{ "pt-BR", "11oooooooooooooooooooooooo" "ooooo" },
		{ "ja", "oooooooooooooooooooooooooo" "ooooo" },
		{ "ru", "m1fffmmmmmmmmmmmmmmmm1fffm" "m1fff" },
		{ "pl", "m1fffmmmmmmmmmmmmmmmmmfffm" "mmfff" },
		{ "cs", "o1fffooooooooooooooooooooo" "ooooo" },
		{ "hr", "o1fffoooooooooooooooo1fffo" "o1fff" },
		{ "sl", "o12ffooooooooooooooooooooo" "o12ff" },
		{ "lt", "o1ffffffffooooooooooo1ffff" "o1fff" },
		{ "lv", "z1oooooooozzzzzzzzzzz1oooo" "z1ooo" },
		{ "ro", "f1ffffffffffffffffffoooooo" "offff" },
		{ "ar", "z12ffffffffmmmmmmmmmmmmmmm" "oooff" },
		{ "he", "o12ooooooooooooooooooooooo" "ooooo" },
		{ "ga", "o12ffffmmmmooooooooooooooo" "ooooo" },
		{ "cy", "z12foomooooooooooooooooooo" "ooooo" },
		{ "is", "o1ooooooooooooooooooo1oooo" "o1ooo" },
		{ "qqq", "o1oooooooooooooooooooooooo" "ooooo" }
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (k = 0; k < 31; k++) {
			/* the last five from 100 on */
			uint64_t n = k < 26 ? k : 74 + k;
			enum plural form = plural_of(rows[i].language, n);
			char letter = form == PLURAL_ONE ? '1' :
			    form == PLURAL_TWO ? '2' : plural_name(form)[0];

			if (letter != rows[i].forms[k])
				fail_msg("%s %u: %s", rows[i].language,
				    (unsigned)n, plural_name(form));
		}
}

static void
a_form_that_is_missing_is_other(void **state)
{
	struct findings none = { .report = NULL };
	struct words *w = words_of("pl", "intro.one = jeden\n"
	    "intro.few = {count} odcinki\nintro.other = {count} odcinków\n",
	    &none);

	(void)state;
	assert_string_equal(intro(w, 1), "jeden");
	assert_string_equal(intro(w, 3), "3 odcinki");
	assert_string_equal(intro(w, 5), "5 odcinków");
	w = words_of("ja", "intro.one = eins\nintro = {count}\n", &none);
	assert_string_equal(intro(w, 1), "1");
}

static void
words_and_values_are_escaped_together(void **state)
{
	struct findings none = { .report = NULL };
	struct words *w = words_of("nl", "intro = <b>{show.title}</b> &{none}"
	    "\n", &none);
	struct err err = ERR_INIT;

	(void)state;
	assert_string_equal(rendered(w, "{{words.intro}}|{{{words.intro}}}|"
	    "{{#words}}{{intro}}{{/words}}", episodes(1), TEMPLATE_HTML, &err),
	    "&lt;b&gt;R&amp;D &lt;live&gt;&lt;/b&gt; &amp;|"
	    "<b>R&D <live></b> &|"
	    "&lt;b&gt;R&amp;D &lt;live&gt;&lt;/b&gt; &amp;");
	assert_string_equal(rendered(w, "{{words.intro}}", episodes(1),
	    TEMPLATE_PLAIN, &err), "<b>R&D <live></b> &");
}

/* A value with braces is no hole. */
static void
values_are_not_read_again(void **state)
{
	struct findings none = { .report = NULL };
	struct words *w = words_of("nl", "intro = {my.name}\n", &none);
	struct node *data = node_map(&a), *my = node_map(&a);
	struct err err = ERR_INIT;

	(void)state;
	node_set_text(&a, my, "name", "{show.title} {{x}} %s {");
	node_set(&a, data, "my", my);
	assert_string_equal(rendered(w, "{{words.intro}}", data,
	    TEMPLATE_PLAIN, &err), "{show.title} {{x}} %s {");
}

static void
a_hole_that_nothing_fills_is_told(void **state)
{
	static const struct { const char *text, *said; } rows[] = {
		{ "{show.titel}", "unknown name {show.titel}; did you mean "
		    "{show.title}?" },
		{ "{nowhere_at_all}", "unknown name {nowhere_at_all}" },
		{ "{list}", "a list or a map" },
		{ "{show}", "a list or a map" },
		{ "{words.watch}", "itself one of the words" },
	};
	struct findings none = { .report = NULL };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = ERR_INIT;
		const char *text = arena_printf(&a, "# x\n\nintro = %s\n",
		    rows[i].text);

		assert_null(rendered(words_of("nl", text, &none),
		    "{{words.intro}}", episodes(1), TEMPLATE_HTML, &err));
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_string_equal(err.file, "xx.ini");
		assert_int_equal(err.line, 3);
		if (strstr(err.msg, rows[i].said) == NULL)
			fail_msg("%s: %s", rows[i].text, err.msg);
	}
}

static void
forms_want_a_count(void **state)
{
	struct findings none = { .report = NULL };
	struct words *w = words_of("nl", "cover.one = a\ncover.other = b\n",
	    &none);
	struct err err = ERR_INIT;

	(void)state;
	assert_null(rendered(w, "{{words.cover}}", node_map(&a),
	    TEMPLATE_HTML, &err));
	assert_string_equal(err.file, "xx.ini");
	assert_int_equal(err.line, 2);
	assert_non_null(strstr(err.msg, "`count`"));
}

static void
broken_files_are_told_with_line(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *said;
	} rows[] = {
		{ "listen\n", 1, "neither `key = value`" },
		{ "\nListen = x\n", 2, "`Listen` is no key" },
		{ "[a]\nlisten = x\n", 2, "no [sections]" },
		{ "a\nlisten = x\001y\n", 2, "control character" },
		{ "listen = \xff\n", 1, "UTF-8" },
		{ "listen = x\nlisten = y\n", 2, "on line 1 too" },
		{ "listen = x\nlisten.other = y\n", 2, "on line 1 too" },
		{ "intro.some = x\n", 1, "a form of the plural" },
		{ "intro.one = x\n", 1, "without `intro.other`" },
		{ "intro = {count\n", 1, "the brace in `{count`" },
		{ "intro = count}\n", 1, "the brace in `}`" },
		{ "intro = {Count}\n", 1, "the brace in `{Count}`" },
		{ "intro = {}\n", 1, "the brace" },
		{ "intro = } {count}\n", 1, "the brace" },
		{ "intro = { {count}\n", 1, "the brace" },
		{ "intro = {a..b}\n", 1, "the brace" },
		{ "intro = {.a}\n", 1, "the brace" },
		{ "intro = {{count}}\n", 1, "the brace" },
		{ "date = {day} {moon}\n", 1, "{moon}" },
		{ "date =\n", 1, "is empty" },
		{ "months = a, b\n", 1, "`months` has 2" },
		{ "weekdays = a,b,c,,e,f,g\n", 1, "is empty" },
		{ "units = a,b,c,d,e,f,g\n", 1, "`units` has 7" },
		{ "decimal = comma here\n", 1, "one mark" },
		{ "months.one = a\n", 1, "no forms of the plural" },
		{ "lissen = x\n", 1, "showmill has no word `lissen`" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct told t;

		told_begin(&t);
		(void)words_of("nl", rows[i].text, &t.findings);
		if (strstr(t.text, arena_printf(&a, "xx.ini:%u: ",
		    rows[i].line)) == NULL || strstr(t.text,
		    rows[i].said) == NULL)
			fail_msg("%s: %s", rows[i].text, t.text);
		if (strncmp(rows[i].text, "lissen", 6) != 0)
			assert_true(t.findings.errors > 0);
	}
}

static void
own_words_need_no_english(void **state)
{
	struct err err = ERR_INIT;
	struct words *w;
	struct told t;

	(void)state;
	told_begin(&t);
	w = words_of("de", "my_motto = Tee & {count}\n", &t.findings);
	assert_null(strstr(t.text, "my_motto"));
	assert_string_equal(rendered(w, "{{words.my_motto}}", episodes(2),
	    TEMPLATE_PLAIN, &err), "Tee & 2");
}

static void
quotes_keep_blanks(void **state)
{
	static const char *const rows[][2] = {
		{ "\", \"", ", " }, { "\"\"", "" }, { "\"", "\"" },
		{ "\"a\" and \"b\"", "\"a\" and \"b\"" },
		{ "a \"b\"", "a \"b\"" }, { "\" {count} \"", " {count} " }
	};
	struct findings none = { .report = NULL };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(words_text(&a, words_of("nl",
		    arena_printf(&a, "intro = %s\n", rows[i][0]), &none),
		    "intro"), rows[i][1]);
	assert_string_equal(words_text(&a, NULL, "comma"), ", ");
}

static void
huge_files_are_refused(void **state)
{
	struct buf text;
	struct told t;
	size_t i;

	(void)state;
	told_begin(&t);
	buf_init(&text, 0);
	buf_adds(&text, "listen = ");
	for (i = 0; i < 2001; i++)
		buf_addc(&text, 'x');
	(void)words_of("nl", text.data, &t.findings);
	assert_non_null(strstr(t.text, "xx.ini:1: "));
	assert_non_null(strstr(t.text, "larger than 2000 bytes"));
	told_begin(&t);
	buf_clear(&text);
	for (i = 0; i < 1002; i++)
		buf_addf(&text, "my_%zu = x\n", i);
	(void)words_of("nl", text.data, &t.findings);
	assert_non_null(strstr(t.text, "xx.ini:1001: "));
	assert_int_equal(t.findings.errors, 1);
	buf_release(&text);
}

static void
a_language_is_found_in_a_wider_one(void **state)
{
	static const struct { const char *language, *chain; } rows[] = {
		{ "pt-BR", "pt" }, { "de", "" },
		{ "zh-Hant-TW", "zh-Hant zh" },
		{ "de-AT-x-wien", "de-AT de" }, { "en-a-bb-ccc", "en-a-bb en" },
	};
	const char *language;
	struct buf chain;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_init(&chain, 0);
		for (language = language_wider(&a, rows[i].language);
		    language != NULL; language = language_wider(&a, language))
			buf_addf(&chain, "%s%s", chain.len > 0 ? " " : "",
			    language);
		assert_string_equal(chain.data == NULL ? "" : chain.data,
		    rows[i].chain);
		buf_release(&chain);
	}
}

/* ---- the folders ---- */

static void
put(const char *name, const char *text)
{
	struct err err = ERR_INIT;
	const char *path = fs_join(&a, dir, name);

	assert_int_equal(fs_mkdirs(fs_dirname(&a, path), &err), 0);
	assert_int_equal(fs_replace(path, text, strlen(text), 0644, NULL,
	    &err), 0);
}

/* What a show of the language calls the key; the findings go to t. */
static const char *
word(const char *language, bool must, const char *key, struct told *t,
    struct err *err)
{
	const struct config c = { .templates = fs_join(&a, dir, "own"),
		.installed = fs_join(&a, dir, "installed") };
	struct show s = { .file = "show.ini", .slug = "mini",
		.language = language };
	const char *text = NULL;

	told_begin(t);
	if (language_open(&s, &c, must, &t->findings, err) == 0)
		text = arena_strdup(&a, words_text(&a, s.words, key));
	arena_release(&s.arena);
	return text;
}

static void
own_files_count_before_the_installed(void **state)
{
	struct err err = ERR_INIT;
	struct told t;

	(void)state;
	assert_non_null(mkdtemp(dir));
	/* Templates of one's own, older than all words. */
	put("own/digest.txt", "x");
	put("installed/words/pt.ini", "listen = Ouvir\nwatch = Ver\n");
	assert_string_equal(word("pt-BR", true, "listen", &t, &err), "Ouvir");
	assert_string_equal(word("en", true, "listen", &t, &err), "Listen");
	assert_int_equal(t.findings.warnings, 0);
	put("own/words/pt-br.ini", "listen = Oi\n");
	assert_string_equal(word("pt-BR", true, "listen", &t, &err), "Oi");
	assert_string_equal(word("pt-BR", true, "watch", &t, &err), "Ver");
	assert_string_equal(word("pt-PT", true, "listen", &t, &err), "Ouvir");
	put("own/words/en.ini", "listen = Hear\nskip = Jump\n");
	assert_string_equal(word("pt", true, "skip", &t, &err), "Jump");
	assert_string_equal(word("en-GB", true, "listen", &t, &err), "Hear");
	assert_int_equal(t.findings.warnings, 0);
	put("own/words/pt.ini", "watch = Assistir\n");
	assert_string_equal(word("pt-BR", true, "watch", &t, &err),
	    "Assistir");
	assert_string_equal(word("PT", true, "listen", &t, &err), "Ouvir");
	/* What is wrong anywhere is told, and nothing is used. */
	put("own/words/pt.ini", "# x\nwatch\n");
	assert_null(word("pt-BR", false, "watch", &t, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(t.text, "own/words/pt.ini:2: "));
}

static void
a_language_without_words_is_english_or_refused(void **state)
{
	struct err err = ERR_INIT;
	struct told t;

	(void)state;
	assert_string_equal(word("nl", false, "watch", &t, &err), "Watch");
	assert_int_equal(t.findings.warnings, 1);
	assert_non_null(strstr(t.text, "show.ini:0: language = `nl`"));
	assert_non_null(strstr(t.text, "/own/words/nl.ini can"));
	assert_null(word("nl-BE", true, "watch", &t, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.file, "show.ini");
	assert_non_null(strstr(err.msg, "/own/words/nl.ini"));
	assert_string_equal(word("und", true, "watch", &t, &err), "Watch");
	assert_int_equal(t.findings.warnings, 0);
}

/* ---- those that come along ---- */

static const struct {
	const char *language;
	const char *date, *first, *size;
} shipped[] = {
	{ "en", "17 November 2026", "1 May 2026", "8.22 MB" },
	{ "de", "17. November 2026", "1. Mai 2026", "8,22 MB" },
	{ "es", "17 de noviembre de 2026", "1 de mayo de 2026", "8,22 MB" },
	{ "fr", "17 novembre 2026", "1er mai 2026", "8,22 Mo" },
	{ "pt", "17 de novembro de 2026", "1º de maio de 2026", "8,22 MB" },
	{ "sv", "17 november 2026", "1 maj 2026", "8,22 MB" },
	{ "ja", "2026年11月17日", "2026年5月1日", "8.22 MB" },
};

#define SHIPPED (sizeof(shipped) / sizeof(shipped[0]))

static const char *
read_shipped(const char *language)
{
	struct err err = ERR_INIT;
	struct buf text;
	const char *copy;

	buf_init(&text, INI_MAX);
	if (fs_read(arena_printf(&a, "templates/words/%s.ini", language),
	    INI_MAX, &text, NULL, &err) != 0)
		fail_msg("%s", err.msg);
	copy = arena_strdup(&a, text.data);
	buf_release(&text);
	return copy;
}

static void
dates_and_sizes_are_as_written_there(void **state)
{
	struct findings none = { .report = NULL };
	struct date d = { 1794906000, 0 }, first = { 1777600800, 7200 };
	size_t i;

	(void)state;
	for (i = 0; i < SHIPPED; i++) {
		struct words *w = words_of(shipped[i].language,
		    read_shipped(shipped[i].language), &none);

		assert_string_equal(words_date(&a, w, &d), shipped[i].date);
		assert_string_equal(words_date(&a, w, &first),
		    shipped[i].first);
		assert_string_equal(words_size(&a, w, 8220000),
		    shipped[i].size);
		assert_int_equal(words_size(&a, w, 813000)[3], ' ');
	}
	assert_string_equal(words_date(&a, NULL, &d), "17 November 2026");
	assert_string_equal(words_size(&a, NULL, 8220000), "8.22 MB");
}

static void
a_date_can_have_its_weekday(void **state)
{
	struct findings none = { .report = NULL };
	struct words *w = words_of("de",
	    "date = {weekday}, {day}. {month}\nweekdays = Mo, Di, Mi, Do, Fr, "
	    "Sa, So\n", &none);
	struct date d = { 1794906000, 0 };

	(void)state;
	assert_string_equal(words_date(&a, w, &d), "Di, 17. November");
}

/* The holes of a text, sorted by nothing: as often as they are there. */
static size_t
holes(const char *text, const char *wanted)
{
	const char *name;
	size_t len, n = 0;

	while ((text = phrase_hole(text, &name, &len)) != NULL) {
		n += wanted == NULL || (strlen(wanted) == len &&
		    memcmp(wanted, name, len) == 0);
		text = name + len;
	}
	return n;
}

/* Whole, without what English has not, and with the same holes. */
static void
each_file_is_whole(void **state)
{
	struct ini_entry *english, *own;
	size_t n, m, i, k, j;

	(void)state;
	for (i = 0; i < SHIPPED; i++) {
		struct told t;
		const char *text = read_shipped("en"), *name, *p;
		size_t len;

		told_begin(&t);
		ini_read(&a, "en.ini", text, strlen(text), &english, &n,
		    &t.findings);
		text = read_shipped(shipped[i].language);
		(void)words_of(shipped[i].language, text, &t.findings);
		if (t.findings.errors + t.findings.warnings > 0)
			fail_msg("%s: %s", shipped[i].language, t.text);
		ini_read(&a, "xx.ini", text, strlen(text), &own, &m,
		    &t.findings);
		for (k = 0; k < n; k++)
			for (j = 0; j < m; j++) {
				if (strcmp(english[k].key, own[j].key) != 0)
					continue;
				for (p = english[k].value; (p = phrase_hole(p,
				    &name, &len)) != NULL; p = name + len)
					if (holes(own[j].value, arena_strndup(
					    &a, name, len)) != 1)
						fail_msg("%s: %s has not the "
						    "holes of the English",
						    shipped[i].language,
						    own[j].key);
				assert_int_equal(holes(own[j].value, NULL),
				    holes(english[k].value, NULL));
			}
	}
}

/* What templates ask for is there, and nothing else. */
static void
templates_use_each_word(void **state)
{
	static const char *const files[] = {
		"digest.html", "digest.txt", "digest.subject",
		"page-episode.html", "page-show.html", "page-head.html"
	};
	static const char *const elsewhere[] = {
		"date", "first_day", "months", "weekdays", "decimal", "units",
		"friend", "video", "text"
	};
	const char *english = read_shipped("en");
	struct findings none = { .report = NULL };
	struct err err = ERR_INIT;
	struct ini_entry *entry;
	struct buf all;
	size_t n, i, k, len;

	(void)state;
	buf_init(&all, 0);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_int_equal(fs_read(arena_printf(&a, "templates/%s",
		    files[i]), 1 << 20, &all, NULL, &err), 0);
	ini_read(&a, "en.ini", english, strlen(english), &entry, &n, &none);
	for (i = 0; i < n; i++) {
		len = strcspn(entry[i].key, ".");
		for (k = 0; k < sizeof(elsewhere) / sizeof(elsewhere[0]); k++)
			if (strlen(elsewhere[k]) == len && memcmp(elsewhere[k],
			    entry[i].key, len) == 0)
				break;
		if (k == sizeof(elsewhere) / sizeof(elsewhere[0]) &&
		    strstr(all.data, arena_printf(&a, "{{words.%.*s}}",
		    (int)len, entry[i].key)) == NULL)
			fail_msg("no template has %s", entry[i].key);
	}
	for (const char *p = all.data; (p = strstr(p, "{{words.")) != NULL;
	    p += 8) {
		const char *key = arena_strndup(&a, p + 8, strcspn(p + 8,
		    "}"));

		if (words_text(&a, NULL, key) == NULL)
			fail_msg("there is no word %s", key);
	}
	buf_release(&all);
}

/* en.ini is what was built in: as if each of its texts stood there twice. */
static void
the_english_file_is_built_in(void **state)
{
	struct findings none = { .report = NULL };
	const char *text = read_shipped("en"), *key, *said;
	struct ini_entry *entry;
	size_t n, i, compared = 0;

	(void)state;
	ini_read(&a, "en.ini", text, strlen(text), &entry, &n, &none);
	for (i = 0; i < n; i++) {
		key = arena_strndup(&a, entry[i].key, strcspn(entry[i].key,
		    "."));
		said = words_text(&a, NULL, key);
		if (said == NULL || strstr(entry[i].key, ".one") != NULL ||
		    entry[i].value[0] == '"')
			continue;
		assert_string_equal(said, entry[i].value);
		compared++;
	}
	assert_true(compared > 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_is_english),
		cmocka_unit_test(without_a_file_all_is_english),
		cmocka_unit_test(the_nearest_file_counts_with_all_its_forms),
		cmocka_unit_test(forms_are_by_the_language),
		cmocka_unit_test(a_form_that_is_missing_is_other),
		cmocka_unit_test(words_and_values_are_escaped_together),
		cmocka_unit_test(values_are_not_read_again),
		cmocka_unit_test(a_hole_that_nothing_fills_is_told),
		cmocka_unit_test(forms_want_a_count),
		cmocka_unit_test(broken_files_are_told_with_line),
		cmocka_unit_test(own_words_need_no_english),
		cmocka_unit_test(quotes_keep_blanks),
		cmocka_unit_test(huge_files_are_refused),
		cmocka_unit_test(a_language_is_found_in_a_wider_one),
		cmocka_unit_test(own_files_count_before_the_installed),
		cmocka_unit_test(
		    a_language_without_words_is_english_or_refused),
		cmocka_unit_test(dates_and_sizes_are_as_written_there),
		cmocka_unit_test(a_date_can_have_its_weekday),
		cmocka_unit_test(each_file_is_whole),
		cmocka_unit_test(templates_use_each_word),
		cmocka_unit_test(the_english_file_is_built_in),
	};

	return cmocka_run_group_tests(tests, NULL, sweep);
}
