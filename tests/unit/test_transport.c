/*
 * smtp:// against the scripted sink: what becomes of a message when the relay
 * answers, refuses, hangs up or falls silent at each step.
 */
#include "sink_fixture.h"

static void test_sent(void **state)
{
	struct letters l;
	struct sink s;
	size_t i;

	(void)state;
	sink_start(&s, "");
	letters_init(&l, 3);
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	for (i = 0; i < 3; i++) {
		char name[32], *got;

		letters_expect(&l, i, TRANSPORT_SENT);
		assert_int_equal(l.letter[i].result.code, 250);
		snprintf(name, sizeof name, "%06zu", i + 1);
		assert_string_equal(l.letter[i].result.queue_id, name);
		assert_non_null(strstr(l.letter[i].result.text,
		    "2.0.0 Ok: queued as"));
		snprintf(name, sizeof name, "%06zu.eml", i + 1);
		got = slurp(s.dir, name);
		assert_string_equal(got, l.letter[i].text);
		free(got);
	}
	check_taken(&s, &l);
	assert_int_equal(connections(&s), 1);
	sink_stop(&s);
	letters_release(&l);
}

/* Servers have their own words for the id in their queue. */
static void test_queue_ids(void **state)
{
	static const struct { const char *answer, *queue_id; } rows[] = {
		{ "2.0.0 9f8e7d6c Message accepted for delivery", "9f8e7d6c" },
		{ "0A1b2C Message accepted for delivery", "0A1b2C" },
		{ "2.0.0 Message accepted for delivery", "" },
		{ "OK id=1vgA1b-000C2d-3e", "1vgA1b-000C2d-3e" },
		{ "fine", "" },
	};
	struct letters l;
	struct sink s;
	char script[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		snprintf(script, sizeof script, "on end * 250 %s",
		    rows[i].answer);
		sink_start(&s, script);
		letters_init(&l, 1);
		assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
		letters_expect(&l, 0, TRANSPORT_SENT);
		assert_string_equal(l.letter[0].result.queue_id,
		    rows[i].queue_id);
		sink_stop(&s);
		letters_release(&l);
	}
}

static const struct refusal {
	const char *script;
	enum transport_verdict verdict;
	int code;
} refusals[] = {
	{ "on mail times=1 * 450 4.1.8 not now", TRANSPORT_DEFERRED, 450 },
	{ "on rcpt friend0@* 450 4.2.0 grey", TRANSPORT_DEFERRED, 450 },
	{ "on rcpt friend0@* 550 5.1.1 who", TRANSPORT_FAILED, 550 },
	{ "on rcpt friend0@* 550 5.1.1 who\\n5.1.1 is that", TRANSPORT_FAILED,
	    550 },
	{ "ehlo 8BITMIME\non rcpt friend0@* 550 5.1.1 who", TRANSPORT_FAILED,
	    550 },
	{ "on rcpt friend0@* 452 4 full\non data times=1 354 go on",
	    TRANSPORT_DEFERRED, 452 },
	{ "on data times=1 * 451 4.3.0 not now", TRANSPORT_DEFERRED, 451 },
	{ "on rcpt friend0@* 550 5.1.10 who", TRANSPORT_FAILED, 550 },
	{ "on rcpt friend0@* 552 5.2.2 full", TRANSPORT_FAILED, 552 },
	{ "on rcpt friend0@* 550 5.1.8 from whom", TRANSPORT_REFUSED, 550 },
	{ "on rcpt friend0@* 550 no", TRANSPORT_REFUSED, 550 },
	{ "on data times=1 * 554 5.7.1 never", TRANSPORT_REFUSED, 554 },
	{ "on end friend0@* 451 4.3.0 not now", TRANSPORT_DEFERRED, 451 },
	{ "on end friend0@* 421 4.3.2 closing", TRANSPORT_DEFERRED, 421 },
	{ "on end friend0@* 552 5.3.4 too long", TRANSPORT_REFUSED, 552 },
};

static void test_refusals(void **state)
{
	struct letters l;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		print_message("%s\n", refusals[i].script);
		assert_int_equal(run_script(&l, 3, refusals[i].script), 0);
		letters_expect(&l, 0, refusals[i].verdict);
		assert_int_equal(l.letter[0].result.code, refusals[i].code);
		assert_true(l.letter[0].result.text[0] != '\0');
		assert_null(strpbrk(l.letter[0].result.text, "\r\n"));
		letters_expect(&l, 1, TRANSPORT_SENT);
		letters_expect(&l, 2, TRANSPORT_SENT);
		letters_release(&l);
	}
}

