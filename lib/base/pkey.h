/*
 * What a file with a private key holds (libcrypto). Signing with it is for
 * others.
 */
#ifndef BASE_PKEY_H
#define BASE_PKEY_H

#include <stddef.h>

#include "base/err.h"

enum pkey_kind { PKEY_RSA, PKEY_ED25519, PKEY_OTHER };

/* The kind and bits of a private key in PEM (PKCS#8 or PKCS#1), of which text
 * must be NUL-terminated. ERR_CONFIG for what is none, is damaged, or wants a
 * passphrase, for which nobody is asked. */
int pkey_look(const char *text, size_t len, enum pkey_kind *kind,
    unsigned *bits, struct err *err);

#endif
