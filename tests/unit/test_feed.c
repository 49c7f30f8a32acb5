/*
 * The feed writers: the RSS document, and what holds for both formats.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "feed/feed.h"
#include "feed_fixture.h"
#include "text/xml.h"

static int
refuse(void *ctx, const void *data, size_t len)
{
	(void)ctx;
	(void)data;
	(void)len;
	return -1;
}

static void
test_rss_channel(void **state)
{
	struct show s = a_show();
	xmlXPathContextPtr x = made(FEED_RSS, &s, NULL, "", "");

	(void)state;
	is(x, "name(/*)", "rss");
	is(x, "/rss/@version", "2.0");
	is(x, "count(/rss/channel)", "1");
	is(x, "//channel/title", s.title);
	is(x, "//channel/link", s.link);
	is(x, "//channel/description", s.description);
	is(x, "//channel/language", "en-GB");
	is(x, "//channel/copyright", s.copyright);
	is(x, "//channel/atom:link[@rel='self']/@href", s.feed_url);
	is(x, "//channel/atom:link/@type", "application/rss+xml");
	is(x, "//channel/lastBuildDate", "Tue, 03 Jun 2025 17:00:00 +0000");
	is(x, "//channel/generator", "showmill");
	is(x, "//channel/itunes:author", s.author);
	is(x, "count(//channel/itunes:category)", "2");
	is(x, "//channel/itunes:category[1]/@text", "Technology");
	is(x, "count(//channel/itunes:category[1]/*)", "0");
	is(x, "//channel/itunes:category[2]/@text", "Society & Culture");
	is(x, "//channel/itunes:category[2]/itunes:category/@text",
	    "Documentary");
	is(x, "//channel/itunes:explicit", "false");
	is(x, "//channel/itunes:image/@href", s.image);
	is(x, "//channel/itunes:type", "episodic");
	is(x, "//channel/podcast:guid", SHOW_GUID);
	is(x, "count(//itunes:owner|//itunes:email|//itunes:summary)", "0");
	is(x, "contains(string(/), 'keepers@')", "false");
	is(x, "count(//item)", "0");
	done(x);
}

static void
test_rss_item(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	xmlXPathContextPtr x;

	(void)state;
	e.is_explicit = true;
	x = made(FEED_RSS, &s, &e, "<p>Notes &amp; more</p>", "Fog & foam");
	is(x, "//item/title", e.title);
	is(x, "//item/link", e.link);
	is(x, "//item/guid", EPISODE_GUID);
	is(x, "//item/guid/@isPermaLink", "false");
	is(x, "//item/pubDate", "Mon, 02 Jun 2025 10:00:00 -0700");
	is(x, "//item/description", "<p>Fog &amp; foam</p><p><a href=\""
	    "https://harbour.example/12?a=1&amp;b=2\">"
	    "harbour.example/12?a=1&amp;b=2</a></p>");
	is(x, "//item/content:encoded", "<p>Notes &amp; more</p>");
	is(x, "name(//item/description/following-sibling::*[1])",
	    "content:encoded");
	is(x, "count(//item/enclosure)", "1");
	is(x, "//item/enclosure/@url", e.audio.url);
	is(x, "//item/enclosure/@length", "5000000001");
	is(x, "//item/enclosure/@type", "audio/mpeg");
	is(x, "//item/itunes:duration", "1741");
	is(x, "//item/itunes:episode", "12");
	is(x, "//item/itunes:season", "2");
	is(x, "//item/itunes:episodeType", "full");
	is(x, "//item/itunes:explicit", "true");
	is(x, "//item/itunes:image/@href", e.image);
	done(x);
}

static void
test_rss_optional(void **state)
{
	struct show s = a_show();
	struct episode e = a_bare_episode();
	xmlXPathContextPtr x;

	(void)state;
	s.link = s.description = s.language = s.copyright = s.author = NULL;
	s.image = s.type = NULL;
	s.ncategories = 0;
	s.is_explicit = true;
	x = made(FEED_RSS, &s, &e, "", "");
	is(x, "//channel/link", s.feed_url);
	is(x, "//channel/description", s.title);
	is(x, "//channel/itunes:explicit", "true");
	is(x, "count(//channel/*)", "9");
	is(x, "count(//item/*)", "5");
	is(x, "count(//item/title|//item/guid|//item/pubDate|"
	    "//item/enclosure|//item/itunes:explicit)", "5");
	is(x, "count(//*[not(*) and not(@*) and normalize-space()=''])", "0");
	done(x);
	x = made(FEED_RSS, &s, &e, "<p>n</p>", "Only words");
	is(x, "//item/description", "<p>Only words</p>");
	done(x);
	e.link = "https://harbour.example/bare";
	x = made(FEED_RSS, &s, &e, "", "");
	is(x, "//item/description", "<p><a href=\"https://harbour.example/"
	    "bare\">harbour.example/bare</a></p>");
	done(x);
}

/* The value of a description for a summary of `count` times `unit`. */
static char *
described(struct episode *e, const char *unit, size_t count)
{
	struct show s = a_show();
	struct buf text;
	xmlXPathContextPtr x;
	char *got;

	buf_init(&text, 0);
	while (count-- > 0)
		buf_adds(&text, unit);
	x = made(FEED_RSS, &s, e, "", text.data);
	got = value(x, "//item/description");
	done(x);
	buf_release(&text);
	return got;
}

