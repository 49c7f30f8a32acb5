#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "mail/address.h"

#define EXIT_LEFT 75

static int
make_pending(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, size_t *n, struct err *err)
{
	const char *friend = cmd_value(args, "--friend");
	struct address a;

	if (cmd_flag(args, "--unknown"))
		return ledger_resend(s->ledger, e->id, LEDGER_UNKNOWN, NULL,
		    s->now, n, err);
	if (cmd_flag(args, "--failed"))
		return ledger_resend(s->ledger, e->id, LEDGER_FAILED, NULL,
		    s->now, n, err);
	if (friend == NULL)
		return err_set(err, ERR_USAGE, "say what to send again: "
		    "--unknown, --failed or --friend ADDRESS");
	if (address_parse(&args->arena, friend, &a, err) != 0) {
		err->kind = ERR_USAGE;
		return -1;
	}
	return ledger_resend(s->ledger, e->id, LEDGER_SENT, a.key, s->now, n,
	    err);
}

static int
resend(struct setting *s, struct cmd_args *args, struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	const char *name = args->noperands > 0 ? args->operand[0] : NULL;
	struct ledger_edition e;
	struct ledger_counts c;
	size_t n = 0;
	int rc;

	rc = ledger_edition_get(s->ledger, list, name, &args->arena, &e, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return err_set(err, ERR_USAGE, "the list `%s` has no edition "
		    "%s", list, name != NULL ? name : "yet");
	if (ledger_recover(s->ledger, list, s->now, NULL, NULL, err) != 0)
		return -1;
	rc = edition_confirm(args, s, e.name, e.subject, 0, err);
	if (rc <= 0)
		return rc;
	if (make_pending(s, args, &e, &n, err) != 0)
		return -1;
	log_notice("%s: to be sent again to %zu friend%s", e.name, n,
	    CMD_S(n));
	if (edition_deliver(s, &e, err) < 0 ||
	    ledger_counts(s->ledger, e.id, &c, err) != 0)
		return -1;
	return edition_has_left(&c) ? EXIT_LEFT : 0;
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
			rc = resend(&s, args, err);
	}
	setting_close(&s);
	fs_lock_drop(lock);
	return rc;
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
	"Without\nEDITION it is the newest one.",
	options, run
};
