#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/digest_status.h"
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

/* ---- the editions ---- */

/* Null: at no time. */
static void
set_time(struct arena *a, struct node *row, const char *key,
    const struct show *show, int64_t t)
{
	struct date d = { t, date_zone_offset(show->zone, t) };
	char text[DATE_TEXT_MAX];

	date_rfc3339(&d, text);
	node_set_text(a, row, key, t == 0 ? NULL : text);
}

/* The friends of editions whose time is still to come. */
struct later {
	struct ledger_left *list;
	size_t n;
};

static int
read_later(struct setting *s, const struct edition_times *t, struct arena *a,
    struct later *out, struct err *err)
{
	return edition_left(s, t, a, &out->list, &out->n, err);
}

static void
add_later(struct arena *a, const struct show *show, struct node *row,
    const struct later *later, int64_t edition)
{
	size_t i;

	for (i = 0; i < later->n; i++)
		if (later->list[i].edition == edition)
			break;
	count(a, row, "later", i < later->n ? later->list[i].later : 0);
	set_time(a, row, "next_due", show, i < later->n &&
	    later->list[i].later > 0 ? later->list[i].due : 0);
}

/* edition 0: of all. */
static int
print_later(struct setting *s, const struct edition_times *t, struct arena *a,
    int64_t edition, struct err *err)
{
	struct later later;
	size_t i;

	if (read_later(s, t, a, &later, err) != 0)
		return -1;
	for (i = 0; i < later.n; i++)
		if (later.list[i].later > 0 && (edition == 0 ||
		    later.list[i].edition == edition))
			puts(edition_later(a, s, later.list[i].name,
			    later.list[i].later, later.list[i].due));
	return 0;
}

/* later: for programs, who get whole words; NULL: short heads and the day
 * alone, so that 80 columns have room for the subject. */
static void
add_edition(struct arena *a, const struct show *show, struct node *list,
    const struct ledger_edition *e, const struct ledger_counts *c,
    const struct later *later)
{
	struct date d = { e->frozen, date_zone_offset(show->zone, e->frozen) };
	struct node *row = node_push(list, node_map(a));
	bool whole = later != NULL;
	char when[DATE_TEXT_MAX];

	date_rfc3339(&d, when);
	if (!whole)
		when[strcspn(when, "T")] = '\0';
	node_set_text(a, row, "edition", e->name);
	node_set_text(a, row, "frozen", when);
	count(a, row, whole ? "friends" : "all", c->total);
	count(a, row, "sent", c->sent);
	count(a, row, whole ? "waiting" : "wait", c->pending + c->claimed +
	    c->sending);
	count(a, row, whole ? "deferred" : "defer", c->deferred);
	count(a, row, whole ? "failed" : "fail", c->failed);
	count(a, row, whole ? "unknown" : "unkn", c->unknown);
	count(a, row, "left", c->skipped);
	if (whole)
		add_later(a, show, row, later, e->id);
	node_set_text(a, row, "subject", e->subject);
}

static int
tell_none(const struct setting *s)
{
	if (s->ledger == NULL)
		printf("no editions yet: there is no ledger %s\n",
		    ledger_shown(&s->config->arena, s->config->ledger));
	else
		printf("no editions of `%s` yet\n", s->shows[0]->digest.list);
	return 0;
}

/* Programs get whole words and times. */
static bool
is_for_programs(const struct cmd_args *args)
{
	return args->json || cmd_flag(args, "--csv");
}

static int
print_list(struct cmd_args *args, const struct node *list, struct err *err)
{
	if (args->json)
		return print_json(list, err);
	if (cmd_flag(args, "--csv"))
		print_csv(list);
	else if (cmd_flag(args, "--watch"))
		print_within(list);
	else
		print_table(list);
	return 0;
}

int
status_print_editions(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, const struct ledger_edition *e, size_t n,
    struct err *err)
{
	struct arena scratch = ARENA_INIT;
	struct node *list = node_list(&scratch);
	bool is_sending = setting_is_sending(s);
	bool whole = is_for_programs(args);
	struct ledger_counts c;
	struct later later;
	size_t i;
	int rc = 0;

