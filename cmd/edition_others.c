/* What a run that sends has to do with others: those before it, and, with a
 * ledger on a server, those on other hosts. */
#include <poll.h>

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
		    "run broke off while it was handed over; `digest resend "
		    "--unknown%s` sends it again", unknown, CMD_S(unknown),
		    setting_hint(s));
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

int
edition_others(struct setting *s, size_t *before, bool *again,
    struct err *err)
{
	struct arena scratch = ARENA_INIT;
	struct ledger_left *left;
	size_t n, pending = 0;
	int rc;

	if (!ledger_is_shared(s->ledger))
		return 0;
	rc = await(s, err);
	if (rc == 0)
		rc = ledger_left(s->ledger, list_of(s), date_now(), &scratch,
		    &left, &n, err);
	if (rc == 0) {
		for (; n > 0; n--)
			pending += left[n - 1].counts.pending -
			    left[n - 1].later;
		*again = pending > 0 && pending < *before;
		*before = pending;
	}
	arena_release(&scratch);
	return rc;
}
