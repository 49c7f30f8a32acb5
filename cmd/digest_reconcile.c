/* digest reconcile: what the relay's log knows of unknown deliveries. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "cmd/edition_pick.h"
#include "cmd/print.h"
#include "mail/reconcile.h"

#define PAGE 500
#define CHUNK ((size_t)256 << 10)

/* One run of the command. */
struct work {
	struct setting *s;
	struct cmd_args *args;
	struct ledger_edition edition;
	struct date_zone *zone;		/* the log's; NULL: the show's */
	struct reconcile *r;
	const char **address;		/* of the unknown ones, as they come */
	size_t nunknown;
	size_t lines, known;		/* of the log; known: of a mail
					 * server */
	int64_t first, last;		/* its times; 0: none */
	struct maillog_line latest;
	bool dry, by_address;
};

/* ---- the deliveries ---- */

static void
add(struct work *w, const struct ledger_delivery *d, enum ledger_state state)
{
	bool open = state == LEDGER_UNKNOWN && d->state != LEDGER_UNKNOWN;
	struct reconcile_delivery x = {
		.id = d->id, .unknown = state == LEDGER_UNKNOWN,
		.address = d->key, .ref = d->ref, .queue_id = d->queue_id,
		.again = d->resent, .begun = d->resent != 0 ? d->resent :
		    w->edition.frozen,
		.changed = open ? w->s->now : d->changed
	};

	if (state == LEDGER_UNKNOWN)
		w->address[w->nunknown++] = arena_strdup(&w->args->arena,
		    d->address);
	if (state == LEDGER_UNKNOWN || state == LEDGER_SENT)
		reconcile_add(w->r, &x);
}

static int
add_all(struct work *w, struct err *err)
{
	bool is_sending = w->dry && setting_is_sending(w->s);
	struct arena page = ARENA_INIT;
	struct ledger_delivery *d;
	struct ledger_counts c;
	size_t n = PAGE, i;
	int64_t after = 0;

	if (edition_counts(w->s, w->edition.id, is_sending, &c, err) != 0)
		return -1;
	/* A run that is under way may make more of them meanwhile. */
	w->address = arena_array(&w->args->arena, c.total + 1,
	    sizeof(*w->address));
	while (n == PAGE) {
		if (ledger_deliveries(w->s->ledger, w->edition.id, -1, after,
		    PAGE, &page, &d, &n, err) != 0) {
			arena_release(&page);
			return -1;
		}
		for (i = 0; i < n; i++) {
			after = d[i].id;
			add(w, &d[i], edition_state(&d[i], is_sending));
		}
		arena_release(&page);
	}
	return 0;
}

/* ---- the log ---- */

static int64_t
time_of(const struct work *w, const struct maillog_line *l)
{
	return maillog_time(l, w->zone != NULL ? w->zone :
	    w->s->shows[0]->zone, w->s->now);
}

static void
take_line(void *ctx, const char *line, size_t len)
{
	struct work *w = ctx;
	struct maillog_line l;

	w->lines += len > 0;
	maillog_parse(line, len, &l);
	if (!l.timed)
		return;
	if (!w->latest.timed) {
		int64_t t = time_of(w, &l);

		if (w->first == 0 || t < w->first)
			w->first = t;
	}
	w->latest.timed = true;
	w->latest.when = l.when;
	w->latest.has_offset = l.has_offset;
	w->latest.offset = l.offset;
	w->known += l.what != MAILLOG_OTHER;
	if (l.what != MAILLOG_OTHER)
		reconcile_line(w->r, &l, reconcile_concerns(w->r, &l) ?
		    time_of(w, &l) : 0);
}

static int
read_lines(struct maillog_reader *r, int fd, const char *path,
    struct err *err)
{
	char *data = xmalloc(CHUNK);
	bool first = true;
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = read(fd, data, CHUNK)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_sys(err, ERR_IO, "cannot be read");
			rc = err_at(err, path, 0);
		} else if (first && n > 2 && memcmp(data, "\x1f\x8b", 2) == 0)
			rc = err_set(err, ERR_INPUT, "%s is compressed; use "
			    "`zcat FILE | showmill digest reconcile --log -`",
			    path);
		else
			maillog_reader_add(r, data, (size_t)n);
		first = false;
	}
	free(data);
	return rc;
}

