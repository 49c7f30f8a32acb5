/*
 * What stands in the feeds for readers that know neither iTunes nor podcast:.
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

#define COUNT "count(//dc:*)*100+count(//media:thumbnail)*10+" \
	"count(//media:group)"

static struct show_person people[] = {
	{ .name = "Ann & Co", .role = "host" }, { .name = "Bo" },
	{ .name = "Ann & Co", .role = "editor" }
};
static struct media files[] = {
	{ .url = "https://harbour.example/12.mp4", .type = "video/mp4",
	  .length = 900 },
	{ .url = "https://harbour.example/12.opus", .type = "audio/ogg" }
};

static struct episode
with_all(void)
{
	struct episode e = an_episode();

	e.people = people;
	e.npeople = 3;
	e.renditions = files;
	e.nrenditions = 2;
	return e;
}

static void
counts(enum feed_format format, const struct show *s, const struct episode *e,
    const char *want)
{
	xmlXPathContextPtr x = made(format, s, e, "<p>n</p>", "s");

	is(x, COUNT, want);
	done(x);
}

static void
test_rss(void **state)
{
	struct show s = a_show();
	struct episode e = with_all();
	xmlXPathContextPtr x = made(FEED_RSS, &s, &e, "<p>n</p>", "s");

	(void)state;
	is(x, COUNT, "111");
	is(x, "//item/dc:creator", "Ann & Co, Bo");
	is(x, "//item/media:thumbnail/@url", e.image);
	is(x, "count(//media:group/media:content)", "3");
	is(x, "//media:content[1]/@url", files[0].url);
	is(x, "//media:content[1]/@fileSize", "900");
	is(x, "//media:content[1]/@type", "video/mp4");
	is(x, "//media:content[1]/@medium", "video");
	is(x, "count(//media:content[1]/@isDefault)", "0");
	is(x, "//media:content[2]/@medium", "audio");
	is(x, "count(//media:content[2]/@fileSize)", "0");
	/* The enclosure's is the last one. */
	is(x, "//media:content[3]/@url", e.audio.url);
	is(x, "//media:content[3]/@isDefault", "true");
	done(x);
}

static void
test_atom(void **state)
{
	struct show s = a_show();
	struct episode e = with_all();
	xmlXPathContextPtr x = made(FEED_ATOM, &s, &e, "<p>n</p>", "s");

	(void)state;
	is(x, COUNT, "10");
	is(x, "//atom:entry/media:thumbnail/@url", e.image);
	is(x, "count(//namespace::dc)", "0");
	done(x);
}

/* Without what they tell nothing, and no namespace either. */
static void
test_none(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	xmlXPathContextPtr x;

	(void)state;
	e.image = s.image;
	x = made(FEED_RSS, &s, &e, "<p>n</p>", "s");
	is(x, COUNT, "0");
	is(x, "count(//namespace::dc|//namespace::media)", "0");
	done(x);
	e.image = NULL;
	counts(FEED_RSS, &s, &e, "0");
	counts(FEED_ATOM, &s, &e, "0");
}

static void
test_own(void **state)
{
	static const struct {
		const char *text, *names, *want;
		unsigned spaces;
	} cases[] = {
		{ "<dc:creator>Cy</dc:creator>", " dc:creator ", "111", 0x20 },
		{ "<author>a@b.example</author>", " author ", "11", 0 },
		{ "<itunes:author>Cy</itunes:author>", " itunes:author ",
		  "11", 0 },
		{ "<podcast:person>Cy</podcast:person>", " podcast:person ",
		  "11", 0 },
		{ "<media:thumbnail url='t'/>", " media:thumbnail ", "111",
		  0x800 },
		{ "<itunes:image href='t'/>", " itunes:image ", "101", 0 },
		{ "<media:group/>", " media:group ", "111", 0x800 },
		{ "<media:content url='u'/>", " media:content ", "110", 0x800 },
	};
	struct show s = a_show();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct episode e = with_all();

		e.xml.text = cases[i].text;
		e.xml.names = cases[i].names;
		e.xml.spaces = cases[i].spaces;
		counts(FEED_RSS, &s, &e, cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rss),
		cmocka_unit_test(test_atom),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_own),
	};
	int failed;

	xw_global_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xw_global_release();
	return failed;
}
