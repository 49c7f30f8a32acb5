#include "markdown_fixture.h"

#include <ctype.h>
#include <stdlib.h>
#include <time.h>

#include <libxml/parser.h>

#include "base/fs.h"
#include "text/utf8.h"
#include "text/wrap.h"

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
code_without_marks_can_be_told_from_words(void **state)
{
	(void)state;
	assert_string_equal(text_of("`+` packs, `z` zooms, `jq .` shows, "
	    "`~ 4 * * *` runs, `> file` fills", 72),
	    "\"+\" packs, \"z\" zooms, \"jq .\" shows, \"~ 4 * * *\" runs, "
	    "\"> file\" fills\n");
	assert_string_equal(text_of("`--flag` `git commit -m x` `8080` "
	    "`*.md` `x()` `\xc3\xa9t\xc3\xa9`", 72), "--flag git commit -m x "
	    "8080 *.md x() \xc3\xa9t\xc3\xa9\n");
	assert_string_equal(text_of("`def f:` and `\"`", 72),
	    "\"def f:\" and '\"'\n");
}

static void
a_footnote_does_not_look_like_markdown(void **state)
{
	(void)state;
	assert_string_equal(text_of("[a](https://x.example)(once b), [c]"
	    "(https://x.example).", 72), "a [1] (once b), c [1].\n\n"
	    "[1] https://x.example\n");
}

static void
code_is_broken_only_when_it_must(void **state)
{
	(void)state;
	assert_string_equal(text_of("aaa bbb `ccc ddd` e", 12),
	    "aaa bbb\nccc ddd e\n");
	/* With its punctuation it fills the line. */
	assert_string_equal(text_of("- a (`bbb ccc`)", 11),
	    "- a\n  (bbb ccc)\n");
	assert_string_equal(text_of("aaa `bbb ccc ddd eee` f", 10),
	    "aaa bbb\nccc ddd\neee f\n");
	assert_string_equal(text_of("`a  bb   c`", 72), "a  bb   c\n");
}

static void
text_has_no_control_characters(void **state)
{
	(void)state;
	assert_string_equal(text_of("a\001b&#2;&#27;[31m c&#155;d&#127;\n"
	    "`e\033f` [g](<h&#10;i>)\n\n    j\033\tk\n", 72),
	    "ab[31m cd ef g [1]\n\n    j\tk\n\n[1] h i\n");
}

static void
marks_that_mark_nothing_are_left_out(void **state)
{
	(void)state;
	assert_string_equal(text_of("****Ruff ****and **M. \xe2\x80\x9c**T\n",
	    72), "Ruff and M. \xe2\x80\x9cT\n");
	assert_string_equal(text_of("f(*args, **kwargs), char **p, ****.\n",
	    72), "f(*args, **kwargs), char **p, ****.\n");
	assert_string_equal(text_of("2**3\n\na ** b\n\nf***\n\nbrain**k\n", 72),
	    "2**3\n\na ** b\n\nf***\n\nbrain**k\n");
	assert_string_equal(text_of("See [the words](http://no address) now\n",
	    72), "See the words (http://no address) now\n");
	assert_string_equal(text_of("x](y) and `a](b)**` stay\n", 72),
	    "x](y) and a](b)** stay\n");
	assert_string_equal(text_of("[](https://x.example/a) and [ ](https:"
	    "//x.example/b)\n", 72),
	    "https://x.example/a and https://x.example/b\n");
}

static void
text_of_raw_html_has_lines_cells_and_links(void **state)
{
	(void)state;
	assert_string_equal(text_of("<ol start=-1><li>a</li><li>b<ul><li>c"
	    "</ul></li><li value=7>d</li></ol>\n", 72),
	    "-1. a\n0. b\n- c\n7. d\n");
	assert_string_equal(text_of("<ol reversed><li>a<li>b</ol>\n", 72),
	    "2. a\n1. b\n");
	assert_string_equal(text_of("<table>\n<tr><th>Name</th><th>Age</th>"
	    "</tr>\n<tr><td>The tea</td><td>3</td></tr>\n</table>\n", 72),
	    "Name  Age\nThe tea  3\n");
	assert_string_equal(text_of("<ul><li>one<li>two</ul>\n", 72),
	    "- one\n- two\n");
	assert_string_equal(text_of("Read <a class=x HREF = 'https://x.example"
	    "/?a&amp;b'>this</a>, <a href=https://y.example>https://y.example"
	    "</a>, not <a href=\"javascript:x\">that</a>.\n\n"
	    "<p><img src=\"https://x.example/p.png\" alt=\"A pot\"></p>\n",
	    72), "Read this [1], https://y.example, not that.\n\nA pot [2]\n\n"
	    "[1] https://x.example/?a&b\n[2] https://x.example/p.png\n");
	assert_string_equal(text_of("a <svg><text>b</text></svg> c "
	    "<video src=x /> d\n\n<audio controls>\nold\n</audio>\n\n"
	    "<button>\n\nnext\n", 72), "a c d\n\n<button>\n\nnext\n");
}

