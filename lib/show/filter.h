/*
 * Which notes of a tree are a show's, by what their front matter says: the
 * values of `filter` in show.ini.
 */
#ifndef SHOW_FILTER_H
#define SHOW_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "show/fields.h"

struct filter {
	const char *text;	/* as it is written */
	unsigned line;
	bool not;		/* notes that it fits are not wanted */
	struct fields_path path;
	const char *const *values;	/* one of them; none: any */
	size_t nvalues;
	size_t fits;		/* how many notes it has let pass */
};

/* `KEY`, `KEY = VALUE, VALUE` (also with a colon), either with a `!` before
 * it. text must outlive out. */
int filter_read(struct arena *a, const char *text, struct filter *out,
    struct err *err);

/* Whether a front matter passes all of them; each counts what it lets pass.
 * Keys and values are compared without regard to case, of a list one value
 * must fit. A key may be a path (audio.url). */
bool filter_all(struct filter *f, size_t n, const struct fields_index *front);

#endif
