/* What a run has deferred and tries again by itself, which on a long list may
 * be most of it. */
#include <stdlib.h>

#include "mail/delivery_int.h"

#define FIRST_SIZE 64

/* Its slot, or the free one that would be; NULL: there is no table yet. */
static struct delivery_retry *
find(const struct delivery_retries *t, int64_t id)
{
	size_t i = (size_t)((uint64_t)id * 0x9e3779b97f4a7c15u >> 32);

	if (t->size == 0)
		return NULL;
	while (t->slot[i & (t->size - 1)].id != 0 &&
	    t->slot[i & (t->size - 1)].id != id)
		i++;
	return &t->slot[i & (t->size - 1)];
}

static void
grow(struct delivery_retries *t)
{
	struct delivery_retries bigger = { .n = t->n,
	    .size = t->size == 0 ? FIRST_SIZE : t->size * 2 };
	size_t i;

	bigger.slot = xcalloc(bigger.size, sizeof(*bigger.slot));
	for (i = 0; i < t->size; i++)
		if (t->slot[i].id != 0)
			*find(&bigger, t->slot[i].id) = t->slot[i];
	free(t->slot);
	*t = bigger;
}

int
delivery_retry_tries(const struct delivery *r, int64_t id)
{
	const struct delivery_retry *e = find(&r->retries, id);

	return e == NULL ? 1 : e->tries + 1;
}

void
delivery_retry_add(struct delivery *r, int64_t id)
{
	struct delivery_retries *t = &r->retries;
	struct delivery_retry *e;

	/* Half of it stays free. */
	if (t->n >= t->size / 2)
		grow(t);
	e = find(t, id);
	t->n += e->id == 0;
	e->id = id;
	e->tries++;
	e->waits = true;
}

void
delivery_retry_take(struct delivery *r, int64_t id)
{
	struct delivery_retry *e = find(&r->retries, id);

	if (e == NULL || !e->waits)
		return;
	e->waits = false;
	r->done.deferred--;
}

void
delivery_retry_back(struct delivery *r, int64_t id)
{
	struct delivery_retry *e = find(&r->retries, id);

	if (e == NULL || e->tries == 0 || e->waits)
		return;
	e->waits = true;
	r->done.deferred++;
}
