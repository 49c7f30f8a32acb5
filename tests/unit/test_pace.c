/* How fast a run may go: a clock of the test's own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mail/pace.h"

#define SECOND ((int64_t)1000000)
#define START (1000 * SECOND)

static struct pace *
pace(int64_t rate, unsigned connections, const struct pace_learnt *learnt)
{
	const struct pace_options o = { .rate = rate,
	    .connections = connections, .seed = 11 };

	return pace_new(&o, learnt);
}

/* Takes as many as may go until then, one each tick; how many. */
static unsigned
take_until(struct pace *p, int64_t *now, int64_t end, int64_t tick, bool took)
{
	unsigned n = 0;

	for (; *now < end; *now += tick)
		if (pace_take(p, *now) == 0) {
			n++;
			if (took)
				pace_took(p, *now);
		}
	return n;
}

static void
no_bound(void **state)
{
	struct pace *p = pace(0, 3, NULL);
	struct pace_learnt l;
	int64_t now = START;

	(void)state;
	assert_int_equal(take_until(p, &now, START + 1000, 1, true), 1000);
	assert_int_equal(pace_wait(p, now), 0);
	assert_int_equal(pace_connections(p), 3);
	assert_int_equal(pace_strikes(p), 0);
	assert_int_equal(pace_take_domain(p, "a@example.org", now), 0);
	assert_false(pace_learn(p, &l));
	pace_free(p);
	pace_free(NULL);
}

static void
a_rate(void **state)
{
	struct pace *p = pace(36000, 1, NULL);		/* 10/s */
	int64_t now = START;
	unsigned n;

	(void)state;
	assert_int_equal(pace_take(p, now), 0);
	assert_int_equal(pace_wait(p, now), SECOND / 10);
	assert_int_equal(pace_take(p, now), SECOND / 10);
	assert_int_equal(pace_take(p, now + SECOND / 20), SECOND / 20);
	/* Asking does not count. */
	assert_int_equal(pace_wait(p, now + SECOND / 10), 0);
	assert_int_equal(pace_wait(p, now + SECOND / 10), 0);
	n = 1 + take_until(p, &now, START + 20 * SECOND, 777, true);
	assert_in_range(n, 198, 202);
	/* Late by a moment does not add up; what was long not used is lost. */
	now = START + 60 * SECOND;
	n = take_until(p, &now, START + 61 * SECOND, 777, true);
	assert_in_range(n, 10, 12);
	pace_free(p);
}

static void
the_slowest_and_the_fastest(void **state)
{
	struct pace *slow = pace(1, 1, NULL), *fast = pace(3600000, 1, NULL);
	int64_t now = START;

	(void)state;
	assert_int_equal(pace_take(slow, now), 0);
	assert_int_equal(pace_wait(slow, now), 3600 * SECOND);
	assert_in_range(take_until(fast, &now, START + SECOND, 100, false), 999,
	    1002);
	pace_free(slow);
	pace_free(fast);
}

/* ---- domains ---- */

static const struct pace_domain domains[] = {
	{ "example.org", 5 * 3600 }, { "xn--bcher-kva.example", 3600 },
	{ "slow.example", 6 }
};

static struct pace *
pace_of_domains(void)
{
	const struct pace_options o = { .connections = 1, .domains = domains,
	    .ndomains = 3, .seed = 1 };

	return pace_new(&o, NULL);
}

static void
whose_domain(void **state)
{
	static const char *const others[] = {
		"a@example.com", "a@sub.example.org", "a@anexample.org",
		"example.org", "", "@", "a@example.org.", "example.org@x.net"
	};
	struct pace *p = pace_of_domains();
	size_t i;

	(void)state;
	assert_int_equal(pace_take_domain(p, "a@example.org", START), 0);
	assert_int_equal(pace_take_domain(p, "b@EXAMPLE.org", START),
	    SECOND / 5);
	assert_int_equal(pace_take_domain(p, "\"a@b\"@example.org", START),
	    SECOND / 5);
	assert_int_equal(pace_take_domain(p, "a@xn--bcher-kva.example",
	    START), 0);
	assert_int_equal(pace_take_domain(p, "a@xn--bcher-kva.example",
	    START), SECOND);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_int_equal(pace_take_domain(p, others[i], START), 0);
		assert_int_equal(pace_place(p, others[i], START), START);
	}
	pace_free(p);
}

