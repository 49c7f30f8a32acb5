#include "cmd/print.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "text/json.h"
#include "text/utf8.h"

#define COLUMNS_MAX 16

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

void
print_table(const struct node *list)
{
	size_t width[COLUMNS_MAX] = { 0 }, w, i;
	const struct node *row, *c;
	char head[64];

	if (list->first == NULL)
		return;
	for (row = list->first; row != NULL; row = row->next)
		for (c = row->first, i = 0; c != NULL && i < COLUMNS_MAX;
		    c = c->next, i++) {
			w = utf8_width(cell(c), strlen(cell(c)));
			if (strlen(c->key) > w)
				w = strlen(c->key);
			if (w > width[i])
				width[i] = w;
		}
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
			print_cell(cell(c), width[i], c->number,
			    c->next == NULL);
}