static void
test_rss_description_limit(void **state)
{
	static const char *const units[] = { "word ", "& ", "'\"<>", "x",
		"\xe6\x97\xa5", "\xf0\x9f\x98\x80", "a& b\xc3\xa9 " };
	struct episode e = an_episode();
	struct buf link;
	char *got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		xmlDocPtr doc;
		struct buf whole;

		got = described(&e, units[i], 9000);
		/* Quotes are counted as six bytes each, so not all is used. */
		assert_in_range(strlen(got), 3100, 3988);
		assert_non_null(strstr(got, "\xe2\x80\xa6</p><p><a href"));
		buf_init(&whole, 0);
		buf_addf(&whole, "<d>%s</d>", got);
		doc = xmlReadMemory(whole.data, (int)whole.len, "d", NULL, 0);
		assert_non_null(doc);
		xmlFreeDoc(doc);
		buf_release(&whole);
		free(got);
	}
	got = described(&e, "word ", 9000);
	assert_non_null(strstr(got, "word\xe2\x80\xa6</p>"));
	free(got);
	got = described(&e, "word ", 700);
	assert_null(strstr(got, "\xe2\x80\xa6"));
	free(got);
	buf_init(&link, 0);
	buf_adds(&link, "https://harbour.example/");
	while (link.len < 3000)
		buf_addc(&link, 'l');
	e.link = link.data;
	got = described(&e, "word ", 2);
	assert_string_equal(got, "<p>word word </p>");
	free(got);
	buf_release(&link);
}

static const char odd[] =
    "& < > \" ' ]]> &amp; \xf0\x9f\x8e\x99 \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d "
    "\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85 \xe2\x80\x8f end";

static void
test_special_characters(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	xmlXPathContextPtr x;

	(void)state;
	s.title = s.author = s.description = e.title = odd;
	x = made(FEED_RSS, &s, &e, odd, odd);
	is(x, "//channel/title", odd);
	is(x, "//channel/itunes:author", odd);
	is(x, "//item/title", odd);
	is(x, "//item/content:encoded", odd);
	done(x);
	x = made(FEED_ATOM, &s, &e, odd, odd);
	is(x, "/atom:feed/atom:title", odd);
	is(x, "/atom:feed/atom:author/atom:name", odd);
	is(x, "//atom:entry/atom:title", odd);
	is(x, "//atom:entry/atom:link[@rel='enclosure']/@title", odd);
	is(x, "//atom:summary", odd);
	is(x, "//atom:content", odd);
	done(x);
	e.title = "a\001b\033c\xef\xbf\xbf";
	x = made(FEED_RSS, &s, &e, "<p>\001x</p>", "\002y");
	is(x, "//item/title", "abc");
	is(x, "//item/content:encoded", "<p>x</p>");
	is(x, "starts-with(//item/description, '<p>y</p>')", "true");
	done(x);
}

