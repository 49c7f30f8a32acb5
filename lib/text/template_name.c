#include <stdio.h>
#include <string.h>

#include "text/template_int.h"

/* Names longer than this are not compared for hints. */
#define NAME_MAX_HINT 48
#define NAME_MAX_SHOWN 80

int
template_shown_len(const char *name)
{
	size_t len = strnlen(name, NAME_MAX_SHOWN + 1);

	if (len <= NAME_MAX_SHOWN)
		return (int)len;
	len = NAME_MAX_SHOWN;
	while (len > 0 && ((unsigned char)name[len] & 0xc0) == 0x80)
		len--;
	return (int)len;
}

const char *
template_tag_text(enum template_kind kind, const char *label,
    char out[TEMPLATE_SHOWN])
{
	static const struct {
		const char *open, *close;
	} marks[] = {
		[TEMPLATE_VARIABLE] = { "{{", "}}" },
		[TEMPLATE_RAW] = { "{{{", "}}}" },
		[TEMPLATE_SECTION] = { "{{#", "}}" },
		[TEMPLATE_INVERTED] = { "{{^", "}}" },
		[TEMPLATE_PARTIAL] = { "{{>", "}}" },
		[TEMPLATE_PARENT] = { "{{<", "}}" },
		[TEMPLATE_BLOCK] = { "{{$", "}}" },
		[TEMPLATE_CLOSE] = { "{{/", "}}" },
		[TEMPLATE_HOLE] = { "{", "}" }
	};

	snprintf(out, TEMPLATE_SHOWN, "%s%.*s%s", marks[kind].open,
	    template_shown_len(label), label, marks[kind].close);
	return out;
}

/* Whether nothing can be below the node, so that names there are known. */
static bool
is_nothing(const struct node *n)
{
	return n->kind == NODE_NULL || (n->kind == NODE_BOOL && !n->flag);
}

/* The value of the first key, from the innermost context that has it. */
static const struct node *
find_first(const struct template_context *top, const char *key)
{
	const struct node *n = NULL;

	for (; top != NULL && n == NULL; top = top->prev)
		n = node_get(top->node, key);
	return n;
}

bool
template_name_find(const struct template_context *top,
    const struct template_name *name, const struct node **out)
{
	const struct node *n;
	const char *key = name->keys;
	size_t i;

	*out = NULL;
	if (name->count == 0) {
		*out = top->node;
		return true;
	}
	n = find_first(top, key);
	for (i = 1; n != NULL && i < name->count; i++) {
		if (is_nothing(n))
			return true;
		key += strlen(key) + 1;
		n = node_get(n, key);
	}
	*out = n;
	return n != NULL;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, changes and swaps of neighbours that make a into b
 * (optimal string alignment). Both are at most NAME_MAX_HINT bytes. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[3][NAME_MAX_HINT + 1];
	size_t *two = row[0], *one = row[1], *now = row[2], *old;
	size_t alen = strlen(a), blen = strlen(b), i, j;

	for (j = 0; j <= blen; j++)
		one[j] = two[j] = j;
	for (i = 1; i <= alen; i++) {
		now[0] = i;
		for (j = 1; j <= blen; j++) {
			now[j] = least(least(one[j], now[j - 1]) + 1,
			    one[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], two[j - 2] + 1);
		}
		old = two;
		two = one;
		one = now;
		now = old;
	}
	return one[blen];
}

/* The best key of a map so far; limit is the distance it must stay below. */
static void
nearest(const struct node *map, const char *key, size_t *limit,
    const char **best)
{
	const struct node *n;
	size_t d;

	if (map == NULL || map->kind != NODE_MAP ||
	    strlen(key) > NAME_MAX_HINT)
		return;
	for (n = map->first; n != NULL; n = n->next) {
		if (strlen(n->key) > NAME_MAX_HINT)
			continue;
		d = distance(key, n->key);
		if (d < *limit) {
			*limit = d;
			*best = n->key;
		}
	}
}

/* Writes the name with its bad key changed to the better one. */
static void
change_key(const struct template_name *name, size_t bad, const char *better,
    char *out, size_t size)
{
	const char *key = name->keys;
	size_t used = 0, i;
	int n;

	n = snprintf(out, size, "%s", name->dynamic ? "*" : "");
	for (i = 0; i < name->count && n >= 0; i++) {
		used += (size_t)n;
		if (used >= size)
			return;
		n = snprintf(out + used, size - used, "%s%s",
		    i == 0 ? "" : ".", i == bad ? better : key);
		key += strlen(key) + 1;
	}
}

int
template_name_unknown(const struct template_context *top,
    const struct template_name *name, enum template_kind kind,
    struct err *err)
{
	char shown[TEMPLATE_SHOWN], hint[TEMPLATE_SHOWN], better[256];
	const char *key = name->keys, *best = NULL;
	const struct node *below = NULL, *n;
	size_t bad = 0, limit;

	for (n = find_first(top, key); n != NULL; n = node_get(n, key)) {
		below = n;
		bad++;
		key += strlen(key) + 1;
	}
	limit = least(1 + strlen(key) / 3, 4);
	if (bad > 0)
		nearest(below, key, &limit, &best);
	else
		for (; top != NULL; top = top->prev)
			nearest(top->node, key, &limit, &best);
	template_tag_text(kind, name->label, shown);
	if (best == NULL)
		return err_set(err, ERR_CONFIG, "unknown name %s", shown);
	change_key(name, bad, best, better, sizeof(better));
	return err_set(err, ERR_CONFIG, "unknown name %s; did you mean %s?",
	    shown, template_tag_text(kind, better, hint));
}
