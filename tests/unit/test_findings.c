/*
 * What the errors of a run have in common decides its exit code.
 */
#include "told.h"

static enum err_kind
after(const enum err_kind *kinds, size_t n)
{
	struct findings f = { .report = NULL };
	struct err err = ERR_INIT;
	size_t i;

	finding_add(&f, SEV_WARNING, "w", NULL, 0, "a warning");
	for (i = 0; i < n; i++) {
		err_set(&err, kinds[i], "x");
		finding_err(&f, "r", &err);
	}
	assert_int_equal(f.errors, n);
	assert_int_equal(f.warnings, 1);
	return f.kind;
}

#define AFTER(...) after((const enum err_kind[]){ __VA_ARGS__ }, \
    sizeof((const enum err_kind[]){ __VA_ARGS__ }) / sizeof(enum err_kind))

static void
kinds(void **state)
{
	struct findings f = { .report = NULL };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(after(NULL, 0), ERR_NONE);
	assert_int_equal(AFTER(ERR_HOST), ERR_HOST);
	assert_int_equal(AFTER(ERR_HOST, ERR_HOST), ERR_HOST);
	assert_int_equal(AFTER(ERR_TEMPORARY, ERR_TEMPORARY), ERR_TEMPORARY);
	assert_int_equal(AFTER(ERR_HOST, ERR_TEMPORARY), ERR_NETWORK);
	assert_int_equal(AFTER(ERR_NETWORK, ERR_HOST, ERR_TEMPORARY),
	    ERR_NETWORK);
	assert_int_equal(AFTER(ERR_NETWORK, ERR_INPUT), ERR_INPUT);
	assert_int_equal(AFTER(ERR_INPUT, ERR_NETWORK, ERR_NETWORK),
	    ERR_INPUT);
	assert_int_equal(AFTER(ERR_NETWORK, ERR_NOINPUT), ERR_INPUT);
	assert_int_equal(AFTER(ERR_NOINPUT), ERR_NOINPUT);
	err_set(&err, ERR_NETWORK, "x");
	finding_err(&f, "r", &err);
	finding_add(&f, SEV_ERROR, "r", NULL, 0, "y");
	assert_int_equal(f.kind, ERR_INPUT);
	assert_true(err_may_pass(ERR_HOST) && err_may_pass(ERR_NETWORK) &&
	    err_may_pass(ERR_TEMPORARY));
	assert_false(err_may_pass(ERR_INPUT) || err_may_pass(ERR_NONE));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { TOLD_TEST(kinds) };

	return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
