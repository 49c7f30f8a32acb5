#include <stdio.h>
#include <string.h>

#include "base/compress.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/feed_audio.h"
#include "cmd/feed_build.h"
#include "cmd/feed_chapters.h"
#include "cmd/feed_data.h"
#include "cmd/feed_depfile.h"
#include "cmd/feed_opml.h"
#include "cmd/feed_output.h"
#include "cmd/feed_pages.h"
#include "cmd/feed_place.h"
#include "cmd/feed_published.h"
#include "cmd/setting.h"
#include "feed/check.h"
#include "text/url.h"

#define OLD_FEED_MAX ((size_t)256 << 20)
#define NAMED_MAX 10	/* episodes that a message names, or are told one by one */

struct build {
	struct setting *setting;
	struct cmd_args *args;
	struct feed_output *output;	/* show by show */
	size_t noutputs;
	size_t nvoid;		/* outputs that are not written yet */
	struct feed_published *published;	/* of each show */
	unsigned allow;		/* HISTORY_... */
	size_t young;		/* episodes whose audio may still be growing */
	size_t nplanned;	/* with those of shows that are not asked for,
				 * which stand behind and are only compared */
	struct feed_opml opml;
	struct feed_data data;
	struct feed_chapters *chapters;	/* of each show, and of the others */
	size_t nchapters;
	struct feed_built *built;
};

static void
plan_output(struct build *b, const struct show *show, enum feed_format format,
    const char *name, const char *url, size_t archive)
{
	const char *out = feed_folder(b->setting, b->args, show);
	struct feed_output *o = &b->output[b->nplanned++];
	struct arena *a = &b->args->arena;

	o->format = format;
	o->archive = archive;
	o->path = fs_join(a, out, name);
	o->head.show = show;
	o->head.self_url = url;
	o->folder = out;
	o->real = feed_place(a, out, name);
}

/* The documents of the archive, beside the feed. */
static void
plan_archive(struct build *b, const struct show *show, enum feed_format format,
    const char *name, const char *url)
{
	size_t n = feed_output_archives(show, b->setting->now), i;
	struct arena *a = &b->args->arena;
	const char *folder = arena_strndup(a, url,
	    (size_t)(strrchr(url, '/') - url)), *one;

	for (i = 1; i <= n; i++) {
		one = feed_output_archive_name(a, name, i);
		plan_output(b, show, format, one, url_below(a, folder, one),
		    i);
	}
}

static int
clash(const struct feed_output *o, const struct feed_output *other, struct err *err)
{
	static const char *const keys[] = {
		[FEED_RSS] = "rss", [FEED_ATOM] = "atom", [FEED_JSON] = "json"
	};

	if (o->head.show == other->head.show)
		err_set(err, ERR_CONFIG, "`%s` and `%s` are one file, %s; "
		    "give them two names", keys[other->format],
		    keys[o->format], o->path);
	else
		err_set(err, ERR_CONFIG, "its feed goes to %s, and so does "
		    "that of %s; change `out`, or `rss`, `atom` or `json`, in "
		    "one of them", o->path, other->head.show->file);
	return err_at(err, o->head.show->file, 0);
}

static int
opml_clash(const struct build *b, const struct feed_output *o, struct err *err)
{
	const struct config *c = b->setting->config;

	err_set(err, ERR_CONFIG, "opml: the list of shows goes to %s, and so "
	    "does a feed of %s; give it another name", o->path,
	    o->head.show->file);
	return err_at(err, c->file, c->opml_line);
}

