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
#include "cmd/speed.h"

#define EVERY 2
#define EVERY_LINE 60		/* elsewhere than on a terminal */
#define EVERY_MAX 86400
#define RATE_SECONDS 60		/* over which the speed is taken */

struct watch {
	struct setting *s;
	struct cmd_args *args;
	struct ledger_edition *e;	/* those that had any left */
	size_t n;
	int64_t every;
	bool live;
	size_t drawn;			/* lines that the next frame goes
					 * over */
	struct speed speed;
	bool idle;			/* no run is at work */
	int64_t due;			/* then: when the first of those who are
					 * left is; 0: not known, or now */
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
		if (status_counts(w->s, all[i].id, is_sending, &c, err) != 0)
			return -1;
		if (c.pending + c.claimed + c.sending + c.deferred > 0)
			w->e[w->n++] = all[i];
	}
	if (w->n == 0 && n > 0)
		w->e[w->n++] = all[n - 1];
	return 0;
}

/* ---- frames ---- */

/* Where no run is at work. */
static void
idle_text(const struct watch *w, char *out, size_t size)
{
	const struct date d = { w->due,
	    date_zone_offset(w->s->shows[0]->zone, w->due) };
	char when[DATE_TEXT_MAX];

	date_rfc3339(&d, when);
	snprintf(out, size, "; no run is at work%s%s", w->due == 0 ? "" :
	    ", the first is due at ", w->due == 0 ? "" : when);
}

/* "; about 340 a minute, 12 minutes more", what is waited for, or "". */
static const char *
speed_text(const struct watch *w, char *out, size_t size)
{
	size_t n = w->rate, minutes;

	out[0] = '\0';
	if (w->left > 0 && w->idle)
		idle_text(w, out, size);
	if (n == 0 || w->left == 0 || w->idle)
		return out;
	minutes = (w->left + n - 1) / n;
	snprintf(out, size, "; about %zu a minute, %zu minute%s more", n,
	    minutes, CMD_S(minutes));
	return out;
}

/* When the next run can claim some of the edition; 0: now. Quiet hours put off
 * what is due, and count until they are over. */
static int
due_of(struct watch *w, int64_t edition, int64_t *due, struct err *err)
{
	bool quiet = w->s->shows[0]->digest.quiet_from >= 0;
	int64_t now = date_now();
	struct ledger_counts c;
	int rc;

	*due = 0;
	if (ledger_counts(w->s->ledger, edition, &c, err) != 0)
		return -1;
	/* Of a run that was broken off. */
	if (c.claimed + c.sending > 0)
		return 1;
	rc = quiet ? ledger_next_due(w->s->ledger, edition, now, now, due,
	    err) : ledger_next_planned(w->s->ledger, edition, now, due, err);
	if (*due <= now)
		*due = 0;
	return rc;
}

static int
look_ahead(struct watch *w, struct err *err)
{
	int64_t due;
	size_t i;
	int rc;

	w->due = INT64_MAX;
	for (i = 0; i < w->n; i++) {
		rc = due_of(w, w->e[i].id, &due, err);
		if (rc < 0)
			return -1;
		if (rc == 1 && due < w->due)
			w->due = due;
	}
	if (w->due == INT64_MAX)
		w->due = 0;
	return 0;
}

static int
add_up(struct watch *w, struct ledger_counts *sum, struct err *err)
{
	struct ledger_counts c;
	size_t i;

	w->idle = !setting_is_sending(w->s);
	if (w->idle && look_ahead(w, err) != 0)
		return -1;
	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < w->n; i++) {
		if (status_counts(w->s, w->e[i].id, !w->idle, &c, err) != 0)
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

/* Goes over the frame before; the table has a head and a line each, and what is
 * wider than the terminal does not go on in the next. */
static int
draw(struct watch *w, const struct ledger_counts *sum, struct err *err)
{
	char text[120];
	size_t all = sum->sent + w->missing, i, full;
	int rc;

	if (w->drawn > 0)
		printf("\033[%zuA\033[J", w->drawn);
	fputs("\033[?7l", stdout);
	rc = status_print_editions(w->s, w->args, w->e, w->n, err);
	full = all == 0 ? 40 : (size_t)((double)sum->sent / (double)all * 40);
	fputs("\n[", stdout);
	for (i = 0; i < 40; i++)
		putchar(i < full ? '#' : '.');
	printf("] %zu of %zu\n%zu to go%s\033[?7h\n", sum->sent, all, w->left,
	    speed_text(w, text, sizeof(text)));
	w->drawn = w->n + 4;
	return rc;
}

static void
print_line(struct watch *w, const struct ledger_counts *sum)
{
	int64_t t = date_now();
	struct date d = { t, date_zone_offset(w->s->shows[0]->zone, t) };
	char when[DATE_TEXT_MAX], counts[200], text[120];

	date_rfc3339(&d, when);
	edition_counts_text(sum, counts, sizeof(counts));
	printf("%s %s%s: %s%s\n", when, w->e[0].name, w->n > 1 ?
	    " and others" : "", counts, speed_text(w, text, sizeof(text)));
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
digest_watch(struct setting *s, struct cmd_args *args, struct err *err)
{
	struct watch w = { .s = s, .args = args };
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
			print_line(&w, &sum);
		if (fflush(stdout) != 0)
			return err_sys(err, ERR_IO, "standard output");
		if (w.left == 0 || edition_stopped())
			return w.missing > 0 ? EXIT_LEFT : 0;
		pause_for(w.every);
	}
}
