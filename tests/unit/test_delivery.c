/* An edition over several connections: each friend once, whatever fails. */
#include "delivery_fixture.h"

/* ---- all goes well ---- */

static void
each_once_over(size_t connections)
{
	struct test_run t;
	size_t i, used = 0;

	test_begin(&t, 500, NULL);
	peer.pause_us = 300;
	fixture_ok(test_deliver(&t, connections));
	all_taken(1, 500, 1);
	counts_are(&t, "0 0 0 500 0 0 0 0");
	assert_int_equal(last.sent, 500);
	assert_int_equal(last.deferred + last.failed + last.unknown, 0);
	for (i = 0; i < connections; i++)
		used += peer.of_line[i] > 0;
	assert_true(used > 1 && used <= connections);
	assert_true(peer.most > 1 && peer.most <= connections);
	/* The others begin when the first has had a message taken. */
	assert_int_equal(peer.order[0], 1);
	assert_string_equal(delivery_to(&t, 7).queue_id, "Q");
	test_end(&t);
}

static void
four_connections(void **state)
{
	(void)state;
	each_once_over(4);
}

static void
sixteen_connections(void **state)
{
	(void)state;
	each_once_over(16);
}

static void
one_connection_keeps_the_order(void **state)
{
	struct test_run t;
	size_t i;

	(void)state;
	test_begin(&t, 150, NULL);
	t.o.claim = 7;
	fixture_ok(test_deliver(&t, 1));
	counts_are(&t, "0 0 0 150 0 0 0 0");
	for (i = 0; i < 150; i++)
		assert_int_equal(peer.order[i], i + 1);
	test_end(&t);
}

/* ---- each kind of outcome ---- */

static enum err_kind
say_by_tens(const struct letter *l, struct transport_result *out)
{
	static const enum transport_verdict verdicts[10] = {
		[1] = TRANSPORT_DEFERRED, [2] = TRANSPORT_FAILED,
		[3] = TRANSPORT_UNKNOWN
	};
	static const int codes[10] = { 250, 450, 550, 0, 250, 250, 250, 250,
	    250, 250 };
	static const char *const words[10] = { [1] = "4.2.2 full",
	    [2] = "5.1.1 nobody", [3] = "lost" };
	unsigned i = (unsigned)l->who % 10;

	if (words[i] != NULL)
		transport_result_set(out, verdicts[i], codes[i], words[i]);
	return ERR_NONE;
}

static void
outcomes_are_recorded(void **state)
{
	struct ledger_delivery d;
	struct test_run t;

	(void)state;
	test_begin(&t, 100, NULL);
	peer.say = say_by_tens;
	peer.pause_us = 200;
	fixture_ok(test_deliver(&t, 4));
	counts_are(&t, "0 0 0 70 10 10 10 0");
	assert_int_equal(last.sent, 70);
	assert_int_equal(last.deferred, 10);
	assert_int_equal(last.failed, 10);
	assert_int_equal(last.unknown, 10);
	assert_int_equal(last.refused, 10);
	d = delivery_to(&t, 32);
	assert_int_equal(d.state, LEDGER_FAILED);
	assert_int_equal(d.code, 550);
	assert_string_equal(d.text, "5.1.1 nobody");
	assert_int_equal(delivery_to(&t, 51).attempts, 1);
	test_end(&t);
}

/* Whom no message can be made out to is a failure of theirs alone. */
static void
friends_without_a_message(void **state)
{
	static const struct ledger_friend f[] = {
		{ .address = "f1@example.org", .key = "f1@example.org",
		    .name = "One", .ref = "r1" },
		{ .address = "no address", .key = "f2@example.org",
		    .name = "Two", .ref = "r2" },
		{ .address = "f3@example.org", .key = "f3@example.org",
		    .name = "Th\x01ree", .ref = "r3" },
		{ .address = "f4@example.org", .key = "f4@example.org",
		    .name = "Four", .ref = "r4" },
		{ .address = "f5@", .key = "f5@example.org",
		    .name = "Five", .ref = "r5" },
	};
	struct test_run t;

	(void)state;
	test_begin(&t, 5, f);
	fixture_ok(test_deliver(&t, 2));
	counts_are(&t, "0 0 0 2 0 3 0 0");
	all_taken(1, 1, 1);
	all_taken(4, 4, 1);
	assert_int_equal(last.failed, 3);
	assert_int_equal(last.refused, 0);
	assert_true(strstr(delivery_to(&t, 2).text, "no address") != NULL);
	assert_int_equal(delivery_to(&t, 3).code, 0);
	test_end(&t);
}

