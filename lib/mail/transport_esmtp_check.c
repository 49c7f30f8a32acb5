/* What libesmtp would change in a header, and what it must not see. */
#include <stdio.h>
#include <strings.h>

#include "mail/transport_int.h"

/* libesmtp takes these fields out of a message, all of them or from the second
 * on, and puts the first three in where they are missing. It cannot be told to
 * leave the header alone, so a message that it would change is refused. */
static const struct field_rule {
	const char *name;
	unsigned min, max;
} field_rules[] = {
	{ "Date", 1, 1 },
	{ "From", 1, 1 },
	{ "Message-ID", 1, 1 },
	{ "To", 0, 1 },
	{ "Cc", 0, 1 },
	{ "Bcc", 0, 1 },
	{ "Reply-To", 0, 1 },
	{ "Sender", 0, 1 },
	{ "Disposition-Notification-To", 0, 1 },
	{ "Return-Path", 0, 0 },
	{ "Original-Recipient", 0, 0 },
	{ "Resent-Reply-To", 0, 0 },
};

#define FIELD_RULES (sizeof field_rules / sizeof field_rules[0])

int transport_esmtp_check(const struct transport_message *m, char *why,
    size_t size)
{
	struct transport_fields fields = { m, 0, 0 };
	unsigned seen[FIELD_RULES] = { 0 };
	char name[TRANSPORT_FIELD_MAX];
	size_t i;
	int more;

	if (transport_message_utf8(m)) {
		snprintf(why, size, TRANSPORT_NO_UTF8 ": that is for smtps:// "
		    "and smtp+starttls:// alone");
		return -1;
	}
	while ((more = transport_fields_next(&fields, name)) == 1)
		for (i = 0; i < FIELD_RULES; i++)
			if (strcasecmp(name, field_rules[i].name) == 0)
				seen[i]++;
	if (more == -1) {
		snprintf(why, size, "no empty line ends the header");
		return -1;
	}
	for (i = 0; i < FIELD_RULES; i++)
		if (seen[i] < field_rules[i].min ||
		    seen[i] > field_rules[i].max) {
			snprintf(why, size, "the header has %u of the field "
			    "%s, which libesmtp would change", seen[i],
			    field_rules[i].name);
			return -1;
		}
	return 0;
}

/* Offers that libesmtp is not to see. CHUNKING: it cannot be switched off,
 * costs a delayed ACK a message, and after a time-out the status is the 250 of
 * an earlier chunk. ENHANCEDSTATUSCODES: libesmtp breaks off when one line of
 * an answer lacks the code, and takes it out of the text. XUSR: one more
 * round trip for each message, for nothing. */
static const char *const hidden_words[TRANSPORT_HIDDEN] = {
	"CHUNKING", "ENHANCEDSTATUSCODES", "XUSR",
};

void transport_hide(struct transport_hidden *h, char *c)
{
	size_t i;

	for (i = 0; i < TRANSPORT_HIDDEN; i++) {
		const char *word = hidden_words[i];
		size_t *n = &h->seen[i];

		if (strncasecmp(c, word + *n, 1) == 0)
			(*n)++;
		else
			*n = strncasecmp(c, word, 1) == 0;
		if (word[*n] == '\0') {
			*c = '-';
			*n = 0;
		}
	}
}
