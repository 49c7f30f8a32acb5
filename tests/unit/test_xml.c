/*
 * The XML writer and the resolving of references. What is written is read
 * back by libxml2's parser, which must give what went in.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "text/xml.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static size_t calls;

static int
collect(void *ctx, const void *data, size_t len)
{
	buf_add(ctx, data, len);
	calls++;
	return 0;
}

static int
refuse(void *ctx, const void *data, size_t len)
{
	size_t *n = ctx;

	(void)data;
	(void)len;
	++*n;
	return -1;
}

static struct xw *
begin(struct buf *out)
{
	struct err err = ERR_INIT;
	struct xw *w;

	buf_init(out, 0);
	calls = 0;
	w = xw_open(collect, out, &err);
	assert_non_null(w);
	return w;
}

static void
finish(struct xw *w)
{
	struct err err = ERR_INIT;

	if (xw_close(w, &err) != 0)
		fail_msg("%s", err.msg);
}

static xmlDocPtr
parse(const struct buf *b)
{
	xmlDocPtr doc = xmlReadMemory(b->data, (int)b->len, "out.xml", NULL,
	    XML_PARSE_NONET | XML_PARSE_HUGE);

	assert_non_null(doc);
	return doc;
}

/* As text, as CDATA and as an attribute; each must come back as `want`. */
static void
round_trip(const char *in, const char *want)
{
	struct buf out;
	struct xw *w = begin(&out);
	xmlDocPtr doc;
	xmlNodePtr n;
	xmlChar *s;

	xw_start(w, "r");
	xw_attr(w, "a", in);
	xw_element(w, "t", in);
	xw_start(w, "c");
	xw_cdata(w, in);
	xw_end(w);
	xw_end(w);
	finish(w);
	doc = parse(&out);
	n = xmlDocGetRootElement(doc);
	s = xmlGetProp(n, BAD_CAST "a");
	assert_string_equal(s, want);
	xmlFree(s);
	for (n = xmlFirstElementChild(n); n != NULL;
	    n = xmlNextElementSibling(n)) {
		s = xmlNodeGetContent(n);
		assert_string_equal(s, want);
		xmlFree(s);
	}
	xmlFreeDoc(doc);
	buf_release(&out);
}

static void
test_layout(void **state)
{
	struct buf out;
	struct xw *w = begin(&out);

	(void)state;
	xw_start(w, "rss");
	xw_attr(w, "xmlns:x", "urn:x");
	xw_start(w, "empty");
	xw_attr(w, "href", "a?b&c=\"d\" \xc3\xa9");
	xw_end(w);
	xw_element(w, "t", "1 < 2 & \"3\" > 0 '\xc3\xa9'");
	xw_start(w, "c");
	xw_cdata(w, "<p>x</p>");
	xw_end(w);
	xw_start(w, "in");
	xw_element(w, "x:y", "");
	finish(w);
	assert_string_equal(out.data, HEAD
	    "<rss xmlns:x=\"urn:x\">\n"
	    "  <empty href=\"a?b&amp;c=&quot;d&quot; \xc3\xa9\"/>\n"
	    "  <t>1 &lt; 2 &amp; \"3\" &gt; 0 '\xc3\xa9'</t>\n"
	    "  <c><![CDATA[<p>x</p>]]></c>\n"
	    "  <in>\n"
	    "    <x:y/>\n"
	    "  </in>\n"
	    "</rss>\n");
	buf_release(&out);
}

