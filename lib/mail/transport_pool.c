/*
 * Several relays as one. Each has its turn of so many messages; one that cannot
 * be used is left, and the message that it was given goes to the next. So does
 * what one of them answers with 4xx: where another takes it, it was not the
 * recipient's server that was slow. A relay that goes on putting off rests.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "mail/transport_int.h"

/* Messages of a turn, times the weight: few enough that a list of friends is
 * shared out, and enough for a connection to pay. */
#define TURN 50
/* In a row put off by a relay, and by no other, before it rests; and for how
 * long, in milliseconds, each time twice as long. */
#define PUT_OFF_MAX 3
#define REST ((int64_t)60000)
#define REST_DOUBLINGS 5

struct member {
	struct transport *transport;
	unsigned weight;
	bool dead;
	size_t rest;		/* messages of a turn that was broken off */
	unsigned put_off;	/* in a row, and not by others */
	unsigned rests;		/* since it took one */
	int64_t until;		/* rests, by clock_ms */
};

struct pool {
	struct member *member;
	size_t n, at;
	void (*lost)(void *ctx, const struct err *why);
	void *ctx;
};

/* One run: it stands between the source and the relay whose turn it is. */
struct turn {
	const struct pool *pool;
	const struct transport_source *source;
	struct member *member;	/* whose turn it is */
	size_t left;		/* messages of this turn */
	bool ended;		/* the source has no more */
	bool stopped;		/* the source does not want to go on */
	bool refused;		/* a message was, so it may not be the relay */
	bool open;		/* m is not settled */
	bool held;		/* ... and no relay has it */
	bool slowed;		/* a relay was slow with m */
	size_t alive;		/* relays that can be used */
	size_t ready;		/* of these, those that do not rest */
	size_t unfit;		/* of these in a row, for m */
	struct member *slow;	/* the first that has put m off; NULL */
	struct member *home;	/* whose turn was broken off for m; NULL */
	bool doubted;
	struct transport_message m;
	struct transport_result result;	/* why it is held */
	struct transport_result put_off;	/* by slow */
};

static bool is_ready(const struct member *m, int64_t now)
{
	return !m->dead && m->until <= now;
}

/* Rests end within a turn, too. */
static void count_ready(struct turn *t)
{
	int64_t now = clock_ms();
	size_t i;

	t->alive = t->ready = 0;
	for (i = 0; i < t->pool->n; i++) {
		t->alive += !t->pool->member[i].dead;
		t->ready += is_ready(&t->pool->member[i], now);
	}
	if (t->ready == 0)
		t->ready = t->alive;
}

static int next(void *ctx, struct transport_message *out, struct err *err)
{
	struct turn *t = ctx;
	int got;

	if (t->left == 0)
		return 0;
	if (!t->held) {
		got = t->source->next(t->source->ctx, &t->m, err);
		t->ended = got == 0;
		t->stopped |= got < 0;
		if (got <= 0)
			return got;
		count_ready(t);
		t->open = true;
		t->doubted = t->slowed = false;
		t->unfit = 0;
		t->slow = NULL;
	}
	t->held = false;
	t->left -= t->left > 0;
	*out = t->m;
	return 1;
}

static void soon(void *ctx, int64_t id)
{
	struct turn *t = ctx;

	if (t->source->soon != NULL && !t->doubted)
		t->source->soon(t->source->ctx, id);
}

/* A message that was cut before its end left, or whose end was answered with
 * 4xx, is still in doubt for the source when another relay gets it. The source
 * is not asked again: whoever took this sender for dead since has the message
 * for unknown. */
static int doubt(void *ctx, int64_t id, struct err *err)
{
	struct turn *t = ctx;

	if (t->doubted)
		return 0;
	t->doubted = true;
	if (t->source->doubt(t->source->ctx, id, err) == 0)
		return 0;
	t->stopped = true;
	return -1;
}

static void tell_slow(const struct turn *t)
{
	if (t->source->slow != NULL)
		t->source->slow(t->source->ctx);
}

/* Where another relay has taken what one has put off, or knows it for bad, only
 * that one is slow. */
