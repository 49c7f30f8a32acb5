/*
 * Delivering an edition: from the ledger's claims through the mold to the
 * transports, and each outcome back into the ledger (store/ledger.h tells how
 * a delivery stays single). Each connection has a thread of its own; what they
 * write into the ledger at the same time goes there in one commit.
 */
#ifndef MAIL_DELIVERY_H
#define MAIL_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "mail/pace.h"
#include "mail/signer.h"
#include "mail/transport.h"
#include "store/ledger.h"

#define DELIVERY_CONNECTIONS_MAX 64

/* A run so far. */
struct delivery_progress {
	/* deferred: those that are to be tried again, each once. */
	size_t sent, deferred, failed, unknown;
	size_t refused;		/* by the relay for good, of all that count in
				 * stop_refused */
	unsigned connections;	/* that may be open */
	int64_t waits_until;	/* seconds since 1970: nothing goes before; 0 */
};

struct delivery_options {
	const unsigned char *key;	/* signs unsubscribe tokens */
	size_t keylen;
	const char *from;		/* envelope sender, an address */
	bool verp;			/* with a token of each friend in it */
	const struct signer *signer;	/* NULL: messages are not signed */
	size_t claim;			/* 1 to LEDGER_CLAIM_MAX */
	struct pace *pace;		/* its connections are as many as the
					 * transports */
	/* Seconds in which this run tries again what was deferred, and waits
	 * for a relay that is gone; 0: later runs do. */
	int64_t retry_for;
	/* What was deferred before that is tried; 0: before the run began. */
	int64_t before;
	/* The run ends when more than so many of a hundred of the first
	 * hundred (and of 20 at least), or of the canaries, are refused for
	 * good; 100: never. */
	unsigned stop_refused;
	const char *hint;		/* behind a suggested command: " -c
					 * FILE" and the like; "" */
	const int64_t *canary;		/* deliveries that go first and alone,
					 * if pending, whatever the time */
	size_t ncanary;
	/* Canaries of earlier runs, which count as well; with these alone
	 * nobody gets it either. */
	size_t canary_tried, canary_refused;
	const int64_t *only;		/* these of the edition's deliveries,
					 * if pending; NULL: all */
	size_t nonly;
	/* Until when a friend in that zone ("": the show's) is not to be
	 * written to; 0: it may be now. NULL: always. */
	int64_t (*quiet)(void *ctx, const char *zone, int64_t now);
	int64_t (*now)(void);
	int (*stop)(void *ctx);		/* non-zero: end cleanly; may be NULL.
					 * Called by all threads */
	/* Called by the thread that runs, some ten times a second and at the
	 * end; may be NULL. */
	void (*progress)(void *ctx, const struct delivery_progress *p);
	/* No connection works, for that reason, and the run waits until then
	 * for the relay: told once each time, by any thread; may be NULL. */
	void (*gone)(void *ctx, const struct err *why, int64_t until);
	/* At the end, unless the run was broken off: so many refusals of which
	 * nobody can tell whom they concern stay deferred; the last of them.
	 * May be NULL. */
	void (*held)(void *ctx, size_t n, const struct transport_result *last);
	void *ctx;
};

/* Sends what is due of the edition, first what is pending, then what earlier
 * runs have deferred, and last what was refused in them, each in the ledger's
 * order, so that nobody stands in the way of others; over n connections (1 to
 * DELIVERY_CONNECTIONS_MAX), of which all but the first begin when the relay
 * has taken a message. A refusal of which nobody can tell whom it concerns
 * (TRANSPORT_REFUSED) is recorded as deferred, and as failed when the relay
 * takes a message that was begun later, or took an earlier one and the run
 * comes to its end with fewer than five of them behind it.
 *
 * A relay that asks for patience gets it (pace.h); a connection that cannot be
 * made or kept is tried again later, as long as another one goes on or
 * retry_for has not passed.
 *
 * The caller holds the sender's lock and has run ledger_recover(). 0 when every
 * claim was settled (some may wait for a time that is still to come); -1 when
 * the relay or the ledger stopped the run: what was claimed and not begun is
 * what it was. After a kill no more deliveries are unknown than there were
 * connections. */
int delivery_run(struct ledger *l, const struct ledger_edition *e,
    struct transport *const *transports, size_t n,
    const struct delivery_options *o, struct err *err);

/* Whether more of those who were tried were refused than stop_refused allows, a
 * share in percent; 100: never. */
bool delivery_refuses_too_much(unsigned stop_refused, size_t refused,
    size_t tried);

#endif
