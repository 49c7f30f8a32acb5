/*
 * What SpamAssassin says of a message, by the report that `spamassassin -t`
 * puts behind it.
 */
#ifndef MAIL_SPAM_H
#define MAIL_SPAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

#define SPAM_RULES_MAX 200

struct spam_rule {
	const char *name;	/* "MISSING_DATE" */
	double points;
	const char *description;
	bool offline;		/* it says only that the message was not sent
				 * yet, or what holds for all digests */
};

struct spam_report {
	double points, required;
	struct spam_rule *rules;
	size_t n;
};

/* The command that is asked: it reads the message from its standard input, asks
 * no network, learns nothing and heeds no one's preferences (it makes an empty
 * folder ~/.spamassassin all the same); NULL at its end. */
extern const char *const spam_command[];
/* Its report in English, as for run_filter(). */
extern const char *const spam_environment[];

/* Rules that tell nothing of a digest: NO_RELAYS, NO_RECEIVED and ALL_TRUSTED
 * are for what no server has touched yet, HTML_MESSAGE for all HTML. Ended by
 * NULL. */
extern const char *const spam_offline[];

/* Reads what the command wrote; strings in the arena. ERR_INPUT where there is
 * no report in it. */
int spam_read(struct arena *a, const char *text, size_t len,
    struct spam_report *out, struct err *err);

/* The names of the rules that count, with blanks between them; in the arena. */
const char *spam_names(struct arena *a, const struct spam_report *r);

/* Tells each rule that counts: as a warning where it costs points and is not
 * among before (as spam_names() made it; NULL: nothing is known), else as an
 * info; and as an error where all of them are as much as it takes to be spam.
 * edition: which `before` is of. Rule "digest-spam". */
void spam_tell(const struct spam_report *r, const char *before,
    const char *edition, struct findings *to);

#endif
