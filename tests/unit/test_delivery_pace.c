/* When deliveries go, and which of them do: tried again, rates, refusals,
 * canaries, quiet hours. */
#include "delivery_fixture.h"

#include <sqlite3.h>

/* ---- tried again within the run ---- */

static enum err_kind
say_later(const struct letter *l, struct transport_result *out)
{
	if ((l->who == 2 && l->attempt < 3) || l->who == 3)
		transport_result_set(out, TRANSPORT_DEFERRED, 450,
		    "4.2.2 later");
	return ERR_NONE;
}

static void
tried_again_over(size_t connections)
{
	struct test_run t;

	test_begin(&t, 5, NULL);
	clock_speed = 20;
	t.o.retry_for = 60;
	peer.say = say_later;
	fixture_ok(test_deliver(&t, connections));
	counts_are(&t, "0 0 0 4 1 0 0 0");
	all_taken(1, 2, 1);
	all_taken(3, 3, 0);
	all_taken(4, 5, 1);
	assert_int_equal(peer.attempts[1], 1);
	assert_int_equal(peer.attempts[2], 3);
	assert_true(peer.attempts[3] >= 3);
	/* Whoever is tried several times counts once. */
	assert_int_equal(last.sent, 4);
	assert_int_equal(last.deferred, 1);
	assert_int_equal(delivery_to(&t, 2).attempts, 3);
	test_end(&t);
}

static void
tried_again_within_the_run(void **state)
{
	(void)state;
	tried_again_over(1);
	assert_int_equal(fixture_teardown(state), 0);
	assert_int_equal(fixture_setup(state), 0);
	tried_again_over(4);
}

static void
later_runs_without_retry_for(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 5, NULL);
	clock_speed = 20;
	peer.say = say_later;
	fixture_ok(test_deliver(&t, 2));
	counts_are(&t, "0 0 0 3 2 0 0 0");
	assert_int_equal(peer.attempts[2], 1);
	pause_us(200000);
	fixture_ok(test_deliver(&t, 2));
	assert_int_equal(peer.attempts[2], 2);
	assert_int_equal(peer.attempts[1], 1);
	/* What has been deferred often before is tried soon all the same. */
	pause_us(200000);
	t.o.retry_for = 60;
	fixture_ok(test_deliver(&t, 2));
	all_taken(2, 2, 1);
	assert_true(peer.attempts[3] >= 5);
	test_end(&t);
}

/* All but the first are deferred once: the list's end comes while some of them
 * are being answered, and none is forgotten for that. */
static enum err_kind
say_once_later(const struct letter *l, struct transport_result *out)
{
	if (l->who != 1 && l->attempt == 1)
		transport_result_set(out, TRANSPORT_DEFERRED, 450,
		    "4.2.2 later");
	return ERR_NONE;
}

static void
none_is_forgotten(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 200, NULL);
	clock_speed = 20;
	t.o.retry_for = 100;
	t.o.claim = 5;
	peer.say = say_once_later;
	peer.pause_us = 1000;
	fixture_ok(test_deliver(&t, 8));
	all_taken(1, 200, 1);
	counts_are(&t, "0 0 0 200 0 0 0 0");
	assert_int_equal(last.deferred, 0);
	test_end(&t);
}

/* The clock is put back: nobody is tried again for that. */
static atomic_int back;

static int64_t
now_put_back(void)
{
	return test_now() - back;
}

static enum err_kind
say_put_back(const struct letter *l, struct transport_result *out)
{
	if (l->who == 2)
		back = 1000;
	transport_result_set(out, TRANSPORT_DEFERRED, 450, "4.2.2 later");
	return ERR_NONE;
}

static void
clock_put_back(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 4, NULL);
	back = 0;
	t.o.now = now_put_back;
	peer.say = say_put_back;
	fixture_ok(test_deliver(&t, 1));
	counts_are(&t, "0 0 0 0 4 0 0 0");
	assert_int_equal(peer.attempts[1], 1);
	assert_int_equal(peer.attempts[4], 1);
	test_end(&t);
}

/* ---- the relay asks for patience ---- */

