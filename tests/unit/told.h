/*
 * For tests of what reads files: an arena, and the findings kept for looking
 * at. Each test begins with both empty (TOLD_TEST).
 */
#ifndef TESTS_UNIT_TOLD_H
#define TESTS_UNIT_TOLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define TOLD_MAX 32
#define BOM "\xef\xbb\xbf"

static struct arena arena;

/* What was found, kept for looking at. */
struct told {
	struct findings findings;
	size_t n;
	const char *rule[TOLD_MAX];
	char *text[TOLD_MAX];
	unsigned line[TOLD_MAX];
};

static struct told told;

static void
keep(void *ctx, const struct finding *f)
{
	struct told *t = ctx;

	assert_true(t->n < TOLD_MAX);
	t->rule[t->n] = f->rule;
	t->text[t->n] = arena_strdup(&arena, f->text);
	t->line[t->n++] = f->line;
}

static void
forget(void)
{
	memset(&told, 0, sizeof(told));
	told.findings.report = keep;
	told.findings.ctx = &told;
}

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena);
	forget();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static inline void
assert_told(size_t i, const char *rule, unsigned line, const char *part)
{
	assert_true(i < told.n);
	assert_string_equal(told.rule[i], rule);
	assert_int_equal(told.line[i], line);
	if (strstr(told.text[i], part) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", told.text[i], part);
}

#define TOLD_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

#endif
