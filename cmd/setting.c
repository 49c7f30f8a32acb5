#include "cmd/setting.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/gather.h"
#include "base/log.h"
#include "cmd/keys.h"

static bool
is_wanted(const struct cmd_args *args, const char *slug)
{
	const char *wanted;
	size_t i;

	for (i = 0; (wanted = cmd_value_at(args, "--show", i)) != NULL; i++)
		if (strcmp(wanted, slug) == 0)
			return true;
	return i == 0;
}

#define NAMED_MAX 10

/* "mini, maxi"; of many the first. */
static const char *
slugs(const struct setting *s)
{
	size_t n = s->nshows + s->nothers, i;
	const char *text = "";

	for (i = 0; i < n && i < NAMED_MAX; i++)
		text = arena_printf(&s->config->arena, "%s%s%s", text,
		    i > 0 ? ", " : "", (i < s->nshows ? s->shows[i] :
		    s->others[i - s->nshows])->slug);
	return n > NAMED_MAX ? arena_printf(&s->config->arena, "%s, …", text) :
	    text;
}

/* A word as a shell takes it. */
static const char *
quoted(struct arena *a, const char *word)
{
	if (strpbrk(word, " \t\n\"'\\$`;&|<>()*?[]{}~#!") == NULL)
		return word;
	return strchr(word, '\'') == NULL ? arena_printf(a, "'%s'", word) :
	    "FILE";
}

static void
make_hint(struct setting *s)
{
	struct arena *a = &s->config->arena;
	const char *show = "", *file = "";

	if (s->nshows == 1 && s->nothers > 0)
		show = arena_printf(a, " --show %s", s->shows[0]->slug);
	if (s->given != NULL)
		file = arena_printf(a, " -c %s", quoted(a, s->given));
	s->hint = arena_printf(a, "%s%s", show, file);
}

const char *
setting_hint(const struct setting *s)
{
	return s->hint;
}

static int
check_named(const struct setting *s, const struct cmd_args *args,
    struct err *err)
{
	const char *slug;
	size_t i, k;

	for (i = 0; (slug = cmd_value_at(args, "--show", i)) != NULL; i++) {
		for (k = 0; k < s->nshows &&
		    strcmp(s->shows[k]->slug, slug) != 0; k++)
			;
		if (k == s->nshows)
			return err_set(err, ERR_USAGE, "%s has no show `%s`; "
			    "it has %s", s->config->file, slug, slugs(s));
	}
	return 0;
}

static int
same(const char *key, const char *a, const char *b, const struct show *x,
    const struct show *y, struct err *err)
{
	if (a == NULL || b == NULL || strcasecmp(a, b) != 0)
		return 0;
	err_set(err, ERR_CONFIG, "the %s `%s` is that of %s too; each show "
	    "needs one of its own (`%s = …`)", strcmp(key, "list") == 0 ?
	    "list of friends" : key, a, y->file, key);
	err_at(err, x->file, show_line(x, key));
	return err_rule(err, "show-twice");
}

/* What the world tells shows apart by. And the friends of a list are of one
 * show, or one would send what another has left, under its own name. Of two
 * shows that are not asked for it is no concern here. */
static int
check_twins(const struct setting *s, const struct cmd_args *args,
    struct err *err)
{
	size_t i, k;

	for (i = 0; i < s->nshows; i++)
		for (k = 0; k < i; k++) {
			const struct show *x = s->shows[i], *y = s->shows[k];

			if (!is_wanted(args, x->slug) &&
			    !is_wanted(args, y->slug))
				continue;
			if (same("slug", x->slug, y->slug, x, y, err) != 0 ||
			    same("list", x->digest.list, y->digest.list, x, y,
			    err) != 0 ||
			    same("guid", x->guid, y->guid, x, y, err) != 0 ||
			    same("feed_url", x->feed_url, y->feed_url, x, y,
			    err) != 0 ||
			    same("atom_url", x->atom_url, y->atom_url, x, y,
			    err) != 0 ||
			    same("json_url", x->json_url, y->json_url, x, y,
			    err) != 0)
				return -1;
		}
	return 0;
}

/* What is wrong with a show that --show does not name is not told, nor does it
 * count. One whose show.ini cannot even be read may be meant. */
static bool
is_meant(const struct cmd_args *args, const char *file)
{
	struct arena scratch = ARENA_INIT;
	const char *slug = show_slug(&scratch, file);
	bool meant = slug == NULL || is_wanted(args, slug);

	arena_release(&scratch);
	return meant;
}

static void
part_wanted(struct setting *s, const struct cmd_args *args)
{
	size_t i, kept = 0;

	s->others = arena_array(&s->config->arena, s->nshows,
	    sizeof(struct show *));
	for (i = 0; i < s->nshows; i++)
		if (is_wanted(args, s->shows[i]->slug))
			s->shows[kept++] = s->shows[i];
		else
			s->others[s->nothers++] = s->shows[i];
	s->nshows = kept;
}

/* A site's shortcodes are in most of its files: without -v, those of one name
 * are told once. The number of shows that cannot be used. */
