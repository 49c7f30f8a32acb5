/*
 * Chapters in the feeds, in descriptions and as JSON, held against what they
 * are to be byte by byte.
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
#include "base/err.h"
#include "feed/chapters.h"
#include "feed/feed.h"
#include "feed_fixture.h"
#include "text/xml.h"

static const struct show_chapter four[] = {
	{ 0, -1, "Hello & <welcome>", NULL, NULL, false, 1 },
	{ 90500, 120250, "\"Bees\" \xf0\x9f\x90\x9d",
	    "https://a.example/?a=1&b=2", "https://a.example/i.png", false,
	    2 },
	{ 120250, -1, "A picture", NULL, "https://a.example/j.png", true, 3 },
	{ 240000, -1, NULL, NULL, NULL, false, 4 },
	{ 3723001, -1, "End", NULL, NULL, false, 5 }
};

static struct episode
with_chapters(void)
{
	struct episode e = an_episode();

	e.chapter = four;
	e.nchapters = 5;
	e.chapters_from = CHAPTERS_FRONT;
	return e;
}

static char *
written(enum feed_format format, const struct show *s,
    const struct episode *e, const char *html, const char *summary)
{
	struct feed_item item = { e, html, summary };
	struct buf out;
	char *copy;

	write_feed(format, s, &item, 1, &out);
	copy = strdup(out.data);
	buf_release(&out);
	return copy;
}

static void
has(const char *text, const char *part, bool wanted)
{
	if ((strstr(text, part) != NULL) != wanted)
		fail_msg("`%s` is %sin %s", part, wanted ? "not " : "", text);
}

static void
psc(void **state)
{
	static const char want[] =
	    "<psc:chapters version=\"1.2\">\n"
	    "        <psc:chapter start=\"00:00:00.000\" "
	    "title=\"Hello &amp; &lt;welcome&gt;\"/>\n"
	    "        <psc:chapter start=\"00:01:30.500\" "
	    "title=\"&quot;Bees&quot; \xf0\x9f\x90\x9d\" "
	    "href=\"https://a.example/?a=1&amp;b=2\" "
	    "image=\"https://a.example/i.png\"/>\n"
	    "        <psc:chapter start=\"01:02:03.001\" title=\"End\"/>\n"
	    "      </psc:chapters>\n";
	struct show s = a_show();
	struct episode e = with_chapters();
	char *rss = written(FEED_RSS, &s, &e, "<p>x</p>", "x");
	char *atom = written(FEED_ATOM, &s, &e, "<p>x</p>", "x");
	xmlXPathContextPtr x;

	(void)state;
	has(rss, want, true);
	has(rss, "xmlns:psc=\"http://podlove.org/simple-chapters\"", true);
	has(rss, "podcast:chapters", false);
	has(atom, "xmlns:psc=\"http://podlove.org/simple-chapters\"", true);
	free(rss);
	free(atom);
	x = made(FEED_ATOM, &s, &e, "<p>x</p>", "x");
	is(x, "count(//*[namespace-uri() = "
	    "'http://podlove.org/simple-chapters'])", "4");
	is(x, "string(//*[local-name() = 'chapter'][2]/@start)",
	    "00:01:30.500");
	is(x, "local-name(//*[local-name() = 'chapters']/..)", "entry");
	done(x);
}

/* Those of the episode's own XML stand instead; hidden ones alone are none. */
static void
no_psc(void **state)
{
	struct show s = a_show();
	struct episode e = with_chapters();
	char *rss;

	(void)state;
	e.xml = (struct show_xml){ "<psc:chapters version=\"1.2\">"
	    "<psc:chapter start=\"0\" title=\"Mine\"/></psc:chapters>",
	    1U << 12, " psc:chapters " };
	rss = written(FEED_RSS, &s, &e, "<p>x</p>", "x");
	has(rss, "Mine", true);
	has(rss, "Bees", false);
	free(rss);
	e = with_chapters();
	e.chapter = &four[2];
	e.nchapters = 2;
	rss = written(FEED_RSS, &s, &e, "<p>x</p>", "x");
	has(rss, "psc", false);
	free(rss);
	e.nchapters = 0;
	rss = written(FEED_RSS, &s, &e, "<p>x</p>", "x");
	has(rss, "psc", false);
	free(rss);
}

static void
address(void **state)
{
	struct show s = a_show();
	struct episode e = with_chapters();
	enum feed_format format;
	char *text;

	(void)state;
	e.chapters = "https://a.example/chapters/12.json";
	for (format = FEED_RSS; format <= FEED_JSON; format++) {
		text = written(format, &s, &e, "<p>x</p>", "x");
		has(text, e.chapters, true);
		has(text, "application/json+chapters", true);
		free(text);
	}
}

static void
json(void **state)
{
	static const char want[] = "{\n  \"version\": \"1.2.0\",\n"
	    "  \"title\": \"The lamp that would not turn\",\n"
	    "  \"podcastName\": \"Harbour & Lights <live>\",\n"
	    "  \"chapters\": [\n    {\n      \"startTime\": 0,\n"
	    "      \"title\": \"Hello & <welcome>\"\n    },\n    {\n"
	    "      \"startTime\": 90.5,\n      \"endTime\": 120.25,\n"
	    "      \"title\": \"\\\"Bees\\\" \xf0\x9f\x90\x9d\",\n"
	    "      \"img\": \"https://a.example/i.png\",\n"
	    "      \"url\": \"https://a.example/?a=1&b=2\"\n    },\n    {\n"
	    "      \"startTime\": 120.25,\n      \"title\": \"A picture\",\n"
	    "      \"img\": \"https://a.example/j.png\",\n"
	    "      \"toc\": false\n    },\n    {\n"
	    "      \"startTime\": 240\n    },\n    {\n"
	    "      \"startTime\": 3723.001,\n      \"title\": \"End\"\n"
	    "    }\n  ]\n}\n";
	struct show s = a_show();
	struct episode e = with_chapters();
	struct err err = ERR_INIT;
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	assert_int_equal(feed_chapters_json(&s, &e, &out, &err), 0);
	assert_string_equal(out.data, want);
	buf_release(&out);
}

