/*
 * Which episodes an edition has.
 */
#include "cmd/edition_choose.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "show/options.h"

#define DAY 86400

/* ---- the shows whose episodes may be in it ---- */

static struct show *
other_show(struct setting *s, const char *slug)
{
	size_t i;

	for (i = 0; i < s->nothers; i++)
		if (strcmp(s->others[i]->slug, slug) == 0)
			return s->others[i];
	return NULL;
}

/* That of the list, and those of its `digest_show`, whose notes are read
 * now. */
static int
gather_shows(struct choice *c, struct err *err)
{
	struct setting *s = c->setting;
	struct show *own = s->shows[0];
	size_t i, n = own->digest.nshows;

	c->shows = arena_array(&c->args->arena, n + 1, sizeof(*c->shows));
	c->shows[c->nshows++] = own;
	for (i = 0; i < n; i++) {
		struct show *x = other_show(s, own->digest.shows[i]);

		if (x == NULL || strcmp(x->slug, own->slug) == 0) {
			err_set(err, ERR_CONFIG, "digest_show: config.ini has "
			    "no other show `%s`", own->digest.shows[i]);
			return err_at(err, own->file, options_line_at(
			    own->options, "digest_show", i));
		}
		if (x->left_out == NULL && !show_read_episodes(x,
		    &s->findings))
			return err_set(err, ERR_INPUT, "the table of `%s` "
			    "cannot be used; nothing was done", x->slug);
		c->shows[c->nshows++] = x;
	}
	return 0;
}

static void
add(struct choice *c, const struct show *show, const struct episode *e)
{
	struct edition *out = c->out;

	out->episodes[out->n] = e;
	out->shows[out->n++] = show;
}

int
choice_in_edition(struct choice *c, const struct show *show,
    const struct episode *e, const char **name, struct err *err)
{
	struct setting *s = c->setting;

	*name = NULL;
	if (s->ledger == NULL)
		return 0;
	return ledger_episode_edition(s->ledger, s->shows[0]->digest.list,
	    edition_guid(&c->args->arena, s->shows[0], show, e),
	    &s->config->arena, name, err);
}

/* By its slug, where the digest is of several shows. */
static const char *
choice_show_name(const struct choice *c, const struct episode *e)
{
	size_t k;

	for (k = 0; c->nshows > 1 && k < c->nshows; k++)
		if (e >= c->shows[k]->episodes &&
		    e < c->shows[k]->episodes + c->shows[k]->nepisodes)
			return c->shows[k]->slug;
	return NULL;
}

void
choice_omit(struct choice *c, const struct episode *e, const char *why,
    const char *many)
{
	struct edition_omission *o = &c->out->omitted[c->out->nomitted++];

	o->episode = e;
	o->show = choice_show_name(c, e);
	o->why = why;
	o->many = many;
	log_debug("`%s` is left out: it %s", e->title, why);
}

/* ---- by the rule ---- */

/* Where the rule draws its lines. */
struct rule {
	int64_t from;		/* nothing dated before this */
	int64_t to;		/* nor after this */
	int64_t past;		/* nor up to this: INT64_MIN is no line */
	bool first;		/* only one */
	const char *too_old;	/* what is said of what lies before from */
	const char *many_old;	/* and of many */
};

/* A day that clocks are set on has 23 or 25 hours. begin: its midnight. */
static int64_t
end_of_day(const struct date_zone *zone, int64_t begin)
{
	int64_t next = begin + DAY + DAY / 2;
	int64_t local = next + date_zone_offset(zone, next);

	local -= local % DAY;
	next = local - date_zone_offset(zone, next);
	return local - date_zone_offset(zone, next) - 1;
}

static int
take_date(const struct choice *c, const char *option, int64_t *out,
    struct err *err)
{
	const char *text = cmd_value(c->args, option);
	struct err told = ERR_INIT;
	struct date d;

	if (text == NULL)
		return 0;
	if (date_parse(text, c->setting->shows[0]->zone, 0, &d, &told) != 0)
		return err_set(err, ERR_USAGE, "%s: %s", option, told.msg);
	*out = d.t;
	if (strcmp(option, "--until") == 0 && strlen(text) == 10)
		*out = end_of_day(c->setting->shows[0]->zone, d.t);
	return 1;
}

