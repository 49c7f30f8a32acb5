/*
 * An edition as one friend gets it.
 */
#ifndef CMD_EDITION_LETTER_H
#define CMD_EDITION_LETTER_H

#include "cmd/edition.h"

/* Whom it is made out to where nobody is named. */
#define LETTER_EXAMPLE "Robin Example <robin@example.org>"

struct letter {
	struct buf html, text;		/* with the friend's values */
	struct buf message;		/* the whole of it, signed */
};

/* to: of a friend who need not be on the list. On failure there is nothing to
 * release. */
int letter_make(struct setting *s, const struct ledger_edition *row,
    const unsigned char key[LEDGER_KEY_SIZE], const struct address *to,
    struct letter *out, struct err *err);
void letter_release(struct letter *l);	/* also of one that is zeros */

#endif
