#include "cmd/edition_progress.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/notify.h"
#include "cmd/edition.h"

#define MINUTE ((int64_t)60000)
#define SOON ((int64_t)1000)
#define BAR 20

static size_t
done_of(const struct delivery_progress *d)
{
	return d->sent + d->deferred + d->failed + d->unknown;
}

static void
add_bar(struct buf *b, size_t done, size_t total)
{
	size_t full = total == 0 ? BAR : done * BAR / total, i;

	buf_addc(b, '[');
	for (i = 0; i < BAR; i++)
		buf_addc(b, i < full ? '#' : '.');
	buf_adds(b, "] ");
}

static void
add_time(struct buf *b, int64_t seconds)
{
	char text[DATE_TEXT_MAX];

	date_duration(seconds, text);
	buf_addf(b, ", %s to go", text);
}

static void
add_counts(struct buf *b, const struct delivery_progress *d)
{
	if (d->deferred > 0)
		buf_addf(b, ", %zu deferred", d->deferred);
	if (d->failed > 0)
		buf_addf(b, ", %zu failed", d->failed);
	if (d->unknown > 0)
		buf_addf(b, ", %zu unknown", d->unknown);
}

static void
say(struct edition_progress *p, const struct delivery_progress *d,
    struct buf *b)
{
	size_t done = done_of(d), total = p->total > done ? p->total : done;
	int64_t tenths = speed_note(&p->speed, clock_ms(), done), left;

	buf_addf(b, "%zu of %zu", done, total);
	if (d->waits_until > 0) {
		left = d->waits_until - date_now();
		buf_addf(b, ", the next in %lld s", (long long)(left > 0 ?
		    left : 0));
	} else if (tenths > 0) {
		if (tenths >= 100)
			buf_addf(b, ", %lld/s", (long long)tenths / 10);
		else
			buf_addf(b, ", %lld.%lld/s", (long long)tenths / 10,
			    (long long)tenths % 10);
		if (total > done)
			add_time(b, (int64_t)(total - done) * 10 / tenths);
	}
	add_counts(b, d);
}

/* A relay may take its time with what it has in hand. */
static void
say_stopping(struct edition_progress *p, int64_t now)
{
	if (p->stopping == 0)
		p->stopping = now;
	if (p->stopping < 0 || now - p->stopping < SOON)
		return;
	p->stopping = -1;
	log_notice("stopping: the answer to what the relay has in hand is "
	    "awaited, for up to %d s; a second signal ends at once, and then "
	    "nobody knows what became of that", p->timeout);
}

void
edition_progress(void *ctx, const struct delivery_progress *d)
{
	struct edition_progress *p = ctx;
	int64_t now = clock_ms();
	struct buf b, bar;

	buf_init(&b, 0);
	buf_init(&bar, 0);
	say(p, d, &b);
	add_bar(&bar, done_of(d), p->total);
	buf_adds(&bar, b.data);
	log_status(bar.data);
	notify_status(p->name, b.data);
	if (edition_stopped())
		say_stopping(p, now);
	if (p->told == 0)
		p->told = now;
	if (now - p->told >= MINUTE && !log_is_live()) {
		p->told = now;
		log_notice("%s: %s", p->name, b.data);
	}
	buf_release(&bar);
	buf_release(&b);
}

void
edition_gone(void *ctx, const struct err *why, int64_t until)
{
	const struct edition_progress *p = ctx;
	const struct date d = { until, date_zone_offset(p->zone, until) };
	char text[ERR_MSG_MAX + ERR_FILE_MAX], at[DATE_TEXT_MAX];

	err_format(why, text, sizeof(text));
	date_rfc3339(&d, at);
	log_warning("%s; trying again until %s", text, at);
}

void
edition_held(void *ctx, size_t n, const struct transport_result *last)
{
	const struct edition_progress *p = ctx;

	log_warning("%s: %zu friend%s refused, and it cannot be told whether "
	    "for their own sake%s; the relay says \"%d %s\"",
	    p->name, n, n == 1 ? " was" : "s were",
	    p->last ? "" : ", so they stay deferred", last->code, last->text);
}

int64_t
edition_quiet(void *ctx, const char *zone, int64_t now)
{
	const struct edition_progress *p = ctx;

	return hours_quiet(p->hours, zone, now);
}
