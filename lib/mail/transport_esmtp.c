/*
 * Messages by libesmtp 1.1.0. All that is known of that library's ways is in
 * this file and in transport_{hide,ahead}.c, the reason beside each trick.
 *
 * libesmtp wants to own the run: it is given messages, connects, sends them
 * all, and tells afterwards. Here it is made to pull instead: a session is
 * started with one message, and the next is added whenever one is settled,
 * from inside libesmtp's events. A session ends after per_connection messages
 * because libesmtp keeps some 4 KB of each until the session is destroyed. One
 * is never started twice: that would send again what is in doubt.
 */
#include <errno.h>
#include <stddef.h>
#include <libesmtp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "mail/transport_int.h"

/* Commands are gathered until an answer is waited for. */
#define HELD_MAX ((size_t)4096)
/* Spans of a message that are sent at a time. */
#define SPANS ((size_t)64)
#define ROOM ((size_t)96 << 10)
#define ROOM_MESSAGES 20
#define SURPLUS "the relay gave more answers than it was asked"

/* How far it is with the text of a message. */
enum text {
	TEXT_NONE,		/* it is among commands */
	TEXT_ASKED, TEXT_HEADER,
	TEXT_SENT		/* but for its end */
};

struct esmtp {
	struct transport_session *s;
	smtp_session_t session;
	struct transport_place place;	/* its socket */
	struct transport_traffic t;
	size_t given;		/* messages */
	bool aside;		/* s->m is for another connection */

	bool late;		/* an answer was not there in time */
	bool polled;		/* by libesmtp, in our place */
	bool cut_off;		/* what is written goes nowhere */
	struct transport_ahead ahead;

	smtp_message_t message;	/* s->m */
	smtp_recipient_t recipient;
	enum text text;

	size_t held;		/* octets, written and not sent */
	char out[HELD_MAX];
};

static int64_t waited(const struct esmtp *e)
{
	return clock_ms() - e->t.active;
}

/* Milliseconds that the relay has still. */
static int64_t left_of(const struct esmtp *e)
{
	long timeout = e->s->relay->timeout;

	if (e->t.quitting && timeout > TRANSPORT_QUIT_MS)
		timeout = TRANSPORT_QUIT_MS;
	return timeout - waited(e);
}

/* libesmtp would go on to QUIT, and wait for that as long again. */
static void hang_up(struct esmtp *e)
{
	e->cut_off = true;
	shutdown(e->place.fd, SHUT_RDWR);
}

/* ---- the connection ---- */

/* Until the socket is ready: what poll(2) returns; 0: it was hung up, since the
 * time is over or the run is to end. What is not in doubt need not be waited
 * for then; a relay that answers soon is still heard out. */
static int await(struct esmtp *e, struct pollfd *p)
{
	struct transport_session *s = e->s;
	int64_t left;
	int n;

	for (;;) {
		if (!transport_session_in_doubt(s) &&
		    waited(e) >= TRANSPORT_HEAR_OUT_MS &&
		    transport_session_stopped(s)) {
			transport_session_cut(s, "the run was stopped");
			break;
		}
		left = left_of(e);
		n = transport_poll(p, 1, left < 0 ? 0 :
		    (int)(left < TRANSPORT_HEAR_OUT_MS ? left :
		    TRANSPORT_HEAR_OUT_MS));
		if (n > 0 || (n == -1 && errno != EINTR))
			return n;
		if (left <= 0) {
			e->late = true;
			break;
		}
	}
	hang_up(e);
	return 0;
}

/* False: the relay will not have all of it. */
static bool send_all(struct esmtp *e, struct iovec *v, size_t n)
{
	struct pollfd p = { e->place.fd, POLLOUT, 0 };
	struct msghdr all = { .msg_iov = v, .msg_iovlen = n };
	ssize_t sent;

	while (all.msg_iovlen > 0 && !e->cut_off) {
		sent = sendmsg(e->place.fd, &all, MSG_NOSIGNAL);
		if (sent == -1 && errno == EAGAIN)
			e->cut_off = await(e, &p) <= 0;
		else if (sent == -1 && errno != EINTR)
			hang_up(e);
		if (sent <= 0)
			continue;
		e->t.active = clock_ms();
		transport_spans_sent(&all, (size_t)sent);
	}
	return !e->cut_off;
}