static enum err_kind
say_busy(const struct letter *l, struct transport_result *out)
{
	if (l->who > 1)
		transport_result_set(out, TRANSPORT_DEFERRED, 421,
		    "4.7.0 slow down");
	return ERR_NONE;
}

/* The run gives up, and most friends were not even tried. */
static void
patience_has_an_end(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 200, NULL);
	peer.say = say_busy;
	peer.pause_us = 250000;
	assert_int_equal(test_deliver(&t, 4), -1);
	fixture_told(ERR_TEMPORARY,
	    "puts off every message, and says \"421 4.7.0 slow down\"");
	assert_int_equal(peer.taken[1], 1);
	assert_true(last.deferred > 0 && last.deferred < 60);
	test_end(&t);
}

/* ---- rates ---- */

static void
a_rate(void **state)
{
	struct test_run t;
	int64_t begin;

	(void)state;
	test_begin(&t, 30, NULL);
	begin = microseconds();
	t.pace.rate = 20 * 3600;
	fixture_ok(test_deliver(&t, 4));
	all_taken(1, 30, 1);
	/* Late by one it may be. */
	assert_true(peer.at[peer.order[29]] - begin >= 28 * 50000);
	test_end(&t);
}

/* Every third friend is of the slow domain, and typed as people do. */
static struct ledger_friend *
friends_of_domains(size_t n)
{
	struct ledger_friend *f = arena_array(&arena, n, sizeof(*f));
	size_t i;

	for (i = 0; i < n; i++) {
		f[i].address = arena_printf(&arena, i % 3 == 0 ?
		    "f%zu@B\xc3\xbc" "cher.example" : "f%zu@other.example",
		    i + 1);
		f[i].key = arena_printf(&arena, i % 3 == 0 ?
		    "f%zu@xn--bcher-kva.example" : "f%zu@other.example",
		    i + 1);
		f[i].name = "";
		f[i].ref = arena_printf(&arena, "ref%zu", i + 1);
	}
	return f;
}

static const struct pace_domain slow_domain = {
	"xn--bcher-kva.example", 10 * 3600
};

/* Of one domain alone, while another one's go: the relay is not slowed down for
 * it. Of both, or where there is no other, it is. */
static enum err_kind
say_not_to_domain(const struct letter *l, struct transport_result *out)
{
	if (l->who % 3 == 1 && l->who > 1)
		transport_result_set(out, TRANSPORT_DEFERRED, 450,
		    "4.7.1 greylisted");
	return ERR_NONE;
}

/* Every second of the domain's. */
static enum err_kind
say_not_to_some(const struct letter *l, struct transport_result *out)
{
	if (l->who % 6 == 1)
		transport_result_set(out, TRANSPORT_DEFERRED, 452,
		    "4.3.1 greylisted");
	return ERR_NONE;
}

static enum err_kind
say_not_to_any(const struct letter *l, struct transport_result *out)
{
	if (l->who >= 39 && l->attempt == 1)
		transport_result_set(out, TRANSPORT_DEFERRED, 450,
		    "4.7.1 slower");
	return ERR_NONE;
}

/* Of all domains, five in sixteen, and most are taken in between. */
static enum err_kind
say_not_to_few(const struct letter *l, struct transport_result *out)
{
	if (l->who % 16 < 10 && l->who % 2 == 0)
		transport_result_set(out, TRANSPORT_DEFERRED, 451,
		    "4.3.0 later");
	return ERR_NONE;
}

static enum err_kind
say_not_to_many(const struct letter *l, struct transport_result *out)
{
	if (l->who >= 31 && l->who % 2 == 0)
		transport_result_set(out, TRANSPORT_DEFERRED, 451,
		    "4.3.0 later");
	return ERR_NONE;
}

static struct ledger_friend *
friends_of_three(size_t n)
{
	struct ledger_friend *f = friends_of_domains(n);
	size_t i;

	for (i = 0; i < n; i++)
		f[i].address = f[i].key = arena_printf(&arena,
		    "f%zu@%c.example", i + 1, "abc"[i % 3]);
	return f;
}

