/*
 * What an old feed becomes: values of front matter that are read back as they
 * were, names of files, and what is kept as XML.
 */
#include "told.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/strmap.h"
#include "feed/import.h"
#include "text/front.h"
#include "text/front_write.h"
#include "text/utf8.h"
#include "text/xml.h"
#include "text/xml_fragment.h"

static struct feed_doc *doc;
static struct import import;

static void
plan_text(const char *text)
{
	struct err err = ERR_INIT;

	doc = feed_doc_read(text, strlen(text), "f", NULL, &told.findings,
	    &err);
	assert_non_null(doc);
	import_plan(&import, doc, NULL, NULL, false, &told.findings);
}

static void
plan(const char *items)
{
	plan_text(arena_printf(&arena, "<rss version='2.0'><channel>"
	    "<title>A \xc3\x9f show</title>%s</channel></rss>", items));
}

static int
end(void **state)
{
	import_release(&import);
	feed_doc_free(doc);
	doc = NULL;
	memset(&import, 0, sizeof(import));
	return teardown(state);
}

static const char *
episode(size_t i)
{
	struct err err = ERR_INIT;
	const char *text;
	struct buf b;

	buf_init(&b, 0);
	if (import_episode(&import, i, &b, &err) != 0)
		fail_msg("%s", err.msg);
	text = arena_strdup(&arena, b.data);
	buf_release(&b);
	return text;
}

static const char *
item(const char *guid, const char *inside)
{
	return arena_printf(&arena, "<item><title>T</title><guid>%s</guid>"
	    "<pubDate>Mon, 02 Jun 2025 10:00:00 GMT</pubDate><enclosure "
	    "url='https://a.example/%s.mp3'/>%s</item>", guid, guid, inside);
}

static const char *
read_back(const char *written)
{
	const char *text = arena_printf(&arena, "---\nkey: %s\n---\n",
	    written);
	struct err err = ERR_INIT;
	struct front front;

	if (front_read(&arena, text, strlen(text), &front, &err) != 0)
		fail_msg("%s: %s", written, err.msg);
	return node_get_text(front.map, "key");
}

static const char *
written(const char *text)
{
	const char *out;
	struct buf b;

	buf_init(&b, 0);
	front_write_text(&b, text);
	out = arena_strdup(&arena, b.data);
	buf_release(&b);
	return out;
}

static void
values(void **state)
{
	static const char *const plain[] = {
		"words", "https://a.example/?a=b#c", "3 pigs",
		"audio/mpeg", "\xc3\x9cz", "it's", "50 % of it"
	};
	static const char *const quoted[] = {
		"", "true", "No", "null", "~", "1741", "1:02", "2025-06-02",
		"- a", "a: b", "a:", "a #b", "#a", "\"a\"", "'a", "[a", "{a",
		"*a", "&a", "!a", "| a", "> a", "% a", "@a", "`a", " a", "a ",
		"a\nb", "a\tb", "\xc2\x85", "a\xe2\x80\xa8z", "\xef\xbb\xbf",
		"\x01\x7f", "? a", ", a", "\\n"
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(plain); i++)
		assert_string_equal(written(plain[i]), plain[i]);
	for (i = 0; i < SIZE(quoted); i++) {
		assert_int_equal(written(quoted[i])[0], '"');
		assert_string_equal(read_back(written(quoted[i])), quoted[i]);
	}
}

static void
random_values(void **state)
{
	static const char *const parts[] = {
		"a", " ", ":", "#", "-", "\"", "'", "\\", "\n", "\t", "1",
		"[", "]", "{", "}", ",", "&", "*", "!", "|", ">", "%", "@",
		"`", "true", "\xc3\xbc", "\xe2\x80\xa9", "\xf0\x9f\x90\x9d",
		"\xef\xbf\xbd", "<", "\r", "\xc2\x80"
	};
	unsigned seed = (unsigned)time(NULL), i, k, n;
	struct buf b;

	(void)state;
	print_message("seed %u\n", seed);
	srand(seed);
	buf_init(&b, 0);
	for (i = 0; i < 5000; i++) {
		buf_clear(&b);
		n = (unsigned)rand() % 9;
		for (k = 0; k < n; k++)
			buf_adds(&b, parts[(size_t)rand() % SIZE(parts)]);
		assert_string_equal(read_back(written(b.data)), b.data);
	}
	buf_release(&b);
}

