/* Deliveries that wait for their time, several settled in one commit, and what
 * is remembered of a relay. */
#include "ledger_fixture.h"

static void
put_off(struct ledger *l, int64_t id, enum ledger_state state, int64_t due)
{
	const struct ledger_outcome o = {
		.id = id, .state = state, .text = "later", .queue_id = "",
		.due = due
	};

	fixture_ok(ledger_settle(l, &o, 1, NOW + 20, &err));
}

static size_t
claim_at(struct ledger *l, int64_t edition, int64_t before, int64_t now,
    struct ledger_delivery **d)
{
	size_t n;

	fixture_ok(ledger_claim(l, edition, 0, before, LEDGER_TURN_ALL, LEDGER_CLAIM_MAX, now,
	    &arena, d, &n, &err));
	return n;
}

static void
next_is(struct ledger *l, int64_t edition, int64_t before, int64_t expect)
{
	int64_t due = -1;
	int r = ledger_next_due(l, edition, before, NOW, &due, &err);

	assert_int_equal(r, expect >= 0);
	if (expect >= 0)
		assert_int_equal(due, expect);
}

static void
not_before_its_time(void **state)
{
	struct ledger_delivery *d;
	int64_t e;
	struct ledger *l = ledger_fixture(3, &e);

	(void)state;
	next_is(l, e, NOW, 0);
	d = ledger_fixture_claim(l, e, 0, 0, 2, 2);
	put_off(l, d[0].id, LEDGER_PENDING, NOW + 100);
	assert_int_equal(claim_at(l, e, NOW, NOW + 99, &d), 1);
	assert_int_equal(d[0].due, 0);
	ledger_fixture_settle(l, d[0].id, LEDGER_SENT, "", NOW);
	next_is(l, e, NOW, NOW + 100);
	assert_int_equal(claim_at(l, e, NOW, NOW + 99, &d), 0);
	assert_int_equal(claim_at(l, e, NOW, NOW + 100, &d), 1);
	assert_int_equal(d[0].due, NOW + 100);
	assert_int_equal(d[0].attempts, 0);
	ledger_close(l);
}

/* A clock that was a day ahead when they were put off, and is right now. */
static void
a_clock_that_was_ahead(void **state)
{
	const int64_t ahead = NOW + 86400;
	struct ledger_outcome o[2] = {
		{ .state = LEDGER_DEFERRED, .text = "later", .queue_id = "" },
		{ .state = LEDGER_PENDING, .text = "", .queue_id = "",
		    .due = ahead + 3600 }
	};
	struct ledger_delivery *d;
	int64_t e;
	struct ledger *l = ledger_fixture(3, &e);

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 3, 3);
	o[0].id = d[0].id;
	o[1].id = d[1].id;
	ledger_fixture_settle(l, d[2].id, LEDGER_SENT, "", NOW);
	fixture_ok(ledger_settle(l, o, 2, ahead, &err));
	assert_int_equal(claim_at(l, e, NOW, ahead, &d), 0);
	assert_int_equal(claim_at(l, e, NOW, NOW, &d), 2);
	ledger_close(l);
}

/* Deferred, claimed again and not tried: as it was, with its time and its
 * answer; also where the claim was left by a run that was killed. */