/* By the domain, as many lists come. */
static struct ledger_friend *
friends_sorted(size_t n)
{
	struct ledger_friend *f = friends_of_domains(n);
	size_t i;

	for (i = 0; i < n; i++)
		f[i].address = f[i].key = arena_printf(&arena, i < n - 4 ?
		    "f%zu@a.example" : "f%zu@b.example", i + 1);
	return f;
}

static struct ledger_friend *
friends_of_one(size_t n)
{
	(void)n;
	return NULL;
}

static void
a_domain_wants_patience(void **state)
{
	static const struct {
		enum err_kind (*say)(const struct letter *,
		    struct transport_result *);
		struct ledger_friend *(*friends)(size_t n);
		bool slowed;
		const char *counts;
	} rows[] = {
		{ say_not_to_domain, friends_of_domains, false,
		    "0 0 0 29 13 0 0 0" },
		{ say_not_to_some, friends_of_domains, false,
		    "0 0 0 35 7 0 0 0" },
		{ say_not_to_any, friends_of_three, true,
		    "0 0 0 38 4 0 0 0" },
		{ say_not_to_few, friends_of_three, false,
		    "0 0 0 28 14 0 0 0" },
		{ say_not_to_many, friends_of_three, true,
		    "0 0 0 36 6 0 0 0" },
		{ say_not_to_any, friends_of_one, true, "0 0 0 38 4 0 0 0" },
		/* Those of the other were taken before, not in between. */
		{ say_not_to_any, friends_sorted, true, "0 0 0 38 4 0 0 0" },
	};
	struct test_run t;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		test_begin(&t, 42, rows[i].friends(42));
		peer.say = rows[i].say;
		fixture_ok(test_deliver(&t, 1));
		counts_are(&t, rows[i].counts);
		if (t.slowed != rows[i].slowed)
			fail_msg("%zu: slowed %d", i, t.slowed);
		test_end(&t);
		assert_int_equal(fixture_teardown(state), 0);
		assert_int_equal(fixture_setup(state), 0);
	}
}

/* A domain in front of all: three of it are tried, then all others, and then the
 * rest of it. */
static struct ledger_friend *
friends_behind(size_t n)
{
	struct ledger_friend *f = friends_of_domains(n);
	size_t i;

	for (i = 0; i < n; i++)
		f[i].address = f[i].key = arena_printf(&arena, i < 60 ?
		    "f%zu@front.example" : "f%zu@d%zu.example", i + 1, i % 7);
	return f;
}

static size_t tried_in_front;	/* before the last of the others was taken */

static enum err_kind
say_front_later(const struct letter *l, struct transport_result *out)
{
	if (l->who > 60)
		return ERR_NONE;
	if (l->peer->ntaken < 40)
		tried_in_front++;
	transport_result_set(out, TRANSPORT_DEFERRED, 450, "4.7.1 greylisted");
	return ERR_NONE;
}

static enum err_kind
say_not_in_front(const struct letter *l, struct transport_result *out)
{
	if (l->who > 60)
		return ERR_NONE;
	if (l->peer->ntaken < 40)
		tried_in_front++;
	transport_result_set(out, TRANSPORT_REFUSED, 554, "5.7.1 no");
	return ERR_NONE;
}

static void
nobody_waits_for_a_domain(void **state)
{
	static const struct {
		enum err_kind (*say)(const struct letter *,
		    struct transport_result *);
		size_t connections;
		const char *counts;
	} rows[] = {
		{ say_front_later, 1, "0 0 0 40 60 0 0 0" },
		{ say_front_later, 4, "0 0 0 40 60 0 0 0" },
		{ say_not_in_front, 1, "0 0 0 40 57 3 0 0" },
	};
	struct test_run t;
	size_t i, j;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		test_begin(&t, 100, friends_behind(100));
		t.o.stop_refused = 50;
		t.o.claim = 10;
		tried_in_front = 0;
		peer.say = rows[i].say;
		fixture_ok(test_deliver(&t, rows[i].connections));
		counts_are(&t, rows[i].counts);
		assert_false(t.slowed);
		assert_int_equal(tried_in_front, 3);
		for (j = 1; j <= 100; j++)
			assert_int_equal(peer.attempts[j], 1);
		test_end(&t);
		assert_int_equal(fixture_teardown(state), 0);
		assert_int_equal(fixture_setup(state), 0);
	}
}

