/* The page of a report. Numbers stand in HTML, and the curve alone in SVG, so
 * that it stretches and the text does not. */
#include <stdlib.h>
#include <string.h>

#include "mail/report_int.h"
#include "text/html.h"

#define DOMAINS_SHOWN 30
#define REASONS_SHOWN 50

static const struct { const char *name, *class; } kinds[REPORT_KINDS] = {
	[REPORT_SENT] = { "sent", "s" },
	[REPORT_DEFERRED] = { "deferred", "d" },
	[REPORT_FAILED] = { "failed", "f" },
	[REPORT_UNKNOWN] = { "unknown", "u" },
	[REPORT_WAITING] = { "waiting", "w" },
	[REPORT_SKIPPED] = { "left the list", "l" }
};

static const char style[] =
    ":root{color-scheme:light dark;--bg:#fff;--fg:#1c1e21;--dim:#5c6370;"
    "--line:#dfe2e7;--card:#f6f7f9;--s:#2f7d5b;--d:#b7791f;--f:#c0392b;"
    "--u:#7d4fc4;--w:#8a94a3;--l:#c3c9d2}\n"
    "@media(prefers-color-scheme:dark){:root{--bg:#16181c;--fg:#e7e9ec;"
    "--dim:#9aa3b0;--line:#31353d;--card:#1f2228;--s:#54b98a;--d:#e0a84c;"
    "--f:#f0796b;--u:#b08cf0;--w:#76808f;--l:#474d58}}\n"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:62rem;padding:1.5rem 1rem 4rem;"
    "background:var(--bg);color:var(--fg);font:1rem/1.5 system-ui,sans-serif}\n"
    "h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}"
    "h2{font-size:1.15rem;margin:2.5rem 0 .75rem}"
    "p{margin:.25rem 0;overflow-wrap:anywhere}.dim{color:var(--dim)}\n"
    ".cards{display:grid;gap:.75rem;margin:1.5rem 0 .75rem;"
    "grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr))}"
    ".cards div{background:var(--card);border-radius:.6rem;"
    "padding:.6rem .9rem;border-top:4px solid var(--c,transparent)}"
    ".cards b{display:block;font-size:1.5rem;line-height:1.3;"
    "font-variant-numeric:tabular-nums}\n"
    ".s{--c:var(--s)}.d{--c:var(--d)}.f{--c:var(--f)}.u{--c:var(--u)}"
    ".w{--c:var(--w)}.l{--c:var(--l)}\n"
    ".bar{display:flex;height:.7rem;border-radius:.35rem;overflow:hidden;"
    "background:var(--line);min-width:6rem}.bar i{background:var(--c)}\n"
    "svg{display:block;width:100%;height:12rem;background:var(--card);"
    "border-radius:.6rem .6rem 0 0;border-bottom:1px solid var(--dim)}"
    "svg .s,svg .f{fill:var(--c)}"
    "svg path{fill:none;stroke:var(--fg);stroke-width:2;"
    "vector-effect:non-scaling-stroke}\n"
    ".axis{display:flex;justify-content:space-between;gap:1rem;"
    "color:var(--dim);font-size:.85rem}.axis *:last-child{text-align:right}\n"
    ".key{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;font-size:.85rem;"
    "margin:.5rem 0}.key span::before{content:'';display:inline-block;"
    "width:.75em;height:.75em;border-radius:.2em;margin-right:.4em;"
    "background:var(--c,var(--fg))}"
    ".key .line::before{height:2px;width:1.2em;vertical-align:middle}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;"
    "font-size:.92rem}th,td{padding:.4rem .7rem .4rem 0;text-align:left;"
    "vertical-align:top;border-bottom:1px solid var(--line)}"
    "th{color:var(--dim);font-weight:600;white-space:nowrap}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "td.t{min-width:14rem;overflow-wrap:anywhere}"
    "td.a{overflow-wrap:anywhere;min-width:9rem}"
    ".who td.a{min-width:15rem}td.bars{vertical-align:middle;width:30%}"
    ".tag{color:var(--c);font-weight:600;white-space:nowrap}"
    "time{white-space:nowrap}\n"
    "@media print{body{max-width:none}.wide{overflow:visible}}\n";

