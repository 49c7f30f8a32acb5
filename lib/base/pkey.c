#include "base/pkey.h"

#include <limits.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

/* In the place of the one that asks at the terminal. */
static int
no_passphrase(char *out, int size, int writing, void *ctx)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static int
complain(const char *text, struct err *err)
{
	if (strstr(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----") != NULL ||
	    strstr(text, "Proc-Type: 4,ENCRYPTED") != NULL)
		return err_set(err, ERR_CONFIG, "the private key wants a "
		    "passphrase; `openssl pkey -in FILE -out NEW` makes one "
		    "without");
	if (strstr(text, "PRIVATE KEY-----") == NULL)
		return err_set(err, ERR_CONFIG, "there is no private key in "
		    "it: in PEM one begins with -----BEGIN PRIVATE KEY-----%s",
		    strstr(text, "-----BEGIN PUBLIC KEY") != NULL ?
		    ", and this is the public one" : "");
	return err_set(err, ERR_CONFIG, "the private key in it is damaged or "
	    "cut off");
}

int
pkey_look(const char *text, size_t len, enum pkey_kind *kind, unsigned *bits,
    struct err *err)
{
	BIO *bio = len > INT_MAX ? NULL : BIO_new_mem_buf(text, (int)len);
	EVP_PKEY *key = bio == NULL ? NULL :
	    PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	int id;

	BIO_free(bio);
	if (key == NULL) {
		ERR_clear_error();
		return complain(text, err);
	}
	id = EVP_PKEY_base_id(key);
	*kind = id == EVP_PKEY_RSA ? PKEY_RSA :
	    id == EVP_PKEY_ED25519 ? PKEY_ED25519 : PKEY_OTHER;
	*bits = (unsigned)EVP_PKEY_bits(key);
	EVP_PKEY_free(key);
	return 0;
}
