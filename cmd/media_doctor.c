/* media doctor: whether what is published is on the web as it has to be. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/strmap.h"
#include "cmd/cmd.h"
#include "cmd/setting.h"
#include "feed/read.h"
#include "show/doctor.h"
#include "show/media_prefix.h"

#define LOUDNESS_NEWEST 3	/* episodes whose loudness is measured */

/* The feed of a show as it was written last. */
struct published {
	const char *path;
	struct feed_doc *doc;		/* NULL: there is none */
	struct strmap by_url;		/* enclosures, numbered, without what
					 * only counts downloads */
	const struct feed_doc_enclosure **enclosure;
	size_t n;
};

struct visit {
	struct setting *setting;
	struct cmd_args *args;
	struct arena *a;
	struct doctor *doctor;
	struct published feed;	/* of the show at hand */
	size_t loud;		/* files whose loudness was measured */
};

/* Warnings about notes are for feed build. */
static void
only_errors(void *ctx, const struct finding *f)
{
	if (f->severity == SEV_ERROR)
		log_finding(ctx, f);
}

static void
open_published(struct visit *v, const struct show *show)
{
	struct published *p = &v->feed;
	struct findings muted = { .report = NULL };
	struct err err = ERR_INIT;
	size_t i, k, room = 0;
	struct buf data;

	memset(p, 0, sizeof(*p));
	p->path = fs_join(v->a, show->out, show->rss);
	/* A show that was never built is well. */
	if (!fs_is_file(p->path))
		return;
	buf_init(&data, FEED_DOC_MAX);
	if (fs_read(p->path, FEED_DOC_MAX, &data, NULL, &err) == 0)
		p->doc = feed_doc_read(data.data, data.len, p->path, NULL,
		    &muted, &err);
	buf_release(&data);
	if (p->doc == NULL) {
		finding_err(&v->setting->findings, "media-feed", &err);
		return;
	}
	for (i = 0; i < p->doc->nitems; i++)
		room += p->doc->items[i].nenclosures;
	p->enclosure = arena_array(v->a, room + 1, sizeof(*p->enclosure));
	for (i = 0; i < p->doc->nitems; i++)
		for (k = 0; k < p->doc->items[i].nenclosures; k++) {
			p->enclosure[p->n] = &p->doc->items[i].enclosures[k];
			strmap_put(&p->by_url, media_prefix_strip(v->a,
			    p->enclosure[p->n]->url), p->n);
			p->n++;
		}
}

static void
close_published(struct published *p)
{
	strmap_release(&p->by_url);
	feed_doc_free(p->doc);
	p->doc = NULL;
}

static const char *
name_of(struct arena *a, const struct episode *e)
{
	return e->number > 0 ? arena_printf(a, "episode %lld",
	    (long long)e->number) : arena_printf(a, "episode `%s`", e->slug);
}

/* What is said of the audio: by the feed, else by what was learnt for it, else
 * by the notes. */
static void
expect(struct visit *v, struct show *show, const struct episode *e,
    const struct media *audio, struct doctor_file *f)
{
	size_t i = strmap_get(&v->feed.by_url, f->url);
	int64_t duration;

	if (i != STRMAP_NONE && v->feed.enclosure[i]->length > 0) {
		f->length = v->feed.enclosure[i]->length;
		f->type = v->feed.enclosure[i]->type;
		f->length_of = v->feed.path;
	} else if (f->local < 0) {
		media_glance(&v->setting->media, show, e, audio, &f->length,
		    &duration);
		f->type = audio->type;
		f->length_of = f->length == audio->length ? audio->from :
		    "the cache";
	}
}

static void
measure(struct visit *v, const struct doctor_file *f, const char *path)
{
	if (v->loud >= LOUDNESS_NEWEST && !cmd_flag(v->args, "--all"))
		return;
	v->loud++;
	log_progress("loudness", v->loud, 0);
	doctor_loudness(f, path, &v->setting->findings);
	log_progress_end();
}

static bool
is_local(const struct visit *v, struct show *show, const struct episode *e,
    const struct media *audio)
{
	struct media_where where;

	return audio->file != NULL || (media_where(&v->setting->media, show, e,
	    audio, &where) && where.file != NULL);
}

/* Looks into all files that are here. */
static void
prepare(struct visit *v, struct show *show)
{
	struct media_due *due = arena_array(v->a, show_media_count(show),
	    sizeof(*due));
	size_t i, k, n = 0;

	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		if (!show_is_due(e, v->setting->now))
			continue;
		for (k = 0; k <= e->nrenditions; k++)
			if (is_local(v, show, e, show_media(e, k)))
				due[n++] = (struct media_due){ show, e,
					show_media(e, k) };
	}
	media_prepare(&v->setting->media, due, n);
}

