/*
 * Keys for tests of DKIM, and their records as the DNS has them.
 */
#ifndef SIGNER_KEYS_H
#define SIGNER_KEYS_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "mail/mime_part.h"
#include "mail/signer.h"

/* libopendkim 2.11 does not free an Ed25519 key (signer_dkim.c). */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libopendkim\nleak:libcrypto\n";
}

static char keys_dir[] = "/tmp/showmill-keys-XXXXXX";
static char keys_path[6][100];
static size_t keys_n;

/* Writes a key for its owner alone; the path. */
static inline const char *
keys_write(EVP_PKEY *k, const char *passphrase)
{
	char *path = keys_path[keys_n++];
	FILE *f;

	if (keys_n == 1)
		assert_non_null(mkdtemp(keys_dir));
	snprintf(path, sizeof(keys_path[0]), "%s/%zu.pem", keys_dir, keys_n);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(PEM_write_PKCS8PrivateKey(f, k, passphrase != NULL ?
	    EVP_aes_128_cbc() : NULL, passphrase, passphrase != NULL ?
	    (int)strlen(passphrase) : 0, NULL, NULL), 1);
	assert_int_equal(fclose(f), 0);
	return path;
}

static inline EVP_PKEY *
keys_rsa(size_t bits)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);
}

static inline EVP_PKEY *
keys_ed25519(void)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

/* RFC 6376 §3.6.1, RFC 8463 §4. */
static inline void
keys_record(EVP_PKEY *k, struct buf *out)
{
	bool rsa = EVP_PKEY_base_id(k) == EVP_PKEY_RSA;
	unsigned char raw[32], *der = NULL;
	size_t len = sizeof(raw);
	int n;

	buf_clear(out);
	buf_addf(out, "v=DKIM1; k=%s; p=", rsa ? "rsa" : "ed25519");
	if (rsa) {
		n = i2d_PUBKEY(k, &der);
		assert_true(n > 0);
		mime_base64(out, der, (size_t)n);
		OPENSSL_free(der);
		return;
	}
	assert_int_equal(EVP_PKEY_get_raw_public_key(k, raw, &len), 1);
	mime_base64(out, raw, len);
}

static inline void
keys_sweep(void)
{
	size_t i;

	for (i = 0; i < keys_n; i++)
		unlink(keys_path[i]);
	if (keys_n > 0)
		rmdir(keys_dir);
}

#endif