static void
blocks(void **state)
{
	static const char text[] = "\n<a>\xc2\x85 \xe2\x80\xa8\n\n  <b/>\t\n"
	    "---\n\xef\xbb\xbf</a>\n\n";
	struct err err = ERR_INIT;
	static const char *const none[] = { NULL };
	unsigned spaces = 0;
	const char *back;
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	front_write_xml(&b, text);
	back = read_back(b.data);
	assert_string_equal(back, "<a>&#133; &#8232;\n\n  <b/>\t\n---\n"
	    "&#65279;</a>\n");
	assert_int_equal(xml_fragment_check(back, strlen(back), none, &spaces,
	    &err), 0);
	buf_release(&b);
}

static void
names(void **state)
{
	(void)state;
	plan(arena_printf(&arena, "%s%s%s%s%s", item("1", ""),
	    item("2", "<itunes:episode>7</itunes:episode>"),
	    item("3", "<itunes:episode>7</itunes:episode>"),
	    item("4", "<itunes:episode>7</itunes:episode><itunes:season>2"
	    "</itunes:season>"), item("5", "")));
	assert_string_equal(import.slug, "a-ss-show");
	assert_int_equal(import.nitems, 5);
	assert_string_equal(import_name(&import, 0), "2025-06-02-t.md");
	assert_string_equal(import_name(&import, 1), "007-t.md");
	/* Its number is taken: two names with one date keep their order. */
	assert_string_equal(import_name(&import, 2), "2025-06-02-t-2.md");
	assert_string_equal(import_name(&import, 3), "007-t-2.md");
	assert_string_equal(import_name(&import, 4), "2025-06-02-t-3.md");
	assert_non_null(strstr(episode(2), "xml: |\n  <itunes:episode>7<"));
	assert_null(strstr(episode(1), "xml"));
	assert_null(strstr(episode(3), "xml"));
}

static void
ties(void **state)
{
	(void)state;
	plan(arena_printf(&arena, "%s%s%s", item("1", ""), item("2", ""),
	    item("3", "")));
	assert_string_equal(import_name(&import, 0), "2025-06-02-3-t.md");
	assert_string_equal(import_name(&import, 1), "2025-06-02-2-t.md");
	assert_string_equal(import_name(&import, 2), "2025-06-02-1-t.md");
}

static void
dates(void **state)
{
	(void)state;
	plan("<item><guid>a</guid></item>"
	    "<item><guid>b</guid><pubDate>2025-06-02T10:00:00+02:00</pubDate>"
	    "</item><item><guid>c</guid></item><item><guid>d</guid>"
	    "<pubDate>soon</pubDate></item>");
	assert_non_null(strstr(episode(0), "\ndate: 2025-06-02T10:00:01+02:00"
	    "  # the feed has none\n"));
	assert_non_null(strstr(episode(1), "\ndate: 2025-06-02T10:00:00+02:00"
	    "\n"));
	assert_non_null(strstr(episode(2), "\ndate: 2025-06-02T09:59:59"));
	assert_non_null(strstr(episode(2), "\n  <pubDate/>\n"));
	assert_non_null(strstr(episode(3), "\n  <pubDate>soon</pubDate>\n"));
	assert_null(strstr(episode(1), "pubDate"));
}

/* Declarations that every feed of ours has go; those of others, and one that
 * only looks like it, stay. */
static void
kept(void **state)
{
	const char *text;

	(void)state;
	plan(item("1", "<itunes:keywords>a</itunes:keywords>"
	    "<x:y xmlns:x='urn:x'><itunes:z a=' xmlns:itunes=\"b\"'/></x:y>"
	    "<q xmlns:itunes='urn:other'><itunes:w/></q>"
	    "<dc:creator>C</dc:creator><itunes:subtitle/>"));
	text = episode(0);
	assert_non_null(strstr(text, "\n  <itunes:keywords>a</itunes:keywords>"
	    "\n  <x:y xmlns:x=\"urn:x\"><itunes:z a=\" xmlns:itunes=&quot;b"
	    "&quot;\"/></x:y>\n  <q><itunes:w xmlns:itunes=\"urn:other\"/></q>"
	    "\n  <dc:creator>C</dc:creator>\n---\n"));
}

