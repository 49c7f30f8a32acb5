#include <stdio.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/feed_load.h"
#include "cmd/print.h"
#include "feed/diff.h"

/* What a feed that lost something would lack would be told as removed. */
#define NOTHING "nothing was compared"

static const char *
title_of(const struct feed_doc_item *item)
{
	if (item->title != NULL)
		return item->title;
	return item->itunes_title != NULL ? item->itunes_title : "(no title)";
}

static const char *
id_of(const struct feed_doc_item *item)
{
	const char *id = feed_doc_id(item);

	return id != NULL ? id : "no guid";
}

static void
print_value(const char *value)
{
	if (value == NULL)
		fputs("(nothing)", stdout);
	else
		printf("\"%s\"", value);
}

static void
print_changes(const struct feed_change *c, size_t n, const char *indent)
{
	for (; n > 0; n--, c++) {
		printf("%s%s: ", indent, c->field);
		print_value(c->before);
		fputs(" \xe2\x86\x92 ", stdout);
		print_value(c->after);
		putchar('\n');
	}
}

static void
print_words(const struct feed_diff *d)
{
	size_t i;

	if (d->nchannel > 0)
		puts("the show:");
	print_changes(d->channel, d->nchannel, "  ");
	for (i = 0; i < d->nremoved; i++)
		printf("removed: \"%s\" (%s)\n", title_of(d->removed[i]),
		    id_of(d->removed[i]));
	for (i = 0; i < d->nadded; i++)
		printf("added: \"%s\" (%s)\n", title_of(d->added[i]),
		    id_of(d->added[i]));
	if (d->order)
		puts("order: the items stand in another order");
	for (i = 0; i < d->nitems; i++) {
		printf("\"%s\" (%s):\n", title_of(d->items[i].after),
		    id_of(d->items[i].after));
		print_changes(d->items[i].changes, d->items[i].nchanges,
		    "  ");
	}
}

static struct node *
item_node(struct arena *a, const struct feed_doc_item *item)
{
	struct node *n = node_map(a);
	char date[DATE_TEXT_MAX];

	node_set_text(a, n, "guid", feed_doc_id(item));
	node_set_text(a, n, "title", item->title);
	if (item->date.known)
		date_rfc3339(&item->date.date, date);
	node_set_text(a, n, "date", item->date.known ? date :
	    item->date.written);
	return n;
}

static struct node *
changes_node(struct arena *a, const struct feed_change *c, size_t n)
{
	struct node *list = node_list(a), *row;

	for (; n > 0; n--, c++) {
		row = node_push(list, node_map(a));
		node_set_text(a, row, "field", c->field);
		node_set_text(a, row, "old", c->before);
		node_set_text(a, row, "new", c->after);
	}
	return list;
}

static struct node *
items_node(struct arena *a, const struct feed_doc_item *const *items,
    size_t n)
{
	struct node *list = node_list(a);

	for (; n > 0; n--, items++)
		node_push(list, item_node(a, *items));
	return list;
}

static int
print_diff_json(struct arena *a, const struct feed_diff *d, struct err *err)
{
	struct node *root = node_map(a), *items = node_list(a), *n;
	size_t i;

	node_set(a, root, "equal", node_bool(a, d->equal));
	node_set(a, root, "channel", changes_node(a, d->channel,
	    d->nchannel));
	node_set(a, root, "removed", items_node(a, d->removed, d->nremoved));
	node_set(a, root, "added", items_node(a, d->added, d->nadded));
	node_set(a, root, "order", node_bool(a, d->order));
	for (i = 0; i < d->nitems; i++) {
		n = node_push(items, item_node(a, d->items[i].after));
		node_set(a, n, "changes", changes_node(a,
		    d->items[i].changes, d->items[i].nchanges));
	}
	node_set(a, root, "items", items);
	return print_json(root, err);
}

static int
report(struct cmd_args *args, const struct feed_diff *d, struct err *err)
{
	int rc = 0;

	if (args->json)
		rc = print_diff_json(&args->arena, d, err);
	else
		print_words(d);
	if (rc != 0)
		return -1;
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_sys(err, ERR_IO, "standard output");
	if (d->equal)
		log_notice("the feeds say the same");
	else
		log_notice("%zu change%s of the show, %zu item%s removed, "
		    "%zu added, %zu changed", d->nchannel,
		    CMD_S(d->nchannel), d->nremoved, CMD_S(d->nremoved),
		    d->nadded, d->nitems);
	return d->equal ? 0 : 1;
}

static int
run(struct cmd_args *args, struct err *err)
{
	const char *ignore[CMD_VALUES_MAX + 1];
	struct feed_doc *before, *after = NULL;
	struct feed_diff diff;
	size_t n = 0;
	int rc = -1;

	while ((ignore[n] = cmd_value_at(args, "--ignore", n)) != NULL)
		n++;
	before = feed_load(&args->arena, args->operand[0], NOTHING, NULL, err);
	if (before != NULL)
		after = feed_load(&args->arena, args->operand[1], NOTHING,
		    NULL, err);
	if (after != NULL) {
		feed_diff(&args->arena, before, after, ignore, &diff);
		rc = report(args, &diff, err);
	}
	feed_doc_free(after);
	feed_doc_free(before);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--ignore", "FIELD", "do not compare this, e.g. self-link, order" },
	CMD_JSON_OPTION,
	{ NULL, NULL, NULL }
};

const struct command cmd_feed_diff = {
	"feed", "diff", "OLD NEW", 2, 2, "Tell what changed between two feeds",
	"OLD and NEW are files or http(s) addresses of RSS or Atom feeds.\n"
	"The exit status is 0 when they say the same, 1 when not.", options,
	run
};