/* ---- pieces ---- */

static void
escaped(struct buf *out, const char *text)
{
	markup_escape(out, text, strlen(text));
}

/* 12345678 as 12,345,678 would be 12.345.678 elsewhere: a thin space is read
 * everywhere. */
static void
number(struct buf *out, size_t n)
{
	if (n >= 1000) {
		number(out, n / 1000);
		buf_addf(out, "\u202f%03zu", n % 1000);
	} else {
		buf_addf(out, "%zu", n);
	}
}

/* "2026-01-14 09:00:05" */
static void
when(struct buf *out, const struct report_head *head, int64_t t)
{
	struct date d = { t, date_zone_offset(head->zone, t) };
	char text[DATE_TEXT_MAX];

	date_rfc3339(&d, text);
	buf_addf(out, "<time datetime=\"%s\">%.10s %.8s</time>", text, text,
	    text + 11);
}

static void
span(struct buf *out, int64_t seconds)
{
	int64_t minutes = (seconds + 30) / 60;

	if (seconds < 120)
		buf_addf(out, "%lld s", (long long)seconds);
	else if (minutes < 120)
		buf_addf(out, "%lld min", (long long)minutes);
	else if (minutes < 48 * 60)
		buf_addf(out, "%lld h %lld min", (long long)(minutes / 60),
		    (long long)(minutes % 60));
	else
		buf_addf(out, "%lld days", (long long)(minutes / 1440));
}

/* Thousandths of the whole. */
static size_t
share(size_t n, size_t all)
{
	return all == 0 ? 0 : (size_t)((double)n / (double)all * 1000);
}

/* ---- the top ---- */

static void
add_head(struct buf *out, const struct report_head *head)
{
	buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n"
	    "<meta name=\"robots\" content=\"noindex\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	    "<title>");
	escaped(out, head->edition);
	buf_adds(out, " – ");
	escaped(out, head->show);
	buf_adds(out, "</title>\n<style>\n");
	buf_adds(out, style);
	buf_adds(out, "</style>\n</head>\n<body>\n<header>\n<h1>");
	escaped(out, head->subject);
	buf_adds(out, "</h1>\n<p class=\"dim\">");
	escaped(out, head->show);
	buf_adds(out, ", edition ");
	escaped(out, head->edition);
	buf_adds(out, ", frozen ");
	when(out, head, head->frozen);
	buf_adds(out, "</p>\n");
}

static void
add_time(struct buf *out, const struct report *r,
    const struct report_head *head)
{
	size_t left = r->n[REPORT_WAITING] + r->n[REPORT_DEFERRED];
	size_t done = r->n[REPORT_SENT] + r->n[REPORT_FAILED];
	int64_t took = r->last - r->first;

	if (r->first == 0) {
		buf_adds(out, "<p>Nothing went out yet.</p>\n");
		return;
	}
	buf_adds(out, "<p>Began ");
	when(out, head, r->first);
	buf_adds(out, left == 0 ? ", ended " : ", so far until ");
	when(out, head, r->last);
	buf_adds(out, ": ");
	span(out, took);
	if (took > 0 && done > 1) {
		buf_adds(out, ", ");
		number(out, (size_t)((double)done * 60 / (double)(took + 1)));
		buf_adds(out, " a minute on average");
	}
	buf_adds(out, ".</p>\n");
	if (left > 0) {
		buf_adds(out, "<p>It is not finished: ");
		number(out, left);
		buf_adds(out, left == 1 ? " is still to be sent.</p>\n" :
		    " are still to be sent.</p>\n");
	}
}

static void
add_bar(struct buf *out, const size_t n[REPORT_KINDS], size_t all)
{
	size_t i;

	buf_adds(out, "<div class=\"bar\" aria-hidden=\"true\">");
	for (i = 0; i < REPORT_KINDS; i++)
		if (n[i] > 0)
			buf_addf(out, "<i class=\"%s\" style=\"flex:%zu 0 "
			    "%s\"></i>", kinds[i].class, n[i],
			    share(n[i], all) < 10 ? "2px" : "0");
	buf_adds(out, "</div>");
}

