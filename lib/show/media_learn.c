#include "show/media_learn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/http_many.h"
#include "base/log.h"
#include "base/strmap.h"
#include "show/media_probe.h"
#include "show/media_remote.h"

/* A server that says "later" is waited for so long, within a run. */
#define PATIENCE_SECONDS 30

struct entry {
	struct media_context *m;
	char *key;
	bool local, facts;
	bool pending;		/* in the list that is being worked on */
	bool cached;		/* known.facts came from the cache */
	struct media_known known;
};

struct media_memory {
	struct strmap by_key;
	struct entry **entry;
	size_t n, room;
	struct http_many *many;
};

static void
warn_cache(struct media_context *m, const struct err *err)
{
	char text[ERR_MSG_MAX + ERR_FILE_MAX];

	err_format(err, text, sizeof(text));
	log_warning("the cache is not used: %s", text);
	m->cache = NULL;
}

static void
from_cache(struct entry *e)
{
	struct err err = ERR_INIT;
	int rc = cache_media_get(e->m->cache, e->key, &e->known.facts, &err);

	if (rc < 0)
		warn_cache(e->m, &err);
	e->cached = rc == 1;
}

static void
to_cache(struct entry *e)
{
	struct err err = ERR_INIT;

	e->known.facts.learnt = e->m->clock;
	if (cache_media_put(e->m->cache, e->key, &e->known.facts, &err) != 0)
		warn_cache(e->m, &err);
}

static void
learnt(struct entry *e)
{
	e->known.known = true;
	log_debug("%s: %lld bytes, %s, %lld ms (%s)", e->key,
	    (long long)e->known.facts.length, e->known.facts.type,
	    (long long)e->known.facts.duration_ms, e->known.facts.how);
}

static void
take_facts(struct entry *e, const struct media_facts *f, const char *how,
    const char *doubt)
{
	struct cache_media *c = &e->known.facts;

	c->length = f->length;
	c->duration_ms = f->duration_ms;
	c->bitrate = f->bitrate;
	(void)snprintf(c->codec, sizeof(c->codec), "%s", f->codec);
	(void)snprintf(c->how, sizeof(c->how), "%s", how);
	(void)snprintf(c->doubt, sizeof(c->doubt), "%s", f->doubt != NULL ?
	    f->doubt : doubt != NULL ? doubt : "");
}

/* ---- files ---- */

static bool
file_is_known(struct entry *e)
{
	const struct fs_stamp *was = &e->known.facts.stamp;
	struct err err = ERR_INIT;
	struct fs_stamp now;

	if (fs_stamp(e->key, &now, &err) != 0) {
		e->known.err = err;
		return true;
	}
	from_cache(e);
	if (e->cached && was->size == now.size &&
	    was->mtime_ns == now.mtime_ns && was->inode == now.inode) {
		learnt(e);
		return true;
	}
	memset(&e->known.facts, 0, sizeof(e->known.facts));
	e->known.facts.stamp = now;
	return false;
}

struct files {
	struct entry **entry;
};

static void
on_file(void *ctx, size_t i, const struct media_facts *facts,
    const struct err *err)
{
	struct entry *e = ((struct files *)ctx)->entry[i];

	if (facts == NULL) {
		e->known.err = *err;
		return;
	}
	take_facts(e, facts, "file", NULL);
	e->known.facts.looked = true;
	(void)snprintf(e->known.facts.type, sizeof(e->known.facts.type), "%s",
	    facts->type);
	learnt(e);
	to_cache(e);
}

static void
learn_files(struct entry **entry, size_t n)
{
	const char **paths = xcalloc(n + 1, sizeof(*paths));
	struct files files = { xcalloc(n + 1, sizeof(*files.entry)) };
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		if (entry[i]->local && !file_is_known(entry[i])) {
			paths[k] = entry[i]->key;
			files.entry[k++] = entry[i];
		}
	media_probe_many(paths, k, 0, on_file, &files);
	free(files.entry);
	free(paths);
}

/* ---- addresses ---- */

/* Whether an earlier answer may stand in for one that was not to be had: not
 * where the server said that there is nothing, or something else. */
static bool
may_stand_in(long status, const struct err *err)
{
	switch (status) {
	case 0: case 408: case 425: case 429:
	case 500: case 502: case 503: case 504:
		return err_may_pass(err->kind);
	default:
		return false;
	}
}

static void
on_failure(struct entry *e, const struct media_remote *r,
    const struct err *err)
{
	e->known.err = *err;
	e->known.silent = r->silent || r->requests == 0 ||
	    (r->status == 0 && strstr(err->msg, ": not asked") != NULL);
	e->known.stands_in = e->cached && may_stand_in(r->status, err);
	e->known.known = e->known.stands_in;
}