static void
plan_show(struct build *b, const struct show *show)
{
	const struct {
		enum feed_format format;
		const char *name, *url;
	} feeds[FEED_FORMATS] = {
		{ FEED_RSS, show->rss, show->feed_url },
		{ FEED_ATOM, show->atom, show->atom_url },
		{ FEED_JSON, show->json, show->json_url },
	};
	size_t i;

	for (i = 0; i < FEED_FORMATS; i++)
		if (feeds[i].url != NULL)
			plan_output(b, show, feeds[i].format, feeds[i].name,
			    feeds[i].url, 0);
	for (i = 0; i < FEED_FORMATS; i++)
		if (feeds[i].url != NULL)
			plan_archive(b, show, feeds[i].format, feeds[i].name,
			    feeds[i].url);
	feed_chapters_plan(&b->chapters[b->nchapters++], &b->args->arena,
	    show, feed_folder(b->setting, b->args, show));
}

/* How many outputs plan_show() makes of it. */
static size_t
outputs_of(const struct build *b, const struct show *show)
{
	return ((size_t)1 + (show->atom_url != NULL) +
	    (show->json_url != NULL)) *
	    (1 + feed_output_archives(show, b->setting->now));
}

/* Where all feeds go, before anything is asked or opened: two in one file
 * would be one show's feed under the other's address. */
static int
plan(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	const char **real;
	size_t i, k;

	for (i = 0; i < s->nshows; i++)
		plan_show(b, s->shows[i]);
	b->noutputs = b->nplanned;
	for (i = 0; i < s->nothers; i++)
		plan_show(b, s->others[i]);
	for (i = 0; i < b->noutputs; i++)
		for (k = 0; k < b->nplanned; k++)
			if (k != i && (k < i || k >= b->noutputs) &&
			    strcmp(b->output[i].real, b->output[k].real) == 0)
				return clash(&b->output[i], &b->output[k],
				    err);
	feed_opml_plan(&b->opml, s, b->args);
	for (i = 0; i < b->nplanned && b->opml.path != NULL; i++)
		if (strcmp(b->output[i].real, b->opml.real) == 0)
			return opml_clash(b, &b->output[i], err);
	real = arena_array(&b->args->arena, b->nplanned, sizeof(*real));
	for (i = 0; i < b->nplanned; i++)
		real[i] = b->output[i].real;
	return feed_data_apart(b->args, real, b->nplanned, err) != 0 ? -1 :
	    feed_chapters_apart(b->chapters, b->nchapters, real, b->nplanned,
	    err);
}

/* Subscribers lose every episode when a feed becomes empty, and that is
 * seldom meant: a folder that is not there yet, or a time in the past. */
static int
check_emptied(const struct build *b, const struct feed_output *o, struct err *err)
{
	const struct findings *f = &b->setting->findings;
	bool later = f->errors > 0 && err_may_pass(f->kind);
	struct buf old;
	int rc = -1;

	if (o->items > 0 || !fs_is_file(o->path))
		return 0;
	buf_init(&old, OLD_FEED_MAX);
	if (fs_read(o->path, OLD_FEED_MAX, &old, NULL, err) == 0) {
		if (!check_has_items(old.data)) {
			rc = 0;
		} else {
			if (later)
				err_set(err, ERR_TEMPORARY, "has episodes, "
				    "and none is left for it while the audio "
				    "cannot be asked for; no feed was "
				    "written. Run it again when the web "
				    "server answers");
			else
				err_set(err, ERR_REFUSED, "has episodes, and "
				    "none is left for it; no feed was "
				    "written. Look at `episodes` in %s and at "
				    "--at, or delete this file when the show "
				    "is to be empty", o->head.show->file);
			err_at(err, o->path, 0);
			err_rule(err, "feed-emptied");
		}
	}
	buf_release(&old);
	return rc;
}

/* The list is as new as the newest feed in it. */
static int
write_lists(struct build *b, struct err *err)
{
	struct date modified = { 0, 0 };
	size_t i;

	for (i = 0; i < b->noutputs; i++)
		if (b->output[i].head.updated.t > modified.t)
			modified = b->output[i].head.updated;
	if (feed_opml_write(&b->opml, b->setting, modified, err) != 0)
		return -1;
	return b->built->dry ? 0 : feed_data_write(&b->data, b->setting,
	    b->args, err);
}

