#include "show/media_learn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/http_many.h"
#include "base/log.h"
#include "base/strmap.h"
#include "show/media_chapters.h"
#include "show/media_probe.h"
#include "show/media_remote.h"

/* A file, what a server says of an address, or what is in the file there. */
struct entry {
	struct media_context *m;
	char *key;		/* also of the cache: no address has a blank */
	const char *url;	/* to be asked; NULL: a file */
	struct entry *said;	/* of what is in it: what the server says of
				 * it */
	struct entry *then;	/* of what the server says: who waits for it */
	/* Of what the server says: it is known, or that it says nothing. */
	bool done;
	bool asked;		/* in this run: the server was */
	bool row;		/* the cache has something of it, which is
				 * in known.facts */
	struct media_known known;
};

struct media_memory {
	struct strmap by_key;
	struct entry **entry;
	size_t n, room;
	size_t ndone;		/* for the progress */
	struct http_many *many;
	struct arena chapters;	/* of all entries */
};

static void
count(const struct entry *e)
{
	struct media_memory *mem = e->m->memory;

	log_progress("audio", ++mem->ndone, mem->n);
}

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
	e->row = rc == 1;
}

/* Also what is as it was: it was learnt now. */
static void
to_cache(struct entry *e)
{
	struct err err = ERR_INIT;

	e->known.facts.learnt = e->m->clock;
	if (strlen(e->key) <= CACHE_KEY_MAX && cache_media_put(e->m->cache,
	    e->key, &e->known.facts, &err) != 0)
		warn_cache(e->m, &err);
}

static void
learnt(struct entry *e)
{
	char duration[32] = "duration not known";
	const struct cache_media *c = &e->known.facts;

	e->known.known = true;
	if (c->duration_ms >= 0)
		(void)snprintf(duration, sizeof(duration), "%lld ms",
		    (long long)c->duration_ms);
	log_debug("%s: %lld bytes, %s, %s (%s)", e->key,
	    (long long)c->length, c->type, duration, c->how);
}

static void
take_inside(struct entry *e, const struct media_facts *f)
{
	struct cache_media *c = &e->known.facts;
	const struct media_art *art = &f->art;

	c->sample_rate = f->sample_rate;
	c->channels = f->channels;
	c->vbr = f->vbr;
	c->width = f->width;
	c->height = f->height;
	c->art = (struct cache_art){ .width = art->width,
		.height = art->height, .channels = art->channels,
		.grey = art->grey, .alpha = art->alpha, .cmyk = art->cmyk,
		.bytes = art->bytes };
	(void)snprintf(c->art.type, sizeof(c->art.type), "%s", art->type);
	c->chapters = media_chapters_text(&e->m->memory->chapters, f,
	    CACHE_CHAPTERS_MAX);
	if (c->chapters == NULL && f->nchapters > 0)
		log_debug("%s: its %zu chapters are more than is kept", e->key,
		    f->nchapters);
}

static void
take_facts(struct entry *e, const struct media_facts *f, const char *how,
    const char *doubt)
{
	struct cache_media *c = &e->known.facts;

	e->row = false;
	c->length = f->length;
	c->duration_ms = f->duration_ms;
	c->bitrate = f->bitrate;
	(void)snprintf(c->codec, sizeof(c->codec), "%s", f->codec);
	(void)snprintf(c->how, sizeof(c->how), "%s", how);
	(void)snprintf(c->doubt, sizeof(c->doubt), "%s", f->doubt != NULL ?
	    f->doubt : doubt != NULL ? doubt : "");
	take_inside(e, f);
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
	if (e->row && was->size == now.size &&
	    was->mtime_ns == now.mtime_ns && was->inode == now.inode) {
		e->known.cached = true;
		learnt(e);
		return true;
	}
	e->row = false;
	memset(&e->known.facts, 0, sizeof(e->known.facts));
	e->known.facts.stamp = now;
	return false;
}

static void
on_file(void *ctx, size_t i, const struct media_facts *facts,
    const struct err *err)
{
	struct entry *e = ((struct entry **)ctx)[i];

	count(e);
	if (facts == NULL) {
		e->known.err = *err;
		return;
	}
	take_facts(e, facts, "file", NULL);
	(void)snprintf(e->known.facts.type, sizeof(e->known.facts.type), "%s",
	    facts->type);
	learnt(e);
	to_cache(e);
}

