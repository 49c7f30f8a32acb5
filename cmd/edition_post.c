/* What the deliveries of a run need besides the edition. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "cmd/edition.h"
#include "mail/address.h"

/* What was learnt of a relay longer ago no longer holds. */
#define LEARNT_MAX ((int64_t)7 * 86400)

/* As A-label and in lower case. */
static int
take_domain(struct config *c, const struct config_domain_rate *d,
    struct pace_domain *out, struct err *err)
{
	struct address a;

	if (address_parse(&c->arena, arena_printf(&c->arena, "x@%s",
	    d->domain), &a, err) != 0) {
		err_set(err, ERR_CONFIG, "domain_rate: `%s` is no domain, such "
		    "as example.org", d->domain);
		return err_at(err, c->file, d->line);
	}
	out->domain = strrchr(a.key, '@') + 1;
	out->rate = d->rate;
	return 0;
}

/* By which a relay is remembered. */
static const char *
relay_name(const struct edition_post *p)
{
	return transport_url(p->transports[0]);
}

/* Messages an hour, as a person would say it. */
static void
rate_text(int64_t rate, char *out, size_t size)
{
	static const struct { int64_t of; const char *name; } units[] = {
		{ 3600, "second" }, { 60, "minute" }, { 1, "hour" }
	};
	size_t i = 0;

	/* Of 2 a second on: below, so much would be lost in rounding. */
	while (units[i].of > 1 && rate < 2 * units[i].of)
		i++;
	rate /= units[i].of;
	snprintf(out, size, " %lld message%s a%s %s", (long long)rate,
	    CMD_S(rate), units[i].of == 1 ? "n" : "", units[i].name);
}

static void
say_learnt(const struct setting *s, const struct edition_post *p,
    const struct pace_learnt *l)
{
	bool slower = l->rate != 0 &&
	    (s->config->rate == 0 || l->rate < s->config->rate);
	bool fewer = l->connections != 0 && l->connections < p->n;
	char rate[64] = "", few[64] = "";

	if (!slower && !fewer)
		return;
	if (slower)
		rate_text(l->rate, rate, sizeof(rate));
	if (fewer)
		snprintf(few, sizeof(few), "%s %u of %zu connections",
		    slower ? " and" : "", l->connections, p->n);
	log_notice("%s put mail off or hung up in an earlier run: this one "
	    "begins with%s%s", relay_name(p), rate, few);
}

/* 1: something is known that still holds. */
static int
recall(struct setting *s, struct edition_post *p, struct pace_learnt *out,
    struct err *err)
{
	struct ledger_limit l;
	int r = ledger_limit_get(s->ledger, relay_name(p), &l, err);

	if (r != 1 || date_now() - l.learnt > LEARNT_MAX ||
	    (l.rate == 0 && l.connections == 0))
		return r < 0 ? -1 : 0;
	out->rate = l.rate;
	out->connections = (unsigned)l.connections;
	p->recalled = true;
	say_learnt(s, p, out);
	return 1;
}

static int
take_domains(struct setting *s, struct edition_post *p, struct err *err)
{
	struct config *c = s->config;
	size_t i, k;

	p->domains = arena_array(&c->arena, c->ndomain_rates + 1,
	    sizeof(*p->domains));
	for (i = 0; i < c->ndomain_rates; i++) {
		if (take_domain(c, &c->domain_rates[i], &p->domains[i],
		    err) != 0)
			return -1;
		for (k = 0; k < i; k++)
			if (strcmp(p->domains[k].domain,
			    p->domains[i].domain) == 0)
				break;
		if (k == i)
			continue;
		err_set(err, ERR_CONFIG, "domain_rate: `%s` has one already; "
		    "take one of them out", c->domain_rates[i].domain);
		return err_at(err, c->file, c->domain_rates[i].line);
	}
	return 0;
}

int
edition_pace(struct setting *s, struct edition_post *p, struct err *err)
{
	const struct pace_options o = {
		.rate = s->config->rate, .connections = (unsigned)p->n,
		.domains = p->domains, .ndomains = s->config->ndomain_rates,
		.seed = (uint64_t)time(NULL) * 65537 + (uint64_t)getpid()
	};
	struct pace_learnt learnt;
	int r;

	if (p->pace != NULL)
		return 0;
	r = recall(s, p, &learnt, err);
	if (r < 0)
		return -1;
	p->pace = pace_new(&o, r == 1 ? &learnt : NULL);
	return 0;
}

int
edition_post_open(struct setting *s, struct edition_post *p, struct err *err)
{
	memset(p, 0, sizeof(*p));
	p->verp = s->config->verp;
	p->from = edition_return_path(s, err);
	if (p->from == NULL || edition_signer(s, 0, &p->signer, err) != 0 ||
	    edition_relays(s, &p->transports, &p->n, err) != 0 ||
	    edition_times_open(s, &p->times, err) != 0 ||
	    take_domains(s, p, err) != 0)
		return -1;
	return 0;
}

static void
remember(struct setting *s, const struct edition_post *p)
{
	struct err ignored = ERR_INIT;
	struct pace_learnt learnt;
	struct ledger_limit l;
	bool some = p->pace != NULL && pace_learn(p->pace, &learnt);

	/* What was known and no longer holds is forgotten. */
	if (!some && (p->pace == NULL || !p->recalled))
		return;
	if (!some)
		learnt = (struct pace_learnt){ 0, 0 };
	l = (struct ledger_limit){ learnt.rate, learnt.connections,
	    date_now() };
	(void)ledger_limit_set(s->ledger, relay_name(p), &l, &ignored);
}

void
edition_post_close(struct setting *s, struct edition_post *p)
{
	size_t i;

	remember(s, p);
	for (i = 0; i < p->n; i++)
		transport_close(p->transports[i]);
	signer_close(p->signer);
	pace_free(p->pace);
	edition_times_close(&p->times);
	memset(p, 0, sizeof(*p));
}
