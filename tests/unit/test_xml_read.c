/*
 * Reading XML as it is found: the tree, the mending of what is broken, the
 * limits, and writing a tree again.
 */
#include "told.h"

#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "text/utf8.h"
#include "text/xml.h"
#include "text/xml_read.h"

static struct err problem;

static struct xr_node *
read_bytes(const char *data, size_t len)
{
	memset(&problem, 0, sizeof(problem));
	return xr_read(&arena, data, len, "x.xml", "http://example.org/dir/f",
	    &told.findings, &problem);
}

static struct xr_node *
read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static const char *
raw(const struct xr_node *n, enum xr_form form)
{
	struct buf b;
	const char *out;

	buf_init(&b, 0);
	xr_raw(n, form, &b);
	out = arena_strndup(&arena, b.data, b.len);
	buf_release(&b);
	return out;
}

/* What is read of a document, as XML. */
static void
reads(const char *text, const char *want)
{
	struct xr_node *n = read_text(text);

	if (n == NULL)
		fail_msg("%s: %s", text, problem.msg);
	else
		assert_string_equal(raw(n, XR_ALONE), want);
}

static void
test_tree(void **state)
{
	struct xr_node *n = read_text("<?xml version='1.0'?>\n"
	    "<a xmlns='urn:one' xmlns:p='urn:two' k=\"v &lt; &#x41;\">\n"
	    "<p:b p:x='1' x='2'/>t<![CDATA[<&]]>u<!-- c --><?pi x?>\n"
	    "<c xmlns=''><d/></c></a>"), *b, *c;

	(void)state;
	assert_non_null(n);
	assert_int_equal(told.n, 0);
	assert_string_equal(n->ns, "urn:one");
	assert_string_equal(n->name, "a");
	assert_string_equal(n->prefix, "");
	assert_int_equal(n->line, 2);
	assert_string_equal(xr_attr(n, "", "k"), "v < A");
	assert_null(xr_attr(n, "urn:one", "k"));
	b = xr_element(n->first);
	assert_string_equal(b->ns, "urn:two");
	assert_string_equal(b->prefix, "p");
	assert_int_equal(b->line, 3);
	assert_string_equal(xr_attr(b, "urn:two", "x"), "1");
	assert_string_equal(xr_attr(b, "", "x"), "2");
	assert_string_equal(b->next->text, "t<&u\n");
	c = xr_element(b->next);
	assert_string_equal(c->ns, "");
	assert_int_equal(c->line, 4);
	assert_true(xr_has_elements(c));
	assert_false(xr_has_elements(b));
	assert_string_equal(xr_text(&arena, n), "\nt<&u\n");
}

static void
test_base(void **state)
{
	struct xr_node *n = read_text("<a><b xml:base='../x/'><c "
	    "xml:base='y'/><d xml:base='http://other.example/'/></b></a>");

	(void)state;
	assert_string_equal(n->base, "http://example.org/dir/f");
	n = n->first;
	assert_string_equal(n->base, "http://example.org/x/");
	assert_string_equal(n->first->base, "http://example.org/x/y");
	assert_string_equal(n->first->next->base, "http://other.example/");
}

static void
test_inner(void **state)
{
	struct xr_node *n = read_text("<a xmlns:h='urn:h'>x &lt; <h:p c='&amp;'"
	    ">y<h:br/></h:p><h:b></h:b>z</a>");

	(void)state;
	assert_string_equal(xr_inner(&arena, n),
	    "x &lt; <p c=\"&amp;\">y<br /></p><b></b>z");
	assert_string_equal(xr_inner(&arena, read_text("<a/>")), "");
}

