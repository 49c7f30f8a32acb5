/* The molds of an edition's variants: each its own, however few stay open. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "mail/delivery_mold.h"
/* Before that which has an err of its own. */
#include "mold_example.h"
#include "ledger_fixture.h"

#define VARIANTS (3 * MOLDS_KEPT)

static struct buf built[VARIANTS + 1];

/* An edition with that many variants; the last but one is none. */
static struct ledger_edition
edition(struct ledger *l)
{
	static struct ledger_variant v[VARIANTS];
	static const struct ledger_choice c[] = { { "", "", 0, 0 } };
	const struct ledger_episode episode = { "guid-1", 7, "Title", NOW };
	struct ledger_edition in = { .list = "show", .name = "2025-W24",
	    .subject = "s", .html = "h", .text = "t", .frozen = NOW,
	    .variants = v, .nvariants = VARIANTS, .choices = c,
	    .nchoices = 1 }, out;
	int i;

	make_key(NULL);
	for (i = 0; i <= VARIANTS; i++) {
		struct mold_input m = model;

		m.subject = arena_printf(&arena, "Variant %d", i);
		buf_init(&built[i], 0);
		fixture_ok(mold_build(&m, &built[i], &err));
		if (i > 0)
			v[i - 1] = (struct ledger_variant){ "de", "", "s", "h",
			    "t", built[i].data, built[i].len, false };
	}
	v[VARIANTS - 2].mold = "no mold";
	v[VARIANTS - 2].mold_len = 7;
	in.mold = built[0].data;
	in.mold_len = built[0].len;
	ledger_fixture_friends(l, "show", 2);
	fixture_ok(ledger_edition_freeze(l, &in, &episode, 1, false, &err));
	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &out,
	    &err), 1);
	for (i = 0; i <= VARIANTS; i++)
		buf_release(&built[i]);
	return out;
}

static void
is_variant(struct molds *m, int variant)
{
	struct mold *mold = molds_get(m, variant, &err);
	const char *expected = arena_printf(&arena, "Subject: Variant %d\r\n",
	    variant);
	const struct iovec *part;
	struct buf all;
	size_t n, i;

	assert_non_null(mold);
	fixture_ok(mold_fill(mold, &jo, &part, &n, &err));
	buf_init(&all, 0);
	for (i = 0; i < n; i++)
		buf_add(&all, part[i].iov_base, part[i].iov_len);
	if (strstr(all.data, expected) == NULL)
		fail_msg("no %s", expected);
	buf_release(&all);
}

static void
each_its_own(void **state)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_edition e = edition(l);
	struct molds *m = molds_open(l, &e, key, sizeof(key), NULL, &err);
	struct mold *first;
	int i, round;

	(void)state;
	assert_non_null(m);
	for (round = 0; round < 2; round++)
		for (i = 0; i <= VARIANTS - 2; i++)
			is_variant(m, i);
	/* What was used last stays open, and the rest makes room. */
	first = molds_get(m, 1, &err);
	for (i = 2; i <= VARIANTS - 2; i++) {
		is_variant(m, i);
		assert_ptr_equal(molds_get(m, 1, &err), first);
	}
	molds_close(m);
	molds_close(NULL);
	ledger_close(l);
}

static void
one_that_is_none(void **state)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_edition e = edition(l);
	struct molds *m = molds_open(l, &e, key, sizeof(key), NULL, &err);
	int i;

	(void)state;
	assert_non_null(m);
	for (i = 0; i < 2; i++) {
		assert_null(molds_get(m, VARIANTS - 1, &err));
		assert_int_equal(err.kind, ERR_INTERNAL);
		err = (struct err)ERR_INIT;
		assert_null(molds_get(m, VARIANTS + 1, &err));
		fixture_told(ERR_INTERNAL, "no variant 13 of 2025-W24");
		is_variant(m, VARIANTS);
		is_variant(m, 0);
	}
	molds_close(m);
	e.mold = "x";
	e.mold_len = 1;
	assert_null(molds_open(l, &e, key, sizeof(key), NULL, &err));
	err = (struct err)ERR_INIT;
	ledger_close(l);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_setup, \
	fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_its_own),
		TEST(one_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
