/* Friends, editions and deliveries: what each call of the ledger does. */
#include "ledger_fixture.h"

/* ---- friends ---- */

static void
friends_add_and_list(void **state)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_friend f[3] = {
		{ .address = "Ann@Example.org", .key = "ann@example.org",
		  .name = "Ann", .ref = "r1" },
		{ .address = "bob@example.org", .key = "bob@example.org",
		  .ref = "r2", .joined = 77 },
		{ .address = "ANN@example.org", .key = "ann@example.org",
		  .name = "Ann B.", .ref = "r1" }
	}, *out;
	enum ledger_add what[3];
	bool found;
	size_t n;

	(void)state;
	fixture_ok(ledger_friends_count(l, "show", &n, &err));
	assert_int_equal(n, 0);
	fixture_ok(ledger_friends_add(l, "show", f, 3, false, NOW, what, &err));
	assert_int_equal(what[0], LEDGER_ADDED);
	assert_int_equal(what[1], LEDGER_ADDED);
	assert_int_equal(what[2], LEDGER_RENAMED);
	fixture_ok(ledger_friends_add(l, "show", f + 1, 1, false, NOW, what,
	    &err));
	assert_int_equal(what[0], LEDGER_KNOWN);
	/* The same address on another list is another friend. */
	fixture_ok(ledger_friends_add(l, "other", f, 1, false, NOW, what,
	    &err));
	assert_int_equal(what[0], LEDGER_ADDED);

	fixture_ok(ledger_friends(l, "show", false, 0, SIZE_MAX, &arena, &out,
	    &n, &err));
	assert_int_equal(n, 2);
	assert_string_equal(out[0].address, "Ann@Example.org");
	assert_string_equal(out[0].key, "ann@example.org");
	assert_string_equal(out[0].name, "Ann B.");
	assert_string_equal(out[0].ref, "r1");
	assert_int_equal(out[0].joined, NOW);
	assert_int_equal(out[0].left, 0);
	assert_string_equal(out[1].name, "");
	assert_int_equal(out[1].joined, 77);

	fixture_ok(ledger_friend_remove(l, "show", "nobody@example.org", NOW,
	    &found, &err));
	assert_false(found);
	fixture_ok(ledger_friend_remove(l, "none", "ann@example.org", NOW,
	    &found, &err));
	assert_false(found);
	ledger_close(l);
}

static void
friends_leave_and_return(void **state)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_friend f = { .address = "F2@new.example",
	    .key = "f2@example.org", .name = "", .ref = "ref2" }, *out;
	enum ledger_add what;
	bool found;
	size_t n;

	(void)state;
	ledger_fixture_friends(l, "show", 3);
	fixture_ok(ledger_friend_remove(l, "show", "f2@example.org", NOW + 5,
	    &found, &err));
	assert_true(found);
	fixture_ok(ledger_friend_remove(l, "show", "f2@example.org", NOW + 6,
	    &found, &err));
	assert_false(found);
	fixture_ok(ledger_friends_count(l, "show", &n, &err));
	assert_int_equal(n, 2);
	fixture_ok(ledger_friends(l, "show", true, 0, 9, &arena, &out, &n,
	    &err));
	assert_int_equal(n, 3);
	assert_int_equal(out[1].left, NOW + 5);
	fixture_ok(ledger_friends(l, "show", false, 0, 9, &arena, &out, &n,
	    &err));
	assert_int_equal(n, 2);

	fixture_ok(ledger_friends_add(l, "show", &f, 1, false, NOW, &what,
	    &err));
	assert_int_equal(what, LEDGER_HAS_LEFT);
	fixture_ok(ledger_friends_count(l, "show", &n, &err));
	assert_int_equal(n, 2);
	fixture_ok(ledger_friends_add(l, "show", &f, 1, true, NOW + 9, &what,
	    &err));
	assert_int_equal(what, LEDGER_REJOINED);
	fixture_ok(ledger_friends(l, "show", false, out[0].id, 1, &arena, &out,
	    &n, &err));
	assert_int_equal(n, 1);
	assert_string_equal(out[0].address, "F2@new.example");
	assert_int_equal(out[0].joined, NOW + 9);
	ledger_close(l);
}

/* Whether friend "k" is on the list after those were added; `left` and what is
 * told of the first one are given back. */
