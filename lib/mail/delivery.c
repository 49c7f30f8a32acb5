#include "mail/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "mail/delivery_int.h"

/* How often what was noted is written down at the latest, and progress told. */
#define TICK ((int64_t)100000)

/* What waits writes nothing, and the others are still to know that it is
 * alive. */
static void
keep(struct delivery *r)
{
	struct err err = ERR_INIT;
	int rc;

	if (r->failed || r->taken || !ledger_is_shared(r->ledger))
		return;
	delivery_ledger_take(r);
	rc = ledger_sender_keep(r->ledger, &err);
	delivery_ledger_give(r);
	if (rc != 0)
		delivery_fail(r, &err);
}

static void
tell(struct delivery *r)
{
	struct delivery_progress p = r->done;
	int64_t now = clock_us();

	if (now - r->told < TICK && r->running > 0)
		return;
	r->told = now;
	delivery_book(r);
	keep(r);
	p.connections = pace_connections(r->o->pace);
	if (r->o->progress == NULL)
		return;
	pthread_mutex_unlock(&r->lock);
	r->o->progress(r->o->ctx, &p);
	pthread_mutex_lock(&r->lock);
}

static int
open_lines(struct delivery *r, struct transport *const *transports,
    struct err *err)
{
	size_t i;

	for (i = 0; i < r->nlines; i++) {
		struct delivery_line *line = &r->lines[i];

		line->run = r;
		line->rank = (unsigned)i;
		line->transport = transports[i];
		arena_init(&line->arena);
		arena_init(&line->ahead.arena);
		line->molds = molds_open(r->ledger, r->edition, r->o->key,
		    r->o->keylen, r->o->signer, err);
		if (line->molds == NULL)
			return -1;
		line->key = hash_hmac_open(r->o->key, r->o->keylen);
	}
	return 0;
}

static int
start(struct delivery *r, struct err *err)
{
	size_t i;
	int rc;

	for (i = 0; i < r->nlines; i++) {
		rc = pthread_create(&r->lines[i].thread, NULL,
		    delivery_line_main, &r->lines[i]);
		if (rc != 0)
			return err_set(err, ERR_SYSTEM, "no thread for a "
			    "connection: %s", strerror(rc));
		r->running++;
	}
	return 0;
}

/* Until all connections are done. */
static void
run(struct delivery *r)
{
	struct err err = ERR_INIT;
	size_t i, started;

	pthread_mutex_lock(&r->lock);
	if (start(r, &err) != 0)
		delivery_fail(r, &err);
	started = r->running;
	while (r->running > 0) {
		if (!delivery_feed(r))
			delivery_wait_for(r, &r->main, TICK);
		tell(r);
	}
	pthread_mutex_unlock(&r->lock);
	for (i = 0; i < started; i++)
		pthread_join(r->lines[i].thread, NULL);
}

/* All that came after a message that was taken, to the end: were it of the
 * relay it would have shown. A run that broke off cannot tell. */
static void
finish(struct delivery *r)
{
	bool stopped = r->o->stop != NULL && r->o->stop(r->o->ctx);

	pthread_mutex_lock(&r->lock);
	delivery_give_back(r);
	delivery_book_all(r);
	if (!r->failed && !stopped)
		delivery_verdict_end(r);
	tell(r);
	pthread_mutex_unlock(&r->lock);
}

static void
init(struct delivery *r)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&r->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&r->work, &attr);
	pthread_cond_init(&r->free, &attr);
	pthread_cond_init(&r->booked[0], &attr);
	pthread_cond_init(&r->booked[1], &attr);
	pthread_cond_init(&r->main, &attr);
	pthread_condattr_destroy(&attr);
	arena_init(&r->claims[0].arena);
	arena_init(&r->claims[1].arena);
	r->batch[0] = xcalloc(1, sizeof(*r->batch[0]));
	r->batch[1] = xcalloc(1, sizeof(*r->batch[1]));
	r->lines = xcalloc(r->nlines, sizeof(*r->lines));
	r->begun = r->o->now();
	r->before = r->o->before != 0 ? r->o->before : r->begun;
	r->until = r->begun + r->o->retry_for;
	r->due = r->again = INT64_MAX;
	r->canaries = r->o->ncanary + r->o->canary_refused > 0 &&
	    r->o->only == NULL;
	if (r->canaries) {
		r->first = r->o->canary_tried;
		r->first_refused = r->o->canary_refused;
	}
}

static void
release(struct delivery *r)
{
	size_t i;

	for (i = 0; i < r->nlines; i++) {
		molds_close(r->lines[i].molds);
		hash_hmac_close(r->lines[i].key);
		arena_release(&r->lines[i].arena);
		arena_release(&r->lines[i].ahead.arena);
	}
	free(r->lines);
	free(r->batch[0]);
	free(r->batch[1]);
	free(r->held);
	free(r->retries.slot);
	arena_release(&r->claims[0].arena);
	arena_release(&r->claims[1].arena);
	pthread_cond_destroy(&r->work);
	pthread_cond_destroy(&r->free);
	pthread_cond_destroy(&r->booked[0]);
	pthread_cond_destroy(&r->booked[1]);
	pthread_cond_destroy(&r->main);
	pthread_mutex_destroy(&r->lock);
}

int
delivery_run(struct ledger *l, const struct ledger_edition *e,
    struct transport *const *transports, size_t n,
    const struct delivery_options *o, struct err *err)
{
	struct delivery r = { .ledger = l, .edition = e, .o = o, .nlines = n };
	int rc;

	init(&r);
	rc = open_lines(&r, transports, err);
	if (rc == 0) {
		run(&r);
		finish(&r);
		rc = r.failed ? -1 : 0;
	}
	if (r.failed)
		*err = r.err;
	release(&r);
	return rc;
}
