/*
 * Which files of a tree are the notes of a show: its folders, the names that
 * `names` tells, and the facts that `filter` wants.
 */
#ifndef SHOW_LAYOUT_H
#define SHOW_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "show/options.h"
#include "show/pattern.h"
#include "show/show.h"
#include "text/node.h"

/* A front matter key and the values one of which it must have. */
struct layout_filter {
	const char *key;
	const char *const *values;
	size_t nvalues;
};

struct layout {
	const char **names;	/* patterns */
	size_t nnames;
	bool folders;		/* one of them has folders */
	struct layout_filter *filter;
	size_t nfilter;
};

struct layout_file {
	const char *name;	/* its path from `episodes` */
	struct pattern_found found;
	bool fits;		/* a pattern; only where no pattern has
				 * folders one that fits none is here */
	int year;		/* its number, not taken: it is likelier a
				 * year; 0: none */
	bool bundle;		/* the index.md of a folder of its own */
};

/* `names` and `filter`; what is wrong goes to findings. */
void layout_options(struct arena *a, const struct options *o,
    struct layout *out, struct findings *to);

/* The notes in the show's tree, sorted by path, in `a`; slugs lie in the
 * show's arena. A file of notes that fits no pattern is a warning where
 * patterns have folders ("episode-name"), as is a folder that cannot be
 * entered ("show-folder"). */
int layout_list(struct arena *a, struct show *show, struct layout_file **out,
    size_t *n, struct findings *to, struct err *err);

/* What a file is told by its name, a path from `episodes`. */
void layout_name(struct show *show, const char *name,
    struct layout_file *out);

/* Whether a path from `episodes` is that of the index.md of a folder of its
 * own. */
bool layout_is_bundle(const char *name);

/* Whether the front matter says what every filter wants: keys and values
 * without regard to case, of a list one of its values. */
bool layout_wants(const struct layout *l, const struct node *front);

#endif
