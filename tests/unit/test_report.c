/*
 * The page of what became of an edition.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "mail/report.h"

#define BEGAN 1768381200	/* 2026-01-14T09:00:00Z */

static struct report *r;
static struct buf page;
static const struct report_head head = {
	.show = "A & B", .edition = "2026-W03", .subject = "One <two>",
	.frozen = BEGAN - 60
};

static int
begin(void **state)
{
	(void)state;
	r = report_new();
	buf_init(&page, 0);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	report_free(r);
	buf_release(&page);
	return 0;
}

static void
add(const char *key, enum ledger_state state, int64_t t, int code,
    const char *text)
{
	const struct ledger_delivery d = {
		.key = key, .address = key, .state = state, .changed = t,
		.code = code, .text = text, .attempts = 1
	};

	report_add(r, &d, state);
}

static void
has(const char *text)
{
	if (strstr(page.data, text) == NULL)
		fail_msg("there is no `%s` in\n%s", text,
		    strstr(page.data, "<header>"));
}

static size_t
times(const char *text)
{
	const char *p = page.data;
	size_t n = 0;

	while ((p = strstr(p, text)) != NULL) {
		p += strlen(text);
		n++;
	}
	return n;
}

/* ---- folding ---- */

static void
answers_are_folded(void **state)
{
	static const struct { const char *text, *enhanced, *folded; } rows[] = {
		{ "", "", "" },
		{ "5.1.1", "5.1.1", "" },
		{ "5.1.1 <bo@x.org>: user unknown 4FXYZ1", "5.1.1",
		    "<…>: user unknown #" },
		{ "given up: 4.7.1 try in 300 s", "4.7.1", "try in # s" },
		{ "as told by hand; before: given up: 4.2.2  full.", "4.2.2",
		    "full." },
		{ "see 5.7.26, (192.0.2.1) or \"a@b\"!", "",
		    "see 5.7.26, (#) or \"…\"!" },
		{ "https://x.example/?p=Code a1b-2. http://y/9/z",
		    "", "https://x.example/?p=Code #. http://y/#" },
		{ "5.1 two 5.1111.1 four", "", "# two # four" },
		{ "10.1.1 x", "", "# x" },
	};
	char enhanced[REPORT_ENHANCED_SIZE];
	struct buf out;
	size_t i;

	(void)state;
	buf_init(&out, 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&out);
		report_fold(rows[i].text, enhanced, &out);
		assert_string_equal(enhanced, rows[i].enhanced);
		assert_string_equal(out.data, rows[i].folded);
	}
	buf_release(&out);
}

/* ---- the page ---- */

static void
counts_domains_and_reasons(void **state)
{
	size_t i;
	char key[64], text[120];

	(void)state;
	for (i = 0; i < 1500; i++) {
		snprintf(key, sizeof(key), "f%zu@gmail.example", i);
		add(key, LEDGER_SENT, BEGAN + (int64_t)i, 250, "2.0.0 Ok");
	}
	for (i = 0; i < 12; i++) {
		snprintf(key, sizeof(key), "g%zu@y.example", i);
		snprintf(text, sizeof(text), "5.1.1 <%s> & none %zu", key, i);
		add(key, LEDGER_FAILED, BEGAN + 100, 550, text);
	}
	add("h@y.example", LEDGER_DEFERRED, BEGAN + 7, 451, "4.7.1 later");
	add("i@z.example", LEDGER_CLAIMED, BEGAN + 99999, 0, "");
	add("j@z.example", LEDGER_SKIPPED, BEGAN + 99999, 0, "");
	report_page(r, &head, &page);
	report_page_end(r, &page);
	has("<h1>One &lt;two&gt;</h1>");
	has("A &amp; B, edition 2026-W03, frozen <time "
	    "datetime=\"2026-01-14T08:59:00Z\">2026-01-14 08:59:00</time>");
	has("<b>1\u202f515</b>friends");
	has("<b>1\u202f500</b>sent");
	has("<b>12</b>failed");
	has("<b>1</b>waiting");
	has("<b>1</b>left the list");
	has("so far until");
	has("2 are still to be sent");
	has("<td class=\"a\">gmail.example</td><td class=\"n\">1\u202f500</td>"
	    "<td class=\"n\">1\u202f500</td><td class=\"n\"></td>");
	assert_true(strstr(page.data, ">gmail.example") <
	    strstr(page.data, ">y.example"));
	has("<td class=\"n\">12</td><td><span class=\"tag f\">failed</span> "
	    "</td><td>550</td><td>5.1.1</td><td class=\"t\">&lt;…&gt; &amp; "
	    "none #</td>");
	assert_int_equal(times("<th class=\"n\">Unknown"), 0);
	/* Nothing from elsewhere, and nothing that runs. */
	assert_int_equal(times("<script") + times("src=") + times("href=") +
	    times("url("), 0);
}

