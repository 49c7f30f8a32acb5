/* What comes of a message, and what follows from it for the others. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "mail/delivery_int.h"

/* So many have to be put off in a row before it is the relay, and not those
 * recipients; or so many of the last DELIVERY_RECENT. */
#define IN_A_ROW_MAX 4
#define PUT_OFF_MAX 6
/* Asked for patience so often in a row, and nothing taken in between. */
#define STRIKES_MAX 5
#define FIRST_MAX ((size_t)100)
#define FIRST_MIN ((size_t)20)
#define SHARE_NEVER 100
/* So many refusals at the end of a run may be of what has come over the
 * relay. */
#define HELD_MAX 5

static const enum ledger_state states[] = {
	[TRANSPORT_SENT] = LEDGER_SENT,
	[TRANSPORT_DEFERRED] = LEDGER_DEFERRED,
	[TRANSPORT_FAILED] = LEDGER_FAILED,
	[TRANSPORT_REFUSED] = LEDGER_DEFERRED,
	[TRANSPORT_UNKNOWN] = LEDGER_UNKNOWN,
	[TRANSPORT_UNTRIED] = LEDGER_PENDING
};

/* ---- refusals that may be the relay's of all ---- */

static void
hold(struct delivery *r, int64_t id, const struct transport_result *result)
{
	if (r->nheld == r->cap) {
		r->cap = r->cap == 0 ? 64 : r->cap * 2;
		r->held = xreallocarray(r->held, r->cap, sizeof(*r->held));
	}
	r->held[r->nheld++] = (struct delivery_held){ id, r->started };
	r->held_last = *result;
}

/* Those that were refused before the message with that number was begun. */
static void
fail_held(struct delivery *r, uint64_t number)
{
	struct err err = ERR_INIT;
	size_t i, n = 0, left = 0;
	int64_t *ids;
	int rc;

	/* What cannot be written down stays deferred. */
	if (r->nheld == 0 || r->failed)
		return;
	ids = xcalloc(r->nheld, sizeof(*ids));
	for (i = 0; i < r->nheld; i++) {
		if (r->held[i].begun < number)
			ids[n++] = r->held[i].id;
		else
			r->held[left++] = r->held[i];
	}
	r->nheld = left;
	r->done.deferred -= n;
	r->done.failed += n;
	if (n > 0) {
		delivery_book_wait(r);
		delivery_ledger_take(r);
		rc = ledger_fail(r->ledger, ids, n, delivery_now(r), &err);
		delivery_ledger_give(r);
		if (rc != 0)
			delivery_fail(r, &err);
	}
	free(ids);
}

void
delivery_verdict_end(struct delivery *r)
{
	if (r->sent && r->nheld < HELD_MAX)
		fail_held(r, UINT64_MAX);
	if (r->nheld > 0 && r->o->held != NULL)
		r->o->held(r->o->ctx, r->nheld, &r->held_last);
}

/* ---- too many refusals ---- */

bool
delivery_refuses_too_much(unsigned stop_refused, size_t refused, size_t tried)
{
	return stop_refused < SHARE_NEVER &&
	    refused * 100 > stop_refused * tried;
}

static bool
is_too_much(const struct delivery *r)
{
	return delivery_refuses_too_much(r->o->stop_refused, r->first_refused,
	    r->first);
}

static void
judge_first(struct delivery *r)
{
	struct err err = ERR_INIT;

	if (!is_too_much(r))
		return;
	err_set(&err, ERR_REFUSED, "%zu of the first %zu friends were refused, "
	    "which is more than `stop_refused` allows (%u%%), so this run goes "
	    "no further; `digest status %s%s` tells who, and what the "
	    "relay says", r->first_refused, r->first, r->o->stop_refused,
	    r->edition->name, r->o->hint);
	delivery_fail(r, &err);
}

/* Also of earlier runs: it would go to all by the next run else. */
void
delivery_verdict_canaries(struct delivery *r)
{
	struct err err = ERR_INIT;

	if (is_too_much(r)) {
		err_set(&err, ERR_REFUSED, "%zu of %zu canar%s refused, so %s "
		    "goes to nobody else; `digest status %s%s` tells what "
		    "the relay says. `digest resend --friend` tries a canary "
		    "again; without `canary` in show.ini, or with "
		    "`stop_refused = 100`, it goes to all", r->first_refused,
		    r->first, r->first == 1 ? "y was" : "ies were",
		    r->edition->name, r->edition->name, r->o->hint);
		delivery_fail(r, &err);
	}
	r->first = r->first_refused = 0;
}

bool
delivery_refused_before(const struct delivery_line *line)
{
	const struct delivery *r = line->run;

	return line->at.was_deferred && line->at.code >= 500 &&
	    !r->canaries && r->o->only == NULL;
}

/* known: it is known already, of the friend or of their domain, and says nothing
 * about the others. */
static void
count_refusal(struct delivery *r, const struct transport_result *result,
    bool again, bool known)
{
	bool refused = result->code >= 500 &&
	    (result->verdict == TRANSPORT_FAILED ||
	    result->verdict == TRANSPORT_REFUSED);

	r->done.refused += refused;
	/* Friends, not tries. */
	if (result->verdict == TRANSPORT_UNTRIED || r->first >= FIRST_MAX ||
	    again || known)
		return;
	r->first++;
	r->first_refused += refused;
	if (!r->canaries && r->first >= FIRST_MIN)
		judge_first(r);
}

/* ---- patience ---- */

/* The i-th before the last one. */
static const struct delivery_recent *
recent(const struct delivery *r, unsigned i)
{
	return &r->recent[(r->nrecent - 1 - i) % DELIVERY_RECENT];
}

