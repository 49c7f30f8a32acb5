#include "base/kept.h"

#include <stdlib.h>
#include <string.h>

static void
keep(void *ctx, const struct finding *f)
{
	struct kept_finding *grown;
	struct kept *k = ctx;

	if (k->n == k->room) {
		k->room = k->room == 0 ? 16 : 2 * k->room;
		grown = arena_array(k->arena, k->room, sizeof(*grown));
		if (k->n > 0)
			memcpy(grown, k->list, k->n * sizeof(*grown));
		k->list = grown;
	}
	k->list[k->n].f = *f;
	k->list[k->n].f.text = arena_strdup(k->arena, f->text);
	k->list[k->n].order = k->n;
	k->n++;
}

void
kept_init(struct kept *k, struct arena *a)
{
	memset(k, 0, sizeof(*k));
	k->arena = a;
	k->findings.report = keep;
	k->findings.ctx = k;
}

static int
by_line(const void *a, const void *b)
{
	const struct kept_finding *x = a, *y = b;

	if (x->f.line != y->f.line)
		return x->f.line < y->f.line ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void
kept_tell(struct kept *k, struct findings *to)
{
	size_t i;

	if (k->n > 1)
		qsort(k->list, k->n, sizeof(*k->list), by_line);
	for (i = 0; i < k->n; i++) {
		const struct finding *f = &k->list[i].f;

		finding_add(to, f->severity, f->rule, f->file, f->line, "%s",
		    f->text);
	}
	k->n = 0;
}
