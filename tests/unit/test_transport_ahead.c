/*
 * smtp:// and commands in one go (PIPELINING): against a relay that notes what
 * is there behind MAIL before it was answered, and refuses here and there.
 */
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#include "mail/transport_int.h"
#include "sink_fixture.h"

#define MESSAGES 5
#define LOOK_MS 10
#define OFFERED "250-relay\r\n250 PIPELINING\r\n"
#define NOTHING_OFFERED "250 relay\r\n"

/* What one message gets; NULL: what is usual. */
struct answers {
	const char *mail, *rcpt, *data, *end;
};

struct relay {
	pthread_t thread;
	int fd;
	char url[64];
	const char *ehlo;
	const struct answers *to;	/* MESSAGES of them, by MAIL */
	bool together;		/* answers only when nothing more comes */
	bool by_octets;		/* an octet of an answer at a time */
	/* What came. */
	size_t connections, mails, notices;
	size_t utf8, utf8_at;		/* MAIL with SMTPUTF8, the last one */
	bool ahead[2 * MESSAGES];	/* RCPT and DATA were there with it */
};

/* A connection. */
struct talk {
	struct relay *relay;
	int fd;
	char in[65536];
	size_t at, len;
	char out[4096];
	size_t held;
	const struct answers *to;
	bool mail, rcpt;	/* one was taken */
};

static const struct answers as_usual[MESSAGES];

static bool more_comes(struct talk *t)
{
	struct pollfd p = { t->fd, POLLIN, 0 };

	return t->at < t->len || poll(&p, 1, LOOK_MS) > 0;
}

static void say_held(struct talk *t)
{
	size_t i, step = t->relay->by_octets ? 1 : t->held;

	for (i = 0; i < t->held; i += step)
		if (send(t->fd, t->out + i, step, MSG_NOSIGNAL) <= 0)
			break;
	t->held = 0;
}

static void say(struct talk *t, const char *own, const char *usual)
{
	t->held += (size_t)snprintf(t->out + t->held, sizeof t->out - t->held,
	    "%s", own != NULL ? own : usual);
	if (!t->relay->together || !more_comes(t))
		say_held(t);
}

static bool take_line(struct talk *t, char line[2048])
{
	size_t n = 0;

	for (;;) {
		if (t->at == t->len) {
			ssize_t got = read(t->fd, t->in, sizeof t->in);

			if (got <= 0)
				return false;
			t->at = 0;
			t->len = (size_t)got;
		}
		if (n < 2047)
			line[n++] = t->in[t->at];
		if (t->in[t->at++] == '\n')
			break;
	}
	line[n] = '\0';
	return true;
}

static void on_mail(struct talk *t)
{
	static const char data[] = "\r\nDATA\r\n";
	struct relay *r = t->relay;
	size_t n = r->mails++;

	if (n >= 2 * MESSAGES)
		return;
	if (!more_comes(t))
		r->ahead[n] = false;
	else
		r->ahead[n] = memmem(t->in + t->at, t->len - t->at, data,
		    sizeof data - 1) != NULL;
	t->to = n < MESSAGES ? &r->to[n] : &as_usual[0];
	t->mail = t->to->mail == NULL;
	t->rcpt = false;
	say(t, t->to->mail, "250 2.1.0 Ok\r\n");
}

static void on_rcpt(struct talk *t)
{
	say(t, t->to->rcpt, t->mail ? "250 2.1.5 Ok\r\n" :
	    "503 5.5.1 MAIL first\r\n");
	t->rcpt = t->mail && t->to->rcpt == NULL;
}

static bool on_data(struct talk *t)
{
	char line[2048];
	bool taken = t->rcpt;

	say(t, t->to->data, taken ? "354 go on\r\n" :
	    "554 5.5.1 no recipients\r\n");
	if (t->held == 0 && t->to->data != NULL && t->to->data[0] != '3')
		return true;
	if (t->to->data == NULL && !taken)
		return true;
	do {
		if (!take_line(t, line))
			return false;
	} while (strcmp(line, ".\r\n") != 0);
	say(t, t->to->end, taken ? "250 2.0.0 Ok: queued as Q1\r\n" :
	    "554 5.5.1 nobody\r\n");
	return true;
}

static void converse(struct talk *t)
{
	char line[2048];
	bool goes_on = true;

	say(t, NULL, "220 relay\r\n");
	while (goes_on && take_line(t, line)) {
		if (strncmp(line, "EHLO", 4) == 0) {
			say(t, t->relay->ehlo, "");
		} else if (strncmp(line, "MAIL", 4) == 0) {
			if (strstr(line, " SMTPUTF8") != NULL) {
				t->relay->utf8++;
				t->relay->utf8_at = t->relay->mails;
			}
			on_mail(t);
		} else if (strncmp(line, "RCPT", 4) == 0) {
			t->relay->notices += strstr(line, "> NOTIFY=FAIL") !=
			    NULL;
			on_rcpt(t);
		} else if (strncmp(line, "DATA", 4) == 0) {
			goes_on = on_data(t);
		} else if (strncmp(line, "RSET", 4) == 0) {
			say(t, NULL, "250 2.0.0 Ok\r\n");
		} else {
			say(t, NULL, "221 bye\r\n");
			goes_on = false;
		}
	}
	say_held(t);
	close(t->fd);
}

