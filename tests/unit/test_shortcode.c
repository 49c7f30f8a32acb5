#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CMARK_NO_SHORT_NAMES
#include <cmark.h>

#include "base/fs.h"
#include "text/markdown.h"
#include "text/shortcode.h"
#include "text/shortcode_int.h"
#include "growth.h"

static struct buf out, told;

static int
setup(void **state)
{
	(void)state;
	buf_init(&out, 0);
	buf_init(&told, 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_release(&out);
	buf_release(&told);
	return 0;
}

static void
tell(void *ctx, unsigned line, const char *what)
{
	(void)ctx;
	buf_addf(&told, "%u:%s\n", line, what);
}

static const char *
expand(const char *text)
{
	buf_clear(&out);
	buf_clear(&told);
	shortcode_expand(text, strlen(text), &out, tell, NULL);
	return out.data;
}

struct example {
	const char *text;
	const char *markdown;
};

/* … of which nothing is told. */
static void
check(const struct example *e, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		assert_string_equal(expand(e[i].text), e[i].markdown);
		assert_string_equal(told.data, "");
	}
}

#define CHECK(list) check(list, sizeof(list) / sizeof(list[0]))

static void
components_are_left_out(void **state)
{
	static const struct example same[] = {
		{ "<scriptname> and a < B\n", "<scriptname> and a < B\n" },
		{ "<Name> of <BR /> <IMG src=\"a\">\n",
		  "<Name> of <BR /> <IMG src=\"a\">\n" },
		{ "`<Player src=\"a\" />`\n", "`<Player src=\"a\" />`\n" },
		{ "```\n<Player src=\"a\" />\n```\n",
		  "```\n<Player src=\"a\" />\n```\n" },
		{ "We use <Suspense /> and <Nested answer={42}/>.\n",
		  "We use <Suspense /> and <Nested answer={42}/>.\n" },
		{ "import this from there\n", "import this from there\n" },
		{ "\nimport X from \"y\";\nimport { Z } from '../z'\n\nWords\n",
		  "\n\n\n\nWords\n" },
	};

	(void)state;
	CHECK(same);
	assert_string_equal(expand("a <DisplayDate :dateStr=\"'x>'\" /> b\n"),
	    "a  b\n");
	assert_string_equal(told.data, "1:`<DisplayDate>` is a component of "
	    "the site, and is left out\n");
	assert_string_equal(expand("<Note type=\"x\">words</Note> <Hr2 />\n"),
	    "words \n");
	assert_string_equal(expand("import Aa from 'a'\n\n<Aa /> <Bb n={1}/>x\n"),
	    "\n\n x\n");
	assert_string_equal(expand("<Player title=\"a\n\nb\" />\n"),
	    "<Player title=\"a\n\nb\" />\n");
	assert_string_equal(expand("<Player title=\"a\r\n\r\nb\" />\r\n"),
	    "<Player title=\"a\r\n\r\nb\" />\r\n");
}

static void
videos_and_posts_become_links(void **state)
{
	static const struct example list[] = {
		{ "See {{< youtube dQw4w9WgXcQ >}}.",
		  "See <https://www.youtube.com/watch?v=dQw4w9WgXcQ>." },
		{ "{{<youtube id=\"a-_b\" title=\"The [talk]\">}}\n",
		  "[The \\[talk\\]](https://www.youtube.com/watch?v=a-_b)\n" },
		{ "{{% vimeo 146022717 %}}", "<https://vimeo.com/146022717>" },
		{ "{% youtube \"https://youtu.be/x?t=1\" %}",
		  "<https://youtu.be/x?t=1>" },
		{ "{% include youtube.html id='abc' %}",
		  "<https://www.youtube.com/watch?v=abc>" },
		{ "{% include video id=\"12\" provider=\"vimeo\" %}",
		  "<https://vimeo.com/12>" },
		{ "{{< tweet user=\"a_b\" id=\"12\" >}}",
		  "<https://twitter.com/a_b/status/12>" },
		{ "{{< x user=\"a\" id=\"12\" />}}",
		  "<https://x.com/a/status/12>" },
		{ "{{< tweet 12 >}}", "<https://twitter.com/i/status/12>" },
		{ "{{< gist someone 12ab >}}",
		  "<https://gist.github.com/someone/12ab>" },
		{ "{% gist someone/12ab %}",
		  "<https://gist.github.com/someone/12ab>" },
		{ "{{< instagram B_c >}}",
		  "<https://www.instagram.com/p/B_c/>" },
		{ "{{< spotify type=\"episode\" id=\"4rOo\" >}}",
		  "<https://open.spotify.com/episode/4rOo>" },
		{ "{{< spotify show/4rOo >}}",
		  "<https://open.spotify.com/show/4rOo>" },
		{ "<div>\n{{< youtube a >}}\n</div>",
		  "<div>\n<a href=\"https://www.youtube.com/watch?v=a\">"
		  "https://www.youtube.com/watch?v=a</a>\n</div>" },
		{ "[Talk]({{< youtube a >}})",
		  "[Talk](https://www.youtube.com/watch?v=a)" }
	};

	(void)state;
	CHECK(list);
}

