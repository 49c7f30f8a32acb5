/*
 * Handing messages over. A transport pulls: it asks the source for the next
 * message when it is ready for one, says when a message becomes in doubt, and
 * tells what became of it.
 *
 * smtp://HOST[:25]   libesmtp, plain SMTP to a relay on this machine or rack
 * maildir:DIR        a file in DIR/new for each message (DIR is made)
 */
#ifndef MAIL_TRANSPORT_H
#define MAIL_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/err.h"

#define TRANSPORT_TEXT_MAX 512

struct transport_message {
	int64_t id;		/* the source's own */
	const char *from;	/* envelope sender, an address; "" is <> */
	const char *to;		/* envelope recipient, checked, ASCII */
	const struct iovec *part;	/* the message: CRLF lines, no bare CR or LF, */
	size_t nparts;			/* lines <= 998; in up to 256 pieces */
};

enum transport_verdict {
	TRANSPORT_SENT,		/* the relay took it: 2xx */
	TRANSPORT_DEFERRED,	/* 4xx, or lost before doubt: try later */
	TRANSPORT_FAILED,	/* 5xx for this message or recipient */
	TRANSPORT_UNKNOWN,	/* lost after doubt: nobody can tell */
	TRANSPORT_UNTRIED	/* the relay never saw it */
};

struct transport_result {
	enum transport_verdict verdict;
	int code;				/* 0: none */
	char text[TRANSPORT_TEXT_MAX];		/* the answer, one line */
	char queue_id[TRANSPORT_TEXT_MAX];	/* "queued as X"; "" */
};

struct transport_source {
	void *ctx;
	/* 1: *out is the next message (valid until its settle), 0: no more,
	 * -1: stop the run. */
	int (*next)(void *ctx, struct transport_message *out, struct err *err);
	/* Called once, before the last piece of a message is handed to the
	 * network. -1 stops the run; the message then never ends, and is
	 * settled as UNTRIED. */
	int (*doubt)(void *ctx, int64_t id, struct err *err);
	/* Exactly once for every message that next gave. */
	int (*settle)(void *ctx, int64_t id,
	    const struct transport_result *result, struct err *err);
	/* Asked between messages: non-zero ends the run cleanly. May be NULL. */
	int (*stop)(void *ctx);
};

struct transport_options {
	const char *helo;	/* our name in EHLO; NULL: this host's */
	long timeout;		/* seconds for connect and for each answer */
	size_t per_connection;	/* messages before a new connection; 0: 500 */
};

struct transport;

/* ERR_CONFIG for a URL that is none of the above. No connection yet. */
struct transport *transport_open(const char *url,
    const struct transport_options *options, struct err *err);
void transport_close(struct transport *t);	/* NULL is allowed */
const char *transport_url(const struct transport *t);

/* Sends until the source has no more. 0: every message was settled (with
 * whatever verdict). -1: the relay cannot be used (not reached, greets with
 * 4xx or 5xx, lost again and again), or the source stopped it; what was open
 * is settled all the same. A lost connection is opened anew; after three in a
 * row without a single answered message it gives up. */
int transport_run(struct transport *t, const struct transport_source *source,
    struct err *err);

#endif
