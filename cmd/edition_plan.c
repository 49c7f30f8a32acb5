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

int
edition_times_open(struct setting *s, struct edition_times *out,
    struct err *err)
{
	const struct show *show = s->shows[0];
	const struct show_digest *d = &show->digest;
	const struct hours_options o = {
		.zone = show->zone, .send_at = d->send_at,
		.local = d->send_local, .quiet_from = d->quiet_from,
		.quiet_to = d->quiet_to
	};
	size_t i;

	*out = (struct edition_times){ .hours = hours_open(&o) };
	out->canaries = arena_array(&s->config->arena, d->ncanary + 1,
	    sizeof(*out->canaries));
	for (i = 0; i < d->ncanary; i++) {
		out->canaries[i] = edition_canary(s, i, err);
		if (out->canaries[i] == NULL)
			return -1;
		out->ncanaries++;
	}
	return 0;
}

void
edition_times_close(struct edition_times *t)
{
	hours_close(t->hours);
	memset(t, 0, sizeof(*t));
}

static bool
is_canary(const struct edition_times *t, const char *key)
{
	size_t i;

	for (i = 0; i < t->ncanaries; i++)
		if (strcmp(t->canaries[i], key) == 0)
			return true;
	return false;
}

/* When one gets it who is due then: 0, now. */
static int64_t
when(const struct edition_times *t, const char *zone, int64_t due)
{
	int64_t now = date_now(), at = due > now ? due : now,
	    quiet = hours_quiet(t->hours, zone, at);

	return quiet != 0 ? quiet : due > now ? due : 0;
}

/* Not all have one time. */
static bool
differs(const struct setting *s, const struct edition_times *t)
{
	const struct show_digest *d = &s->shows[0]->digest;

	return (d->send_at >= 0 && (d->send_local || t->ncanaries > 0)) ||
	    d->quiet_from >= 0;
}

/* By the show's clock all have one time; else each friend is looked at. */
static int
count_later(struct setting *s, const struct edition_times *t,
    struct edition *e, struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	struct arena page = ARENA_INIT;
	struct ledger_friend *f;
	size_t n = PAGE, i;
	int64_t after = 0;
	int rc = 0;

	e->later = 0;
	if (!differs(s, t)) {
		add_later(e, e->friends, e->row.ndue > 0 ? e->row.due[0].at :
		    0);
		return 0;
	}
	while (rc == 0 && n == PAGE) {
		rc = ledger_friends(s->ledger, list, false, after, PAGE,
		    &page, &f, &n, err);
		for (i = 0; rc == 0 && i < n; i++) {
			after = f[i].id;
			/* A canary waits for nothing. */
			if (!gets_none(e, &f[i]) && !is_canary(t, f[i].key))
				add_later(e, 1, when(t, f[i].zone,
				    due_of(e, f[i].zone)));
		}
		arena_release(&page);
	}
	return rc;
}

int
edition_plan(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, struct edition *e, struct err *err)
{
	struct ledger_due *due;
	const char **zones;
	size_t n, i;

	if (s->shows[0]->digest.send_at < 0)
		return count_later(s, t, e, err);
	if (ledger_zones(s->ledger, s->shows[0]->digest.list, &args->arena,
	    &zones, &n, err) != 0)
		return -1;
	due = arena_array(&args->arena, n, sizeof(*due));
	for (i = 0; i < n; i++) {
		due[i].zone = zones[i];
		due[i].at = hours_due(t->hours, zones[i], e->row.frozen);
	}
	e->row.due = due;
	e->row.ndue = n;
	return count_later(s, t, e, err);
}

/* As the next run finds it. */
static void
look_at_one(const struct edition_times *t, const struct ledger_delivery *d,
    enum ledger_state state, struct edition_view *v)
{
	bool again = d->was_deferred || state == LEDGER_DEFERRED;
	int64_t at;

	if ((state != LEDGER_PENDING && state != LEDGER_DEFERRED) ||
	    (!again && is_canary(t, d->key)))
		return;
	again |= d->changed > date_now() + LEDGER_AHEAD;
	at = when(t, d->zone, again ? 0 : d->planned);
	if (at == 0)
		return;
	if (v->later == 0 || at < v->first_due)
		v->first_due = at;
	v->later++;
}

static int
look_at_all(struct setting *s, const struct edition_times *t, int64_t edition,
    enum ledger_state state, struct edition_view *v, struct err *err)
{
	bool is_sending = setting_is_sending(s);
	struct arena page = ARENA_INIT;
	struct ledger_delivery *d;
	int64_t after = 0;
	size_t n = PAGE, i;
	int rc = 0;

	while (rc == 0 && n == PAGE) {
		rc = ledger_deliveries(s->ledger, edition, (int)state, after,
		    PAGE, &page, &d, &n, err);
		for (i = 0; rc == 0 && i < n; i++) {
			after = d[i].id;
			look_at_one(t, &d[i], edition_state(&d[i], is_sending), v);
		}
		arena_release(&page);
	}
	return rc;
}

int
edition_view_later(struct setting *s, const struct edition_times *t,
    int64_t edition, struct edition_view *v, struct err *err)
{
	static const enum ledger_state states[] = { LEDGER_PENDING,
		LEDGER_DEFERRED, LEDGER_CLAIMED, LEDGER_SENDING };
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (look_at_all(s, t, edition, states[i], v, err) != 0)
			return -1;
	return 0;
}

int
edition_left(struct setting *s, const struct edition_times *t,
    struct arena *a, struct ledger_left **out, size_t *n, struct err *err)
{
	const struct show_digest *d = &s->shows[0]->digest;
	struct ledger_left *left;
	size_t i;

	if (ledger_left(s->ledger, d->list, date_now(), a, out, n, err) != 0)
		return -1;
	for (i = 0; i < *n && d->quiet_from >= 0; i++) {
		struct edition_view v = { .later = 0 };

		left = &(*out)[i];
		if (left->counts.pending == 0)
			continue;
		if (look_at_all(s, t, left->edition, LEDGER_PENDING, &v,
		    err) != 0)
			return -1;
		/* On a server it is another moment than that of the count. */
		left->later = v.later < left->counts.pending ? v.later :
		    left->counts.pending;
		left->due = v.first_due;
	}
	return 0;
}