static void
test_raw_alone(void **state)
{
	struct xr_node *n = read_text("<r xmlns='urn:d' xmlns:p='urn:p' "
	    "xmlns:q='urn:q'><p:a q:k='1' xml:lang='en' z='&#10;\"&lt;'>"
	    "<b/><c xmlns=''>t &amp; u</c><p:d xmlns:p='urn:other'/></p:a>"
	    "</r>");

	(void)state;
	assert_string_equal(raw(n->first, XR_ALONE),
	    "<p:a xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" q:k=\"1\" "
	    "xml:lang=\"en\" z=\"&#10;&quot;&lt;\"><b xmlns=\"urn:d\"/>"
	    "<c>t &amp; u</c><p:d xmlns:p=\"urn:other\"/></p:a>");
	/* Two namespaces of one prefix on one element, as a caller can make
	 * them. */
	n = read_text("<a xmlns:x='urn:x' xmlns:y='urn:y' x:k='1' y:k='2'/>");
	n->attrs->next->prefix = "x";
	assert_string_equal(raw(n, XR_ALONE), "<a xmlns:x=\"urn:x\" "
	    "x:k=\"1\" xmlns:ns1=\"urn:y\" ns1:k=\"2\"/>");
	/* A prefix that nobody declared. */
	n = read_text("<a><u:b u:c='1'/></a>");
	assert_string_equal(raw(n->first, XR_ALONE), "<u:b "
	    "xmlns:u=\"urn:x-undeclared:u\" u:c=\"1\"/>");
	assert_true(told.n > 0);
	assert_told(0, "xml-namespace", 1, "u");
}

static void
test_raw_compare(void **state)
{
	const char *x, *y;

	(void)state;
	x = raw(read_text("<a b='1' c='2'>\n <d> one\n two </d>\n</a>"),
	    XR_COMPARE);
	y = raw(read_text("<a c='2' b='1'><d>one two</d></a>"), XR_COMPARE);
	assert_string_equal(x, y);
	y = raw(read_text("<a c='2' b='1'><d>onetwo</d></a>"), XR_COMPARE);
	assert_string_not_equal(x, y);
	y = raw(read_text("<a c='1' b='2'><d>one two</d></a>"), XR_COMPARE);
	assert_string_not_equal(x, y);
}