/* A relay that takes most of what it gets between those that it puts off does
 * not ask for patience. */
static bool
is_put_off(const struct delivery *r, unsigned n)
{
	unsigned i, in_a_row = 0, all = 0;

	for (i = 0; i < n; i++) {
		all += recent(r, i)->put_off;
		in_a_row += in_a_row == i && recent(r, i)->put_off;
	}
	return in_a_row >= IN_A_ROW_MAX || all >= PUT_OFF_MAX;
}

/* It is the relay where those that it puts off are of three domains, or of one
 * or two and it cannot be these. */
static bool
is_relay_slow(const struct delivery *r)
{
	unsigned n = r->nrecent < DELIVERY_RECENT ? r->nrecent :
	    DELIVERY_RECENT, domains = 0, i;
	const char *domain[2] = { "", "" };
	bool all = false;

	if (!is_put_off(r, n))
		return false;
	for (i = 0; i < n; i++) {
		const char *name = recent(r, i)->domain;

		if (!recent(r, i)->put_off ||
		    (domains > 0 && strcmp(name, domain[0]) == 0) ||
		    (domains > 1 && strcmp(name, domain[1]) == 0))
			continue;
		if (domains < 2)
			domain[domains] = name;
		domains++;
		all |= !delivery_domain_may_be_it(r, name);
	}
	return domains > 2 || all;
}

static void
note_recent(struct delivery *r, const char *key, bool put_off)
{
	struct delivery_recent *a = &r->recent[r->nrecent++ % DELIVERY_RECENT];

	snprintf(a->domain, sizeof(a->domain), "%s", delivery_domain_of(key));
	a->put_off = put_off;
}

/* It has been asked for as long as this run can wait. */
static void
judge_patience(struct delivery *r, const struct transport_result *result)
{
	struct err err = ERR_INIT;

	if (pace_strikes(r->o->pace) < STRIKES_MAX ||
	    delivery_now(r) < r->begun + r->o->retry_for)
		return;
	err_set(&err, ERR_TEMPORARY, "%s: the relay puts off every message, "
	    "and says \"%d %s\"; the next run goes on",
	    transport_url(r->lines[0].transport), result->code, result->text);
	delivery_fail(r, &err);
}

static void
heed_sent(struct delivery *r, const char *key)
{
	delivery_domain_sent(r, key);
	/* What it did before it was left in peace is past. */
	if (pace_strikes(r->o->pace) > 0)
		r->nrecent = 0;
	note_recent(r, key, false);
	pace_took(r->o->pace, clock_us());
}

/* before: it was refused by an earlier run. */
static void
heed(struct delivery *r, const char *key, bool before,
    const struct transport_result *result)
{
	bool slow = result->verdict == TRANSPORT_DEFERRED &&
	    result->code != 0 && pace_is_slow(result->code, result->text);

	if (result->verdict == TRANSPORT_UNTRIED)
		return;
	if (result->verdict == TRANSPORT_SENT) {
		heed_sent(r, key);
		return;
	}
	if ((slow && result->code != 421) ||
	    (result->verdict == TRANSPORT_REFUSED && !before))
		delivery_domain_bad(r, key);
	note_recent(r, key, slow);
	if (slow && (result->code == 421 || is_relay_slow(r))) {
		pace_slow(r->o->pace, clock_us());
		judge_patience(r, result);
	}
}

/* When it is tried again in this run; 0: not in this one. */
static int64_t
retry_at(struct delivery *r, int64_t id)
{
	int64_t at = delivery_now(r) + pace_retry(r->o->pace,
	    delivery_retry_tries(r, id), r->o->retry_for);

	if (r->o->only != NULL || at > r->begun + r->o->retry_for)
		return 0;
	delivery_retry_add(r, id);
	return at;
}

/* ---- the verdict ---- */

static void
count(struct delivery *r, enum transport_verdict v)
{
	r->done.sent += v == TRANSPORT_SENT;
	r->done.deferred += v == TRANSPORT_DEFERRED || v == TRANSPORT_REFUSED;
	r->done.failed += v == TRANSPORT_FAILED;
	r->done.unknown += v == TRANSPORT_UNKNOWN;
}

void
delivery_verdict(struct delivery_line *line,
    const struct transport_result *result)
{
	struct delivery *r = line->run;
	const struct ledger_delivery *d = &line->at;
	enum transport_verdict v = result->verdict;
	bool again = delivery_retry_tries(r, d->id) > 1;
	bool before = delivery_refused_before(line);
	int64_t due = 0;

	if (v == TRANSPORT_DEFERRED)
		due = retry_at(r, d->id);
	delivery_note(r, d->id, states[v], result, due);
	if (v == TRANSPORT_UNTRIED)
		delivery_retry_back(r, d->id);
	if (result->code != 0 || v == TRANSPORT_SENT) {
		line->down = false;
		line->lost = 0;
		r->down_since = 0;
	}
	count(r, v);
	heed(r, d->key, before, result);
	if (due > 0 || v == TRANSPORT_UNTRIED)
		delivery_due(r, due, !delivery_domain_is_last(r, d->key));
	count_refusal(r, result, again, before ||
	    (v == TRANSPORT_REFUSED && delivery_domain_is_alone(r, d->key)));
	if (v == TRANSPORT_REFUSED)
		hold(r, d->id, result);
	if (v == TRANSPORT_SENT) {
		r->sent = true;
		fail_held(r, line->number);
	}
	/* Whoever sees that none is open sees all of the above. */
	r->open--;
	pthread_cond_broadcast(&r->work);
}