static bool
stands(struct ledger *l, const struct ledger_friend *f, size_t n, bool rejoin,
    enum ledger_add *what, struct ledger_friend *out)
{
	enum ledger_add all[4];
	struct ledger_friend *found;
	size_t i, count;

	fixture_ok(ledger_friends_add(l, "show", f, n, rejoin, NOW, all, &err));
	*what = all[0];
	fixture_ok(ledger_friends(l, "show", true, 0, 9, &arena, &found, &count,
	    &err));
	for (i = 0; i < count; i++)
		if (strcmp(found[i].key, f[0].key) == 0)
			*out = found[i];
	return out->left == 0;
}

#define FRIEND(name, when_joined, when_left) \
	{ .address = name, .key = name, .joined = (when_joined), \
	  .left = (when_left) }

/* A `left` of before the friend joined is of an earlier time on the list. */
static void
a_left_that_is_too_old(void **state)
{
	struct ledger *l = ledger_fixture_open();
	const struct ledger_friend imported[] = { FRIEND("a@x.org", 0, 0) };
	const struct ledger_friend by_hand[] = { FRIEND("b@x.org", 100, 0) };
	const struct ledger_friend old[] = { FRIEND("a@x.org", 0, 50) };
	const struct ledger_friend old_b[] = { FRIEND("b@x.org", 0, 100) };
	const struct ledger_friend late_b[] = { FRIEND("b@x.org", 0, 101) };
	const struct ledger_friend now_b[] = {
		FRIEND("b@x.org", 0, LEDGER_LEFT_UNDATED)
	};
	struct ledger_friend out;
	enum ledger_add what;

	(void)state;
	assert_true(stands(l, by_hand, 1, false, &what, &out));
	assert_true(stands(l, old_b, 1, false, &what, &out));
	assert_int_equal(what, LEDGER_STAYS);
	assert_false(stands(l, late_b, 1, false, &what, &out));
	assert_int_equal(what, LEDGER_LEFT);
	assert_int_equal(out.left, 101);
	/* Back at NOW: what is older no longer counts. */
	assert_true(stands(l, by_hand, 1, true, &what, &out));
	assert_int_equal(what, LEDGER_REJOINED);
	assert_true(stands(l, late_b, 1, false, &what, &out));
	assert_int_equal(what, LEDGER_STAYS);
	assert_false(stands(l, now_b, 1, false, &what, &out));
	assert_int_equal(what, LEDGER_LEFT);
	assert_int_equal(out.left, NOW);
	/* Of this one nobody knows when they joined. */
	assert_true(stands(l, imported, 1, false, &what, &out));
	assert_int_equal(out.joined, NOW);
	assert_false(stands(l, old, 1, false, &what, &out));
	assert_int_equal(what, LEDGER_LEFT);
	assert_int_equal(out.left, 50);
	assert_true(out.joined <= out.left);
	ledger_close(l);
}

/* Rows of one friend say the same in any order. */
static void
rows_of_one_friend(void **state)
{
	static const struct {
		struct ledger_friend row[2];
		bool on;
	} tables[] = {
		{ { FRIEND("a@x.org", 0, 0), FRIEND("a@x.org", 0, 50) }, false },
		{ { FRIEND("b@x.org", 40, 0), FRIEND("b@x.org", 0, 50) }, false },
		{ { FRIEND("c@x.org", 60, 0), FRIEND("c@x.org", 0, 50) }, true },
		{ { FRIEND("d@x.org", 60, 50), FRIEND("d@x.org", 0, 50) }, true },
		{ { FRIEND("e@x.org", 60, 0),
		    FRIEND("e@x.org", 0, LEDGER_LEFT_UNDATED) }, false },
		{ { FRIEND("f@x.org", 50, 50), FRIEND("f@x.org", 0, 0) }, false },
	};
	struct ledger_friend rows[3], out;
	enum ledger_add what;
	struct ledger *l;
	size_t i, turn;

	(void)state;
	for (turn = 0; turn < 2; turn++) {
		l = ledger_fixture_open();
		for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
			rows[0] = tables[i].row[turn];
			rows[1] = (struct ledger_friend)FRIEND("x@x.org", 0, 0);
			rows[2] = tables[i].row[1 - turn];
			assert_int_equal(stands(l, rows, 3, true, &what, &out),
			    tables[i].on);
			assert_int_equal(what, tables[i].on ? LEDGER_ADDED :
			    LEDGER_LEFT);
			assert_true(out.left == 0 || out.joined <= out.left);
		}
		ledger_close(l);
		ledger_fixture_forget();
	}
}

