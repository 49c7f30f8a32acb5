/* What a run that sends has to do with others: those before it, and, with a
 * ledger on a server, those on other hosts. */
#include <poll.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "base/notify.h"
#include "cmd/edition.h"

#define AWAIT_MS 500

static const char *
list_of(const struct setting *s)
{
	return s->shows[0]->digest.list;
}

int
edition_recover(struct setting *s, int64_t now, size_t *freed,
    struct err *err)
{
	size_t unknown;

	if (ledger_recover(s->ledger, list_of(s), now, &unknown, freed,
	    err) != 0)
		return -1;
	if (unknown > 0)
		log_warning("unknown whether %zu friend%s got it: the last "
		    "run broke off while it was handed over; `digest reconcile "
		    "--log FILE%s` looks it up in the relay's log, `digest "
		    "resend --unknown%s` sends it again", unknown,
		    CMD_S(unknown), setting_hint(s), setting_hint(s));
	return 0;
}

/* Until the others are done or dead, or leave something. */
static int
await(struct setting *s, struct err *err)
{
	size_t n, freed = 0;
	bool waits = false;

	while (freed == 0 && !edition_stopped()) {
		if (ledger_in_other_hands(s->ledger, list_of(s), &n, err) != 0)
			return -1;
		if (n == 0)
			break;
		if (!waits)
			log_notice("%zu friend%s in other runs' hands; this "
			    "one waits for them", n, n == 1 ? " is" : "s are");
		waits = true;
		notify_status("digest send", "waits for other runs");
		poll(NULL, 0, AWAIT_MS);
		if (ledger_sender_keep(s->ledger, err) != 0 ||
		    edition_recover(s, date_now(), &freed, err) != 0)
			return -1;
	}
	return 0;
}

/* What is left of an edition that this run has not tried: also what another
 * one had in its hands, and gave back. */
static int
untried(struct setting *s, const struct ledger_left *left, int64_t begun,
    size_t *n, struct err *err)
{
	size_t deferred;

	if (ledger_deferred_before(s->ledger, left->edition, begun, &deferred,
	    err) != 0)
		return -1;
	*n += left->counts.pending - left->later + deferred;
	return 0;
}

int
edition_others(struct setting *s, int64_t begun, size_t *before,
    bool *again, struct err *err)
{
	struct arena scratch = ARENA_INIT;
	struct ledger_left *left;
	size_t n, all = 0;
	int rc;

	if (!ledger_is_shared(s->ledger))
		return 0;
	rc = await(s, err);
	if (rc == 0)
		rc = ledger_left(s->ledger, list_of(s), date_now(), &scratch,
		    &left, &n, err);
	for (; rc == 0 && n > 0; n--)
		rc = untried(s, &left[n - 1], begun, &all, err);
	if (rc == 0) {
		*again = all > 0 && all < *before;
		*before = all;
	}
	arena_release(&scratch);
	return rc;
}

/* ---- the editions that a run worked on ---- */

struct edition_worked *
edition_worked_find(const struct edition_work *w, int64_t edition)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->of[i].id == edition)
			return &w->of[i];
	return NULL;
}

struct edition_worked *
edition_worked_add(struct edition_work *w, struct arena *a,
    const struct ledger_edition *e)
{
	struct edition_worked *grown = edition_worked_find(w, e->id);
	size_t i;

	if (grown != NULL)
		return grown;
	grown = arena_array(a, w->n + 1, sizeof(*grown));
	for (i = 0; i < w->n; i++)
		grown[i] = w->of[i];
	grown[i].id = e->id;
	grown[i].name = arena_strdup(a, e->name);
	w->of = grown;
	return &grown[w->n++];
}

static bool
is_same(const struct ledger_counts *a, const struct ledger_counts *b)
{
	char x[200], y[200];

	edition_counts_text(a, x, sizeof(x));
	edition_counts_text(b, y, sizeof(y));
	return strcmp(x, y) == 0;
}

int
edition_tell_changed(struct setting *s, struct edition_work *w,
    struct err *err)
{
	struct ledger_counts now;
	size_t i;

	for (i = 0; i < w->n && ledger_is_shared(s->ledger); i++) {
		struct edition_worked *of = &w->of[i];
		const struct ledger_edition e = { .id = of->id,
		    .name = of->name };

		if (ledger_counts(s->ledger, of->id, &now, err) != 0)
			return -1;
		if (!is_same(&now, &of->told) &&
		    edition_print_counts(s, &e, &of->told, err) != 0)
			return -1;
	}
	return 0;
}
