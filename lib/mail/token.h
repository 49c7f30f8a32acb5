/*
 * Tokens of unsubscribe links; their form is fixed:
 *
 *     1.KEYID.LIST.REF.MAC
 *
 * 1 is the version; KEYID and LIST are [a-z0-9-]+; REF is address_ref();
 * MAC is the first 16 bytes of HMAC-SHA256(key, "showmill unsubscribe " and
 * the token up to and without the last dot), base64url. Nothing in it needs
 * escaping in a URL or a mail header.
 */
#ifndef MAIL_TOKEN_H
#define MAIL_TOKEN_H

#include <stddef.h>

#include "base/err.h"

#define TOKEN_MAX 200

struct hash_hmac;

/* ERR_INPUT for a key id, list or ref that cannot stand in one. */
int token_make(const char *key_id, struct hash_hmac *key, const char *list,
    const char *ref, char out[TOKEN_MAX], struct err *err);

/* As token_make does, of what all tokens of a list have in common. */
int token_check_names(const char *key_id, const char *list, struct err *err);

struct token {
	char key_id[40];
	char list[80];
	char ref[20];
};

/* Splits a token without checking its MAC (to find the key). ERR_INPUT. */
int token_read(const char *text, struct token *out, struct err *err);
/* ERR_REFUSED when the MAC is wrong. */
int token_check(const char *text, const unsigned char *key, size_t keylen,
    struct token *out, struct err *err);

#endif
