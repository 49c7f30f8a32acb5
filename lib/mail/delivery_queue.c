/*
 * Which delivery is next, and when: what was claimed goes to whichever
 * connection is free; what may not go yet is put off in the ledger, and claimed
 * again when its time has come.
 */
#include <string.h>

#include "base/clock.h"
#include "mail/delivery_int.h"

#define SECOND ((int64_t)1000000)
/* What waits for others, or for a person's signal, looks again so often. */
#define LOOK SECOND
/* So often what is said to be due is looked for in vain, once a second; where
 * other hosts may have it in their hands, longer. */
#define FRUITLESS_MAX 5
#define FRUITLESS_SHARED_MAX 300

/* ---- claiming ---- */

static size_t
left(const struct delivery_claims *c)
{
	return c->n - c->at;
}

/* The next chunk of those that were named; some may have none left. */
static int
claim_named(struct delivery *r, struct delivery_claims *c, size_t want,
    struct err *err)
{
	const int64_t *ids = r->canaries ? r->o->canary : r->o->only;
	size_t n = r->canaries ? r->o->ncanary : r->o->nonly;

	while (c->n == 0 && r->asked < n) {
		if (want > n - r->asked)
			want = n - r->asked;
		if (ledger_claim_these(r->ledger, ids + r->asked, want,
		    delivery_now(r), &c->arena, &c->d, &c->n, err) != 0)
			return -1;
		r->asked += want;
	}
	return 0;
}

static int
claim_next(struct delivery *r, struct delivery_claims *c, size_t want,
    struct err *err)
{
	int rc = ledger_claim(r->ledger, r->edition->id, r->after, r->before,
	    r->claim_turn, want, delivery_now(r), &c->arena, &c->d, &c->n, err);

	if (c->n > 0)
		r->after = c->d[c->n - 1].id;
	return rc;
}

/* Half of what may be claimed, so that the other half is at hand meanwhile. */
static size_t
chunk(const struct delivery *r)
{
	return r->o->claim > 1 ? r->o->claim / 2 : 1;
}

static size_t
noted(const struct delivery *r)
{
	return r->batch[0]->nrows + r->batch[1]->nrows;
}

bool
delivery_is_hungry(const struct delivery *r)
{
	const struct delivery_claims *c = r->claims;

	return !r->exhausted && left(&c[!r->now]) == 0 && left(&c[r->now]) +
	    r->open + noted(r) + chunk(r) < r->o->claim + r->nlines;
}

static bool
is_stopped(const struct delivery *r)
{
	return r->failed || r->drained || (r->o->stop != NULL &&
	    r->o->stop(r->o->ctx));
}

static bool
is_named(const struct delivery *r)
{
	return r->canaries || r->o->only != NULL;
}

void
delivery_due(struct delivery *r, int64_t due, bool soon)
{
	if (due < r->due)
		r->due = due;
	if (soon && due < r->again)
		r->again = due;
}

static void
start_over(struct delivery *r)
{
	r->passed = r->exhausted = false;
	delivery_domains_again(r);
	r->after = 0;
	r->asked = 0;
	r->due = r->again = INT64_MAX;
	r->over_at = clock_us() + LOOK;
	pthread_cond_signal(&r->main);
}

/* On a long list what was put off would wait until the end of it. Once a second
 * is often enough: the earliest time of what is left is not known. */
static void
look_back(struct delivery *r)
{
	int64_t now = delivery_now(r);

	if (r->again > now || is_named(r))
		return;
	r->again = now + 1;
	r->after = 0;
}

/* Nothing is left of this turn. False: nor of another one. */
static bool
next_turn(struct delivery *r)
{
	static const enum ledger_turn next[] = {
		[LEDGER_TURN_PENDING] = LEDGER_TURN_DEFERRED,
		[LEDGER_TURN_DUE] = LEDGER_TURN_DEFERRED,
		[LEDGER_TURN_DEFERRED] = LEDGER_TURN_ALL
	};

	if (r->claim_turn == LEDGER_TURN_ALL)
		return false;
	r->claim_turn = next[r->claim_turn];
	r->after = 0;
	return true;
}

