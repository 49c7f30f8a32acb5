/* Which variant of an edition a person asks to see. */
#include <string.h>

#include "base/log.h"
#include "cmd/edition_variant.h"
#include "cmd/friend.h"
#include "mail/address.h"

/* 1: --to names a friend, 0: nobody, or somebody who is on no list; -1. */
static int
friend_of(struct setting *s, struct cmd_args *args,
    struct ledger_friend *out, struct err *err)
{
	const char *to = cmd_value(args, "--to");
	struct address a;

	if (to == NULL || s->ledger == NULL)
		return 0;
	if (address_parse_mailbox(&args->arena, to, &a, err) != 0)
		return -1;
	return ledger_friend_find(s->ledger, s->shows[0]->digest.list, a.key,
	    NULL, &args->arena, out, err);
}

/* What the options say, in the place of what the friend did. */
static int
take_options(struct setting *s, struct cmd_args *args,
    struct ledger_choice *out, struct err *err)
{
	const struct friend_choice said = { cmd_value(args, "--language"),
		cmd_value(args, "--shows"), NULL };
	struct friend_checks checks = FRIEND_CHECKS_INIT(s);
	struct ledger_friend f = { .language = NULL };
	int rc = friend_choose(&checks, &args->arena, &said, &f, err);

	friend_checks_release(&checks);
	if (rc != 0) {
		err->kind = ERR_USAGE;
		return -1;
	}
	if (f.language != NULL)
		out->language = strcmp(f.language, LEDGER_RESET) == 0 ? "" :
		    f.language;
	if (f.shows != NULL)
		out->shows = strcmp(f.shows, LEDGER_RESET) == 0 ? "" :
		    f.shows;
	return 0;
}

int
edition_asked(struct setting *s, struct cmd_args *args,
    struct ledger_choice *out, struct err *err)
{
	struct ledger_friend f;
	int r = friend_of(s, args, &f, err);

	if (r < 0)
		return -1;
	*out = (struct ledger_choice){ r == 1 ? f.language : "",
	    r == 1 ? f.shows : "", 0, 0 };
	if (take_options(s, args, out, err) != 0)
		return -1;
	return out->language[0] != '\0' || out->shows[0] != '\0';
}

/* ---- of an edition that is frozen ---- */

/* What the edition has for the choice: 1 found, 0 not, -1. */
static int
find(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *row, int *variant, struct err *err)
{
	bool options = cmd_value(args, "--language") != NULL ||
	    cmd_value(args, "--shows") != NULL;
	struct ledger_delivery d;
	struct ledger_choice c;
	struct ledger_friend f;
	int r;

	*variant = 0;
	/* They get what they were to get, whatever they ask for since. */
	r = options ? 0 : friend_of(s, args, &f, err);
	if (r == 1)
		r = ledger_delivery_of(s->ledger, row->id, f.key, &args->arena,
		    &d, err);
	if (r != 0) {
		*variant = r == 1 ? d.variant : 0;
		return r;
	}
	r = edition_asked(s, args, &c, err);
	if (r <= 0)
		return r < 0 ? -1 : 1;
	r = ledger_edition_choice(s->ledger, row->id, c.language, c.shows,
	    variant, err);
	if (r != 0 || !options)
		return r < 0 ? -1 : 1;
	return err_set(err, ERR_INPUT, "%s is frozen, and none of its friends "
	    "had asked for %s; `digest discard%s` drops it, where nobody has "
	    "got it", row->name, edition_variant_label(&args->arena,
	    c.language, c.shows), setting_hint(s));
}

int
edition_asked_of(struct setting *s, struct cmd_args *args,
    struct ledger_edition *row, const char **label, struct err *err)
{
	struct ledger_variant v;
	int variant, r;

	*label = "";
	if (find(s, args, row, &variant, err) < 0)
		return -1;
	if (variant < 0)
		log_notice("%s has nothing of the shows that are asked for; "
		    "this is the edition itself", row->name);
	if (variant <= 0)
		return 0;
	r = ledger_edition_variant(s->ledger, row->id, variant, &args->arena,
	    &v, err);
	if (r <= 0)
		return r < 0 ? -1 : err_set(err, ERR_INTERNAL, "the ledger "
		    "has no variant %d of %s", variant, row->name);
	row->subject = v.subject;
	row->html = v.html;
	row->text = v.text;
	row->mold = v.mold;
	row->mold_len = v.mold_len;
	row->damaged = v.damaged;
	*label = edition_variant_label(&args->arena, v.language, v.shows);
	return 0;
}