	if (n > 0 && whole)
		rc = read_later(s, t, &scratch, &later, err);
	for (i = 0; i < n && rc == 0; i++) {
		rc = edition_counts(s, e[i].id, is_sending, &c, err);
		if (rc == 0)
			add_edition(&scratch, s->shows[0], list, &e[i], &c,
			    whole ? &later : NULL);
	}
	if (rc == 0)
		rc = print_list(args, list, err);
	arena_release(&scratch);
	return rc;
}

/* ---- the deliveries ---- */

/* Those of one edition that are listed. */
struct listed {
	const struct ledger_edition *edition;
	struct ledger_variant *variants;
	size_t n;
};

/* Where they are listed: whole, with what only programs read; and with the
 * edition, where there are several. */
struct listing {
	struct arena *arena;
	struct node *rows;
	const struct show *show;
	const struct wanted *wanted;
	bool named;		/* the edition stands in each row */
	bool chosen;		/* what the friend asked for, likewise */
	bool whole;
};

/* "": what the edition itself has. */
static void
add_variant(const struct listing *in, struct node *row,
    const struct listed *of, const struct ledger_delivery *d)
{
	const struct ledger_variant *v = d->variant > 0 &&
	    (size_t)d->variant <= of->n ? &of->variants[d->variant - 1] : NULL;

	node_set_text(in->arena, row, "language", v == NULL ? "" :
	    v->language);
	node_set_text(in->arena, row, "shows", v == NULL ? "" : v->shows);
}

static void
add_delivery(const struct listing *in, const struct listed *of,
    const struct ledger_delivery *d, enum ledger_state state)
{
	struct arena *a = in->arena;
	struct node *row = node_push(in->rows, node_map(a));

	if (in->named)
		node_set_text(a, row, "edition", of->edition->name);
	node_set_text(a, row, "address", d->address);
	if (in->chosen && !in->whole)
		add_variant(in, row, of, d);
	node_set_text(a, row, "state", ledger_state_name(state));
	count(a, row, "attempts", (size_t)d->attempts);
	count(a, row, "code", (size_t)d->code);
	node_set_text(a, row, "answer", d->text);
	if (!in->whole)
		return;
	node_set_text(a, row, "queue_id", d->queue_id);
	set_time(a, row, "changed", in->show, d->changed);
	node_set(a, row, "left", node_bool(a, d->left));
	add_variant(in, row, of, d);
	set_time(a, row, "due", in->show, d->due);
}

static int
add_deliveries(struct setting *s, const struct listing *in,
    const struct listed *of, struct err *err)
{
	bool is_sending = setting_is_sending(s);
	struct ledger_delivery *d;
	enum ledger_state state;
	int64_t after = 0;
	size_t n = PAGE, i;

	while (n == PAGE) {
		if (ledger_deliveries(s->ledger, of->edition->id, -1, after,
		    PAGE, in->arena, &d, &n, err) != 0)
			return -1;
		for (i = 0; i < n; i++) {
			after = d[i].id;
			state = edition_state(&d[i], is_sending);
			if (in->wanted->any || in->wanted->state == state)
				add_delivery(in, of, &d[i], state);
		}
	}
	return 0;
}

/* Those of the n editions. */
static int
list_deliveries(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, size_t n, struct listing *in,
    struct err *err)
{
	struct listed *of = arena_array(&args->arena, n + 1, sizeof(*of));
	size_t i;

	in->arena = &args->arena;
	in->rows = node_list(&args->arena);
	in->show = s->shows[0];
	in->whole = is_for_programs(args);
	for (i = 0; i < n; i++) {
		of[i].edition = &e[i];
		if (ledger_edition_variants(s->ledger, e[i].id, in->arena,
		    &of[i].variants, &of[i].n, err) != 0)
			return -1;
		in->chosen = in->chosen || of[i].n > 0;
	}
	for (i = 0; i < n; i++)
		if (add_deliveries(s, in, &of[i], err) != 0)
			return -1;
	return 0;
}

