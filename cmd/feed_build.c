#include <stdio.h>
#include <string.h>

#include "base/compress.h"
#include "base/log.h"
#include "base/strmap.h"
#include "cmd/cmd.h"
#include "cmd/feed_audio.h"
#include "cmd/feed_beside.h"
#include "cmd/feed_build.h"
#include "cmd/feed_chapters.h"
#include "cmd/feed_data.h"
#include "cmd/feed_depfile.h"
#include "cmd/feed_opml.h"
#include "cmd/feed_output.h"
#include "cmd/feed_pages.h"
#include "cmd/feed_place.h"
#include "cmd/feed_plan.h"
#include "cmd/feed_private.h"
#include "cmd/feed_published.h"
#include "cmd/feed_transcripts.h"
#include "cmd/setting.h"
#include "feed/check.h"

#define OLD_FEED_MAX ((size_t)256 << 20)
#define NAMED_MAX 10	/* episodes that are named, or told one by one */

struct build {
	struct setting *setting;
	struct cmd_args *args;
	struct feed_plan plan;
	size_t nvoid, nmain;	/* feeds of no section: that are not written
				 * yet, and all */
	struct feed_published *published;	/* of each show */
	unsigned allow;		/* HISTORY_... */
	size_t young;		/* episodes whose audio may still be growing */
	struct feed_opml opml;
	struct feed_data data;
	struct feed_beside *beside;	/* of each show, and of the others */
	size_t nbeside;
	struct feed_built *built;
};

static int
opml_clash(const struct build *b, const struct feed_output *o, struct err *err)
{
	const struct config *c = b->setting->config;

	err_set(err, ERR_CONFIG, "opml: the list of shows goes to %s, and so "
	    "does a feed of %s; give it another name", o->path,
	    o->show->file);
	return err_at(err, c->file, c->opml_line);
}

static int
plan(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	struct feed_plan *p = &b->plan;
	struct arena *a = &b->args->arena;
	const struct show *show;
	size_t i;

	if (feed_plan(p, s, b->args, err) != 0)
		return -1;
	for (i = 0; i < s->nshows + s->nothers; i++) {
		show = i < s->nshows ? s->shows[i] : s->others[i - s->nshows];
		feed_beside_plan(&b->beside[b->nbeside++], a, show,
		    feed_folder(s, b->args, show), b->built->dry);
	}
	feed_opml_plan(&b->opml, s, b->args);
	for (i = 0; i < p->nplanned && b->opml.path != NULL; i++)
		if (strcmp(p->real[i], b->opml.real) == 0)
			return opml_clash(b, &p->output[i], err);
	return feed_data_apart(b->args, p->real, p->nplanned, err) != 0 ? -1 :
	    feed_beside_apart(b->beside, b->nbeside, a, p->real, p->nplanned,
	    err);
}

/* The RSS feed of a show, by its number. */
static struct feed_output *
first_of(const struct build *b, size_t show)
{
	return &b->plan.output[b->plan.first[show]];
}

static void
tell_emptied(const struct feed_output *o, struct err *err)
{
	if (o->feed->name != NULL)
		err_set(err, ERR_REFUSED, "has episodes, and none is left for "
		    "[feed %s]; no feed was written. Look at that section in "
		    "%s and at the episodes, or delete this file when the "
		    "feed is to be empty", o->feed->name, o->show->file);
	else
		err_set(err, ERR_REFUSED, "has episodes, and none is left for "
		    "it; no feed was written. Look at `episodes` in %s and at "
		    "--at, or delete this file when the show is to be empty",
		    o->show->file);
}

/* Subscribers lose every episode when a feed becomes empty, and that is
 * seldom meant: a folder that is not there yet, or a time in the past. */
static int
check_emptied(const struct build *b, const struct feed_output *o,
    struct err *err)
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
				tell_emptied(o, err);
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

	for (i = 0; i < b->plan.noutputs; i++)
		if (b->plan.output[i].head.updated.t > modified.t)
			modified = b->plan.output[i].head.updated;
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
    bool *made, struct err *err)
{
	struct fs_out *file = o->file;

	if (b->built->dry) {
		*changed = fs_out_changes(file) || feed_private_lacks(o);
		return 0;
	}
	o->file = NULL;
	if (fs_out_commit(file, changed, err) != 0)
		return -1;
	if (!feeds_is_public(o->feed))
		return feed_private_copy(o, b->setting->config->compress,
		    changed, made, err);
	return compress_beside(o->path, b->setting->config->compress, made,
	    err);
}

