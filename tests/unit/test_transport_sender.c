/*
 * smtp:// against the scripted sink: a relay that refuses what is the same for
 * all messages of a run, at MAIL or later.
 */
#include "sink_fixture.h"

static void expect_all(const struct letters *l, size_t from, size_t to,
    enum transport_verdict verdict)
{
	for (; from < to; from++)
		letters_expect(l, from, verdict);
}

/* Before or after the relay took others; nothing is marked as failed. */
static void test_the_run_stops(void **state)
{
	static const struct {
		const char *script;
		size_t sent;
		const char *words;
	} rows[] = {
		{ "on mail * 550 5.1.8 never", 0, "550 5.1.8 never" },
		{ "ehlo 8BITMIME\non mail * 550 5.1.8 never", 0, "never" },
		{ "on mail * 530 5.7.0 log in first", 0, "530 5.7.0 log in" },
		{ "on mail times=2 * 250 ok\non mail * 530 5.7.0 log in", 2,
		    "530 5.7.0 log in" },
		{ "on mail times=2 * 250 ok\non mail * 550 5.7.1\tnot\\n"
		    "5.7.1 you", 2, "550 5.7.1 not 5.7.1 you" },
		{ "on mail times=1 * 250 ok\non mail * 552 5.3.4 too big", 1,
		    "no message of this size" },
	};
	struct letters l;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		print_message("%s\n", rows[i].script);
		assert_int_equal(run_script(&l, 5, rows[i].script), -1);
		assert_int_equal(l.err.kind, ERR_REFUSED);
		assert_non_null(strstr(l.err.msg, "smtp://127.0.0.1:"));
		if (strstr(l.err.msg, rows[i].words) == NULL)
			fail_msg("%s", l.err.msg);
		expect_all(&l, 0, rows[i].sent, TRANSPORT_SENT);
		assert_int_equal(l.given, rows[i].sent + 1);
		letters_expect(&l, rows[i].sent, TRANSPORT_UNTRIED);
		assert_int_equal(l.letter[rows[i].sent].doubts, 0);
		letters_release(&l);
	}
}

static void test_one_message_fails(void **state)
{
	struct letters l;

	(void)state;
	assert_int_equal(run_script(&l, 8, "on mail times=1 * 250 ok\n"
	    "on mail times=2 * 550 5.1.8 no\non mail times=1 * 250 ok\n"
	    "on mail times=2 * 550 5.1.8 no\n"), 0);
	letters_expect(&l, 0, TRANSPORT_SENT);
	expect_all(&l, 1, 3, TRANSPORT_FAILED);
	assert_int_equal(l.letter[1].result.code, 550);
	letters_expect(&l, 3, TRANSPORT_SENT);
	expect_all(&l, 4, 6, TRANSPORT_FAILED);
	expect_all(&l, 6, 8, TRANSPORT_SENT);
	letters_release(&l);
}

static void test_three_in_a_row(void **state)
{
	struct letters l;

	(void)state;
	assert_int_equal(run_script(&l, 8, "on mail times=1 * 250 ok\n"
	    "on mail * 550 5.1.8 no"), -1);
	assert_int_equal(l.err.kind, ERR_REFUSED);
	assert_int_equal(l.given, 4);
	letters_expect(&l, 0, TRANSPORT_SENT);
	expect_all(&l, 1, 3, TRANSPORT_FAILED);
	letters_expect(&l, 3, TRANSPORT_UNTRIED);
	letters_release(&l);
}

static int run_apart(struct letters *l, size_t count, const char *script)
{
	letters_init(l, count);
	letters_apart(l);
	return run_letters(l, script);
}

/* In the same words once too often: at RCPT, DATA or the end, as the first of
 * all (3) or later (5). Who was refused before that may be tried again. */