static void
add_cards(struct buf *out, const struct report *r)
{
	size_t i;

	buf_adds(out, "<div class=\"cards\">\n<div><b>");
	number(out, r->all);
	buf_adds(out, "</b>friends</div>\n");
	for (i = 0; i < REPORT_KINDS; i++) {
		if (r->n[i] == 0 && i != REPORT_SENT && i != REPORT_FAILED)
			continue;
		buf_addf(out, "<div class=\"%s\"><b>", kinds[i].class);
		number(out, r->n[i]);
		buf_addf(out, "</b>%s</div>\n", kinds[i].name);
	}
	buf_adds(out, "</div>\n");
	add_bar(out, r->n, r->all);
	buf_adds(out, "\n</header>\n<main>\n");
}

/* ---- the curve ---- */

struct extent {
	size_t from, to;	/* bins, to is behind the last */
	size_t most, sent;
};

static struct extent
extent_of(const struct report_curve *c)
{
	struct extent x = { REPORT_BINS, 0, 0, 0 };
	size_t i, n;

	for (i = 0; i < REPORT_BINS; i++) {
		n = c->sent[i] + c->failed[i];
		if (n == 0)
			continue;
		if (x.from == REPORT_BINS)
			x.from = i;
		x.to = i + 1;
		x.sent += c->sent[i];
		if (n > x.most)
			x.most = n;
	}
	return x;
}

static void
add_bars(struct buf *out, const struct report_curve *c,
    const struct extent *x)
{
	double unit = 190.0 / (double)x->most, failed, sent;
	size_t i;

	for (i = x->from; i < x->to; i++) {
		failed = (double)c->failed[i] * unit;
		sent = (double)c->sent[i] * unit;
		if (c->sent[i] > 0)
			buf_addf(out, "<rect class=\"s\" x=\"%zu.05\" "
			    "width=\".9\" y=\"%.2f\" height=\"%.2f\"/>",
			    i - x->from, 200 - failed - sent, sent);
		if (c->failed[i] > 0)
			buf_addf(out, "<rect class=\"f\" x=\"%zu.05\" "
			    "width=\".9\" y=\"%.2f\" height=\"%.2f\"/>",
			    i - x->from, 200 - failed, failed);
	}
}

static void
add_line(struct buf *out, const struct report_curve *c,
    const struct extent *x)
{
	size_t i, sum = 0;

	if (x->sent == 0)
		return;
	buf_adds(out, "<path d=\"M0 200");
	for (i = x->from; i < x->to; i++) {
		sum += c->sent[i];
		buf_addf(out, "L%zu %.2f", i - x->from + 1,
		    200 - (double)sum * 190 / (double)x->sent);
	}
	buf_adds(out, "\"/>");
}

static void
add_curve(struct buf *out, const struct report *r,
    const struct report_head *head)
{
	const struct report_curve *c = &r->curve;
	struct extent x = extent_of(c);
	int64_t from;

	if (x.most == 0)
		return;
	from = c->base + (int64_t)x.from * c->width;
	buf_adds(out, "<section>\n<h2>Over time</h2>\n<p class=\"axis\"><span>"
	    "at most ");
	number(out, x.most);
	buf_adds(out, " in ");
	span(out, c->width);
	buf_adds(out, "</span><span>");
	number(out, x.sent);
	buf_addf(out, " sent in all</span></p>\n<svg viewBox=\"0 0 %zu 200\" "
	    "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Deliveries "
	    "over time: bars of ", x.to - x.from);
	span(out, c->width);
	buf_adds(out, "\">\n");
	add_bars(out, c, &x);
	add_line(out, c, &x);
	buf_adds(out, "\n</svg>\n<p class=\"axis\">");
	when(out, head, from);
	when(out, head, from + (int64_t)(x.to - x.from) * c->width);
	buf_adds(out, "</p>\n<p class=\"key\"><span class=\"s\">sent in ");
	span(out, c->width);
	buf_adds(out, "</span>");
	if (r->n[REPORT_FAILED] > 0)
		buf_adds(out, "<span class=\"f\">failed</span>");
	buf_adds(out, "<span class=\"line\">sent in all, from 0 to the "
	    "top</span></p>\n</section>\n");
}

