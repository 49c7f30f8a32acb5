/* Deliveries: the way from pending to settled, and what a kill leaves. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include <sqlite3.h>

#include "ledger_fixture.h"

static struct ledger_delivery
delivery(struct ledger *l, int64_t edition, int64_t id)
{
	struct ledger_delivery *d;
	size_t n;

	fixture_ok(ledger_deliveries(l, edition, -1, id - 1, 1, &arena, &d, &n,
	    &err));
	assert_int_equal(n, 1);
	assert_int_equal(d->id, id);
	return *d;
}

static void
claim_doubt_settle(void **state)
{
	struct ledger_delivery *d, now;
	int64_t e;
	struct ledger *l = ledger_fixture(3, &e);

	(void)state;
	ledger_fixture_counts(l, e, "3 0 0 0 0 0 0 0");
	d = ledger_fixture_claim(l, e, 0, 0, 2, 2);
	assert_true(d[0].id < d[1].id);
	assert_int_equal(d[0].state, LEDGER_CLAIMED);
	assert_string_equal(d[0].address, "F1@Example.org");
	assert_string_equal(d[0].key, "f1@example.org");
	assert_string_equal(d[0].name, "Ada");
	assert_string_equal(d[0].ref, "ref1");
	assert_int_equal(d[0].attempts, 0);
	ledger_fixture_counts(l, e, "1 2 0 0 0 0 0 0");
	fixture_ok(ledger_doubt(l, d[0].id, NOW + 11, &err));
	ledger_fixture_counts(l, e, "1 1 1 0 0 0 0 0");
	ledger_fixture_settle(l, d[0].id, LEDGER_SENT, "2.0.0 Ok", NOW + 12);
	ledger_fixture_counts(l, e, "1 1 0 1 0 0 0 0");
	now = delivery(l, e, d[0].id);
	assert_int_equal(now.state, LEDGER_SENT);
	assert_int_equal(now.attempts, 1);
	assert_int_equal(now.code, 250);
	assert_string_equal(now.text, "2.0.0 Ok");
	assert_string_equal(now.queue_id, "QID");
	assert_int_equal(now.changed, NOW + 12);

	/* Never tried: as if it had not been claimed. */
	ledger_fixture_settle(l, d[1].id, LEDGER_PENDING, "ignored", NOW);
	now = delivery(l, e, d[1].id);
	assert_int_equal(now.state, LEDGER_PENDING);
	assert_int_equal(now.attempts, 0);
	assert_string_equal(now.text, "");
	ledger_close(l);
}

static void
only_what_is_claimed(void **state)
{
	struct ledger_outcome o[2] = {
		{ .state = LEDGER_SENT, .text = "a", .queue_id = "" },
		{ .state = LEDGER_SENT, .text = "b", .queue_id = "" }
	};
	struct ledger_delivery *d;
	int64_t e;
	struct ledger *l = ledger_fixture(3, &e);

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 1, 1);
	assert_int_equal(ledger_doubt(l, d[0].id + 1, NOW, &err), -1);
	fixture_told(ERR_INTERNAL, "is not claimed");
	assert_int_equal(ledger_doubt(l, 999, NOW, &err), -1);
	fixture_told(ERR_INTERNAL, "delivery 999 is not claimed");
	fixture_ok(ledger_doubt(l, d[0].id, NOW, &err));
	assert_int_equal(ledger_doubt(l, d[0].id, NOW, &err), -1);
	fixture_told(ERR_INTERNAL, "is not claimed");

	/* One wrong row undoes the whole batch. */
	o[0].id = d[0].id;
	o[1].id = d[0].id + 1;
	assert_int_equal(ledger_settle(l, o, 2, NOW, &err), -1);
	fixture_told(ERR_INTERNAL, "neither claimed nor being sent");
	ledger_fixture_counts(l, e, "2 0 1 0 0 0 0 0");
	o[0].state = LEDGER_SKIPPED;
	assert_int_equal(ledger_settle(l, o, 1, NOW, &err), -1);
	fixture_told(ERR_INTERNAL, "settled as skipped");
	o[0].state = LEDGER_CLAIMED;
	assert_int_equal(ledger_settle(l, o, 1, NOW, &err), -1);
	fixture_told(ERR_INTERNAL, "settled as claimed");
	fixture_ok(ledger_settle(l, o, 0, NOW, &err));

	d = ledger_fixture_claim(l, e, 0, 0, 1, 1);
	o[0].state = LEDGER_SENT;
	o[1].id = d[0].id;
	fixture_ok(ledger_settle(l, o, 2, NOW, &err));
	ledger_fixture_counts(l, e, "1 0 0 2 0 0 0 0");
	ledger_close(l);
}

