#include "base/gather.h"

#include <stdlib.h>
#include <string.h>

struct gathered {
	struct finding f;
	size_t order;		/* as they came */
	size_t times;		/* of the first of those that say the same */
	size_t files;
};

static void
keep(void *ctx, const struct finding *f)
{
	struct gather *g = ctx;
	struct gathered *grown, *at;

	if (f->severity != SEV_WARNING || f->file == NULL ||
	    strcmp(f->rule, g->rule) != 0) {
		if (g->report != NULL)
			g->report(g->ctx, f);
		return;
	}
	if (g->n == g->room) {
		g->room = g->room == 0 ? 64 : 2 * g->room;
		grown = arena_array(&g->arena, g->room, sizeof(*grown));
		if (g->n > 0)
			memcpy(grown, g->list, g->n * sizeof(*grown));
		g->list = grown;
	}
	at = &g->list[g->n];
	at->f = *f;
	at->f.file = g->n > 0 && strcmp(at[-1].f.file, f->file) == 0 ?
	    at[-1].f.file : arena_strdup(&g->arena, f->file);
	at->f.text = arena_strdup(&g->arena, f->text);
	at->order = g->n++;
}

void
gather_begin(struct gather *g, struct findings *to, const char *rule)
{
	memset(g, 0, sizeof(*g));
	arena_init(&g->arena);
	g->to = to;
	g->rule = rule;
	g->report = to->report;
	g->ctx = to->ctx;
	to->report = keep;
	to->ctx = g;
}

static int
by_text(const void *a, const void *b)
{
	const struct gathered *x = a, *y = b;
	int rc = strcmp(x->f.text, y->f.text);

	if (rc == 0)
		rc = strcmp(x->f.file, y->f.file);
	return rc != 0 ? rc : x->order < y->order ? -1 : x->order > y->order;
}

static int
by_order(const void *a, const void *b)
{
	const struct gathered *x = a, *y = b;

	return x->order < y->order ? -1 : x->order > y->order;
}

/* Leaves the first of those that say the same; how many are left. */
static size_t
join(struct gathered *list, size_t n)
{
	struct gathered *g = list;
	size_t i, kept = 0;

	for (i = 0; i < n; i++) {
		struct gathered *at = &list[i];

		if (i == 0 || strcmp(g->f.text, at->f.text) != 0) {
			g = &list[kept++];
			*g = *at;
			g->times = g->files = 1;
			continue;
		}
		g->times++;
		/* What is kept has not reached at[-1] but for the first. */
		g->files += strcmp(at[-1].f.file, at->f.file) != 0;
		if (at->order < g->order) {
			g->f = at->f;
			g->order = at->order;
		}
	}
	return kept;
}

void
gather_end(struct gather *g)
{
	size_t i, kept = 0;

	g->to->report = g->report;
	g->to->ctx = g->ctx;
	g->to->warnings -= g->n;
	if (g->n > 0) {
		qsort(g->list, g->n, sizeof(*g->list), by_text);
		kept = join(g->list, g->n);
		qsort(g->list, kept, sizeof(*g->list), by_order);
	}
	for (i = 0; i < kept; i++) {
		const struct gathered *at = &g->list[i];

		if (at->times == 1)
			finding_add(g->to, SEV_WARNING, g->rule, at->f.file,
			    at->f.line, "%s", at->f.text);
		else
			finding_add(g->to, SEV_WARNING, g->rule, at->f.file,
			    at->f.line, "%s; so %zu times in %zu file%s: -v "
			    "names each", at->f.text, at->times, at->files,
			    at->files == 1 ? "" : "s");
	}
	arena_release(&g->arena);
}