static void test_all_refused(void **state)
{
	static const struct {
		const char *script;
		size_t sent, refused;
		const char *words;
	} rows[] = {
		{ "on rcpt * 554 5.7.1 Relay access denied", 0, 3,
		    "took none, so nobody counts as failed; "
		    "it says \"554 5.7.1 Relay access denied\"" },
		{ "ehlo 8BITMIME\non rcpt * 554 5.7.1 no", 0, 3, "5.7.1 no" },
		{ "on rcpt * 550 relay not permitted", 0, 3, "not permitted" },
		{ "on rcpt * 550 5.1.8 not from you", 0, 3, "5.1.8" },
		{ "on data * 554 5.5.1 no", 0, 3, "554 5.5.1 no" },
		{ "on end * 552 5.3.4 too big", 0, 3, "552 5.3.4 too big" },
		{ "ehlo 8BITMIME\non end * 554 5.7.1 spam", 0, 3, "spam" },
		/* Who is refused for themselves neither counts nor ends it. */
		{ "on rcpt friend0@* 550 5.1.1 who\non rcpt friend2@* 450 4.2.0 "
		    "wait\non rcpt * 554 5.7.1 no", 0, 6, "refused 4 messages" },
		/* Words that name the friend or the time. */
		{ "on rcpt friend0@* 554 5.7.1 <friend0@x.y>: no (1:01)\n"
		    "on rcpt friend1@* 554 5.7.1 <friend1@x.y>: no (1:02)\n"
		    "on rcpt * 554 5.7.1 <f@x.y>: no (1:03)", 0, 3, "(1:03)" },
		{ "on rcpt times=2 * 250 ok\non rcpt * 554 5.7.1 no", 2, 5,
		    "refused 5 messages in the same words and took none in "
		    "between, so nobody counts" },
		{ "on end times=1 * 250 ok\non end * 554 5.7.1 spam", 1, 5,
		    "spam" },
	};
	struct letters l;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		print_message("%s\n", rows[i].script);
		assert_int_equal(run_apart(&l, 9, rows[i].script), -1);
		assert_int_equal(l.err.kind, ERR_REFUSED);
		assert_non_null(strstr(l.err.msg, "smtp://127.0.0.1:"));
		if (strstr(l.err.msg, rows[i].words) == NULL)
			fail_msg("%s", l.err.msg);
		assert_int_equal(l.given, rows[i].sent + rows[i].refused);
		expect_all(&l, 0, rows[i].sent, TRANSPORT_SENT);
		for (j = rows[i].sent; j < l.given; j++)
			if (l.letter[j].result.code / 100 == 5 &&
			    strstr(l.letter[j].result.text, "5.1.1") == NULL)
				letters_expect(&l, j, TRANSPORT_REFUSED);
		letters_release(&l);
	}
}

#define DIFFERENT_WORDS \
	"on rcpt times=2 * 554 5.7.1 no\non rcpt times=2 * 554 5.7.2 no\n" \
	"on rcpt times=2 * 550 5.7.2 no\non rcpt times=2 * 550 5.7.2 no more\n"
#define NOT_IN_A_ROW \
	"on rcpt times=2 * 554 5.7.1 no\non rcpt times=1 * 250 ok\n" \
	"on rcpt times=4 * 554 5.7.1 no\non rcpt times=1 * 250 ok\n"

/* Not in the same words, or not in a row, or of the recipient. */
static void test_some_refused(void **state)
{
	static const char *const scripts[] = {
		"on rcpt * 550 5.1.1 who",
		"on rcpt * 550 5.2.1 closed",
		DIFFERENT_WORDS,
		NOT_IN_A_ROW
	};
	struct letters l;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
		print_message("%s\n", scripts[i]);
		assert_int_equal(run_apart(&l, 9, scripts[i]), 0);
		assert_int_equal(l.given, 9);
		expect_all(&l, 0, 2, i < 2 ? TRANSPORT_FAILED :
		    TRANSPORT_REFUSED);
		letters_expect(&l, 7, i < 2 ? TRANSPORT_FAILED : i == 2 ?
		    TRANSPORT_REFUSED : TRANSPORT_SENT);
		letters_release(&l);
	}
}

/* It may be the domains that are refused: then it takes more of them, unless
 * those of three are among them. */
