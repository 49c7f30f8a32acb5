/*
 * Findings that are kept, to be told in the order of their lines: where a file
 * is read in several passes, a person goes through it once.
 */
#ifndef BASE_KEPT_H
#define BASE_KEPT_H

#include "base/err.h"
#include "base/mem.h"

struct kept_finding {
	struct finding f;
	size_t order;		/* as they came, within a line */
};

struct kept {
	struct arena *arena;	/* the texts'; file and rule must stay */
	struct findings findings;	/* where they come in: of one file */
	struct kept_finding *list;
	size_t n, room;
};

void kept_init(struct kept *k, struct arena *a);
/* Hands them on; as of finding_add, so errors are ERR_INPUT. Empty then. */
void kept_tell(struct kept *k, struct findings *to);

#endif
