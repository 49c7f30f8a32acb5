/*
 * What a build without libpq says: that file is put in here, in the place of the
 * library's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "store/db_pg_none.c"

static void
it_says_what_is_missing(void **state)
{
	const struct db_kind kind = { .what = "ledger" };
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_null(db_pg_open("postgresql://u:hidden@h/d", &kind, false,
	    &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.msg, "a ledger in PostgreSQL needs a "
	    "showmill built with libpq"));
	assert_null(strstr(err.msg, "hidden"));
	assert_null(strstr(db_pg_shown(&a, "postgresql://u:hidden@h/d"),
	    "hidden"));
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_what_is_missing)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