/* More domains than are remembered, each of its own, and one that is put off. */
static struct ledger_friend *
friends_of_many(size_t n)
{
	struct ledger_friend *f = friends_of_domains(n);
	size_t i;

	for (i = 0; i < n; i++)
		f[i].address = f[i].key = arena_printf(&arena, i % 3 == 2 ?
		    "f%zu@one.example" : "f%zu@d%zu.example", i + 1, i);
	return f;
}

static enum err_kind
say_of_many(const struct letter *l, struct transport_result *out)
{
	if (l->who % 3 == 1)
		transport_result_set(out, TRANSPORT_REFUSED, 554, "5.7.1 no");
	else if (l->who % 3 == 0 && l->who > 250)
		transport_result_set(out, TRANSPORT_DEFERRED, 450, "4.7.1 no");
	return ERR_NONE;
}

static void
more_domains_than_are_remembered(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 300, friends_of_many(300));
	peer.say = say_of_many;
	fixture_ok(test_deliver(&t, 1));
	counts_are(&t, "0 0 0 183 17 100 0 0");
	assert_false(t.slowed);
	test_end(&t);
}

/* Those of the slow domain never go faster than its rate, whenever they do; the
 * others do not wait for them. */
static void
check_domains(size_t n, int64_t begin)
{
	size_t i, k = 0, who = 0;

	for (i = 0; i < n; i++) {
		who = peer.order[i];
		if (who % 3 != 1)
			continue;
		if (peer.at[who] - begin < (int64_t)k * 100000)
			fail_msg("number %zu of the domain went after %lld us",
			    k, (long long)(peer.at[who] - begin));
		k++;
	}
	assert_int_equal(k, (n + 2) / 3);
	assert_int_equal(who % 3, 1);
}

static void
domain_rate_over(size_t connections, size_t n, unsigned pause, size_t claim)
{
	struct test_run t;
	int64_t begin;

	test_begin(&t, n, friends_of_domains(n));
	begin = microseconds();
	t.pace.domains = &slow_domain;
	t.pace.ndomains = 1;
	t.o.claim = claim;
	peer.pause_us = pause;
	fixture_ok(test_deliver(&t, connections));
	all_taken(1, n, 1);
	check_domains(n, begin);
	test_end(&t);
}

static void
a_domain_rate(void **state)
{
	(void)state;
	domain_rate_over(4, 42, 0, 64);
	assert_int_equal(fixture_teardown(state), 0);
	assert_int_equal(fixture_setup(state), 0);
	domain_rate_over(1, 60, 10000, 8);
}

/* A person has named them: they are waited for in their order. */
static void
a_domain_rate_in_a_resend(void **state)
{
	struct ledger_delivery *d;
	struct test_run t;
	int64_t ids[9], begin;
	size_t i, n;

	(void)state;
	test_begin(&t, 9, friends_of_domains(9));
	t.pace.domains = &slow_domain;
	t.pace.ndomains = 1;
	fixture_ok(ledger_deliveries(t.ledger, t.edition, -1, 0, 9, &arena, &d,
	    &n, &err));
	for (i = 0; i < 9; i++)
		ids[i] = d[i].id;
	t.o.only = ids;
	t.o.nonly = 9;
	begin = microseconds();
	fixture_ok(test_deliver(&t, 2));
	all_taken(1, 9, 1);
	assert_true(peer.at[7] - begin >= 200000);
	test_end(&t);
}

/* ---- too many refusals ---- */

static enum err_kind
say_no(const struct letter *l, struct transport_result *out)
{
	if (l->who % 4 != 0)
		transport_result_set(out, TRANSPORT_FAILED, 550,
		    "5.1.1 nobody");
	return ERR_NONE;
}

