/* A folder with the notes of several shows: the key that tells them apart. */
#include <string.h>
#include <strings.h>

#include "show/init_int.h"

#define SHOWS_MAX 32

struct share {
	const char *value;	/* of the key */
	size_t n;
	const struct init_note *note;	/* an example */
	unsigned line;
};

struct shares {
	struct share one[SHOWS_MAX];
	size_t n, notes;	/* that have the key */
};

/* false: too many values to be shows, or one that filter cannot have. */
static bool
count(struct shares *s, const struct init_note *note, const struct node *n,
    const char *value)
{
	size_t i;

	if (value[0] == '\0' || strpbrk(value, ",\r\n") != NULL)
		return false;
	for (i = 0; i < s->n && strcasecmp(s->one[i].value, value) != 0; i++)
		;
	if (i == SHOWS_MAX)
		return false;
	if (i == s->n)
		s->one[s->n++] = (struct share){ value, 0, note, n->line };
	s->one[i].n++;
	s->notes++;
	return true;
}

static bool
divide(struct arena *a, const struct init_notes *n, const char *key,
    struct shares *out)
{
	const struct node *at;
	const char *value;
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < n->nseen; i++) {
		at = fields_child(n->seen[i]->map, key);
		value = init_words(a, at);
		if (value != NULL && !count(out, n->seen[i], at, value))
			return false;
	}
	return out->n > 1 && 10 * out->notes >= 9 * n->nseen;
}

/* Whether a number is that of two notes whose key has other values: each of
 * them counts from 1. */
static bool
count_anew(struct arena *a, const struct init_notes *n, const char *key)
{
	const char **number = arena_array(a, n->nseen, sizeof(char *));
	const char **value = arena_array(a, n->nseen, sizeof(char *));
	size_t i, k;

	for (i = 0; i < n->nseen; i++) {
		number[i] = init_note_says(a, n, n->seen[i], "number", NULL,
		    NULL);
		value[i] = init_words(a, fields_child(n->seen[i]->map, key));
		if (number[i] == NULL || value[i] == NULL)
			continue;
		for (k = 0; k < i; k++)
			if (number[k] != NULL && value[k] != NULL &&
			    strcmp(number[i], number[k]) == 0 &&
			    strcasecmp(value[i], value[k]) != 0)
				return true;
	}
	return false;
}

static void
take(struct arena *a, struct init_notes *n, const char *key,
    const struct shares *s)
{
	const struct share *best = s->one;
	const char *all = NULL;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (s->one[i].n > best->n)
			best = &s->one[i];
		all = arena_printf(a, "%s%s%s (%zu)", all == NULL ? "" : all,
		    all == NULL ? "" : ", ", s->one[i].value, s->one[i].n);
	}
	n->filter = arena_printf(a, "%s = %s", key, best->value);
	n->filter_why = arena_printf(a, "the key tells shows apart: %s; each "
	    "needs a show.ini of its own (%s:%u)", all, best->note->path,
	    best->line);
	n->filter_look = arena_printf(a, "`%s` tells shows apart: %s; this is "
	    "the show.ini of %s; for each other copy it to a folder of its own "
	    "with another slug, title, feed_url and `filter = %s = VALUE`", key,
	    all, best->value, key);
}

void
init_find_shows(struct arena *a, struct init_notes *n)
{
	static const char *const keys[] = { "show", "podcast", "program",
		"programme", "series" };
	struct shares s;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		/* A show may have series, and they go on counting. */
		if (!divide(a, n, keys[i], &s) ||
		    (i > 0 && !count_anew(a, n, keys[i])))
			continue;
		take(a, n, keys[i], &s);
		return;
	}
}
