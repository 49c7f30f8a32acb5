#include "show/media.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/log.h"
#include "show/media_host.h"
#include "show/media_type.h"
#include "text/url.h"

/* Where the truth about an episode's audio is to be had. */
struct place {
	const char *file;	/* local; NULL: ask */
	const char *url;	/* the address to ask */
};

void
media_context_release(struct media_context *m)
{
	http_session_close(m->http);
	m->http = NULL;
	media_probe_close(m->probe);
	m->probe = NULL;
	media_host_free(m);
}

static bool
complain(const struct episode *e, struct findings *to, const char *text)
{
	finding_add(to, SEV_ERROR, "episode-audio", e->audio_from,
	    e->audio_line, "%s", text);
	return false;
}

/* The finding stands where the audio was named; the file that the err names
 * is part of its text, and its kind decides the exit code. */
static bool
complain_err(const struct episode *e, struct findings *to,
    const struct err *err)
{
	char text[ERR_MSG_MAX + ERR_FILE_MAX];
	struct err told = ERR_INIT;

	err_format(err, text, sizeof(text));
	err_set(&told, err->kind, "%s", text);
	err_at(&told, e->audio_from, e->audio_line);
	finding_err(to, "episode-audio", &told);
	return false;
}

/* media_dir is one mistake, however many episodes want a file of it. */
static bool
has_folder(struct show *show, const char *root, struct findings *to)
{
	if (root != show->media_dir || fs_is_dir(root))
		return true;
	if (!show->media_dir_told)
		finding_add(to, SEV_ERROR, "option-value", show->file,
		    show_line(show, "media_dir"), "media_dir: there is no "
		    "folder `%s`; the audio of the episodes cannot be found",
		    root);
	show->media_dir_told = true;
	return false;
}

static const char *
percent_decoded(struct arena *a, const char *s)
{
	char *out = arena_strdup(a, s), *to = out;
	unsigned char byte;
	char hex[3];

	for (; *s != '\0' && *s != '?' && *s != '#'; s++) {
		if (*s == '%' && s[1] != '\0' && s[2] != '\0') {
			memcpy(hex, s + 1, 2);
			hex[2] = '\0';
			if (hash_unhex(hex, &byte, 1) == 0 && byte != 0) {
				*to++ = (char)byte;
				s += 2;
				continue;
			}
		}
		*to++ = *s;
	}
	*to = '\0';
	return out;
}

/* The rest of url behind prefix, which counts with or without its slash. */
static const char *
behind(const char *url, const char *prefix)
{
	size_t len = strlen(prefix);

	if (len > 0 && prefix[len - 1] == '/')
		len--;
	if (strncmp(url, prefix, len) != 0 || url[len] != '/')
		return NULL;
	return url + len + 1;
}

/* name without empty and "." parts, and ".." taken back; what leads above
 * its folder is cut off, and then names another file or none. */
static const char *
tidied(struct arena *a, const char *name)
{
	struct buf b;
	const char *out;
	size_t len;

	buf_init(&b, 0);
	for (; *name != '\0'; name += len + (name[len] == '/')) {
		len = strcspn(name, "/");
		if (len == 0 || (len == 1 && name[0] == '.'))
			continue;
		if (len == 2 && strncmp(name, "..", 2) == 0) {
			while (b.len > 0 && b.data[b.len - 1] != '/')
				buf_truncate(&b, b.len - 1);
			if (b.len > 0)
				buf_truncate(&b, b.len - 1);
			continue;
		}
		if (b.len > 0)
			buf_addc(&b, '/');
		buf_add(&b, name, len);
	}
	out = arena_strdup(a, b.data);
	buf_release(&b);
	return out;
}

/* How the web server knows real, a file in root that was named so: a link in
 * root keeps its name, all else has the one way that leads to the file. */
static const char *
public_name(struct arena *a, const char *root, const char *name,
    const char *real)
{
	struct err ignored = ERR_INIT;
	const char *tidy = tidied(a, name), *same, *top;

	same = name[0] == '/' ? NULL : fs_beneath(a, root, tidy, &ignored);
	if (same != NULL && strcmp(same, real) == 0)
		return tidy;
	top = fs_beneath(a, root, ".", &ignored);
	if (top != NULL)
		real += strlen(top);
	return real + strspn(real, "/");
}

/* `audio` names a file: it lies in media_dir, else beside the notes, where the
 * folder of `episodes` is the one with the public address. */
