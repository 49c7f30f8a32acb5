#include "cmd/friend_standing.h"

#include <string.h>

#include "base/date.h"

/* What yes and no mean in a column. A point in time is a yes, where that is
 * why somebody gets no mail. */
struct standing_column {
	const char *name;
	enum standing yes, no;
};

static const struct standing_column columns[] = {
	/* What `friend export` writes. */
	{ "left", STANDING_LEFT, STANDING_ON },

	{ "status", STANDING_ON, STANDING_LEFT },
	{ "subscription status", STANDING_ON, STANDING_LEFT },
	{ "subscriber status", STANDING_ON, STANDING_LEFT },
	{ "email status", STANDING_ON, STANDING_LEFT },
	{ "subscribed", STANDING_ON, STANDING_LEFT },
	{ "is subscribed", STANDING_ON, STANDING_LEFT },
	{ "subscribed to emails", STANDING_ON, STANDING_LEFT },
	{ "accepts marketing", STANDING_ON, STANDING_LEFT },
	{ "accepts email marketing", STANDING_ON, STANDING_LEFT },
	{ "opted in", STANDING_ON, STANDING_LEFT },
	{ "opt in", STANDING_ON, STANDING_LEFT },
	{ "active", STANDING_ON, STANDING_DISABLED },
	{ "enabled", STANDING_ON, STANDING_DISABLED },
	{ "confirmed", STANDING_ON, STANDING_PENDING },
	{ "active subscription", STANDING_ON, STANDING_DISABLED },
	{ "subscriber type", STANDING_ON, STANDING_LEFT },
	{ "state", STANDING_ON, STANDING_LEFT },

	{ "email disabled", STANDING_LEFT, STANDING_ON },
	{ "cancelled at", STANDING_LEFT, STANDING_ON },
	{ "unsubscribed", STANDING_LEFT, STANDING_ON },
	{ "unsubscribed at", STANDING_LEFT, STANDING_ON },
	{ "unsub time", STANDING_LEFT, STANDING_ON },
	{ "opted out", STANDING_LEFT, STANDING_ON },
	{ "opt out", STANDING_LEFT, STANDING_ON },
	{ "blocklisted", STANDING_LEFT, STANDING_ON },
	{ "blacklisted", STANDING_LEFT, STANDING_ON },
	{ "complained", STANDING_LEFT, STANDING_ON },
	{ "deleted", STANDING_LEFT, STANDING_ON },
	{ "deleted at", STANDING_LEFT, STANDING_ON },
	{ "bounced", STANDING_BOUNCED, STANDING_ON },
	{ "cleaned", STANDING_BOUNCED, STANDING_ON },
	{ "clean time", STANDING_BOUNCED, STANDING_ON },
	{ "disabled", STANDING_DISABLED, STANDING_ON },
};

static const char *const yes[] = { "true", "yes", "y", "t", "1", "on", NULL };
static const char *const no[] = { "false", "no", "n", "f", "0", "off", NULL };

/* Words that mean the same in every column. */
static const struct word {
	const char *text;
	enum standing standing;
} words[] = {
	{ "subscribed", STANDING_ON },
	{ "active", STANDING_ON },
	{ "enabled", STANDING_ON },
	{ "confirmed", STANDING_ON },
	{ "opted in", STANDING_ON },
	{ "regular", STANDING_ON },
	{ "premium", STANDING_ON },
	{ "gifted", STANDING_ON },
	{ "trialed", STANDING_ON },
	{ "pending", STANDING_PENDING },
	{ "unconfirmed", STANDING_PENDING },
	{ "not confirmed", STANDING_PENDING },
	{ "unactivated", STANDING_PENDING },
	{ "disabled", STANDING_DISABLED },
	{ "inactive", STANDING_DISABLED },
	{ "suspended", STANDING_DISABLED },
	{ "archived", STANDING_DISABLED },
	{ "not subscribed", STANDING_DISABLED },
	{ "non subscribed", STANDING_DISABLED },
	{ "never subscribed", STANDING_DISABLED },
	{ "transactional", STANDING_DISABLED },
	{ "bounced", STANDING_BOUNCED },
	{ "hard bounced", STANDING_BOUNCED },
	{ "soft bounced", STANDING_BOUNCED },
	{ "cleaned", STANDING_BOUNCED },
	{ "undeliverable", STANDING_BOUNCED },
	{ "unsubscribed", STANDING_LEFT },
	{ "opted out", STANDING_LEFT },
	{ "cancelled", STANDING_LEFT },
	{ "canceled", STANDING_LEFT },
	{ "abgemeldet", STANDING_LEFT },
	{ "désabonné", STANDING_LEFT },
	{ "désinscrit", STANDING_LEFT },
	{ "dado de baja", STANDING_LEFT },
	{ "left", STANDING_LEFT },
	{ "removed", STANDING_LEFT },
	{ "deleted", STANDING_LEFT },
	/* Who was shut out or has complained must not come back either. */
	{ "blocklisted", STANDING_LEFT },
	{ "blacklisted", STANDING_LEFT },
	{ "blocked", STANDING_LEFT },
	{ "complained", STANDING_LEFT },
	{ "complaint", STANDING_LEFT },
	{ "spam", STANDING_LEFT },
	{ "spammy", STANDING_LEFT },
};

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

