/* What friends ask for, and the variants of an edition that they get for it. */
#include "ledger_fixture.h"

static struct ledger_friend
friend(const char *address, const char *language, const char *shows)
{
	return (struct ledger_friend){ .address = address, .key = address,
	    .ref = address, .language = language, .shows = shows };
}

static enum ledger_add
add(struct ledger *l, struct ledger_friend f, bool rejoin)
{
	enum ledger_add what;

	fixture_ok(ledger_friends_add(l, "show", &f, 1, rejoin, NOW, &what,
	    &err));
	return what;
}

static struct ledger_friend
get(struct ledger *l, const char *key)
{
	struct ledger_friend f;

	assert_int_equal(ledger_friend_find(l, "show", key, NULL, &arena, &f,
	    &err), 1);
	return f;
}

static void
what_is_said_counts(void **state)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_friend f = friend("a@x.org", "de", "mini maxi"), out;
	bool found;

	(void)state;
	f.zone = "Europe/Berlin";
	assert_int_equal(add(l, f, false), LEDGER_ADDED);
	assert_int_equal(add(l, f, false), LEDGER_KNOWN);
	/* Nothing said changes nothing. */
	assert_int_equal(add(l, friend("a@x.org", "", NULL), false),
	    LEDGER_KNOWN);
	out = get(l, "a@x.org");
	assert_string_equal(out.language, "de");
	assert_string_equal(out.shows, "mini maxi");
	assert_string_equal(out.zone, "Europe/Berlin");
	assert_int_equal(add(l, friend("a@x.org", "sv", ""), false),
	    LEDGER_CHANGED);
	assert_int_equal(add(l, friend("a@x.org", "", LEDGER_RESET), false),
	    LEDGER_CHANGED);
	assert_int_equal(add(l, friend("a@x.org", "", LEDGER_RESET), false),
	    LEDGER_KNOWN);
	out = get(l, "a@x.org");
	assert_string_equal(out.language, "sv");
	assert_string_equal(out.shows, "");
	assert_string_equal(out.zone, "Europe/Berlin");
	f = friend("a@x.org", "fr", "");
	f.name = "Ann";
	assert_int_equal(add(l, f, false), LEDGER_RENAMED);
	assert_string_equal(get(l, "a@x.org").language, "fr");

	/* One who left comes back with what they ask for then. */
	fixture_ok(ledger_friend_remove(l, "show", "a@x.org", NOW, &found,
	    &err));
	assert_int_equal(add(l, friend("a@x.org", "es", ""), false),
	    LEDGER_HAS_LEFT);
	assert_string_equal(get(l, "a@x.org").language, "fr");
	assert_int_equal(add(l, friend("a@x.org", "es", ""), true),
	    LEDGER_REJOINED);
	assert_string_equal(get(l, "a@x.org").language, "es");
	assert_string_equal(get(l, "a@x.org").zone, "Europe/Berlin");

	assert_int_equal(add(l, friend("b@x.org", LEDGER_RESET, LEDGER_RESET),
	    false), LEDGER_ADDED);
	assert_string_equal(get(l, "b@x.org").language, "");
	assert_string_equal(get(l, "b@x.org").zone, "");
	ledger_close(l);
}

/* Two who want what there is, two German, one of one show, one of another. */
static struct ledger *
network(void)
{
	struct ledger *l = ledger_fixture_open();
	bool found;

	add(l, friend("a@x.org", "de", ""), false);
	add(l, friend("b@x.org", "", ""), false);
	add(l, friend("c@x.org", "de", "mini"), false);
	add(l, friend("d@x.org", "", "other"), false);
	add(l, friend("e@x.org", "DE", ""), false);
	add(l, friend("f@x.org", "", ""), false);
	add(l, friend("g@x.org", "sv", ""), false);
	fixture_ok(ledger_friend_remove(l, "show", "g@x.org", NOW, &found,
	    &err));
	return l;
}