static void
answers_are_cleaned(void **state)
{
	char text[900];
	struct ledger_delivery *d, now;
	int64_t e;
	struct ledger *l = ledger_fixture(3, &e);

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 3, 3);
	ledger_fixture_settle(l, d[0].id, LEDGER_FAILED,
	    "\r\n5.1.1 no\r\n\tsuch \x1b[1muser\x7f\xc2\x9b \n", NOW);
	assert_string_equal(delivery(l, e, d[0].id).text,
	    "5.1.1 no such [1muser");
	/* 499 bytes and a character of two: cut before it. */
	memset(text, 'x', sizeof(text));
	text[499] = '\xc3';
	text[500] = '\xa9';
	text[899] = '\0';
	ledger_fixture_settle(l, d[1].id, LEDGER_FAILED, text, NOW);
	now = delivery(l, e, d[1].id);
	assert_int_equal(strlen(now.text), 499);
	text[498] = '\xc3';
	text[499] = '\xa9';
	text[500] = 'y';
	ledger_fixture_settle(l, d[2].id, LEDGER_FAILED, text, NOW);
	now = delivery(l, e, d[2].id);
	assert_int_equal(strlen(now.text), 500);
	ledger_close(l);
}

static void
who_left_is_skipped(void **state)
{
	struct ledger_delivery *d;
	char key[40];
	bool found;
	int64_t e;
	struct ledger *l = ledger_fixture(200, &e);
	int i;

	(void)state;
	/* More in a row than one claim takes. */
	for (i = 2; i <= 140; i++) {
		snprintf(key, sizeof(key), "f%d@example.org", i);
		fixture_ok(ledger_friend_remove(l, "show", key, NOW, &found,
		    &err));
		assert_true(found);
	}
	d = ledger_fixture_claim(l, e, 0, 0, 3, 3);
	assert_string_equal(d[0].key, "f1@example.org");
	assert_string_equal(d[1].key, "f141@example.org");
	ledger_fixture_counts(l, e, "58 3 0 0 0 0 0 139");
	ledger_fixture_claim(l, e, d[2].id, 0, 1000, 58);
	ledger_fixture_claim(l, e, 0, 0, 1000, 0);
	ledger_close(l);
}

static void
deferred_when_due(void **state)
{
	struct ledger_delivery *d, *k;
	int64_t e;
	struct ledger *l = ledger_fixture(6, &e);

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 4, 4);
	ledger_fixture_settle(l, d[0].id, LEDGER_DEFERRED, "a", NOW + 100);
	ledger_fixture_settle(l, d[1].id, LEDGER_DEFERRED, "b", NOW + 200);
	ledger_fixture_settle(l, d[2].id, LEDGER_PENDING, "", NOW);
	ledger_fixture_settle(l, d[3].id, LEDGER_DEFERRED, "c", NOW + 100);
	/* 1 and 4 are not due: pending 3, 5 and 6. */
	k = ledger_fixture_claim(l, e, 0, NOW + 100, 9, 3);
	assert_int_equal(k[0].id, d[2].id);
	ledger_fixture_settle(l, k[0].id, LEDGER_PENDING, "", NOW);
	ledger_fixture_settle(l, k[1].id, LEDGER_PENDING, "", NOW);
	/* Mixed, in the order of the ids, and no more than asked for. */
	k = ledger_fixture_claim(l, e, 0, NOW + 101, 3, 3);
	assert_int_equal(k[0].id, d[0].id);
	assert_int_equal(k[0].attempts, 1);
	assert_int_equal(k[0].code, 450);
	assert_string_equal(k[0].text, "a");
	assert_int_equal(k[1].id, d[2].id);
	assert_int_equal(k[2].id, d[3].id);
	/* Behind `after` only. */
	k = ledger_fixture_claim(l, e, d[3].id, NOW + 999, 9, 1);
	assert_int_equal(k[0].id, d[3].id + 1);
	k = ledger_fixture_claim(l, e, 0, NOW + 201, 9, 1);
	assert_int_equal(k[0].id, d[1].id);
	ledger_close(l);
}

