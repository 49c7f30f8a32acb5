/*
 * DKIM signatures (RFC 6376, RFC 8463), by libopendkim; built without it
 * (signer_none.c) no signer can be opened.
 *
 * rsa-sha256 or ed25519-sha256, whatever the key is, relaxed/relaxed, over
 * every header field that a mold makes and the whole body: no l=, by which a
 * message could grow behind its signature, and no x=. From, To, Cc, Subject,
 * Date, Reply-To and Content-Type are signed once more than they are there, so
 * that none can be added. t= is the time that was set, and not the clock's: a
 * message that is made twice is the same message.
 *
 * ("dkim" is the library's own prefix.)
 */
#ifndef MAIL_SIGNER_H
#define MAIL_SIGNER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/buf.h"
#include "base/err.h"

#define SIGNER_KEYS_MAX ((size_t)4)

struct signer_key {
	const char *selector;
	const char *file;	/* PEM */
};

struct signer;

/* Reads the keys, of which each makes a signature of its own, and tries them.
 * domain: as A-label; a selector is labels with dots between (RFC 6376
 * §3.1). ERR_CONFIG with the
 * key's file when others may read it, when it is no private key, of another
 * kind or an RSA key of less than 1024 bits (RFC 8301 §3.2); ERR_NOINPUT when
 * it cannot be read; ERR_CONFIG when this build signs nothing. */
struct signer *signer_open(const char *domain, const struct signer_key *keys,
    size_t n, struct err *err);
void signer_close(struct signer *s);	/* NULL is allowed */

/* The time of the signatures that follow, in seconds since 1970 (0: that of
 * the clock). Not while another thread signs. */
void signer_set_time(struct signer *s, int64_t time);

/* Appends the header fields with the signatures of a message, each ending in
 * CRLF, which go before its first one. The message is what a transport takes:
 * CRLF lines, and CRLF at the end. Any number of threads may sign at the same
 * time, with one signer. ERR_INTERNAL when the library fails; out is then as
 * it was. */
int signer_sign(const struct signer *s, const struct iovec *parts,
    size_t nparts, struct buf *out, struct err *err);

#endif
