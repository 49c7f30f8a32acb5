/*
 * What a relay offers in its answer to EHLO (RFC 5321 §4.1.1.1).
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "mail/transport_int.h"

static bool is_among(const char *list, const char *word, size_t len)
{
	for (;; list++) {
		size_t n = strcspn(list, " ");

		if (n == len && strncasecmp(list, word, len) == 0)
			return true;
		list += n;
		if (*list == '\0')
			return false;
	}
}

static void take_ways(struct transport_offers *o, const char *p,
    const char *allowed)
{
	size_t have = strlen(o->ways), len;

	for (p += strspn(p, " ="); *p != '\0';
	    p += len + strspn(p + len, " ")) {
		len = strcspn(p, " ");
		o->auth |= is_among(allowed, p, len);
		if (have + len + 2 < sizeof o->ways)
			have += (size_t)snprintf(o->ways + have,
			    sizeof o->ways - have, "%s%.*s",
			    have > 0 ? " " : "", (int)len, p);
	}
}

/* "AUTH=LOGIN" is how it was written before RFC 2554. */
void transport_offers_take(struct transport_offers *o, const char *line,
    const char *allowed)
{
	size_t n = strcspn(line, " =");

	if (is_among("AUTH", line, n))
		take_ways(o, line + n, allowed);
	else if (is_among("STARTTLS", line, n))
		o->starttls = true;
	else if (is_among("PIPELINING", line, n))
		o->pipelining = true;
	else if (is_among("SIZE", line, n))
		o->size = true;
	else if (is_among("DSN", line, n))
		o->dsn = true;
	else if (is_among("SMTPUTF8", line, n))
		o->smtputf8 = true;
}
