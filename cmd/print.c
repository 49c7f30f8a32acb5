#include "cmd/print.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
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
add_cell(struct buf *line, const char *text, size_t width, bool right,
    bool last)
{
	size_t pad = width - utf8_width(text, strlen(text));

	if (right)
		buf_addf(line, "%*s%s", (int)pad, "", text);
	else
		buf_addf(line, "%s%*s", text, last ? 0 : (int)pad, "");
	if (!last)
		buf_adds(line, "  ");
}

size_t
print_width(void)
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
	size_t all = print_width(), used = 0, i;

	for (i = 0; i + 1 < n; i++)
		used += width[i] + 2;
	return all < used + LAST_MIN ? SIZE_MAX : all - used;
}

/* The text as it is, or its beginning and an ellipsis. */
static void
add_cut(struct buf *line, const char *text, size_t room)
{
	size_t len = strlen(text), n = len;

	if (utf8_width(text, len) <= room) {
		buf_adds(line, text);
		return;
	}
	while (n > 0 && utf8_width(text, n) >= room)
		while (--n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			;
	buf_add(line, text, n);
	buf_adds(line, "…");
}

/* all: how wide the line may be. */
static void
end_line(struct buf *line, size_t all)
{
	struct buf cut;

	buf_init(&cut, 0);
	add_cut(&cut, line->data, all);
	puts(cut.data);
	buf_release(&cut);
	buf_clear(line);
}

void
print_line(const char *text)
{
	size_t all = print_width();
	struct buf line;

	buf_init(&line, 0);
	buf_adds(&line, text);
	end_line(&line, all == 0 ? SIZE_MAX : all);
	buf_release(&line);
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

/* room: of the last column; all: of each line. */
static void
print_rows(const struct node *list, const size_t *width, size_t room,
    size_t all)
{
	const struct node *row, *c;
	struct buf line;
	char head[64];
	size_t w, i;

	buf_init(&line, 0);
	for (c = list->first->first, i = 0; c != NULL && i < COLUMNS_MAX;
	    c = c->next, i++) {
		snprintf(head, sizeof(head), "%s", c->key);
		for (w = 0; head[w] != '\0'; w++)
			head[w] = (char)toupper((unsigned char)head[w]);
		add_cell(&line, head, width[i], c->number, c->next == NULL);
	}
	end_line(&line, all);
	for (row = list->first; row != NULL; row = row->next) {
		for (c = row->first, i = 0; c != NULL && i < COLUMNS_MAX;
		    c = c->next, i++)
			if (c->next == NULL && !c->number)
				add_cut(&line, cell(c), room);
			else
				add_cell(&line, cell(c), width[i], c->number,
				    c->next == NULL);
		end_line(&line, all);
	}
	buf_release(&line);
}

void
print_table(const struct node *list)
{
	size_t width[COLUMNS_MAX] = { 0 }, n;

	if (list->first == NULL)
		return;
	n = measure(list, width);
	print_rows(list, width, room_for_last(width, n), SIZE_MAX);
}

void
print_within(const struct node *list)
{
	size_t width[COLUMNS_MAX] = { 0 }, all = print_width();

	if (list->first == NULL)
		return;
	measure(list, width);
	print_rows(list, width, SIZE_MAX, all == 0 ? SIZE_MAX : all);
}

void
print_whole(const struct node *list)
{
	size_t width[COLUMNS_MAX] = { 0 };

	if (list->first == NULL)
		return;
	measure(list, width);
	print_rows(list, width, SIZE_MAX, SIZE_MAX);
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
