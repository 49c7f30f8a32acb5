/*
 * Notes as a mail can carry them, and where they are cut.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "text/html_mail.h"
#include "text/markdown.h"
#include "text/language.h"

static struct buf out;

static bool
mail(const char *html, size_t max)
{
	struct err err = ERR_INIT;
	bool cut = false;

	buf_clear(&out);
	if (markup_mail(html, strlen(html), 3, max, &out, &cut, &err) != 0)
		fail_msg("%s", err.msg);
	assert_true(out.len <= max);
	return cut;
}

static void
what_a_mail_has(void **state)
{
	static const struct { const char *in, *want; } t[] = {
		{ "", "" },
		{ "<p>a &amp; <b>b</b><br />c</p>\n", "<p>a &amp; <b>b</b><br />c</p>\n" },
		/* headings */
		{ "<h1>a</h1><h2>b</h2><h4>c</h4><h2>d</h2><h1>e</h1>",
		    "<h3>a</h3><h4>b</h4><h5>c</h5><h4>d</h4><h3>e</h3>" },
		{ "<h4>a</h4><h2>b</h2><h6>c</h6>", "<h3>a</h3><h3>b</h3><h4>c</h4>" },
		{ "<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h5>e</h5><h6>f</h6>",
		    "<h3>a</h3><h4>b</h4><h5>c</h5><h6>d</h6><h6>e</h6><h6>f</h6>" },
		/* addresses */
		{ "<p><a href=\"HTTPS://x.example/?a=1&amp;b\">l</a></p>",
		    "<p><a href=\"HTTPS://x.example/?a=1&amp;b\">l</a></p>" },
		{ "<p><a href=\"tel:1\">l</a><a href=\"mailto:a@b\">m</a></p>",
		    "<p><a href=\"tel:1\">l</a><a href=\"mailto:a@b\">m</a></p>" },
		{ "<p><a href=\"x\">l</a><a href=\"#f\">m</a><a href=\"//x/\">n</a></p>",
		    "<p><a>l</a><a>m</a><a>n</a></p>" },
		/* pictures */
		{ "<p><img src=\"https://x/y\" alt=\"z\" /></p>",
		    "<p><img src=\"https://x/y\" alt=\"z\" /></p>" },
		{ "<p><img src=\"http://x/y\" /></p>", "<p><img src=\"http://x/y\" alt=\"\" /></p>" },
		{ "<p>a<img src=\"data:image/png;base64,AA\" alt=\"&lt;z\" />b</p>", "<p>a&lt;zb</p>" },
		{ "<p>a<img src=\"y.png\" />b<img alt=\"c\" /></p>", "<p>abc</p>" },
		{ "<p><img src=\"http://x/y\" width=\"1200\" height=\"9\" alt=\"\" /></p>",
		    "<p><img src=\"http://x/y\" alt=\"\" width=\"536\" /></p>" },
		{ "<p><img src=\"http://x/y\" width=\"536\" height=\"9\" alt=\"\" /></p>",
		    "<p><img src=\"http://x/y\" width=\"536\" height=\"9\" alt=\"\" /></p>" },
		{ "<p><img src=\"http://x/y\" width=\"900%\" alt=\"\" /></p>",
		    "<p><img src=\"http://x/y\" width=\"900%\" alt=\"\" /></p>" },
		{ "<table width=\"800\"><tr><td width=\"700\">a</td></tr></table>",
		    "<table width=\"536\"><tr><td width=\"700\">a</td></tr></table>" },
		{ "<picture><source src=\"http://x/z\" /><img src=\"http://x/y\" alt=\"\" /></picture>",
		    "<img src=\"http://x/y\" alt=\"\" />" },
		/* of the page */
		{ "<p class=\"card\" id=\"x\" dir=\"rtl\" title=\"t\">a</p>", "<p dir=\"rtl\" title=\"t\">a</p>" },
		{ "<table><tr><td colspan=\"2\" align=\"right\">a</td></tr></table>",
		    "<table><tr><td colspan=\"2\" align=\"right\">a</td></tr></table>" },
	};
	struct buf again;
	size_t i;

	(void)state;
	buf_init(&again, 0);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_false(mail(t[i].in, 10000));
		assert_string_equal(out.data, t[i].want);
		buf_clear(&again);
		buf_add(&again, out.data, out.len);
		assert_false(mail(again.data, again.len));
		assert_string_equal(out.data, t[i].want);
	}
	buf_release(&again);
}