static void
choices_are_counted(void **state)
{
	static const struct ledger_choice expected[] = {
		{ "", "", 2, 0 }, { "", "other", 1, 0 }, { "DE", "", 1, 0 },
		{ "de", "", 1, 0 }, { "de", "mini", 1, 0 }
	};
	struct ledger *l = network();
	struct ledger_choice *c;
	size_t n, i;

	(void)state;
	fixture_ok(ledger_choices(l, "show", &arena, &c, &n, &err));
	assert_int_equal(n, 5);
	for (i = 0; i < n; i++) {
		assert_string_equal(c[i].language, expected[i].language);
		assert_string_equal(c[i].shows, expected[i].shows);
		assert_int_equal(c[i].friends, expected[i].friends);
	}
	fixture_ok(ledger_choices(l, "none", &arena, &c, &n, &err));
	assert_int_equal(n, 0);
	ledger_close(l);
}

static const struct ledger_variant german[] = {
	{ "de", "", "Betreff", "<p>de</p>", "de", "m\0de", 4,
	  false },
	{ "de", "mini", "Betreff mini", "<p>mini</p>", "mini", "m\0mini",
	  6, false }
};
static const struct ledger_choice mapped[] = {
	{ "", "", 0, 0 }, { "", "other", 0, -1 }, { "DE", "", 0, 1 },
	{ "de", "", 0, 1 }, { "de", "mini", 0, 2 }
};

static struct ledger_edition
model(void)
{
	return (struct ledger_edition){ .list = "show", .name = "2025-W24",
	    .subject = "Subject", .html = "<p>en</p>", .text = "en",
	    .mold = "m\0", .mold_len = 2, .frozen = NOW, .variants = german,
	    .nvariants = 2, .choices = mapped, .nchoices = 5 };
}

static int
freeze(struct ledger *l, const struct ledger_edition *e)
{
	const struct ledger_episode episode = { "guid-1", 7, "Title", NOW };

	return ledger_edition_freeze(l, e, &episode, 1, false, &err);
}

static int64_t
id_of(struct ledger *l)
{
	struct ledger_edition e;

	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &e,
	    &err), 1);
	return e.id;
}

static void
everybody_gets_theirs(void **state)
{
	static const struct { const char *key; int variant; } expected[] = {
		{ "b@x.org", 0 }, { "f@x.org", 0 }, { "e@x.org", 1 },
		{ "a@x.org", 1 }, { "c@x.org", 2 }
	};
	struct ledger *l = network();
	struct ledger_edition e = model();
	struct ledger_delivery *d, one;
	struct ledger_variant v, *all;
	int64_t id;
	size_t n, i;
	int variant = 9;

	(void)state;
	fixture_ok(freeze(l, &e));
	id = id_of(l);
	fixture_ok(ledger_deliveries(l, id, -1, 0, 99, &arena, &d, &n, &err));
	assert_int_equal(n, 5);
	for (i = 0; i < n; i++) {
		assert_string_equal(d[i].key, expected[i].key);
		assert_int_equal(d[i].variant, expected[i].variant);
	}
	ledger_fixture_counts(l, id, "5 0 0 0 0 0 0 0");
	d = ledger_fixture_claim(l, id, 0, 0, 64, 5);
	assert_int_equal(d[4].variant, 2);
	assert_int_equal(ledger_delivery_of(l, id, "e@x.org", &arena, &one,
	    &err), 1);
	assert_int_equal(one.variant, 1);
	assert_int_equal(ledger_delivery_of(l, id, "d@x.org", &arena, &one,
	    &err), 0);

	assert_int_equal(ledger_edition_variant(l, id, 2, &arena, &v, &err),
	    1);
	assert_string_equal(v.language, "de");
	assert_string_equal(v.shows, "mini");
	assert_string_equal(v.subject, "Betreff mini");
	assert_string_equal(v.html, "<p>mini</p>");
	assert_string_equal(v.text, "mini");
	assert_int_equal(v.mold_len, 6);
	assert_memory_equal(v.mold, "m\0mini", 6);
	assert_int_equal(ledger_edition_variant(l, id, 3, &arena, &v, &err),
	    0);
	fixture_ok(ledger_edition_variants(l, id, &arena, &all, &n, &err));
	assert_int_equal(n, 2);
	assert_string_equal(all[1].language, "de");
	assert_string_equal(all[1].shows, "mini");
	assert_null(all[1].mold);
	fixture_ok(ledger_edition_variants(l, id + 1, &arena, &all, &n, &err));
	assert_int_equal(n, 0);
	assert_int_equal(ledger_edition_choice(l, id, "DE", "", &variant,
	    &err), 1);
	assert_int_equal(variant, 1);
	assert_int_equal(ledger_edition_choice(l, id, "", "other", &variant,
	    &err), 1);
	assert_int_equal(variant, -1);
	assert_int_equal(ledger_edition_choice(l, id, "sv", "", &variant,
	    &err), 0);
	ledger_close(l);
}

