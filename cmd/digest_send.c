#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "mail/trial.h"

/* A run that sends. */
struct run {
	struct setting *s;
	struct cmd_args *args;
	struct edition_post post;
	int64_t *handled;	/* the editions it worked on */
	size_t nhandled;
};

static const char *
list_of(const struct setting *s)
{
	return s->shows[0]->digest.list;
}

static size_t
waiting(const struct ledger_counts *c)
{
	return c->pending + c->claimed + c->deferred;
}

/* ---- what earlier runs left ---- */

/* 0: done; 1: the person does not want it; -1. */
static int
finish_one(struct run *r, const struct ledger_edition *e, struct err *err)
{
	struct ledger_counts c;
	size_t left;
	int rc;

	if (ledger_counts(r->s->ledger, e->id, &c, err) != 0)
		return -1;
	left = waiting(&c);
	log_notice("%s is not finished: %zu friend%s to go", e->name, left,
	    CMD_S(left));
	rc = edition_confirm(r->args, r->s, e->name, e->subject, left, err);
	if (rc <= 0)
		return rc < 0 ? -1 : 1;
	r->handled[r->nhandled++] = e->id;
	return edition_deliver(r->s, &r->post, e, NULL, 0, err);
}

/* Sent before anything new is begun. An edition is in memory no longer than it
 * is worked on: a list may have many, each with two bodies. */
static int
finish_old(struct run *r, struct err *err)
{
	struct ledger_edition e;
	struct arena a = ARENA_INIT;
	int64_t after = 0;
	int rc = 0, found;

	while (rc == 0 && !edition_stopped()) {
		found = ledger_edition_unfinished(r->s->ledger, list_of(r->s),
		    after, &a, &e, err);
		rc = found == 1 ? finish_one(r, &e, err) : found;
		if (found == 1)
			after = e.id;
		arena_release(&a);
		if (found == 0)
			break;
	}
	return rc;
}

/* What a sender that died left open is sorted. */
static int
recover(struct run *r, struct err *err)
{
	struct ledger *l = r->s->ledger;
	struct ledger_edition *editions;
	size_t unknown, n;

	if (ledger_recover(l, list_of(r->s), r->s->now, &unknown, NULL,
	    err) != 0 || ledger_editions(l, list_of(r->s), &r->args->arena,
	    &editions, &n, err) != 0)
		return -1;
	/* One more is made. */
	r->handled = arena_array(&r->args->arena, n + 1, sizeof(*r->handled));
	if (unknown > 0)
		log_warning("unknown whether %zu friend%s got it: the last "
		    "run broke off while it was handed over; `digest resend "
		    "--unknown` sends it again", unknown, CMD_S(unknown));
	return 0;
}

/* ---- a new edition ---- */

static int
freeze(struct run *r, struct edition *e, struct err *err)
{
	struct ledger_episode *episodes = arena_array(&r->args->arena, e->n,
	    sizeof(*episodes));
	struct ledger_edition row = {
		.list = list_of(r->s), .name = e->name,
		.subject = e->digest.subject.data,
		.html = e->digest.html.data, .text = e->digest.text.data,
		.frozen = r->s->now
	};
	struct buf mold;
	size_t i;
	int rc = -1;

	for (i = 0; i < e->n; i++) {
		episodes[i].guid = e->episodes[i]->guid;
		episodes[i].number = e->episodes[i]->number;
		episodes[i].title = e->episodes[i]->title;
		episodes[i].date = e->episodes[i]->date.t;
	}
	buf_init(&mold, 0);
	if (mold_build(&e->mold, &mold, err) == 0) {
		row.mold = mold.data;
		row.mold_len = mold.len;
		rc = ledger_edition_freeze(r->s->ledger, &row, episodes, e->n,
		    cmd_flag(r->args, "--again"), err);
	}
	buf_release(&mold);
	return rc;
}

