/*
 * Which delivery is next, and when: what was claimed goes to whichever
 * connection is free; what may not go yet is put off in the ledger, and claimed
 * again when its time has come.
 */
#include "mail/delivery_int.h"

#define SECOND ((int64_t)1000000)
/* What waits for others, or for a person's signal, looks again so often. */
#define LOOK SECOND

/* ---- claiming ---- */

/* What is claimed, until others may see it. */
struct claim {
	struct delivery *r;
	struct ledger_delivery *queue;
	size_t n;
};

/* The next chunk of those that were named; some may have none left. */
static int
claim_named(struct claim *c, const int64_t *ids, size_t n, struct err *err)
{
	struct delivery *r = c->r;
	size_t part;

	while (c->n == 0 && r->asked < n) {
		part = n - r->asked;
		if (part > r->o->claim)
			part = r->o->claim;
		if (ledger_claim_these(r->ledger, ids + r->asked, part,
		    delivery_now(r), &r->arena, &c->queue, &c->n, err) != 0)
			return -1;
		r->asked += part;
	}
	return 0;
}

static int
claim_next(struct claim *c, struct err *err)
{
	struct delivery *r = c->r;

	if (ledger_claim(r->ledger, r->edition->id, r->after, r->begun,
	    r->o->claim, delivery_now(r), &r->arena, &c->queue, &c->n,
	    err) != 0)
		return -1;
	if (c->n > 0)
		r->after = c->queue[c->n - 1].id;
	return 0;
}

static void
claim(struct delivery *r)
{
	const struct delivery_options *o = r->o;
	struct claim c = { .r = r };
	struct err err = ERR_INIT;
	bool canaries = r->canaries;
	int rc;

	r->at = r->n = 0;
	delivery_ledger_take(r);
	arena_release(&r->arena);
	if (canaries)
		rc = claim_named(&c, o->canary, o->ncanary, &err);
	else if (o->only != NULL)
		rc = claim_named(&c, o->only, o->nonly, &err);
	else
		rc = claim_next(&c, &err);
	delivery_ledger_give(r);
	r->queue = c.queue;
	r->n = c.n;
	if (rc != 0)
		delivery_fail(r, &err);
}

static bool
is_named(const struct delivery *r)
{
	return r->canaries || r->o->only != NULL;
}

void
delivery_due(struct delivery *r, int64_t due)
{
	if (due < r->due)
		r->due = due;
	if (due < r->again)
		r->again = due;
}

static void
start_over(struct delivery *r)
{
	r->passed = false;
	r->after = 0;
	r->asked = 0;
	r->due = r->again = INT64_MAX;
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
	delivery_ledger_take(r);
	found = ledger_next_due(r->ledger, r->edition->id, r->begun, &due,
	    &err);
	delivery_ledger_give(r);
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
	return delivery_now(r) + (at - delivery_clock() + SECOND - 1) / SECOND;
}

/* Behind the end of the list. */
static enum delivery_next
wait_for_due(struct delivery *r, int64_t *wait)
{
	if (r->due <= delivery_now(r)) {
		start_over(r);
		*wait = 0;
		return DELIVERY_WAIT;
	}
	*wait = LOOK;
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
	pthread_cond_broadcast(&r->changed);
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
	*wait = 0;
	return DELIVERY_WAIT;
}

/* Makes the queue one that has something: GO. */
static enum delivery_next
refill(struct delivery *r, int64_t *wait)
{
	if (r->at < r->n) {
		*wait = r->head_at - delivery_clock();
		return *wait > 0 ? DELIVERY_WAIT : DELIVERY_GO;
	}
	/* Somebody claims, writes, or looks ahead, and nobody knows yet what
	 * there is: then look again. */
	if (r->taken) {
		*wait = LOOK;
		return DELIVERY_WAIT;
	}
	r->done.waits_until = 0;
	if (r->passed)
		return wait_for_due(r, wait);
	*wait = 0;
	/* It is settled before others are claimed, so that a power cut leaves
	 * no more unknown than are claimed, and is seen by look_ahead(). */
	if (r->batch[r->filling]->nrows > 0) {
		delivery_book(r);
		return DELIVERY_WAIT;
	}
	look_back(r);
	claim(r);
	if (r->failed)
		return DELIVERY_OVER;
	if (r->n > 0)
		return DELIVERY_WAIT;
	if (r->canaries)
		return wait_for_canaries(r, wait);
	look_ahead(r);
	return DELIVERY_WAIT;
}

/* ---- what may go now ---- */

static void
put_off(struct delivery *r, int64_t due)
{
	int64_t id = r->queue[r->at++].id;

	r->head_at = 0;
	delivery_retry_take(r, id);
	delivery_note(r, id, LEDGER_PENDING, NULL, due);
	delivery_due(r, due);
}

/* The next one may go now: GO, or it was put off, or has to be waited for. The
 * run does not end while places of domains are still to come. */
static enum delivery_next
look_at_next(struct delivery *r, int64_t *wait)
{
	const struct ledger_delivery *d = &r->queue[r->at];
	int64_t now = delivery_clock(), until = 0;

	*wait = 0;
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

/* The queue's memory goes with the next claim. */
static void
give(struct delivery_line *line)
{
	struct delivery *r = line->run;
	const struct ledger_delivery *d = &r->queue[r->at++];

	r->head_at = 0;
	delivery_retry_take(r, d->id);
	arena_release(&line->arena);
	line->at = *d;
	line->at.address = arena_strdup(&line->arena, d->address);
	line->at.name = arena_strdup(&line->arena, d->name);
	line->at.ref = arena_strdup(&line->arena, d->ref);
	line->at.key = line->at.text = line->at.queue_id = line->at.zone = "";
	line->number = ++r->started;
	r->open++;
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
	int64_t now = delivery_clock();
	enum delivery_next what;

	if (r->failed || r->drained || (r->o->stop != NULL &&
	    r->o->stop(r->o->ctx)))
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
	for (; r->at < r->n; r->at++) {
		delivery_retry_take(r, r->queue[r->at].id);
		delivery_note(r, r->queue[r->at].id, LEDGER_PENDING, NULL,
		    0);
	}
}
