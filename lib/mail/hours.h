/*
 * When a friend may be written to, by the clock of the place where they live:
 * the time of day at which an edition is to reach them, and the hours in which
 * nothing does. Not for several threads at once.
 */
#ifndef MAIL_HOURS_H
#define MAIL_HOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"

struct hours_options {
	const struct date_zone *zone;	/* the show's; NULL: UTC */
	/* Seconds of the day; -1: none. */
	int send_at;
	bool local;			/* by the friend's clock, else by the
					 * show's */
	int quiet_from, quiet_to;	/* by the friend's clock; may go over
					 * midnight */
};

/* One that is past by so much still counts: a run that is to begin at that time
 * begins a little later. */
#define HOURS_GRACE 3600

struct hours;

struct hours *hours_open(const struct hours_options *o);
void hours_close(struct hours *h);	/* NULL is allowed */

/* The next send_at behind the freeze for friends in that zone (an IANA name; ""
 * or one that there is none of: the show's); 0: at once. A time that the clocks
 * leave out in spring is later by the gap. */
int64_t hours_due(struct hours *h, const char *zone, int64_t frozen);
/* When the quiet hours of that zone end; 0: it is not in them. */
int64_t hours_quiet(struct hours *h, const char *zone, int64_t now);

#endif