static void
whoever_chose_meanwhile(void **state)
{
	struct ledger *l = network();
	struct ledger_edition e = model();

	(void)state;
	add(l, friend("h@x.org", "fr", ""), false);
	assert_int_equal(freeze(l, &e), -1);
	fixture_told(ERR_TEMPORARY, "meanwhile; run again");
	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &e,
	    &err), 0);
	e = model();
	add(l, friend("h@x.org", "de", ""), false);
	fixture_ok(freeze(l, &e));
	ledger_fixture_counts(l, id_of(l), "6 0 0 0 0 0 0 0");
	ledger_close(l);
}

static void
nobody_wants_it(void **state)
{
	static const struct ledger_choice none[] = { { "", "x", 0, -1 } };
	struct ledger *l = ledger_fixture_open();
	struct ledger_edition e = model();

	(void)state;
	add(l, friend("a@x.org", "", "x"), false);
	e.nvariants = 0;
	e.choices = none;
	e.nchoices = 1;
	assert_int_equal(freeze(l, &e), -1);
	fixture_told(ERR_INPUT, "no friends who want any of it");
	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &e,
	    &err), 0);
	ledger_close(l);
}

static void
variants_are_bounded(void **state)
{
	static struct ledger_variant many[LEDGER_VARIANTS_MAX + 1];
	struct ledger *l = network();
	struct ledger_edition e = model();
	struct ledger_choice wrong[] = { { "", "", 0, 3 } };
	struct ledger_variant v;
	size_t i;

	(void)state;
	for (i = 0; i <= LEDGER_VARIANTS_MAX; i++)
		many[i] = german[0];
	e.variants = many;
	e.nvariants = LEDGER_VARIANTS_MAX + 1;
	assert_int_equal(freeze(l, &e), -1);
	fixture_told(ERR_INPUT, "100 variants at the most, and this one 101");
	e.nvariants = LEDGER_VARIANTS_MAX;
	fixture_ok(freeze(l, &e));
	assert_int_equal(ledger_edition_variant(l, id_of(l), 100, &arena, &v,
	    &err), 1);
	e = model();
	e.name = "2025-W25";
	e.choices = wrong;
	e.nchoices = 1;
	assert_int_equal(freeze(l, &e), -1);
	fixture_told(ERR_INTERNAL, "variant 3 of 2");
	ledger_close(l);
}

static void
discarded_with_its_variants(void **state)
{
	struct ledger *l = network();
	struct ledger_edition e = model();
	struct ledger_variant v;
	int64_t id;
	int variant;

	(void)state;
	fixture_ok(freeze(l, &e));
	e.id = id = id_of(l);
	fixture_ok(ledger_edition_discard(l, &e, &err));
	assert_int_equal(ledger_edition_variant(l, id, 1, &arena, &v, &err),
	    0);
	assert_int_equal(ledger_edition_choice(l, id, "", "", &variant, &err),
	    0);
	e = model();
	fixture_ok(freeze(l, &e));
	ledger_close(l);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_setup, \
	fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_is_said_counts),
		TEST(choices_are_counted),
		TEST(everybody_gets_theirs),
		TEST(whoever_chose_meanwhile),
		TEST(nobody_wants_it),
		TEST(variants_are_bounded),
		TEST(discarded_with_its_variants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
