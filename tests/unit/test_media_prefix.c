/* Analytics prefixes: taken off for asking, put on for publishing. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "show/media_prefix.h"
#include "told.h"

#define FILE_AT "example.org/a/1.mp3?x=1&y=/2"

/* Every form of the table, and what is found behind it. */
static void
each_form(void **state)
{
	static const char *const forms[] = { "op3.dev/e/",
		"op3.dev/e,pg=9b024349-ccf0-5f69-a609-6b82873eab3c/",
		"dts.podtrac.com/redirect.mp3/", "dts.podtrac.com/redirect.m4a/",
		"dts.podtrac.com/pts/redirect.mp3/",
		"www.podtrac.com/pts/redirect.ogg/",
		"podtrac.com/pts/redirect.mp3/", "play.podtrac.com/npr-510310/",
		"chtbl.com/track/G3DE1/", "chrt.fm/track/138C95/", "pdst.fm/e/",
		"prfx.byspotify.com/e/", "pscrb.fm/rss/p/",
		"verifi.podscribe.com/rss/p/", "mgln.ai/e/35/",
		"mgln.ai/e/p155759/", "mgln.ai/track/", "arttrk.com/p/ADCT2/",
		"claritaspod.com/measure/", "clrtpod.com/m/",
		"tracking.swap.fm/track/0bDcdoop59/", "swap.fm/track/rMcaufTT/",
		"media.blubrry.com/my_show/", "media.blubrry.com/my_show/p/",
		"2.gum.fm/", "s.gum.fm/s-64df757f86d495f3f8ac7af4/",
		"s.gum.fm/r1/64df757f86d495f3f8ac7af4/", "pdrl.fm/98e0b1/",
		"pdrl.fm/r/86c73b/6f0827/", "pdcn.co/e/",
		"p.podderapp.com/2544644999/",
		"pfx.veritonicmetrics.com/quj9X/", "pfx.vpixl.com/6qj4J/",
		"growx.podkite.com/https/D3E76IU7/", "prefix.up.audio/s/",
		"r.zen.ai/r/", "t.glystn.com/v2/track/PID-1234abcd/",
		"adbarker.com/stream/asdf13/", "bktrks.co/t/1234abcd/",
		"a.pdcst.to/abcdWXYZ/", "cohst.app/pdcst/123ABC/",
		"pdcds.co/asdfg12345/", "m.pfxes.com/ABCDabcd/",
		"letscast.fm/track/" };
	const char *url, *chain = FILE_AT;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(forms); i++) {
		url = arena_printf(&arena, "https://%s" FILE_AT, forms[i]);
		assert_string_equal(media_prefix_strip(&arena, url),
		    "https://" FILE_AT);
		url = arena_printf(&arena, "HTTP://%s" "http://" FILE_AT,
		    forms[i]);
		assert_string_equal(media_prefix_strip(&arena, url),
		    "http://" FILE_AT);
		/* Before a file and alone, a prefix is put once. */
		url = arena_printf(&arena, "https://%s" FILE_AT, forms[i]);
		assert_string_equal(media_prefix_put(&arena, arena_printf(
		    &arena, "https://%s", forms[i]), "https://" FILE_AT), url);
		assert_string_equal(media_prefix_put(&arena, arena_printf(
		    &arena, "https://%s", forms[i]), url), url);
		chain = arena_printf(&arena, "%s%s", forms[i], chain);
	}
	assert_string_equal(media_prefix_strip(&arena, arena_printf(&arena,
	    "https://%s", chain)), "https://" FILE_AT);
}