/* ---- stopped ---- */

static enum err_kind
say_stop(const struct letter *l, struct transport_result *out)
{
	(void)out;
	if (l->who == 50)
		stopped = 1;
	return ERR_NONE;
}

static void
stopped_in_the_middle(void **state)
{
	struct test_run t;
	struct ledger_counts c;
	size_t i;

	(void)state;
	test_begin(&t, 300, NULL);
	peer.say = say_stop;
	peer.pause_us = 500;
	fixture_ok(test_deliver(&t, 4));
	fixture_ok(ledger_counts(t.ledger, t.edition, &c, &err));
	/* What was in flight went to its end. */
	assert_int_equal(peer.taken[50], 1);
	assert_int_equal(c.sent, peer.ntaken);
	assert_int_equal(c.pending, 300 - peer.ntaken);
	assert_true(c.sent < 100);
	stopped = 0;
	peer.say = NULL;
	fixture_ok(test_deliver(&t, 4));
	all_taken(1, 300, 1);
	for (i = 1; i <= 300; i++)
		assert_int_equal(peer.attempts[i], 1);
	test_end(&t);
}

/* ---- the ledger fails ---- */

/* Somebody else takes the claim of friend 30 away, while it is being sent. */
static enum err_kind
say_steal(const struct letter *l, struct transport_result *out)
{
	struct ledger_outcome o = { .state = LEDGER_PENDING, .text = "",
	    .queue_id = "" };
	struct err why = ERR_INIT;
	struct arena a = ARENA_INIT;
	struct ledger_delivery d;
	struct ledger_edition e;
	struct ledger *second;

	(void)out;
	if (l->who != 30 || l->attempt > 1)
		return ERR_NONE;
	second = ledger_open(arena_printf(&a, "%s/ledger.db", fixture_dir),
	    &why);
	thread_check(second != NULL && ledger_edition_get(second, "show", NULL,
	    &a, &e, &why) == 1 && ledger_delivery_of(second, e.id,
	    "f30@example.org", &a, &d, &why) == 1);
	o.id = d.id;
	thread_check(ledger_settle(second, &o, 1, NOW, &why) == 0);
	ledger_close(second);
	arena_release(&a);
	return ERR_NONE;
}

static void
claim_taken_away_over(size_t connections)
{
	struct test_run t;
	struct ledger_counts c;

	test_begin(&t, 200, NULL);
	peer.say = say_steal;
	peer.sudden = true;
	peer.pause_us = 300;
	assert_int_equal(test_deliver(&t, connections), -1);
	fixture_told(ERR_INTERNAL, "is not claimed");
	fixture_ok(ledger_counts(t.ledger, t.edition, &c, &err));
	/* What the relay took is on record, and none of it goes again. */
	assert_int_equal(c.sent, peer.ntaken);
	assert_int_equal(c.pending, 200 - peer.ntaken);
	assert_int_equal(peer.taken[30], 0);
	fixture_ok(test_deliver(&t, connections));
	all_taken(1, 200, 1);
	counts_are(&t, "0 0 0 200 0 0 0 0");
	test_end(&t);
}

static void
claims_taken_away(void **state)
{
	(void)state;
	claim_taken_away_over(1);
	assert_int_equal(fixture_teardown(state), 0);
	assert_int_equal(fixture_setup(state), 0);
	claim_taken_away_over(8);
}

/* ---- connections that fail ---- */

/* The fifth message of connection 1 breaks it. */
static enum err_kind
say_break(const struct letter *l, struct transport_result *out)
{
	(void)out;
	return l->line == 1 && l->nth == 5 ? ERR_TEMPORARY : ERR_NONE;
}

static void
one_connection_fails(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 300, NULL);
	peer.say = say_break;
	peer.pause_us = 2000;
	fixture_ok(test_deliver(&t, 3));
	all_taken(1, 300, 1);
	counts_are(&t, "0 0 0 300 0 0 0 0");
	assert_true(peer.runs[1] > 0);
	assert_true(peer.of_line[1] > 0);
	assert_int_equal(times_gone, 0);
	test_end(&t);
}