static int pass_on(struct turn *t, struct err *err)
{
	enum transport_verdict v = t->result.verdict;

	t->open = t->held = false;
	if (t->slowed && v != TRANSPORT_UNTRIED && (t->slow == NULL ||
	    v == TRANSPORT_DEFERRED || v == TRANSPORT_UNKNOWN))
		tell_slow(t);
	if (t->source->settle(t->source->ctx, t->m.id, &t->result, err) == 0)
		return 0;
	t->stopped = true;
	return -1;
}

static void count_slow(struct member *m)
{
	unsigned n = m->rests < REST_DOUBLINGS ? m->rests : REST_DOUBLINGS;

	if (++m->put_off < PUT_OFF_MAX)
		return;
	m->put_off = 0;
	m->rests++;
	m->until = clock_ms() + (REST << n);
}

/* An answer of 4xx says that the relay does not have it; a program that exits so
 * may have queued it, and what was lost may have been the message's doing. */
static bool is_for_others(const struct transport_result *r)
{
	return r->elsewhere || (r->verdict == TRANSPORT_DEFERRED &&
	    r->code / 100 == 4);
}

/* Another relay may have m: it has its turn next. False: there is none that did
 * not have it yet. */
static bool carry(struct turn *t)
{
	if (t->result.verdict == TRANSPORT_DEFERRED && t->slow == NULL) {
		t->slow = t->member;
		t->put_off = t->result;
	}
	if (++t->unfit >= t->ready)
		return false;
	t->result.verdict = TRANSPORT_UNTRIED;
	if (t->unfit == 1)
		t->member->rest = t->left;
	t->left = 0;
	return true;
}

static void count_taken(struct turn *t)
{
	t->member->put_off = t->member->rests = 0;
	t->member->until = 0;
	if (t->slow != NULL && t->slow != t->member)
		count_slow(t->slow);
}

/* It puts off in its own way; or it refuses what another one has put off, and
 * perhaps all, of which it is not to hear each. */
static void count_bad(struct turn *t)
{
	count_slow(t->member);
	if (t->ready > 1 && t->member->until > clock_ms())
		t->left = 0;
}

/* What is told of a message that no relay took. One refusal may be of all: of
 * this message it is known that it was put off. And what all lack that were
 * asked, one that rests or is gone may have. */
static void conclude(struct turn *t)
{
	enum transport_verdict v = t->result.verdict;

	if (t->slow != NULL && (t->result.elsewhere ||
	    v == TRANSPORT_DEFERRED || v == TRANSPORT_REFUSED))
		t->result = t->put_off;
	else if (t->result.elsewhere && t->ready < t->pool->n)
		transport_result_set(&t->result, TRANSPORT_DEFERRED, 0,
		    "the relays that can be used do not take addresses with "
		    "letters outside ASCII (SMTPUTF8); others may");
}

static int settle(void *ctx, int64_t id,
    const struct transport_result *result, struct err *err)
{
	struct turn *t = ctx;
	enum transport_verdict v = result->verdict;

	(void)id;
	t->refused |= v == TRANSPORT_REFUSED;
	t->result = *result;
	t->held = v == TRANSPORT_UNTRIED ||
	    (is_for_others(result) && carry(t));
	if (t->held)
		return 0;
	if (v == TRANSPORT_SENT)
		count_taken(t);
	else if (!is_for_others(result) && (v == TRANSPORT_DEFERRED ||
	    (v == TRANSPORT_REFUSED && t->slow != NULL)))
		count_bad(t);
	conclude(t);
	return pass_on(t, err);
}

/* None has gone for good: another relay may get it yet. */
static int idle(void *ctx, bool gone, struct err *err)
{
	struct turn *t = ctx;

	(void)gone;
	if (t->source->idle == NULL ||
	    t->source->idle(t->source->ctx, false, err) == 0)
		return 0;
	t->stopped = true;
	return -1;
}

static int stop(void *ctx)
{
	const struct turn *t = ctx;

	return transport_wants_stop(t->source);
}

/* With a message at hand that another relay may take it is told when none has
 * (pass_on). */
static void slow(void *ctx)
{
	struct turn *t = ctx;

	if (t->open && t->ready > 1)
		t->slowed = true;
	else
		tell_slow(t);
}

