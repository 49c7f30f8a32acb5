#include "base/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <glib.h>

#include "base/mem.h"

static const char *const month_names[] = {
	"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December"
};
static const char *const day_names[] = {
	"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"
};

/* A GTimeZone behind our own name, so that no GLib type crosses. GLib reads
 * the system's tz data itself and does not touch the process-global TZ. */
struct date_zone {
	GTimeZone *tz;
};

struct date_zone *
date_zone_open(const char *name, struct err *err)
{
	struct date_zone *z;
	GTimeZone *tz = NULL;

	/* A name with .. or a leading / would be read as a file. */
	if (name[0] != '/' && strstr(name, "..") == NULL && name[0] != '\0')
		tz = g_time_zone_new_identifier(name);
	if (tz == NULL) {
		err_set(err, ERR_CONFIG, "`%s` is no time zone that this "
		    "system knows; use a name such as Europe/Berlin", name);
		return NULL;
	}
	z = xmalloc(sizeof(*z));
	z->tz = tz;
	return z;
}

void
date_zone_close(struct date_zone *z)
{
	if (z == NULL)
		return;
	g_time_zone_unref(z->tz);
	free(z);
}

int32_t
date_zone_offset(const struct date_zone *z, int64_t t)
{
	int i;

	if (z == NULL)
		return 0;
	i = g_time_zone_find_interval(z->tz, G_TIME_TYPE_UNIVERSAL, t);
	return g_time_zone_get_offset(z->tz, i < 0 ? 0 : i);
}

/* Days since 1970-01-01 of a civil date (proleptic Gregorian). */
static int64_t
days_from_civil(int64_t y, int m, int d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct date
date_from_wall(const struct date_zone *z, int year, int month, int day,
    int hour, int minute, int second)
{
	int64_t wall = days_from_civil(year, month, day) * 86400 +
	    hour * 3600 + minute * 60 + second;
	int32_t before, after;
	struct date d;

	/* The offsets a day before and a day after enclose any change. The
	 * one from before wins where it leads to itself: the earlier of two
	 * times; where neither does, the time falls into a gap, and the
	 * offset from before takes it later by the gap. */
	before = date_zone_offset(z, wall - 86400);
	after = date_zone_offset(z, wall + 86400);
	d.t = wall - before;
	if (date_zone_offset(z, d.t) != before &&
	    date_zone_offset(z, wall - after) == after)
		d.t = wall - after;
	d.offset = date_zone_offset(z, d.t);
	return d;
}

void
date_split(const struct date *d, struct date_parts *out)
{
	int64_t wall = d->t + d->offset, days, rest, doe, yoe, doy, mp, y;
	int week, monday;

	days = wall / 86400;
	rest = wall % 86400;
	if (rest < 0) {
		rest += 86400;
		days--;
	}
	out->hour = (int)(rest / 3600);
	out->minute = (int)(rest % 3600 / 60);
	out->second = (int)(rest % 60);
	out->weekday = (int)(((days + 3) % 7 + 7) % 7) + 1;
	doe = ((days + 719468) % 146097 + 146097) % 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	out->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	out->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	y = yoe + (days + 719468 - doe) / 146097 * 400 + (out->month <= 2);
	out->year = (int)y;
	out->yearday = (int)(days - days_from_civil(y, 1, 1)) + 1;
	/* ISO 8601: the week belongs to the year that holds its Thursday. */
	week = (out->yearday - out->weekday + 10) / 7;
	out->iso_year = out->year;
	if (week == 0) {
		struct date last = { (days_from_civil(y, 1, 1) - 1) * 86400,
			0 };
		struct date_parts p;

		date_split(&last, &p);
		out->iso_year = p.iso_year;
		week = p.iso_week;
	} else if (week == 53) {
		monday = (int)(((days_from_civil(y + 1, 1, 1) + 3) % 7 + 7) %
		    7);
		if (monday <= 3) {
			out->iso_year = out->year + 1;
			week = 1;
		}
	}
	out->iso_week = week;
}

void
date_rfc5322(const struct date *d, char out[DATE_TEXT_MAX])
{
	struct date_parts p;
	int minutes = abs(d->offset) / 60;

	date_split(d, &p);
	snprintf(out, DATE_TEXT_MAX, "%s, %02d %.3s %04d %02d:%02d:%02d "
	    "%c%02d%02d",
	    day_names[p.weekday - 1], p.day, month_names[p.month - 1], p.year,
	    p.hour, p.minute, p.second, d->offset < 0 ? '-' : '+',
	    minutes / 60 % 100, minutes % 60);
}

void
date_rfc3339(const struct date *d, char out[DATE_TEXT_MAX])
{
	struct date_parts p;
	int minutes = abs(d->offset) / 60, len;

	date_split(d, &p);
	len = snprintf(out, DATE_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d",
	    p.year, p.month, p.day, p.hour, p.minute, p.second);
	if (d->offset == 0)
		snprintf(out + len, (size_t)(DATE_TEXT_MAX - len), "Z");
	else
		snprintf(out + len, (size_t)(DATE_TEXT_MAX - len),
		    "%c%02d:%02d", d->offset < 0 ? '-' : '+',
		    minutes / 60 % 100, minutes % 60);
}

void
date_long(const struct date *d, char out[DATE_TEXT_MAX])
{
	struct date_parts p;

	date_split(d, &p);
	snprintf(out, DATE_TEXT_MAX, "%d %s %04d", p.day,
	    month_names[p.month - 1], p.year);
}

void
date_iso_week(const struct date *d, char out[DATE_TEXT_MAX])
{
	struct date_parts p;

	date_split(d, &p);
	snprintf(out, DATE_TEXT_MAX, "%04d-W%02d", p.iso_year, p.iso_week);
}

void
date_duration(int64_t seconds, char out[DATE_TEXT_MAX])
{
	long long s = seconds < 0 ? 0 : seconds;

	if (s >= 3600)
		snprintf(out, DATE_TEXT_MAX, "%lld:%02lld:%02lld", s / 3600,
		    s % 3600 / 60, s % 60);
	else
		snprintf(out, DATE_TEXT_MAX, "%lld:%02lld", s / 60, s % 60);
}

int64_t
date_now(void)
{
	return time(NULL);
}

