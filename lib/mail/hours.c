#include "mail/hours.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct place {
	char *name;
	struct date_zone *zone;		/* NULL: there is no such zone */
};

struct hours {
	struct hours_options o;
	struct place *places;
	size_t n, cap;
};

struct hours *
hours_open(const struct hours_options *o)
{
	struct hours *h = xcalloc(1, sizeof(*h));

	h->o = *o;
	return h;
}

void
hours_close(struct hours *h)
{
	size_t i;

	if (h == NULL)
		return;
	for (i = 0; i < h->n; i++) {
		free(h->places[i].name);
		date_zone_close(h->places[i].zone);
	}
	free(h->places);
	free(h);
}

/* A list has few zones, and neighbours are often of one. */
static const struct date_zone *
zone_of(struct hours *h, const char *name)
{
	struct err ignored = ERR_INIT;
	struct place *p;
	size_t i;

	if (*name == '\0')
		return h->o.zone;
	for (i = h->n; i > 0; i--) {
		p = &h->places[i - 1];
		if (strcmp(p->name, name) == 0)
			return p->zone != NULL ? p->zone : h->o.zone;
	}
	if (h->n == h->cap) {
		h->cap = h->cap == 0 ? 8 : h->cap * 2;
		h->places = xreallocarray(h->places, h->cap,
		    sizeof(*h->places));
	}
	p = &h->places[h->n++];
	p->name = xstrdup(name);
	p->zone = date_zone_open(name, &ignored);
	return p->zone != NULL ? p->zone : h->o.zone;
}

/* That time of day in the zone, so many days behind the day of t. */
static int64_t
clock_of(const struct date_zone *z, int64_t t, int days, int seconds)
{
	const struct date d = { t, date_zone_offset(z, t) };
	struct date_parts p;

	date_split(&d, &p);
	return date_from_wall(z, p.year, p.month, p.day + days, seconds / 3600,
	    seconds / 60 % 60, seconds % 60).t;
}

int64_t
hours_due(struct hours *h, const char *zone, int64_t frozen)
{
	const struct date_zone *z = h->o.local ? zone_of(h, zone) : h->o.zone;
	int64_t at;
	int day;

	if (h->o.send_at < 0)
		return 0;
	/* Yesterday's, for a freeze just behind midnight. */
	for (day = -1; ; day++) {
		at = clock_of(z, frozen, day, h->o.send_at);
		if (at > frozen)
			return at;
		if (at > frozen - HOURS_GRACE)
			return 0;
	}
}

/* By what the clock on the wall shows, which in autumn shows an hour twice. */
int64_t
hours_quiet(struct hours *h, const char *zone, int64_t now)
{
	const struct date_zone *z = zone_of(h, zone);
	const struct date d = { now, date_zone_offset(z, now) };
	int from = h->o.quiet_from, to = h->o.quiet_to, at;
	struct date_parts p;
	int64_t end;

	if (from < 0)
		return 0;
	date_split(&d, &p);
	at = p.hour * 3600 + p.minute * 60 + p.second;
	if (from < to ? at < from || at >= to : at < from && at >= to)
		return 0;
	end = clock_of(z, now, at >= to, to);
	return end > now ? end : now + to - at;
}
