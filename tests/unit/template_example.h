/*
 * For the template tests: renders a text with data and partials in JSON. The
 * functions are static so that each test program stays one file.
 */
#ifndef UNIT_TEMPLATE_EXAMPLE_H
#define UNIT_TEMPLATE_EXAMPLE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/template.h"

/* The shortest text that reads as the same number. */
static struct node *
real_node(struct arena *a, double value)
{
	char text[40];
	int digits;

	for (digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) >= value && strtod(text, NULL) <= value)
			break;
	}
	return node_text(a, text);
}

static struct node *
json_node(struct arena *a, const json_t *j, int depth)
{
	struct node *n;
	const char *key;
	json_t *value;
	size_t i;

	assert_true(depth < 200);
	switch (json_typeof(j)) {
	case JSON_OBJECT:
		n = node_map(a);
		json_object_foreach((json_t *)(uintptr_t)j, key, value)
			node_set(a, n, key, json_node(a, value, depth + 1));
		return n;
	case JSON_ARRAY:
		n = node_list(a);
		json_array_foreach(j, i, value)
			node_push(n, json_node(a, value, depth + 1));
		return n;
	case JSON_STRING:
		return node_text(a, json_string_value(j));
	case JSON_INTEGER:
		return node_text(a, arena_printf(a, "%lld",
		    (long long)json_integer_value(j)));
	case JSON_REAL:
		return real_node(a, json_real_value(j));
	case JSON_TRUE:
	case JSON_FALSE:
		return node_bool(a, json_is_true(j));
	default:
		return node_null(a);
	}
}

static int
get_partial(void *ctx, const char *name, struct buf *out, const char **file,
    struct err *err)
{
	const char *text = json_string_value(json_object_get(ctx, name));

	(void)file;
	if (strcmp(name, "broken.disk") == 0)
		return err_set(err, ERR_IO, "the disk is gone");
	if (text == NULL)
		return 0;
	buf_adds(out, text);
	return 1;
}

/* Renders into out, or the formatted err; the return value tells which. */
static int
render(struct template_options *o, const json_t *data, json_t *partials,
    const char *text, size_t len, struct buf *out)
{
	struct err err = ERR_INIT;
	struct arena a;
	struct template *t;
	char message[ERR_MSG_MAX + ERR_FILE_MAX + 16];
	int rc = -1;

	arena_init(&a);
	o->partial = get_partial;
	o->ctx = partials;
	t = template_parse("main.html", text, len, &err);
	if (t != NULL)
		rc = template_render(t, json_node(&a, data, 0), o, out, &err);
	if (rc != 0) {
		assert_int_not_equal(err.kind, ERR_NONE);
		err_format(&err, message, sizeof(message));
		buf_adds(out, message);
		rc = -(int)err.kind;
	}
	template_free(t);
	arena_release(&a);
	return rc;
}

#endif
