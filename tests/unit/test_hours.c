/* Times of day in zones: those of date_parse() stand for what a clock shows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "mail/hours.h"

#define CLOCK(h, m) ((h) * 3600 + (m) * 60)

static struct date_zone *zone;
static struct hours_options o;

static int
setup(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	zone = date_zone_open("Europe/Berlin", &err);
	o = (struct hours_options){ .zone = zone, .send_at = -1,
	    .quiet_from = -1, .quiet_to = -1 };
	return zone == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	date_zone_close(zone);
	return 0;
}

static int64_t
at(const char *text)
{
	struct err err = ERR_INIT;
	struct date d;

	if (date_parse(text, NULL, 0, &d, &err) != 0)
		fail_msg("%s: %s", text, err.msg);
	return d.t;
}

/* expect NULL: 0. */
static void
is_time(const char *what, int64_t got, const char *expect)
{
	const struct date d = { got, 0 };
	char text[DATE_TEXT_MAX];

	date_rfc3339(&d, text);
	if (got != (expect == NULL ? 0 : at(expect)))
		fail_msg("%s: %s, expected %s", what, got == 0 ? "0" : text,
		    expect == NULL ? "0" : expect);
}

/* A table of (zone, time, expected) for hours_due or hours_quiet. */
struct hour_case {
	const char *zone, *now, *expect;
};

static void
check(int64_t (*f)(struct hours *, const char *, int64_t),
    const struct hour_case *c, size_t n)
{
	struct hours *h = hours_open(&o);
	char what[200];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(what, sizeof(what), "%s at %s", c[i].zone, c[i].now);
		is_time(what, f(h, c[i].zone, at(c[i].now)), c[i].expect);
	}
	hours_close(h);
}

#define CHECK(f, c) check(f, c, sizeof(c) / sizeof((c)[0]))

/* ---- send_at ---- */

static void
at_once_without_a_time(void **state)
{
	static const struct hour_case c[] = {
		{ "", "2025-06-02T10:00:00Z", NULL },
		{ "Asia/Tokyo", "2025-06-02T10:00:00Z", NULL }
	};

	(void)state;
	CHECK(hours_due, c);
	CHECK(hours_quiet, c);
	hours_close(NULL);
}

static void
by_the_shows_clock(void **state)
{
	static const struct hour_case c[] = {
		{ "", "2025-06-02T02:00:00+02:00", "2025-06-02T09:00:00+02:00" },
		{ "", "2025-06-02T08:59:59+02:00", "2025-06-02T09:00:00+02:00" },
		/* Past by less than an hour is now. */
		{ "", "2025-06-02T09:00:00+02:00", NULL },
		{ "", "2025-06-02T09:59:59+02:00", NULL },
		{ "", "2025-06-02T10:00:00+02:00", "2025-06-03T09:00:00+02:00" },
		{ "", "2025-06-30T23:00:00+02:00", "2025-07-01T09:00:00+02:00" },
		{ "", "2025-12-31T23:00:00+01:00", "2026-01-01T09:00:00+01:00" },
		/* The friend's zone does not matter. */
		{ "Asia/Tokyo", "2025-06-02T08:00:00+02:00",
		    "2025-06-02T09:00:00+02:00" },
		/* The clocks change between the freeze and the time. */
		{ "", "2025-03-29T22:00:00+01:00", "2025-03-30T09:00:00+02:00" },
		{ "", "2025-10-25T22:00:00+02:00", "2025-10-26T09:00:00+01:00" }
	};

	(void)state;
	o.send_at = CLOCK(9, 0);
	CHECK(hours_due, c);
}

static void
about_midnight(void **state)
{
	static const struct hour_case late[] = {
		{ "", "2025-06-02T23:00:00+02:00", "2025-06-02T23:30:00+02:00" },
		{ "", "2025-06-02T23:45:00+02:00", NULL },
		{ "", "2025-06-03T00:15:00+02:00", NULL },
		{ "", "2025-06-01T00:15:00+02:00", NULL },
		{ "", "2025-01-01T00:29:59+01:00", NULL },
		{ "", "2025-06-03T00:30:00+02:00", "2025-06-03T23:30:00+02:00" }
	};
	static const struct hour_case midnight[] = {
		{ "", "2025-06-02T23:59:59+02:00", "2025-06-03T00:00:00+02:00" },
		{ "", "2025-06-03T00:00:00+02:00", NULL },
		{ "", "2025-06-03T00:59:59+02:00", NULL },
		{ "", "2025-06-03T01:00:00+02:00", "2025-06-04T00:00:00+02:00" }
	};

	(void)state;
	o.send_at = CLOCK(23, 30);
	CHECK(hours_due, late);
	o.send_at = 0;
	CHECK(hours_due, midnight);
}

