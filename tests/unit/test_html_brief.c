/*
 * Notes in the few elements that directories take.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/html_brief.h"

static struct buf out;
static bool cut;

static int
start(void **state)
{
	(void)state;
	buf_init(&out, 0);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	buf_release(&out);
	return 0;
}

static const char *
brief(const char *html, size_t max)
{
	struct err err = ERR_INIT;

	buf_clear(&out);
	assert_int_equal(markup_brief(html, strlen(html), max, &out, &cut,
	    &err), 0);
	return out.data;
}

static void
only_few_elements_are_left(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" }, { "<p> </p>", "" }, { "words", "<p>words</p>" },
		{ "<h2>A <em>b</em></h2><p>c\n  <strong>d</strong>,<br />e "
		    "<code>f&lt;g</code></p>",
		    "<p>A b</p><p>c d, e f&lt;g</p>" },
		{ "<p><a href=\"https://x.example/?a=1&amp;b=2\" "
		    "title=\"t\"><b>x</b> y</a></p>",
		    "<p><a href=\"https://x.example/?a=1&amp;b=2\">x y</a>"
		    "</p>" },
		{ "<p>See <a href=\"https://x.example/\">x</a> and <a "
		    "href=\"https://y.example/\">y</a>\n<em>too</em>.</p>",
		    "<p>See <a href=\"https://x.example/\">x</a> and "
		    "<a href=\"https://y.example/\">y</a> too.</p>" },
		{ "<dl><dt>t</dt><dd><ul><li>a</li><li>b<ul><li>c</li></ul>"
		    "</li></ul></dd></dl><ul><li><div>d<ol><li>e</li></ol>"
		    "</div></li></ul>", "<p>t</p><p>a b c</p><ul><li>d e</li>"
		    "</ul>" },
		{ "<ul><li><details><summary>a</summary>b</details>c</li>"
		    "<li>d<blockquote><p>e</p></blockquote>f</li></ul>",
		    "<ul><li>a b c</li><li>d e f</li></ul>" },
		{ "<ul>\na <li>b<ol>c<li> </li></ol></li><br /><li></li>d "
		    "<em>e</em></ul>", "<ul><li>a</li><li>b<ol><li>c</li></ol>"
		    "</li><li>d</li><li>e</li></ul>" },
		{ "<ul>\n<li> <a href=\"https://x.example/\"> x</a>\n</li>"
		    "</ul>", "<ul><li><a href=\"https://x.example/\">x</a>"
		    "</li></ul>" },
		{ "<p><a href=\"https://x.example/\"><img src=\"https://"
		    "x.example/a.png\" alt=\"b\" /></a></p>",
		    "<p><a href=\"https://x.example/\">https://x.example/</a>"
		    "</p>" },
		{ "<p>a<a href=\"https://x.example/\"> <b>b</b></a> c"
		    "<a href=\"https://x.example/\"></a></p>",
		    "<p>a <a href=\"https://x.example/\">b</a> c</p>" },
		{ "<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p>"
		    "</li></ul><ol><li>e</li></ol>",
		    "<ul><li>a<ul><li>b</li></ul></li><li>c d</li></ul>"
		    "<ol><li>e</li></ol>" },
		{ "<blockquote><p>a</p></blockquote><hr /><pre><code>b\n  c"
		    "</code></pre>", "<p>a</p><p>b c</p>" },
		{ "<div>a<p>b</p>c</div>", "<p>a</p><p>b</p><p>c</p>" },
		{ "<table><tr><td>a</td><td>b</td></tr></table>",
		    "<p>a</p><p>b</p>" },
		{ "<p><img src=\"https://x.example/a.png\" alt=\"b\" /></p>",
		    "" },
		{ "<p>\xe2\x98\x95 \xd7\x90</p>", "<p>\xe2\x98\x95 \xd7\x90"
		    "</p>" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(brief(rows[i][0], 4000), rows[i][1]);
		assert_false(cut);
	}
}

static void
it_is_cut_between_blocks_and_items(void **state)
{
	static const char html[] = "<p>one</p><ul><li>two</li><li>three"
	    "</li></ul><p>x</p>";
	static const char *const ways[] = {
		"", "<p>one</p>", "<p>one</p><ul><li>two</li></ul>",
		"<p>one</p><ul><li>two</li><li>three</li></ul>",
		"<p>one</p><ul><li>two</li><li>three</li></ul><p>x</p>",
	};
	size_t max, way = 0;

	(void)state;
	for (max = 0; max <= sizeof(html); max++) {
		while (way < 4 && strlen(ways[way + 1]) <= max)
			way++;
		assert_string_equal(brief(html, max), ways[way]);
		assert_int_equal(cut, way < 4);
	}
}

/* Whatever the size of what is there, it fits, and is well-formed. */
static void
it_is_never_too_long(void **state)
{
	struct buf html;
	size_t i, n;

	(void)state;
	buf_init(&html, 0);
	for (n = 0; n < 60; n++) {
		buf_addf(&html, "<h3>&amp; %zu</h3><ol>", n);
		for (i = 0; i < n % 7; i++)
			buf_adds(&html, "<li>&lt;a&gt; <a href=\"https://"
			    "x.example/\">b</a><ul><li>c</li></ul></li>");
		buf_adds(&html, "</ol>");
		(void)brief(html.data, 1000);
		assert_true(out.len <= 1000);
		assert_int_equal(cut, html.len > 1600 ? 1 : cut);
		if (out.len > 0)
			assert_int_equal(out.data[out.len - 1], '>');
	}
	buf_release(&html);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_few_elements_are_left),
		cmocka_unit_test(it_is_cut_between_blocks_and_items),
		cmocka_unit_test(it_is_never_too_long),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
