/*
 * Digests, tokens and identifiers (libcrypto and libuuid).
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define HASH_SHA256_SIZE 32
#define HASH_UUID_TEXT 37

void hash_sha256(const void *data, size_t len,
    unsigned char out[HASH_SHA256_SIZE]);

/* HMAC-SHA256 (RFC 2104) with one key, for many: libcrypto looks up once how it
 * is done, and not for each. One thread's at a time. */
struct hash_hmac;
/* The key, which is not empty, is copied, and wiped at the close. */
struct hash_hmac *hash_hmac_open(const void *key, size_t keylen);
void hash_hmac_make(struct hash_hmac *h, const void *data, size_t len,
    unsigned char out[HASH_SHA256_SIZE]);
void hash_hmac_close(struct hash_hmac *h);	/* NULL is allowed */

/* Compares in constant time. */
bool hash_equal(const void *a, const void *b, size_t len);
/* len random bytes from the system. */
int hash_random(void *out, size_t len, struct err *err);

/* base64url without padding (RFC 4648 §5); out needs HASH_B64_SIZE(len). */
#define HASH_B64_SIZE(len) (((len) + 2) / 3 * 4 + 1)
void hash_base64url(const void *data, size_t len, char *out);
/* Lower-case hex; out needs 2 * len + 1. */
void hash_hex(const void *data, size_t len, char *out);
/* Reads hex; -1 when it is not 2 * len hex digits. */
int hash_unhex(const char *text, void *out, size_t len);

/* UUIDv5 (RFC 9562 §5.5) of name in the namespace given as text. -1 and
 * ERR_INPUT when ns is no UUID. */
int hash_uuid5(const char *ns, const char *name, char out[HASH_UUID_TEXT],
    struct err *err);
bool hash_is_uuid(const char *text);

#endif
