/*
 * The forms that a language has for numbers: those of CLDR 47 ("plural rules",
 * cardinal), for whole numbers, of all languages that it has.
 */
#ifndef TEXT_PLURAL_H
#define TEXT_PLURAL_H

#include <stddef.h>
#include <stdint.h>

enum plural {
	PLURAL_OTHER,		/* which each language has */
	PLURAL_ZERO, PLURAL_ONE, PLURAL_TWO, PLURAL_FEW, PLURAL_MANY,
	PLURALS
};

/* The form that language (RFC 5646) has for n. Only its first part counts, and
 * of Portuguese the region: pt-PT is not pt. Of a language that is not known:
 * `one` for 1, else `other`. */
enum plural plural_of(const char *language, uint64_t n);
/* "other", "zero" and so on. */
const char *plural_name(enum plural form);
/* The form of such a name of len bytes; PLURALS: there is none. */
enum plural plural_named(const char *name, size_t len);

#endif