static void
claim_is_bounded(void **state)
{
	int64_t e;
	struct ledger *l = ledger_fixture(LEDGER_CLAIM_MAX + 6, &e);

	(void)state;
	ledger_fixture_claim(l, e, 0, 0, 0, 0);
	ledger_fixture_claim(l, e, 0, 0, SIZE_MAX, LEDGER_CLAIM_MAX);
	ledger_fixture_claim(l, e, 0, 0, SIZE_MAX, 6);
	ledger_fixture_claim(l, e + 99, 0, 0, SIZE_MAX, 0);
	ledger_close(l);
}

static void
recover_after_kill(void **state)
{
	struct ledger_delivery *d;
	size_t unknown = 9, freed = 9;
	int64_t e;
	struct ledger *l = ledger_fixture(5, &e);

	(void)state;
	ledger_set_boot_id(l, "boot-1");
	fixture_ok(ledger_recover(l, "show", NOW, &unknown, &freed, &err));
	assert_int_equal(unknown + freed, 0);
	d = ledger_fixture_claim(l, e, 0, 0, 4, 4);
	fixture_ok(ledger_doubt(l, d[0].id, NOW, &err));
	fixture_ok(ledger_doubt(l, d[1].id, NOW, &err));
	ledger_fixture_settle(l, d[1].id, LEDGER_SENT, "ok", NOW);
	ledger_close(l);

	l = ledger_fixture_open();
	ledger_set_boot_id(l, "boot-1");
	fixture_ok(ledger_recover(l, "other", NOW, &unknown, &freed, &err));
	assert_int_equal(unknown + freed, 0);
	fixture_ok(ledger_recover(l, "show", NOW + 50, &unknown, &freed, &err));
	assert_int_equal(unknown, 1);
	assert_int_equal(freed, 2);
	ledger_fixture_counts(l, e, "3 0 0 1 0 0 1 0");
	assert_int_equal(delivery(l, e, d[0].id).state, LEDGER_UNKNOWN);
	assert_int_equal(delivery(l, e, d[0].id).attempts, 1);
	assert_string_equal(delivery(l, e, d[0].id).text,
	    "stopped before the answer was seen");
	assert_int_equal(delivery(l, e, d[2].id).attempts, 0);
	fixture_ok(ledger_recover(l, "show", NOW, NULL, NULL, &err));
	ledger_fixture_counts(l, e, "3 0 0 1 0 0 1 0");
	ledger_close(l);
}

static void
recover_after_power_cut(void **state)
{
	struct ledger_delivery *d;
	size_t unknown, freed;
	int64_t e;
	struct ledger *l = ledger_fixture(5, &e);

	(void)state;
	ledger_set_boot_id(l, "boot-1");
	d = ledger_fixture_claim(l, e, 0, 0, 2, 2);
	fixture_ok(ledger_doubt(l, d[0].id, NOW, &err));
	ledger_set_boot_id(l, "boot-2");
	ledger_fixture_claim(l, e, 0, 0, 1, 1);
	fixture_ok(ledger_recover(l, "show", NOW, &unknown, &freed, &err));
	assert_int_equal(unknown, 2);
	assert_int_equal(freed, 1);
	ledger_fixture_counts(l, e, "3 0 0 0 0 0 2 0");
	assert_string_equal(delivery(l, e, d[1].id).text,
	    "the machine stopped; it may have been sent");
	ledger_close(l);
}

/* What is seen before the recovery is what it then makes. */
static void
doubt_is_seen_before(void **state)
{
	static const bool doubtful[5] = { true, true, false, false, false };
	struct ledger_delivery *d, *seen;
	size_t n, i;
	int64_t e;
	struct ledger *l = ledger_fixture(5, &e);

	(void)state;
	ledger_set_boot_id(l, "boot-1");
	d = ledger_fixture_claim(l, e, 0, 0, 1, 1);
	ledger_set_boot_id(l, "boot-2");
	d = ledger_fixture_claim(l, e, 0, 0, 3, 3);
	fixture_ok(ledger_doubt(l, d[0].id, NOW, &err));
	ledger_fixture_settle(l, d[2].id, LEDGER_UNKNOWN, "", NOW);
	fixture_ok(ledger_deliveries(l, e, -1, 0, 9, &arena, &seen, &n, &err));
	assert_int_equal(n, 5);
	for (i = 0; i < n; i++)
		assert_int_equal(seen[i].in_doubt, doubtful[i]);
	fixture_ok(ledger_recover(l, "show", NOW, &n, NULL, &err));
	assert_int_equal(n, 2);
	fixture_ok(ledger_deliveries(l, e, -1, 0, 9, &arena, &seen, &n, &err));
	for (i = 0; i < n; i++)
		assert_false(seen[i].in_doubt);
	ledger_close(l);
}