/* 1: --since is among them, 0, -1. */
static int
take_dates(const struct choice *c, int64_t *from, int64_t *to,
    struct err *err)
{
	int until = take_date(c, "--until", to, err);
	int since = until < 0 ? -1 : take_date(c, "--since", from, err);

	if (since < 0)
		return -1;
	if (since == 1 && until == 1 && *from > *to)
		return err_set(err, ERR_USAGE, "--since %s is later than "
		    "--until %s", cmd_value(c->args, "--since"),
		    cmd_value(c->args, "--until"));
	return since;
}

/* What waits for others does not grow too old meanwhile. */
static int
wait_for_all(const struct choice *c, struct rule *r, struct err *err)
{
	struct setting *s = c->setting;
	const struct show_digest *d = &s->shows[0]->digest;
	struct arena scratch = ARENA_INIT;
	struct ledger_edition e;
	int found = 0;

	if (d->every > 1 && s->ledger != NULL)
		found = ledger_edition_get(s->ledger, d->list, NULL, &scratch,
		    &e, err);
	if (found == 1 && e.frozen < r->from)
		r->from = e.frozen;
	arena_release(&scratch);
	return found < 0 ? -1 : 0;
}

static int
rule_init(struct rule *r, const struct choice *c, struct err *err)
{
	struct setting *s = c->setting;
	const struct show *show = s->shows[0];
	int begun = 0, rc;

	*r = (struct rule){ .from = s->now - show->digest.window,
	    .to = INT64_MAX, .past = INT64_MIN,
	    .too_old = "is older than `window` in show.ini",
	    .many_old = "too old" };
	rc = take_dates(c, &r->from, &r->to, err);
	if (rc != 0) {
		r->too_old = "is older than --since";
		r->many_old = "older than --since";
		return rc < 0 ? -1 : 0;
	}
	if (s->ledger != NULL)
		begun = ledger_begun(s->ledger, show->digest.list, &r->past,
		    err);
	r->first = begun == 0;
	return begun < 0 || wait_for_all(c, r, err) != 0 ? -1 : 0;
}

/* In the order of the questions: the ledger is asked only about what is new
 * enough. */
static int
consider(struct choice *c, const struct rule *r, const struct show *show,
    const struct episode *e, struct err *err)
{
	const char *name;

	if (e->due < r->from || e->due > r->to) {
		if (e->due < r->from)
			choice_omit(c, e, r->too_old, r->many_old);
		else
			choice_omit(c, e, "is newer than --until",
			    "newer than --until");
		return 0;
	}
	if (choice_in_edition(c, show, e, &name, err) != 0)
		return -1;
	if (name != NULL && !cmd_flag(c->args, "--again"))
		choice_omit(c, e, arena_printf(&c->args->arena,
		    "is in edition %s", name), NULL);
	else if (name == NULL && e->due <= r->past)
		choice_omit(c, e, "is not newer than the list's first "
		    "edition; --episode or --since takes it", NULL);
	else
		add(c, show, e);
	return 0;
}

/* Newest first; shows in their order. */
static void
sort(struct edition *out)
{
	size_t i, k;

	/* Each show's are sorted: few are out of place. */
	for (i = 1; i < out->n; i++)
		for (k = i; k > 0 && out->episodes[k]->date.t >
		    out->episodes[k - 1]->date.t; k--) {
			const struct episode *e = out->episodes[k];
			const struct show *x = out->shows[k];

			out->episodes[k] = out->episodes[k - 1];
			out->shows[k] = out->shows[k - 1];
			out->episodes[k - 1] = e;
			out->shows[k - 1] = x;
		}
}

static int
choose_new(struct choice *c, struct err *err)
{
	struct edition *out = c->out;
	struct rule rule;
	size_t i, k;

	if (rule_init(&rule, c, err) != 0)
		return -1;
	for (k = 0; k < c->nshows; k++) {
		const struct show *x = c->shows[k];

		for (i = 0; i < x->nepisodes; i++)
			if (show_is_due(&x->episodes[i], c->setting->now) &&
			    consider(c, &rule, x, &x->episodes[i], err) != 0)
				return -1;
	}
	sort(out);
	c->first = rule.first;
	if (choice_leave_out(c, err) != 0)
		return -1;
	for (i = 1; rule.first && i < out->n; i++)
		choice_omit(c, out->episodes[i], "is not the newest, which a "
		    "first edition takes alone; --episode or --since takes "
		    "it", NULL);
	if (rule.first && out->n > 1)
		out->n = 1;
	return 0;
}

