#include "show/table.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/log.h"

#define NAMES_MAX 400	/* bytes of columns in one message */

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

/* By which number a row is found; what cannot be understood is told, as no
 * notes could have the row. false: none. */
static bool
number_of(struct table *t, const struct fields *f, size_t row,
    struct table_key *k, struct findings *to)
{
	const struct csv_row *r = &t->csv.row[row];
	const char *key, *text = fields_cell(fields_get(f, "number"), &t->csv,
	    r, &key);
	const char *season, *unused;

	if (text == NULL)
		return false;
	if (!fields_number(text, &k->season, &k->number)) {
		t->used[row] = true;
		if (!r->bad)
			finding_add(to, SEV_WARNING, "table-row", t->file,
			    r->line, "`%s: %s` is no whole number, nor one "
			    "such as S02E05, so no notes can have this row",
			    key, text);
		return false;
	}
	season = fields_cell(fields_get(f, "season"), &t->csv, r, &unused);
	if (k->season == 0 && season != NULL && !fields_season(season,
	    &k->season))
		k->season = 0;
	return true;
}

/* The name of notes without folder and ending. */
static const char *
bare_name(struct arena *a, const char *path)
{
	static const char *const endings[] = { ".md", ".markdown", ".mdx" };
	const char *name = fs_basename(path);
	size_t len = strlen(name), end, i;

	for (i = 0; i < 3; i++) {
		end = strlen(endings[i]);
		if (len > end && strcasecmp(name + len - end, endings[i]) == 0)
			return arena_strndup(a, name, len - end);
	}
	return name;
}

/* A row that names its notes belongs to them whatever its number is. */
static void
make_keys(struct arena *a, const struct fields *f, struct table *t,
    struct findings *to)
{
	size_t i;