static size_t
read_episodes(struct setting *s)
{
	bool gathers = s->findings.report == log_finding &&
	    log_get_level() < LOG_LEVEL_DEBUG;
	size_t useless = 0, i;
	struct gather g;

	if (gathers)
		gather_begin(&g, &s->findings, "episode-shortcode");
	for (i = 0; i < s->nshows; i++)
		useless += !show_read_episodes(s->shows[i], &s->findings);
	if (gathers)
		gather_end(&g);
	return useless;
}

/* Every show.ini is read, since shows are compared; then the episodes of those
 * that are wanted. */
static int
load_shows(struct setting *s, struct cmd_args *args, bool episodes,
    struct err *err)
{
	struct findings muted = { .report = NULL };
	size_t i, broken = 0, useless = 0;

	s->shows = arena_array(&s->config->arena, s->config->nshows,
	    sizeof(struct show *));
	for (i = 0; i < s->config->nshows; i++) {
		const char *file = s->config->shows[i];
		bool meant = is_meant(args, file);
		struct show *show = show_open(file, meant ? &s->findings :
		    &muted);

		if (show != NULL)
			s->shows[s->nshows++] = show;
		else
			broken += meant;
	}
	if (broken > 0)
		return err_set(err, ERR_CONFIG, "%zu of %zu shows cannot be "
		    "used; nothing was done", broken, s->config->nshows);
	if (check_twins(s, args, err) != 0)
		return -1;
	part_wanted(s, args);
	make_hint(s);
	if (check_named(s, args, err) != 0)
		return -1;
	useless = episodes ? read_episodes(s) : 0;
	if (useless > 0)
		return err_set(err, ERR_INPUT, "the table of %zu show%s cannot "
		    "be used; nothing was done", useless, CMD_S(useless));
	return 0;
}

/* config.ini and the shows. */
static int
open_shows(struct setting *s, struct cmd_args *args, bool episodes,
    struct err *err)
{
	const char *at = cmd_value(args, "--at");
	struct err told = ERR_INIT;
	struct date when;

	s->now = date_now();
	s->given = args->config;
	/* `now` makes a rehearsal of a build. */
	if (at != NULL && strcmp(at, "now") != 0) {
		if (date_parse(at, NULL, 0, &when, &told) != 0)
			return err_set(err, ERR_USAGE, "--at: %s", told.msg);
		s->now = when.t;
	}
	s->config = config_load(args->config, &s->findings);
	if (s->config == NULL || s->findings.errors > 0)
		/* A file that is not there is another matter than a wrong
		 * one; the finding has said which. */
		return err_set(err, s->findings.kind == ERR_NOINPUT ?
		    ERR_NOINPUT : ERR_CONFIG, "%s cannot be used; nothing was "
		    "done", s->given != NULL ? s->given : "config.ini");
	return load_shows(s, args, episodes, err);
}

void
setting_cache(struct setting *s)
{
	struct err told = ERR_INIT;

	s->cache = cache_open(s->config->cache, &told);
	if (s->cache == NULL) {
		char text[ERR_MSG_MAX + ERR_FILE_MAX];

		err_format(&told, text, sizeof(text));
		log_warning("the cache is not used: %s", text);
	}
	s->media.config = s->config;
	s->media.cache = s->cache;
	s->media.clock = date_now();
}

static void
init(struct setting *s, void (*report)(void *ctx, const struct finding *),
    void *ctx)
{
	memset(s, 0, sizeof(*s));
	s->findings.report = report;
	s->findings.ctx = ctx;
}

int
setting_open_to(struct setting *s, struct cmd_args *args,
    void (*report)(void *ctx, const struct finding *), void *ctx,
    struct err *err)
{
	init(s, report, ctx);
	if (open_shows(s, args, true, err) != 0)
		return -1;
	setting_cache(s);
	return 0;
}

int
setting_open(struct setting *s, struct cmd_args *args, struct err *err)
{
	return setting_open_to(s, args, log_finding, NULL, err);
}

int
setting_one(const struct setting *s, struct err *err)
{
	if (s->nshows == 1)
		return 0;
	return err_set(err, ERR_USAGE, "%s has %zu shows; say which one "
	    "with --show SLUG (%s)", s->config->file, s->nshows, slugs(s));
}

int
setting_open_one(struct setting *s, struct cmd_args *args, struct err *err)
{
	if (setting_open(s, args, err) != 0)
		return -1;
	return setting_one(s, err);
}

int
setting_open_unread(struct setting *s, struct cmd_args *args, struct err *err)
{
	init(s, log_finding, NULL);
	if (open_shows(s, args, false, err) != 0 || setting_one(s, err) != 0)
		return -1;
	setting_cache(s);
	return 0;
}

int
setting_open_facts(struct setting *s, struct cmd_args *args,
    void (*report)(void *ctx, const struct finding *), struct err *err)
{
	init(s, report, NULL);
	return open_shows(s, args, false, err);
}

