/*
 * Messages under TLS to a peer that refuses, hangs, hangs up or speaks out of
 * turn at each step: what was sent, what was not, and what nobody can tell.
 */
#include "tls_fixture.h"

struct row {
	const char *flags;
	int status;
	size_t count;
	const char *verdicts;	/* of each: S D F R U and - for UNTRIED */
	const char *words;	/* of the last one, or of the err */
};

static char letter_of(enum transport_verdict v)
{
	static const char letters[] = {
		[TRANSPORT_SENT] = 'S', [TRANSPORT_DEFERRED] = 'D',
		[TRANSPORT_FAILED] = 'F', [TRANSPORT_REFUSED] = 'R',
		[TRANSPORT_UNKNOWN] = 'U', [TRANSPORT_UNTRIED] = '-'
	};

	return letters[v];
}

static void run_rows(const struct row *rows, size_t n, const char *scheme,
    const char *more)
{
	struct transport_options with = { .tls_ca_file = NULL };
	char flags[400], got[32];
	struct letters l;
	struct sink s;
	size_t i, j;

	for (i = 0; i < n; i++) {
		print_message("%s %s%s\n", scheme, rows[i].flags, more);
		snprintf(flags, sizeof flags, "%s %s", rows[i].flags, more);
		tls_start(&s, scheme, "localhost", "good.pem", flags);
		letters_init(&l, rows[i].count);
		letters_apart(&l);
		with.tls_ca_file = tls_file("ca.pem");
		l.with = &with;
		assert_int_equal(letters_run(&l, s.url, 1, 0), rows[i].status);
		for (j = 0; j < l.given; j++)
			got[j] = letter_of(l.letter[j].result.verdict);
		got[j] = '\0';
		if (strcmp(got, rows[i].verdicts) != 0 || strstr(
		    rows[i].status == 0 ? l.letter[j - 1].result.text :
		    l.err.msg, rows[i].words) == NULL)
			fail_msg("%s: %s; %s", got, l.letter[j - 1].result.text,
			    l.err.msg);
		check_taken(&s, &l);
		letters_release(&l);
		sink_stop(&s);
	}
}

static void test_refusals(void **state)
{
	static const struct row rows[] = {
		{ "--on 'rcpt=friend1@*=550 5.1.1 who'", 0, 3, "SFS", "queued" },
		{ "--on 'rcpt=friend2@*=550 5.1.1 who'", 0, 3, "SSF",
		    "5.1.1 who" },
		{ "--on 'rcpt=friend1@*=450 4.2.0 wait'", 0, 3, "SDS", "" },
		{ "--on 'rcpt=friend1@*=554 5.7.1 no'", 0, 3, "SRS", "" },
		{ "--on 'data=friend1@*=451 4.3.0 no'", 0, 3, "SDS", "" },
		{ "--on 'end=friend1@*=554 5.6.0 no'", 0, 3, "SRS", "" },
		{ "--on 'end=friend1@*=452 4.3.1 full'", 0, 3, "SDS", "" },
		{ "--on 'rcpt=*=554 5.7.1 no relaying'", -1, 5, "RRR",
		    "no relaying" },
		{ "--on 'mail=*=550 5.7.1 not you'", -1, 5, "-", "not you" },
		{ "--on 'mail=*=451 4.3.0 later'", 0, 2, "DD", "later" },
		{ "--on 'end=*=550 5.7.1 spam'", -1, 5, "RRR", "spam" },
	};
	size_t n = sizeof rows / sizeof rows[0];

	(void)state;
	run_rows(rows, n, "smtps", "");
	run_rows(rows, n, "smtp+starttls", "--offer SIZE");
}

/* Without "once" it happens to each connection. */
static void test_faults(void **state)
{
	static const struct row rows[] = {
		{ "--fault once --fault drop=mail", 0, 2, "SS", "" },
		{ "--fault once --fault drop=rcpt", 0, 2, "SS", "" },
		{ "--fault once --fault drop=data", 0, 2, "SS", "" },
		{ "--fault drop=rcpt", 0, 1, "D",
		    "lost before the answer to RCPT" },
		{ "--fault drop=data", -1, 2, "D-", "3 times in a row" },
		{ "--fault hang=data", 0, 1, "D", "no answer to DATA within" },
		{ "--fault once --fault hang=mail", 0, 2, "SS", "" },
		{ "--fault trickle=mail", 0, 1, "D", "no answer to MAIL within" },
		/* The end of it has left. */
		{ "--fault once --fault drop=end", 0, 2, "US", "" },
		{ "--fault once --fault drop=told", 0, 2, "US", "" },
		{ "--fault drop=end", 0, 1, "U",
		    "lost before the answer to the message" },
		{ "--fault hang=end", 0, 1, "U",
		    "no answer to the message within 1 seconds" },
		{ "--fault once --fault flood-end", 0, 2, "SS", "" },
		{ "--fault cut-end", 0, 1, "S", "" },
		/* Connections end between messages. */
		{ "--fault die-after=1", 0, 3, "SSS", "" },
		{ "--fault bye-after=2", 0, 5, "SSSSS", "" },
	};

	(void)state;
	run_rows(rows, sizeof rows / sizeof rows[0], "smtps", "");
}

