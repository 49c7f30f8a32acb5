/* SpamAssassin's report, read; and what of it is told. */
#include "told.h"

#include "mail/spam.h"

#define HEAD "Subject: x\n\nContent analysis details: (9.9 points, what the " \
    "mail itself says)\n\n"
#define REPORT "Content analysis details:   (3.1 points, 5.0 required)\n\n" \
    " pts rule name              description\n" \
    "---- ---------------------- -------------------------------------------\n"
#define TABLE " 0.0 NO_RELAYS              Informational: not relayed\n" \
    " 1.6 SUBJ_ALL_CAPS          Subject is all capitals\n" \
    " 1.5 HTML_IMAGE_ONLY_04     BODY: HTML: images with 0-400 bytes of\n" \
    "                            words\n" \
    "-0.1 GOOD_RULE              Something good\n" \
    " 0.0 HTML_MESSAGE           BODY: HTML included in message\n\n" \
    " 9.9 BEHIND_IT              not of the table\n"

static struct spam_report report;
static enum severity severity[TOLD_MAX];

static void
keep_more(void *ctx, const struct finding *f)
{
	severity[told.n] = f->severity;
	keep(ctx, f);
}

static void
reads(const char *text)
{
	struct err err = ERR_INIT;

	forget();
	told.findings.report = keep_more;
	if (spam_read(&arena, text, strlen(text), &report, &err) != 0)
		fail_msg("%s", err.msg);
}

static void
a_report(void **state)
{
	(void)state;
	reads(HEAD REPORT TABLE);
	assert_true(report.points > 3.09 && report.points < 3.11);
	assert_true(report.required > 4.99 && report.required < 5.01);
	assert_int_equal(report.n, 5);
	assert_true(report.rules[0].offline);
	assert_string_equal(report.rules[1].name, "SUBJ_ALL_CAPS");
	assert_false(report.rules[1].offline);
	assert_string_equal(report.rules[2].description, "BODY: HTML: images "
	    "with 0-400 bytes of words");
	assert_true(report.rules[3].points < 0);
	assert_string_equal(spam_names(&arena, &report), "SUBJ_ALL_CAPS "
	    "HTML_IMAGE_ONLY_04 GOOD_RULE");
	reads(REPORT "\n");
	assert_int_equal(report.n, 0);
	assert_string_equal(spam_names(&arena, &report), "");
}

static void
no_report(void **state)
{
	static const char *const texts[] = {
		"", "Subject: x\n\nbody\n", "Content analysis details:",
		"Content analysis details: (3.1 points, 5.0 required)\n",
		"Content analysis details: (x)\n\n----\n",
		"Content analysis details: (1.0 points)\n----\n"
	};
	struct err err = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(texts); i++)
		assert_int_equal(spam_read(&arena, texts[i], strlen(texts[i]),
		    &report, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
}

static void
what_is_new(void **state)
{
	(void)state;
	reads(REPORT TABLE);
	spam_tell(&report, NULL, NULL, &told.findings);
	assert_int_equal(told.n, 3);
	assert_told(0, "digest-spam", 0, "1.6 points for SUBJ_ALL_CAPS: "
	    "Subject is all capitals");
	assert_int_equal(severity[0], SEV_WARNING);
	assert_int_equal(severity[2], SEV_INFO);
	reads(REPORT TABLE);
	spam_tell(&report, "HTML_IMAGE_ONLY_04 SUBJ_ALL", "2026-W01",
	    &told.findings);
	assert_int_equal(severity[0], SEV_WARNING);
	assert_told(0, "digest-spam", 0, "(not for 2026-W01)");
	assert_int_equal(severity[1], SEV_INFO);
	assert_told(1, "digest-spam", 0, "(so it did for 2026-W01)");
	assert_int_equal(told.findings.errors, 0);
	reads(REPORT TABLE);
	spam_tell(&report, "XSUBJ_ALL_CAPS SUBJ_ALL_CAPS_X GOOD_RULE "
	    "HTML_IMAGE_ONLY_04", "2026-W01", &told.findings);
	assert_int_equal(severity[0], SEV_WARNING);
	assert_int_equal(severity[1], SEV_INFO);
	report.points = 5.0;
	spam_tell(&report, NULL, NULL, &told.findings);
	assert_int_equal(told.findings.errors, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(a_report), TOLD_TEST(no_report),
		TOLD_TEST(what_is_new)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