/* What cannot be sent shows when the answer is read. */
static void send_held(struct esmtp *e)
{
	struct iovec v = { e->out, e->held };

	if (e->held > 0)
		send_all(e, &v, 1);
	e->held = 0;
}

static void hold(struct esmtp *e, const char *from, size_t left)
{
	size_t n;

	for (; left > 0; from += n, left -= n) {
		n = HELD_MAX - e->held < left ? HELD_MAX - e->held : left;
		memcpy(e->out + e->held, from, n);
		e->held += n;
		if (e->held == HELD_MAX)
			send_held(e);
	}
}

/* ---- the message ---- */

/* All but its end, which is in doubt from here on. */
static void send_text(struct esmtp *e)
{
	struct transport_spans spans;
	struct iovec v[SPANS];
	size_t n;
	bool sent;

	transport_spans_begin(&spans, &e->s->m, e->s->dots);
	do {
		for (n = 0; n < SPANS && transport_spans_next(&spans, &v[n]);
		    n++)
			;
		sent = send_all(e, v, n);
	} while (sent && n == SPANS);
	if (sent)
		transport_session_look(e->s, e->place.fd);
	else
		transport_session_cut(e->s, e->late ?
		    "the relay stopped reading the message" : TRANSPORT_LOST);
	if (!e->s->cut)
		transport_session_doubt(e->s);
	e->t.active = clock_ms();
}

/* libesmtp's message callback; len NULL: begin. libesmtp walks over a message
 * octet by octet, takes fields out of its header and puts others in. So it gets
 * one of no text, of which nothing is sent (gather), and when it asks for the
 * text the message itself goes, past it.
 *
 * The end of a message is a piece of no octets with errno 0; with errno set,
 * libesmtp drops the connection without a final dot. It resets errno at each
 * line, so a message that is cut must be cut at every call, and what the
 * source does to errno must not count. */
static const char *give(void **ctx, int *len, void *arg)
{
	static const char none[] = "Date:\r\nFrom:\r\nMessage-ID:\r\n\r\n";
	struct esmtp *e = arg;
	struct transport_session *s = e->s;

	(void)ctx;
	if (len == NULL) {
		e->text = TEXT_ASKED;
		/* One too many would be taken for the answer to s->m. */
		if (e->t.owed != 0 || e->held > 0)
			transport_session_cut(s, SURPLUS);
		return NULL;
	}
	*len = 0;
	if (!s->cut && e->text == TEXT_ASKED) {
		e->text = TEXT_HEADER;
		*len = sizeof none - 1;
		return none;
	}
	if (!s->cut && e->text == TEXT_HEADER)
		send_text(e);
	if (!s->cut) {
		e->text = TEXT_SENT;
		e->t.owed = 1;	/* the final dot is not seen by on_write */
	}
	errno = s->cut ? ECANCELED : 0;
	return NULL;
}

/* libesmtp leaves it out where the relay does not offer it. It writes xtext
 * itself, and cuts a command at 1,023 octets. */
static bool ask_for_notices(struct esmtp *e)
{
	const struct transport_message *m = &e->s->m;
	char text[TRANSPORT_ESMTP_ORCPT_MAX + 1];

	return smtp_dsn_set_ret(e->message, Ret_HDRS) &&
	    (m->envid == NULL || !transport_xtext(text,
	    TRANSPORT_ENVID_MAX + 1, m->envid) ||
	    smtp_dsn_set_envid(e->message, m->envid)) &&
	    smtp_dsn_set_notify(e->recipient,
	    Notify_FAILURE | Notify_DELAY) &&
	    (!transport_xtext(text, sizeof text, m->to) ||
	    smtp_dsn_set_orcpt(e->recipient, "rfc822", m->to));
}