/* Entities, attributes and scripts are those of the HTML part. */
static void
text_of_raw_html_says_what_the_html_says(void **state)
{
	static const char *const rows[][2] = {
		{ "<p>Raw &copy; &eacute; &#8212; &#x2014; &mdash; here</p>",
		  "Raw \xc2\xa9 \xc3\xa9 \xe2\x80\x94 \xe2\x80\x94 "
		  "\xe2\x80\x94 here\n" },
		{ "<a title=\"a>b\" href=\"https://e.example/x\">word</a>",
		  "word [1]\n\n[1] https://e.example/x\n" },
		{ "<p>\n<img alt=\"a > b\" src=p.png></p>",
		  "a > b [1]\n\n[1] https://x.example/e/p.png\n" },
		{ "<a data-x=\" href=x\" href=\"https://e.example/y\">y</a>",
		  "y [1]\n\n[1] https://e.example/y\n" },
		{ "a <script src=https://cdn.example/x/>alert(1)</script> b",
		  "a b\n" },
		{ "<script src=https://cdn.example/x/>alert(1)</script>\n\nb",
		  "b\n" },
		{ "<svg>\n<text>A\n\nB</text>\n</svg>\n\nc", "c\n" },
		{ "<table><tr><td><a title='>' data-x=' href=z' href=\"y\">"
		  "&Auml;</a></td><td>b<br>c</td></tr>\n<tr><td><ul><li>d"
		  "</ul></td></tr></table>", "\xc3\x84 [1]  b\nc\n- d\n\n"
		  "[1] https://x.example/e/y\n" },
		{ "<pre>a\n <a href=y>b</a>\nc</pre>",
		  "a\nb [1]\nc\n\n[1] https://x.example/e/y\n" },
		{ "<img src=\"data:image/png;base64,AAAA\" alt=dat>",
		  "dat\n" },
		{ "- a<br>\n  b <sup>2</sup>\n- <kbd>c</kbd>\n",
		  "- a\n  b 2\n- c\n" },
		{ "# A<br>b\n\n<h2>C &amp; d</h2>\n\n<blockquote><p>e</p>"
		  "</blockquote>", "A\nb\n==\n\nC & d\n-----\n\n> e\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(text_from(rows[i][0],
		    "https://x.example/e/", 72), rows[i][1]);
}

/* 1.8 MB of the beginnings of tags: seconds, when each looks for its end. */
static void
beginnings_of_tags_do_not_take_long(void **state)
{
	static const char *const tags[] = { "<a ", "<script ", "<svg x='" };
	struct err err = ERR_INIT;
	struct markdown *m;
	clock_t before;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		buf_init(&b, 0);
		buf_adds(&b, "<div>\n");
		while (b.len < 1800000)
			buf_adds(&b, tags[i]);
		m = markdown_parse(b.data, b.len, NULL, &err);
		assert_non_null(m);
		buf_clear(&out);
		before = clock();
		markdown_text(m, 72, &out, &err);
		if (clock() - before > 2 * CLOCKS_PER_SEC)
			fail_msg("%s: %.1f s", tags[i],
			    (double)(clock() - before) / CLOCKS_PER_SEC);
		markdown_free(m);
		buf_release(&b);
	}
}

static void
words_are_wrapped_behind_their_beginnings(void **state)
{
	(void)state;
	buf_clear(&out);
	wrap_words(&out, "aa bb\x1f" "cc dd", 11, 9, "1) ", "   ");
	assert_string_equal(out.data, "1) aa\n   bb cc\n   dd\n");
	buf_clear(&out);
	wrap_words(&out, "  ", 2, 9, "> ", "> ");
	assert_string_equal(out.data, ">\n");
	/* However long the beginning, a line holds a third of the width. */
	buf_clear(&out);
	wrap_words(&out, "a b c", 5, 9, "> > > > > ", "> > > > > ");
	assert_string_equal(out.data, "> > > > > a b\n> > > > > c\n");
}

