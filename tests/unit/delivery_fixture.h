/*
 * A delivery with connections of the test's own: what the relay says to whom and
 * at which attempt is a function of the test, and what it took is counted.
 */
#ifndef DELIVERY_FIXTURE_H
#define DELIVERY_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* Before the fixture's err, which its own would hide. */
#include "mold_example.h"

#include "ledger_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <strings.h>
#include <time.h>

#include "mail/delivery.h"
#include "mail/transport_int.h"

#define PEER_FRIENDS 1000
#define PEER_LINES 16

struct peer;

/* One message as the relay sees it. */
struct letter {
	struct peer *peer;
	size_t who;		/* f7@… is 7 */
	unsigned attempt;	/* of that friend, from 1 */
	unsigned line;
	unsigned nth;		/* of that line, from 1 */
};

/* The relay; its lock guards what is counted. */
struct peer {
	pthread_mutex_t lock;
	/* What it says: fills the verdict and the code (0: lost without an
	 * answer). ERR_NONE, or the kind of failure of a connection that ends
	 * with this message untried. NULL: takes all. */
	enum err_kind (*say)(const struct letter *l,
	    struct transport_result *out);
	unsigned pause_us;	/* for each message */
	bool sudden;		/* doubt comes without an announcement */
	unsigned attempts[PEER_FRIENDS], taken[PEER_FRIENDS];
	int64_t at[PEER_FRIENDS];	/* when it was taken, microseconds */
	size_t order[PEER_FRIENDS];	/* whom, in which order */
	size_t ntaken;
	unsigned of_line[PEER_LINES];	/* messages taken over each */
	unsigned runs[PEER_LINES];
	unsigned most, open;		/* messages at a time */
};

struct peer_line {
	struct peer *peer;
	unsigned index, nth;
};

static struct peer peer;
static struct delivery_progress last;	/* as told at the end */
static atomic_int stopped;
static unsigned times_gone;
static size_t last_held;
static int clock_speed;		/* seconds of now() in one */

/* assert_true() is of the first thread. */
static inline void
thread_check(bool ok)
{
	if (!ok)
		abort();
}

static inline int64_t
microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static inline void
pause_us(unsigned us)
{
	const struct timespec t = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&t, NULL);
}

static inline int64_t
test_now(void)
{
	return NOW + 100 + microseconds() * clock_speed / 1000000;
}

static inline int
test_stop(void *ctx)
{
	(void)ctx;
	return stopped;
}

static inline void
test_progress(void *ctx, const struct delivery_progress *p)
{
	(void)ctx;
	last = *p;
}

static inline void
test_gone(void *ctx, const struct err *why, int64_t until)
{
	(void)ctx;
	thread_check(why->msg[0] != '\0' && until >= test_now() - 1);
	times_gone++;
}

/* ---- the relay ---- */

static inline enum err_kind
peer_hear(struct peer_line *line, const char *to,
    struct transport_result *out)
{
	struct letter l = { .peer = line->peer, .line = line->index,
	    .who = strtoul(to + 1, NULL, 10), .nth = ++line->nth };
	struct peer *p = line->peer;
	enum err_kind kind = ERR_NONE;

	transport_result_set(out, TRANSPORT_SENT, 250, "2.0.0 queued as Q");
	thread_check(l.who > 0 && l.who < PEER_FRIENDS);
	pthread_mutex_lock(&p->lock);
	l.attempt = ++p->attempts[l.who];
	if (++p->open > p->most)
		p->most = p->open;
	pthread_mutex_unlock(&p->lock);
	pause_us(p->pause_us);
	if (p->say != NULL)
		kind = p->say(&l, out);
	pthread_mutex_lock(&p->lock);
	p->open--;
	pthread_mutex_unlock(&p->lock);
	return kind;
}

static inline void
peer_take(struct peer_line *line, const char *to)
{
	struct peer *p = line->peer;
	size_t who = strtoul(to + 1, NULL, 10);

	pthread_mutex_lock(&p->lock);
	p->taken[who]++;
	p->at[who] = microseconds();
	thread_check(p->ntaken < PEER_FRIENDS);
	p->order[p->ntaken++] = who;
	p->of_line[line->index]++;
	pthread_mutex_unlock(&p->lock);
}