/* What libesmtp keeps of each message lets glibc's heap of a thread grow, by a
 * page each time, with a system call: some 4 % of the processor time (perf, ten
 * connections to Postfix). In front of some it is made to grow for all of them,
 * by less than what is given back at once (M_TRIM_THRESHOLD). */
static void make_room(const struct esmtp *e)
{
	void *volatile room;

	if (e->given % ROOM_MESSAGES == 0) {
		room = malloc(ROOM);
		free(room);
	}
}

/* s->m becomes the session's next message. */
static void hand_over(struct esmtp *e)
{
	const struct transport_message *m = &e->s->m;

	make_room(e);
	e->given++;
	e->recipient = NULL;
	e->message = smtp_add_message(e->session);
	if (e->message != NULL &&
	    smtp_set_reverse_path(e->message, m->from) &&
	    smtp_set_messagecb(e->message, give, e) &&
	    smtp_size_set_estimate(e->message, transport_message_size(m)))
		e->recipient = smtp_add_recipient(e->message, m->to);
	if (e->recipient == NULL ||
	    (e->s->relay->dsn && !ask_for_notices(e)))
		transport_session_fail(e->s, ERR_INTERNAL,
		    "libesmtp does not take a message");
}

/* ---- the verdict ---- */

static const char *words(const struct smtp_status *status)
{
	return status->text != NULL ? status->text : "";
}

static bool refusal(struct esmtp *e, const struct smtp_status *status)
{
	return transport_session_refusal(e->s, status->code, words(status));
}

/* Settles s->m if the answers to it allow that. MAIL and RCPT come first, as
 * a DATA sent along with a refused RCPT fails with a code of its own. all:
 * libesmtp says that the message was answered. Sent is only what every witness
 * calls so: the transfer's status alone may be left from an earlier command. */
static void judge(struct esmtp *e, bool all)
{
	const struct smtp_status *mail = smtp_reverse_path_status(e->message);
	const struct smtp_status *rcpt = smtp_recipient_status(e->recipient);
	const struct smtp_status *data;

	if (transport_session_sender(e->s, mail->code, words(mail)) ||
	    refusal(e, rcpt) || !all)
		return;
	data = smtp_message_transfer_status(e->message);
	if (rcpt->code / 100 != 2 || refusal(e, data))
		return;
	if (e->s->doubted && data->code / 100 == 2 &&
	    smtp_recipient_check_complete(e->recipient))
		transport_session_sent(e->s, data->code, words(data));
}

/* Whether the session takes a further message. Behind a refused MAIL the
 * answers to what went ahead would be taken for the next one's: there
 * libesmtp's QUIT ends it (gather). */
static bool goes_on(const struct esmtp *e, int event)
{
	return !e->s->open && !e->s->failed && !e->s->leaving &&
	    e->given < e->s->relay->per_connection &&
	    !(event == SMTP_EV_MAILSTATUS && e->ahead.left > 0);
}

/* libesmtp's events. After two of them it looks for a further message, and
 * after a refused MAIL it has the first one only; where no recipient was taken
 * it does so before the last event, and so a recipient is judged at theirs. */
static void on_event(smtp_session_t session, int event, void *arg, ...)
{
	struct esmtp *e = arg;
	struct transport_session *s = e->s;
	bool ours = false;
	va_list ap;

	(void)session;
	va_start(ap, arg);
	if (event == SMTP_EV_MAILSTATUS || event == SMTP_EV_RCPTSTATUS)
		(void)va_arg(ap, const char *);
	if (event == SMTP_EV_MAILSTATUS || event == SMTP_EV_MESSAGESENT)
		ours = va_arg(ap, smtp_message_t) == e->message;
	else if (event == SMTP_EV_RCPTSTATUS)
		ours = va_arg(ap, smtp_recipient_t) == e->recipient;
	va_end(ap);
	if (!ours || !s->open)
		return;
	judge(e, event == SMTP_EV_MESSAGESENT);
	if (!goes_on(e, event) || !transport_session_next(s))
		return;
	e->aside = transport_session_is_other(s);
	if (e->aside) {
		e->message = NULL;
		e->recipient = NULL;
	} else {
		hand_over(e);
	}
}