/* One with `left` is never on the list, new or known, rejoin or not. */
static void
friends_added_as_left(void **state)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_friend f[3] = {
		{ .address = "new@example.org", .key = "new@example.org",
		  .name = "New", .ref = "r", .joined = 5, .left = 9 },
		{ .address = "f1@example.org", .key = "f1@example.org",
		  .left = 7 },
		{ .address = "f1@example.org", .key = "f1@example.org",
		  .left = 8 }
	}, *out;
	enum ledger_add what[3];
	size_t n;

	(void)state;
	ledger_fixture_friends(l, "show", 2);
	fixture_ok(ledger_friends_add(l, "show", f, 3, true, NOW, what, &err));
	assert_int_equal(what[0], LEDGER_LEFT);
	assert_int_equal(what[1], LEDGER_LEFT);
	assert_int_equal(what[2], LEDGER_HAS_LEFT);
	fixture_ok(ledger_friends_count(l, "show", &n, &err));
	assert_int_equal(n, 1);
	fixture_ok(ledger_friends(l, "show", true, 0, 9, &arena, &out, &n,
	    &err));
	assert_int_equal(n, 3);
	assert_string_equal(out[0].key, "f1@example.org");
	assert_int_equal(out[0].left, 8);
	assert_int_equal(out[1].left, 0);
	assert_int_equal(out[2].joined, 5);
	assert_int_equal(out[2].left, 9);
	f[0].left = 0;
	fixture_ok(ledger_friends_add(l, "show", f, 1, false, NOW, what, &err));
	assert_int_equal(what[0], LEDGER_HAS_LEFT);
	fixture_ok(ledger_friends_add(l, "show", f, 1, true, NOW, what, &err));
	assert_int_equal(what[0], LEDGER_REJOINED);
	ledger_close(l);
}

static void
friends_all_or_none(void **state)
{
	struct ledger *l = ledger_fixture_open();
	char *long_name = arena_alloc(&arena, 600);
	struct ledger_friend f[2] = {
		{ .address = "a@example.org", .key = "a@example.org" },
		{ .address = "b@example.org", .key = "b@example.org",
		  .name = long_name }
	};
	size_t n;

	(void)state;
	memset(long_name, 'x', 501);
	assert_int_equal(ledger_friends_add(l, "show", f, 2, false, NOW, NULL,
	    &err), -1);
	fixture_told(ERR_INPUT, "b@example.org: the name is longer than 500");
	f[1].name = "";
	f[1].key = "";
	assert_int_equal(ledger_friends_add(l, "show", f, 2, false, NOW, NULL,
	    &err), -1);
	fixture_told(ERR_INPUT, "the key is empty");
	assert_int_equal(ledger_friends_add(l, "", f, 1, false, NOW, NULL,
	    &err), -1);
	fixture_told(ERR_INPUT, "the list's name is empty");
	fixture_ok(ledger_friends_count(l, "show", &n, &err));
	assert_int_equal(n, 0);
	ledger_close(l);
}

static void
friends_by_pages(void **state)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_friend *out;
	int64_t after = 0;
	size_t n, all = 0;

	(void)state;
	ledger_fixture_friends(l, "other", 5);
	ledger_fixture_friends(l, "show", 150);
	do {
		fixture_ok(ledger_friends(l, "show", false, after, 40, &arena,
		    &out, &n, &err));
		all += n;
		if (n > 0)
			after = out[n - 1].id;
	} while (n == 40);
	assert_int_equal(all, 150);
	fixture_ok(ledger_friends(l, "show", false, 0, 0, &arena, &out, &n,
	    &err));
	assert_int_equal(n, 0);
	ledger_close(l);
}

static void
key_stays(void **state)
{
	struct ledger *l = ledger_fixture_open();
	unsigned char one[LEDGER_KEY_SIZE], two[LEDGER_KEY_SIZE] = { 0 };
	char id[LEDGER_NAME_MAX];

	(void)state;
	fixture_ok(ledger_key(l, id, one, &err));
	assert_string_equal(id, "l1");
	assert_memory_not_equal(one, two, sizeof(one));
	ledger_close(l);
	l = ledger_fixture_open();
	fixture_ok(ledger_key(l, id, two, &err));
	assert_memory_equal(one, two, sizeof(one));
	ledger_close(l);
}