static void
figures_become_images(void **state)
{
	static const struct example list[] = {
		{ "{{< figure src=\"/img/moxie.jpg\" title=\"Moxie\" "
		  "width=\"400\" link=\"https://x.example/m\">}}\n",
		  "[![Moxie](/img/moxie.jpg)](https://x.example/m)\\\n"
		  "Moxie\n" },
		{ "{{< figure src=\"a b(1).png\" alt=\"An *a*\" >}}",
		  "![An \\*a\\*](a%20b%281%29.png)" },
		{ "- {{< figure\n  src=\"a.png\"\n  caption=\"# [x](y)\" >}}\n",
		  "- ![# x](a.png)\\\n\\# [x](y)\n" },
		{ "{{< figure src=\"a.png\" caption=\"A *b* __c__ `d` [e](f) "
		  "&amp; <b>g</b>\" >}}", "![A b c d e \\& g](a.png)\\\n"
		  "A *b* __c__ `d` [e](f) &amp; <b>g</b>" },
		{ "{{< figure src=\"a.png\" caption=\"- *b*\" >}}",
		  "![- b](a.png)\\\n\\- *b*" },
		{ "{{< figure src=\"a.png\" caption=\"snake_case * 2\" >}}",
		  "![snake\\_case \\* 2](a.png)\\\nsnake_case * 2" },
		{ "{% include figure image_path=\"/a.png\" alt=\"b\" %}",
		  "![b](/a.png)" },
		{ "{% include image.html url=\"{{ site.baseurl }}/a.png\" %}",
		  "![](/a.png)" },
		{ "{% image \"./a.png\", \"A cat\" %}",
		  "![A cat](./a.png)" },
		{ "<p>\n{{< figure src=\"a.png\" alt=\"\\\"\" caption=\"c\" "
		  "link=\"b\" >}}</p>", "<p>\n<a href=\"b\"><img "
		  "src=\"a.png\" alt=\"&quot;\" /></a><br />c</p>" }
	};

	(void)state;
	CHECK(list);
}

static void
highlights_become_code(void **state)
{
	static const struct example list[] = {
		{ "{{< highlight go \"linenos=table\" >}}\n\nx := `{{ y }}`\n"
		  "{{< / highlight >}}\n\nb",
		  "```go\n\nx := `{{ y }}`\n```\n\nb" },
		{ "{% highlight ruby linenos %}\n```\n{% endhighlight %}b",
		  "````ruby\n```\n````\nb" },
		{ "> {% highlight c %}\n> </b>\n> {% endhighlight %}\n",
		  "> ```c\n> </b>\n> ```\n" },
		{ "- {{< highlight c >}}\n  a\n  {{< /highlight >}}\n",
		  "- ```c\n  a\n  ```\n" },
		{ "Use {{< highlight c >}}a`b{{< /highlight >}}.",
		  "Use `` a`b ``." }
	};

	(void)state;
	CHECK(list);
}