static void *serve(void *arg)
{
	static struct talk t;
	struct relay *r = arg;
	int fd, on = 1;

	while ((fd = accept(r->fd, NULL, NULL)) != -1) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		r->connections++;
		memset(&t, 0, sizeof t);
		t.relay = r;
		t.fd = fd;
		t.to = &as_usual[0];
		converse(&t);
	}
	return NULL;
}

static void relay_start(struct relay *r)
{
	struct sockaddr_in a;

	listen_at(&r->fd, 8, &a, r->url, sizeof r->url);
	assert_int_equal(pthread_create(&r->thread, NULL, serve, r), 0);
}

static void relay_stop(struct relay *r)
{
	shutdown(r->fd, SHUT_RDWR);
	pthread_join(r->thread, NULL);
	close(r->fd);
}

#define THIRD(...) { { 0 }, { 0 }, { __VA_ARGS__ }, { 0 }, { 0 } }

/* The first message of a connection shows whether the relay takes commands in
 * one go. ahead: of each MAIL that comes. What befalls the third message falls
 * on no other one. */
static const struct row {
	const char *ehlo;
	struct answers to[MESSAGES];
	size_t connections;
	const char *ahead;	/* '1' or '0' for each MAIL */
	enum transport_verdict third;
	int code;
} rows[] = {
	{ OFFERED, { { 0 } }, 1, "01111", TRANSPORT_SENT, 250 },
	{ NOTHING_OFFERED, { { 0 } }, 1, "00000", TRANSPORT_SENT, 250 },
	/* What is sent ahead of a MAIL that is refused costs the connection,
	 * and it is not done again. */
	{ OFFERED, THIRD(.mail = "450 4.7.1 too much mail\r\n"), 2, "01100",
	    TRANSPORT_DEFERRED, 450 },
	{ OFFERED, THIRD(.mail = "550 5.1.8 not this one\r\n"), 2, "01100",
	    TRANSPORT_FAILED, 550 },
	/* A relay that goes on with the refused one gets none of it. */
	{ OFFERED, THIRD(.mail = "450 4.7.1 too much mail\r\n",
	    .rcpt = "250 2.1.5 Ok\r\n", .data = "354 go on\r\n"), 2, "01100",
	    TRANSPORT_DEFERRED, 450 },
	/* The end of a session says nothing about the message: it goes over
	 * the next one, and that goes on as this one did. */
	{ OFFERED, THIRD(.mail = "421 4.7.0 that will do\r\n"), 2, "011011",
	    TRANSPORT_SENT, 250 },
	{ OFFERED, THIRD(.mail = "quite so\r\n"), 2, "011011",
	    TRANSPORT_SENT, 250 },
	{ OFFERED, THIRD(.rcpt = "550 5.1.1 who\r\n"), 1, "01111",
	    TRANSPORT_FAILED, 550 },
	{ OFFERED, THIRD(.rcpt = "450 4.2.0 later\r\n"), 1, "01111",
	    TRANSPORT_DEFERRED, 450 },
	{ OFFERED, THIRD(.rcpt = "550 5.1.1 who\r\n",
	    .data = "354 go on\r\n"), 1, "01111", TRANSPORT_FAILED, 550 },
	{ OFFERED, THIRD(.rcpt = "quite so\r\n"), 2, "011011",
	    TRANSPORT_SENT, 250 },
	/* There libesmtp looks for a next message before it can be given one. */
	{ OFFERED, THIRD(.data = "451 4.3.0 later\r\n"), 2, "01101",
	    TRANSPORT_DEFERRED, 451 },
	{ OFFERED, THIRD(.end = "552 5.2.2 full\r\n"), 1, "01111",
	    TRANSPORT_FAILED, 552 },
	{ OFFERED, THIRD(.end = "451 4.3.0 later\r\n"), 1, "01111",
	    TRANSPORT_DEFERRED, 451 },
};

static void check_row(const struct row *row, struct relay *r)
{
	struct letters l;
	size_t i;

	r->ehlo = row->ehlo;
	r->to = row->to;
	letters_init(&l, MESSAGES);
	relay_start(r);
	assert_int_equal(letters_run(&l, r->url, 5, 0), 0);
	relay_stop(r);
	for (i = 0; i < MESSAGES; i++)
		letters_expect(&l, i, i == 2 ? row->third : TRANSPORT_SENT);
	assert_int_equal(l.letter[2].result.code, row->code);
	assert_int_equal(r->connections, row->connections);
	assert_int_equal(r->mails, strlen(row->ahead));
	letters_release(&l);
}

