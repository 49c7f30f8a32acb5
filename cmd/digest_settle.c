/* digest settle: what a person has found out about unknown deliveries, and who
 * is not to get it any more. */
#include <stdio.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "cmd/edition_pick.h"

static int
pick(struct setting *s, struct cmd_args *args, const struct ledger_edition *e,
    const struct edition_pick *p, int64_t **ids, size_t *n, struct err *err)
{
	struct ledger_delivery d;

	if (p->friend == NULL)
		return edition_pick_state(s, args, e, LEDGER_UNKNOWN, true,
		    ids, n, err);
	if (edition_pick_friend(s, args, e, p, &d, err) != 0)
		return -1;
	if (d.state != LEDGER_UNKNOWN)
		return err_set(err, ERR_REFUSED, "the delivery of %s to %s is "
		    "%s; only what is unknown can be settled", e->name,
		    d.address, ledger_state_name(d.state));
	*ids = arena_array(&args->arena, 1, sizeof(**ids));
	(*ids)[0] = d.id;
	*n = 1;
	return 0;
}

/* Nobody knows anything of them: they have not got it, and are not to. */
static int
drop_waiting(struct setting *s, struct cmd_args *args, struct err *err)
{
	struct ledger_edition e;
	size_t n;

	if (edition_pick_edition(s, args, &e, err) != 0 ||
	    ledger_recover(s->ledger, e.list, s->now, NULL, NULL, err) != 0 ||
	    ledger_drop_waiting(s->ledger, e.id, s->now, &n, err) != 0)
		return -1;
	if (log_get_level() > LOG_LEVEL_ERROR)
		printf("%s: %zu friend%s who %s still to get it %s given up\n",
		    e.name, n, CMD_S(n), n == 1 ? "was" : "were",
		    n == 1 ? "is" : "are");
	return edition_print_counts(s, &e, NULL, err);
}

static int
read_options(struct cmd_args *args, struct edition_pick *p, struct err *err)
{
	bool sent = cmd_flag(args, "--sent");

	if (cmd_flag(args, "--waiting")) {
		if (sent || !cmd_flag(args, "--failed") ||
		    cmd_flag(args, "--unknown") ||
		    cmd_value(args, "--friend") != NULL)
			return err_set(err, ERR_USAGE, "--waiting goes with "
			    "--failed alone: who is still to get it has not "
			    "got it");
		return 0;
	}
	if (edition_pick_read(args, true, "which deliveries, by --unknown, "
	    "--friend ADDRESS or --waiting, and what became of them, by --sent "
	    "or --failed", p, err) != 0)
		return -1;
	if (sent == cmd_flag(args, "--failed"))
		return err_set(err, ERR_USAGE, "say what became of them, by "
		    "one of --sent and --failed");
	return 0;
}

static int
settle(struct setting *s, struct cmd_args *args, const struct edition_pick *p,
    enum ledger_state state, struct err *err)
{
	struct ledger_edition e;
	int64_t *ids = NULL;
	size_t n = 0;

	if (edition_pick_edition(s, args, &e, err) != 0 ||
	    ledger_recover(s->ledger, e.list, s->now, NULL, NULL, err) != 0 ||
	    pick(s, args, &e, p, &ids, &n, err) != 0 ||
	    ledger_decide(s->ledger, ids, n, state, s->now, err) != 0)
		return -1;
	if (log_get_level() > LOG_LEVEL_ERROR && n == 0)
		printf("%s: no delivery is unknown\n", e.name);
	else if (log_get_level() > LOG_LEVEL_ERROR)
		printf("%s: %zu unknown deliver%s now %s\n", e.name, n,
		    n == 1 ? "y is" : "ies are", ledger_state_name(state));
	return edition_print_counts(s, &e, NULL, err);
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct edition_pick p;
	struct setting s;
	int rc = -1;

	if (read_options(args, &p, err) != 0)
		return -1;
	if (setting_open_list(&s, args, err) == 0 &&
	    setting_lock(&s, err) == 0)
		rc = cmd_flag(args, "--waiting") ? drop_waiting(&s, args,
		    err) : settle(&s, args, &p, cmd_flag(args, "--sent") ?
		    LEDGER_SENT : LEDGER_FAILED, err);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ "--unknown", NULL, "all of the edition that are unknown" },
	{ "--friend", "ADDRESS", "the unknown one to this friend" },
	{ "--waiting", NULL, "all who are still to get it, with --failed" },
	{ "--sent", NULL, "they have got it" },
	{ "--failed", NULL, "they have not got it" },
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_settle = {
	"digest", "settle", "[EDITION]", 0, 1,
	"Say what became of unknown deliveries, or who is given up",
	"After a look into the relay's log, or a question to the friend. "
	"Nothing is sent;\n`digest resend --failed` sends to those who have "
	"not got it. Without EDITION\nit is the newest one.",
	options, run
};
