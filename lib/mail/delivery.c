#include "mail/delivery.h"

#include <stdlib.h>

#include "mail/address.h"
#include "mail/mold.h"
#include "mail/verp.h"

struct run {
	struct ledger *ledger;
	const struct ledger_edition *edition;
	const struct delivery_options *options;
	struct mold *mold;
	struct arena arena;		/* of the batch at hand */
	struct ledger_delivery *batch;
	size_t n, at;			/* at: the next one of it */
	int64_t after;			/* the last id claimed */
	size_t asked;			/* how many of options->only were */
	size_t done;			/* settled, for the progress */
	int64_t begun;			/* when the run began */
	/* What the relay took last, until there is time to write it down:
	 * before anything else is in doubt. id 0: nothing. */
	int64_t taken;
	struct transport_result result;
	bool sent;			/* the relay took one in this run */
	/* Deferred, until the relay takes another one: then it was them. */
	int64_t *refused;
	size_t nrefused, cap;
};

static int
settle_as(struct run *r, int64_t id, enum ledger_state state, int code,
    const char *text, const char *queue_id, struct err *err)
{
	struct ledger_outcome o = { id, state, code, text, queue_id };

	return ledger_settle(r->ledger, &o, 1, r->options->now(), err);
}

static void
hold(struct run *r, int64_t id)
{
	if (r->nrefused == r->cap) {
		r->cap = r->cap == 0 ? 64 : r->cap * 2;
		r->refused = xreallocarray(r->refused, r->cap,
		    sizeof(*r->refused));
	}
	r->refused[r->nrefused++] = id;
}

static int
fail_refused(struct run *r, struct err *err)
{
	size_t n = r->nrefused;

	r->nrefused = 0;
	return n == 0 ? 0 : ledger_fail(r->ledger, r->refused, n,
	    r->options->now(), err);
}

static int
write_down(struct run *r, struct err *err)
{
	int64_t id = r->taken;

	r->taken = 0;
	if (id == 0)
		return 0;
	if (settle_as(r, id, LEDGER_SENT, r->result.code, r->result.text,
	    r->result.queue_id, err) != 0)
		return -1;
	return fail_refused(r, err);
}

/* The next of those that were named; some chunks may have none left. */
static int
claim_named(struct run *r, struct err *err)
{
	const struct delivery_options *o = r->options;
	size_t n;

	while (r->n == 0 && r->asked < o->nonly) {
		n = o->nonly - r->asked;
		if (n > o->claim)
			n = o->claim;
		if (ledger_claim_these(r->ledger, o->only + r->asked, n,
		    o->now(), &r->arena, &r->batch, &r->n, err) != 0)
			return -1;
		r->asked += n;
	}
	return 0;
}

/* What the relay took last is settled first, or a power cut would leave it
 * unknown beside the claim. */
static int
claim(struct run *r, struct err *err)
{
	if (write_down(r, err) != 0)
		return -1;
	arena_release(&r->arena);
	r->at = r->n = 0;
	if (r->options->only != NULL)
		return claim_named(r, err);
	if (ledger_claim(r->ledger, r->edition->id, r->after, r->begun,
	    r->options->claim, r->options->now(), &r->arena, &r->batch, &r->n,
	    err) != 0)
		return -1;
	if (r->n > 0)
		r->after = r->batch[r->n - 1].id;
	return 0;
}

static int
set_sender(struct run *r, const struct ledger_delivery *d,
    struct transport_message *out, struct err *err)
{
	const struct delivery_options *o = r->options;
	char *path;

	out->from = o->from;
	if (!o->verp)
		return 0;
	path = arena_alloc(&r->arena, ADDRESS_MAX + 1);
	out->from = path;
	return verp_make(o->from, r->edition->list, r->edition->name, d->ref,
	    o->key, o->keylen, path, err);
}

static int
fill(struct run *r, const struct ledger_delivery *d,
    struct transport_message *out, struct err *err)
{
	struct mold_friend f = { .name = d->name, .ref = d->ref };
	struct address a;

	if (address_parse(&r->arena, d->address, &a, err) != 0)
		return -1;
	f.address = d->address;
	f.wire = a.wire;
	out->id = d->id;
	if (set_sender(r, d, out, err) != 0)
		return -1;
	out->envid = arena_printf(&r->arena, "%s.%s", r->edition->name,
	    d->ref);
	out->to = a.wire;
	return mold_fill(r->mold, &f, &out->part, &out->nparts, err);
}

