/*
 * Where a picture of the digest stands in people's files.
 */
#include "files_fixture.h"

#include "mail/digest_place.h"
#include "text/html_find.h"

static struct show show;
static struct episode one, two;
static const struct episode *episodes[] = { &one, &two };
static struct editorial by_hand;

static int
make(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	show.file = put("show.ini", "title = A\n");
	show.link = "https://a.example/";
	show.logo = "https://a.example/logo.png";
	show.image = "https://a.example/cover.png";
	one.link = "https://a.example/1/";
	two.site = show.link;
	by_hand.file = put("edition.md", "subject\n\n![x](/hand.png)\n");
	put("t/digest.html", "<p>\n<img src=\"{{image}}\">\n"
	    "<img class=\"x\" src='https://a.example/t.png'>\n"
	    "<img src=\"{{show.link}}made.png\">{{> part}}");
	put("t/part.html", "\n\n\n<IMG SRC = https://a.example/part.png>\n");
	return 0;
}

static void
stands(const char *url, const char *file, unsigned line)
{
	struct digest_input in = { .show = &show, .episodes = episodes,
		.n = 2, .editorial = &by_hand,
		.templates = fs_join(&a, dir, "t") };
	struct digest_place at;

	digest_place_picture(&a, &in, url, &at);
	if (at.file == NULL || strcmp(fs_basename(at.file), file) != 0 ||
	    at.line != line)
		fail_msg("%s is at %s:%u, not %s:%u", url, at.file, at.line,
		    file, line);
}

static void
notes_have_many_ways(void **state)
{
	static const struct { const char *text, *url; } cases[] = {
		{ "![x](f.png)", "https://a.example/1/f.png" },
		{ "![x [y] z](f.png \"t\")", "https://a.example/1/f.png" },
		{ "[![x](f.png)](g.html)", "https://a.example/1/f.png" },
		{ "![](<f g.png>)", "https://a.example/1/f%20g.png" },
		{ "![](k\xc3\xbc" "che.png)",
		    "https://a.example/1/k%C3%BCche.png" },
		{ "![](/f(1).png)", "https://a.example/f(1).png" },
		{ "![](f\\_g.png)", "https://a.example/1/f_g.png" },
		{ "![](../f.png?a=1&b=2)",
		    "https://a.example/f.png?a=1&b=2" },
		{ "<img alt=x src=f.png>", "https://a.example/1/f.png" },
		{ "<img src = 'f.png?a&amp;b'>",
		    "https://a.example/1/f.png?a&b" },
		{ "{{< figure src=\"f.png\" >}}",
		    "https://a.example/1/f.png" },
		{ "[x]: f.png", "https://a.example/1/f.png" },
		{ "[x]: <f.png>", "https://a.example/1/f.png" },
		{ "image: \"f.png\"", "https://a.example/1/f.png" },
		{ "![](http://b.example/)", "http://b.example/" }
	};
	/* What is no picture, or another one, does not count. */
	static const char before[] = "---\ntitle: x\n---\n\n"
	    "f.png.html ![x](f.png.html) ![f.png](g.png?f.png)\n"
	    "<img data-src=\"h.png\">\n\n";
	size_t i;

	(void)state;
	two.file = put("two.md", "nothing");
	for (i = 0; i < SIZE(cases); i++) {
		one.file = put("one.md", arena_printf(&a, "%s%s\n", before,
		    cases[i].text));
		stands(cases[i].url, "one.md", 8);
	}
}

static void
a_picture_counts_more_than_a_link(void **state)
{
	(void)state;
	one.file = put("one.md", "[x](f.png)\n\n[y](/t.png)\n[z]: g.png\n");
	two.file = put("two.md", "\n![](https://a.example/1/f.png)\n"
	    "![](logo.png)\n![](/hand.png)\n");
	stands("https://a.example/1/f.png", "two.md", 2);
	stands("https://a.example/1/g.png", "one.md", 4);
	stands("https://a.example/t.png", "digest.html", 3);
	stands("https://a.example/hand.png", "edition.md", 3);
	/* Without a page of its own nothing relative leads anywhere. */
	stands("https://a.example/logo.png", "show.ini", 0);
	by_hand.file = NULL;
	stands("https://a.example/hand.png", "two.md", 4);
}

static void
templates_have_their_own(void **state)
{
	(void)state;
	one.file = put("one.md", "x\n");
	two.file = fs_join(&a, dir, "none.md");
	stands("https://a.example/t.png", "digest.html", 3);
	stands("https://a.example/made.png", "digest.html", 4);
	stands("https://a.example/part.png", "part.html", 4);
	/* No one knows where that came from, but it was put in there. */
	stands("https://b.example/x.gif", "digest.html", 2);
	put("t/digest.html", "<p>");
	stands("https://b.example/x.gif", "digest.html", 0);
}

/* Anything can be looked through, and each step goes on. */
static void
random_texts(void **state)
{
	static const char letters[] = "([<\"'=!]) >\\src\n\tx.";
	unsigned seed = (unsigned)getpid(), i, k;
	char text[300];

	(void)state;
	printf("seed %u\n", seed);
	srandom(seed);
	for (i = 0; i < 3000; i++) {
		struct markup_reference r;
		const char *p = text, *last = NULL;

		for (k = 0; k + 1 < sizeof(text); k++)
			text[k] = letters[(size_t)random() %
			    (sizeof(letters) - 1)];
		text[k] = '\0';
		while (markup_find_reference(text, &p, &r)) {
			assert_true(p > last && r.at >= text && r.len > 0);
			assert_true(r.at + r.len <= text + k);
			last = p;
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(notes_have_many_ways),
		TOLD_TEST(a_picture_counts_more_than_a_link),
		TOLD_TEST(templates_have_their_own),
		TOLD_TEST(random_texts)
	};

	return cmocka_run_group_tests(tests, make, sweep);
}
