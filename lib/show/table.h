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

struct table {
	const char *file;
	struct csv_table csv;
	int number, notes;	/* columns, -1: none */
	bool *used;		/* by row */
	size_t next;		/* where to look first */
};

/* What is wrong goes to findings; a table without rows is sound. */
void table_load(struct arena *a, const char *file, struct table *out,
    struct findings *to);

/* The row for a notes' file (its name without folders) or number, or NULL.
 * The row counts as used. */
const struct csv_row *table_find(struct table *t, const char *name,
    int64_t number);

/* A fact of a row: NULL when there is no such column or it is empty. */
const char *table_value(const struct table *t, const struct csv_row *row,
    const char *key);

/* Rows that no notes belong to. */
void table_report_unused(const struct table *t, struct findings *to);

#endif