static bool
place_named(struct show *show, struct episode *e, struct place *out,
    struct findings *to)
{
	const char *root = show->media_dir != NULL ? show->media_dir :
	    fs_dirname(&show->arena, e->file);
	struct err err = ERR_INIT;
	struct buf url;

	if (show->media_url == NULL)
		return complain(e, to, "`audio` names a file, but show.ini "
		    "has no media_url to tell its public address");
	if (!has_folder(show, root, to))
		return false;
	out->file = fs_beneath(&show->arena, root, e->audio.file, &err);
	if (out->file == NULL)
		return complain(e, to, err.msg);
	buf_init(&url, 0);
	buf_adds(&url, show->media_url);
	if (url.data[url.len - 1] != '/')
		buf_addc(&url, '/');
	if (show->media_dir == NULL)
		url_add_encoded(&url, show_folder(&show->arena, show, e), "/");
	url_add_encoded(&url, public_name(&show->arena, root, e->audio.file,
	    out->file), "/");
	e->audio.url = arena_strdup(&show->arena, url.data);
	buf_release(&url);
	return true;
}

/* An address: of a file in media_dir, mapped by probe_map, or as it is. */
static bool
place_address(const struct media_context *m, struct show *show,
    struct episode *e, struct place *out, struct findings *to)
{
	const struct config_probe *p = NULL;
	const char *root = NULL, *rest = NULL;
	struct err err = ERR_INIT;
	size_t i, len;

	if (show->media_dir != NULL && show->media_url != NULL)
		rest = behind(e->audio.url, show->media_url);
	if (rest != NULL)
		root = show->media_dir;
	for (i = 0; rest == NULL && i < m->config->nprobe; i++) {
		p = &m->config->probe[i];
		rest = behind(e->audio.url, p->prefix);
		root = p->is_url ? NULL : p->instead;
	}
	if (rest == NULL) {
		out->url = e->audio.url;
		return true;
	}
	if (root == NULL) {
		len = strlen(p->instead);
		out->url = arena_printf(&show->arena, "%s%s%s", p->instead,
		    p->instead[len - 1] == '/' ? "" : "/", rest);
		return true;
	}
	if (!has_folder(show, root, to))
		return false;
	out->file = fs_beneath(&show->arena, root,
	    percent_decoded(&show->arena, rest), &err);
	if (out->file != NULL)
		return true;
	/* The folder that is not there is that of a probe_map. */
	return complain(e, to, arena_printf(&show->arena, "%s: %s%s%s",
	    e->audio.url, err.file, err.file[0] != '\0' ? ": " : "",
	    err.msg));
}

static void
warn_cache(struct err *err)
{
	char text[ERR_MSG_MAX + ERR_FILE_MAX];

	err_format(err, text, sizeof(text));
	log_warning("the cache is not used: %s", text);
}

static int
from_cache(struct media_context *m, const char *key, struct cache_media *out)
{
	struct err err = ERR_INIT;
	int rc = cache_media_get(m->cache, key, out, &err);

	if (rc < 0) {
		warn_cache(&err);
		m->cache = NULL;
	}
	return rc;
}

static void
to_cache(struct media_context *m, const char *key, struct cache_media *c)
{
	struct err err = ERR_INIT;

	c->learnt = m->clock;
	if (cache_media_put(m->cache, key, c, &err) != 0) {
		warn_cache(&err);
		m->cache = NULL;
	}
}

static int
learn_local(struct media_context *m, const char *file, struct cache_media *c,
    struct err *err)
{
	struct media_facts facts;
	struct arena a = ARENA_INIT;
	struct fs_stamp now;

	if (fs_stamp(file, &now, err) != 0)
		return -1;
	if (from_cache(m, file, c) == 1 && c->stamp.size == now.size &&
	    c->stamp.mtime_ns == now.mtime_ns && c->stamp.inode == now.inode)
		return 0;
	if (m->probe == NULL)
		m->probe = media_probe_open();
	if (media_probe_file(m->probe, file, &a, &facts, err) != 0) {
		arena_release(&a);
		return -1;
	}
	arena_release(&a);
	log_debug("%s: %lld bytes, %s, %lld ms", file,
	    (long long)facts.length, facts.type,
	    (long long)facts.duration_ms);
	memset(c, 0, sizeof(*c));
	c->stamp = now;
	c->length = facts.length;
	c->duration_ms = facts.duration_ms;
	memcpy(c->type, facts.type, sizeof(facts.type));
	to_cache(m, file, c);
	return 0;
}

