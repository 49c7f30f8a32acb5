#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "base/fs.h"
#include "text/html.h"
#include "text/markdown.h"
#include "text/utf8.h"

static struct buf out;

static int
setup(void **state)
{
	(void)state;
	buf_init(&out, 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_release(&out);
	return 0;
}

static const char *
html_of(const char *text, const char *base)
{
	struct err err = ERR_INIT;
	struct markdown *m = markdown_parse(text, strlen(text), base, &err);

	buf_clear(&out);
	assert_non_null(m);
	assert_int_equal(markdown_html(m, &out, &err), 0);
	markdown_free(m);
	return out.data;
}

static const char *
text_of(const char *text, size_t width)
{
	struct err err = ERR_INIT;
	struct markdown *m = markdown_parse(text, strlen(text), NULL, &err);

	buf_clear(&out);
	assert_non_null(m);
	assert_int_equal(markdown_text(m, width, &out, &err), 0);
	markdown_free(m);
	return out.data;
}

static const char *
clean(const char *html, const char *base)
{
	struct err err = ERR_INIT;

	buf_clear(&out);
	assert_int_equal(markup_clean(html, strlen(html), base, &out, &err),
	    0);
	return out.data;
}

static void
relative_links_become_absolute(void **state)
{
	(void)state;
	assert_string_equal(html_of("[a](../b.html) ![c](d.png) [e](#f)\n",
	    "https://x.example/s/1/"),
	    "<p><a href=\"https://x.example/s/b.html\">a</a> "
	    "<img src=\"https://x.example/s/1/d.png\" alt=\"c\" /> "
	    "<a href=\"#f\">e</a></p>\n");
}

static void
bare_addresses_become_links(void **state)
{
	(void)state;
	assert_string_equal(html_of("see https://x.example/a_(b), (or "
	    "http://y.example/c?d=e). `https://code.example`\n", NULL),
	    "<p>see <a href=\"https://x.example/a_(b)\">"
	    "https://x.example/a_(b)</a>, (or <a href=\""
	    "http://y.example/c?d=e\">http://y.example/c?d=e</a>). "
	    "<code>https://code.example</code></p>\n");
	assert_string_equal(html_of("[https://x.example](https://y.example)",
	    NULL), "<p><a href=\"https://y.example\">https://x.example</a>"
	    "</p>\n");
	assert_string_equal(html_of("no http:// and https://\n", NULL),
	    "<p>no http:// and https://</p>\n");
}

static void
dangerous_links_go(void **state)
{
	(void)state;
	assert_null(strstr(html_of("[a](javascript:alert(1))", NULL),
	    "javascript"));
	assert_null(strstr(html_of("<b>x</b> [a](javascript:alert(1))", NULL),
	    "javascript"));
}

static void
raw_html_is_cleaned(void **state)
{
	(void)state;
	assert_string_equal(clean("<p onclick=\"x()\">a<script>evil()</script>"
	    "<b>b</p>", NULL), "<p>a<b>b</b></p>");
	assert_string_equal(clean("run <scriptname> now & then", NULL),
	    "run &lt;scriptname&gt; now &amp; then");
	assert_string_equal(clean("a <!-- gone --> b<br>c", NULL),
	    "a  b<br />c");
	assert_string_equal(clean("<a href=\" javascript:x\">a</a>"
	    "<img src=p.png onerror=x>", "https://x.example/e/"),
	    "<a>a</a><img src=\"https://x.example/e/p.png\" />");
	assert_string_equal(clean("1 < 2 <3", NULL), "1 &lt; 2 &lt;3");
	assert_string_equal(clean("<iframe src=x>y</iframe><i></i>", NULL),
	    "<i></i>");
}

static void
deep_nesting_is_refused(void **state)
{
	struct err err = ERR_INIT;
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 0);
	for (i = 0; i < 5000; i++)
		buf_adds(&b, "> ");
	buf_adds(&b, "x\n");
	assert_null(markdown_parse(b.data, b.len, NULL, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	buf_clear(&b);
	for (i = 0; i < 5000; i++)
		buf_adds(&b, "<div>");
	buf_clear(&out);
	assert_int_equal(markup_clean(b.data, b.len, NULL, &out, &err), -1);
	buf_release(&b);
}

static void
text_has_bullets_footnotes_and_no_marks(void **state)
{
	(void)state;
	assert_string_equal(text_of(
	    "# Head\n\nSome **bold** and *thin* `code` with [a link]"
	    "(https://x.example/1).\n\n- one [again](https://x.example/1)\n"
	    "  - two\n    continued\n- three\n\n1. first\n2. second\n\n"
	    "> said <https://y.example>\n\n```\nint x;\n  y\n```\n", 72),
	    "Head\n====\n\nSome bold and thin code with a link [1].\n\n"
	    "- one again [1]\n  - two continued\n- three\n\n"
	    "1. first\n2. second\n\n> said https://y.example\n\n"
	    "    int x;\n      y\n\n[1] https://x.example/1\n");
}

static void
text_of_raw_html_keeps_what_is_no_tag(void **state)
{
	(void)state;
	assert_string_equal(text_of("run <scriptname> <b>now</b><br>then\n",
	    72), "run <scriptname> now\nthen\n");
	assert_string_equal(text_of("<style>p { color: red }</style>\n\n"
	    "<script>\nif (1 </2) x();\n</script>\n\nafter\n", 72),
	    "after\n");
}

static void
text_is_wrapped_by_display_width(void **state)
{
	(void)state;
	assert_string_equal(text_of("- aaa bbb ccc ddd eee\n", 12),
	    "- aaa bbb\n  ccc ddd\n  eee\n");
	/* East Asian letters are two columns wide. */
	assert_string_equal(text_of("\xe6\x97\xa5\xe6\x9c\xac "
	    "\xe8\xaa\x9e\xe8\xaa\x9e aa\n", 8),
	    "\xe6\x97\xa5\xe6\x9c\xac\n\xe8\xaa\x9e\xe8\xaa\x9e aa\n");
	assert_string_equal(text_of("abcdefghij k\n", 5), "abcdefghij\nk\n");
}

static void
loose_lists_and_quotes_keep_their_gaps(void **state)
{
	(void)state;
	assert_string_equal(text_of("- a\n\n  b\n- c\n", 72),
	    "- a\n\n  b\n\n- c\n");
	assert_string_equal(text_of("> a\n>\n> b\n", 72), "> a\n>\n> b\n");
	assert_string_equal(text_of("a\n- b\n\nc\n", 72), "a\n\n- b\n\nc\n");
}

static void
topics_are_the_numbered_ones_or_the_headings(void **state)
{
	static const char numbered[] = "# T\n\n**Ada #1:** [**One**](u)\n\n"
	    "- x\n\n**Bob #2: Two**\n\n**Extras**\n\n## H\n";
	static const char headed[] = "# T\n\n## One\n\n### Two\n\n#### No\n";
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	struct markdown *m;
	struct node *t;

	(void)state;
	m = markdown_parse(numbered, sizeof(numbered) - 1, NULL, &err);
	t = markdown_topics(m, &a);
	assert_int_equal(t->count, 2);
	assert_string_equal(node_get_text(t->first, "text"), "Ada #1: One");
	assert_string_equal(node_get_text(t->last, "text"), "Bob #2: Two");
	assert_string_equal(markdown_title(m, &a), "T");
	markdown_free(m);
	m = markdown_parse(headed, sizeof(headed) - 1, NULL, &err);
	t = markdown_topics(m, &a);
	assert_int_equal(t->count, 2);
	assert_string_equal(node_get_text(t->last, "text"), "Two");
	markdown_free(m);
	m = markdown_parse("x", 1, NULL, &err);
	assert_int_equal(markdown_topics(m, &a)->count, 0);
	assert_null(markdown_title(m, &a));
	markdown_free(m);
	arena_release(&a);
}

static void
summary_is_the_first_paragraph(void **state)
{
	static const char text[] = "# T\n\nFirst *words* of [it](u), and "
	    "more\nthan fit.\n\nSecond.\n";
	struct err err = ERR_INIT;
	struct markdown *m;

	(void)state;
	m = markdown_parse(text, sizeof(text) - 1, NULL, &err);
	buf_clear(&out);
	assert_int_equal(markdown_summary(m, 200, &out, &err), 0);
	assert_string_equal(out.data, "First words of it, and more than fit.");
	buf_clear(&out);
	assert_int_equal(markdown_summary(m, 20, &out, &err), 0);
	assert_string_equal(out.data, "First words of\xe2\x80\xa6");
	markdown_free(m);
}

/* A line may be longer when it is code or cannot be broken. */
static void
check_lines(const char *name, const char *s)
{
	size_t len, words;
	const char *p;

	for (; *s != '\0'; s += len + 1) {
		len = strcspn(s, "\n");
		if (utf8_width(s, len) <= 72 || strstr(s, "    ") == s)
			continue;
		for (p = s, words = 0; p < s + len; p++)
			words += *p != ' ' && (p == s || p[-1] == ' ');
		/* "- word", "[3] word", "> word" */
		if (words > 3 && strncmp(s + strspn(s, " "), "    ", 4) != 0 &&
		    memmem(s, len, "    ", 4) == NULL)
			fail_msg("%s: %.*s", name, (int)len, s);
	}
}

static void
check_notes(const char *dir, const char *name)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	struct markdown *m;
	struct buf text, page;
	xmlDoc *doc;

	buf_init(&text, 0);
	buf_init(&page, 0);
	assert_int_equal(fs_read(fs_join(&a, dir, name), MARKDOWN_MAX, &text,
	    NULL, &err), 0);
	m = markdown_parse(text.data, text.len, "https://x.example/e/", &err);
	assert_non_null(m);
	buf_adds(&page, "<div>");
	assert_int_equal(markdown_html(m, &page, &err), 0);
	buf_adds(&page, "</div>");
	doc = xmlReadMemory(page.data, (int)page.len, NULL, NULL,
	    XML_PARSE_NONET);
	if (doc == NULL)
		fail_msg("%s: the HTML is not well-formed", name);
	xmlFreeDoc(doc);
	buf_clear(&page);
	assert_int_equal(markdown_text(m, 72, &page, &err), 0);
	check_lines(name, page.data);
	assert_null(strchr(page.data, '\r'));
	markdown_free(m);
	buf_release(&text);
	buf_release(&page);
	arena_release(&a);
}

static void
real_notes_render(void **state)
{
	const char *shared = getenv("SHARED");
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char **names, *dir;
	size_t n, i;

	(void)state;
	dir = fs_join(&a, shared != NULL ? shared : "../shared",
	    "corpora/python-bytes/show_notes");
	if (!fs_is_dir(dir)) {
		arena_release(&a);
		skip();
	}
	assert_int_equal(fs_list(&a, dir, &names, &n, &err), 0);
	for (i = 0; i < n; i++)
		check_notes(dir, names[i]);
	print_message("%zu notes\n", n);
	arena_release(&a);
}

static void
utf8_is_measured_and_cut(void **state)
{
	char slug[32];

	(void)state;
	assert_int_equal(utf8_invalid_at("ab\xff", 3), 2);
	assert_int_equal(utf8_invalid_at("\xc0\x80", 2), 0);
	assert_int_equal(utf8_invalid_at("\xed\xa0\x80", 3), 0);
	assert_int_equal(utf8_invalid_at("\xf0\x9f\x98\x80", 4), 4);
	assert_int_equal(utf8_width("a\xcc\x81", 3), 1);
	assert_int_equal(utf8_width("\xe2\x9d\xa4\xef\xb8\x8f", 6), 2);
	assert_int_equal(utf8_prefix("a\xf0\x9f\x98\x80", 5, 3), 1);
	assert_true(utf8_has_control("a\x1b", 2, true));
	assert_true(utf8_has_control("a\n", 2, false));
	assert_false(utf8_has_control("a\n", 2, true));
	assert_true(utf8_has_control("\xc2\x85", 2, true));
	assert_int_equal(utf8_slug("\xc3\x87""a va? N\xc2\xba 7!", slug,
	    sizeof(slug)), 10);
	assert_string_equal(slug, "ca-va-no-7");
	assert_int_equal(utf8_slug("aaa bbb ccc", slug, 9), 7);
	assert_string_equal(slug, "aaa-bbb");
	assert_int_equal(utf8_slug("\xe6\x97\xa5", slug, sizeof(slug)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relative_links_become_absolute),
		cmocka_unit_test(bare_addresses_become_links),
		cmocka_unit_test(dangerous_links_go),
		cmocka_unit_test(raw_html_is_cleaned),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(text_has_bullets_footnotes_and_no_marks),
		cmocka_unit_test(text_of_raw_html_keeps_what_is_no_tag),
		cmocka_unit_test(text_is_wrapped_by_display_width),
		cmocka_unit_test(loose_lists_and_quotes_keep_their_gaps),
		cmocka_unit_test(topics_are_the_numbered_ones_or_the_headings),
		cmocka_unit_test(summary_is_the_first_paragraph),
		cmocka_unit_test(real_notes_render),
		cmocka_unit_test(utf8_is_measured_and_cut),
	};

	return cmocka_run_group_tests_name("markdown", tests, setup, teardown);
}