static void
on_answer(void *ctx, const struct media_remote *r, const struct err *err)
{
	struct entry *e = ctx;
	struct cache_media *c = &e->known.facts;
	struct err ignored = ERR_INIT;

	if (err != NULL) {
		on_failure(e, r, err);
		return;
	}
	if (r->not_modified && e->cached) {
		c->learnt = e->m->clock;
		learnt(e);
		if (cache_media_touch(e->m->cache, e->key, c->learnt,
		    &ignored) != 0)
			warn_cache(e->m, &ignored);
		return;
	}
	memset(c, 0, sizeof(*c));
	take_facts(e, &r->facts, r->how, r->doubt);
	c->looked = r->has_facts;
	/* What the bytes are is more than what the server says they are. */
	(void)snprintf(c->type, sizeof(c->type), "%s", r->has_facts &&
	    r->facts.duration_ms >= 0 ? r->facts.type : r->type);
	memcpy(c->etag, r->etag, sizeof(c->etag));
	memcpy(c->modified, r->modified, sizeof(c->modified));
	learnt(e);
	to_cache(e);
}

/* Whether what is known needs no asking yet. A time to come is none. */
static bool
is_recent(const struct media_context *m, const struct cache_media *c)
{
	return !m->refresh && c->learnt <= m->clock &&
	    m->clock - c->learnt < m->config->recheck;
}

static void
ask(struct entry *e)
{
	const struct cache_media *c = &e->known.facts;
	struct media_remote_ask a = { .url = e->key, .done = on_answer,
	    .ctx = e };
	bool enough;

	from_cache(e);
	enough = e->cached && (!e->facts || c->looked || c->duration_ms >= 0);
	if (enough && is_recent(e->m, c)) {
		learnt(e);
		return;
	}
	a.want_facts = e->facts;
	if (enough) {
		a.etag = c->etag;
		a.modified = c->modified;
	}
	media_remote_add(e->m->memory->many, &a);
}

static struct http_many *
open_many(const struct media_context *m, struct err *err)
{
	const struct config *c = m->config;
	struct http_many_limits limits = {
		.connections = c->http_connections,
		.per_host = c->http_per_host,
		.timeout = c->http_timeout,
		.retries = c->http_retries,
		.patience = PATIENCE_SECONDS,
		.ca_file = c->http_ca_file
	};

	return http_many_open(&limits, err);
}

static void
learn_addresses(struct media_context *m, struct entry **entry, size_t n)
{
	struct media_memory *mem = m->memory;
	struct err err = ERR_INIT;
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		k += !entry[i]->local;
	if (k == 0)
		return;
	if (mem->many == NULL)
		mem->many = open_many(m, &err);
	for (i = 0; i < n; i++)
		if (!entry[i]->local && mem->many == NULL)
			entry[i]->known.err = err;
		else if (!entry[i]->local)
			ask(entry[i]);
	/* Each got the err as well. */
	if (mem->many != NULL)
		(void)http_many_run(mem->many, &err);
}

/* ---- the memory ---- */

/* The entry of a wish: NULL when it is there already, and enough. */
static struct entry *
new_entry(struct media_context *m, const struct media_wish *w)
{
	const char *key = w->file != NULL ? w->file : w->url;
	struct media_memory *mem = m->memory;
	size_t at = strmap_get(&mem->by_key, key);
	struct entry *e;

	if (at != STRMAP_NONE) {
		e = mem->entry[at];
		if (e->local || e->facts || !w->facts)
			return NULL;
		e->facts = true;
		if (e->pending)
			return NULL;
		e->pending = true;
		return e;
	}
	e = xcalloc(1, sizeof(*e));
	e->m = m;
	e->key = xstrdup(key);
	e->local = w->file != NULL;
	e->facts = w->facts;
	e->pending = true;
	if (mem->n == mem->room) {
		mem->room = mem->room == 0 ? 64 : 2 * mem->room;
		mem->entry = xreallocarray(mem->entry, mem->room,
		    sizeof(*mem->entry));
	}
	(void)strmap_put(&mem->by_key, e->key, mem->n);
	mem->entry[mem->n++] = e;
	return e;
}

const struct media_known *
media_learn(struct media_context *m, const struct media_wish *wish, size_t n)
{
	struct entry **entry = xcalloc(n + 1, sizeof(*entry)), *e;
	size_t i, k = 0;

	if (m->memory == NULL)
		m->memory = xcalloc(1, sizeof(*m->memory));
	for (i = 0; i < n; i++)
		if ((e = new_entry(m, &wish[i])) != NULL)
			entry[k++] = e;
	learn_files(entry, k);
	learn_addresses(m, entry, k);
	for (i = 0; i < k; i++)
		entry[i]->pending = false;
	free(entry);
	if (n == 0)
		return NULL;
	wish += n - 1;
	return &m->memory->entry[strmap_get(&m->memory->by_key, wish->file !=
	    NULL ? wish->file : wish->url)]->known;
}

void
media_learn_release(struct media_context *m)
{
	struct media_memory *mem = m->memory;
	size_t i;

	if (mem == NULL)
		return;
	http_many_close(mem->many);
	for (i = 0; i < mem->n; i++) {
		free(mem->entry[i]->key);
		free(mem->entry[i]);
	}
	free(mem->entry);
	strmap_release(&mem->by_key);
	free(mem);
	m->memory = NULL;
}
