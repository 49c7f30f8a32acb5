/*
 * Patterns of file names and addresses: `{number:03}-{slug}.md`.
 *
 * {number}    digits; in an address {number:03} pads with zeros
 * {slug}      any text without a slash
 * {stem}      the file's name without its ending (addresses only)
 * {season}    digits (addresses only)
 * {year} {month} {day}   of the date, two digits but the year (addresses only)
 */
#ifndef SHOW_PATTERN_H
#define SHOW_PATTERN_H

#include <stdbool.h>

#include "base/err.h"
#include "show/show.h"

/* ERR_CONFIG says which placeholder is not known. is_url: for addresses. */
int pattern_check(const char *pattern, bool is_url, struct err *err);

/* Whether the name fits; number (0: none) and slug (NULL: none) are set. */
bool pattern_match(struct arena *a, const char *pattern, const char *name,
    int64_t *number, const char **slug);

/* The address of an episode; values are percent-encoded (RFC 3986 §2.1).
 * ERR_INPUT when it needs a fact that the episode does not have. */
const char *pattern_fill(struct arena *a, const char *pattern,
    const struct episode *e, struct err *err);

#endif
