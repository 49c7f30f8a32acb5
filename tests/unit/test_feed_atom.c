/*
 * The Atom writer, and three whole documents held against tests/golden/
 * (made anew when GOLDEN_UPDATE=1 is in the environment).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <libxml/relaxng.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "feed/feed.h"
#include "feed_fixture.h"
#include "text/xml.h"

static void
test_atom_feed(void **state)
{
	struct show s = a_show();
	xmlXPathContextPtr x = made(FEED_ATOM, &s, NULL, "", "");

	(void)state;
	is(x, "namespace-uri(/*)", "http://www.w3.org/2005/Atom");
	is(x, "/atom:feed/@xml:lang", "en-GB");
	is(x, "/atom:feed/atom:id", "urn:uuid:" SHOW_GUID);
	is(x, "/atom:feed/atom:title", s.title);
	is(x, "/atom:feed/atom:updated", "2025-06-03T17:00:00Z");
	is(x, "//atom:link[@rel='self']/@href", s.atom_url);
	is(x, "//atom:link[@rel='self']/@type", "application/atom+xml");
	is(x, "//atom:link[@rel='alternate']/@href", s.link);
	is(x, "//atom:author/atom:name", s.author);
	is(x, "//atom:subtitle", s.description);
	is(x, "//atom:logo", s.image);
	is(x, "//atom:icon", s.image);
	is(x, "//atom:rights", s.copyright);
	is(x, "//atom:generator", "showmill");
	is(x, "contains(string(/), 'keepers@')", "false");
	done(x);
}

static void
test_atom_entry(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	xmlXPathContextPtr x = made(FEED_ATOM, &s, &e,
	    "<p>Notes &amp; <b>more</b></p>", "Fog & foam");

	(void)state;
	is(x, "//atom:entry/atom:id", "urn:uuid:" EPISODE_GUID);
	is(x, "//atom:entry/atom:title", e.title);
	is(x, "//atom:entry/atom:published", "2025-06-02T10:00:00-07:00");
	is(x, "//atom:entry/atom:updated", "2025-06-03T17:00:00Z");
	is(x, "//atom:entry/atom:link[@rel='alternate']/@href", e.link);
	is(x, "//atom:link[@rel='enclosure']/@href", e.audio.url);
	is(x, "//atom:link[@rel='enclosure']/@type", "audio/mpeg");
	is(x, "//atom:link[@rel='enclosure']/@length", "5000000001");
	is(x, "//atom:link[@rel='enclosure']/@title", e.title);
	is(x, "//atom:summary[@type='text']", "Fog & foam");
	is(x, "//atom:content[@type='html']",
	    "<p>Notes &amp; <b>more</b></p>");
	is(x, "count(//atom:content/*)", "0");
	done(x);
	e = a_bare_episode();
	s.author = NULL;
	x = made(FEED_ATOM, &s, &e, "", "");
	is(x, "/atom:feed/atom:author/atom:name", s.title);
	is(x, "//atom:entry/atom:content[@type='text']", "Bare");
	is(x, "count(//atom:summary)", "0");
	is(x, "count(//atom:entry/atom:link)", "1");
	done(x);
}

/* Somebody's own XML: Atom's elements stand instead of the facts, RSS's become
 * what Atom has for them, others stay. */
static void
test_atom_own(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	xmlXPathContextPtr x;

	(void)state;
	s.xml.spaces = 0x9;
	s.xml.text = "<atom:id>tag:x</atom:id><a:author xmlns:a="
	    "\"http://www.w3.org/2005/Atom\"><a:name>N</a:name></a:author>"
	    "<description/><atom:link rel=\"self\" href=\"https://o.example/\""
	    "/><atom:link rel=\"hub\" href=\"https://hub.example/\"/>"
	    "<podcast:funding url=\"u\">F</podcast:funding><ttl>5</ttl>";
	e.xml.text = "<category domain=\"d\">c</category><enclosure url="
	    "\"https://o.example/2.ogg\" length=\"7\"/><description>&lt;p>d"
	    "&lt;/p></description><atom:contributor><atom:name>M</atom:name>"
	    "</atom:contributor><atom:entry/><o:q xmlns:o=\"urn:o\">q</o:q>"
	    "<comments>k</comments>";
	x = made(FEED_ATOM, &s, &e, "<p>Notes</p>", "Fog");
	is(x, "/atom:feed/atom:id", "tag:x");
	is(x, "count(/atom:feed/atom:author)", "1");
	is(x, "/atom:feed/atom:author/atom:name", "N");
	is(x, "count(//atom:subtitle)", "0");
	is(x, "count(/atom:feed/atom:link[@rel='self'])", "1");
	is(x, "//atom:link[@rel='self']/@href", s.atom_url);
	is(x, "//atom:link[@rel='hub']/@href", "https://hub.example/");
	is(x, "count(/atom:feed/*[local-name()='funding'])", "1");
	is(x, "count(//*[local-name()='ttl'])", "0");
	is(x, "count(//atom:entry/atom:category)", "1");
	is(x, "//atom:entry/atom:category/@scheme", "d");
	is(x, "count(//atom:link[@rel='enclosure'])", "2");
	is(x, "//atom:link[@rel='enclosure'][2]/@length", "7");
	is(x, "//atom:summary[@type='html']", "<p>d</p>");
	is(x, "count(//atom:entry/atom:contributor)", "1");
	is(x, "count(//atom:entry//atom:entry)", "0");
	is(x, "count(//*[namespace-uri()='urn:o'])", "1");
	is(x, "count(//*[namespace-uri()=''])", "0");
	done(x);
}