static void
note_changed(struct build *b, const struct show *show)
{
	size_t i;

	for (i = 0; i < b->setting->nshows; i++)
		if (b->setting->shows[i] == show)
			b->built->changed[i] = true;
}

static bool
is_main(const struct feed_output *o)
{
	return o->feed->name == NULL && o->document == 0;
}

static int
commit_output(struct build *b, struct feed_output *o, struct err *err)
{
	bool quiet = log_get_level() == LOG_LEVEL_ERROR, changed, made = false;

	if (feed_output_is_unused(o))
		return 0;
	b->nmain += is_main(o);
	if (feed_output_is_void(o)) {
		b->nvoid += is_main(o);
		if (!quiet)
			printf("%s: no episode yet, not written\n", o->path);
		return 0;
	}
	if (replace(b, o, &changed, &made, err) != 0)
		return -1;
	if (changed || made)
		note_changed(b, o->show);
	/* Tokens are secrets, and logs are not. */
	if (!quiet && !feeds_is_public(o->feed))
		feed_private_tell(o, changed, b->built->dry);
	/* An archive stays as it is. */
	else if (!quiet && (o->document == 0 || changed))
		printf("%s: %zu episode%s, %s\n", o->path, o->items,
		    CMD_S(o->items), !changed ? "unchanged" :
		    b->built->dry ? "would be written" : "written");
	return 0;
}

/* Before the pages and feeds that lead to them. */
static int
commit_beside(struct build *b, struct err *err)
{
	size_t i;

	for (i = 0; i < b->setting->nshows && !b->built->dry; i++)
		if (feed_beside_commit(&b->beside[i], b->setting,
		    &b->built->changed[i], err) != 0)
			return -1;
	return 0;
}

/* Of public feeds, or of private ones: what feeds lead to before them. */
static int
commit_outputs(struct build *b, bool public, struct err *err)
{
	size_t i, n = b->plan.noutputs;

	for (i = 0; i < 2 * n; i++) {
		struct feed_output *o = &b->plan.output[i % n];

		if (feeds_is_public(o->feed) == public &&
		    (i < n) == (o->document > 0) &&
		    commit_output(b, o, err) != 0)
			return -1;
	}
	return 0;
}

/* All of them are complete files beside the old ones; only now are they
 * replaced. */
static int
commit(struct build *b, struct err *err)
{
	size_t i;

	if (commit_outputs(b, true, err) != 0)
		return -1;
	for (i = 0; i < b->setting->nshows && !b->built->dry; i++)
		if (feed_published_commit(&b->published[i], err) != 0)
			return -1;
	return 0;
}

/* ---- private feeds ---- */

static bool
is_known(void *ctx, const char *path)
{
	return strmap_get(ctx, path) != STRMAP_NONE;
}

/* The paths of all that is made. */
static void
note_paths(struct build *b, struct strmap *known)
{
	struct arena *a = &b->args->arena;
	size_t i, k;

	for (i = 0; i < b->plan.nplanned; i++) {
		const struct feed_output *o = &b->plan.output[i];

		(void)strmap_put(known, o->path, i);
		for (k = 1; k < o->feed->ntokens; k++)
			(void)strmap_put(known, fs_join(a, o->folder,
			    feed_private_name(a, o, k)), i);
	}
}

/* Behind all others: they are copied when the first one is in its place. */
static int
commit_private(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	struct strmap known = STRMAP_INIT;
	size_t i, k;
	int rc = commit_outputs(b, false, err);

	if (rc == 0)
		note_paths(b, &known);
	for (i = 0; rc == 0 && i < s->nshows; i++)
		for (k = 0; rc == 0 && k < s->shows[i]->nfeeds; k++) {
			const struct show_feed *f = &s->shows[i]->feeds[k];

			if (!feeds_is_public(f) && !b->built->dry)
				rc = feed_private_old(f, feed_folder(s,
				    b->args, s->shows[i]), is_known, &known,
				    err);
		}
	strmap_release(&known);
	return rc;
}

/* What subscribers would lose or get twice; --keep-going does not allow it. */
static int
compare_published(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	size_t before = s->findings.errors, i;

	for (i = 0; i < s->nshows; i++) {
		const struct feed_output *o = first_of(b, i);

		/* Of a feed that is not there nothing was seen. */
		if (!feed_output_is_void(o) && feed_published_compare(
		    &b->published[i], s, b->args, s->shows[i], b->allow,
		    o->path, err) != 0)
			return -1;
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
	    b->nvoid == b->nmain ? ". None is left, and no feed was written" :
	    "");
	buf_release(&names);
	return -1;
}