static void
unknown_is_decided(void **state)
{
	struct ledger_delivery *d;
	int64_t e, ids[3];
	struct ledger *l = ledger_fixture(3, &e);
	size_t i;

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 3, 3);
	for (i = 0; i < 3; i++)
		ids[i] = d[i].id;
	ledger_fixture_settle(l, ids[0], LEDGER_UNKNOWN, "lost", NOW);
	ledger_fixture_settle(l, ids[1], LEDGER_UNKNOWN, "lost", NOW);
	ledger_fixture_settle(l, ids[2], LEDGER_DEFERRED, "later", NOW);
	assert_int_equal(ledger_decide(l, ids, 1, LEDGER_PENDING, NOW, &err),
	    -1);
	fixture_told(ERR_INTERNAL, "pending");
	fixture_ok(ledger_decide(l, ids, 1, LEDGER_SENT, NOW + 9, &err));
	fixture_ok(ledger_decide(l, ids, 3, LEDGER_FAILED, NOW + 10, &err));
	ledger_fixture_counts(l, e, "0 0 0 1 1 1 0 0");
	assert_int_equal(delivery(l, e, ids[0]).changed, NOW + 9);
	assert_int_equal(delivery(l, e, ids[1]).attempts, 1);
	assert_string_equal(delivery(l, e, ids[1]).text,
	    "as told by hand; before: lost");
	assert_string_equal(delivery(l, e, ids[2]).text, "later");
	ledger_close(l);
}

static void
the_log_has_found_some(void **state)
{
	struct ledger_outcome o[2] = {
		{ .queue_id = "4A B\n" }, { .queue_id = "" }
	};
	struct ledger_delivery *d, now;
	size_t changed = 9;
	int64_t e;
	struct ledger *l = ledger_fixture(2, &e);

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 2, 2);
	o[0].id = d[0].id;
	o[1].id = d[1].id;
	ledger_fixture_settle(l, o[0].id, LEDGER_UNKNOWN, "lost", NOW);
	ledger_fixture_settle(l, o[1].id, LEDGER_FAILED, "no", NOW);
	fixture_ok(ledger_found(l, o, 2, &changed, &err));
	assert_int_equal(changed, 1);
	ledger_fixture_counts(l, e, "0 0 0 1 0 1 0 0");
	now = delivery(l, e, o[0].id);
	assert_string_equal(now.text, "found in the mail log; before: lost");
	assert_string_equal(now.queue_id, "4A B");
	assert_int_equal(now.changed, NOW);
	assert_int_equal(now.attempts, 1);
	assert_int_equal(now.resent, 0);
	fixture_ok(ledger_found(l, o, 2, &changed, &err));
	assert_int_equal(changed, 0);
	ledger_fixture_resend(l, &o[0].id, 1, NOW + 11);
	assert_int_equal(delivery(l, e, o[0].id).resent, NOW + 11);
	ledger_close(l);
}

static void
the_kernel_knows_the_boot(void **state)
{
	size_t unknown, freed;
	int64_t e;
	struct ledger *l;

	(void)state;
	if (access("/proc/sys/kernel/random/boot_id", R_OK) != 0)
		skip();
	l = ledger_fixture(2, &e);
	ledger_fixture_claim(l, e, 0, 0, 2, 2);
	ledger_close(l);
	l = ledger_fixture_open();
	fixture_ok(ledger_recover(l, "show", NOW, &unknown, &freed, &err));
	assert_int_equal(unknown, 0);
	assert_int_equal(freed, 2);
	ledger_close(l);
}