	t->name_key = arena_array(a, t->csv.nrows, sizeof(*t->name_key));
	t->number_key = arena_array(a, t->csv.nrows, sizeof(*t->number_key));
	for (i = 0; i < t->csv.nrows; i++) {
		const char **field = t->csv.row[i].field;
		struct table_key k = { .row = i };

		if (t->notes >= 0 && field[t->notes][0] != '\0') {
			k.name = bare_name(a, field[t->notes]);
			t->name_key[t->nnames++] = k;
			k.name = NULL;
			/* Such a name is as often a title as a file's. */
			if (strchr(field[t->notes], '.') == NULL &&
			    number_of(t, f, i, &k, to))
				t->number_key[t->nnumbers++] = k;
		} else if (number_of(t, f, i, &k, to)) {
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

static bool
has_column(const struct fields_fact *fact)
{
	size_t i;

	for (i = 0; i < fact->npaths; i++)
		if (fact->path[i].column >= 0)
			return true;
	return fact->column >= 0;
}

bool
table_load(struct arena *a, const char *file, struct fields *f,
    struct table *out, struct findings *to)
{
	memset(out, 0, sizeof(*out));
	out->file = file;
	if (!read_file(a, file, out, to))
		return false;
	fields_bind(f, &out->csv);
	out->notes = csv_column(&out->csv, "notes");
	if (out->notes < 0)
		out->notes = csv_column(&out->csv, "file");
	if (!has_column(fields_get(f, "number")) && out->notes < 0) {
		finding_add(to, SEV_ERROR, "table", file, 1, "the table needs "
		    "a column `number` or `notes` to tell which row belongs "
		    "to which notes; where one has the number under another "
		    "name, write it in [fields] of show.ini, as in `number = "
		    "%s`", out->csv.ncolumns > 0 ? out->csv.header[0] :
		    "NAME");
		return false;
	}
	out->used = arena_array(a, out->csv.nrows, sizeof(*out->used));
	out->passed = arena_array(a, out->csv.nrows, sizeof(*out->passed));
	make_keys(a, f, out, to);
	return true;
}

/* The first of the keys that is not less. */
static size_t
lower(const struct table_key *keys, size_t n, const struct table_key *like)
{
	size_t low = 0, high = n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(&keys[middle], like) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The next of equal keys that is not used; NULL: none. */
static const struct csv_row *
take(struct table *t, struct table_key *keys, size_t n,
    const struct table_key *like)
{
	struct table_key *found = NULL, *first, *k;
	size_t low = lower(keys, n, like);

	if (low == n)
		return NULL;
	first = &keys[low];
	for (k = first + first->taken; k < keys + n &&
	    compare(k, like) == 0; k++) {
		if (t->used[k->row]) {
			first->taken += k == first + first->taken;
			continue;
		}
		if (k->season == like->season || like->season == 0) {
			found = k;
			break;
		}
		if (k->season == 0 && found == NULL)
			found = k;
	}
	if (found == NULL)
		return NULL;
	t->used[found->row] = true;
	return &t->csv.row[found->row];
}

const struct csv_row *
table_find(struct table *t, const char *name, int64_t season, int64_t number)
{
	struct arena scratch = ARENA_INIT;
	const struct table_key by_name = {
		.name = bare_name(&scratch, name)
	};
	const struct table_key by_number = {
		.number = number, .season = season
	};
	const struct csv_row *row;

	row = take(t, t->name_key, t->nnames, &by_name);
	arena_release(&scratch);
	if (row == NULL && number != 0)
		row = take(t, t->number_key, t->nnumbers, &by_number);
	return row;
}

static void
pass(struct table *t, const struct table_key *keys, size_t n,
    const struct table_key *like)
{
	size_t i;

	for (i = lower(keys, n, like); i < n &&
	    compare(&keys[i], like) == 0; i++)
		if (keys[i].season == like->season || keys[i].season == 0 ||
		    like->season == 0)
			t->passed[keys[i].row] = true;
}

void
table_pass(struct table *t, const char *name, int64_t season, int64_t number)
{
	struct arena scratch = ARENA_INIT;
	const struct table_key by_name = {
		.name = bare_name(&scratch, name)
	};
	const struct table_key by_number = {
		.number = number, .season = season
	};

	pass(t, t->name_key, t->nnames, &by_name);
	if (number != 0)
		pass(t, t->number_key, t->nnumbers, &by_number);
	arena_release(&scratch);
}

/* `sponsor` and `xml` are read from front matter alone. */
static bool
is_read(const struct table *t, const struct fields *f, int column)
{
	const struct fields_fact *fact = f->fact;
	size_t i;

	if (column == t->notes || t->csv.header[column][0] == '\0')
		return true;
	for (; fact < f->fact + f->nfacts; fact++) {
		if (strcmp(fact->name, "sponsor") == 0 ||
		    strcmp(fact->name, "xml") == 0 ||
		    strcmp(fact->name, "podcast_tags") == 0)
			continue;
		if (fact->column == column)
			return true;
		for (i = 0; i < fact->npaths; i++)
			if (fact->path[i].column == column)
				return true;
	}
	return false;
}

void
table_report_columns(const struct table *t, const struct fields *f,
    bool warn, struct findings *to)
{
	const char *first = NULL;
	struct buf names;
	size_t i, n = 0, more = 0;

	buf_init(&names, 0);
	for (i = 0; i < t->csv.ncolumns; i++) {
		if (is_read(t, f, (int)i))
			continue;
		if (n > 0 && names.len + strlen(t->csv.header[i]) >
		    NAMES_MAX) {
			more++;
			continue;
		}
		if (n++ == 0)
			first = t->csv.header[i];
		buf_addf(&names, "%s`%s`", n > 1 ? ", " : "",
		    t->csv.header[i]);
	}
	if (more > 0)
		buf_addf(&names, " and %zu more", more);
	if (n > 0 && warn)
		finding_add(to, SEV_WARNING, "table-column", t->file, 1,
		    "passed over: the column%s %s, no fact's name; [fields] "
		    "in show.ini tells which fact stands in one, as in "
		    "`title = %s`", n + more == 1 ? "" : "s", names.data,
		    first);
	else if (n > 0)
		log_debug("%s:1: passed over: %s", t->file, names.data);
	buf_release(&names);
}

static void
tell_unused(const struct table *t, const struct fields *f,
    const struct csv_row *row, struct findings *to)
{
	const char *name = t->notes >= 0 ? row->field[t->notes] : "";
	const char *key = NULL, *number = fields_cell(fields_get(f, "number"),
	    &t->csv, row, &key);

	if (name[0] != '\0')
		finding_add(to, SEV_WARNING, "table-row", t->file, row->line,
		    "no notes belong to this row: there are none of the name "
		    "`%s`%s%s, or another row has taken them", name,
		    number != NULL ? " or the number " : "",
		    number != NULL ? number : "");
	else
		finding_add(to, SEV_WARNING, "table-row", t->file, row->line,
		    "no notes belong to this row: there are none of the "
		    "number %s, or another row has taken them", number !=
		    NULL ? number : "(it has none)");
}

void
table_report_unused(const struct table *t, const struct fields *f,
    struct findings *to)
{
	size_t i;

	for (i = 0; i < t->csv.nrows; i++)
		if (!t->used[i] && !t->passed[i] && !t->csv.row[i].bad)
			tell_unused(t, f, &t->csv.row[i], to);
}
