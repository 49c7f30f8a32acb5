/* digest status --watch: how a digest goes out, as it goes. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/digest_status.h"
#include "cmd/edition.h"
#include "cmd/edition_pick.h"
#include "cmd/print.h"
#include "cmd/speed.h"

#define EVERY 2
#define BAR ((size_t)40)
#define BESIDE ((size_t)18)	/* the counts beside it */
#define HASHES "########################################"
#define DOTS "........................................"
#define EVERY_LINE 60		/* elsewhere than on a terminal */
#define EVERY_MAX 86400
#define EVERY_LOOK 60		/* at whose time is still to come */
#define RATE_SECONDS 60		/* over which the speed is taken */

struct watch {
	struct setting *s;
	struct cmd_args *args;
	const struct edition_times *t;
	struct ledger_edition *e;	/* those that had any left */
	size_t n;
	int64_t every;
	bool live;
	size_t drawn;			/* lines that the next frame goes
					 * over */
	struct speed speed;
	bool idle;			/* no run is at work */
	struct edition_view view;	/* whose time is still to come ... */
	int64_t looked;			/* ... as it was then; 0: never */
	size_t rate;			/* a minute; 0: not known */
	size_t left, missing;		/* to be sent; who did not get it */
};

static int
read_every(struct watch *w, struct err *err)
{
	const char *text = cmd_value(w->args, "--watch");
	char *end;
	long n;

	w->live = isatty(STDOUT_FILENO);
	w->every = w->live ? EVERY : EVERY_LINE;
	if (*text == '\0')
		return 0;
	n = strtol(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || n < 1 ||
	    n > EVERY_MAX)
		return err_set(err, ERR_USAGE, "--watch=%s: give whole seconds "
		    "from 1 to %d", text, EVERY_MAX);
	w->every = n;
	return 0;
}

/* ---- which editions ---- */

/* The one that is named; else all that have any left to be sent, and where none
 * has, the newest. */
static int
pick(struct watch *w, struct err *err)
{
	bool is_sending = setting_is_sending(w->s);
	struct arena *a = &w->args->arena;
	struct ledger_edition *all;
	struct ledger_counts c;
	size_t n, i;

	if (w->args->noperands > 0) {
		w->e = arena_array(a, 1, sizeof(*w->e));
		w->n = 1;
		return edition_pick_edition(w->s, w->args, w->e, err);
	}
	if (ledger_editions(w->s->ledger, w->s->shows[0]->digest.list, a,
	    &all, &n, err) != 0)
		return -1;
	w->e = arena_array(a, n, sizeof(*w->e));
	for (i = 0; i < n; i++) {
		if (edition_counts(w->s, all[i].id, is_sending, &c, err) != 0)
			return -1;
		if (c.pending + c.claimed + c.sending + c.deferred > 0)
			w->e[w->n++] = all[i];
	}
	if (w->n == 0 && n > 0)
		w->e[w->n++] = all[n - 1];
	return 0;
}

/* ---- frames ---- */

/* Those whose time is still to come. */
static size_t
later(const struct watch *w)
{
	return w->view.later < w->left ? w->view.later : w->left;
}

/* "; about 340 a minute, 12 minutes more", that nobody is at work, or "". */
static const char *
speed_text(const struct watch *w, char *out, size_t size)
{
	size_t n = w->rate, now = w->left - later(w), minutes;

	out[0] = '\0';
	if (w->left == 0)
		return out;
	if (w->idle)
		snprintf(out, size, "; no run is at work");
	else if (n > 0 && now > 0 && now < n)
		snprintf(out, size, "; about %zu a minute, less than a minute "
		    "more", n);
	else if (n > 0 && now > 0) {
		minutes = (now + n - 1) / n;
		snprintf(out, size, "; about %zu a minute, %zu minute%s more",
		    n, minutes, CMD_S(minutes));
	}
	return out;
}

/* "144 get it later, the first at …", or "". */
static const char *
later_text(const struct watch *w, char *out, size_t size)
{
	const struct date d = { w->view.first_due,
	    date_zone_offset(w->s->shows[0]->zone, w->view.first_due) };
	size_t n = later(w);
	char at[DATE_TEXT_MAX];

	date_rfc3339(&d, at);
	out[0] = '\0';
	if (n > 0)
		snprintf(out, size, "%zu get%s it later, the first at %s", n,
		    n == 1 ? "s" : "", at);
	return out;
}

/* Goes through all who are left: not at each frame. */
static int
look_ahead(struct watch *w, bool idle, struct err *err)
{
	int64_t now = date_now();
	size_t i;

	if (w->looked != 0 && idle == w->idle && now - w->looked < EVERY_LOOK &&
	    (w->view.later == 0 || w->view.first_due > now))
		return 0;
	w->view.later = 0;
	for (i = 0; i < w->n; i++)
		if (edition_view_later(w->s, w->t, w->e[i].id, &w->view,
		    err) != 0)
			return -1;
	w->looked = now;
	return 0;
}

