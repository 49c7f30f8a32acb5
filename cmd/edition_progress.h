/*
 * What a person sees of a run that sends, and what systemd is told.
 */
#ifndef CMD_EDITION_PROGRESS_H
#define CMD_EDITION_PROGRESS_H

#include "cmd/speed.h"
#include "mail/delivery.h"
#include "mail/hours.h"

/* Messages in ten seconds, over 16 samples, one a second at most. */
#define EDITION_PROGRESS_SPEED { .per = 10000, .step = 1000, .most = 16 }

struct edition_progress {
	const char *name;		/* of the edition */
	size_t total;			/* friends who wait for it */
	bool last;			/* who is deferred now is given up */
	struct hours *hours;
	const struct date_zone *zone;	/* of the show */
	struct speed speed;		/* EDITION_PROGRESS_SPEED */
	int timeout;			/* smtp_timeout */
	int64_t stopping;		/* since when, by the clock; -1: it was
					 * said */
	int64_t told;			/* the last line elsewhere than on a
					 * terminal */
};

/* As delivery_options.progress, .gone and .quiet; ctx is such a struct. */
void edition_progress(void *ctx, const struct delivery_progress *d);
void edition_gone(void *ctx, const struct err *why, int64_t until);
void edition_held(void *ctx, size_t n, const struct transport_result *last);
int64_t edition_quiet(void *ctx, const char *zone, int64_t now);

#endif
