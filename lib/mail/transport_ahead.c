/*
 * RCPT and DATA in one go with MAIL, for libesmtp 1.1.0 (RFC 2920 §3.1). That
 * library sends RCPT and DATA together where the relay offers PIPELINING, but
 * waits for the answer to MAIL first, so that each message costs a round trip
 * more than it needs. So they are sent for it, and what it writes afterwards
 * must be the same and is left out.
 *
 * Whether the relay takes that, and what a RCPT looks like, is learnt from the
 * first message of a connection, which goes as libesmtp likes it.
 */
#include <string.h>

#include "mail/transport_int.h"

#define DATA "DATA\r\n"
#define DATA_LEN (sizeof DATA - 1)

void transport_ahead_make(struct transport_ahead *a,
    const struct transport_message *m)
{
	size_t n = transport_rcpt(a->text, m, a->notices,
	    TRANSPORT_ESMTP_ORCPT_MAX);

	memcpy(a->text + n, DATA, DATA_LEN);
	a->left = a->len = n + DATA_LEN;
}

void transport_ahead_learn(struct transport_ahead *a,
    const struct transport_message *m, const char *out, size_t n)
{
	struct transport_ahead own;
	int notices;

	for (notices = 0; notices < 2 && !a->learnt && n > 0; notices++) {
		own.notices = notices != 0;
		transport_ahead_make(&own, m);
		if (n != own.len || memcmp(out, own.text, n) != 0)
			continue;
		a->learnt = true;
		a->notices = own.notices;
	}
}

bool transport_ahead_take(struct transport_ahead *a, const char *data,
    size_t len, size_t *went)
{
	*went = len < a->left ? len : a->left;
	if (memcmp(data, a->text + a->len - a->left, *went) != 0)
		return false;
	a->left -= *went;
	return true;
}
