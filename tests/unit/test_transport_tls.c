/*
 * smtps:// and smtp+starttls:// against a peer with TLS and AUTH: what must go
 * well, and that nothing of a message leaves where it may not.
 */
#include "tls_fixture.h"

#define USER "friend+of@example.org"
#define PASSWORD "s3cret pass=word"
#define LOGIN " --user '" USER "' --password '" PASSWORD "' --auth "

static struct transport_options trusting(void)
{
	return (struct transport_options){ .tls_ca_file = tls_file("ca.pem") };
}

static void all_sent(const struct sink *s, struct letters *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		letters_expect(l, i, TRANSPORT_SENT);
		assert_int_equal(l->letter[i].result.code, 250);
	}
	check_taken(s, l);
}

static void test_messages_arrive_as_they_are(void **state)
{
	static const char *const rows[][3] = {
		{ "smtps", "localhost", "" },
		{ "smtps", "127.0.0.1", "--offer SIZE" },
		{ "smtp+starttls", "localhost", "" },
		{ "smtp+starttls", "127.0.0.1", "--max-tls 1.2" },
		{ "smtps", "localhost", "--offer 8BITMIME --max-tls 1.2" },
	};
	struct letters l;
	struct sink s;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct transport_options with = trusting();

		print_message("%s %s %s\n", rows[i][0], rows[i][1], rows[i][2]);
		tls_start(&s, rows[i][0], rows[i][1], "good.pem", rows[i][2]);
		letters_init(&l, 5);
		l.with = &with;
		if (letters_run(&l, s.url, 5, 3) != 0)
			fail_msg("%s", l.err.msg);
		all_sent(&s, &l);
		assert_int_equal(connections(&s), 2);
		assert_int_equal(tls_said(&s, "tls\tMAIL FROM:<show@exam"), 5);
		assert_int_equal(tls_said(&s, "plain\tMAIL"), 0);
		assert_int_equal(tls_said(&s, "tls\tQUIT"), 2);
		assert_int_equal(tls_said(&s, "tls\tEHLO client.example"), 2);
		if (strcmp(rows[i][1], "localhost") == 0)
			assert_int_equal(tls_said(&s, "plain\tSNI localhost"),
			    2);
		for (j = 0; j < 5; j++) {
			char name[32], *got;

			snprintf(name, sizeof name, "%06zu.eml", j + 1);
			got = slurp(s.dir, name);
			assert_string_equal(got, l.letter[j].text);
			free(got);
			snprintf(name, sizeof name, "Q%06zu", j + 1);
			assert_string_equal(l.letter[j].result.queue_id, name);
		}
		letters_release(&l);
		sink_stop(&s);
	}
}

/* In as many pieces as one likes, and longer than any buffer. */
static void test_long_and_in_pieces(void **state)
{
	struct transport_options with;
	struct letters l;
	struct sink s;
	size_t len = 300000, at = 0, i;
	char *text, *got;
	const char *head;

	(void)state;
	tls_start(&s, "smtps", "localhost", "good.pem", "");
	with = trusting();
	letters_init(&l, 1);
	l.with = &with;
	text = xmalloc(len + 100);
	head = "Date: Mon, 02 Jun 2025 10:00:00 +0000\r\nFrom: a@b.example\r\n"
	    "Message-ID: <1@b.example>\r\n\r\n";
	at = (size_t)snprintf(text, len, "%s", head);
	while (at < len)
		at += (size_t)snprintf(text + at, 60, ".%zu.\r\n..\r\n\r\nx\r\n",
		    at);
	letter_set(&l.letter[0], text);
	l.letter[0].nparts = 8;
	for (i = 0; i < 8; i++) {
		size_t from = at * i / 8, to = at * (i + 1) / 8;

		/* One part in the middle of a CRLF, one empty, one a CRLF. */
		l.letter[0].part[i].iov_base = l.letter[0].text + from;
		l.letter[0].part[i].iov_len = to - from;
	}
	l.letter[0].part[6].iov_len += l.letter[0].part[7].iov_len - 1;
	l.letter[0].part[7].iov_base = l.letter[0].text + at - 1;
	l.letter[0].part[7].iov_len = 1;
	assert_int_equal(letters_run(&l, s.url, 20, 0), 0);
	all_sent(&s, &l);
	got = slurp(s.dir, "000001.eml");
	assert_int_equal(strlen(got), at);
	assert_string_equal(got, text);
	free(got);
	free(text);
	letters_release(&l);
	sink_stop(&s);
}