static void
what_shows_nothing_goes(void **state)
{
	static const struct example list[] = {
		{ "a {# note #}b", "a b" },
		{ "a{% comment %}\n{{ x }}\n{% endcomment %}b", "ab" },
		{ "a{{/* x */}}b", "ab" },
		{ "a{{< comment >}}x{{< /comment >}}b", "ab" },
		{ "a{::nomarkdown}b{:/}c{:/nomarkdown}d", "abcd" },
		{ "a{::comment}{:/ x }\n\n{:/}b", "ab" },
		{ "a{::comment}{{ x }}{:/comment}b{::options x=\"1\" /}",
		  "ab" },
		{ "{{< audio src=\"/a.mp3\" >}}\n{% include player.html "
		  "file=\"b\" %}\n\nb", "\n\n\nb" },
		{ "{% assign a = 1 %}\n{% set b = 2 -%}   c", "\nc" },
		{ "    {{ site.url }}", "    {{ site.url }}" },
		{ "{{ \"{{\" }} {{ '/a.png' | relative_url }}",
		  "{{ /a.png" },
		{ "![a]({{ site.baseurl }}/img/a.png)", "![a](/img/a.png)" },
		{ "[a]({{ \"/b c/\" | relative_url }})", "[a](/b%20c/)" },
		{ "<a href=\"{{ site.url }}/x\">y</a>",
		  "<a href=\"/x\">y</a>" }
	};

	(void)state;
	CHECK(list);
}

static void
raw_and_escapes_stay_as_they_are(void **state)
{
	static const struct example list[] = {
		{ "{% raw %}{{ a }} {% b %}{% endraw %}",
		  "{{ a }} {% b %}" },
		{ "{% raw %}\n```\n{{ a }}\n```\n{%- endraw -%}\n",
		  "\n```\n{{ a }}\n```\n\n" },
		{ "{% verbatim %}{{< a >}}{% endverbatim %}", "{{< a >}}" },
		{ "Write {{</* youtube a_b */>}}",
		  "Write {{\\< youtube a\\_b >}}" },
		{ "Write {{%/* x */%}}", "Write {{% x %}}" },
		{ "\\{{ x }}", "\\{{ x }}" },
		{ "a { b } {c} ${d} {\"e\": 1} {:ok, x} {.}", NULL },
		{ "a face {:/ and more\n\nb } c", NULL },
		{ "the path {::std and more\n\nb } c", NULL },
		{ "a {:/ b} c {::} d {::vec} e {:/vec} f", NULL },
		{ "a {::options\nx=\"1\" /} b {::options, x} c", NULL },
		{ "a {::comment} b {:/ c} d", NULL },
		{ "{{ not closed\n\n}} {% nor this", NULL }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		assert_string_equal(expand(list[i].text),
		    list[i].markdown != NULL ? list[i].markdown :
		    list[i].text);
		assert_string_equal(told.data, "");
	}
}

static void
code_is_not_touched(void **state)
{
	static const char *const texts[] = {
		"```\n{{ x }}\n{{< youtube a >}}\n```\n",
		"~~~ liquid\n{% raw %}\n~~~\n",
		"a\n\n    {{ x }}\n\tb {% c %}\n",
		"`{{ x }}` and ``{% a ` %}``\n",
		"`{{ x\n y }}`\n",
		"- a\n\n  ```\n  {{ x }}\n  ```\n",
		"- a\n\n      {{ x }}\n",
		"1. a\n\n   > ~~~\n   > {{ x }}\n   > ~~~\n",
		"<pre>\n{{ x }}\n\n{% y %}</pre>\n",
		"a <code>{{ x }}</code> <!-- {{ y }} -->\n",
		"```\n{{ never closed }}\n"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_string_equal(expand(texts[i]), texts[i]);
		assert_string_equal(told.data, "");
	}
	/* … and what only looks like code is. */
	assert_string_equal(expand("a\n    {{ x }}\n"), "a\n    \n");
	assert_string_equal(expand("- a\n\n    {{ x }}\n"), "- a\n\n    \n");
	assert_string_equal(expand("a ` {{ x }}\n\nb `\n"), "a ` \n\nb `\n");
	assert_string_equal(expand("- a `\n- {{ x }}`\n"), "- a `\n- `\n");
	assert_string_equal(expand("```\n```\n{{ x }}b\n"), "```\n```\nb\n");
	assert_string_equal(expand("- ```\n\n{{ x }}b\n"), "- ```\n\nb\n");
}

