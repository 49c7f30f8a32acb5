/*
 * Other ways to send: options that go with a relay or do not, notices through
 * libesmtp, a program for each message, and several relays as one.
 */
#include <sys/stat.h>

#include "sink_fixture.h"

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

/* A program that keeps what it is given in DIR, and then does this. */
static void make_program(struct sink *s, const char *then)
{
	char path[128];
	FILE *f;

	snprintf(s->dir, sizeof s->dir, "/tmp/test_transport.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(path, sizeof path, "%s/sendmail", s->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\nDIR=%s\nprintf '%%s\\n' \"$@\" >> $DIR/args\n"
	    "%s\n", s->dir, then);
	fclose(f);
	assert_int_equal(chmod(path, 0700), 0);
	snprintf(s->url, sizeof s->url, "sendmail:%s -oi", path);
	s->pid = -1;
}

static void drop_program(struct sink *s)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", s->dir);
	assert_int_equal(system(command), 0);
}

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

/* ---- several ---- */

static unsigned lost_count;
static char lost_words[ERR_MSG_MAX];

static void on_lost(void *ctx, const struct err *why)
{
	(void)ctx;
	lost_count++;
	snprintf(lost_words, sizeof lost_words, "%s", why->msg);
}

/* As letters_run, over what is joined. */
static int run_joined(struct letters *l, const char *const *urls,
    const unsigned *weights, size_t n)
{
	struct transport_options options = { .helo = "client.example",
	    .timeout = 2 };
	struct transport_source source = { l, letters_next, letters_soon,
	    letters_doubt, letters_settle, letters_idle, letters_stop, NULL };
	struct transport *list[4], *all;
	size_t i;
	int status;

	lost_count = 0;
	memset(&l->err, 0, sizeof l->err);
	for (i = 0; i < n; i++) {
		list[i] = transport_open(urls[i], &options, &l->err);
		assert_non_null(list[i]);
	}
	all = transport_join(list, weights, n, on_lost, NULL);
	assert_non_null(strstr(transport_url(all), urls[n - 1]));
	status = transport_run(all, &source, &l->err);
	transport_close(all);
	assert_int_equal(l->given, l->settled);
	return status;
}

static void test_shared_out(void **state)
{
	static const unsigned weights[] = { 1, 2 };
	struct sink a, b;
	const char *urls[] = { a.url, b.url };
	struct letters l;
	size_t i, got[2] = { 0, 0 };

	(void)state;
	sink_start(&a, "");
	sink_start(&b, "");
	letters_init(&l, 170);
	assert_int_equal(run_joined(&l, urls, weights, 2), 0);
	assert_int_equal(lost_count, 0);
	for (i = 0; i < l.count; i++) {
		letters_expect(&l, i, TRANSPORT_SENT);
		assert_int_equal(l.letter[i].doubts, 1);
		got[0] += (size_t)taken(&a, l.letter[i].to);
		got[1] += (size_t)taken(&b, l.letter[i].to);
	}
	assert_int_equal(got[0], 70);
	assert_int_equal(got[1], 100);
	letters_release(&l);
	sink_stop(&a);
	sink_stop(&b);
}

/* Nobody is left out, and nobody has it twice. */
static void test_one_fails(void **state)
{
	static const char *const scripts[] = {
		"on connect * 421 4.3.2 busy", "on connect * 554 5.3.2 never",
		"on mail * 530 5.7.0 log in first", "hang connect",
		/* Later, and a message that is cut. */
		"drop after 40\nhang connect",
	};
	static const unsigned weights[] = { 1, 1, 1 };
	struct sink a, b;
	const char *urls[] = { "smtp://127.0.0.1:9", a.url, b.url };
	struct letters l;
	size_t i, k, both;

	(void)state;
	for (k = 0; k < sizeof scripts / sizeof scripts[0]; k++) {
		print_message("%s\n", scripts[k]);
		sink_start(&a, k == 4 ? "on mail times=20 * 250 ok\n"
		    "on mail * 530 5.7.0 log in" : scripts[k]);
		sink_start(&b, "");
		letters_init(&l, 120);
		assert_int_equal(run_joined(&l, urls, weights, 3), 0);
		assert_int_equal(lost_count, 2);
		assert_non_null(strstr(lost_words, a.url));
		for (i = 0; i < l.count; i++) {
			letters_expect(&l, i, TRANSPORT_SENT);
			assert_int_equal(l.letter[i].doubts, 1);
			both = (size_t)taken(&a, l.letter[i].to) +
			    (size_t)taken(&b, l.letter[i].to);
			assert_int_equal(both, 1);
		}
		letters_release(&l);
		sink_stop(&a);
		sink_stop(&b);
	}
}

/* An address that is not ASCII is for relays that take such. */
static void test_not_ascii(void **state)
{
	static const unsigned weights[] = { 1, 1, 1 };
	static const size_t odd[] = { 0, 1, 60, 100, 129 };
	struct sink a, b, program;
	const char *urls[] = { a.url, b.url, program.url };
	struct letters l;
	size_t i, n;

	(void)state;
	for (n = 2; n <= 3; n++) {
		sink_start(&a, "");
		sink_start(&b, "");
		make_program(&program, "cat >/dev/null");
		letters_init(&l, 130);
		for (i = 0; i < sizeof odd / sizeof odd[0]; i++)
			snprintf(l.letter[odd[i]].to,
			    sizeof l.letter[0].to, "m\xc3\xbcller%zu@x.net", i);
		assert_int_equal(run_joined(&l, urls, weights, n), 0);
		assert_int_equal(lost_count, 0);
		for (i = 0; i < l.count; i++) {
			bool ascii = strchr(l.letter[i].to, '\xc3') == NULL;

			letters_expect(&l, i, n == 3 || ascii ?
			    TRANSPORT_SENT : TRANSPORT_FAILED);
			assert_int_equal(l.letter[i].doubts, n == 3 || ascii);
			if (n == 2 && !ascii)
				assert_non_null(strstr(
				    l.letter[i].result.text, "SMTPUTF8"));
		}
		letters_release(&l);
		sink_stop(&a);
		sink_stop(&b);
		drop_program(&program);
	}
}

