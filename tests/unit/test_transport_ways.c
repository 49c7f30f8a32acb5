/*
 * Other ways to send: options that go with a relay or do not, notices through
 * libesmtp, and a program for each message.
 */
#include "program_fixture.h"

/* What does not go together is told before anything is sent. */
static void test_logins(void **state)
{
	static const struct {
		const char *url, *user, *password, *words;
	} rows[] = {
		{ "smtp://relay.example", "u", "p", "without TLS" },
		{ "smtp://10.0.0.1", "u", "p", "without TLS" },
		{ "smtp://localhost.example", "u", "p", "without TLS" },
		{ "smtp://[::2]", "u", "p", "without TLS" },
		{ "smtp://localhost", "u", "p", NULL },
		{ "smtp://127.0.0.2", "u", "p", NULL },
		{ "smtp://[::1]", "u", "p", NULL },
		{ "smtps://relay.example", "u", "p", NULL },
		{ "smtps://relay.example", "u", NULL, "no password" },
		{ "smtps://relay.example", "u", "", "no password" },
		{ "smtps://relay.example", "", "p", "`user`" },
		{ "smtps://relay.example", "u\r\nRSET", "p", "`user`" },
		{ "smtps://relay.example", "u", "p\nq", "password has" },
		{ "sendmail:/bin/sh", "u", "p", "take `user` out" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct transport_options o = { .user = rows[i].user,
		    .password = rows[i].password };
		struct err err = ERR_INIT;
		struct transport *t = transport_open(rows[i].url, &o, &err);

		print_message("%s: %s\n", rows[i].url, err.msg);
		if (rows[i].words == NULL)
			assert_non_null(t);
		else {
			assert_null(t);
			assert_int_equal(err.kind, ERR_CONFIG);
			assert_non_null(strstr(err.msg, rows[i].words));
		}
		transport_close(t);
	}
}

/* Where the relay offers it, and nothing of it where it does not. */
static void test_notices(void **state)
{
	struct transport_options with = { .dsn = true };
	struct letters l;
	struct sink s;
	char *dialog;
	int offered;

	(void)state;
	for (offered = 0; offered < 2; offered++) {
		sink_start(&s, offered ? "ehlo DSN\nehlo SIZE 100000" :
		    "ehlo SIZE 100000");
		letters_init(&l, 2);
		l.with = &with;
		l.envid = "2025-W23.a+b=c";
		snprintf(l.letter[1].to, sizeof l.letter[1].to,
		    "a+b@example.net");
		assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
		letters_expect(&l, 1, TRANSPORT_SENT);
		dialog = slurp(s.dir, "dialog.log");
		assert_int_equal(strstr(dialog, " RET=HDRS ") != NULL,
		    offered);
		assert_int_equal(strstr(dialog, " ENVID=2025-W23.a+2Bb+3Dc") !=
		    NULL, offered);
		assert_int_equal(strstr(dialog, "<a+b@example.net> "
		    "NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb@example.net") !=
		    NULL, offered);
		free(dialog);
		letters_release(&l);
		sink_stop(&s);
	}
}

/* libesmtp has 256 octets for a recipient there. */
static void test_long_recipients(void **state)
{
	struct transport_options with = { .dsn = true };
	struct letters l;
	struct sink s;
	char *dialog;
	size_t i, n;

	(void)state;
	sink_start(&s, "ehlo DSN");
	letters_init(&l, 8);
	l.with = &with;
	for (i = 0; i < l.count; i++) {
		n = 247 + i;	/* 251 to 258 in xtext */
		memset(l.letter[i].to, 'd', n);
		memcpy(l.letter[i].to, "a+b+c@", 6);
		l.letter[i].to[60] = l.letter[i].to[120] =
		    l.letter[i].to[180] = l.letter[i].to[240] = '.';
		l.letter[i].to[n] = '\0';
	}
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	dialog = slurp(s.dir, "dialog.log");
	for (i = 0; i < l.count; i++)
		letters_expect(&l, i, TRANSPORT_SENT);
	assert_non_null(strstr(dialog, " ORCPT=rfc822;a+2Bb+2Bc@d"));
	assert_null(strstr(dialog, "(null)"));
	free(dialog);
	letters_release(&l);
	sink_stop(&s);
}

/* ---- sendmail: ---- */

static void test_program_gets_it(void **state)
{
	struct letters l;
	struct sink s;
	char *text, *p, *q;

	(void)state;
	make_program(&s, "cat >> $DIR/out; echo queued as ABC; echo more >&2");
	letters_init(&l, 2);
	snprintf(l.letter[0].to, sizeof l.letter[0].to, "-f@example.net");
	snprintf(l.letter[1].to, sizeof l.letter[1].to, "a;b$c@example.net");
	if (letters_run(&l, s.url, 10, 0) != 0)
		fail_msg("%s", l.err.msg);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_expect(&l, 1, TRANSPORT_SENT);
	assert_string_equal(l.letter[0].result.queue_id, "ABC");
	text = slurp(s.dir, "args");
	assert_string_equal(text, "-oi\n-i\n-f\nshow@example.org\n--\n"
	    "-f@example.net\n-oi\n-i\n-f\nshow@example.org\n--\n"
	    "a;b$c@example.net\n");
	free(text);
	/* Lines end in LF, and nothing else is changed. */
	for (p = q = l.letter[0].text; *p != '\0'; p++)
		if (*p != '\r')
			*q++ = *p;
	*q = '\0';
	text = slurp(s.dir, "out");
	assert_memory_equal(text, l.letter[0].text, strlen(l.letter[0].text));
	assert_null(strchr(text, '\r'));
	free(text);
	letters_release(&l);
	drop_program(&s);
}

static void test_program_says(void **state)
{
	static const struct {
		const char *then;
		int status;
		enum transport_verdict verdict;
		const char *words;
	} rows[] = {
		{ "cat >/dev/null; echo no such >&2; exit 67", 0,
		    TRANSPORT_FAILED, "ended with 67: no such" },
		{ "cat >/dev/null; exit 65", 0, TRANSPORT_FAILED, "65" },
		{ "cat >/dev/null; exit 75", 0, TRANSPORT_DEFERRED, "75" },
		{ "cat >/dev/null; exit 69", 0, TRANSPORT_DEFERRED, "69" },
		{ "cat >/dev/null; exit 71", 0, TRANSPORT_DEFERRED, "71" },
		{ "exit 64", -1, TRANSPORT_UNTRIED, "ended with 64" },
		{ "echo denied; exit 77", -1, TRANSPORT_UNTRIED,
		    "it says: denied" },
		{ "exit 1", -1, TRANSPORT_UNTRIED, "ended with 1, which" },
		{ "cat >/dev/null; kill -9 $$", 0, TRANSPORT_UNKNOWN,
		    "signal 9" },
		{ "cat >/dev/null; exec sleep 30", 0, TRANSPORT_UNKNOWN,
		    "more than 1 seconds" },
		{ "exec sleep 30 >&- 2>&-", 0, TRANSPORT_UNKNOWN,
		    "more than 1 seconds" },
		{ "exec /nonexistent/x 2>/dev/null", -1, TRANSPORT_UNTRIED,
		    "ended with 12" },
	};
	struct letters l;
	struct sink s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		print_message("%s\n", rows[i].then);
		make_program(&s, rows[i].then);
		letters_init(&l, 1);
		assert_int_equal(letters_run(&l, s.url, 1, 0), rows[i].status);
		letters_expect(&l, 0, rows[i].verdict);
		assert_int_equal(l.letter[0].doubts, 1);
		if (strstr(l.letter[0].result.text, rows[i].words) == NULL)
			fail_msg("%s", l.letter[0].result.text);
		letters_release(&l);
		drop_program(&s);
	}
}