/* Whenever it is asked, the n-th goes at its time at the earliest. */
static void
never_more_than_the_rate(void **state)
{
	/* Pauses of 0.01 to 3 s, in an order that is always the same. */
	static const int64_t pauses[] = { 10, 700, 20, 3000, 10, 10, 40, 1000,
	    200, 10, 2000, 10, 10, 10, 900 };
	struct pace *p = pace_of_domains();
	int64_t now = START;
	size_t i;
	unsigned n = 0;

	(void)state;
	for (i = 0; i < 600; i++) {
		while (pace_take_domain(p, "a@example.org", now) == 0) {
			assert_true(now >= START + n * (SECOND / 5));
			n++;
		}
		now += pauses[i % 15] * 1000;
	}
	/* Nor much less where it could have gone. */
	assert_true(n > 400);
	pace_free(p);
}

/* What waits for whole seconds gets a second's worth at once. */
static void
a_seconds_worth(void **state)
{
	struct pace *p = pace_of_domains();
	unsigned second, n, all = 0;

	(void)state;
	for (second = 0; second < 20; second++) {
		for (n = 0; pace_take_domain(p, "a@example.org", START +
		    second * SECOND) == 0; n++)
			;
		assert_in_range(n, 1, 6);
		all += n;
	}
	assert_in_range(all, 95, 97);
	/* What was not used before that is lost. */
	for (n = 0; pace_take_domain(p, "a@example.org", START + 3600 *
	    SECOND) == 0; n++)
		;
	assert_in_range(n, 5, 6);
	pace_free(p);
}

static void
places_are_apart(void **state)
{
	struct pace *p = pace_of_domains();
	int64_t at, before;
	unsigned i;

	(void)state;
	assert_int_equal(pace_take_domain(p, "a@example.org", START), 0);
	before = START;
	for (i = 0; i < 4500; i++) {
		at = pace_place(p, "b@example.org", START + i);
		assert_int_equal(at, before + SECOND / 5);
		before = at;
	}
	/* None further ahead than that is given out. */
	for (i = 0; i < 10; i++)
		assert_int_equal(pace_place(p, "b@example.org", START + i),
		    START + i + 900 * SECOND);
	assert_int_equal(pace_place(p, "b@example.org", START + SECOND),
	    before + SECOND / 5);
	/* Nor those that are past. */
	assert_int_equal(pace_take_domain(p, "a@slow.example", START), 0);
	assert_int_equal(pace_place(p, "b@slow.example", START), START +
	    600 * SECOND);
	at = pace_place(p, "b@slow.example", START + 9000 * SECOND);
	assert_int_equal(at, START + 9000 * SECOND);
	pace_free(p);
}

/* ---- what the relay says ---- */

static void
which_answers_are_slow(void **state)
{
	static const struct { int code; const char *text; bool slow; } c[] = {
		{ 0, "the connection was lost", true }, { 421, "4.7.0 x", true },
		{ 421, "", true }, { 450, "4.7.1 greylisted", true },
		{ 451, "4.3.0 try again", true }, { 452, "4.3.1 full", true },
		{ 450, "", true }, { 450, "4.2.2 mailbox full", false },
		{ 452, "4.2.2 mailbox full", false },
		{ 451, "4.1.8 sender's domain", false },
		{ 450, "4.10.1 x", true }, { 250, "2.0.0 ok", false },
		{ 550, "5.7.1 no", false }, { 454, "4.7.0 TLS", false },
		{ 554, "4.3.2 x", false }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(c) / sizeof(c[0]); i++)
		if (pace_is_slow(c[i].code, c[i].text) != c[i].slow)
			fail_msg("%d %s", c[i].code, c[i].text);
}