/* A list with a feed that is not there is of no use. */
static int
commit_lists(struct build *b, struct err *err)
{
	if (b->nvoid > 0 || b->built->dry)
		feed_opml_abandon(&b->opml);
	return feed_opml_commit(&b->opml, b->setting, err) != 0 ? -1 :
	    feed_data_commit(&b->data, err);
}

static int
replace(const struct build *b, struct feed_output *o, bool *changed,
    struct err *err)
{
	struct fs_out *file = o->file;

	if (b->built->dry) {
		*changed = fs_out_changes(file);
		return 0;
	}
	o->file = NULL;
	if (fs_out_commit(file, changed, err) != 0)
		return -1;
	return compress_beside(o->path, b->setting->config->compress, err);
}

static void
note_changed(struct build *b, const struct show *show)
{
	size_t i;

	for (i = 0; i < b->setting->nshows; i++)
		if (b->setting->shows[i] == show)
			b->built->changed[i] = true;
}

static int
commit_output(struct build *b, struct feed_output *o, struct err *err)
{
	bool quiet = log_get_level() == LOG_LEVEL_ERROR, changed;

	/* Of the archive, and not full yet. */
	if (o->file == NULL && o->archive > 0)
		return 0;
	if (feed_output_is_void(o)) {
		b->nvoid++;
		if (!quiet)
			printf("%s: no episode yet, not written\n", o->path);
		return 0;
	}
	if (replace(b, o, &changed, err) != 0)
		return -1;
	if (changed)
		note_changed(b, o->head.show);
	/* The archive stays as it is. */
	if (!quiet && (o->archive == 0 || changed))
		printf("%s: %zu episode%s, %s\n", o->path, o->items,
		    CMD_S(o->items), !changed ? "unchanged" :
		    b->built->dry ? "would be written" : "written");
	return 0;
}

/* All of them are complete files beside the old ones; only now are they
 * replaced. */
static int
commit(struct build *b, struct err *err)
{
	size_t i;

	/* Before the feeds that lead to them. */
	for (i = 0; i < b->setting->nshows && !b->built->dry; i++) {
		b->built->changed[i] |= b->chapters[i].fresh > 0;
		if (feed_chapters_commit(&b->chapters[i], b->setting, err) != 0)
			return -1;
	}
	/* The archive before the feeds. */
	for (i = 0; i < 2 * b->noutputs; i++) {
		struct feed_output *o = &b->output[i % b->noutputs];

		if ((i < b->noutputs) == (o->archive > 0) &&
		    commit_output(b, o, err) != 0)
			return -1;
	}
	for (i = 0; i < b->setting->nshows && !b->built->dry; i++)
		if (feed_published_commit(&b->published[i], err) != 0)
			return -1;
	return 0;
}

/* What subscribers would lose or get twice; --keep-going does not allow it. */
static int
compare_published(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	size_t before = s->findings.errors, i, k;

	for (i = k = 0; i < s->nshows; i++) {
		struct show *show = s->shows[i];

		/* Of a feed that is not there nothing was seen. */
		if (!feed_output_is_void(&b->output[k]) && feed_published_compare(
		    &b->published[i], s, b->args, show, b->allow,
		    b->output[k].path, err) != 0)
			return -1;
		k += outputs_of(b, show);
	}
	if (s->findings.errors == before)
		return 0;
	return err_set(err, ERR_REFUSED, "%zu change%s to what is published "
	    "already; no feed was written", s->findings.errors - before,
	    CMD_S(s->findings.errors - before));
}

/* Errors so far that the person has not allowed. */
static bool
is_bad(const struct build *b, struct err *err)
{
	const struct findings *f = &b->setting->findings;

	if (f->errors == 0 || cmd_flag(b->args, "--keep-going"))
		return false;
	err_set(err, err_may_pass(f->kind) ? f->kind : ERR_INPUT, "%zu "
	    "error%s; no feed was written (--keep-going leaves bad episodes "
	    "out)", f->errors, CMD_S(f->errors));
	return true;
}

