#include "text/node.h"

#include <stdlib.h>
#include <string.h>

static struct node *
make(struct arena *a, enum node_kind kind)
{
	struct node *n = arena_alloc(a, sizeof(*n));

	n->kind = kind;
	return n;
}

struct node *
node_map(struct arena *a)
{
	return make(a, NODE_MAP);
}

struct node *
node_list(struct arena *a)
{
	return make(a, NODE_LIST);
}

struct node *
node_text(struct arena *a, const char *text)
{
	struct node *n;

	if (text == NULL)
		return node_null(a);
	n = make(a, NODE_TEXT);
	n->text = arena_strdup(a, text);
	return n;
}

struct node *
node_number(struct arena *a, int64_t number)
{
	struct node *n = make(a, NODE_TEXT);

	n->text = arena_printf(a, "%lld", (long long)number);
	n->number = true;
	return n;
}

struct node *
node_decimal(struct arena *a, int64_t thousandths)
{
	long long whole = thousandths / 1000, rest = llabs(thousandths % 1000);
	struct node *n = make(a, NODE_TEXT);
	const char *sign = thousandths < 0 && whole == 0 ? "-" : "";
	int digits = 3;

	for (; digits > 0 && rest % 10 == 0; digits--)
		rest /= 10;
	n->text = digits == 0 ? arena_printf(a, "%lld", whole) :
	    arena_printf(a, "%s%lld.%0*lld", sign, whole, digits, rest);
	n->number = true;
	return n;
}

struct node *
node_bool(struct arena *a, bool flag)
{
	struct node *n = make(a, NODE_BOOL);

	n->flag = flag;
	return n;
}

struct node *
node_null(struct arena *a)
{
	return make(a, NODE_NULL);
}

static struct node *
append(struct node *parent, struct node *child)
{
	child->next = NULL;
	if (parent->last == NULL)
		parent->first = child;
	else
		parent->last->next = child;
	parent->last = child;
	parent->count++;
	return child;
}

void
node_clear(struct node *parent)
{
	parent->first = parent->last = NULL;
	parent->count = 0;
}

struct node *
node_set(struct arena *a, struct node *map, const char *key,
    struct node *child)
{
	child->key = arena_strdup(a, key);
	return append(map, child);
}

struct node *
node_set_text(struct arena *a, struct node *map, const char *key,
    const char *text)
{
	return node_set(a, map, key, node_text(a, text));
}

struct node *
node_push(struct node *list, struct node *child)
{
	child->key = NULL;
	return append(list, child);
}

struct node *
node_get(const struct node *map, const char *key)
{
	struct node *n;

	if (map == NULL || map->kind != NODE_MAP)
		return NULL;
	for (n = map->first; n != NULL; n = n->next)
		if (strcmp(n->key, key) == 0)
			return n;
	return NULL;
}

const char *
node_plain(const struct node *n)
{
	return n->kind == NODE_TEXT ? n->text : n->kind != NODE_BOOL ? NULL :
	    n->flag ? "true" : "false";
}

const char *
node_get_text(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n != NULL && n->kind == NODE_TEXT ? n->text : NULL;
}
