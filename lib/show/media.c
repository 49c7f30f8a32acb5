#include "show/media.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/log.h"
#include "show/media_host.h"
#include "show/media_learn.h"
#include "show/media_place.h"
#include "show/media_prefix.h"
#include "show/media_type.h"

void
media_context_release(struct media_context *m)
{
	media_learn_release(m);
	media_host_free(m);
}

/* The finding stands where the audio was named; the file that the err names
 * is part of its text, and its kind decides the exit code. */
static bool
complain_err(const struct media *audio, struct findings *to,
    const struct err *err)
{
	char text[ERR_MSG_MAX + ERR_FILE_MAX];
	struct err told = ERR_INIT;

	err_format(err, text, sizeof(text));
	err_set(&told, err->kind, "%s", text);
	err_at(&told, audio->from, audio->line);
	finding_err(to, "episode-audio", &told);
	return false;
}

/* Said once for each host, or an hour without it would say it of every
 * episode. */
static void
tell_covered(struct media_context *m, const struct media *audio,
    const char *url, const struct cache_media *c, const struct err *why,
    struct findings *to)
{
	struct media_host *host = media_host_of(m, url);
	struct date when = { c->learnt, 0 };
	char text[DATE_TEXT_MAX];

	date_rfc3339(&when, text);
	if (host->covered) {
		log_debug("%s: what was said on %s is used", url, text);
		return;
	}
	host->covered = true;
	finding_add(to, SEV_WARNING, "media-from-cache", audio->from,
	    audio->line, "%s. What it said on %s is used (-v names each file "
	    "of that server for which it is so)", why->msg, text);
}

/* A file or server that tells no type leaves it to the notes, then to the
 * name in the address, as players do. */
static const char *
type_of(struct arena *a, const struct media *audio, const char *learnt)
{
	const char *by_name;

	if (media_type_of(learnt) == MEDIA_TYPE_SOUND)
		return arena_strdup(a, learnt);
	if (audio->type != NULL)
		return audio->type;
	/* Bytes at hand that are of no known kind: their name proves
	 * nothing. */
	if (audio->file != NULL && strcasecmp(learnt, "application/ogg") &&
	    strcasecmp(learnt, "application/mp4"))
		return NULL;
	by_name = media_type_by_name(audio->url);
	return by_name == NULL && strcasecmp(learnt, "application/ogg") == 0 ?
	    "audio/ogg" : by_name;
}

/* What the source says and the file does not; false where that is an error. */
static bool
compare(const struct media_context *m, const struct media *audio,
    const struct cache_media *c, struct findings *to)
{
	enum severity how = m->strict ? SEV_ERROR : SEV_WARNING;
	int64_t seconds = (c->duration_ms + 500) / 1000;
	const struct show_place *at;
	bool same = true;

	if (audio->length > 0 && audio->length != c->length) {
		same = false;
		at = &audio->length_at;
		finding_add(to, how, "episode-length", at->file,
		    at->line, "length says %lld bytes, but the file has "
		    "%lld%s", (long long)audio->length,
		    (long long)c->length, m->strict ? "" :
		    "; the file's size is used (`media probe --write` "
		    "corrects it)");
	}
	if (c->duration_ms >= 0 && audio->duration >= 0 &&
	    llabs(audio->duration - seconds) > 1) {
		same = false;
		at = &audio->duration_at;
		finding_add(to, how, "episode-duration", at->file,
		    at->line, "duration says %lld second%s, but the file "
		    "has %lld%s", (long long)audio->duration,
		    audio->duration == 1 ? "" : "s", (long long)seconds,
		    m->strict ? "" : "; the file's are used (`media probe "
		    "--write` corrects it)");
	}
	return same || !m->strict;
}

static bool
apply(const struct media_context *m, struct show *show, struct media *audio,
    const struct cache_media *c, struct findings *to)
{
	if (!compare(m, audio, c, to))
		return false;
	audio->length = c->length;
	if (c->duration_ms >= 0)
		audio->duration = (c->duration_ms + 500) / 1000;
	if (c->bitrate > 0)
		audio->bitrate = c->bitrate;
	if (c->codec[0] != '\0')
		audio->codec = arena_strdup(&show->arena, c->codec);
	if (!media_type_fits(c->type, audio->url) &&
	    (audio->type == NULL || !media_type_agrees(c->type, audio->type)))
		return media_complain(audio, to, arena_printf(&show->arena,
		    "%s is %s, and its name says %s; give it the ending of "
		    "what it is, or let the server send its type, or, when it "
		    "is right so, write `type: %s`", audio->url, c->type,
		    media_type_by_name(audio->url), c->type));
	audio->type = type_of(&show->arena, audio, c->type);
	if (audio->type == NULL)
		return media_complain(audio, to, arena_printf(&show->arena,
		    "%s is not known to be audio; when it plays, write its "
		    "type, as in `type: audio/mpeg`", audio->file != NULL ?
		    audio->file : audio->url));
	if (show->analytics_prefix != NULL)
		audio->url = media_prefix_put(&show->arena,
		    show->analytics_prefix, audio->url);
	return true;
}

bool
media_where(const struct media_context *m, struct show *show,
    const struct episode *e, const struct media *audio,
    struct media_where *out)
{
	struct findings muted = { .report = NULL };
	struct media copy = *audio;
	struct media_place place;

	if ((audio->file == NULL && audio->url == NULL) ||
	    !media_place(m, show, e, &copy, &place, &muted))
		return false;
	out->file = place.file;
	out->ask = place.url;
	out->url = copy.url;
	return true;
}

