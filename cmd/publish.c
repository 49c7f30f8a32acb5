#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/run.h"
#include "cmd/cmd.h"
#include "cmd/feed_build.h"
#include "cmd/feed_ping.h"
#include "cmd/feed_place.h"
#include "cmd/publish_verify.h"
#include "cmd/setting.h"

struct publish {
	struct setting *setting;
	struct cmd_args *args;
	bool dry, quiet;
};

/* What is known of one show on its way. */
struct way {
	struct show *show;
	const char *folder;	/* of its feeds */
	const char *path;	/* of the RSS feed */
	const char *command;	/* NULL: none */
	const char *dir;	/* where it is run */
	const char *digest;	/* of all its feeds */
	const char *key;	/* under which the cache knows what is out */
};

static const char *
digests(struct arena *a, const struct show *show, const char *folder,
    struct err *err)
{
	const char *all = "", *one, *path;
	size_t i, k;

	for (i = 0; i < show->nfeeds; i++) {
		path = fs_join(a, folder, show->feeds[i].file);
		/* No episode is for it yet. */
		if (show->feeds[i].name != NULL && (!fs_is_file(path) ||
		    (!feeds_is_public(&show->feeds[i]) &&
		    show->feeds[i].ntokens == 0)))
			continue;
		if (feed_ping_digest(a, path, &one, err) != 0)
			return NULL;
		all = arena_printf(a, "%s%s", all, one);
		/* All tokens have the same feed. */
		for (k = 1; k < show->feeds[i].ntokens; k++)
			all = feed_ping_sum(a, arena_printf(a, "%s %s", all,
			    show->feeds[i].tokens[k]));
	}
	return all;
}

static void
find(struct publish *p, struct way *w)
{
	const struct config *c = p->setting->config;
	struct arena *a = &p->args->arena;
	bool own = w->show->deploy != NULL;

	w->folder = feed_folder(p->setting, p->args, w->show);
	w->path = fs_join(a, w->folder, w->show->rss);
	w->command = own ? w->show->deploy : c->deploy;
	w->dir = own ? w->show->dir : fs_dirname(a, c->file);
	w->key = arena_printf(a, "publish %s", w->command != NULL ?
	    w->command : "");
}

/* Whether an earlier run has published the feeds as they are now, in the same
 * way: 1, 0 or -1. */
static int
is_out(struct publish *p, struct way *w, struct err *err)
{
	struct arena *a = &p->args->arena;
	const char *all = digests(a, w->show, w->folder, err);

	if (all == NULL)
		return -1;
	w->digest = feed_ping_sum(a, all);
	return cache_ping_get(p->setting->cache, w->key, w->show->feed_url,
	    w->digest, err);
}

/* So that a run that fails is done again. */
static int
forget(struct publish *p, const struct way *w, struct err *err)
{
	const char *none = arena_printf(&p->args->arena, "%064d", 0);

	return p->dry ? 0 : cache_ping_put(p->setting->cache, w->key,
	    w->show->feed_url, none, err);
}

/* Whether the show is out as it is: 1, 0 or -1. */
static int
is_done(struct publish *p, struct way *w, bool changed, struct err *err)
{
	int known;

	/* What a dry run would write is not there. */
	if (p->dry && changed)
		return 0;
	known = is_out(p, w, err);
	/* Pages and chapters are no part of what is compared. */
	if (known > 0 && changed)
		known = forget(p, w, err);
	return known;
}

static int
deploy(struct publish *p, const struct way *w, struct err *err)
{
	struct arena *a = &p->args->arena;
	char real[PATH_MAX];
	const char *env[] = { arena_printf(a, "SHOWMILL_SHOW=%s",
	    w->show->slug), NULL, NULL };
	int code = 0;

	if (w->command == NULL)
		return 0;
	if (realpath(w->folder, real) == NULL)
		return err_sys(err, ERR_SYSTEM, "%s", w->folder);
	env[1] = arena_printf(a, "SHOWMILL_OUT=%s", real);
	log_debug("%s: running %s", w->show->slug, w->command);
	if (run_shell(w->command, w->dir, env, &code, err) != 0)
		return -1;
	if (code == 0)
		return 0;
	return err_set(err, ERR_TEMPORARY, "`deploy = %.200s` ended with %d",
	    w->command, code);
}

/* Ends with what was done of the show, and what the next run does. */
static int
stop(const struct way *w, const char *done, struct err *err)
{
	struct err why = *err;

	err_set(err, why.kind, "%s: %s; %s", w->show->slug, why.msg, done);
	if (why.file[0] != '\0')
		err_at(err, why.file, why.line);
	return -1;
}

static int
bring(struct publish *p, const struct way *w, struct err *err)
{
	struct err told = ERR_INIT;

	if (deploy(p, w, err) != 0)
		return stop(w, "the feeds are built and not published; the "
		    "next `publish` deploys them", err);
	if (publish_verify(p->setting, w->show, w->path, err) != 0)
		return stop(w, w->command != NULL ? "the feeds are built and "
		    "deployed, and nobody was told; the next `publish` deploys "
		    "them again" : "the feeds are built, and nobody was told; "
		    "the next `publish` looks again", err);
	/* Unremembered, it is deployed once more. */
	if (cache_ping_put(p->setting->cache, w->key, w->show->feed_url,
	    w->digest, &told) != 0)
		log_warning("%s", told.msg);
	if (!p->quiet)
		printf("%s: published, and %s serves it\n", w->show->slug,
		    w->show->feed_url);
	return 0;
}

