#include "show/media_facts.h"

const char *
media_clock(struct arena *a, int64_t ms)
{
	long long s = (ms + 500) / 1000;

	if (ms < 60000)
		return arena_printf(a, "%lld.%lld s", (long long)ms / 1000,
		    (long long)ms / 100 % 10);
	if (s < 3600)
		return arena_printf(a, "%lld:%02lld", s / 60, s % 60);
	return arena_printf(a, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60,
	    s % 60);
}
