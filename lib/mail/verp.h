/*
 * Return paths that tell whose mail bounces (VERP), whatever a bounce says:
 *
 *     bounces+EDITION.REF.MAC@example.org
 *
 * EDITION is its name in small letters; REF is address_ref() in base32, and MAC
 * the first 10 bytes of HMAC-SHA256(key, "showmill bounce ", list, a blank, and
 * EDITION.REF), likewise (RFC 4648 §6, in small letters, without padding): the
 * case of a local part does not always come through. An unsubscribe token does
 * not fit: 64 octets are all that a local part may have (RFC 5321 §4.5.3.1.1).
 */
#ifndef MAIL_VERP_H
#define MAIL_VERP_H

#include <stddef.h>

#include "base/err.h"
#include "mail/address.h"

#define VERP_EDITION_MAX 24

struct verp {
	char edition[VERP_EDITION_MAX];	/* "2025-W23" */
	char ref[ADDRESS_REF_SIZE];
};

struct hash_hmac;

/* address: where bounces go without it. ERR_INPUT where the result is no
 * address: an edition or a local part too long, or a ref that is none. */
int verp_make(const char *address, const char *list, const char *edition,
    const char *ref, struct hash_hmac *key, char out[ADDRESS_MAX + 1],
    struct err *err);

/* Reads an envelope recipient. ERR_INPUT: it is none that verp_make() has made
 * of the address; ERR_REFUSED: nor of this list with this key. */
int verp_read(const char *rcpt, const char *address, const char *list,
    const unsigned char *key, size_t keylen, struct verp *out,
    struct err *err);

#endif
