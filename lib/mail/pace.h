/*
 * How fast a run may go: what the person allows (messages in a time, to all and
 * to single domains, and connections), and less than that when the relay asks
 * for patience. It is found by halving at each such answer and growing again
 * while none comes, as TCP finds the width of a path (RFC 5681 §3.1).
 *
 * Values alone: the times are microseconds of a clock that only goes forward.
 * Not for several threads at once.
 */
#ifndef MAIL_PACE_H
#define MAIL_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pace_domain {
	const char *domain;	/* as A-label, lower case */
	int64_t rate;		/* messages an hour */
};

struct pace_options {
	int64_t rate;		/* messages an hour; 0: no bound */
	unsigned connections;	/* 1 or more */
	const struct pace_domain *domains;
	size_t ndomains;
	uint64_t seed;		/* of the jitter */
};

/* What was found out. */
struct pace_learnt {
	int64_t rate;		/* messages an hour; 0: no bound was met */
	unsigned connections;
};

struct pace;

/* The domains are kept, not copied. learnt: by an earlier run, what this one
 * begins with; NULL. */
struct pace *pace_new(const struct pace_options *o,
    const struct pace_learnt *learnt);
void pace_free(struct pace *p);		/* NULL is allowed */

/* Microseconds until the next message may go; 0: now, and it counts as gone. */
int64_t pace_take(struct pace *p, int64_t now);
/* The same without counting. */
int64_t pace_wait(const struct pace *p, int64_t now);
/* How many connections may be open. */
unsigned pace_connections(const struct pace *p);
/* Microseconds until the bound of its domain lets a message to that address
 * (with an A-label, in any case) go; 0: now, and it counts as gone. What a
 * domain has not used it may make up for within a second. */
int64_t pace_take_domain(struct pace *p, const char *address, int64_t now);
/* When one that may not go now is to ask again: the domain's next place, each
 * of which is given out once, or in a quarter of an hour if it is behind
 * that. */
int64_t pace_place(struct pace *p, const char *address, int64_t now);

/* The relay took a message. */
void pace_took(struct pace *p, int64_t now);
/* It asks for patience. Answers within a second are one asking; the first one
 * has a pause alone where nothing was taken before it. */
void pace_slow(struct pace *p, int64_t now);
/* A connection could not be made or kept, while so many others are. */
void pace_narrow(struct pace *p, unsigned connections, int64_t now);
/* Whether an answer asks for patience: 421, 450, 451 and 452, but for what its
 * enhanced code says of the recipient's mailbox (4.2.x, RFC 3463 §3.3) or
 * address (4.1.x). code 0: the connection was lost, or no answer came in
 * time. */
bool pace_is_slow(int code, const char *text);
/* How often in a row it was asked for, without a message taken in between. */
unsigned pace_strikes(const struct pace *p);

/* Seconds after which a delivery that was deferred `attempts` times (1 or more)
 * is tried again, in a run that has so many for that: an eighth of them, a
 * minute at most, doubled each time, an hour at most, each 0.75 to 1.25 of
 * that. */
int64_t pace_retry(struct pace *p, int attempts, int64_t retry_for);

/* False: nothing was found out, or no longer holds. */
bool pace_learn(const struct pace *p, struct pace_learnt *out);

#endif