/* ---- what is read and written ---- */

static void on_read(struct esmtp *e, char *buf, size_t len)
{
	static const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	bool whole = transport_traffic_read(&e->t, buf, len);

	/* Two may be of what went ahead. */
	if (e->t.owed < (e->ahead.left > 0 ? -2 : 0) &&
	    e->t.reply.code != 421) {
		hang_up(e);
		if (!e->s->doubted)
			transport_session_cut(e->s, SURPLUS);
	}
	/* An answer is to be there in time, not only to go on. libesmtp itself
	 * bounds how much of one it keeps. */
	e->late |= !whole && left_of(e) <= 0;
	/* After a shutdown there would still be something to read as long as
	 * the relay sends. */
	if (e->late)
		connect(e->place.fd, &nobody, sizeof nobody);
}

/* What libesmtp has read, before it looks at it, and what it is about to
 * write; the messages are left out. */
static void on_traffic(const char *buf, int len, int writing, void *arg)
{
	struct esmtp *e = arg;

	if (writing == SMTP_CB_READING)
		on_read(e, (char *)(uintptr_t)buf, (size_t)len);
	else if (writing == SMTP_CB_WRITING)
		transport_traffic_write(&e->t, buf, (size_t)len);
	/* CHUNKING got through: nothing of it may leave. */
	if (e->t.bdat)
		hang_up(e);
}

/* What comes is not what went ahead: behind a refused MAIL it is QUIT, which a
 * relay that answers DATA with 354 all the same takes for a text without an
 * end. */
static void leave(struct esmtp *e, const char *data, size_t len)
{
	if (len >= 4 && memcmp(data, "QUIT", 4) == 0) {
		hold(e, data, len);
		send_held(e);
	}
	hang_up(e);
}

/* In place of write(2). libesmtp does not look at what it returns. Of what it
 * makes of the empty message its end alone is wanted, which it writes with the
 * rest of that, and which stands for the end of ours. */
static ssize_t gather(void *ctx, const void *data, size_t len)
{
	struct esmtp *e = ctx;
	size_t went;

	if (e->text == TEXT_NONE &&
	    transport_ahead_take(&e->ahead, data, len, &went))
		hold(e, (const char *)data + went, len - went);
	else if (e->text == TEXT_NONE)
		leave(e, data, len);
	if (e->text == TEXT_SENT) {
		hold(e, TRANSPORT_TEXT_END, strlen(TRANSPORT_TEXT_END));
		e->text = TEXT_NONE;
	}
	return (ssize_t)len;
}

/* Before what is held is sent. True: the text of the message is next. */
static bool go_ahead(struct esmtp *e)
{
	transport_ahead_learn(&e->ahead, &e->s->m, e->out, e->held);
	if (e->held == 0)
		return false;
	if (!e->ahead.learnt || e->s->balked ||
	    memcmp(e->t.verb, "MAIL", sizeof e->t.verb) != 0)
		return memcmp(e->t.verb, "DATA", sizeof e->t.verb) == 0;
	transport_ahead_make(&e->ahead, &e->s->m);
	hold(e, e->ahead.text, e->ahead.len);
	return true;
}

/*
 * libesmtp waits for its socket; its own time begins anew with every octet, so
 * it is not asked. What it has to write there is always room for. With no time
 * to wait it asks for an answer between commands that are to go out together.
 */
static int wait_for_relay(void *ctx, struct pollfd *fds, nfds_t n, int timeout)
{
	struct esmtp *e = ctx;
	bool soon;
	nfds_t i;

	e->polled = true;
	for (i = 0; i < n; i++)
		if (fds[i].events & POLLOUT) {
			fds[i].revents = POLLOUT;
			return 1;
		}
	if (timeout == 0)
		return 0;
	soon = go_ahead(e);
	send_held(e);
	if (soon)
		transport_session_soon(e->s);
	transport_session_idle(e->s);
	return await(e, fds);
}

