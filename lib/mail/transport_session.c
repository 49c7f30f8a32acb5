/*
 * A run over an SMTP relay, whichever library speaks to it: what the source
 * is asked and told, and what is done when a connection is lost.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/clock.h"
#include "mail/transport_int.h"

/* A message whose connection was lost before doubt gets a second one. It is
 * deferred after that, so that a message which brings down the relay does not
 * stand in the way of all behind it. */
#define TRIES_MAX 2
#define LOST_MAX 3
#define PAUSE_MS 500
/* Refused MAILs in a row, after which it is not the message. */
#define REFUSED_MAX 3
/* Refusals in the same words, after which it is neither message nor recipient:
 * while the relay has taken none, and between two that it takes; and where they
 * are of fewer domains than TRANSPORT_ALIKE_DOMAINS. */
#define ALIKE_FIRST_MAX 3
#define ALIKE_MAX 5
#define ALIKE_FEW_MAX 100

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

void transport_session_refused(struct transport_session *s,
    const struct transport_reply *r, const char *what)
{
	transport_session_fail(s, r->code / 100 == 4 ? ERR_TEMPORARY :
	    ERR_REFUSED, "%s; it says \"%s\"", what, r->line);
}

void transport_session_cut(struct transport_session *s, const char *fmt, ...)
{
	char text[TRANSPORT_TEXT_MAX];
	va_list ap;

	if (s->cut)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	transport_text(s->why, sizeof s->why, text);
	s->cut = true;
}

static void settle(struct transport_session *s,
    const struct transport_result *result)
{
	s->open = false;
	if (s->source->settle(s->source->ctx, s->m.id, result, where(s)) ==
	    -1)
		s->failed = true;
}

void transport_session_settle(struct transport_session *s,
    enum transport_verdict verdict, int code, const char *text)
{
	struct transport_result result;

	transport_result_set(&result, verdict, code, text);
	settle(s, &result);
}

void transport_session_no_utf8(struct transport_session *s)
{
	struct transport_result result;

	transport_result_set(&result, TRANSPORT_FAILED, 0, "the relay does not "
	    "take addresses with letters outside ASCII (SMTPUTF8)");
	result.elsewhere = true;
	settle(s, &result);
}

/* Of all messages of the run, not of this one. */
static bool is_general(const struct transport_session *s, int code,
    const char *text)
{
	return !s->accepted || code == 530 || code == 552 ||
	    strncmp(text, "5.7.", 4) == 0 || s->refused >= REFUSED_MAX;
}

static void refuse_all(struct transport_session *s, int code, const char *text)
{
	char words[TRANSPORT_TEXT_MAX];

	transport_text(words, sizeof words, text);
	if (code == 552)
		transport_session_fail(s, ERR_REFUSED, "the relay takes no "
		    "message of this size, and all of an edition have it; it "
		    "says \"%d %s\"", code, words);
	else
		transport_session_fail(s, ERR_REFUSED, "the relay takes no "
		    "mail from \"%s\", the sender of all; it says \"%d %s\"",
		    s->m.from, code, words);
	transport_session_cut(s, "the relay refused the sender");
}

static void tell_slow(const struct transport_session *s)
{
	if (s->source->slow != NULL)
		s->source->slow(s->source->ctx);
}

/* A 4xx or 5xx that settles s->m; the verdict is that of a 5xx. */
static bool settle_refusal(struct transport_session *s, int code,
    const char *text, enum transport_verdict verdict)
{
	char words[TRANSPORT_TEXT_MAX];

	/* Many have a bound for the messages of one session: if it is more than
	 * that the next one will tell. */
	if (code == 421 && s->answered == 0)
		tell_slow(s);
	s->leaving |= code == 421;
	if (code == 421 && !s->doubted) {
		transport_text(words, sizeof words, text);
		snprintf(s->why, sizeof s->why,
		    "the relay ended the session: %.400s", words);
		return false;
	}
	if (code / 100 != 4 && code / 100 != 5)
		return false;
	s->answered++;
	transport_session_settle(s, code / 100 == 4 ? TRANSPORT_DEFERRED :
	    verdict, code, text);
	return true;
}

/* Many offer SMTPUTF8 and then do not take it (RFC 6531 §3.5). */
static bool is_of_letters(const struct transport_session *s, int code,
    const char *text)
{
	return code / 100 == 5 && code != 530 && code != 552 &&
	    strncmp(text, "5.7.", 4) != 0 && transport_message_utf8(&s->m);
}

bool transport_session_sender(struct transport_session *s, int code,
    const char *text)
{
	struct transport_result result;

	if (s->failed)
		return true;
	if (code / 100 == 2) {
		s->accepted = true;
		s->refused = 0;
	}
	s->balked |= code / 100 > 3 && code != 421;
	if (is_of_letters(s, code, text)) {
		s->answered++;
		transport_result_set(&result, TRANSPORT_FAILED, code, text);
		result.elsewhere = true;
		settle(s, &result);
		return true;
	}
	if (code / 100 == 5) {
		s->refused++;
		if (is_general(s, code, text)) {
			refuse_all(s, code, text);
			return true;
		}
	}
	return settle_refusal(s, code, text, TRANSPORT_FAILED);
}