/* What is left with just too little room for all of it, and with so much. */
static void
cut(void **state)
{
	static const struct { const char *in; size_t max; const char *want; } t[] = {
		{ "<p>a</p><p>b</p>", 15, "<p>a</p>" },
		{ "<p>a</p><p>b</p>", 8, "<p>a</p>" },
		{ "<p>a</p><p>b</p>", 7, "" },
		{ "<p>a</p><p>b</p>", 0, "" },
		{ "<p>a</p><h3>b</h3><p>c</p>", 20, "<p>a</p>" },
		{ "<ul><li>a</li><li>b</li></ul>", 28, "<ul><li>a</li></ul>" },
		{ "<ul><li>a</li><li>b</li></ul>", 18, "" },
		{ "<ul><li>a<ul><li>b</li><li>c</li></ul></li></ul>", 47,
		    "<ul><li>a<ul><li>b</li></ul></li></ul>" },
		{ "<blockquote><p>a</p><p>b</p></blockquote>", 40, "<blockquote><p>a</p></blockquote>" },
		{ "<div><div><p>a</p>b</div></div>", 30, "<div><div><p>a</p></div></div>" },
		/* not within a cell, nor behind the head of a table alone */
		{ "<table><tr><td><p>a</p><p>b</p></td></tr></table>", 48, "" },
		{ "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td>"
		    "</tr><tr><td>c</td></tr></tbody></table>", 101,
		    "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td>"
		    "</tr></tbody></table>" },
		{ "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td>"
		    "</tr></tbody></table>", 70, "" },
		{ "<p>a</p><p>\xc3\xa4&amp;&lt;</p>", 8 + 17, "<p>a</p>" },
		{ "<dl><dt>a</dt><dd>b</dd><dt>c</dt><dd>d</dd></dl>", 48,
		    "<dl><dt>a</dt><dd>b</dd></dl>" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_true(mail(t[i].in, t[i].max));
		assert_string_equal(out.data, t[i].want);
		assert_false(mail(t[i].in, strlen(t[i].in)));
		assert_string_equal(out.data, t[i].in);
	}
}

/* Cut when it is made, or later: that is the same. */
static const char *
text(const char *markdown, size_t max, bool *is_cut)
{
	struct err err = ERR_INIT;
	struct markdown *m = markdown_parse(markdown, strlen(markdown), NULL,
	    &err);
	struct markdown_lines whole, some;

	assert_non_null(m);
	assert_int_equal(markdown_lines_open(m, 72, SIZE_MAX, &whole, &err),
	    0);
	assert_int_equal(markdown_lines_open(m, 72, max, &some, &err), 0);
	markdown_free(m);
	assert_false(whole.cut);
	assert_true(some.text.len <= max);
	buf_clear(&out);
	*is_cut = !markdown_lines_put(&whole, max, &out);
	assert_true(out.len <= max);
	assert_int_equal(*is_cut, out.len < whole.text.len);
	/* How long a footnote's number is, is only guessed beforehand. */
	assert_true(some.text.len <= out.len);
	if (some.text.len == out.len)
		assert_string_equal(some.text.data, out.data);
	assert_int_equal(some.cut, some.text.len < whole.text.len);
	buf_clear(&out);
	*is_cut = !markdown_lines_put(&some, max, &out);
	assert_string_equal(some.text.data, out.data);
	assert_int_equal(*is_cut, some.cut);
	markdown_lines_release(&whole);
	markdown_lines_release(&some);
	return out.data;
}

/* The footnotes are those of what is left. */
static void
cut_text(void **state)
{
	static const char in[] = "One [a](http://a.example) b.\n\n## Head\n\n"
	    "Two [c](http://c.example) and [a](http://a.example).\n\n"
	    "- x [d](http://d.example)\n- y\n  - z [e](http://e.example)\n";
	static const char one[] = "One a [1] b.\n\n[1] http://a.example\n";
	bool is_cut;
	size_t len, max;

	(void)state;
	len = strlen(text(in, SIZE_MAX, &is_cut));
	assert_false(is_cut);
	assert_non_null(strstr(out.data, "[4] http://e.example"));
	for (max = 0; max <= len + 100; max++) {
		text(in, max, &is_cut);
		if (max < len)
			assert_true(is_cut);
		if (strstr(out.data, "Head") != NULL)
			assert_non_null(strstr(out.data, "Two"));
		assert_int_equal(strstr(out.data, "- x") != NULL,
		    strstr(out.data, "[3] http://d.example") != NULL);
		assert_int_equal(strstr(out.data, "z e") != NULL,
		    strstr(out.data, "[4] http://e.example") != NULL);
	}
	assert_false(is_cut);
	assert_string_equal(text(in, sizeof(one) + 20, &is_cut), one);
	assert_string_equal(text(in, 8, &is_cut), "");
	/* Raw HTML becomes Markdown first. */
	assert_string_equal(text("<p>a</p>\n\n<p>b <b>c</b></p>\n", 4,
	    &is_cut), "a\n");
	assert_true(is_cut);
}

static void
direction(void **state)
{
	static const char *const rtl[] = {
		"ar", "AR", "ar-EG", "he", "iw", "fa-IR", "ur", "yi", "ckb",
		"az-Arab", "az-arab-IR", "en-Hebr", "zh-cmn-Arab"
	}, *const ltr[] = {
		"en", "", "a", "arn", "ur-Latn", "ar-Latn-EG", "de-1996", "fr",
		"und", "zh-Hant", "sl-rozaj"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rtl) / sizeof(rtl[0]); i++)
		assert_true(language_is_rtl(rtl[i]));
	for (i = 0; i < sizeof(ltr) / sizeof(ltr[0]); i++)
		assert_false(language_is_rtl(ltr[i]));
	assert_false(language_is_rtl(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_mail_has),
		cmocka_unit_test(cut),
		cmocka_unit_test(cut_text),
		cmocka_unit_test(direction),
	};
	int rc;

	buf_init(&out, 0);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	buf_release(&out);
	return rc;
}
