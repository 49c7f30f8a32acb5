#include "cmd/setting.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"

static bool
is_wanted(const struct cmd_args *args, const struct show *show)
{
	const char *slug;
	size_t i;

	for (i = 0; (slug = cmd_value_at(args, "--show", i)) != NULL; i++)
		if (strcmp(slug, show->slug) == 0)
			return true;
	return i == 0;
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
			return err_set(err, ERR_USAGE, "%s has no show `%s`",
			    s->config->file, slug);
	}
	return 0;
}

static int
check_twins(const struct setting *s, struct err *err)
{
	size_t i, k;

	for (i = 0; i < s->nshows; i++)
		for (k = i + 1; k < s->nshows; k++)
			if (strcmp(s->shows[i]->slug,
			    s->shows[k]->slug) == 0) {
				err_set(err, ERR_CONFIG, "the slug `%s` is "
				    "that of %s too", s->shows[k]->slug,
				    s->shows[i]->file);
				return err_at(err, s->shows[k]->file, 0);
			}
	return 0;
}

static int
load_shows(struct setting *s, struct cmd_args *args, struct err *err)
{
	struct show *show;
	size_t i, broken = 0;

	s->shows = arena_array(&s->config->arena, s->config->nshows,
	    sizeof(struct show *));
	for (i = 0; i < s->config->nshows; i++) {
		show = show_load(s->config->shows[i], &s->findings);
		if (show == NULL)
			broken++;
		else if (is_wanted(args, show))
			s->shows[s->nshows++] = show;
		else
			show_free(show);
	}
	if (broken > 0)
		return err_set(err, ERR_CONFIG, "%zu of %zu shows cannot be "
		    "used; nothing was done", broken, s->config->nshows);
	if (check_named(s, args, err) != 0)
		return -1;
	return check_twins(s, err);
}

int
setting_open(struct setting *s, struct cmd_args *args, struct err *err)
{
	const char *at = cmd_value(args, "--at");
	struct date when;
	struct err told = ERR_INIT;

	memset(s, 0, sizeof(*s));
	s->findings.report = log_finding;
	s->now = date_now();
	if (at != NULL) {
		if (date_parse(at, NULL, 0, &when, &told) != 0)
			return err_set(err, ERR_USAGE, "--at: %s", told.msg);
		s->now = when.t;
	}
	s->config = config_load(args->config, &s->findings);
	if (s->config == NULL || s->findings.errors > 0)
		return err_set(err, ERR_CONFIG,
		    "config.ini cannot be used; nothing was done");
	if (load_shows(s, args, err) != 0)
		return -1;
	s->cache = cache_open(s->config->cache, &told);
	if (s->cache == NULL) {
		char text[ERR_MSG_MAX + ERR_FILE_MAX];

		err_format(&told, text, sizeof(text));
		log_warning("the cache is not used: %s", text);
	}
	s->media.config = s->config;
	s->media.cache = s->cache;
	s->media.now = s->now;
	return 0;
}

int
setting_open_one(struct setting *s, struct cmd_args *args, struct err *err)
{
	if (setting_open(s, args, err) != 0)
		return -1;
	if (s->nshows == 1)
		return 0;
	return err_set(err, ERR_USAGE, "%s has %zu shows; say which one "
	    "with --show SLUG", s->config->file, s->nshows);
}

int
setting_ledger(struct setting *s, struct err *err)
{
	s->ledger = ledger_open(s->config->ledger, err);
	return s->ledger == NULL ? -1 : 0;
}

void
setting_close(struct setting *s)
{
	size_t i;

	media_context_release(&s->media);
	cache_close(s->cache);
	ledger_close(s->ledger);
	for (i = 0; i < s->nshows; i++)
		show_free(s->shows[i]);
	config_free(s->config);
	memset(s, 0, sizeof(*s));
}