/* ---- editions ---- */

static void
edition_comes_back(void **state)
{
	const struct ledger_episode in[2] = {
		{ "g-2", 2, "Two", 41 }, { "g-1", 1, "One", 40 }
	};
	struct ledger_edition e = { .list = "show", .name = "2025-W24",
	    .subject = "S", .html = "<b>", .text = "T", .mold = "a\0b",
	    .mold_len = 3, .frozen = 42 }, out;
	struct ledger *l = ledger_fixture_open();
	char name[LEDGER_NAME_MAX];
	const char *where;

	(void)state;
	ledger_fixture_friends(l, "show", 3);
	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &out,
	    &err), 0);
	fixture_ok(ledger_edition_name(l, "show", "2025-W24", name, &err));
	assert_string_equal(name, "2025-W24");
	fixture_ok(ledger_edition_freeze(l, &e, in, 2, false, &err));
	fixture_ok(ledger_edition_name(l, "show", "2025-W24", name, &err));
	assert_string_equal(name, "2025-W24-2");
	fixture_ok(ledger_edition_name(l, "other", "2025-W24", name, &err));
	assert_string_equal(name, "2025-W24");
	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &out,
	    &err), 1);
	assert_string_equal(out.list, "show");
	assert_string_equal(out.name, "2025-W24");
	assert_string_equal(out.subject, "S");
	assert_string_equal(out.html, "<b>");
	assert_string_equal(out.text, "T");
	assert_int_equal(out.mold_len, 3);
	assert_memory_equal(out.mold, "a\0b", 3);
	assert_int_equal(out.frozen, 42);
	fixture_ok(ledger_episode_edition(l, "show", "g-1", &arena, &where,
	    &err));
	assert_string_equal(where, "2025-W24");
	fixture_ok(ledger_episode_edition(l, "show", "g-9", &arena, &where,
	    &err));
	assert_null(where);
	assert_int_equal(ledger_edition_get(l, "show", "2025-W25", &arena,
	    &out, &err), 0);
	assert_int_equal(ledger_edition_get(l, "none", NULL, &arena, &out,
	    &err), 0);
	ledger_close(l);
}

static void
edition_names_count_up(void **state)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_edition out, *editions;
	size_t n;

	(void)state;
	ledger_fixture_friends(l, "show", 1);
	ledger_fixture_friends(l, "other", 1);
	ledger_fixture_freeze(l, "show", "a");
	ledger_fixture_freeze(l, "show", "b");
	ledger_fixture_freeze(l, "other", "a");
	ledger_fixture_freeze(l, "show", "c");
	fixture_ok(ledger_editions(l, "show", &arena, &editions, &n, &err));
	assert_int_equal(n, 3);
	assert_string_equal(editions[0].name, "2025-W24");
	assert_string_equal(editions[1].name, "2025-W24-2");
	assert_string_equal(editions[2].name, "2025-W24-3");
	assert_string_equal(editions[2].subject, "A subject");
	assert_int_equal(editions[2].frozen, NOW);
	assert_null(editions[2].mold);
	fixture_ok(ledger_editions(l, "other", &arena, &editions, &n, &err));
	assert_int_equal(n, 1);
	assert_string_equal(editions[0].name, "2025-W24");
	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &out,
	    &err), 1);
	assert_string_equal(out.name, "2025-W24-3");
	fixture_ok(ledger_editions(l, "none", &arena, &editions, &n, &err));
	assert_int_equal(n, 0);
	ledger_close(l);
}

static void
edition_again(void **state)
{
	const struct ledger_episode in[3] = {
		{ "new", 8, "New", NOW }, { "guid-1", 7, "Title", NOW },
		{ "new", 8, "N", NOW }
	};
	struct ledger_edition e = { .list = "show", .name = "2025-W25",
	    .subject = "S", .html = "", .text = "", .frozen = NOW };
	struct ledger_edition *editions;
	const char *where;
	int64_t first;
	struct ledger *l = ledger_fixture(2, &first);
	size_t n;

	(void)state;
	assert_int_equal(ledger_edition_freeze(l, &e, in, 2, false, &err),
	    -1);
	fixture_told(ERR_REFUSED, "\"Title\" (guid-1) is in edition 2025-W24");
	assert_int_equal(ledger_edition_freeze(l, &e, in, 3, true, &err), -1);
	fixture_told(ERR_INPUT, "twice");
	fixture_ok(ledger_editions(l, "show", &arena, &editions, &n, &err));
	assert_int_equal(n, 1);
	fixture_ok(ledger_episode_edition(l, "show", "new", &arena, &where,
	    &err));
	assert_null(where);
	fixture_ok(ledger_edition_freeze(l, &e, in, 2, true, &err));
	assert_int_equal(ledger_edition_freeze(l, &e, in, 2, true, &err), -1);
	fixture_told(ERR_TEMPORARY, "has got an edition 2025-W25 meanwhile");
	e.name = "2025-W26";
	fixture_ok(ledger_edition_freeze(l, &e, in, 2, true, &err));
	fixture_ok(ledger_episode_edition(l, "show", "guid-1", &arena, &where,
	    &err));
	assert_string_equal(where, "2025-W26");
	ledger_fixture_counts(l, first, "2 0 0 0 0 0 0 0");
	ledger_close(l);
}

