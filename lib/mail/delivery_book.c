/*
 * Writing into the ledger: whoever has to writes down what all others have
 * noted meanwhile, too, so that many connections cost no more commits than one.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "mail/delivery_int.h"

/* Of some seconds each. */
#define BUSY_TRIES 36
/* Microseconds, for all that is written one by one at the end. */
#define EACH_MAX ((int64_t)60000000)

int64_t
delivery_now(const struct delivery *r)
{
	int64_t now = r->o->now();

	return now > r->begun ? now : r->begun;
}

void
delivery_fail(struct delivery *r, const struct err *why)
{
	if (!r->failed)
		r->err = *why;
	r->failed = true;
	pthread_cond_broadcast(&r->work);
	pthread_cond_broadcast(&r->booked[0]);
	pthread_cond_broadcast(&r->booked[1]);
}

void
delivery_ledger_take(struct delivery *r)
{
	while (r->taken)
		pthread_cond_wait(&r->free, &r->lock);
	r->taken = true;
	pthread_mutex_unlock(&r->lock);
}

/* All are told, since not everybody who waits will take it. */
static void
let_go(struct delivery *r)
{
	r->taken = false;
	pthread_cond_broadcast(&r->free);
	/* One of those whose batch is next writes it. */
	pthread_cond_signal(&r->booked[(r->turn + 1) & 1]);
	/* At the end of the list it is the ledger that they wait for. */
	if (r->exhausted && !r->passed && !r->canaries)
		pthread_cond_broadcast(&r->work);
	if (delivery_is_hungry(r))
		pthread_cond_signal(&r->main);
}

void
delivery_ledger_give(struct delivery *r)
{
	pthread_mutex_lock(&r->lock);
	let_go(r);
}

void
delivery_wait(struct delivery *r, int64_t us)
{
	delivery_wait_for(r, &r->work, us);
}

void
delivery_wait_for(struct delivery *r, pthread_cond_t *what, int64_t us)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += us / 1000000;
	until.tv_nsec += us % 1000000 * 1000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_cond_timedwait(what, &r->lock, &until);
}

/* Nobody has the ledger. */
static bool
is_free(const struct delivery *r)
{
	return !r->taken;
}

/* Somebody else writes, an import perhaps: what is known now is worth waiting
 * for, since without it friends would be unknown. */
static int
book(struct delivery *r, const struct ledger_outcome *rows,
    const struct delivery_batch *b, struct err *err)
{
	struct err told;
	int rc, tries = 0;

	do {
		told = (struct err)ERR_INIT;
		rc = ledger_book(r->ledger, rows, b->nrows, b->doubt,
		    b->ndoubt, delivery_now(r), &told);
	} while (rc != 0 && told.kind == ERR_TEMPORARY &&
	    !ledger_is_shared(r->ledger) && ++tries < BUSY_TRIES);
	if (rc != 0)
		*err = told;
	return rc;
}

/* Writes the batch that is being filled; another one is filled meanwhile. What
 * could not be written stays in it, but for the doubts. */
static void
write_batch(struct delivery *r)
{
	struct delivery_batch *b = r->batch[r->filling];
	struct ledger_outcome rows[DELIVERY_ROWS];
	struct err err = ERR_INIT;
	int rc = 0;
	size_t i;

	r->filling = !r->filling;
	r->turn++;
	delivery_ledger_take(r);
	for (i = 0; i < b->nrows; i++)
		rows[i] = b->rows[i].outcome;
	if (b->nrows + b->ndoubt > 0)
		rc = book(r, rows, b, &err);
	pthread_mutex_lock(&r->lock);
	b->ndoubt = 0;
	if (rc == 0)
		b->nrows = 0;
	r->written++;
	pthread_cond_broadcast(&r->booked[r->written & 1]);
	let_go(r);
	if (rc != 0)
		delivery_fail(r, &err);
}

/* What has an outcome is in doubt no more. */
static void
drop_doubt(struct delivery_batch *b, int64_t id)
{
	size_t i;

	for (i = 0; i < b->ndoubt && b->doubt[i] != id; i++)
		;
	if (i < b->ndoubt)
		b->doubt[i] = b->doubt[--b->ndoubt];
}

void
delivery_note(struct delivery *r, int64_t id, enum ledger_state state,
    const struct transport_result *result, int64_t due)
{
	struct delivery_batch *b;
	struct delivery_row *row;

	while (r->batch[r->filling]->nrows == DELIVERY_ROWS && !r->failed) {
		if (is_free(r))
			write_batch(r);
		else
			pthread_cond_wait(&r->free, &r->lock);
	}
	if (r->batch[r->filling]->nrows == DELIVERY_ROWS)
		return;		/* both are full of what cannot be written */
	b = r->batch[r->filling];
	drop_doubt(b, id);
	if (b->nrows == 0)
		b->since = clock_us();
	row = &b->rows[b->nrows++];
	row->text[0] = row->queue_id[0] = '\0';
	if (result != NULL) {
		memcpy(row->text, result->text, sizeof(row->text));
		memcpy(row->queue_id, result->queue_id,
		    sizeof(row->queue_id));
	}
	row->outcome = (struct ledger_outcome){
		.id = id, .state = state, .text = row->text,
		.code = result != NULL ? result->code : 0,
		.queue_id = row->queue_id, .due = due
	};
}

/* Until that batch is written; where it is being filled still this writes it,
 * if nobody else does. */
static void
see_written(struct delivery *r, uint64_t turn)
{
	while (r->written < turn && !(r->failed && r->turn < turn)) {
		if (r->turn < turn && is_free(r))
			write_batch(r);
		else
			pthread_cond_wait(&r->booked[turn & 1], &r->lock);
	}
}

/* Connections that wait for their relay together have their doubts written
 * together, when the first of them needs it: that saves commits. */
void
delivery_note_doubt(struct delivery_line *line)
{
	struct delivery *r = line->run;
	struct delivery_batch *b = r->batch[r->filling];

	if (r->failed || line->noted == line->number)
		return;
	b->doubt[b->ndoubt++] = line->at.id;
	line->noted = line->number;
	line->turn = r->turn + 1;
	if (r->open == 1 && is_free(r))
		write_batch(r);
}

int
delivery_book_doubt(struct delivery_line *line)
{
	struct delivery *r = line->run;

	delivery_note_doubt(line);
	if (line->noted == line->number)
		see_written(r, line->turn);
	return r->failed ? -1 : 0;
}

void
delivery_book_wait(struct delivery *r)
{
	see_written(r, r->turn + 1);
}

void
delivery_book(struct delivery *r)
{
	if (r->batch[r->filling]->nrows > 0 && is_free(r) && !r->failed)
		write_batch(r);
}

/* Behind a failure what is known is not to be lost for it: so one by one. But
 * where somebody else has the ledger still, each would wait for him again. */
static void
write_each(struct delivery *r, struct delivery_batch *b, int64_t until)
{
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < b->nrows && clock_us() < until; i++)
		if (ledger_settle(r->ledger, &b->rows[i].outcome, 1,
		    delivery_now(r), &err) != 0)
			delivery_fail(r, &err);
	if (i < b->nrows)
		log_warning("what came of %zu messages could not be written "
		    "down; if they went they will be listed as unknown, and "
		    "`digest reconcile` finds them in the relay's log",
		    b->nrows - i);
	b->nrows = 0;
}

void
delivery_book_all(struct delivery *r)
{
	int64_t until;

	if (!r->failed && r->batch[r->filling]->nrows > 0)
		write_batch(r);
	until = clock_us() + EACH_MAX;
	write_each(r, r->batch[0], until);
	write_each(r, r->batch[1], until);
}