static int
count_friends(struct setting *s, size_t *n, struct err *err)
{
	*n = 0;
	if (s->ledger != NULL && ledger_friends_count(s->ledger, list_of(s),
	    n, err) != 0)
		return -1;
	if (*n == 0)
		return err_set(err, ERR_INPUT, "the list `%s` has no friends "
		    "yet; `friend add` and `friend import` put them on it",
		    list_of(s));
	return 0;
}

static void
say_nothing_new(void)
{
	if (log_get_level() > LOG_LEVEL_ERROR)
		printf("nothing new to send\n");
}

static int
send_edition(struct run *r, struct edition *e, struct err *err)
{
	struct ledger_edition row;
	size_t friends;
	int rc;

	if (count_friends(r->s, &friends, err) != 0)
		return -1;
	rc = edition_confirm(r->args, r->s, e->name, e->digest.subject.data,
	    friends, err);
	if (rc <= 0)
		return rc;
	/* Asked while the audio was looked at: nothing is begun. */
	if (edition_stopped())
		return 0;
	if (freeze(r, e, err) != 0 || ledger_edition_get(r->s->ledger,
	    list_of(r->s), e->name, &r->args->arena, &row, err) != 1)
		return -1;
	r->handled[r->nhandled++] = row.id;
	return edition_deliver(r->s, &r->post, &row, NULL, 0, err);
}

static int
send_new(struct run *r, struct err *err)
{
	struct edition e = { .n = 0 };
	int rc = edition_choose(r->s, r->args, &e, err);

	if (rc != 0)
		return -1;
	if (e.n == 0) {
		say_nothing_new();
		return 0;
	}
	rc = edition_render(r->s, r->args, &e, err);
	if (rc == 0)
		rc = send_edition(r, &e, err);
	edition_release(&e);
	return rc;
}

static bool
is_handled(const struct run *r, int64_t edition)
{
	size_t i;

	for (i = 0; i < r->nhandled; i++)
		if (r->handled[i] == edition)
			return true;
	return false;
}

/* Who was refused is told by the run that sees it, or by the next one where it
 * was killed before that; every later one would say it for ever. What waits or
 * is unknown is told until it is settled. */
static int
report_left(struct run *r, struct err *err)
{
	struct ledger_left *left;
	int rc = edition_stopped() ? EXIT_LEFT : 0;
	size_t n, i;

	if (ledger_left(r->s->ledger, list_of(r->s), &r->args->arena, &left,
	    &n, err) != 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (!is_handled(r, left[i].edition) && !left[i].untold)
			left[i].counts.failed = 0;
		if (edition_report_left(left[i].name, &left[i].counts))
			rc = EXIT_LEFT;
		if (left[i].untold && ledger_told(r->s->ledger,
		    left[i].edition, err) != 0)
			return -1;
	}
	return rc;
}

static int
send_all(struct setting *s, struct cmd_args *args, struct err *err)
{
	struct run r = { .s = s, .args = args };
	int rc = -1;

	if (edition_post_open(s, &r.post, err) == 0 &&
	    setting_sender(s, err) == 0) {
		edition_catch_signals();
		rc = recover(&r, err);
		if (rc == 0)
			rc = finish_old(&r, err);
		if (rc == 0 && !edition_stopped())
			rc = send_new(&r, err);
		if (rc >= 0)
			rc = report_left(&r, err);
	}
	edition_post_close(&r.post);
	return rc;
}

/* ---- without recording ---- */

static int
send_trial(struct setting *s, struct cmd_args *args, struct edition *e,
    struct err *err)
{
	struct transport_options o = {
		s->config->helo, s->config->smtp_timeout,
		s->config->per_connection
	};
	struct trial t = {
		.relay = s->config->relay, .options = &o, .mold = &e->mold,
		.key = e->key, .keylen = sizeof(e->key),
		.to = cmd_value(args, "--to")
	};

	t.from = edition_sender(s, &args->arena, err);
	if (t.from == NULL || trial_send(&t, err) != 0)
		return -1;
	printf("a trial copy of %s went to %s; nothing was recorded\n",
	    e->name, t.to);
	return 0;
}