/* What waits comes by itself, later. */
static int
tell_young(const struct build *b, struct err *err)
{
	if (b->young == 0)
		return 0;
	return err_set(err, ERR_TEMPORARY, "%zu episode%s for the audio to be "
	    "complete; run it again later", b->young, b->young == 1 ?
	    " waits" : "s wait");
}

/* With --keep-going: what the feeds that were written do not have. */
static int
tell_left_out(const struct build *b, struct err *err)
{
	const struct setting *s = b->setting;
	size_t n = 0, i, k, named = 0;
	struct buf names;

	if (s->findings.errors == 0)
		return tell_young(b, err);
	buf_init(&names, 0);
	for (i = 0; i < s->nshows; i++)
		for (k = 0; k < s->shows[i]->nleft_out; k++, n++)
			if (named < NAMED_MAX) {
				buf_addf(&names, "%s%s", named++ == 0 ? "" :
				    ", ", s->shows[i]->left_out[k]);
			}
	if (n > named)
		buf_addf(&names, " and %zu more", n - named);
	err_set(err, err_may_pass(s->findings.kind) ? ERR_TEMPORARY :
	    ERR_INPUT, "%zu error%s; %zu episode%s left out: %s%s",
	    s->findings.errors, CMD_S(s->findings.errors), n, n == 1 ?
	    " was" : "s were", n == 0 ? "-" : names.data,
	    b->nvoid == b->noutputs ? ". None is left, and no feed was written" : "");
	buf_release(&names);
	return -1;
}

static int
find_audio(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	size_t i, k, n;

	feed_audio_prepare(s, &b->args->arena);
	for (i = k = 0; i < s->nshows; i++, k += n) {
		n = outputs_of(b, s->shows[i]);
		check_show(s->shows[i], &s->findings);
		feed_audio(s, &b->args->arena, s->shows[i]);
		if (feed_audio_young(s, &b->args->arena, s->shows[i],
		    b->output[k].path, &b->young, err) != 0)
			return -1;
	}
	return 0;
}

/* Before the feeds, which name them. */
static int
write_pages(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	size_t i, k;

	for (i = k = 0; i < s->nshows && !b->built->dry; i++) {
		struct show *show = s->shows[i];
		bool changed = false;

		if (feed_pages_wanted(b->args, show) &&
		    !feed_output_is_void(&b->output[k]) &&
		    feed_pages_write(s, show, b->output[k].folder, &changed,
		    err) != 0)
			return -1;
		b->built->changed[i] |= changed;
		k += outputs_of(b, show);
	}
	return 0;
}

static int
write_depfile(const struct build *b, struct err *err)
{
	const char *path = cmd_value(b->args, "--depfile"), **target;
	size_t i;

	if (path == NULL || b->built->dry)
		return 0;
	target = arena_array(&b->args->arena, b->noutputs, sizeof(*target));
	for (i = 0; i < b->noutputs; i++)
		target[i] = b->output[i].path;
	return feed_depfile_write(b->setting, path, target, b->noutputs, err);
}

static int
check_outputs(const struct build *b, struct err *err)
{
	size_t k;

	for (k = 0; k < b->noutputs; k++)
		if (b->output[k].archive == 0 &&
		    check_emptied(b, &b->output[k], err) != 0)
			return -1;
	return 0;
}

static int
write_all(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	size_t i, k, n;

	for (i = k = 0; i < s->nshows; i++, k += n) {
		n = outputs_of(b, s->shows[i]);
		if (feed_outputs_write(s, s->shows[i], &b->output[k], n, err) != 0 ||
		    feed_chapters_write(&b->chapters[i], s, &b->args->arena,
		    s->shows[i], err) != 0)
			return -1;
	}
	log_progress_end();
	return 0;
}

