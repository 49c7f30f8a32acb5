/*
 * Which episodes an edition has.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/edition.h"

static int
in_edition(struct setting *s, const struct show *show,
    const struct episode *e, const char **name, struct err *err)
{
	*name = NULL;
	if (s->ledger == NULL)
		return 0;
	return ledger_episode_edition(s->ledger, show->digest.list, e->guid,
	    &s->config->arena, name, err);
}

/* --episode 7 --episode 7 is one episode. */
static bool
is_chosen(const struct edition *out, const struct episode *e)
{
	size_t i;

	for (i = 0; i < out->n; i++)
		if (out->episodes[i] == e)
			return true;
	return false;
}

static int
choose_numbered(struct setting *s, struct cmd_args *args,
    struct edition *out, struct err *err)
{
	struct show *show = s->shows[0];
	const char *text, *name;
	struct episode *e;
	size_t i, k;

	for (i = 0; (text = cmd_value_at(args, "--episode", i)) != NULL; i++) {
		char *end;
		long long number = strtoll(text, &end, 10);

		e = NULL;
		for (k = 0; k < show->nepisodes; k++)
			if (*end == '\0' && number > 0 &&
			    show->episodes[k].number == number)
				e = &show->episodes[k];
		if (e == NULL)
			return err_set(err, ERR_USAGE,
			    "`%s` has no episode %s", show->slug, text);
		if (e->draft) {
			err_set(err, ERR_INPUT, "is a draft; take `draft: "
			    "true` out to send it");
			err_at(err, e->file, e->draft_line);
			return err_rule(err, "episode-draft");
		}
		if (in_edition(s, show, e, &name, err) != 0)
			return -1;
		if (name != NULL && !cmd_flag(args, "--again"))
			return err_set(err, ERR_REFUSED, "episode %s is in "
			    "the edition %s already; --again sends it once "
			    "more", text, name);
		if (!is_chosen(out, e))
			out->episodes[out->n++] = e;
	}
	return 0;
}

/* Where the rule draws its lines. */
struct rule {
	int64_t from;		/* nothing dated before this */
	int64_t past;		/* nor up to this: INT64_MIN is no line */
	bool first;		/* only one */
	const char *too_old;	/* what is said of what lies before from */
};

static int
rule_init(struct rule *r, struct setting *s, struct cmd_args *args,
    struct err *err)
{
	const char *since = cmd_value(args, "--since");
	const struct show *show = s->shows[0];
	struct err told = ERR_INIT;
	struct date d;
	int begun = 0;

	r->past = INT64_MIN;
	r->first = false;
	if (since != NULL) {
		if (date_parse(since, show->zone, 0, &d, &told) != 0)
			return err_set(err, ERR_USAGE, "--since: %s",
			    told.msg);
		r->from = d.t;
		r->too_old = "is older than --since";
		return 0;
	}
	r->from = s->now - show->digest.window;
	r->too_old = "is older than `window` in show.ini";
	if (s->ledger != NULL)
		begun = ledger_begun(s->ledger, show->digest.list, &r->past,
		    err);
	r->first = begun == 0;
	return begun < 0 ? -1 : 0;
}

static void
omit(struct edition *out, const struct episode *e, const char *why, bool old)
{
	struct edition_omission *o = &out->omitted[out->nomitted++];

	o->episode = e;
	o->why = why;
	o->old = old;
	log_debug("`%s` is left out: it %s", e->title, why);
}

/* In the order of the questions: the ledger is asked only about what is new
 * enough. */
static int
consider(const struct rule *r, struct setting *s, struct cmd_args *args,
    const struct episode *e, struct edition *out, struct err *err)
{
	const char *name;

	if (e->due < r->from) {
		omit(out, e, r->too_old, true);
		return 0;
	}
	if (in_edition(s, s->shows[0], e, &name, err) != 0)
		return -1;
	if (name != NULL && !cmd_flag(args, "--again"))
		omit(out, e, arena_printf(&args->arena, "is in edition %s",
		    name), false);
	else if (name == NULL && e->due <= r->past)
		omit(out, e, "is not newer than the list's first edition; "
		    "--episode or --since takes it", false);
	else if (r->first && out->n > 0)
		omit(out, e, "is not the newest, which a first edition takes "
		    "alone; --episode or --since takes it", false);
	else
		out->episodes[out->n++] = e;
	return 0;
}

static int
choose_new(struct setting *s, struct cmd_args *args, struct edition *out,
    struct err *err)
{
	struct show *show = s->shows[0];
	struct rule rule;
	size_t i;

	if (rule_init(&rule, s, args, err) != 0)
		return -1;
	for (i = 0; i < show->nepisodes; i++)
		if (show_is_due(&show->episodes[i], s->now) &&
		    consider(&rule, s, args, &show->episodes[i], out,
		    err) != 0)
			return -1;
	return 0;
}

/* Findings of its own: what the others have must not decide the kind. */
int
edition_resolve(struct setting *s, const struct episode *e, struct err *err)
{
	struct findings f = { .report = s->findings.report,
	    .ctx = s->findings.ctx };
	struct show *show = s->shows[0];

	/* The show is ours; only the view of it is const. */
	if (media_resolve(&s->media, show, &show->episodes[e -
	    show->episodes], &f))
		return 0;
	if (err_may_pass(f.kind))
		return err_set(err, f.kind, "no web server tells about the "
		    "audio of `%s` now; nothing was done", e->title);
	return err_set(err, ERR_INPUT, "the audio of `%s` is not right; "
	    "nothing was done", e->title);
}

int
edition_choose(struct setting *s, struct cmd_args *args, struct edition *out,
    struct err *err)
{
	struct show *show = s->shows[0];
	size_t i;

	memset(out, 0, sizeof(*out));
	if (s->findings.errors > 0 && !cmd_flag(args, "--keep-going"))
		return err_set(err, ERR_INPUT, "%zu error%s in the episodes; "
		    "nothing was done", s->findings.errors,
		    CMD_S(s->findings.errors));
	out->episodes = arena_array(&args->arena, show->nepisodes + 1,
	    sizeof(*out->episodes));
	out->omitted = arena_array(&args->arena, show->nepisodes,
	    sizeof(*out->omitted));
	if ((cmd_value(args, "--episode") != NULL ?
	    choose_numbered(s, args, out, err) :
	    choose_new(s, args, out, err)) != 0)
		return -1;
	for (i = 0; i < out->n; i++)
		if (edition_resolve(s, out->episodes[i], err) != 0)
			return -1;
	return 0;
}
