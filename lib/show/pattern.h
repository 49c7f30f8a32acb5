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

/* ERR_CONFIG says which placeholder is not known, stands twice in a file's
 * name, or why no address can come of it. is_url: for addresses. */
int pattern_check(const char *pattern, bool is_url, struct err *err);

/* What a file's name says. */
struct pattern_found {
	int64_t number;		/* 0: none */
	int digits;		/* how many it was written with */
	const char *slug;	/* NULL: none */
};

/* Whether the name fits a pattern that was checked. The slug takes as much as
 * it can, then the number: 434-a-b.md and a-b-434.md both have "a-b". */
bool pattern_match(struct arena *a, const char *pattern, const char *name,
    struct pattern_found *out);

/* The file's name that fits: the number with so many digits at least. */
const char *pattern_name(struct arena *a, const char *pattern, int64_t number,
    int digits, const char *slug);

/* The address of an episode; values are percent-encoded (RFC 3986 §2.1).
 * ERR_INPUT when it needs a fact that the episode does not have. */
const char *pattern_fill(struct arena *a, const char *pattern,
    const struct episode *e, struct err *err);

#endif