bool
delivery_feed(struct delivery *r)
{
	struct delivery_claims *c, got = { .n = 0 };
	struct err err = ERR_INIT;
	bool named;
	int rc;

	/* It is settled before others are claimed, so that a power cut leaves
	 * no more unknown than are claimed. */
	delivery_book(r);
	if (is_stopped(r) || !delivery_is_hungry(r))
		return false;
	/* Those that are at hand stay so, since the others are none. */
	c = &r->claims[!r->now];
	named = is_named(r);
	look_back(r);
	/* Looking for what is due again costs nothing where nothing can be. */
	if (r->claim_turn == LEDGER_TURN_PENDING && r->retries.n > 0)
		r->claim_turn = LEDGER_TURN_DUE;
	delivery_ledger_take(r);
	arena_release(&c->arena);
	got.arena = c->arena;
	rc = (named ? claim_named : claim_next)(r, &got, chunk(r), &err);
	delivery_ledger_give(r);
	pthread_mutex_unlock(&r->lock);
	if (rc >= 0 && got.n > 0)
		rc = ledger_flush(r->ledger, &err);
	pthread_mutex_lock(&r->lock);
	*c = got;
	r->exhausted = got.n == 0 && (named || !next_turn(r));
	r->over_at = got.n > 0 ? 0 : r->over_at;
	r->fruitless = got.n > 0 || rc > 0 ? 0 : r->fruitless;
	if (rc < 0)
		delivery_fail(r, &err);
	pthread_cond_broadcast(&r->work);
	return true;
}

/* The list is at its end. What was put off may come in this run still; what
 * others have noted since the last claim is not in the ledger yet, but in
 * r->due. */
static void
look_ahead(struct delivery *r)
{
	struct err err = ERR_INIT;
	int64_t due = INT64_MAX;
	int found = 0;

	r->passed = true;
	r->again = INT64_MAX;
	if (r->o->only != NULL)
		return;
	r->looking = true;
	delivery_ledger_take(r);
	found = ledger_next_due(r->ledger, r->edition->id, r->before,
	    delivery_now(r), &due, &err);
	delivery_ledger_give(r);
	r->looking = false;
	pthread_cond_broadcast(&r->work);
	if (found < 0)
		delivery_fail(r, &err);
	if (found > 0 && due < r->due)
		r->due = due;
}

/* ---- waiting ---- */

/* Seconds since 1970, of a time on the clock, rounded up. */
static int64_t
in_seconds(const struct delivery *r, int64_t at)
{
	return delivery_now(r) + (at - clock_us() + SECOND - 1) / SECOND;
}

/* The ledger counts some who are due, and gives none out. */
static void
fail_claims(struct delivery *r)
{
	struct err err = ERR_INIT;

	(void)ledger_damaged(r->ledger, "friends wait in it whom it does not "
	    "give out", &err);
	delivery_fail(r, &err);
}

/* Behind the end of the list. */
static enum delivery_next
wait_for_due(struct delivery *r, int64_t *wait)
{
	int64_t soon = r->over_at - clock_us();

	*wait = LOOK;
	if (r->due <= delivery_now(r)) {
		/* Another host may just have them in its hands. */
		if (soon > 0)
			*wait = soon;
		else if (r->fruitless++ < (ledger_is_shared(r->ledger) ?
		    FRUITLESS_SHARED_MAX : FRUITLESS_MAX))
			start_over(r);
		else
			fail_claims(r);
		return DELIVERY_WAIT;
	}
	r->fruitless = 0;
	if (r->due <= r->until) {
		r->done.waits_until = r->due;
		/* The clock that it is due by is of whole seconds. */
		if (r->due - delivery_now(r) == 1)
			*wait = LOOK / 10;
		return DELIVERY_WAIT;
	}
	/* What others have at hand may be put off, and so be due earlier; then
	 * it is looked again. */
	if (r->open > 0)
		return DELIVERY_WAIT;
	r->drained = true;
	pthread_cond_broadcast(&r->work);
	return DELIVERY_OVER;
}

