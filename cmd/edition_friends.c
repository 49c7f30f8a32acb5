/* Whether there is anybody whom a new edition could go to, and who is first. */
#include "cmd/edition.h"
#include "mail/address.h"
#include "show/options.h"

int
edition_no_ledger(const struct setting *s, struct err *err)
{
	struct config *c = s->config;

	err_set(err, ERR_INPUT, "there is no ledger %s, and so no friend on a "
	    "list; `friend add` and `friend import` make it",
	    ledger_shown(&c->arena, c->ledger));
	return err_at(err, c->file, c->ledger_line);
}

const char *
edition_canary(struct setting *s, size_t i, struct err *err)
{
	const struct show *show = s->shows[0];
	struct err told = ERR_INIT;
	struct address a;

	if (address_parse(&s->config->arena, show->digest.canary[i], &a,
	    &told) == 0)
		return a.key;
	err_set(err, ERR_CONFIG, "`canary`: %s", told.msg);
	err_at(err, show->file, options_line_at(show->options, "canary", i));
	return NULL;
}

/* Whether the i-th canary is on the list: 1, or 0 with what is to be said of
 * them, or -1. */
static int
is_friend(struct setting *s, size_t i, const char **why, struct err *err)
{
	const char *key = edition_canary(s, i, err);
	struct ledger_friend f;
	int r;

	if (key == NULL)
		return -1;
	r = ledger_friend_find(s->ledger, s->shows[0]->digest.list, key,
	    NULL, &s->config->arena, &f, err);
	if (r < 0)
		return -1;
	*why = r == 0 ? "is not on the list; `friend add` puts them there" :
	    "has left the list; `friend add --rejoin` brings them back";
	return r == 1 && f.left == 0;
}

/* They would be passed over in silence, and everybody be first. */
static int
check_canaries(struct setting *s, struct err *err)
{
	const struct show *show = s->shows[0];
	const struct show_digest *d = &show->digest;
	size_t i, friends = 0;
	const char *why;
	unsigned line;
	int r;

	for (i = 0; i < d->ncanary; i++) {
		r = is_friend(s, i, &why, err);
		if (r < 0)
			return -1;
		friends += r == 1;
		line = options_line_at(show->options, "canary", i);
		if (r == 0)
			finding_add(&s->findings, SEV_WARNING,
			    "digest-canary", show->file, line, "the canary "
			    "`%s` %s", d->canary[i], why);
	}
	if (d->ncanary == 0 || friends > 0)
		return 0;
	err_set(err, ERR_INPUT, "none of the canaries is on the list `%s`, so "
	    "that nobody would be first; nothing was sent", d->list);
	err_at(err, show->file, show_line(show, "canary"));
	return err_rule(err, "digest-canary");
}

int
edition_has_friends(struct setting *s, const struct edition *e,
    struct err *err)
{
	struct config *c = s->config;

	if (s->ledger == NULL)
		return edition_no_ledger(s, err);
	if (e->friends + e->without == 0)
		return err_set(err, ERR_INPUT, "the list `%s` has no friends "
		    "yet (in the ledger %s); `friend add` and `friend import` "
		    "put them on it", s->shows[0]->digest.list,
		    ledger_shown(&c->arena, c->ledger));
	return check_canaries(s, err);
}
