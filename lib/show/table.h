/*
 * The sidecar table: facts of episodes whose notes have no front matter. Its
 * columns bear the names of front matter keys, in any case, or those that
 * [fields] tells; `notes` (or `file`) names the notes' file from the table's
 * folder, else the number, with its season where that is said, tells which
 * notes a row belongs to.
 */
#ifndef SHOW_TABLE_H
#define SHOW_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "show/fields.h"
#include "text/csv.h"

/* What a row is looked for by. */
struct table_key {
	const char *name;	/* NULL: by number */
	int64_t number;
	int64_t season;		/* 0: not said; it orders nothing */
	size_t row;
	size_t taken;		/* on the first of equal ones: how many of them
				 * are used, without a gap */
};

struct table {
	const char *file;
	struct csv_table csv;
	int notes;		/* a column, -1: none */
	bool *used;		/* by row */
	bool *passed;		/* those of notes that are not the show's */
	struct table_key *name_key, *number_key;	/* sorted */
	size_t nnames, nnumbers;
};

/* What is wrong goes to findings; a table without rows is sound, one with bad
 * rows can be used. false: it cannot be used at all. The facts are bound to
 * its columns. */
bool table_load(struct arena *a, const char *file, struct fields *f,
    struct table *out, struct findings *to);

/* The row for a notes' file (its name, folders and ending count not) or
 * number, or NULL. A row whose name has no dot is found by its number too.
 * Of several that fit it is the first that is not used yet, but one of the
 * same season before one of none; season 0: not known, any fits. The row
 * counts as used; it may be a bad one. */
const struct csv_row *table_find(struct table *t, const char *name,
    int64_t season, int64_t number);

/* Notes that are another show's have these rows, which are not told as unused;
 * notes of this show may still take them. */
void table_pass(struct table *t, const char *name, int64_t season,
    int64_t number);

/* The columns that no fact has; warn: as a warning, else in the log alone. */
void table_report_columns(const struct table *t, const struct fields *f,
    bool warn, struct findings *to);
/* Rows that no notes belong to. */
void table_report_unused(const struct table *t, const struct fields *f,
    struct findings *to);

#endif
