#include "text/csv_edit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COLUMNS_MAX 256

/* The walk over the text; see csv.c for what is read. */
struct walk {
	const char *p, *end;
	const char *copied;	/* so far the text is in out */
	struct buf *out;
	char delimiter, eol;
	const struct csv_table *was;
	const struct csv_cell *cell;
	const struct csv_cell **by_row;	/* the same, in the order of rows */
	size_t ncells;
	const char *added[COLUMNS_MAX];	/* new columns */
	size_t nadded;
};

struct field {
	const char *from, *to;	/* with quotes, without blanks around it */
	bool empty;
};

static void
copy(struct walk *w, const char *to)
{
	buf_add(w->out, w->copied, (size_t)(to - w->copied));
	w->copied = to;
}

/* Behind the quote that ends the value. */
static void
pass_quoted(struct walk *w)
{
	for (w->p++; w->p < w->end; w->p++) {
		if (*w->p != '"')
			continue;
		w->p++;
		if (w->p == w->end || *w->p != '"')
			break;
	}
}

/* What stands between a closing quote and the delimiter is none of ours. */
static struct field
pass_field(struct walk *w)
{
	struct field f;
	bool quoted;

	while (w->p < w->end && *w->p == ' ')
		w->p++;
	f.from = w->p;
	quoted = w->p < w->end && *w->p == '"';
	if (quoted)
		pass_quoted(w);
	f.to = w->p;
	while (w->p < w->end && *w->p != w->delimiter && *w->p != w->eol)
		w->p++;
	if (!quoted)
		for (f.to = w->p; f.to > f.from && strchr(" \t\r",
		    f.to[-1]) != NULL;)
			f.to--;
	f.empty = f.to == f.from + (quoted ? 2 : 0);
	return f;
}

static void
add_value(struct walk *w, const char *value, bool quoted)
{
	const char *p;

	if (!quoted) {
		csv_add(w->out, value);
		return;
	}
	buf_addc(w->out, '"');
	for (p = value; *p != '\0'; p++) {
		if (*p == '"')
			buf_addc(w->out, '"');
		buf_addc(w->out, *p);
	}
	buf_addc(w->out, '"');
}

static const char *
column_at(const struct walk *w, size_t i)
{
	return i < w->was->ncolumns ? w->was->header[i] :
	    w->added[i - w->was->ncolumns];
}

/* Of one row in the order in which they were given. */
static int
compare_rows(const void *a, const void *b)
{
	const struct csv_cell *const *x = a, *const *y = b;

	if ((*x)->row != (*y)->row)
		return (*x)->row < (*y)->row ? -1 : 1;
	return (*x > *y) - (*x < *y);
}

