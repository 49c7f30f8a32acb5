/*
 * Points in time: reading and writing them without the locale and without
 * the process-global TZ.
 *
 * A time is seconds since 1970-01-01 00:00 UTC (int64_t) with the offset
 * from UTC at which people there read it.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct date {
	int64_t t;	/* seconds since the epoch, UTC */
	int32_t offset;	/* seconds east of UTC, multiple of 60 */
};

/* The parts of a time as read on a wall at its offset. */
struct date_parts {
	int year, month, day;		/* 1-based month and day */
	int hour, minute, second;
	int weekday;			/* ISO 8601: 1 Monday … 7 Sunday */
	int iso_year, iso_week;		/* ISO 8601 week date */
	int yearday;			/* 1-based */
};

/* A time zone from the system's tz data (IANA name, "UTC" or "+02:00"). */
struct date_zone;
struct date_zone *date_zone_open(const char *name, struct err *err);
void date_zone_close(struct date_zone *z);	/* NULL is allowed */

/* The offset in force at t. z NULL: UTC. */
int32_t date_zone_offset(const struct date_zone *z, int64_t t);
/* A wall time in a zone: one that does not exist (spring) goes later by the
 * gap, one that exists twice (autumn) is the earlier. z NULL: UTC. */
struct date date_from_wall(const struct date_zone *z, int year, int month,
    int day, int hour, int minute, int second);

/* Reads RFC 3339, RFC 5322 §3.3 (with §4.3's obsolete zones; a wrong day of
 * week is an error), `2025-06-02`, `2025-06-02 10:00[:00[.5]][ -0700|-7|Z]`
 * (which has all timestamps of YAML 1.1), slashes for the dashes, `Jun 2,
 * 2025` and `Mon Jun 02 2025 10:00:00 GMT-0700 (PDT)` as JavaScript has it,
 * `July 13th, 2015`, `13. Juli 2015` with the months of eight more languages,
 * `13.07.2015`, `20150713`, `2015年7月13日`, a `[Zone]` behind an offset, and
 * epoch seconds or milliseconds (10 or 13 digits). Not `03/07/2015`. Without a
 * zone it is read in z (NULL: UTC); a date alone takes day_seconds after
 * midnight. ERR_INPUT says what is wrong with it. Years 1970 to 9999. */
int date_parse(const char *text, const struct date_zone *z, int day_seconds,
    struct date *out, struct err *err);

void date_split(const struct date *d, struct date_parts *out);

#define DATE_TEXT_MAX 40
/* "Mon, 02 Jun 2025 10:00:00 -0700"; UTC is "+0000" (RFC 5322 §3.3). */
void date_rfc5322(const struct date *d, char out[DATE_TEXT_MAX]);
/* "2025-06-02T10:00:00-07:00"; UTC is "Z" (RFC 3339 §5.6). */
void date_rfc3339(const struct date *d, char out[DATE_TEXT_MAX]);
/* "2 June 2025" */
void date_long(const struct date *d, char out[DATE_TEXT_MAX]);
/* "2025-W23" (ISO 8601 week of the wall date) */
void date_iso_week(const struct date *d, char out[DATE_TEXT_MAX]);

/* Seconds of "29:01", "1:02:03", "01:02:03.500" or "1741" (seconds), rounded
 * to the nearest; of "1h 2m 3s", "45 min", "PT1H2M3S". ERR_INPUT says what is
 * wrong: a part over 59 ("00:50:95"), a bare number of more than a day, which
 * is more likely a size in bytes, over 1,000 hours, other words, tabs. */
int date_parse_duration(const char *text, int64_t *seconds, struct err *err);
/* "29:01" or "1:02:03". */
void date_duration(int64_t seconds, char out[DATE_TEXT_MAX]);
/* A span as configured: "14d", "36h", "30m", "45s", "2w"; seconds out. */
int date_parse_span(const char *text, int64_t *seconds, struct err *err);

/* The present time, UTC. The only clock; callers are cmd/ and store/. */
int64_t date_now(void);

#endif
