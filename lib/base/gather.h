/*
 * Findings that many files have in common, told once: the first place, and how
 * often it is so elsewhere.
 */
#ifndef BASE_GATHER_H
#define BASE_GATHER_H

#include "base/err.h"
#include "base/mem.h"

struct gathered;

struct gather {
	struct findings *to;
	const char *rule;
	void (*report)(void *ctx, const struct finding *);	/* to's own */
	void *ctx;
	struct arena arena;
	struct gathered *list;
	size_t n, room;
};

/* From here on, warnings of to that have this rule (a literal) are kept; all
 * other findings go where they went. g stays where it is until gather_end(). */
void gather_begin(struct gather *g, struct findings *to, const char *rule);
/* Tells them, one for each text, in the order in which they came first: with
 * that place and, where there were several, their number. to counts what is
 * told. */
void gather_end(struct gather *g);

#endif
