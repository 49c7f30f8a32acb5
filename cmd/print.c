#include "cmd/print.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "text/json.h"
#include "text/utf8.h"

#define COLUMNS_MAX 16
#define LAST_MIN 8	/* columns that the last one keeps in any case */

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

/* The last column's text, cut to width columns. */
static void
print_cut(const char *text, size_t width)
{
	size_t len = strlen(text), n;

	if (utf8_width(text, len) <= width) {
		puts(text);
		return;
	}
	/* No column takes more than four bytes but for marks. */
	for (n = utf8_prefix(text, len, 4 * width); n > 0 &&
	    utf8_width(text, n) > width - 3; )
		n = utf8_prefix(text, len, n - 1);
	printf("%.*s...\n", (int)n, text);
}

static void
measure(const struct node *list, size_t width[COLUMNS_MAX])
{
	const struct node *row, *c;
	size_t i, w;

	for (row = list->first; row != NULL; row = row->next)
		for (c = row->first, i = 0; c != NULL && i < COLUMNS_MAX;
		    c = c->next, i++) {
			w = utf8_width(cell(c), strlen(cell(c)));
			if (strlen(c->key) > w)
				w = strlen(c->key);
			if (w > width[i])
				width[i] = w;
		}
}

/* How wide the last column may be; 0: as wide as it is. */
static size_t
room(const struct node *list, const size_t width[COLUMNS_MAX])
{
	struct winsize size;
	const struct node *c;
	size_t used = 0, i;

	if (!isatty(STDOUT_FILENO) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 0;
	for (c = list->first->first, i = 0; c->next != NULL &&
	    i < COLUMNS_MAX; c = c->next, i++)
		used += width[i] + 2;
	return size.ws_col >= used + LAST_MIN ? size.ws_col - used : LAST_MIN;
}

static void
print_rows(const struct node *list, const size_t width[COLUMNS_MAX],
    size_t last)
{
	const struct node *row, *c;
	size_t i;

	for (row = list->first; row != NULL; row = row->next)
		for (c = row->first, i = 0; c != NULL && i < COLUMNS_MAX;
		    c = c->next, i++)
			if (last != 0 && c->next == NULL)
				print_cut(cell(c), last);
			else
				print_cell(cell(c), width[i], c->number,
				    c->next == NULL);
}

static void
print(const struct node *list, bool cut)
{
	size_t width[COLUMNS_MAX] = { 0 }, w, i;
	const struct node *c;
	char head[64];

	if (list->first == NULL)
		return;
	measure(list, width);
	for (c = list->first->first, i = 0; c != NULL && i < COLUMNS_MAX;
	    c = c->next, i++) {
		snprintf(head, sizeof(head), "%s", c->key);
		for (w = 0; head[w] != '\0'; w++)
			head[w] = (char)toupper((unsigned char)head[w]);
		print_cell(head, width[i], c->number, c->next == NULL);
	}
	print_rows(list, width, cut ? room(list, width) : 0);
}

void
print_table(const struct node *list)
{
	print(list, false);
}

void
print_table_cut(const struct node *list)
{
	print(list, true);
}