static void
too_many_refusals(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 100, NULL);
	peer.say = say_no;
	t.o.stop_refused = 50;
	assert_int_equal(test_deliver(&t, 1), -1);
	fixture_told(ERR_REFUSED, "15 of the first 20 friends were refused");
	counts_are(&t, "80 0 0 5 0 15 0 0");
	/* The next run has a first hundred of its own. */
	assert_int_equal(test_deliver(&t, 4), -1);
	fixture_told(ERR_REFUSED, "of the first 20 friends were refused");
	assert_in_range(peer.ntaken, 5, 14);
	t.o.stop_refused = 90;
	fixture_ok(test_deliver(&t, 4));
	counts_are(&t, "0 0 0 25 0 75 0 0");
	assert_int_equal(last.refused, last.failed);
	test_end(&t);
}

static enum err_kind
say_no_to_all(const struct letter *l, struct transport_result *out)
{
	(void)l;
	transport_result_set(out, TRANSPORT_FAILED, 550, "5.1.1 nobody");
	return ERR_NONE;
}

static void
refusals_that_do_not_matter(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 40, NULL);
	peer.say = say_no_to_all;
	t.o.stop_refused = 100;
	fixture_ok(test_deliver(&t, 2));
	counts_are(&t, "0 0 0 0 0 40 0 0");
	test_end(&t);
}

/* ---- canaries ---- */

static void
name_canaries(struct test_run *t, size_t a, size_t b)
{
	int64_t *ids = arena_array(&arena, 2, sizeof(*ids));

	ids[0] = delivery_to(t, a).id;
	ids[1] = delivery_to(t, b).id;
	t->o.canary = ids;
	t->o.ncanary = 2;
	t->o.stop_refused = 50;
}

static void
canaries_that_are_refused(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 50, NULL);
	name_canaries(&t, 40, 30);
	peer.say = say_no_to_all;
	assert_int_equal(test_deliver(&t, 4), -1);
	fixture_told(ERR_REFUSED,
	    "2 of 2 canaries were refused, so 2025-W24 goes to nobody else");
	counts_are(&t, "48 0 0 0 0 2 0 0");
	/* Nor in a later run, which has none to send to. */
	t.o.ncanary = 0;
	t.o.canary_tried = t.o.canary_refused = 1;
	assert_int_equal(test_deliver(&t, 4), -1);
	fixture_told(ERR_REFUSED, "1 of 1 canary was refused");
	counts_are(&t, "48 0 0 0 0 2 0 0");
	peer.say = NULL;
	t.o.canary_tried = 2;
	fixture_ok(test_deliver(&t, 4));
	counts_are(&t, "0 0 0 48 0 2 0 0");
	test_end(&t);
}

static enum err_kind
say_no_to_one(const struct letter *l, struct transport_result *out)
{
	if (l->who == 30)
		transport_result_set(out, TRANSPORT_REFUSED, 554, "5.7.1 no");
	return ERR_NONE;
}

static void
canaries_that_are_taken(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 50, NULL);
	name_canaries(&t, 30, 40);
	peer.say = say_no_to_one;
	peer.pause_us = 2000;
	fixture_ok(test_deliver(&t, 4));
	counts_are(&t, "0 0 0 49 0 1 0 0");
	assert_int_equal(peer.order[0], 40);
	/* Nothing was begun before the canaries were through. */
	assert_int_equal(peer.attempts[30], 1);
	test_end(&t);
}

/* What a canary was not told counts neither way: it is tried again first. */
static enum err_kind
say_canary_lost(const struct letter *l, struct transport_result *out)
{
	if (l->who == 40 && l->attempt == 1)
		return ERR_TEMPORARY;
	if (l->who == 40 || l->who == 30)
		return say_no_to_all(l, out);
	return ERR_NONE;
}

static void
canary_not_tried(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 50, NULL);
	name_canaries(&t, 40, 30);
	t.o.retry_for = 20;
	peer.say = say_canary_lost;
	assert_int_equal(test_deliver(&t, 4), -1);
	fixture_told(ERR_REFUSED, "2 of 2 canaries were refused");
	counts_are(&t, "48 0 0 0 0 2 0 0");
	test_end(&t);
}

/* The relay is gone behind the first canary: the run ends. */
static enum err_kind
say_gone_after_one(const struct letter *l, struct transport_result *out)
{
	(void)out;
	return l->nth > 1 ? ERR_TEMPORARY : ERR_NONE;
}

