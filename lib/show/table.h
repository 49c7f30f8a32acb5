/*
 * The sidecar table: facts of episodes whose notes have no front matter. Its
 * columns bear the names of front matter keys, in any case; `notes` (or
 * `file`) names the notes' file from the table's folder, else `number` tells
 * which notes a row belongs to.
 */
#ifndef SHOW_TABLE_H
#define SHOW_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "text/csv.h"

/* What a row is looked for by. */
struct table_key {
	const char *name;	/* NULL: by number */
	int64_t number;
	size_t row;
	size_t taken;		/* on the first of equal ones: how many of them
				 * are used */
};

struct table {
	const char *file;
	struct csv_table csv;
	int number, notes;	/* columns, -1: none */
	bool *used;		/* by row */
	struct table_key *name_key, *number_key;	/* sorted */
	size_t nnames, nnumbers;
};

/* What is wrong goes to findings; a table without rows is sound, one with bad
 * rows can be used. false: it cannot be used at all. */
bool table_load(struct arena *a, const char *file, struct table *out,
    struct findings *to);

/* The row for a notes' file (its name without folders) or number, or NULL.
 * Of several that fit it is the first that is not used yet. The row counts as
 * used; it may be a bad one. */
const struct csv_row *table_find(struct table *t, const char *name,
    int64_t number);

/* A fact of a row: NULL when there is no such column or it is empty. */
const char *table_value(const struct table *t, const struct csv_row *row,
    const char *key);

/* Rows that no notes belong to. */
void table_report_unused(const struct table *t, struct findings *to);

#endif
