/*
 * For tests of media_remote: the scripted web server, and what came of asks.
 */
#ifndef REMOTE_FIXTURE_H
#define REMOTE_FIXTURE_H

#include "http_fixture.h"
#include "media_fixture.h"
#include "show/media_probe.h"
#include "show/media_remote.h"

static const struct http_many_limits limits = { .timeout = 20, .per_host = 6 };

/* What came of it; texts and chapters are copies. */
struct learnt {
	unsigned calls;
	bool failed;
	struct err err;
	struct media_remote r;
};

static inline void
copy_chapters(struct media_facts *f)
{
	struct media_chapter *c = arena_array(&arena, f->nchapters,
	    sizeof(*c));
	size_t i;

	for (i = 0; i < f->nchapters; i++) {
		c[i] = f->chapters[i];
		c[i].title = arena_strdup(&arena, c[i].title);
		c[i].url = arena_strdup(&arena, c[i].url);
		c[i].image = arena_strdup(&arena, c[i].image);
	}
	f->chapters = f->nchapters > 0 ? c : NULL;
}

static inline void
on_learnt(void *ctx, const struct media_remote *r, const struct err *err)
{
	struct learnt *l = ctx;

	l->calls++;
	l->failed = err != NULL;
	if (err != NULL)
		l->err = *err;
	l->r = *r;
	l->r.url = arena_strdup(&arena, r->url);
	l->r.doubt = arena_strdup(&arena, r->doubt);
	l->r.facts.doubt = arena_strdup(&arena, r->facts.doubt);
	copy_chapters(&l->r.facts);
}

/* Asks all at once; each must be answered once. */
static inline void
learn_all(const struct http_many_limits *l, struct media_remote_ask *asks,
    struct learnt *to, size_t n)
{
	struct err err = ERR_INIT;
	struct http_many *m = http_many_open(l, &err);
	size_t i;

	assert_non_null(m);
	memset(to, 0, n * sizeof(*to));
	for (i = 0; i < n; i++) {
		asks[i].done = on_learnt;
		asks[i].ctx = &to[i];
		media_remote_add(m, &asks[i]);
	}
	if (http_many_run(m, &err) != 0)
		fail_msg("%s", err.msg);
	for (i = 0; i < n; i++)
		assert_int_equal(to[i].calls, 1);
	http_many_close(m);
}

static inline struct learnt
learn(const char *path, bool facts)
{
	struct media_remote_ask ask = { .url = url(path),
	    .want_facts = facts };
	struct learnt l;

	learn_all(&limits, &ask, &l, 1);
	return l;
}

static inline void
assert_failed(const struct learnt *l, enum err_kind kind, const char *part)
{
	if (!l->failed)
		fail_msg("%s: no error, but %lld bytes by %s; expected \"%s\"",
		    l->r.url, (long long)l->r.facts.length,
		    l->r.how != NULL ? l->r.how : "nothing", part);
	if (strstr(l->err.msg, part) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", l->err.msg, part);
	assert_non_null(strstr(l->err.msg, server.url));
	assert_int_equal(l->err.kind, kind);
}

static inline void
assert_size(const struct learnt *l, int64_t length, const char *how)
{
	if (l->failed)
		fail_msg("%s", l->err.msg);
	assert_int_equal(l->r.facts.length, length);
	assert_string_equal(l->r.how, how);
}

#endif
