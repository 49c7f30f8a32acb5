#include "text/json.h"

#include <stdlib.h>

#include <jansson.h>

#define DEPTH_MAX 64

static json_t *
convert(const struct node *n, int depth)
{
	const struct node *child;
	json_t *out, *value;
	bool map = n->kind == NODE_MAP;

	if (n->kind == NODE_BOOL)
		return json_boolean(n->flag);
	if (n->kind == NODE_TEXT)
		return n->number ? json_integer(strtoll(n->text, NULL, 10)) :
		    json_string(n->text);
	if (n->kind == NODE_NULL)
		return json_null();
	if (depth == DEPTH_MAX)
		return NULL;
	out = map ? json_object() : json_array();
	for (child = n->first; child != NULL; child = child->next) {
		value = convert(child, depth + 1);
		if (value == NULL || (map ?
		    json_object_set_new(out, child->key, value) :
		    json_array_append_new(out, value)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static int
add_piece(const char *data, size_t len, void *ctx)
{
	buf_add(ctx, data, len);
	return 0;
}

int
node_json(const struct node *n, struct buf *out, struct err *err)
{
	json_t *j = convert(n, 0);
	int rc = -1;

	if (j != NULL)
		rc = json_dump_callback(j, add_piece, out,
		    JSON_INDENT(2) | JSON_ENCODE_ANY);
	json_decref(j);
	if (rc != 0)
		return err_set(err, ERR_INTERNAL, "the JSON cannot be made");
	buf_addc(out, '\n');
	return buf_check(out, "the JSON", err);
}
