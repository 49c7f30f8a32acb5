/* The sidecar table: which row belongs to which notes. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "show/table.h"
#include "growth.h"
#include "told.h"

static struct table table;

static bool
load(const char *text)
{
	char path[] = "/tmp/showmill-table-XXXXXX";
	int fd = mkstemp(path);
	size_t len = strlen(text);
	bool ok;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	close(fd);
	forget();
	ok = table_load(&arena, arena_strdup(&arena, path),
	    fields_new(&arena, false), &table,
	    &told.findings);
	unlink(path);
	return ok;
}

/* The line of the row that is found; 0: none. */
static unsigned
line_of(const char *name, int64_t number)
{
	const struct csv_row *row = table_find(&table, name, 0, number);

	return row == NULL ? 0 : row->line;
}

static void
rows_are_found(void **state)
{
	(void)state;
	assert_true(load("number,notes,title\n"
	    "7,,seven\n"
	    "3,deep/b.md,b\n"
	    "002,,two\n"
	    "x,,\n"
	    ",a.md,a\n"
	    "7,,again\n"
	    ",,nobody\n"));
	assert_int_equal(told.n, 1);
	assert_told(0, "table-row", 5, "`number: x` is no whole number");
	assert_int_equal(line_of("a.md", 7), 6);
	/* The row that names its notes is not found by its number. */
	assert_int_equal(line_of("3.md", 3), 0);
	assert_int_equal(line_of("b.md", 0), 3);
	assert_int_equal(line_of("b.md", 0), 0);
	assert_int_equal(line_of("2.md", 2), 4);
	assert_int_equal(line_of("2.md", 2), 0);
	/* Of equal ones the first, then the second. */
	assert_int_equal(line_of("7.md", 7), 2);
	assert_int_equal(line_of("7b.md", 7), 7);
	assert_int_equal(line_of("7c.md", 7), 0);
	assert_int_equal(line_of("0.md", 0), 0);
	assert_string_equal(table.csv.row[0].field[csv_column(&table.csv,
	    "TITLE")], "seven");
	table_report_unused(&table, fields_new(&arena, false),
	    &told.findings);
	/* That of line 5 was told already. */
	assert_int_equal(told.n, 2);
	assert_told(1, "table-row", 8, "no notes");
}

static unsigned
line_in(int64_t season, int64_t number)
{
	const struct csv_row *row = table_find(&table, "x.md", season, number);

	return row == NULL ? 0 : row->line;
}

static void
numbers_as_in_front_matter(void **state)
{
	(void)state;
	assert_true(load("Number,season\n"
	    "S02E05,\n"
	    "5.0,1\n"
	    "Episode 5,\n"
	    "#6,S2\n"
	    "-7,\n"
	    "5,2\n"));
	assert_int_equal(told.n, 1);
	assert_told(0, "table-row", 6, "`Number: -7` is no whole number");
	/* Its own season, then none, never another's. */
	assert_int_equal(line_in(1, 5), 3);
	assert_int_equal(line_in(1, 5), 4);
	assert_int_equal(line_in(1, 5), 0);
	assert_int_equal(line_in(2, 6), 5);
	/* A season that is not known is any. */
	assert_int_equal(line_in(0, 5), 2);
	assert_int_equal(line_in(2, 5), 7);
	assert_int_equal(line_in(0, 5), 0);
}

static void
columns_of_other_names(void **state)
{
	struct fields *f;
	struct err err = ERR_INIT;
	struct buf text;
	char path[] = "/tmp/showmill-table-XXXXXX";
	int fd = mkstemp(path), i;

	(void)state;
	forget();
	assert_true(fd >= 0);
	assert_true(dprintf(fd, "Nummer;Titel;Datum;audio;sponsor;;type\n"
	    "Folge 3;A;;;;;\n") > 0);
	f = fields_new(&arena, false);
	assert_false(table_load(&arena, path, f, &table, &told.findings));
	assert_told(0, "table", 1, "in [fields] of show.ini, as in `number = ");
	assert_int_equal(fields_map(&arena, f, "number", "Nummer", &err), 0);
	assert_true(table_load(&arena, path, f, &table, &told.findings));
	assert_int_equal(told.n, 1);
	assert_int_equal(line_in(0, 3), 2);
	table_report_columns(&table, f, false, &told.findings);
	assert_int_equal(told.n, 1);
	table_report_columns(&table, f, true, &told.findings);
	assert_told(1, "table-column", 1, "the columns `Titel`, `Datum`, "
	    "`sponsor`, no fact's name");
	assert_told(1, "table-column", 1, "as in `title = Titel`");
	assert_int_equal(told.findings.warnings, 1);
	close(fd);
	unlink(path);

	buf_init(&text, 0);
	buf_adds(&text, "number");
	for (i = 0; i < 99; i++)
		buf_addf(&text, ",column %d of them", i);
	assert_true(load(text.data));
	buf_release(&text);
	table_report_columns(&table, fields_new(&arena, false), true,
	    &told.findings);
	assert_told(0, "table-column", 1, " more, no fact's name");
}

static void
tables_that_cannot_be_used(void **state)
{
	(void)state;
	forget();
	assert_false(table_load(&arena, "/nowhere/table.csv",
	    fields_new(&arena, false), &table,
	    &told.findings));
	assert_int_equal(told.findings.errors, 1);
	assert_false(load("title,date\nx,y\n"));
	assert_told(0, "table", 1, "`number` or `notes`");
	assert_false(load(""));
	assert_told(0, "csv-syntax", 1, "name the columns");
	/* No rows are no fault, and bad ones do not make the others so. */
	assert_true(load("number\n"));
	assert_int_equal(line_of("1.md", 1), 0);
	assert_true(load("number,title\n1,a,b\n2,c\n4,d,e\n"));
	assert_int_equal(told.findings.errors, 2);
	assert_true(table_find(&table, "1.md", 0, 1)->bad);
	assert_false(table_find(&table, "2.md", 0, 2)->bad);
	/* It was told; that nothing belongs to it is no news. */
	table_report_unused(&table, fields_new(&arena, false),
	    &told.findings);
	assert_int_equal(told.findings.warnings, 0);
}

/* Newest first, oldest first, equal numbers, and notes without rows: none of
 * them may take time that grows with the square of the rows. */
static void
find_all(size_t rows, const void *ctx)
{
	struct buf text;
	char name[32];
	size_t i;

	(void)ctx;
	buf_init(&text, 0);
	buf_adds(&text, "number,notes\n");
	for (i = rows; i > 0; i--)
		buf_addf(&text, "%zu,\n", i);
	for (i = rows; i > 0; i--)
		buf_addf(&text, ",%zu.md\n", i);
	for (i = 0; i < rows; i++)
		buf_adds(&text, "99999,\n");
	assert_true(load(text.data));
	buf_release(&text);
	for (i = 1; i <= rows; i++) {
		snprintf(name, sizeof(name), "%zu.md", i);
		assert_int_equal(line_of("none.md", (int64_t)i), rows + 2 - i);
		assert_int_equal(line_of(name, 0), 2 * rows + 2 - i);
		assert_int_equal(line_of("none.md", 99999), 2 * rows + 1 + i);
		assert_int_equal(line_of("none.md", -7), 0);
	}
}

static void
large_tables(void **state)
{
	(void)state;
	assert_linear("rows", find_all, NULL, 60000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(rows_are_found),
		TOLD_TEST(numbers_as_in_front_matter),
		TOLD_TEST(columns_of_other_names),
		TOLD_TEST(tables_that_cannot_be_used),
		TOLD_TEST(large_tables),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