/* n: how many editions are unfinished. */
static int
print_old(struct setting *s, struct cmd_args *args, size_t *n,
    struct err *err)
{
	struct ledger_edition *e = NULL;
	struct ledger_counts c;
	size_t all = 0, i;

	*n = 0;
	if (s->ledger != NULL && ledger_editions(s->ledger, list_of(s),
	    &args->arena, &e, &all, err) != 0)
		return -1;
	for (i = 0; i < all; i++) {
		if (ledger_counts(s->ledger, e[i].id, &c, err) != 0)
			return -1;
		if (waiting(&c) == 0)
			continue;
		edition_print(s, e[i].name, e[i].subject, waiting(&c));
		printf("It is begun and not finished.\n\n");
		(*n)++;
	}
	return 0;
}

/* Hundreds are too old in a long show: a number tells enough. */
static void
print_omitted(const struct edition *e)
{
	size_t i, old = 0;

	for (i = 0; i < e->nomitted; i++)
		if (e->omitted[i].old)
			old++;
		else
			printf("Left out `%s`: it %s\n",
			    e->omitted[i].episode->title, e->omitted[i].why);
	if (old > 0)
		printf("Left out %zu episode%s too old; -v names %s\n", old,
		    CMD_S(old), old == 1 ? "it" : "them");
}

static int
dry_run(struct setting *s, struct cmd_args *args, struct edition *e,
    struct err *err)
{
	struct edition_post post;
	size_t friends, old, i;
	int rc = edition_post_open(s, &post, err);

	edition_post_close(&post);
	if (rc != 0 || print_old(s, args, &old, err) != 0)
		return -1;
	if (e->n == 0) {
		if (old == 0)
			say_nothing_new();
	} else {
		if (count_friends(s, &friends, err) != 0)
			return -1;
		edition_print(s, e->name, e->digest.subject.data, friends);
		for (i = 0; i < e->n; i++)
			printf("Episode  %s\n", e->episodes[i]->title);
	}
	print_omitted(e);
	printf("Nothing was sent or recorded.\n");
	return 0;
}

static int
rehearse(struct setting *s, struct cmd_args *args, struct err *err)
{
	bool dry = cmd_flag(args, "--dry-run");
	struct edition e = { .n = 0 };
	int rc = -1;

	if (setting_peek(s, err) != 0 ||
	    edition_choose(s, args, &e, err) != 0)
		return -1;
	if (e.n > 0 && edition_render(s, args, &e, err) != 0)
		goto out;
	if (dry) {
		rc = dry_run(s, args, &e, err);
	} else if (e.n > 0) {
		rc = send_trial(s, args, &e, err);
	} else {
		say_nothing_new();
		rc = 0;
	}
out:
	edition_release(&e);
	return rc;
}

static int
run(struct cmd_args *args, struct err *err)
{
	bool dry = cmd_flag(args, "--dry-run");
	bool trial = cmd_value(args, "--to") != NULL;
	struct setting s;
	int rc = -1;

	if (dry && trial)
		return err_set(err, ERR_USAGE, "--dry-run sends nothing, --to "
		    "sends a trial copy; give one of them");
	if (setting_open_one(&s, args, err) == 0)
		rc = (dry || trial ? rehearse : send_all)(&s, args, err);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	EDITION_OPTIONS,
	{ "--yes", NULL, "do not ask" },
	{ "--dry-run", NULL, "say what would be sent; send and record nothing" },
	{ "--to", "ADDRESS", "send one trial copy there; record nothing" },
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_send = {
	"digest", "send", "", 0, 0,
	"Send the digest to the friends of the show",
	"Finishes an edition that an earlier run left unfinished, then makes a "
	"new one of\nthe episodes that are due and in no edition yet. Nobody "
	"gets an edition twice.\nExit code 75: friends are left who were "
	"deferred, failed, or are unknown.",
	options, run
};