static const char lines[] = "<p>0:00 Hello &amp; &lt;welcome&gt;</p>"
    "<p>1:30 &quot;Bees&quot; \xf0\x9f\x90\x9d</p><p>1:02:03 End</p>";

static void
description(void **state)
{
	struct show s = a_show();
	struct episode e = with_chapters();
	char want[1000], *rss;

	(void)state;
	(void)snprintf(want, sizeof(want), "<description><![CDATA["
	    "<p>sum</p><p><a href=\"https://harbour.example/12?a=1&amp;b=2\">"
	    "harbour.example/12?a=1&amp;b=2</a></p>%s]]></description>",
	    lines);
	rss = written(FEED_RSS, &s, &e, "<p>notes</p>", "sum");
	has(rss, lines, false);
	free(rss);
	s.describe_chapters = true;
	rss = written(FEED_RSS, &s, &e, "<p>notes</p>", "sum");
	has(rss, want, true);
	free(rss);
	s.brief_notes = true;
	rss = written(FEED_RSS, &s, &e, "<p>notes</p>", "sum");
	has(rss, "<p>notes</p>", true);
	has(rss, lines, true);
	free(rss);
	/* They stand in the notes as time stamps already. */
	e.chapters_from = CHAPTERS_NOTES;
	rss = written(FEED_RSS, &s, &e, "<p>notes</p>", "sum");
	has(rss, lines, false);
	free(rss);
	s.brief_notes = false;
	rss = written(FEED_RSS, &s, &e, "<p>notes</p>", "sum");
	has(rss, want, true);
	free(rss);
	s.whole_notes = true;
	rss = written(FEED_RSS, &s, &e, "<p>notes</p>", "sum");
	has(rss, lines, false);
	free(rss);
	e.chapters_from = CHAPTERS_AUDIO;
	rss = written(FEED_RSS, &s, &e, "<p>notes</p>", "sum");
	(void)snprintf(want, sizeof(want), "<description><![CDATA[<p>notes</p>"
	    "%s]]></description>", lines);
	has(rss, want, true);
	free(rss);
}

static enum feed_chapter_lines
made_of(const struct show *s, const struct show_chapter *list, unsigned n,
    size_t *len)
{
	struct episode e = an_episode();
	enum feed_chapter_lines rc;
	struct buf out;

	e.chapter = list;
	e.nchapters = n;
	buf_init(&out, 0);
	rc = feed_chapters_lines(s, &e, &out);
	*len = out.len;
	buf_release(&out);
	return rc;
}

static void
no_lines(void **state)
{
	char title[FEED_LINES_MAX];
	struct show_chapter list[3] = {
		{ 0, -1, "A", NULL, NULL, false, 1 },
		{ 1000, -1, "B", NULL, NULL, false, 1 },
		{ 2000, -1, title, NULL, NULL, false, 1 }
	};
	struct show s = a_show();
	/* "<p>0:00 A</p>" twice, and as much around the third. */
	size_t room = FEED_LINES_MAX - 13 - 13 - 12, len;

	(void)state;
	memset(title, 'x', sizeof(title));
	title[room] = '\0';
	assert_int_equal(made_of(&s, list, 3, &len), FEED_LINES_NONE);
	s.describe_chapters = true;
	assert_int_equal(made_of(&s, list, 3, &len), FEED_LINES_ADDED);
	assert_int_equal(len, FEED_LINES_MAX);
	title[room] = 'x';
	title[room + 1] = '\0';
	assert_int_equal(made_of(&s, list, 3, &len), FEED_LINES_LONG);
	assert_int_equal(len, 0);
	assert_int_equal(made_of(&s, list, 2, &len), FEED_LINES_NONE);
	list[0].start_ms = 1000;
	assert_int_equal(made_of(&s, list, 3, &len), FEED_LINES_NONE);
	assert_int_equal(len, 0);
	list[0].start_ms = 999;
	list[2].hidden = true;
	assert_int_equal(made_of(&s, list, 3, &len), FEED_LINES_NONE);
}

/* Whatever the notes, a description has room for the lines, and is not more
 * than 4,000 bytes. */
static void
whole_description(void **state)
{
	struct show s = a_show();
	struct episode e = with_chapters();
	char *html = malloc(9000), *rss, *begin, *end;
	size_t n, i;

	(void)state;
	s.describe_chapters = s.brief_notes = true;
	for (n = 3000; n < 8000; n += 97) {
		for (i = 0; i < n / 100; i++)
			(void)snprintf(html + i * 87, 88, "<p>%080u</p>",
			    (unsigned)i);
		rss = written(FEED_RSS, &s, &e, html, "sum");
		begin = strstr(rss, "<item>");
		begin = strstr(begin, "<description>") + 13;
		end = strstr(begin, "</description>");
		assert_in_range(end - begin, 2000, 4000);
		has(rss, lines, true);
		free(rss);
	}
	free(html);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(psc),
		cmocka_unit_test(no_psc),
		cmocka_unit_test(address),
		cmocka_unit_test(json),
		cmocka_unit_test(description),
		cmocka_unit_test(no_lines),
		cmocka_unit_test(whole_description),
	};
	int rc;

	xw_global_init();
	rc = cmocka_run_group_tests_name("feed_chapters", tests, NULL, NULL);
	xw_global_release();
	return rc;
}