/* The heights of the bars of one colour add up to all of them. */
static void
nothing_is_lost_from_the_curve(void **state)
{
	static const int64_t at[] = {
		0, 1, 500000, -400000, 20, -7000000, 90000000, 5, 127, 128
	};
	const size_t n = sizeof(at) / sizeof(at[0]);
	char text[60];
	size_t i;

	(void)state;
	for (i = 0; i < n; i++)
		add("a@b", LEDGER_SENT, BEGAN + at[i], 250, "");
	add("a@b", LEDGER_SENT, 0, 250, "");
	add("a@b", LEDGER_SENT, INT64_MAX, 250, "");
	report_page(r, &head, &page);
	snprintf(text, sizeof(text), "<span>%zu sent in all</span>", n);
	has(text);
	has("ended <time datetime=\"2028-11-21T01:00:00Z\">");
	assert_true(times("<rect class=\"s\"") > 2);
	assert_int_equal(times("nan") + times("inf"), 0);
}

static void
an_empty_one(void **state)
{
	(void)state;
	report_page(r, &head, &page);
	report_page_end(r, &page);
	has("Nothing went out yet");
	assert_int_equal(times("<svg"), 0);
	assert_false(report_lists(r, LEDGER_FAILED));
}

static void
rows_of_those_who_lack_it(void **state)
{
	const struct ledger_delivery d = {
		.address = "<b>@x", .key = "b@x", .changed = BEGAN, .code = 550,
		.text = "5.1.1 \"no\"", .attempts = 3
	};

	(void)state;
	report_add(r, &d, LEDGER_UNKNOWN);
	assert_true(report_lists(r, LEDGER_FAILED));
	assert_true(report_lists(r, LEDGER_UNKNOWN));
	assert_false(report_lists(r, LEDGER_SENT));
	report_page_row(&head, &d, LEDGER_UNKNOWN, &page);
	assert_string_equal(page.data, "<tr><td class=\"a\">&lt;b&gt;@x</td>"
	    "<td><span class=\"tag u\">unknown</span></td><td><time "
	    "datetime=\"2026-01-14T09:00:00Z\">2026-01-14 09:00:00</time></td>"
	    "<td class=\"n\">3</td><td>550</td><td class=\"t\">5.1.1 "
	    "&quot;no&quot;</td></tr>\n");
}

static void
memory_has_a_bound(void **state)
{
	char key[64], text[64];
	size_t i;

	(void)state;
	for (i = 0; i < REPORT_DOMAINS + 500; i++) {
		snprintf(key, sizeof(key), "a@d%zu.example", i);
		snprintf(text, sizeof(text), "no %c%c%c", (int)('a' + i % 26),
		    (int)('a' + i / 26 % 26), (int)('a' + i / 676 % 26));
		add(key, LEDGER_FAILED, BEGAN, 550, text);
	}
	report_page(r, &head, &page);
	has("<td class=\"a\">more than 19970 others</td>"
	    "<td class=\"n\">20\u202f470</td>");
	has("<td class=\"t\">other reasons</td>");
	assert_true(page.len < 40000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_folded),
		cmocka_unit_test_setup_teardown(counts_domains_and_reasons,
		    begin, end),
		cmocka_unit_test_setup_teardown(
		    nothing_is_lost_from_the_curve, begin, end),
		cmocka_unit_test_setup_teardown(an_empty_one, begin, end),
		cmocka_unit_test_setup_teardown(rows_of_those_who_lack_it,
		    begin, end),
		cmocka_unit_test_setup_teardown(memory_has_a_bound, begin,
		    end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