static int
open_list(struct setting *s, struct cmd_args *args, struct err *err)
{
	init(s, log_finding, NULL);
	return open_shows(s, args, false, err) != 0 ? -1 : setting_one(s, err);
}

int
setting_open_list(struct setting *s, struct cmd_args *args, struct err *err)
{
	return open_list(s, args, err) != 0 ? -1 : setting_ledger(s, err);
}

int
setting_open_list_read(struct setting *s, struct cmd_args *args,
    struct err *err)
{
	struct err told = ERR_INIT;

	if (open_list(s, args, err) != 0)
		return -1;
	if (setting_peek(s, &told) == 0)
		return 0;
	/* An older one is to be migrated; and writing finds clearer words for
	 * one that cannot be read for want of the files beside it. */
	if (told.kind == ERR_CONFIG || told.kind == ERR_OUTPUT)
		return setting_ledger(s, err);
	*err = told;
	return -1;
}

int
setting_ledger(struct setting *s, struct err *err)
{
	s->ledger = ledger_open(s->config->ledger, err);
	return s->ledger == NULL ? -1 : 0;
}

/* On a server the lock is a sender's row. */
static int
enter(struct setting *s, bool alone, struct err *err)
{
	if (s->ledger == NULL && setting_ledger(s, err) != 0)
		return -1;
	return ledger_sender_begin(s->ledger, alone, s->config->lease, err);
}

int
setting_lock(struct setting *s, struct err *err)
{
	char owner[FS_OWNER_MAX];

	if (ledger_is_url(s->config->ledger))
		return enter(s, true, err);
	s->lock = fs_lock_beside(s->config->ledger, err);
	if (s->lock != NULL)
		return 0;
	if (err->kind == ERR_TEMPORARY &&
	    fs_lock_owner(s->config->ledger, owner, NULL))
		err_set(err, ERR_TEMPORARY, "another `digest send` (or resend, "
		    "settle, discard) is at work: %s; run this again when it "
		    "has ended", owner);
	return -1;
}

void
setting_asks(struct setting *s, bool asks)
{
	if (s->lock != NULL)
		fs_lock_note(s->lock, asks ? ", which waits for an answer at "
		    "its terminal" : "");
}

int
setting_sender(struct setting *s, struct err *err)
{
	if (ledger_is_url(s->config->ledger))
		return enter(s, false, err);
	return setting_lock(s, err) == 0 ? setting_ledger(s, err) : -1;
}

bool
setting_is_sending(struct setting *s)
{
	char owner[FS_OWNER_MAX];
	struct err ignored = ERR_INIT;
	bool alive;

	if (ledger_is_url(s->config->ledger))
		return s->ledger != NULL && ledger_is_sending(s->ledger,
		    &alive, &ignored) == 0 && alive;
	return fs_lock_owner(s->config->ledger, owner, &alive) && alive;
}

int
setting_key(struct setting *s, const char *id, const char *what,
    unsigned char key[LEDGER_KEY_SIZE], struct err *err)
{
	const char *file = s->config->token_key_file;
	bool own = strcmp(id, LEDGER_KEY_ID) == 0;
	char found[LEDGER_NAME_MAX];
	struct err told = ERR_INIT;

	if (file != NULL) {
		if (keys_read(file, id, found, key, own ? &told : err) == 0)
			return 0;
		if (!own)
			return -1;
	} else if (!own) {
		err_set(err, ERR_CONFIG, "%s was made with the token key "
		    "`%s`, which the ledger does not have; set "
		    "token_key_file to the file with it", what, id);
		return err_at(err, s->config->file, 0);
	}
	return ledger_key(s->ledger, found, key, err);
}

static int
peek_server(struct setting *s, struct err *err)
{
	struct err told = ERR_INIT;

	s->ledger = ledger_peek(s->config->ledger, &told);
	if (s->ledger != NULL || told.kind == ERR_NOINPUT)
		return 0;
	*err = told;
	return -1;
}

bool
setting_has_ledger(const struct setting *s)
{
	return ledger_is_url(s->config->ledger) ||
	    fs_is_file(s->config->ledger);
}

int
setting_peek(struct setting *s, struct err *err)
{
	struct fs_stamp stamp;
	struct err ignored = ERR_INIT;

	if (ledger_is_url(s->config->ledger))
		return peek_server(s, err);
	/* One of no bytes is what a run leaves that was killed while it made
	 * the ledger. */
	if (!fs_is_file(s->config->ledger) || (fs_stamp(s->config->ledger,
	    &stamp, &ignored) == 0 && stamp.size == 0))
		return 0;
	s->ledger = ledger_peek(s->config->ledger, err);
	return s->ledger == NULL ? -1 : 0;
}

void
setting_close(struct setting *s)
{
	size_t i;

	media_context_release(&s->media);
	cache_close(s->cache);
	ledger_close(s->ledger);
	fs_lock_drop(s->lock);
	for (i = 0; i < s->nshows; i++)
		show_free(s->shows[i]);
	for (i = 0; i < s->nothers; i++)
		show_free(s->others[i]);
	config_free(s->config);
	memset(s, 0, sizeof(*s));
}
