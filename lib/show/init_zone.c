/* The show's time zone: as the site says, or as the dates of its notes show. */
#include <ctype.h>
#include <string.h>

#include "base/date.h"
#include "show/init_int.h"

/* Zones of many people; of those with the same rules one. */
static const char *const zones[] = {
	"UTC", "America/New_York", "America/Chicago", "America/Denver",
	"America/Los_Angeles", "America/Phoenix", "America/Halifax",
	"America/Sao_Paulo", "America/Mexico_City", "Europe/London",
	"Europe/Berlin", "Europe/Helsinki", "Europe/Moscow",
	"Europe/Istanbul", "Africa/Johannesburg", "Africa/Lagos",
	"Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Asia/Dubai",
	"Asia/Jerusalem", "Australia/Sydney", "Australia/Brisbane",
	"Australia/Adelaide", "Australia/Perth", "Pacific/Auckland"
};

struct dates {
	struct date d[INIT_SAMPLE_MAX];
	size_t n;		/* with an offset of their own */
	size_t bare;		/* without */
	bool differ;		/* the offsets */
};

/* Whether the text tells its offset: a Z, a +hh:mm behind the time, or a
 * number of seconds, which needs none. */
static bool
has_offset(const char *s)
{
	const char *time = strchr(s, ':');

	if (s[strspn(s, "0123456789")] == '\0')
		return true;
	return time != NULL && strpbrk(time, "Zz+-G") != NULL;
}

static void
collect(struct arena *a, const struct init_notes *n, struct dates *out)
{
	struct err err = ERR_INIT;
	const char *text;
	struct date d;
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < n->nseen; i++) {
		text = init_note_says(a, n, n->seen[i], "date", NULL,
		    NULL);
		if (text == NULL || date_parse(text, NULL, 0, &d, &err) != 0)
			continue;
		if (!has_offset(text)) {
			out->bare++;
			continue;
		}
		if (strchr(text, ':') == NULL)
			continue;
		out->differ = out->differ || (out->n > 0 &&
		    out->d[0].offset != d.offset);
		out->d[out->n++] = d;
	}
}

/* How many of the dates have the offset that the zone has at that time. */
static size_t
fitting(const char *name, const struct dates *dates)
{
	struct err err = ERR_INIT;
	struct date_zone *z = date_zone_open(name, &err);
	size_t i, n = 0;

	if (z == NULL)
		return 0;
	for (i = 0; i < dates->n; i++)
		n += date_zone_offset(z, dates->d[i].t) == dates->d[i].offset;
	date_zone_close(z);
	return n;
}

static void
by_offsets(struct init_work *w, const struct dates *dates)
{
	const char *best = w->env->zone != NULL ? w->env->zone : zones[0];
	size_t most = fitting(best, dates), n, i;

	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		n = fitting(zones[i], dates);
		if (n > most) {
			most = n;
			best = zones[i];
		}
	}
	if (2 * most < dates->n) {
		best = "UTC";
		most = fitting(best, dates);
	}
	init_found(w->plan, "timezone", best, arena_printf(w->a, "%zu of %zu "
	    "dates with an offset fit this zone; others may have the same",
	    most, dates->n));
}

void
init_zone(struct init_work *w)
{
	struct init_said said = init_site_find(w->a, &w->site,
	    "timezone time_zone params.timezone podcast.timezone");
	struct dates *dates = arena_alloc(w->a, sizeof(*dates));
	struct date_zone *z = NULL;
	struct err err = ERR_INIT;

	if (said.text != NULL)
		z = date_zone_open(said.text, &err);
	if (z != NULL) {
		date_zone_close(z);
		init_found(w->plan, "timezone", said.text, said.where);
		return;
	}
	collect(w->a, &w->notes, dates);
	if (dates->n > 0)
		by_offsets(w, dates);
	else if (w->tree.kind == INIT_HUGO)
		init_found(w->plan, "timezone", "UTC", "the site says no "
		    "timeZone: Hugo reads dates without a zone as UTC");
	else if (w->env->zone != NULL)
		init_found(w->plan, "timezone", w->env->zone, "this "
		    "machine's: dates without a zone are read in it");
	else
		init_off(w->plan, "timezone", "UTC", "the zone of dates "
		    "that tell none");
}
