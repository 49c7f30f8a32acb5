#include "mail/maillog.h"

#include <string.h>

#define QUEUE_ID_MIN 5
#define QUEUE_ID_MAX 32

/* What is left of a line. */
struct rest {
	const char *p, *end;
};

/* ---- pieces ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
begins(const struct rest *r, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(r->end - r->p) >= n && memcmp(r->p, word, n) == 0;
}

static bool
take(struct rest *r, const char *word)
{
	if (!begins(r, word))
		return false;
	r->p += strlen(word);
	return true;
}

/* A number of exactly n digits. */
static bool
take_number(struct rest *r, size_t n, int *out)
{
	struct rest x = *r;

	*out = 0;
	for (; n > 0; n--) {
		if (x.p == x.end || !is_digit(*x.p))
			return false;
		*out = *out * 10 + (*x.p++ - '0');
	}
	*r = x;
	return true;
}

/* Up to the next blank, and behind it. */
static struct maillog_text
take_word(struct rest *r)
{
	struct maillog_text w = { r->p, 0 };

	while (r->p < r->end && *r->p != ' ')
		r->p++;
	w.len = (size_t)(r->p - w.at);
	while (r->p < r->end && *r->p == ' ')
		r->p++;
	return w;
}

static bool
is(const struct maillog_text *t, const char *word)
{
	return t->len == strlen(word) && memcmp(t->at, word, t->len) == 0;
}

/* Moves behind the next `word`, if there is one. */
static bool
skip_to(struct rest *r, const char *word)
{
	const char *at = memmem(r->p, (size_t)(r->end - r->p), word,
	    strlen(word));

	if (at == NULL)
		return false;
	r->p = at + strlen(word);
	return true;
}

/* Up to the byte, and behind it; the line is left as it is when it has none. */
static bool
take_until(struct rest *r, char end, struct maillog_text *out)
{
	const char *at = memchr(r->p, end, (size_t)(r->end - r->p));

	if (at == NULL)
		return false;
	*out = (struct maillog_text){ r->p, (size_t)(at - r->p) };
	r->p = at + 1;
	return true;
}

/* The value of the next ` key=<value>`. */
static bool
find_angled(const struct rest *r, const char *key, struct maillog_text *out)
{
	struct rest x = *r;

	return skip_to(&x, key) && take_until(&x, '>', out);
}

/* ---- the time ---- */

static bool
take_clock(struct rest *r, struct date_parts *when)
{
	if (!take_number(r, 2, &when->hour) || !take(r, ":") ||
	    !take_number(r, 2, &when->minute) || !take(r, ":") ||
	    !take_number(r, 2, &when->second) || when->hour > 23 ||
	    when->minute > 59 || when->second > 60)
		return false;
	if (r->p < r->end && (*r->p == '.' || *r->p == ','))
		for (r->p++; r->p < r->end && is_digit(*r->p);)
			r->p++;
	return true;
}

static void
take_offset(struct rest *r, struct maillog_line *out)
{
	struct rest x = *r;
	int sign, hours, minutes;

	if (take(r, "Z")) {
		out->has_offset = true;
		return;
	}
	(void)take(&x, " ");
	sign = begins(&x, "-") ? -1 : 1;
	if ((!take(&x, "+") && !take(&x, "-")) ||
	    !take_number(&x, 2, &hours))
		return;
	(void)take(&x, ":");
	if (!take_number(&x, 2, &minutes) || hours > 14 || minutes > 59)
		return;
	out->has_offset = true;
	out->offset = sign * (hours * 3600 + minutes * 60);
	*r = x;
}

/* 2026-01-14T09:00:00+01:00, or with a blank. */
static bool
take_iso(struct rest *r, struct maillog_line *out)
{
	struct date_parts w = { 0 };
	struct rest x = *r;

	if (!take_number(&x, 4, &w.year) || !take(&x, "-") ||
	    !take_number(&x, 2, &w.month) || !take(&x, "-") ||
	    !take_number(&x, 2, &w.day) || (!take(&x, "T") &&
	    !take(&x, " ")) || !take_clock(&x, &w))
		return false;
	if (w.year < 1970 || w.month < 1 || w.month > 12 || w.day < 1 ||
	    w.day > 31)
		return false;
	out->when = w;
	out->timed = true;
	take_offset(&x, out);
	*r = x;
	return true;
}

