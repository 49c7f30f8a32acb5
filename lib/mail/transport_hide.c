/* What libesmtp must not see. */
#include <strings.h>

#include "mail/transport_int.h"

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
