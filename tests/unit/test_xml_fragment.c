/*
 * XML that goes into a feed as it stands.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "text/xml.h"
#include "text/xml_fragment.h"
#include "told.h"

static const char *const none[] = { "item", "guid", NULL };

static unsigned
bit(const char *prefix)
{
	unsigned i;

	for (i = 0; i < xml_fragment_count; i++)
		if (strcmp(xml_fragment_spaces[i].prefix, prefix) == 0)
			return 1U << i;
	fail_msg("no %s", prefix);
	return 0;
}

static void
taken(void **state)
{
	static const struct {
		const char *text;
		const char *spaces[3];
	} cases[] = {
		{ "<a/>", { NULL } },
		{ " \n<a b=\"1\">x &amp; &#233; <![CDATA[]] >]]></a>\n<b/>\n",
		    { NULL } },
		{ "<!-- - --><a/><?p i?>", { NULL } },
		{ "<psc:chapters><psc:chapter start=\"0\"/></psc:chapters>",
		    { "psc", NULL } },
		{ "<a><b media:x=\"1\"/><dc:c/></a>", { "media", "dc" } },
		{ "<own:a xmlns:own=\"urn:x\"/>", { NULL } },
		{ "<psc:a xmlns:psc=\"http://podlove.org/simple-chapters\"/>",
		    { NULL } },
		{ "<a xmlns=\"urn:x\"><item/></a>", { NULL } },
		{ "<a><item/></a>", { NULL } },
		{ "<item xmlns=\"urn:x\"/>", { NULL } },
	};
	unsigned spaces, want;
	struct err err = ERR_INIT;
	size_t i, k;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		spaces = 0;
		want = 0;
		for (k = 0; k < 3 && cases[i].spaces[k] != NULL; k++)
			want |= bit(cases[i].spaces[k]);
		if (xml_fragment_check(cases[i].text, strlen(cases[i].text),
		    none, &spaces, &err) != 0)
			fail_msg("%s: %s", cases[i].text, err.msg);
		if (spaces != want)
			fail_msg("%s: %x", cases[i].text, spaces);
	}
	/* What is in the list is there once, and fits the bits. */
	assert_in_range(xml_fragment_count, 5, 32);
	for (i = 0; i < xml_fragment_count; i++)
		assert_int_equal(bit(xml_fragment_spaces[i].prefix), 1U << i);
}

static void
refused(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *part;
	} cases[] = {
		{ "", 0, "no element" }, { " <!-- x --> ", 0, "no element" },
		{ "x<a/>", 1, "text outside" },
		{ "<a/>\n\nx", 1, "text outside" },
		{ "<a/><![CDATA[x]]>", 1, "text outside" },
		{ "<a>\n<b></a>", 2, "well-formed" },
		{ "<a/>\n<none:b/>", 2, "none" },
		{ "<a none:b=\"\"/>", 1, "none" },
		{ "<a b=\"1\" b=\"2\"/>", 1, "well-formed" },
		{ "</x><x>", 1, "well-formed" },
		{ "</x>", 1, "well-formed" }, { "<!--", 1, "well-formed" },
		{ "</x><!--", 1, "well-formed" }, { "<x>", 1, "well-formed" },
		{ "<a>&e;</a>", 1, "well-formed" },
		{ "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", 1,
		    "well-formed" },
		{ "<?xml version='1.0'?><a/>", 1, "well-formed" },
		{ "<a>\n\x01</a>", 2, "well-formed" },
		{ "<a/>\n<guid/>", 2, "<guid>" },
		{ "<a xmlns:p=\"\"/>", 1, "well-formed" },
	};
	struct err err;
	unsigned spaces = 0;
	char *large;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		memset(&err, 0, sizeof(err));
		if (xml_fragment_check(cases[i].text, strlen(cases[i].text),
		    none, &spaces, &err) != -1)
			fail_msg("%s is taken", cases[i].text);
		assert_int_equal(err.kind, ERR_INPUT);
		if (err.line != cases[i].line ||
		    strstr(err.msg, cases[i].part) == NULL)
			fail_msg("%s: %u, %s", cases[i].text, err.line,
			    err.msg);
	}
	assert_int_equal(xml_fragment_check("<a/>\0<b/>", 9, none, &spaces,
	    &err), -1);
	large = malloc(XML_FRAGMENT_MAX + 1);
	assert_non_null(large);
	memset(large, ' ', XML_FRAGMENT_MAX + 1);
	memcpy(large, "<a/>", 4);
	assert_int_equal(xml_fragment_check(large, XML_FRAGMENT_MAX, none,
	    &spaces, &err), 0);
	assert_int_equal(xml_fragment_check(large, XML_FRAGMENT_MAX + 1, none,
	    &spaces, &err), -1);
	free(large);
	assert_int_equal(spaces, 0);
}

/* Depth has a bound. */
static void
deep(void **state)
{
	struct err err = ERR_INIT;
	unsigned spaces = 0;
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 0);
	for (i = 0; i < 20000; i++)
		buf_adds(&b, "<a>");
	for (i = 0; i < 20000; i++)
		buf_adds(&b, "</a>");
	assert_int_equal(xml_fragment_check(b.data, b.len, none, &spaces,
	    &err), -1);
	buf_release(&b);
}

static int
collect(void *ctx, const void *data, size_t len)
{
	buf_add(ctx, data, len);
	return 0;
}

static void
written(void **state)
{
	struct err err = ERR_INIT;
	struct buf out;
	struct xw *w;

	(void)state;
	buf_init(&out, 0);
	w = xw_open(collect, &out, &err);
	assert_non_null(w);
	xw_start(w, "r");
	xw_element(w, "a", "1");
	xw_elements(w, "<b>\n & as it is</b>\n\n");
	xw_start(w, "c");
	xw_element(w, "d", "2");
	xw_elements(w, "<e/>");
	xw_end(w);
	xw_element(w, "f", "3");
	xw_end(w);
	assert_int_equal(xw_close(w, &err), 0);
	assert_string_equal(out.data, "<?xml version=\"1.0\" "
	    "encoding=\"UTF-8\"?>\n<r>\n  <a>1</a>\n  <b>\n & as it is</b>\n"
	    "  <c>\n    <d>2</d>\n    <e/>\n  </c>\n  <f>3</f>\n</r>\n");
	buf_release(&out);
}

static void
names_of(const char *text, struct buf *out)
{
	xml_fragment_names(text, strlen(text), out);
}

static void
names(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	names_of("<a/><!-- <c/> --><itunes:x/><b><in/></b><a/>", &b);
	assert_string_equal(b.data, " a itunes:x b ");
	buf_clear(&b);
	names_of("<y xmlns=\"http://purl.org/dc/elements/1.1/\"/>"
	    "<p:z xmlns:p=\"urn:p\"/><ab/><a/>", &b);
	assert_string_equal(b.data, " dc:y ab a ");
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(taken),
		TOLD_TEST(refused),
		TOLD_TEST(deep),
		TOLD_TEST(written),
		TOLD_TEST(names),
	};
	int failed;

	xw_global_init();
	failed = cmocka_run_group_tests_name("xml_fragment", tests, NULL,
	    NULL);
	xw_global_release();
	return failed;
}
