/*
 * What a person sees of a run that sends, and what systemd is told.
 */
#ifndef CMD_EDITION_PROGRESS_H
#define CMD_EDITION_PROGRESS_H

#include "mail/delivery.h"
#include "mail/hours.h"

#define EDITION_PROGRESS_SAMPLES 16

struct edition_progress {
	const char *name;		/* of the edition */
	size_t total;			/* friends who wait for it */
	struct hours *hours;
	const struct date_zone *zone;	/* of the show */
	/* What was done at a time (milliseconds), one a second: for the speed. */
	struct { int64_t at; size_t done; } sample[EDITION_PROGRESS_SAMPLES];
	size_t nsamples;
	int64_t told;			/* the last line elsewhere than on a
					 * terminal */
};

/* As delivery_options.progress, .gone and .quiet; ctx is such a struct. */
void edition_progress(void *ctx, const struct delivery_progress *d);
void edition_gone(void *ctx, const struct err *why, int64_t until);
void edition_progress_end(struct edition_progress *p);
int64_t edition_quiet(void *ctx, const char *zone, int64_t now);

#endif