static void
patience_halves_and_pauses(void **state)
{
	struct pace *p = pace(36000, 8, NULL);
	struct pace_learnt l;
	int64_t now = START, pause;

	(void)state;
	take_until(p, &now, START + 6 * SECOND, 777, true);
	pace_slow(p, now);
	assert_int_equal(pace_connections(p), 4);
	assert_int_equal(pace_strikes(p), 1);
	pause = pace_wait(p, now);
	assert_in_range(pause, SECOND / 2, 3 * SECOND / 2);
	assert_true(pace_take(p, now) > 0);
	/* A swarm is one asking. */
	pace_slow(p, now + SECOND / 2);
	pace_slow(p, now + SECOND - 1);
	assert_int_equal(pace_connections(p), 4);
	assert_int_equal(pace_strikes(p), 1);
	assert_true(pace_learn(p, &l));
	assert_int_equal(l.connections, 4);
	/* Half of ten a second. */
	assert_in_range(l.rate, 17000, 19000);
	/* Nothing went in between: only the pauses grow. */
	now += SECOND;
	pace_slow(p, now);
	assert_int_equal(pace_connections(p), 4);
	assert_int_equal(pace_strikes(p), 2);
	assert_in_range(pace_wait(p, now), SECOND, 3 * SECOND);
	assert_true(pace_learn(p, &l));
	assert_in_range(l.rate, 17000, 19000);
	pace_took(p, now + SECOND / 2);
	now += SECOND;
	pace_slow(p, now);
	assert_int_equal(pace_connections(p), 2);
	assert_int_equal(pace_strikes(p), 1);
	pace_free(p);
}

/* Before it took anything nothing is known that could be halved: a pause, and a
 * slow beginning where that was not enough. */
static void
patience_at_the_beginning(void **state)
{
	struct pace *p = pace(0, 8, NULL);
	struct pace_learnt l;
	int64_t now = START;

	(void)state;
	pace_slow(p, now);
	assert_int_equal(pace_strikes(p), 1);
	assert_in_range(pace_wait(p, now), SECOND / 2, 3 * SECOND / 2);
	assert_int_equal(pace_connections(p), 8);
	assert_false(pace_learn(p, &l));
	now += 2 * SECOND;
	assert_int_equal(take_until(p, &now, now + SECOND / 10, 1000, false),
	    100);
	pace_slow(p, now);
	assert_in_range(pace_wait(p, now), SECOND, 3 * SECOND);
	assert_int_equal(pace_connections(p), 4);
	assert_true(pace_learn(p, &l));
	assert_int_equal(l.rate, 3600);
	pace_free(p);
}

/* The time of a pause is none in which the relay was slow. */
static void
pauses_do_not_count(void **state)
{
	struct pace *p = pace(0, 1, NULL);
	struct pace_learnt l;
	int64_t now = START;
	unsigned i, j;

	(void)state;
	take_until(p, &now, START + 4 * SECOND, 10000, true);	/* 100/s */
	pace_slow(p, now);
	for (i = 0; i < 5; i++) {
		now += pace_wait(p, now);
		for (j = 0; j < 3; j++)
			pace_took(p, now);
		now += SECOND / 2;
		pace_slow(p, now);
	}
	assert_true(pace_learn(p, &l));
	/* 100, and halved six times. */
	assert_in_range(l.rate, 100 * 3600 / 80, 100 * 3600 / 32);
	pace_free(p);
}