static void
test_write_failure(void **state)
{
	static const enum feed_format formats[] = { FEED_RSS, FEED_ATOM };
	struct show s = a_show();
	struct feed_head head = { .show = &s, .self_url = s.feed_url };
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct err err = ERR_INIT;
		struct feed_writer *f = feed_open(formats[i], &head, refuse,
		    NULL, &err);

		assert_non_null(f);
		assert_int_equal(feed_close(f, &err), -1);
		assert_int_equal(err.kind, ERR_OUTPUT);
	}
}

/* Nothing is kept of an item: its values may go, and its bytes come out
 * while the feed goes on. */
static void
test_streaming(void **state)
{
	static const enum feed_format formats[] = { FEED_RSS, FEED_ATOM };
	struct show s = a_show();
	struct feed_head head = { .show = &s, .self_url = s.feed_url };
	char html[6000];
	size_t i, k;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct err err = ERR_INIT;
		struct buf out;
		struct feed_writer *f;

		buf_init(&out, 0);
		f = feed_open(formats[i], &head, collect, &out, &err);
		assert_non_null(f);
		for (k = 0; k < 200; k++) {
			struct episode *e = malloc(sizeof(*e));
			struct feed_item item = { e, html, "s" };

			assert_non_null(e);
			*e = an_episode();
			memset(html, 'a' + (int)(k % 26), sizeof(html) - 1);
			html[sizeof(html) - 1] = '\0';
			must(feed_item(f, &item, &err), &err);
			free(e);
		}
		assert_in_range(out.len, 190 * 6000, 200 * 8000);
		must(feed_close(f, &err), &err);
		buf_release(&out);
	}
}

/* What stands in XML of its own stands instead of the facts. */
static void
test_rss_own_xml(void **state)
{
	struct show_person host = { .name = "Ada", .role = "host" };
	const char *tags[] = { "bees" };
	struct show s = a_show();
	struct episode e = an_episode();
	xmlXPathContextPtr x;

	(void)state;
	s.language = "und";
	s.hosts = &host;
	s.nhosts = 1;
	s.xml.text = "<title/><podcast:person>Ben</podcast:person>"
	    "<link>https://other.example/</link>";
	s.xml.names = " title podcast:person link ";
	e.guid_is_link = true;
	e.tags = tags;
	e.ntags = 1;
	e.xml.text = "<pubDate/><category domain=\"d\">wasps</category>"
	    "<itunes:image href=\"https://own.example/\"/>"
	    "<enclosure url=\"https://own.example/2.mp3\"/>";
	e.xml.names = " pubDate category itunes:image enclosure ";
	x = made(FEED_RSS, &s, &e, "<p>n</p>", "s");
	is(x, "count(//channel/title)", "1");
	is(x, "//channel/title", "");
	is(x, "count(//channel/language)", "0");
	is(x, "count(//channel/podcast:person)", "1");
	is(x, "//channel/podcast:person", "Ben");
	is(x, "count(//channel/link)", "1");
	is(x, "count(//channel/atom:link)", "1");
	is(x, "//item/title", e.title);
	is(x, "//item/guid/@isPermaLink", "true");
	is(x, "count(//pubDate)", "1");
	is(x, "//item/pubDate", "");
	is(x, "count(//item/category)", "1");
	is(x, "//item/category", "wasps");
	is(x, "count(//item/itunes:image)", "1");
	is(x, "count(//channel/itunes:image)", "1");
	is(x, "count(//item/enclosure)", "2");
	is(x, "//item/enclosure[1]/@url", e.audio.url);
	done(x);
}