/* What players show, where it is not what is so anyway. */
static void
test_atom_itunes(void **state)
{
	static const struct show_person person = { .name = "Cy",
	    .role = "guest" };
	struct show s = a_show();
	struct episode e = an_episode();
	xmlXPathContextPtr x;

	(void)state;
	e.audio.duration = 3600;
	e.number = 7;
	e.season = 2;
	e.type = "bonus";
	e.is_explicit = !s.is_explicit;
	e.people = &person;
	e.npeople = 1;
	x = made(FEED_ATOM, &s, &e, "", "");
	is(x, "//atom:entry/itunes:duration", "3600");
	is(x, "//atom:entry/itunes:episode", "7");
	is(x, "//atom:entry/itunes:season", "2");
	is(x, "//atom:entry/itunes:episodeType", "bonus");
	is(x, "count(//atom:entry/itunes:explicit)", "1");
	is(x, "//atom:entry/podcast:person[@role='guest']", "Cy");
	is(x, "//atom:contributor/atom:name", "Cy");
	done(x);
	e.type = "full";
	e.is_explicit = s.is_explicit;
	e.image = s.image;
	x = made(FEED_ATOM, &s, &e, "", "");
	is(x, "count(//itunes:episodeType)", "0");
	is(x, "count(//atom:entry/itunes:explicit)", "0");
	is(x, "count(//atom:entry/itunes:image)", "0");
	done(x);
}

/* With `descriptions = notes` no summary is made up. */
static void
test_atom_whole_notes(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	xmlXPathContextPtr x;

	(void)state;
	s.whole_notes = true;
	s.language = "und";
	e.summary = NULL;
	x = made(FEED_ATOM, &s, &e, "<p>Notes</p>", "Notes");
	is(x, "count(//atom:summary)", "0");
	is(x, "count(//@xml:lang)", "0");
	done(x);
	e.summary = "Notes";
	x = made(FEED_ATOM, &s, &e, "<p>Notes</p>", "Notes");
	is(x, "//atom:summary", "Notes");
	done(x);
}

static void
test_atom_ids(void **state)
{
	static const struct {
		const char *guid;
		const char *id;		/* NULL: made from both guids */
	} cases[] = {
		{ EPISODE_GUID, "urn:uuid:" EPISODE_GUID },
		{ "https://h.example/?p=1", "https://h.example/?p=1" },
		{ "tag:h.example,2025:12", "tag:h.example,2025:12" },
		{ "434", NULL }, { "12: the lamp", NULL }, { "a b:c", NULL },
		{ "scheme:", NULL }, { "", NULL }, { "https://x/a b", NULL },
	};
	struct show s = a_show();
	struct episode e = an_episode();
	xmlXPathContextPtr x;
	char *last = strdup(""), *id;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		e.guid = cases[i].guid;
		x = made(FEED_ATOM, &s, &e, "", "");
		id = value(x, "//atom:entry/atom:id");
		if (cases[i].id != NULL)
			assert_string_equal(id, cases[i].id);
		else {
			assert_int_equal(strncmp(id, "urn:uuid:", 9), 0);
			assert_int_equal(strlen(id), 45);
			assert_string_not_equal(id, last);
		}
		free(last);
		last = id;
		done(x);
	}
	free(last);
	/* Fixed for good: subscribers would see all episodes again. */
	e.guid = "434";
	x = made(FEED_ATOM, &s, &e, "", "");
	is(x, "//atom:entry/atom:id",
	    "urn:uuid:b6bd12e7-5913-55ff-82f1-4eaa20950375");
	done(x);
}