/* Jan  4 09:00:00, with a year before the clock where a syslog writes one. */
static bool
take_bsd(struct rest *r, struct maillog_line *out)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct date_parts w = { 0 };
	struct rest x = *r, y;
	const char *at;

	if (x.end - x.p < 15 || x.p[3] != ' ')
		return false;
	at = memmem(months, sizeof(months) - 1, x.p, 3);
	if (at == NULL || (at - months) % 3 != 0)
		return false;
	w.month = (int)(at - months) / 3 + 1;
	x.p += 4;
	if (take(&x, " ") ? !take_number(&x, 1, &w.day) :
	    !take_number(&x, 2, &w.day) && !take_number(&x, 1, &w.day))
		return false;
	if (!take(&x, " ") || w.day < 1 || w.day > 31)
		return false;
	y = x;
	if (take_number(&y, 4, &w.year) && take(&y, " "))
		x = y;
	else
		w.year = 0;
	if (!take_clock(&x, &w))
		return false;
	out->when = w;
	out->timed = true;
	*r = x;
	return true;
}

int64_t
maillog_time(const struct maillog_line *l, const struct date_zone *zone,
    int64_t now)
{
	const struct date_zone *z = l->has_offset ? NULL : zone;
	const struct date_parts *w = &l->when;
	struct date today = { now, date_zone_offset(zone, now) };
	struct date_parts parts;
	int year = w->year;
	int64_t t;

	if (!l->timed)
		return 0;
	date_split(&today, &parts);
	if (year == 0)
		year = parts.year + 1;
	for (;; year--) {
		t = date_from_wall(z, year, w->month, w->day, w->hour,
		    w->minute, w->second).t - l->offset;
		if (w->year != 0 || t <= now + 86400)
			return t;
	}
}

/* ---- Postfix ---- */

/* "4FXYZ: " */
static bool
take_queue_id(struct rest *r, struct maillog_text *out)
{
	struct rest x = *r;
	size_t n = 0;

	while (x.p < x.end && is_alnum(*x.p))
		x.p++, n++;
	*out = (struct maillog_text){ r->p, n };
	if (n < QUEUE_ID_MIN || n > QUEUE_ID_MAX || !take(&x, ": "))
		return false;
	*r = x;
	return true;
}

