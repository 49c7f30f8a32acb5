#include "show/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"

void
table_load(struct arena *a, const char *file, struct table *out,
    struct findings *to)
{
	struct err err = ERR_INIT;
	struct buf text;

	memset(out, 0, sizeof(*out));
	out->file = file;
	out->number = out->notes = -1;
	buf_init(&text, CSV_MAX);
	if (fs_read(file, CSV_MAX, &text, NULL, &err) != 0) {
		finding_err(to, "table", &err);
	} else if (csv_read(a, text.data, text.len, &out->csv, &err) != 0) {
		err_at(&err, file, err.line);
		finding_err(to, "table", &err);
		memset(&out->csv, 0, sizeof(out->csv));
	} else {
		out->number = csv_column(&out->csv, "number");
		out->notes = csv_column(&out->csv, "notes");
		if (out->notes < 0)
			out->notes = csv_column(&out->csv, "file");
		if (out->number < 0 && out->notes < 0)
			finding_add(to, SEV_ERROR, "table", file, 1, "the "
			    "table needs a column `number` or `notes` to tell "
			    "which row belongs to which notes");
	}
	out->used = arena_array(a, out->csv.nrows, sizeof(*out->used));
	buf_release(&text);
}

static bool
row_fits(const struct table *t, const struct csv_row *row, const char *name,
    int64_t number)
{
	const char *value;
	char *end;

	if (t->notes >= 0 && row->field[t->notes][0] != '\0') {
		value = fs_basename(row->field[t->notes]);
		return strcmp(value, name) == 0;
	}
	if (t->number < 0 || number == 0)
		return false;
	value = row->field[t->number];
	return strtoll(value, &end, 10) == number && end != value &&
	    *end == '\0';
}

const struct csv_row *
table_find(struct table *t, const char *name, int64_t number)
{
	size_t i, k;

	/* Notes and rows are mostly in the same order: go on behind the last
	 * one found. */
	for (k = 0; k < t->csv.nrows; k++) {
		i = (t->next + k) % t->csv.nrows;
		if (!t->used[i] && row_fits(t, &t->csv.row[i], name, number)) {
			t->used[i] = true;
			t->next = i + 1;
			return &t->csv.row[i];
		}
	}
	return NULL;
}

const char *
table_value(const struct table *t, const struct csv_row *row, const char *key)
{
	int column = csv_column(&t->csv, key);

	if (column < 0 || row->field[column][0] == '\0')
		return NULL;
	return row->field[column];
}

void
table_report_unused(const struct table *t, struct findings *to)
{
	size_t i;

	for (i = 0; i < t->csv.nrows; i++)
		if (!t->used[i])
			finding_add(to, SEV_WARNING, "table-row", t->file,
			    t->csv.row[i].line, "no notes belong to this "
			    "row%s", t->number >= 0 || t->notes >= 0 ?
			    "; or another row has taken them" : "");
}