static void
friend_is_found(void **state)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_friend f;
	bool found;

	(void)state;
	ledger_fixture_friends(l, "show", 3);
	ledger_fixture_friends(l, "other", 4);
	assert_int_equal(ledger_friend_find(l, "show", "f2@example.org", NULL,
	    &arena, &f, &err), 1);
	assert_string_equal(f.address, "F2@Example.org");
	assert_string_equal(f.ref, "ref2");
	assert_int_equal(f.left, 0);
	assert_int_equal(ledger_friend_find(l, "show", NULL, "ref3", &arena,
	    &f, &err), 1);
	assert_string_equal(f.key, "f3@example.org");
	assert_int_equal(ledger_friend_find(l, "show", NULL, "ref4", &arena,
	    &f, &err), 0);
	assert_int_equal(ledger_friend_find(l, "show", "f4@example.org", NULL,
	    &arena, &f, &err), 0);
	fixture_ok(ledger_friend_remove(l, "show", "f3@example.org", NOW + 7,
	    &found, &err));
	assert_int_equal(ledger_friend_find(l, "show", NULL, "ref3", &arena,
	    &f, &err), 1);
	assert_int_equal(f.left, NOW + 7);
	ledger_close(l);
}

static void
edition_has_its_episodes(void **state)
{
	const struct ledger_episode in[2] = {
		{ "g-2", 2, "Two", 41 }, { "g-1", 0, "One", 40 }
	};
	const struct ledger_edition e = { .list = "show", .name = "2025-W25",
	    .subject = "S", .html = "", .text = "", .frozen = 42 };
	struct ledger_edition out;
	struct ledger_episode *p;
	int64_t first;
	struct ledger *l = ledger_fixture(1, &first);
	size_t n;

	(void)state;
	fixture_ok(ledger_edition_freeze(l, &e, in, 2, false, &err));
	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &out,
	    &err), 1);
	fixture_ok(ledger_edition_episodes(l, out.id, &arena, &p, &n, &err));
	assert_int_equal(n, 2);
	assert_string_equal(p[0].title, "Two");
	assert_int_equal(p[0].number, 2);
	assert_string_equal(p[1].guid, "g-1");
	assert_int_equal(p[1].date, 40);
	fixture_ok(ledger_edition_episodes(l, 99, &arena, &p, &n, &err));
	assert_int_equal(n, 0);
	ledger_close(l);
}

