/* A connection: what its transport asks and tells, and what is done when it
 * cannot be made or kept. */
#include <stdio.h>

#include "base/clock.h"
#include "mail/address.h"
#include "mail/delivery_int.h"
#include "mail/verp.h"

#define SECOND ((int64_t)1000000)
/* A connection with nothing to do is kept for so long. */
#define IDLE_MAX (5 * SECOND)
#define LOOK SECOND
#define RETRY_DOUBLINGS 6
/* With a relay that takes this long what it has answered is not kept in memory
 * until the next message is in doubt. */
#define KEEP_MAX (SECOND / 50)

/* ---- the source of messages ---- */

static int
set_sender(struct delivery_line *line, const struct ledger_delivery *d,
    struct arena *a, struct transport_message *out, struct err *err)
{
	const struct delivery_options *o = line->run->o;
	const struct ledger_edition *e = line->run->edition;
	char *path;

	out->from = o->from;
	if (!o->verp)
		return 0;
	path = arena_alloc(a, ADDRESS_MAX + 1);
	out->from = path;
	return verp_make(o->from, e->list, e->name, d->ref, line->key, path,
	    err);
}

/* One that is not open is in the ledger, which is one thread's at a time. */
static struct mold *
find_mold(struct delivery_line *line, int variant, struct err *err)
{
	struct mold *mold;

	if (molds_is_open(line->molds, variant))
		return molds_get(line->molds, variant, err);
	pthread_mutex_lock(&line->run->lock);
	delivery_ledger_take(line->run);
	mold = molds_get(line->molds, variant, err);
	delivery_ledger_give(line->run);
	pthread_mutex_unlock(&line->run->lock);
	return mold;
}

/* The message to d; it lies in the arena and in a mold, which has one at a
 * time. */
static int
fill(struct delivery_line *line, const struct ledger_delivery *d,
    struct arena *arena, struct transport_message *out, struct err *err)
{
	struct mold_friend f = { .name = d->name, .ref = d->ref,
	    .address = d->address };
	struct mold *mold;
	struct address a;

	*out = (struct transport_message){ .id = d->id };
	if (address_parse(arena, d->address, &a, err) != 0)
		return -1;
	f.wire = a.wire;
	if (set_sender(line, d, arena, out, err) != 0)
		return -1;
	out->envid = arena_printf(arena, "%s.%s", line->run->edition->name,
	    d->ref);
	out->to = a.wire;
	mold = find_mold(line, d->variant, err);
	return mold == NULL ? -1 :
	    mold_fill(mold, &f, &out->part, &out->nparts, err);
}

/* While the relay has the message at hand. What cannot be made is told when its
 * turn has come. */
static void
make_ahead(struct delivery_line *line)
{
	struct delivery_ahead *a = &line->ahead;
	struct err unused = ERR_INIT;

	if (!molds_is_open(line->molds, a->at.variant) ||
	    fill(line, &a->at, &a->arena, &a->message, &unused) != 0)
		a->at.id = 0;
}

static int
make(struct delivery_line *line, struct transport_message *out,
    struct err *err)
{
	if (line->made)
		*out = line->ahead.message;
	else if (fill(line, &line->at, &line->arena, out, err) != 0)
		return -1;
	out->refused_before = delivery_refused_before(line);
	return 0;
}

/* A friend whose address or name cannot be put into a message is a failure of
 * that delivery alone; with anything else the claim is given back. */
static void
cannot_fill(struct delivery_line *line, const struct err *why)
{
	struct delivery *r = line->run;
	struct transport_result result = { .verdict = TRANSPORT_FAILED };

	if (why->kind != ERR_INPUT) {
		result.verdict = TRANSPORT_UNTRIED;
		delivery_fail(r, why);
	}
	snprintf(result.text, sizeof(result.text), "%.*s",
	    (int)sizeof(result.text) - 1, why->msg);
	delivery_verdict(line, &result);
}

/* Whether it has something to do, once it has; false: no more in this time, in
 * microseconds, or the run ends. */
static bool
await(struct delivery_line *line, bool take, int64_t patience)
{
	int64_t begun = clock_us(), wait;
	enum delivery_next what;

	while ((what = delivery_next(line, take, &wait)) == DELIVERY_WAIT) {
		if (wait > patience || clock_us() - begun > patience)
			return false;
		if (wait > 0)
			delivery_wait(line->run, wait < LOOK ? wait : LOOK);
	}
	return what == DELIVERY_GO;
}

static int
next(void *ctx, struct transport_message *out, struct err *err)
{
	struct delivery_line *line = ctx;
	struct delivery *r = line->run;
	struct err told = ERR_INIT;
	int rc;

	(void)err;
	pthread_mutex_lock(&r->lock);
	while (await(line, true, IDLE_MAX)) {
		pthread_mutex_unlock(&r->lock);
		rc = make(line, out, &told);
		if (rc == 0)
			return 1;
		pthread_mutex_lock(&r->lock);
		cannot_fill(line, &told);
		told = (struct err)ERR_INIT;
	}
	pthread_mutex_unlock(&r->lock);
	return 0;
}

/* On a server a doubt says as well that this sender has not been taken for dead:
 * so as late as may be. */
static void
soon(void *ctx, int64_t id)
{
	struct delivery_line *line = ctx;

	(void)id;
	if (ledger_is_shared(line->run->ledger))
		return;
	pthread_mutex_lock(&line->run->lock);
	delivery_note_doubt(line);
	pthread_mutex_unlock(&line->run->lock);
}

