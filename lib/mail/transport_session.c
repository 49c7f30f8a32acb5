/*
 * A run over an SMTP relay, whichever library speaks to it: what the source
 * is asked and told, and what is done when a connection is lost.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mail/transport_int.h"

/* A message whose connection was lost before doubt gets a second one. It is
 * deferred after that, so that a message which brings down the relay does not
 * stand in the way of all behind it. */
#define TRIES_MAX 2
#define LOST_MAX 3
#define PAUSE_MS 500

static struct err *where(struct transport_session *s)
{
	return s->failed ? &s->spare : s->err;
}

void transport_session_fail(struct transport_session *s, enum err_kind kind,
    const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	err_set(where(s), kind, "%s: %s", s->relay->url, text);
	s->failed = true;
}

void transport_session_cut(struct transport_session *s, const char *fmt, ...)
{
	va_list ap;

	if (s->cut)
		return;
	va_start(ap, fmt);
	vsnprintf(s->why, sizeof s->why, fmt, ap);
	va_end(ap);
	s->cut = true;
}

void transport_session_settle(struct transport_session *s,
    enum transport_verdict verdict, int code, const char *text)
{
	struct transport_result result;

	transport_result_set(&result, verdict, code, text);
	s->open = false;
	if (s->source->settle(s->source->ctx, s->m.id, &result, where(s)) ==
	    -1)
		s->failed = true;
}

bool transport_session_refusal(struct transport_session *s, int code,
    const char *text)
{
	if (code == 421)
		s->leaving = true;
	if (code == 421 && !s->doubted) {
		snprintf(s->why, sizeof s->why,
		    "the relay ended the session: %s", text);
		return false;
	}
	if (code / 100 != 4 && code / 100 != 5)
		return false;
	s->answered++;
	transport_session_settle(s, code / 100 == 4 ? TRANSPORT_DEFERRED :
	    TRANSPORT_FAILED, code, text);
	return true;
}

void transport_session_sent(struct transport_session *s, int code,
    const char *text)
{
	s->answered++;
	transport_session_settle(s, TRANSPORT_SENT, code, text);
}

/* What the source said of going on. */
static void heed(struct transport_session *s, int rc)
{
	if (rc == -1) {
		s->failed = true;
		transport_session_cut(s, "stopped before its end was sent");
	}
}

void transport_session_doubt(struct transport_session *s)
{
	s->doubted = true;
	heed(s, s->source->doubt(s->source->ctx, s->m.id, where(s)));
}

void transport_session_idle(struct transport_session *s)
{
	if (s->source->idle != NULL && !s->failed)
		heed(s, s->source->idle(s->source->ctx, where(s)));
}

static bool stopped(struct transport_session *s)
{
	const struct transport_source *source = s->source;

	if (!s->ended && source->stop != NULL && source->stop(source->ctx))
		s->ended = true;
	return s->ended;
}

bool transport_session_next(struct transport_session *s)
{
	char why[TRANSPORT_TEXT_MAX];
	int got;

	while (!s->failed && !stopped(s)) {
		got = s->source->next(s->source->ctx, &s->m, s->err);
		s->failed = got < 0;
		s->ended = got == 0;
		if (got <= 0)
			break;
		s->open = true;
		s->tries = 0;
		s->doubted = s->cut = false;
		if (transport_message_check(&s->m, why, sizeof why) == 0 &&
		    s->check(&s->m, why, sizeof why) == 0)
			return true;
		transport_session_settle(s, TRANSPORT_FAILED, 0, why);
	}
	return false;
}

/* Before a connection that follows a lost one. False: do not make it. */
static bool pause_after_loss(struct transport_session *s)
{
	static const struct timespec step = { 0, 50 * 1000000 };
	int64_t due = transport_clock() + (int64_t)s->lost * PAUSE_MS;

	if (s->tries == 0 && s->lost == 0)
		return true;
	while (!stopped(s) && transport_clock() < due)
		nanosleep(&step, NULL);
	return !stopped(s);
}

static void count_loss(struct transport_session *s)
{
	s->lost = s->answered > 0 ? 0 : s->lost + 1;
	if (s->lost >= LOST_MAX)
		transport_session_fail(s, ERR_TEMPORARY,
		    "the connection was lost %u times in a row; the last time: "
		    "%s", s->lost, s->why);
	else if (s->open && ++s->tries >= TRIES_MAX)
		transport_session_settle(s, TRANSPORT_DEFERRED,
		    s->leaving ? 421 : 0, s->why);
}

static void connect_and_talk(struct transport_session *s)
{
	const struct transport_relay *r = s->relay;
	int fd = transport_dial(r->url, r->host, r->port, r->timeout,
	    &s->spare);

	if (fd == -1) {
		/* One that answered before may be about to come up again. */
		s->failed = !s->proven || ++s->lost >= LOST_MAX;
		if (s->failed)
			*s->err = s->spare;
		return;
	}
	s->answered = 0;
	s->leaving = false;
	s->cut = false;
	if (!s->talk(s, fd))
		s->lost = 0;
	else if (!s->failed)
		count_loss(s);
	if (s->answered > 0)
		s->proven = true;
}

int transport_session_run(const struct transport_relay *relay,
    bool (*talk)(struct transport_session *, int fd),
    int (*check)(const struct transport_message *, char *, size_t),
    const struct transport_source *source, struct err *err)
{
	struct transport_session s;

	memset(&s, 0, sizeof s);
	s.relay = relay;
	s.talk = talk;
	s.check = check;
	s.source = source;
	s.err = err;
	while (!s.failed && (s.open || transport_session_next(&s)) &&
	    pause_after_loss(&s))
		connect_and_talk(&s);
	if (s.open)
		transport_session_settle(&s, TRANSPORT_UNTRIED, 0, s.failed ?
		    err->msg : "the run was stopped before it was sent");
	return s.failed ? -1 : 0;
}
