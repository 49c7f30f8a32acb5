/*
 * The grammar of SMTP commands, read strictly: a client that passes here uses
 * what RFC 5321 §4.1.2 allows and nothing that servers merely put up with.
 */
#ifndef SINK_SYNTAX_H
#define SINK_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

#define SINK_PATH_MAX 256	/* with its angle brackets, RFC 5321 §4.5.3.1.3 */

/* Reads "<local@domain>" at p and copies what is between the brackets,
 * without a source route. null_ok: "<>" is taken too (reverse-path); else
 * "<Postmaster>" is (§4.1.1.3). high: set when an octet is over 127, which
 * only SMTPUTF8 allows (RFC 6531). Returns what follows, NULL when wrong. */
const char *sink_syntax_path(const char *p, bool null_ok,
    char out[SINK_PATH_MAX], bool *high);

/* A domain or address literal, as EHLO wants it. */
bool sink_syntax_host(const char *p, size_t len);

/* One ESMTP parameter at p, which is the first octet of its name. */
struct sink_param {
	const char *name;
	size_t name_len;
	const char *value;	/* NULL: there is no "=" */
	size_t value_len;
};

/* Returns the octet after it (a space or the end), NULL when wrong. */
const char *sink_syntax_param(const char *p, struct sink_param *out);

/* Whether the value is right for a parameter this sink knows (SIZE, BODY,
 * SMTPUTF8, and those of RFC 3461); others pass. keyword is set to the name of
 * the extension that has to be offered for it. */
bool sink_syntax_known(const struct sink_param *param, bool rcpt,
    char keyword[SINK_PATH_MAX]);

#endif
