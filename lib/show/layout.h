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
#include "show/fields.h"
#include "show/filter.h"
#include "show/options.h"
#include "show/pattern.h"
#include "show/show.h"
#include "show/table.h"

struct layout {
	const char **names;	/* patterns */
	size_t nnames;
	bool folders;		/* one of them has folders */
	const char **except;	/* patterns of what is passed over */
	size_t nexcept;
	struct filter *filter;
	size_t nfilter;
	size_t asked, wanted;	/* notes that the filters were asked of, and
				 * those that all of them let pass */
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

/* `names`, `except` and `filter`; what is wrong goes to findings. */
void layout_options(struct arena *a, const struct options *o,
    struct layout *out, struct findings *to);

/* The notes in the show's tree, sorted by path, in `a`; slugs lie in the
 * show's arena. A file of notes that fits no pattern is a warning where
 * patterns have folders ("episode-name"), as is a folder that cannot be
 * entered ("show-folder"). Files that `except` keeps out pass their rows of the
 * table (table_pass()); NULL: there is none. */
int layout_list(struct arena *a, struct show *show, struct table *table,
    struct layout_file **out, size_t *n, struct findings *to,
    struct err *err);

/* What a file is told by its name, a path from `episodes`. */
void layout_name(struct show *show, const char *name,
    struct layout_file *out);

/* Whether a path from `episodes` is that of the index.md of a folder of its
 * own. */
bool layout_is_bundle(const char *name);

/* Whether the front matter says what every filter wants (show/filter.h). */
bool layout_wants(struct layout *l, const struct fields_index *front);
/* Once all are asked: filters that no notes fit are told ("show-filter"). */
void layout_report(const struct show *show, struct findings *to);

#endif