static int
add_up(struct watch *w, struct ledger_counts *sum, struct err *err)
{
	bool idle = !setting_is_sending(w->s);
	struct ledger_counts c;
	size_t i;

	if (look_ahead(w, idle, err) != 0)
		return -1;
	w->idle = idle;
	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < w->n; i++) {
		if (edition_counts(w->s, w->e[i].id, !w->idle, &c, err) != 0)
			return -1;
		sum->pending += c.pending + c.claimed + c.sending;
		sum->sent += c.sent;
		sum->deferred += c.deferred;
		sum->failed += c.failed;
		sum->unknown += c.unknown;
		sum->skipped += c.skipped;
	}
	w->left = sum->pending + sum->deferred;
	w->missing = w->left + sum->failed + sum->unknown;
	w->rate = (size_t)speed_note(&w->speed, clock_ms(),
	    sum->sent + sum->failed);
	return 0;
}

static size_t
bar_width(void)
{
	size_t wide = print_width();

	if (wide == 0 || wide >= BAR + BESIDE)
		return BAR;
	return wide > BESIDE ? wide - BESIDE : 0;
}

/* Goes over the frame before, also where a key was typed; the table has a head
 * and a line each. */
static int
draw(struct watch *w, const struct ledger_counts *sum, struct err *err)
{
	char text[120], line[200];
	size_t all = sum->sent + w->missing, full, bar = bar_width();
	int rc;

	if (w->drawn > 0)
		printf("\r\033[%zuA\033[J", w->drawn);
	rc = status_print_editions(w->s, w->args, w->t, w->e, w->n, err);
	full = all == 0 ? bar : (size_t)((double)sum->sent / (double)all *
	    (double)bar);
	snprintf(line, sizeof(line), "[%.*s%.*s] %zu of %zu", (int)full, HASHES,
	    (int)(bar - full), DOTS, sum->sent, all);
	putchar('\n');
	print_line(line);
	snprintf(line, sizeof(line), "%zu to go%s", w->left - later(w),
	    speed_text(w, text, sizeof(text)));
	print_line(line);
	w->drawn = w->n + 4;
	if (*later_text(w, text, sizeof(text)) != '\0') {
		print_line(text);
		w->drawn++;
	}
	return rc;
}

static void
tell(struct watch *w, const struct ledger_counts *sum)
{
	int64_t t = date_now();
	struct date d = { t, date_zone_offset(w->s->shows[0]->zone, t) };
	char when[DATE_TEXT_MAX], counts[200], text[120], rest[120];

	date_rfc3339(&d, when);
	edition_counts_text(sum, counts, sizeof(counts));
	later_text(w, rest, sizeof(rest));
	printf("%s %s%s: %s%s%s%s\n", when, w->e[0].name, w->n > 1 ?
	    " and others" : "", counts, speed_text(w, text, sizeof(text)),
	    *rest != '\0' ? "; " : "", rest);
}

/* Nothing is left to be sent: who did not get it is told, and how one sees
 * them. */
static int
tell_missing(struct watch *w, struct err *err)
{
	struct ledger_counts c;
	size_t i;

	for (i = 0; i < w->n; i++) {
		if (edition_counts(w->s, w->e[i].id, false, &c, err) != 0)
			return -1;
		(void)edition_report_left(w->s, w->e[i].name, &c);
	}
	return w->missing > 0 ? EXIT_LEFT : 0;
}

/* Ends early when a signal comes. */
static void
pause_for(int64_t seconds)
{
	int64_t end = date_now() + seconds;

	while (!edition_stopped() && date_now() < end)
		if (poll(NULL, 0, 250) < 0 && errno != EINTR)
			return;
}

int
digest_watch(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, struct err *err)
{
	struct watch w = { .s = s, .args = args, .t = t };
	struct ledger_counts sum;

	if (read_every(&w, err) != 0 || pick(&w, err) != 0)
		return -1;
	if (w.n == 0) {
		printf("no editions of `%s` yet\n", s->shows[0]->digest.list);
		return 0;
	}
	w.speed = (struct speed){ .per = 60000,
		.span = (RATE_SECONDS + w.every) * 1000, .most = SPEED_MAX };
	/* A frame is there whole, or not. */
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	edition_catch_signals(s);
	for (;;) {
		if (add_up(&w, &sum, err) != 0)
			return -1;
		if (w.live && draw(&w, &sum, err) != 0)
			return -1;
		if (!w.live)
			tell(&w, &sum);
		/* `| head` has seen enough. */
		if (fflush(stdout) != 0)
			return errno == EPIPE ? err_exit_code(ERR_IO) :
			    err_sys(err, ERR_IO, "standard output");
		if (w.left == 0)
			return tell_missing(&w, err);
		if (edition_stopped())
			return EXIT_LEFT;
		pause_for(w.every);
	}
}
