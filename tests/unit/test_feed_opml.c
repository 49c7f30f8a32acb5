/*
 * The list of shows, OPML, read back by libxml2.
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
#include "feed/opml.h"
#include "feed_fixture.h"
#include "text/xml.h"

#define HUGE ((size_t)1 << 20)	/* what a show.ini can hold */

static const struct date when = { EPOCH_2025_06_02, -7 * 3600 };

static xmlXPathContextPtr
listed(const char *title, struct show *const *shows, size_t n)
{
	struct err err = ERR_INIT;
	xmlXPathContextPtr x;
	struct buf out;

	buf_init(&out, 0);
	must(opml_write(title, &when, shows, n, collect, &out, &err), &err);
	x = read_back(&out);
	buf_release(&out);
	return x;
}

static void
test_opml(void **state)
{
	struct show s = a_show(), *shows[] = { &s };
	xmlXPathContextPtr x = listed("All of ours", shows, 1);

	(void)state;
	is(x, "/opml/@version", "2.0");
	is(x, "/opml/head/title", "All of ours");
	is(x, "/opml/head/dateModified", "Mon, 02 Jun 2025 10:00:00 -0700");
	is(x, "count(/opml/head/*)", "2");
	is(x, "count(/opml/body/*)", "1");
	is(x, "//outline/@type", "rss");
	is(x, "//outline/@text", s.title);
	is(x, "//outline/@title", s.title);
	is(x, "//outline/@description", s.description);
	is(x, "//outline/@xmlUrl", s.feed_url);
	is(x, "//outline/@htmlUrl", s.link);
	is(x, "//outline/@language", "en-GB");
	is(x, "//outline/@version", "RSS2");
	is(x, "count(//outline/@*)", "8");
	is(x, "contains(string(/), 'keepers@')", "false");
	done(x);
	s.language = "und";
	s.link = NULL;
	s.description = "";
	x = listed("T", shows, 1);
	is(x, "count(//outline/@*)", "5");
	done(x);
	x = listed("T", NULL, 0);
	is(x, "count(/opml/body)", "1");
	is(x, "count(//outline)", "0");
	done(x);
}

static void
test_opml_order(void **state)
{
	static const char *const titles[] = { "b", "B", "a", "\xc3\x84", "A b",
	    "b", "10", "A" };
	static const char *const sorted[] = { "10", "A", "a", "A b", "B", "b",
	    "b", "\xc3\x84" };
	struct show s[8], *shows[8];
	xmlXPathContextPtr x;
	char path[64], urls[8][32];
	size_t i;

	(void)state;
	for (i = 0; i < 8; i++) {
		s[i] = a_show();
		s[i].title = titles[i];
		(void)snprintf(urls[i], sizeof(urls[i]),
		    "https://h.example/%zu", 8 - i);
		s[i].feed_url = urls[i];
		shows[i] = &s[i];
	}
	x = listed("T", shows, 8);
	for (i = 0; i < 8; i++) {
		(void)snprintf(path, sizeof(path), "//outline[%zu]/@text",
		    i + 1);
		is(x, path, sorted[i]);
		assert_ptr_equal(shows[i], &s[i]);
	}
	is(x, "//outline[6]/@xmlUrl", "https://h.example/3");
	is(x, "//outline[7]/@xmlUrl", "https://h.example/8");
	done(x);
}

static void
test_opml_escapes(void **state)
{
	static const char *const texts[] = { "\"q\" & 'a' <b> ]]> &amp;",
	    "\xf0\x9f\x8e\x99 \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae" };
	struct show s = a_show(), *shows[] = { &s };
	char *huge = malloc(HUGE + 1);
	xmlXPathContextPtr x;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		s.title = s.description = texts[i];
		x = listed(texts[i], shows, 1);
		is(x, "/opml/head/title", texts[i]);
		is(x, "//outline/@text", texts[i]);
		is(x, "//outline/@title", texts[i]);
		is(x, "//outline/@description", texts[i]);
		done(x);
	}
	/* What XML forbids is left out. */
	s.title = "a\x01" "b\x1f" "c\xef\xbf\xbf";
	x = listed(s.title, shows, 1);
	is(x, "/opml/head/title", "abc");
	is(x, "//outline/@text", "abc");
	done(x);
	assert_non_null(huge);
	memset(huge, '&', HUGE);
	huge[HUGE] = '\0';
	s.description = huge;
	x = listed("T", shows, 1);
	is(x, "//outline/@description", huge);
	done(x);
	free(huge);
}

static int
full(void *ctx, const void *data, size_t len)
{
	(void)ctx;
	(void)data;
	(void)len;
	return -1;
}

static void
test_opml_disk_full(void **state)
{
	struct show s = a_show(), *shows[] = { &s };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(opml_write("T", &when, shows, 1, full, NULL, &err),
	    -1);
	assert_int_equal(err.kind, ERR_OUTPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opml),
		cmocka_unit_test(test_opml_order),
		cmocka_unit_test(test_opml_escapes),
		cmocka_unit_test(test_opml_disk_full),
	};
	int failed;

	xw_global_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xw_global_release();
	return failed;
}