/* A friend whose address or name cannot be put into a message is a failure of
 * that delivery alone. */
static int
next(void *ctx, struct transport_message *out, struct err *err)
{
	struct run *r = ctx;
	struct err told = ERR_INIT;
	const struct ledger_delivery *d;

	for (;;) {
		if (r->at == r->n) {
			if (claim(r, err) != 0)
				return -1;
			if (r->n == 0)
				return 0;
		}
		d = &r->batch[r->at++];
		if (fill(r, d, out, &told) == 0)
			return 1;
		/* Nothing of the friend's; the claim is given back. */
		if (told.kind != ERR_INPUT) {
			r->at--;
			*err = told;
			return -1;
		}
		r->done++;
		if (settle_as(r, d->id, LEDGER_FAILED, 0, told.msg, "",
		    err) != 0)
			return -1;
	}
}

static int
doubt(void *ctx, int64_t id, struct err *err)
{
	struct run *r = ctx;

	if (write_down(r, err) != 0)
		return -1;
	return ledger_doubt(r->ledger, id, r->options->now(), err);
}

static int
idle(void *ctx, struct err *err)
{
	return write_down(ctx, err);
}

static int
settle(void *ctx, int64_t id, const struct transport_result *result,
    struct err *err)
{
	static const enum ledger_state states[] = {
		[TRANSPORT_SENT] = LEDGER_SENT,
		[TRANSPORT_DEFERRED] = LEDGER_DEFERRED,
		[TRANSPORT_FAILED] = LEDGER_FAILED,
		[TRANSPORT_REFUSED] = LEDGER_DEFERRED,
		[TRANSPORT_UNKNOWN] = LEDGER_UNKNOWN,
		[TRANSPORT_UNTRIED] = LEDGER_PENDING
	};
	struct run *r = ctx;

	if (result->verdict != TRANSPORT_UNTRIED)
		r->done++;
	if (r->options->progress != NULL)
		r->options->progress(r->options->ctx, r->done);
	if (write_down(r, err) != 0)
		return -1;
	if (result->verdict == TRANSPORT_SENT) {
		r->taken = id;
		r->result = *result;
		r->sent = true;
		return 0;
	}
	if (result->verdict == TRANSPORT_REFUSED)
		hold(r, id);
	return settle_as(r, id, states[result->verdict], result->code,
	    result->text, result->queue_id, err);
}

static int
stop(void *ctx)
{
	struct run *r = ctx;

	return r->options->stop != NULL && r->options->stop(r->options->ctx);
}

/* What was claimed and never handed to the transport is free again. */
static int
give_back(struct run *r, struct err *err)
{
	for (; r->at < r->n; r->at++)
		if (settle_as(r, r->batch[r->at].id, LEDGER_PENDING, 0, "",
		    "", err) != 0)
			return -1;
	return 0;
}

int
delivery_run(struct ledger *l, const struct ledger_edition *e,
    struct transport *t, const struct delivery_options *o, struct err *err)
{
	struct run r = { .ledger = l, .edition = e, .options = o };
	struct transport_source source = {
		.ctx = &r, .next = next, .doubt = doubt, .settle = settle,
		.idle = idle, .stop = stop
	};
	struct err second = ERR_INIT;
	int rc;

	arena_init(&r.arena);
	/* A delivery that this run deferred is for a later run. */
	r.begun = o->now();
	r.mold = mold_open(e->mold, e->mold_len, o->key, o->keylen, err);
	if (r.mold == NULL)
		return -1;
	if (o->signer != NULL)
		signer_set_time(o->signer, e->frozen);
	mold_sign_with(r.mold, o->signer);
	rc = transport_run(t, &source, err);
	if (write_down(&r, rc == 0 ? err : &second) != 0)
		rc = -1;
	/* All that came after a message that was taken, to the end: were it of
	 * the relay it would have shown. A run that broke off cannot tell. */
	if (rc == 0 && r.sent && !stop(&r) && fail_refused(&r, err) != 0)
		rc = -1;
	if (give_back(&r, rc == 0 ? err : &second) != 0)
		rc = -1;
	mold_close(r.mold);
	free(r.refused);
	arena_release(&r.arena);
	return rc;
}