static void
test_mending(void **state)
{
	static const struct {
		const char *text, *want, *rule;
		unsigned line;
	} cases[] = {
		{ "\n\n <?xml version='1.0'?><a/>", "<a/>", "xml-start", 1 },
		{ "Warning: it broke\n<?xml version='1.0'?>\n<a/>", "<a/>",
		    "xml-start", 1 },
		{ "junk <a/>", "<a/>", "xml-start", 1 },
		{ "<a>x&nbsp;y&eacute;</a>",
		    "<a>x\xc2\xa0y\xc3\xa9</a>", "xml-entity", 1 },
		{ "<a>\n&foo;</a>", "<a>\n&amp;foo;</a>", "xml-entity", 2 },
		{ "<a>Ben & Jerry</a>", "<a>Ben &amp; Jerry</a>",
		    "xml-ampersand", 1 },
		{ "<a b='?x=1&y=2'/>", "<a b=\"?x=1&amp;y=2\"/>",
		    "xml-ampersand", 1 },
		{ "<a>R&D;</a>", "<a>R&amp;D;</a>", "xml-entity", 1 },
		{ "<a>&#8217 x</a>", "<a>\xe2\x80\x99 x</a>",
		    "xml-ampersand", 1 },
		{ "<a>&#150;</a>", "<a>\xe2\x80\x93</a>", "xml-encoding", 1 },
		{ "<a>b&#0;c&#x1F;</a>", "<a>bc</a>", "xml-control", 1 },
		{ "<a>b\x01""c\x0b</a>", "<a>bc</a>", "xml-control", 1 },
		{ "<a><![CDATA[b\x01""c]]></a>", "<a>bc</a>",
		    "xml-control", 1 },
		{ "<a>1 < 2 <3</a>", "<a>1 &lt; 2 &lt;3</a>",
		    "xml-angle", 1 },
		{ "<a b='x<y'/>", "<a b=\"x&lt;y\"/>", "xml-angle", 1 },
		{ "<a>x]]>y</a>", "<a>x]]&gt;y</a>", "xml-angle", 1 },
		{ "<a>caf\xe9 \x93q\x94</a>",
		    "<a>caf\xc3\xa9 \xe2\x80\x9cq\xe2\x80\x9d</a>",
		    "xml-encoding", 1 },
		{ "<?xml version='1.0' encoding='klingon'?><a>\xc3\xa9</a>",
		    "<a>\xc3\xa9</a>", "xml-encoding", 1 },
		{ "<?xml version='1.0' encoding='utf-16'?><a>\xc3\xa9</a>",
		    "<a>\xc3\xa9</a>", "xml-encoding", 1 },
		{ "<a><i:b/></a>", "<a><i:b xmlns:i=\"urn:x-undeclared:i\"/>"
		    "</a>", "xml-namespace", 1 },
		{ "<a b='1' b='2'/>", "<a b=\"1\"/>", "xml-structure", 1 },
		{ "<a><b>x</a>", "<a><b>x</b></a>", "xml-structure", 1 },
		{ "<a>x</b>y</a>", "<a>xy</a>", "xml-structure", 1 },
		{ "<a><b x='1' <c/></b></a>", "<a><b x=\"1\"><c/></b></a>",
		    "xml-angle", 1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		forget();
		reads(cases[i].text, cases[i].want);
		if (told.n == 0)
			fail_msg("nothing was told of %s", cases[i].text);
		assert_string_equal(told.rule[0], cases[i].rule);
		assert_int_equal(told.line[0], cases[i].line);
		if (told.findings.errors != 0)
			fail_msg("an error for %s: %s", cases[i].text,
			    told.text[0]);
	}
}

static void
test_nothing_to_mend(void **state)
{
	(void)state;
	reads(BOM "<?xml version='1.0' encoding='UTF-8'?>\n<!DOCTYPE rss>"
	    "<!-- & < -->\n<a b=\"&amp;&lt;&#233;\">&amp;&quot;&apos;&gt;"
	    "<![CDATA[<b>&nbsp;</b>]]>\r\n\xf0\x9f\x8e\x99</a>\n<!-- e -->",
	    "<a b=\"&amp;&lt;\xc3\xa9\">&amp;\"'&gt;&lt;b&gt;&amp;nbsp;"
	    "&lt;/b&gt;\n\xf0\x9f\x8e\x99</a>");
	reads("<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9\x80</a>",
	    "<a>\xc3\xa9\xe2\x82\xac</a>");
	reads("<?xml version='1.0' encoding='windows-1251'?><a>\xcf</a>",
	    "<a>\xd0\x9f</a>");
	reads("<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>\x83\x65</a>",
	    "<a>\xe3\x83\x86</a>");
	assert_int_equal(told.n, 0);
}

static void
test_utf16(void **state)
{
	static const char le[] = "\xff\xfe<\0a\0>\0\xe9\0\x3d\xd8\x00\xde<\0/"
	    "\0a\0>\0";
	static const char be[] = "\0<\0a\0>\0\xe9\0<\0/\0a\0>";
	struct xr_node *n = read_bytes(le, sizeof(le) - 1);

	(void)state;
	assert_non_null(n);
	assert_string_equal(xr_text(&arena, n), "\xc3\xa9\xf0\x9f\x98\x80");
	n = read_bytes(be, sizeof(be) - 1);
	assert_non_null(n);
	assert_string_equal(xr_text(&arena, n), "\xc3\xa9");
	assert_int_equal(told.n, 0);
}

/* An error in one place must not cost text in others. */
static void
test_text_behind_errors(void **state)
{
	(void)state;
	reads("<a><b>1</c><d e='&amp;'>AT&amp;T &lt;&#38;</d></a>",
	    "<a><b>1<d e=\"&amp;\">AT&amp;T &lt;&amp;</d></b></a>");
	forget();
	reads("<r><i><t>one</t><d>x<br>y<b>z</d></i><i><t>two</t></i></r>",
	    "<r><i><t>one</t><d>x<br/>y<b>z</b></d></i><i><t>two</t></i></r>");
	forget();
	reads("<r><i>1</p></p></x></i><i>2&amp;</i></r>",
	    "<r><i>1</i><i>2&amp;</i></r>");
	assert_told(told.n - 1, "xml-structure", 1, "</r> closes nothing");
	assert_int_equal(told.findings.errors, 0);
}

/* More of them than elements may be nested. */
static void
test_unclosed_html(void **state)
{
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 0);
	buf_adds(&b, "<r><d>");
	for (i = 0; i < 1000; i++)
		buf_adds(&b, "x<br><img src='i'>");
	buf_adds(&b, "</d><e/></r>");
	assert_non_null(read_text(b.data));
	assert_int_equal(told.findings.errors, 0);
	buf_release(&b);
}

