#include "text/csv.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text/utf8.h"

#define COLUMNS_MAX 256

struct reader {
	struct arena *a;
	const char *file;
	struct findings *to;
	const char *p, *end;
	char delimiter;
	char eol;		/* '\r' where no LF follows it, else '\n' */
	unsigned line;
	bool bad;		/* something of this record was told */
	const char *field[COLUMNS_MAX];
	size_t nfields;
};

/* One finding for a record: what follows from the first is no news. */
static void complain(struct reader *r, unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
complain(struct reader *r, unsigned line, const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	va_list ap;

	if (r->bad)
		return;
	r->bad = true;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	finding_add(r->to, SEV_ERROR, "csv-syntax", r->file, line, "%s", text);
}

static bool
at_field_end(const struct reader *r)
{
	return r->p >= r->end || *r->p == r->delimiter || *r->p == r->eol;
}

static void
skip_line(struct reader *r)
{
	while (r->p < r->end && *r->p != r->eol)
		r->p++;
}

/* The quote has been passed; ends behind the closing one. False: there is
 * none. */
static bool
quoted(struct reader *r, struct buf *out)
{
	for (; r->p < r->end; r->p++) {
		if (*r->p == '"') {
			if (r->p + 1 >= r->end || r->p[1] != '"') {
				r->p++;
				return true;
			}
			r->p++;
		}
		if (*r->p == r->eol)
			r->line++;
		buf_addc(out, *r->p);
	}
	return false;
}

static void
quoted_field(struct reader *r)
{
	const char *begin = ++r->p;
	unsigned begun = r->line;
	struct buf b;

	buf_init(&b, CSV_MAX);
	if (!quoted(r, &b)) {
		/* It took the rest of the table; what of that is rows is not
		 * lost with it. */
		complain(r, begun, "the quote that begins here does not end");
		r->p = begin;
		r->line = begun;
		buf_truncate(&b, 0);
		skip_line(r);
	}
	r->field[r->nfields++] = arena_strndup(r->a, b.data, b.len);
	buf_release(&b);
	while (!at_field_end(r) && (*r->p == ' ' || *r->p == '\t' ||
	    (*r->p == '\r' && (r->p + 1 == r->end || r->p[1] == r->eol))))
		r->p++;
	if (at_field_end(r))
		return;
	if (begun == r->line)
		complain(r, r->line, "there is text behind the closing quote; "
		    "a quote within quotes is written twice");
	else
		complain(r, r->line, "there is text behind the closing quote "
		    "of what begins on line %u; a quote within quotes is "
		    "written twice", begun);
	skip_line(r);
}

static void
field(struct reader *r)
{
	const char *begin;
	size_t len;

	while (r->p < r->end && *r->p == ' ')
		r->p++;
	if (r->nfields == COLUMNS_MAX) {
		complain(r, r->line, "there are more than %d columns",
		    COLUMNS_MAX);
		skip_line(r);
		return;
	}
	if (r->p < r->end && *r->p == '"') {
		quoted_field(r);
		return;
	}
	begin = r->p;
	while (!at_field_end(r))
		r->p++;
	len = (size_t)(r->p - begin);
	while (len > 0 && strchr(" \t\r", begin[len - 1]) != NULL)
		len--;
	r->field[r->nfields++] = arena_strndup(r->a, begin, len);
}

/* What no text has; `begin` is on line `line`, r->p behind the record. */
static void
check_bytes(struct reader *r, const char *begin, unsigned line)
{
	size_t len = (size_t)(r->p - begin), i;
	size_t bad = utf8_invalid_at(begin, len);
	const char *nul = memchr(begin, '\0', bad);

	if (nul != NULL)
		bad = (size_t)(nul - begin);
	if (bad == len)
		return;
	for (i = 0; i < bad; i++)
		line += begin[i] == r->eol;
	complain(r, line, nul != NULL ? "there is a NUL byte in this line; "
	    "save the table as text in UTF-8" : "this line is not valid UTF-8; "
	    "save the table as UTF-8");
}

/* Ends behind the line end. */
static void
record(struct reader *r)
{
	const char *begin = r->p;
	unsigned line = r->line;

	r->nfields = 0;
	r->bad = false;
	do {
		field(r);
	} while (r->p < r->end && *r->p++ != r->eol);
	check_bytes(r, begin, line);
	if (r->p > begin && r->p[-1] == r->eol)
		r->line++;
}

char
csv_delimiter(const char *p, const char *end, char eol)
{
	const char *nl = memchr(p, eol, (size_t)(end - p));
	size_t len = (size_t)((nl == NULL ? end : nl) - p);

	if (memchr(p, '\t', len) != NULL)
		return '\t';
	if (memchr(p, ';', len) != NULL && memchr(p, ',', len) == NULL)
		return ';';
	return ',';
}

char
csv_eol(const char *p, const char *end)
{
	while (p < end && *p != '\r' && *p != '\n')
		p++;
	return p < end && *p == '\r' && (p + 1 == end || p[1] != '\n') ?
	    '\r' : '\n';
}

/* How many fields stand before the empty ones at the end. */
static size_t
filled(const struct reader *r)
{
	size_t n = r->nfields;

	while (n > 0 && r->field[n - 1][0] == '\0')
		n--;
	return n;
}

static void
keep(struct reader *r, struct csv_table *t, struct csv_row *row,
    unsigned line)
{
	size_t i;

	if (filled(r) > t->ncolumns)
		complain(r, line, "this row has %zu fields, the header has "
		    "%zu; what has a delimiter in it stands in quotes",
		    filled(r), t->ncolumns);
	row->line = line;
	row->bad = r->bad;
	row->field = arena_array(r->a, t->ncolumns, sizeof(*row->field));
	for (i = 0; i < t->ncolumns; i++)
		row->field[i] = i < r->nfields ? r->field[i] : "";
}

/* Spreadsheets' own files, whose bytes would be told as a wrong text. */
static bool
is_workbook(const char *text, size_t len)
{
	return len >= 4 && (memcmp(text, "PK\003\004", 4) == 0 ||
	    memcmp(text, "\xd0\xcf\x11\xe0", 4) == 0);
}

static bool
read_header(struct reader *r, struct csv_table *out)
{
	if (is_workbook(r->p, (size_t)(r->end - r->p))) {
		complain(r, 0, "this is no text table, but a spreadsheet's "
		    "own file; export it as CSV");
		return false;
	}
	record(r);
	if (filled(r) == 0)
		complain(r, 1, "the first line must name the columns");
	if (r->bad)
		return false;
	out->header = arena_array(r->a, r->nfields, sizeof(*out->header));
	memcpy(out->header, r->field, r->nfields * sizeof(*out->header));
	out->ncolumns = r->nfields;
	return true;
}

bool
csv_read(struct arena *a, const char *file, const char *text, size_t len,
    struct csv_table *out, struct findings *to)
{
	struct reader r = {
		.a = a, .file = file, .to = to, .p = text, .end = text + len,
		.line = 1
	};
	struct csv_row *grown;
	size_t cap = 0;
	unsigned line;

	memset(out, 0, sizeof(*out));
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		r.p += 3;
	r.eol = csv_eol(r.p, r.end);
	r.delimiter = csv_delimiter(r.p, r.end, r.eol);
	if (!read_header(&r, out))
		return false;
	while (r.p < r.end) {
		line = r.line;
		record(&r);
		if (filled(&r) == 0 && !r.bad)
			continue;
		if (out->nrows == cap) {
			cap = cap == 0 ? 256 : cap * 2;
			grown = arena_array(a, cap, sizeof(*grown));
			if (out->nrows > 0)
				memcpy(grown, out->row,
				    out->nrows * sizeof(*grown));
			out->row = grown;
		}
		keep(&r, out, &out->row[out->nrows++], line);
	}
	return true;
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
	size_t len = strlen(text);
	const char *p;

	if (text[strcspn(text, ",;\"\r\n\t")] == '\0' && (len == 0 ||
	    (text[0] != ' ' && text[len - 1] != ' '))) {
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
