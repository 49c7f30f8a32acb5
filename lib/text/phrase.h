/*
 * A sentence in some language with named holes, such as "Here are {count} new
 * episodes of {show.title}:". A template that writes it fills them with what
 * the names stand for there: the same names as its own tags have.
 */
#ifndef TEXT_PHRASE_H
#define TEXT_PHRASE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "text/plural.h"

/* Bytes between the braces, at most. */
#define PHRASE_NAME_MAX 64

/* The form for a number is that of `count` where the phrase is written. */
struct phrase {
	const char *language;	/* RFC 5646; whose plural rules count */
	const char *file;	/* for messages */
	struct {
		const char *text;	/* NULL: as other, which has one */
		unsigned line;
	} form[PLURALS];
};

/* The next hole of a text: a pointer to its {, or NULL; *name are *len bytes
 * behind that. */
const char *phrase_hole(const char *text, const char **name, size_t *len);

/* Whether each brace belongs to a hole, {name} or {name.name} of small letters,
 * digits and _; else ERR_CONFIG. */
int phrase_check(const char *text, struct err *err);

/* Whether there is more than one form. */
bool phrase_counts(const struct phrase *p);

#endif
