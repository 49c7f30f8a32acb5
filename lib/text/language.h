/*
 * Language tags (RFC 5646).
 */
#ifndef TEXT_LANGUAGE_H
#define TEXT_LANGUAGE_H

#include <stdbool.h>

/* Whether the language is written from right to left: by its script where the
 * tag has one (`az-Arab`, `ar-Latn`), else by the one it is mostly written in.
 * NULL is none. */
bool language_is_rtl(const char *tag);
/* Whether two tags are the same; letters have no case in them. */
bool language_same(const char *one, const char *other);

#endif