static void
test_loss_is_an_error(void **state)
{
	static const char *const cases[] = {
		"<a><b>x</b><b>y", "<a><b>x</b><b", "<a><![CDATA[x</a>",
		"<a/><b>lost</b>", "<a><!-- x</a>", "<a><b x=1>y</b></a>"
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		forget();
		assert_non_null(read_text(cases[i]));
		if (told.findings.errors == 0)
			fail_msg("no error for %s", cases[i]);
	}
}

static void
test_entities_are_not_expanded(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 0);
	buf_adds(&b, "<!DOCTYPE a [<!ENTITY l0 \"lol\">\n");
	for (i = 1; i < 10; i++)
		buf_addf(&b, "<!ENTITY l%zu \"&l%zu;&l%zu;&l%zu;&l%zu;\">\n", i,
		    i - 1, i - 1, i - 1, i - 1);
	buf_adds(&b, "<!ENTITY f SYSTEM \"file:///etc/hostname\">\n"
	    "<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]>\n"
	    "<a b='&l9;'>&l9;&f;</a>");
	reads(b.data, "<a b=\"&amp;l9;\">&amp;l9;&amp;f;</a>");
	assert_told(0, "xml-doctype", 1, "DOCTYPE");
	assert_told(1, "xml-entity", 13, "&l9;");
	assert_true(arena.used < 64 << 10);
	buf_release(&b);
}

static void
test_limits(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 2 * XR_INPUT_MAX);
	for (i = 0; i < XR_DEPTH_MAX; i++)
		buf_adds(&b, "<a>\n");
	assert_non_null(read_text(b.data));
	buf_adds(&b, "<a>");
	assert_null(read_text(b.data));
	assert_int_equal(problem.kind, ERR_INPUT);
	assert_int_equal(problem.line, 101);
	assert_string_equal(problem.file, "x.xml");
	assert_non_null(strstr(problem.msg, "deeper than 100"));
	buf_clear(&b);
	buf_adds(&b, "<a");
	forget();
	for (i = 0; i < 100000; i++)
		buf_addf(&b, " a%zu='x'", i);
	buf_adds(&b, "/>");
	assert_non_null(read_text(b.data));
	assert_told(0, "xml-structure", 1, "more than 128 attributes");
	assert_int_equal(told.findings.errors, 1);
	buf_clear(&b);
	buf_adds(&b, "<a>");
	for (i = 1; i < XR_NODES_MAX; i++)
		buf_adds(&b, "<b/>");
	assert_non_null(read_text(b.data));
	buf_adds(&b, "\n<b/>");
	assert_null(read_text(b.data));
	assert_non_null(strstr(problem.msg, "more than 2000000 elements"));
	assert_int_equal(problem.line, 2);
	buf_clear(&b);
	while (b.len <= XR_INPUT_MAX)
		buf_adds(&b, "a long line of text that is no XML at all ......");
	assert_null(read_bytes(b.data, b.len));
	assert_non_null(strstr(problem.msg, "larger than"));
	buf_release(&b);
}

