/*
 * Which pictures go along in a digest, and what the HTML says then.
 */
#include "files_fixture.h"

#include "mail/digest_image.h"

#define PNG "\x89PNG\r\n\x1a\n"

static struct show show;
static struct episode episode;
static const struct episode *episodes[] = { &episode };
static struct config config;
static struct config_probe probe;
static struct mold_input mold;

static void
put_large(const char *name, size_t len)
{
	char *data = arena_alloc(&a, len);

	memset(data, fs_basename(name)[0], len);
	memcpy(data, PNG, 8);
	put_bytes(name, data, len);
}

static int
make(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	put("media/a.png", PNG "a");
	put("media/b c.jpg", "\xff\xd8\xff" "b");
	put("web/c.gif", "GIF89ac");
	put("web/same.png", PNG "a");
	put("web/d.svg", "<svg/>");
	put("public/cover.png", PNG "e");
	put("notes/f.png", PNG "f");
	put("notes/sub/g.png", PNG "g");
	put("templates/h.png", PNG "h");
	put("secret.png", PNG "s");
	put_large("web/500k.png", 500 << 10);
	put_large("web/501k.png", (500 << 10) + 1);
	put_large("web/x500k.png", 500 << 10);
	put_large("web/y500k.png", 500 << 10);
	return symlink("../secret.png", fs_join(&a, dir, "notes/out.png"));
}

/* The HTML as it becomes, with @ for the id of a picture. */
static const char *
rewritten(const char *html)
{
	struct digest_input in = { .show = &show, .episodes = episodes,
		.n = 1, .edition = "2026-W01", .date = { 1767607200, 0 },
		.templates = fs_join(&a, dir, "templates") };
	char *out, *p;

	memset(&mold, 0, sizeof(mold));
	mold.from = "A show <show@b\xc3\xbc" "cher.example>";
	mold.html = html;
	forget();
	digest_images(&a, &in, &config, &mold, &told.findings);
	out = arena_strdup(&a, mold.html);
	while ((p = strstr(out, "cid:")) != NULL) {
		size_t len = strspn(p + 4, "0123456789abcdef");

		assert_int_equal(len, 32);
		assert_memory_equal(p + 36, "@xn--bcher-kva.example", 22);
		*p = '@';
		memmove(p + 1, p + 58, strlen(p + 58) + 1);
	}
	return out;
}

static void
model(void)
{
	memset(&show, 0, sizeof(show));
	memset(&episode, 0, sizeof(episode));
	memset(&config, 0, sizeof(config));
	show.file = "show.ini";
	show.feed_url = "https://a.example/feeds/feed.xml";
	show.out = fs_join(&a, dir, "public");
	show.media_dir = fs_join(&a, dir, "media");
	show.media_url = "https://media.example/a/";
	show.digest.inline_images = true;
	episode.link = "https://a.example/7/";
	episode.file = fs_join(&a, dir, "notes/007.md");
	probe = (struct config_probe){ "https://web.example/",
	    fs_join(&a, dir, "web"), false };
	config.probe = &probe;
	config.nprobe = 1;
}

static void
files_are_found(void **state)
{
	static const char *const cases[][2] = {
		{ "<img src=\"https://media.example/a/a.png\">",
		    "<img src=\"@\">" },
		{ "<img alt='' src='https://media.example/a/b%20c.jpg' />",
		    "<img alt='' src='@' />" },
		{ "<IMG\n SRC = https://web.example/c.gif>",
		    "<IMG\n SRC = @>" },
		{ "<img data-src=\"x\" src=\"https://web.example/c.gif?a&amp;b\">",
		    "<img data-src=\"x\" src=\"@\">" },
		{ "<img alt=\"src='x' >\" src=\"https://a.example/feeds/cover.png\">",
		    "<img alt=\"src='x' >\" src=\"@\">" },
		{ "<img src=\"https://a.example/7/f.png\"><img "
		    "src=\"https://a.example/7/sub/g.png\">",
		    "<img src=\"@\"><img src=\"@\">" },
		{ "<img src=\"h.png\">", "<img src=\"@\">" },
		{ "<!--[if mso]><img src=\"h.png\"><![endif]-->",
		    "<!--[if mso]><img src=\"@\"><![endif]-->" }
	};
	size_t i;

	(void)state;
	model();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(rewritten(cases[i][0]), cases[i][1]);
		assert_int_equal(told.n, 0);
		assert_true(mold.nimages > 0);
	}
}