/* The first cell of a row, or where it would be. */
static size_t
first_of_row(const struct walk *w, size_t row)
{
	size_t low = 0, high = w->ncells, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (w->by_row[middle]->row < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first column of a name counts, as csv_column() has it. */
static const char *
value_for(const struct walk *w, size_t row, size_t column)
{
	const char *name = column_at(w, column);
	size_t i;

	if (column < w->was->ncolumns &&
	    csv_column(w->was, name) != (int)column)
		return NULL;
	for (i = first_of_row(w, row); i < w->ncells &&
	    w->by_row[i]->row == row; i++)
		if (strcasecmp(w->by_row[i]->column, name) == 0)
			return w->by_row[i]->value;
	return NULL;
}

/* What the header or a row has to get at a column; NULL: nothing. */
static const char *
wanted(const struct walk *w, bool header, size_t row, size_t column)
{
	if (!header)
		return value_for(w, row, column);
	return column < w->was->ncolumns ? NULL : column_at(w, column);
}

/* The fields of a record; w->p stands at its line's end then. False: there is
 * nothing in any. */
static bool
pass_record(struct walk *w, struct field *field, size_t *n)
{
	bool any = false;

	for (*n = 0;; w->p++) {
		struct field f = pass_field(w);

		any = any || !f.empty;
		if (*n < 2 * COLUMNS_MAX)
			field[(*n)++] = f;
		if (w->p >= w->end || *w->p == w->eol)
			return any;
	}
}

static void
edit_record(struct walk *w, const struct field *field, size_t n, bool header,
    size_t row)
{
	size_t all = w->was->ncolumns + w->nadded, need = 0, i;
	const char *value, *tail = w->p;

	for (i = 0; i < all; i++)
		if (w->nadded > 0 || wanted(w, header, row, i) != NULL)
			need = i + 1;
	for (i = 0; i < n && i < need; i++) {
		value = wanted(w, header, row, i);
		if (value == NULL)
			continue;
		copy(w, field[i].from);
		add_value(w, value, field[i].to > field[i].from &&
		    field[i].from[0] == '"');
		w->copied = field[i].to;
	}
	/* The CR of a CRLF stays at the end. */
	while (tail > w->copied && tail[-1] == '\r')
		tail--;
	for (; i < need; i++) {
		copy(w, tail);
		buf_addc(w->out, w->delimiter);
		value = wanted(w, header, row, i);
		if (value != NULL)
			add_value(w, value, false);
	}
}

static void
edit_all(struct walk *w)
{
	struct field field[2 * COLUMNS_MAX];
	bool header = true;
	size_t row = 0, n;

	while (w->p < w->end) {
		if (pass_record(w, field, &n)) {
			edit_record(w, field, n, header, row);
			row += !header;
			header = false;
		}
		if (w->p < w->end)
			w->p++;
	}
	copy(w, w->end);
}

/* ---- the proof ---- */

static bool
is_cell(const struct walk *w, const struct csv_table *is, size_t row,
    size_t column)
{
	const char *value = value_for(w, row, column);

	if (value == NULL)
		value = column < w->was->ncolumns ?
		    w->was->row[row].field[column] : "";
	return strcmp(is->row[row].field[column], value) == 0;
}

static bool
is_as_wanted(const struct walk *w, const struct csv_table *is)
{
	size_t i, k;

	if (is->ncolumns != w->was->ncolumns + w->nadded ||
	    is->nrows != w->was->nrows)
		return false;
	for (k = 0; k < is->ncolumns; k++)
		if (strcmp(is->header[k], column_at(w, k)) != 0)
			return false;
	for (i = 0; i < is->nrows; i++)
		for (k = 0; k < is->ncolumns; k++)
			if (!is_cell(w, is, i, k))
				return false;
	return true;
}

static int
prove(const struct walk *w, size_t from, struct err *err)
{
	struct findings quiet = { .report = NULL };
	struct arena scratch = ARENA_INIT;
	struct csv_table is;
	bool good;

	good = buf_check(w->out, "the new table", err) == 0 &&
	    csv_read(&scratch, "", w->out->data + from, w->out->len - from,
	    &is, &quiet) && quiet.errors == 0 && is_as_wanted(w, &is);
	arena_release(&scratch);
	if (good)
		return 0;
	buf_truncate(w->out, from);
	return err_set(err, ERR_INPUT, "the table cannot be changed without "
	    "changing more: it was changed meanwhile, or is written in a way "
	    "that is not understood; write the value by hand");
}

static int
take_columns(struct walk *w, struct err *err)
{
	size_t i, k;

	for (i = 0; i < w->ncells; i++) {
		if (strpbrk(w->cell[i].value, "\r\n") != NULL)
			return err_set(err, ERR_INPUT, "the new value has a "
			    "line end, which is not written here");
		if (csv_column(w->was, w->cell[i].column) >= 0)
			continue;
		for (k = 0; k < w->nadded; k++)
			if (strcasecmp(w->added[k], w->cell[i].column) == 0)
				break;
		if (k < w->nadded)
			continue;
		if (w->was->ncolumns + w->nadded >= COLUMNS_MAX)
			return err_set(err, ERR_INPUT, "the table has no room "
			    "for a further column");
		w->added[w->nadded++] = w->cell[i].column;
	}
	return 0;
}

int
csv_edit(const char *text, size_t len, const struct csv_table *was,
    const struct csv_cell *cell, size_t n, struct buf *out, struct err *err)
{
	struct walk w = {
		.p = text, .end = text + len, .copied = text, .out = out,
		.was = was, .cell = cell, .ncells = n
	};
	size_t from = out->len, i;
	int rc;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		w.p += 3;
	w.eol = csv_eol(w.p, w.end);
	w.delimiter = csv_delimiter(w.p, w.end, w.eol);
	if (take_columns(&w, err) != 0)
		return -1;
	w.by_row = xcalloc(n + 1, sizeof(*w.by_row));
	for (i = 0; i < n; i++)
		w.by_row[i] = &cell[i];
	qsort(w.by_row, n, sizeof(*w.by_row), compare_rows);
	edit_all(&w);
	rc = prove(&w, from, err);
	free(w.by_row);
	return rc;
}
