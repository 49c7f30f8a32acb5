#include "cmd/feed_audio.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/log.h"
#include "cmd/feed_load.h"
#include "show/chapters.h"
#include "show/media.h"

#define NAMED_MAX 10	/* episodes that are told one by one */

void
feed_leave_out(struct show *show, struct episode *e)
{
	e->media_known = false;
	show_leave_out(show, e->file);
}

static size_t
list_due(struct show *show, int64_t now, struct media_due *due)
{
	size_t i, k, n = 0;

	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		for (k = 0; show_is_due(e, now) && k <= e->nrenditions; k++)
			due[n++] = (struct media_due){ show, e,
				show_media(e, k) };
	}
	return n;
}

/* All due audio of all shows is asked for at once. */
void
feed_audio_prepare(struct setting *s, struct arena *a)
{
	struct media_due *due;
	size_t i, n = 0;

	for (i = 0; i < s->nshows; i++)
		n += show_media_count(s->shows[i]);
	due = arena_array(a, n, sizeof(*due));
	for (n = i = 0; i < s->nshows; i++)
		n += list_due(s->shows[i], s->now, &due[n]);
	media_prepare(&s->media, due, n);
}

static void
resolve(struct setting *s, struct show *show)
{
	size_t i;

	s->media.gathers = log_get_level() < LOG_LEVEL_DEBUG;
	for (i = 0; i < show->nepisodes; i++) {
		if (!show_is_due(&show->episodes[i], s->now))
			continue;
		if (media_resolve(&s->media, show, &show->episodes[i],
		    &s->findings))
			chapters_find(&s->media, show, &show->episodes[i],
			    &s->findings);
		else
			feed_leave_out(show, &show->episodes[i]);
	}
	media_tell_silent(&s->media, &s->findings);
}

static void
warn_durations(struct setting *s, const struct show *show)
{
	size_t i, n = 0;

	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		if (e->media_known && media_lacks_duration(e) &&
		    n++ < NAMED_MAX)
			media_warn_duration(e, &s->findings);
	}
	if (n > NAMED_MAX)
		finding_add(&s->findings, SEV_WARNING,
		    "episode-no-duration", show->file, 0, "%zu more episodes "
		    "have no duration", n - NAMED_MAX);
}

#define SAME_SOUND 5	/* seconds that files of one sound may differ by */

/* Renditions are offered as the same sound in other files. */
static void
warn_renditions(struct setting *s, const struct show *show)
{
	char own[DATE_TEXT_MAX], other[DATE_TEXT_MAX];
	size_t i, k;

	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		for (k = 0; e->media_known && k < e->nrenditions; k++) {
			const struct media *m = &e->renditions[k];

			if (m->duration < 0 || e->audio.duration < 0 ||
			    llabs(m->duration - e->audio.duration) <=
			    SAME_SOUND)
				continue;
			date_duration(m->duration, other);
			date_duration(e->audio.duration, own);
			finding_add(&s->findings, SEV_WARNING,
			    "episode-audio-differs", m->from, m->line, "this "
			    "file lasts %s and the episode's audio %s; files "
			    "of one episode are offered as the same sound",
			    other, own);
		}
	}
}

/* A file and whose it is. */
struct owned {
	const struct media *media;
	struct episode *episode;
	size_t place;		/* among the files of the episode */
};

/* What is told apart: a local file by its path, since several names may lead
 * to one, and an address as it was asked, without what only counts. */
static const char *
key_of(const struct owned *o)
{
	return o->media->file != NULL ? o->media->file : o->media->asked;
}

static int
by_key(const void *a, const void *b)
{
	const struct owned *x = a, *y = b;
	int c = strcmp(key_of(x), key_of(y));

	if (c == 0)
		c = strcmp(x->episode->file, y->episode->file);
	return c != 0 ? c : (x->place > y->place) - (x->place < y->place);
}

static void
tell_twice(struct setting *s, const struct owned *o,
    const struct owned *first)
{
	if (o->episode == first->episode)
		finding_add(&s->findings, SEV_ERROR, "episode-audio-twice",
		    o->media->from, o->media->line, "%s is given twice for "
		    "this episode; its files must differ", o->media->url);
	else
		finding_add(&s->findings, SEV_ERROR, "episode-audio-twice",
		    o->media->from, o->media->line, "%s is the audio of %s "
		    "too; an episode needs one of its own", o->media->url,
		    first->episode->file);
}

/* Two episodes with one audio: Apple shows only one of them. The file whose
 * name is later gives way. */
static void
check_audio(struct setting *s, struct arena *a, struct show *show)
{
	struct owned *known = arena_array(a, show_media_count(show),
	    sizeof(*known));
	size_t i, k, n = 0, first = 0;

	for (i = 0; i < show->nepisodes; i++) {
		struct episode *e = &show->episodes[i];

		for (k = 0; e->media_known && k <= e->nrenditions; k++)
			known[n++] = (struct owned){ show_media(e, k), e, k };
	}
	if (n > 1)
		qsort(known, n, sizeof(*known), by_key);
	for (i = 1; i < n; i++) {
		if (strcmp(key_of(&known[i]), key_of(&known[first])) != 0) {
			first = i;
			continue;
		}
		tell_twice(s, &known[i], &known[first]);
		if (known[i].episode->media_known)
			feed_leave_out(show, known[i].episode);
	}
}

void
feed_audio(struct setting *s, struct arena *a, struct show *show)
{
	resolve(s, show);
	check_audio(s, a, show);
	warn_durations(s, show);
	warn_renditions(s, show);
}

/* Whether a feed that is there already has it. */
static bool
is_published(const struct feed_doc *d, const struct episode *e)
{
	const char *id;
	size_t i;

	for (i = 0; d != NULL && i < d->nitems; i++) {
		id = feed_doc_id(&d->items[i]);
		if (id != NULL && strcmp(id, e->guid) == 0)
			return true;
	}
	return false;
}

int
feed_audio_young(struct setting *s, struct arena *a, struct show *show,
    const char *feed, size_t *waiting, struct err *err)
{
	struct feed_doc *d = NULL;
	size_t i;

	for (i = 0; show->settle > 0 && i < show->nepisodes; i++) {
		struct episode *e = &show->episodes[i];
		const struct media *young = e->media_known ?
		    media_young(&s->media, show, e) : NULL;

		if (young == NULL)
			continue;
		if (d == NULL && fs_is_file(feed)) {
			d = feed_load(a, feed, "no feed was written", NULL,
			    err);
			if (d == NULL)
				return -1;
		}
		if (is_published(d, e))
			continue;
		finding_add(&s->findings, SEV_WARNING, "media-young",
		    young->from, young->line, "%s was written less than "
		    "%lld seconds ago; the episode waits (settle in %s)",
		    young->file, (long long)show->settle, show->file);
		feed_leave_out(show, e);
		++*waiting;
	}
	feed_doc_free(d);
	return 0;
}

int
feed_audio_still(struct setting *s, struct err *err)
{
	size_t i, k;

	for (i = 0; i < s->nshows; i++)
		for (k = 0; k < s->shows[i]->nepisodes; k++)
			if (s->shows[i]->episodes[k].media_known &&
			    media_still(&s->media, &s->shows[i]->episodes[k],
			    err) != 0)
				return -1;
	return 0;
}
