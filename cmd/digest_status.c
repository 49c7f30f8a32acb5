#include <stdio.h>
#include <string.h>

#include "cmd/edition.h"
#include "cmd/print.h"

#define PAGE 500

static void
count(struct arena *a, struct node *row, const char *key, size_t n)
{
	node_set(a, row, key, node_number(a, (int64_t)n));
}

static void
add_edition(struct arena *a, const struct show *show, struct node *list,
    const struct ledger_edition *e, const struct ledger_counts *c)
{
	struct date d = { e->frozen, date_zone_offset(show->zone, e->frozen) };
	struct node *row = node_push(list, node_map(a));
	char when[DATE_TEXT_MAX];

	date_rfc3339(&d, when);
	node_set_text(a, row, "edition", e->name);
	node_set_text(a, row, "frozen", when);
	count(a, row, "friends", c->total);
	count(a, row, "sent", c->sent);
	count(a, row, "waiting", c->pending + c->claimed + c->sending);
	count(a, row, "deferred", c->deferred);
	count(a, row, "failed", c->failed);
	count(a, row, "unknown", c->unknown);
	count(a, row, "left", c->skipped);
	node_set_text(a, row, "subject", e->subject);
}

static int
status_of_list(struct setting *s, struct cmd_args *args, struct err *err)
{
	struct node *list = node_list(&args->arena);
	const struct show *show = s->shows[0];
	struct ledger_edition *e = NULL;
	struct ledger_counts c;
	size_t n = 0, i;

	if (s->ledger != NULL && ledger_editions(s->ledger,
	    show->digest.list, &args->arena, &e, &n, err) != 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (ledger_counts(s->ledger, e[i].id, &c, err) != 0)
			return -1;
		add_edition(&args->arena, show, list, &e[i], &c);
	}
	if (args->json)
		return print_json(list, err);
	if (s->ledger == NULL)
		printf("no editions yet: there is no ledger %s\n",
		    s->config->ledger);
	else if (n == 0)
		printf("no editions of `%s` yet\n", show->digest.list);
	print_table(list);
	return 0;
}

/* The state asked for, or -1 for any. */
static int
wanted_state(const struct cmd_args *args)
{
	static const struct { const char *option; int state; } map[] = {
		{ "--failed", LEDGER_FAILED }, { "--unknown", LEDGER_UNKNOWN },
		{ "--deferred", LEDGER_DEFERRED }, { "--sent", LEDGER_SENT }
	};
	size_t i;

	for (i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (cmd_flag(args, map[i].option))
			return map[i].state;
	return -1;
}

static int
status_of_edition(struct setting *s, struct cmd_args *args, struct err *err)
{
	const char *list = s->shows[0]->digest.list, *name = args->operand[0];
	struct node *rows = node_list(&args->arena), *row;
	struct ledger_delivery *d;
	struct ledger_edition e;
	int64_t after = 0;
	size_t n, i;
	int rc = 0;

	if (s->ledger != NULL)
		rc = ledger_edition_get(s->ledger, list, name, &args->arena,
		    &e, err);
	if (rc == 0)
		return err_set(err, ERR_USAGE, "the list `%s` has no edition "
		    "%s", list, name);
	while (rc > 0) {
		if (ledger_deliveries(s->ledger, e.id, wanted_state(args),
		    after, PAGE, &args->arena, &d, &n, err) != 0)
			return -1;
		for (i = 0; i < n; i++) {
			row = node_push(rows, node_map(&args->arena));
			node_set_text(&args->arena, row, "address",
			    d[i].address);
			node_set_text(&args->arena, row, "state",
			    ledger_state_name(d[i].state));
			count(&args->arena, row, "attempts",
			    (size_t)d[i].attempts);
			count(&args->arena, row, "code", (size_t)d[i].code);
			node_set_text(&args->arena, row, "answer", d[i].text);
			after = d[i].id;
		}
		rc = n == PAGE;
	}
	if (rc < 0)
		return -1;
	if (args->json)
		return print_json(rows, err);
	print_table(rows);
	return 0;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct setting s;
	int rc = -1;

	if (setting_open_one(&s, args, err) == 0 &&
	    setting_peek(&s, err) == 0)
		rc = args->noperands == 0 ? status_of_list(&s, args, err) :
		    status_of_edition(&s, args, err);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ "--failed", NULL, "with EDITION: only those that were refused" },
	{ "--unknown", NULL, "only those of which nobody knows" },
	{ "--deferred", NULL, "only those that are to be tried again" },
	{ "--sent", NULL, "only those that the relay took" },
	CMD_JSON_OPTION,
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_status = {
	"digest", "status", "[EDITION]", 0, 1,
	"List the editions, or one edition's friends", NULL, options, run
};
