/* Several relays as one: turns, and what goes to the next one. */
#include "program_fixture.h"

static unsigned lost_count;
static char lost_words[ERR_MSG_MAX];

static unsigned slow_count;

static void on_slow(void *ctx)
{
	(void)ctx;
	slow_count++;
}

static void on_lost(void *ctx, const struct err *why)
{
	(void)ctx;
	lost_count++;
	snprintf(lost_words, sizeof lost_words, "%s", why->msg);
}

/* As letters_run, over what is joined. */
static int run_joined(struct letters *l, const char *const *urls,
    const unsigned *weights, size_t n)
{
	struct transport_options options = { .helo = "client.example",
	    .timeout = 2 };
	struct transport_source source = { l, letters_next, letters_soon,
	    letters_doubt, letters_settle, letters_idle, letters_stop,
	    on_slow };
	struct transport *list[4], *all;
	size_t i;
	int status;

	lost_count = slow_count = 0;
	memset(&l->err, 0, sizeof l->err);
	for (i = 0; i < n; i++) {
		list[i] = transport_open(urls[i], &options, &l->err);
		assert_non_null(list[i]);
	}
	all = transport_join(list, weights, n, on_lost, NULL);
	assert_non_null(strstr(transport_url(all), urls[n - 1]));
	status = transport_run(all, &source, &l->err);
	transport_close(all);
	assert_int_equal(l->given, l->settled);
	assert_int_equal(l->gone, 0);
	return status;
}

static void test_shared_out(void **state)
{
	static const unsigned weights[] = { 1, 2 };
	struct sink a, b;
	const char *urls[] = { a.url, b.url };
	struct letters l;
	size_t i, got[2] = { 0, 0 };

	(void)state;
	sink_start(&a, "");
	sink_start(&b, "");
	letters_init(&l, 170);
	assert_int_equal(run_joined(&l, urls, weights, 2), 0);
	assert_int_equal(lost_count, 0);
	for (i = 0; i < l.count; i++) {
		letters_expect(&l, i, TRANSPORT_SENT);
		assert_int_equal(l.letter[i].doubts, 1);
		got[0] += (size_t)taken(&a, l.letter[i].to);
		got[1] += (size_t)taken(&b, l.letter[i].to);
	}
	assert_int_equal(got[0], 70);
	assert_int_equal(got[1], 100);
	letters_release(&l);
	sink_stop(&a);
	sink_stop(&b);
}

/* Nobody is left out, and nobody has it twice. */
static void test_one_fails(void **state)
{
	static const char *const scripts[] = {
		"on connect * 421 4.3.2 busy", "on connect * 554 5.3.2 never",
		"on mail * 530 5.7.0 log in first", "hang connect",
		/* Later, and a message that is cut. */
		"drop after 40\nhang connect",
	};
	static const unsigned weights[] = { 1, 1, 1 };
	struct sink a, b;
	const char *urls[] = { "smtp://127.0.0.1:9", a.url, b.url };
	struct letters l;
	size_t i, k, both;

	(void)state;
	for (k = 0; k < sizeof scripts / sizeof scripts[0]; k++) {
		print_message("%s\n", scripts[k]);
		sink_start(&a, k == 4 ? "on mail times=20 * 250 ok\n"
		    "on mail * 530 5.7.0 log in" : scripts[k]);
		sink_start(&b, "");
		letters_init(&l, 120);
		assert_int_equal(run_joined(&l, urls, weights, 3), 0);
		assert_int_equal(lost_count, 2);
		assert_non_null(strstr(lost_words, a.url));
		for (i = 0; i < l.count; i++) {
			letters_expect(&l, i, TRANSPORT_SENT);
			assert_int_equal(l.letter[i].doubts, 1);
			both = (size_t)taken(&a, l.letter[i].to) +
			    (size_t)taken(&b, l.letter[i].to);
			assert_int_equal(both, 1);
		}
		letters_release(&l);
		sink_stop(&a);
		sink_stop(&b);
	}
}

/* An address that is not ASCII is for relays that take such. */
static void test_not_ascii(void **state)
{
	static const unsigned weights[] = { 1, 1, 1 };
	static const size_t odd[] = { 0, 1, 60, 100, 129 };
	struct sink a, b, program;
	const char *urls[] = { a.url, b.url, program.url };
	struct letters l;
	size_t i, n;

	(void)state;
	for (n = 2; n <= 3; n++) {
		sink_start(&a, "");
		sink_start(&b, "");
		make_program(&program, "cat >/dev/null");
		letters_init(&l, 130);
		for (i = 0; i < sizeof odd / sizeof odd[0]; i++)
			snprintf(l.letter[odd[i]].to,
			    sizeof l.letter[0].to, "m\xc3\xbcller%zu@x.net", i);
		assert_int_equal(run_joined(&l, urls, weights, n), 0);
		assert_int_equal(lost_count, 0);
		for (i = 0; i < l.count; i++) {
			bool ascii = strchr(l.letter[i].to, '\xc3') == NULL;

			letters_expect(&l, i, n == 3 || ascii ?
			    TRANSPORT_SENT : TRANSPORT_FAILED);
			assert_int_equal(l.letter[i].doubts, n == 3 || ascii);
			if (n == 2 && !ascii)
				assert_non_null(strstr(
				    l.letter[i].result.text, "SMTPUTF8"));
		}
		letters_release(&l);
		sink_stop(&a);
		sink_stop(&b);
		drop_program(&program);
	}
}

