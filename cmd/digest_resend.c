#include <stdio.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "cmd/edition_pick.h"

static int
pick_friend(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, const struct edition_pick *p,
    struct edition_again *out, struct err *err)
{
	struct ledger_delivery d;
	int64_t *id;

	if (edition_pick_friend(s, args, e, p, &d, err) != 0)
		return -1;
	if (d.left)
		return err_set(err, ERR_REFUSED, "%s has left the list and is "
		    "sent nothing", d.address);
	if (d.state == LEDGER_SKIPPED)
		return err_set(err, ERR_REFUSED, "%s was not on the list when "
		    "%s was sent, and does not get it afterwards", d.address,
		    e->name);
	if (d.state == LEDGER_CLAIMED || d.state == LEDGER_SENDING)
		return err_set(err, ERR_TEMPORARY, "another host is sending "
		    "%s to %s", e->name, d.address);
	id = arena_array(&args->arena, 1, sizeof(*id));
	*id = d.id;
	*out = (struct edition_again){ .ids = id, .n = 1, .state = d.state };
	return 0;
}

/* Those who have left since are not for sending again. */
static int
pick(struct setting *s, struct cmd_args *args, const struct ledger_edition *e,
    const struct edition_pick *p, struct edition_again *out, struct err *err)
{
	int64_t *ids = NULL;
	size_t n = 0;

	if (p->friend != NULL)
		return pick_friend(s, args, e, p, out, err);
	if (edition_pick_state(s, args, e, p->state, false, &ids, &n,
	    err) != 0)
		return -1;
	*out = (struct edition_again){ .ids = ids, .n = n, .state = p->state };
	return 0;
}

/* Whose time is still to come waits for a run of `digest send`. */
static int
left(struct setting *s, const struct edition_times *t,
    const struct ledger_edition *e, struct err *err)
{
	struct ledger_counts c;
	struct ledger_left *all;
	size_t n, i;
	int rc;

	if (ledger_counts(s->ledger, e->id, &c, err) != 0 ||
	    edition_left(s, t, &s->config->arena, &all, &n, err) != 0)
		return -1;
	for (i = 0; i < n; i++)
		if (all[i].edition == e->id && all[i].later > 0) {
			edition_say_later(s, e->name, all[i].later, all[i].due);
			/* On a server the one is later than the other. */
			c.pending -= all[i].later < c.pending ? all[i].later :
			    c.pending;
		}
	rc = edition_report_left(s, e->name, &c) ? EXIT_LEFT : 0;
	return ledger_told(s->ledger, e->id, err) != 0 ? -1 : rc;
}

/* Who is left is told also when the relay ended the run. */
static int
send_again(struct setting *s, const struct ledger_edition *e,
    struct edition_post *post, struct edition_again *again, struct err *err)
{
	struct err second = ERR_INIT;

	if (ledger_resend(s->ledger, again->ids, again->n, (int)again->state,
	    s->now, &s->config->arena, &again->was, &again->nwas, err) != 0)
		return -1;
	if (edition_deliver(s, post, e, again, NULL, err) == 0)
		return left(s, &post->times, e, err);
	(void)left(s, &post->times, e, &second);
	return -1;
}

/* with: the command that goes on where it was stopped; left alone where there
 * is none. */
static int
resend(struct setting *s, struct cmd_args *args, const struct edition_pick *p,
    struct edition_post *post, const char **with, struct err *err)
{
	struct edition_view view;
	struct ledger_edition e;
	struct edition_again again;
	int rc;

	if (edition_pick_edition(s, args, &e, err) != 0 ||
	    edition_check_damage(s, &e, err) != 0)
		return -1;
	if (p->friend == NULL)
		*with = arena_printf(&args->arena, "digest resend %s --%s",
		    e.name, ledger_state_name(p->state));
	if (ledger_recover(s->ledger, e.list, s->now, NULL, NULL, err) != 0 ||
	    pick(s, args, &e, p, &again, err) != 0)
		return -1;
	if (again.n == 0) {
		if (log_get_level() > LOG_LEVEL_ERROR)
			printf("%s: no delivery is %s; nothing was sent\n",
			    e.name, ledger_state_name(p->state));
		return left(s, &post->times, &e, err);
	}
	if (edition_view_of(s, args, &e, again.n, &view, err) != 0)
		return -1;
	rc = edition_confirm(args, s, &view, err);
	if (rc <= 0)
		return rc < 0 ? -1 : left(s, &post->times, &e, err);
	return send_again(s, &e, post, &again, err);
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct edition_post post = { .n = 0 };
	struct setting s;
	struct edition_pick p;
	const char *with = NULL;
	int rc = -1;

	if (edition_pick_read(args, false, "what to send again, by one of "
	    "--unknown, --failed and --friend ADDRESS", &p, err) != 0)
		return -1;
	if (setting_open_one(&s, args, err) == 0 &&
	    edition_post_open(&s, &post, err) == 0 &&
	    setting_sender(&s, err) == 0) {
		edition_catch_signals(&s);
		rc = resend(&s, args, &p, &post, &with, err);
		edition_say_stopped(&s, with);
	}
	edition_post_close(&s, &post);
	setting_close(&s);
	return rc == 0 && edition_stopped() ? EXIT_LEFT : rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ "--unknown", NULL, "to friends of whom nobody knows whether they "
	    "got it" },
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
