/*
 * A tree of values: what a front matter says, and what a template is filled
 * with. All of it lies in the arena that it was made in.
 */
#ifndef TEXT_NODE_H
#define TEXT_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct phrase;		/* text/phrase.h */

enum node_kind { NODE_NULL, NODE_BOOL, NODE_TEXT, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	bool flag;		/* NODE_BOOL: its value */
	bool quoted;		/* NODE_TEXT: stood in quotes in its source */
	bool cut;		/* a plain scalar of YAML, also an empty one:
				 * `#word` stands behind it, as a comment */
	bool number;		/* NODE_TEXT: made by node_number() or
				 * node_decimal() */
	unsigned again;		/* front matter: the line of an earlier entry of
				 * the same key, which is gone; 0: none */
	unsigned line;		/* 1-based line in its source; 0: made by us */
	/* Front matter: the bytes, from where its language begins, at which
	 * its key and its value begin, and the value ends, with its quotes;
	 * to is 0 for a list or map without brackets. In a list only the
	 * lines of YAML have them. */
	size_t key_at, from, to;
	const char *key;	/* inside a map: its key; else NULL */
	const char *text;	/* NODE_TEXT: UTF-8, NUL-terminated; never
				 * NULL */
	struct node *first;	/* list, map: the children in order */
	struct node *last;
	struct node *next;	/* the next sibling */
	size_t count;		/* list, map: number of children */
	/* NODE_TEXT: it is a sentence with holes, which templates fill; text is
	 * its form `other`. NULL: it is what it is. */
	const struct phrase *phrase;
};

/* Each makes a node in the arena; text is copied. */
struct node *node_map(struct arena *a);
struct node *node_list(struct arena *a);
/* NULL: NODE_NULL. */
struct node *node_text(struct arena *a, const char *text);
struct node *node_number(struct arena *a, int64_t number);	/* as text */
/* Thousandths, as a decimal with no more digits than needed: 90500 is 90.5. */
struct node *node_decimal(struct arena *a, int64_t thousandths);
struct node *node_bool(struct arena *a, bool flag);
struct node *node_null(struct arena *a);

/* Takes all children out of a list or map. */
void node_clear(struct node *parent);

/* Adds child (owned by the same arena, in no other tree) under a copy of
 * key; returns child. A key that is there already stays: the new one is
 * found by node_get() only when it is the first. */
struct node *node_set(struct arena *a, struct node *map, const char *key,
    struct node *child);
struct node *node_set_text(struct arena *a, struct node *map, const char *key,
    const char *text);
struct node *node_push(struct node *list, struct node *child);

/* The child of that key, or NULL; NULL too when map is NULL or no map. */
struct node *node_get(const struct node *map, const char *key);
/* A text, or a boolean as true or false; NULL when it is something else. */
const char *node_plain(const struct node *n);
/* The text of the child of that key, or NULL when it is none or no text. */
const char *node_get_text(const struct node *map, const char *key);

#endif
