#include "base/rate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MOST ((int64_t)1000 * 3600)

int
rate_parse(const char *text, int64_t *an_hour)
{
	static const struct { char unit; int64_t times, by; } units[] = {
		{ 's', 3600, 1 }, { 'm', 60, 1 }, { 'h', 1, 1 },
		{ 'd', 1, 24 }
	};
	char *end;
	long n;
	size_t i;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	n = strtol(text, &end, 10);
	end += strspn(end, " ");
	if (errno != 0 || n < 1 || n > 24 * MOST || *end++ != '/')
		return -1;
	end += strspn(end, " ");
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (end[0] == units[i].unit && end[1] == '\0') {
			*an_hour = n * units[i].times / units[i].by;
			return *an_hour >= 1 && *an_hour <= MOST ? 0 : -1;
		}
	return -1;
}
