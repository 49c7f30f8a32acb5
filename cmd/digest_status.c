#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "cmd/edition_pick.h"
#include "cmd/print.h"

#define PAGE 500

/* What is shown of deliveries: all, or those in one state. */
struct wanted {
	bool any;
	enum ledger_state state;
};

static void
count(struct arena *a, struct node *row, const char *key, size_t n)
{
	node_set(a, row, key, node_number(a, (int64_t)n));
}

/* Where no run is at work, what one left open is as the next run will find
 * it. */
static enum ledger_state
state_of(const struct ledger_delivery *d, bool is_sending)
{
	if (is_sending || (d->state != LEDGER_CLAIMED &&
	    d->state != LEDGER_SENDING))
		return d->state;
	return d->in_doubt ? LEDGER_UNKNOWN : LEDGER_PENDING;
}

/* ---- the editions ---- */

/* Of what a run that is no more left open, at most a claim's worth. */
static int
settle_counts(struct setting *s, int64_t edition, struct ledger_counts *c,
    struct err *err)
{
	static const enum ledger_state open[] = {
		LEDGER_CLAIMED, LEDGER_SENDING
	};
	struct arena page = ARENA_INIT;
	struct ledger_delivery *d;
	size_t n, i, k, doubtful = 0;
	int rc = 0;

	for (k = 0; k < sizeof(open) / sizeof(open[0]) && rc == 0; k++) {
		rc = ledger_deliveries(s->ledger, edition, (int)open[k], 0,
		    LEDGER_CLAIM_MAX, &page, &d, &n, err);
		for (i = 0; rc == 0 && i < n; i++)
			doubtful += d[i].in_doubt;
		arena_release(&page);
	}
	c->pending += c->claimed + c->sending - doubtful;
	c->unknown += doubtful;
	c->claimed = c->sending = 0;
	return rc;
}

static void
add_edition(struct arena *a, const struct show *show, struct node *list,
    const struct ledger_edition *e, const struct ledger_counts *c, bool json)
{
	struct date d = { e->frozen, date_zone_offset(show->zone, e->frozen) };
	struct node *row = node_push(list, node_map(a));
	char when[DATE_TEXT_MAX];

	/* Short heads and the day alone, so that 80 columns have room for the
	 * subject; programs get whole words. */
	date_rfc3339(&d, when);
	if (!json)
		when[strcspn(when, "T")] = '\0';
	node_set_text(a, row, "edition", e->name);
	node_set_text(a, row, "frozen", when);
	count(a, row, json ? "friends" : "all", c->total);
	count(a, row, "sent", c->sent);
	count(a, row, json ? "waiting" : "wait", c->pending + c->claimed +
	    c->sending);
	count(a, row, json ? "deferred" : "defer", c->deferred);
	count(a, row, json ? "failed" : "fail", c->failed);
	count(a, row, json ? "unknown" : "unkn", c->unknown);
	count(a, row, "left", c->skipped);
	node_set_text(a, row, "subject", e->subject);
}

static int
tell_none(const struct setting *s)
{
	if (s->ledger == NULL)
		printf("no editions yet: there is no ledger %s\n",
		    s->config->ledger);
	else
		printf("no editions of `%s` yet\n", s->shows[0]->digest.list);
	return 0;
}

static int
status_of_list(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, size_t n, struct err *err)
{
	struct node *list = node_list(&args->arena);
	bool is_sending = setting_is_sending(s);
	struct ledger_counts c;
	size_t i;

	for (i = 0; i < n; i++) {
		if (ledger_counts(s->ledger, e[i].id, &c, err) != 0 ||
		    (!is_sending && c.claimed + c.sending > 0 &&
		    settle_counts(s, e[i].id, &c, err) != 0))
			return -1;
		add_edition(&args->arena, s->shows[0], list, &e[i], &c,
		    args->json);
	}
	if (args->json)
		return print_json(list, err);
	print_table(list);
	return 0;
}

/* ---- the deliveries ---- */

static void
add_delivery(struct arena *a, struct node *rows, const char *edition,
    const struct ledger_delivery *d, enum ledger_state state)
{
	struct node *row = node_push(rows, node_map(a));

	if (edition != NULL)
		node_set_text(a, row, "edition", edition);
	node_set_text(a, row, "address", d->address);
	node_set_text(a, row, "state", ledger_state_name(state));
	count(a, row, "attempts", (size_t)d->attempts);
	count(a, row, "code", (size_t)d->code);
	node_set_text(a, row, "answer", d->text);
}

