/*
 * What the errors of a run have in common decides its exit code.
 */
#include "base/gather.h"
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

static void
what_is_the_same_is_told_once(void **state)
{
	struct gather g;
	struct err err = ERR_INIT;

	(void)state;
	gather_begin(&g, &told.findings, "r");
	finding_add(&told.findings, SEV_WARNING, "r", "z.md", 3, "b");
	finding_add(&told.findings, SEV_WARNING, "r", "z.md", 4, "a");
	finding_add(&told.findings, SEV_WARNING, "other", "z.md", 5, "a");
	finding_add(&told.findings, SEV_WARNING, "r", "z.md", 6, "c");
	finding_add(&told.findings, SEV_WARNING, "r", "a.md", 1, "a");
	finding_add(&told.findings, SEV_WARNING, "r", "b.md", 2, "a");
	finding_add(&told.findings, SEV_WARNING, "r", "b.md", 9, "a");
	finding_add(&told.findings, SEV_WARNING, "r", "z.md", 7, "c");
	err_set(&err, ERR_NETWORK, "x");
	finding_err(&told.findings, "r", &err);
	assert_int_equal(told.n, 2);
	assert_told(0, "other", 5, "a");
	gather_end(&g);
	assert_int_equal(told.n, 5);
	assert_told(2, "r", 3, "b");
	assert_string_equal(told.text[2], "b");
	assert_told(3, "r", 4, "a; so 4 times in 3 files: -v");
	assert_told(4, "r", 6, "c; so 2 times in 1 file: -v");
	assert_int_equal(told.findings.warnings, 4);
	assert_int_equal(told.findings.errors, 1);
	assert_int_equal(told.findings.kind, ERR_NETWORK);
	/* Afterwards all is as before. */
	finding_add(&told.findings, SEV_WARNING, "r", "z.md", 8, "b");
	assert_told(5, "r", 8, "b");
	gather_begin(&g, &told.findings, "r");
	gather_end(&g);
	assert_int_equal(told.findings.warnings, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(kinds), TOLD_TEST(what_is_the_same_is_told_once)
	};

	return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