static int
read_log(struct work *w, const char *path, struct err *err)
{
	bool standard = strcmp(path, "-") == 0;
	/* A pipe as well: `--log <(zcat mail.log.1.gz)`. */
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct maillog_reader r;
	int64_t t;
	int rc;

	if (fd < 0) {
		err_sys(err, ERR_NOINPUT, "cannot be read");
		return err_at(err, path, 0);
	}
	w->latest.timed = false;
	maillog_reader_init(&r, take_line, w);
	rc = read_lines(&r, fd, standard ? "standard input" : path, err);
	maillog_reader_end(&r);
	if (!standard)
		close(fd);
	t = w->latest.timed ? time_of(w, &w->latest) : 0;
	if (t > w->last)
		w->last = t;
	return rc;
}

static int
read_logs(struct work *w, struct err *err)
{
	const char *path;
	size_t i;

	for (i = 0; (path = cmd_value_at(w->args, "--log", i)) != NULL; i++)
		if (read_log(w, path, err) != 0)
			return -1;
	if (w->lines > 0 && w->known == 0)
		return err_set(err, ERR_INPUT, "the log has no line of "
		    "Postfix, Exim or OpenSMTPD that tells of a message; is "
		    "it the relay's mail log?");
	return 0;
}

/* ---- what was found ---- */

static bool
settles(const struct work *w, const struct reconcile_result *x)
{
	return x->unknown && (x->found == RECONCILE_ACCEPTED ||
	    (w->by_address && x->found == RECONCILE_ADDRESSED &&
	    x->copies == 1));
}

/* Whether all the time is in the log in which it may have been sent. */
static bool
covers(const struct work *w, const struct reconcile_result *x)
{
	return w->first != 0 && w->first <= x->begun && w->last >= x->changed;
}

static const char *
found_text(const struct work *w, const struct reconcile_result *x)
{
	switch (x->found) {
	case RECONCILE_ACCEPTED:
		return "accepted";
	case RECONCILE_ADDRESSED:
		return x->copies == 1 ? "by address" : "several by address";
	case RECONCILE_FOREIGN:
		return "another sender";
	case RECONCILE_STARTED:
		return "not queued";
	case RECONCILE_EARLIER:
		return "before it was sent again";
	case RECONCILE_ABSENT:
		break;
	}
	return covers(w, x) ? "no trace" : "not covered";
}

static const char *
further_text(enum reconcile_further further)
{
	static const char *const names[] = {
		[RECONCILE_SILENT] = "", [RECONCILE_DELIVERED] = "delivered",
		[RECONCILE_DEFERRED] = "delayed",
		[RECONCILE_BOUNCED] = "bounced"
	};

	return names[further];
}

/* A reason as the log has it may hold any bytes. */
static const char *
clean(struct arena *a, const char *text)
{
	char *s = arena_strdup(a, text);

	err_clean(s);
	return s;
}

struct totals {
	size_t unknown, settled;
	size_t further[RECONCILE_BOUNCED + 1];	/* of those sent before */
	size_t sent;
	size_t addressed;
	size_t uncovered;
};

static void
count(const struct work *w, const struct reconcile_result *x,
    struct totals *t)
{
	if (!x->unknown) {
		t->sent++;
		t->further[x->further]++;
		return;
	}
	t->unknown++;
	if (settles(w, x))
		t->settled++;
	else if (x->found == RECONCILE_ADDRESSED)
		t->addressed++;
	else if (x->found == RECONCILE_ABSENT && !covers(w, x))
		t->uncovered++;
}

static struct node *
rows_of(const struct work *w, struct totals *t)
{
	struct arena *a = &w->args->arena;
	struct node *rows = node_list(a), *row;
	struct reconcile_result x;
	size_t i, n = 0;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < reconcile_count(w->r); i++) {
		reconcile_result(w->r, i, &x);
		count(w, &x, t);
		if (!x.unknown)
			continue;
		row = node_push(rows, node_map(a));
		node_set_text(a, row, "address", w->address[n++]);
		node_set_text(a, row, "log", found_text(w, &x));
		if (w->args->json)
			node_set(a, row, "settled", node_bool(a,
			    settles(w, &x)));
		node_set_text(a, row, "queue_id", clean(a, x.queue_id));
		node_set_text(a, row, "further", further_text(x.further));
		node_set_text(a, row, "text", clean(a, x.text));
	}
	return rows;
}

/* Those that bounced of the page, into rows; at: the result to go on from, as
 * both are in the order of their ids. */