static void
test_characters(void **state)
{
	static const char *const same[] = {
		"", "plain", " blanks kept  ", "& < > \" '", "&amp; &#65;",
		"]]>", "]]]]>>", "a]]>b]]>c", "]]", "]>", "<![CDATA[x]]>",
		"\xf0\x9f\x8e\x99\xef\xb8\x8f \xf0\x9f\x91\xa9\xe2\x80\x8d"
		"\xf0\x9f\x92\xbb", /* emoji with a joiner */
		"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xd8\xb3\xd9\x84\xd8\xa7",
		"tab\tand\nline", "\xef\xbf\xbd", "\xee\x80\x80",
		"\xc2\x85\x7f", /* allowed, though odd */
		"a long run without anything to look at, longer than a block; "
		"and then \xc3\xa9, and on it goes for another block or so",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		round_trip(same[i], same[i]);
}

static void
test_forbidden(void **state)
{
	char all[32 + 3];
	int c;

	(void)state;
	round_trip("a\001b\033c\013d\014e\037f", "abcdef");
	round_trip("\001", "");
	round_trip("x\xef\xbf\xbey\xef\xbf\xbfz", "xyz");
	round_trip("bad \xc3( \xff \xed\xa0\x80 \xf4\x90\x80\x80 end \xc3",
	    "bad (    end ");
	round_trip("]]\001>", "]]>");
	for (c = 1; c < 32; c++)
		all[c - 1] = (char)(c == '\r' ? 1 : c);
	memcpy(all + 31, "end", 4);
	round_trip(all, "\t\nend");
}

static void
test_carriage_return(void **state)
{
	struct buf out;
	struct xw *w = begin(&out);
	xmlDocPtr doc;
	xmlChar *s;

	(void)state;
	xw_element(w, "t", "a\r\nb");
	finish(w);
	doc = parse(&out);
	s = xmlNodeGetContent(xmlDocGetRootElement(doc));
	assert_string_equal(s, "a\r\nb");
	xmlFree(s);
	xmlFreeDoc(doc);
	buf_release(&out);
}

/* Values larger than libxml2's buffers, with what needs care at every place
 * in a block. */
static void
test_large(void **state)
{
	struct buf in;
	size_t i;

	(void)state;
	buf_init(&in, 0);
	for (i = 0; in.len < (size_t)3 << 20; i++) {
		size_t k;

		for (k = 0; k < i % 67; k++)
			buf_addc(&in, (char)('a' + k % 26));
		buf_adds(&in, i % 3 == 0 ? "]]>" : i % 3 == 1 ? "\xe2\x80\xa6"
		    : "<&>\n");
	}
	round_trip(in.data, in.data);
	buf_release(&in);
}

static void
test_large_pieces(void **state)
{
	struct buf out;
	struct xw *w = begin(&out);
	int i;

	(void)state;
	xw_start(w, "r");
	for (i = 0; i < 20000; i++)
		xw_element(w, "line", "sixty-four bytes or so of text, no more"
		    " and no less");
	finish(w);
	assert_in_range(calls, 2, out.len / 100000 + 2);
	buf_release(&out);
}

static void
test_random(void **state)
{
	static const char *const bits[] = { "<", ">", "&", "]", "]]>", "\"",
		"'", "\n", "\t", "x", "yz ", "\xc3\xa9", "\xf0\x9f\x98\x80",
		"<![CDATA[", "\001", "\xff" };
	unsigned seed = (unsigned)time(NULL);
	int round;

	(void)state;
	print_message("seed %u\n", seed);
	srandom(seed);
	for (round = 0; round < 500; round++) {
		struct buf in, want;
		long n = random() % 80;

		buf_init(&in, 0);
		buf_init(&want, 0);
		while (n-- > 0) {
			size_t i = (size_t)random() % 16;

			buf_adds(&in, bits[i]);
			if (i < 14)
				buf_adds(&want, bits[i]);
		}
		round_trip(in.data, want.data);
		buf_release(&in);
		buf_release(&want);
	}
}

static void
test_errors_stick(void **state)
{
	struct err err = ERR_INIT;
	size_t n = 0;
	struct xw *w = xw_open(refuse, &n, &err);
	int i;

	(void)state;
	assert_non_null(w);
	xw_start(w, "r");
	for (i = 0; i < 50000; i++)
		xw_element(w, "e", "0123456789");
	assert_int_equal(xw_close(w, &err), -1);
	assert_int_equal(err.kind, ERR_OUTPUT);
	assert_int_equal(n, 1);
}

static void
test_misuse(void **state)
{
	struct err err = ERR_INIT;
	struct buf out;
	struct xw *w = begin(&out);

	(void)state;
	xw_start(w, "r");
	xw_text(w, "x");
	xw_attr(w, "late", "1");
	xw_element(w, "after", "2");
	assert_int_equal(xw_close(w, &err), -1);
	assert_int_equal(err.kind, ERR_INTERNAL);
	assert_non_null(strstr(err.msg, "late"));
	buf_release(&out);

	w = begin(&out);
	xw_end(w);
	assert_int_equal(xw_close(w, &err), -1);
	buf_release(&out);
}

static void
resolves(const char *base, const char *ref, const char *want)
{
	struct arena a = ARENA_INIT;
	const char *got = xw_resolve(&a, base, ref);

	if (strcmp(got, want) != 0)
		fail_msg("\"%s\" on \"%s\": got \"%s\", not \"%s\"", ref,
		    base == NULL ? "NULL" : base, got, want);
	arena_release(&a);
}

/* RFC 3986 §5.4. */
static void
test_resolve_rfc(void **state)
{
	static const char *const pairs[][2] = {
		{ "g:h", "g:h" }, { "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" }, { "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" }, { "//g", "http://g" },
		{ "?y", "http://a/b/c/d;p?y" }, { "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q#s" }, { "g#s", "http://a/b/c/g#s" },
		{ "g?y#s", "http://a/b/c/g?y#s" }, { ";x", "http://a/b/c/;x" },
		{ "g;x", "http://a/b/c/g;x" },
		{ "g;x?y#s", "http://a/b/c/g;x?y#s" },
		{ "", "http://a/b/c/d;p?q" }, { ".", "http://a/b/c/" },
		{ "./", "http://a/b/c/" }, { "..", "http://a/b/" },
		{ "../", "http://a/b/" }, { "../g", "http://a/b/g" },
		{ "../..", "http://a/" }, { "../../", "http://a/" },
		{ "../../g", "http://a/g" }, { "../../../g", "http://a/g" },
		{ "../../../../g", "http://a/g" }, { "/./g", "http://a/g" },
		{ "/../g", "http://a/g" }, { "g.", "http://a/b/c/g." },
		{ ".g", "http://a/b/c/.g" }, { "g..", "http://a/b/c/g.." },
		{ "..g", "http://a/b/c/..g" }, { "./../g", "http://a/b/g" },
		{ "./g/.", "http://a/b/c/g/" }, { "g/./h", "http://a/b/c/g/h" },
		{ "g/../h", "http://a/b/c/h" },
		{ "g;x=1/./y", "http://a/b/c/g;x=1/y" },
		{ "g;x=1/../y", "http://a/b/c/y" },
		{ "g?y/./x", "http://a/b/c/g?y/./x" },
		{ "g?y/../x", "http://a/b/c/g?y/../x" },
		{ "g#s/./x", "http://a/b/c/g#s/./x" },
		{ "g#s/../x", "http://a/b/c/g#s/../x" }, { "http:g", "http:g" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		resolves("http://a/b/c/d;p?q", pairs[i][0], pairs[i][1]);
}

static void
test_resolve_odd(void **state)
{
	static const char base[] = "https://example.org/x%2Fy/z";

	(void)state;
	resolves(NULL, "a b\xc3\xa9", "a b\xc3\xa9");
	resolves(base, "d", "https://example.org/x%2Fy/d");
	resolves(base, "a%2Fb%3F", "https://example.org/x%2Fy/a%2Fb%3F");
	resolves(base, "/a//b", "https://example.org/a//b");
	resolves(base, "a b", "https://example.org/x%2Fy/a%20b");
	resolves(base, "\xc3\xa9t\xc3\xa9.png",
	    "https://example.org/x%2Fy/%C3%A9t%C3%A9.png");
	resolves(base, "%C3%A9", "https://example.org/x%2Fy/%C3%A9");
	resolves(base, "100%.html", "https://example.org/x%2Fy/100%25.html");
	resolves(base, "/a[1]|{2}\"<>\\^`",
	    "https://example.org/a%5B1%5D%7C%7B2%7D%22%3C%3E%5C%5E%60");
	resolves(base, "a@b:c", "https://example.org/x%2Fy/a@b:c");
	resolves(base, "#a#b", "https://example.org/x%2Fy/z#a%23b");
	resolves(base, "//[::1]:8/g", "https://[::1]:8/g");
	resolves(base, " \n/g\t", "https://example.org/g");
	resolves(base, "mailto:a@example.org?subject=b c",
	    "mailto:a@example.org?subject=b%20c");
	resolves(base, "HTTPS://Example.org/a/../b?c|d",
	    "HTTPS://Example.org/a/../b?c%7Cd");
	resolves("https://example.org", "g", "https://example.org/g");
	resolves("https://example.org?q", "g", "https://example.org/g");
	resolves("https://example.org/\xc3\xa9/", "g",
	    "https://example.org/%C3%A9/g");
	resolves("notes/1.md", "../a b", "../a%20b");
	resolves("", "a", "a");
	resolves("https://h/a#f", "", "https://h/a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_carriage_return),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_large_pieces),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_errors_stick),
		cmocka_unit_test(test_misuse),
		cmocka_unit_test(test_resolve_rfc),
		cmocka_unit_test(test_resolve_odd),
	};
	int failed;

	xw_global_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xw_global_release();
	return failed;
}
