/*
 * Sizes for people.
 */
#ifndef BASE_SIZE_H
#define BASE_SIZE_H

#include <stdint.h>

#include "base/mem.h"

/* Three digits in decimal units, as players and shops show them: "813 kB",
 * "5.24 MB", "22.8 MB", "1.20 GB"; from 0 to "1 kB" for less than that. In the
 * arena. */
char *size_text(struct arena *a, int64_t bytes);

/* The same with another mark for decimals, and names for the units, "kB" to
 * "EB". */
#define SIZE_UNITS 6
char *size_text_as(struct arena *a, int64_t bytes, const char *decimal,
    const char *const unit[SIZE_UNITS]);

#endif
