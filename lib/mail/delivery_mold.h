/*
 * The molds of one edition: its own, and those of its variants as far as they
 * are asked for. Of these only a few stay open, since each is as large as its
 * message.
 */
#ifndef MAIL_DELIVERY_MOLD_H
#define MAIL_DELIVERY_MOLD_H

#include <stdbool.h>

#include "mail/mold.h"
#include "mail/signer.h"
#include "store/ledger.h"

#define MOLDS_KEPT 4	/* variants that stay open */

struct molds;

/* The edition, the key and the signer (NULL: messages are not signed) must
 * outlive it. NULL where the edition's own mold is none. */
struct molds *molds_open(struct ledger *l, const struct ledger_edition *e,
    const unsigned char *key, size_t keylen, const struct signer *signer,
    struct err *err);
/* Whether molds_get() needs the ledger for it. */
bool molds_is_open(const struct molds *m, int variant);
/* The mold of a variant, 0 being the edition's own; read from the ledger where
 * it is not open. What was filled from another one may be gone then. */
struct mold *molds_get(struct molds *m, int variant, struct err *err);
void molds_close(struct molds *m);	/* NULL is allowed */

#endif