/* The next that can be used, and does not rest unless all do; NULL: there is
 * none. */
static struct member *choose(struct pool *p, struct turn *t)
{
	struct member *rests = NULL;
	int64_t now = clock_ms();
	size_t i;

	count_ready(t);
	for (i = 0; i < p->n; i++) {
		struct member *m = &p->member[(p->at + i) % p->n];

		if (is_ready(m, now))
			return m;
		if (rests == NULL && !m->dead)
			rests = m;
	}
	return rests;
}

/* Whose turn it is after m's. A message that m does not take is carried to the
 * others, and then m goes on. */
static void move_on(struct pool *p, struct member *m, struct turn *t)
{
	p->at = (size_t)(m - p->member) + 1;
	if (t->held && t->unfit > 0) {
		if (t->home == NULL)
			t->home = m;
	} else if (t->home != NULL) {
		p->at = (size_t)(t->home - p->member) +
		    (t->home->rest == 0);
		t->home = NULL;
	}
}

static size_t turn_of(struct member *m, const struct turn *t)
{
	size_t rest = m->rest;

	if (t->held && t->unfit > 0)
		return 1;
	m->rest = 0;
	return t->alive == 1 ? SIZE_MAX : rest > 0 ? rest :
	    (size_t)m->weight * TURN;
}

/* What is wrong on this side, or with the messages, is so with each relay. */
static bool is_of_relay(const struct turn *t, enum err_kind kind)
{
	return !t->stopped && !t->refused && kind != ERR_INTERNAL &&
	    kind != ERR_SYSTEM && kind != ERR_OUTPUT;
}

/* 1: go on with another one. */
static int take_turn(struct pool *p, struct member *m, struct turn *t,
    struct err *err)
{
	const struct transport_source inner = { t, next, soon, doubt, settle,
	    idle, stop, slow };
	struct err why = ERR_INIT;

	t->member = m;
	t->left = turn_of(m, t);
	t->refused = false;
	if (transport_run(m->transport, &inner, &why) == 0) {
		move_on(p, m, t);
		return !t->ended && (!t->held || t->unfit > 0) &&
		    !transport_wants_stop(t->source);
	}
	if (is_of_relay(t, why.kind)) {
		m->dead = true;
		if (choose(p, t) != NULL) {
			p->lost(p->ctx, &why);
			return 1;
		}
	}
	*err = why;
	return -1;
}

static int pool_run(void *impl, const struct transport_source *source,
    struct err *err)
{
	struct pool *p = impl;
	struct turn t = { .pool = p, .source = source };
	struct err spare = ERR_INIT;
	struct member *m;
	int rc = 1;

	while (rc == 1) {
		m = choose(p, &t);
		/* Those that failed may have been waited for since, and each
		 * may be the one that is there again. */
		if (m == NULL) {
			m = &p->member[p->at++ % p->n];
			m->dead = false;
			t.alive = t.ready = 1;
		}
		rc = take_turn(p, m, &t, err);
	}
	if (t.held && pass_on(&t, rc == 0 ? err : &spare) != 0)
		rc = -1;
	return rc;
}

static void pool_close(void *impl)
{
	struct pool *p = impl;
	size_t i;

	for (i = 0; i < p->n; i++)
		transport_close(p->member[i].transport);
	free(p->member);
	free(p);
}

static const struct transport_ops transport_pool = {
	"", NULL, pool_run, pool_close,
};

struct transport *transport_join(struct transport *const *list,
    const unsigned *weights, size_t n,
    void (*lost)(void *ctx, const struct err *why), void *ctx)
{
	struct pool *p = xcalloc(1, sizeof *p);
	struct arena a = ARENA_INIT;
	struct transport *joined;
	const char *urls = "";
	size_t i;

	p->member = xcalloc(n, sizeof *p->member);
	p->n = n;
	p->lost = lost;
	p->ctx = ctx;
	for (i = 0; i < n; i++) {
		p->member[i].transport = list[i];
		p->member[i].weight = weights[i];
		urls = arena_printf(&a, "%s%s%s", urls, i > 0 ? ", " : "",
		    transport_url(list[i]));
	}
	joined = transport_of(&transport_pool, p, urls);
	arena_release(&a);
	return joined;
}