static int
print_deliveries(struct cmd_args *args, const struct node *rows,
    const char *of, const struct wanted *w, struct err *err)
{
	if (rows->first == NULL && !w->any && !is_for_programs(args))
		printf("%s: none is %s\n", of, ledger_state_name(w->state));
	return print_list(args, rows, err);
}

static int
status_of_edition(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, const struct wanted *w, struct err *err)
{
	struct listing in = { .wanted = w };
	struct ledger_edition e;

	if (edition_pick_edition(s, args, &e, err) != 0 ||
	    list_deliveries(s, args, &e, 1, &in, err) != 0 ||
	    print_deliveries(args, in.rows, e.name, w, err) != 0)
		return -1;
	return !w->any || is_for_programs(args) ? 0 :
	    print_later(s, t, &args->arena, e.id, err);
}

static int
status_of_all(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, size_t n, const struct wanted *w,
    struct err *err)
{
	struct listing in = { .wanted = w, .named = true };

	return list_deliveries(s, args, e, n, &in, err) != 0 ? -1 :
	    print_deliveries(args, in.rows, "all editions", w, err);
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

	if (args->json && cmd_flag(args, "--csv"))
		return err_set(err, ERR_USAGE, "give one of --json and --csv");
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
	if (cmd_flag(args, "--watch") && (!w->any || is_for_programs(args)))
		return err_set(err, ERR_USAGE, "--watch shows counts; it goes "
		    "with none of --failed, --unknown, --deferred, --sent, "
		    "--json and --csv");
	return 0;
}

static int
status(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, const struct wanted *w, struct err *err)
{
	struct ledger_edition *e = NULL;
	size_t n = 0;

	if (cmd_flag(args, "--watch") && s->ledger != NULL)
		return digest_watch(s, args, t, err);
	if (args->noperands > 0)
		return status_of_edition(s, args, t, w, err);
	if (s->ledger != NULL && ledger_editions(s->ledger,
	    s->shows[0]->digest.list, &args->arena, &e, &n, err) != 0)
		return -1;
	if (n == 0 && !is_for_programs(args))
		return tell_none(s);
	if (!w->any)
		return status_of_all(s, args, e, n, w, err);
	if (status_print_editions(s, args, t, e, n, err) != 0)
		return -1;
	return n == 0 || is_for_programs(args) ? 0 :
	    print_later(s, t, &args->arena, 0, err);
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct edition_times t = { .hours = NULL };
	struct err ignored = ERR_INIT;
	struct wanted w;
	struct setting s;
	int rc = -1;

	if (read_wanted(args, &w, err) != 0)
		return -1;
	if (setting_open_facts(&s, args, log_finding, err) == 0 &&
	    setting_one(&s, err) == 0 && setting_peek(&s, err) == 0) {
		/* A wrong canary is told where something is sent. */
		(void)edition_times_open(&s, &t, &ignored);
		rc = status(&s, args, &t, &w, err);
	}
	edition_times_close(&t);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ "--failed", NULL, "only deliveries that were refused" },
	{ "--unknown", NULL, "only those of which nobody knows" },
	{ "--deferred", NULL, "only those that are to be tried again" },
	{ "--sent", NULL, "only those that the relay took" },
	{ "--watch", "[=SECONDS]", "show how it goes until nothing is left to "
	    "send: every 2 seconds, elsewhere than on a terminal every 60" },
	{ "--csv", NULL, "print CSV" },
	CMD_JSON_OPTION,
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_status = {
	"digest", "status", "[EDITION]", 0, 1,
	"List the editions, or one edition's friends",
	"With --failed, --unknown, --deferred or --sent: the friends in that "
	"state, of\nall editions where none is named. With --watch the status "
	"is 75 where friends are\nleft who did not get it.", options, run
};
