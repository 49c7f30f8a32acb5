#include "feed/diff.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed/facts.h"
#include "feed/read_int.h"
#include "show/media_type.h"

#define SHOWN_MAX 160	/* bytes of a value that is shown whole */
#define BEFORE 40	/* bytes shown before the first difference */

struct diff {
	struct arena *a;
	const char *const *ignore;
	struct feed_diff *out;
};

static bool
is_ignored(const struct diff *d, const char *field)
{
	const char *const *name;

	for (name = d->ignore; name != NULL && *name != NULL; name++)
		if (strcasecmp(*name, field) == 0)
			return true;
	return false;
}

/* Back to the beginning of a character. */
static size_t
boundary(const char *s, size_t at)
{
	while (at > 0 && ((unsigned char)s[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static const char *
piece(struct arena *a, const char *s, size_t from)
{
	size_t len = strlen(s), to;

	if (from > len)
		from = len;
	from = boundary(s, from);
	to = len - from > SHOWN_MAX ? boundary(s, from + SHOWN_MAX) : len;
	return arena_printf(a, "%s%.*s%s", from > 0 ? "\xe2\x80\xa6" : "",
	    (int)(to - from), s + from, to < len ? "\xe2\x80\xa6" : "");
}

/* Both values cut to where they begin to differ. */
static void
shorten(struct arena *a, struct feed_change *c)
{
	const char *x = c->before != NULL ? c->before : "";
	const char *y = c->after != NULL ? c->after : "";
	size_t same = 0;

	if (strlen(x) <= SHOWN_MAX && strlen(y) <= SHOWN_MAX)
		return;
	while (x[same] != '\0' && x[same] == y[same])
		same++;
	same = same > BEFORE ? same - BEFORE : 0;
	if (c->before != NULL)
		c->before = piece(a, x, same);
	if (c->after != NULL)
		c->after = piece(a, y, same);
}

struct changes {
	struct feed_change *list;
	size_t n;
};

static void
change(struct diff *d, struct changes *to, const char *field,
    const char *before, const char *after)
{
	struct feed_change *c;

	if (before == NULL && after == NULL)
		return;		/* two defaults */
	to->list = feed_read_grow(d->a, to->list, to->n, sizeof(*to->list));
	c = &to->list[to->n++];
	c->before = before;
	c->after = after;
	shorten(d->a, c);
	/* The facts go when the item was compared. */
	c->field = arena_strdup(d->a, field);
	c->before = arena_strdup(d->a, c->before);
	c->after = arena_strdup(d->a, c->after);
}

/* A fact with its place, to group facts by kind and keep their order. */
struct placed {
	const struct feed_fact *fact;
	size_t place;
};

static int
by_kind(const void *x, const void *y)
{
	const struct placed *p = x, *q = y;
	int order = strcmp(p->fact->kind, q->fact->kind);

	return order != 0 ? order : (p->place > q->place) -
	    (p->place < q->place);
}

static struct placed *
grouped(struct arena *a, const struct feed_facts *f)
{
	struct placed *list = arena_array(a, f->n + 1, sizeof(*list));
	size_t i;

	for (i = 0; i < f->n; i++) {
		list[i].fact = &f->list[i];
		list[i].place = i;
	}
	qsort(list, f->n, sizeof(*list), by_kind);
	return list;
}

/* Whether a fact of the new feed, where the old one has none (NULL, or one
 * that tells nothing), says nothing new about the show: what is so whether a
 * feed tells it or not. A whole enclosure that is new is something. */
static bool
is_filled_in(const struct feed_fact *old, const struct feed_fact *new)
{
	const char *name = new->name;
	bool length = strcmp(name, "enclosure-length") == 0;
	bool type = strcmp(name, "enclosure-type") == 0;

	if (!length && !type && strcmp(name, "self-link") != 0 &&
	    strcmp(name, "podcast-guid") != 0 && strcmp(name, "id") != 0)
		return false;
	if (old == NULL)
		return !length && !type;
	return old->shown == NULL ||
	    (length && strcmp(old->shown, "0") == 0) ||
	    (type && media_type_of(old->shown) != MEDIA_TYPE_SOUND);
}

static bool
same(const struct placed *old, const struct placed *new)
{
	return strcmp(old->fact->key, new->fact->key) == 0 ||
	    is_filled_in(old->fact, new->fact);
}

/* Facts that the old feed does not have. */
static void
tell_new(struct diff *d, const struct placed *y, size_t n, struct changes *to)
{
	for (; n > 0; n--, y++)
		if (!is_filled_in(NULL, y->fact))
			change(d, to, y->fact->name, NULL, y->fact->shown);
}

/* All facts of one kind, of which either side may have none. */
static void
compare_group(struct diff *d, const struct placed *x, size_t nx,
    const struct placed *y, size_t ny, struct changes *to)
{
	const char *field = (nx > 0 ? x : y)->fact->name;
	size_t i;

	if (is_ignored(d, field))
		return;
	for (; nx > 0 && ny > 0 && same(x, y); nx--, ny--) {
		x++;
		y++;
	}
	for (; nx > 0 && ny > 0 && same(&x[nx - 1], &y[ny - 1]); nx--)
		ny--;
	for (i = 0; i < nx && i < ny; i++)
		if (!same(&x[i], &y[i]))
			change(d, to, field, x[i].fact->shown,
			    y[i].fact->shown);
	for (; i < nx; i++)
		change(d, to, field, x[i].fact->shown, NULL);
	tell_new(d, y + i, i < ny ? ny - i : 0, to);
}

static size_t
group_size(const struct placed *p, size_t left)
{
	size_t n = 1;

	while (n < left && strcmp(p[n].fact->kind, p->fact->kind) == 0)
		n++;
	return n;
}

static void
compare(struct diff *d, struct arena *scratch,
    const struct feed_facts *before, const struct feed_facts *after,
    struct changes *to)
{
	const struct placed *x = grouped(scratch, before);
	const struct placed *y = grouped(scratch, after);
	size_t i = 0, k = 0, nx, ny;
	int order;

	while (i < before->n || k < after->n) {
		order = i == before->n ? 1 : k == after->n ? -1 :
		    strcmp(x[i].fact->kind, y[k].fact->kind);
		nx = order <= 0 ? group_size(&x[i], before->n - i) : 0;
		ny = order >= 0 ? group_size(&y[k], after->n - k) : 0;
		compare_group(d, &x[i], nx, &y[k], ny, to);
		i += nx;
		k += ny;
	}
}

/* An item with what it is looked for by, and the one it belongs to. */
struct side {
	const struct feed_doc_item *item;
	const char *key;	/* NULL: it has none of this kind */
	size_t place;
	size_t match;		/* place in the other feed, or NOBODY */
};

#define NOBODY ((size_t)-1)

static int
by_key(const void *x, const void *y)
{
	const struct side *const *p = x, *const *q = y;
	int order = strcmp((*p)->key, (*q)->key);

	return order != 0 ? order : ((*p)->place > (*q)->place) -
	    ((*p)->place < (*q)->place);
}

static const char *
key_of(struct arena *a, const struct feed_doc_item *item, int round)
{
	if (round == 0)
		return feed_doc_id(item);
	if (round == 1)
		return item->nenclosures > 0 ? item->enclosures[0].url : NULL;
	if (round == 2 && (item->title == NULL || item->date.written == NULL))
		return NULL;
	if (round == 3)
		return feed_doc_id(item) != NULL ? NULL :
		    item->title != NULL ? item->title : "";
	return item->date.known ? arena_printf(a, "%lld %s",
	    (long long)item->date.date.t, item->title) :
	    arena_printf(a, "%s %s", item->date.written, item->title);
}

/* Those that belong to nobody yet and have a key, sorted by it. */
static struct side **
sorted(struct arena *a, struct side *s, size_t n, int round, size_t *count)
{
	struct side **list = arena_array(a, n + 1, sizeof(*list));
	size_t i;

	*count = 0;
	for (i = 0; i < n; i++) {
		if (s[i].match != NOBODY)
			continue;
		s[i].key = key_of(a, s[i].item, round);
		if (s[i].key != NULL)
			list[(*count)++] = &s[i];
	}
	qsort(list, *count, sizeof(struct side *), by_key);
	return list;
}

static void
match(struct arena *a, struct side *x, size_t nx, struct side *y, size_t ny,
    int round)
{
	struct side **p = sorted(a, x, nx, round, &nx);
	struct side **q = sorted(a, y, ny, round, &ny);
	size_t i = 0, k = 0;
	int order;

	while (i < nx && k < ny) {
		order = strcmp(p[i]->key, q[k]->key);
		if (order == 0) {
			p[i]->match = q[k]->place;
			q[k]->match = p[i]->place;
		}
		i += order <= 0;
		k += order >= 0;
	}
}

static struct side *
side_of(struct arena *a, const struct feed_doc *d)
{
	struct side *s = arena_array(a, d->nitems + 1, sizeof(*s));
	size_t i;

	for (i = 0; i < d->nitems; i++) {
		s[i].item = &d->items[i];
		s[i].place = i;
		s[i].match = NOBODY;
	}
	return s;
}

static void
compare_items(struct diff *d, const struct feed_doc *before,
    const struct side *x, const struct feed_doc *after, const struct side *y)
{
	const char *was = feed_doc_id(x->item), *is = feed_doc_id(y->item);
	struct arena scratch = ARENA_INIT;
	struct changes changes = { NULL, 0 };
	struct feed_facts old, new;
	struct feed_pair *p;

	if ((was == NULL || is == NULL ? was != is : strcmp(was, is) != 0) &&
	    !is_ignored(d, "guid"))
		change(d, &changes, "guid", was, is);
	feed_facts_item(&scratch, before, x->item, &old);
	feed_facts_item(&scratch, after, y->item, &new);
	compare(d, &scratch, &old, &new, &changes);
	arena_release(&scratch);
	if (changes.n == 0)
		return;
	d->out->items = feed_read_grow(d->a, d->out->items, d->out->nitems,
	    sizeof(*d->out->items));
	p = &d->out->items[d->out->nitems++];
	p->before = x->item;
	p->after = y->item;
	p->changes = changes.list;
	p->nchanges = changes.n;
}

static const struct feed_doc_item **
unmatched(struct arena *a, const struct side *s, size_t n, size_t *count)
{
	const struct feed_doc_item **list = arena_array(a, n + 1,
	    sizeof(*list));
	size_t i;

	*count = 0;
	for (i = 0; i < n; i++)
		if (s[i].match == NOBODY)
			list[(*count)++] = s[i].item;
	return list;
}

void
feed_diff(struct arena *a, const struct feed_doc *before,
    const struct feed_doc *after, const char *const *ignore,
    struct feed_diff *out)
{
	struct diff d = { a, ignore, out };
	struct side *x = side_of(a, before), *y = side_of(a, after);
	struct changes channel = { NULL, 0 };
	struct feed_facts old, new;
	size_t i, last = 0;
	int round;

	memset(out, 0, sizeof(*out));
	for (round = 0; round < 4; round++)
		match(a, x, before->nitems, y, after->nitems, round);
	feed_facts_channel(a, before, &old);
	feed_facts_channel(a, after, &new);
	compare(&d, a, &old, &new, &channel);
	out->channel = channel.list;
	out->nchannel = channel.n;
	for (i = 0; i < after->nitems; i++) {
		if (y[i].match == NOBODY)
			continue;
		if (y[i].match < last && !is_ignored(&d, "order"))
			out->order = true;
		last = y[i].match;
		compare_items(&d, before, &x[last], after, &y[i]);
	}
	out->removed = unmatched(a, x, before->nitems, &out->nremoved);
	out->added = unmatched(a, y, after->nitems, &out->nadded);
	out->equal = !out->order && out->nchannel + out->nadded +
	    out->nremoved + out->nitems == 0;
}