/* One that may take it is only not there now. */
static void test_not_ascii_and_one_is_down(void **state)
{
	static const unsigned weights[] = { 1, 1 };
	struct sink a;
	const char *urls[] = { "smtps://127.0.0.1:9", a.url };
	struct letters l;

	(void)state;
	sink_start(&a, "");
	letters_init(&l, 3);
	snprintf(l.letter[1].to, sizeof l.letter[1].to, "m\xc3\xbcller@x.net");
	assert_int_equal(run_joined(&l, urls, weights, 2), 0);
	assert_int_equal(lost_count, 1);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_expect(&l, 1, TRANSPORT_DEFERRED);
	letters_expect(&l, 2, TRANSPORT_SENT);
	letters_release(&l);
	sink_stop(&a);
}

/* ... and the shares of the others stay what they are. */
static void test_not_ascii_and_weights(void **state)
{
	static const unsigned weights[] = { 3, 1 };
	struct sink a, program;
	const char *urls[] = { a.url, program.url };
	struct letters l;
	size_t i, got = 0;

	(void)state;
	sink_start(&a, "");
	make_program(&program, "cat >/dev/null");
	letters_init(&l, 400);
	for (i = 0; i < l.count; i += 20)
		snprintf(l.letter[i].to, sizeof l.letter[i].to,
		    "m\xc3\xbcller%zu@x.net", i);
	assert_int_equal(run_joined(&l, urls, weights, 2), 0);
	for (i = 0; i < l.count; i++) {
		letters_expect(&l, i, TRANSPORT_SENT);
		got += (size_t)taken(&a, l.letter[i].to);
	}
	/* Of 150 in a turn some eight are carried to the other. */
	assert_in_range(got, 270, 300);
	letters_release(&l);
	sink_stop(&a);
	drop_program(&program);
}

/* A program is in doubt before it says that it is not set up. */
static void test_program_fails(void **state)
{
	static const unsigned weights[] = { 1, 1 };
	struct sink a, b;
	const char *urls[] = { a.url, b.url };
	struct letters l;

	(void)state;
	make_program(&a, "cat >/dev/null; exit 78");
	sink_start(&b, "");
	letters_init(&l, 3);
	assert_int_equal(run_joined(&l, urls, weights, 2), 0);
	assert_int_equal(lost_count, 1);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_expect(&l, 2, TRANSPORT_SENT);
	assert_int_equal(l.letter[0].doubts, 1);
	check_taken(&b, &l);
	letters_release(&l);
	sink_stop(&b);
	drop_program(&a);
}

static void test_all_fail(void **state)
{
	static const char *const urls[] = { "smtp://127.0.0.1:9",
		"smtp://127.0.0.1:10" };
	static const unsigned weights[] = { 1, 1 };
	struct letters l;

	(void)state;
	letters_init(&l, 3);
	assert_int_equal(run_joined(&l, urls, weights, 2), -1);
	assert_int_equal(l.err.kind, ERR_TEMPORARY);
	assert_non_null(strstr(l.err.msg, urls[1]));
	assert_int_equal(lost_count, 1);
	assert_int_equal(l.given, 1);
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	letters_release(&l);
}

/* What is not the relay's fault is not carried to the next one. */
static void test_not_of_the_relay(void **state)
{
	static const unsigned weights[] = { 1, 1 };
	struct sink a, b;
	const char *urls[] = { a.url, b.url };
	struct letters l;

	(void)state;
	sink_start(&a, "on end * 554 5.7.1 spam");
	sink_start(&b, "");
	letters_init(&l, 5);
	letters_apart(&l);
	assert_int_equal(run_joined(&l, urls, weights, 2), -1);
	assert_int_equal(l.err.kind, ERR_REFUSED);
	assert_int_equal(lost_count, 0);
	assert_int_equal(l.given, 3);
	letters_release(&l);
	letters_init(&l, 5);
	l.refuse_doubt = 1;
	assert_int_equal(run_joined(&l, urls, weights, 2), -1);
	assert_int_equal(l.err.kind, ERR_IO);
	assert_int_equal(lost_count, 0);
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	letters_release(&l);
	letters_init(&l, 5);
	l.stop_after = 2;
	urls[0] = b.url;
	assert_int_equal(run_joined(&l, urls, weights, 2), 0);
	assert_int_equal(l.given, 2);
	letters_release(&l);
	sink_stop(&a);
	sink_stop(&b);
}