/* What is around the discarded one stays as it is. */
static void
edition_is_discarded(void **state)
{
	struct ledger_edition e[3], *left;
	struct ledger *l = ledger_fixture_open();
	struct ledger_delivery *d;
	const char *where;
	size_t n, i;

	(void)state;
	ledger_fixture_friends(l, "show", 3);
	for (i = 0; i < 3; i++) {
		ledger_fixture_freeze(l, "show", i == 0 ? "a" : i == 1 ? "b" :
		    "c");
		assert_int_equal(ledger_edition_get(l, "show", NULL, &arena,
		    &e[i], &err), 1);
	}
	d = ledger_fixture_claim(l, e[1].id, 0, 0, 2, 2);
	ledger_fixture_settle(l, d[0].id, LEDGER_FAILED, "no", NOW);
	ledger_fixture_settle(l, d[1].id, LEDGER_DEFERRED, "later", NOW);
	fixture_ok(ledger_edition_discard(l, &e[1], &err));
	fixture_ok(ledger_editions(l, "show", &arena, &left, &n, &err));
	assert_int_equal(n, 2);
	fixture_ok(ledger_episode_edition(l, "show", "b", &arena, &where,
	    &err));
	assert_null(where);
	fixture_ok(ledger_episode_edition(l, "show", "c", &arena, &where,
	    &err));
	assert_string_equal(where, e[2].name);
	ledger_fixture_counts(l, e[0].id, "3 0 0 0 0 0 0 0");
	ledger_fixture_counts(l, e[1].id, "0 0 0 0 0 0 0 0");
	ledger_fixture_counts(l, e[2].id, "3 0 0 0 0 0 0 0");
	/* Its name and its episode can be used anew. */
	ledger_fixture_freeze(l, "show", "b");
	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &e[1],
	    &err), 1);
	assert_string_equal(e[1].name, "2025-W24-2");
	ledger_fixture_counts(l, e[1].id, "3 0 0 0 0 0 0 0");
	/* The newest one too, whose ids are then given again. */
	fixture_ok(ledger_edition_discard(l, &e[1], &err));
	ledger_fixture_freeze(l, "show", "b");
	ledger_fixture_counts(l, e[2].id, "3 0 0 0 0 0 0 0");
	ledger_close(l);
}

static void
edition_that_went_out_stays(void **state)
{
	static const enum ledger_state states[] = {
		LEDGER_SENT, LEDGER_UNKNOWN
	};
	struct ledger_edition e;
	struct ledger_delivery *d;
	int64_t id;
	struct ledger *l = ledger_fixture(2, &id);
	size_t i;

	(void)state;
	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &e,
	    &err), 1);
	d = ledger_fixture_claim(l, id, 0, 0, 1, 1);
	assert_int_equal(ledger_edition_discard(l, &e, &err), -1);
	fixture_told(ERR_REFUSED, "2025-W24 went to 1 friend, or may have");
	for (i = 0; i < 2; i++) {
		if (i > 0)
			ledger_fixture_resend(l, &d->id, 1, NOW);
		/* Pending again, but what came before is not known. */
		if (i > 0) {
			assert_int_equal(ledger_edition_discard(l, &e, &err),
			    -1);
			fixture_told(ERR_REFUSED, "may have gone");
			d = ledger_fixture_claim(l, id, 0, 0, 1, 1);
		}
		ledger_fixture_settle(l, d->id, states[i], "ok", NOW);
		assert_int_equal(ledger_edition_discardable(l, &e, &err), -1);
		fixture_told(ERR_REFUSED, "may have gone");
		assert_int_equal(ledger_edition_discard(l, &e, &err), -1);
		fixture_told(ERR_REFUSED, "may have gone");
	}
	ledger_fixture_counts(l, id, "1 0 0 0 0 0 1 0");
	ledger_close(l);
}

static void
edition_refused(void **state)
{
	struct ledger_edition e = { .list = "show", .name = "2025-W25",
	    .subject = "S", .html = "", .text = "", .frozen = NOW }, out;
	const struct ledger_episode in = { "g", 1, "T", NOW };
	const struct ledger_episode no_guid = { "", 1, "T", NOW };
	struct ledger *l = ledger_fixture_open();
	bool found;

	(void)state;
	assert_int_equal(ledger_edition_freeze(l, &e, &in, 1, false, &err),
	    -1);
	fixture_told(ERR_INPUT, "the list \"show\" has no friends");
	ledger_fixture_friends(l, "show", 1);
	fixture_ok(ledger_friend_remove(l, "show", "f1@example.org", NOW,
	    &found, &err));
	assert_int_equal(ledger_edition_freeze(l, &e, &in, 1, false, &err),
	    -1);
	fixture_told(ERR_INPUT, "has no friends");
	e.name = "a name that is far too long for one";
	assert_int_equal(ledger_edition_freeze(l, &e, &in, 1, false, &err),
	    -1);
	fixture_told(ERR_INPUT, "the edition's name is longer than");
	e.name = "2025-W25";
	e.mold_len = (size_t)33 << 20;
	assert_int_equal(ledger_edition_freeze(l, &e, &in, 1, false, &err),
	    -1);
	fixture_told(ERR_INPUT, "the message is longer than");
	e.mold_len = 0;
	assert_int_equal(ledger_edition_freeze(l, &e, &no_guid, 1, false,
	    &err), -1);
	fixture_told(ERR_INPUT, "the guid is empty");
	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &out,
	    &err), 0);
	ledger_close(l);
}