/* Whether the message is to that address, by its text. */
static inline bool
peer_is_to(const struct transport_message *m, const char *to)
{
	size_t i;

	for (i = 0; i < m->nparts; i++)
		if (memmem(m->part[i].iov_base, m->part[i].iov_len, to,
		    strlen(to)) != NULL)
			return true;
	return false;
}

/* -1: the run ends. */
static inline int
peer_message(struct peer_line *line, const struct transport_source *s,
    const struct transport_message *m, struct err *why)
{
	struct transport_result result;
	struct err spare = ERR_INIT;
	enum err_kind kind;
	bool gone;

	thread_check(transport_message_size(m) > 100);
	if (!line->peer->sudden) {
		s->soon(s->ctx, m->id);
		if (s->idle != NULL && s->idle(s->ctx, false, why) != 0)
			return -1;
	}
	kind = peer_hear(line, m->to, &result);
	if (kind != ERR_NONE) {
		err_set(why, kind, "test://: the connection failed");
		transport_result_set(&result, TRANSPORT_UNTRIED, 0, why->msg);
		s->settle(s->ctx, m->id, &result, &spare);
		return -1;
	}
	gone = result.verdict == TRANSPORT_SENT ||
	    result.verdict == TRANSPORT_UNKNOWN;
	if (gone) {
		thread_check(peer_is_to(m, m->to));
		if (s->doubt(s->ctx, m->id, why) != 0) {
			transport_result_set(&result, TRANSPORT_UNTRIED, 0,
			    "stopped");
			s->settle(s->ctx, m->id, &result, &spare);
			return -1;
		}
		peer_take(line, m->to);
	}
	if (s->idle != NULL && s->idle(s->ctx, gone, why) != 0)
		return -1;
	/* Of what has gone its addresses are still there. */
	thread_check(strchr(m->to, '@') != NULL && m->from != NULL);
	return s->settle(s->ctx, m->id, &result, why);
}

static inline int
peer_run(void *impl, const struct transport_source *s, struct err *why)
{
	struct peer_line *line = impl;
	struct transport_message m;
	int got = 0, rc = 0;

	pthread_mutex_lock(&line->peer->lock);
	line->peer->runs[line->index]++;
	pthread_mutex_unlock(&line->peer->lock);
	while (rc == 0 && s->stop(s->ctx) == 0 &&
	    (got = s->next(s->ctx, &m, why)) == 1)
		rc = peer_message(line, s, &m, why);
	return rc != 0 || got < 0 ? -1 : 0;
}

static inline void
peer_close(void *impl)
{
	(void)impl;
}

static const struct transport_ops peer_ops = {
	"test:", NULL, peer_run, peer_close
};

/* ---- the ledger, by a handle of its own: for threads ---- */

static inline enum ledger_state
delivery_fixture_state(size_t who)
{
	struct err why = ERR_INIT;
	struct arena a = ARENA_INIT;
	struct ledger_delivery d;
	struct ledger_edition e;
	struct ledger *l = ledger_peek(arena_printf(&a, "%s/ledger.db",
	    fixture_dir), &why);

	thread_check(l != NULL && ledger_edition_get(l, "show", NULL, &a, &e,
	    &why) == 1 && ledger_delivery_of(l, e.id, arena_printf(&a,
	    "f%zu@example.org", who), &a, &d, &why) == 1);
	ledger_close(l);
	arena_release(&a);
	return d.state;
}

static inline void
test_held(void *ctx, size_t n, const struct transport_result *result)
{
	(void)ctx;
	assert_int_equal(result->code, 554);
	last_held = n;
}

/* ---- the delivery ---- */

struct test_run {
	struct ledger *ledger;
	int64_t edition;
	struct delivery_options o;
	struct pace_options pace;
	const struct pace_learnt *learnt;
	bool slowed;		/* the last run found out something */
};

/* A ledger with n friends f1@example.org … and an edition to them. f: theirs;
 * NULL. */
