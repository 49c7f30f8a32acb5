#include "base/size.h"

#include <stdio.h>
#include <string.h>

char *
size_text_as(struct arena *a, int64_t bytes, const char *decimal,
    const char *const unit[SIZE_UNITS])
{
	/* Of a unit; the next one begins where four digits would be needed. */
	double n = (double)bytes / 1000;
	char digits[32], *point;
	size_t i = 0;

	while (n >= 999.5 && i + 1 < SIZE_UNITS) {
		n /= 1000;
		i++;
	}
	if (i == 0)
		return arena_printf(a, "%.0f %s", bytes > 0 && n < 1 ? 1 : n,
		    unit[0]);
	snprintf(digits, sizeof(digits), "%.*f", n < 9.995 ? 2 :
	    n < 99.95 ? 1 : 0, n);
	point = strchr(digits, '.');
	if (point == NULL)
		return arena_printf(a, "%s %s", digits, unit[i]);
	return arena_printf(a, "%.*s%s%s %s", (int)(point - digits), digits,
	    decimal, point + 1, unit[i]);
}

char *
size_text(struct arena *a, int64_t bytes)
{
	static const char *const units[SIZE_UNITS] = {
		"kB", "MB", "GB", "TB", "PB", "EB"
	};

	return size_text_as(a, bytes, ".", units);
}
