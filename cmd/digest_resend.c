#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "mail/address.h"

#define PAGE 500

/* What was asked for: all of a state, or one friend. */
struct wish {
	enum ledger_state state;
	const char *friend;	/* as typed; NULL: the state counts */
	const char *key;
};

static int
read_wish(struct cmd_args *args, struct wish *w, struct err *err)
{
	bool unknown = cmd_flag(args, "--unknown");
	bool failed = cmd_flag(args, "--failed");
	struct address a;

	w->friend = cmd_value(args, "--friend");
	w->state = unknown ? LEDGER_UNKNOWN : LEDGER_FAILED;
	if (unknown + failed + (w->friend != NULL) != 1 ||
	    cmd_value_at(args, "--friend", 1) != NULL)
		return err_set(err, ERR_USAGE, "say what to send again, by "
		    "one of --unknown, --failed and --friend ADDRESS");
	if (w->friend == NULL)
		return 0;
	if (address_parse(&args->arena, w->friend, &a, err) != 0) {
		err->kind = ERR_USAGE;
		return -1;
	}
	w->key = a.key;
	return 0;
}

/* Those who have left since are not for sending again. */
static int
select_state(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, const struct wish *w, int64_t **ids,
    size_t *n, struct err *err)
{
	struct ledger_delivery *d;
	struct ledger_counts c;
	struct arena page = ARENA_INIT;
	int64_t after = 0;
	size_t got = PAGE, i;

	if (ledger_counts(s->ledger, e->id, &c, err) != 0)
		return -1;
	*ids = arena_array(&args->arena, c.total, sizeof(**ids));
	while (got == PAGE) {
		if (ledger_deliveries(s->ledger, e->id, (int)w->state, after,
		    PAGE, &page, &d, &got, err) != 0) {
			arena_release(&page);
			return -1;
		}
		for (i = 0; i < got; i++) {
			after = d[i].id;
			if (!d[i].left)
				(*ids)[(*n)++] = d[i].id;
		}
		arena_release(&page);
	}
	return 0;
}

static int
select_friend(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, const struct wish *w, int64_t **ids,
    size_t *n, struct err *err)
{
	struct ledger_delivery d;
	int rc = ledger_delivery_of(s->ledger, e->id, w->key, &args->arena, &d,
	    err);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return err_set(err, ERR_INPUT, "%s is not among the friends "
		    "of %s", w->friend, e->name);
	if (d.left)
		return err_set(err, ERR_REFUSED, "%s has left the list and is "
		    "sent nothing", d.address);
	if (d.state == LEDGER_SKIPPED)
		return err_set(err, ERR_REFUSED, "%s was not on the list when "
		    "%s was sent, and does not get it afterwards", d.address,
		    e->name);
	*ids = arena_array(&args->arena, 1, sizeof(**ids));
	(*ids)[(*n)++] = d.id;
	return 0;
}

static int
left(struct setting *s, const struct ledger_edition *e, struct err *err)
{
	struct ledger_counts c;
	int rc;

	if (ledger_counts(s->ledger, e->id, &c, err) != 0)
		return -1;
	rc = edition_report_left(e->name, &c) ? EXIT_LEFT : 0;
	return ledger_told(s->ledger, e->id, err) != 0 ? -1 : rc;
}

static int
resend(struct setting *s, struct cmd_args *args, const struct wish *w,
    const struct edition_post *post, struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	const char *name = args->noperands > 0 ? args->operand[0] : NULL;
	struct ledger_edition e;
	int64_t *ids = NULL;
	size_t n = 0;
	int rc;

	rc = ledger_edition_get(s->ledger, list, name, &args->arena, &e, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return err_set(err, ERR_USAGE, "the list `%s` has no edition "
		    "%s", list, name != NULL ? name : "yet");
	if (ledger_recover(s->ledger, list, s->now, NULL, NULL, err) != 0 ||
	    (w->friend != NULL ? select_friend : select_state)(s, args, &e, w,
	    &ids, &n, err) != 0)
		return -1;
	if (n == 0) {
		if (log_get_level() > LOG_LEVEL_ERROR)
			printf("%s: no delivery is %s; nothing was sent\n",
			    e.name, ledger_state_name(w->state));
		return left(s, &e, err);
	}
	rc = edition_confirm(args, s, e.name, e.subject, n, err);
	if (rc > 0 && (ledger_resend(s->ledger, ids, n, s->now, err) != 0 ||
	    edition_deliver(s, post, &e, ids, n, err) != 0))
		rc = -1;
	return rc < 0 ? -1 : left(s, &e, err);
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct edition_post post = { NULL, NULL };
	struct setting s;
	struct wish w;
	int rc = -1;

	if (read_wish(args, &w, err) != 0)
		return -1;
	if (setting_open_one(&s, args, err) == 0 &&
	    edition_post_open(&s, &post, err) == 0 &&
	    setting_sender(&s, err) == 0) {
		edition_catch_signals();
		rc = resend(&s, args, &w, &post, err);
	}
	edition_post_close(&post);
	setting_close(&s);
	return rc == 0 && edition_stopped() ? EXIT_LEFT : rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ "--unknown", NULL, "to friends of whom nobody knows whether they got it" },
	{ "--failed", NULL, "to friends whose address was refused" },
	{ "--friend", "ADDRESS", "to this friend, whatever became of it" },
	{ "--yes", NULL, "do not ask" },
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_resend = {
	"digest", "resend", "[EDITION]", 0, 1,
	"Send an edition again to some of its friends",
	"The only way in which somebody may get an edition twice: on command. "
	"Without\nEDITION it is the newest one. Nobody else gets anything.",
	options, run
};