/* ---- domains ---- */

static int
by_size(const void *a, const void *b)
{
	const struct report_domain *x = *(const struct report_domain *const *)a;
	const struct report_domain *y = *(const struct report_domain *const *)b;

	if (x->all != y->all)
		return x->all < y->all ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* The columns beside Sent are there where the edition has such. */
static const struct { enum report_kind kind; const char *head; } columns[] = {
	{ REPORT_SENT, "Sent" }, { REPORT_DEFERRED, "Deferred" },
	{ REPORT_FAILED, "Failed" }, { REPORT_UNKNOWN, "Unknown" },
	{ REPORT_WAITING, "Waiting" }
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static bool
has_column(const struct report *r, size_t i)
{
	return columns[i].kind == REPORT_SENT || r->n[columns[i].kind] > 0;
}

static void
add_domain(struct buf *out, const struct report *r,
    const struct report_domain *d, const char *name)
{
	size_t i;

	buf_adds(out, "<tr><td class=\"a\">");
	escaped(out, name);
	buf_adds(out, "</td><td class=\"n\">");
	number(out, d->all);
	for (i = 0; i < COLUMNS; i++) {
		if (!has_column(r, i))
			continue;
		buf_adds(out, "</td><td class=\"n\">");
		if (d->n[columns[i].kind] > 0)
			number(out, d->n[columns[i].kind]);
	}
	buf_adds(out, "</td><td class=\"bars\">");
	add_bar(out, d->n, d->all);
	buf_adds(out, "</td></tr>\n");
}

/* The others as one row. */
static void
add_others(struct buf *out, const struct report *r,
    struct report_domain *const *sorted, size_t from)
{
	struct report_domain sum = r->other;
	struct buf name;
	size_t i, k;

	for (i = from; i < r->ndomains; i++) {
		sum.all += sorted[i]->all;
		for (k = 0; k < REPORT_KINDS; k++)
			sum.n[k] += sorted[i]->n[k];
	}
	if (sum.all == 0)
		return;
	buf_init(&name, 0);
	if (r->other.all > 0)
		buf_adds(&name, "more than ");
	buf_addf(&name, "%zu other%s", r->ndomains - from,
	    r->ndomains - from == 1 ? "" : "s");
	add_domain(out, r, &sum, name.data);
	buf_release(&name);
}

static void
add_domains(struct buf *out, const struct report *r)
{
	struct report_domain **sorted = xcalloc(r->ndomains + 1,
	    sizeof(struct report_domain *));
	size_t i, shown;

	for (i = 0; i < r->ndomains; i++)
		sorted[i] = &r->domain[i];
	qsort(sorted, r->ndomains, sizeof(struct report_domain *), by_size);
	shown = r->ndomains <= DOMAINS_SHOWN + 1 ? r->ndomains : DOMAINS_SHOWN;
	buf_adds(out, "<section>\n<h2>By domain</h2>\n<div class=\"wide\">"
	    "<table>\n<tr><th>Domain</th><th class=\"n\">Friends</th>");
	for (i = 0; i < COLUMNS; i++)
		if (has_column(r, i))
			buf_addf(out, "<th class=\"n\">%s</th>",
			    columns[i].head);
	buf_adds(out, "<th></th></tr>\n");
	for (i = 0; i < shown; i++)
		add_domain(out, r, sorted[i], sorted[i]->name);
	add_others(out, r, sorted, shown);
	buf_adds(out, "</table></div>\n</section>\n");
	free(sorted);
}

/* ---- refusals ---- */

static int
by_count(const void *a, const void *b)
{
	const struct report_reason *x = *(const struct report_reason *const *)a;
	const struct report_reason *y = *(const struct report_reason *const *)b;
	size_t nx = x->failed + x->deferred, ny = y->failed + y->deferred;

	if (nx != ny)
		return nx < ny ? 1 : -1;
	return strcmp(x->key, y->key);
}

static void
add_reason(struct buf *out, const struct report_reason *x)
{
	buf_adds(out, "<tr><td class=\"n\">");
	number(out, x->failed + x->deferred);
	buf_adds(out, "</td><td>");
	if (x->failed > 0)
		buf_adds(out, "<span class=\"tag f\">failed</span> ");
	if (x->deferred > 0)
		buf_adds(out, "<span class=\"tag d\">deferred</span>");
	buf_adds(out, "</td><td>");
	if (x->code > 0)
		buf_addf(out, "%d", x->code);
	buf_adds(out, "</td><td>");
	escaped(out, x->enhanced != NULL ? x->enhanced : "");
	buf_adds(out, "</td><td class=\"t\">");
	escaped(out, x->text != NULL ? x->text : "other reasons");
	buf_adds(out, "</td></tr>\n");
}

static void
add_reasons(struct buf *out, const struct report *r)
{
	struct report_reason **sorted, rest = r->rest;
	size_t i;

	if (r->nreasons == 0)
		return;
	sorted = xcalloc(r->nreasons, sizeof(struct report_reason *));
	for (i = 0; i < r->nreasons; i++)
		sorted[i] = &r->reason[i];
	qsort(sorted, r->nreasons, sizeof(struct report_reason *), by_count);
	buf_adds(out, "<section>\n<h2>Refusals by reason</h2>\n"
	    "<p class=\"dim\">Of each friend the relay’s last answer; "
	    "addresses (…) and numbers (#) are left out.</p>\n"
	    "<div class=\"wide\"><table>\n<tr><th class=\"n\">Friends</th>"
	    "<th>State</th><th>Code</th><th>Enhanced</th><th>Answer</th>"
	    "</tr>\n");
	for (i = 0; i < r->nreasons; i++) {
		if (i < REASONS_SHOWN) {
			add_reason(out, sorted[i]);
			continue;
		}
		rest.failed += sorted[i]->failed;
		rest.deferred += sorted[i]->deferred;
	}
	if (rest.failed + rest.deferred > 0)
		add_reason(out, &rest);
	buf_adds(out, "</table></div>\n</section>\n");
	free(sorted);
}

/* ---- who has not got it ---- */

static bool
has_list(const struct report *r)
{
	return r->n[REPORT_FAILED] + r->n[REPORT_DEFERRED] +
	    r->n[REPORT_UNKNOWN] > 0;
}

bool
report_lists(const struct report *r, enum ledger_state state)
{
	return has_list(r) && (state == LEDGER_FAILED ||
	    state == LEDGER_DEFERRED || state == LEDGER_UNKNOWN);
}

void
report_page(const struct report *r, const struct report_head *head,
    struct buf *out)
{
	add_head(out, head);
	add_time(out, r, head);
	add_cards(out, r);
	add_curve(out, r, head);
	if (r->all > 0)
		add_domains(out, r);
	add_reasons(out, r);
	if (has_list(r))
		buf_adds(out, "<section>\n<h2>Who may not have got it</h2>\n"
		    "<div class=\"wide who\"><table>\n<tr><th>Address</th>"
		    "<th>State</th><th>When</th><th class=\"n\">Tries</th>"
		    "<th>Code</th><th>Answer</th></tr>\n");
}

void
report_page_row(const struct report_head *head,
    const struct ledger_delivery *d, enum ledger_state state, struct buf *out)
{
	enum report_kind kind = report_kind_of(state);

	buf_adds(out, "<tr><td class=\"a\">");
	escaped(out, d->address);
	buf_addf(out, "</td><td><span class=\"tag %s\">%s</span></td><td>",
	    kinds[kind].class, kinds[kind].name);
	when(out, head, d->changed);
	buf_addf(out, "</td><td class=\"n\">%d</td><td>", d->attempts);
	if (d->code > 0)
		buf_addf(out, "%d", d->code);
	buf_adds(out, "</td><td class=\"t\">");
	escaped(out, d->text);
	buf_adds(out, "</td></tr>\n");
}

void
report_page_end(const struct report *r, struct buf *out)
{
	if (has_list(r))
		buf_adds(out, "</table></div>\n</section>\n");
	buf_adds(out, "</main>\n</body>\n</html>\n");
}
