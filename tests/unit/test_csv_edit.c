#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "text/csv_edit.h"
#include "growth.h"

static struct arena arena;

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static int
edit(const char *text, const struct csv_cell *cell, size_t n, struct buf *out,
    struct err *err)
{
	struct findings quiet = { .report = NULL };
	struct csv_table t;

	buf_init(out, 0);
	assert_true(csv_read(&arena, "t.csv", text, strlen(text), &t, &quiet));
	return csv_edit(text, strlen(text), &t, cell, n, out, err);
}

static void
becomes(const char *text, size_t row, const char *column, const char *value,
    const char *want)
{
	struct csv_cell cell = { row, column, value };
	struct err err = ERR_INIT;
	struct buf out;

	if (edit(text, &cell, 1, &out, &err) != 0)
		fail_msg("%s: %s", text, err.msg);
	assert_string_equal(out.data, want);
	buf_release(&out);
}

static void
one_cell_is_replaced(void **state)
{
	(void)state;
	becomes("number,length,title\n1,100,A\n2, 7 ,B\n", 1, "Length", "5",
	    "number,length,title\n1,100,A\n2, 5 ,B\n");
	becomes("\xef\xbb\xbfnumber;length\r\n1;\"100\"\r\n\r\n2;\"0\"", 1,
	    "length", "5",
	    "\xef\xbb\xbfnumber;length\r\n1;\"100\"\r\n\r\n2;\"5\"");
	becomes("n\tlength\tt\r1\t\tA\r", 0, "length", "5",
	    "n\tlength\tt\r1\t5\tA\r");
	becomes("n,t,length\n1,\"a, \"\"b\"\"\nc\",3\n2,x,4", 1, "length", "5",
	    "n,t,length\n1,\"a, \"\"b\"\"\nc\",3\n2,x,5");
	becomes("n,t\n1,x\n", 0, "t", "a,\"b\"",
	    "n,t\n1,\"a,\"\"b\"\"\"\n");
	becomes("n,t\n1,\"x\" \n", 0, "t", "q\"", "n,t\n1,\"q\"\"\" \n");
	/* A row that ends before it. */
	becomes("n,a,length\r\n1\r\n2,b,3\r\n", 0, "length", "5",
	    "n,a,length\r\n1,,5\r\n2,b,3\r\n");
	becomes("n,length,length\n1,2,3\n", 0, "length", "5",
	    "n,length,length\n1,5,3\n");
	becomes("n,length\n1,\"\"\n", 0, "length", "5",
	    "n,length\n1,\"5\"\n");
}

static void
a_column_is_added_to_all_rows(void **state)
{
	const struct csv_cell two[] = {
		{ 1, "length", "5" }, { 0, "duration", "0:08" },
		{ 0, "LENGTH", "6" }
	};
	struct err err = ERR_INIT;
	struct buf out;

	(void)state;
	becomes("n,t\r\n1,A\r\n\r\n2\r\n,,\r\n3,C", 1, "length", "5",
	    "n,t,length\r\n1,A,\r\n\r\n2,,5\r\n,,\r\n3,C,");
	becomes("n,t\n1,A,,,\n2,B\n", 0, "length", "5",
	    "n,t,length\n1,A,5,,\n2,B,\n");
	becomes("n;t\n1;\"A\"", 0, "length", "5",
	    "n;t;length\n1;\"A\";5");
	assert_int_equal(edit("n,t\n1,A\n2,B\n", two, 3, &out, &err), 0);
	assert_string_equal(out.data, "n,t,length,duration\n1,A,6,0:08\n"
	    "2,B,5,\n");
	buf_release(&out);
}

static void
another_table_is_left_alone(void **state)
{
	static const char text[] = "n,length\n1,2\n";
	static const char other[] = "n,length\n0,2\n1,2\n";
	static const struct csv_cell cell = { 0, "length", "5" };
	static const struct csv_cell lines = { 0, "length", "5\n6" };
	struct findings quiet = { .report = NULL };
	struct err err = ERR_INIT;
	struct csv_table t;
	struct buf out;

	(void)state;
	assert_true(csv_read(&arena, "t", text, strlen(text), &t, &quiet));
	buf_init(&out, 0);
	assert_int_equal(csv_edit(other, strlen(other), &t, &cell, 1, &out,
	    &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(out.len, 0);
	buf_release(&out);
	/* A row that is bad. */
	assert_int_equal(edit("n,length\n1,2,3\n", &cell, 1, &out, &err), -1);
	assert_int_equal(out.len, 0);
	buf_release(&out);
	assert_int_equal(edit("n,length\n1,2\n2,3\n", &lines, 1, &out, &err),
	    -1);
	buf_release(&out);
}

/* ---- any table ---- */

static unsigned long seed;

static unsigned
any(unsigned below)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)(seed >> 33) % below;
}

