/* When the friends get an edition: at once, or at their time of day. */
#include <string.h>

#include "base/date.h"
#include "cmd/edition.h"

#define PAGE 1000

/* Who chose shows that have nothing in it. */
static bool
gets_none(const struct edition *e, const struct ledger_friend *f)
{
	size_t i;

	for (i = 0; e->without > 0 && i < e->nchoices; i++)
		if (strcmp(e->choices[i].language, f->language) == 0 &&
		    strcmp(e->choices[i].shows, f->shows) == 0)
			return e->choices[i].variant < 0;
	return false;
}

static int64_t
due_of(const struct edition *e, const char *zone)
{
	size_t i;

	for (i = 0; i < e->row.ndue; i++)
		if (strcmp(e->row.due[i].zone, zone) == 0)
			return e->row.due[i].at;
	return 0;
}

static void
add_later(struct edition *e, size_t n, int64_t due)
{
	if (due == 0 || n == 0)
		return;
	if (e->later == 0 || due < e->first_due)
		e->first_due = due;
	e->later += n;
}

/* By the show's clock all have one time; else each friend's zone is asked. */
static int
count_later(struct setting *s, struct edition *e, struct err *err)
{
	const struct show_digest *d = &s->shows[0]->digest;
	struct arena page = ARENA_INIT;
	struct ledger_friend *f;
	size_t n = PAGE, i;
	int64_t after = 0;
	int rc = 0;

	e->later = 0;
	if (!d->send_local) {
		add_later(e, e->friends, e->row.ndue > 0 ? e->row.due[0].at :
		    0);
		return 0;
	}
	while (rc == 0 && n == PAGE) {
		rc = ledger_friends(s->ledger, d->list, false, after, PAGE,
		    &page, &f, &n, err);
		for (i = 0; rc == 0 && i < n; i++) {
			after = f[i].id;
			if (!gets_none(e, &f[i]))
				add_later(e, 1, due_of(e, f[i].zone));
		}
		arena_release(&page);
	}
	return rc;
}

int
edition_plan(struct setting *s, struct cmd_args *args, struct hours *hours,
    struct edition *e, struct err *err)
{
	struct ledger_due *due;
	const char **zones;
	size_t n, i;

	if (s->shows[0]->digest.send_at < 0)
		return 0;
	if (ledger_zones(s->ledger, s->shows[0]->digest.list, &args->arena,
	    &zones, &n, err) != 0)
		return -1;
	due = arena_array(&args->arena, n, sizeof(*due));
	for (i = 0; i < n; i++) {
		due[i].zone = zones[i];
		due[i].at = hours_due(hours, zones[i], e->row.frozen);
	}
	e->row.due = due;
	e->row.ndue = n;
	return count_later(s, e, err);
}

int
edition_view_later(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, struct edition_view *v, struct err *err)
{
	struct ledger_left *left;
	size_t n, i;

	if (ledger_left(s->ledger, s->shows[0]->digest.list, date_now(),
	    &args->arena, &left, &n, err) != 0)
		return -1;
	for (i = 0; i < n; i++)
		if (left[i].edition == e->id) {
			v->later = left[i].later;
			v->first_due = left[i].due;
		}
	return 0;
}