/* Longer than what the buffers between the two hold. */
static void make_long(struct letters *l)
{
	size_t len = 20000000, head;
	char *text = xmalloc(len + 100);

	head = (size_t)snprintf(text, len, "From: a@b.example\r\n\r\n");
	while (head < len)
		head += (size_t)snprintf(text + head, 80, "%s\r\n",
		    "0123456789012345678901234567890123456789012345678901234");
	letter_set(&l->letter[0], text);
	free(text);
}

static void test_cut_within(void **state)
{
	struct transport_options with = { .tls_ca_file = NULL };
	struct letters l;
	struct sink s;

	(void)state;
	tls_start(&s, "smtps", "localhost", "good.pem",
	    "--fault once --fault drop-data=1000");
	with.tls_ca_file = tls_file("ca.pem");
	letters_init(&l, 2);
	l.with = &with;
	make_long(&l);
	assert_int_equal(letters_run(&l, s.url, 20, 0), 0);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_expect(&l, 1, TRANSPORT_SENT);
	assert_int_equal(l.letter[0].doubts, 1);
	check_taken(&s, &l);
	letters_release(&l);
	sink_stop(&s);

	tls_start(&s, "smtps", "localhost", "good.pem",
	    "--fault drop-data=1000");
	with.tls_ca_file = tls_file("ca.pem");
	letters_init(&l, 1);
	l.with = &with;
	make_long(&l);
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	letters_expect(&l, 0, TRANSPORT_DEFERRED);
	assert_int_equal(l.letter[0].doubts, 0);
	check_taken(&s, &l);
	letters_release(&l);
	sink_stop(&s);
}

static void test_broken_in(void **state)
{
	struct transport_options with = { .tls_ca_file = NULL };
	struct letters l;
	struct sink s;

	(void)state;
	tls_start(&s, "smtps", "localhost", "good.pem", "--fault broken-in");
	with.tls_ca_file = tls_file("ca.pem");
	letters_init(&l, 1);
	l.with = &with;
	make_long(&l);
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	letters_expect(&l, 0, TRANSPORT_DEFERRED);
	assert_int_equal(l.letter[0].doubts, 0);
	assert_non_null(strstr(l.letter[0].result.text, "broke in on the "
	    "message: 451 4.3.0 no more room"));
	letters_release(&l);
	sink_stop(&s);
}

/* The hooks that end a run, and the user. */
static void test_the_source_ends_it(void **state)
{
	struct transport_options with = { .tls_ca_file = NULL };
	struct letters l;
	struct sink s;
	double begun;

	(void)state;
	tls_start(&s, "smtps", "localhost", "good.pem", "");
	with.tls_ca_file = tls_file("ca.pem");
	letters_init(&l, 3);
	l.with = &with;
	l.refuse_doubt = 2;
	assert_int_equal(letters_run(&l, s.url, 5, 0), -1);
	assert_int_equal(l.err.kind, ERR_IO);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_expect(&l, 1, TRANSPORT_UNTRIED);
	check_taken(&s, &l);
	letters_release(&l);
	letters_init(&l, 3);
	l.with = &with;
	l.stop_after = 1;
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	assert_int_equal(l.given, 1);
	letters_release(&l);
	sink_stop(&s);

	/* While it is waited for: before the doubt soon, after it not. */
	tls_start(&s, "smtps", "localhost", "good.pem", "--fault hang=data");
	letters_init(&l, 3);
	l.with = &with;
	begun = seconds();
	l.stop_at = begun + 0.3;
	assert_int_equal(letters_run(&l, s.url, 60, 0), 0);
	assert_true(seconds() - begun < 30);
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	assert_true(l.idled > 0);
	letters_release(&l);
	sink_stop(&s);
	tls_start(&s, "smtps", "localhost", "good.pem", "--fault hang=tls");
	letters_init(&l, 3);
	l.with = &with;
	begun = seconds();
	l.stop_at = begun + 0.3;
	assert_int_equal(letters_run(&l, s.url, 60, 0), 0);
	assert_true(seconds() - begun < 30);
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	letters_release(&l);
	sink_stop(&s);
	tls_start(&s, "smtps", "localhost", "good.pem", "--fault hang=end");
	letters_init(&l, 3);
	l.with = &with;
	begun = seconds();
	l.stop_at = begun + 0.3;
	assert_int_equal(letters_run(&l, s.url, 2, 0), 0);
	assert_true(seconds() - begun >= 2);
	letters_expect(&l, 0, TRANSPORT_UNKNOWN);
	letters_release(&l);
	sink_stop(&s);
}