static void
resend(void **state)
{
	struct ledger_delivery *d, one;
	int64_t e, ids[6];
	struct ledger *l = ledger_fixture(7, &e);
	bool found;
	size_t n;

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 6, 6);
	for (n = 0; n < 6; n++)
		ids[n] = d[n].id;
	ledger_fixture_settle(l, ids[0], LEDGER_SENT, "ok", NOW);
	ledger_fixture_settle(l, ids[1], LEDGER_UNKNOWN, "?", NOW);
	ledger_fixture_settle(l, ids[2], LEDGER_DEFERRED, "?", NOW);
	ledger_fixture_settle(l, ids[3], LEDGER_FAILED, "no", NOW);
	/* Claimed ones are under way. */
	ledger_fixture_resend(l, ids + 3, 2, NOW);
	ledger_fixture_counts(l, e, "2 2 0 1 1 0 1 0");
	ledger_fixture_resend(l, ids, 4, NOW);
	ledger_fixture_counts(l, e, "5 2 0 0 0 0 0 0");
	/* Only those that are named and pending, and still on the list. */
	fixture_ok(ledger_friend_remove(l, "show", "f4@example.org", NOW,
	    &found, &err));
	fixture_ok(ledger_claim_these(l, ids + 2, 3, NOW, &arena, &d, &n,
	    &err));
	assert_int_equal(n, 1);
	assert_int_equal(d[0].id, ids[2]);
	assert_string_equal(d[0].key, "f3@example.org");
	assert_int_equal(d[0].attempts, 1);
	ledger_fixture_counts(l, e, "3 3 0 0 0 0 0 1");
	fixture_ok(ledger_claim_these(l, ids + 2, 3, NOW, &arena, &d, &n,
	    &err));
	assert_int_equal(n, 0);

	assert_int_equal(ledger_delivery_of(l, e, "x@example.org", &arena,
	    &one, &err), 0);
	assert_int_equal(ledger_delivery_of(l, e, "f4@example.org", &arena,
	    &one, &err), 1);
	assert_int_equal(one.id, ids[3]);
	assert_int_equal(one.state, LEDGER_SKIPPED);
	assert_true(one.left);
	assert_int_equal(ledger_delivery_of(l, e, "f1@example.org", &arena,
	    &one, &err), 1);
	assert_int_equal(one.state, LEDGER_PENDING);
	assert_false(one.left);
	ledger_close(l);
}

/* One of another time, one that is claimed, one that has a time of its own and
 * one that was pending before stay as they are; of the others all is as it
 * was. */
static void
withdraw(void **state)
{
	struct ledger_outcome later = { .state = LEDGER_PENDING,
	    .due = NOW + 99 };
	struct ledger_again *was;
	struct ledger_delivery *d, one;
	int64_t e, ids[6];
	struct ledger *l = ledger_fixture(6, &e);
	size_t n;

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 6, 6);
	for (n = 0; n < 6; n++)
		ids[n] = d[n].id;
	for (n = 0; n < 4; n++)
		ledger_fixture_settle(l, ids[n], LEDGER_FAILED, "no", NOW);
	ledger_fixture_settle(l, ids[4], LEDGER_UNKNOWN, "lost", NOW);
	ledger_fixture_settle(l, ids[5], LEDGER_PENDING, "", NOW);
	ledger_fixture_resend(l, ids, 1, NOW + 1);
	/* Of one state alone, in which it still is. */
	fixture_ok(ledger_resend(l, ids, 6, LEDGER_SENT, NOW + 2, &arena, &was,
	    &n, &err));
	assert_int_equal(n, 0);
	fixture_ok(ledger_resend(l, ids, 6, -1, NOW + 2, &arena, &was, &n,
	    &err));
	assert_int_equal(n, 4);
	assert_int_equal(was[3].id, ids[4]);
	assert_int_equal(was[3].state, LEDGER_UNKNOWN);
	fixture_ok(ledger_claim_these(l, ids + 2, 2, NOW + 2, &arena, &d, &n,
	    &err));
	later.id = ids[3];
	fixture_ok(ledger_settle(l, &later, 1, NOW + 2, &err));
	ledger_fixture_counts(l, e, "5 1 0 0 0 0 0 0");
	fixture_ok(ledger_withdraw(l, was, 4, NOW + 2, &err));
	ledger_fixture_counts(l, e, "3 1 0 0 0 1 1 0");
	one = delivery(l, e, ids[1]);
	assert_int_equal(one.state, LEDGER_FAILED);
	assert_string_equal(one.text, "no");
	assert_int_equal(one.attempts, 1);
	assert_int_equal(one.changed, NOW);
	assert_int_equal(one.resent, 0);
	assert_int_equal(delivery(l, e, ids[4]).state, LEDGER_UNKNOWN);
	assert_int_equal(delivery(l, e, ids[4]).resent, 0);
	ledger_close(l);
}