static void
learn_files(struct entry **entry, size_t n)
{
	const char **paths = xcalloc(n + 1, sizeof(*paths));
	struct entry **unknown = xcalloc(n + 1, sizeof(*unknown));
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		if (entry[i]->url == NULL && !file_is_known(entry[i])) {
			paths[k] = entry[i]->key;
			unknown[k++] = entry[i];
		}
	media_probe_many(paths, k, 0, on_file, unknown);
	free(unknown);
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
failed(struct entry *e, const struct media_remote *r, const struct err *err)
{
	e->known.err = *err;
	e->known.silent = r->silent;
	e->known.stands_in = e->row && may_stand_in(r->status, err);
	e->known.known = e->known.stands_in;
}

/* ---- what is in the file ---- */

static void
on_facts(void *ctx, const struct media_remote *r, const struct err *err)
{
	struct entry *e = ctx;
	struct cache_media *c = &e->known.facts;

	count(e);
	if (err != NULL) {
		failed(e, r, err);
		return;
	}
	memset(c, 0, sizeof(*c));
	take_facts(e, &r->facts, r->how, r->doubt);
	/* What the bytes are is more than what the server says they are. */
	(void)snprintf(c->type, sizeof(c->type), "%s",
	    r->facts.duration_ms >= 0 ? r->facts.type : r->type);
	/* The version is that of HEAD, which is asked for it again. */
	memcpy(c->etag, e->said->known.facts.etag, sizeof(c->etag));
	memcpy(c->modified, e->said->known.facts.modified,
	    sizeof(c->modified));
	learnt(e);
	if (r->has_facts)
		to_cache(e);
}

/* Whether what is known needs no asking yet. A time to come is none. */
static bool
is_recent(const struct media_context *m, const struct cache_media *c)
{
	return !m->refresh && c->learnt <= m->clock &&
	    m->clock - c->learnt < m->config->recheck;
}

/* Whether what is cached of the file is of the one that the server has. */
static bool
is_of_now(const struct entry *e)
{
	const struct cache_media *c = &e->known.facts,
	    *now = &e->said->known.facts;

	if (now->etag[0] != '\0' || c->etag[0] != '\0')
		return strcmp(now->etag, c->etag) == 0;
	if (now->modified[0] != '\0' || c->modified[0] != '\0')
		return strcmp(now->modified, c->modified) == 0;
	/* A server that tells no version: a file of another sound is hardly of
	 * the same size. */
	return now->length == c->length && (e->said->known.stands_in ||
	    !e->m->refresh);
}

/* Once it is known what the server says, or that it says nothing. */
static void
ask_facts(struct entry *e)
{
	const struct media_known *said = &e->said->known;

	from_cache(e);
	if (said->known && e->row && is_of_now(e)) {
		e->known.cached = true;
		learnt(e);
		e->known.stands_in = said->stands_in;
		e->known.err = said->err;
	} else if (!said->known || said->stands_in) {
		e->known = *said;
		e->row = false;
	} else {
		media_remote_add(e->m->memory->many,
		    &(struct media_remote_ask){ .url = e->url,
		    .etag = said->facts.etag,
		    .modified = said->facts.modified,
		    .length = said->facts.length, .want_facts = true,
		    .done = on_facts, .ctx = e });
		return;
	}
	count(e);
}

/* ---- what the server says ---- */

static void
answered(struct entry *e)
{
	e->done = true;
	count(e);
	if (e->then != NULL)
		ask_facts(e->then);
}

static void
on_answer(void *ctx, const struct media_remote *r, const struct err *err)
{
	struct entry *e = ctx;
	struct cache_media *c = &e->known.facts;

	e->asked = true;
	if (err != NULL) {
		failed(e, r, err);
		answered(e);
		return;
	}
	if (!r->not_modified) {
		memset(c, 0, sizeof(*c));
		take_facts(e, &r->facts, r->how, r->doubt);
		memcpy(c->type, r->type, sizeof(c->type));
		memcpy(c->etag, r->etag, sizeof(c->etag));
		memcpy(c->modified, r->modified, sizeof(c->modified));
	}
	learnt(e);
	to_cache(e);
	answered(e);
}

static void
ask(struct entry *e)
{
	const struct cache_media *c = &e->known.facts;
	struct media_remote_ask a = { .url = e->url, .done = on_answer,
	    .ctx = e };

	from_cache(e);
	if (e->row && is_recent(e->m, c)) {
		e->known.cached = true;
		learnt(e);
		answered(e);
		return;
	}
	if (e->row) {
		a.etag = c->etag;
		a.modified = c->modified;
	}
	media_remote_add(e->m->memory->many, &a);
}

static void
learn_addresses(struct media_context *m, struct entry **entry, size_t n)
{
	struct media_memory *mem = m->memory;
	struct err err = ERR_INIT;
	size_t i;

	if (mem->many == NULL)
		mem->many = http_many_open(&m->config->http, &err);
	for (i = 0; i < n; i++) {
		struct entry *e = entry[i];

		if (e->url == NULL)
			continue;
		if (mem->many == NULL) {
			e->known.err = err;
			answered(e);
		} else if (e->said == NULL) {
			ask(e);
		} else {
			ask_facts(e);
		}
	}
	/* Each got the err as well. */
	if (mem->many != NULL)
		(void)http_many_run(mem->many, &err);
}

/* ---- the memory ---- */

/* The entry of a key, a new one where there is none; is_new tells. */
static struct entry *
entry_of(struct media_context *m, const char *key, const char *url,
    bool *is_new)
{
	struct media_memory *mem = m->memory;
	size_t at = strmap_get(&mem->by_key, key);
	struct entry *e;

	*is_new = at == STRMAP_NONE;
	if (!*is_new)
		return mem->entry[at];
	e = xcalloc(1, sizeof(*e));
	e->m = m;
	e->key = xstrdup(key);
	/* Of a key of what is in the file its beginning. */
	e->url = url;
	if (mem->n == mem->room) {
		mem->room = mem->room == 0 ? 64 : 2 * mem->room;
		mem->entry = xreallocarray(mem->entry, mem->room,
		    sizeof(*mem->entry));
	}
	(void)strmap_put(&mem->by_key, e->key, mem->n);
	mem->entry[mem->n++] = e;
	return e;
}

/* The entry that answers a wish; what has to be learnt for it goes to the
 * list. */
static struct entry *
entry_for(struct media_context *m, const struct media_wish *w,
    struct entry **list, size_t *n)
{
	struct entry *e, *facts;
	struct buf key;
	bool is_new;

	e = entry_of(m, w->file != NULL ? w->file : w->url, NULL, &is_new);
	if (is_new)
		list[(*n)++] = e;
	if (w->file != NULL)
		return e;
	e->url = e->key;
	if (!w->facts)
		return e;
	buf_init(&key, 0);
	buf_addf(&key, "%s facts", w->url);
	facts = entry_of(m, key.data, e->key, &is_new);
	buf_release(&key);
	if (!is_new)
		return facts;
	facts->said = e;
	if (e->done)
		list[(*n)++] = facts;
	else
		e->then = facts;
	return facts;
}

/* The entry of the last wish, with all of them learnt. */
static struct entry *
learn(struct media_context *m, const struct media_wish *wish, size_t n)
{
	struct entry **list = xcalloc(n + 1, sizeof(*list)), *e = NULL;
	size_t i, k = 0;

	if (m->memory == NULL)
		m->memory = xcalloc(1, sizeof(*m->memory));
	for (i = 0; i < n; i++)
		e = entry_for(m, &wish[i], list, &k);
	if (k > 0) {
		learn_files(list, k);
		learn_addresses(m, list, k);
		log_progress_end();
	}
	free(list);
	return e;
}

const struct media_known *
media_learn(struct media_context *m, const struct media_wish *wish, size_t n)
{
	struct entry *e = learn(m, wish, n);

	return e != NULL ? &e->known : NULL;
}

const char *
media_learn_chapters(struct media_context *m, const struct media_wish *wish,
    struct arena *a)
{
	struct entry *e = learn(m, wish, 1);
	struct err err = ERR_INIT;
	const char *text = NULL;

	if (!e->known.known)
		return NULL;
	if (!e->row)
		return e->known.facts.chapters;
	if (cache_chapters_get(m->cache, e->key, a, &text, &err) < 0)
		warn_cache(m, &err);
	return text;
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
	arena_release(&mem->chapters);
	free(mem);
	m->memory = NULL;
}