static void
not_tried_after_all(void **state)
{
	struct ledger_delivery *d, now;
	size_t n, freed;
	int64_t e;
	struct ledger *l = ledger_fixture(3, &e);
	int round;

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 2, 2);
	put_off(l, d[0].id, LEDGER_DEFERRED, 0);
	put_off(l, d[1].id, LEDGER_DEFERRED, NOW + 60);
	for (round = 0; round < 2; round++) {
		assert_int_equal(claim_at(l, e, NOW + 30, NOW + 99, &d), 3);
		if (round == 1)
			fixture_ok(ledger_recover(l, "show", NOW + 99, NULL,
			    &freed, &err));
		for (n = 0; n < 3 && round == 0; n++)
			put_off(l, d[n].id, LEDGER_PENDING, 0);
		ledger_fixture_counts(l, e, "1 0 0 0 2 0 0 0");
		fixture_ok(ledger_deliveries(l, e, LEDGER_DEFERRED, 0, 9,
		    &arena, &d, &n, &err));
		assert_int_equal(n, 2);
		assert_int_equal(d[0].changed, NOW + 20);
		assert_int_equal(d[1].changed, NOW + 20);
		assert_int_equal(d[1].due, NOW + 60);
		assert_string_equal(d[1].text, "later");
		assert_int_equal(d[1].attempts, 1);
	}
	/* Nobody gives up what was not tried since. */
	fixture_ok(ledger_give_up(l, e, NOW + 1000, NOW + 90, NOW + 99, &n,
	    &err));
	assert_int_equal(n, 0);
	/* One that was sent again on request was pending. */
	ledger_fixture_resend(l, &d[0].id, 1, NOW + 99);
	assert_int_equal(claim_at(l, e, 0, NOW + 20, &d), 2);
	now = d[0];
	put_off(l, now.id, LEDGER_PENDING, 0);
	ledger_fixture_counts(l, e, "1 1 0 0 1 0 0 0");
	ledger_close(l);
}

/* What this run deferred waits for its time, or for a later run. */
static void
deferred_within_a_run(void **state)
{
	struct ledger_delivery *d;
	int64_t e;
	struct ledger *l = ledger_fixture(2, &e);

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 2, 2);
	put_off(l, d[0].id, LEDGER_DEFERRED, NOW + 60);
	put_off(l, d[1].id, LEDGER_DEFERRED, 0);
	next_is(l, e, NOW, NOW + 60);
	assert_int_equal(claim_at(l, e, NOW, NOW + 59, &d), 0);
	assert_int_equal(claim_at(l, e, NOW, NOW + 60, &d), 1);
	assert_int_equal(d[0].attempts, 1);
	/* Not tried after all: no attempt counts. */
	put_off(l, d[0].id, LEDGER_PENDING, NOW + 90);
	ledger_fixture_counts(l, e, "1 0 0 0 1 0 0 0");
	next_is(l, e, NOW, NOW + 90);
	/* A later run takes what was deferred, whatever the time. */
	next_is(l, e, NOW + 21, 0);
	assert_int_equal(claim_at(l, e, NOW + 21, NOW + 90, &d), 2);
	assert_int_equal(d[0].attempts, 1);
	ledger_fixture_settle(l, d[0].id, LEDGER_SENT, "", NOW);
	ledger_fixture_settle(l, d[1].id, LEDGER_SENT, "", NOW);
	next_is(l, e, NOW + 99, -1);
	ledger_close(l);
}

/* None is found, and yet something was. */
static void
only_those_who_left(void **state)
{
	struct ledger_delivery *d;
	int64_t e;
	struct ledger *l = ledger_fixture(2, &e);
	bool found;
	size_t n;

	(void)state;
	fixture_ok(ledger_friend_remove(l, "show", "f1@example.org", NOW,
	    &found, &err));
	fixture_ok(ledger_friend_remove(l, "show", "f2@example.org", NOW,
	    &found, &err));
	assert_int_equal(ledger_claim(l, e, 0, 0, LEDGER_TURN_ALL, 9, NOW,
	    &arena, &d, &n, &err), 1);
	assert_int_equal(n, 0);
	ledger_fixture_counts(l, e, "0 0 0 0 0 0 0 2");
	assert_int_equal(ledger_claim(l, e, 0, 0, LEDGER_TURN_ALL, 9, NOW,
	    &arena, &d, &n, &err), 0);
	ledger_close(l);
}

/* Deferred, and put off when its turn came: it is deferred all the same, for the
 * next claim and for the next run. */