void
media_glance(struct media_context *m, struct show *show,
    const struct episode *e, const struct media *audio, int64_t *length,
    int64_t *duration)
{
	struct err ignored = ERR_INIT;
	struct media_where where;
	struct cache_media c = { .length = -1, .duration_ms = -1 };
	bool known = false;

	*length = audio->length;
	*duration = audio->duration;
	if (!media_where(m, show, e, audio, &where))
		return;
	if (where.file != NULL) {
		const struct media_known *k = media_learn(m,
		    &(struct media_wish){ .file = where.file }, 1);

		known = k->known;
		c = k->facts;
	} else {
		known = cache_media_get(m->cache, where.ask, &c, &ignored) ==
		    1;
	}
	if (known)
		*length = c.length;
	if (known && c.duration_ms >= 0)
		*duration = (c.duration_ms + 500) / 1000;
}

/* What the source does not tell is worth a look into the file. Of several
 * files friends choose by their bitrates, too. */
static void
want(struct media_wish *w, const struct media_place *place,
    const struct episode *e, const struct media *audio)
{
	w->file = place->file;
	w->url = place->url;
	w->facts = audio->duration < 0 ||
	    (e->nrenditions > 0 && audio->bitrate == 0);
}

void
media_prepare(struct media_context *m, const struct media_due *due, size_t n)
{
	struct findings muted = { .report = NULL };
	struct media_wish *w = xcalloc(n + 1, sizeof(*w));
	struct media_place place;
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		const struct episode *e = due[i].episode;
		struct media copy = *due[i].media;

		if (!e->media_known && media_place(m, due[i].show, e, &copy,
		    &place, &muted))
			want(&w[k++], &place, e, &copy);
	}
	media_learn(m, w, k);
	free(w);
}

/* Of resolved audio, by the wish that it was learnt by. */
static const struct media_known *
known_of(struct media_context *m, const struct media *audio)
{
	struct media_wish w = { audio->file, audio->asked, audio->looked };

	return media_learn(m, &w, 1);
}

const struct cache_media *
media_learnt(struct media_context *m, const struct media *audio, bool *cached)
{
	const struct media_known *known = known_of(m, audio);

	*cached = known->cached;
	return &known->facts;
}

/* What was not to be had; of a host that does not answer, one error tells. */
static bool
complain_unknown(struct media_context *m, const struct media *audio,
    const char *url, const struct media_known *known, struct findings *to)
{
	struct findings quiet = *to;

	if (url != NULL && known->silent && media_host_keep(m, audio, url,
	    &known->err))
		quiet.report = NULL;
	(void)complain_err(audio, &quiet, &known->err);
	to->errors = quiet.errors;
	to->kind = quiet.kind;
	return false;
}

bool
media_resolve_file(struct media_context *m, struct show *show,
    struct episode *e, size_t i, struct findings *to)
{
	struct media *audio = i == 0 ? &e->audio : &e->renditions[i - 1];
	const struct media_known *known;
	struct media_place place;
	struct media_wish w;

	if (!media_place(m, show, e, audio, &place, to))
		return false;
	want(&w, &place, e, audio);
	known = media_learn(m, &w, 1);
	if (!known->known)
		return complain_unknown(m, audio, place.url, known, to);
	if (known->stands_in)
		tell_covered(m, audio, place.url, &known->facts, &known->err,
		    to);
	if (known->facts.doubt[0] != '\0')
		finding_add(to, SEV_WARNING, "media-doubt", audio->from,
		    audio->line, "%s: %s", place.file != NULL ? place.file :
		    place.url, known->facts.doubt);
	audio->file = place.file;
	audio->asked = place.url;
	audio->looked = w.facts;
	return apply(m, show, audio, &known->facts, to);
}

bool
media_resolve(struct media_context *m, struct show *show, struct episode *e,
    struct findings *to)
{
	bool all = true;
	size_t i;

	if (e->media_known)
		return true;
	for (i = 0; i <= e->nrenditions; i++)
		if (!media_resolve_file(m, show, e, i, to))
			all = false;
	e->media_known = all;
	return all;
}

bool
media_lacks_duration(const struct episode *e)
{
	return e->audio.duration < 0 &&
	    strcasecmp(e->audio.type, "application/pdf") != 0;
}

void
media_warn_duration(const struct episode *e, struct findings *to)
{
	finding_add(to, SEV_WARNING, "episode-no-duration", e->file, e->line,
	    "how long the audio is cannot be known, and the feed does not "
	    "tell it; write `duration: 29:01` at its head");
}

const struct media *
media_young(struct media_context *m, const struct show *show,
    const struct episode *e)
{
	const struct media *audio;
	int64_t written;
	size_t i;

	for (i = 0; i <= e->nrenditions; i++) {
		audio = show_media(e, i);
		if (audio->file == NULL)
			continue;
		written = known_of(m, audio)->facts.stamp.mtime_ns /
		    1000000000;
		/* A time to come says nothing. */
		if (written <= m->clock && m->clock - written < show->settle)
			return audio;
	}
	return NULL;
}

static int
still(struct media_context *m, const struct media *audio, struct err *err)
{
	const struct fs_stamp *was;
	struct fs_stamp now;

	if (audio->file == NULL)
		return 0;
	was = &known_of(m, audio)->facts.stamp;
	if (fs_stamp(audio->file, &now, err) != 0)
		return -1;
	if (was->size == now.size && was->mtime_ns == now.mtime_ns &&
	    was->inode == now.inode)
		return 0;
	err_set(err, ERR_TEMPORARY, "has changed while the feeds were made; "
	    "no feed was written. Run it again when the file is complete");
	err_rule(err, "media-changed");
	return err_at(err, audio->file, 0);
}

int
media_still(struct media_context *m, const struct episode *e, struct err *err)
{
	size_t i;

	for (i = 0; i <= e->nrenditions; i++)
		if (still(m, show_media(e, i), err) != 0)
			return -1;
	return 0;
}