/* 421 ends the session and not the message. */
static void test_421(void **state)
{
	static const char *const scripts[] = {
		"on mail times=1 * 421 4.7.0 too many",
		"on rcpt times=1 friend1@* 421 4.7.0 too many",
		"on data times=1 * 421 4.7.0 too many",
	};
	struct letters l;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
		assert_int_equal(run_script(&l, 3, scripts[i]), 0);
		for (j = 0; j < 3; j++)
			letters_expect(&l, j, TRANSPORT_SENT);
		letters_release(&l);
	}
	/* Whoever brings it on each time does not stand in the way. */
	assert_int_equal(run_script(&l, 3, "on rcpt friend1@* 421 4.7.0 no"),
	    0);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_expect(&l, 1, TRANSPORT_DEFERRED);
	assert_int_equal(l.letter[1].result.code, 421);
	letters_expect(&l, 2, TRANSPORT_SENT);
	letters_release(&l);
}

/* Replies: 1 greeting, 2 EHLO, then MAIL RCPT DATA end for each message, and
 * 15 QUIT. Only who waits for the answer to the message is in doubt. */
static void test_drops(void **state)
{
	char script[64];
	struct letters l;
	int n, after;
	size_t i;

	(void)state;
	for (n = 1; n <= 15; n++)
		for (after = 0; after <= 1; after++) {
			snprintf(script, sizeof script, "drop %s %d",
			    after ? "after" : "before", n);
			assert_int_equal(run_script(&l, 3, script), 0);
			for (i = 0; i < 3; i++) {
				int data = 5 + 4 * (int)i;

				if (!after && n == data + 1)
					letters_expect(&l, i,
					    TRANSPORT_UNKNOWN);
				else if (!after || n != data ||
				    l.letter[i].doubts == 0)
					letters_expect(&l, i, TRANSPORT_SENT);
			}
			letters_release(&l);
		}
}

static void test_drop_in_data(void **state)
{
	struct letters l;

	(void)state;
	/* Half of the message gone, and the connection with it: whether that
	 * is seen before the doubt is a race, that it is not sent is not. So
	 * is whether it is lost three times in a row. */
	if (run_script(&l, 2, "dropdata 100") != 0)
		assert_int_equal(l.err.kind, ERR_TEMPORARY);
	assert_true(l.letter[0].result.verdict == TRANSPORT_DEFERRED ||
	    l.letter[0].result.verdict == TRANSPORT_UNKNOWN);
	letters_release(&l);
}

static void test_garbage(void **state)
{
	struct letters l;

	(void)state;
	assert_int_equal(run_script(&l, 2, "garbage end times=1 quite so"), 0);
	letters_expect(&l, 0, TRANSPORT_UNKNOWN);
	assert_string_equal(l.letter[0].result.text,
	    "the answer to the message is not SMTP: \"quite so\"");
	letters_expect(&l, 1, TRANSPORT_SENT);
	letters_release(&l);
	assert_int_equal(run_script(&l, 2, "garbage mail times=1 quite so"), 0);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_release(&l);
}

static void test_hangs(void **state)
{
	double from = seconds();
	struct letters l;

	(void)state;
	assert_int_equal(run_script(&l, 3, "hang end times=1"), 0);
	assert_true(seconds() - from > 0.9 && seconds() - from < 30);
	letters_expect(&l, 0, TRANSPORT_UNKNOWN);
	assert_non_null(strstr(l.letter[0].result.text, "within 1 seconds"));
	letters_expect(&l, 1, TRANSPORT_SENT);
	letters_expect(&l, 2, TRANSPORT_SENT);
	letters_release(&l);
	assert_int_equal(run_script(&l, 3, "hang rcpt times=1"), 0);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_release(&l);
	from = seconds();
	assert_int_equal(run_script(&l, 1, "hang connect"), -1);
	assert_int_equal(l.err.kind, ERR_NETWORK);
	assert_true(seconds() - from < 30);
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	letters_release(&l);
}

static const struct greeting {
	const char *script;
	enum err_kind kind;
	const char *words;
} greetings[] = {
	{ "on connect 421 4.3.2 busy", ERR_TEMPORARY, "421 4.3.2 busy" },
	{ "on connect 554 5.3.2 go away", ERR_REFUSED, "554 5.3.2 go away" },
	{ "on ehlo 450 4.3.2 busy", ERR_TEMPORARY, "450 4.3.2 busy" },
	{ "on ehlo 550 5.7.1 not you", ERR_REFUSED, "550 5.7.1 not you" },
	{ "garbage connect HTTP/1.1 400 Bad Request", ERR_PROTOCOL,
	    "HTTP/1.1 400" },
	{ "on connect 250 hello", ERR_PROTOCOL, "250 hello" },
	{ "drop before 1\ndrop before 2\ndrop before 3\n", ERR_TEMPORARY,
	    "3 times in a row" },
};

