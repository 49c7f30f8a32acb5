#include "mail/pace.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define SECOND ((int64_t)1000000)
#define HOUR (3600 * SECOND)
/* Answers that ask for patience come in swarms: several connections hear the
 * same. */
#define SWARM SECOND
#define PAUSE_MAX (60 * SECOND)
#define PAUSE_DOUBLINGS 6
/* Slower than that nobody would get anywhere: one message a minute. */
#define RATE_MIN 60
/* What a relay gets that asks for patience twice before it took anything. */
#define RATE_FIRST 3600
/* While no such answer comes: by a tenth each second, and a connection more
 * each five, or each time twice as long where that was one too many. At four
 * times what it was cut from the bound is forgotten. */
#define GROW_EACH SECOND
#define WIDEN_EACH (5 * SECOND)
#define WIDEN_EACH_MAX (320 * SECOND)
#define FORGET_AT 4
/* Seconds. */
#define RETRY_FIRST_MAX 60
#define RETRY_MAX 3600
/* Messages to a domain wait for a time in whole seconds: those of one second go
 * together. */
#define CATCH_UP SECOND
/* Further ahead nothing is promised: a run that is broken off leaves nobody
 * waiting for longer. */
#define PLACE_MAX (900 * SECOND)
/* The speed is taken over so much time. */
#define MEASURE (2 * SECOND)
/* A relay that takes fewer between two askings counts its messages: then its
 * pauses are time as any other. */
#define FEW 3

/* Of a domain. */
struct bound {
	int64_t next;		/* when a message may go; 0: none went */
	int64_t place;		/* the next one that was not given out */
};

struct pace {
	struct pace_options o;
	struct bound *bounds;	/* of each domain */
	int64_t bound;		/* found, messages an hour; 0: none */
	int64_t cut_from;
	unsigned connections;
	int64_t slot;		/* when the next message may go */
	int64_t paused;		/* until then nothing goes */
	int64_t slowed, grown, widened, narrowed;	/* when last */
	int64_t taken;		/* since it was slowed */
	int64_t widen_each;
	unsigned strikes;
	bool learnt;
	int64_t since;		/* what is measured */
	int64_t count;
	int64_t speed;		/* messages an hour */
	uint64_t random;
};

