#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "text/json.h"
#include "text/node.h"

static int
setup(void **state)
{
	static struct arena arena;

	arena_init(&arena);
	*state = &arena;
	return 0;
}

static int
teardown(void **state)
{
	arena_release(*state);
	return 0;
}

static void
kinds(void **state)
{
	struct arena *a = *state;
	char text[] = "mic";
	struct node *n = node_text(a, text);

	text[0] = 'b';
	assert_int_equal(n->kind, NODE_TEXT);
	assert_string_equal(n->text, "mic");
	assert_null(n->key);
	assert_int_equal(n->line, 0);
	assert_int_equal(node_text(a, NULL)->kind, NODE_NULL);
	assert_int_equal(node_null(a)->kind, NODE_NULL);
	n = node_bool(a, true);
	assert_int_equal(n->kind, NODE_BOOL);
	assert_true(n->flag);
	assert_false(node_bool(a, false)->flag);
	assert_int_equal(node_map(a)->kind, NODE_MAP);
	assert_int_equal(node_list(a)->kind, NODE_LIST);
	assert_null(node_list(a)->first);
}

static void
map(void **state)
{
	struct arena *a = *state;
	struct node *m = node_map(a), *inner = node_map(a);
	char key[] = "host";

	assert_ptr_equal(node_set(a, m, "inner", inner), inner);
	node_set_text(a, m, key, "Ada");
	key[0] = 'g';
	node_set_text(a, m, "guest", NULL);
	assert_int_equal(m->count, 3);
	assert_ptr_equal(m->first, inner);
	assert_string_equal(m->last->key, "guest");
	assert_string_equal(node_get_text(m, "host"), "Ada");
	assert_null(node_get(m, "ghost"));
	assert_int_equal(node_get(m, "guest")->kind, NODE_NULL);
	assert_null(node_get_text(m, "guest"));
	assert_null(node_get_text(m, "inner"));
}

static void
first_key_counts(void **state)
{
	struct arena *a = *state;
	struct node *m = node_map(a);

	node_set_text(a, m, "k", "one");
	node_set_text(a, m, "k", "two");
	assert_string_equal(node_get_text(m, "k"), "one");
	assert_int_equal(m->count, 2);
}

static void
list(void **state)
{
	struct arena *a = *state;
	struct node *l = node_list(a);
	const struct node *n;

	node_push(l, node_text(a, "1"));
	node_push(l, node_text(a, "2"));
	n = node_push(l, node_text(a, "3"));
	assert_int_equal(l->count, 3);
	assert_ptr_equal(l->last, n);
	assert_null(n->next);
	assert_string_equal(l->first->next->text, "2");
	assert_null(l->first->key);
}

static void
decimal(void **state)
{
	static const struct { int64_t n; const char *text; } cases[] = {
		{ 0, "0" }, { 1000, "1" }, { 90500, "90.5" }, { 1, "0.001" },
		{ 3723010, "3723.01" }, { -500, "-0.5" }, { -1250, "-1.25" }
	};
	struct arena *a = *state;
	struct err err = ERR_INIT;
	struct node *l = node_list(a);
	struct buf out;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct node *n = node_push(l, node_decimal(a,
		    cases[i].n));

		assert_string_equal(n->text, cases[i].text);
		assert_true(n->number);
	}
	buf_init(&out, 0);
	assert_int_equal(node_json_line(l, &out, &err), 0);
	assert_string_equal(out.data,
	    "[0,1,90.5,0.001,3723.01,-0.5,-1.25]");
	buf_release(&out);
}

static void
get_from_no_map(void **state)
{
	struct arena *a = *state;
	struct node *l = node_list(a);

	node_push(l, node_text(a, "x"));
	assert_null(node_get(NULL, "x"));
	assert_null(node_get(l, "x"));
	assert_null(node_get(node_text(a, "x"), "x"));
	assert_null(node_get_text(NULL, "x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(kinds, setup, teardown),
		cmocka_unit_test_setup_teardown(map, setup, teardown),
		cmocka_unit_test_setup_teardown(first_key_counts, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(list, setup, teardown),
		cmocka_unit_test_setup_teardown(decimal, setup, teardown),
		cmocka_unit_test_setup_teardown(get_from_no_map, setup,
		    teardown),
	};

	return cmocka_run_group_tests_name("node", tests, NULL, NULL);
}