/* Also when they were named: what was not tried is, by another connection. */
static void
one_fails_in_a_resend(void **state)
{
	int64_t ids[100];
	struct test_run t;
	size_t i;

	(void)state;
	test_begin(&t, 100, NULL);
	fixture_ok(test_deliver(&t, 1));
	for (i = 0; i < 100; i++)
		ids[i] = delivery_to(&t, i + 1).id;
	ledger_fixture_resend(t.ledger, ids, 100, NOW + 200);
	t.o.only = ids;
	t.o.nonly = 100;
	peer.say = say_break;
	peer.pause_us = 2000;
	fixture_ok(test_deliver(&t, 3));
	all_taken(1, 100, 2);
	counts_are(&t, "0 0 0 100 0 0 0 0");
	test_end(&t);
}

static enum err_kind
say_never(const struct letter *l, struct transport_result *out)
{
	(void)l;
	(void)out;
	return ERR_TEMPORARY;
}

static enum err_kind
say_unknown_host(const struct letter *l, struct transport_result *out)
{
	(void)l;
	(void)out;
	return ERR_HOST;
}

static void
no_relay_at_all(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 100, NULL);
	peer.say = say_never;
	assert_int_equal(test_deliver(&t, 4), -1);
	fixture_told(ERR_TEMPORARY, "the connection failed");
	counts_are(&t, "100 0 0 0 0 0 0 0");
	/* One was enough, and nothing was learnt of it. */
	assert_int_equal(peer.runs[0], 1);
	assert_int_equal(peer.runs[1] + peer.runs[2] + peer.runs[3], 0);
	assert_int_equal(times_gone, 0);
	/* What does not pass is not waited for. */
	t.o.retry_for = 1000;
	peer.say = say_unknown_host;
	assert_int_equal(test_deliver(&t, 4), -1);
	fixture_told(ERR_HOST, "the connection failed");
	assert_int_equal(peer.runs[0], 2);
	test_end(&t);
}

/* It is away for the second and third message, and then there again. */
static enum err_kind
say_away(const struct letter *l, struct transport_result *out)
{
	(void)out;
	return l->nth == 2 || l->nth == 3 ? ERR_TEMPORARY : ERR_NONE;
}

static void
relay_that_comes_back(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 8, NULL);
	t.o.retry_for = 60;
	peer.say = say_away;
	fixture_ok(test_deliver(&t, 1));
	all_taken(1, 8, 1);
	assert_int_equal(times_gone, 1);
	assert_int_equal(last.sent, 8);
	test_end(&t);
}

/* It is waited for as long as retry_for says, and no longer. */
static void
relay_that_stays_away(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 50, NULL);
	t.o.retry_for = 2;
	peer.say = say_never;
	assert_int_equal(test_deliver(&t, 4), -1);
	fixture_told(ERR_TEMPORARY, "the connection failed");
	assert_int_equal(times_gone, 1);
	assert_true(peer.runs[0] > 1);
	counts_are(&t, "50 0 0 0 0 0 0 0");
	test_end(&t);
}

/* Of two relays that are gone it is the second that comes back. */
static enum err_kind
say_second_comes_back(const struct letter *l, struct transport_result *out)
{
	(void)out;
	return l->line == 0 || l->nth == 1 ? ERR_TEMPORARY : ERR_NONE;
}

static void
forget_lost(void *ctx, const struct err *why)
{
	(void)ctx;
	(void)why;
}

static void
second_relay_comes_back(void **state)
{
	struct peer_line impl[2] = { { &peer, 0, 0 }, { &peer, 1, 0 } };
	const unsigned weights[2] = { 1, 1 };
	struct transport *list[2], *both;
	struct ledger_edition e;
	struct test_run t;

	(void)state;
	test_begin(&t, 10, NULL);
	t.o.retry_for = 60;
	t.pace.connections = 1;
	t.o.pace = pace_new(&t.pace, NULL);
	peer.say = say_second_comes_back;
	list[0] = transport_of(&peer_ops, &impl[0], "test://a");
	list[1] = transport_of(&peer_ops, &impl[1], "test://b");
	both = transport_join(list, weights, 2, forget_lost, NULL);
	assert_int_equal(ledger_edition_get(t.ledger, "show", NULL, &arena,
	    &e, &err), 1);
	fixture_ok(delivery_run(t.ledger, &e, &both, 1, &t.o, &err));
	all_taken(1, 10, 1);
	assert_int_equal(peer.of_line[1], 10);
	transport_close(both);
	pace_free(t.o.pace);
	test_end(&t);
}

