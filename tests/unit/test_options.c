/*
 * The option table against its documentation and its model file, and the
 * reading of config.ini and show.ini.
 */
#include "base/buf.h"
#include "base/fs.h"
#include "show/options.h"
#include "text/ini.h"
#include "told.h"

static struct options options;

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
	static const char *const heads[] = {
		[OPTION_CONFIG] = "\n.Sh CONFIG.INI\n",
		[OPTION_SHOW] = "\n.Sh SHOW.INI\n",
		[OPTION_FEED] = "\n.Sh FEED SECTIONS\n",
		[OPTION_RELAY] = "\n.Sh RELAY SECTIONS\n"
	};
	const char *begin = strstr(text, heads[scope]);
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
		[OPTION_SHOW] = manual(OPTION_SHOW),
		[OPTION_FEED] = manual(OPTION_FEED),
		[OPTION_RELAY] = manual(OPTION_RELAY)
	};
	size_t i;

	(void)state;
	for (i = 0; i < options_count; i++)
		check_manual(&options_table[i], text[options_table[i].scope]);
}

static void
manual_has_no_other_key(void **state)
{
	enum option_scope scopes[] = { OPTION_CONFIG, OPTION_SHOW,
		OPTION_FEED, OPTION_RELAY };
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
		else if (o->scope == OPTION_RELAY)
			read_config(arena_printf(&arena, "[relay x]\nurl = x\n"
			    "%s", line));
		else
			read_show(o->scope == OPTION_SHOW ? line :
			    arena_printf(&arena, "[feed x]\nurl = x\n%s",
			    line));
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
	/* A pattern, not joined to a folder that may look like one. */
	assert_string_equal(options_at(&options, "shows", 0), "a/*.ini");
	assert_string_equal(options_at(&options, "shows", 1), "/b/show.ini");
	assert_null(options_at(&options, "shows", 2));
	assert_int_equal(options_line(&options, "shows"), 4);
	assert_string_equal(options_text(&options, "relay"),
	    "maildir:out = 2 # no comment");
	read_text(OPTION_CONFIG, BOM "claim = 5\r\nhelo = a\r\n b\r\n", 28);
	assert_int_equal(told.n, 0);
	assert_int_equal(options_number(&options, "claim"), 5);
	assert_string_equal(options_text(&options, "helo"), "a b");
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
	assert_told(0, "option-unknown", 2, "`rely` is no key; did you mean `relay`?");
	assert_told(1, "option-unknown", 4, "`title` belongs into show.ini");
	assert_told(2, "option-unknown", 5, "[mail]");
	read_config("[realy a]\nurl = smtp://a\n");
	assert_int_equal(told.n, 2);
	assert_told(0, "option-unknown", 1, "did you mean [relay NAME]?");
	assert_told(1, "option-unknown", 2,
	    "`url` belongs into a section [relay NAME]");
	read_config("[relay a]\nweight = 2\n");
	assert_told(0, "option-missing", 1, "`url` is missing in [relay a]");
	read_config("claim = 1\n[mail]\nhelo = a.example\n");
	/* What is sound is there all the same. */
	assert_int_equal(options_number(&options, "claim"), 1);
	assert_string_equal(options_text(&options, "helo"), "a.example");
	read_show("relay = smtp://a\n");
	assert_int_equal(told.n, 1);
	assert_told(0, "option-unknown", 5, "`relay` belongs into config.ini");
}

static void
fields_are_a_section_of_show_ini(void **state)
{
	(void)state;
	read_show("[Fields]\ndate = A, b.c[0]\ntitle = x\n[other]\ndate = y\n");
	assert_int_equal(told.n, 2);
	assert_told(0, "option-unknown", 8, "[other] is no section");
	assert_told(1, "option-unknown", 9, "`date` is no key");
	assert_int_equal(options.nfields, 2);
	assert_string_equal(options.fields[0]->key, "date");
	assert_string_equal(options.fields[0]->value, "A, b.c[0]");
	assert_int_equal(options.fields[1]->line, 7);
	read_config("[fields]\ndate = A\n");
	assert_int_equal(told.n, 2);
	assert_told(0, "option-unknown", 1, "[fields] is no section");
	assert_told(1, "option-unknown", 2, "`date` is no key");
}