static void
add_bounced(const struct work *w, const struct ledger_delivery *d, size_t n,
    size_t *at, struct node *rows)
{
	struct arena *a = &w->args->arena;
	struct reconcile_result x;
	struct node *row;
	size_t i;

	for (i = 0; i < n; i++) {
		for (x.id = 0; *at < reconcile_count(w->r); ++*at) {
			reconcile_result(w->r, *at, &x);
			if (x.id >= d[i].id)
				break;
		}
		if (x.id != d[i].id || x.unknown ||
		    x.further != RECONCILE_BOUNCED)
			continue;
		row = node_push(rows, node_map(a));
		node_set_text(a, row, "address", d[i].address);
		node_set_text(a, row, "log", "sent before");
		node_set_text(a, row, "queue_id", d[i].queue_id);
		node_set_text(a, row, "further", further_text(x.further));
		node_set_text(a, row, "text", clean(a, x.text));
	}
}

/* Rows of those who were sent to before, and did not get it after all. */
static int
bounced(const struct work *w, struct node *rows, struct err *err)
{
	struct arena page = ARENA_INIT;
	struct ledger_delivery *d;
	size_t n = PAGE, at = 0;
	int64_t after = 0;
	int rc = 0;

	while (n == PAGE && rc == 0) {
		rc = ledger_deliveries(w->s->ledger, w->edition.id, -1, after,
		    PAGE, &page, &d, &n, err);
		if (rc == 0 && n > 0) {
			after = d[n - 1].id;
			add_bounced(w, d, n, &at, rows);
		}
		arena_release(&page);
	}
	return rc;
}

static int
settle(const struct work *w, size_t n, struct err *err)
{
	struct ledger_outcome *o = arena_array(&w->args->arena, n, sizeof(*o));
	struct reconcile_result x;
	size_t i, k = 0;

	for (i = 0; i < reconcile_count(w->r); i++) {
		reconcile_result(w->r, i, &x);
		if (settles(w, &x))
			o[k++] = (struct ledger_outcome){ .id = x.id,
			    .queue_id = x.queue_id };
	}
	return ledger_found(w->s->ledger, o, k, NULL, err);
}

/* ---- telling ---- */

static void
set_time(struct work *w, struct node *map, const char *key, int64_t t)
{
	struct date d = { t, date_zone_offset(w->s->shows[0]->zone, t) };
	char text[DATE_TEXT_MAX];

	date_rfc3339(&d, text);
	node_set_text(&w->args->arena, map, key, t == 0 ? "" : text);
}

static void
set_count(struct work *w, struct node *map, const char *key, size_t n)
{
	node_set(&w->args->arena, map, key, node_number(&w->args->arena,
	    (int64_t)n));
}

static int
tell_json(struct work *w, struct node *rows, const struct totals *t,
    struct err *err)
{
	struct arena *a = &w->args->arena;
	struct node *top = node_map(a), *log, *sent, *back = node_list(a);

	if (t->further[RECONCILE_BOUNCED] > 0 && bounced(w, back, err) != 0)
		return -1;

	node_set_text(a, top, "edition", w->edition.name);
	node_set(a, top, "dry_run", node_bool(a, w->dry));
	log = node_set(a, top, "log", node_map(a));
	set_count(w, log, "lines", w->lines);
	set_time(w, log, "from", w->first);
	set_time(w, log, "to", w->last);
	set_count(w, top, "settled", t->settled);
	set_count(w, top, "left", t->unknown - t->settled);
	node_set(a, top, "unknown", rows);
	sent = node_set(a, top, "sent_before", node_map(a));
	set_count(w, sent, "all", t->sent);
	set_count(w, sent, "delivered", t->further[RECONCILE_DELIVERED]);
	set_count(w, sent, "delayed", t->further[RECONCILE_DEFERRED]);
	set_count(w, sent, "bounced", t->further[RECONCILE_BOUNCED]);
	set_count(w, sent, "silent", t->further[RECONCILE_SILENT]);
	node_set(a, sent, "back", back);
	return print_json(top, err);
}

static void
tell_left(const struct work *w, const struct totals *t)
{
	const char *name = w->edition.name;
	const char *hint = setting_hint(w->s);
	size_t left = t->unknown - t->settled;

	if (left == 0)
		return;
	if (w->lines == 0)
		printf("%s: the log is empty\n", name);
	else if (t->uncovered > 0)
		printf("%s: of %zu the log does not cover the time; give the "
		    "older and newer ones too, or --zone where its times are "
		    "of another time zone\n", name, t->uncovered);
	if (t->addressed > 0)
		printf("%s: %zu %s found by address alone, as this log has no "
		    "Message-IDs; with --by-address one that is the only one "
		    "counts\n", name, t->addressed,
		    t->addressed == 1 ? "was" : "were");
	printf("%s: %zu %s unknown; where no log tells of %s, `digest resend "
	    "%s --unknown%s`, or `digest settle %s --unknown --sent%s`, is "
	    "the way on\n", name, left, left == 1 ? "stays" : "stay",
	    left == 1 ? "it" : "them", name, hint, name, hint);
}