static void test_a_domain_refused(void **state)
{
	static const char script[] = "on rcpt times=1 * 250 ok\n"
	    "on rcpt *@example.com 554 5.7.1 no\n"
	    "on rcpt *@example.org 554 5.7.1 no\n"
	    "on rcpt *@[Ee]xample.[Nn][Ee][Tt] 554 5.7.1 no";
	static const char series[] = "on rcpt times=1 * 250 ok\n"
	    "on rcpt times=2 * 554 5.7.1 one\n"
	    "on rcpt * 554 5.7.1 two";
	struct letters l;

	(void)state;
	assert_int_equal(run_script(&l, 101, script), -1);
	assert_int_equal(l.given, 101);
	letters_expect(&l, 0, TRANSPORT_SENT);
	expect_all(&l, 1, 101, TRANSPORT_REFUSED);
	assert_non_null(strstr(l.err.msg, "refused 100 messages to friends at "
	    "example.net in"));
	letters_release(&l);
	assert_int_equal(run_script(&l, 100, script), 0);
	expect_all(&l, 1, 100, TRANSPORT_REFUSED);
	letters_release(&l);
	letters_init(&l, 20);
	strcpy(l.letter[2].to, "friend2@example.com");
	strcpy(l.letter[9].to, "friend9@example.org");
	assert_int_equal(run_letters(&l, script), -1);
	assert_int_equal(l.given, 10);
	assert_non_null(strstr(l.err.msg, "refused 9 messages in"));
	letters_release(&l);
	letters_init(&l, 101);
	strcpy(l.letter[2].to, "friend2@example.com");
	assert_int_equal(run_letters(&l, script), -1);
	assert_int_equal(l.given, 101);
	assert_non_null(strstr(l.err.msg, "refused 100 messages to friends at "
	    "example.net and example.com in"));
	letters_release(&l);
	/* Its letters in another case are no other one. */
	letters_init(&l, 20);
	strcpy(l.letter[8].to, "friend8@example.com");
	strcpy(l.letter[9].to, "friend9@Example.NET");
	assert_int_equal(run_letters(&l, script), 0);
	expect_all(&l, 1, 20, TRANSPORT_REFUSED);
	letters_release(&l);
	/* Nor is one that was refused in other words. */
	letters_init(&l, 20);
	strcpy(l.letter[1].to, "friend1@example.com");
	strcpy(l.letter[9].to, "friend9@example.org");
	assert_int_equal(run_letters(&l, series), 0);
	expect_all(&l, 1, 20, TRANSPORT_REFUSED);
	letters_release(&l);
}

/* Those who were refused before tell nothing of the others, whoever else is
 * among them. */
static void test_refused_before(void **state)
{
	struct letters l;
	size_t i;

	(void)state;
	letters_init(&l, 20);
	letters_apart(&l);
	for (i = 0; i < 18; i++)
		l.letter[i].refused_before = true;
	assert_int_equal(run_letters(&l, "on rcpt * 554 5.7.1 no"), 0);
	expect_all(&l, 0, 20, TRANSPORT_REFUSED);
	letters_release(&l);
	letters_init(&l, 21);
	letters_apart(&l);
	for (i = 0; i < 18; i++)
		l.letter[i].refused_before = true;
	assert_int_equal(run_letters(&l, "on rcpt * 554 5.7.1 no"), -1);
	assert_non_null(strstr(l.err.msg, "refused 3 messages"));
	letters_release(&l);
}

/* 4xx is of the moment, and never a reason to give up the others. */
static void test_deferred(void **state)
{
	struct letters l;

	(void)state;
	assert_int_equal(run_script(&l, 5, "on mail times=4 * 450 4.7.1 no"),
	    0);
	expect_all(&l, 0, 4, TRANSPORT_DEFERRED);
	letters_expect(&l, 4, TRANSPORT_SENT);
	letters_release(&l);
}

/* The relay's words are one line without line ends wherever they are told. */
static void test_words_are_clean(void **state)
{
	struct letters l;

	(void)state;
	assert_int_equal(run_script(&l, 3, "on mail * 421 4.3.0 go\\naway"),
	    -1);
	assert_non_null(strstr(l.err.msg,
	    "the relay ended the session: 4.3.0 go away"));
	assert_null(strchr(l.err.msg, '?'));
	letters_release(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_run_stops),
		cmocka_unit_test(test_one_message_fails),
		cmocka_unit_test(test_three_in_a_row),
		cmocka_unit_test(test_all_refused),
		cmocka_unit_test(test_some_refused),
		cmocka_unit_test(test_a_domain_refused),
		cmocka_unit_test(test_refused_before),
		cmocka_unit_test(test_deferred),
		cmocka_unit_test(test_words_are_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
