/*
 * E-mail addresses: checking and comparing. A local part that is not ASCII
 * stays so, in NFC, and is for relays with SMTPUTF8 alone (RFC 6531); a domain
 * with non-ASCII letters becomes its A-label by libidn2 (IDNA 2008).
 */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

#define ADDRESS_MAX 254		/* RFC 5321 §4.5.3.1.3 without < > */
#define ADDRESS_REF_SIZE 17

struct address {
	const char *name;	/* display name, UTF-8, "" when there is none */
	const char *typed;	/* as written */
	const char *wire;	/* for SMTP and headers: local part as typed,
				 * domain as A-label */
	const char *key;	/* for comparing: wire in small letters */
	bool utf8;		/* the local part is not ASCII */
};

/* Reads `local@domain` (no display name; dot-atom or quoted local part, RFC
 * 5321 §4.1.2; local part <= 64 octets, labels <= 63, at least two labels or
 * "localhost", the last one not all digits). No comments, no blanks around it,
 * no [address literal], nothing that cannot be seen. ERR_INPUT says what is
 * wrong; out is then untouched. Strings go to the arena. */
int address_parse(struct arena *a, const char *text, struct address *out,
    struct err *err);
/* ERR_INPUT when it is for relays with SMTPUTF8 alone. */
int address_need_ascii(const struct address *a, struct err *err);
/* Reads `Name <local@domain>`, `"Na, me" <…>` or the bare address, with blanks
 * around it. A name with a comma must be quoted: else it may be two addresses.
 * At most 998 bytes, no control characters. */
int address_parse_mailbox(struct arena *a, const char *text,
    struct address *out, struct err *err);
/* What stands for a friend in tokens and Message-IDs: the first 12 bytes of
 * SHA-256(list NUL key) in base64url; holds when the ledger is made anew. */
void address_ref(const char *list, const char *key, char out[ADDRESS_REF_SIZE]);

#endif
