/* digest discard: an edition of which nothing went out is forgotten. */
#include <stdio.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "cmd/edition_pick.h"

/* Without a name: the one that `digest send` would go on with. */
static int
find(struct setting *s, struct cmd_args *args, struct ledger_edition *out,
    struct err *err)
{
	int r;

	if (args->noperands > 0)
		return edition_pick_edition(s, args, out, err);
	r = edition_unfinished(s, args, out, err);
	if (r == 0)
		return err_set(err, ERR_USAGE, "the list `%s` has no edition "
		    "that is unfinished; name the one to discard",
		    s->shows[0]->digest.list);
	return r < 0 ? -1 : 0;
}

static int
discard(struct setting *s, struct cmd_args *args, struct err *err)
{
	struct edition_view view;
	struct ledger_counts c;
	struct ledger_edition e;
	int rc;

	if (ledger_recover(s->ledger, s->shows[0]->digest.list, s->now, NULL,
	    NULL, err) != 0 || find(s, args, &e, err) != 0 ||
	    ledger_edition_discardable(s->ledger, &e, err) != 0 ||
	    ledger_counts(s->ledger, e.id, &c, err) != 0 ||
	    edition_view_of(s, args, &e, c.total, &view, err) != 0)
		return -1;
	view.question = "Discard it?";
	view.no = "nothing was discarded";
	rc = edition_confirm(args, s, &view, err);
	if (rc <= 0)
		return rc;
	if (ledger_edition_discard(s->ledger, &e, err) != 0)
		return -1;
	if (log_get_level() > LOG_LEVEL_ERROR)
		printf("%s is discarded; `digest send%s` makes a new "
		    "edition\n", e.name, setting_hint(s));
	return 0;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct setting s;
	int rc = -1;

	if (setting_open_list(&s, args, err) == 0 &&
	    setting_lock(&s, err) == 0)
		rc = discard(&s, args, err);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ "--yes", NULL, "do not ask" },
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_discard = {
	"digest", "discard", "[EDITION]", 0, 1,
	"Forget an edition of which nothing was sent",
	"Its episodes are free again, and the next `digest send` makes a new "
	"edition of\nthe notes as they are then. Refused where a friend got it "
	"or may have got it.\nWithout EDITION it is the unfinished one.",
	options, run
};
