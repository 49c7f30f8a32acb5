#include "text/json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "text/front.h"

#define DEPTH_MAX 64

static json_t *
convert(const struct node *n, int depth)
{
	const struct node *child;
	json_t *out, *value;
	bool map = n->kind == NODE_MAP;

	if (n->kind == NODE_BOOL)
		return json_boolean(n->flag);
	if (n->kind == NODE_TEXT && n->number)
		return strchr(n->text, '.') != NULL ?
		    json_real(strtod(n->text, NULL)) :
		    json_integer(strtoll(n->text, NULL, 10));
	if (n->kind == NODE_TEXT)
		return json_string(n->text);
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

static int
dump(const struct node *n, size_t form, struct buf *out, struct err *err)
{
	json_t *j = convert(n, 0);
	int rc = -1;

	if (j != NULL)
		rc = json_dump_callback(j, add_piece, out,
		    form | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	json_decref(j);
	return rc == 0 ? 0 : err_set(err, ERR_INTERNAL, "the JSON cannot be "
	    "made");
}

int
node_json(const struct node *n, struct buf *out, struct err *err)
{
	if (dump(n, JSON_INDENT(2), out, err) != 0)
		return -1;
	buf_addc(out, '\n');
	return buf_check(out, "the JSON", err);
}

int
node_json_line(const struct node *n, struct buf *out, struct err *err)
{
	return dump(n, JSON_COMPACT, out, err) != 0 ? -1 :
	    buf_check(out, "the JSON", err);
}

static struct node *
revert(struct arena *a, const json_t *j, int depth)
{
	struct node *out, *child;
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_string(j))
		return node_text(a, json_string_value(j));
	if (json_is_integer(j))
		return node_number(a, json_integer_value(j));
	if (json_is_boolean(j))
		return node_bool(a, json_is_true(j));
	if (json_is_null(j))
		return node_null(a);
	if (json_is_real(j) || depth == DEPTH_MAX)
		return NULL;
	out = json_is_object(j) ? node_map(a) : node_list(a);
	json_object_foreach((json_t *)(uintptr_t)j, key, value) {
		child = revert(a, value, depth + 1);
		if (child == NULL)
			return NULL;
		node_set(a, out, key, child);
	}
	json_array_foreach(j, i, value) {
		child = revert(a, value, depth + 1);
		if (child == NULL)
			return NULL;
		node_push(out, child);
	}
	return out;
}

struct node *
node_of_json(struct arena *a, const char *text, size_t len)
{
	json_error_t e;
	json_t *j = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
	struct node *out = j == NULL ? NULL : revert(a, j, 0);

	json_decref(j);
	return out;
}

/* ---- front matter ---- */

/* jansson keeps the order of keys but not their lines: the text is walked
 * beside the tree, from key to key. */
struct reader {
	struct arena *a;
	const char *p, *end;
	const char *text;
	unsigned line;
	size_t nodes;
	size_t key_at;		/* of what next_key() found */
};

/* Moves behind the string at p, which jansson has found sound. */
static void
pass_string(struct reader *r)
{
	for (r->p++; r->p < r->end && *r->p != '"'; r->p++)
		if (*r->p == '\\')
			r->p++;
	if (r->p < r->end)
		r->p++;
}

/* The line of the next key: of a string with a colon behind it. */
static unsigned
next_key(struct reader *r)
{
	unsigned line;

	while (r->p < r->end) {
		r->key_at = (size_t)(r->p - r->text);
		if (*r->p != '"') {
			r->line += *r->p++ == '\n';
			continue;
		}
		line = r->line;
		pass_string(r);
		for (; r->p < r->end && isspace((unsigned char)*r->p); r->p++)
			r->line += *r->p == '\n';
		if (r->p < r->end && *r->p == ':')
			return line;
	}
	return r->line;
}

/* Where the value behind the key that was found stands. */
static void
place(const struct reader *r, struct node *n, size_t key_at, const char *p)
{
	struct reader at = *r;
	int depth = 0;

	for (p++; p < r->end && isspace((unsigned char)*p); p++)
		;
	n->key_at = key_at;
	n->from = (size_t)(p - r->text);
	for (at.p = p; at.p < at.end;) {
		if (*at.p == '"') {
			pass_string(&at);
			if (depth == 0)
				break;
			continue;
		}
		if (depth == 0 && (strchr(",]}", *at.p) != NULL ||
		    isspace((unsigned char)*at.p)))
			break;
		depth += (*at.p == '{' || *at.p == '[') -
		    (*at.p == '}' || *at.p == ']');
		at.p++;
		if (depth == 0 && strchr("]}", at.p[-1]) != NULL)
			break;
	}
	n->to = (size_t)(at.p - r->text);
}

static struct node *
plain(struct reader *r, const json_t *j)
{
	struct node *n;
	char *text;

	switch (json_typeof(j)) {
	case JSON_TRUE:
	case JSON_FALSE:
		return node_bool(r->a, json_is_true(j));
	case JSON_STRING:
		n = node_text(r->a, json_string_value(j));
		n->quoted = true;
		return n;
	case JSON_INTEGER:
	case JSON_REAL:
		text = json_dumps(j, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
		n = node_text(r->a, text);
		free(text);
		return n;
	default:
		return node_null(r->a);
	}
}

static struct node *
take(struct reader *r, const json_t *j, int depth, struct err *err)
{
	bool map = json_is_object(j);
	struct node *out, *child;
	unsigned line = r->line;
	const char *key, *colon;
	json_t *value;
	size_t i, at;

	if (++r->nodes > FRONT_NODES_MAX || depth > FRONT_DEPTH_MAX) {
		err_set(err, ERR_INPUT, depth > FRONT_DEPTH_MAX ?
		    "the front matter is nested too deep" :
		    "the front matter has too many values");
		err->line = line;
		return NULL;
	}
	if (!map && !json_is_array(j))
		return plain(r, j);
	out = map ? node_map(r->a) : node_list(r->a);
	json_object_foreach((json_t *)j, key, value) {
		line = next_key(r);
		at = r->key_at;
		colon = r->p;
		child = take(r, value, depth + 1, err);
		if (child == NULL)
			return NULL;
		child->line = line;
		place(r, child, at, colon);
		node_set(r->a, out, key, child);
	}
	json_array_foreach(j, i, value) {
		child = take(r, value, depth + 1, err);
		if (child == NULL)
			return NULL;
		child->line = line;
		node_push(out, child);
	}
	return out;
}

/* no_json and no_map: how the messages begin, before what jansson says and
 * before a model. */
static int
read_object(struct arena *a, const char *text, size_t len, unsigned first_line,
    const char *no_json, const char *no_map, struct node **out, size_t *used,
    struct err *err)
{
	struct reader r = {
		.a = a, .p = text, .text = text, .line = first_line
	};
	json_error_t e;
	json_t *j;

	j = json_loadb(text, len, JSON_REJECT_DUPLICATES |
	    JSON_DISABLE_EOF_CHECK, &e);
	if (j == NULL) {
		err_set(err, ERR_INPUT, "%s%s", no_json, e.text);
		err->line = first_line + (e.line > 0 ? (unsigned)e.line - 1 :
		    0);
		return -1;
	}
	if (!json_is_object(j)) {
		json_decref(j);
		err_set(err, ERR_INPUT, "%s{ \"key\": value }", no_map);
		err->line = first_line;
		return -1;
	}
	*used = (size_t)e.position;
	r.end = text + *used;
	*out = take(&r, j, 0, err);
	json_decref(j);
	return *out == NULL ? -1 : 0;
}

int
front_json(struct arena *a, const char *text, size_t len, unsigned first_line,
    struct node **out, size_t *used, struct err *err)
{
	return read_object(a, text, len, first_line, "the front matter is no "
	    "JSON: ", "the front matter must be a map: ", out, used, err);
}

int
node_read_json(struct arena *a, const char *text, size_t len,
    struct node **out, size_t *used, struct err *err)
{
	return read_object(a, text, len, 1, "", "an object is wanted: ", out,
	    used, err);
}