/* Whom an earlier run has tried has their turn behind the others, and last of
 * all who was refused. */
static enum err_kind
say_perhaps_and_stop(const struct letter *l, struct transport_result *out)
{
	if (l->attempt > 1)
		return ERR_NONE;
	if (l->who <= 3)
		transport_result_set(out, TRANSPORT_REFUSED, 554, "5.7.1 no");
	else if (l->who <= 5)
		transport_result_set(out, TRANSPORT_DEFERRED, 450, "4.2.0 no");
	stopped = l->who == 5;
	return ERR_NONE;
}

static void
tried_before_comes_last(void **state)
{
	struct test_run t;
	size_t i;

	(void)state;
	test_begin(&t, 150, NULL);
	clock_speed = 20;
	t.o.claim = 7;
	t.o.retry_for = 1000;
	peer.say = say_perhaps_and_stop;
	fixture_ok(test_deliver(&t, 1));
	counts_are(&t, "145 0 0 0 5 0 0 0");
	stopped = 0;
	pause_us(200000);
	fixture_ok(test_deliver(&t, 1));
	counts_are(&t, "0 0 0 150 0 0 0 0");
	for (i = 0; i < 145; i++)
		assert_int_equal(peer.order[i], i + 6);
	assert_int_equal(peer.order[145], 4);
	assert_int_equal(peer.order[146], 5);
	for (i = 147; i < 150; i++)
		assert_int_equal(peer.order[i], i - 146);
	test_end(&t);
}

/* Deferred, at hand for the second time, and the run is broken off: it is still
 * deferred. */
static enum err_kind
say_later_and_stop(const struct letter *l, struct transport_result *out)
{
	if (l->who == 2 && l->attempt == 1)
		transport_result_set(out, TRANSPORT_DEFERRED, 450,
		    "4.2.2 later");
	if (l->who != 2 || l->attempt == 1)
		return ERR_NONE;
	stopped = 1;
	return ERR_TEMPORARY;
}

static void
deferred_and_not_tried_again(void **state)
{
	struct ledger_delivery d;
	struct test_run t;

	(void)state;
	test_begin(&t, 3, NULL);
	clock_speed = 20;
	t.o.retry_for = 1000;
	peer.say = say_later_and_stop;
	fixture_ok(test_deliver(&t, 1));
	assert_int_equal(peer.attempts[2], 2);
	counts_are(&t, "0 0 0 2 1 0 0 0");
	assert_int_equal(last.deferred, 1);
	d = delivery_to(&t, 2);
	assert_int_equal(d.code, 450);
	assert_int_equal(d.attempts, 1);
	test_end(&t);
}

/* A stop ends the waiting. */
static enum err_kind
say_away_and_stop(const struct letter *l, struct transport_result *out)
{
	(void)l;
	(void)out;
	stopped = 1;
	return ERR_TEMPORARY;
}

static void
stopped_while_it_waits(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 10, NULL);
	t.o.retry_for = 100000;
	peer.say = say_away_and_stop;
	fixture_ok(test_deliver(&t, 4));
	counts_are(&t, "10 0 0 0 0 0 0 0");
	test_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(four_connections),
		TEST(sixteen_connections),
		TEST(one_connection_keeps_the_order),
		TEST(outcomes_are_recorded),
		TEST(friends_without_a_message),
		TEST(stopped_in_the_middle),
		TEST(claims_taken_away),
		TEST(one_connection_fails),
		TEST(one_fails_in_a_resend),
		TEST(no_relay_at_all),
		TEST(relay_that_comes_back),
		TEST(relay_that_stays_away),
		TEST(second_relay_comes_back),
		TEST(tried_before_comes_last),
		TEST(deferred_and_not_tried_again),
		TEST(stopped_while_it_waits),
	};

	/* A delivery that hangs is to fail. */
	alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