/* ---- one that puts off ---- */

/* Two relays of the same weight. */
struct pair {
	struct sink a, b;
	struct letters l;
};

static void pair_begin(struct pair *p, const char *a, const char *b,
    size_t count)
{
	sink_start(&p->a, a);
	sink_start(&p->b, b);
	letters_init(&p->l, count);
}

static void pair_run(struct pair *p)
{
	static const unsigned weights[] = { 1, 1 };
	const char *urls[] = { p->a.url, p->b.url };

	assert_int_equal(run_joined(&p->l, urls, weights, 2), 0);
	assert_int_equal(lost_count, 0);
}

static void pair_end(struct pair *p)
{
	letters_release(&p->l);
	sink_stop(&p->a);
	sink_stop(&p->b);
}

/* How often it was given a sender. */
static size_t asked(const struct sink *s)
{
	char *dialog = slurp(s->dir, "dialog.log"), *p = dialog;
	size_t n = 0;

	while ((p = strstr(p, "\tMAIL FROM:")) != NULL) {
		n++;
		p++;
	}
	free(dialog);
	return n;
}

/* Friends at one relay alone: none of them twice. */
static void all_at(const struct sink *s, const struct letters *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		letters_expect(l, i, TRANSPORT_SENT);
		assert_int_equal(l->letter[i].doubts, 1);
		assert_int_equal(taken(s, l->letter[i].to), 1);
	}
}

/* The other one gets what it puts off, and when that was so three times it is
 * asked no more: at once, and nobody is told to be slow. */
static void test_puts_off(void **state)
{
	static const struct {
		const char *script;
		size_t asked;		/* at most */
	} rows[] = {
		{ "on rcpt * 450 4.7.1 later", 3 },
		{ "on mail * 451 4.3.0 later", 3 },
		{ "on data * 451 4.3.0 later", 3 },
		{ "on end * 452 4.3.1 no room", 3 },
		{ "on mail * 421 4.3.2 not now", 6 },
	};
	struct pair p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		pair_begin(&p, rows[i].script, "", 120);
		pair_run(&p);
		print_message("%s: asked for %zu\n", rows[i].script,
		    asked(&p.a));
		all_at(&p.b, &p.l);
		assert_in_range(asked(&p.a), 1, rows[i].asked);
		assert_int_equal(slow_count, 0);
		pair_end(&p);
	}
}

/* Which may have queued it: nobody else gets that, but soon it rests. */
static void test_program_puts_off(void **state)
{
	static const unsigned weights[] = { 3, 1 };
	struct sink a, b;
	const char *urls[] = { a.url, b.url };
	struct letters l;
	size_t i;

	(void)state;
	make_program(&a, "cat >/dev/null; exit 75");
	sink_start(&b, "");
	letters_init(&l, 60);
	assert_int_equal(run_joined(&l, urls, weights, 2), 0);
	for (i = 0; i < l.count; i++) {
		letters_expect(&l, i, i < 3 ? TRANSPORT_DEFERRED :
		    TRANSPORT_SENT);
		assert_int_equal(taken(&b, l.letter[i].to), i >= 3);
	}
	letters_release(&l);
	sink_stop(&b);
	drop_program(&a);
}

/* What all of them put off is, in the first one's words. Neither of them was
 * slow: both take the others. */
static void test_all_put_off(void **state)
{
	struct pair p;
	size_t i, n = 0;

	(void)state;
	pair_begin(&p, "on rcpt friend1?@* 452 4.2.2 full, says a\n"
	    "on rcpt friend7?@* 452 4.2.2 full, says a",
	    "on rcpt friend1?@* 452 4.2.2 full, says b\n"
	    "on rcpt friend7?@* 452 4.2.2 full, says b", 100);
	pair_run(&p);
	for (i = 0; i < p.l.count; i++) {
		if (i / 10 == 1 || i / 10 == 7) {
			letters_expect(&p.l, i, TRANSPORT_DEFERRED);
			assert_non_null(strstr(p.l.letter[i].result.text,
			    i < 50 ? "says a" : "says b"));
			assert_int_equal(p.l.letter[i].doubts, 0);
		} else {
			letters_expect(&p.l, i, TRANSPORT_SENT);
			n += (size_t)(taken(&p.a, p.l.letter[i].to) +
			    taken(&p.b, p.l.letter[i].to));
		}
	}
	assert_int_equal(n, 80);
	assert_int_equal(asked(&p.a), 60);
	assert_int_equal(asked(&p.b), 60);
	assert_int_equal(slow_count, 0);
	pair_end(&p);
}