static void start_session(struct esmtp *e)
{
	transport_place_begin(&e->place);
	smtp_start_session(e->session);
	if (!transport_place_end(&e->place) || !e->polled)
		transport_session_fail(e->s, ERR_INTERNAL,
		    "libesmtp does not use the program's connect() and poll()");
}

/* ---- the session ---- */

static const char *awaited(const struct esmtp *e)
{
	if (!e->t.mailing)
		return e->t.replies == 0 ? "greeting" : "answer to EHLO";
	if (smtp_reverse_path_status(e->message)->code == 0)
		return "answer to MAIL";
	if (smtp_recipient_status(e->recipient)->code == 0)
		return "answer to RCPT";
	return e->s->doubted ? "answer to the message" : "answer to DATA";
}

static void explain(struct esmtp *e)
{
	struct transport_session *s = e->s;

	if (s->cut || s->leaving)
		return;		/* said where it happened */
	if (e->t.garbage.whole)
		snprintf(s->why, sizeof s->why, "the %s is not SMTP: \"%.200s\"",
		    awaited(e), e->t.garbage.line);
	else if (e->late && !e->t.quitting)
		snprintf(s->why, sizeof s->why,
		    "the relay gave no %s within %ld seconds", awaited(e),
		    s->relay->timeout / 1000);
	else
		snprintf(s->why, sizeof s->why,
		    "the connection was lost before the %s", awaited(e));
}

static void refused(struct esmtp *e)
{
	int class = e->t.refusal.code / 100;

	if (class == 4 || class == 5)
		transport_session_refused(e->s, &e->t.refusal,
		    "the relay refuses the session");
	else
		transport_session_fail(e->s, ERR_PROTOCOL,
		    "the relay does not speak SMTP; it says \"%s\"",
		    e->t.refusal.line);
}

/* What libesmtp reports itself is no help: all is well, it says, after a lost
 * connection, a 421 and a refused EHLO. True: the connection was lost. */
static bool conclude(struct esmtp *e)
{
	struct transport_session *s = e->s;

	if (s->failed || !s->open || e->aside)
		return s->failed;
	if (e->t.mailing)
		judge(e, false);
	if (!s->open)
		return true;
	explain(e);
	if (e->t.bdat)
		transport_session_fail(s, ERR_INTERNAL,
		    "libesmtp saw CHUNKING and was stopped");
	else if (!e->t.mailing && e->t.refusal.line[0] != '\0')
		refused(e);
	else if (!e->t.mailing && e->late)
		transport_session_fail(s, ERR_NETWORK, "%s", s->why);
	else if (s->doubted)
		transport_session_settle(s, s->cut ? TRANSPORT_DEFERRED :
		    TRANSPORT_UNKNOWN, 0, s->why);
	return true;
}

static bool set_up(struct esmtp *e)
{
	bool good = e->session != NULL &&
	    smtp_set_server(e->session, "127.0.0.1:1") &&
	    smtp_set_hostname(e->session, e->s->relay->helo) &&
	    smtp_set_eventcb(e->session, on_event, e) &&
	    smtp_set_monitorcb(e->session, on_traffic, e, 0);

	if (!good)
		transport_session_fail(e->s, ERR_INTERNAL,
		    "libesmtp makes no session");
	return good;
}

bool transport_esmtp_talk(struct transport_session *s, int fd)
{
	struct esmtp e;
	bool lost;

	memset(&e, 0, sizeof e);
	e.s = s;
	e.place.ready = fd;
	e.place.wait = wait_for_relay;
	e.place.write = gather;
	e.place.ctx = &e;
	e.t.owed = 1;		/* the greeting */
	e.t.active = clock_ms();
	e.session = smtp_create_session();
	if (set_up(&e))
		hand_over(&e);
	if (s->failed)
		close(fd);
	else
		start_session(&e);
	lost = conclude(&e);
	if (e.session != NULL)
		smtp_destroy_session(e.session);
	return lost;
}
