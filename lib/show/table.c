#include "show/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"

static int
compare(const struct table_key *a, const struct table_key *b)
{
	if (a->name != NULL)
		return strcmp(a->name, b->name);
	return (a->number > b->number) - (a->number < b->number);
}

static int
by_key(const void *a, const void *b)
{
	const struct table_key *ka = a, *kb = b;
	int c = compare(ka, kb);

	/* Equal ones are taken in the order of the table. */
	return c != 0 ? c : (ka->row > kb->row) - (ka->row < kb->row);
}

/* A row that names its notes belongs to them whatever its number is. */
static void
make_keys(struct arena *a, struct table *t)
{
	const char *value;
	char *end;
	size_t i;

	t->name_key = arena_array(a, t->csv.nrows, sizeof(*t->name_key));
	t->number_key = arena_array(a, t->csv.nrows, sizeof(*t->number_key));
	for (i = 0; i < t->csv.nrows; i++) {
		const char **field = t->csv.row[i].field;
		struct table_key k = { .row = i };

		if (t->notes >= 0 && field[t->notes][0] != '\0') {
			k.name = fs_basename(field[t->notes]);
			t->name_key[t->nnames++] = k;
		} else if (t->number >= 0) {
			value = field[t->number];
			k.number = strtoll(value, &end, 10);
			if (end != value && *end == '\0')
				t->number_key[t->nnumbers++] = k;
		}
	}
	if (t->nnames > 1)
		qsort(t->name_key, t->nnames, sizeof(*t->name_key), by_key);
	if (t->nnumbers > 1)
		qsort(t->number_key, t->nnumbers, sizeof(*t->number_key),
		    by_key);
}

static bool
read_file(struct arena *a, const char *file, struct table *out,
    struct findings *to)
{
	struct err err = ERR_INIT;
	struct buf text;
	bool ok = false;

	buf_init(&text, CSV_MAX);
	if (fs_read(file, CSV_MAX, &text, NULL, &err) != 0)
		finding_err(to, "table", &err);
	else
		ok = csv_read(a, file, text.data, text.len, &out->csv, to);
	buf_release(&text);
	return ok;
}

bool
table_load(struct arena *a, const char *file, struct table *out,
    struct findings *to)
{
	memset(out, 0, sizeof(*out));
	out->file = file;
	if (!read_file(a, file, out, to))
		return false;
	out->number = csv_column(&out->csv, "number");
	out->notes = csv_column(&out->csv, "notes");
	if (out->notes < 0)
		out->notes = csv_column(&out->csv, "file");
	if (out->number < 0 && out->notes < 0) {
		finding_add(to, SEV_ERROR, "table", file, 1, "the table needs "
		    "a column `number` or `notes` to tell which row belongs "
		    "to which notes");
		return false;
	}
	out->used = arena_array(a, out->csv.nrows, sizeof(*out->used));
	make_keys(a, out);
	return true;
}

/* The next of equal keys that is not used; NULL: none. */
static const struct csv_row *
take(struct table *t, struct table_key *keys, size_t n,
    const struct table_key *like)
{
	size_t low = 0, high = n, middle;
	struct table_key *first, *k;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(&keys[middle], like) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == n || low + keys[low].taken >= n)
		return NULL;
	first = &keys[low];
	k = first + first->taken;
	if (compare(k, like) != 0)
		return NULL;
	first->taken++;
	t->used[k->row] = true;
	return &t->csv.row[k->row];
}

const struct csv_row *
table_find(struct table *t, const char *name, int64_t number)
{
	const struct table_key by_name = { .name = name };
	const struct table_key by_number = { .number = number };
	const struct csv_row *row;

	row = take(t, t->name_key, t->nnames, &by_name);
	if (row == NULL && number != 0)
		row = take(t, t->number_key, t->nnumbers, &by_number);
	return row;
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
		if (!t->used[i] && !t->csv.row[i].bad)
			finding_add(to, SEV_WARNING, "table-row", t->file,
			    t->csv.row[i].line, "no notes belong to this "
			    "row; or another row has taken them");
}
