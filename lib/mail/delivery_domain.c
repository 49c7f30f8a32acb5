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
 * of the list, and going through it again is no longer cheap. */
#define PASSED_MAX 2000

const char *
delivery_domain_of(const char *key)
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

/* A place for one more: a new one, or that of one which is as all others.
 * DELIVERY_DOMAINS: there is none. */
static size_t
make_room(struct delivery *r)
{
	size_t i, found = DELIVERY_DOMAINS;

	if (r->ndomains < DELIVERY_DOMAINS)
		return r->ndomains++;
	for (i = 0; i < r->ndomains; i++) {
		const struct delivery_domain *d = &r->domains[i];

		if (d->turn == DELIVERY_AT_ONCE && (found == DELIVERY_DOMAINS ||
		    d->bad < r->domains[found].bad))
			found = i;
	}
	return found;
}

void
delivery_domain_bad(struct delivery *r, const char *key)
{
	size_t i = find(r, delivery_domain_of(key));
	struct delivery_domain *d;

	if (i == r->ndomains) {
		i = make_room(r);
		if (i == DELIVERY_DOMAINS)
			return;
		r->domains[i] = (struct delivery_domain){ .bad = 0 };
		snprintf(r->domains[i].name, sizeof(r->domains[i].name), "%s",
		    delivery_domain_of(key));
	}
	d = &r->domains[i];
	if (++d->bad >= BAD_MAX && d->turn == DELIVERY_AT_ONCE)
		d->turn = DELIVERY_LAST;
}

void
delivery_domain_sent(struct delivery *r, const char *key)
{
	size_t own = find(r, delivery_domain_of(key)), i;

	for (i = 0; i < r->ndomains; i++)
		r->domains[i].others |= i != own;
	if (own == r->ndomains)
		return;
	r->domains[own].bad = 0;
	r->domains[own].taken = true;
	if (r->domains[own].turn == DELIVERY_LAST)
		r->domains[own].turn = DELIVERY_AT_ONCE;
}

bool
delivery_domain_may_be_it(const struct delivery *r, const char *domain)
{
	size_t i = find(r, domain);

	/* Of more of them than are remembered nothing is known. */
	if (i == r->ndomains)
		return r->ndomains == DELIVERY_DOMAINS;
	/* Friends who were named have their turn in their order. */
	return r->domains[i].others || (r->o->only == NULL &&
	    !r->domains[i].taken && r->domains[i].turn != DELIVERY_HAD);
}

bool
delivery_domain_is_alone(const struct delivery *r, const char *key)
{
	size_t i = find(r, delivery_domain_of(key));

	return i < r->ndomains && r->domains[i].others &&
	    !r->domains[i].taken;
}

bool
delivery_domain_is_last(const struct delivery *r, const char *key)
{
	size_t i = find(r, delivery_domain_of(key));

	return i < r->ndomains && r->domains[i].turn == DELIVERY_LAST;
}

/* Each counts once, however often the list is gone through from its beginning
 * for what is due again. */
bool
delivery_domain_pass_over(struct delivery *r,
    const struct ledger_delivery *d)
{
	if (!delivery_domain_is_last(r, d->key) ||
	    (d->id > r->passed_to && r->passed_over >= PASSED_MAX))
		return false;
	if (d->id > r->passed_to) {
		r->passed_to = d->id;
		r->passed_over++;
	}
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