static void test_notices(void **state)
{
	struct transport_options with = { .dsn = true };
	struct letters l;
	struct sink s;

	(void)state;
	tls_start(&s, "smtps", "localhost", "good.pem", "");
	with.tls_ca_file = tls_file("ca.pem");
	letters_init(&l, 1);
	l.with = &with;
	l.envid = "2025-W23.a+b=c";
	snprintf(l.letter[0].to, sizeof l.letter[0].to, "a+b@example.net");
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	letters_expect(&l, 0, TRANSPORT_SENT);
	assert_int_equal(tls_said(&s, "tls\tMAIL FROM:<show@example.org> "
	    "SIZE=304 RET=HDRS ENVID=2025-W23.a+2Bb+3Dc\n"), 1);
	assert_int_equal(tls_said(&s, "tls\tRCPT TO:<a+b@example.net> "
	    "NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb@example.net\n"), 1);
	letters_release(&l);
	sink_stop(&s);

	tls_start(&s, "smtps", "localhost", "good.pem", "--offer PIPELINING");
	letters_init(&l, 1);
	l.with = &with;
	l.envid = "x";
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	assert_int_equal(tls_said(&s, "tls\tMAIL FROM:<show@example.org>\n"),
	    1);
	assert_int_equal(tls_said(&s, "tls\tRCPT TO:<friend0@example.net>\n"),
	    1);
	letters_release(&l);
	sink_stop(&s);
}

/* A friend whose address is not ASCII, between two whose is (RFC 6531). */
static void test_letters_outside_ascii(void **state)
{
	static const char text[] = "Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
	    "From: a@b.example\r\nTo: <j\xc3\xbcrgen@example.net>\r\n"
	    "Message-ID: <x@b.example>\r\n\r\nText.\r\n";
	static const struct {
		const char *offers, *mail, *rcpt;
	} rows[] = {
		{ "--offer PIPELINING --offer SMTPUTF8 --offer DSN",
		    " RET=HDRS BODY=8BITMIME SMTPUTF8", " NOTIFY=FAILURE,DELAY "
		    "ORCPT=utf-8;j\\x{FC}rgen@example.net" },
		{ "--offer SMTPUTF8", " BODY=8BITMIME SMTPUTF8", "" },
		{ "--offer PIPELINING", " SMTPUTF8", "" }
	};
	char mail[120], rcpt[120];
	struct transport_options with = { .dsn = true };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool can = i < 2;
		struct letters l;
		struct sink s;

		tls_start(&s, "smtps", "localhost", "good.pem",
		    rows[i].offers);
		with.tls_ca_file = tls_file("ca.pem");
		letters_init(&l, 3);
		l.with = &with;
		snprintf(l.letter[1].to, sizeof l.letter[1].to,
		    "j\xc3\xbcrgen@example.net");
		letter_set(&l.letter[1], text);
		assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
		letters_expect(&l, 0, TRANSPORT_SENT);
		letters_expect(&l, 1, can ? TRANSPORT_SENT : TRANSPORT_FAILED);
		letters_expect(&l, 2, TRANSPORT_SENT);
		snprintf(mail, sizeof mail, "tls\tMAIL FROM:<show@example.org>"
		    "%s\n", rows[i].mail);
		snprintf(rcpt, sizeof rcpt, "tls\tRCPT TO:<j\xc3\xbcrgen@"
		    "example.net>%s\n", rows[i].rcpt);
		assert_int_equal(tls_said(&s, mail), can);
		assert_int_equal(tls_said(&s, rcpt), can);
		if (!can) {
			assert_string_equal(l.letter[1].result.text, "the relay "
			    "does not take addresses with letters outside ASCII "
			    "(SMTPUTF8)");
			assert_int_equal(l.letter[1].doubts, 0);
		}
		check_taken(&s, &l);
		letters_release(&l);
		sink_stop(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_cut_within),
		cmocka_unit_test(test_broken_in),
		cmocka_unit_test(test_the_source_ends_it),
		cmocka_unit_test(test_notices),
		cmocka_unit_test(test_letters_outside_ascii),
	};

	return cmocka_run_group_tests(tests, tls_have_certs, tls_drop_certs);
}