static void
put_off_after_deferred(void **state)
{
	struct ledger_delivery *d;
	int64_t e;
	struct ledger *l = ledger_fixture(2, &e);
	size_t n;
	int round;

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 2, 2);
	put_off(l, d[0].id, LEDGER_DEFERRED, 0);
	put_off(l, d[1].id, LEDGER_PENDING, NOW + 70);
	for (round = 0; round < 3; round++) {
		assert_int_equal(claim_at(l, e, NOW + 30, NOW + 99, &d), 2);
		assert_true(d[0].was_deferred);
		assert_false(d[1].was_deferred);
		put_off(l, d[0].id, LEDGER_PENDING, round < 2 ? NOW + 80 : 0);
		put_off(l, d[1].id, LEDGER_PENDING, NOW + 80);
		ledger_fixture_counts(l, e, round < 2 ? "2 0 0 0 0 0 0 0" :
		    "1 0 0 0 1 0 0 0");
	}
	assert_int_equal(claim_at(l, e, NOW + 30, NOW + 99, &d), 2);
	put_off(l, d[0].id, LEDGER_PENDING, NOW + 80);
	put_off(l, d[1].id, LEDGER_PENDING, NOW + 80);
	fixture_ok(ledger_plan_again(l, e, &err));
	ledger_fixture_counts(l, e, "2 0 0 0 0 0 0 0");
	fixture_ok(ledger_defer_again(l, e, &err));
	ledger_fixture_counts(l, e, "1 0 0 0 1 0 0 0");
	fixture_ok(ledger_deliveries(l, e, LEDGER_DEFERRED, 0, 9, &arena, &d,
	    &n, &err));
	assert_int_equal(d[0].changed, NOW + 20);
	/* Within the run it is waited for still, and a later one does not. */
	assert_int_equal(d[0].due, NOW + 80);
	assert_int_equal(claim_at(l, e, NOW, NOW + 79, &d), 1);
	assert_false(d[0].was_deferred);
	put_off(l, d[0].id, LEDGER_PENDING, NOW + 90);
	assert_int_equal(claim_at(l, e, NOW, NOW + 80, &d), 1);
	assert_true(d[0].was_deferred);
	put_off(l, d[0].id, LEDGER_PENDING, NOW + 90);
	fixture_ok(ledger_defer_again(l, e, &err));
	assert_int_equal(claim_at(l, e, NOW + 30, NOW + 31, &d), 1);
	assert_true(d[0].was_deferred);
	/* Who it is tried for in vain is given up, put off behind that or not. */
	put_off(l, d[0].id, LEDGER_PENDING, NOW + 90);
	fixture_ok(ledger_drop_waiting(l, e, NOW + 40, &n, &err));
	assert_int_equal(n, 2);
	ledger_fixture_counts(l, e, "0 0 0 0 0 2 0 0");
	fixture_ok(ledger_deliveries(l, e, LEDGER_FAILED, 0, 9, &arena, &d,
	    &n, &err));
	assert_string_equal(d[0].text, "given up on command: later");
	assert_int_equal(d[0].attempts, 1);
	ledger_close(l);
}

static void
sent_again_at_once(void **state)
{
	struct ledger_delivery *d;
	int64_t e, id;
	struct ledger *l = ledger_fixture(1, &e);

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 1, 1);
	id = d[0].id;
	put_off(l, id, LEDGER_DEFERRED, NOW + 1000);
	ledger_fixture_resend(l, &id, 1, NOW + 30);
	next_is(l, e, NOW, 0);
	ledger_close(l);
}

