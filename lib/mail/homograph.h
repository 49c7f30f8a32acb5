/*
 * Domains that look like others: letters of two of the scripts whose letters
 * look alike (Latin, Greek, Cyrillic, Armenian, Coptic, Cherokee, Lisu) in one
 * label (UTS 39 §5.1). Few registries give such a domain away; more often it is
 * a slip of the keyboard, or a trick. Other scripts may stand beside each other
 * and beside these, as in Japanese.
 */
#ifndef MAIL_HOMOGRAPH_H
#define MAIL_HOMOGRAPH_H

#include "base/mem.h"

/* Of an address as it goes on the wire (struct address: wire or key; what was
 * typed has other dots and letters at times): which label mixes which scripts,
 * as in "`pаypal` has Latin and Cyrillic letters", in the arena. NULL: none
 * does. */
const char *homograph_find(struct arena *a, const char *wire);

#endif