static void
add_field(struct buf *b)
{
	static const char *const fields[] = {
		"", "1", "\"\"", "\"a, b\"", "\"x\"\"y\"", " z ", "\"\n\"",
		"\xc3\xbc", "\"q\" ", "29:01"
	};

	buf_adds(b, fields[any(10)]);
}

static void
make(struct buf *b, unsigned *rows, bool *has)
{
	const char *eol = any(2) == 0 ? "\n" : "\r\n";
	unsigned i, k, n;
	char delimiter = ",;\t"[any(3)];

	*has = any(2) == 0;
	*rows = 1 + any(4);
	buf_init(b, 0);
	if (any(4) == 0)
		buf_adds(b, "\xef\xbb\xbf");
	buf_addf(b, "n%ct%c%s%cu%s", delimiter, delimiter, *has ? "length" :
	    "\"m\"", delimiter, eol);
	for (i = 0; i < *rows; i++) {
		buf_addf(b, "%u", i + 1);
		n = any(4);
		for (k = 0; k < n; k++) {
			buf_addc(b, delimiter);
			add_field(b);
		}
		if (i + 1 < *rows || any(2) == 0)
			buf_adds(b, eol);
		if (i + 1 < *rows && any(6) == 0)
			buf_addf(b, "%c%s", delimiter, eol);
	}
}

/* Every row of a large table, from the last to the first: the time grows with
 * their number, not with its square. */
static void
edit_rows(size_t rows, const void *ctx)
{
	struct csv_cell *cell = xcalloc(2 * rows, sizeof(*cell));
	struct buf text, out;
	struct err err = ERR_INIT;
	size_t i;

	(void)ctx;
	buf_init(&text, 0);
	buf_adds(&text, "number,audio,length,duration\n");
	for (i = 0; i < rows; i++) {
		buf_addf(&text, "%zu,a.mp3,1,0:01\n", i);
		cell[2 * i] = (struct csv_cell){ rows - 1 - i, "duration",
			"0:02" };
		cell[2 * i + 1] = (struct csv_cell){ rows - 1 - i, "length",
			"2" };
	}
	if (edit(text.data, cell, 2 * rows, &out, &err) != 0)
		fail_msg("%s", err.msg);
	assert_int_equal(out.len, text.len);
	assert_non_null(strstr(out.data, "\n0,a.mp3,2,0:02\n"));
	assert_non_null(strstr(out.data, rows == 64000 ?
	    "\n63999,a.mp3,2,0:02\n" : "\n7999,a.mp3,2,0:02\n"));
	assert_null(strstr(out.data, "0:01"));
	buf_release(&text);
	buf_release(&out);
	free(cell);
	arena_release(&arena);
}

static void
many_cells(void **state)
{
	(void)state;
	assert_linear("rows", edit_rows, NULL, 64000);
}

/* Without the bytes that were to come in, the new text is the old one. */
static void
all_else_of_any_table_stays(void **state)
{
	const char *given = getenv("SHOWMILL_TEST_SEED");
	unsigned long start = given != NULL ? strtoul(given, NULL, 10) :
	    (unsigned long)time(NULL);
	struct csv_cell cell = { 0, "length", "69285" };
	struct buf text, out;
	unsigned i, rows;
	bool has;

	(void)state;
	print_message("SHOWMILL_TEST_SEED=%lu\n", start);
	for (i = 0; i < 3000; i++) {
		struct err err = ERR_INIT;
		size_t a = 0, b = 0, gone = 0;

		seed = start + i;
		make(&text, &rows, &has);
		cell.row = any(rows);
		if (edit(text.data, &cell, 1, &out, &err) != 0)
			fail_msg("seed %lu: %s: %s", start + i, text.data,
			    err.msg);
		while (a < text.len) {
			if (b < out.len && text.data[a] == out.data[b]) {
				a++;
				b++;
			} else if (b < out.len && strchr(",;\tlength69285",
			    out.data[b]) != NULL) {
				b++;
			} else {
				a++;
				gone++;
			}
		}
		/* Of the old value: a field of five bytes at most. */
		if (gone > 7 || (!has && gone > 0) ||
		    strstr(out.data, "69285") == NULL)
			fail_msg("seed %lu: %s became %s", start + i,
			    text.data, out.data);
		buf_release(&text);
		buf_release(&out);
		arena_release(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_cell_is_replaced),
		cmocka_unit_test(a_column_is_added_to_all_rows),
		cmocka_unit_test(another_table_is_left_alone),
		cmocka_unit_test(many_cells),
		cmocka_unit_test(all_else_of_any_table_stays),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