static void
unfinished_is_the_oldest(void **state)
{
	struct ledger *l;
	struct ledger_delivery *d;
	struct ledger_edition out;
	int64_t a, b;

	(void)state;
	l = ledger_fixture(1, &a);
	b = ledger_fixture_freeze(l, "show", "guid-2");
	assert_int_equal(ledger_edition_unfinished(l, "show", 0, &arena,
	    &out, &err), 1);
	assert_int_equal(out.id, a);
	d = ledger_fixture_claim(l, a, 0, 0, 9, 1);
	assert_int_equal(ledger_edition_unfinished(l, "show", 0, &arena,
	    &out, &err), 1);
	assert_int_equal(out.id, a);
	ledger_fixture_settle(l, d->id, LEDGER_DEFERRED, "later", NOW);
	assert_int_equal(ledger_edition_unfinished(l, "show", 0, &arena,
	    &out, &err), 1);
	assert_int_equal(out.id, a);
	assert_int_equal(ledger_edition_unfinished(l, "show", a, &arena,
	    &out, &err), 1);
	assert_int_equal(out.id, b);
	assert_int_equal(ledger_edition_unfinished(l, "show", b, &arena,
	    &out, &err), 0);
	d = ledger_fixture_claim(l, a, 0, NOW + 1, 9, 1);
	ledger_fixture_settle(l, d->id, LEDGER_FAILED, "no", NOW);
	assert_int_equal(ledger_edition_unfinished(l, "show", 0, &arena,
	    &out, &err), 1);
	assert_int_equal(out.id, b);
	d = ledger_fixture_claim(l, b, 0, 0, 9, 1);
	ledger_fixture_settle(l, d->id, LEDGER_SENT, "ok", NOW);
	assert_int_equal(ledger_edition_unfinished(l, "show", 0, &arena,
	    &out, &err), 0);
	assert_int_equal(ledger_edition_unfinished(l, "none", 0, &arena,
	    &out, &err), 0);
	ledger_close(l);
}

static void
begun(void **state)
{
	struct ledger_episode in[2] = {
		{ "later", 3, "T", NOW + 60 }, { "due", 2, "T", NOW - 60 }
	};
	struct ledger_edition e = { .list = "show", .name = "a",
	    .subject = "S", .html = "", .text = "", .frozen = NOW };
	struct ledger *l = ledger_fixture_open();
	int64_t date = 5;

	(void)state;
	ledger_fixture_friends(l, "show", 1);
	ledger_fixture_friends(l, "other", 1);
	ledger_fixture_freeze(l, "other", "g");
	assert_int_equal(ledger_begun(l, "show", &date, &err), 0);
	/* Sent before its date: the list did not begin with it. */
	fixture_ok(ledger_edition_freeze(l, &e, in, 1, false, &err));
	assert_int_equal(ledger_begun(l, "show", &date, &err), 0);
	assert_int_equal(date, 5);
	e.name = "b";
	in[0].guid = "much later";
	fixture_ok(ledger_edition_freeze(l, &e, in, 2, false, &err));
	assert_int_equal(ledger_begun(l, "show", &date, &err), 1);
	assert_int_equal(date, NOW - 60);
	/* A later edition with an older episode moves nothing. */
	e.name = "c";
	in[0] = (struct ledger_episode){ "old", 1, "T", NOW - 999 };
	fixture_ok(ledger_edition_freeze(l, &e, in, 1, false, &err));
	assert_int_equal(ledger_begun(l, "show", &date, &err), 1);
	assert_int_equal(date, NOW - 60);
	assert_int_equal(ledger_begun(l, "none", &date, &err), 0);
	ledger_close(l);
}