static void
booked_together(void **state)
{
	struct ledger_outcome rows[2] = {
		{ .state = LEDGER_SENT, .code = 250, .text = "a",
		    .queue_id = "1" },
		{ .state = LEDGER_FAILED, .code = 550, .text = "b",
		    .queue_id = "", .due = NOW }
	};
	struct ledger_delivery *d;
	int64_t e, doubt[2];
	struct ledger *l = ledger_fixture(4, &e);

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 4, 4);
	rows[0].id = d[0].id;
	rows[1].id = d[1].id;
	doubt[0] = d[2].id;
	doubt[1] = d[3].id;
	fixture_ok(ledger_book(l, rows, 2, doubt, 2, NOW, &err));
	ledger_fixture_counts(l, e, "0 0 2 1 0 1 0 0");
	/* All or nothing. */
	rows[0].id = doubt[0];
	assert_int_equal(ledger_book(l, rows, 1, doubt + 1, 1, NOW, &err),
	    -1);
	fixture_told(ERR_INTERNAL, "is not claimed");
	ledger_fixture_counts(l, e, "0 0 2 1 0 1 0 0");
	fixture_ok(ledger_book(l, NULL, 0, NULL, 0, NOW, &err));
	ledger_close(l);
}

static void
limits_are_remembered(void **state)
{
	const struct ledger_limit first = { 3600, 2, NOW };
	const struct ledger_limit second = { 0, 1, NOW + 5 };
	struct ledger *l = ledger_fixture_open();
	struct ledger_limit out;

	(void)state;
	assert_int_equal(ledger_limit_get(l, "smtp://a", &out, &err), 0);
	fixture_ok(ledger_limit_set(l, "smtp://a", &first, &err));
	fixture_ok(ledger_limit_set(l, "smtp://b", &second, &err));
	fixture_ok(ledger_limit_set(l, "smtp://a", &second, &err));
	assert_int_equal(ledger_limit_get(l, "smtp://a", &out, &err), 1);
	assert_int_equal(out.rate, 0);
	assert_int_equal(out.connections, 1);
	assert_int_equal(out.learnt, NOW + 5);
	ledger_close(l);
}

/* One whose zone was set meanwhile would get it at any hour. */
static void
zones_of_all(void **state)
{
	static const struct ledger_due due[] = {
		{ "", NOW + 100 }, { "Asia/Tokyo", NOW + 50 }
	};
	const struct ledger_episode episode = { "g2", 8, "Title", NOW };
	struct ledger_edition in = { .list = "show", .name = "2025-W26",
		.subject = "S", .html = "h", .text = "t", .mold = "m",
		.mold_len = 1, .frozen = NOW, .due = due, .ndue = 1 }, out;
	const struct ledger_friend far = { .address = "far@example.org",
		.key = "far@example.org", .name = "", .ref = "far",
		.zone = "Asia/Tokyo" };
	struct ledger_delivery *d;
	int64_t e;
	struct ledger *l = ledger_fixture(2, &e);

	(void)state;
	fixture_ok(ledger_friends_add(l, "show", &far, 1, false, NOW, NULL,
	    &err));
	assert_int_equal(ledger_edition_freeze(l, &in, &episode, 1, false,
	    &err), -1);
	fixture_told(ERR_TEMPORARY, "another time zone meanwhile");
	in.ndue = 2;
	fixture_ok(ledger_edition_freeze(l, &in, &episode, 1, false, &err));
	assert_int_equal(ledger_edition_get(l, "show", "2025-W26", &arena,
	    &out, &err), 1);
	assert_int_equal(claim_at(l, out.id, NOW, NOW + 49, &d), 0);
	assert_int_equal(claim_at(l, out.id, NOW, NOW + 50, &d), 1);
	assert_string_equal(d[0].key, "far@example.org");
	assert_int_equal(claim_at(l, out.id, NOW, NOW + 100, &d), 2);
	ledger_close(l);
}

#define TEST(f) LEDGER_TEST(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(not_before_its_time),
		TEST(a_clock_that_was_ahead),
		TEST(not_tried_after_all),
		TEST(deferred_within_a_run),
		TEST(only_those_who_left),
		TEST(put_off_after_deferred),
		TEST(sent_again_at_once),
		TEST(booked_together),
		TEST(limits_are_remembered),
		TEST(zones_of_all),
	};

	return ledger_fixture_run(tests, sizeof(tests) / sizeof(tests[0]));
}
