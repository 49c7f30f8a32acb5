/*
 * Tables: CSV (RFC 4180) with comma or semicolon, and TSV. Debian 12's libcsv
 * cannot be found by pkg-config and tells no line numbers, so it is read here.
 *
 * The delimiter is the first of tab, semicolon or comma that the header line
 * has. A field in quotes may hold delimiters, line ends and "" for a quote.
 * A UTF-8 byte order mark and CRLF are taken; empty lines are passed over.
 */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#define CSV_MAX ((size_t)256 << 20)	/* bytes of one table */

struct csv_row {
	const char **field;	/* as many as the header has; missing ones "" */
	unsigned line;		/* where it begins */
};

struct csv_table {
	const char **header;	/* names of the columns, as written */
	size_t ncolumns;
	struct csv_row *row;
	size_t nrows;
};

/* All in the arena. Fields are trimmed unless quoted. ERR_INPUT with line: no
 * header, a quote that does not end, more fields than the header has, invalid
 * UTF-8. */
int csv_read(struct arena *a, const char *text, size_t len,
    struct csv_table *out, struct err *err);
/* The index of a column by name without regard to case, or -1. */
int csv_column(const struct csv_table *t, const char *name);
/* Adds one field, quoted where it must be; the caller adds commas. A field
 * that a spreadsheet would run as a formula is left as it is: the table is
 * for programs. */
void csv_add(struct buf *out, const char *field);

#endif
