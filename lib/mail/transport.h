/*
 * Handing messages over. A transport pulls: it asks the source for the next
 * message when it is ready for one, says when a message becomes in doubt, and
 * tells what became of it.
 *
 * smtp://HOST[:25]   plain SMTP to a relay on this machine or rack; an IPv6
 *                    address in brackets
 * smtps://HOST[:465] SMTP under TLS from the first octet (RFC 8314 §3.3)
 * smtp+starttls://HOST[:587]
 *                    SMTP that is to turn to TLS (RFC 3207), or nothing is sent
 * sendmail:/PATH [ARGUMENT ...]
 *                    a program for each message, without a shell, as
 *                    /PATH ARGUMENT ... -i -f FROM -- TO; lines end in LF there
 * maildir:DIR        a file in DIR/new for each message, byte for byte (DIR is
 *                    made, for the user alone)
 *
 * A message that cannot be sent as it stands (an address that would break an
 * SMTP command, a bare CR or LF, a line too long, 8-bit octets; a recipient
 * that is not ASCII over a relay without SMTPUTF8) is settled as
 * TRANSPORT_FAILED with code 0, without doubt, and none of it leaves.
 *
 * TLS is at least 1.2, and the certificate must be of an authority that is
 * trusted and of the host's name: there is no way around either.
 *
 * A user is for smtps: and smtp+starttls:, and for smtp: to a loopback address
 * alone. Nothing of a message leaves unless the relay has offered AUTH and
 * taken the password.
 *
 * smtp: without a user needs the program to link lib/mail/transport_libc.c
 * itself, not in a shared library: its connect(), poll() and write() must be
 * found before libc's.
 */
#ifndef MAIL_TRANSPORT_H
#define MAIL_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/err.h"

#define TRANSPORT_TEXT_MAX 512

struct transport_message {
	int64_t id;		/* the source's own */
	const char *from;	/* envelope sender, an address; "" is <> */
	/* Envelope recipient, checked. One that is not ASCII goes to relays
	 * with SMTPUTF8 alone (RFC 6531). */
	const char *to;
	/* The message, in any number of pieces: ASCII (MIME-encoded), CRLF
	 * lines of at most 998 octets, no bare CR or LF. Its header may be
	 * UTF-8 where the recipient is not ASCII. Never changed. */
	const struct iovec *part;
	size_t nparts;
	/* For DSN (RFC 3461 §4.4): what the relay's notices call the message,
	 * at most TRANSPORT_ENVID_MAX; NULL: none. */
	const char *envid;
	/* The recipient was refused before, so that a further refusal says
	 * nothing about the others. */
	bool refused_before;
};

#define TRANSPORT_ENVID_MAX 100		/* RFC 3461 §4.4, as xtext */

enum transport_verdict {
	TRANSPORT_SENT,		/* the relay took it: 2xx. The code is the
				 * answer: one that is cut off in the words
				 * behind it counts too (smtp: without a user:
				 * in its last line) */
	TRANSPORT_DEFERRED,	/* 4xx, or its end never left (smtp: tries
				 * twice, once when in doubt): try later */
	TRANSPORT_FAILED,	/* 5xx for this recipient, or it cannot be
				 * sent as it stands */
	TRANSPORT_REFUSED,	/* 5xx to RCPT, DATA or the whole message,
				 * which may be for this one or for all: see
				 * transport_run */
	TRANSPORT_UNKNOWN,	/* lost after doubt: nobody can tell */
	TRANSPORT_UNTRIED	/* the run ended before it was sent */
};

struct transport_result {
	enum transport_verdict verdict;
	int code;				/* 0: none */
	char text[TRANSPORT_TEXT_MAX];		/* the answer, one line */
	char queue_id[TRANSPORT_TEXT_MAX];	/* "queued as X"; in a maildir
						 * the file's name; "" */
	/* FAILED for what this relay alone lacks (SMTPUTF8): another may take
	 * it. */
	bool elsewhere;
};

struct transport_source {
	void *ctx;
	/* 1: *out is the next message (valid until its settle), 0: no more,
	 * -1: stop the run. */
	int (*next)(void *ctx, struct transport_message *out, struct err *err);
	/* A message will be in doubt soon, unless it is refused: its envelope
	 * is on its way. What doubt is to write down may be written beforehand,
	 * while the relay is waited for. Called any number of times or never.
	 * May be NULL. */
	void (*soon)(void *ctx, int64_t id);
	/* Called at most once for a message, before the last piece of it (its
	 * last CRLF) is handed to the network; without it, it was not sent.
	 * -1 stops the run; the message then never ends, and is settled as
	 * UNTRIED. */
	int (*doubt)(void *ctx, int64_t id, struct err *err);
	/* Exactly once for every message that next gave. */
	int (*settle)(void *ctx, int64_t id,
	    const struct transport_result *result, struct err *err);
	/* Called, any number of times or never, when the relay is waited for:
	 * what need not be done before costs no time here. gone: the message
	 * has left, and its parts are not looked at any more. -1 stops the
	 * run. May be NULL. */
	int (*idle)(void *ctx, bool gone, struct err *err);
	/* Asked between messages and while anything is waited for: non-zero
	 * ends the run cleanly, within about a second. A message that is in
	 * doubt is waited for all the same; one that is open and not in doubt
	 * is settled as UNTRIED. May be NULL. */
	int (*stop)(void *ctx);
	/* Told of a session that the relay ended with 421 before it answered a
	 * message there, and of a connection that was lost so or behind
	 * doubt, whether or not a message was open that is settled with it. May
	 * be NULL. */
	void (*slow)(void *ctx);
};