static void
what_is_left(void **state)
{
	struct ledger_delivery *d;
	struct ledger_left *left;
	int64_t a, b;
	struct ledger *l = ledger_fixture(6, &a);
	size_t n;

	(void)state;
	b = ledger_fixture_freeze(l, "show", "guid-2");
	ledger_fixture_friends(l, "other", 2);
	ledger_fixture_freeze(l, "other", "guid-1");
	d = ledger_fixture_claim(l, a, 0, 0, 6, 6);
	ledger_fixture_settle(l, d[0].id, LEDGER_SENT, "", NOW);
	ledger_fixture_settle(l, d[1].id, LEDGER_FAILED, "", NOW);
	ledger_fixture_settle(l, d[2].id, LEDGER_FAILED, "", NOW);
	ledger_fixture_settle(l, d[3].id, LEDGER_UNKNOWN, "", NOW);
	ledger_fixture_settle(l, d[4].id, LEDGER_DEFERRED, "", NOW);
	ledger_fixture_settle(l, d[5].id, LEDGER_PENDING, "", NOW);
	fixture_ok(ledger_left(l, "show", NOW, &arena, &left, &n, &err));
	assert_int_equal(n, 2);
	assert_int_equal(left[0].edition, a);
	assert_string_equal(left[0].name, "2025-W24");
	assert_int_equal(left[0].counts.failed, 2);
	assert_int_equal(left[0].counts.unknown, 1);
	assert_int_equal(left[0].counts.deferred, 1);
	assert_int_equal(left[0].counts.pending, 1);
	assert_int_equal(left[0].counts.sent, 0);
	/* Told, until it is claimed from again. */
	assert_true(left[0].untold);
	assert_false(left[1].untold);
	fixture_ok(ledger_told(l, a, &err));
	fixture_ok(ledger_left(l, "show", NOW, &arena, &left, &n, &err));
	assert_false(left[0].untold);
	fixture_ok(ledger_claim_these(l, &d[5].id, 1, NOW, &arena, &d, &n,
	    &err));
	assert_int_equal(n, 1);
	fixture_ok(ledger_left(l, "show", NOW, &arena, &left, &n, &err));
	assert_true(left[0].untold);
	assert_int_equal(left[1].edition, b);
	assert_int_equal(left[1].counts.pending, 6);
	d = ledger_fixture_claim(l, b, 0, 0, 6, 6);
	for (n = 0; n < 6; n++)
		ledger_fixture_settle(l, d[n].id, LEDGER_SENT, "", NOW);
	fixture_ok(ledger_left(l, "show", NOW, &arena, &left, &n, &err));
	assert_int_equal(n, 1);
	ledger_close(l);
}

static void
peeking_changes_nothing(void **state)
{
	unsigned char key[LEDGER_KEY_SIZE];
	char id[LEDGER_NAME_MAX];
	struct ledger_friend f = { .address = "n@example.org",
	    .key = "n@example.org" };
	struct ledger *l;
	int64_t e;
	size_t n;

	(void)state;
	assert_null(ledger_peek(ledger_fixture_place(), &err));
	assert_int_equal(access(fixture_path("ledger.db"), F_OK), -1);
	if (fixture_server[0] != '\0')
		fixture_told(ERR_NOINPUT, "has nothing in it yet");
	ledger_close(ledger_fixture(2, &e));
	l = ledger_peek(ledger_fixture_place(), &err);
	assert_non_null(l);
	ledger_fixture_counts(l, e, "2 0 0 0 0 0 0 0");
	assert_int_equal(ledger_key(l, id, key, &err), 1);
	assert_int_equal(ledger_friends_add(l, "show", &f, 1, false, NOW,
	    NULL, &err), -1);
	fixture_told(ERR_OUTPUT, "write-protected");
	ledger_close(l);
	l = ledger_fixture_open();
	fixture_ok(ledger_friends_count(l, "show", &n, &err));
	assert_int_equal(n, 2);
	fixture_ok(ledger_key(l, id, key, &err));
	ledger_close(l);
	l = ledger_peek(ledger_fixture_place(), &err);
	assert_int_equal(ledger_key(l, id, key, &err), 0);
	ledger_close(l);
}

int
main(void)
{
#define TEST(f) LEDGER_TEST(f)
	const struct CMUnitTest tests[] = {
		TEST(friends_add_and_list),
		TEST(friends_leave_and_return),
		TEST(a_left_that_is_too_old),
		TEST(rows_of_one_friend),
		TEST(friends_added_as_left),
		TEST(friends_all_or_none),
		TEST(friends_by_pages),
		TEST(key_stays),
		TEST(edition_comes_back),
		TEST(edition_names_count_up),
		TEST(edition_again),
		TEST(friend_is_found),
		TEST(edition_has_its_episodes),
		TEST(edition_is_discarded),
		TEST(edition_that_went_out_stays),
		TEST(edition_refused),
		TEST(unfinished_is_the_oldest),
		TEST(begun),
		TEST(what_is_left),
		TEST(peeking_changes_nothing)
	};

	return ledger_fixture_run(tests, sizeof(tests) / sizeof(tests[0]));
}
