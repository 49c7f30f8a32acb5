#include "cmd/edition_pick.h"

#include "mail/address.h"

#define PAGE 500

int
edition_pick_read(struct cmd_args *args, bool unknown_only,
    const char *what, struct edition_pick *out, struct err *err)
{
	bool unknown = cmd_flag(args, "--unknown");
	bool failed = !unknown_only && cmd_flag(args, "--failed");
	struct address a;

	out->friend = cmd_value(args, "--friend");
	out->state = failed ? LEDGER_FAILED : LEDGER_UNKNOWN;
	if (unknown + failed + (out->friend != NULL) != 1 ||
	    cmd_value_at(args, "--friend", 1) != NULL)
		return err_set(err, ERR_USAGE, "say %s", what);
	if (out->friend == NULL)
		return 0;
	if (address_parse(&args->arena, out->friend, &a, err) != 0) {
		err->kind = ERR_USAGE;
		return -1;
	}
	out->key = a.key;
	return 0;
}

int
edition_pick_edition(struct setting *s, struct cmd_args *args,
    struct ledger_edition *out, struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	const char *name = args->noperands > 0 ? args->operand[0] : NULL;
	int rc = 0;

	if (s->ledger != NULL)
		rc = ledger_edition_get(s->ledger, list, name, &args->arena,
		    out, err);
	if (rc == 0)
		return err_set(err, ERR_USAGE, "the list `%s` has no edition "
		    "%s (%s ledger %s)", list, name != NULL ? name : "yet",
		    s->ledger != NULL ? "in the" : "there is no",
		    ledger_shown(&args->arena, s->config->ledger));
	return rc < 0 ? -1 : 0;
}

int
edition_pick_state(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, enum ledger_state state, bool with_left,
    int64_t **ids, size_t *n, struct err *err)
{
	struct ledger_delivery *d;
	struct ledger_counts c;
	struct arena page = ARENA_INIT;
	int64_t after = 0;
	size_t got = PAGE, i;

	*n = 0;
	if (ledger_counts(s->ledger, e->id, &c, err) != 0)
		return -1;
	*ids = arena_array(&args->arena, c.total, sizeof(**ids));
	while (got == PAGE) {
		if (ledger_deliveries(s->ledger, e->id, (int)state, after,
		    PAGE, &page, &d, &got, err) != 0) {
			arena_release(&page);
			return -1;
		}
		for (i = 0; i < got; i++) {
			after = d[i].id;
			if (with_left || !d[i].left)
				(*ids)[(*n)++] = d[i].id;
		}
		arena_release(&page);
	}
	return 0;
}

int
edition_pick_friend(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, const struct edition_pick *p,
    struct ledger_delivery *out, struct err *err)
{
	int rc = ledger_delivery_of(s->ledger, e->id, p->key, &args->arena,
	    out, err);

	if (rc == 0)
		return err_set(err, ERR_INPUT, "%s is not among the friends "
		    "of %s", p->friend, e->name);
	return rc < 0 ? -1 : 0;
}