static void
test_no_xml(void **state)
{
	static const char *const cases[] = {
		"", "   ", "hello", "{\"json\": 1}", "<?xml version='1.0'?>",
		"<!DOCTYPE rss [", "<!--", "\0\0\0", "<", "&", BOM
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		assert_null(read_text(cases[i]));
		assert_int_equal(problem.kind, ERR_INPUT);
		assert_string_equal(problem.file, "x.xml");
	}
}

static void
test_many_findings(void **state)
{
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 0);
	buf_adds(&b, "<a>");
	for (i = 0; i < 1000; i++)
		buf_adds(&b, "& \n");
	buf_adds(&b, "</a>");
	assert_non_null(read_text(b.data));
	assert_int_equal(told.n, 11);
	assert_told(9, "xml-ampersand", 10, "bare &");
	assert_told(10, "xml-ampersand", 0, "990 more");
	buf_release(&b);
}

/* Whatever is read can be written so that it is read again without a word,
 * and says the same. */
static void
test_random(void **state)
{
	static const char *const bits[] = {
		"<a>", "</a>", "<b x='1'>", "</b>", "<p:c xmlns:p='urn:p'>",
		"</p:c>", "<q:d q:e=\"", "\">", "</q:d>", "text ", "&amp;",
		"&nbsp;", "& ", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>",
		"<", ">", "\"", "'", "\xc3\xa9", "\xff", "\001", "\n",
		"&#38;", "xmlns='urn:x' ", "/>", "<!DOCTYPE x [", "]"
	};
	unsigned seed = (unsigned)time(NULL);
	struct findings none = { .report = NULL }, again;
	size_t read = 0;
	int round;

	(void)state;
	print_message("seed %u\n", seed);
	srandom(seed);
	for (round = 0; round < 5000; round++) {
		long n = random() % 40;
		struct err err = ERR_INIT;
		struct xr_node *x, *y;
		const char *was, *is;
		struct buf b;

		buf_init(&b, 0);
		buf_adds(&b, "<a>");
		while (n-- > 0)
			buf_adds(&b, bits[(size_t)random() % SIZE(bits)]);
		x = xr_read(&arena, b.data, b.len, "x", NULL, &none, &err);
		if (x != NULL) {
			read++;
			was = raw(x, XR_ALONE);
			assert_int_equal(utf8_invalid_at(was, strlen(was)),
			    strlen(was));
			memset(&again, 0, sizeof(again));
			y = xr_read(&arena, was, strlen(was), "y", NULL,
			    &again, &err);
			if (y == NULL)
				fail_msg("%s\n%s\n%s", b.data, was, err.msg);
			is = raw(y, XR_ALONE);
			if (strcmp(was, is) != 0 || again.errors != 0 ||
			    again.warnings != 0)
				fail_msg("%s\n%s\n%s", b.data, was, is);
		}
		buf_release(&b);
		arena_release(&arena);
	}
	assert_true(read > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(test_tree),
		TOLD_TEST(test_base),
		TOLD_TEST(test_inner),
		TOLD_TEST(test_raw_alone),
		TOLD_TEST(test_raw_compare),
		TOLD_TEST(test_mending),
		TOLD_TEST(test_nothing_to_mend),
		TOLD_TEST(test_utf16),
		TOLD_TEST(test_text_behind_errors),
		TOLD_TEST(test_unclosed_html),
		TOLD_TEST(test_loss_is_an_error),
		TOLD_TEST(test_entities_are_not_expanded),
		TOLD_TEST(test_limits),
		TOLD_TEST(test_no_xml),
		TOLD_TEST(test_many_findings),
		TOLD_TEST(test_random),
	};
	int failed;

	xw_global_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xw_global_release();
	return failed;
}
