#include "mail/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "mail/delivery_int.h"

/* How often what was noted is written down at the latest, and progress told. */
#define TICK ((int64_t)100000)

static void
tell(struct delivery *r)
{
	struct delivery_progress p = r->done;

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
	const struct ledger_edition *e = r->edition;
	size_t i;

	for (i = 0; i < r->nlines; i++) {
		struct delivery_line *line = &r->lines[i];

		line->run = r;
		line->rank = (unsigned)i;
		line->transport = transports[i];
		arena_init(&line->arena);
		line->mold = mold_open(e->mold, e->mold_len, r->o->key,
		    r->o->keylen, err);
		if (line->mold == NULL)
			return -1;
		mold_sign_with(line->mold, r->o->signer);
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
	int64_t due = delivery_clock() + TICK, left;
	size_t i, started;

	pthread_mutex_lock(&r->lock);
	if (start(r, &err) != 0)
		delivery_fail(r, &err);
	started = r->running;
	while (r->running > 0) {
		/* It is woken by each change. */
		left = due - delivery_clock();
		if (left > 0) {
			delivery_wait(r, left);
			continue;
		}
		delivery_book(r);
		tell(r);
		due = delivery_clock() + TICK;
	}
	pthread_mutex_unlock(&r->lock);
	for (i = 0; i < started; i++)
		pthread_join(r->lines[i].thread, NULL);
}

/* All that came after a message that was taken, to the end: were it of the relay
 * it would have shown. A run that broke off cannot tell. */
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
	pthread_cond_init(&r->changed, &attr);
	pthread_condattr_destroy(&attr);
	arena_init(&r->arena);
	r->batch[0] = xcalloc(1, sizeof(*r->batch[0]));
	r->batch[1] = xcalloc(1, sizeof(*r->batch[1]));
	r->lines = xcalloc(r->nlines, sizeof(*r->lines));
	r->begun = r->o->now();
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
		mold_close(r->lines[i].mold);
		arena_release(&r->lines[i].arena);
	}
	free(r->lines);
	free(r->batch[0]);
	free(r->batch[1]);
	free(r->held);
	free(r->retries.slot);
	arena_release(&r->arena);
	pthread_cond_destroy(&r->changed);
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