/* Each is one mistake, and the file is read on. */
static void
feeds_are_sections_of_show_ini(void **state)
{
	(void)state;
	read_show("[feed a]\nurl = u\naudio = opus\n\n[feed b]\nurl = v\n"
	    "items = 7\n");
	assert_int_equal(told.n, 0);
	assert_int_equal(options.nsections, 2);
	assert_string_equal(options.sections[0]->section, "a");
	assert_int_equal(options.sections[0]->line, 5);
	assert_string_equal(options_text(options.sections[0], "audio"), "opus");
	assert_string_equal(options_text(options.sections[0], "format"), "rss");
	assert_null(options_text(options.sections[0], "items"));
	assert_int_equal(options_number(options.sections[1], "items"), 7);
	assert_int_equal(options_line(options.sections[1], "url"), 10);
	read_show("[feed A b]\nurl = u\n[feed]\nurl = u\n[feed c]\n"
	    "title = no address\nslug = x\nledger = y\nfoo = z\n[feed c]\n"
	    "url = u\n");
	assert_told(0, "option-value", 5, "[feed A b]: it wants a name");
	assert_told(1, "option-value", 7, "[feed ]: it wants a name");
	assert_told(2, "option-unknown", 11, "`slug` belongs into show.ini");
	assert_told(3, "option-unknown", 12, "`ledger` belongs into config.ini");
	assert_told(4, "option-unknown", 13, "`foo` is no key");
	assert_told(5, "option-twice", 14, "[feed c] is on line 9 already");
	assert_told(6, "option-missing", 9, "`url` is missing");
	assert_int_equal(told.n, 7);
}

static void
a_section_that_does_not_belong_there_is_told_once(void **state)
{
	static const char text[] = "[show]\ntitle = T\n"
	    "link = https://a.example/\nfeed_url = https://a.example/f\n"
	    "description = D\n[digest]\nwindow = 2w\n";

	(void)state;
	read_text(OPTION_SHOW, text, sizeof(text) - 1);
	assert_int_equal(told.n, 2);
	assert_told(0, "option-unknown", 1, "[show] is no section");
	assert_told(1, "option-unknown", 6, "[digest] is no section");
	assert_string_equal(options_text(&options, "title"), "T");
	assert_int_equal(options_span(&options, "window"), 14 * 86400);
}

/* What is given is not told to be missing. */
static void
a_value_of_no_use_is_not_missing(void **state)
{
	static const char text[] = "title = K\xe4se\nlink = a.example\n"
	    "feed_url = https://a.example/f\ndescription = D\nna\xefve = x\n";

	(void)state;
	read_text(OPTION_SHOW, text, sizeof(text) - 1);
	assert_int_equal(told.n, 3);
	assert_told(0, "ini-syntax", 1, "save the file as UTF-8");
	assert_told(1, "ini-syntax", 5, "save the file as UTF-8");
	assert_told(2, "option-value", 2, "link = `a.example`");
	assert_null(options_text(&options, "title"));
}

static void
quotes_around_a_value_are_warned_of(void **state)
{
	static const char text[] = "title = \"T\"\nlink = https://a.example/\n"
	    "feed_url = https://a.example/f\ndescription = 'D'\n"
	    "author = \"A\" and B\ncopyright = \"\n";

	(void)state;
	forget();
	options_read(&arena, OPTION_SHOW, "show.ini", text, sizeof(text) - 1,
	    &options, &told.findings);
	assert_int_equal(told.findings.errors, 0);
	assert_int_equal(told.n, 2);
	assert_told(0, "option-quotes", 1, "title: the quotes are part");
	assert_told(1, "option-quotes", 4, "description: ");
	assert_string_equal(options_text(&options, "title"), "\"T\"");
}

