/*
 * Looking a fact up where an episode's facts stand, and checking it. Private
 * to the reading of episodes.
 */
#ifndef SHOW_FACT_H
#define SHOW_FACT_H

#include <stdbool.h>

#include "base/err.h"
#include "show/show.h"
#include "show/table.h"
#include "text/node.h"

struct fact_source {
	struct show *show;
	const char *file;	/* of the notes */
	const struct node *front;
	const struct table *table;	/* with row */
	const struct csv_row *row;	/* NULL: none */
	struct findings *to;
};

struct fact {
	const char *text;	/* in the show's arena; NULL: not said */
	const char *file;	/* where it stands */
	unsigned line;
	bool bad;		/* said, but of no use: it was told */
};

/* The front matter wins over the table. A list or map where a plain value
 * belongs, and a line break or control character in it, is told and counts
 * as not said. */
struct fact fact_get(const struct fact_source *s, const char *key);
/* As fact_get, for texts over several lines: breaks become blanks. */
struct fact fact_get_prose(const struct fact_source *s, const char *key);
/* What the front matter has for it, of any kind; NULL: nothing. */
const struct node *fact_node(const struct fact_source *s, const char *key);
/* An absolute http(s) address or NULL. */
const char *fact_url(const struct fact_source *s, const char *key);
/* A number from min; `otherwise` when it is not said. */
int64_t fact_number(const struct fact_source *s, const char *key, int64_t min,
    int64_t otherwise);
bool fact_bool(const struct fact_source *s, const char *key, bool otherwise);
/* Text of a map inside the front matter (sponsor.name). */
const char *fact_inner(const struct fact_source *s, const struct node *map,
    const char *name, const char *key);

void fact_complain(const struct fact_source *s, const char *file,
    unsigned line, const char *rule, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

#endif
