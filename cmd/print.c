#include "cmd/print.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "text/csv.h"
#include "text/json.h"
#include "text/utf8.h"

#define COLUMNS_MAX 16
#define TERMINAL_WIDTH 80	/* of one that does not tell */
#define LAST_MIN 12

int
print_json(const struct node *n, struct err *err)
{
	struct buf out;
	int rc;

	buf_init(&out, 0);
	rc = node_json(n, &out, err);
	if (rc == 0)
		fwrite(out.data, 1, out.len, stdout);
	buf_release(&out);
	return rc;
}

static const char *
cell(const struct node *n)
{
	if (n->kind == NODE_TEXT)
		return n->text;
	if (n->kind == NODE_BOOL)
		return n->flag ? "yes" : "no";
	return "";
}

static void
print_cell(const char *text, size_t width, bool right, bool last)
{
	size_t pad = width - utf8_width(text, strlen(text));

	if (right)
		printf("%*s%s", (int)pad, "", text);
	else
		printf("%s%*s", text, last ? 0 : (int)pad, "");
	fputs(last ? "\n" : "  ", stdout);
}

/* The columns of the terminal; 0: standard output is none, and cuts nothing. */
static size_t
terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return TERMINAL_WIDTH;
	return size.ws_col;
}

/* How wide the last column may be: where the others leave little of the line,
 * as it is. */
static size_t
room_for_last(const size_t *width, size_t n)
{
	size_t all = terminal_width(), used = 0, i;

	for (i = 0; i + 1 < n; i++)
		used += width[i] + 2;
	return all < used + LAST_MIN ? SIZE_MAX : all - used;
}

/* The text as it is, or its beginning and an ellipsis. */
static void
print_last(const char *text, size_t room, bool right, size_t width)
{
	size_t len = strlen(text), n;

	if (right || utf8_width(text, len) <= room) {
		print_cell(text, width, right, true);
		return;
	}
	for (n = len; n > 0 && utf8_width(text, n) >= room;)
		while (--n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			;
	printf("%.*s…\n", (int)n, text);
}

static size_t
measure(const struct node *list, size_t width[COLUMNS_MAX])
{
	const struct node *row, *c;
	size_t n = 0, w, i;

	for (row = list->first; row != NULL; row = row->next)
		for (c = row->first, i = 0; c != NULL && i < COLUMNS_MAX;
		    c = c->next, i++) {
			w = utf8_width(cell(c), strlen(cell(c)));
			if (strlen(c->key) > w)
				w = strlen(c->key);
			if (w > width[i])
				width[i] = w;
			if (i >= n)
				n = i + 1;
		}
	return n;
}

static void
print_rows(const struct node *list, const size_t *width, size_t room)
{
	const struct node *row, *c;
	char head[64];
	size_t w, i;

	for (c = list->first->first, i = 0; c != NULL && i < COLUMNS_MAX;
	    c = c->next, i++) {
		snprintf(head, sizeof(head), "%s", c->key);
		for (w = 0; head[w] != '\0'; w++)
			head[w] = (char)toupper((unsigned char)head[w]);
		print_cell(head, width[i], c->number, c->next == NULL);
	}
	for (row = list->first; row != NULL; row = row->next)
		for (c = row->first, i = 0; c != NULL && i < COLUMNS_MAX;
		    c = c->next, i++)
			if (c->next == NULL)
				print_last(cell(c), room, c->number, width[i]);
			else
				print_cell(cell(c), width[i], c->number,
				    false);
}

void
print_table(const struct node *list)
{
	size_t width[COLUMNS_MAX] = { 0 }, n;

	if (list->first == NULL)
		return;
	n = measure(list, width);
	print_rows(list, width, room_for_last(width, n));
}

void
print_whole(const struct node *list)
{
	size_t width[COLUMNS_MAX] = { 0 };

	if (list->first == NULL)
		return;
	measure(list, width);
	print_rows(list, width, SIZE_MAX);
}

static void
print_csv_row(struct buf *line, const struct node *row, bool head)
{
	const struct node *c;

	buf_clear(line);
	for (c = row->first; c != NULL; c = c->next) {
		csv_add(line, head ? c->key : cell(c));
		buf_addc(line, c->next == NULL ? '\n' : ',');
	}
	fwrite(line->data, 1, line->len, stdout);
}

void
print_csv(const struct node *list)
{
	const struct node *row;
	struct buf line;

	if (list->first == NULL)
		return;
	buf_init(&line, 0);
	print_csv_row(&line, list->first, true);
	for (row = list->first; row != NULL; row = row->next)
		print_csv_row(&line, row, false);
	buf_release(&line);
}
