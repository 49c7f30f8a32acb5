/*
 * The audio of an episode: which file or address it is, its true size, its
 * type and its duration.
 */
#ifndef SHOW_MEDIA_H
#define SHOW_MEDIA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/http.h"
#include "show/config.h"
#include "show/media_probe.h"
#include "show/show.h"
#include "store/cache.h"

/* After so many requests in a row that a host did not answer, it is not asked
 * again in this run: each would wait for http_timeout. */
#define MEDIA_SILENCE_MAX 2

struct media_host;	/* one that did not answer */

struct media_context {
	const struct config *config;
	struct cache *cache;		/* NULL: none */
	int64_t clock;			/* the time it is, whatever --at says */
	bool refresh;			/* ask for all, however recent */
	bool gathers;			/* what a silent host was not asked for
					 * is counted, not told one by one */
	/* Made when first needed. */
	struct http_session *http;
	struct media_probe *probe;
	struct media_host *hosts;
};

void media_context_release(struct media_context *m);

/* Makes e->audio complete: url, type and length are the truth afterwards,
 * duration where it can be known, and file the real path of a local file. A local file is one that `audio` names in
 * media_dir (or beside the notes), that media_url leads to, or that probe_map
 * leads to; for everything else the web server is asked, unless the cache has
 * an answer that is younger than `recheck`. Where it cannot be asked, or
 * answers with a passing error, its earlier answer in the cache stands in, with
 * one warning for each host ("media-from-cache"). What is wrong goes
 * to findings with the file and line that named the audio ("episode-audio"),
 * an error of the network with its kind; false then. What the source claims and the file contradicts is a warning
 * ("episode-length", "episode-duration"), and the file wins. */
bool media_resolve(struct media_context *m, struct show *show,
    struct episode *e, struct findings *to);

/* Tells what was counted, one error for each host; to has counted each. */
void media_tell_unasked(struct media_context *m, const struct findings *to);

/* Where the audio of an episode that was not resolved yet is to be found. */
struct media_where {
	const char *file;	/* the real path of a local one; NULL: none */
	const char *ask;	/* the address to ask where there is none */
	const char *url;	/* that under which it is published */
};

/* false: nowhere, which media_resolve() tells. */
bool media_where(const struct media_context *m, struct show *show,
    const struct episode *e, struct media_where *out);

/* The local file that media_resolve() would look into, or NULL; for an episode
 * that was not resolved yet. */
const char *media_local(const struct media_context *m, struct show *show,
    const struct episode *e);

#endif