/* It never sees the end of a message that is not whole. */
static void test_program_reads_no_more(void **state)
{
	struct letters l;
	struct sink s;
	struct timespec wait = { 1, 0 };
	char *text = xmalloc(1000100), *end;
	size_t at = 0;

	(void)state;
	while (at < 1000000)
		at += (size_t)sprintf(text + at, "a line of it\r\n");
	make_program(&s, "trap '' TERM; head -c 100 >/dev/null; (sleep 1.4; "
	    "cat >/dev/null; echo it is all there > $DIR/end); exit 0");
	letters_init(&l, 1);
	letter_set(&l.letter[0], text);
	assert_int_equal(letters_run(&l, s.url, 1, 0), 0);
	letters_expect(&l, 0, TRANSPORT_DEFERRED);
	nanosleep(&wait, NULL);
	end = slurp(s.dir, "end");
	assert_string_equal(end, "");
	free(end);
	letters_release(&l);
	drop_program(&s);
	make_program(&s, "exec true");
	letters_init(&l, 1);
	letter_set(&l.letter[0], text);
	assert_int_equal(letters_run(&l, s.url, 1, 0), -1);
	letters_expect(&l, 0, TRANSPORT_UNKNOWN);
	assert_non_null(strstr(l.err.msg, "before it had read the message"));
	letters_release(&l);
	drop_program(&s);
	free(text);
}

static void test_program_and_doubt(void **state)
{
	struct letters l;
	struct sink s;
	char *text;

	(void)state;
	make_program(&s, "cat >/dev/null");
	letters_init(&l, 2);
	l.refuse_doubt = 1;
	assert_int_equal(letters_run(&l, s.url, 5, 0), -1);
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	text = slurp(s.dir, "args");
	assert_string_equal(text, "");
	free(text);
	letters_release(&l);
	drop_program(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logins),
		cmocka_unit_test(test_notices),
		cmocka_unit_test(test_long_recipients),
		cmocka_unit_test(test_program_gets_it),
		cmocka_unit_test(test_program_says),
		cmocka_unit_test(test_program_reads_no_more),
		cmocka_unit_test(test_program_and_doubt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