/* The record of an address's host; a new one where there is none. */
/* What to do about an answer that is of no use, or none. */
static const char *
remedy(const struct http_head *h, enum err_kind kind)
{
	switch (h->status) {
	case 0:
		if (h->timed_out)
			return "; look at the address, or raise http_timeout "
			    "in config.ini for a slow server";
		return kind == ERR_HOST ? "; look at the address" :
		    "; look at the address, and whether the server runs";
	case 401: case 403:
		return "; podcast players have no password: let everybody "
		    "read it";
	case 404: case 410:
		return "; look at the address, and whether the file is there";
	case 405: case 501:
		return "; let it answer HEAD requests, as Apple Podcasts "
		    "wants too, or name a folder with the files by probe_map "
		    "in config.ini";
	case 200:
		return "; let it send the length, as players want it, or name "
		    "a folder with the files by probe_map in config.ini";
	default:
		return "; try again later, or ask who runs it";
	}
}

static int
ask(struct media_context *m, const char *url, const char *etag,
    const char *modified, struct http_head *h, struct err *err)
{
	struct media_host *host = media_host_of(m, url);
	struct err told = ERR_INIT;

	if (host->silent >= MEDIA_SILENCE_MAX) {
		err_set(err, host->kind, "HEAD %s: not asked: %s did "
		    "not answer twice before", url, host->name);
		return err_rule(err, MEDIA_HOST_UNASKED);
	}
	if (m->http == NULL)
		m->http = http_session_open(m->config->http_timeout, err);
	if (m->http == NULL)
		return -1;
	if (http_head(m->http, url, etag, modified, h, &told) == 0) {
		log_debug("HEAD %s: %ld, %lld bytes, %s", url, h->status,
		    (long long)h->length, h->type);
		host->silent = 0;
		return 0;
	}
	host->silent = h->silent ? host->silent + 1 : 0;
	host->kind = told.kind;
	return err_set(err, told.kind, "%s%s", told.msg,
	    remedy(h, told.kind));
}

/* Whether an earlier answer may stand in for one that was not to be had: not
 * where the server said that there is nothing, or something else. */
static bool
may_be_covered(const struct http_head *h, const struct err *err)
{
	switch (h->status) {
	case 0: case 408: case 425: case 429:
	case 500: case 502: case 503: case 504:
		return err_may_pass(err->kind);
	default:
		return false;
	}
}

/* Said once for each host, or an hour without it would say it of every
 * episode. */
static void
tell_covered(struct media_context *m, const struct episode *e, const char *url,
    const struct cache_media *c, const struct err *why, struct findings *to)
{
	struct media_host *host = media_host_of(m, url);
	struct date when = { c->learnt, 0 };
	char text[DATE_TEXT_MAX];

	date_rfc3339(&when, text);
	if (host->covered) {
		log_debug("HEAD %s: what was said on %s is used", url, text);
		return;
	}
	host->covered = true;
	finding_add(to, SEV_WARNING, "media-from-cache", e->audio_from,
	    e->audio_line, "%s. What it said on %s is used, and so for other "
	    "files there (-v names them)", why->msg, text);
}

/* Whether what is known needs no asking yet. A time to come is none. */
static bool
is_recent(const struct media_context *m, const struct cache_media *c)
{
	return !m->refresh && c->learnt <= m->clock &&
	    m->clock - c->learnt < m->config->recheck;
}

static int
learn_remote(struct media_context *m, const struct episode *e,
    const char *url, struct cache_media *c, struct findings *to,
    struct err *err)
{
	bool known = from_cache(m, url, c) == 1;
	struct http_head h = { .status = 0 };
	struct err told = ERR_INIT;

	if (known && is_recent(m, c))
		return 0;
	if (ask(m, url, known ? c->etag : NULL, known ? c->modified : NULL,
	    &h, &told) != 0) {
		if (known && may_be_covered(&h, &told)) {
			tell_covered(m, e, url, c, &told, to);
			return 0;
		}
		*err = told;
		return -1;
	}
	if (h.not_modified && known) {
		to_cache(m, url, c);
		return 0;
	}
	if (media_type_of(h.type) == MEDIA_TYPE_WRONG)
		return err_set(err, ERR_NETWORK, "HEAD %s: the server sends "
		    "%s, which is no audio; look at the address, and what "
		    "a browser shows there", url, h.type);
	if (h.length <= 0)
		return err_set(err, ERR_NETWORK, "HEAD %s: the server says "
		    "the file has %lld bytes; look whether it is there whole",
		    url, (long long)h.length);
	memset(c, 0, sizeof(*c));
	c->length = h.length;
	c->duration_ms = -1;
	memcpy(c->type, h.type, sizeof(c->type));
	memcpy(c->etag, h.etag, sizeof(c->etag));
	memcpy(c->modified, h.modified, sizeof(c->modified));
	to_cache(m, url, c);
	return 0;
}