static void
give_up(void **state)
{
	struct ledger_delivery *d;
	int64_t e, other, id;
	struct ledger *l = ledger_fixture(4, &e);
	size_t n;

	(void)state;
	other = ledger_fixture_freeze(l, "show", "guid-2");
	d = ledger_fixture_claim(l, e, 0, 0, 3, 3);
	id = d[2].id;
	ledger_fixture_settle(l, d[0].id, LEDGER_DEFERRED, "full", NOW + 10);
	ledger_fixture_settle(l, d[1].id, LEDGER_SENT, "ok", NOW + 10);
	ledger_fixture_settle(l, d[2].id, LEDGER_DEFERRED, "full", NOW + 10);
	/* Nobody has but one try. */
	fixture_ok(ledger_give_up(l, e, NOW + 1, NOW, NOW, &n, &err));
	assert_int_equal(n, 0);
	fixture_ok(ledger_claim(l, e, 0, NOW + 20, LEDGER_TURN_ALL, 3, NOW + 20,
	    &arena, &d, &n, &err));
	assert_int_equal(n, 3);
	ledger_fixture_settle(l, d[0].id, LEDGER_DEFERRED, "full", NOW + 50);
	ledger_fixture_settle(l, id, LEDGER_DEFERRED, "full", NOW + 40);
	ledger_fixture_settle(l, d[2].id, LEDGER_PENDING, "", NOW + 50);
	/* The clock: since the freeze. */
	fixture_ok(ledger_give_up(l, e, NOW, NOW, NOW, &n, &err));
	assert_int_equal(n, 0);
	fixture_ok(ledger_give_up(l, other, NOW + 1, NOW, NOW, &n, &err));
	assert_int_equal(n, 0);
	/* Not what this run has not tried. */
	fixture_ok(ledger_give_up(l, e, NOW + 1, NOW + 50, NOW, &n, &err));
	assert_int_equal(n, 1);
	ledger_fixture_counts(l, e, "1 0 0 1 1 1 0 0");
	assert_string_equal(delivery(l, e, d[0].id).text, "given up: full");
	/* The clock of one that was sent again: since then. */
	ledger_fixture_resend(l, &id, 1, NOW + 60);
	fixture_ok(ledger_claim_these(l, &id, 1, NOW + 60, &arena, &d, &n,
	    &err));
	assert_int_equal(n, 1);
	ledger_fixture_settle(l, id, LEDGER_DEFERRED, "still", NOW + 61);
	fixture_ok(ledger_give_up(l, e, NOW + 60, NOW, NOW, &n, &err));
	assert_int_equal(n, 0);
	fixture_ok(ledger_give_up(l, e, NOW + 61, NOW, NOW, &n, &err));
	assert_int_equal(n, 1);
	ledger_close(l);
}

static void
deliveries_by_state(void **state)
{
	struct ledger_delivery *d;
	int64_t a, b;
	struct ledger *l = ledger_fixture(10, &a);
	size_t n;

	(void)state;
	b = ledger_fixture_freeze(l, "show", "guid-2");
	d = ledger_fixture_claim(l, b, 0, 0, 2, 2);
	ledger_fixture_settle(l, d[0].id, LEDGER_SENT, "ok", NOW);
	fixture_ok(ledger_deliveries(l, b, LEDGER_SENT, 0, 99, &arena, &d, &n,
	    &err));
	assert_int_equal(n, 1);
	assert_string_equal(d[0].key, "f1@example.org");
	fixture_ok(ledger_deliveries(l, b, -1, 0, 4, &arena, &d, &n, &err));
	assert_int_equal(n, 4);
	assert_string_equal(d[0].key, "f1@example.org");
	fixture_ok(ledger_deliveries(l, b, -1, d[3].id, SIZE_MAX, &arena, &d,
	    &n, &err));
	assert_int_equal(n, 6);
	fixture_ok(ledger_deliveries(l, a, -1, 0, SIZE_MAX, &arena, &d, &n,
	    &err));
	assert_int_equal(n, 10);
	fixture_ok(ledger_deliveries(l, 99, -1, 0, SIZE_MAX, &arena, &d, &n,
	    &err));
	assert_int_equal(n, 0);
	assert_string_equal(ledger_state_name(LEDGER_PENDING), "pending");
	assert_string_equal(ledger_state_name(LEDGER_SKIPPED), "skipped");
	ledger_close(l);
}

