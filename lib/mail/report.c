#include "mail/report_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define FOLDED_MAX 240
#define DOMAIN_MAX 255
#define TIME_MAX INT64_C(253402300799)	/* the year 9999 */

struct report *
report_new(void)
{
	struct report *r = xcalloc(1, sizeof(*r));

	arena_init(&r->arena);
	buf_init(&r->folded, 0);
	buf_init(&r->key, 0);
	return r;
}

void
report_free(struct report *r)
{
	if (r == NULL)
		return;
	strmap_release(&r->by_domain);
	strmap_release(&r->by_reason);
	buf_release(&r->folded);
	buf_release(&r->key);
	arena_release(&r->arena);
	free(r->domain);
	free(r->reason);
	free(r);
}

enum report_kind
report_kind_of(enum ledger_state state)
{
	switch (state) {
	case LEDGER_SENT:
		return REPORT_SENT;
	case LEDGER_DEFERRED:
		return REPORT_DEFERRED;
	case LEDGER_FAILED:
		return REPORT_FAILED;
	case LEDGER_UNKNOWN:
		return REPORT_UNKNOWN;
	case LEDGER_SKIPPED:
		return REPORT_SKIPPED;
	case LEDGER_PENDING:
	case LEDGER_CLAIMED:
	case LEDGER_SENDING:
		break;
	}
	return REPORT_WAITING;
}

/* ---- domains ---- */

static struct report_domain *
domain_of(struct report *r, const char *key)
{
	const char *at = strrchr(key, '@');
	size_t i;

	at = at == NULL ? key : at + 1;
	i = strmap_get(&r->by_domain, at);
	if (i != STRMAP_NONE)
		return &r->domain[i];
	if (r->ndomains == REPORT_DOMAINS || strlen(at) > DOMAIN_MAX)
		return &r->other;
	if (r->ndomains == r->domains_cap) {
		r->domains_cap = r->domains_cap == 0 ? 64 : r->domains_cap * 2;
		r->domain = xreallocarray(r->domain, r->domains_cap,
		    sizeof(*r->domain));
	}
	r->domain[r->ndomains] = (struct report_domain){
		.name = arena_strdup(&r->arena, at)
	};
	strmap_put(&r->by_domain, r->domain[r->ndomains].name, r->ndomains);
	return &r->domain[r->ndomains++];
}

/* ---- refusals ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of an enhanced code (RFC 3463 §2) at s, or 0. */
static size_t
enhanced_len(const char *s)
{
	size_t n = 1, k, part;

	if (*s != '4' && *s != '5' && *s != '2')
		return 0;
	for (part = 0; part < 2; part++) {
		if (s[n] != '.')
			return 0;
		n++;
		for (k = 0; k < 3 && is_digit(s[n]); k++)
			n++;
		if (k == 0 || is_digit(s[n]))
			return 0;
	}
	return n;
}