static void
test_rss_alternates(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	struct media more[] = {
		{ .url = "https://media.harbour.example/012.opus?a=1&b=2",
		    .type = "audio/ogg", .length = 5240000, .duration = 1741,
		    .bitrate = 24000, .codec = "opus", .language = "en",
		    .title = "Data <saver>" },
		{ .url = "https://media.harbour.example/012.m4a",
		    .type = "audio/x-m4a", .length = 1, .duration = -1,
		    .codec = "aac" },
	};
	xmlXPathContextPtr x;

	(void)state;
	x = made(FEED_RSS, &s, &e, "<p>n</p>", "s");
	is(x, "count(//podcast:alternateEnclosure)", "0");
	done(x);
	e.renditions = more;
	e.nrenditions = 2;
	x = made(FEED_RSS, &s, &e, "<p>n</p>", "s");
	is(x, "count(//item/enclosure)", "1");
	is(x, "count(//item/podcast:alternateEnclosure)", "3");
	is(x, "count(//podcast:alternateEnclosure[@default])", "1");
	is(x, "//podcast:alternateEnclosure[@default='true']/podcast:source/"
	    "@uri", e.audio.url);
	is(x, "//podcast:alternateEnclosure[1]/@length", "5000000001");
	is(x, "count(//podcast:alternateEnclosure[1]/@bitrate)", "0");
	is(x, "//podcast:alternateEnclosure[2]/podcast:source/@uri",
	    more[0].url);
	is(x, "//podcast:alternateEnclosure[2]/@type", "audio/ogg");
	is(x, "//podcast:alternateEnclosure[2]/@length", "5240000");
	is(x, "//podcast:alternateEnclosure[2]/@bitrate", "24000");
	is(x, "//podcast:alternateEnclosure[2]/@lang", "en");
	is(x, "//podcast:alternateEnclosure[2]/@title", "Data <saver>");
	is(x, "//podcast:alternateEnclosure[2]/@codecs", "opus");
	is(x, "count(//podcast:alternateEnclosure[3]/@*)", "2");
	is(x, "count(//podcast:source)", "3");
	done(x);
	/* Those of an imported feed stay as they were. */
	e.xml.text = "<podcast:alternateEnclosure type=\"audio/mpeg\"/>";
	e.xml.names = " podcast:alternateEnclosure ";
	x = made(FEED_RSS, &s, &e, "<p>n</p>", "s");
	is(x, "count(//podcast:alternateEnclosure)", "1");
	done(x);
}

/* `descriptions = notes`: the notes stand in one place. */
static void
test_rss_whole_notes(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	xmlXPathContextPtr x;

	(void)state;
	s.whole_notes = true;
	x = made(FEED_RSS, &s, &e, "<p>notes</p>", "notes");
	is(x, "//item/description", "<p>notes</p>");
	is(x, "count(//content:encoded)", "0");
	done(x);
	e.summary = "short";
	x = made(FEED_RSS, &s, &e, "<p>notes</p>", "short");
	is(x, "//item/description", "<p>short</p>");
	is(x, "//content:encoded", "<p>notes</p>");
	done(x);
	e.summary = NULL;
	e.xml.text = "<description/>";
	e.xml.names = " description ";
	x = made(FEED_RSS, &s, &e, "<p>notes</p>", "notes");
	is(x, "count(//item/description)", "1");
	is(x, "//item/description", "");
	is(x, "//content:encoded", "<p>notes</p>");
	done(x);
	e.xml.names = " description content:encoded ";
	e.xml.text = "<description/><content:encoded>own</content:encoded>";
	x = made(FEED_RSS, &s, &e, "<p>notes</p>", "notes");
	is(x, "//content:encoded", "own");
	is(x, "count(//content:encoded)", "1");
	done(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rss_channel),
		cmocka_unit_test(test_rss_item),
		cmocka_unit_test(test_rss_optional),
		cmocka_unit_test(test_rss_description_limit),
		cmocka_unit_test(test_rss_own_xml),
		cmocka_unit_test(test_rss_alternates),
		cmocka_unit_test(test_rss_whole_notes),
		cmocka_unit_test(test_special_characters),
		cmocka_unit_test(test_write_failure),
		cmocka_unit_test(test_streaming),
	};
	int failed;

	xw_global_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xw_global_release();
	return failed;
}
