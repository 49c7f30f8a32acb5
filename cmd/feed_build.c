#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/setting.h"
#include "feed/feed.h"
#include "show/notes.h"

/* One feed of one show on its way into its file. */
struct output {
	enum feed_format format;
	const char *path;
	struct feed_head head;
	struct fs_out *file;
	struct feed_writer *writer;
	size_t items;
};

struct build {
	struct setting *setting;
	struct cmd_args *args;
	struct output *output;
	size_t noutputs;
};

static int
write_piece(void *ctx, const void *data, size_t len)
{
	return fs_out_write(ctx, data, len);
}

static int
open_output(struct build *b, const struct show *show, enum feed_format format,
    const char *name, const char *url, struct date updated, struct err *err)
{
	const char *out = cmd_value(b->args, "--out");
	struct output *o = &b->output[b->noutputs];

	if (out == NULL)
		out = show->out;
	else if (b->setting->config->nshows > 1)
		out = fs_join(&b->args->arena, out, show->slug);
	if (fs_mkdirs(out, err) != 0)
		return -1;
	o->format = format;
	o->path = fs_join(&b->args->arena, out, name);
	o->head.show = show;
	o->head.self_url = url;
	o->head.updated = updated;
	o->file = fs_out_open(o->path, 0666, err);
	if (o->file == NULL)
		return -1;
	b->noutputs++;
	o->writer = feed_open(format, &o->head, write_piece, o->file, err);
	return o->writer == NULL ? -1 : 0;
}

/* Newest date or update of what goes in; the Unix epoch for an empty feed. */
static struct date
newest(const struct show *show, int64_t now)
{
	struct date d = { 0, 0 };
	size_t i;

	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		if (e->media_known && show_is_due(e, now) &&
		    e->updated.t > d.t)
			d = e->updated;
	}
	return d;
}

static int
write_items(struct build *b, struct show *show, size_t first, struct err *err)
{
	struct feed_item item;
	struct err told = ERR_INIT;
	struct notes notes;
	size_t i, k;

	for (i = 0; i < show->nepisodes; i++) {
		struct episode *e = &show->episodes[i];

		if (!e->media_known || !show_is_due(e, b->setting->now))
			continue;
		log_progress(show->slug, i + 1, show->nepisodes);
		if (notes_open(e, &notes, &told) != 0) {
			finding_err(&b->setting->findings, "episode-notes",
			    &told);
			continue;
		}
		item.episode = e;
		item.html = notes.html.data;
		item.summary = notes.summary.data;
		for (k = first; k < b->noutputs; k++) {
			if (feed_item(b->output[k].writer, &item, err) != 0) {
				notes_release(&notes);
				return -1;
			}
			b->output[k].items++;
		}
		notes_release(&notes);
	}
	return 0;
}

static int
write_show(struct build *b, struct show *show, struct err *err)
{
	struct date updated = newest(show, b->setting->now);
	size_t first = b->noutputs, k;

	if (open_output(b, show, FEED_RSS, show->rss, show->feed_url, updated,
	    err) != 0)
		return -1;
	if (show->atom_url != NULL && open_output(b, show, FEED_ATOM,
	    show->atom, show->atom_url, updated, err) != 0)
		return -1;
	if (write_items(b, show, first, err) != 0)
		return -1;
	for (k = first; k < b->noutputs; k++) {
		struct feed_writer *w = b->output[k].writer;

		b->output[k].writer = NULL;
		if (feed_close(w, err) != 0) {
			/* The disk's reason is better than the writer's. */
			fs_out_finish(b->output[k].file, err);
			return -1;
		}
		if (fs_out_finish(b->output[k].file, err) != 0)
			return -1;
	}
	return 0;
}

static void
resolve(struct build *b, struct show *show)
{
	struct setting *s = b->setting;
	size_t i;

	for (i = 0; i < show->nepisodes; i++) {
		if (!show_is_due(&show->episodes[i], s->now))
			continue;
		log_progress("audio", i + 1, show->nepisodes);
		media_resolve(&s->media, show, &show->episodes[i],
		    &s->findings);
	}
	log_progress_end();
}