static void
attribute_lists_go(void **state)
{
	static const struct example list[] = {
		{ "## A {#b}\n", "## A \n" },
		{ "## A {#b .c d=\"e\"}\n", "## A \n" },
		{ "A {#b}\n===\n", "A \n===\n" },
		{ "A\n{: .b #c}\n", "A\n\n" },
		{ "[a](b){:target=\"_blank\"} c", "[a](b) c" },
		{ "![a](b){: width='3' }{.c}", "![a](b)" },
		{ "*a*{:.b} **c**{: .d}", "*a* **c**" },
		{ "x\n\n* TOC\n{:toc}\n\nb", "x\n\n\n\nb" },
		{ "![a](b)\n{.c}\n", "![a](b)\n\n" },
		{ "- {:.a} b", "- b" },
		{ "![a](b(c)){width=50% .d}", "![a](b(c))" },
		{ "`a`{.sh} b", "`a` b" },
		{ "## 1. A {#1-a}\n", "## 1. A \n" },
		{ "a\n{.lead #b}\n", "a\n\n" },
		{ "Use {#b} and {.c}", "Use {#b} and {.c}" }
	};

	(void)state;
	CHECK(list);
}

static void
references(void **state)
{
	static const struct example list[] = {
		{ "[a]({{< ref \"/episode/b.md\" >}})", "[a](/episode/b/)" },
		{ "[a]({{% relref \"episode/b.md#c\" %}} \"t\")",
		  "[a](/episode/b/#c \"t\")" },
		{ "[a]({{< ref path=\"/b/_index.md\" >}})", "[a](/b/)" },
		{ "[a]({{< ref \"#c\" >}})", "[a](#c)" },
		{ "[a]({% link /files/b.pdf %})", "[a](/files/b.pdf)" }
	};

	(void)state;
	CHECK(list);
	assert_string_equal(expand("x\n\nSee [*a* [b]]({{< ref \"b.md\" >}} "
	    "\"t\").\n"), "x\n\nSee *a* [b].\n");
	assert_string_equal(told.data, "3:the address that `{{< ref >}}` "
	    "stands for is not known here: only the text of the link is "
	    "kept\n");
	assert_string_equal(expand("[a]({{ site.url }}{% post_url 2020-01-02-a "
	    "%}) ![b]({{ page.image }})"), "a b");
	assert_non_null(strstr(told.data, "`{% post_url %}`"));
	assert_non_null(strstr(told.data, "`{{ page.image }}`"));
}

static void
the_unknown_is_told_with_its_line(void **state)
{
	(void)state;
	assert_string_equal(expand("a\n{{< note\n  \"x\" >}}\nText\n"
	    "{{< /note >}}\n{{ page.title }}\n\n{% if a %}b{% else %}c"
	    "{% endif %} {{< youtube \"<x>\" >}}"),
	    "a\n\nText\n\n\n\nbc ");
	assert_string_equal(told.data,
	    "2:`{{< note >}}` is left out: it is not known, or not with these "
	    "arguments (what stands between it and an end of it is kept)\n"
	    "6:`{{ page.title }}` is left out: outputs are not evaluated (as "
	    "code, between backticks, it would be shown)\n"
	    "8:`{% if %}` is not evaluated: all that it holds is kept\n"
	    "8:`{{< youtube >}}` is left out: it is not known, or not with "
	    "these arguments (what stands between it and an end of it is "
	    "kept)\n");
	/* Of an include, the file's name is the tag's. */
	expand("{% include x/y.html a=\"b\" %}");
	assert_non_null(strstr(told.data, "`{% include x/y.html %}` is left "
	    "out"));
	assert_string_equal(expand("a {{< b \"c\n"), "a {{< b \"c\n");
	assert_string_equal(told.data, "1:`{{<` is not closed by `>}}`: it is "
	    "taken as text\n");
}