static int
build_all(struct build *b, struct err *err)
{
	struct setting *s = b->setting;

	if (plan(b, err) != 0 || find_audio(b, err) != 0 || is_bad(b, err) ||
	    write_all(b, err) != 0 || is_bad(b, err))
		return -1;
	if (check_outputs(b, err) != 0 || compare_published(b, err) != 0 ||
	    write_lists(b, err) != 0 || feed_audio_still(s, err) != 0 ||
	    write_pages(b, err) != 0 || commit(b, err) != 0 ||
	    commit_lists(b, err) != 0 || write_depfile(b, err) != 0)
		return -1;
	b->built->done = true;
	return tell_left_out(b, err);
}

/* Of all shows. */
static size_t
count_outputs(const struct build *b)
{
	const struct setting *s = b->setting;
	size_t i, n = 0;

	for (i = 0; i < s->nshows; i++)
		n += outputs_of(b, s->shows[i]);
	for (i = 0; i < s->nothers; i++)
		n += outputs_of(b, s->others[i]);
	return n;
}

int
feed_build(struct setting *s, struct cmd_args *args, struct feed_built *built,
    struct err *err)
{
	struct build b = { .setting = s, .args = args, .built = built };
	size_t i;
	int rc;

	s->media.refresh = cmd_flag(args, "--refresh");
	s->media.strict = cmd_flag(args, "--strict");
	built->changed = arena_array(&args->arena, s->nshows,
	    sizeof(*built->changed));
	b.output = arena_array(&args->arena, count_outputs(&b),
	    sizeof(*b.output));
	b.published = arena_array(&args->arena, s->nshows,
	    sizeof(*b.published));
	b.chapters = arena_array(&args->arena, s->nshows + s->nothers,
	    sizeof(*b.chapters));
	rc = feed_published_allow(args, &b.allow, err);
	if (rc == 0)
		rc = build_all(&b, err);
	for (i = 0; i < s->nshows; i++)
		feed_published_abandon(&b.published[i]);
	for (i = 0; i < b.noutputs; i++)
		feed_output_abandon(&b.output[i]);
	for (i = 0; i < b.nchapters; i++)
		feed_chapters_abandon(&b.chapters[i]);
	feed_opml_abandon(&b.opml);
	feed_data_abandon(&b.data);
	return rc;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct feed_built built = { .dry = false };
	struct setting s;
	int rc = -1;

	if (setting_open(&s, args, err) == 0)
		rc = feed_build(&s, args, &built, err);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "only this show (may be given again)" },
	{ "--out", "DIR", "write the feeds there instead" },
	{ "--at", "TIME", "as if it were that time (2026-11-16T18:00Z)" },
	{ "--depfile", "FILE", "write there what the feeds were made of, for "
	    "make and ninja" },
	{ "--data", "FILE", "write there all facts of shows and episodes as "
	    "JSON, for a site's templates" },
	{ "--pages", NULL, "make pages of the shows beside the feeds" },
	{ "--against", "FEED", "compare with that file or address, not with "
	    "published.tsv" },
	{ "--allow", "CHANGE", "let it through: gone, guid, enclosure or "
	    "order (may be given again)" },
	{ "--keep-going", NULL, "leave out bad episodes, do the others" },
	{ "--refresh", NULL, "ask web servers for all audio, however recent" },
	{ "--strict", NULL, "lengths and durations that are wrong are errors" },
	{ NULL, NULL, NULL }
};

const struct command cmd_feed_build = {
	"feed", "build", "", 0, 0,
	"Make the RSS, Atom and JSON feeds of the shows",
	"Reads all episodes, finds the true size, type and duration of their "
	"audio, and\nreplaces each feed in one step; an unchanged feed is not "
	"touched. Every problem\nof every episode is told; then nothing is "
	"written and the exit code is 65, or 68, 69\nor 75 when only web "
	"servers were at fault (one that does not answer is no fault where its earlier\n"
	"answer is in the cache). With --keep-going the feeds are written\n"
	"without those episodes, and the exit code is 65 or 75.\n\n"
	"What would lose an episode that is published, or show it as new, is "
	"refused: exit\ncode 77; published.tsv beside show.ini remembers.",
	options, run
};
