/*
 * Where in a front matter a fact about the audio stands, or is to stand.
 */
#ifndef SHOW_EPISODE_PLACE_H
#define SHOW_EPISODE_PLACE_H

#include <stdbool.h>

#include "base/mem.h"
#include "show/fields.h"
#include "text/node.h"

struct episode_place {
	const struct node *at;		/* it stands there; NULL: nowhere yet */
	const struct node *map;		/* then: it is to stand in this map, */
	const struct node *behind;	/* behind this entry (NULL: the
					 * last), */
	const char *key;		/* under this key */
	const char *was;		/* what is said; NULL: nothing */
	const char *name;		/* of the key, for people */
};

/* Where the fact stands; false: nowhere. */
bool episode_place_find(const struct fields *f, const char *fact,
    const struct node *front, struct arena *a, struct episode_place *out);

/* Where it is to stand with that value: beside the audio, else at the top, or
 * in a map that is there; false: there is no key that is free. */
bool episode_place_new(const struct fields *f, const char *fact,
    const struct node *front, const char *value, struct arena *a,
    struct episode_place *out);

#endif
