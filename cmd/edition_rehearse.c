/* digest send without a record: what it would send, and trial copies. */
#include <stdio.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "cmd/edition_lint.h"
#include "cmd/edition_variant.h"
#include "mail/trial.h"

static int
send_trial(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, const char *label,
    const unsigned char *key, struct err *err)
{
	struct trial t = {
		.mold = e->mold, .mold_len = e->mold_len, .key = key,
		.keylen = LEDGER_KEY_SIZE,
		.to = cmd_value(args, "--to")
	};
	struct edition_post post;
	int rc = edition_post_open(s, &post, err);

	t.transport = post.n > 0 ? post.transports[0] : NULL;
	t.from = post.from;
	t.signer = post.signer;
	if (rc == 0 && t.signer != NULL)
		signer_set_time(t.signer, e->frozen);
	if (rc == 0)
		rc = trial_send(&t, err);
	edition_post_close(s, &post);
	if (rc != 0)
		return -1;
	printf("a trial copy of %s%s%s%s went to %s; nothing was recorded\n",
	    e->name, label[0] != '\0' ? " (" : "", label, label[0] != '\0' ?
	    ")" : "", t.to);
	return 0;
}

/* The copy is of what the next run sends first. */
static int
try_out(struct setting *s, struct cmd_args *args, struct edition *e,
    struct err *err)
{
	unsigned char key[LEDGER_KEY_SIZE];
	struct ledger_edition row;
	struct edition_lint l;
	const char *label;
	int r = edition_unfinished(s, args, &row, err);

	if (r < 0)
		return -1;
	if (r == 1) {
		log_notice("%s is not finished; the copy is of it, as it was "
		    "frozen", row.name);
		return edition_asked_of(s, args, &row, &label, err) != 0 ||
		    edition_key(s, &row, key, err) != 0 ? -1 :
		    send_trial(s, args, &row, label, key, err);
	}
	if (edition_choose(s, args, e, err) != 0)
		return -1;
	if (e->n == 0) {
		edition_say_nothing_new(e);
		return 0;
	}
	/* A copy is for looking at it: what is wrong is only told. */
	edition_lint_init(&l, &args->arena);
	if (edition_render(s, args, e, err) != 0 ||
	    edition_lint_new(s, args, e, &l, err) != 0)
		return -1;
	edition_variant_row(e, e->wanted, &row);
	return send_trial(s, args, &row, e->wanted > 0 ?
	    e->variants[e->wanted - 1].label : "", e->key, err);
}

/* n: how many editions are unfinished. */
static int
print_old(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, size_t *n, struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	struct edition_view view;
	struct ledger_edition *e = NULL, row;
	struct ledger_counts c;
	size_t all = 0, i;

	*n = 0;
	if (s->ledger != NULL && ledger_editions(s->ledger, list,
	    &args->arena, &e, &all, err) != 0)
		return -1;
	for (i = 0; i < all; i++) {
		if (ledger_counts(s->ledger, e[i].id, &c, err) != 0)
			return -1;
		if (edition_waiting(&c) == 0)
			continue;
		if (edition_view_of(s, args, &e[i], edition_waiting(&c), &view,
		    err) != 0 || edition_view_later(s, t, e[i].id, &view,
		    err) != 0 || ledger_edition_get(s->ledger, list,
		    e[i].name, &args->arena, &row, err) < 0)
			return -1;
		edition_print(s, &view);
		printf("It is begun and not finished, and %s.\n\n",
		    row.damaged ? "its message in the ledger is damaged, so "
		    "nobody gets it" : "goes out as it was frozen");
		(*n)++;
	}
	return 0;
}

/* The exit code. */
static int
rehearse_look(struct setting *s, struct cmd_args *args,
    const struct edition *e, struct err *err)
{
	struct edition_lint l;

	edition_lint_init(&l, &args->arena);
	fflush(stdout);
	if (edition_lint_new(s, args, e, &l, err) != 0)
		return -1;
	if (l.findings.errors == 0 || cmd_flag(args, "--force"))
		return 0;
	printf("It is not sent, because of %zu error%s; --force sends it.\n",
	    l.findings.errors, CMD_S(l.findings.errors));
	return err_exit_code(ERR_REFUSED);
}

static int
print_new(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, struct edition *e, size_t old,
    struct err *err)
{
	struct edition_view view;

	if (edition_choose(s, args, e, err) != 0)
		return -1;
	if (e->n == 0) {
		if (old == 0)
			edition_say_nothing_new(e);
		edition_print_omitted(e);
		return 0;
	}
	if (edition_render(s, args, e, err) != 0 ||
	    edition_has_friends(s, e, err) != 0 ||
	    edition_plan(s, args, t, e, err) != 0)
		return -1;
	edition_view_new(e, &view);
	edition_print(s, &view);
	if (e->late != NULL && !cmd_flag(args, "--late"))
		printf("It is held, because it comes too late: %s; --late "
		    "sends it.\n", e->late);
	return rehearse_look(s, args, e, err);
}

static int
dry_run(struct setting *s, struct cmd_args *args, struct edition *e,
    struct err *err)
{
	struct edition_post post;
	size_t old;
	int rc = edition_post_open(s, &post, err);

	if (rc == 0)
		rc = print_old(s, args, &post.times, &old, err);
	/* Errors stand behind what was printed before them. */
	fflush(stdout);
	if (rc == 0)
		rc = print_new(s, args, &post.times, e, old, err);
	edition_post_close(s, &post);
	if (rc >= 0)
		printf("Nothing was sent or recorded.\n");
	return rc;
}

int
edition_rehearse(struct setting *s, struct cmd_args *args, struct err *err)
{
	struct edition e = { .n = 0 };
	int rc = -1;

	if (setting_peek(s, err) == 0)
		rc = (cmd_flag(args, "--dry-run") ? dry_run : try_out)(s, args,
		    &e, err);
	edition_release(&e);
	return rc;
}
