/* How deliveries stand, also where a run was broken off: as the next run will
 * find them. */
#include "cmd/edition.h"

enum ledger_state
edition_state(const struct ledger_delivery *d, bool is_sending)
{
	if (is_sending || (d->state != LEDGER_CLAIMED &&
	    d->state != LEDGER_SENDING))
		return d->state;
	if (d->in_doubt)
		return LEDGER_UNKNOWN;
	return d->was_deferred ? LEDGER_DEFERRED : LEDGER_PENDING;
}

/* Of what runs that are no more left open: some claims' worth. */
static int
settle_counts(struct setting *s, int64_t edition, struct ledger_counts *c,
    struct err *err)
{
	static const enum ledger_state open[] = {
		LEDGER_CLAIMED, LEDGER_SENDING
	};
	struct arena page = ARENA_INIT;
	struct ledger_delivery *d;
	size_t n, i, k, doubtful = 0, deferred = 0;
	int rc = 0;

	for (k = 0; k < sizeof(open) / sizeof(open[0]) && rc == 0; k++) {
		rc = ledger_deliveries(s->ledger, edition, (int)open[k], 0,
		    SIZE_MAX, &page, &d, &n, err);
		for (i = 0; rc == 0 && i < n; i++) {
			doubtful += d[i].in_doubt;
			deferred += !d[i].in_doubt && d[i].was_deferred;
		}
		arena_release(&page);
	}
	c->pending += c->claimed + c->sending - doubtful - deferred;
	c->deferred += deferred;
	c->unknown += doubtful;
	c->claimed = c->sending = 0;
	return rc;
}

int
edition_counts(struct setting *s, int64_t edition, bool is_sending,
    struct ledger_counts *out, struct err *err)
{
	if (ledger_counts(s->ledger, edition, out, err) != 0)
		return -1;
	return is_sending || out->claimed + out->sending == 0 ? 0 :
	    settle_counts(s, edition, out, err);
}