/* What no generator takes for its own is the author's text. */
static void
braces_of_prose_stay(void **state)
{
	static const char *const texts[] = {
		"{#1 and more #}", "a {#if x#} b", "{#if user._id}\n",
		"{#a b #c}", "foo(1){.5} b", "foo(x){.c} b", "f(x){#y}",
		"`x`{#1} b", "a\n\n{x=1}\n", "## Solve {x=1}\n",
		"`x`{x=1} b", "{#1}\n", "- {:.2k} a", "*a*{:.5}",
		"Object.assign({}, obj) vs {...spread}\n", "{:then number}\n",
		"{.1 a}\n", "{{{raw}}} b", "a {{{{ b }}}} c", "{{2, 3}} b",
		"b^{{2}} - {4} a", "{{}} and {{ }} b", "{% 5 %} a {%%} b",
		"{{< >}} and {{% %}} b"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_string_equal(expand(texts[i]), texts[i]);
		assert_string_equal(told.data, "");
	}
	assert_string_equal(expand("{{{< youtube a >}}}"),
	    "{<https://www.youtube.com/watch?v=a>}");
	assert_string_equal(expand("a {# {{ b }} #}{#- c -#}{% # d %}e"),
	    "a e");
	assert_string_equal(told.data, "");
}

static void
expand_bits(size_t size, const void *bit)
{
	struct buf text;

	buf_init(&text, 0);
	while (text.len < size)
		buf_adds(&text, bit);
	buf_clear(&out);
	shortcode_expand(text.data, text.len, &out, NULL, NULL);
	buf_release(&text);
}