static int
tell(struct work *w, struct node *rows, const struct totals *t,
    struct err *err)
{
	const char *name = w->edition.name;

	if (w->args->json)
		return tell_json(w, rows, t, err);
	if (log_get_level() <= LOG_LEVEL_ERROR)
		return 0;
	if (t->further[RECONCILE_BOUNCED] > 0 && bounced(w, rows, err) != 0)
		return -1;
	print_table(rows);
	if (t->unknown == 0)
		printf("%s: no delivery is unknown\n", name);
	else
		printf("%s: the log has %zu of %zu unknown deliver%s%s\n", name,
		    t->settled, t->unknown, t->unknown == 1 ? "y" : "ies",
		    t->settled == 0 ? "" : w->dry ? "; they would count as "
		    "sent" : "; they count as sent now");
	tell_left(w, t);
	if (t->sent > 0)
		printf("%s: of %zu sent before, the log has %zu delivered, %zu "
		    "delayed and %zu bounced; of %zu it says nothing\n",
		    name, t->sent, t->further[RECONCILE_DELIVERED],
		    t->further[RECONCILE_DEFERRED],
		    t->further[RECONCILE_BOUNCED],
		    t->further[RECONCILE_SILENT]);
	return w->dry ? 0 : edition_print_counts(w->s, &w->edition, NULL,
	    err);
}

/* ---- all of it ---- */

static int
reconcile(struct work *w, struct err *err)
{
	struct setting *s = w->s;
	struct reconcile_head head;
	struct totals t;
	struct node *rows;

	if (edition_pick_edition(s, w->args, &w->edition, err) != 0 ||
	    (!w->dry && ledger_recover(s->ledger, w->edition.list, s->now,
	    NULL, NULL, err) != 0))
		return -1;
	head.edition = w->edition.name;
	head.list = w->edition.list;
	head.sender = edition_sender(s, &w->args->arena, err);
	if (head.sender == NULL)
		return -1;
	w->r = reconcile_new(&head);
	if (add_all(w, err) != 0 || read_logs(w, err) != 0)
		return -1;
	rows = rows_of(w, &t);
	if ((!w->dry && t.settled > 0 && settle(w, t.settled, err) != 0) ||
	    tell(w, rows, &t, err) != 0)
		return -1;
	return t.unknown > t.settled ? EXIT_LEFT : 0;
}

/* Looking takes no lock, and works while a run is sending. */
static int
open_ledger(struct work *w, struct err *err)
{
	if (w->dry)
		return setting_open_facts(w->s, w->args, log_finding, err) !=
		    0 || setting_one(w->s, err) != 0 ||
		    setting_peek(w->s, err) != 0 ? -1 : 0;
	return setting_open_list(w->s, w->args, err) != 0 ||
	    setting_lock(w->s, err) != 0 ? -1 : 0;
}

static int
run(struct cmd_args *args, struct err *err)
{
	const char *zone = cmd_value(args, "--zone");
	struct setting s;
	struct work w = { .s = &s, .args = args,
	    .dry = cmd_flag(args, "--dry-run"),
	    .by_address = cmd_flag(args, "--by-address") };
	int rc = -1;

	if (cmd_value(args, "--log") == NULL)
		return err_set(err, ERR_USAGE, "say which log, by --log FILE; "
		    "such as /var/log/mail.log, and - is standard input");
	if (zone != NULL && (w.zone = date_zone_open(zone, err)) == NULL) {
		err->kind = ERR_USAGE;
		return -1;
	}
	if (open_ledger(&w, err) == 0)
		rc = reconcile(&w, err);
	reconcile_free(w.r);
	date_zone_close(w.zone);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ "--log", "FILE", "the relay's mail log; -: standard input (may be "
	    "given again)" },
	{ "--zone", "ZONE", "of the log's times, where they tell none; else "
	    "the show's" },
	{ "--by-address", NULL, "take the only mail to a friend at that time "
	    "for it, where a log has no Message-IDs" },
	{ "--dry-run", NULL, "only tell" },
	CMD_JSON_OPTION,
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_reconcile = {
	"digest", "reconcile", "[EDITION]", 0, 1,
	"Settle unknown deliveries from the relay's log",
	"Reads logs of Postfix, Exim and OpenSMTPD. An unknown delivery whose "
	"message the relay took counts as sent; one without a trace stays "
	"unknown. Nothing is sent. What came of the others further is told. "
	"Without EDITION it is the newest one.",
	options, run
};