static int
find_audio(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	size_t i;

	feed_audio_prepare(s, &b->args->arena);
	for (i = 0; i < s->nshows; i++) {
		check_show(s->shows[i], &s->findings);
		feed_audio(s, &b->args->arena, s->shows[i]);
		feeds_warn_audio(s->shows[i], &s->findings);
		if (feed_audio_young(s, &b->args->arena, s->shows[i],
		    first_of(b, i)->path, &b->young, err) != 0)
			return -1;
	}
	return 0;
}

/* Before the feeds, which name them. */
static int
write_pages(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	size_t i;

	for (i = 0; i < s->nshows && !b->built->dry; i++) {
		const struct feed_output *o = first_of(b, i);
		bool changed = false;

		if (feed_pages_wanted(b->args, s->shows[i]) &&
		    !feed_output_is_void(o) && feed_pages_write(s,
		    s->shows[i], o->folder, &changed, err) != 0)
			return -1;
		b->built->changed[i] |= changed;
	}
	return 0;
}

static bool
is_target(const struct feed_output *o)
{
	return feeds_is_public(o->feed) && !feed_output_is_unused(o) &&
	    !feed_output_is_void(o);
}

static int
write_depfile(const struct build *b, struct err *err)
{
	const char *path = cmd_value(b->args, "--depfile"), **target;
	size_t i, n = 0;

	if (path == NULL || b->built->dry)
		return 0;
	target = arena_array(&b->args->arena, b->plan.noutputs,
	    sizeof(*target));
	for (i = 0; i < b->plan.noutputs; i++)
		if (is_target(&b->plan.output[i]))
			target[n++] = b->plan.output[i].path;
	return feed_depfile_write(b->setting, path, target, n, err);
}

static int
check_outputs(const struct build *b, struct err *err)
{
	size_t k;

	for (k = 0; k < b->plan.noutputs; k++)
		if (b->plan.output[k].document == 0 &&
		    check_emptied(b, &b->plan.output[k], err) != 0)
			return -1;
	return 0;
}

static int
write_all(struct build *b, struct err *err)
{
	struct setting *s = b->setting;
	const size_t *first = b->plan.first;
	size_t i;

	for (i = 0; i < s->nshows; i++) {
		if (feed_transcripts_write(&b->beside[i].transcripts, s,
		    &b->args->arena, s->shows[i], err) != 0 ||
		    feed_outputs_write(s, s->shows[i], first_of(b, i),
		    first[i + 1] - first[i], err) != 0 ||
		    feed_chapters_write(&b->beside[i].chapters, s,
		    &b->args->arena, s->shows[i], err) != 0)
			return -1;
	}
	log_progress_end();
	return 0;
}

/* In the order in which they lead to each other. */
static int
commit_all(struct build *b, struct err *err)
{
	return commit_beside(b, err) != 0 || write_pages(b, err) != 0 ||
	    commit(b, err) != 0 || commit_lists(b, err) != 0 ||
	    commit_private(b, err) != 0 || write_depfile(b, err) != 0 ? -1 :
	    0;
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
	    commit_all(b, err) != 0)
		return -1;
	b->built->done = true;
	return tell_left_out(b, err);
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
	for (i = 0; i < s->nshows; i++)
		feeds_expand(s->shows[i], s->now, &s->findings);
	b.published = arena_array(&args->arena, s->nshows,
	    sizeof(*b.published));
	b.beside = arena_array(&args->arena, s->nshows + s->nothers,
	    sizeof(*b.beside));
	rc = feed_published_allow(args, &b.allow, err);
	if (rc == 0)
		rc = build_all(&b, err);
	for (i = 0; i < s->nshows; i++)
		feed_published_abandon(&b.published[i]);
	for (i = 0; i < b.plan.noutputs; i++) {
		feed_output_abandon(&b.plan.output[i]);
		/* Tokens are secrets, and logs are not. */
		if (rc != 0)
			feed_private_mask(&b.plan.output[i], err);
	}
	for (i = 0; i < b.nbeside; i++)
		feed_beside_abandon(&b.beside[i]);
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
	"servers were at fault (one that does not answer is no fault where "
	"its earlier\nanswer is in the cache). With --keep-going the feeds "
	"are written\nwithout those episodes, and the exit code is 65 or "
	"75.\n\nWhat would lose an episode that is published, or show it as "
	"new, is refused: exit\ncode 77; published.tsv beside show.ini "
	"remembers.",
	options, run
};
