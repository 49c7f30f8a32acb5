/*
 * The audio of an episode: which file or address it is, its true size, its
 * type and its duration.
 */
#ifndef SHOW_MEDIA_H
#define SHOW_MEDIA_H

#include "base/err.h"
#include "show/config.h"
#include "show/show.h"
#include "store/cache.h"

struct media_context {
	const struct config *config;
	struct cache *cache;		/* NULL: none */
	struct http_session *http;	/* made when first needed */
	int64_t now;
};

void media_context_release(struct media_context *m);

/* Makes e->audio complete: url, type and length are the truth afterwards,
 * duration where it can be known. A local file is one that `audio` names in
 * media_dir (or beside the notes), that media_url leads to, or that probe_map
 * leads to; for everything else the web server is asked. What is wrong goes
 * to findings with the file and line that named the audio ("episode-audio");
 * false then. What the source claims and the file contradicts is a warning
 * ("episode-length", "episode-duration"), and the file wins. */
bool media_resolve(struct media_context *m, struct show *show,
    struct episode *e, struct findings *to);

/* What is in a local file. */
struct media_facts {
	int64_t length;
	int64_t duration_ms;	/* -1: not known */
	char type[64];
};

/* Reads it; ERR_INPUT when it is no audio or video file. */
int media_probe_file(const char *path, struct media_facts *out,
    struct err *err);

#endif