/* It says 421, and takes the message over the next connection. */
static void test_slow_alone(void **state)
{
	struct pair p;

	(void)state;
	pair_begin(&p, "on mail times=1 * 421 4.3.2 not now", "", 5);
	pair_run(&p);
	all_at(&p.a, &p.l);
	assert_int_equal(slow_count, 1);
	pair_end(&p);
}

/* All are slow: that is told. */
static void test_all_slow(void **state)
{
	struct pair p;

	(void)state;
	pair_begin(&p, "on mail * 421 4.3.2 not now",
	    "on mail * 421 4.3.2 not now", 2);
	pair_run(&p);
	letters_expect(&p.l, 0, TRANSPORT_DEFERRED);
	letters_expect(&p.l, 1, TRANSPORT_DEFERRED);
	assert_int_equal(slow_count, 2);
	pair_end(&p);
}

/* One that loses what it has is slow at once, and that goes nowhere else. */
static void test_lost_behind_doubt(void **state)
{
	struct pair p;
	size_t i;

	(void)state;
	/* Greeting, EHLO, three answers to the envelope. */
	pair_begin(&p, "drop before 6", "", 5);
	pair_run(&p);
	for (i = 0; i < p.l.count; i++)
		letters_expect(&p.l, i, i == 0 ? TRANSPORT_UNKNOWN :
		    TRANSPORT_SENT);
	assert_int_equal(slow_count, 1);
	assert_int_equal(taken(&p.b, p.l.letter[0].to), 0);
	pair_end(&p);
}

/* What is left of a turn is not for others. */
static void test_rest_of_a_turn(void **state)
{
	static const unsigned weights[] = { 3, 1, 1 };
	struct sink a, b, c;
	const char *urls[] = { a.url, b.url, c.url };
	struct letters l;
	size_t i, got[2] = { 0, 0 };

	(void)state;
	sink_start(&a, "on rcpt * 450 4.7.1 later");
	sink_start(&b, "");
	sink_start(&c, "");
	letters_init(&l, 103);
	assert_int_equal(run_joined(&l, urls, weights, 3), 0);
	for (i = 0; i < l.count; i++) {
		letters_expect(&l, i, TRANSPORT_SENT);
		got[0] += (size_t)taken(&b, l.letter[i].to);
		got[1] += (size_t)taken(&c, l.letter[i].to);
	}
	assert_int_equal(asked(&a), 3);
	assert_int_equal(got[0], 53);
	assert_int_equal(got[1], 50);
	letters_release(&l);
	sink_stop(&a);
	sink_stop(&b);
	sink_stop(&c);
}

/* Refused by the other one for the recipient's sake is refused; for a reason that
 * may be of all, or not fit for it, is put off. */
static void test_puts_off_and_refuses(void **state)
{
	struct pair p;

	(void)state;
	pair_begin(&p, "ehlo SMTPUTF8\nehlo 8BITMIME\n"
	    "on rcpt * 450 4.7.1 later",
	    "on rcpt friend0@* 550 5.1.1 nobody here\n"
	    "on rcpt friend2@* 554 5.7.1 not from you", 3);
	snprintf(p.l.letter[1].to, sizeof p.l.letter[1].to,
	    "m\xc3\xbcller@x.net");
	pair_run(&p);
	letters_expect(&p.l, 0, TRANSPORT_FAILED);
	letters_expect(&p.l, 1, TRANSPORT_DEFERRED);
	letters_expect(&p.l, 2, TRANSPORT_DEFERRED);
	assert_int_equal(p.l.letter[1].result.code, 450);
	assert_int_equal(p.l.letter[2].result.code, 450);
	pair_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared_out),
		cmocka_unit_test(test_one_fails),
		cmocka_unit_test(test_not_ascii),
		cmocka_unit_test(test_not_ascii_and_one_is_down),
		cmocka_unit_test(test_not_ascii_and_weights),
		cmocka_unit_test(test_program_fails),
		cmocka_unit_test(test_all_fail),
		cmocka_unit_test(test_not_of_the_relay),
		cmocka_unit_test(test_puts_off),
		cmocka_unit_test(test_program_puts_off),
		cmocka_unit_test(test_all_put_off),
		cmocka_unit_test(test_slow_alone),
		cmocka_unit_test(test_all_slow),
		cmocka_unit_test(test_lost_behind_doubt),
		cmocka_unit_test(test_rest_of_a_turn),
		cmocka_unit_test(test_puts_off_and_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