struct transport_options {
	const char *helo;	/* our name in EHLO; NULL: this host's */
	/* Seconds for the look-up, to connect and for each whole answer; 0:
	 * 300. */
	long timeout;
	/* Messages before a new connection; 0: 500. */
	size_t per_connection;
	/* AUTH; the password is a token with xoauth2. NULL: none, which a user
	 * must not be. Kept until transport_close, and in no message. */
	const char *user, *password;
	/* plain, login, cram-md5, xoauth2, or any of the first three; NULL:
	 * any. */
	const char *auth;
	const char *tls_ca_file;	/* PEM; NULL: the system's */
	const char *tls_cert_file;	/* our own certificate, PEM; NULL */
	const char *tls_key_file;	/* its key; NULL: in tls_cert_file */
	bool tls_13;			/* at least 1.3 */
	/* Where the relay offers DSN (RFC 3461): notices of failures and
	 * delays, with the header alone, the envid and the recipient. */
	bool dsn;
};

struct transport;

/* ERR_CONFIG for a URL that is none of the above, and for options that do not
 * go with it. No connection yet. options may be NULL. */
struct transport *transport_open(const char *url,
    const struct transport_options *options, struct err *err);
/* n transports as one, which owns them. Each has a share of the messages by its
 * weight (1 or more), in turns of 50 of them. One that cannot be used (as
 * transport_run says; not when it has refused messages of the run in the same
 * words, which the next one need not hear as well) is told to lost(), left for
 * good, and the message at hand goes to the next. The run fails with the last
 * one. What one answers with 4xx goes to the next as well; the source is told
 * where none of those that do not rest takes it, and only then that one was
 * slow(). One that goes on putting off rests for a minute or more, if another
 * one does not.
 * A recipient who is not ASCII goes to the first, from the one whose turn
 * it is on, that takes such. */
struct transport *transport_join(struct transport *const *list,
    const unsigned *weights, size_t n,
    void (*lost)(void *ctx, const struct err *why), void *ctx);
void transport_close(struct transport *t);	/* NULL is allowed */
const char *transport_url(const struct transport *t);

/* Sends until the source has no more. 0: every message was settled (with
 * whatever verdict). -1: the relay cannot be used, or the source stopped it;
 * the err names the URL and the relay's own words, and what was open is settled
 * all the same. Kinds: ERR_HOST unknown host; ERR_TEMPORARY not reached, 4xx as
 * greeting or to EHLO, lost again and again; ERR_REFUSED 5xx there, or no TLS,
 * or no AUTH or a 5xx to it, where it is wanted, or 5xx to a MAIL in a way that
 * concerns all messages (the first one, 530, 5.7.x, 552 for the size, three in
 * a row), which are UNTRIED then, or later in such a way (see below);
 * ERR_NETWORK silent there, or a certificate that is not trusted; ERR_PROTOCOL
 * not SMTP, or answers slipped in before TLS; ERR_CONFIG files that TLS cannot
 * use; ERR_OUTPUT the maildir.
 *
 * Many relays tell only at RCPT what they have against the client or the
 * sender, and at the end of a message what against its text, and an edition's
 * messages have all of that in common. So a 5xx there is FAILED only when it
 * speaks of the recipient (5.1.x but for 5.1.0, 5.1.7 and 5.1.8, which are of
 * the sender; 5.2.x), and REFUSED else. The run ends with ERR_REFUSED when that
 * is said in the same words three times without a message taken in this run, or
 * five times without one taken in between, to recipients of three domains
 * or more; to those of fewer a hundred times. Not counted are those who
 * were refused before, and words with a digit or an @ in them may differ. A 5xx
 * to the MAIL of a message whose recipient is not ASCII is that message's, but
 * for 530, 552 and 5.7.x. A REFUSED message has not gone out and may be sent
 * again; once a further one is SENT it is known that the refusal was its own.
 *
 * A lost connection is opened anew, and so is one that the relay ends with 421;
 * the message that was open gets a second try on it if it was not in doubt.
 * After three connections in a row without a single answered message the run
 * is given up. Two runs may go on in two threads. */
int transport_run(struct transport *t, const struct transport_source *source,
    struct err *err);

#endif
