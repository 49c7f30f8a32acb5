/*
 * What an edition is for friends who asked for a language of their own or for
 * some of the shows: one variant for all to whom that comes to the same.
 */
#ifndef CMD_EDITION_VARIANT_H
#define CMD_EDITION_VARIANT_H

#include "cmd/edition.h"

/* Which one `digest preview` and a trial copy show: that of the friend who
 * --to names, where they are on the list, unless these say otherwise. */
#define EDITION_VARIANT_OPTIONS \
	{ "--language", "TAG", "as friends who asked for this language get " \
	    "it" }, \
	{ "--shows", "SLUG,SLUG", "as those who want only these shows" }

/* Of an edition that was rendered: its variants, and who gets which. What
 * nobody asked for but the command line is made, too. A language without words
 * is the show's, with a warning ("friend-language"); of those who get nothing
 * any more, since their shows have left the digest, their number is told
 * ("friend-shows"). ERR_INPUT: there are more than LEDGER_VARIANTS_MAX. */
int edition_variants(struct setting *s, struct cmd_args *args,
    struct edition *e, struct err *err);
void edition_variants_release(struct edition *e);
/* The row as the variant has it; 0: the edition itself. */
void edition_variant_row(const struct edition *e, int variant,
    struct ledger_edition *out);
/* "language de and shows maxi"; "" for neither. */
const char *edition_variant_label(struct arena *a, const char *language,
    const char *shows);

/* What the command line asks to see. 1: something (strings in the arena of
 * args); 0: the edition itself; -1: ERR_USAGE. */
int edition_asked(struct setting *s, struct cmd_args *args,
    struct ledger_choice *out, struct err *err);
/* Puts into the row of an edition in the ledger what the command line asks to
 * see of it; *label as above. That this has nothing of the edition is said.
 * ERR_INPUT: it was not made, since nobody had asked for it. */
int edition_asked_of(struct setting *s, struct cmd_args *args,
    struct ledger_edition *row, const char **label, struct err *err);

#endif