static void
strips(void **state)
{
	static const struct {
		const char *url, *behind;
	} cases[] = {
		{ "https://pdst.fm/e/pscrb.fm/rss/p/mgln.ai/e/9/clrtpod.com/m/"
		  "arttrk.com/p/Y0/example.org/x.mp3",
		  "https://example.org/x.mp3" },
		{ "https://OP3.dev/e/Example.org/x.mp3",
		  "https://Example.org/x.mp3" },
		{ "https://op3.dev/e/http%3A//example.org/x.mp3",
		  "http://example.org/x.mp3" },
		{ "https://op3.dev/e/https%3a%2F%2fexample.org/x.mp3",
		  "https://example.org/x.mp3" },
		{ "https://op3.dev/e/http:/example.org/x.mp3",
		  "http://example.org/x.mp3" },
		/* Only the last scheme counts. */
		{ "https://op3.dev/e/http://dts.podtrac.com/redirect.mp3/"
		  "example.org/x.mp3", "https://example.org/x.mp3" },
		{ "http://www.podtrac.com/pts/redirect.mp3/example.org:8443/x",
		  "https://example.org:8443/x" },
		{ "https://media.blubrry.com/me/ins.blubrry.com/me/1.mp3",
		  "https://ins.blubrry.com/me/1.mp3" },
		{ "https://op3.dev/e,a=1,b=2/example.org/1.mp3",
		  "https://example.org/1.mp3" },
	};
	static const char *const left[] = { "https://example.org/x.mp3",
		/* No host that is known. */
		"https://prefix.example.org/e/example.com/x.mp3",
		"https://op3.dev.example.org/e/example.com/x.mp3",
		"https://example.org/op3.dev/e/example.com/x.mp3",
		"https://xop3.dev/e/example.com/x.mp3",
		/* Known, and something else than a prefix. */
		"https://op3.dev/", "https://op3.dev/e/", "https://op3.dev/e",
		"https://op3.dev/show/example.com/x.mp3",
		"https://op3.dev/ex/example.com/x.mp3",
		"https://op3.dev/e/localhost/x.mp3",
		"https://op3.dev/e/example.com",
		"https://op3.dev/e/example.com?x=/",
		"https://op3.dev/e?example.com/x.mp3",
		"https://op3.dev/e,pg=1?/example.com/x.mp3",
		"https://op3.dev/e/.com/x.mp3", "https://op3.dev/e/a..com/x",
		"https://op3.dev/e/1.5/x.mp3",
		"https://op3.dev/e/me@example.com/x.mp3",
		"https://op3.dev/e/https:example.com/x.mp3",
		"https://op3.dev/e/ftp://example.com/x.mp3",
		"https://media.blubrry.com/show/1.mp3",
		"https://media.blubrry.com/show/files/1.mp3",
		"https://2.gum.fm/about/us.html",
		"https://chtbl.com/track/1", "https://mgln.ai/e/1/x.mp3",
		"https://dts.podtrac.com/redirect./example.com/x",
		"op3.dev/e/example.com/x.mp3", "ftp://op3.dev/e/a.org/x", "",
		"https://", "http" };
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++)
		assert_string_equal(media_prefix_strip(&arena, cases[i].url),
		    cases[i].behind);
	for (i = 0; i < SIZE(left); i++)
		assert_ptr_equal(media_prefix_strip(&arena, left[i]), left[i]);
}

