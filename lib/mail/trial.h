/*
 * One copy of an edition to one address, without the ledger.
 */
#ifndef MAIL_TRIAL_H
#define MAIL_TRIAL_H

#include "mail/mold.h"
#include "mail/signer.h"
#include "mail/transport.h"

struct trial {
	struct transport *transport;
	const char *mold;	/* as mold_build() made it */
	size_t mold_len;
	const unsigned char *key;
	size_t keylen;
	struct signer *signer;	/* with its time set; NULL: none */
	const char *from;	/* envelope sender */
	const char *to;		/* `local@domain` or `Name <local@domain>` */
};

/* The copy has a Message-ID of its own at each call, and unsubscribe links of
 * no friend. ERR_USAGE for a bad address; ERR_REFUSED or ERR_TEMPORARY with
 * what the relay said when it did not take the message, or when that cannot be
 * known. */
int trial_send(const struct trial *t, struct err *err);

#endif
