/* Many files on few threads. */
#include "show/media_probe.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* How far the threads may run ahead of the results that were handed over. */
#define AHEAD 64

struct result {
	bool done;
	int rc;
	struct media_facts facts;
	struct err err;
	struct arena arena;
};

struct work {
	const char *const *paths;
	size_t n;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t next;			/* the first that nobody has taken */
	size_t given;			/* how many were handed over */
	struct result ring[AHEAD];	/* of file i: i % AHEAD */
};

static void
probe_one(struct media_probe *p, const char *path, struct result *r)
{
	r->err = (struct err)ERR_INIT;
	arena_init(&r->arena);
	r->rc = media_probe_file(p, path, &r->arena, &r->facts, &r->err);
}

static void *
run(void *arg)
{
	struct work *w = arg;
	struct media_probe *p = media_probe_open();
	size_t i;

	pthread_mutex_lock(&w->lock);
	while (w->next < w->n) {
		if (w->next >= w->given + AHEAD) {
			pthread_cond_wait(&w->changed, &w->lock);
			continue;
		}
		i = w->next++;
		pthread_mutex_unlock(&w->lock);
		probe_one(p, w->paths[i], &w->ring[i % AHEAD]);
		pthread_mutex_lock(&w->lock);
		w->ring[i % AHEAD].done = true;
		pthread_cond_broadcast(&w->changed);
	}
	pthread_mutex_unlock(&w->lock);
	media_probe_close(p);
	return NULL;
}

static void
hand_over(struct result *r, size_t i, media_probe_result *got, void *ctx)
{
	got(ctx, i, r->rc == 0 ? &r->facts : NULL, &r->err);
	arena_release(&r->arena);
}

static void
collect(struct work *w, media_probe_result *got, void *ctx)
{
	struct result *r;
	size_t i;

	for (i = 0; i < w->n; i++) {
		r = &w->ring[i % AHEAD];
		pthread_mutex_lock(&w->lock);
		while (!r->done)
			pthread_cond_wait(&w->changed, &w->lock);
		pthread_mutex_unlock(&w->lock);
		hand_over(r, i, got, ctx);
		pthread_mutex_lock(&w->lock);
		r->done = false;
		w->given = i + 1;
		pthread_cond_broadcast(&w->changed);
		pthread_mutex_unlock(&w->lock);
	}
}

/* Without a thread, where none is wanted or can be had. */
static void
run_alone(const char *const *paths, size_t n, media_probe_result *got,
    void *ctx)
{
	struct result *r = xcalloc(1, sizeof(*r));
	struct media_probe *p = media_probe_open();
	size_t i;

	for (i = 0; i < n; i++) {
		probe_one(p, paths[i], r);
		hand_over(r, i, got, ctx);
	}
	media_probe_close(p);
	free(r);
}

void
media_probe_many(const char *const *paths, size_t n, unsigned threads,
    media_probe_result *got, void *ctx)
{
	pthread_t thread[MEDIA_PROBE_THREADS_MAX];
	unsigned started = 0;
	struct work *w;

	if (threads == 0)
		threads = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1;
	if (threads > MEDIA_PROBE_THREADS_MAX)
		threads = MEDIA_PROBE_THREADS_MAX;
	if (threads > n)
		threads = (unsigned)n;
	if (threads < 2) {
		run_alone(paths, n, got, ctx);
		return;
	}
	w = xcalloc(1, sizeof(*w));
	w->paths = paths;
	w->n = n;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->changed, NULL);
	while (started < threads && pthread_create(&thread[started], NULL,
	    run, w) == 0)
		started++;
	if (started > 0)
		collect(w, got, ctx);
	else
		run_alone(paths, n, got, ctx);
	while (started > 0)
		pthread_join(thread[--started], NULL);
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
