#include "show/twins.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/log.h"

#define URN_UUID "urn:uuid:"
#define CLASHES_MANY 10	/* which are told as one */

struct twin {
	const struct episode *e;
	const char *key;	/* of the guid */
};

const char *
twins_key(struct arena *a, const char *guid)
{
	size_t urn = sizeof(URN_UUID) - 1;
	char *key, *p;

	if (strncasecmp(guid, URN_UUID, urn) == 0 && hash_is_uuid(guid + urn))
		guid += urn;
	key = arena_strdup(a, guid);
	if (hash_is_uuid(key))
		for (p = key; *p != '\0'; p++)
			*p = (char)tolower((unsigned char)*p);
	return key;
}

/* Who stays is first. */
static int
by_claim(const struct episode *x, const struct episode *y)
{
	if (x->draft != y->draft)
		return x->draft ? 1 : -1;
	return strcmp(x->file, y->file);
}

static int
by_guid(const void *a, const void *b)
{
	const struct twin *x = a, *y = b;
	int c = strcmp(x->key, y->key);

	return c != 0 ? c : by_claim(x->e, y->e);
}

/* A trailer or bonus may bear the number of the episode it is for. */
static int
by_number(const void *a, const void *b)
{
	const struct episode *x = ((const struct twin *)a)->e;
	const struct episode *y = ((const struct twin *)b)->e;
	int c;

	if (x->season != y->season)
		return x->season < y->season ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	c = strcmp(x->type, y->type);
	return c != 0 ? c : by_claim(x, y);
}

static bool
same_number(const struct episode *a, const struct episode *b)
{
	return a->number > 0 && a->number == b->number &&
	    a->season == b->season && strcmp(a->type, b->type) == 0;
}

static void
tell_guid(struct show *s, const struct episode *e, const struct episode *first,
    struct findings *to)
{
	const char *name = e->season > 0 && e->number > 0 &&
	    (e->season != first->season || e->number != first->number) ?
	    arena_printf(&s->arena, "%lld/%lld", (long long)e->season,
	    (long long)e->number) : show_stem(&s->arena, e);

	finding_add(to, SEV_ERROR, "episode-guid-twice", e->file, e->guid_line,
	    "the guid %s is that of %s too; write `guid: %s` at the head of "
	    "the one that is not published", e->guid, first->file,
	    show_guid(s, name));
}

/* How many episodes of a season have the guid of one of another season, or
 * number. */
static size_t
count_clashes(const struct twin *t, size_t n)
{
	size_t i, first = 0, clashes = 0;

	for (i = 1; i < n; i++) {
		if (strcmp(t[first].key, t[i].key) != 0)
			first = i;
		else
			clashes += !same_number(t[first].e, t[i].e);
	}
	return clashes;
}

/* Numbers that begin anew in each season: one thing to do for all. */
static void
tell_many(const struct episode *e, const struct episode *first, size_t clashes,
    struct findings *to)
{
	finding_add(to, SEV_ERROR, "episode-guid-twice", e->file, e->guid_line,
	    "the guid %s is that of %s too, and so %zu times in this show: "
	    "write `episode_guid = %s` in show.ini, unless it is published "
	    "with these guids (-v names each)", e->guid, first->file, clashes,
	    e->season > 0 || first->season > 0 ?
	    "my-show-{season}-{number}" : "my-show-{stem}");
}

/* Players take episodes by their guids: where these differ, a number that is
 * used twice is most likely a slip, and harmless. */
static void
tell_number(const struct episode *e, const struct episode *first, bool bad,
    struct findings *to)
{
	finding_add(to, bad ? SEV_ERROR : SEV_WARNING, "episode-number-twice",
	    e->file, e->number_line, "the number %lld is that of %s too; give "
	    "it another, or a `season` of its own", (long long)e->number,
	    first->file);
}

void
twins_check(struct show *s, bool *bad, struct findings *to)
{
	struct arena scratch = ARENA_INIT;
	struct twin *t = arena_array(&scratch, s->nepisodes, sizeof(*t));
	size_t n = s->nepisodes, i, first, clashes, told = 0;

	for (i = 0; i < n; i++) {
		t[i].e = &s->episodes[i];
		t[i].key = twins_key(&scratch, t[i].e->guid);
	}
	if (n > 1)
		qsort(t, n, sizeof(*t), by_guid);
	clashes = count_clashes(t, n);
	for (i = 1, first = 0; i < n; i++) {
		if (strcmp(t[first].key, t[i].key) != 0) {
			first = i;
			continue;
		}
		bad[t[i].e - s->episodes] = true;
		/* A guid that comes from the number is told with it. */
		if (same_number(t[first].e, t[i].e))
			continue;
		if (clashes < CLASHES_MANY ||
		    log_get_level() == LOG_LEVEL_DEBUG)
			tell_guid(s, t[i].e, t[first].e, to);
		else if (told++ == 0)
			tell_many(t[i].e, t[first].e, clashes, to);
	}
	if (n > 1)
		qsort(t, n, sizeof(*t), by_number);
	for (i = 1, first = 0; i < n; i++) {
		if (!same_number(t[first].e, t[i].e)) {
			first = i;
			continue;
		}
		tell_number(t[i].e, t[first].e, bad[t[i].e - s->episodes],
		    to);
	}
	arena_release(&scratch);
}