static bool
verdict_of(const struct maillog_text *status, struct maillog_line *out)
{
	static const struct { const char *word; enum maillog_verdict v; }
	map[] = {
		{ "sent", MAILLOG_DELIVERED }, { "deferred", MAILLOG_DEFERRED },
		{ "bounced", MAILLOG_BOUNCED }, { "expired", MAILLOG_BOUNCED }
	};
	size_t i;

	for (i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (is(status, map[i].word)) {
			out->what = MAILLOG_VERDICT;
			out->verdict = map[i].v;
			return true;
		}
	return false;
}

/* "to=<a@b>, relay=…, status=sent (250 2.0.0 Ok)" */
static void
postfix_verdict(struct rest *r, struct maillog_line *out)
{
	struct maillog_text status;

	if (!take_until(r, '>', &out->to) || !skip_to(r, ", status="))
		return;
	status = take_word(r);
	if (verdict_of(&status, out) && take(r, "(") && r->p < r->end)
		out->text = (struct maillog_text){ r->p,
		    (size_t)(r->end - r->p) - (r->end[-1] == ')') };
}

/* "from=<a@b>, size=1, nrcpt=1 (queue active)", ", status=expired, …" */
static void
postfix_from(struct rest *r, struct maillog_line *out)
{
	if (!take_until(r, '>', &out->from))
		return;
	if (begins(r, ", size=")) {
		out->what = MAILLOG_QUEUED;
	} else if (take(r, ", status=expired")) {
		out->what = MAILLOG_VERDICT;
		out->verdict = MAILLOG_BOUNCED;
		out->text = (struct maillog_text){ "expired", 7 };
	}
}

static void
parse_postfix(const struct maillog_text *daemon, struct rest r,
    struct maillog_line *out)
{
	if (!take_queue_id(&r, &out->queue_id))
		return;
	if (is(daemon, "cleanup")) {
		if (take(&r, "message-id=<") &&
		    take_until(&r, '>', &out->message_id))
			out->what = MAILLOG_NAMED;
		else if (begins(&r, "message-id="))
			out->what = MAILLOG_NAMED;
	} else if (is(daemon, "qmgr") || is(daemon, "nqmgr") ||
	    is(daemon, "oqmgr")) {
		if (take(&r, "from=<"))
			postfix_from(&r, out);
		else if (r.end - r.p == 7 && begins(&r, "removed"))
			out->what = MAILLOG_GONE;
	} else if (take(&r, "to=<")) {
		postfix_verdict(&r, out);
	}
}

/* ---- Exim ---- */

/* 1vfXyz-0000AB-1c, or as Exim 4.97 and later make them, 6-11-4. */
static bool
is_exim_id(const struct maillog_text *w)
{
	size_t i, n = w->len;

	if (n != 16 && n != 23)
		return false;
	for (i = 0; i < n; i++)
		if (i == 6 || i == (n == 16 ? 13 : 18) ? w->at[i] != '-' :
		    !is_alnum(w->at[i]))
			return false;
	return true;
}

static void
exim_arrival(struct rest *r, struct maillog_line *out)
{
	out->from = take_word(r);
	if (is(&out->from, "<>"))
		out->from.len = 0;
	out->what = MAILLOG_QUEUED;
	r->p = out->from.at + out->from.len;
	if (skip_to(r, " id=")) {
		out->message_id = take_word(r);
		out->what = MAILLOG_TAKEN;
	}
}

static void
parse_exim(struct rest r, struct maillog_line *out)
{
	static const struct { const char *flag; enum maillog_verdict v; }
	map[] = {
		{ "=>", MAILLOG_DELIVERED }, { "->", MAILLOG_DELIVERED },
		{ ">>", MAILLOG_DELIVERED }, { "==", MAILLOG_DEFERRED },
		{ "**", MAILLOG_BOUNCED }
	};
	struct maillog_text flag;
	size_t i;

	out->queue_id = take_word(&r);
	if (!is_exim_id(&out->queue_id))
		return;
	flag = take_word(&r);
	if (is(&flag, "<=")) {
		exim_arrival(&r, out);
		return;
	}
	if (is(&flag, "Completed"))
		out->what = MAILLOG_GONE;
	for (i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (is(&flag, map[i].flag)) {
			out->what = MAILLOG_VERDICT;
			out->verdict = map[i].v;
			out->to = take_word(&r);
			out->text = (struct maillog_text){ r.p,
			    (size_t)(r.end - r.p) };
		}
}

/* ---- OpenSMTPD ---- */

/* Eight hexadecimal digits: the message; behind them come those of the
 * envelope. */
static bool
take_message_id(struct rest *r, struct maillog_text *out)
{
	size_t i;

	if (r->end - r->p < 8)
		return false;
	for (i = 0; i < 8; i++)
		if (!is_digit(r->p[i]) && (r->p[i] < 'a' || r->p[i] > 'f'))
			return false;
	*out = (struct maillog_text){ r->p, 8 };
	return true;
}

static void
opensmtpd_verdict(struct rest r, struct maillog_line *out)
{
	struct maillog_text word;

	if (!skip_to(&r, " result="))
		return;
	(void)take(&r, "\"");
	word = take_word(&r);
	if (word.len > 0 && word.at[word.len - 1] == '"')
		word.len--;
	if (is(&word, "Ok"))
		out->verdict = MAILLOG_DELIVERED;
	else if (is(&word, "TempFail"))
		out->verdict = MAILLOG_DEFERRED;
	else if (is(&word, "PermFail"))
		out->verdict = MAILLOG_BOUNCED;
	else
		return;
	out->what = MAILLOG_VERDICT;
	if (take(&r, "stat="))
		out->text = (struct maillog_text){ r.p,
		    (size_t)(r.end - r.p) };
}

static void
parse_opensmtpd(struct rest r, struct maillog_line *out)
{
	struct rest id;
	bool arrival;

	(void)take_word(&r);	/* the session */
	arrival = begins(&r, "smtp envelope evpid=") ||
	    begins(&r, "smtp event=message ");
	if (!arrival && !begins(&r, "mta delivery ") &&
	    !begins(&r, "mda delivery ") &&
	    !begins(&r, "mta event=delivery ") &&
	    !begins(&r, "mda event=delivery "))
		return;
	id = r;
	if (!skip_to(&id, begins(&r, "smtp event=") ? " msgid=" : " evpid=") ||
	    !take_message_id(&id, &out->queue_id) ||
	    !find_angled(&id, " from=<", &out->from) ||
	    !find_angled(&id, " to=<", &out->to))
		return;
	if (arrival)
		out->what = MAILLOG_ENVELOPE;
	else
		opensmtpd_verdict(id, out);
}

/* ---- any of them ---- */

/* Without "[123]" and the colon. */
static void
trim_tag(struct maillog_text *tag)
{
	const char *bracket;

	if (tag->len > 0 && tag->at[tag->len - 1] == ':')
		tag->len--;
	bracket = memchr(tag->at, '[', tag->len);
	if (bracket != NULL)
		tag->len = (size_t)(bracket - tag->at);
}

/* Behind the time: "host program[1]: …". */
static void
parse_syslog(struct rest r, struct maillog_line *out)
{
	struct maillog_text tag, daemon;
	const char *slash;

	while (r.p < r.end && *r.p == ' ')
		r.p++;
	(void)take_word(&r);	/* the host */
	tag = take_word(&r);
	if (tag.len == 0 || tag.at[tag.len - 1] != ':')
		return;
	trim_tag(&tag);
	slash = memrchr(tag.at, '/', tag.len);
	if (slash != NULL) {
		daemon = (struct maillog_text){ slash + 1,
		    tag.len - (size_t)(slash + 1 - tag.at) };
		parse_postfix(&daemon, r, out);
	} else if (is(&tag, "smtpd")) {
		parse_opensmtpd(r, out);
	} else if (tag.len >= 4 && memcmp(tag.at, "exim", 4) == 0) {
		/* With its own time too, unless it was told not to. */
		(void)take_iso(&r, &(struct maillog_line){ 0 });
		(void)take(&r, " ");
		parse_exim(r, out);
	}
}

/* Behind the time of Exim's own log: "[pid] 1vfXyz-…". */
static bool
is_mainlog(struct rest r, struct rest *at)
{
	struct maillog_text word;

	(void)take(&r, " ");
	if (begins(&r, "["))
		(void)take_word(&r);
	*at = r;
	word = take_word(&r);
	return is_exim_id(&word);
}

void
maillog_parse(const char *line, size_t len, struct maillog_line *out)
{
	struct rest r = { line, line + len }, at;

	memset(out, 0, sizeof(*out));
	while (r.end > r.p && (r.end[-1] == '\r' || r.end[-1] == '\n' ||
	    r.end[-1] == ' '))
		r.end--;
	/* "<22>" of a syslog that writes the priority. */
	if (begins(&r, "<")) {
		struct maillog_text priority;

		if (!take_until(&r, '>', &priority) || priority.len > 3)
			return;
	}
	if (!take_iso(&r, out) && !take_bsd(&r, out))
		return;
	if (is_mainlog(r, &at))
		parse_exim(at, out);
	else
		parse_syslog(r, out);
}

/* ---- lines ---- */

void
maillog_reader_init(struct maillog_reader *r,
    void (*hand)(void *ctx, const char *line, size_t len), void *ctx)
{
	buf_init(&r->line, MAILLOG_LINE_MAX);
	r->take = hand;
	r->ctx = ctx;
}

static void
end_line(struct maillog_reader *r)
{
	r->take(r->ctx, r->line.data, r->line.len);
	buf_clear(&r->line);
}

/* Keeps of it what there is room for. */
static void
keep(struct maillog_reader *r, const char *data, size_t len)
{
	size_t room = MAILLOG_LINE_MAX - r->line.len;

	buf_add(&r->line, data, len < room ? len : room);
}

void
maillog_reader_add(struct maillog_reader *r, const char *data, size_t len)
{
	const char *nl;

	while ((nl = memchr(data, '\n', len)) != NULL) {
		size_t n = (size_t)(nl - data);

		/* Most lines are whole in what was read. */
		if (r->line.len == 0) {
			r->take(r->ctx, data, n < MAILLOG_LINE_MAX ? n :
			    MAILLOG_LINE_MAX);
		} else {
			keep(r, data, n);
			end_line(r);
		}
		len -= n + 1;
		data = nl + 1;
	}
	keep(r, data, len);
}

void
maillog_reader_end(struct maillog_reader *r)
{
	if (r->line.len > 0)
		end_line(r);
	buf_release(&r->line);
}