static void
by_each_friends_clock(void **state)
{
	static const struct hour_case c[] = {
		{ "", "2025-06-02T05:00:00Z", "2025-06-02T07:00:00Z" },
		{ "Europe/Berlin", "2025-06-02T05:00:00Z",
		    "2025-06-02T07:00:00Z" },
		{ "Asia/Tokyo", "2025-06-02T05:00:00Z", "2025-06-03T00:00:00Z" },
		{ "America/New_York", "2025-06-02T05:00:00Z",
		    "2025-06-02T13:00:00Z" },
		{ "Asia/Kathmandu", "2025-06-02T05:00:00Z",
		    "2025-06-03T03:15:00Z" },
		/* On both sides of the date line it is 09:00 a day apart. */
		{ "Pacific/Kiritimati", "2025-06-02T05:00:00Z",
		    "2025-06-02T19:00:00Z" },
		{ "Pacific/Pago_Pago", "2025-06-02T05:00:00Z",
		    "2025-06-02T20:00:00Z" },
		{ "Pacific/Kiritimati", "2025-06-02T19:59:59Z", NULL },
		{ "Pacific/Pago_Pago", "2025-06-02T19:30:00Z",
		    "2025-06-02T20:00:00Z" },
		/* One that there is none of is the show's. */
		{ "Mars/Olympus", "2025-06-02T05:00:00Z", "2025-06-02T07:00:00Z" },
		{ "../../../etc/passwd", "2025-06-02T05:00:00Z",
		    "2025-06-02T07:00:00Z" },
		{ "+09:00", "2025-06-02T05:00:00Z", "2025-06-03T00:00:00Z" },
		/* Once more, now that they are known. */
		{ "Asia/Tokyo", "2025-06-02T05:00:00Z", "2025-06-03T00:00:00Z" },
		{ "Mars/Olympus", "2025-06-02T05:00:00Z", "2025-06-02T07:00:00Z" }
	};

	(void)state;
	o.send_at = CLOCK(9, 0);
	o.local = true;
	CHECK(hours_due, c);
}

/* 02:30 is left out in spring, and twice in autumn. */
static void
days_of_the_change(void **state)
{
	static const struct hour_case c[] = {
		{ "", "2025-03-29T23:00:00+01:00", "2025-03-30T03:30:00+02:00" },
		{ "", "2025-03-30T03:45:00+02:00", NULL },
		{ "", "2025-03-30T04:30:00+02:00", "2025-03-31T02:30:00+02:00" },
		{ "", "2025-10-25T23:00:00+02:00", "2025-10-26T02:30:00+02:00" },
		{ "", "2025-10-26T02:29:00+02:00", "2025-10-26T02:30:00+02:00" },
		{ "", "2025-10-26T02:10:00+01:00", NULL },
		{ "", "2025-10-26T02:30:00+01:00", "2025-10-27T02:30:00+01:00" },
		{ "America/New_York", "2025-03-09T01:00:00-05:00",
		    "2025-03-09T03:30:00-04:00" },
		/* By half an hour. */
		{ "Australia/Lord_Howe", "2025-10-05T01:00:00+10:30",
		    "2025-10-05T02:30:00+11:00" }
	};

	(void)state;
	o.send_at = CLOCK(2, 30);
	o.local = true;
	CHECK(hours_due, c);
}

static void
utc_without_a_zone(void **state)
{
	static const struct hour_case c[] = {
		{ "", "2025-06-02T05:00:00Z", "2025-06-02T09:00:00Z" }
	};

	(void)state;
	o.zone = NULL;
	o.send_at = CLOCK(9, 0);
	CHECK(hours_due, c);
}

/* ---- quiet hours ---- */

static void
quiet_over_midnight(void **state)
{
	static const struct hour_case c[] = {
		{ "", "2025-06-02T21:59:59+02:00", NULL },
		{ "", "2025-06-02T22:00:00+02:00", "2025-06-03T07:00:00+02:00" },
		{ "", "2025-06-03T00:00:00+02:00", "2025-06-03T07:00:00+02:00" },
		{ "", "2025-06-03T06:59:59+02:00", "2025-06-03T07:00:00+02:00" },
		{ "", "2025-06-03T07:00:00+02:00", NULL },
		{ "", "2025-06-30T23:00:00+02:00", "2025-07-01T07:00:00+02:00" },
		{ "Asia/Tokyo", "2025-06-02T13:30:00Z", "2025-06-02T22:00:00Z" },
		{ "Asia/Tokyo", "2025-06-02T22:30:00Z", NULL },
		{ "Pacific/Kiritimati", "2025-06-02T10:00:00Z",
		    "2025-06-02T17:00:00Z" },
		{ "Pacific/Pago_Pago", "2025-06-02T10:00:00Z",
		    "2025-06-02T18:00:00Z" },
		{ "Pacific/Pago_Pago", "2025-06-02T18:00:00Z", NULL },
		{ "No/Such", "2025-06-02T22:30:00+02:00",
		    "2025-06-03T07:00:00+02:00" },
		/* The nights of the change. */
		{ "", "2025-03-29T23:00:00+01:00", "2025-03-30T07:00:00+02:00" },
		{ "", "2025-10-25T23:00:00+02:00", "2025-10-26T07:00:00+01:00" }
	};

	(void)state;
	o.quiet_from = CLOCK(22, 0);
	o.quiet_to = CLOCK(7, 0);
	CHECK(hours_quiet, c);
}