/* Claims 64, doubts 40, settles 30, says so, and waits to be killed. */
static void
be_killed(int64_t e, int say)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_delivery *d;
	struct ledger_outcome o = { 0, LEDGER_SENT, 250, "ok", "Q", 0 };
	size_t n, i;

	if (l == NULL || ledger_claim(l, e, 0, 0, LEDGER_TURN_ALL, 64, NOW, &arena, &d, &n,
	    &err) != 0)
		_exit(1);
	for (i = 0; i < 40; i++) {
		o.id = d[i].id;
		if (ledger_doubt(l, d[i].id, NOW, &err) != 0 ||
		    (i < 30 && ledger_settle(l, &o, 1, NOW, &err) != 0))
			_exit(1);
	}
	if (write(say, "x", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static void
killed(void **state)
{
	size_t unknown, freed;
	int status, say[2];
	struct ledger *l;
	int64_t e;
	pid_t pid;
	char c;

	(void)state;
	l = ledger_fixture(100, &e);
	ledger_close(l);
	assert_int_equal(pipe(say), 0);
	pid = fork();
	if (pid == 0)
		be_killed(e, say[1]);
	close(say[1]);
	assert_int_equal(read(say[0], &c, 1), 1);
	close(say[0]);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));

	l = ledger_fixture_open();
	ledger_fixture_counts(l, e, "36 24 10 30 0 0 0 0");
	if (access("/proc/sys/kernel/random/boot_id", R_OK) == 0) {
		fixture_ok(ledger_recover(l, "show", NOW, &unknown, &freed,
		    &err));
		assert_int_equal(unknown, 10);
		assert_int_equal(freed, 24);
		ledger_fixture_counts(l, e, "60 0 0 30 0 0 10 0");
	}
	ledger_close(l);
}

/* Only what is deferred can turn out to have failed; its answer stays. */
static void
deferred_for_nothing(void **state)
{
	struct ledger_delivery *d, one;
	int64_t ids[5], e;
	struct ledger *l = ledger_fixture(5, &e);
	size_t i;

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 4, 4);
	for (i = 0; i < 4; i++)
		ids[i] = d[i].id;
	ids[4] = ids[3] + 1;
	ledger_fixture_settle(l, ids[0], LEDGER_DEFERRED, "no", NOW);
	ledger_fixture_settle(l, ids[1], LEDGER_SENT, "", NOW);
	ledger_fixture_settle(l, ids[2], LEDGER_DEFERRED, "no", NOW);
	fixture_ok(ledger_fail(l, ids, 5, NOW + 1, &err));
	ledger_fixture_counts(l, e, "1 1 0 1 0 2 0 0");
	assert_int_equal(ledger_delivery_of(l, e, "f1@example.org", &arena,
	    &one, &err), 1);
	assert_int_equal(one.state, LEDGER_FAILED);
	assert_int_equal(one.code, 450);
	assert_int_equal(one.attempts, 1);
	assert_string_equal(one.text, "no");
	ledger_close(l);
}

/* ---- cost ---- */

static int scans, statements;

static int
on_profile(unsigned kind, void *ctx, void *stmt, void *ns)
{
	const char *sql = sqlite3_sql(stmt);

	(void)kind;
	(void)ctx;
	(void)ns;
	statements++;
	if (strstr(sql, "sqlite_schema") == NULL &&
	    sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1) > 0) {
		print_message("scans a table: %s\n", sql);
		scans++;
	}
	return 0;
}

static int
watch(sqlite3 *db, const char **msg, const struct sqlite3_api_routines *api)
{
	(void)msg;
	(void)api;
	return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, on_profile, NULL);
}

/* No call goes through a whole table, however many lists, editions and
 * deliveries there are. */
