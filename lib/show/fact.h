/*
 * Looking a fact up where an episode's facts stand, and checking it. Private
 * to the reading of episodes.
 *
 * Which keys a fact has is the matter of show/fields.h; the names here must be
 * in its table.
 */
#ifndef SHOW_FACT_H
#define SHOW_FACT_H

#include <stdbool.h>

#include "base/err.h"
#include "show/fields.h"
#include "show/show.h"
#include "show/table.h"
#include "text/node.h"

/* Where a fact comes from. */
#define FACT_FRONT "front matter"
#define FACT_TABLE "table"
#define FACT_NAME "name"	/* of the file */
#define FACT_HEADING "heading"
#define FACT_PATTERN "pattern"	/* of show.ini */
#define FACT_MADE "made"	/* by a rule, of other facts */
#define FACT_DEFAULT "default"

struct fact {
	const char *text;	/* in the show's arena; NULL: not said */
	const char *file;	/* where it stands */
	unsigned line;		/* 0: in no line */
	bool bad;		/* said, but of no use: it was told */
	const char *origin;	/* FACT_...; set with text */
	const char *key;	/* as it is written there: for messages */
};

struct fact_source {
	struct show *show;
	const char *file;	/* of the notes */
	const struct fields *fields;
	const struct node *front;
	struct fields_index index;	/* of front */
	const struct table *table;	/* with row */
	const struct csv_row *row;	/* NULL: none */
	struct findings *to;
	/* Is told of each fact that counts, and where it stands; a later call
	 * for a name is the one that holds; text is "" for what may be a list
	 * or map. NULL: nobody wants to know. */
	void (*trace)(void *ctx, const char *name, const struct fact *f);
	void *trace_ctx;
};

/* The front matter wins over the table. A list or map where a plain value
 * belongs, and a line break or control character in it, is told and counts
 * as not said; in a site's own tree lists and maps are passed over. */
struct fact fact_get(const struct fact_source *s, const char *name);
/* As fact_get, for texts over several lines: breaks become blanks. */
struct fact fact_get_prose(const struct fact_source *s, const char *name);
/* What the front matter has for it, of any kind; NULL: nothing. */
const struct node *fact_node(const struct fact_source *s, const char *name);
/* For the message about a fact that is not said: that a list or map stands in
 * its place; else "". */
const char *fact_instead(const struct fact_source *s, const char *name);
/* An absolute http(s) address or NULL. In a site's own tree one that counts
 * from the site's root is completed, and what may not stand in an address is
 * escaped. */
const char *fact_url(const struct fact_source *s, const char *name);
/* As fact_url() of a fact that is at hand. */
const char *fact_address(const struct fact_source *s, const struct fact *f);
/* A text that is at hand becomes the fact as for fact_get(); false: it is
 * empty, or bad. */
bool fact_line(const struct fact_source *s, const char *text, struct fact *f);
/* The episode's number, and its season when the number tells it; what is not
 * said stays as it is. */
void fact_episode(const struct fact_source *s, int64_t *season,
    int64_t *number);
/* The season; `otherwise` when it is not said. */
int64_t fact_season(const struct fact_source *s, int64_t otherwise);
bool fact_bool(const struct fact_source *s, const char *name, bool otherwise);
/* Whether any of the keys says that it is a draft; of the table only where the
 * front matter says nothing. A value that is not understood is an error. */
bool fact_draft(const struct fact_source *s);
/* Bytes, as people write them: 18,200,000; -1: not said, or rounded, or
 * nothing (the last two are told). */
int64_t fact_size(const struct fact_source *s, const struct fact *f);
/* As fact_get(), of a map inside the front matter (`name`): without trace. */
struct fact fact_in(const struct fact_source *s, const struct node *map,
    const char *name, const char *key);
/* As fact_get_prose(), of such a map (sponsor.name); an address for `url`. */
const char *fact_inner(const struct fact_source *s, const struct node *map,
    const char *name, const char *key);

/* What is wrong with a fact that an episode must have, or that would break
 * what is made of it: an error. */
void fact_complain(const struct fact_source *s, const char *file,
    unsigned line, const char *rule, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* As fact_complain for a fact that an episode can do without: in a site's own
 * tree it is a warning, and the fact counts as not said. */
void fact_doubt(const struct fact_source *s, const struct fact *f,
    const char *rule, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* For trace: a fact that does not stand in front matter or table. line 0:
 * none. */
void fact_told(const struct fact_source *s, const char *name,
    const char *origin, const char *text, unsigned line);

#endif
