/*
 * Where the facts of an episode may stand: for each fact the keys, in the
 * order in which they are tried.
 *
 * In a tree written for showmill that is the fact's own name. In a site's own
 * tree (unknown_keys = ignore) it is a list of names seen in the field, and
 * [fields] in show.ini puts another in the place of either. A path such as
 * `episode.duration` or `images[0]` walks into maps and lists. Keys are
 * compared without case and without the marks `-`, `_` and blank, so that
 * audioUrl, audio-url and AUDIO_URL are one.
 */
#ifndef SHOW_FIELDS_H
#define SHOW_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "text/csv.h"
#include "text/node.h"

/* What a value must look like where a name has other meanings elsewhere: a
 * site's `url` is an audio file here and a page there. */
enum fields_test {
	FIELDS_ANY,
	FIELDS_MEDIA,	/* ends like an audio or video file */
	FIELDS_PAGE,	/* an address or path that does not, nor is a pattern */
	FIELDS_URL,	/* an http or https address */
	FIELDS_DIGITS,
	FIELDS_NUMBER,	/* has a digit: who reads it tells what is no number */
	FIELDS_WORD,	/* not only digits */
	FIELDS_CLOCK,	/* has a colon */
	FIELDS_SIZE,	/* has none */
	FIELDS_BYTES,	/* a plain number of seven digits or more */
	FIELDS_SPAN,	/* is no such number */
	FIELDS_MIME,	/* has a slash */
	FIELDS_KIND,	/* full, trailer or bonus */
	FIELDS_DATE,	/* has a digit, and is no word for yes or no */
	FIELDS_BOOL,	/* true or false */
	FIELDS_NOT,	/* true or false, which mean the contrary */
	FIELDS_DRAFT	/* the word draft */
};

struct fields_step {
	const char *name;	/* of a key; NULL: a list's entry */
	uint32_t hash;		/* of the name, as fields_hash() */
	size_t index;
};

struct fields_path {
	const char *text;	/* as it is written */
	struct fields_step *step;
	size_t nsteps;
	enum fields_test test;
	int column;		/* of the table; -1: none */
};

struct fields_fact {
	const char *name;
	struct fields_path *path;
	size_t npaths;
	int column;		/* of the table that bears the fact's name */
};

struct fields {
	bool site;		/* a site's own tree */
	struct fields_fact *fact;	/* by name */
	size_t nfacts;
	/* The first steps of all paths, hashed; a power of two, not full. */
	const struct fields_step **known;
	size_t nknown;
};

/* The keys of one front matter, ready to be looked up. */
struct fields_index {
	const struct node **node;
	uint32_t *hash;
	size_t n;
	size_t nall;		/* with those in `extra` and `params`, which
				 * stand behind */
};

/* One row of the table in aliases.c: the name and, separated by blanks, the
 * paths in a site's own tree; `?media` and its like behind one is its test. */
struct fields_alias {
	const char *name;
	const char *paths;
};
extern const struct fields_alias fields_aliases[];	/* sorted by name */
extern const size_t fields_naliases;

struct fields *fields_new(struct arena *a, bool site);
/* A line of [fields]: the fact stands under these keys only, separated by
 * commas, the first that has a value. ERR_CONFIG when there is no such fact
 * or a key is not written as one. */
int fields_map(struct arena *a, struct fields *f, const char *fact,
    const char *paths, struct err *err);
/* Finds the table's columns, by the facts' names and by their paths. */
void fields_bind(struct fields *f, const struct csv_table *t);
/* What a row of it has of a fact, under its own name or else by its paths, and
 * the name of that column; NULL: nothing. */
const char *fields_cell(const struct fields_fact *fact,
    const struct csv_table *t, const struct csv_row *row, const char **key);

/* Reads a path. text must outlive out. ERR_CONFIG when it is none. */
int fields_path(struct arena *a, const char *text, struct fields_path *out,
    struct err *err);

/* The fact must be in the table of aliases. */
const struct fields_fact *fields_get(const struct fields *f,
    const char *fact);
void fields_index(struct arena *a, const struct node *map,
    struct fields_index *out);
/* The entry of a map, by a name without regard to case and marks; NULL: none.
 * map may be NULL. */
const struct node *fields_child(const struct node *map, const char *name);
/* Where the steps of a path from `from` on, before `to`, lead from n; NULL:
 * nowhere. */
const struct node *fields_walk(const struct fields_path *p, size_t from,
    size_t to, const struct node *n);
/* The node at a path: never a null, an empty text or one that does not pass
 * the path's test; NULL: none. */
const struct node *fields_find(const struct fields_path *p,
    const struct fields_index *index);
/* What the first of a fact's paths that leads to something has, and *path that
 * one; plain: to no list or map, which have other meanings in a site's own
 * tree. NULL: nothing. */
const struct node *fields_first(const struct fields_fact *fact,
    const struct fields_index *index, bool plain,
    const struct fields_path **path);
bool fields_passes(enum fields_test test, const char *value);

/* The number of an episode as people write it: 5, 5.0, #5, E05, Ep. 5, S02E05,
 * Season 2 Episode #5;
 * season is 0 where none is said. */
bool fields_number(const char *value, int64_t *season, int64_t *number);
/* 2, 2.0, S02, Season 2. */
bool fields_season(const char *value, int64_t *season);
/* true, yes, on, y, 1: 1; false, no, off, n, 0: 0; anything else: -1. */
int fields_flag(const char *value);

/* Whether a path of any fact begins with the key. */
bool fields_is_known(const struct fields *f, const char *key);
/* The fact that such a key is for in other trees, or that it is mistyped for;
 * or NULL. */
const char *fields_meant(const char *key);
/* Whether two keys are the same; see above. */
bool fields_same(const char *a, const char *b);
uint32_t fields_hash(const char *key);

#endif
