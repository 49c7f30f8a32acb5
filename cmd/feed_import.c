#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/download.h"
#include "base/fs.h"
#include "base/fs_batch.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/config_first.h"
#include "cmd/feed_load.h"
#include "feed/import.h"
#include "show/media_probe.h"
#include "text/xml.h"

#define MEDIA_SECONDS 60L		/* without a byte */
#define MEDIA_MAX ((int64_t)4 << 30)	/* bytes of one file */
#define SLUG_MAX 64

/* A file to be written. */
struct output {
	const char *path;
	const char *text;
	size_t len;
	bool alone;		/* written behind all the others */
	bool there;		/* with these bytes, from an earlier run */
};

struct job {
	struct cmd_args *args;
	struct import im;
	struct findings findings;
	bool keep_going;
	const char *dir;	/* of the show */
	const char *parent;	/* of that */
	const char *config;	/* NULL: none was there */
	struct output *output;	/* show.ini is the last */
	size_t noutputs;
	size_t nthere;
	size_t nbad;		/* items that were left out while written */
	size_t nlost;		/* files that could not be downloaded */
	bool fetched;		/* it was tried: some may be there */
	struct strmap audio;	/* the addresses of enclosures */
	struct media_probe *probe;
};

static int
check_slug(const char *slug, struct err *err)
{
	if (slug == NULL || (*slug != '\0' && strlen(slug) <= SLUG_MAX &&
	    slug[strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
	    '\0'))
		return 0;
	return err_set(err, ERR_USAGE, "--show %s: it wants a name of the "
	    "letters a-z, digits and dashes", slug);
}

static void
add_output(struct job *j, const char *path, bool alone,
    const struct buf *text)
{
	struct output *o = &j->output[j->noutputs++];

	o->path = path;
	o->alone = alone;
	o->text = arena_strndup(&j->args->arena, text->data, text->len);
	o->len = text->len;
}

static void
add_config(struct job *j)
{
	struct buf text;

	buf_init(&text, 0);
	config_first_text(arena_printf(&j->args->arena, "%s/*/show.ini",
	    j->parent), &text);
	add_output(j, "config.ini", true, &text);
	buf_release(&text);
}

/* The texts of all files. What cannot be one is left out, and told. */
static int
prepare(struct job *j, struct err *err)
{
	struct arena *a = &j->args->arena;
	struct err told;
	struct buf text, xml;
	size_t i;
	int rc;

	j->output = arena_array(a, j->im.nitems + 3, sizeof(*j->output));
	buf_init(&text, FEED_DOC_MAX);
	buf_init(&xml, FEED_DOC_MAX);
	for (i = 0; i < j->im.nitems; i++) {
		buf_clear(&text);
		told = (struct err)ERR_INIT;
		if (import_episode(&j->im, i, &text, &told) != 0) {
			finding_err(&j->findings, "import-item", &told);
			j->nbad++;
			continue;
		}
		add_output(j, arena_printf(a, "%s/episodes/%s", j->dir,
		    import_name(&j->im, i)), false, &text);
	}
	buf_clear(&text);
	rc = import_show(&j->im, &text, &xml, err);
	if (rc == 0 && xml.len > 0)
		add_output(j, arena_printf(a, "%s/channel.xml", j->dir), false,
		    &xml);
	if (rc == 0 && j->config == NULL)
		add_config(j);
	if (rc == 0)
		add_output(j, arena_printf(a, "%s/show.ini", j->dir), true,
		    &text);
	buf_release(&xml);
	buf_release(&text);
	return rc;
}

/* What was written all the same when nothing else was. */
static const char *
but(const struct job *j)
{
	return j->fetched ? " but what was downloaded" : "";
}

/* A file that is there already is never replaced. One with the same bytes is
 * done: so a run that was broken off can be repeated. */
static int
check_output(const struct job *j, struct output *o, struct err *err)
{
	struct err ignored = ERR_INIT;
	struct stat st;
	struct buf old;

	if (lstat(o->path, &st) != 0)
		return 0;
	buf_init(&old, o->len + 1);
	o->there = fs_read(o->path, o->len + 1, &old, NULL, &ignored) == 0 &&
	    old.len == o->len && memcmp(old.data, o->text, o->len) == 0;
	buf_release(&old);
	if (o->there)
		return 0;
	err_set(err, ERR_OUTPUT, "is there already and is not what the feed "
	    "gives; nothing was written%s. Choose another --show or --dir, or "
	    "move the folder away", but(j));
	return err_at(err, o->path, 0);
}

static int
check_outputs(struct job *j, struct err *err)
{
	size_t i;

	for (i = 0; i < j->noutputs; i++) {
		if (check_output(j, &j->output[i], err) != 0)
			return -1;
		j->nthere += j->output[i].there;
	}
	return 0;
}

static void
tell(void *ctx, int64_t have, int64_t total)
{
	log_progress(ctx, (size_t)(have >> 10), total > 0 ?
	    (size_t)(total >> 10) : 0);
}

/* The addresses under which the plan may have what is to be audio. */
static void
note_audio(struct job *j)
{
	const struct feed_doc *doc = j->im.doc;
	size_t i, k;

	for (i = 0; i < doc->nitems; i++)
		for (k = 0; k < doc->items[i].nenclosures; k++) {
			const char *url = doc->items[i].enclosures[k].url;

			if (url == NULL)
				continue;
			(void)strmap_put(&j->audio, url, 0);
			(void)strmap_put(&j->audio, xw_resolve(
			    &j->args->arena, "", url), 0);
		}
}

/* Servers send pages with status 200 where a file is gone or a login is
 * wanted. was: it was here before, and is not for this run to remove. */
static int
check_audio(struct job *j, const struct import_media *m, const char *path,
    bool was, struct err *err)
{
	struct arena scratch = ARENA_INIT;
	struct media_facts facts;
	struct err why = ERR_INIT;
	int rc = media_probe_file(j->probe, path, &scratch, &facts, &why);

	if (rc == 0 && facts.doubt != NULL)
		finding_add(&j->findings, SEV_WARNING, "import-media",
		    j->im.doc->file, m->line, "%s, which came from %s: %s",
		    path, m->url, facts.doubt);
	arena_release(&scratch);
	if (rc == 0)
		return 0;
	if (why.kind != ERR_INPUT)
		return err_set(err, why.kind, "%s: %s", path, why.msg);
	if (was)
		return err_set(err, ERR_INPUT, "%s, which is there already, "
		    "%s; delete it, so that it is downloaded again", path,
		    why.msg);
	if (unlink(path) != 0)
		return err_sys(err, ERR_OUTPUT, "%s %s, and cannot be removed",
		    path, why.msg);
	return err_set(err, ERR_INPUT, "GET %s: what the server sends %s; "
	    "look at the address, and what a browser shows there", m->url,
	    why.msg);
}

static int
fetch_file(struct job *j, struct http_session *s, size_t i, int64_t *length,
    struct err *err)
{
	const struct import_media *m = &j->im.media[i];
	struct arena *a = &j->args->arena;
	const char *path = arena_printf(a, "%s/media/%s", j->dir, m->name);
	bool was = fs_is_file(path);

	if (download(s, m->url, path, MEDIA_MAX, tell, arena_printf(a,
	    "%zu of %zu: %s, KiB", i + 1, j->im.nmedia, m->name), length,
	    err) != 0)
		return -1;
	return strmap_get(&j->audio, m->url) == STRMAP_NONE ? 0 :
	    check_audio(j, m, path, was, err);
}

static void
fetch_one(struct job *j, struct http_session *s, size_t i)
{
	struct import_media *m = &j->im.media[i];
	struct err err = ERR_INIT;
	int64_t length = 0;

	if (fetch_file(j, s, i, &length, &err) != 0) {
		m->failed = true;
		j->nlost++;
		err_at(&err, j->im.doc->file, m->line);
		finding_err(&j->findings, "import-media", &err);
	} else if (m->length > 0 && length != m->length) {
		finding_add(&j->findings, SEV_WARNING, "import-media",
		    j->im.doc->file, m->line, "%s has %lld bytes, and the "
		    "feed says %lld", m->url, (long long)length,
		    (long long)m->length);
	}
	log_progress_end();
}

static int
fetch_media(struct job *j, struct err *err)
{
	struct arena *a = &j->args->arena;
	struct http_session *s;
	size_t i;

	if (j->im.nmedia == 0)
		return 0;
	if (fs_mkdirs(arena_printf(a, "%s/media", j->dir), err) != 0)
		return -1;
	s = http_session_open(MEDIA_SECONDS, err);
	if (s == NULL)
		return -1;
	j->fetched = true;
	note_audio(j);
	j->probe = media_probe_open();
	for (i = 0; i < j->im.nmedia; i++)
		fetch_one(j, s, i);
	media_probe_close(j->probe);
	strmap_release(&j->audio);
	http_session_close(s);
	return 0;
}

/* Errors so far that the person has not allowed. */
static bool
is_bad(const struct job *j, struct err *err)
{
	const struct findings *f = &j->findings;

	if (f->errors == 0 || j->keep_going)
		return false;
	err_set(err, err_may_pass(f->kind) ? f->kind : ERR_INPUT, "%zu "
	    "error%s; nothing was written%s (--keep-going leaves out what "
	    "cannot be imported)", f->errors, CMD_S(f->errors), but(j));
	return true;
}

static int
write_together(struct job *j, struct err *err)
{
	struct fs_batch *b = fs_batch_open(j->dir, err);
	size_t i;

	if (b == NULL)
		return -1;
	for (i = 0; i < j->noutputs; i++) {
		const struct output *o = &j->output[i];

		if (!o->alone && !o->there &&
		    fs_batch_add(b, o->path, o->text, o->len, err) != 0) {
			fs_batch_abandon(b);
			return -1;
		}
		log_progress("files", i + 1, j->noutputs);
	}
	log_progress_end();
	return fs_batch_commit(b, err);
}

/* show.ini is the last, so that there is no show before it is whole. */
static int
write_all(struct job *j, struct err *err)
{
	size_t i;

	if (fs_mkdirs(arena_printf(&j->args->arena, "%s/episodes", j->dir),
	    err) != 0 || write_together(j, err) != 0)
		return -1;
	for (i = 0; i < j->noutputs; i++) {
		const struct output *o = &j->output[i];

		if (o->alone && !o->there && fs_replace(o->path, o->text,
		    o->len, 0666, NULL, err) != 0)
			return -1;
	}
	return 0;
}

static void
report(const struct job *j, bool dry)
{
	size_t n = j->im.nitems - j->nbad, i;

	if (log_get_level() == LOG_LEVEL_ERROR)
		return;
	for (i = 0; dry && i < j->noutputs; i++)
		puts(j->output[i].path);
	for (i = 0; dry && i < j->im.nmedia; i++)
		printf("%s/media/%s\n", j->dir, j->im.media[i].name);
	if (dry)
		return;
	printf("%s: %zu episode%s", j->dir, n, CMD_S(n));
	if (j->im.ndrafts > 0)
		printf(", %zu without audio: draft%s", j->im.ndrafts,
		    CMD_S(j->im.ndrafts));
	puts(j->nthere == j->noutputs ? ", all there already" : "");
	if (j->config != NULL)
		config_first_check(j->config, arena_printf(&j->args->arena,
		    "%s/show.ini", j->dir));
	log_notice("look through %s/show.ini; then `showmill feed build "
	    "--show %s` makes the feed, and `showmill feed diff` compares "
	    "it with the old one", j->dir, j->im.slug);
}

/* What the show that was written does not have. */
static int
tell_left_out(const struct job *j, bool damaged, struct err *err)
{
	const struct findings *f = &j->findings;
	struct arena *a = &j->args->arena;
	size_t n = j->im.nleft_out + j->nbad;

	if (f->errors == 0 && !damaged)
		return 0;
	if (n == 0 && j->nlost == 0)
		return err_set(err, ERR_INPUT, "the feed is damaged, and "
		    "something may be missing");
	return err_set(err, f->errors > 0 && err_may_pass(f->kind) ?
	    ERR_TEMPORARY : ERR_INPUT, "%s%s%s", n == 0 ? "" : arena_printf(a,
	    "%zu item%s left out", n, n == 1 ? " was" : "s were"), n > 0 &&
	    j->nlost > 0 ? ", " : "", j->nlost == 0 ? "" : arena_printf(a,
	    "%zu file%s not downloaded", j->nlost, j->nlost == 1 ? " was" :
	    "s were"));
}

static void
set_places(struct job *j)
{
	struct arena *a = &j->args->arena;
	const char *dir = cmd_value(j->args, "--dir");

	j->parent = dir != NULL ? dir : "feeds";
	j->dir = arena_printf(a, "%s/%s", j->parent, j->im.slug);
	j->config = j->args->config != NULL ? j->args->config :
	    config_first_above(a, ".");
}

static int
import_doc(struct job *j, const struct feed_doc *doc, const char *from,
    bool damaged, struct err *err)
{
	bool dry = cmd_flag(j->args, "--dry-run");

	if (doc->channel.element == NULL)
		return err_set(err, ERR_INPUT, "%s: there is no show in this "
		    "feed%s%s", from, doc->channel.new_feed_url != NULL ?
		    "; it has moved to " : "",
		    doc->channel.new_feed_url != NULL ?
		    doc->channel.new_feed_url : "");
	import_plan(&j->im, doc, cmd_value(j->args, "--show"),
	    strncasecmp(from, "http", 4) == 0 ? from : NULL,
	    cmd_flag(j->args, "--media"), &j->findings);
	set_places(j);
	if (is_bad(j, err))
		return -1;
	if (!dry && fetch_media(j, err) != 0)
		return -1;
	if (prepare(j, err) != 0 || is_bad(j, err) ||
	    check_outputs(j, err) != 0 || (!dry && write_all(j, err) != 0))
		return -1;
	report(j, dry);
	return tell_left_out(j, damaged, err);
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct job j = { .args = args, .findings = { .report = log_finding } };
	const char *from = args->operand[0];
	struct feed_doc *doc;
	bool damaged = false;
	int rc = -1;

	j.keep_going = cmd_flag(args, "--keep-going");
	if (check_slug(cmd_value(args, "--show"), err) != 0)
		return -1;
	doc = feed_load(&args->arena, from, "nothing was imported "
	    "(--keep-going takes what is left)", j.keep_going ? &damaged :
	    NULL, err);
	if (doc != NULL)
		rc = import_doc(&j, doc, from, damaged, err);
	import_release(&j.im);
	feed_doc_free(doc);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "name of the show; else made of its title" },
	{ "--dir", "DIR", "where the show's folder goes; `feeds`" },
	{ "--media", NULL, "download audio, pictures, chapters, transcripts" },
	{ "--keep-going", NULL, "leave out what cannot be imported" },
	{ "--dry-run", NULL, "only name the files that would be written" },
	{ NULL, NULL, NULL }
};

const struct command cmd_feed_import = {
	"feed", "import", "FEED", 1, 1,
	"Make a show of an old feed: show.ini and episodes",
	"FEED is a file or an http(s) address of an RSS or Atom feed. All that "
	"it says is\nkept, so that the feed that is built says the same. A "
	"config.ini is made where\nthere is none. No file that is there is "
	"replaced; a run that was broken off\ncan be repeated. Every item that "
	"cannot be imported is told with its line;\nthen nothing is written "
	"and the exit code is 65.",
	options, run
};