/* What the ledger writes before an answer. */
static const char *
skip_notes(const char *text)
{
	static const char *const notes[] = {
		"given up: ", "as told by hand; before: ",
		"found in the mail log; before: "
	};
	size_t i;

	for (i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (strncmp(text, notes[i], strlen(notes[i])) == 0)
			return skip_notes(text + strlen(notes[i]));
	return text;
}

static bool
is_opening(char c)
{
	return c != '\0' && strchr("<(\"'[", c) != NULL;
}

static bool
is_closing(char c)
{
	return c != '\0' && strchr(">)\"'],;:.!", c) != NULL;
}

static bool
is_url(const char *w, size_t n)
{
	return (n > 7 && strncmp(w, "http://", 7) == 0) ||
	    (n > 8 && strncmp(w, "https://", 8) == 0);
}

/* An enhanced code, or a keyword of EHLO that has a digit. */
static bool
is_telling(const char *w, size_t n)
{
	return enhanced_len(w) == n || (n == strlen("SMTPUTF8") &&
	    (strncmp(w, "SMTPUTF8", n) == 0 || strncmp(w, "8BITMIME", n) == 0));
}

/* A word: addresses become `…`, and one with digits `#`; but an enhanced code
 * stays, a keyword, and the beginning of a URL. */
static void
fold_word(const char *w, size_t n, struct buf *out)
{
	size_t open = 0, close = n, i;
	bool url, address, digits;

	while (open < n && is_opening(w[open]))
		open++;
	while (close > open && is_closing(w[close - 1]))
		close--;
	url = is_url(w + open, close - open);
	address = !url && memchr(w + open, '@', close - open) != NULL;
	for (i = open; i < close && !is_digit(w[i]); i++)
		continue;
	digits = i < close && !is_telling(w + open, close - open);
	buf_add(out, w, open);
	if (address)
		buf_adds(out, "…");
	else if (digits)
		buf_add(out, w + open, url ? i - open : 0);
	else
		buf_add(out, w + open, close - open);
	if (digits && !address)
		buf_addc(out, '#');
	buf_add(out, w + close, n - close);
}

void
report_fold(const char *text, char enhanced[REPORT_ENHANCED_SIZE],
    struct buf *out)
{
	size_t n, start = out->len;

	text = skip_notes(text);
	n = enhanced_len(text);
	if (n > 0 && text[n] != ' ' && text[n] != '\0')
		n = 0;
	snprintf(enhanced, REPORT_ENHANCED_SIZE, "%.*s", (int)n, text);
	for (text += n; *text != '\0'; text += n) {
		text += strspn(text, " ");
		n = strcspn(text, " ");
		if (n == 0 || out->len - start > FOLDED_MAX)
			break;
		if (out->len > start)
			buf_addc(out, ' ');
		fold_word(text, n, out);
	}
}

static struct report_reason *
reason_of(struct report *r, const struct ledger_delivery *d)
{
	char enhanced[REPORT_ENHANCED_SIZE];
	struct report_reason *out;
	size_t i;

	buf_clear(&r->folded);
	report_fold(d->text, enhanced, &r->folded);
	buf_clear(&r->key);
	buf_addf(&r->key, "%d\t%s\t%s", d->code, enhanced, r->folded.data);
	i = strmap_get(&r->by_reason, r->key.data);
	if (i != STRMAP_NONE)
		return &r->reason[i];
	if (r->nreasons == REPORT_REASONS)
		return &r->rest;
	if (r->nreasons == r->reasons_cap) {
		r->reasons_cap = r->reasons_cap == 0 ? 16 : r->reasons_cap * 2;
		r->reason = xreallocarray(r->reason, r->reasons_cap,
		    sizeof(*r->reason));
	}
	out = &r->reason[r->nreasons];
	*out = (struct report_reason){
		.key = arena_strdup(&r->arena, r->key.data),
		.code = d->code,
		.enhanced = arena_strdup(&r->arena, enhanced),
		.text = arena_strdup(&r->arena, r->folded.data)
	};
	strmap_put(&r->by_reason, out->key, r->nreasons++);
	return out;
}

/* ---- the curve ---- */

static int64_t
floor_to(int64_t t, int64_t step)
{
	int64_t rest = t % step;

	return t - (rest < 0 ? rest + step : rest);
}

/* Bins of double the width; what there was moves into the lower half of them,
 * or into the upper one. */
static void
widen(struct report_curve *c, bool downwards)
{
	struct report_curve old = *c;
	int64_t top = old.base + old.width * REPORT_BINS;
	size_t i, k;

	memset(c, 0, sizeof(*c));
	c->width = old.width * 2;
	c->base = floor_to(old.base, c->width);
	if (downwards)
		c->base = floor_to(top - 1, c->width) -
		    c->width * (REPORT_BINS - 1);
	for (i = 0; i < REPORT_BINS; i++) {
		k = (size_t)((old.base + (int64_t)i * old.width - c->base) /
		    c->width);
		c->sent[k] += old.sent[i];
		c->failed[k] += old.failed[i];
	}
}

static size_t
bin_of(struct report_curve *c, int64_t t)
{
	if (c->width == 0) {
		c->width = 1;
		c->base = t;
	}
	while (t < c->base || t >= c->base + c->width * REPORT_BINS)
		widen(c, t < c->base);
	return (size_t)((t - c->base) / c->width);
}

/* ---- all of it ---- */

static void
note_time(struct report *r, const struct ledger_delivery *d,
    enum ledger_state state)
{
	size_t i;

	if ((state != LEDGER_SENT && state != LEDGER_FAILED) ||
	    d->changed <= 0 || d->changed > TIME_MAX)
		return;
	if (r->first == 0 || d->changed < r->first)
		r->first = d->changed;
	if (d->changed > r->last)
		r->last = d->changed;
	i = bin_of(&r->curve, d->changed);
	r->curve.sent[i] += state == LEDGER_SENT;
	r->curve.failed[i] += state == LEDGER_FAILED;
}

void
report_add(struct report *r, const struct ledger_delivery *d,
    enum ledger_state state)
{
	enum report_kind kind = report_kind_of(state);
	struct report_domain *domain = domain_of(r, d->key);
	struct report_reason *reason;

	r->n[kind]++;
	r->all++;
	domain->n[kind]++;
	domain->all++;
	note_time(r, d, state);
	if (kind != REPORT_FAILED && kind != REPORT_DEFERRED)
		return;
	reason = reason_of(r, d);
	reason->failed += kind == REPORT_FAILED;
	reason->deferred += kind == REPORT_DEFERRED;
}
