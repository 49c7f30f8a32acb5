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

/* When one gets it who is due then: 0, now. A canary waits for nothing. */
static int64_t
when(const struct edition_post *post, const char *key, const char *zone,
    int64_t due)
{
	int64_t now = date_now(), at = due > now ? due : now, quiet;
	size_t i;

	for (i = 0; i < post->ncanaries; i++)
		if (strcmp(post->canaries[i], key) == 0)
			return 0;
	quiet = hours_quiet(post->hours, zone, at);
	return quiet != 0 ? quiet : due > now ? due : 0;
}

/* Not all have one time. */
static bool
differs(const struct setting *s, const struct edition_post *post)
{
	const struct show_digest *d = &s->shows[0]->digest;

	return (d->send_at >= 0 && (d->send_local || post->ncanaries > 0)) ||
	    d->quiet_from >= 0;
}

/* By the show's clock all have one time; else each friend is looked at. */
static int
count_later(struct setting *s, const struct edition_post *post,
    struct edition *e, struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	struct arena page = ARENA_INIT;
	struct ledger_friend *f;
	size_t n = PAGE, i;
	int64_t after = 0;
	int rc = 0;

	e->later = 0;
	if (!differs(s, post)) {
		add_later(e, e->friends, e->row.ndue > 0 ? e->row.due[0].at :
		    0);
		return 0;
	}
	while (rc == 0 && n == PAGE) {
		rc = ledger_friends(s->ledger, list, false, after, PAGE,
		    &page, &f, &n, err);
		for (i = 0; rc == 0 && i < n; i++) {
			after = f[i].id;
			if (!gets_none(e, &f[i]))
				add_later(e, 1, when(post, f[i].key, f[i].zone,
				    due_of(e, f[i].zone)));
		}
		arena_release(&page);
	}
	return rc;
}

int
edition_plan(struct setting *s, struct cmd_args *args,
    const struct edition_post *post, struct edition *e, struct err *err)
{
	struct ledger_due *due;
	const char **zones;
	size_t n, i;

	if (s->shows[0]->digest.send_at < 0)
		return count_later(s, post, e, err);
	if (ledger_zones(s->ledger, s->shows[0]->digest.list, &args->arena,
	    &zones, &n, err) != 0)
		return -1;
	due = arena_array(&args->arena, n, sizeof(*due));
	for (i = 0; i < n; i++) {
		due[i].zone = zones[i];
		due[i].at = hours_due(post->hours, zones[i], e->row.frozen);
	}
	e->row.due = due;
	e->row.ndue = n;
	return count_later(s, post, e, err);
}

static void
note_later(struct edition_view *v, int64_t at)
{
	if (at == 0)
		return;
	if (v->later == 0 || at < v->first_due)
		v->first_due = at;
	v->later++;
}

/* Those who are left of it, one by one. */
static int
look_at_each(struct setting *s, const struct edition_post *post,
    const struct ledger_edition *e, struct edition_view *v, struct err *err)
{
	struct arena page = ARENA_INIT;
	struct ledger_delivery *d;
	int64_t after = 0;
	size_t n = PAGE, i;
	int rc = 0;

	while (rc == 0 && n == PAGE) {
		rc = ledger_deliveries(s->ledger, e->id, -1, after, PAGE, &page,
		    &d, &n, err);
		for (i = 0; rc == 0 && i < n; i++) {
			after = d[i].id;
			/* A run tries all that earlier ones deferred. */
			if (d[i].state == LEDGER_PENDING ||
			    d[i].state == LEDGER_DEFERRED)
				note_later(v, when(post, d[i].key, d[i].zone,
				    d[i].state == LEDGER_PENDING ? d[i].due :
				    0));
		}
		arena_release(&page);
	}
	return rc;
}

int
edition_view_later(struct setting *s, struct cmd_args *args,
    const struct edition_post *post, const struct ledger_edition *e,
    struct edition_view *v, struct err *err)
{
	struct ledger_left *left;
	size_t n, i;

	if (differs(s, post))
		return look_at_each(s, post, e, v, err);
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
