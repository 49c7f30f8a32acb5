/*
 * Addresses: what RFC 3986 allows, in ASCII, and what the message names.
 */
#include "text/url.h"
#include "told.h"

static void
good(void **state)
{
	static const char *const urls[] = {
		"https://a.example", "http://a.example/", "HTTPS://A.EXAMPLE/x",
		"https://a.example:8080/x.mp3?a=1&b=2#t=10",
		"https://a.example./", "http://127.0.0.1:65535/",
		"https://a.example:/x", "https://[::ffff:192.0.2.1]/",
		"http://[::1]/i", "http://[2001:db8::1]:8080",
		"https://xn--bcher-kva.example/%C3%BC/%20",
		"https://a.example/-._~!$&'()*+,;=:@/?/?",
		"https://a.example?x", "https://a.example#x",
		"https://a_b.example/",
	};
	struct err err = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(urls); i++)
		if (url_check(urls[i], &err) != 0)
			fail_msg("%s: %s", urls[i], err.msg);
}

static void
bad(void **state)
{
	static const struct {
		const char *url, *says;
	} cases[] = {
		{ "", "begin with" }, { "a.example/x", "begin with" },
		{ "ftp://a.example/", "begin with" },
		{ "/x", "begin with" }, { "https:/a.example", "begin with" },
		{ "https://", "no host" }, { "https:///x", "no host" },
		{ "https://:80/", "no host" }, { "https://.a/", "no host" },
		{ "https://a b/", "` ` (U+0020) cannot stand in its host" },
		{ "https://b\xc3\xbc" "cher.example/", "xn--" },
		{ "https://a.example/\xc3\xbc", "U+00FC) cannot stand in it; "
		    "write %C3%BC" },
		{ "https://a.example/\xf0\x9f\x8e\x99", "%F0%9F%8E%99" },
		{ "https://a.example/a b", "write %20" },
		{ "https://a.example/<", "`<` (U+003C)" },
		{ "https://a.example/|", "write %7C" },
		{ "https://a.example/{", "write %7B" },
		{ "https://a.example/\\", "write %5C" },
		{ "https://a.example/^", "write %5E" },
		{ "https://a.example/`", "write %60" },
		{ "https://a.example/\"", "write %22" },
		{ "https://a.example/[1]", "write %5B" },
		{ "https://a.example/%zz", "%25" },
		{ "https://a.example/%4", "%25" },
		{ "https://a.example/%", "%25" },
		{ "https://a.example/#a#b", "write %23" },
		{ "https://a.example:x/", "port" },
		{ "https://a.example:80a/", "port" },
		{ "https://[::1/", "IPv6" }, { "https://[]/", "IPv6" },
		{ "https://[::1]x/", "port" },
		{ "https://a@b@c/", "`@`" },
		{ "https://user:pw@a.example/", "password" },
		{ "https://@a.example/", "password" },
		{ "https://[:::::]/", "IPv6" }, { "https://[1.2.3.4]/", "IPv6" },
		{ "https://[1:2:3:4:5:6:7:8:9]/", "IPv6" },
		{ "https://[fe80::1%25eth0]/", "IPv6" },
		{ "https://a.example:65536/", "65535" },
		{ "https://a.example:99999999999999999999/", "65535" },
		{ "https://a.example:0/", "65535" },
		{ "https://[::1]:99999/", "65535" },
		{ "https://x..y/", "two dots" }, { "https://x../", "two dots" },
		{ "https://x%00y/", "`%` (U+0025) cannot stand in its host" },
		{ "https://a%2fb/", "`%` (U+0025) cannot stand in its host" },
	};
	struct err err = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		if (url_check(cases[i].url, &err) == 0)
			fail_msg("taken: %s", cases[i].url);
		assert_int_equal(err.kind, ERR_INPUT);
		if (strstr(err.msg, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].url, err.msg);
	}
}

static void
encoded(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	url_add_encoded(&b, "a/b c-._~%\xc3\xbc", "/");
	assert_string_equal(b.data, "a/b%20c-._~%25%C3%BC");
	buf_clear(&b);
	url_add_encoded(&b, "a/b", "");
	assert_string_equal(b.data, "a%2Fb");
	buf_release(&b);
	assert_string_equal(url_below(&arena, "https://a.example/m", "b/c d"),
	    "https://a.example/m/b/c%20d");
	assert_string_equal(url_below(&arena, "https://a.example/m/", "d"),
	    "https://a.example/m/d");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(good),
		TOLD_TEST(bad),
		TOLD_TEST(encoded),
	};

	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
