#include "show/media.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/log.h"

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
}

static bool
complain(const struct episode *e, struct findings *to, const char *text)
{
	finding_add(to, SEV_ERROR, "episode-audio", e->audio_from,
	    e->audio_line, "%s", text);
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

static const char *
percent_encoded(struct arena *a, const char *path)
{
	struct buf b;
	char *out;

	buf_init(&b, 0);
	for (; *path != '\0'; path++) {
		if (isalnum((unsigned char)*path) ||
		    strchr("-._~/", *path) != NULL)
			buf_addc(&b, *path);
		else
			buf_addf(&b, "%%%02X",
			    (unsigned)(unsigned char)*path);
	}
	out = arena_strdup(a, b.data);
	buf_release(&b);
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

/* `audio` names a file: it lies in media_dir, else beside the notes. */
static bool
place_named(struct show *show, struct episode *e, struct place *out,
    struct findings *to)
{
	const char *root = show->media_dir != NULL ? show->media_dir :
	    fs_dirname(&show->arena, e->file);
	struct err err = ERR_INIT;
	size_t len;

	if (show->media_url == NULL)
		return complain(e, to, "`audio` names a file, but show.ini "
		    "has no media_url to tell its public address");
	out->file = fs_beneath(&show->arena, root, e->audio.file, &err);
	if (out->file == NULL)
		return complain(e, to, err.msg);
	len = strlen(show->media_url);
	e->audio.url = arena_printf(&show->arena, "%s%s%s", show->media_url,
	    show->media_url[len - 1] == '/' ? "" : "/",
	    percent_encoded(&show->arena, e->audio.file));
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
	out->file = fs_beneath(&show->arena, root,
	    percent_decoded(&show->arena, rest), &err);
	return out->file != NULL || complain(e, to, arena_printf(&show->arena,
	    "%s: %s", e->audio.url, err.msg));
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

	c->learnt = m->now;
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
	struct fs_stamp now;

	if (fs_stamp(file, &now, err) != 0)
		return -1;
	if (from_cache(m, file, c) == 1 && c->stamp.size == now.size &&
	    c->stamp.mtime_ns == now.mtime_ns && c->stamp.inode == now.inode)
		return 0;
	if (media_probe_file(file, &facts, err) != 0)
		return -1;
	memset(c, 0, sizeof(*c));
	c->stamp = now;
	c->length = facts.length;
	c->duration_ms = facts.duration_ms;
	memcpy(c->type, facts.type, sizeof(facts.type));
	to_cache(m, file, c);
	return 0;
}

static int
learn_remote(struct media_context *m, const char *url, struct cache_media *c,
    struct err *err)
{
	bool known = from_cache(m, url, c) == 1;
	struct http_head h;

	if (m->http == NULL)
		m->http = http_session_open(m->config->http_timeout, err);
	if (m->http == NULL)
		return -1;
	if (http_head(m->http, url, known ? c->etag : NULL,
	    known ? c->modified : NULL, &h, err) != 0)
		return -1;
	if (h.not_modified && known)
		return 0;
	if (strncmp(h.type, "text/", 5) == 0)
		return err_set(err, ERR_NETWORK, "HEAD %s: the server sends "
		    "%s, no audio", url, h.type);
	if (h.length <= 0)
		return err_set(err, ERR_NETWORK, "HEAD %s: the server says "
		    "the file has %lld bytes", url, (long long)h.length);
	memset(c, 0, sizeof(*c));
	c->length = h.length;
	c->duration_ms = -1;
	memcpy(c->type, h.type, sizeof(c->type));
	memcpy(c->etag, h.etag, sizeof(c->etag));
	memcpy(c->modified, h.modified, sizeof(c->modified));
	to_cache(m, url, c);
	return 0;
}

/* A server that knows no type says application/octet-stream; then the name
 * in the address decides, as players do. */
static const char *
type_of(struct arena *a, const struct episode *e, const char *learnt)
{
	static const char *const types[][2] = {
		{ ".mp3", "audio/mpeg" }, { ".m4a", "audio/x-m4a" },
		{ ".m4b", "audio/x-m4b" }, { ".mp4", "video/mp4" },
		{ ".m4v", "video/x-m4v" }, { ".mov", "video/quicktime" },
		{ ".ogg", "audio/ogg" }, { ".opus", "audio/ogg" },
		{ ".flac", "audio/flac" }, { ".wav", "audio/wav" }
	};
	size_t i, len = strcspn(e->audio.url, "?#"), end;

	if (strncmp(learnt, "audio/", 6) == 0 ||
	    strncmp(learnt, "video/", 6) == 0)
		return arena_strdup(a, learnt);
	if (e->audio.type != NULL)
		return e->audio.type;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		end = strlen(types[i][0]);
		if (len > end && strncasecmp(e->audio.url + len - end,
		    types[i][0], end) == 0)
			return types[i][1];
	}
	return NULL;
}

static bool
settle(struct show *show, struct episode *e, const struct cache_media *c,
    struct findings *to)
{
	int64_t seconds = (c->duration_ms + 500) / 1000;

	if (e->audio.length > 0 && e->audio.length != c->length)
		finding_add(to, SEV_WARNING, "episode-length", e->file,
		    e->line, "length says %lld bytes, but the file has %lld; "
		    "the file's size is used", (long long)e->audio.length,
		    (long long)c->length);
	e->audio.length = c->length;
	if (c->duration_ms >= 0) {
		if (e->audio.duration >= 0 &&
		    llabs(e->audio.duration - seconds) > 1)
			finding_add(to, SEV_WARNING, "episode-duration",
			    e->file, e->line, "duration says %lld seconds, "
			    "but the file has %lld; the file's are used",
			    (long long)e->audio.duration, (long long)seconds);
		e->audio.duration = seconds;
	}
	e->audio.type = type_of(&show->arena, e, c->type);
	if (e->audio.type == NULL)
		return complain(e, to, "the type of the audio is not known; "
		    "write `type: audio/mpeg` or what it is");
	e->media_known = true;
	return true;
}

bool
media_resolve(struct media_context *m, struct show *show, struct episode *e,
    struct findings *to)
{
	struct place place = { NULL, NULL };
	struct err err = ERR_INIT;
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
	    learn_remote(m, place.url, &c, &err);
	if (rc != 0) {
		char text[ERR_MSG_MAX + ERR_FILE_MAX];

		err_format(&err, text, sizeof(text));
		return complain(e, to, text);
	}
	e->audio.file = place.file;
	return settle(show, e, &c, to);
}