/* But where one or two are taken in between it is a quota. */
static void
a_quota(void **state)
{
	struct pace *p = pace(0, 1, NULL);
	struct pace_learnt l;
	int64_t now = START;

	(void)state;
	take_until(p, &now, START + 4 * SECOND, 10000, true);	/* 100/s */
	pace_slow(p, now);
	now += 9 * SECOND;
	pace_took(p, now);
	now += SECOND;
	pace_slow(p, now);
	assert_true(pace_learn(p, &l));
	assert_int_equal(l.rate, 3600 / 10 / 2);
	pace_free(p);
}

static void
it_has_an_end(void **state)
{
	struct pace *p = pace(0, 64, NULL);
	struct pace_learnt l;
	int64_t now = START;
	unsigned i;

	(void)state;
	for (i = 0; i < 40; i++) {
		pace_slow(p, now);
		assert_true(pace_wait(p, now) <= 60 * SECOND);
		now += 100 * SECOND;
	}
	assert_int_equal(pace_strikes(p), 40);
	assert_int_equal(pace_connections(p), 32);
	for (i = 0; i < 40; i++) {
		pace_took(p, now);
		now += SECOND;
		pace_slow(p, now);
	}
	assert_int_equal(pace_connections(p), 1);
	assert_true(pace_learn(p, &l));
	assert_int_equal(l.rate, 60);
	assert_int_equal(l.connections, 1);
	pace_took(p, now);
	assert_int_equal(pace_strikes(p), 0);
	pace_free(p);
}

/* Connections that are refused leave the rate as it is, and are tried again less
 * and less often. */
static void
too_many_connections(void **state)
{
	static const unsigned each[] = { 5, 10, 20, 40, 80, 160, 320, 320 };
	struct pace *p = pace(0, 8, NULL);
	struct pace_learnt l;
	int64_t now = START;
	size_t i;

	(void)state;
	take_until(p, &now, START + SECOND, 10000, true);
	for (i = 7; i >= 3; i--)
		pace_narrow(p, (unsigned)i, now);
	pace_narrow(p, 5, now);
	assert_int_equal(pace_connections(p), 3);
	assert_int_equal(pace_wait(p, now), 0);
	assert_int_equal(pace_strikes(p), 0);
	for (i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		pace_took(p, now + each[i] * SECOND - 1);
		assert_int_equal(pace_connections(p), 3);
		now += each[i] * SECOND;
		pace_took(p, now);
		assert_int_equal(pace_connections(p), 4);
		pace_narrow(p, 3, now);
	}
	assert_true(pace_learn(p, &l));
	assert_int_equal(l.rate, 0);
	assert_int_equal(l.connections, 3);
	pace_narrow(p, 0, now);
	assert_int_equal(pace_connections(p), 1);
	pace_free(p);
}

static void
it_grows_again(void **state)
{
	struct pace *p = pace(0, 4, NULL);
	struct pace_learnt l;
	int64_t now = START;
	unsigned before, after;

	(void)state;
	take_until(p, &now, START + 5 * SECOND, 10000, true);	/* 100/s */
	pace_slow(p, now);
	now += 2 * SECOND;
	before = take_until(p, &now, now + SECOND, 10000, true);
	assert_in_range(before, 45, 65);
	now += 100;
	after = take_until(p, &now, now + SECOND, 1000, true);
	assert_true(after > 50);
	assert_int_equal(pace_connections(p), 2);
	take_until(p, &now, now + 12 * SECOND, 5000, true);
	assert_int_equal(pace_connections(p), 4);
	/* In the end nothing is left of it. */
	take_until(p, &now, now + 30 * SECOND, 5000, true);
	assert_false(pace_learn(p, &l));
	now += SECOND;
	assert_int_equal(take_until(p, &now, now + 1000, 1, true), 1000);
	pace_free(p);
}

static void
no_more_than_the_person_allows(void **state)
{
	const struct pace_learnt learnt = { 360000, 9 };
	struct pace *p = pace(3600, 2, &learnt);
	int64_t now = START;

	(void)state;
	assert_int_equal(pace_connections(p), 2);
	assert_in_range(take_until(p, &now, START + 10 * SECOND, 777, true), 9,
	    12);
	pace_free(p);
}