static int64_t
lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
greater(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* value times a random number of [low, high), of which 1024 is one.
 * SplitMix64's steps would be better than this needs. */
static int64_t
jitter(struct pace *p, int64_t value, int64_t low, int64_t high)
{
	p->random = p->random * 6364136223846793005u + 1442695040888963407u;
	return value * (low + (int64_t)(p->random >> 33) % (high - low)) / 1024;
}

struct pace *
pace_new(const struct pace_options *o, const struct pace_learnt *learnt)
{
	struct pace *p = xcalloc(1, sizeof(*p));

	p->o = *o;
	p->bounds = xcalloc(o->ndomains + 1, sizeof(*p->bounds));
	p->connections = o->connections;
	p->widen_each = WIDEN_EACH;
	p->random = o->seed;
	if (learnt == NULL)
		return p;
	p->learnt = true;
	p->bound = p->cut_from = learnt->rate;
	if (learnt->connections > 0 && learnt->connections < o->connections)
		p->connections = learnt->connections;
	return p;
}

void
pace_free(struct pace *p)
{
	if (p == NULL)
		return;
	free(p->bounds);
	free(p);
}

static int64_t
rate(const struct pace *p)
{
	if (p->bound == 0 || (p->o.rate != 0 && p->o.rate < p->bound))
		return p->o.rate;
	return p->bound;
}

int64_t
pace_wait(const struct pace *p, int64_t now)
{
	int64_t due = p->slot > p->paused ? p->slot : p->paused;

	return due > now ? due - now : 0;
}

int64_t
pace_take(struct pace *p, int64_t now)
{
	int64_t wait = pace_wait(p, now), each = rate(p);

	if (wait > 0 || each == 0)
		return wait;
	each = HOUR / each;
	/* One that is late by a moment does not make all behind it late. */
	p->slot = (p->slot > now - each && p->slot != 0 ? p->slot : now) +
	    each;
	return 0;
}

unsigned
pace_connections(const struct pace *p)
{
	return p->connections;
}

/* ---- domains ---- */

/* Its number, or ndomains. */
static size_t
domain_of(const struct pace *p, const char *address)
{
	const char *at = strrchr(address, '@');
	size_t i;

	for (i = 0; i < p->o.ndomains; i++)
		if (at != NULL && strcasecmp(at + 1, p->o.domains[i].domain) ==
		    0)
			return i;
	return i;
}

int64_t
pace_take_domain(struct pace *p, const char *address, int64_t now)
{
	size_t i = domain_of(p, address);
	struct bound *b = &p->bounds[i];

	if (i == p->o.ndomains)
		return 0;
	if (b->next == 0)
		b->next = now;
	if (b->next > now)
		return b->next - now;
	b->next = greater(b->next, now - CATCH_UP) +
	    HOUR / p->o.domains[i].rate;
	return 0;
}

int64_t
pace_place(struct pace *p, const char *address, int64_t now)
{
	size_t i = domain_of(p, address);
	struct bound *b = &p->bounds[i];
	int64_t at;

	if (i == p->o.ndomains)
		return now;
	at = greater(greater(b->place, b->next), now);
	if (at - now > PLACE_MAX)
		return now + PLACE_MAX;
	b->place = at + HOUR / p->o.domains[i].rate;
	return at;
}

/* ---- what the relay says ---- */

static void
measure(struct pace *p, int64_t now)
{
	if (p->since == 0)
		p->since = now;
	p->count++;
	if (now - p->since < MEASURE)
		return;
	p->speed = p->count * HOUR / (now - p->since);
	p->since = now;
	p->count = 0;
}

void
pace_took(struct pace *p, int64_t now)
{
	measure(p, now);
	p->taken++;
	p->strikes = 0;
	if (p->bound != 0 && now - p->slowed >= GROW_EACH &&
	    now - p->grown >= GROW_EACH) {
		p->grown = now;
		p->bound += p->bound / 10 + 1;
		if (p->bound / FORGET_AT >= p->cut_from)
			p->bound = 0;
	}
	if (p->connections < p->o.connections &&
	    now - p->slowed >= p->widen_each &&
	    now - p->widened >= p->widen_each) {
		p->widened = now;
		p->connections++;
	}
}

/* What it was going at. before: when it was slowed the last time; 0. */
static int64_t
present_rate(const struct pace *p, int64_t now, int64_t before)
{
	int64_t speed = p->speed, span = now - p->since;

	if (before != 0 && p->taken > 0 && p->taken < FEW)
		speed = p->taken * HOUR / (now - before);
	else if (p->count > 0 && (speed == 0 || span >= MEASURE / 2))
		speed = p->count * HOUR / (span > SECOND / 10 ? span :
		    SECOND / 10);
	if (speed == 0)
		speed = p->bound != 0 ? p->bound : 2 * RATE_FIRST;
	return rate(p) == 0 ? speed : lesser(rate(p), speed);
}

static void
cut(struct pace *p, int64_t now, int64_t before)
{
	p->cut_from = present_rate(p, now, before);
	p->bound = greater(p->cut_from / 2, RATE_MIN);
	p->speed = p->bound;
	p->since = now;
	p->count = 0;
	if (p->connections > 1)
		p->connections /= 2;
}

/* Whether it is known at which rate it was too much. The first connection, or
 * message, of a run may have come at a bad time: then a pause will do, and what
 * earlier runs learnt stays. */
static bool
knows_rate(const struct pace *p)
{
	return p->speed != 0 || p->count > 0;
}

void
pace_slow(struct pace *p, int64_t now)
{
	int64_t pause, before = p->slowed;

	if (before != 0 && now - before < SWARM)
		return;
	p->learnt = true;
	p->slowed = p->grown = p->widened = now;
	/* Where nothing was taken since, nothing went at the rate that it was
	 * cut to: then the pauses alone grow. */
	if (p->strikes == (knows_rate(p) ? 0 : 1))
		cut(p, now, before);
	p->taken = 0;
	pause = SECOND << (p->strikes < PAUSE_DOUBLINGS ? p->strikes :
	    PAUSE_DOUBLINGS);
	p->strikes++;
	p->paused = now + lesser(jitter(p, pause, 512, 1536), PAUSE_MAX);
	/* The pause is no part of the speed. */
	if (p->since != 0)
		p->since = p->paused;
}

void
pace_narrow(struct pace *p, unsigned connections, int64_t now)
{
	p->learnt = true;
	if (connections < p->connections)
		p->connections = connections > 0 ? connections : 1;
	/* The first time it was the person who wanted that many. */
	if (p->narrowed != 0 && now - p->narrowed >= SWARM)
		p->widen_each = lesser(p->widen_each * 2, WIDEN_EACH_MAX);
	p->narrowed = p->widened = now;
}

bool
pace_is_slow(int code, const char *text)
{
	if (code != 0 && code != 421 && code != 450 && code != 451 &&
	    code != 452)
		return false;
	return strncmp(text, "4.1.", 4) != 0 && strncmp(text, "4.2.", 4) != 0;
}

unsigned
pace_strikes(const struct pace *p)
{
	return p->strikes;
}

int64_t
pace_retry(struct pace *p, int attempts, int64_t retry_for)
{
	int64_t seconds = lesser(retry_for / 8 > 0 ? retry_for / 8 : 1,
	    RETRY_FIRST_MAX);

	while (--attempts > 0 && seconds < RETRY_MAX)
		seconds *= 2;
	seconds = jitter(p, lesser(seconds, RETRY_MAX), 768, 1280);
	return seconds > 0 ? seconds : 1;
}

bool
pace_learn(const struct pace *p, struct pace_learnt *out)
{
	out->rate = p->bound;
	out->connections = p->connections;
	return p->learnt && (p->bound != 0 ||
	    p->connections < p->o.connections);
}