/* Depth 150, where each word would else be a line of 300 bytes. */
static void
deep_quotes_do_not_multiply(void **state)
{
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 0);
	for (i = 0; i < 150; i++)
		buf_adds(&b, "> ");
	for (i = 0; i < 10000; i++)
		buf_adds(&b, "a ");
	assert_true(strlen(text_of(b.data, 72)) < 300 * 1000);
	buf_release(&b);
}

static bool
is_address(const char *s, size_t len)
{
	const char *at = memmem(s, len, "://", 3);

	return at != NULL && memchr(at, ' ', len - (size_t)(at - s)) == NULL;
}

/* A line may be longer when it is a code block or one word, an address, with
 * what begins its line. */
static void
check_line(const char *name, const char *s, size_t len)
{
	size_t at = strspn(s, " "), words = 0, i;

	if (utf8_width(s, len) <= 72 || memmem(s, len, "    ", 4) != NULL)
		return;
	while (at < len && strchr("->[].0123456789 ", s[at]) != NULL)
		at++;
	for (i = at; i < len; i++)
		words += s[i] != ' ' && (i == at || s[i - 1] == ' ');
	if (words > 1 && !is_address(s + at, len - at))
		fail_msg("%s: %.*s", name, (int)len, s);
}

static size_t
count(const char *s, const char *what)
{
	size_t n = 0;

	for (; (s = strstr(s, what)) != NULL; s += strlen(what))
		n++;
	return n;
}

/* Marks, tags and entities are only where a reader of the HTML sees them too:
 * in code. */
static void
check_marks(const char *name, xmlDoc *html, const char *text)
{
	static const char *const marks[] = {
		"](", "**", "</", "<br", "<a ", "<img", "&amp;", "&nbsp;",
		"&lt;", "```"
	};
	xmlChar *content = xmlNodeGetContent(xmlDocGetRootElement(html));
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (count(text, marks[i]) >
		    count((const char *)content, marks[i]))
			fail_msg("%s: \"%s\" is left in the text:\n%s", name,
			    marks[i], strstr(text, marks[i]));
	xmlFree(content);
}

static void
check_notes(const char *dir, const char *name)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	struct markdown *m;
	struct buf text, page;
	const char *s;
	xmlDoc *doc;

	buf_init(&text, 0);
	buf_init(&page, 0);
	assert_int_equal(fs_read(fs_join(&a, dir, name), MARKDOWN_MAX, &text,
	    NULL, &err), 0);
	m = markdown_parse(text.data, text.len, &(struct markup_base){
	    "https://x.example/e/", NULL }, &err);
	assert_non_null(m);
	buf_adds(&page, "<div>");
	assert_int_equal(markdown_html(m, &page, &err), 0);
	buf_adds(&page, "</div>");
	doc = xmlReadMemory(page.data, (int)page.len, NULL, NULL,
	    XML_PARSE_NONET);
	if (doc == NULL)
		fail_msg("%s: the HTML is not well-formed", name);
	buf_clear(&page);
	assert_int_equal(markdown_text(m, 72, &page, &err), 0);
	for (s = page.data; *s != '\0'; s += strcspn(s, "\n") + 1)
		check_line(name, s, strcspn(s, "\n"));
	check_marks(name, doc, page.data);
	xmlFreeDoc(doc);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_has_bullets_footnotes_and_no_marks),
		cmocka_unit_test(text_of_raw_html_keeps_what_is_no_tag),
		cmocka_unit_test(text_is_wrapped_by_display_width),
		cmocka_unit_test(loose_lists_and_quotes_keep_their_gaps),
		cmocka_unit_test(code_without_marks_can_be_told_from_words),
		cmocka_unit_test(a_footnote_does_not_look_like_markdown),
		cmocka_unit_test(code_is_broken_only_when_it_must),
		cmocka_unit_test(text_has_no_control_characters),
		cmocka_unit_test(marks_that_mark_nothing_are_left_out),
		cmocka_unit_test(text_of_raw_html_has_lines_cells_and_links),
		cmocka_unit_test(text_of_raw_html_says_what_the_html_says),
		cmocka_unit_test(beginnings_of_tags_do_not_take_long),
		cmocka_unit_test(words_are_wrapped_behind_their_beginnings),
		cmocka_unit_test(deep_quotes_do_not_multiply),
		cmocka_unit_test(real_notes_render),
	};

	return cmocka_run_group_tests_name("markdown text", tests, setup,
	    teardown);
}