static void
begins_with_what_was_learnt(void **state)
{
	const struct pace_learnt learnt = { 36000, 2 }, few = { 0, 1 };
	struct pace *p = pace(0, 4, &learnt);
	struct pace_learnt l;
	int64_t now = START;

	(void)state;
	assert_int_equal(pace_connections(p), 2);
	assert_in_range(take_until(p, &now, START + SECOND, 777, false), 9, 12);
	assert_true(pace_learn(p, &l));
	assert_int_equal(l.rate, 36000);
	assert_int_equal(l.connections, 2);
	pace_free(p);
	p = pace(0, 4, &few);
	now = START;
	assert_int_equal(take_until(p, &now, START + 100, 1, false), 100);
	assert_int_equal(pace_connections(p), 1);
	assert_true(pace_learn(p, &l));
	pace_free(p);
}

/* A connection that is dropped as the first of each run says nothing of the
 * rate; two of them do. */
static void
keeps_what_was_learnt(void **state)
{
	const struct pace_learnt learnt = { 36000, 2 };
	struct pace *p = pace(0, 4, &learnt);
	struct pace_learnt l;
	int64_t now = START;

	(void)state;
	pace_slow(p, now);
	assert_true(pace_wait(p, now) > 0);
	assert_int_equal(pace_connections(p), 2);
	assert_true(pace_learn(p, &l));
	assert_int_equal(l.rate, 36000);
	now += 2 * SECOND;
	pace_slow(p, now);
	assert_int_equal(pace_connections(p), 1);
	assert_true(pace_learn(p, &l));
	assert_int_equal(l.rate, 18000);
	pace_free(p);
}

/* ---- trying again ---- */

static void
when_it_is_tried_again(void **state)
{
	static const struct { int attempts; int64_t in, low, high; } c[] = {
		{ 1, 86400, 45, 75 }, { 2, 86400, 90, 150 },
		{ 3, 86400, 180, 300 }, { 7, 86400, 2700, 4500 },
		{ 1000000, 86400, 2700, 4500 }, { 1, 80, 7, 13 },
		{ 2, 80, 15, 25 }, { 1, 8, 1, 2 }, { 1, 1, 1, 1 },
		{ 1, 0, 1, 1 }, { 0, 80, 7, 13 }
	};
	struct pace *p = pace(0, 1, NULL);
	size_t i;
	unsigned n;
	int64_t first, got;
	bool differs = false;

	(void)state;
	for (i = 0; i < sizeof(c) / sizeof(c[0]); i++)
		for (n = 0; n < 50; n++) {
			got = pace_retry(p, c[i].attempts, c[i].in);
			assert_in_range(got, c[i].low, c[i].high);
		}
	first = pace_retry(p, 7, 86400);
	for (n = 0; n < 50; n++)
		differs |= pace_retry(p, 7, 86400) != first;
	assert_true(differs);
	pace_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_bound),
		cmocka_unit_test(a_rate),
		cmocka_unit_test(the_slowest_and_the_fastest),
		cmocka_unit_test(whose_domain),
		cmocka_unit_test(never_more_than_the_rate),
		cmocka_unit_test(a_seconds_worth),
		cmocka_unit_test(places_are_apart),
		cmocka_unit_test(which_answers_are_slow),
		cmocka_unit_test(patience_halves_and_pauses),
		cmocka_unit_test(patience_at_the_beginning),
		cmocka_unit_test(pauses_do_not_count),
		cmocka_unit_test(a_quota),
		cmocka_unit_test(it_has_an_end),
		cmocka_unit_test(too_many_connections),
		cmocka_unit_test(it_grows_again),
		cmocka_unit_test(no_more_than_the_person_allows),
		cmocka_unit_test(begins_with_what_was_learnt),
		cmocka_unit_test(keeps_what_was_learnt),
		cmocka_unit_test(when_it_is_tried_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