static void
test_atom_id_without_namespace(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	struct feed_item item = { &e, "", "" };
	struct feed_head head = { .show = &s, .self_url = s.atom_url };
	struct err err = ERR_INIT;
	struct buf out;
	struct feed_writer *f;

	(void)state;
	s.guid = "https://harbour.example/id";
	e.guid = "434";
	buf_init(&out, 0);
	f = feed_open(FEED_ATOM, &head, collect, &out, &err);
	assert_non_null(f);
	assert_int_equal(feed_item(f, &item, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	(void)feed_close(f, &err);
	s.guid = "nothing";
	assert_null(feed_open(FEED_ATOM, &head, collect, &out, &err));
	buf_release(&out);
}

/* The fixture of the golden files. */
static void
write_fixture(enum feed_format format, bool with_items, struct buf *out)
{
	struct show s = a_show();
	struct episode e[3] = { an_episode(), an_episode(), a_bare_episode() };
	struct feed_item items[3] = {
		{ &e[0], "<h2>Topics</h2>\n<ul>\n<li>Ada #1: <a href=\""
		    "https://lamps.example/?a=1&amp;b=2\">Turning</a></li>\n"
		    "</ul>\n<pre><code>a[b[0]]&gt;1 ]]> x</code></pre>\n",
		    "Why the lamp stood still, and who made it turn." },
		{ &e[1], "<p>\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d "
		    "\xf0\x9f\x8e\x99</p>\n", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"
		    " & \"foam\" <fog>" },
		{ &e[2], "", "" },
	};

	e[1].title = "Fog \xe2\x80\x93 \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d "
	    "& \xf0\x9f\x8e\x99";
	e[1].guid = "https://harbour.example/?p=11";
	e[1].link = "https://harbour.example/11";
	e[1].image = NULL;
	e[1].type = "trailer";
	e[1].number = 0;
	e[1].season = 0;
	e[1].date = (struct date){ EPOCH_2025_06_02 - 3 * 86400, 7200 };
	e[1].updated = e[1].date;
	e[1].audio.url = "https://media.harbour.example/011.mp3";
	e[1].audio.length = 4321;
	e[1].audio.duration = 61;
	e[1].is_explicit = true;
	write_feed(format, &s, items, with_items ? 3 : 0, out);
}

/* Tells the first line that differs. */
static void
show_difference(const char *path, const char *want, const char *got)
{
	unsigned line = 1;
	size_t start = 0, i = 0;

	for (; want[i] == got[i] && want[i] != '\0'; i++) {
		if (want[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	fail_msg("%s:%u differs\n-%.*s\n+%.*s", path, line,
	    (int)strcspn(want + start, "\n"), want + start,
	    (int)strcspn(got + start, "\n"), got + start);
}

static void
golden(enum feed_format format, const char *path)
{
	const char *update = getenv("GOLDEN_UPDATE");
	struct err err = ERR_INIT;
	struct buf got, want;

	write_fixture(format, true, &got);
	if (update != NULL && strcmp(update, "1") == 0)
		must(fs_replace(path, got.data, got.len, 0666, NULL, &err),
		    &err);
	buf_init(&want, 0);
	must(fs_read(path, (size_t)1 << 20, &want, NULL, &err), &err);
	if (strcmp(want.data, got.data) != 0)
		show_difference(path, want.data, got.data);
	buf_release(&want);
	buf_release(&got);
	write_fixture(format, true, &want);
	write_fixture(format, true, &got);
	assert_string_equal(want.data, got.data);
	buf_release(&want);
	buf_release(&got);
}

static void
test_golden_rss(void **state)
{
	(void)state;
	golden(FEED_RSS, "tests/golden/feed-minimal.rss.xml");
}

static void
test_golden_atom(void **state)
{
	(void)state;
	golden(FEED_ATOM, "tests/golden/feed-minimal.atom.xml");
}

static void
test_golden_json(void **state)
{
	(void)state;
	golden(FEED_JSON, "tests/golden/feed-minimal.json");
}

static void
quiet(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

static void
validate(xmlRelaxNGPtr schema, const struct buf *b)
{
	xmlRelaxNGValidCtxtPtr v = xmlRelaxNGNewValidCtxt(schema);
	xmlDocPtr doc = xmlReadMemory(b->data, (int)b->len, "atom", NULL,
	    XML_PARSE_NONET);

	assert_non_null(v);
	assert_non_null(doc);
	assert_int_equal(xmlRelaxNGValidateDoc(v, doc), 0);
	xmlFreeDoc(doc);
	xmlRelaxNGFreeValidCtxt(v);
}

static void
test_atom_schema(void **state)
{
	const char *shared = getenv("SHARED");
	xmlRelaxNGParserCtxtPtr p;
	xmlRelaxNGPtr schema;
	struct buf path, out;

	(void)state;
	buf_init(&path, 0);
	buf_addf(&path, "%s/schemas/atom-rfc4287.rng",
	    shared != NULL ? shared : "../shared");
	if (!fs_is_file(path.data)) {
		buf_release(&path);
		skip();
	}
	p = xmlRelaxNGNewParserCtxt(path.data);
	assert_non_null(p);
	xmlRelaxNGSetParserErrors(p, quiet, quiet, NULL);
	schema = xmlRelaxNGParse(p);
	assert_non_null(schema);
	write_fixture(FEED_ATOM, true, &out);
	validate(schema, &out);
	buf_release(&out);
	write_fixture(FEED_ATOM, false, &out);
	validate(schema, &out);
	buf_release(&out);
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(p);
	buf_release(&path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_atom_feed),
		cmocka_unit_test(test_atom_entry),
		cmocka_unit_test(test_atom_own),
		cmocka_unit_test(test_atom_itunes),
		cmocka_unit_test(test_atom_whole_notes),
		cmocka_unit_test(test_atom_ids),
		cmocka_unit_test(test_atom_id_without_namespace),
		cmocka_unit_test(test_golden_rss),
		cmocka_unit_test(test_golden_atom),
		cmocka_unit_test(test_golden_json),
		cmocka_unit_test(test_atom_schema),
	};
	int failed;

	xw_global_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xmlRelaxNGCleanupTypes();
	xw_global_release();
	return failed;
}
