#include <stdio.h>

#include "base/date.h"
#include "base/log.h"
#include "base/notify.h"
#include "cmd/edition.h"
#include "cmd/edition_lint.h"
#include "cmd/edition_variant.h"
#include "mail/address.h"

/* A run that sends. */
struct run {
	struct setting *s;
	struct cmd_args *args;
	struct edition_post post;
	bool began;		/* what earlier runs left is sorted */
	struct edition_work handled;	/* the editions it worked on */
	bool again;		/* other hosts have left something to do */
	size_t pending;		/* what they had left before */
	int64_t begun;		/* by the clock */
	int64_t damaged;	/* an edition that was found to be; 0 */
	int64_t held;		/* one by its canaries; 0 */
	bool nothing;		/* is new; idle tells why */
	struct edition idle;
};

static const char *
list_of(const struct setting *s)
{
	return s->shows[0]->digest.list;
}

static bool
is_handled(const struct run *r, int64_t edition)
{
	return edition_worked_find(&r->handled, edition) != NULL;
}

static int
deliver(struct run *r, const struct ledger_edition *e, struct err *err)
{
	/* What it has deferred itself is for a later run, also where it comes
	 * to the edition again. */
	int64_t before = is_handled(r, e->id) ? r->begun : 0;
	struct edition_worked *w = edition_worked_add(&r->handled,
	    &r->args->arena, e);

	r->post.before = before;
	return edition_deliver(r->s, &r->post, e, NULL, &w->told, err);
}

/* ---- what earlier runs left ---- */

/* Not sent by surprise. name and why: of the edition that is held. */
static int
hold(struct run *r, const char *name, const char *why, struct err *err)
{
	const struct show *show = r->s->shows[0];

	err_set(err, ERR_REFUSED, "%s is held, because it comes too late: %s. "
	    "Nothing was sent; --late sends it", name, why);
	err_at(err, show->file, show_line(show, "late_after"));
	return err_rule(err, "edition-late");
}

/* What was deferred is tried for as long as `give_up` says. */
static bool
is_stale(const struct run *r, const struct ledger_edition *e,
    const struct ledger_counts *c)
{
	int64_t after = r->s->shows[0]->digest.late_after;
	int64_t age = r->s->now - e->frozen;

	return after > 0 && age > after && (c->pending + c->claimed > 0 ||
	    age > r->s->config->give_up);
}

/* The time of those who are left is to come: 1, and it was said; 0; -1.
 * Canaries wait for no time, and of refused ones each run tells. */
static int
is_early(struct run *r, const struct ledger_edition *e, size_t left,
    struct err *err)
{
	int64_t due, now = date_now();
	int found, canaries;

	found = ledger_next_due(r->s->ledger, e->id, now, now, &due, err);
	if (found < 1 || due <= now)
		return found < 0 ? -1 : 0;
	canaries = edition_canaries(r->s, &r->post, e, err);
	if (canaries < 0)
		return -1;
	if (canaries == EDITION_CANARIES_TO_GO)
		return 0;
	if (canaries == EDITION_CANARIES_REFUSED && r->held != e->id)
		log_error("%s: too many of its canaries were refused, so it "
		    "goes to nobody else; `digest status %s%s` tells what the "
		    "relay says, and `digest resend --friend` tries a canary "
		    "again", e->name, e->name, setting_hint(r->s));
	if (canaries == EDITION_CANARIES_REFUSED)
		r->held = e->id;
	else
		edition_say_later(r->s, e->name, left, due);
	return 1;
}

/* What is left of it: 1; 0: nothing for this run; -1. */
static int
look_at(struct run *r, const struct ledger_edition *e,
    struct ledger_counts *c, struct err *err)
{
	size_t before;

	/* Who was deferred by this run is for a later one. */
	if (ledger_plan_again(r->s->ledger, e->id, err) != 0 ||
	    ledger_defer_again(r->s->ledger, e->id, err) != 0 ||
	    ledger_counts(r->s->ledger, e->id, c, err) != 0 ||
	    ledger_deferred_before(r->s->ledger, e->id, r->begun, &before,
	    err) != 0)
		return -1;
	return !is_handled(r, e->id) || c->pending + before > 0;
}

/* It is told, and stands in nobody's way. */
static bool
is_damaged(struct run *r, const struct ledger_edition *e)
{
	struct err err = ERR_INIT;
	char text[ERR_MSG_MAX + ERR_FILE_MAX];

	if (edition_check_damage(r->s, e, &err) == 0)
		return false;
	err_format(&err, text, sizeof(text));
	if (r->damaged != e->id)
		log_error("%s", text);
	r->damaged = e->id;
	return true;
}