/* ---- whether it is time ---- */

/* `digest_every`: 1 it is, 0 it is not, -1. */
static int
is_time(struct choice *c, struct err *err)
{
	struct setting *s = c->setting;
	const struct show *show = s->shows[0];
	char week[DATE_TEXT_MAX], last[DATE_TEXT_MAX];
	struct ledger_edition e;
	struct date d;
	int r;

	/* A first edition has one. */
	if (!c->first && c->out->n < show->digest.every) {
		c->out->none = arena_printf(&c->args->arena, "%zu of %zu new "
		    "episodes are there; the edition waits for the others "
		    "(`digest_every` in show.ini)", c->out->n,
		    show->digest.every);
		return 0;
	}
	if (!show->digest.weekly || s->ledger == NULL)
		return 1;
	r = ledger_edition_get(s->ledger, show->digest.list, NULL,
	    &c->args->arena, &e, err);
	if (r <= 0)
		return r < 0 ? -1 : 1;
	d = (struct date){ s->now, date_zone_offset(show->zone, s->now) };
	date_iso_week(&d, week);
	d = (struct date){ e.frozen, date_zone_offset(show->zone, e.frozen) };
	date_iso_week(&d, last);
	if (strcmp(week, last) != 0)
		return 1;
	c->out->none = arena_printf(&c->args->arena, "%s is of this week; "
	    "what is new waits for the next (`digest_every` in show.ini)",
	    e.name);
	return 0;
}

/* `late_after`: whoever reads it would take it for this week's. */
static void
check_late(const struct choice *c)
{
	const struct show_digest *d = &c->setting->shows[0]->digest;
	struct edition *out = c->out;
	size_t i, newest = 0;
	int64_t age;

	for (i = 1; i < out->n; i++)
		if (out->episodes[i]->due > out->episodes[newest]->due)
			newest = i;
	age = c->setting->now - out->episodes[newest]->due;
	if (d->late_after > 0 && age > d->late_after)
		out->late = arena_printf(&c->args->arena, "`%s` came out %s "
		    "ago", out->episodes[newest]->title,
		    edition_age(&c->args->arena, age));
}

/* ---- all of it ---- */

/* Findings of its own: what the others have must not decide the kind. */
int
edition_resolve(struct setting *s, const struct show *of,
    const struct episode *e, struct err *err)
{
	struct findings f = { .report = s->findings.report,
	    .ctx = s->findings.ctx };
	/* The show is ours; only the view of it is const. */
	struct show *show = of == s->shows[0] ? s->shows[0] :
	    other_show(s, of->slug);

	if (media_resolve(&s->media, show, &show->episodes[e -
	    show->episodes], &f))
		return 0;
	if (err_may_pass(f.kind))
		return err_set(err, f.kind, "no web server tells about the "
		    "audio of `%s` now; nothing was done", e->title);
	return err_set(err, ERR_INPUT, "the audio of `%s` is not right; "
	    "nothing was done", e->title);
}

/* "2025-W23.md" or "2025-W23-2.md". */
static bool
is_edition_file(const char *name)
{
	static const char digits[] = "0123456789";
	size_t n;

	if (strspn(name, digits) != 4 || strncmp(name + 4, "-W", 2) != 0 ||
	    strspn(name + 6, digits) != 2)
		return false;
	name += 8;
	if (*name == '-') {
		n = strspn(name + 1, digits);
		if (n == 0 || name[1] == '0' || strncmp(name + 1, "1.", 2) == 0)
			return false;
		name += 1 + n;
	}
	return strcmp(name, ".md") == 0;
}

/* What was written and will not go out, since nobody would notice. */
static void
warn_unused(struct choice *c)
{
	const struct show_digest *d = &c->setting->shows[0]->digest;
	struct arena *a = &c->args->arena;
	struct ledger_edition e;
	struct err ignored = ERR_INIT;
	char **name;
	size_t n = 0, i;

	if (!fs_is_dir(d->editions) || fs_list(a, d->editions, &name, &n,
	    &ignored) != 0)
		return;
	for (i = 0; i < n; i++) {
		const char *file = fs_join(a, d->editions, name[i]);

		if (!is_edition_file(name[i]))
			finding_add(&c->setting->findings, SEV_WARNING,
			    "edition", file, 0, "this is no name of an "
			    "edition, such as %s.md, and goes into none",
			    c->out->name);
		else if (strncmp(name[i], c->out->name, 8) < 0 &&
		    (c->setting->ledger == NULL || ledger_edition_get(
		    c->setting->ledger, d->list, fs_stem(a, file), a, &e,
		    &ignored) == 0))
			finding_add(&c->setting->findings, SEV_WARNING,
			    "edition", file, 0, "its week is over, and no "
			    "edition of that name was made; the next is %s",
			    c->out->name);
	}
}