/* One of the files of an episode. */
static void
add_audio(struct visit *v, struct show *show, struct episode *e, size_t i)
{
	struct findings *to = &v->setting->findings, errors = *to;
	const struct media *audio = show_media(e, i);
	struct doctor_file f = { .kind = DOCTOR_AUDIO, .file = audio->from,
		.line = audio->line, .who = name_of(v->a, e), .length = -1,
		.local = -1, .duration = -1 };
	struct media_where where;

	/* Before it is resolved, and its address has what counts. */
	f.url = media_where(&v->setting->media, show, e, audio, &where) ?
	    where.url : audio->url;
	/* A local file tells its size, and no server is asked for that. */
	if (is_local(v, show, e, audio)) {
		bool known;

		errors.report = only_errors;
		known = media_resolve_file(&v->setting->media, show, e, i,
		    &errors);
		to->errors = errors.errors;
		to->kind = errors.kind;
		if (!known)
			return;
		f.local = audio->length;
	}
	if (f.url == NULL)
		return;
	f.url = media_prefix_strip(v->a, f.url);
	expect(v, show, e, audio, &f);
	/* Renditions sound as the audio does. */
	if (doctor_add(v->doctor, &f) && audio->file != NULL && i == 0)
		measure(v, &f, audio->file);
}

static void
add(struct visit *v, enum doctor_kind kind, const char *url, const char *type,
    const struct episode *e)
{
	struct doctor_file f = { .kind = kind, .url = url, .type = type,
		.file = e->file, .line = e->line, .who = name_of(v->a, e),
		.length = -1, .local = -1, .duration = e->audio.duration };

	if (url != NULL)
		doctor_add(v->doctor, &f);
}

static void
add_episode(struct visit *v, struct show *show, struct episode *e)
{
	size_t i;

	for (i = 0; i <= e->nrenditions; i++)
		add_audio(v, show, e, i);
	add(v, DOCTOR_IMAGE, e->image, NULL, e);
	for (i = 0; i < e->ntranscripts; i++)
		add(v, DOCTOR_TRANSCRIPT, e->transcripts[i].url,
		    e->transcripts[i].type, e);
	add(v, DOCTOR_CHAPTERS, e->chapters, NULL, e);
}

static void
add_show(struct visit *v, struct show *show)
{
	struct doctor_file image = { .kind = DOCTOR_IMAGE, .url = show->image,
		.who = arena_printf(v->a, "the show %s", show->slug),
		.file = show->file, .line = show_line(show, "image"),
		.length = -1, .local = -1, .duration = -1 };
	size_t i;

	open_published(v, show);
	prepare(v, show);
	v->loud = 0;
	if (show->image != NULL)
		doctor_add(v->doctor, &image);
	for (i = 0; i < show->nepisodes; i++)
		if (show_is_due(&show->episodes[i], v->setting->now))
			add_episode(v, show, &show->episodes[i]);
}

static int
visit_all(struct visit *v, struct err *err)
{
	struct setting *s = v->setting;
	struct findings *f = &s->findings;
	struct published *feeds = arena_array(v->a, s->nshows + 1,
	    sizeof(*feeds));
	size_t i;
	int rc;

	/* What the feeds say is used until the end. */
	for (i = 0; i < s->nshows; i++) {
		add_show(v, s->shows[i]);
		feeds[i] = v->feed;
	}
	rc = doctor_run(v->doctor, &s->config->http, err);
	for (i = 0; i < s->nshows; i++)
		close_published(&feeds[i]);
	if (rc != 0)
		return -1;
	log_debug("looked at: audio %zu, pictures %zu, transcripts %zu, "
	    "chapters %zu; errors %zu, warnings %zu",
	    doctor_count(v->doctor, DOCTOR_AUDIO),
	    doctor_count(v->doctor, DOCTOR_IMAGE),
	    doctor_count(v->doctor, DOCTOR_TRANSCRIPT),
	    doctor_count(v->doctor, DOCTOR_CHAPTERS), f->errors, f->warnings);
	return f->errors > 0 ? err_exit_code(f->kind) : 0;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct setting setting;
	struct visit v = { .setting = &setting, .args = args,
		.a = &args->arena };
	int rc = -1;

	if (setting_open_to(&setting, args, only_errors, NULL, err) == 0) {
		setting.findings.report = log_finding;
		setting.findings.warnings = 0;
		v.doctor = doctor_open(date_now(), &setting.findings);
		rc = visit_all(&v, err);
		doctor_close(v.doctor);
	}
	setting_close(&setting);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "only this show (may be given again)" },
	{ "--at", "TIME", "what is due at that time (2026-11-16T18:00Z)" },
	{ "--all", NULL, "measure the loudness of all local files" },
	{ NULL, NULL, NULL }
};

const struct command cmd_media_doctor = {
	"media", "doctor", "", 0, 0,
	"Look whether what is published is there and as it has to be",
	"Asks the web servers for the audio, pictures, transcripts and "
	"chapters of the shows\nand of all episodes that are out: whether "
	"they are there, of the size that the feed\nsays, of the right type, "
	"and as Apple Podcasts demands it. The loudness of local\naudio files "
	"is measured for the newest three episodes of each show.\n\n"
	"It says nothing, with exit code 0, when all is well: a line for "
	"crontab(5). Warnings\ndo not change the exit code; an error of a "
	"web server is 68, 69 or 75, all other\nerrors are 65.",
	options, run
};
