/*
 * A ledger with friends "f1@example.org" … and one edition of "show"; in a file,
 * and then, for the same tests once more, on a PostgreSQL server that is started
 * for them (tests/tools/postgres), in a schema for each test.
 */
#ifndef LEDGER_FIXTURE_H
#define LEDGER_FIXTURE_H

#include <sys/wait.h>

#include "store_fixture.h"
#include "store/ledger.h"

#define NOW 1750000000

static char fixture_server[200];	/* its folder; "": a file */
static unsigned fixture_schema;

/* Rows as psql prints them, without the last newline. */
static inline void
ledger_fixture_sql(const char *sql, char *out, size_t size)
{
	char command[1500];
	FILE *p;
	size_t n;

	snprintf(command, sizeof(command), "PGOPTIONS=-csearch_path=t%u "
	    "tests/tools/postgres sql %s \"%s\"", fixture_schema,
	    fixture_server, sql);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(out, 1, size - 1, p);
	out[n > 0 && out[n - 1] == '\n' ? n - 1 : n] = '\0';
	if (pclose(p) != 0)
		fail_msg("%s", command);
}

/* The next one that is opened is a new one. */
static inline void
ledger_fixture_forget(void)
{
	char sql[60], none[8];

	if (fixture_server[0] == '\0') {
		unlink(fixture_path("ledger.db"));
		unlink(fixture_path("ledger.db-wal"));
		unlink(fixture_path("ledger.db-shm"));
		return;
	}
	snprintf(sql, sizeof(sql), "CREATE SCHEMA t%u", ++fixture_schema);
	ledger_fixture_sql(sql, none, sizeof(none));
}

static inline int
ledger_setup(void **state)
{
	if (fixture_setup(state) != 0)
		return -1;
	ledger_fixture_forget();
	return 0;
}

static inline const char *
ledger_fixture_place(void)
{
	if (fixture_server[0] == '\0')
		return fixture_path("ledger.db");
	return arena_printf(&arena, "postgresql://showmill@/showmill?"
	    "host=%s/socket&options=-csearch_path%%3Dt%u", fixture_server,
	    fixture_schema);
}

/* Of a file alone; others are run on both. */
#define LEDGER_FILE_TEST(f) \
	{ #f, f, ledger_setup, fixture_teardown, fixture_server }
#define LEDGER_TEST(f) { #f, f, ledger_setup, fixture_teardown, NULL }

static inline void
ledger_fixture_skip(void **state)
{
	(void)state;
	skip();
}

/* Whether there is a server, and a libpq in this program: 1, 0, or -1 where the
 * server does not start. */
static inline int
ledger_fixture_start(void)
{
	FILE *p = popen("tests/tools/postgres start wal_writer_delay=10s", "r");
	const struct err none = ERR_INIT;
	struct ledger *l;
	bool works;
	int status;

	if (p == NULL || fgets(fixture_server, sizeof(fixture_server), p) ==
	    NULL)
		fixture_server[0] = '\0';
	fixture_server[strcspn(fixture_server, "\n")] = '\0';
	status = p == NULL ? -1 : pclose(p);
	if (!WIFEXITED(status) || (status != 0 && WEXITSTATUS(status) != 69))
		return -1;
	if (fixture_server[0] == '\0')
		return 0;
	arena_init(&arena);
	l = ledger_peek(ledger_fixture_place(), &err);
	works = l != NULL || strstr(err.msg, "with libpq") == NULL;
	ledger_close(l);
	arena_release(&arena);
	err = none;
	return works;
}

static inline void
ledger_fixture_stop(void)
{
	char command[300];

	if (fixture_server[0] == '\0')
		return;
	snprintf(command, sizeof(command), "tests/tools/postgres stop %s",
	    fixture_server);
	if (system(command) != 0)
		fprintf(stderr, "%s failed\n", command);
	fixture_server[0] = '\0';
}

/* The tests, but for those of a file alone, on a server. */
static inline int
ledger_fixture_run_server(const struct CMUnitTest *tests, size_t n)
{
	struct CMUnitTest t[64];
	char names[64][100];
	int works = ledger_fixture_start(), rc;
	size_t i, many = 0;

	if (works < 0) {
		fprintf(stderr, "the PostgreSQL server does not start\n");
		return 1;
	}
	for (i = 0; i < n && many < 64; i++) {
		if (tests[i].initial_state != NULL)
			continue;
		snprintf(names[many], sizeof(names[many]), "%s_postgresql",
		    tests[i].name);
		t[many] = tests[i];
		t[many].name = names[many];
		if (works == 0) {
			t[many].test_func = ledger_fixture_skip;
			t[many].setup_func = t[many].teardown_func = NULL;
		}
		many++;
	}
	if (works == 0)
		print_message("skipped: there is no PostgreSQL server here, or "
		    "no libpq\n");
	rc = _cmocka_run_group_tests("postgresql", t, many, NULL, NULL);
	ledger_fixture_stop();
	return rc;
}

static inline int
ledger_fixture_run(const struct CMUnitTest *tests, size_t n)
{
	int rc = _cmocka_run_group_tests("file", tests, n, NULL, NULL);

	return rc + ledger_fixture_run_server(tests, n);
}

static inline struct ledger *
ledger_fixture_open(void)
{
	struct ledger *l = ledger_open(ledger_fixture_place(), &err);

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

static inline struct ledger_again *
ledger_fixture_resend(struct ledger *l, const int64_t *ids, size_t n,
    int64_t now)
{
	struct ledger_again *was;
	size_t many;

	fixture_ok(ledger_resend(l, ids, n, -1, now, &arena, &was, &many,
	    &err));
	assert_true(many <= n);
	return was;
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

	fixture_ok(ledger_claim(l, edition, after, before, LEDGER_TURN_ALL, max, NOW + 10,
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