/* By its enhanced code (RFC 3463 §3.2 and §3.3); 5.6.7 says that the address
 * cannot be passed on (RFC 6531 §3.5). */
static bool is_of_recipient(const char *text)
{
	if (strncmp(text, "5.2.", 4) == 0 || strncmp(text, "5.6.7", 5) == 0)
		return true;
	if (strncmp(text, "5.1.", 4) != 0)
		return false;
	text += 4;
	return strspn(text, "0123456789") > 1 || strchr("078", *text) == NULL;
}

static bool may_vary(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (word[i] == '@' || (word[i] >= '0' && word[i] <= '9'))
			return true;
	return false;
}

/* Addresses, queue ids and times differ from one answer to the next, but the
 * enhanced code in front does not. */
static bool same_words(const char *a, const char *b)
{
	size_t na = strcspn(a, " "), nb = strcspn(b, " ");
	bool code = strncmp(a, "5.", 2) == 0 || strncmp(b, "5.", 2) == 0;

	while (na > 0 && nb > 0) {
		if ((na != nb || memcmp(a, b, na) != 0) && (code ||
		    !may_vary(a, na) || !may_vary(b, nb)))
			return false;
		code = false;
		a += na + strspn(a + na, " ");
		b += nb + strspn(b + nb, " ");
		na = strcspn(a, " ");
		nb = strcspn(b, " ");
	}
	return na == nb;
}

/* Of s->m's domain. */
static void note_domain(struct transport_session *s)
{
	const char *at = strrchr(s->m.to, '@');
	const char *domain = at == NULL ? "" : at + 1;
	unsigned i;

	for (i = 0; i < s->alike_domains; i++)
		if (strcasecmp(domain, s->alike_domain[i]) == 0)
			return;
	if (i < TRANSPORT_ALIKE_DOMAINS)
		snprintf(s->alike_domain[s->alike_domains++],
		    sizeof s->alike_domain[0], "%s", domain);
}

/* Where they are few it may be they that are refused. */
static void name_domains(const struct transport_session *s, char *out,
    size_t size)
{
	if (s->alike_domains >= TRANSPORT_ALIKE_DOMAINS)
		out[0] = '\0';
	else if (s->alike_domains == 2)
		snprintf(out, size, " to friends at %s and %s",
		    s->alike_domain[0], s->alike_domain[1]);
	else
		snprintf(out, size, " to friends at %s", s->alike_domain[0]);
}

static void count_alike(struct transport_session *s, int code,
    const char *text)
{
	char words[TRANSPORT_TEXT_MAX], domains[TRANSPORT_TEXT_MAX + 64];
	unsigned max = ALIKE_FEW_MAX;

	transport_text(words, sizeof words, text);
	if (code != s->alike_code || !same_words(words, s->alike_text))
		s->alike = 0;
	if (s->alike++ == 0)
		s->alike_domains = 0;
	s->alike_code = code;
	memcpy(s->alike_text, words, sizeof words);
	note_domain(s);
	if (s->alike_domains >= TRANSPORT_ALIKE_DOMAINS)
		max = s->taken ? ALIKE_MAX : ALIKE_FIRST_MAX;
	if (s->alike < max)
		return;
	name_domains(s, domains, sizeof domains);
	transport_session_fail(s, ERR_REFUSED, "the relay refused %u messages%s"
	    " in the same words and took none%s, so nobody counts as failed; "
	    "it says \"%d %s\"", s->alike, domains,
	    s->taken ? " in between" : "", code, words);
}

bool transport_session_refusal(struct transport_session *s, int code,
    const char *text)
{
	bool unsure = code / 100 == 5 && !is_of_recipient(text);

	if (!settle_refusal(s, code, text, unsure ? TRANSPORT_REFUSED :
	    TRANSPORT_FAILED))
		return false;
	if (unsure && !s->m.refused_before)
		count_alike(s, code, text);
	return true;
}

void transport_session_sent(struct transport_session *s, int code,
    const char *text)
{
	s->answered++;
	s->taken = true;
	s->alike = 0;
	transport_session_settle(s, TRANSPORT_SENT, code, text);
}

void transport_session_look(struct transport_session *s, int fd)
{
	char text[256];
	ssize_t n = recv(fd, text, sizeof text, MSG_PEEK | MSG_DONTWAIT);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		transport_session_cut(s, "the relay broke in on the "
		    "message: %.*s", (int)n, text);
	else
		transport_session_cut(s, TRANSPORT_LOST);
}

/* The source says that it cannot go on. */
static void halt(struct transport_session *s)
{
	s->failed = true;
	transport_session_cut(s, "stopped before its end was sent");
}