static void
say_plan(const struct way *w)
{
	const struct show *s = w->show;
	size_t i;

	if (w->command != NULL)
		printf("%s: would run `%s`\n", s->slug, w->command);
	printf("%s: would look whether %s serves the feed\n", s->slug,
	    s->feed_url);
	for (i = 0; i < s->nhubs; i++)
		printf("%s: would tell %s\n", s->slug, s->hubs[i]);
	if (s->index_ping)
		printf("%s: would tell podcastindex.org\n", s->slug);
	if (s->podping)
		printf("%s: would tell podping.cloud\n", s->slug);
}

/* From the feeds that are built to those who are told. */
static int
publish_show(struct publish *p, struct show *show, bool changed,
    struct err *err)
{
	struct way w = { .show = show };
	size_t told = 0;
	int known;

	find(p, &w);
	if (!fs_is_file(w.path) && !changed)
		return 0;	/* no episode yet: the build has said so */
	known = is_done(p, &w, changed, err);
	if (known < 0)
		return -1;
	if (known == 0 && p->dry) {
		say_plan(&w);
		return 0;
	}
	if (known == 0 && bring(p, &w, err) != 0)
		return -1;
	if (feed_ping_shows(p->setting, p->args, &show, 1, p->dry, &told,
	    err) != 0)
		return stop(&w, "the show is published", err);
	if (known > 0 && told == 0 && !p->quiet)
		printf("%s: nothing new\n", show->slug);
	return 0;
}

/* After one has failed: what is out, and what is not. */
static void
add_others(const struct publish *p, size_t at, struct err *err)
{
	const struct setting *s = p->setting;
	struct err why = *err;
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	for (i = 0; i < s->nshows; i++) {
		if (i == at)
			continue;
		buf_addf(&b, "%s%s", i == 0 ? "; published: " : i == at + 1 ?
		    "; not begun: " : ", ", s->shows[i]->slug);
	}
	err_set(err, why.kind, "%.900s%s", why.msg, b.data);
	if (why.file[0] != '\0')
		err_at(err, why.file, why.line);
	buf_release(&b);
}

static int
publish_all(struct publish *p, struct err *err)
{
	struct feed_built built = { .dry = p->dry };
	struct setting *s = p->setting;
	struct err later = ERR_INIT;
	const char *key;
	size_t i;
	int rc;

	/* Better now than when the feeds are deployed. */
	if (feed_ping_key(s, &p->args->arena, s->shows, s->nshows, &key,
	    err) != 0)
		return -1;
	rc = feed_build(s, p->args, &built, &later);
	if (rc != 0 && !built.done) {
		*err = later;
		return -1;
	}
	for (i = 0; i < s->nshows; i++)
		if (publish_show(p, s->shows[i], built.changed[i],
		    err) != 0) {
			add_others(p, i, err);
			/* Left out of what was built: not to be lost. */
			if (rc != 0)
				log_err(&later);
			return -1;
		}
	if (rc != 0)
		*err = later;
	return rc;
}

/* Before the episodes are read: what another run publishes meanwhile would not
 * be among them. A config.ini that cannot be used is told by who reads it
 * next. */
static int
lock(struct cmd_args *args, struct fs_lock **out, struct err *err)
{
	struct findings quiet = { .report = NULL };
	struct config *c = config_load_alone(args->config, &quiet);
	char owner[FS_OWNER_MAX];
	int rc;

	if (c == NULL)
		return 0;
	*out = fs_lock_beside(c->cache, err);
	rc = *out != NULL ? 0 : -1;
	if (rc != 0 && err->kind == ERR_TEMPORARY &&
	    fs_lock_owner(c->cache, owner, NULL))
		err_set(err, ERR_TEMPORARY, "another `publish` is at work: "
		    "%s; run this again when it has ended", owner);
	config_free(c);
	return rc;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct setting s;
	struct publish p = { .setting = &s, .args = args,
		.dry = cmd_flag(args, "--dry-run"),
		.quiet = log_get_level() == LOG_LEVEL_ERROR };
	struct fs_lock *held = NULL;
	int rc = -1;

	if (!p.dry && lock(args, &held, err) != 0)
		return -1;
	if (setting_open(&s, args, err) == 0)
		rc = publish_all(&p, err);
	setting_close(&s);
	fs_lock_drop(held);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "only this show (may be given again)" },
	{ "--out", "DIR", "write the feeds there instead" },
	{ "--against", "FEED", "as for `feed build`" },
	{ "--allow", "CHANGE", "as for `feed build`" },
	{ "--keep-going", NULL, "leave out bad episodes, publish the others" },
	{ "--refresh", NULL, "as for `feed build`" },
	{ "--strict", NULL, "as for `feed build`" },
	{ "--dry-run", NULL, "say what would be done, do nothing" },
	{ NULL, NULL, NULL }
};

const struct command cmd_publish = {
	"publish", "", "", 0, 0,
	"Build the feeds, deploy them, look, and tell hubs",
	"Builds the feeds as `feed build` does, with its refusals. For each "
	"show then runs\nits `deploy` command (with SHOWMILL_OUT and "
	"SHOWMILL_SHOW), waits until feed_url\nserves what was built, and "
	"tells whom `feed ping` would tell. The first step that\nfails is the "
	"last; what is published by then and what not is said, and the next "
	"run\ngoes on there. Where nothing is new nothing is done.",
	options, run
};
