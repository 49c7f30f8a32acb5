/*
 * The audio of an episode: which file or address it is, its true size, its
 * type and its duration; and so of its renditions.
 */
#ifndef SHOW_MEDIA_H
#define SHOW_MEDIA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "show/config.h"
#include "show/show.h"
#include "store/cache.h"

struct media_host;	/* one that did not answer */
struct media_memory;

struct media_context {
	const struct config *config;
	struct cache *cache;		/* NULL: none */
	int64_t clock;			/* the time it is, whatever --at says */
	bool refresh;			/* ask for all, however recent */
	bool strict;			/* what contradicts the file is an
					 * error */
	bool gathers;			/* the errors of a silent host are
					 * counted, not told one by one */
	/* Made when first needed. */
	struct media_memory *memory;	/* what was learnt in this run */
	struct media_host *hosts;
};

void media_context_release(struct media_context *m);

/* A file of an episode that will be asked for. */
struct media_due {
	struct show *show;
	const struct episode *episode;
	const struct media *media;
};

/* Learns of all of them at once: local ones on two threads, addresses on many
 * connections. Tells nothing: media_resolve() does, and finds here what
 * it needs. Each file and address is looked at once in a run. */
void media_prepare(struct media_context *m, const struct media_due *due,
    size_t n);

/* Makes e->audio and e->renditions complete: url, type and length are the truth
 * afterwards, duration where it can be known, and file the real path of a local
 * file. A local file is one that `audio` names in media_dir (or beside the
 * notes), that media_url leads to, or that probe_map leads to; for everything
 * else the web server is asked, unless the cache has an answer that is younger
 * than `recheck`; how long the audio is, and the bitrates of several files,
 * only where the source does not say. Where the server cannot be asked, or
 * answers with a passing error, its earlier answer in the cache stands in, with
 * one warning for each host ("media-from-cache"). What is wrong goes to
 * findings with the file and line that named the audio ("episode-audio"), an
 * error of the network with its kind; false then. What the source claims and
 * the file contradicts is a warning ("episode-length", "episode-duration"), and
 * the file wins; so is what is odd about the file or its server
 * ("media-doubt"). With `strict` the former are errors, and false. */
bool media_resolve(struct media_context *m, struct show *show,
    struct episode *e, struct findings *to);

/* As media_resolve(), of one file (show_media()) alone; nothing is known of the
 * episode as a whole then. Once for each. */
bool media_resolve_file(struct media_context *m, struct show *show,
    struct episode *e, size_t i, struct findings *to);

/* Of a resolved episode: a local file of it that was written less than the
 * show's `settle` seconds ago; NULL: there is none. */
const struct media *media_young(struct media_context *m,
    const struct show *show, const struct episode *e);
/* Whether its files are as they were when it was resolved; ERR_TEMPORARY with
 * its name when not. 0 for what is no local file. */
int media_still(struct media_context *m, const struct episode *e,
    struct err *err);

/* Whether a feed would lack the duration of a resolved episode's audio: players
 * show it only where it is told. A document has none. */
bool media_lacks_duration(const struct episode *e);
/* As a warning ("episode-no-duration"). */
void media_warn_duration(const struct episode *e, struct findings *to);

/* Tells what was counted, one error for each host; to has counted each. */
void media_tell_silent(struct media_context *m, const struct findings *to);

/* Where one of the files of an episode that was not resolved yet is to be
 * found. */
struct media_where {
	const char *file;	/* the real path of a local one; NULL: none */
	const char *ask;	/* the address to ask where there is none */
	const char *url;	/* that under which it is published */
};

/* false: nowhere, which media_resolve() tells. */
bool media_where(const struct media_context *m, struct show *show,
    const struct episode *e, const struct media *audio,
    struct media_where *out);

/* The real path of the local file that an address leads to, by media_url or
 * probe_map; NULL: none, or it is not there. In the arena. */
const char *media_local(const struct config *c, const struct show *show,
    struct arena *a, const char *url);

/* What media_resolve() found out about a file of a resolved episode; cached: it
 * was in the cache, and nobody was asked, nor the file looked into. */
const struct cache_media *media_learnt(struct media_context *m,
    const struct media *audio, bool *cached);

/* Size in bytes and duration in seconds without asking anybody: of the file,
 * else what was learnt of the address earlier, else as claimed; -1: not
 * known. Of a file of an episode that was not resolved yet. */
void media_glance(struct media_context *m, struct show *show,
    const struct episode *e, const struct media *audio, int64_t *length,
    int64_t *duration);

#endif