static void
languages_are_known(void **state)
{
	static const char *const sound[] = {
		"de", "EN", "en-US", "zh-Hant-TW", "zu", "aa", "gsw", "de-CH-1901"
	};
	static const char *const wrong[] = {
		"deutsch", "german", "engl", "xx", "gr", "jp", "de_DE", "xx_YY",
		"en-", "e"
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(sound); i++) {
		read_show(arena_printf(&arena, "language = %s\n", sound[i]));
		assert_int_equal(told.n, 0);
	}
	for (i = 0; i < SIZE(wrong); i++) {
		read_show(arena_printf(&arena, "language = %s\n", wrong[i]));
		assert_int_equal(told.n, 1);
		assert_told(0, "option-value", 5, "a language tag");
	}
	read_show("language = deutsch\n");
	assert_told(0, "option-value", 5, "de, en, en-US");
	read_show("language = de_DE\n");
	assert_told(0, "option-value", 5, "such as de-DE");
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
	{ "language", { "en", "en-US", "zh-Hant-TW", "de-CH-1996", "sl-rozaj" },
	    { "en_US", "en_US.UTF-8", "e", "English language", "en-", "-en",
	    "123", "en-123456789" } },
	{ "rss", { "feed.xml", "a b.rss", ".feed", "..x" },
	    { "podcast/feed.xml", "/feed.xml", ".", "..", "" } },
	{ "archive_url", { "https://a.example/?a=1&b=%20", "http://a.example" },
	    { "ftp://a.example/", "https://a.example/\xc3\xa9", "" } },
	{ "unsubscribe_url", { "https://a.example/leave?t=" },
	    { "http://a.example/leave?t=", "HTTPS://a.example/",
	    "https://a.example/\xc3\xa9", "https://a.example/a b", "" } },
	{ "help_url", { "https://a.example/help", "mailto:help@a.example",
	    "mailto:help@a.example?subject=help" },
	    { "help@a.example", "mailto:", "mailto:help", "mailto:@a.example",
	    "mailto:a b@c.example", "mailto:a@b", "mailto:a@b.example>",
	    "ftp://a.example/" } },
	{ "feedback_id", { "abcde", "A-b._9", "123456789012345" },
	    { "abcd", "1234567890123456", "a:b:c", "abc de", "" } },
	{ "images", { "link", "inline" }, { "Inline", "cid", "" } },
	{ "c:dkim_selector", { "s1", "digest2026", "a.b-c_d" },
	    { "", "a b", "a..b", ".a", "a.", "-a", "a-", "s1._domainkey/" } },
	{ "list_id", { "friends.example.org", "a-b_c.D" },
	    { "friends", ".a.b", "a.b.", "a..b", "<a.b>", "a b.c",
	    "\xc3\xa9.example", "" } },
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
	{ "font", { "Georgia", "Segoe UI , 'Source Sans 3',serif",
	    "\xc3\x84-b_c", "'A 1', 'B'" }, { "", "a,", ",a", "a;b", "'a", "''", "a 'b'",
	    "a{b}" } },
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

/* The hint is the line to write. */
static void
language_hint(void **state)
{
	(void)state;
	read_show("language = en_US.UTF-8\n");
	assert_told(0, "option-value", 5, "such as en-US");
	read_show("language = ???\n");
	assert_told(0, "option-value", 5, "such as en or en-US");
}

static void
url_hint(void **state)
{
	(void)state;
	read_show("image = https://a.example/\xc3\xbc.png\n");
	assert_told(0, "option-value", 5, "write %C3%BC");
}

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(example_has_every_key),
		TOLD_TEST(example_has_no_other_key),
		TOLD_TEST(manual_has_every_key),
		TOLD_TEST(manual_has_no_other_key),
		TOLD_TEST(defaults),
		TOLD_TEST(defaults_are_sound),
		TOLD_TEST(values_and_lines),
		TOLD_TEST(unknown_and_wrong_scope),
		TOLD_TEST(a_section_that_does_not_belong_there_is_told_once),
		TOLD_TEST(a_value_of_no_use_is_not_missing),
		TOLD_TEST(quotes_around_a_value_are_warned_of),
		TOLD_TEST(languages_are_known),
		TOLD_TEST(fields_are_a_section_of_show_ini),
		TOLD_TEST(feeds_are_sections_of_show_ini),
		TOLD_TEST(twice),
		TOLD_TEST(missing),
		TOLD_TEST(each_type),
		TOLD_TEST(language_hint),
		TOLD_TEST(url_hint),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
