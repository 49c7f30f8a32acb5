#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "text/ini_edit.h"

#define SIZE(a) (sizeof(a) / sizeof((a)[0]))

static void
value_becomes(const char *text, const char *old, const char *value,
    const char *want)
{
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, 0);
	if (ini_edit_value(text, strlen(text), "feed_url", old, value, &out,
	    &err) != 0)
		fail_msg("%s: %s", text, err.msg);
	assert_string_equal(out.data, want);
	buf_release(&out);
}

static void
add_becomes(const char *text, const char *want)
{
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, 0);
	if (ini_edit_add(text, strlen(text), "feed_url", "guid", "x", &out,
	    &err) != 0)
		fail_msg("%s: %s", text, err.msg);
	assert_string_equal(out.data, want);
	buf_release(&out);
}

static void
value_alone_changes(void **state)
{
	(void)state;
	value_becomes("# a\ntitle = T\nfeed_url = http://a/ \n\n; z\n",
	    "http://a/", "http://b/",
	    "# a\ntitle = T\nfeed_url = http://b/ \n\n; z\n");
	value_becomes("\xef\xbb\xbf" "FEED_url=http://a/\r\ntitle=T\r\n",
	    "http://a/", "http://b/",
	    "\xef\xbb\xbf" "FEED_url=http://b/\r\ntitle=T\r\n");
	value_becomes("title = T\n feed_url = no\nfeed_url\t=\ta", "a", "b",
	    "title = T\n feed_url = no\nfeed_url\t=\tb");
	/* Of several the one with the value; none in a section. */
	value_becomes("feed_url = a\nfeed_url = b\n[fields]\nfeed_url = b\n",
	    "b", "c", "feed_url = a\nfeed_url = c\n[fields]\nfeed_url = b\n");
}

static void
line_is_added_as_the_one_above(void **state)
{
	(void)state;
	add_becomes("feed_url = a\n# c\ntitle = T\n",
	    "feed_url = a\nguid = x\n# c\ntitle = T\n");
	add_becomes("feed_url   = a\ntitle      = T\n",
	    "feed_url   = a\nguid       = x\ntitle      = T\n");
	add_becomes("feed_url=a\r\ntitle=T\r\n",
	    "feed_url=a\r\nguid=x\r\ntitle=T\r\n");
	add_becomes("title = T\nfeed_url = a", "title = T\nfeed_url = a\n"
	    "guid = x");
	add_becomes("title = T\r\nfeed_url = a", "title = T\r\nfeed_url = a"
	    "\r\nguid = x");
	add_becomes("\xef\xbb\xbf" "feed_url\t= a\n\n[fields]\na = b\n",
	    "\xef\xbb\xbf" "feed_url\t= a\nguid = x\n\n[fields]\na = b\n");
	/* Behind what goes on with the value. */
	add_becomes("feed_url =\n  a\n\tb\n\n  # c\ntitle = T\n",
	    "feed_url =\n  a\n\tb\nguid =x\n\n  # c\ntitle = T\n");
}

static void
what_says_something_else_is_refused(void **state)
{
	static const struct {
		const char *text, *old, *value;
		unsigned line;
	} bad[] = {
		{ "title = T\nfeed_url = a\n  b\n", "a b", "c", 2 },
		{ "feed_url =\n a\n", "a", "c", 1 },
		{ "feed_url = a\n", "a", "c\ntitle = d", 1 },
		{ "feed_url = a\n", "a", " c", 1 },
		{ "feed_url = a\n", "a", "c\x01", 1 },
		{ "feed_url = a\nno key\n", "a", "c", 1 },
	};
	struct err err = ERR_INIT;
	struct buf out;
	size_t i;

	(void)state;
	buf_init(&out, 0);
	for (i = 0; i < SIZE(bad); i++) {
		err = (struct err)ERR_INIT;
		if (ini_edit_value(bad[i].text, strlen(bad[i].text),
		    "feed_url", bad[i].old, bad[i].value, &out, &err) == 0)
			fail_msg("%zu: taken", i);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(err.line, bad[i].line);
	}
	err = (struct err)ERR_INIT;
	assert_int_equal(ini_edit_value("a = b\n", 6, "feed_url", "a", "c",
	    &out, &err), -1);
	assert_int_equal(err.kind, ERR_INTERNAL);
	assert_int_equal(ini_edit_add("a = b\n", 6, "feed_url", "a", "c",
	    &out, &err), -1);
	/* A comment between a value's lines: behind it the rest would be
	 * another value's. */
	assert_int_equal(ini_edit_add("feed_url = a\n# c\n b\n", 20,
	    "feed_url", "guid", "c", &out, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(value_alone_changes),
		cmocka_unit_test(line_is_added_as_the_one_above),
		cmocka_unit_test(what_says_something_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