static char
plain(char c)
{
	if (c == '_' || c == '-')
		return ' ';
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The name is written with small letters and blanks. */
static bool
is_same(const char *text, const char *name)
{
	while (*name != '\0' && plain(*text) == *name) {
		text++;
		name++;
	}
	return *text == *name;
}

bool
standing_is_named(const char *column, const char *const *names)
{
	for (; *names != NULL; names++)
		if (is_same(column, *names))
			return true;
	return false;
}

const struct standing_column *
standing_column(const char *header)
{
	size_t i;

	for (i = 0; i < SIZE(columns); i++)
		if (is_same(header, columns[i].name))
			return &columns[i];
	return NULL;
}

static const struct word *
find_word(const char *text)
{
	size_t i;

	for (i = 0; i < SIZE(words); i++)
		if (is_same(text, words[i].text))
			return &words[i];
	return NULL;
}

/* False: the value is none that is known. */
static bool
understand(const struct standing_column *c, const char *value,
    enum standing *out, int64_t *when)
{
	struct err ignored = ERR_INIT;
	const struct word *w;
	struct date d;

	if (standing_is_named(value, yes) || standing_is_named(value, no)) {
		*out = standing_is_named(value, yes) ? c->yes : c->no;
		return true;
	}
	w = find_word(value);
	if (w != NULL) {
		*out = w->standing;
		return true;
	}
	if (c->yes == STANDING_ON ||
	    date_parse(value, NULL, 0, &d, &ignored) != 0)
		return false;
	*out = c->yes;
	*when = d.t > 0 ? d.t : 1;
	return true;
}

bool
standing_is_told(const struct csv_table *t, size_t i)
{
	const char *value;
	size_t k;

	for (k = 0; k < t->nrows; k++) {
		value = t->row[k].bad ? "" : t->row[k].field[i];
		if (value[0] != '\0' && find_word(value) == NULL)
			return false;
	}
	return true;
}

bool
standing_has_left(const char *value, struct arena *a, const char **word)
{
	const struct word *w;
	size_t len, end;

	for (;; value++) {
		value += strspn(value, " ");
		len = end = strcspn(value, ",;|");
		while (end > 0 && value[end - 1] == ' ')
			end--;
		*word = arena_strndup(a, value, end);
		w = find_word(*word);
		if (w != NULL && w->standing >= STANDING_DISABLED)
			return true;
		value += len;
		if (*value == '\0')
			return false;
	}
}

int
standing_take(const struct standing_column *c, const char *header,
    const char *value, enum standing *standing, int64_t *left,
    struct err *err)
{
	enum standing s;
	int64_t when = 0;

	if (value[0] == '\0')
		return 0;
	if (!understand(c, value, &s, &when))
		return err_set(err, ERR_INPUT, "`%s` in the column `%s` does "
		    "not tell whether mail is wanted; write subscribed, "
		    "unsubscribed, bounced, disabled, pending, or when the "
		    "friend left", value, header);
	if (s > *standing)
		*standing = s;
	if (s == STANDING_LEFT && *left == 0)
		*left = when;
	return 0;
}
