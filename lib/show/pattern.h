/*
 * Patterns of file names and addresses: `{number:03}-{slug}.md`.
 *
 * {number}    digits; in an address {number:03} pads with zeros
 * {slug}      any text without a slash
 * {stem}      the file's name without its ending (addresses only)
 * {name}      the slug that the notes say, else as {stem} (addresses only)
 * {title}     of the episode (addresses only)
 * {slug:hugo} as Hugo makes addresses of such a text; so have the three before
 *             it, and :hugo-case leaves capitals as they are
 * {season}    digits
 * {year} {month} {day}   of the date: four digits, one or two; in an address
 *             two digits but the year
 *
 * A file's name may have folders before it, with placeholders too; ** stands
 * for any folders or none, and * for any text without a slash, or none.
 */
#ifndef SHOW_PATTERN_H
#define SHOW_PATTERN_H

#include <stdbool.h>

#include "base/err.h"
#include "show/show.h"

/* ERR_CONFIG says which placeholder is not known, stands twice in a file's
 * name, or why no file or address can come of it. is_url: for addresses. */
int pattern_check(const char *pattern, bool is_url, struct err *err);

/* What a file's name says. */
struct pattern_found {
	int64_t number;		/* 0: none */
	int digits;		/* how many it was written with */
	int64_t season;		/* 0: none */
	int year, month, day;	/* 0: none */
	const char *slug;	/* NULL: none */
};

/* Whether the name fits a pattern that was checked. The slug takes as much as
 * it can, then the number: 434-a-b.md and a-b-434.md both have "a-b". */
bool pattern_match(struct arena *a, const char *pattern, const char *name,
    struct pattern_found *out);

/* How many folders within each other the files that fit can lie in; of **
 * FS_WALK_DEPTH_MAX. */
unsigned pattern_depth(const char *pattern);
/* Whether there can be such files in a folder, or below it. One that begins
 * with _ must be named in the pattern. */
bool pattern_enters(const char *pattern, const char *folder);

/* The file's name that fits: the number with so many digits at least, wild
 * cards by nothing. */
const char *pattern_name(struct arena *a, const char *pattern,
    const struct pattern_found *values);

/* The address of an episode; values are percent-encoded (RFC 3986 §2.1).
 * ERR_INPUT when it needs a fact that the episode does not have. */
const char *pattern_fill(struct arena *a, const char *pattern,
    const struct episode *e, struct err *err);

#endif