/* The canaries were all given out: what comes of them decides, once those that
 * were not tried after all are. */
static enum delivery_next
wait_for_canaries(struct delivery *r, int64_t *wait)
{
	*wait = LOOK;
	if (r->open > 0)
		return DELIVERY_WAIT;
	if (r->due == 0)
		r->due = INT64_MAX;
	else {
		delivery_verdict_canaries(r);
		r->canaries = false;
	}
	r->asked = 0;
	r->exhausted = false;
	pthread_cond_signal(&r->main);
	return DELIVERY_WAIT;
}

/* Nothing is at hand, and nothing is to be claimed. */
static enum delivery_next
at_the_end(struct delivery *r, int64_t *wait)
{
	if (r->canaries)
		return wait_for_canaries(r, wait);
	*wait = LOOK;
	/* Nobody knows yet what there is. */
	if (r->looking)
		return DELIVERY_WAIT;
	if (r->passed)
		return wait_for_due(r, wait);
	if (r->taken)
		return DELIVERY_WAIT;
	*wait = 0;
	/* It is to be seen in the ledger. */
	if (r->batch[r->filling]->nrows > 0)
		delivery_book(r);
	else
		look_ahead(r);
	return DELIVERY_WAIT;
}

/* Makes the claims at hand some that have something: GO. */
static enum delivery_next
refill(struct delivery *r, int64_t *wait)
{
	if (left(&r->claims[r->now]) == 0 && left(&r->claims[!r->now]) > 0) {
		r->now = !r->now;
		pthread_cond_signal(&r->main);
	}
	if (left(&r->claims[r->now]) > 0) {
		*wait = r->head_at - clock_us();
		return *wait > 0 ? DELIVERY_WAIT : DELIVERY_GO;
	}
	r->done.waits_until = 0;
	if (r->exhausted)
		return at_the_end(r, wait);
	pthread_cond_signal(&r->main);
	*wait = LOOK;
	return DELIVERY_WAIT;
}

/* ---- what may go now ---- */

static void
put_off(struct delivery *r, int64_t due)
{
	struct delivery_claims *c = &r->claims[r->now];
	int64_t id = c->d[c->at++].id;

	r->head_at = 0;
	delivery_retry_take(r, id);
	delivery_note(r, id, LEDGER_PENDING, NULL, due);
	delivery_due(r, due, true);
	/* Nothing else would show that others may be claimed. */
	pthread_cond_signal(&r->main);
}

/* It is what it was, and comes again when the list is gone through once more. */
static void
pass_over(struct delivery *r)
{
	struct delivery_claims *c = &r->claims[r->now];
	int64_t id = c->d[c->at++].id;

	r->head_at = 0;
	delivery_note(r, id, LEDGER_PENDING, NULL, 0);
	pthread_cond_signal(&r->main);
}

/* The next one may go now: GO, or it was put off, or has to be waited for. The
 * run does not end while places of domains are still to come. */
static enum delivery_next
look_at_next(struct delivery *r, int64_t *wait)
{
	const struct delivery_claims *c = &r->claims[r->now];
	const struct ledger_delivery *d = &c->d[c->at];
	int64_t now = clock_us(), until = 0;

	*wait = 0;
	if (!is_named(r) && delivery_domain_pass_over(r, d)) {
		pass_over(r);
		return DELIVERY_WAIT;
	}
	if (r->o->quiet != NULL && !is_named(r))
		until = r->o->quiet(r->o->ctx, d->zone, delivery_now(r));
	if (until != 0) {
		put_off(r, until);
		return DELIVERY_WAIT;
	}
	*wait = pace_take_domain(r->o->pace, d->key, now);
	if (*wait == 0)
		return DELIVERY_GO;
	if (is_named(r)) {
		r->head_at = now + *wait;
		return DELIVERY_WAIT;
	}
	until = in_seconds(r, pace_place(r->o->pace, d->key, now));
	if (until > r->until)
		r->until = until;
	put_off(r, until);
	*wait = 0;
	return DELIVERY_WAIT;
}

