#include "show/fact_any.h"

#include <string.h>

const struct node *
fact_any(const struct fact_source *s, const char *key,
    struct node *cell, struct fact_source *at)
{
	const struct node *n = fact_node(s, key);
	struct fact f;

	*at = *s;
	if (n != NULL)
		return n;
	f = fact_get(s, key);
	if (f.text == NULL)
		return NULL;
	memset(cell, 0, sizeof(*cell));
	cell->kind = NODE_TEXT;
	cell->text = f.text;
	cell->line = f.line;
	at->file = f.file;
	return cell;
}
