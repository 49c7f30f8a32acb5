/* A ledger with friends "f1@example.org" … and one edition of "show". */
#ifndef LEDGER_FIXTURE_H
#define LEDGER_FIXTURE_H

#include "store_fixture.h"
#include "store/ledger.h"

#define NOW 1750000000

static inline struct ledger *
ledger_fixture_open(void)
{
	struct ledger *l = ledger_open(fixture_path("ledger.db"), &err);

	fixture_ok(l == NULL ? -1 : 0);
	return l;
}

static inline void
ledger_fixture_friends(struct ledger *l, const char *list, size_t n)
{
	struct ledger_friend *f = arena_array(&arena, n, sizeof(*f));
	size_t i;

	for (i = 0; i < n; i++) {
		f[i].address = arena_printf(&arena, "F%zu@Example.org", i + 1);
		f[i].key = arena_printf(&arena, "f%zu@example.org", i + 1);
		f[i].name = i % 2 == 0 ? "Ada" : "";
		f[i].ref = arena_printf(&arena, "ref%zu", i + 1);
	}
	fixture_ok(ledger_friends_add(l, list, f, n, false, NOW, NULL, &err));
}

/* Freezes an edition with the one episode and gives its id. */
static inline int64_t
ledger_fixture_freeze(struct ledger *l, const char *list, const char *guid)
{
	const struct ledger_episode episode = { guid, 7, "Title", NOW };
	char name[LEDGER_NAME_MAX];
	const struct ledger_edition in = {
		.list = list, .name = name, .subject = "A subject",
		.html = "<p>html</p>", .text = "text", .mold = "m\0ld",
		.mold_len = 4, .frozen = NOW
	};
	struct ledger_edition out;

	fixture_ok(ledger_edition_name(l, list, "2025-W24", name, &err));
	fixture_ok(ledger_edition_freeze(l, &in, &episode, 1, false, &err));
	assert_int_equal(ledger_edition_get(l, list, name, &arena, &out,
	    &err), 1);
	return out.id;
}

/* A new ledger with n friends and an edition. */
static inline struct ledger *
ledger_fixture(size_t n, int64_t *edition)
{
	struct ledger *l = ledger_fixture_open();

	ledger_fixture_friends(l, "show", n);
	*edition = ledger_fixture_freeze(l, "show", "guid-1");
	return l;
}

static inline struct ledger_delivery *
ledger_fixture_claim(struct ledger *l, int64_t edition, int64_t after,
    int64_t before, size_t max, size_t expect)
{
	struct ledger_delivery *d;
	size_t n;

	fixture_ok(ledger_claim(l, edition, after, before, max, NOW + 10,
	    &arena, &d, &n, &err));
	assert_int_equal(n, expect);
	return d;
}

static inline void
ledger_fixture_settle(struct ledger *l, int64_t id, enum ledger_state state,
    const char *text, int64_t now)
{
	const struct ledger_outcome o = { id, state,
	    state == LEDGER_SENT ? 250 : 450, text, "QID", 0 };

	fixture_ok(ledger_settle(l, &o, 1, now, &err));
}

/* "pending claimed sending sent deferred failed unknown skipped" */
static inline void
ledger_fixture_counts(struct ledger *l, int64_t edition, const char *expect)
{
	struct ledger_counts c;
	char text[200];

	fixture_ok(ledger_counts(l, edition, &c, &err));
	snprintf(text, sizeof(text), "%zu %zu %zu %zu %zu %zu %zu %zu",
	    c.pending, c.claimed, c.sending, c.sent, c.deferred, c.failed,
	    c.unknown, c.skipped);
	assert_string_equal(text, expect);
	assert_int_equal(c.total, c.pending + c.claimed + c.sending + c.sent +
	    c.deferred + c.failed + c.unknown + c.skipped);
}

#endif
