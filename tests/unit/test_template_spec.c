/* Runs the cases of the Mustache specification, when they are there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "template_example.h"

static size_t
run_specification(const char *path)
{
	static const char *const keys[] = { "template", "expected", "name" };
	const char *value[3];
	struct template_options o = { TEMPLATE_HTML, false, NULL, NULL };
	json_error_t error;
	json_t *file = json_load_file(path, 0, &error), *test, *list;
	struct buf out;
	size_t i, k;
	int rc;

	if (file == NULL)
		fail_msg("%s: %s", path, error.text);
	list = json_object_get(file, "tests");
	json_array_foreach(list, i, test) {
		for (k = 0; k < 3; k++) {
			value[k] = json_string_value(json_object_get(test,
			    keys[k]));
			assert_non_null(value[k]);
		}
		buf_init(&out, 0);
		rc = render(&o, json_object_get(test, "data"),
		    json_object_get(test, "partials"), value[0],
		    strlen(value[0]), &out);
		if (rc != 0 || strcmp(out.data, value[1]) != 0)
			fail_msg("%s: %s: gave\n%s\ninstead of\n%s", path,
			    value[2], out.data, value[1]);
		buf_release(&out);
	}
	i = json_array_size(list);
	assert_true(i > 0);
	json_decref(file);
	return i;
}

static void
specification(void **state)
{
	static const char *const modules[] = { "comments", "delimiters",
		"interpolation", "inverted", "partials", "sections",
		"~inheritance", "~dynamic-names" };
	const char *shared = getenv("SHARED");
	char path[4096];
	size_t count = 0, i;
	FILE *f;

	(void)state;
	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		snprintf(path, sizeof(path),
		    "%s/suites/mustache/specs/%s.json",
		    shared == NULL ? "../shared" : shared, modules[i]);
		f = fopen(path, "r");
		if (f == NULL)
			skip();
		fclose(f);
		count += run_specification(path);
	}
	print_message("%zu cases of the specification\n", count);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specification),
	};

	return cmocka_run_group_tests_name("template_spec", tests, NULL, NULL);
}
