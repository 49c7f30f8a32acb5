#include <string.h>

#include "cmd/edition.h"
#include "mail/address.h"

static const char *
domain_of(const char *address)
{
	return strrchr(address, '@') + 1;
}

/* As A-label; NULL and err with the line of config.ini. */
static const char *
find_domain(struct setting *s, struct err *err)
{
	struct config *c = s->config;
	const char *from = edition_sender(s, &c->arena, err);
	struct address domain;

	if (from == NULL || c->dkim_domain == NULL)
		return from == NULL ? NULL : domain_of(from);
	if (address_parse(&c->arena, arena_printf(&c->arena, "x@%s",
	    c->dkim_domain), &domain, err) != 0) {
		err_set(err, ERR_CONFIG, "dkim_domain = `%s`: it wants the "
		    "name of a domain, such as example.org", c->dkim_domain);
		err_at(err, c->file, c->dkim_domain_line);
		return NULL;
	}
	return domain_of(domain.wire);
}

int
edition_signer(struct setting *s, int64_t time, struct signer **out,
    struct err *err)
{
	struct config *c = s->config;
	struct signer_key *keys;
	const char *domain;
	size_t i;

	*out = NULL;
	if (c->ndkim == 0)
		return 0;
	domain = find_domain(s, err);
	if (domain == NULL)
		return -1;
	keys = arena_array(&c->arena, c->ndkim, sizeof(*keys));
	for (i = 0; i < c->ndkim; i++)
		keys[i] = (struct signer_key){ c->dkim[i].selector,
		    c->dkim[i].file };
	*out = signer_open(domain, keys, c->ndkim, err);
	if (*out == NULL)
		return err_at(err, c->file, c->dkim[0].line);
	signer_set_time(*out, time);
	return 0;
}