/* A file or server that tells no type leaves it to the notes, then to the
 * name in the address, as players do. */
static const char *
type_of(struct arena *a, const struct episode *e, const char *learnt)
{
	const char *by_name;

	if (media_type_of(learnt) == MEDIA_TYPE_SOUND)
		return arena_strdup(a, learnt);
	if (e->audio.type != NULL)
		return e->audio.type;
	/* Bytes at hand that are of no known kind: their name proves
	 * nothing. */
	if (e->audio.file != NULL && strcasecmp(learnt, "application/ogg") &&
	    strcasecmp(learnt, "application/mp4"))
		return NULL;
	by_name = media_type_by_name(e->audio.url);
	return by_name == NULL && strcasecmp(learnt, "application/ogg") == 0 ?
	    "audio/ogg" : by_name;
}

static bool
settle(struct show *show, struct episode *e, const struct cache_media *c,
    struct findings *to)
{
	int64_t seconds = (c->duration_ms + 500) / 1000;

	if (e->audio.length > 0 && e->audio.length != c->length)
		finding_add(to, SEV_WARNING, "episode-length",
		    e->audio_from, e->audio_line, "length says %lld bytes, but the file has %lld; "
		    "the file's size is used", (long long)e->audio.length,
		    (long long)c->length);
	e->audio.length = c->length;
	if (c->duration_ms >= 0) {
		if (e->audio.duration >= 0 &&
		    llabs(e->audio.duration - seconds) > 1)
			finding_add(to, SEV_WARNING, "episode-duration",
			    e->audio_from, e->audio_line, "duration says %lld second%s, "
			    "but the file has %lld; the file's are used",
			    (long long)e->audio.duration,
			    e->audio.duration == 1 ? "" : "s",
			    (long long)seconds);
		e->audio.duration = seconds;
	}
	if (!media_type_fits(c->type, e->audio.url) &&
	    (e->audio.type == NULL ||
	    !media_type_agrees(c->type, e->audio.type)))
		return complain(e, to, arena_printf(&show->arena, "%s is %s, "
		    "and its name says %s; give it the ending of what it is, "
		    "or let the server send its type, or, when it is right "
		    "so, write `type: %s`", e->audio.url, c->type,
		    media_type_by_name(e->audio.url), c->type));
	e->audio.type = type_of(&show->arena, e, c->type);
	if (e->audio.type == NULL)
		return complain(e, to, "it cannot be told whether that is "
		    "audio, and of which type; write `type: audio/mpeg`, or "
		    "what it is");
	e->media_known = true;
	return true;
}

bool
media_where(const struct media_context *m, struct show *show,
    const struct episode *e, struct media_where *out)
{
	struct findings muted = { .report = NULL };
	struct place place = { NULL, NULL };
	struct episode copy = *e;

	if (e->audio.file == NULL ? e->audio.url == NULL || !place_address(m,
	    show, &copy, &place, &muted) : !place_named(show, &copy, &place,
	    &muted))
		return false;
	out->file = place.file;
	out->ask = place.url;
	out->url = copy.audio.url;
	return true;
}

const char *
media_local(const struct media_context *m, struct show *show,
    const struct episode *e)
{
	struct media_where where;

	return media_where(m, show, e, &where) ? where.file : NULL;
}

bool
media_resolve(struct media_context *m, struct show *show, struct episode *e,
    struct findings *to)
{
	struct place place = { NULL, NULL };
	struct err err = ERR_INIT;
	struct findings quiet;
	struct cache_media c;
	int rc;

	if (e->media_known)
		return true;
	if (e->audio.file != NULL) {
		if (!place_named(show, e, &place, to))
			return false;
	} else if (e->audio.url == NULL) {
		return complain(e, to, "the episode has no audio; write "
		    "`audio: FILE or address` at its head");
	} else if (!place_address(m, show, e, &place, to)) {
		return false;
	}
	rc = place.file != NULL ? learn_local(m, place.file, &c, &err) :
	    learn_remote(m, e, place.url, &c, to, &err);
	if (rc != 0) {
		quiet = *to;
		quiet.report = place.file == NULL && media_host_keep(m, e,
		    place.url, &err) ? NULL : to->report;
		complain_err(e, &quiet, &err);
		to->errors = quiet.errors;
		to->kind = quiet.kind;
		return false;
	}
	e->audio.file = place.file;
	return settle(show, e, &c, to);
}
