#include "cmd/feed_ping.h"

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "cmd/feed_place.h"
#include "cmd/keys.h"
#include "feed/ping.h"
#include "show/options.h"

#define FEED_MAX ((size_t)256 << 20)
/* Names for people, and in the cache. */
#define INDEX "podcastindex.org"
#define PODPING "podping.cloud"
#define PODPING_LIVE "podping.cloud live"	/* in the cache: what was on
						 * air */
#define DIGEST_TEXT (2 * HASH_SHA256_SIZE + 1)

/* Somebody who is to be told of a feed. */
struct news {
	const struct show *show;
	unsigned line;		/* of show.ini, that wants it */
	const char *who;
	const char *feed;
	const char *digest;
	const char *live;	/* digest of what is on air; NULL: of no use */
};

enum whom { HUB, INDEX_OF_PODCASTS, PODPING_CLOUD };

struct round {
	struct setting *setting;
	struct cmd_args *args;
	struct ping *ping;
	struct news *news;
	const char *key;	/* of podping.cloud; NULL: not wanted */
	size_t n, most;
	bool dry, quiet;
};

static const char *
sum(struct arena *a, const void *data, size_t len)
{
	unsigned char hash[HASH_SHA256_SIZE];
	char text[DIGEST_TEXT];

	hash_sha256(data, len, hash);
	hash_hex(hash, sizeof(hash), text);
	return arena_strdup(a, text);
}

const char *
feed_ping_sum(struct arena *a, const char *text)
{
	return sum(a, text, strlen(text));
}

int
feed_ping_digest(struct arena *a, const char *path, const char **out,
    struct err *err)
{
	struct buf data;
	int rc;

	buf_init(&data, FEED_MAX);
	rc = fs_read(path, FEED_MAX, &data, NULL, err);
	if (rc == 0)
		*out = sum(a, data.data, data.len);
	buf_release(&data);
	return rc;
}

/* On air now, and podping.cloud was not told so yet: 1, 0 or -1. */
static int
is_new_on_air(struct round *r, struct news *news, struct err *err)
{
	struct arena *a = &r->args->arena;
	const char *live = ping_live(a, news->show);
	int known;

	news->live = feed_ping_sum(a, live);
	known = cache_ping_get(r->setting->cache, PODPING_LIVE, news->feed,
	    news->live, err);
	return known < 0 ? -1 : known == 0 && *live != '\0';
}

static int
plan(struct round *r, struct news *news, enum whom whom, struct err *err)
{
	struct arena *a = &r->args->arena;
	struct setting *s = r->setting;
	struct ping *p = &r->ping[r->n];
	int known = cache_ping_get(s->cache, news->who, news->feed,
	    news->digest, err), live;

	if (known < 0)
		return -1;
	if (known > 0) {
		log_debug("%s knows %s as it is", news->who, news->feed);
		return 0;
	}
	if (whom == PODPING_CLOUD) {
		if ((live = is_new_on_air(r, news, err)) < 0)
			return -1;
		ping_podping(a, p, news->show, news->feed, r->key,
		    live > 0);
	} else if (whom == INDEX_OF_PODCASTS) {
		ping_index(a, p, news->feed);
	} else {
		ping_hub(a, p, news->who, news->feed);
	}
	p->url = config_instead(s->config, a, p->url);
	r->news[r->n++] = *news;
	return 0;
}

/* Those who are asked for by a key of their own. */
static int
plan_others(struct round *r, struct news *news, bool index, bool podping,
    struct err *err)
{
	news->line = show_line(news->show, "podcast_index_ping");
	news->who = INDEX;
	if (index && plan(r, news, INDEX_OF_PODCASTS, err) != 0)
		return -1;
	news->line = show_line(news->show, "podping");
	news->who = PODPING;
	return podping ? plan(r, news, PODPING_CLOUD, err) : 0;
}

static int
plan_feed(struct round *r, const struct show *show,
    const struct show_feed *f, struct err *err)
{
	struct arena *a = &r->args->arena;
	struct news news = { .show = show, .feed = f->url };
	/* That is of shows, which it knows by their RSS feed. */
	bool index = show->index_ping && f == show->feeds;
	bool podping = show->podping && f->format == FEED_RSS;
	const char *path;
	size_t i;

	if (!feeds_is_told(f) || (show->nhubs == 0 && !index && !podping))
		return 0;
	path = fs_join(a, feed_folder(r->setting, r->args, show), f->file);
	/* No episode is for it yet. */
	if (f->name != NULL && !fs_is_file(path))
		return 0;
	if (feed_ping_digest(a, path, &news.digest, err) != 0)
		return -1;
	for (i = 0; i < show->nhubs; i++) {
		news.who = show->hubs[i];
		news.line = options_line_at(show->options, "websub_hub", i);
		if (plan(r, &news, HUB, err) != 0)
			return -1;
	}
	return plan_others(r, &news, index, podping, err);
}