/* One that may take it is only not there now. */
static void test_not_ascii_and_one_is_down(void **state)
{
	static const unsigned weights[] = { 1, 1 };
	struct sink a;
	const char *urls[] = { "smtps://127.0.0.1:9", a.url };
	struct letters l;

	(void)state;
	sink_start(&a, "");
	letters_init(&l, 3);
	snprintf(l.letter[1].to, sizeof l.letter[1].to, "m\xc3\xbcller@x.net");
	assert_int_equal(run_joined(&l, urls, weights, 2), 0);
	assert_int_equal(lost_count, 1);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_expect(&l, 1, TRANSPORT_DEFERRED);
	letters_expect(&l, 2, TRANSPORT_SENT);
	letters_release(&l);
	sink_stop(&a);
}

/* ... and the shares of the others stay what they are. */
static void test_not_ascii_and_weights(void **state)
{
	static const unsigned weights[] = { 3, 1 };
	struct sink a, program;
	const char *urls[] = { a.url, program.url };
	struct letters l;
	size_t i, got = 0;

	(void)state;
	sink_start(&a, "");
	make_program(&program, "cat >/dev/null");
	letters_init(&l, 400);
	for (i = 0; i < l.count; i += 20)
		snprintf(l.letter[i].to, sizeof l.letter[i].to,
		    "m\xc3\xbcller%zu@x.net", i);
	assert_int_equal(run_joined(&l, urls, weights, 2), 0);
	for (i = 0; i < l.count; i++) {
		letters_expect(&l, i, TRANSPORT_SENT);
		got += (size_t)taken(&a, l.letter[i].to);
	}
	/* Of 150 in a turn some eight are carried to the other. */
	assert_in_range(got, 270, 300);
	letters_release(&l);
	sink_stop(&a);
	drop_program(&program);
}

/* A program is in doubt before it says that it is not set up. */
static void test_program_fails(void **state)
{
	static const unsigned weights[] = { 1, 1 };
	struct sink a, b;
	const char *urls[] = { a.url, b.url };
	struct letters l;

	(void)state;
	make_program(&a, "cat >/dev/null; exit 78");
	sink_start(&b, "");
	letters_init(&l, 3);
	assert_int_equal(run_joined(&l, urls, weights, 2), 0);
	assert_int_equal(lost_count, 1);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_expect(&l, 2, TRANSPORT_SENT);
	assert_int_equal(l.letter[0].doubts, 1);
	check_taken(&b, &l);
	letters_release(&l);
	sink_stop(&b);
	drop_program(&a);
}

static void test_all_fail(void **state)
{
	static const char *const urls[] = { "smtp://127.0.0.1:9",
		"smtp://127.0.0.1:10" };
	static const unsigned weights[] = { 1, 1 };
	struct letters l;

	(void)state;
	letters_init(&l, 3);
	assert_int_equal(run_joined(&l, urls, weights, 2), -1);
	assert_int_equal(l.err.kind, ERR_TEMPORARY);
	assert_non_null(strstr(l.err.msg, urls[1]));
	assert_int_equal(lost_count, 1);
	assert_int_equal(l.given, 1);
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	letters_release(&l);
}

/* What is not the relay's fault is not carried to the next one. */
static void test_not_of_the_relay(void **state)
{
	static const unsigned weights[] = { 1, 1 };
	struct sink a, b;
	const char *urls[] = { a.url, b.url };
	struct letters l;

	(void)state;
	sink_start(&a, "on end * 554 5.7.1 spam");
	sink_start(&b, "");
	letters_init(&l, 5);
	letters_apart(&l);
	assert_int_equal(run_joined(&l, urls, weights, 2), -1);
	assert_int_equal(l.err.kind, ERR_REFUSED);
	assert_int_equal(lost_count, 0);
	assert_int_equal(l.given, 3);
	letters_release(&l);
	letters_init(&l, 5);
	l.refuse_doubt = 1;
	assert_int_equal(run_joined(&l, urls, weights, 2), -1);
	assert_int_equal(l.err.kind, ERR_IO);
	assert_int_equal(lost_count, 0);
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	letters_release(&l);
	letters_init(&l, 5);
	l.stop_after = 2;
	urls[0] = b.url;
	assert_int_equal(run_joined(&l, urls, weights, 2), 0);
	assert_int_equal(l.given, 2);
	letters_release(&l);
	sink_stop(&a);
	sink_stop(&b);
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
		cmocka_unit_test(test_shared_out),
		cmocka_unit_test(test_one_fails),
		cmocka_unit_test(test_not_ascii),
		cmocka_unit_test(test_not_ascii_and_one_is_down),
		cmocka_unit_test(test_not_ascii_and_weights),
		cmocka_unit_test(test_program_fails),
		cmocka_unit_test(test_all_fail),
		cmocka_unit_test(test_not_of_the_relay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
