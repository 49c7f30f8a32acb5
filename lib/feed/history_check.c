/* What subscribers would lose, or get twice. */
#include "feed/history_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct checking {
	const struct history_check *c;
	struct arena *a;
	struct findings *to;
	struct history_index x;
	bool unread;	/* see history_has_unread() */
	struct told *told;
};

#define TOLD_MAX 10

/* How many findings a rule had; the first are told one by one. */
struct told {
	const char *rule;
	size_t n;
};

static void
refuse(const struct checking *k, const char *rule, const char *file,
    unsigned line, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Whether one more of the rule is told. */
static bool
is_told(const struct checking *k, const char *rule)
{
	struct told *t = k->told;

	while (strcmp(t->rule, rule) != 0)
		t++;
	return t->n++ < TOLD_MAX;
}

static void
refuse(const struct checking *k, const char *rule, const char *file,
    unsigned line, const char *fmt, ...)
{
	struct findings quiet = *k->to;
	struct err err = ERR_INIT;
	char text[ERR_MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(&err, ERR_REFUSED, "%s", text);
	err_at(&err, file, line);
	if (!is_told(k, rule))
		quiet.report = NULL;
	finding_err(&quiet, rule, &err);
	k->to->errors = quiet.errors;
	k->to->kind = quiet.kind;
}

static void
tell_others(const struct checking *k)
{
	char text[ERR_MSG_MAX];
	const struct told *t;

	for (t = k->told; t->rule != NULL; t++) {
		const struct finding f = { SEV_ERROR, t->rule,
			k->c->was->file, 0, text };

		if (t->n <= TOLD_MAX || k->to->report == NULL)
			continue;
		snprintf(text, sizeof(text), "so for %zu more episodes",
		    t->n - TOLD_MAX);
		k->to->report(k->to->ctx, &f);
	}
}

/* That is seldom the notes' doing. */
static void
tell_all(const struct checking *k)
{
	const struct finding f = { SEV_ERROR, "published-guid",
		k->c->was->file, 0, "so it is for all of them: give `guid` "
		"and `episode_guid` in show.ini back what they were; or, "
		"where this folder is a copy of another show's, take this file "
		"away" };
	const struct told *t = k->told;

	while (strcmp(t->rule, f.rule) != 0)
		t++;
	if (t->n > 1 && t->n == k->c->was->n && k->to->report != NULL)
		k->to->report(k->to->ctx, &f);
}

static const char *
row_name(struct arena *a, const struct history_row *r)
{
	return r->number[0] != '\0' ? arena_printf(a, "episode %s, `%s`",
	    r->number, r->title) : arena_printf(a, "the episode `%s`",
	    r->title);
}

/* A row that does not count, or that an episode of the feed continues. */
static bool
is_settled(const struct checking *k, const struct history_row *r)
{
	const struct episode *e = history_episode(k->c, &k->x, r);

	if (history_time(r->first) > k->c->at)
		return true;
	return e != NULL && (history_is_in(k->c, e) ||
	    (e->expires != 0 && k->c->at >= e->expires));
}

/* Why an episode of the notes is not in the feed. */
static void
tell_held_back(const struct checking *k, const struct history_row *r,
    const struct episode *e)
{
	const char *day = r->first[0] == '\0' ? "earlier" : arena_printf(k->a,
	    "on %.10s", r->first);

	if (e->draft)
		refuse(k, "published-gone", e->file, e->draft_line, "it is a "
		    "draft now, but was published %s; subscribers would lose "
		    "it. Take `draft` out, write `expires: DATE`, or build "
		    "once with --allow gone", day);
	else
		refuse(k, "published-gone", e->file, e->line, "its date is to "
		    "come, but it was published %s; subscribers would lose "
		    "it, and get it as new later. Give it its old date, or "
		    "build once with --allow gone", day);
}

static void
check_gone(const struct checking *k, const struct history_row *r)
{
	const struct episode *e = history_episode(k->c, &k->x, r);

	if (e != NULL) {
		/* What is wrong with one that is due was told. */
		if (!show_is_due(e, k->c->at))
			tell_held_back(k, r, e);
		return;
	}
	/* It may be one of those that could not be read. */
	if (k->unread)
		return;
	refuse(k, "published-gone", k->c->was->file, r->line, "%s, guid %s, "
	    "was published%s%.10s and no notes have it now; subscribers would "
	    "lose it. Put its notes back, or build once with --allow gone",
	    row_name(k->a, r), r->guid, r->first[0] != '\0' ? " on " : "",
	    r->first);
}

static void
check_rows(const struct checking *k)
{
	const struct history *was = k->c->was;
	const struct episode *e;
	size_t i;

	for (i = 0; i < was->n; i++) {
		const struct history_row *r = &was->row[i];

		if (is_settled(k, r))
			continue;
		e = history_renamed(k->c, &k->x, r);
		if (e == NULL) {
			if ((k->c->allow & HISTORY_GONE) == 0)
				check_gone(k, r);
		} else if ((k->c->allow & HISTORY_GUID) == 0) {
			refuse(k, "published-guid", e->file, e->guid_line,
			    "its guid was %s when it was published and is %s "
			    "now; players would show it as new and load it "
			    "again. Write `guid: %s`, or build once with "
			    "--allow guid", r->guid, e->guid, r->guid);
		}
	}
}

/* Audio that was another episode's: players that know it by its address take
 * the one for the other. */
static void
check_enclosures(const struct checking *k)
{
	const struct history *was = k->c->was;
	const struct show *s = k->c->show;
	const struct history_row *r;
	size_t i, old;

	for (i = 0; i < s->nepisodes; i++) {
		const struct episode *e = &s->episodes[i];

		if (!history_is_in(k->c, e))
			continue;
		old = strmap_get(&k->x.was_enclosure,
		    history_enclosure(k->a, e));
		r = old == STRMAP_NONE ? NULL : &was->row[old];
		if (r == NULL || strcmp(r->guid, e->guid) == 0 ||
		    history_time(r->first) > k->c->at ||
		    (!is_settled(k, r) &&
		    history_renamed(k->c, &k->x, r) == e))
			continue;
		refuse(k, "published-enclosure", e->audio.from,
		    e->audio.line, "%s was the audio of %s when that was "
		    "published; give this one a name of its own, or build "
		    "once with --allow enclosure", e->audio.url,
		    row_name(k->a, r));
	}
}

/* ---- the order ---- */

struct placed {
	const struct episode *e;
	size_t now;		/* its place in the feed, oldest first */
	size_t before;		/* the one before it in the longest run that
				 * is in order; SIZE_MAX: none */
	bool stays;
};

/* Marks the most that can stay where they are: the longest run whose places
 * rise (patience sorting). */
static void
mark_run(struct arena *a, struct placed *p, size_t n)
{
	size_t *end = arena_array(a, n + 1, sizeof(*end));
	size_t len = 0, i, low, high, mid;

	for (i = 0; i < n; i++) {
		for (low = 0, high = len; low < high;) {
			mid = low + (high - low) / 2;
			if (p[end[mid]].now < p[i].now)
				low = mid + 1;
			else
				high = mid;
		}
		p[i].before = low == 0 ? SIZE_MAX : end[low - 1];
		end[low] = i;
		if (low == len)
			len++;
	}
	for (i = len == 0 ? SIZE_MAX : end[len - 1]; i != SIZE_MAX;
	    i = p[i].before)
		p[i].stays = true;
}

static void
check_order(const struct checking *k)
{
	const struct history *was = k->c->was;
	const struct show *s = k->c->show;
	struct placed *p = arena_array(k->a, was->n + 1, sizeof(*p));
	size_t i, at, n = 0;

	for (i = 0; i < was->n; i++) {
		at = strmap_get(&k->x.by_guid, was->row[i].guid);
		if (at != STRMAP_NONE && history_is_in(k->c,
		    &s->episodes[at]))
			p[n++] = (struct placed){ .e = &s->episodes[at],
			    .now = s->nepisodes - at };
	}
	mark_run(k->a, p, n);
	for (i = 0; i < n; i++)
		if (!p[i].stays)
			refuse(k, "published-order", p[i].e->file,
			    p[i].e->line, "by its date it stands in another "
			    "place among old episodes than when it was "
			    "published; players that go by dates show it "
			    "elsewhere, or as new. Give it its old date, or "
			    "build once with --allow order");
}

void
history_check(struct arena *a, const struct history_check *c,
    struct findings *to)
{
	struct told told[] = {
		{ "published-gone", 0 }, { "published-guid", 0 },
		{ "published-enclosure", 0 }, { "published-order", 0 },
		{ NULL, 0 }
	};
	struct checking k = { .c = c, .a = a, .to = to, .told = told };

	history_index(a, c, &k.x);
	k.unread = history_has_unread(c);
	check_rows(&k);
	if ((c->allow & HISTORY_ENCLOSURE) == 0)
		check_enclosures(&k);
	if ((c->allow & HISTORY_ORDER) == 0)
		check_order(&k);
	tell_others(&k);
	tell_all(&k);
	history_index_release(&k.x);
}