static void
nothing_is_scanned(void **state)
{
	/* SQLite's documented type for an entry point. */
	void (*entry)(void) = (void (*)(void))watch;
	struct ledger_friend *f;
	struct ledger_delivery *d;
	struct ledger_edition out, *editions;
	struct ledger_left *left;
	const char *where;
	int64_t e, other, date;
	struct ledger *l;
	size_t n;
	bool found;

	(void)state;
	scans = statements = 0;
	/* Made before: changing a table may look at all of it. */
	ledger_close(ledger_fixture_open());
	sqlite3_auto_extension(entry);
	l = ledger_fixture(300, &e);
	ledger_fixture_friends(l, "other", 300);
	other = ledger_fixture_freeze(l, "other", "guid-1");
	fixture_ok(ledger_friend_remove(l, "other", "f9@example.org", NOW,
	    &found, &err));
	d = ledger_fixture_claim(l, other, 0, NOW, 64, 64);
	fixture_ok(ledger_doubt(l, d[0].id, NOW, &err));
	ledger_fixture_settle(l, d[0].id, LEDGER_SENT, "", NOW);
	ledger_fixture_settle(l, d[1].id, LEDGER_DEFERRED, "", NOW);
	fixture_ok(ledger_recover(l, "other", NOW, NULL, NULL, &err));
	fixture_ok(ledger_give_up(l, other, NOW + 1, NOW, NOW, &n, &err));
	fixture_ok(ledger_plan_again(l, other, &err));
	fixture_ok(ledger_defer_again(l, other, &err));
	fixture_ok(ledger_drop_waiting(l, e, NOW, &n, &err));
	assert_int_equal(n, 300);
	fixture_ok(ledger_fail(l, &d[0].id, 1, NOW, &err));
	fixture_ok(ledger_told(l, other, &err));
	assert_int_equal(ledger_delivery_of(l, other, "f1@example.org",
	    &arena, d, &err), 1);
	ledger_fixture_resend(l, &d[0].id, 1, NOW);
	fixture_ok(ledger_claim_these(l, &d[0].id, 1, NOW, &arena, &d, &n,
	    &err));
	assert_int_equal(n, 1);
	ledger_fixture_settle(l, d[0].id, LEDGER_PENDING, "", NOW);
	fixture_ok(ledger_left(l, "other", NOW, &arena, &left, &n, &err));
	fixture_ok(ledger_begun(l, "other", &date, &err));
	fixture_ok(ledger_deliveries(l, other, -1, 0, 9, &arena, &d, &n,
	    &err));
	fixture_ok(ledger_deliveries(l, other, 3, 0, 9, &arena, &d, &n, &err));
	fixture_ok(ledger_friends(l, "other", true, 0, 9, &arena, &f, &n,
	    &err));
	fixture_ok(ledger_friends_count(l, "other", &n, &err));
	fixture_ok(ledger_edition_unfinished(l, "other", 0, &arena, &out,
	    &err));
	fixture_ok(ledger_edition_get(l, "other", NULL, &arena, &out, &err));
	fixture_ok(ledger_editions(l, "other", &arena, &editions, &n, &err));
	fixture_ok(ledger_episode_edition(l, "other", "guid-1", &arena,
	    &where, &err));
	ledger_fixture_counts(l, other, "298 0 0 0 1 0 0 1");
	ledger_close(l);
	sqlite3_cancel_auto_extension(entry);
	assert_true(statements > 1000);
	assert_int_equal(scans, 0);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Prints a figure; a slow machine is no failure. */
static void
rate(void **state)
{
	struct ledger_delivery *d;
	int64_t e, after = 0;
	struct ledger *l = ledger_fixture(10000, &e);
	double t = seconds();
	size_t n, i;

	(void)state;
	for (;;) {
		fixture_ok(ledger_claim(l, e, after, 0, LEDGER_TURN_ALL, 64, NOW, &arena, &d,
		    &n, &err));
		if (n == 0)
			break;
		after = d[n - 1].id;
		for (i = 0; i < n; i++) {
			fixture_ok(ledger_doubt(l, d[i].id, NOW, &err));
			ledger_fixture_settle(l, d[i].id, LEDGER_SENT,
			    "2.0.0 Ok: queued", NOW);
		}
	}
	print_message("10000 claimed, doubted and settled: %.0f a second\n",
	    10000 / (seconds() - t));
	ledger_fixture_counts(l, e, "0 0 0 10000 0 0 0 0");
	ledger_close(l);
}

int
main(void)
{
#define TEST(f) LEDGER_TEST(f)
	const struct CMUnitTest tests[] = {
		TEST(claim_doubt_settle),
		TEST(only_what_is_claimed),
		TEST(answers_are_cleaned),
		TEST(who_left_is_skipped),
		TEST(deferred_when_due),
		TEST(claim_is_bounded),
		TEST(recover_after_kill),
		LEDGER_FILE_TEST(recover_after_power_cut),
		LEDGER_FILE_TEST(doubt_is_seen_before),
		TEST(unknown_is_decided),
		TEST(the_log_has_found_some),
		TEST(the_kernel_knows_the_boot),
		TEST(resend),
		TEST(withdraw),
		TEST(give_up),
		TEST(deliveries_by_state),
		TEST(killed),
		TEST(deferred_for_nothing),
		LEDGER_FILE_TEST(nothing_is_scanned),
		TEST(rate)
	};

	return ledger_fixture_run(tests, sizeof(tests) / sizeof(tests[0]));
}
