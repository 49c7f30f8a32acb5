/*
 * Domains whose friends a relay puts off or refuses, one like the other: the
 * rest of such a domain has its turn behind all others, so that it neither
 * stands in their way nor passes for what the relay does to all.
 */
#include <stdio.h>
#include <string.h>

#include "mail/delivery_int.h"

/* So many in a row, and none taken. */
#define BAD_MAX 3
/* Friends that are passed over in a run: with more of them it is no small part
 * of the list, and going through it twice is no longer cheap. */
#define PASSED_MAX 10000

static const char *
domain_of(const char *key)
{
	const char *at = strrchr(key, '@');

	return at == NULL ? "" : at + 1;
}

/* Its place, or ndomains. */
static size_t
find(const struct delivery *r, const char *domain)
{
	size_t i;

	for (i = 0; i < r->ndomains; i++)
		if (strcmp(r->domains[i].name, domain) == 0)
			break;
	return i;
}

void
delivery_domain_bad(struct delivery *r, const char *key)
{
	size_t i = find(r, domain_of(key));
	struct delivery_domain *d;

	if (i == DELIVERY_DOMAINS)
		return;
	d = &r->domains[i];
	if (i == r->ndomains) {
		r->ndomains++;
		snprintf(d->name, sizeof(d->name), "%s", domain_of(key));
	}
	if (++d->bad >= BAD_MAX && d->turn == DELIVERY_AT_ONCE)
		d->turn = DELIVERY_LAST;
}

void
delivery_domain_sent(struct delivery *r, const char *key)
{
	size_t own = find(r, domain_of(key)), i;

	for (i = 0; i < r->ndomains; i++) {
		struct delivery_domain *d = &r->domains[i];

		d->alone |= i != own && d->bad > 0;
		if (i != own)
			continue;
		d->bad = 0;
		d->taken = true;
		d->alone = false;
		if (d->turn == DELIVERY_LAST)
			d->turn = DELIVERY_AT_ONCE;
	}
}

bool
delivery_domain_may_be_it(const struct delivery *r, const char *domain)
{
	size_t i = find(r, domain);
	const struct delivery_domain *d = &r->domains[i];

	return i < r->ndomains &&
	    (d->alone || (!d->taken && d->turn != DELIVERY_HAD));
}

bool
delivery_domain_is_alone(const struct delivery *r, const char *key)
{
	size_t i = find(r, domain_of(key));

	return i < r->ndomains && r->domains[i].alone;
}

bool
delivery_domain_pass_over(struct delivery *r, const char *key)
{
	size_t i = find(r, domain_of(key));

	if (i == r->ndomains || r->domains[i].turn != DELIVERY_LAST ||
	    r->passed_over >= PASSED_MAX)
		return false;
	r->passed_over++;
	return true;
}

void
delivery_domains_again(struct delivery *r)
{
	size_t i;

	for (i = 0; i < r->ndomains; i++)
		if (r->domains[i].turn == DELIVERY_LAST)
			r->domains[i].turn = DELIVERY_HAD;
}
