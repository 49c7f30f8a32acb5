/*
 * smtp:// against the scripted sink: a relay that refuses MAIL, which is the
 * same for all messages of a run.
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
		cmocka_unit_test(test_deferred),
		cmocka_unit_test(test_words_are_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