static void test_every_way_of_auth(void **state)
{
	static const struct {
		const char *scheme, *offered, *auth, *taken;
	} rows[] = {
		{ "smtps", "'PLAIN LOGIN'", NULL, "tls\tAUTH PLAIN" },
		{ "smtps", "'GSSAPI LOGIN'", "any", "tls\tAUTH LOGIN" },
		{ "smtp+starttls", "'PLAIN LOGIN'", "login", "tls\tAUTH LOGIN" },
		{ "smtps", "'PLAIN CRAM-MD5'", "cram-md5",
		    "tls\tAUTH CRAM-MD5" },
		{ "smtps", "'PLAIN XOAUTH2'", "xoauth2", "tls\tAUTH XOAUTH2" },
		{ "smtp+starttls", "PLAIN", "plain", "tls\tAUTH PLAIN" },
		{ "smtp", "PLAIN", NULL, "plain\tAUTH PLAIN" },
	};
	struct letters l;
	struct sink s;
	char flags[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct transport_options with = trusting();

		print_message("%s %s\n", rows[i].scheme, rows[i].taken);
		snprintf(flags, sizeof flags, LOGIN "%s", rows[i].offered);
		tls_start(&s, rows[i].scheme, "localhost", "good.pem", flags);
		with.user = USER;
		with.password = PASSWORD;
		with.auth = rows[i].auth;
		letters_init(&l, 2);
		l.with = &with;
		if (letters_run(&l, s.url, 5, 0) != 0)
			fail_msg("%s", l.err.msg);
		all_sent(&s, &l);
		assert_int_equal(tls_said(&s, rows[i].taken), 1);
		letters_release(&l);
		sink_stop(&s);
	}
}

/* What must not happen: not one of the commands of a message leaves. */
static void test_nothing_leaves(void **state)
{
	static const struct {
		const char *scheme, *host, *cert, *flags;
		bool login;
		enum err_kind kind;
		const char *words;
	} rows[] = {
		{ "smtps", "localhost", "self.pem", "", false, ERR_NETWORK,
		    "certificate is not trusted" },
		{ "smtps", "localhost", "other.pem", "", false, ERR_NETWORK,
		    "certificate is not trusted" },
		{ "smtps", "localhost", "expired.pem", "", false, ERR_NETWORK,
		    "expired" },
		{ "smtp+starttls", "localhost", "self.pem", "", false,
		    ERR_NETWORK, "certificate is not trusted" },
		{ "smtp+starttls", "127.0.0.1", "other.pem", "", false,
		    ERR_NETWORK, "`tls_ca_file`" },
		{ "smtp+starttls", "localhost", "good.pem",
		    "--fault no-starttls", false, ERR_REFUSED,
		    "offers no encryption (STARTTLS)" },
		{ "smtp+starttls", "localhost", "good.pem",
		    "--fault refuse-starttls", false, ERR_TEMPORARY,
		    "454 4.7.0 no TLS now" },
		{ "smtp+starttls", "localhost", "good.pem", "--fault inject",
		    true, ERR_PROTOCOL, "before the encryption" },
		{ "smtps", "localhost", "good.pem", "--max-tls 1.1", false,
		    ERR_PROTOCOL, "no TLS comes about" },
		{ "smtps", "localhost", "good.pem", LOGIN "PLAIN --fault "
		    "no-auth", true, ERR_REFUSED, "offers no AUTH" },
		{ "smtp+starttls", "localhost", "good.pem", LOGIN "PLAIN "
		    "--fault no-auth", true, ERR_REFUSED, "offers no AUTH" },
		{ "smtp", "localhost", "good.pem", LOGIN "PLAIN --fault "
		    "no-auth", true, ERR_REFUSED, "offers no AUTH" },
		{ "smtps", "localhost", "good.pem", LOGIN "'GSSAPI NTLM'",
		    true, ERR_REFUSED, "offers AUTH GSSAPI NTLM" },
		{ "smtps", "localhost", "good.pem", LOGIN "PLAIN --fault "
		    "auth='535 5.7.8 wrong'", true, ERR_REFUSED,
		    "535 5.7.8 wrong" },
		{ "smtps", "localhost", "good.pem", LOGIN "LOGIN --fault "
		    "auth='535 5.7.8 wrong'", true, ERR_REFUSED,
		    "535 5.7.8 wrong" },
		{ "smtps", "localhost", "good.pem", LOGIN "PLAIN --fault "
		    "auth='454 4.7.0 later'", true, ERR_TEMPORARY, "later" },
		{ "smtps", "localhost", "good.pem", LOGIN "PLAIN --fault "
		    "auth='250 2.0.0 ok'", true, ERR_PROTOCOL,
		    "neither yes (235) nor no" },
		{ "smtps", "localhost", "good.pem", "--fault "
		    "ehlo='550 5.7.1 go away'", false, ERR_REFUSED, "go away" },
		{ "smtp+starttls", "localhost", "good.pem", "--fault "
		    "greeting='421 4.3.2 busy'", false, ERR_TEMPORARY, "busy" },
		{ "smtps", "localhost", "good.pem", "--fault "
		    "greeting='554 5.7.1 no'", false, ERR_REFUSED, "554 5.7.1" },
		{ "smtp+starttls", "localhost", "good.pem", "--fault garbage",
		    false, ERR_PROTOCOL, "does not speak SMTP" },
		{ "smtps", "localhost", "good.pem", "--fault garbage", false,
		    ERR_PROTOCOL, "does not speak SMTP" },
		{ "smtps", "localhost", "good.pem", "--fault flood", false,
		    ERR_TEMPORARY, "Too large" },
		{ "smtps", "localhost", "good.pem", "--fault flood-lines",
		    false, ERR_PROTOCOL, "does not speak SMTP" },
		{ "smtps", "localhost", "good.pem", "--fault accept-drop",
		    false, ERR_TEMPORARY, "lost 3 times in a row" },
		{ "smtp+starttls", "localhost", "good.pem", "--fault "
		    "accept-drop", false, ERR_TEMPORARY, "before the greeting" },
		{ "smtps", "localhost", "good.pem", "--fault hang=greeting",
		    false, ERR_NETWORK, "no greeting" },
		{ "smtps", "localhost", "good.pem", "--fault trickle=greeting",
		    false, ERR_NETWORK, "no greeting" },
		{ "smtps", "localhost", "good.pem", "--fault hang=tls",
		    false, ERR_NETWORK, "no greeting under TLS" },
		{ "smtp+starttls", "localhost", "good.pem", "--fault hang=tls",
		    false, ERR_NETWORK, "end of the TLS handshake" },
		{ "smtp+starttls", "localhost", "good.pem", "--fault hang=ehlo",
		    false, ERR_NETWORK, "no answer to EHLO" },
		{ "smtps", "localhost", "good.pem", LOGIN "PLAIN --fault "
		    "hang=auth", true, ERR_NETWORK, "no answer to AUTH" },
	};
	struct letters l;
	struct sink s;
	char flags[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct transport_options with = trusting();

		print_message("%s %s %s\n", rows[i].scheme, rows[i].cert,
		    rows[i].flags);
		snprintf(flags, sizeof flags, "%s", rows[i].flags);
		tls_start(&s, rows[i].scheme, rows[i].host, rows[i].cert,
		    flags);
		if (rows[i].login) {
			with.user = USER;
			with.password = PASSWORD;
		}
		letters_init(&l, 2);
		l.with = &with;
		assert_int_equal(letters_run(&l, s.url, 1, 0), -1);
		print_message("  %s\n", l.err.msg);
		if (l.err.kind != rows[i].kind ||
		    strstr(l.err.msg, rows[i].words) == NULL)
			fail_msg("%d %s", (int)l.err.kind, l.err.msg);
		assert_non_null(strstr(l.err.msg, s.url));
		assert_null(strstr(l.err.msg, PASSWORD));
		/* Lost twice, a message makes room for the next. */
		if (strstr(l.err.msg, "in a row") != NULL)
			letters_expect(&l, 0, TRANSPORT_DEFERRED);
		letters_expect(&l, l.given - 1, TRANSPORT_UNTRIED);
		assert_int_equal(l.letter[0].doubts, 0);
		assert_int_equal(tls_said(&s, "tls\tMAIL") +
		    tls_said(&s, "tls\tRCPT") + tls_said(&s, "tls\tDATA") +
		    tls_said(&s, "plain\tMAIL") + tls_said(&s, "plain\tRCPT") +
		    tls_said(&s, "plain\tDATA"), 0);
		letters_release(&l);
		sink_stop(&s);
	}
}

