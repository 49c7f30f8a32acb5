/*
 * Delivering an edition: from the ledger's claims through the mold to the
 * transport, and each outcome back into the ledger (store/ledger.h tells how
 * a delivery stays single).
 */
#ifndef MAIL_DELIVERY_H
#define MAIL_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "mail/signer.h"
#include "mail/transport.h"
#include "store/ledger.h"

struct delivery_options {
	const unsigned char *key;	/* signs unsubscribe tokens */
	size_t keylen;
	const char *from;		/* envelope sender, an address */
	bool verp;			/* with a token of each friend in it */
	struct signer *signer;		/* NULL: messages are not signed */
	size_t claim;			/* 1 to LEDGER_CLAIM_MAX */
	const int64_t *only;		/* these of the edition's deliveries,
					 * if pending; NULL: all */
	size_t nonly;
	int64_t (*now)(void);
	int (*stop)(void *ctx);		/* non-zero: end cleanly; may be NULL */
	void (*progress)(void *ctx, size_t done);	/* may be NULL */
	void *ctx;
};

/* Sends what is pending or deferred of the edition, in the ledger's order. A
 * refusal of which nobody can tell whom it concerns (TRANSPORT_REFUSED) is
 * recorded as deferred, and as failed when the relay takes a later message, or
 * took an earlier one and the run comes to its end.
 * The caller holds the sender's lock and has run ledger_recover(). 0 when
 * every claim was settled; -1 when the relay or the ledger stopped the run:
 * what was claimed and not begun is pending again. */
int delivery_run(struct ledger *l, const struct ledger_edition *e,
    struct transport *t, const struct delivery_options *o, struct err *err);

#endif