static void
relay_gone_behind_a_canary(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 50, NULL);
	name_canaries(&t, 40, 30);
	peer.say = say_gone_after_one;
	assert_int_equal(test_deliver(&t, 4), -1);
	fixture_told(ERR_TEMPORARY, "the connection failed");
	counts_are(&t, "49 0 0 1 0 0 0 0");
	test_end(&t);
}

/* ---- refusals of which nobody can tell ---- */

static enum err_kind
say_perhaps(const struct letter *l, struct transport_result *out)
{
	if (l->who == 1 || l->who == 3 || l->who == 5)
		transport_result_set(out, TRANSPORT_REFUSED, 554,
		    "5.7.1 unwanted");
	if (l->who == 4 && delivery_fixture_state(1) != LEDGER_FAILED)
		abort();	/* 2 was taken */
	return ERR_NONE;
}

static void
refusals_are_held(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 5, NULL);
	peer.say = say_perhaps;
	fixture_ok(test_deliver(&t, 1));
	/* 5 came last, behind messages that were taken. */
	counts_are(&t, "0 0 0 2 0 3 0 0");
	assert_int_equal(last.deferred, 0);
	assert_int_equal(last.failed, 3);
	test_end(&t);
}

/* All from some friend on to the last: when they are many it may be what has
 * come over the relay. */
static size_t refused_from;

static enum err_kind
say_perhaps_from(const struct letter *l, struct transport_result *out)
{
	if (l->who >= refused_from)
		transport_result_set(out, TRANSPORT_REFUSED, 554, "5.7.1 no");
	return ERR_NONE;
}

static void
refusals_at_the_end(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 10, NULL);
	refused_from = 6;
	peer.say = say_perhaps_from;
	fixture_ok(test_deliver(&t, 1));
	counts_are(&t, "0 0 0 5 5 0 0 0");
	assert_int_equal(last_held, 5);
	test_end(&t);
	assert_int_equal(fixture_teardown(state), 0);
	assert_int_equal(fixture_setup(state), 0);
	test_begin(&t, 10, NULL);
	refused_from = 7;
	peer.say = say_perhaps_from;
	fixture_ok(test_deliver(&t, 1));
	counts_are(&t, "0 0 0 6 0 4 0 0");
	assert_int_equal(last_held, 0);
	test_end(&t);
}

/* By an earlier run: that says nothing about the others of this one. */
static void
refused_before(void **state)
{
	struct test_run t;
	int64_t ids[30];
	size_t i;

	(void)state;
	test_begin(&t, 30, NULL);
	clock_speed = 20;
	t.o.stop_refused = 50;
	refused_from = 1;
	peer.say = say_perhaps_from;
	assert_int_equal(test_deliver(&t, 1), -1);
	counts_are(&t, "10 0 0 0 20 0 0 0");
	pause_us(200000);
	fixture_ok(test_deliver(&t, 1));
	counts_are(&t, "0 0 0 0 30 0 0 0");
	assert_int_equal(last_held, 30);
	pause_us(200000);
	fixture_ok(test_deliver(&t, 1));
	assert_int_equal(peer.attempts[1], 3);
	assert_int_equal(peer.attempts[30], 2);
	/* What a resend left that was broken off counts anew. */
	for (i = 0; i < 30; i++)
		ids[i] = delivery_to(&t, i + 1).id;
	ledger_fixture_resend(t.ledger, ids, 30, test_now());
	assert_int_equal(test_deliver(&t, 1), -1);
	counts_are(&t, "10 0 0 0 20 0 0 0");
	test_end(&t);
}

static enum err_kind
say_perhaps_to_all(const struct letter *l, struct transport_result *out)
{
	(void)l;
	transport_result_set(out, TRANSPORT_REFUSED, 554, "5.7.1 unwanted");
	return ERR_NONE;
}

static void
refusals_of_all(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 5, NULL);
	peer.say = say_perhaps_to_all;
	fixture_ok(test_deliver(&t, 2));
	counts_are(&t, "0 0 0 0 5 0 0 0");
	assert_int_equal(last.deferred, 5);
	assert_int_equal(last.failed, 0);
	test_end(&t);
}