/* The one that wants TLS 1.3 from a relay of 1.2; a certificate of our own. */
static void test_tls_options(void **state)
{
	struct transport_options with;
	char flags[200];
	struct letters l;
	struct sink s;

	(void)state;
	tls_start(&s, "smtps", "localhost", "good.pem", "--max-tls 1.2");
	with = trusting();
	with.tls_13 = true;
	letters_init(&l, 1);
	l.with = &with;
	assert_int_equal(letters_run(&l, s.url, 5, 0), -1);
	assert_int_equal(l.err.kind, ERR_PROTOCOL);
	letters_release(&l);
	sink_stop(&s);

	snprintf(flags, sizeof flags, "--client-ca %s", tls_file("ca.pem"));
	tls_start(&s, "smtps", "localhost", "good.pem", flags);
	with = trusting();
	with.tls_13 = true;
	with.tls_cert_file = tls_file("client.pem");
	letters_init(&l, 1);
	l.with = &with;
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	all_sent(&s, &l);
	letters_release(&l);
	/* Without it, or with one that is not there. */
	with.tls_cert_file = NULL;
	letters_init(&l, 1);
	l.with = &with;
	assert_int_equal(letters_run(&l, s.url, 5, 0), -1);
	assert_int_equal(l.err.kind, ERR_PROTOCOL);
	assert_non_null(strstr(l.err.msg, "`tls_cert_file`"));
	assert_int_equal(tls_said(&s, "tls\tMAIL"), 1);
	letters_release(&l);
	with.tls_cert_file = "/nonexistent.pem";
	letters_init(&l, 1);
	l.with = &with;
	assert_int_equal(letters_run(&l, s.url, 5, 0), -1);
	assert_int_equal(l.err.kind, ERR_CONFIG);
	letters_release(&l);
	sink_stop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_arrive_as_they_are),
		cmocka_unit_test(test_long_and_in_pieces),
		cmocka_unit_test(test_every_way_of_auth),
		cmocka_unit_test(test_nothing_leaves),
		cmocka_unit_test(test_tls_options),
	};

	return cmocka_run_group_tests(tests, tls_have_certs, tls_drop_certs);
}
