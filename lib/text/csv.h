/*
 * Tables: CSV (RFC 4180) with comma or semicolon, and TSV. Debian 12's libcsv
 * cannot be found by pkg-config and tells no line numbers, so it is read here.
 *
 * The delimiter is the first of tab, semicolon or comma that the header line
 * has. A field in quotes may hold delimiters, line ends and "" for a quote.
 * Lines end in LF or CRLF, or in CR when the first line does. A UTF-8 byte
 * order mark is taken; rows without anything in them are passed over.
 */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#define CSV_MAX ((size_t)256 << 20)	/* bytes of one table */

struct csv_row {
	const char **field;	/* as many as the header has; missing ones "" */
	unsigned line;		/* where it begins */
	bool bad;		/* told already; the fields are what could be
				 * read, and may stand in the wrong columns */
};

struct csv_table {
	const char **header;	/* names of the columns, as written */
	size_t ncolumns;
	struct csv_row *row;
	size_t nrows;
};

/* All in the arena. Fields are trimmed unless quoted; empty ones behind the
 * last column do not count. What is wrong goes to findings (rule
 * "csv-syntax"), one for each row, which is kept as bad: more fields than the
 * header has, text behind a closing quote, a quote that does not end (the
 * next line is read as a row again), invalid UTF-8, a NUL. false when there is
 * no header that can be used: then there are no rows. */
bool csv_read(struct arena *a, const char *file, const char *text, size_t len,
    struct csv_table *out, struct findings *to);
/* What separates the fields of such a text, and what its lines end in: '\r'
 * where no LF follows it, else '\n'. p: behind the byte order mark. */
char csv_eol(const char *p, const char *end);
char csv_delimiter(const char *p, const char *end, char eol);
/* The index of a column by name without regard to case, or -1. */
int csv_column(const struct csv_table *t, const char *name);
/* Adds one field, quoted where it must be; the caller adds commas. A field
 * that a spreadsheet would run as a formula is left as it is: the table is
 * for programs. */
void csv_add(struct buf *out, const char *field);

#endif