/* named: the edition stands in each row. */
static int
add_deliveries(struct setting *s, struct cmd_args *args, struct node *rows,
    const struct ledger_edition *e, const struct wanted *w, bool named,
    struct err *err)
{
	bool is_sending = setting_is_sending(s);
	struct ledger_delivery *d;
	enum ledger_state state;
	int64_t after = 0;
	size_t n = PAGE, i;

	while (n == PAGE) {
		if (ledger_deliveries(s->ledger, e->id, -1, after, PAGE,
		    &args->arena, &d, &n, err) != 0)
			return -1;
		for (i = 0; i < n; i++) {
			after = d[i].id;
			state = state_of(&d[i], is_sending);
			if (w->any || w->state == state)
				add_delivery(&args->arena, rows,
				    named ? e->name : NULL, &d[i], state);
		}
	}
	return 0;
}

static int
print_deliveries(struct cmd_args *args, const struct node *rows,
    const char *of, const struct wanted *w, struct err *err)
{
	if (args->json)
		return print_json(rows, err);
	if (rows->first == NULL && !w->any)
		printf("%s: none is %s\n", of, ledger_state_name(w->state));
	print_table(rows);
	return 0;
}

static int
status_of_edition(struct setting *s, struct cmd_args *args,
    const struct wanted *w, struct err *err)
{
	struct node *rows = node_list(&args->arena);
	struct ledger_edition e;

	if (edition_pick_edition(s, args, &e, err) != 0 ||
	    add_deliveries(s, args, rows, &e, w, false, err) != 0)
		return -1;
	return print_deliveries(args, rows, e.name, w, err);
}

static int
status_of_all(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, size_t n, const struct wanted *w,
    struct err *err)
{
	struct node *rows = node_list(&args->arena);
	size_t i;

	for (i = 0; i < n; i++)
		if (add_deliveries(s, args, rows, &e[i], w, true, err) != 0)
			return -1;
	return print_deliveries(args, rows, "all editions", w, err);
}

/* ---- which of these ---- */

static int
read_wanted(const struct cmd_args *args, struct wanted *w, struct err *err)
{
	static const struct { const char *option; enum ledger_state state; }
	map[] = {
		{ "--failed", LEDGER_FAILED }, { "--unknown", LEDGER_UNKNOWN },
		{ "--deferred", LEDGER_DEFERRED }, { "--sent", LEDGER_SENT }
	};
	size_t i;

	w->any = true;
	for (i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
		if (!cmd_flag(args, map[i].option))
			continue;
		if (!w->any)
			return err_set(err, ERR_USAGE, "a delivery has one "
			    "state; give one of --failed, --unknown, "
			    "--deferred and --sent");
		w->any = false;
		w->state = map[i].state;
	}
	return 0;
}

static int
status(struct setting *s, struct cmd_args *args, const struct wanted *w,
    struct err *err)
{
	struct ledger_edition *e = NULL;
	size_t n = 0;

	if (args->noperands > 0)
		return status_of_edition(s, args, w, err);
	if (s->ledger != NULL && ledger_editions(s->ledger,
	    s->shows[0]->digest.list, &args->arena, &e, &n, err) != 0)
		return -1;
	if (n == 0 && !args->json)
		return tell_none(s);
	return w->any ? status_of_list(s, args, e, n, err) :
	    status_of_all(s, args, e, n, w, err);
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct wanted w;
	struct setting s;
	int rc = -1;

	if (read_wanted(args, &w, err) != 0)
		return -1;
	if (setting_open_one(&s, args, err) == 0 &&
	    setting_peek(&s, err) == 0)
		rc = status(&s, args, &w, err);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ "--failed", NULL, "only deliveries that were refused" },
	{ "--unknown", NULL, "only those of which nobody knows" },
	{ "--deferred", NULL, "only those that are to be tried again" },
	{ "--sent", NULL, "only those that the relay took" },
	CMD_JSON_OPTION,
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_status = {
	"digest", "status", "[EDITION]", 0, 1,
	"List the editions, or one edition's friends",
	"With --failed, --unknown, --deferred or --sent: the friends in that "
	"state, of\nall editions where none is named.", options, run
};