#define PSC(inside) "<psc:chapters version='1.1' xmlns:psc='http://" \
	"podlove.org/simple-chapters'>" inside "</psc:chapters>"

static void
chapters(void **state)
{
	static const char *const raw[] = {
		/* podcast:chapters has the key. */
		PSC("<psc:chapter start='0' title='A'/>") "<podcast:chapters "
		"xmlns:podcast='https://podcastindex.org/namespace/1.0' "
		"url='https://a.example/c.json' "
		"type='application/json+chapters'/>",
		PSC("<psc:chapter start='0' title='A' own='1'/>"),
		PSC("<psc:chapter start='0' title='A'>x</psc:chapter>"),
		PSC("<psc:chapter start='0'/>"),
		PSC("<psc:chapter start='0' title=' '/>"),
		PSC("<psc:chapter start='soon' title='A'/>"),
		PSC("<psc:chapter start='9' title='A'/>"
		    "<psc:chapter start='8' title='B'/>"),
		PSC("<psc:chapter start='999:00:00' title='A'/>"),
		PSC("<psc:chapter start='0' title='A' href='ftp://a/'/>"),
		PSC("<psc:chapter start='0' title='A' image='data:,x'/>"),
		PSC("<psc:chapter start='0' title='A'/>")
		PSC("<psc:chapter start='0' title='B'/>")
	};
	const char *text;
	size_t i;

	(void)state;
	plan(item("1", PSC("<psc:chapter start='0' title='Hello:  you'/>"
	    "<psc:chapter start='00:01:30.500' title='B #2' "
	    "href='https://a.example/b?x=1&amp;y=2' "
	    "image='https://a.example/b.png'/>"
	    "<psc:chapter start='1:30.5' title='- 2:00 dash'/>"
	    "<psc:chapter start='3723' title='C &lt;https://c.example/>'/>"
	    "<psc:chapter start='10:00:00' title='99 \xc3\x9c'/>")));
	text = episode(0);
	if (strstr(text, "\nchapters:\n  - \"0:00 Hello: you\"\n"
	    "  - start: \"1:30.500\"\n    title: \"B #2\"\n"
	    "    url: https://a.example/b?x=1&y=2\n"
	    "    image: https://a.example/b.png\n"
	    "  - start: \"1:30.500\"\n    title: \"- 2:00 dash\"\n"
	    "  - start: \"1:02:03\"\n    title: C <https://c.example/>\n"
	    "  - start: \"10:00:00\"\n    title: 99 \xc3\x9c\n---\n") == NULL)
		fail_msg("%s", text);
	for (i = 0; i < SIZE(raw); i++) {
		import_release(&import);
		feed_doc_free(doc);
		memset(&import, 0, sizeof(import));
		plan(item("1", raw[i]));
		text = episode(0);
		if (strstr(text, "\n  <psc:chapters version=\"1.1\">") == NULL ||
		    strstr(text, "\nchapters:\n") != NULL)
			fail_msg("%zu: %s", i, text);
	}
}

