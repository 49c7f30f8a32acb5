/*
 * Where the pages of episodes lie.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "feed/page.h"
#include "text/url.h"

static struct arena a;

static int
sweep(void **state)
{
	(void)state;
	arena_release(&a);
	return 0;
}

static void
a_page_lies_under_its_address(void **state)
{
	static const struct {
		const char *link, *url, *path;
	} rows[] = {
		{ "https://x.example/", "https://x.example/12", "12/index.html" },
		{ "https://x.example/", "https://x.example/12/", "12/index.html" },
		{ "https://x.example/", "https://x.example/e/12.html", "e/12.html" },
		{ "https://x.example/", "https://x.example/v1.5/a", "v1.5/a/index.html" },
		{ "https://x.example/", "https://x.example/1.5", "1.5/index.html" },
		{ "https://x.example", "https://x.example/12", "12/index.html" },
		{ "https://x.example/s", "https://x.example/s/12", "12/index.html" },
		{ "https://x.example/s", "https://x.example/shop/12", NULL },
		{ "https://x.example/", "https://x.example/", "index.html" },
		{ "https://x.example/", "https://x.example/%C3%BC%20b",
		    "\xc3\xbc b/index.html" },
		{ "https://x.example/", "https://x.example/?p=12", NULL },
		{ "https://x.example/", "https://x.example/a#b", NULL },
		{ "https://x.example/", "https://x.example/a/../../b", NULL },
		{ "https://x.example/", "https://x.example/%2e%2e/b", NULL },
		{ "https://x.example/", "https://y.example/12", NULL },
		{ "https://x.example/", "http://x.example/12", NULL },
	};
	struct show s;
	const char *path;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&s, 0, sizeof(s));
		s.link = rows[i].link;
		path = page_path(&a, &s, rows[i].url);
		if (path == NULL || rows[i].path == NULL ?
		    path != rows[i].path : strcmp(path, rows[i].path) != 0)
			fail_msg("%s: %s", rows[i].url, path == NULL ?
			    "nowhere" : path);
	}
}

static void
escapes_are_bytes(void **state)
{
	(void)state;
	assert_string_equal(url_decoded(&a, "a%20b%2Fc%zz%4"),
	    "a b/c%zz%4");
	assert_string_equal(url_decoded(&a, "a%00b?c#d"), "a%00b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_lies_under_its_address),
		cmocka_unit_test(escapes_are_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, sweep);
}