static void
settle(struct round *r, size_t i)
{
	const struct news *news = &r->news[i];
	struct ping *p = &r->ping[i];
	struct err told = ERR_INIT;

	if (!p->told) {
		err_at(&p->err, news->show->file, news->line);
		finding_err(&r->setting->findings, "feed-ping", &p->err);
		return;
	}
	/* Unremembered, it is told once more. */
	if (cache_ping_put(r->setting->cache, news->who, news->feed,
	    news->digest, &told) != 0)
		log_warning("%s", told.msg);
	else if (news->live != NULL && cache_ping_put(r->setting->cache,
	    PODPING_LIVE, news->feed, news->live, &told) != 0)
		log_warning("%s", told.msg);
	if (!r->quiet)
		printf("%s: told of %s\n", news->who, news->feed);
}

static int
tell(struct round *r, struct err *err)
{
	size_t before = r->setting->findings.errors, failed, i;

	if (r->n == 0)
		return 0;
	if (r->dry) {
		for (i = 0; i < r->n; i++)
			printf("%s: would be told of %s\n", r->news[i].who,
			    r->news[i].feed);
		return 0;
	}
	if (ping_all(&r->setting->config->http, r->ping, r->n, err) != 0)
		return -1;
	for (i = 0; i < r->n; i++)
		settle(r, i);
	failed = r->setting->findings.errors - before;
	if (failed == 0)
		return 0;
	return err_set(err, ERR_TEMPORARY, "%zu of %zu could not be told; the "
	    "next `feed ping` tells them", failed, r->n);
}

/* The first show that wants a key; NULL: none does. */
static const struct show *
wants_key(struct show *const *shows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (shows[i]->podping)
			return shows[i];
	return NULL;
}

int
feed_ping_key(const struct setting *s, struct arena *a,
    struct show *const *shows, size_t n, const char **key, struct err *err)
{
	const struct show *show = wants_key(shows, n);
	const struct config *c = s->config;
	struct err told = ERR_INIT;

	*key = NULL;
	if (show == NULL)
		return 0;
	if (c->podping_key_file == NULL) {
		err_set(err, ERR_CONFIG, "podping = true: podping.cloud wants "
		    "to know who tells it, and %s names no key; write "
		    "`podping_key_file = FILE` there, with the key that it "
		    "has given you in the file", c->file);
		return err_at(err, show->file, show_line(show, "podping"));
	}
	if (keys_read_line(c->podping_key_file, a, key, &told) == 0)
		return 0;
	err_set(err, ERR_CONFIG, "podping_key_file: %.300s: %.300s; it is "
	    "wanted by `podping = true` of %.300s:%u", c->podping_key_file,
	    told.msg, show->file, show_line(show, "podping"));
	return err_at(err, c->file, c->podping_key_line);
}

int
feed_ping_shows(struct setting *s, struct cmd_args *args,
    struct show *const *shows, size_t n, bool dry, size_t *left,
    struct err *err)
{
	struct round r = { .setting = s, .args = args, .dry = dry,
		.quiet = log_get_level() == LOG_LEVEL_ERROR };
	size_t i, k;

	for (i = 0; i < n; i++)
		r.most += shows[i]->nfeeds * (shows[i]->nhubs +
		    shows[i]->podping) + shows[i]->index_ping;
	if (feed_ping_key(s, &args->arena, shows, n, &r.key, err) != 0)
		return -1;
	r.ping = arena_array(&args->arena, r.most, sizeof(*r.ping));
	r.news = arena_array(&args->arena, r.most, sizeof(*r.news));
	for (i = 0; i < n; i++)
		for (k = 0; k < shows[i]->nfeeds; k++)
			if (plan_feed(&r, shows[i], &shows[i]->feeds[k],
			    err) != 0)
				return -1;
	if (left != NULL)
		*left = r.n;
	return tell(&r, err);
}

static bool
anybody(const struct setting *s)
{
	size_t i;

	for (i = 0; i < s->nshows; i++)
		if (s->shows[i]->nhubs > 0 || s->shows[i]->index_ping ||
		    s->shows[i]->podping)
			return true;
	return false;
}

static int
ping_all_shows(struct setting *s, struct cmd_args *args, struct err *err)
{
	size_t left;

	if (!anybody(s)) {
		log_notice("no show has websub_hub, podcast_index_ping or "
		    "podping in its show.ini: there is nobody to tell");
		return 0;
	}
	if (feed_ping_shows(s, args, s->shows, s->nshows, cmd_flag(args,
	    "--dry-run"), &left, err) != 0)
		return -1;
	if (left == 0 && log_get_level() != LOG_LEVEL_ERROR)
		puts("nobody has to be told: the feeds are as they were");
	return 0;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct setting s;
	int rc = -1;

	if (setting_open_facts(&s, args, log_finding, err) == 0) {
		setting_cache(&s);
		rc = ping_all_shows(&s, args, err);
	}
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "only this show (may be given again)" },
	{ "--out", "DIR", "the feeds are there, as for `feed build`" },
	{ "--dry-run", NULL, "say who would be told, tell nobody" },
	{ NULL, NULL, NULL }
};

const struct command cmd_feed_ping = {
	"feed", "ping", "", 0, 0,
	"Tell hubs, Podcast Index and Podping that feeds have changed",
	"Tells each `websub_hub` of the shows of each of their feeds, and "
	"Podcast Index and\nPodping of the RSS feed where `podcast_index_ping` "
	"and `podping` say so; but only\nwho does not know the feed as it is "
	"now. Publish the feeds first: who is told\nlooks at once. Who could "
	"not be told is told by the next run, and the exit code\nis 75.",
	options, run
};
