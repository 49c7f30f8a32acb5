/* Whether a word is a mistyped other one. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stdbool.h>
#include <stddef.h>

/* The first len bytes of word: two mistakes (a letter put in, taken out,
 * changed, or swapped with its neighbour) where there are four or more, one in
 * shorter ones. Words of more than 32 bytes are near nothing. */
bool near_is(const char *word, size_t len, const char *other);

#endif