static void test_answers(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct relay r = { .by_octets = false };

		print_message("row %zu\n", i);
		check_row(&rows[i], &r);
		for (k = 0; k < r.mails; k++)
			assert_int_equal(r.ahead[k], rows[i].ahead[k] == '1');
	}
}

/* However the answers come. */
static void test_pieces(void **state)
{
	size_t i;
	int how;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (how = 1; how < 4; how++) {
			struct relay r = { .together = how & 1,
			    .by_octets = how & 2 };

			print_message("row %zu, way %d\n", i, how);
			check_row(&rows[i], &r);
		}
}

/* Answers that nobody has asked for: the next message does not take them for
 * its own, and leaves by another connection. */
static void test_surplus(void **state)
{
	static const struct row surplus[] = {
		{ OFFERED, THIRD(.end = "250 2.0.0 Ok\r\n250 2.1.0 Ok\r\n"), 2,
		    "01101", TRANSPORT_SENT, 250 },
		{ OFFERED, THIRD(.end = "250 2.0.0 Ok\r\n250 2.1.0 Ok\r\n"
		    "250 2.1.5 Ok\r\n354 go on\r\n"), 2, "01101",
		    TRANSPORT_SENT, 250 },
		/* But this is none: it says why it ends. */
		{ OFFERED, THIRD(.end = "250 2.0.0 Ok\r\n421 4.7.0 enough\r\n"),
		    2, "011101", TRANSPORT_SENT, 250 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof surplus / sizeof surplus[0]; i++) {
		struct relay r = { .by_octets = false };

		print_message("row %zu\n", i);
		check_row(&surplus[i], &r);
	}
}

/* An address that reads like a request for notices, as the first one of a
 * connection to a relay that knows none. */
static void test_no_notices(void **state)
{
	struct relay r = { .ehlo = OFFERED, .to = as_usual, .together = true };
	struct transport_options with = { .dsn = true };
	struct letters l;
	size_t i;

	(void)state;
	letters_init(&l, MESSAGES);
	l.with = &with;
	strcpy(l.letter[0].to, "\"a> NOTIFY=b\"@example.net");
	relay_start(&r);
	assert_int_equal(letters_run(&l, r.url, 5, 0), 0);
	relay_stop(&r);
	for (i = 0; i < MESSAGES; i++)
		letters_expect(&l, i, TRANSPORT_SENT);
	assert_int_equal(r.connections, 1);
	assert_int_equal(r.notices, 0);
	letters_release(&l);
}

/* One whose address is not ASCII goes over a connection of its own kind, which
 * the others then take too; what became of the message before is not theirs. */
static void check_other(const struct answers *before, int how)
{
	static const enum transport_verdict verdicts[] = { TRANSPORT_SENT,
	    TRANSPORT_FAILED, TRANSPORT_DEFERRED };
	struct answers to[MESSAGES];
	size_t at, i, kind = before->rcpt == NULL ? 0 :
	    before->rcpt[0] == '5' ? 1 : 2;
	struct letters l;

	for (at = 0; at < MESSAGES; at++) {
		struct relay r = { .ehlo = "250-relay\r\n250-SMTPUTF8\r\n"
		    "250 PIPELINING\r\n", .to = to, .together = how & 1,
		    .by_octets = how & 2 };

		memset(to, 0, sizeof to);
		if (at > 0)
			to[at - 1] = *before;
		letters_init(&l, MESSAGES);
		strcpy(l.letter[at].to, "j\xc3\xbcrgen@example.net");
		relay_start(&r);
		assert_int_equal(letters_run(&l, r.url, 5, 0), 0);
		relay_stop(&r);
		for (i = 0; i < MESSAGES; i++)
			letters_expect(&l, i, i + 1 == at ? verdicts[kind] :
			    TRANSPORT_SENT);
		assert_int_equal(r.mails, MESSAGES);
		assert_int_equal(r.connections, at > 0 ? 2 : 1);
		assert_int_equal(r.utf8, 1);
		assert_int_equal(r.utf8_at, at);
		letters_release(&l);
	}
}

/* The relay offers SMTPUTF8 and does not take it: that is of nobody else. */
static void test_other_refused(void **state)
{
	static const char *const mail[] = { "553 5.6.7 no such letters\r\n",
	    "555 unknown parameter\r\n" };
	size_t i, k;

	(void)state;
	for (k = 0; k < 2; k++) {
		const struct answers to[MESSAGES] = { { .mail = mail[k] } };
		struct relay r = { .ehlo = "250-relay\r\n250-SMTPUTF8\r\n"
		    "250 PIPELINING\r\n", .to = to };
		struct letters l;

		letters_init(&l, MESSAGES);
		strcpy(l.letter[0].to, "j\xc3\xbcrgen@example.net");
		relay_start(&r);
		assert_int_equal(letters_run(&l, r.url, 5, 0), 0);
		relay_stop(&r);
		letters_expect(&l, 0, TRANSPORT_FAILED);
		for (i = 1; i < MESSAGES; i++)
			letters_expect(&l, i, TRANSPORT_SENT);
		letters_release(&l);
	}
}

static void test_other(void **state)
{
	static const struct answers before[] = {
		{ 0 },
		{ .rcpt = "550 5.1.1 who\r\n" },
		{ .rcpt = "450 4.2.0 later\r\n" },
		{ .rcpt = "550 5.1.1 who\r\n", .data = "354 go on\r\n" },
	};
	size_t i;
	int how;

	(void)state;
	for (i = 0; i < sizeof before / sizeof before[0]; i++)
		for (how = 0; how < 4; how++) {
			print_message("row %zu, way %d\n", i, how);
			check_other(&before[i], how);
		}
}

/* libesmtp writes the RCPT that went ahead, whatever it has to ask for and
 * whoever it is to: else the connection would end. */
static void test_same_rcpt(void **state)
{
	static const char *const to[] = {
		"a+b=c@example.net", "\"a b\"@example.net",
		"a!#$%&'*/?^_`{|}~b@example.net", "a@[IPv6:2001:db8::1]", "A.B@EXAMPLE.NET",
		"\"a\\\\b\\\"c\"@example.net",
	};
	const size_t n = sizeof to / sizeof to[0];
	struct transport_options with = { .dsn = true };
	struct letters l;
	struct sink s;
	size_t i;
	int notices;

	(void)state;
	for (notices = 0; notices < 2; notices++) {
		sink_start(&s, notices ? "ehlo DSN\nehlo PIPELINING" :
		    "ehlo PIPELINING");
		letters_init(&l, n + 9);
		l.with = &with;
		for (i = 0; i < n; i++)
			snprintf(l.letter[i + 1].to, sizeof l.letter[i].to,
			    "%s", to[i]);
		/* About as many octets as libesmtp has for one. */
		for (; i < n + 8; i++) {
			char *one = l.letter[i + 1].to;
			int len = 247 + (int)(i - n);

			snprintf(one, sizeof l.letter[i].to, "a+b+c@%0*d",
			    len - 6, 0);
			one[60] = one[120] = one[180] = one[240] = '.';
		}
		assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
		for (i = 0; i < l.count; i++)
			letters_expect(&l, i, TRANSPORT_SENT);
		assert_int_equal(connections(&s), 1);
		sink_stop(&s);
		letters_release(&l);
	}
}

/* What libesmtp writes comes in pieces of any length. */
static void test_take(void **state)
{
	static const char all[] = "RCPT TO:<a@b.example>\r\nDATA\r\n";
	const struct transport_message m = { .to = "a@b.example" };
	const struct transport_message other = { .to = "a@c.example" };
	struct transport_ahead a = { .learnt = false };
	size_t went, i;

	(void)state;
	assert_true(transport_ahead_take(&a, "MAIL", 4, &went));
	assert_int_equal(went, 0);
	transport_ahead_learn(&a, &m, "RCPT TO:<a@b.example>\r\n", 23);
	transport_ahead_learn(&a, &m, "DATA\r\n", 6);
	transport_ahead_learn(&a, &m, "", 0);
	transport_ahead_learn(&a, &other, all, sizeof all - 1);
	assert_false(a.learnt);
	transport_ahead_learn(&a, &m, all, sizeof all - 1);
	assert_true(a.learnt);
	assert_false(a.notices);
	for (i = 0; i < sizeof all; i++) {
		transport_ahead_make(&a, &m);
		assert_int_equal(a.len, sizeof all - 1);
		assert_true(transport_ahead_take(&a, all, i, &went));
		assert_int_equal(went, i);
		assert_true(transport_ahead_take(&a, all + i,
		    sizeof all - 1 - i, &went));
		assert_int_equal(went, sizeof all - 1 - i);
		assert_int_equal(a.left, 0);
	}
	transport_ahead_make(&a, &m);
	assert_true(transport_ahead_take(&a, all, 3, &went));
	assert_false(transport_ahead_take(&a, "QUIT\r\n", 6, &went));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_surplus),
		cmocka_unit_test(test_no_notices),
		cmocka_unit_test(test_other),
		cmocka_unit_test(test_other_refused),
		cmocka_unit_test(test_same_rcpt),
		cmocka_unit_test(test_take),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