static void
the_rest_stays(void **state)
{
	static const struct { const char *html, *want; } cases[] = {
		{ "<img src=\"https://other.example/a.png\">",
		    "no local file is known" },
		{ "<img src=\"https://media.example/a/none.png\">",
		    "no local file is known" },
		{ "<img src=\"https://media.example/a/../secret.png\">",
		    "no local file is known" },
		{ "<img src=\"https://a.example/7/%2e%2e/secret.png\">",
		    "no local file is known" },
		{ "<img src=\"https://a.example/7/out.png\">",
		    "no local file is known" },
		{ "<img src=\"/etc/passwd\">", "no local file is known" },
		{ "<img src=\"../secret.png\">", "no local file is known" },
		{ "<img src=\"https://web.example/d.svg\">",
		    "is no JPEG, PNG or GIF" },
		{ "<img src=\"https://web.example/501k.png\">",
		    "has more than 500 KB" },
		{ "<img src=\"https://web.example/\">", "" },
		{ "<img src=\"CID:x@y\">", NULL },
		{ "<img src=\"data:image/png;base64,AAAA\">", NULL },
		{ "<img src=\"\"><img><img alt=x", NULL },
		{ "<img src=\"\x01" "A\x02\">", NULL },
		{ "<imgs src=\"h.png\">", NULL },
		{ "<a href=\"h.png\">h.png</a>", NULL }
	};
	size_t i;

	(void)state;
	model();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(rewritten(cases[i].html), cases[i].html);
		assert_int_equal(mold.nimages, 0);
		assert_int_equal(told.n, cases[i].want != NULL);
		if (cases[i].want != NULL)
			assert_told(0, "digest-image", 0, cases[i].want);
	}
	/* Where the show does not want it, nothing is looked at. */
	show.digest.inline_images = false;
	assert_string_equal(rewritten("<img src=\"h.png\">"),
	    "<img src=\"h.png\">");
	assert_int_equal(mold.nimages, 0);
}

static void
each_goes_along_once(void **state)
{
	(void)state;
	model();
	rewritten("<img src=\"https://media.example/a/a.png\"><img "
	    "src=\"https://web.example/same.png\"><img "
	    "src=\"https://media.example/a/a.png\"><img src=\"h.png\">");
	assert_int_equal(mold.nimages, 2);
	assert_string_equal(mold.images[0].name, "a.png");
	assert_string_equal(mold.images[0].type, "image/png");
	assert_int_equal(mold.images[0].len, 9);
	assert_memory_equal(mold.images[0].data, PNG "a", 9);
	assert_string_equal(mold.images[1].name, "h.png");
	/* A warning, too. */
	rewritten("<img src=\"x.png\"><img src=\"x.png\">");
	assert_int_equal(told.n, 1);
}

static void
all_together_have_a_limit(void **state)
{
	(void)state;
	model();
	assert_string_equal(rewritten(
	    "<img src=\"https://web.example/500k.png\">"
	    "<img src=\"https://web.example/x500k.png\">"
	    "<img src=\"https://web.example/y500k.png\">"
	    "<img src=\"h.png\">"), "<img src=\"@\"><img src=\"@\">"
	    "<img src=\"https://web.example/y500k.png\"><img src=\"@\">");
	assert_int_equal(mold.nimages, 3);
	assert_int_equal(told.n, 1);
	assert_told(0, "digest-image", 0, "more than 1024 KB");
	assert_int_equal(told.findings.errors, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(files_are_found),
		TOLD_TEST(the_rest_stays),
		TOLD_TEST(each_goes_along_once),
		TOLD_TEST(all_together_have_a_limit)
	};

	return cmocka_run_group_tests(tests, make, sweep);
}