/* The memory of claims goes with a later one. */
static void
copy(struct arena *a, struct ledger_delivery *to,
    const struct ledger_delivery *d)
{
	*to = *d;
	to->address = arena_strdup(a, d->address);
	to->name = arena_strdup(a, d->name);
	to->ref = arena_strdup(a, d->ref);
	to->key = arena_strdup(a, d->key);
	to->text = to->queue_id = to->zone = "";
}

/* Whether it is the one whose message was made ahead, of all that is in it. */
static bool
is_ahead(const struct delivery_line *line, const struct ledger_delivery *d)
{
	const struct ledger_delivery *a = &line->ahead.at;

	return a->id == d->id && a->variant == d->variant &&
	    strcmp(a->address, d->address) == 0 &&
	    strcmp(a->name, d->name) == 0 && strcmp(a->ref, d->ref) == 0;
}

static void
give(struct delivery_line *line)
{
	struct delivery *r = line->run;
	struct delivery_claims *c = &r->claims[r->now];
	const struct ledger_delivery *d = &c->d[c->at++];
	struct arena spent = line->arena;

	r->head_at = 0;
	delivery_retry_take(r, d->id);
	line->made = is_ahead(line, d);
	line->ahead.at.id = 0;
	if (line->made) {
		line->arena = line->ahead.arena;
		line->ahead.arena = spent;
	} else {
		arena_release(&line->arena);
	}
	copy(&line->arena, &line->at, d);
	line->number = ++r->started;
	r->open++;
}

bool
delivery_look_ahead(struct delivery_line *line)
{
	const struct delivery *r = line->run;
	const struct delivery_claims *c = &r->claims[r->now];

	if (left(c) == 0)
		c = &r->claims[!r->now];
	if (left(c) == 0 || r->open != 1 || r->failed)
		return false;
	arena_release(&line->ahead.arena);
	copy(&line->ahead.arena, &line->ahead.at, &c->d[c->at]);
	return true;
}

/* One is enough to find out what is wrong. */
unsigned
delivery_allowed(const struct delivery *r)
{
	return !r->sent || r->canaries ? 1 : pace_connections(r->o->pace);
}

static bool
may_work(const struct delivery_line *line, int64_t now, int64_t *wait)
{
	*wait = INT64_MAX;
	if (line->rank >= delivery_allowed(line->run))
		return false;
	*wait = line->retry_at - now;
	return *wait <= 0;
}

enum delivery_next
delivery_next(struct delivery_line *line, bool take, int64_t *wait)
{
	struct delivery *r = line->run;
	int64_t now = clock_us();
	enum delivery_next what;

	if (is_stopped(r))
		return DELIVERY_OVER;
	if (!may_work(line, now, wait))
		return DELIVERY_WAIT;
	*wait = pace_wait(r->o->pace, now);
	if (*wait > 0)
		return DELIVERY_WAIT;
	what = refill(r, wait);
	if (what == DELIVERY_GO && take)
		what = look_at_next(r, wait);
	if (what != DELIVERY_GO || !take)
		return what;
	*wait = pace_take(r->o->pace, now);
	give(line);
	return DELIVERY_GO;
}

void
delivery_give_back(struct delivery *r)
{
	struct delivery_claims *c;
	int64_t id;

	for (c = r->claims; c < r->claims + 2; c++)
		while (c->at < c->n) {
			id = c->d[c->at++].id;
			delivery_note(r, id, LEDGER_PENDING, NULL, 0);
		}
}
