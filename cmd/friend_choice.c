/* What a friend asks for: a language, some of the shows, a time zone. */
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "cmd/friend.h"
#include "show/language.h"
#include "show/options.h"

#define SEPARATORS " \t,;"
#define ZONE_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz0123456789_+-/"

void
friend_checks_release(struct friend_checks *k)
{
	strmap_release(&k->known);
	arena_release(&k->arena);
}

static bool
is_asked(const char *value)
{
	return value != NULL && value[0] != '\0';
}

static bool
is_reset(const char *value)
{
	return strcmp(value, LEDGER_RESET) == 0;
}

static const char *
key_of(struct friend_checks *k, char kind, const char *value)
{
	return arena_printf(&k->arena, "%c%s", kind, value);
}

static bool
is_known(struct friend_checks *k, char kind, const char *value)
{
	return strmap_get(&k->known, key_of(k, kind, value)) != STRMAP_NONE;
}

static void
remember(struct friend_checks *k, char kind, const char *value)
{
	(void)strmap_put(&k->known, key_of(k, kind, value), 1);
}

static int
check_language(struct friend_checks *k, const char *tag, struct err *err)
{
	const struct config *c = k->setting->config;

	if (is_reset(tag) || is_known(k, 'l', tag))
		return 0;
	if (!options_is_language(tag))
		return err_set(err, ERR_INPUT, "`%s` is no language tag (RFC "
		    "5646) such as de or pt-BR", tag);
	if (language_written(&k->arena, c, tag) == NULL)
		return err_set(err, ERR_INPUT, "showmill has no words of the "
		    "language `%s`; %s/words/%.*s.ini can give them, after "
		    "the en.ini that comes with it", tag, c->templates,
		    (int)strcspn(tag, "-"), tag);
	remember(k, 'l', tag);
	return 0;
}

static int
check_zone(struct friend_checks *k, const char *name, struct err *err)
{
	struct err told = ERR_INIT;
	struct date_zone *z;

	if (is_reset(name) || is_known(k, 'z', name))
		return 0;
	/* An offset such as +02:00 is none of the IANA's names. */
	z = strchr("+-0123456789", name[0]) != NULL ||
	    name[strspn(name, ZONE_CHARACTERS)] != '\0' ? NULL :
	    date_zone_open(name, &told);
	if (z == NULL)
		return err_set(err, ERR_INPUT, "`%s` is no time zone that this "
		    "system knows; use a name such as Europe/Berlin", name);
	date_zone_close(z);
	remember(k, 'z', name);
	return 0;
}

/* ---- the shows ---- */

/* The i-th show of the list's digest that config.ini has; NULL: there are no
 * more. */
static const char *
covered(const struct setting *s, size_t i)
{
	const struct show_digest *d = &s->shows[0]->digest;
	size_t k, o;

	if (i == 0)
		return s->shows[0]->slug;
	for (k = 0; k < d->nshows; k++)
		for (o = 0; o < s->nothers; o++)
			if (strcmp(s->others[o]->slug, d->shows[k]) == 0 &&
			    --i == 0)
				return d->shows[k];
	return NULL;
}

bool
friend_has_show(const char *slugs, const char *slug)
{
	const char *p;
	size_t len;

	for (p = slugs; *p != '\0'; p += len) {
		p += strspn(p, SEPARATORS);
		len = strcspn(p, SEPARATORS);
		if (len == strlen(slug) && strncmp(p, slug, len) == 0)
			return true;
	}
	return false;
}

static int
unknown_show(const struct setting *s, const char *slug, size_t len,
    struct err *err)
{
	const char *one;
	struct buf all;
	size_t i;

	buf_init(&all, 0);
	for (i = 0; (one = covered(s, i)) != NULL; i++)
		buf_addf(&all, "%s`%s`", i > 0 ? ", " : "", one);
	err_set(err, ERR_INPUT, "`%.*s` is no show of this digest; it has %s "
	    "(`digest_show` in %s)", (int)(len > 100 ? 100 : len), slug,
	    all.data, s->shows[0]->file);
	buf_release(&all);
	return -1;
}

static int
take_shows(const struct setting *s, struct arena *a, const char *asked,
    const char **out, struct err *err)
{
	const char *p, *one;
	struct buf slugs;
	size_t len, i;

	*out = asked;
	if (is_reset(asked))
		return 0;
	for (p = asked; *p != '\0'; p += len) {
		p += strspn(p, SEPARATORS);
		len = strcspn(p, SEPARATORS);
		for (i = 0; (one = covered(s, i)) != NULL; i++)
			if (strlen(one) == len && strncmp(one, p, len) == 0)
				break;
		if (one == NULL && len > 0)
			return unknown_show(s, p, len, err);
	}
	buf_init(&slugs, 0);
	for (i = 0; (one = covered(s, i)) != NULL; i++)
		if (friend_has_show(asked, one))
			buf_addf(&slugs, "%s%s", slugs.len > 0 ? " " : "",
			    one);
	*out = arena_strdup(a, slugs.data);
	buf_release(&slugs);
	return 0;
}

int
friend_choose(struct friend_checks *k, struct arena *a,
    const struct friend_choice *in, struct ledger_friend *out,
    struct err *err)
{
	if (is_asked(in->language)) {
		if (check_language(k, in->language, err) != 0)
			return -1;
		out->language = in->language;
	}
	if (is_asked(in->shows) && take_shows(k->setting, a, in->shows,
	    &out->shows, err) != 0)
		return -1;
	if (is_asked(in->zone)) {
		if (check_zone(k, in->zone, err) != 0)
			return -1;
		out->zone = in->zone;
	}
	return 0;
}