static int
by_url(const void *a, const void *b)
{
	const struct episode *const *ea = a, *const *eb = b;
	int c = strcmp((*ea)->audio.url, (*eb)->audio.url);

	return c != 0 ? c : strcmp((*ea)->file, (*eb)->file);
}

/* Two episodes with one address: Apple shows only one of them. */
static void
check_urls(struct build *b, struct show *show)
{
	struct episode **known = arena_array(&b->args->arena, show->nepisodes,
	    sizeof(struct episode *));
	size_t i, n = 0;

	for (i = 0; i < show->nepisodes; i++)
		if (show->episodes[i].media_known)
			known[n++] = &show->episodes[i];
	if (n > 1)
		qsort(known, n, sizeof(struct episode *), by_url);
	for (i = 1; i < n; i++) {
		struct episode *e = known[i];

		if (strcmp(e->audio.url, known[i - 1]->audio.url) != 0)
			continue;
		finding_add(&b->setting->findings, SEV_ERROR,
		    "episode-audio-twice", e->audio_from, e->audio_line,
		    "%s is the audio of %s too", e->audio.url,
		    known[i - 1]->file);
		e->media_known = false;
	}
}

/* All of them are complete files beside the old ones; only now are they
 * replaced. */
static int
commit(struct build *b, struct err *err)
{
	bool quiet = log_get_level() == LOG_LEVEL_ERROR, changed;
	size_t i;

	for (i = 0; i < b->noutputs; i++) {
		struct output *o = &b->output[i];
		struct fs_out *file = o->file;

		o->file = NULL;
		if (fs_out_commit(file, &changed, err) != 0)
			return -1;
		if (!quiet)
			printf("%s: %zu episode%s, %s\n", o->path, o->items,
			    CMD_S(o->items), changed ? "written" : "unchanged");
	}
	return 0;
}

/* Errors so far that the person has not allowed. */
static bool
is_bad(const struct build *b, struct err *err)
{
	size_t n = b->setting->findings.errors;

	if (n == 0 || cmd_flag(b->args, "--keep-going"))
		return false;
	err_set(err, ERR_INPUT, "%zu error%s; no feed was written "
	    "(--keep-going leaves bad episodes out)", n, CMD_S(n));
	return true;
}

static int
build_all(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	size_t i;

	for (i = 0; i < s->nshows; i++) {
		resolve(b, s->shows[i]);
		check_urls(b, s->shows[i]);
	}
	if (is_bad(b, err))
		return -1;
	for (i = 0; i < s->nshows; i++)
		if (write_show(b, s->shows[i], err) != 0)
			return -1;
	log_progress_end();
	if (is_bad(b, err))
		return -1;
	return commit(b, err);
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct setting setting;
	struct build b = { .setting = &setting, .args = args };
	struct err ignored = ERR_INIT;
	int rc = -1;
	size_t i;

	if (setting_open(&setting, args, err) == 0) {
		b.output = arena_array(&args->arena, 2 * setting.nshows,
		    sizeof(*b.output));
		rc = build_all(&b, err);
	}
	for (i = 0; i < b.noutputs; i++) {
		if (b.output[i].writer != NULL)
			feed_close(b.output[i].writer, &ignored);
		fs_out_abandon(b.output[i].file);
	}
	setting_close(&setting);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "only this show (may be given again)" },
	{ "--out", "DIR", "write the feeds there instead" },
	{ "--at", "TIME", "as if it were that time (2026-11-16T18:00Z)" },
	{ "--keep-going", NULL, "leave out bad episodes, do the others" },
	{ NULL, NULL, NULL }
};

const struct command cmd_feed_build = {
	"feed", "build", "", 0, 0,
	"Make the RSS and Atom feeds of the shows",
	"Reads all episodes, finds the true size, type and duration of their "
	"audio, and\nreplaces each feed in one step; an unchanged feed is not "
	"touched. Every problem\nof every episode is told; then nothing is "
	"written and the exit code is 65.",
	options, run
};
