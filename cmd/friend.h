/*
 * What the friend commands share.
 */
#ifndef CMD_FRIEND_H
#define CMD_FRIEND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/strmap.h"
#include "cmd/setting.h"
#include "store/ledger.h"

#define FRIEND_SHOW_OPTION \
	{ "--show", "SLUG", "of this show, where config.ini has several" }
#define FRIEND_REJOIN_OPTION \
	{ "--rejoin", NULL, "also those who have left, if they want it so" }

/* Fills a row for the ledger, its strings in the arena. name NULL: the one in
 * the mailbox. ERR_INPUT: what is wrong with the mailbox or the name. */
int friend_make(struct arena *a, const char *list, const char *mailbox,
    const char *name, int64_t now, struct ledger_friend *out, struct err *err);
/* What a person should look at once more: a domain that looks like another, or
 * an unseen character in the name. */
struct friend_doubt {
	const char *rule, *text;
};
#define FRIEND_DOUBTS_MAX 2
/* How many there are; their texts in the arena. */
size_t friend_doubts(struct arena *a, const struct ledger_friend *f,
    struct friend_doubt out[FRIEND_DOUBTS_MAX]);
/* What a friend asks for, as it was written; NULL or "": nothing is said. */
struct friend_choice {
	const char *language, *shows, *zone;
};
#define FRIEND_CHOICE_OPTIONS \
	{ "--language", "TAG", "in this language, such as de; -: the " \
	    "show's" }, \
	{ "--shows", "SLUG,SLUG", "only of these shows of the digest; -: all" }

/* Whether a slug is among those of a text, between which are blanks, commas or
 * semicolons. */
bool friend_has_show(const char *slugs, const char *slug);

/* What was found to be right, so that a long table is soon checked. */
struct friend_checks {
	struct setting *setting;
	struct strmap known;
	struct arena arena;
};
#define FRIEND_CHECKS_INIT(s) { (s), STRMAP_INIT, ARENA_INIT }
void friend_checks_release(struct friend_checks *k);

/* Checks it and fills it in, the slugs in the order of the digest; strings in
 * the arena. ERR_INPUT: no language tag (RFC 5646), or one without words; a
 * show that the list's digest does not cover; no time zone. */
int friend_choose(struct friend_checks *k, struct arena *a,
    const struct friend_choice *in, struct ledger_friend *out,
    struct err *err);

/* A point in time as the friend commands print it; 0: "". */
void friend_stamp(char out[DATE_TEXT_MAX], int64_t t);

#endif