void transport_session_soon(struct transport_session *s)
{
	if (s->source->soon != NULL && s->open && !s->doubted && !s->failed)
		s->source->soon(s->source->ctx, s->m.id);
}

void transport_session_doubt(struct transport_session *s)
{
	s->doubted = true;
	if (s->source->doubt(s->source->ctx, s->m.id, where(s)) == -1)
		halt(s);
}

void transport_session_idle(struct transport_session *s)
{
	if (s->source->idle == NULL || s->failed ||
	    s->source->idle(s->source->ctx, transport_session_in_doubt(s),
	    where(s)) == 0)
		return;
	/* What is in doubt has left already; its answer still counts. */
	if (s->open && s->doubted)
		s->failed = true;
	else
		halt(s);
}

bool transport_wants_stop(const struct transport_source *source)
{
	return source->stop != NULL && source->stop(source->ctx) != 0;
}

bool transport_session_stopped(struct transport_session *s)
{
	if (!s->ended && transport_wants_stop(s->source))
		s->ended = true;
	return s->ended;
}

bool transport_session_in_doubt(const struct transport_session *s)
{
	return s->open && s->doubted && !s->cut;
}

bool transport_session_is_other(const struct transport_session *s)
{
	return s->talk_utf8 != NULL && transport_message_utf8(&s->m);
}

bool transport_session_next(struct transport_session *s)
{
	char why[TRANSPORT_TEXT_MAX];
	int got;

	while (!s->failed && !transport_session_stopped(s)) {
		got = s->source->next(s->source->ctx, &s->m, s->err);
		s->failed = got < 0;
		s->ended = got == 0;
		if (got <= 0)
			break;
		s->open = true;
		s->tries = 0;
		s->doubted = s->cut = false;
		if (transport_message_check(&s->m, &s->dots, why,
		    sizeof why) != 0)
			transport_session_settle(s, TRANSPORT_FAILED, 0, why);
		else
			return true;
	}
	return false;
}

/* Before a connection that follows a lost one. False: do not make it. */
static bool pause_after_loss(struct transport_session *s)
{
	static const struct timespec step = { 0, 50 * 1000000 };
	int64_t due = clock_ms() + (int64_t)s->lost * PAUSE_MS;

	if (s->tries == 0 && s->lost == 0)
		return true;
	while (!transport_session_stopped(s) && clock_ms() < due)
		nanosleep(&step, NULL);
	return !transport_session_stopped(s);
}

static void count_loss(struct transport_session *s)
{
	/* libesmtp ends a session at a refusal that it does not know how to
	 * go on from, with the next message at hand: that is not the relay's
	 * doing. */
	if (!s->leaving && (s->answered == 0 || (s->open && s->doubted)))
		tell_slow(s);
	s->lost = s->answered > 0 ? 0 : s->lost + 1;
	if (s->lost >= LOST_MAX)
		transport_session_fail(s, ERR_TEMPORARY,
		    "the connection was lost %u times in a row; the last time: "
		    "%s", s->lost, s->why);
	else if (s->open && ++s->tries >= TRIES_MAX)
		transport_session_settle(s, TRANSPORT_DEFERRED,
		    s->leaving ? 421 : 0, s->why);
}

static bool talk_hushed(struct transport_session *s, int fd)
{
	struct transport_hush h;
	bool lost;

	transport_hush_begin(&h);
	lost = (transport_session_is_other(s) ? s->talk_utf8 : s->talk)(s, fd);
	transport_hush_end(&h);
	return lost;
}

static void connect_and_talk(struct transport_session *s)
{
	const struct transport_relay *r = s->relay;
	int fd = transport_dial(r->url, r->host, r->port, r->timeout,
	    s->source, &s->spare);

	if (fd == -1 && transport_session_stopped(s))
		return;
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
	if (!talk_hushed(s, fd))
		s->lost = 0;
	else if (!s->failed && !(s->open && s->ended))
		count_loss(s);
	if (s->answered > 0)
		s->proven = true;
}

int transport_session_run(const struct transport_relay *relay,
    bool (*talk)(struct transport_session *, int fd),
    bool (*talk_utf8)(struct transport_session *, int fd),
    const struct transport_source *source, struct err *err)
{
	struct transport_session s;

	memset(&s, 0, sizeof s);
	s.relay = relay;
	s.talk = talk;
	s.talk_utf8 = talk_utf8;
	s.source = source;
	s.err = err;
	while (!s.failed && (s.open ? !transport_session_stopped(&s) :
	    transport_session_next(&s)) && pause_after_loss(&s))
		connect_and_talk(&s);
	if (s.open && s.doubted && !s.cut)
		transport_session_settle(&s, TRANSPORT_UNKNOWN, 0, "the run "
		    "broke off before the answer to the message");
	else if (s.open)
		transport_session_settle(&s, TRANSPORT_UNTRIED, 0, s.failed ?
		    err->msg : "the run was stopped before it was sent");
	return s.failed ? -1 : 0;
}