static void test_greetings(void **state)
{
	struct letters l;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof greetings / sizeof greetings[0]; i++) {
		print_message("%s\n", greetings[i].script);
		assert_int_equal(run_script(&l, 3, greetings[i].script), -1);
		assert_int_equal(l.err.kind, greetings[i].kind);
		assert_non_null(strstr(l.err.msg, greetings[i].words));
		assert_non_null(strstr(l.err.msg, "smtp://127.0.0.1:"));
		letters_expect(&l, l.given - 1, TRANSPORT_UNTRIED);
		letters_release(&l);
	}
}

/* HELO is tried where EHLO is not known, and nothing offered is needed. */
static void test_plain_relays(void **state)
{
	static const char *const scripts[] = {
		"on ehlo EHLO* 502 5.5.1 what", "ehlo",
		"ehlo PIPELINING\nehlo CHUNKING\nehlo SIZE 100000\nehlo XUSR",
		"ehlo chunking\nehlo BINARYMIME", "ehlo DSN\nehlo 8BITMIME",
		"ehlo ENHANCEDSTATUSCODES\non end 250 2.0.0 ok\\nbut no code",
	};
	struct letters l;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
		print_message("%s\n", scripts[i]);
		assert_int_equal(run_script(&l, 2, scripts[i]), 0);
		letters_expect(&l, 0, TRANSPORT_SENT);
		letters_expect(&l, 1, TRANSPORT_SENT);
		letters_release(&l);
	}
}

static void test_sessions(void **state)
{
	struct letters l;
	struct sink s;
	size_t i;

	(void)state;
	sink_start(&s, "");
	letters_init(&l, 1200);
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	for (i = 0; i < l.count; i++)
		letters_expect(&l, i, TRANSPORT_SENT);
	check_taken(&s, &l);
	assert_int_equal(connections(&s), 3);
	sink_stop(&s);
	letters_release(&l);
}

/* Who is refused costs no connection, whatever the relay says to a DATA that has
 * no recipient. */
static void test_refused_recipients(void **state)
{
	static const char *const scripts[] = {
		"on rcpt friend*[13579]@* 550 5.1.1 who",
		"on rcpt friend*[13579]@* 550 5.1.1 who\non data * 354 go on",
		"ehlo 8BITMIME\non rcpt friend*[13579]@* 550 5.1.1 who",
	};
	struct letters l;
	struct sink s;
	size_t i, k;

	(void)state;
	for (k = 0; k < sizeof scripts / sizeof scripts[0]; k++) {
		print_message("%s\n", scripts[k]);
		sink_start(&s, scripts[k]);
		letters_init(&l, 40);
		assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
		for (i = 0; i < l.count; i++)
			letters_expect(&l, i, i % 2 == 1 ? TRANSPORT_FAILED :
			    TRANSPORT_SENT);
		assert_int_equal(connections(&s), 1);
		sink_stop(&s);
		letters_release(&l);
	}
}

/* A relay that has nothing more to do is not waited for as for an answer. */
static void test_no_goodbye(void **state)
{
	double from = seconds();
	struct letters l;
	struct sink s;

	(void)state;
	sink_start(&s, "hang quit");
	letters_init(&l, 2);
	assert_int_equal(letters_run(&l, s.url, 60, 1), 0);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_expect(&l, 1, TRANSPORT_SENT);
	assert_true(seconds() - from < 30);
	sink_stop(&s);
	letters_release(&l);
}

static void test_stop(void **state)
{
	struct letters l;
	struct sink s;

	(void)state;
	sink_start(&s, "");
	letters_init(&l, 10);
	l.stop_after = 4;
	assert_int_equal(letters_run(&l, s.url, 5, 3), 0);
	assert_int_equal(l.given, 4);
	letters_expect(&l, 3, TRANSPORT_SENT);
	check_taken(&s, &l);
	/* MAIL and RCPT of each message are waited for. */
	assert_true(l.idled >= 8);
	assert_int_equal(l.gone, 4);
	sink_stop(&s);
	letters_release(&l);
}

static void test_idle_refused(void **state)
{
	struct letters l;
	struct sink s;

	(void)state;
	sink_start(&s, "");
	letters_init(&l, 4);
	l.refuse_idle = 3;
	assert_int_equal(letters_run(&l, s.url, 5, 0), -1);
	assert_int_equal(l.err.kind, ERR_IO);
	assert_int_equal(l.given, 3);
	letters_expect(&l, 1, TRANSPORT_SENT);
	letters_expect(&l, 2, TRANSPORT_UNTRIED);
	assert_int_equal(l.letter[2].doubts, 0);
	sink_stop(&s);
	letters_release(&l);
}