static void
quiet_by_day(void **state)
{
	static const struct hour_case c[] = {
		{ "", "2025-06-02T11:59:59+02:00", NULL },
		{ "", "2025-06-02T12:00:00+02:00", "2025-06-02T14:00:00+02:00" },
		{ "", "2025-06-02T13:59:59+02:00", "2025-06-02T14:00:00+02:00" },
		{ "", "2025-06-02T14:00:00+02:00", NULL }
	};
	static const struct hour_case to_midnight[] = {
		{ "", "2025-06-02T23:59:59+02:00", "2025-06-03T00:00:00+02:00" },
		{ "", "2025-06-03T00:00:00+02:00", NULL }
	};

	(void)state;
	o.quiet_from = CLOCK(12, 0);
	o.quiet_to = CLOCK(14, 0);
	CHECK(hours_quiet, c);
	o.quiet_from = CLOCK(22, 0);
	o.quiet_to = 0;
	CHECK(hours_quiet, to_midnight);
}

/* What the clock on the wall shows counts, both times that it shows it. */
static void
quiet_while_the_clocks_change(void **state)
{
	static const struct hour_case ends[] = {
		{ "", "2025-10-26T02:15:00+02:00", "2025-10-26T02:30:00+02:00" },
		{ "", "2025-10-26T02:15:00+01:00", "2025-10-26T02:30:00+01:00" },
		{ "", "2025-10-26T02:45:00+02:00", NULL },
		{ "", "2025-10-26T02:45:00+01:00", NULL },
		/* 02:30 is not there: an hour later. */
		{ "", "2025-03-30T01:59:00+01:00", "2025-03-30T03:30:00+02:00" },
		{ "", "2025-03-30T03:00:00+02:00", NULL }
	};
	static const struct hour_case begins[] = {
		{ "", "2025-10-26T02:15:00+01:00", NULL },
		{ "", "2025-10-26T02:45:00+02:00", "2025-10-26T07:00:00+01:00" },
		{ "", "2025-10-26T02:45:00+01:00", "2025-10-26T07:00:00+01:00" },
		{ "", "2025-03-30T03:00:00+02:00", "2025-03-30T07:00:00+02:00" }
	};

	(void)state;
	o.quiet_from = CLOCK(22, 0);
	o.quiet_to = CLOCK(2, 30);
	CHECK(hours_quiet, ends);
	o.quiet_from = CLOCK(2, 30);
	o.quiet_to = CLOCK(7, 0);
	CHECK(hours_quiet, begins);
}

/* Wherever it is quiet it ends later, and is not quiet then. */
static void
quiet_ends(void **state)
{
	static const char *const zones[] = { "", "America/St_Johns",
	    "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca" };
	static const int ends[][2] = { { 79200, 25200 }, { 7200, 9000 },
	    { 0, 10800 }, { 82800, 82740 } };
	size_t z, e, quiet = 0;
	int64_t t, end;

	(void)state;
	for (e = 0; e < sizeof(ends) / sizeof(ends[0]); e++) {
		struct hours *h;

		o.quiet_from = ends[e][0];
		o.quiet_to = ends[e][1];
		h = hours_open(&o);
		for (z = 0; z < sizeof(zones) / sizeof(zones[0]); z++)
			for (t = 1735689600; t < 1767225600; t += 1740) {
				end = hours_quiet(h, zones[z], t);
				if (end == 0)
					continue;
				quiet++;
				assert_true(end > t && end < t + 90000);
				assert_int_equal(hours_quiet(h, zones[z], end),
				    0);
			}
		hours_close(h);
	}
	assert_true(quiet > 1000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(at_once_without_a_time),
		TEST(by_the_shows_clock),
		TEST(about_midnight),
		TEST(by_each_friends_clock),
		TEST(days_of_the_change),
		TEST(utc_without_a_zone),
		TEST(quiet_over_midnight),
		TEST(quiet_by_day),
		TEST(quiet_while_the_clocks_change),
		TEST(quiet_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