static void
make_room(struct choice *c)
{
	struct edition *out = c->out;
	struct arena *a = &c->args->arena;
	size_t all = 1, i;

	for (i = 0; i < c->nshows; i++)
		all += c->shows[i]->nepisodes;
	out->episodes = arena_array(a, all, sizeof(*out->episodes));
	out->shows = arena_array(a, all, sizeof(*out->shows));
	out->omitted = arena_array(a, all, sizeof(*out->omitted));
}

/* The edition's name, and what was written for it by hand. */
static int
begin(struct choice *c, struct err *err)
{
	struct setting *s = c->setting;
	const struct show *show = s->shows[0];
	struct date d = { s->now, date_zone_offset(show->zone, s->now) };
	struct edition *out = c->out;
	struct arena *a = &c->args->arena;
	char week[DATE_TEXT_MAX];
	size_t before = s->findings.errors;

	date_iso_week(&d, week);
	memcpy(out->name, week, strlen(week) + 1);
	if (s->ledger != NULL && ledger_edition_name(s->ledger,
	    show->digest.list, week, out->name, err) != 0)
		return -1;
	editorial_read(a, fs_join(a, show->digest.editions, arena_printf(a,
	    "%s.md", out->name)), show, &out->editorial, &s->findings);
	if (s->findings.errors > before)
		return err_set(err, ERR_INPUT, "%zu error%s in what is "
		    "written for %s; nothing was done", s->findings.errors -
		    before, CMD_S(s->findings.errors - before), out->name);
	warn_unused(c);
	make_room(c);
	return 0;
}

/* By the rule: what a person names is due when they say so. */
static int
by_rule(struct choice *c, struct err *err)
{
	struct edition *out = c->out;
	int rc;

	if (choose_new(c, err) != 0)
		return -1;
	if (out->n == 0 || cmd_value(c->args, "--since") != NULL)
		return 0;
	rc = is_time(c, err);
	if (rc == 0)
		out->n = 0;
	if (rc == 1)
		check_late(c);
	return rc < 0 ? -1 : 0;
}

/* The shows, unless their episodes have errors that are minded. */
static int
gather(struct choice *c, struct err *err)
{
	size_t errors;

	if (gather_shows(c, err) != 0)
		return -1;
	errors = c->setting->findings.errors;
	if (errors > 0 && !cmd_flag(c->args, "--keep-going"))
		return err_set(err, ERR_INPUT, "%zu error%s in the episodes; "
		    "nothing was done", errors, CMD_S(errors));
	return 0;
}

int
edition_check_asked(struct setting *s, struct cmd_args *args,
    struct err *err)
{
	struct edition scratch = { .n = 0 };
	struct choice c = { .setting = s, .args = args, .out = &scratch };
	int64_t from, to;

	if (take_dates(&c, &from, &to, err) < 0)
		return -1;
	if (cmd_value(args, "--episode") == NULL)
		return 0;
	if (gather(&c, err) != 0)
		return -1;
	make_room(&c);
	return choice_named(&c, err);
}

int
edition_choose(struct setting *s, struct cmd_args *args, struct edition *out,
    struct err *err)
{
	struct choice c = { .setting = s, .args = args, .out = out };
	size_t i;
	int rc;

	memset(out, 0, sizeof(*out));
	if (gather(&c, err) != 0 || begin(&c, err) != 0)
		return -1;
	if (cmd_value(args, "--episode") != NULL)
		rc = choice_named(&c, err);
	else if (out->editorial.picks)
		rc = choice_picked(&c, err);
	else
		rc = by_rule(&c, err);
	for (i = 0; rc == 0 && i < out->n; i++)
		rc = edition_resolve(s, out->shows[i], out->episodes[i], err);
	return rc;
}
