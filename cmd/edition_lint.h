/*
 * Looking through an edition before it is sent: lib/mail/lint.h, and, where
 * they are asked for, the servers that its links lead to and SpamAssassin.
 */
#ifndef CMD_EDITION_LINT_H
#define CMD_EDITION_LINT_H

#include "cmd/edition.h"
#include "cmd/edition_letter.h"
#include "mail/lint.h"

#define EDITION_LINT_OPTIONS \
	{ "--links", NULL, "ask the servers whether its links lead " \
	    "anywhere" }, \
	{ "--spam", NULL, "ask spamassassin, without the network" }

#define EDITION_ASKED_MAX 2

struct edition_lint {
	struct findings findings;	/* its counts tell how it went */
	struct arena *arena;
	struct finding *list;		/* as they came */
	size_t n, room;
	const char *asked[EDITION_ASKED_MAX];	/* whom, and what came of it */
	size_t nasked;
	const struct lint_source *sources;
	size_t nsources;
};

/* Findings go to the log, and are kept in the arena; they can come from
 * elsewhere as well, by edition_lint_report() with this as its ctx. */
void edition_lint_init(struct edition_lint *l, struct arena *a);
void edition_lint_report(void *ctx, const struct finding *f);

/* e: as it was rendered, for the places in its files; NULL: it is frozen. -1
 * only where that could not be done. */
int edition_lint(struct setting *s, struct cmd_args *args,
    const struct edition *e, const struct ledger_edition *row,
    const struct letter *letter, struct edition_lint *l, struct err *err);
/* The same of one that was rendered, as a friend without a name gets it, and
 * of its variants. */
int edition_lint_new(struct setting *s, struct cmd_args *args,
    const struct edition *e, struct edition_lint *l, struct err *err);
/* Those forms of it that were not looked through: all but `shown`, a variant's
 * number or 0 for the edition itself. What is wrong with them and was not told
 * yet is told with the variant; nobody is asked. */
int edition_lint_others(struct setting *s, struct cmd_args *args,
    const struct edition *e, int shown, struct edition_lint *l,
    struct err *err);
/* Where there are errors: refuses, with the rule "digest-lint", what then is
 * not sent. */
int edition_lint_verdict(const struct edition_lint *l, const char *name,
    struct err *err);

/* Asks each address of the HTML once (HEAD, else GET); one that led somewhere
 * within the last day is not asked again. Rule "digest-link-broken". */
int edition_lint_links(struct setting *s, const char *html,
    struct edition_lint *l, struct err *err);
/* Rule "digest-spam". What it says is kept in the cache for the next
 * edition. */
int edition_lint_spam(struct setting *s, const struct ledger_edition *row,
    const struct buf *message, struct edition_lint *l, struct err *err);

#endif