static void
puts_on(void **state)
{
	static const struct {
		const char *prefix, *url, *want;
	} cases[] = {
		{ "https://op3.dev/e/", "https://a.org/x.mp3",
		  "https://op3.dev/e/a.org/x.mp3" },
		{ "https://op3.dev/e", "https://a.org/x.mp3",
		  "https://op3.dev/e/a.org/x.mp3" },
		{ "https://op3.dev/e/", "http://a.org/x.mp3",
		  "https://op3.dev/e/http://a.org/x.mp3" },
		{ "", "https://a.org/x.mp3", "https://a.org/x.mp3" },
		{ "https://op3.dev/e/dts.podtrac.com/redirect.mp3/",
		  "https://a.org/x.mp3",
		  "https://op3.dev/e/dts.podtrac.com/redirect.mp3/a.org/x.mp3" },
		/* What stands there is not repeated, wherever in the chain. */
		{ "https://op3.dev/e/",
		  "https://dts.podtrac.com/redirect.mp3/op3.dev/e/a.org/x.mp3",
		  "https://dts.podtrac.com/redirect.mp3/op3.dev/e/a.org/x.mp3" },
		{ "https://op3.dev/e,pg=1/", "https://op3.dev/e/a.org/x.mp3",
		  "https://op3.dev/e/a.org/x.mp3" },
		{ "https://op3.dev/e/www.podtrac.com/pts/redirect.mp3/",
		  "https://dts.podtrac.com/redirect.m4a/a.org/x.m4a",
		  "https://op3.dev/e/dts.podtrac.com/redirect.m4a/a.org/x.m4a" },
		{ "https://op3.dev/e/mgln.ai/e/1/", "https://op3.dev/e/a.org/x",
		  "https://mgln.ai/e/1/op3.dev/e/a.org/x" },
		{ "https://mgln.ai/e/1/", "https://mgln.ai/e/2/a.org/x.mp3",
		  "https://mgln.ai/e/1/mgln.ai/e/2/a.org/x.mp3" },
		{ "https://mgln.ai/e/1/", "https://mgln.ai/e/1/a.org/x.mp3",
		  "https://mgln.ai/e/1/a.org/x.mp3" },
		{ "https://op3.dev/e/", "https://op3.dev/e/http://a.org/x.mp3",
		  "https://op3.dev/e/http://a.org/x.mp3" },
		{ "https://op3.dev/e/", "http://op3.dev/e/a.org/x.mp3",
		  "http://op3.dev/e/a.org/x.mp3" },
		/* One that is not known, alone and behind one that is. */
		{ "https://count.example/t/", "https://a.org/x.mp3",
		  "https://count.example/t/a.org/x.mp3" },
		{ "https://count.example/t/",
		  "https://count.example/t/a.org/x.mp3",
		  "https://count.example/t/a.org/x.mp3" },
		{ "https://op3.dev/e/count.example/t/",
		  "https://count.example/t/a.org/x.mp3",
		  "https://op3.dev/e/count.example/t/a.org/x.mp3" },
		{ "https://count.example/t/",
		  "https://op3.dev/e/count.example/t/a.org/x.mp3",
		  "https://op3.dev/e/count.example/t/a.org/x.mp3" },
		/* No address: nothing is put before it. */
		{ "https://op3.dev/e/", "a.org/x.mp3", "a.org/x.mp3" },
		{ "https://op3.dev/e/", "", "" },
		{ "https://op3.dev/e/", "http://localhost/x.mp3",
		  "http://localhost/x.mp3" },
		{ "https://op3.dev/e/", "http://127.0.0.1:80/x.mp3",
		  "http://127.0.0.1:80/x.mp3" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++)
		assert_string_equal(media_prefix_put(&arena, cases[i].prefix,
		    cases[i].url), cases[i].want);
}

/* Random chains of pieces: putting is idempotent, and asks for the same file
 * with and without it. */
static void
random_chains(void **state)
{
	static const char *const pieces[] = { "https://", "http://", "http%3A//",
		"op3.dev/e/", "op3.dev/e,pg=1/", "mgln.ai/e/1/", "2.gum.fm/",
		"media.blubrry.com/s/", "p/", "pdst.fm/e/", "a.org/", "/", "e/",
		"x.mp3", "?", "%", ",", "." };
	unsigned seed = (unsigned)time(NULL);
	const char *url, *once;
	size_t i, k, n;

	(void)state;
	if (getenv("SEED") != NULL)
		seed = (unsigned)strtoul(getenv("SEED"), NULL, 10);
	print_message("seed %u\n", seed);
	srandom(seed);
	for (i = 0; i < 20000; i++) {
		url = "https://";
		n = (size_t)random() % 9;
		for (k = 0; k < n; k++)
			url = arena_printf(&arena, "%s%s", url,
			    pieces[(size_t)random() % SIZE(pieces)]);
		url = arena_printf(&arena, "%sa.org/1.mp3", url);
		once = media_prefix_put(&arena, "https://op3.dev/e/", url);
		if (strcmp(media_prefix_put(&arena, "https://op3.dev/e/",
		    once), once) != 0)
			fail_msg("%s: %s, and again %s", url, once,
			    media_prefix_put(&arena, "https://op3.dev/e/",
			    once));
		assert_string_equal(media_prefix_strip(&arena, once),
		    media_prefix_strip(&arena, url));
		arena_release(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(each_form),
		TOLD_TEST(strips),
		TOLD_TEST(puts_on),
		TOLD_TEST(random_chains),
	};

	return cmocka_run_group_tests_name("media_prefix", tests, NULL, NULL);
}
