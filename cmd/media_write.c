#include "cmd/media_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cmd/setting.h"
#include "show/episode_write.h"
#include "show/media_prefix.h"

/* A file of an episode; the names are without analytics prefixes. */
struct holder {
	struct show *show;
	const struct episode *e;
	const struct media *media;
	struct media_where where;
};

struct media_write {
	struct arena *a;
	struct setting setting;
	struct episode_writer *writer;
	struct holder *holder;
	size_t nholders;
};

static void
print_change(void *ctx, const char *file, unsigned line, const char *what)
{
	(void)ctx;
	if (line > 0)
		printf("%s:%u: %s\n", file, line, what);
	else
		printf("%s: %s\n", file, what);
	/* Both lines of a terminal stand in their order. */
	fflush(stdout);
}

static const char *
bare(struct media_write *w, const char *url)
{
	return url == NULL ? NULL : media_prefix_strip(w->a, url);
}

static void
hold(struct media_write *w, struct show *show, const struct episode *e,
    const struct media *media)
{
	struct holder *h = &w->holder[w->nholders];

	if (!media_where(&w->setting.media, show, e, media, &h->where))
		return;
	h->media = media;
	h->show = show;
	h->e = e;
	h->where.ask = bare(w, h->where.ask);
	h->where.url = bare(w, h->where.url);
	w->nholders++;
}

static void
hold_all(struct media_write *w, struct show *show)
{
	size_t i, k;

	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		for (k = 0; k <= e->nrenditions; k++)
			hold(w, show, e, show_media(e, k));
	}
}

struct media_write *
media_write_open(struct cmd_args *args, struct err *err)
{
	struct media_write *w = arena_alloc(&args->arena, sizeof(*w));
	size_t n = 0, i;

	w->a = &args->arena;
	if (setting_open(&w->setting, args, err) != 0) {
		setting_close(&w->setting);
		return NULL;
	}
	for (i = 0; i < w->setting.nshows; i++)
		n += show_media_count(w->setting.shows[i]);
	w->holder = arena_array(w->a, n, sizeof(*w->holder));
	for (i = 0; i < w->setting.nshows; i++)
		hold_all(w, w->setting.shows[i]);
	w->writer = episode_writer_new(cmd_flag(args, "--dry-run"),
	    print_change, NULL);
	return w;
}

static const char *
name_of(const struct holder *h)
{
	return h->where.file != NULL ? h->where.file : h->where.ask;
}

static int
by_name(const void *a, const void *b)
{
	const struct holder *const *x = a, *const *y = b;
	int c = strcmp(name_of(*x), name_of(*y));

	return c != 0 ? c : (*x > *y) - (*x < *y);
}

static int
by_place(const void *a, const void *b)
{
	const struct holder *const *x = a, *const *y = b;

	return (*x > *y) - (*x < *y);
}

const char **
media_write_names(struct media_write *w, size_t *n)
{
	const struct holder **due = arena_array(w->a, w->nholders,
	    sizeof(struct holder *));
	const char **names = arena_array(w->a, w->nholders, sizeof(*names));
	size_t i, ndue = 0, once = 0;

	for (i = 0; i < w->nholders; i++)
		if (show_is_due(w->holder[i].e, w->setting.now))
			due[ndue++] = &w->holder[i];
	if (ndue > 1)
		qsort(due, ndue, sizeof(*due), by_name);
	for (i = 0; i < ndue; i++)
		if (i == 0 || strcmp(name_of(due[i]), name_of(due[i - 1]))
		    != 0)
			due[once++] = due[i];
	/* As the episodes come. */
	if (once > 1)
		qsort(due, once, sizeof(*due), by_place);
	for (i = 0; i < once; i++)
		names[i] = name_of(due[i]);
	*n = once;
	return names;
}

static bool
is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

const char *
media_write_place(struct media_write *w, const char *name)
{
	const char *url = strstr(name, "://") != NULL ? bare(w, name) : NULL;
	size_t i;

	for (i = 0; url != NULL && i < w->nholders; i++)
		if (w->holder[i].where.file != NULL &&
		    is_same(url, w->holder[i].where.url))
			return w->holder[i].where.file;
	return name;
}

void
media_write_facts(struct media_write *w, const char *name,
    const struct media_facts *facts, struct findings *to)
{
	const struct episode_truth truth = {
		facts->length, facts->duration_ms, facts->type
	};
	const char *url = strstr(name, "://") != NULL ? bare(w, name) : NULL;
	char *real = url == NULL ? realpath(name, NULL) : NULL;
	bool found = false;
	size_t i;

	for (i = 0; i < w->nholders; i++) {
		const struct holder *h = &w->holder[i];
		struct err err = ERR_INIT;

		if (!is_same(real, h->where.file) &&
		    !is_same(url, h->where.url) && !is_same(url, h->where.ask))
			continue;
		found = true;
		if (episode_writer_add(w->writer, h->show, h->e, h->media,
		    &truth, &err) != 0)
			finding_err(to, "media-write", &err);
	}
	free(real);
	if (!found)
		finding_add(to, SEV_ERROR, "media-write", name, 0, "is the "
		    "audio of no episode, so it is written nowhere; `showmill "
		    "episode show` tells which audio an episode has");
}

void
media_write_close(struct media_write *w, struct findings *to)
{
	episode_writer_end(w->writer, to);
	episode_writer_free(w->writer);
	/* Told already; what else was wrong with notes counts too. */
	to->errors += w->setting.findings.errors;
	if (w->setting.findings.errors > 0)
		to->kind = to->errors == w->setting.findings.errors ?
		    w->setting.findings.kind : ERR_INPUT;
	setting_close(&w->setting);
}
