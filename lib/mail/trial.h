/*
 * One copy of an edition to one address, without the ledger.
 */
#ifndef MAIL_TRIAL_H
#define MAIL_TRIAL_H

#include "mail/mold.h"
#include "mail/transport.h"

struct trial {
	const char *relay;
	const struct transport_options *options;
	const struct mold_input *mold;
	const unsigned char *key;
	size_t keylen;
	const char *from;	/* envelope sender */
	const char *to;		/* `local@domain` or `Name <local@domain>` */
};

/* ERR_USAGE for a bad address; ERR_REFUSED or ERR_TEMPORARY with what the
 * relay said when it did not take the message. */
int trial_send(const struct trial *t, struct err *err);

/* The same message as bytes, behind what out holds. */
int trial_message(const struct trial *t, struct buf *out, struct err *err);

#endif