static void
too_much(void **state)
{
	char *long_text = arena_alloc(&arena, XML_FRAGMENT_MAX + 1);
	struct err err = ERR_INIT;
	struct buf b;

	(void)state;
	memset(long_text, 'x', XML_FRAGMENT_MAX);
	plan(item("1", arena_printf(&arena, "<itunes:keywords>%s"
	    "</itunes:keywords>", long_text)));
	buf_init(&b, 0);
	assert_int_equal(import_episode(&import, 0, &b, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(err.line, 1);
	assert_non_null(strstr(err.msg, "256 KiB"));
	buf_release(&b);
}

static const char *
show_ini(void)
{
	struct err err = ERR_INIT;
	const char *text;
	struct buf ini, xml;

	buf_init(&ini, 0);
	buf_init(&xml, 0);
	if (import_show(&import, &ini, &xml, &err) != 0)
		fail_msg("%s", err.msg);
	text = arena_strdup(&arena, ini.data);
	buf_release(&xml);
	buf_release(&ini);
	return text;
}

/* Episodes to come are more likely to have the newest one's than the one that
 * most of the old ones have. */
static void
zone_of_the_newest(void **state)
{
	(void)state;
	plan("<item><guid>1</guid><pubDate>Mon, 02 Jun 2025 10:00:00 +0200"
	    "</pubDate></item><item><guid>2</guid><pubDate>Mon, 01 Dec 2025 "
	    "10:00:00 -0330</pubDate></item><item><guid>3</guid><pubDate>Sun, "
	    "01 Jun 2025 10:00:00 +0200</pubDate></item><item><guid>4</guid>"
	    "</item>");
	assert_non_null(strstr(show_ini(), "\ntimezone = -03:30\n"));
}

/* An Atom feed keeps its address; the RSS feed is called something else and
 * lies beside it. */
static void
beside_atom(void **state)
{
	static const char *const cases[][3] = {
		{ "https://a.example", NULL, "https://a.example/feed.xml" },
		{ "https://a.example/", NULL, "https://a.example/feed.xml" },
		{ "https://a.example/atom.xml", NULL,
		    "https://a.example/feed.xml" },
		{ "https://a.example/x/y.atom", "y.atom",
		    "https://a.example/x/feed.xml" },
		{ "https://a.example/x/feed.xml?a=/b", NULL,
		    "https://a.example/x/feed.xml" },
		{ "https://a.example/x/feed.xml", "feed.xml",
		    "https://a.example/x/rss.xml" },
	};
	const char *ini;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		plan_text(arena_printf(&arena, "<feed xmlns='http://www.w3.org/"
		    "2005/Atom'><title>t</title><link rel='self' href='%s'/>"
		    "</feed>", cases[i][0]));
		ini = show_ini();
		assert_non_null(strstr(ini, arena_printf(&arena,
		    "\natom_url = %s\n", cases[i][0])));
		assert_non_null(strstr(ini, arena_printf(&arena,
		    "\nfeed_url = %s\n", cases[i][2])));
		if (cases[i][1] != NULL)
			assert_non_null(strstr(ini, arena_printf(&arena,
			    "\natom = %s\n", cases[i][1])));
		else
			assert_null(strstr(ini, "\natom = "));
		import_release(&import);
		feed_doc_free(doc);
		doc = NULL;
		memset(&import, 0, sizeof(import));
	}
}

static void
maps(void **state)
{
	struct strmap m = STRMAP_INIT;
	size_t i;

	(void)state;
	assert_true(strmap_get(&m, "a") == STRMAP_NONE);
	for (i = 0; i < 10000; i++)
		assert_true(strmap_put(&m, arena_printf(&arena, "%zu", i),
		    i) == STRMAP_NONE);
	assert_int_equal(m.n, 10000);
	for (i = 0; i < 10000; i++)
		assert_int_equal(strmap_get(&m, arena_printf(&arena, "%zu",
		    i)), i);
	assert_int_equal(strmap_put(&m, "77", 5), 77);
	assert_int_equal(strmap_get(&m, "77"), 77);
	assert_true(strmap_get(&m, "x") == STRMAP_NONE);
	strmap_release(&m);
}

#define IMPORT_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IMPORT_TEST(values),
		IMPORT_TEST(random_values),
		IMPORT_TEST(blocks),
		IMPORT_TEST(names),
		IMPORT_TEST(ties),
		IMPORT_TEST(dates),
		IMPORT_TEST(kept),
		IMPORT_TEST(chapters),
		IMPORT_TEST(too_much),
		IMPORT_TEST(zone_of_the_newest),
		IMPORT_TEST(beside_atom),
		IMPORT_TEST(maps),
	};
	int failed;

	xw_global_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xw_global_release();
	return failed;
}