/* Time must not grow faster than the input. */
static void
hostile_texts_take_linear_time(void **state)
{
	static const char *const bits[] = {
		"{{<", "{{", "{%", "{#", "{:", "{::comment}", "{% raw %}",
		"{{< highlight a >}}", "{{/*", "`", "<pre>", "<code ",
		"[a]({{ b }}", "{{< ref \"a\" >}}", "](", "- ", "> ", "{{ b }}",
		"{: .a", "`` ` ", "{{< figure src=\"a.\" >}}", "){.a}",
		"{{{", "{# "
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		assert_linear(bits[i], expand_bits, bits[i], 400000);
}

static uint64_t rng;

static unsigned
below(unsigned n)
{
	rng = rng * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(rng >> 33) % n;
}

/* No mark of a generator is left in any text that has closed ones only, and
 * what has none at all stays to the letter. */
static void
random_texts(void **state)
{
	static const char *const bits[] = {
		"{{< a >}}", "{{% b \"c\" %}}", "{{< /a >}}", "{% d %}",
		"{{ e }}", "word", " ", "\n", "\n\n", "- ", "> ", "1. ", "# ",
		"[x](", ")", "[y]", "{: .f}", "{#g}", "{# h #}", "*", "<b>",
		"{{< figure src=\"i.png\" >}}", "{{< youtube j >}}",
		"{{- k -}}", "{%- l -%}", "<div>", "</div>", "!", "a\t"
	};
	const char *given = getenv("SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) :
	    (uint64_t)time(NULL);
	unsigned i, k, n = 20000;
	struct buf text;
	char *exact;

	(void)state;
	rng = seed;
	buf_init(&text, 0);
	print_message("seed %llu, %u texts\n", (unsigned long long)seed, n);
	for (i = 0; i < n; i++) {
		buf_clear(&text);
		buf_adds(&text, "w");
		for (k = below(30); k > 0; k--) {
			const char *bit = bits[below(sizeof(bits) /
			    sizeof(bits[0]))];

			buf_adds(&text, bit);
			if (*bit == '\n')	/* no indented code */
				buf_adds(&text, "w");
		}
		expand(text.data);
		if (strstr(out.data, "{{") != NULL ||
		    strstr(out.data, "{%") != NULL) {
			print_message("in:\n%s\nout:\n%s\n", text.data,
			    out.data);
			fail();
		}
	}
	for (i = 0; i < n; i++) {
		buf_clear(&text);
		for (k = below(40); k > 0; k--)
			buf_addc(&text, "{}<>%#:`\"/* \n-a.\\"[below(17)]);
		/* … nor is anything read behind the end. */
		exact = malloc(text.len > 0 ? text.len : 1);
		assert_non_null(exact);
		memcpy(exact, text.data, text.len);
		buf_clear(&out);
		shortcode_expand(exact, text.len, &out, NULL, NULL);
		free(exact);
	}
	buf_release(&text);
}

/* ---- against cmark, on real notes: which lines are code ---- */

enum { NO_CODE, CODE, EITHER };

static void
mark_code(const char *text, size_t len, char *code)
{
	cmark_node *root = cmark_parse_document(text, len, CMARK_OPT_DEFAULT);
	cmark_iter *it = cmark_iter_new(root);
	cmark_event_type ev;
	int i;

	while ((ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *n = cmark_iter_get_node(it);
		cmark_node_type t = cmark_node_get_type(n);

		if (t != CMARK_NODE_CODE_BLOCK && t != CMARK_NODE_HTML_BLOCK)
			continue;
		for (i = cmark_node_get_start_line(n);
		    i <= cmark_node_get_end_line(n); i++)
			code[i] = t == CMARK_NODE_CODE_BLOCK ? CODE : EITHER;
	}
	cmark_iter_free(it);
	cmark_node_free(root);
}

static unsigned
compare_lines(const char *path, const char *text, size_t len)
{
	struct line_state lines = { .nopen = 0 };
	const char *p, *nl, *end = text + len;
	char *code = calloc(len + 2, sizeof(*code));
	unsigned differ = 0;
	size_t line = 1;
	bool is_code;

	assert_non_null(code);
	mark_code(text, len, code);
	for (p = text; p < end; p = nl + 1, line++) {
		size_t blank = strspn(p, " \t\r>");

		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			nl = end;
		is_code = shortcode_line(&lines, p, (size_t)(nl - p)) ==
		    LINE_CODE;
		if (code[line] == EITHER || is_code == (code[line] == CODE) ||
		    p[blank] == '\n' || p[blank] == '\0' || p[blank] == '<')
			continue;
		if (differ++ < 5)
			print_message("%s:%zu: %.*s\n", path, line,
			    (int)(nl - p), p);
	}
	free(code);
	return differ;
}

static void
lines_are_code_where_cmark_says(void **state)
{
	static const char *const dirs[] = {
		"../shared/corpora/syntaxfm/shows",
		"../shared/corpora/python-bytes/show_notes",
		"../shared/corpora/arresteddevops/content/episode"
	};
	unsigned files = 0, differ = 0;
	struct err err = ERR_INIT;
	struct dirent *e;
	struct buf text;
	char path[512];
	size_t i;
	DIR *d;

	(void)state;
	buf_init(&text, 0);
	for (i = 0; i < 3; i++) {
		if ((d = opendir(dirs[i])) == NULL)
			continue;
		while ((e = readdir(d)) != NULL) {
			if (strstr(e->d_name, ".md") == NULL)
				continue;
			snprintf(path, sizeof(path), "%s/%s", dirs[i],
			    e->d_name);
			buf_clear(&text);
			assert_int_equal(fs_read(path, MARKDOWN_MAX, &text,
			    NULL, &err), 0);
			differ += compare_lines(path, text.data, text.len);
			files++;
		}
		closedir(d);
	}
	buf_release(&text);
	if (files == 0)
		skip();
	print_message("%u files, %u lines differ\n", files, differ);
	assert_int_equal(differ, 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(components_are_left_out),
		TEST(videos_and_posts_become_links),
		TEST(figures_become_images),
		TEST(highlights_become_code),
		TEST(what_shows_nothing_goes),
		TEST(raw_and_escapes_stay_as_they_are),
		TEST(code_is_not_touched),
		TEST(attribute_lists_go),
		TEST(braces_of_prose_stay),
		TEST(references),
		TEST(the_unknown_is_told_with_its_line),
		TEST(hostile_texts_take_linear_time),
		TEST(random_texts),
		TEST(lines_are_code_where_cmark_says)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