static int
doubt(void *ctx, int64_t id, struct err *err)
{
	struct delivery_line *line = ctx;
	struct delivery *r = line->run;
	int rc;

	(void)id;
	pthread_mutex_lock(&r->lock);
	rc = delivery_book_doubt(line);
	if (rc != 0)
		*err = r->err;
	pthread_mutex_unlock(&r->lock);
	return rc;
}

static int
settle(void *ctx, int64_t id, const struct transport_result *result,
    struct err *err)
{
	struct delivery_line *line = ctx;
	struct delivery *r = line->run;
	int rc;

	(void)id;
	pthread_mutex_lock(&r->lock);
	delivery_verdict(line, result);
	rc = r->failed ? -1 : 0;
	if (rc != 0)
		*err = r->err;
	pthread_mutex_unlock(&r->lock);
	return rc;
}

static int
stop(void *ctx)
{
	struct delivery *r = ((struct delivery_line *)ctx)->run;
	int failed;

	pthread_mutex_lock(&r->lock);
	failed = r->failed;
	pthread_mutex_unlock(&r->lock);
	return failed || (r->o->stop != NULL && r->o->stop(r->o->ctx));
}

/* While the relay is waited for a commit costs no time, nor does the next
 * message. A failure is for stop(): what is in doubt still gets its answer. */
static int
idle(void *ctx, bool gone, struct err *err)
{
	struct delivery_line *line = ctx;
	struct delivery *r = line->run;
	bool ahead;

	(void)err;
	pthread_mutex_lock(&r->lock);
	if (clock_us() - r->batch[r->filling]->since > KEEP_MAX)
		delivery_book(r);
	ahead = gone && line->ahead.at.id == 0 && delivery_look_ahead(line);
	pthread_mutex_unlock(&r->lock);
	if (ahead)
		make_ahead(line);
	return 0;
}

static void
slow(void *ctx)
{
	struct delivery *r = ((struct delivery_line *)ctx)->run;

	pthread_mutex_lock(&r->lock);
	pace_slow(r->o->pace, clock_us());
	pthread_mutex_unlock(&r->lock);
}

/* ---- a connection that is lost ---- */

/* What may pass; of a relay that has taken messages most things may. */
static bool
may_pass(const struct delivery *r, enum err_kind kind)
{
	return kind == ERR_TEMPORARY || (r->sent && (kind == ERR_NETWORK ||
	    kind == ERR_PROTOCOL || kind == ERR_HOST));
}

/* How many of those that may work are not down. */
static unsigned
count_up(const struct delivery *r)
{
	unsigned allowed = delivery_allowed(r), n = 0;
	size_t i;

	for (i = 0; i < r->nlines; i++)
		n += r->lines[i].rank < allowed && !r->lines[i].down;
	return n;
}

/* The relay has no room for this one: those that it has go on, whichever they
 * are. */
static void
narrow(struct delivery_line *line, unsigned up, int64_t now)
{
	struct delivery *r = line->run;
	unsigned rank = line->rank, allowed;
	size_t i;

	pace_narrow(r->o->pace, up, now);
	allowed = delivery_allowed(r);
	for (i = 0; i < r->nlines && line->rank < allowed; i++) {
		if (r->lines[i].down || r->lines[i].rank < allowed)
			continue;
		line->rank = r->lines[i].rank;
		r->lines[i].rank = rank;
	}
}

static void
tell_gone(struct delivery *r, const struct err *why)
{
	int64_t until = delivery_now(r) + r->o->retry_for;

	if (r->o->gone == NULL)
		return;
	pthread_mutex_unlock(&r->lock);
	r->o->gone(r->o->ctx, why, until);
	pthread_mutex_lock(&r->lock);
}

/* A relay that is gone has not asked for patience. */
static void
lost(struct delivery_line *line, const struct err *why)
{
	struct delivery *r = line->run;
	int64_t now = clock_us();
	unsigned up;
	bool first;

	if (r->failed)
		return;
	if (!may_pass(r, why->kind)) {
		delivery_fail(r, why);
		return;
	}
	line->down = true;
	line->retry_at = now + (SECOND << (line->lost < RETRY_DOUBLINGS ?
	    line->lost : RETRY_DOUBLINGS));
	line->lost++;
	up = count_up(r);
	if (up > 0) {
		narrow(line, up, now);
		return;
	}
	first = r->down_since == 0;
	if (first)
		r->down_since = now;
	if (line->retry_at - r->down_since > r->o->retry_for * SECOND)
		delivery_fail(r, why);
	else if (first)
		tell_gone(r, why);
}

/* ---- the thread ---- */

void *
delivery_line_main(void *arg)
{
	struct delivery_line *line = arg;
	struct delivery *r = line->run;
	const struct transport_source source = {
		.ctx = line, .next = next, .soon = soon, .doubt = doubt,
		.settle = settle, .idle = idle, .stop = stop, .slow = slow
	};
	struct err err = ERR_INIT;
	int rc;

	pthread_mutex_lock(&r->lock);
	while (await(line, false, INT64_MAX)) {
		pthread_mutex_unlock(&r->lock);
		rc = transport_run(line->transport, &source, &err);
		pthread_mutex_lock(&r->lock);
		if (rc != 0)
			lost(line, &err);
		err = (struct err)ERR_INIT;
	}
	r->running--;
	pthread_cond_signal(&r->main);
	pthread_cond_broadcast(&r->work);
	pthread_mutex_unlock(&r->lock);
	return NULL;
}
