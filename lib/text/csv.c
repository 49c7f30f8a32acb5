#include "text/csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/utf8.h"

#define COLUMNS_MAX 256

struct reader {
	struct arena *a;
	const char *p, *end;
	char delimiter;
	unsigned line;
	const char *field[COLUMNS_MAX];
	size_t nfields;
};

/* The quote has been passed; ends behind the closing one. */
static int
quoted(struct reader *r, struct buf *out, struct err *err)
{
	unsigned begun = r->line;

	for (; r->p < r->end; r->p++) {
		if (*r->p == '"') {
			if (r->p + 1 >= r->end || r->p[1] != '"') {
				r->p++;
				return 0;
			}
			r->p++;
		}
		if (*r->p == '\n')
			r->line++;
		buf_addc(out, *r->p);
	}
	err_set(err, ERR_INPUT, "the quote that begins here does not end");
	err->line = begun;
	return -1;
}

static int
field(struct reader *r, struct err *err)
{
	const char *begin;
	struct buf b;
	size_t len;
	int rc = 0;

	while (r->p < r->end && *r->p == ' ')
		r->p++;
	if (r->nfields == COLUMNS_MAX) {
		err_set(err, ERR_INPUT, "there are more than %d columns",
		    COLUMNS_MAX);
		err->line = r->line;
		return -1;
	}
	if (r->p < r->end && *r->p == '"') {
		r->p++;
		buf_init(&b, CSV_MAX);
		rc = quoted(r, &b, err);
		r->field[r->nfields++] = arena_strndup(r->a, b.data, b.len);
		buf_release(&b);
		while (r->p < r->end && *r->p != r->delimiter &&
		    *r->p != '\n')
			r->p++;
		return rc;
	}
	begin = r->p;
	while (r->p < r->end && *r->p != r->delimiter && *r->p != '\n')
		r->p++;
	len = (size_t)(r->p - begin);
	while (len > 0 && strchr(" \t\r", begin[len - 1]) != NULL)
		len--;
	r->field[r->nfields++] = arena_strndup(r->a, begin, len);
	return 0;
}

/* Ends behind the line end. */
static int
record(struct reader *r, struct err *err)
{
	r->nfields = 0;
	for (;;) {
		if (field(r, err) != 0)
			return -1;
		if (r->p >= r->end)
			return 0;
		if (*r->p++ == '\n') {
			r->line++;
			return 0;
		}
	}
}

static char
guess_delimiter(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));
	size_t len = (size_t)((nl == NULL ? end : nl) - p);

	if (memchr(p, '\t', len) != NULL)
		return '\t';
	if (memchr(p, ';', len) != NULL && memchr(p, ',', len) == NULL)
		return ';';
	return ',';
}

static bool
empty_record(const struct reader *r)
{
	return r->nfields == 1 && r->field[0][0] == '\0';
}

static int
keep(struct reader *r, struct csv_table *t, struct csv_row *row,
    unsigned line, struct err *err)
{
	size_t i;

	if (r->nfields > t->ncolumns) {
		err_set(err, ERR_INPUT, "this row has %zu fields, the header "
		    "has %zu", r->nfields, t->ncolumns);
		err->line = line;
		return -1;
	}
	row->line = line;
	row->field = arena_array(r->a, t->ncolumns, sizeof(*row->field));
	for (i = 0; i < t->ncolumns; i++)
		row->field[i] = i < r->nfields ? r->field[i] : "";
	return 0;
}

static int
check_utf8(const char *text, size_t len, struct err *err)
{
	size_t at = utf8_invalid_at(text, len), i;

	if (at == len)
		return 0;
	err_set(err, ERR_INPUT, "this line is not valid UTF-8");
	err->line = 1;
	for (i = 0; i < at; i++)
		err->line += text[i] == '\n';
	return -1;
}

int
csv_read(struct arena *a, const char *text, size_t len, struct csv_table *out,
    struct err *err)
{
	struct reader r = { .a = a, .p = text, .end = text + len, .line = 1 };
	size_t cap = 0;
	unsigned line;

	memset(out, 0, sizeof(*out));
	if (check_utf8(text, len, err) != 0)
		return -1;
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		r.p += 3;
	r.delimiter = guess_delimiter(r.p, r.end);
	if (record(&r, err) != 0)
		return -1;
	if (empty_record(&r))
		return err_set(err, ERR_INPUT, "the first line must name the "
		    "columns");
	out->header = arena_array(a, r.nfields, sizeof(*out->header));
	memcpy(out->header, r.field, r.nfields * sizeof(*out->header));
	out->ncolumns = r.nfields;
	while (r.p < r.end) {
		struct csv_row *grown;

		line = r.line;
		if (record(&r, err) != 0)
			return -1;
		if (empty_record(&r))
			continue;
		if (out->nrows == cap) {
			cap = cap == 0 ? 256 : cap * 2;
			grown = arena_array(a, cap, sizeof(*grown));
			if (out->nrows > 0)
				memcpy(grown, out->row,
				    out->nrows * sizeof(*grown));
			out->row = grown;
		}
		if (keep(&r, out, &out->row[out->nrows], line, err) != 0)
			return -1;
		out->nrows++;
	}
	return 0;
}

int
csv_column(const struct csv_table *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->ncolumns; i++)
		if (strcasecmp(t->header[i], name) == 0)
			return (int)i;
	return -1;
}

void
csv_add(struct buf *out, const char *text)
{
	const char *p;

	if (text[strcspn(text, ",;\"\r\n\t")] == '\0' && text[0] != ' ') {
		buf_adds(out, text);
		return;
	}
	buf_addc(out, '"');
	for (p = text; *p != '\0'; p++) {
		if (*p == '"')
			buf_addc(out, '"');
		buf_addc(out, *p);
	}
	buf_addc(out, '"');
}