static void test_doubt_refused(void **state)
{
	struct letters l;
	struct sink s;

	(void)state;
	sink_start(&s, "");
	letters_init(&l, 4);
	l.refuse_doubt = 3;
	assert_int_equal(letters_run(&l, s.url, 5, 0), -1);
	assert_int_equal(l.err.kind, ERR_IO);
	assert_int_equal(l.given, 3);
	letters_expect(&l, 1, TRANSPORT_SENT);
	letters_expect(&l, 2, TRANSPORT_UNTRIED);
	check_taken(&s, &l);
	sink_stop(&s);
	letters_release(&l);
}

/* A bad message costs itself; none of it leaves. */
static void test_bad_messages(void **state)
{
	struct letters l;
	struct sink s;
	char *dialog, longer[1400];
	static const char *const bad[] = {
		"friend0@x.net>\r\nRCPT TO:<x@example.net", "friend1@x.net\n",
		"friend2@x.net\x7f", "", "friend4@x.net> NOTIFY=NEVER",
	};
	size_t i;

	(void)state;
	sink_start(&s, "");
	letters_init(&l, 8);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		snprintf(l.letter[i].to, sizeof l.letter[i].to, "%s", bad[i]);
	letter_set(&l.letter[5], "Date: x\r\nFrom: a@b.c\r\nMessage-ID: <a@b>"
	    "\r\n\r\nx\n.\nMAIL FROM:<>\r\n");
	memset(longer, 'a', sizeof longer);
	memcpy(longer + sizeof longer - 3, "\r\n", 3);
	letter_set(&l.letter[6], longer);
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	for (i = 0; i < 7; i++) {
		letters_expect(&l, i, TRANSPORT_FAILED);
		assert_int_equal(l.letter[i].doubts, 0);
		assert_int_equal(l.letter[i].result.code, 0);
		print_message("%s\n", l.letter[i].result.text);
	}
	letters_expect(&l, 7, TRANSPORT_SENT);
	dialog = slurp(s.dir, "dialog.log");
	assert_null(strstr(dialog, "friend0@"));
	assert_null(strstr(dialog, "NOTIFY"));
	free(dialog);
	sink_stop(&s);
	letters_release(&l);
}

/* Whatever is in a message arrives, and wherever it is cut: fields that are not
 * there, or twice, or not for us, lines that begin with a dot. */
static void test_as_it_is(void **state)
{
	static const char text[] = ".first: x\r\nReturn-Path: <a@b>\r\n"
	    "Received: from a\r\n\tby b\r\nTo: <a@b>\r\nTo: <c@d>\r\n"
	    "Bcc: <x@y>\r\n\r\n.\r\n..\r\n.x\r\nx.\r\n\r\n.\r\n";
	struct letter *one;
	struct letters l;
	struct sink s;
	char name[32], *got, dots[4 * 200 + 1];
	size_t i, n = sizeof text - 1;

	(void)state;
	sink_start(&s, "");
	letters_init(&l, n + 1);
	for (i = 0; i < sizeof dots - 1; i++)
		dots[i] = ".x\r\n"[i % 4];
	dots[i] = '\0';
	letter_set(&l.letter[n], dots);
	for (i = 0; i < n; i++) {
		one = &l.letter[i];
		letter_set(one, text);
		one->part[0].iov_len = i;
		one->part[1] = (struct iovec){ one->text + i, n - i };
		one->nparts = 2;
	}
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof name, "%06zu.eml", i + 1);
		got = slurp(s.dir, name);
		assert_string_equal(got, text);
		free(got);
	}
	snprintf(name, sizeof name, "%06zu.eml", n + 1);
	got = slurp(s.dir, name);
	assert_string_equal(got, dots);
	free(got);
	sink_stop(&s);
	letters_release(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sent),
		cmocka_unit_test(test_as_it_is),
		cmocka_unit_test(test_queue_ids),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_421),
		cmocka_unit_test(test_drops),
		cmocka_unit_test(test_drop_in_data),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_hangs),
		cmocka_unit_test(test_greetings),
		cmocka_unit_test(test_plain_relays),
		cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_refused_recipients),
		cmocka_unit_test(test_no_goodbye),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_idle_refused),
		cmocka_unit_test(test_doubt_refused),
		cmocka_unit_test(test_bad_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
