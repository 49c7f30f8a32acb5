#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "mail/address.h"
#include "mail/trial.h"

#define EXIT_LEFT 75

static bool
is_waiting(const struct ledger_counts *c)
{
	return c->pending + c->claimed + c->deferred > 0;
}

/* What earlier runs left: sent before anything new is begun. 0 or 1 (stopped
 * or refused by the person), -1. */
static int
finish_old(struct setting *s, struct cmd_args *args, struct err *err)
{
	const char *list = s->shows[0]->digest.list, **names;
	struct ledger_edition e;
	struct ledger_counts c;
	size_t n, i, left;
	int rc;

	if (ledger_editions(s->ledger, list, &args->arena, &names, &n,
	    err) != 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (ledger_edition_get(s->ledger, list, names[i],
		    &args->arena, &e, err) != 1 ||
		    ledger_counts(s->ledger, e.id, &c, err) != 0)
			return -1;
		if (!is_waiting(&c))
			continue;
		left = c.pending + c.claimed + c.deferred;
		log_notice("%s is not finished: %zu friend%s to go", e.name,
		    left, CMD_S(left));
		rc = edition_confirm(args, s, e.name, e.subject, left, err);
		if (rc <= 0)
			return rc < 0 ? -1 : 1;
		rc = edition_deliver(s, &e, err);
		if (rc != 0)
			return rc;
	}
	return 0;
}

/* What a sender that died left open is sorted; what is too old is given up. */
static int
recover(struct setting *s, struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	size_t unknown = 0, freed = 0, given_up = 0;

	if (ledger_recover(s->ledger, list, s->now, &unknown, &freed,
	    err) != 0 || ledger_give_up(s->ledger, list,
	    s->now - s->config->give_up, s->now, &given_up, err) != 0)
		return -1;
	if (unknown > 0)
		log_warning("unknown whether %zu friend%s got it: the last "
		    "run broke off while it was handed over; `digest resend "
		    "--unknown` sends it again", unknown, CMD_S(unknown));
	if (given_up > 0)
		log_warning("%zu friend%s given up, whose delivery was "
		    "deferred for too long", given_up, CMD_S(given_up));
	return 0;
}

static int
freeze(struct setting *s, struct cmd_args *args, struct edition *e,
    struct err *err)
{
	struct ledger_episode *episodes = arena_array(&args->arena, e->n,
	    sizeof(*episodes));
	struct ledger_edition row = {
		.list = s->shows[0]->digest.list, .name = e->name,
		.subject = e->digest.subject.data,
		.html = e->digest.html.data, .text = e->digest.text.data,
		.frozen = s->now
	};
	char name[LEDGER_NAME_MAX], week[DATE_TEXT_MAX];
	struct buf mold;
	size_t i;
	int rc = -1;

	for (i = 0; i < e->n; i++) {
		episodes[i].guid = e->episodes[i]->guid;
		episodes[i].number = e->episodes[i]->number;
		episodes[i].title = e->episodes[i]->title;
	}
	date_iso_week(&e->mold.date, week);
	row.name = week;
	buf_init(&mold, 0);
	if (mold_build(&e->mold, &mold, err) == 0) {
		row.mold = mold.data;
		row.mold_len = mold.len;
		rc = ledger_edition_freeze(s->ledger, &row, episodes, e->n,
		    cmd_flag(args, "--again"), name, err);
	}
	buf_release(&mold);
	/* The name stands in the message; it was made under the same lock. */
	if (rc == 0 && strcmp(name, e->name) != 0)
		rc = err_set(err, ERR_INTERNAL, "the edition was to be %s "
		    "and became %s", e->name, name);
	return rc;
}

/* With nothing new: whether the last edition left anybody without. */
static int
nothing_new(struct setting *s, struct cmd_args *args, struct err *err)
{
	struct ledger_edition e;
	struct ledger_counts c;
	char text[200];
	int rc = ledger_edition_get(s->ledger, s->shows[0]->digest.list, NULL,
	    &args->arena, &e, err);

	if (rc < 0)
		return -1;
	if (log_get_level() > LOG_LEVEL_ERROR)
		printf("nothing new to send\n");
	if (rc == 0)
		return 0;
	if (ledger_counts(s->ledger, e.id, &c, err) != 0)
		return -1;
	if (!edition_has_left(&c))
		return 0;
	edition_counts_text(&c, text, sizeof(text));
	log_warning("%s: %s; `digest status %s` tells who", e.name, text,
	    e.name);
	return EXIT_LEFT;
}

static int
dry_run(const struct setting *s, const struct edition *e, size_t friends)
{
	size_t i;

	printf("Edition  %s\nSubject  %s\nFriends  %zu\nRelay    %s\n",
	    e->name, e->digest.subject.data, friends, s->config->relay);
	for (i = 0; i < e->n; i++)
		printf("Episode  %s\n", e->episodes[i]->title);
	printf("Nothing was sent or recorded.\n");
	return 0;
}

static int
send_new(struct setting *s, struct cmd_args *args, struct edition *e,
    struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	struct ledger_edition row;
	struct ledger_counts c;
	size_t friends;
	int rc;

	if (ledger_friends_count(s->ledger, list, &friends, err) != 0)
		return -1;
	if (cmd_flag(args, "--dry-run"))
		return dry_run(s, e, friends);
	if (friends == 0)
		return err_set(err, ERR_INPUT, "the list `%s` has no friends "
		    "yet; `friend add` and `friend import` put them on it",
		    list);
	rc = edition_confirm(args, s, e->name, e->digest.subject.data,
	    friends, err);
	if (rc <= 0)
		return rc;
	if (freeze(s, args, e, err) != 0 || ledger_edition_get(s->ledger,
	    list, e->name, &args->arena, &row, err) != 1)
		return -1;
	if (edition_deliver(s, &row, err) < 0 ||
	    ledger_counts(s->ledger, row.id, &c, err) != 0)
		return -1;
	return edition_has_left(&c) ? EXIT_LEFT : 0;
}

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

static int
send_all(struct setting *s, struct cmd_args *args, struct err *err)
{
	bool trial = cmd_value(args, "--to") != NULL;
	struct edition e = { .n = 0 };
	int rc = 0;

	if (!trial && !cmd_flag(args, "--dry-run")) {
		if (recover(s, err) != 0)
			return -1;
		rc = finish_old(s, args, err);
		if (rc != 0)
			return rc < 0 ? -1 : EXIT_LEFT;
	}
	if (edition_choose(s, args, &e, err) != 0)
		return -1;
	if (e.n == 0)
		return nothing_new(s, args, err);
	rc = edition_render(s, args, &e, err);
	if (rc == 0)
		rc = trial ? send_trial(s, args, &e, err) :
		    send_new(s, args, &e, err);
	edition_release(&e);
	return rc;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct fs_lock *lock = NULL;
	struct setting s;
	int rc = -1;

	if (setting_open_one(&s, args, err) == 0) {
		lock = fs_lock_take(arena_printf(&args->arena, "%s.lock",
		    s.config->ledger), err);
		if (lock != NULL && setting_ledger(&s, err) == 0)
			rc = send_all(&s, args, err);
	}
	setting_close(&s);
	fs_lock_drop(lock);
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