/* 0: done; 1: the person does not want it; -1. */
static int
finish_one(struct run *r, const struct ledger_edition *e, struct err *err)
{
	struct edition_view view;
	struct ledger_counts c;
	size_t left;
	int rc;

	rc = look_at(r, e, &c, err);
	if (rc < 1)
		return rc;
	if (is_damaged(r, e))
		return 0;
	left = edition_waiting(&c);
	rc = is_early(r, e, left, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (is_stale(r, e, &c) && !cmd_flag(r->args, "--late"))
		return hold(r, e->name, arena_printf(&r->args->arena, "it was "
		    "begun %s ago, and %zu friend%s to go", edition_age(
		    &r->args->arena, r->s->now - e->frozen), left,
		    left == 1 ? " is" : "s are"), err);
	log_notice("%s is not finished: %zu friend%s to go", e->name, left,
	    CMD_S(left));
	if (edition_view_of(r->s, r->args, e, left, &view, err) != 0 ||
	    edition_view_later(r->s, &r->post.times, e->id, &view, err) != 0)
		return -1;
	rc = edition_confirm(r->args, r->s, &view, err);
	if (rc <= 0)
		return rc < 0 ? -1 : 1;
	r->post.later = view.later;
	return deliver(r, e, err);
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

/* ---- a new edition ---- */

/* Before anybody is asked, and anything is recorded. */
static int
look_through(struct run *r, const struct edition *e, struct err *err)
{
	struct edition_lint l;

	edition_lint_init(&l, &r->args->arena);
	if (edition_lint_new(r->s, r->args, e, &l, err) != 0)
		return -1;
	return cmd_flag(r->args, "--force") ? 0 :
	    edition_lint_verdict(&l, e->name, err);
}

/* Another host may have been quicker, where there is such a thing: then its
 * edition is to be finished, and this one made anew of what is left. 0, -1, or
 * 1 for that. */
static int
freeze(struct run *r, const struct edition *e, struct err *err)
{
	struct ledger *l = r->s->ledger;
	struct err told = ERR_INIT;
	struct ledger_edition there;

	if (ledger_edition_freeze(l, &e->row, e->rows, e->n,
	    cmd_flag(r->args, "--again"), &told) == 0)
		return 0;
	if (ledger_edition_get(l, list_of(r->s), e->name, &r->args->arena,
	    &there, err) == 1 && told.kind == ERR_TEMPORARY) {
		log_notice("%s was begun by another run meanwhile", e->name);
		r->again = true;
		return 1;
	}
	*err = told;
	return -1;
}

/* The list may have changed while the person was asked. */
static int
say_friends(struct run *r, const struct edition *e,
    const struct ledger_edition *row, struct err *err)
{
	struct ledger_counts c;

	if (ledger_counts(r->s->ledger, row->id, &c, err) != 0)
		return -1;
	if (c.total != e->friends)
		log_notice("%s: %zu friend%s it, as the list changed "
		    "meanwhile", e->name, c.total, c.total == 1 ? " gets" :
		    "s get");
	return 0;
}

static int
send_edition(struct run *r, struct edition *e, struct err *err)
{
	struct ledger_edition row;
	struct edition_view view;
	int rc;

	if (edition_has_friends(r->s, e, err) != 0)
		return -1;
	if (e->friends == 0) {
		edition_print_none(e);
		log_notice("%s waits for one that they want", e->name);
		return 0;
	}
	if (look_through(r, e, err) != 0)
		return -1;
	if (edition_plan(r->s, r->args, &r->post.times, e, err) != 0)
		return -1;
	edition_view_new(e, &view);
	rc = edition_confirm(r->args, r->s, &view, err);
	if (rc <= 0)
		return rc;
	/* Asked while the audio was looked at: nothing is begun. */
	if (edition_stopped())
		return 0;
	rc = freeze(r, e, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (ledger_edition_get(r->s->ledger, list_of(r->s), e->name,
	    &r->args->arena, &row, err) != 1 ||
	    say_friends(r, e, &row, err) != 0)
		return -1;
	r->post.later = view.later;
	return deliver(r, &row, err);
}

static int
send_new(struct run *r, struct err *err)
{
	struct edition e = { .n = 0 };
	int rc = edition_choose(r->s, r->args, &e, err);

	if (rc != 0)
		return -1;
	/* Other hosts may still leave something: it is said behind that. */
	r->nothing = e.n == 0;
	if (r->nothing) {
		r->idle = e;
		return 0;
	}
	if (e.late != NULL && !cmd_flag(r->args, "--late"))
		return hold(r, e.name, e.late, err);
	rc = edition_render(r->s, r->args, &e, err);
	if (rc == 0)
		rc = send_edition(r, &e, err);
	edition_release(&e);
	return rc;
}

/* What this run had in hand and could not put back, as on a disk that is full.
 * On a server it may be in another's hands, who will tell. */
static void
add_in_hand(const struct run *r, struct ledger_left *left)
{
	struct ledger_counts *to = &left->counts, all;
	struct err ignored = ERR_INIT;

	if (ledger_is_shared(r->s->ledger) || edition_counts(r->s,
	    left->edition, false, &all, &ignored) != 0)
		return;
	to->pending = all.pending > left->later ? all.pending - left->later : 0;
	to->deferred = all.deferred;
	to->unknown = all.unknown;
}

/* Editions of which nothing is left but what this run had in hand. */
static int
report_in_hand(struct run *r, const struct ledger_left *known, size_t n)
{
	size_t i, k;
	int rc = 0;

	for (i = 0; i < r->handled.n; i++) {
		const struct edition_worked *w = &r->handled.of[i];
		struct ledger_left left = { .edition = w->id, .name = w->name };

		for (k = 0; k < n && known[k].edition != w->id; k++)
			;
		if (k < n)
			continue;
		add_in_hand(r, &left);
		if (edition_report_left(r->s, left.name, &left.counts))
			rc = EXIT_LEFT;
	}
	return rc;
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

	if (edition_left(r->s, &r->post.times, &r->args->arena, &left, &n,
	    err) != 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (!is_handled(r, left[i].edition) && !left[i].untold)
			left[i].counts.failed = 0;
		if (left[i].later > 0 && is_handled(r, left[i].edition))
			edition_say_later(r->s, left[i].name, left[i].later,
			    left[i].due);
		left[i].counts.pending -= left[i].later;
		add_in_hand(r, &left[i]);
		if (edition_report_left(r->s, left[i].name,
		    &left[i].counts))
			rc = EXIT_LEFT;
		if (left[i].untold && ledger_told(r->s->ledger,
		    left[i].edition, err) != 0)
			return -1;
	}
	return report_in_hand(r, left, n) != 0 ? EXIT_LEFT : rc;
}

static int
send_what_is_due(struct run *r, struct err *err)
{
	int rc;

	do {
		r->again = r->nothing = false;
		rc = finish_old(r, err);
		if (rc == 0 && !edition_stopped())
			rc = send_new(r, err);
		if (rc == 0 && !r->again && !edition_stopped())
			rc = edition_others(r->s, r->begun, &r->pending, &r->again,
			    err);
	} while (rc == 0 && r->again && !edition_stopped());
	if (rc == 0)
		rc = edition_tell_changed(r->s, &r->handled, err);
	if (rc == 0 && r->nothing)
		edition_say_nothing_new(&r->idle);
	return rc;
}

static int
send_all(struct setting *s, struct cmd_args *args, struct err *err)
{
	struct run r = { .s = s, .args = args, .pending = SIZE_MAX,
	    .begun = date_now() };
	struct err second = ERR_INIT;
	int rc = -1;

	notify_status("digest send", "looks for what is new");
	if (edition_post_open(s, &r.post, err) != 0)
		;
	/* Nobody is in a ledger that would be made now: its name is wrong. */
	else if (!setting_has_ledger(s))
		(void)edition_no_ledger(s, err);
	else if (setting_sender(s, err) == 0) {
		edition_catch_signals(s);
		rc = edition_recover(s, s->now, NULL, err);
		r.began = rc == 0;
		if (rc == 0)
			rc = send_what_is_due(&r, err);
		/* Who is left is told also when the relay ended the run. */
		if (rc >= 0)
			rc = report_left(&r, err);
		else if (r.began)
			(void)report_left(&r, &second);
		edition_say_stopped(s, "digest send");
	}
	edition_post_close(s, &r.post);
	if (rc >= 0 && r.damaged != 0)
		return err_exit_code(ERR_IO);
	return rc >= 0 && r.held != 0 ? err_exit_code(ERR_REFUSED) : rc;
}

static int
run(struct cmd_args *args, struct err *err)
{
	bool dry = cmd_flag(args, "--dry-run");
	const char *trial = cmd_value(args, "--to");
	struct address to;
	struct setting s;
	int rc = -1;

	if (trial == NULL && (cmd_value(args, "--language") != NULL ||
	    cmd_value(args, "--shows") != NULL))
		return err_set(err, ERR_USAGE, "--language and --shows are of "
		    "a trial copy (--to); friends get what they asked for");
	if (dry && trial != NULL)
		return err_set(err, ERR_USAGE, "--dry-run sends nothing, --to "
		    "sends a trial copy; give one of them");
	if (trial != NULL && address_parse_mailbox(&args->arena, trial, &to,
	    err) != 0) {
		err->kind = ERR_USAGE;
		return -1;
	}
	if (setting_open_one(&s, args, err) == 0 &&
	    edition_check_asked(&s, args, err) == 0)
		rc = (dry || trial != NULL ? edition_rehearse : send_all)(&s,
		    args, err);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	EDITION_OPTIONS,
	{ "--yes", NULL, "do not ask" },
	{ "--dry-run", NULL, "say what would be sent; send and record "
	    "nothing" },
	{ "--late", NULL, "also what comes too late (`late_after`)" },
	{ "--force", NULL, "also what has errors" },
	EDITION_LINT_OPTIONS,
	{ "--to", "ADDRESS", "send one trial copy there; record nothing" },
	EDITION_VARIANT_OPTIONS,
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_send = {
	"digest", "send", "", 0, 0,
	"Send the digest to the friends of the show",
	"Finishes an edition that an earlier run left unfinished, then makes a "
	"new one of\nthe episodes that are due and in no edition yet. Nobody "
	"gets an edition twice. A new one is looked through before: with "
	"errors it is not sent.\nExit code 75: friends are left who were "
	"deferred, failed, or are unknown.\nExit code 77: it was not sent, "
	"as the error says.",
	options, run
};
