#include "base/hash.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <uuid/uuid.h>

#include "base/mem.h"

void
hash_sha256(const void *data, size_t len, unsigned char out[HASH_SHA256_SIZE])
{
	/* Fails only when the library cannot work at all. */
	if (EVP_Digest(data, len, out, NULL, EVP_sha256(), NULL) != 1)
		abort();
}

struct hash_hmac {
	EVP_MAC_CTX *ctx;
	size_t keylen;
	unsigned char key[];
};

struct hash_hmac *
hash_hmac_open(const void *key, size_t keylen)
{
	static char sha256[] = "SHA256";
	OSSL_PARAM with[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256,
		    0),
		OSSL_PARAM_construct_end()
	};
	struct hash_hmac *h = xcalloc(1, sizeof(*h) + keylen);
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	if (mac == NULL || keylen == 0)
		abort();
	h->ctx = EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac);
	if (h->ctx == NULL || EVP_MAC_CTX_set_params(h->ctx, with) != 1)
		abort();
	memcpy(h->key, key, keylen);
	h->keylen = keylen;
	return h;
}

/* The key is given anew, since early versions of OpenSSL 3 do not begin again
 * without one. */
void
hash_hmac_make(struct hash_hmac *h, const void *data, size_t len,
    unsigned char out[HASH_SHA256_SIZE])
{
	if (EVP_MAC_init(h->ctx, h->key, h->keylen, NULL) != 1 ||
	    EVP_MAC_update(h->ctx, data, len) != 1 ||
	    EVP_MAC_final(h->ctx, out, NULL, HASH_SHA256_SIZE) != 1)
		abort();
}

void
hash_hmac_close(struct hash_hmac *h)
{
	if (h == NULL)
		return;
	EVP_MAC_CTX_free(h->ctx);
	explicit_bzero(h->key, h->keylen);
	free(h);
}

bool
hash_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

int
hash_random(void *out, size_t len, struct err *err)
{
	/* Up to 256 bytes come whole (getrandom(2)). */
	if (len > 256 || getrandom(out, len, 0) != (ssize_t)len)
		return err_sys(err, ERR_SYSTEM, "no random bytes to be had");
	return 0;
}

void
hash_base64url(const void *data, size_t len, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	const unsigned char *p = data;
	unsigned acc = 0, bits = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		acc = (acc << 8 | p[i]) & 0xffffu;
		for (bits += 8; bits >= 6; bits -= 6)
			*out++ = digits[acc >> (bits - 6) & 63];
	}
	if (bits > 0)
		*out++ = digits[acc << (6 - bits) & 63];
	*out = '\0';
}

void
hash_hex(const void *data, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = data;
	size_t i;

	for (i = 0; i < len; i++) {
		*out++ = digits[p[i] >> 4];
		*out++ = digits[p[i] & 15];
	}
	*out = '\0';
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
hash_unhex(const char *text, void *out, size_t len)
{
	unsigned char *p = out;
	int high, low;
	size_t i;

	if (strlen(text) != 2 * len)
		return -1;
	for (i = 0; i < len; i++) {
		high = hex_value(text[2 * i]);
		low = hex_value(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return -1;
		p[i] = (unsigned char)(high << 4 | low);
	}
	return 0;
}

int
hash_uuid5(const char *ns, const char *name, char out[HASH_UUID_TEXT],
    struct err *err)
{
	uuid_t space, id;

	if (uuid_parse(ns, space) != 0)
		return err_set(err, ERR_INPUT, "`%s` is no UUID", ns);
	uuid_generate_sha1(id, space, name, strlen(name));
	uuid_unparse_lower(id, out);
	return 0;
}

bool
hash_is_uuid(const char *text)
{
	uuid_t id;

	return uuid_parse(text, id) == 0;
}