static bool
has_begun(size_t who)
{
	bool yes;

	pthread_mutex_lock(&peer.lock);
	yes = peer.attempts[who] > 0;
	pthread_mutex_unlock(&peer.lock);
	return yes;
}

/* 3 is begun before 2 is refused, and taken after it: which proves nothing. The
 * run is broken off then. */
static enum err_kind
say_begun_before(const struct letter *l, struct transport_result *out)
{
	if (l->who == 2) {
		while (!has_begun(3))
			pause_us(1000);
		transport_result_set(out, TRANSPORT_REFUSED, 554, "5.7.1 no");
	}
	if (l->who == 3) {
		while (delivery_fixture_state(2) != LEDGER_DEFERRED)
			pause_us(1000);
		stopped = 1;
	}
	return ERR_NONE;
}

static void
refused_behind_its_beginning(void **state)
{
	struct test_run t;

	(void)state;
	test_begin(&t, 3, NULL);
	peer.say = say_begun_before;
	fixture_ok(test_deliver(&t, 2));
	counts_are(&t, "0 0 0 2 1 0 0 0");
	test_end(&t);
}

/* ---- quiet hours ---- */

static int64_t
quiet_in_b(void *ctx, const char *zone, int64_t now)
{
	(void)ctx;
	return *zone == 'B' ? now + 36000 : 0;
}

/* Every second friend. */
static void
move_to_b(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(fixture_path("ledger.db"), &db),
	    SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE friends SET zone = 'B'"
	    " WHERE id % 2 = 0", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* A row that is counted, and that no claim finds. */
static void
a_ledger_that_gives_none_out(void **state)
{
	struct test_run t;
	sqlite3 *db;

	(void)state;
	test_begin(&t, 5, NULL);
	assert_int_equal(sqlite3_open(fixture_path("ledger.db"), &db),
	    SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "DELETE FROM friends WHERE id = 3",
	    NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(test_deliver(&t, 2), -1);
	fixture_told(ERR_IO, "the ledger is damaged (friends wait in it whom "
	    "it does not give out)");
	counts_are(&t, "1 0 0 4 0 0 0 0");
	test_end(&t);
}

static void
quiet_hours(void **state)
{
	struct test_run t;
	size_t i;

	(void)state;
	test_begin(&t, 100, NULL);
	move_to_b();
	t.o.quiet = quiet_in_b;
	t.o.retry_for = 100;
	fixture_ok(test_deliver(&t, 4));
	counts_are(&t, "50 0 0 50 0 0 0 0");
	for (i = 1; i <= 100; i++)
		assert_int_equal(peer.attempts[i], i % 2);
	assert_int_equal(delivery_to(&t, 2).state, LEDGER_PENDING);
	assert_true(delivery_to(&t, 2).due > NOW + 36000);
	/* A later run does not even look at them. */
	fixture_ok(test_deliver(&t, 4));
	counts_are(&t, "50 0 0 50 0 0 0 0");
	assert_int_equal(peer.attempts[2], 0);
	test_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tried_again_within_the_run),
		TEST(later_runs_without_retry_for),
		TEST(none_is_forgotten),
		TEST(clock_put_back),
		TEST(patience_has_an_end),
		TEST(a_rate),
		TEST(a_domain_wants_patience),
		TEST(nobody_waits_for_a_domain),
		TEST(more_domains_than_are_remembered),
		TEST(a_domain_rate),
		TEST(a_domain_rate_in_a_resend),
		TEST(too_many_refusals),
		TEST(refusals_that_do_not_matter),
		TEST(canaries_that_are_refused),
		TEST(canaries_that_are_taken),
		TEST(canary_not_tried),
		TEST(relay_gone_behind_a_canary),
		TEST(refusals_are_held),
		TEST(refusals_at_the_end),
		TEST(refused_before),
		TEST(refusals_of_all),
		TEST(refused_behind_its_beginning),
		TEST(a_ledger_that_gives_none_out),
		TEST(quiet_hours),
	};

	/* A delivery that hangs is to fail. */
	alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
