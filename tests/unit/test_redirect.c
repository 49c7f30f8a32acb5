/*
 * What is printed for web servers: by their manuals. That nginx does it is
 * tested end to end.
 */
#include "feed/redirect.h"
#include "told.h"

static void
rule_is(enum redirect_server server, const char *from, const char *to,
    const char *want)
{
	struct buf b;

	buf_init(&b, 0);
	redirect_rule(server, from, to, &b);
	assert_string_equal(b.data, want);
	buf_release(&b);
}

#define OLD "https://old.example.org/a/feed.xml"
#define ASKED "https://old.example.org:8080/f.php?a=1&b=x+y"
#define BARE "http://old.example.org"
#define NEW "https://new.example.org/100%25/feed.xml"

static void
rules(void **state)
{
	(void)state;
	rule_is(REDIRECT_NGINX, OLD, NEW, "location = \"/a/feed.xml\" {\n"
	    "    return 301 \"" NEW "\";\n}\n");
	rule_is(REDIRECT_NGINX, BARE, NEW, "location = \"/\" {\n"
	    "    return 301 \"" NEW "\";\n}\n");
	rule_is(REDIRECT_NGINX, BARE "?x", NEW, "if ($request_uri = \"/?x\") "
	    "{\n    return 301 \"" NEW "\";\n}\n");
	rule_is(REDIRECT_APACHE, OLD, NEW, "RewriteEngine On\n"
	    "RewriteRule \"^a/feed\\.xml$\" "
	    "\"https://new.example.org/100\\%25/feed.xml\" [R=301,L,NE]\n");
	rule_is(REDIRECT_APACHE, ASKED, NEW, "RewriteEngine On\n"
	    "RewriteCond \"%{QUERY_STRING}\" \"^a=1&b=x\\+y$\"\n"
	    "RewriteRule \"^f\\.php$\" "
	    "\"https://new.example.org/100\\%25/feed.xml\" "
	    "[R=301,L,NE,QSD]\n");
	rule_is(REDIRECT_CADDY, OLD, NEW, "@moved {\n    path /a/feed.xml\n"
	    "}\nredir @moved " NEW " permanent\n");
	rule_is(REDIRECT_CADDY, ASKED, NEW, "@moved {\n    path /f.php\n"
	    "    query a=1 b=x+y\n}\nredir @moved " NEW " permanent\n");
	rule_is(REDIRECT_NETLIFY, OLD, NEW, "/a/feed.xml  " NEW "  301!\n");
	rule_is(REDIRECT_NETLIFY, ASKED, NEW, "/f.php  a=1  b=x+y  " NEW
	    "  301!\n");
	rule_is(REDIRECT_NETLIFY, BARE, NEW, "/  " NEW "  301!\n");
	rule_is(REDIRECT_CLOUDFLARE, OLD, NEW,
	    "old.example.org/a/feed.xml," NEW ",301\n");
	rule_is(REDIRECT_CLOUDFLARE, ASKED, NEW,
	    "(http.host eq \"old.example.org:8080\" and "
	    "http.request.uri.path eq \"/f.php\" and "
	    "http.request.uri.query eq \"a=1&b=x+y\")\n" NEW "\n301\n");
}

/* A new server that is left out of a switch prints nothing. */
static void
each_has_a_name_and_a_rule(void **state)
{
	enum redirect_server s;
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	for (s = REDIRECT_NGINX; s < REDIRECT_SERVERS; s++) {
		buf_clear(&b);
		redirect_name(s, OLD, &b);
		assert_true(b.len > 0);
		buf_clear(&b);
		redirect_rule(s, OLD, NEW, &b);
		assert_true(b.len > 0 && b.data[b.len - 1] == '\n');
		assert_non_null(strstr(b.data, &NEW[30]));
	}
	buf_release(&b);
}

static void
plain(void **state)
{
	static const char odd[] = " \"'$\\<>()[]{}|*^;!#`";
	char url[] = "https://a.example/x?y";
	size_t i;

	(void)state;
	assert_true(redirect_is_plain(OLD, true));
	assert_true(redirect_is_plain(ASKED, true));
	assert_true(redirect_is_plain(NEW, false));
	assert_false(redirect_is_plain(NEW, true));
	assert_true(redirect_is_plain("http://a.example/%", false));
	for (i = 0; i < sizeof(odd) - 1; i++) {
		url[18] = odd[i];
		assert_false(redirect_is_plain(url, true));
		assert_false(redirect_is_plain(url, false));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(rules), TOLD_TEST(each_has_a_name_and_a_rule),
		TOLD_TEST(plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
