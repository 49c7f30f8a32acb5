#include "base/size.h"

char *
size_text(struct arena *a, int64_t bytes)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
	/* Of a unit; the next one begins where four digits would be needed. */
	double n = (double)bytes / 1000;
	size_t i = 0;

	while (n >= 999.5 && i < 5) {
		n /= 1000;
		i++;
	}
	if (i == 0)
		return arena_printf(a, "%.0f kB", bytes > 0 && n < 1 ? 1 : n);
	return arena_printf(a, "%.*f %s", n < 9.995 ? 2 : n < 99.95 ? 1 : 0,
	    n, units[i]);
}