static inline void
test_begin(struct test_run *t, size_t n, const struct ledger_friend *f)
{
	const struct ledger_episode episode = { "guid-1", 7, "Title", NOW };
	struct ledger_edition in = {
		.list = "show", .name = "2025-W24", .subject = "A subject",
		.html = "<p>html</p>", .text = "text", .frozen = NOW
	}, out;
	struct mold_input mold = model;
	struct buf stored;

	memset(t, 0, sizeof(*t));
	memset(&peer, 0, sizeof(peer));
	memset(&last, 0, sizeof(last));
	pthread_mutex_init(&peer.lock, NULL);
	stopped = 0;
	times_gone = 0;
	last_held = 0;
	clock_speed = 1;
	make_key(NULL);
	t->ledger = ledger_fixture_open();
	if (f == NULL)
		ledger_fixture_friends(t->ledger, "show", n);
	else
		fixture_ok(ledger_friends_add(t->ledger, "show", f, n, false,
		    NOW, NULL, &err));
	buf_init(&stored, 0);
	mold.list = "show";
	fixture_ok(mold_build(&mold, &stored, &err));
	in.mold = stored.data;
	in.mold_len = stored.len;
	fixture_ok(ledger_edition_freeze(t->ledger, &in, &episode, 1, false,
	    &err));
	buf_release(&stored);
	assert_int_equal(ledger_edition_get(t->ledger, "show", "2025-W24",
	    &arena, &out, &err), 1);
	t->edition = out.id;
	t->o = (struct delivery_options){
		.key = key, .keylen = sizeof(key), .from = "d@example.org",
		.claim = LEDGER_CLAIM_MAX, .hint = "", .stop_refused = 100,
		.now = test_now, .stop = test_stop,
		.progress = test_progress, .gone = test_gone,
		.held = test_held
	};
	t->pace.seed = 7;
}

/* Over n connections. Whatever comes of it, no delivery stays claimed or in
 * doubt, and what is told at the end is what the ledger has. */
static inline int
test_deliver(struct test_run *t, size_t n)
{
	struct transport *lines[PEER_LINES];
	struct peer_line impl[PEER_LINES];
	struct ledger_edition e;
	struct ledger_counts c;
	size_t i;
	int rc;

	assert_int_equal(ledger_edition_get(t->ledger, "show", "2025-W24",
	    &arena, &e, &err), 1);
	t->pace.connections = (unsigned)n;
	t->o.pace = pace_new(&t->pace, t->learnt);
	for (i = 0; i < n; i++) {
		impl[i] = (struct peer_line){ &peer, (unsigned)i, 0 };
		lines[i] = transport_of(&peer_ops, &impl[i], "test://");
	}
	rc = delivery_run(t->ledger, &e, lines, n, &t->o, &err);
	for (i = 0; i < n; i++)
		transport_close(lines[i]);
	t->slowed = pace_learn(t->o.pace, &(struct pace_learnt){ 0 });
	pace_free(t->o.pace);
	fixture_ok(ledger_counts(t->ledger, t->edition, &c, &err));
	assert_int_equal(c.claimed, 0);
	assert_int_equal(c.sending, 0);
	assert_int_equal(peer.open, 0);
	return rc;
}

static inline void
test_end(struct test_run *t)
{
	ledger_close(t->ledger);
	pthread_mutex_destroy(&peer.lock);
}

/* Each of the friends from..to got it so often. */
static inline void
all_taken(size_t from, size_t to, unsigned times)
{
	size_t i;

	for (i = from; i <= to; i++)
		if (peer.taken[i] != times)
			fail_msg("friend %zu got it %u times, not %u", i,
			    peer.taken[i], times);
}

static inline void
counts_are(struct test_run *t, const char *expect)
{
	ledger_fixture_counts(t->ledger, t->edition, expect);
}

/* The delivery to the friend. */
static inline struct ledger_delivery
delivery_to(struct test_run *t, size_t who)
{
	struct ledger_delivery d;

	assert_int_equal(ledger_delivery_of(t->ledger, t->edition,
	    arena_printf(&arena, "f%zu@example.org", who), &arena, &d, &err),
	    1);
	return d;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_setup, \
    fixture_teardown)

#endif
