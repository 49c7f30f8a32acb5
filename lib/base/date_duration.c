/* Reading durations as people write them (base/date.h). */
#include "base/date.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DIGITS_MAX 9
#define DAY 86400
#define BYTES_MIN 1000000
#define LONGEST ((int64_t)1000 * 3600)

/* A number of at most DIGITS_MAX digits; NULL when there is none at p. */
static const char *
take_number(const char *p, int64_t *out)
{
	const char *from = p;

	for (*out = 0; isdigit((unsigned char)*p); p++) {
		if (p - from == DIGITS_MAX)
			return NULL;
		*out = *out * 10 + (*p - '0');
	}
	return p == from ? NULL : p;
}

/* A fraction of a second: half of one or more is a second. */
static const char *
take_fraction(const char *p, int64_t *round)
{
	*round = 0;
	if (*p != '.')
		return p;
	if (!isdigit((unsigned char)*++p))
		return NULL;
	*round = *p >= '5';
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

/* One to three numbers between colons, and a fraction; how many, or 0. */
static int
take_clock(const char *p, int64_t part[3], int64_t *round)
{
	const char *from;
	int n = 0;

	for (;;) {
		from = p;
		p = take_number(p, &part[n]);
		if (p == NULL || (n > 0 && p - from > 2))
			return 0;
		n++;
		if (*p != ':')
			break;
		if (n == 3)
			return 0;
		p++;
	}
	p = take_fraction(p, round);
	return p != NULL && *p == '\0' ? n : 0;
}

/* Hours 3600, minutes 60, seconds 1; 0 when the len letters are no unit. */
static int
unit_of(const char *p, size_t len)
{
	static const struct { const char *name; int seconds; } units[] = {
		{ "h", 3600 }, { "hr", 3600 }, { "hrs", 3600 },
		{ "hour", 3600 }, { "hours", 3600 }, { "m", 60 },
		{ "min", 60 }, { "mins", 60 }, { "minute", 60 },
		{ "minutes", 60 }, { "s", 1 }, { "sec", 1 }, { "secs", 1 },
		{ "second", 1 }, { "seconds", 1 }
	};
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i].name) == len &&
		    strncasecmp(units[i].name, p, len) == 0)
			return units[i].seconds;
	return 0;
}

/* "1h 2m 3s", "1 hour, 2 minutes", "PT1H2M3S": each unit smaller than the one
 * before it. */
static bool
take_units(const char *p, int64_t *total)
{
	int64_t number, round;
	int unit, before = DAY;
	bool fraction;
	size_t len;

	if (strncasecmp(p, "PT", 2) == 0)
		p += 2;
	for (*total = 0; *p != '\0';) {
		p = take_number(p, &number);
		fraction = p != NULL && *p == '.';
		if (p == NULL || (p = take_fraction(p, &round)) == NULL)
			return false;
		p += strspn(p, " ");
		for (len = 0; isalpha((unsigned char)p[len]); len++)
			;
		unit = unit_of(p, len);
		if (unit == 0 || unit >= before || (unit > 1 && fraction))
			return false;
		before = unit;
		p += len;
		p += *p == '.';
		p += *p == ',';
		p += strspn(p, " ");
		*total += number * unit + round;
	}
	return before < DAY;
}

static int
refuse(const char *text, const int64_t *part, int n, struct err *err)
{
	int i;

	for (i = 1; i < n; i++)
		if (part[i] > 59)
			return err_set(err, ERR_INPUT, "`%s` is no duration: "
			    "there are no %lld %s; write 29:01, 1:02:03 or "
			    "seconds", text, (long long)part[i],
			    i == n - 1 ? "seconds in a minute" :
			    "minutes in an hour");
	return err_set(err, ERR_INPUT, "`%s` is no duration%s; write 29:01, "
	    "1:02:03 or seconds", text, strchr(text, '\t') != NULL ?
	    ": there is a tab in it" : "");
}

int
date_parse_duration(const char *text, int64_t *seconds, struct err *err)
{
	size_t len = strlen(text);
	bool bare = text[strspn(text, "0123456789")] == '\0';
	int64_t part[3] = { 0 }, round = 0, total = 0;
	int n = take_clock(text, part, &round), i;

	if (bare && (len > DIGITS_MAX || (n == 1 && part[0] > DAY)))
		return err_set(err, ERR_INPUT, "the duration `%s` is %s; "
		    "write 29:01, 1:02:03 or seconds", text,
		    len > DIGITS_MAX || part[0] > BYTES_MIN ?
		    "more likely a size in bytes" :
		    "longer than a day in seconds");
	for (i = 1; i < n; i++)
		if (part[i] > 59)
			return refuse(text, part, n, err);
	if (n == 0 && !take_units(text, &total))
		return refuse(text, part, 0, err);
	for (i = 0; i < n; i++)
		total = total * 60 + part[i];
	total += round;
	if (total > LONGEST)
		return err_set(err, ERR_INPUT, "the duration `%s` is over "
		    "1,000 hours", text);
	*seconds = total;
	return 0;
}
