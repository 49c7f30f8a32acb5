/*
 * Languages that are written from right to left.
 */
#ifndef TEXT_RTL_H
#define TEXT_RTL_H

#include <stdbool.h>

/* By the language or, where the tag names one, the script (RFC 5646): "ar",
 * "he-IL" and "az-Arab" are, "en" and "ur-Latn" are not. NULL is none. */
bool rtl_language(const char *tag);

#endif
