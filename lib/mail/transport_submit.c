/*
 * Messages over a connection that transport_curl.c has made ready: MAIL, RCPT,
 * DATA and the answers to them (RFC 5321 §3.3), by what the relay offers in one
 * go (PIPELINING, RFC 2920), with SIZE, DSN and SMTPUTF8 (RFC 6531).
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "mail/transport_int.h"

#define OUT_MAX ((size_t)32 << 10)	/* more than all commands of a
					 * message */
#define IN_MAX 4096
#define ANSWER_MAX ((size_t)64 << 10)

struct submit {
	struct transport_session *s;
	struct transport_wire *wire;
	const struct transport_offers *offers;
	int64_t active;		/* the last writing, or whole answer */
	long timeout;
	bool lost;		/* s->why says how */
	bool reset;		/* a message is open there, and is to be
				 * dropped */

	struct transport_reply reply;
	size_t octets;		/* of it */
	const char *awaits;

	char in[IN_MAX];
	size_t in_at, in_end;
	char out[OUT_MAX];
	size_t out_len;
};

static void lose(struct submit *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The first reason counts. */
static void lose(struct submit *b, const char *fmt, ...)
{
	va_list ap;

	if (b->lost)
		return;
	b->lost = true;
	/* A cut has said it. */
	if (b->s->cut || b->s->leaving)
		return;
	va_start(ap, fmt);
	vsnprintf(b->s->why, sizeof b->s->why, fmt, ap);
	va_end(ap);
	transport_text(b->s->why, sizeof b->s->why, b->s->why);
}

static int64_t waited(const struct submit *b)
{
	return clock_ms() - b->active;
}

/* Whether the run is to end before what is waited for. */
static bool gives_up(struct submit *b)
{
	struct transport_session *s = b->s;

	if (transport_session_in_doubt(s))
		return false;
	if (s->failed) {
		lose(b, "the run broke off");
		return true;
	}
	if (waited(b) < TRANSPORT_HEAR_OUT_MS || !transport_session_stopped(s))
		return false;
	transport_session_cut(s, "the run was stopped");
	lose(b, "the run was stopped");
	return true;
}

static void run_late(struct submit *b, bool reading)
{
	if (reading)
		lose(b, "the relay gave no %s within %ld seconds", b->awaits,
		    b->timeout / 1000);
	else
		lose(b, "the relay stopped reading the message");
}

/* Until something can be read or written; then TLS may still have nothing. */
static void await(struct submit *b, short events)
{
	struct pollfd p = { transport_wire_fd(b->wire), events, 0 };
	int64_t left;
	int n;

	if (events == POLLIN)
		transport_session_idle(b->s);
	while (!gives_up(b)) {
		left = b->timeout - waited(b);
		n = poll(&p, 1, left < 0 ? 0 :
		    (int)(left < TRANSPORT_HEAR_OUT_MS ? left :
		    TRANSPORT_HEAR_OUT_MS));
		if (n > 0 || (n == -1 && errno != EINTR))
			return;
		if (left <= 0) {
			run_late(b, events == POLLIN);
			return;
		}
	}
}

static void flush(struct submit *b)
{
	size_t at = 0;

	while (!b->lost && at < b->out_len) {
		ssize_t n = transport_wire_write(b->wire, b->out + at,
		    b->out_len - at);

		if (n == -1)
			lose(b, "the connection was lost before the %s",
			    b->awaits);
		else if (n == 0)
			await(b, POLLOUT);
		else
			b->active = clock_ms();
		at += n > 0 ? (size_t)n : 0;
	}
	b->out_len = 0;
}

static void put(struct submit *b, const char *data, size_t len)
{
	while (len > 0) {
		size_t n = OUT_MAX - b->out_len;

		if (n > len)
			n = len;
		memcpy(b->out + b->out_len, data, n);
		b->out_len += n;
		data += n;
		len -= n;
		if (b->out_len == OUT_MAX)
			flush(b);
	}
}

static void puts_out(struct submit *b, const char *text)
{
	put(b, text, strlen(text));
}

/* ---- answers ---- */

/* More octets into b->in. */
static void fill(struct submit *b)
{
	ssize_t n;

	while (!b->lost) {
		n = transport_wire_read(b->wire, b->in, sizeof b->in);
		if (n > 0) {
			b->in_at = 0;
			b->in_end = (size_t)n;
			return;
		}
		if (n == -1)
			lose(b, "the connection was lost before the %s",
			    b->awaits);
		else if (waited(b) >= b->timeout)
			run_late(b, true);
		else
			await(b, POLLIN);
	}
}

/* Writes what is to be written, and reads one whole answer. False: it was
 * lost. An answer is to be there in time, not only to go on. */
static bool hear(struct submit *b, const char *awaits)
{
	bool whole = false;

	b->awaits = awaits;
	flush(b);
	b->active = clock_ms();
	memset(&b->reply, 0, sizeof b->reply);
	b->octets = 0;
	while (!b->lost && !whole) {
		if (b->in_at == b->in_end)
			fill(b);
		while (!b->lost && !whole && b->in_at < b->in_end) {
			whole = transport_reply_read(&b->reply,
			    b->in[b->in_at++]);
			if (++b->octets > ANSWER_MAX)
				lose(b, "the %s has no end", awaits);
		}
		if (!whole && waited(b) >= b->timeout)
			run_late(b, true);
	}
	if (!b->lost)
		b->active = clock_ms();
	if (!b->lost && (b->reply.code < 200 || b->reply.code > 599))
		lose(b, "the %s is not SMTP: \"%.200s\"", awaits,
		    b->reply.line);
	return !b->lost;
}

static const char *words(const struct transport_reply *r)
{
	return r->len > 4 ? r->line + 4 : "";
}

/* What is no final answer to a command breaks the order of all behind it. */
static void expect(struct submit *b, int class)
{
	if (b->s->leaving)
		lose(b, "the relay ended the session");
	else if (b->s->open && b->reply.code / 100 != class)
		lose(b, "the %s makes no sense: \"%.200s\"", b->awaits,
		    b->reply.line);
}

static void hear_rset(struct submit *b)
{
	if (hear(b, "answer to RSET")) {
		b->reset = false;
		if (b->reply.code == 421)
			(void)transport_session_refusal(b->s, 421,
			    words(&b->reply));
		expect(b, 2);
	}
}

static void hear_mail(struct submit *b)
{
	if (hear(b, "answer to MAIL") && !transport_session_sender(b->s,
	    b->reply.code, words(&b->reply)))
		expect(b, 2);
}

/* Of a message whose MAIL was refused it says nothing. */
static void hear_rcpt(struct submit *b)
{
	if (!hear(b, "answer to RCPT"))
		return;
	b->reset = b->s->open;
	if (b->s->open && !b->s->failed && !transport_session_refusal(b->s,
	    b->reply.code, words(&b->reply)))
		expect(b, 2);
}

/* ---- commands ---- */

static void put_rset(struct submit *b)
{
	puts_out(b, "RSET\r\n");
}

static void put_mail(struct submit *b)
{
	const struct transport_message *m = &b->s->m;
	char envid[TRANSPORT_ENVID_MAX + 1], size[32];

	puts_out(b, "MAIL FROM:<");
	puts_out(b, m->from);
	puts_out(b, ">");
	snprintf(size, sizeof size, " SIZE=%zu", transport_message_size(m));
	if (b->offers->size)
		puts_out(b, size);
	if (b->s->relay->dsn && b->offers->dsn) {
		puts_out(b, " RET=HDRS");
		if (m->envid != NULL &&
		    transport_xtext(envid, sizeof envid, m->envid)) {
			puts_out(b, " ENVID=");
			puts_out(b, envid);
		}
	}
	if (transport_message_utf8(m))
		puts_out(b, " BODY=8BITMIME SMTPUTF8");
	puts_out(b, "\r\n");
}

static void put_rcpt(struct submit *b)
{
	char rcpt[TRANSPORT_RCPT_MAX];

	put(b, rcpt, transport_rcpt(rcpt, &b->s->m,
	    b->s->relay->dsn && b->offers->dsn, TRANSPORT_ORCPT_MAX));
}

/* True: s->m goes on. */
static bool goes_on(const struct submit *b)
{
	return b->s->open && !b->s->failed && !b->lost;
}

/* All answers are read, also behind a refusal: what is left over would be taken
 * for those to the next message. */
static void send_envelope(struct submit *b)
{
	static const struct {
		void (*put)(struct submit *);
		void (*hear)(struct submit *);
	} steps[] = {
		{ put_rset, hear_rset }, { put_mail, hear_mail },
		{ put_rcpt, hear_rcpt },
	};
	size_t n = sizeof steps / sizeof steps[0];
	size_t begin = b->reset ? 0 : 1, i;

	for (i = begin; b->offers->pipelining && i < n; i++)
		steps[i].put(b);
	for (i = begin; i < n && !b->lost; i++) {
		if (!b->offers->pipelining && !goes_on(b))
			return;
		if (!b->offers->pipelining)
			steps[i].put(b);
		steps[i].hear(b);
	}
}

static void begin_message(struct submit *b)
{
	if (!b->offers->smtputf8 && transport_message_utf8(&b->s->m))
		transport_session_no_utf8(b->s);
	else
		send_envelope(b);
}

/* ---- the message ---- */

/* A relay that has hung up, or speaks before the message is at its end, will
 * not take it: better seen before the doubt than after. */
static void look_at_relay(struct submit *b)
{
	ssize_t n = transport_wire_read(b->wire, b->in, sizeof b->in);

	if (n > 0 || b->in_at < b->in_end)
		transport_session_cut(b->s, "the relay broke in on the "
		    "message: %.*s", n > 0 ? (int)n : 0, b->in);
	else if (n == -1)
		transport_session_cut(b->s, TRANSPORT_LOST);
	if (b->s->cut)
		lose(b, "the message was cut");
}

static void send_text(struct submit *b)
{
	struct transport_spans spans;
	struct iovec span;

	b->awaits = "end of the message";
	transport_spans_begin(&spans, &b->s->m, b->s->dots);
	while (!b->lost && transport_spans_next(&spans, &span))
		put(b, span.iov_base, span.iov_len);
	flush(b);
	if (b->lost)
		return;
	look_at_relay(b);
	if (b->lost)
		return;
	transport_session_doubt(b->s);
	if (b->s->cut) {
		lose(b, "the message was cut");
		return;
	}
	puts_out(b, TRANSPORT_TEXT_END);
}

/* What came of an answer that broke off: its code is whole. */
static bool is_told(const struct submit *b)
{
	return b->lost && b->reply.code >= 200 && b->reply.code <= 599 &&
	    (b->reply.column >= 3 || b->reply.further);
}

static void hear_end(struct submit *b)
{
	struct transport_session *s = b->s;
	const struct transport_reply *r = &b->reply;

	if (!hear(b, "answer to the message") && !is_told(b)) {
		transport_session_settle(s, TRANSPORT_UNKNOWN, 0, s->why);
		return;
	}
	b->reset = false;
	if (r->code / 100 == 2)
		transport_session_sent(s, r->code, words(r));
	else if (!transport_session_refusal(s, r->code, words(r))) {
		expect(b, 2);
		transport_session_settle(s, TRANSPORT_UNKNOWN, 0, s->why);
	}
}

static void send_message(struct submit *b)
{
	struct transport_session *s = b->s;

	/* One too many would be taken for the answer to s->m. */
	if (b->in_at < b->in_end)
		lose(b, "the relay gave more answers than it was asked");
	if (!b->lost)
		begin_message(b);
	if (!goes_on(b))
		return;
	b->awaits = "answer to DATA";
	puts_out(b, "DATA\r\n");
	flush(b);
	if (!b->lost)
		transport_session_soon(s);
	if (!hear(b, b->awaits))
		return;
	if (transport_session_refusal(s, b->reply.code, words(&b->reply)))
		return;
	expect(b, 3);
	if (goes_on(b))
		send_text(b);
	if (goes_on(b))
		hear_end(b);
	else if (s->open && s->doubted && s->cut && !s->failed)
		transport_session_settle(s, TRANSPORT_DEFERRED, 0, s->why);
}

static void say_goodbye(struct submit *b)
{
	if (b->timeout > TRANSPORT_QUIT_MS)
		b->timeout = TRANSPORT_QUIT_MS;
	puts_out(b, "QUIT\r\n");
	(void)hear(b, "answer to QUIT");
}

bool transport_submit_talk(struct transport_session *s, int fd)
{
	struct submit *b;
	size_t given = 0;
	bool lost;

	b = xcalloc(1, sizeof *b);
	b->s = s;
	b->timeout = s->relay->timeout;
	b->wire = transport_wire_open(s, fd);
	if (b->wire == NULL) {
		free(b);
		return true;
	}
	b->offers = transport_wire_offers(b->wire);
	b->active = clock_ms();
	do {
		send_message(b);
		given++;
	} while (!s->open && !s->failed && !s->leaving && !b->lost &&
	    given < s->relay->per_connection && transport_session_next(s));
	lost = b->lost || s->failed || s->open;
	if (!b->lost && !s->leaving)
		say_goodbye(b);
	transport_wire_close(b->wire);
	free(b);
	return lost;
}
