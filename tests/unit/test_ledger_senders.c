/* A ledger on a server: several who send, those who die, and what goes wrong
 * with the server. What the calls do otherwise is tested for both stores in
 * test_ledger.c and test_ledger_deliveries.c. */
#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "ledger_fixture.h"

/* A handle as of another machine. */
static struct ledger *
elsewhere(const char *boot)
{
	struct ledger *l = ledger_fixture_open();

	ledger_set_boot_id(l, boot);
	return l;
}

static void
sql(const char *text)
{
	char none[80];

	ledger_fixture_sql(text, none, sizeof(none));
}

static void
asked(const char *text, const char *expect)
{
	char out[200];

	ledger_fixture_sql(text, out, sizeof(out));
	assert_string_equal(out, expect);
}

static void
end_leases(const char *boot)
{
	sql(arena_printf(&arena, "UPDATE senders SET expires ="
	    " clock_timestamp() - interval '1 s' WHERE boot = '%s'", boot));
}

/* A file has one sender, who holds its lock, and nothing of this is done. */
static void
nothing_in_a_file(void **state)
{
	struct ledger *l = ledger_fixture_open(), *m = ledger_fixture_open();
	bool sending = true;
	size_t n = 9;

	(void)state;
	fixture_ok(ledger_sender_begin(l, true, 1, &err));
	fixture_ok(ledger_sender_begin(m, true, 1, &err));
	fixture_ok(ledger_sender_keep(l, &err));
	fixture_ok(ledger_is_sending(m, &sending, &err));
	assert_false(sending);
	fixture_ok(ledger_in_other_hands(l, "show", &n, &err));
	assert_int_equal(n, 0);
	ledger_close(m);
	ledger_close(l);
}

static void
no_delivery_is_claimed_twice(void **state)
{
	struct ledger_delivery *a, *b;
	int64_t e;
	struct ledger *l = ledger_fixture(9, &e), *m = elsewhere("b");
	bool sending;
	size_t n;

	(void)state;
	fixture_ok(ledger_is_sending(m, &sending, &err));
	assert_false(sending);
	a = ledger_fixture_claim(l, e, 0, 0, 4, 4);
	fixture_ok(ledger_is_sending(m, &sending, &err));
	assert_true(sending);
	fixture_ok(ledger_is_sending(l, &sending, &err));
	assert_false(sending);
	b = ledger_fixture_claim(m, e, 0, 0, 4, 4);
	assert_int_equal(b[0].id, a[3].id + 1);
	ledger_fixture_claim(l, e, 0, 0, 4, 1);
	/* Nobody changes what is another's. */
	assert_int_equal(ledger_doubt(m, a[0].id, NOW, &err), -1);
	fixture_told(ERR_INTERNAL, "is not claimed");
	assert_int_equal(ledger_settle(m, &(struct ledger_outcome){ a[0].id,
	    LEDGER_SENT, 250, "", "", 0 }, 1, NOW, &err), -1);
	fixture_told(ERR_INTERNAL, "neither claimed nor being sent");
	assert_int_equal(ledger_settle(m, &(struct ledger_outcome){ a[0].id,
	    LEDGER_PENDING, 0, "", "", 0 }, 1, NOW, &err), -1);
	fixture_told(ERR_INTERNAL, "neither claimed nor being sent");
	fixture_ok(ledger_in_other_hands(l, "show", &n, &err));
	assert_int_equal(n, 4);
	fixture_ok(ledger_in_other_hands(m, "show", &n, &err));
	assert_int_equal(n, 5);
	fixture_ok(ledger_in_other_hands(m, "other", &n, &err));
	assert_int_equal(n, 0);
	ledger_fixture_counts(l, e, "0 9 0 0 0 0 0 0");
	ledger_close(m);
	ledger_close(l);
}

/* Claims and settles all that it can get; writes the ids. */
static void
take_all(int64_t e, int to)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_delivery *d;
	struct ledger_outcome o = { 0, LEDGER_SENT, 250, "", "", 0 };
	size_t n, i;

	for (;;) {
		if (ledger_claim(l, e, 0, 0, LEDGER_TURN_ALL, 7, NOW, &arena, &d, &n, &err) != 0)
			_exit(1);
		if (n == 0)
			break;
		for (i = 0; i < n; i++) {
			o.id = d[i].id;
			if (ledger_doubt(l, o.id, NOW, &err) != 0 ||
			    ledger_settle(l, &o, 1, NOW, &err) != 0 ||
			    write(to, &o.id, sizeof(o.id)) != sizeof(o.id))
				_exit(2);
		}
	}
	ledger_close(l);
	_exit(0);
}

#define CROWD 4
#define FRIENDS 700

static void
a_crowd_of_senders(void **state)
{
	bool seen[FRIENDS] = { false };
	struct ledger *l;
	int64_t e, id, first = 0;
	int pipes[2], status, i;
	size_t n = 0;

	(void)state;
	l = ledger_fixture(FRIENDS, &e);
	{
		struct ledger_delivery *d;
		size_t one;

		fixture_ok(ledger_deliveries(l, e, -1, 0, 1, &arena, &d, &one,
		    &err));
		first = d->id;
	}
	ledger_close(l);
	assert_int_equal(pipe(pipes), 0);
	for (i = 0; i < CROWD; i++)
		if (fork() == 0)
			take_all(e, pipes[1]);
	close(pipes[1]);
	while (read(pipes[0], &id, sizeof(id)) == sizeof(id)) {
		assert_in_range(id, first, first + FRIENDS - 1);
		assert_false(seen[id - first]);
		seen[id - first] = true;
		n++;
	}
	close(pipes[0]);
	while (wait(&status) > 0)
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(n, FRIENDS);
	asked("SELECT count(*) FROM senders", "0");
}

/* Eight programs begin with nothing at once. */
static void
made_once(void **state)
{
	struct ledger_friend f = { .address = "a@x.org", .key = "a@x.org" };
	unsigned char key[LEDGER_KEY_SIZE];
	char id[LEDGER_NAME_MAX];
	int i, status;

	(void)state;
	for (i = 0; i < 8; i++)
		if (fork() == 0) {
			struct ledger *l = ledger_open(ledger_fixture_place(),
			    &err);

			if (l == NULL || ledger_key(l, id, key, &err) != 0 ||
			    ledger_friends_add(l, "show", &f, 1, false, NOW,
			    NULL, &err) != 0 ||
			    ledger_sender_begin(l, false, 9, &err) != 0) {
				fprintf(stderr, "%s\n", err.msg);
				_exit(1);
			}
			ledger_close(l);
			_exit(0);
		}
	while (wait(&status) > 0)
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	asked("SELECT count(*) FROM keys", "1");
	asked("SELECT count(*) FROM friends", "1");
}

static void
a_lease_ends(void **state)
{
	struct ledger_delivery *d, *again;
	struct ledger_outcome o = { 0, LEDGER_SENT, 250, "", "", 0 };
	size_t unknown, freed, n;
	int64_t e;
	struct ledger *l = ledger_fixture(6, &e), *m = elsewhere("far");

	(void)state;
	d = ledger_fixture_claim(m, e, 0, 0, 4, 4);
	fixture_ok(ledger_doubt(m, d[0].id, NOW, &err));
	fixture_ok(ledger_recover(l, "show", NOW, &unknown, &freed, &err));
	assert_int_equal(unknown + freed, 0);
	end_leases("far");
	fixture_ok(ledger_recover(l, "other", NOW, &unknown, &freed, &err));
	assert_int_equal(unknown + freed, 0);
	fixture_ok(ledger_recover(l, "show", NOW, &unknown, &freed, &err));
	assert_int_equal(unknown, 1);
	assert_int_equal(freed, 3);
	ledger_fixture_counts(l, e, "5 0 0 0 0 0 1 0");
	again = ledger_fixture_claim(l, e, 0, 0, 9, 5);
	assert_int_equal(again[0].id, d[1].id);

	/* It lives after all, and can do nothing. */
	assert_int_equal(ledger_doubt(m, d[1].id, NOW, &err), -1);
	fixture_told(ERR_TEMPORARY, "has taken it for dead");
	assert_int_equal(ledger_sender_begin(m, false, 9, &err), 0);
	assert_int_equal(ledger_claim(m, e, 0, 0, LEDGER_TURN_ALL, 9, NOW, &arena, &again, &n,
	    &err), -1);
	fixture_told(ERR_TEMPORARY, "`lease` of 300 seconds");
	o.id = d[0].id;
	assert_int_equal(ledger_settle(m, &o, 1, NOW, &err), -1);
	fixture_told(ERR_TEMPORARY, "has taken it for dead");
	o.id = d[1].id;
	o.state = LEDGER_PENDING;
	assert_int_equal(ledger_settle(m, &o, 1, NOW, &err), -1);
	fixture_told(ERR_TEMPORARY, "has taken it for dead");
	ledger_fixture_counts(l, e, "0 5 0 0 0 0 1 0");
	ledger_close(m);
	ledger_fixture_counts(l, e, "0 5 0 0 0 0 1 0");
	ledger_close(l);
}

static void
overslept_and_not_missed(void **state)
{
	struct ledger_delivery *d;
	size_t unknown, freed;
	int64_t e;
	struct ledger *l = ledger_fixture(6, &e), *m = elsewhere("far");

	(void)state;
	d = ledger_fixture_claim(m, e, 0, 0, 2, 2);
	end_leases("far");
	ledger_fixture_claim(m, e, 0, 0, 2, 2);
	fixture_ok(ledger_recover(l, "show", NOW, &unknown, &freed, &err));
	assert_int_equal(unknown + freed, 0);
	fixture_ok(ledger_doubt(m, d[0].id, NOW, &err));
	ledger_close(m);
	/* What a sender leaves behind is sorted at once. */
	fixture_ok(ledger_recover(l, "show", NOW, &unknown, &freed, &err));
	assert_int_equal(unknown, 1);
	assert_int_equal(freed, 3);
	ledger_close(l);
}

/* A third of a lease of one second is none, so each of them renews. */
/* Somewhat more than the third of a second of a lease of one. */
#define THIRD_US 340000

static void
who_renews(void **state)
{
	static const char past[] = "UPDATE senders SET expires = 'epoch'";
	static const char is_past[] = "SELECT expires = 'epoch' FROM senders";
	struct ledger_delivery *d;
	int64_t e;
	struct ledger *l = ledger_fixture(6, &e);

	(void)state;
	fixture_ok(ledger_sender_begin(l, false, 1, &err));
	d = ledger_fixture_claim(l, e, 0, 0, 2, 2);
	sql(past);
	usleep(THIRD_US);
	fixture_ok(ledger_sender_keep(l, &err));
	asked(is_past, "f");
	sql(past);
	usleep(THIRD_US);
	fixture_ok(ledger_doubt(l, d[0].id, NOW, &err));
	asked(is_past, "f");
	sql(past);
	usleep(THIRD_US);
	ledger_fixture_claim(l, e, 0, 0, 2, 2);
	asked(is_past, "f");
	ledger_close(l);
	/* A long one is not renewed with each message. */
	l = ledger_fixture_open();
	fixture_ok(ledger_sender_begin(l, false, 3000, &err));
	d = ledger_fixture_claim(l, e, 0, 0, 2, 2);
	sql(past);
	fixture_ok(ledger_sender_keep(l, &err));
	fixture_ok(ledger_doubt(l, d[0].id, NOW, &err));
	asked(is_past, "t");
	ledger_close(l);
}

static void
alone(void **state)
{
	struct ledger_edition ed;
	int64_t e;
	struct ledger *l = ledger_fixture(2, &e), *m = elsewhere("far");
	char pid[40];

	(void)state;
	snprintf(pid, sizeof(pid), "process %ld on ", (long)getpid());
	fixture_ok(ledger_sender_begin(m, false, 9, &err));
	assert_int_equal(ledger_sender_begin(l, true, 9, &err), -1);
	fixture_told(ERR_TEMPORARY, pid);
	end_leases("far");
	fixture_ok(ledger_sender_begin(l, true, 9, &err));
	ledger_close(m);
	m = elsewhere("far");
	assert_int_equal(ledger_sender_begin(m, false, 9, &err), -1);
	fixture_told(ERR_TEMPORARY, "is at work");
	assert_int_equal(ledger_claim(m, e, 0, 0, LEDGER_TURN_ALL, 1, NOW, &arena,
	    &(struct ledger_delivery *){ NULL }, &(size_t){ 0 }, &err), -1);
	fixture_told(ERR_TEMPORARY, "is at work");
	/* While somebody is asked, the lease ends, and others go on. */
	ledger_set_boot_id(l, "here");
	fixture_ok(ledger_sender_begin(m, false, 9, &err) == 0 ? -1 : 0);
	fixture_told(ERR_TEMPORARY, "is at work");
	sql("DELETE FROM senders");
	fixture_ok(ledger_sender_begin(l, true, 9, &err));
	end_leases("here");
	fixture_ok(ledger_sender_begin(m, false, 9, &err));
	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &ed,
	    &err), 1);
	assert_int_equal(ledger_edition_discard(l, &ed, &err), -1);
	fixture_told(ERR_TEMPORARY, "has taken it for dead");
	ledger_fixture_claim(m, e, 0, 0, 9, 2);
	ledger_close(m);
	ledger_close(l);
}

/* ---- the server ---- */

static void
server(const char *verb)
{
	if (system(arena_printf(&arena, "tests/tools/postgres %s %s", verb,
	    fixture_server)) != 0)
		fail_msg("%s", verb);
}

/* Killed behind a doubt, it still knows of it; what it may have lost of a settle
 * makes no message pending. */
static void
the_server_falls(void **state)
{
	struct ledger_delivery *d;
	size_t n, unknown, freed;
	int64_t e;
	struct ledger *l = ledger_fixture(6, &e);
	struct ledger_counts c;

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 4, 4);
	fixture_ok(ledger_doubt(l, d[0].id, NOW, &err));
	ledger_fixture_settle(l, d[0].id, LEDGER_SENT, "", NOW);
	fixture_ok(ledger_doubt(l, d[1].id, NOW, &err));
	server("down");
	assert_int_equal(ledger_friends_count(l, "show", &n, &err), -1);
	fixture_told(ERR_TEMPORARY, "the connection to the server is lost");
	assert_int_equal(ledger_doubt(l, d[2].id, NOW, &err), -1);
	fixture_told(ERR_TEMPORARY, "the connection to the server is lost");
	assert_int_equal(ledger_claim(l, e, 0, 0, LEDGER_TURN_ALL, 9, NOW, &arena, &d, &n,
	    &err), -1);
	fixture_told(ERR_TEMPORARY, "the connection to the server is lost");
	ledger_close(l);
	assert_null(ledger_open(ledger_fixture_place(), &err));
	fixture_told(ERR_TEMPORARY, "the server is not reached");
	server("up");
	l = ledger_fixture_open();
	sql("UPDATE senders SET expires = 'epoch'");
	fixture_ok(ledger_recover(l, "show", NOW, &unknown, &freed, &err));
	fixture_ok(ledger_counts(l, e, &c, &err));
	assert_int_equal(c.unknown + c.sent, 2);
	assert_true(c.unknown >= 1);
	assert_int_equal(freed, 2);
	ledger_close(l);
	/* A settle behind which nothing comes may be lost: to be unknown. */
	l = ledger_fixture_open();
	d = ledger_fixture_claim(l, e, 0, 0, 1, 1);
	fixture_ok(ledger_doubt(l, d[0].id, NOW, &err));
	server("down");
	ledger_close(l);
	server("up");
	l = ledger_fixture_open();
	sql("UPDATE senders SET expires = 'epoch'");
	fixture_ok(ledger_recover(l, "show", NOW, &unknown, &freed, &err));
	assert_int_equal(unknown, 1);
	assert_int_equal(freed, 0);
	ledger_close(l);
}

/* A second for each statement; so eleven until the server is given up. */
static struct ledger *
hasty(void)
{
	struct ledger *l = ledger_open(arena_printf(&arena,
	    "%s%%20-cstatement_timeout%%3D1s", ledger_fixture_place()), &err);

	fixture_ok(l == NULL ? -1 : 0);
	return l;
}

/* The process of the server that works for the only handle. */
static pid_t
backend(void)
{
	char out[40];

	ledger_fixture_sql("SELECT pid FROM pg_stat_activity WHERE"
	    " application_name = 'showmill'", out, sizeof(out));
	assert_true(out[0] != '\0');
	return (pid_t)strtol(out, NULL, 10);
}

/* Stopped, it takes no more than fits into the socket, and says nothing. It is
 * given up once: what comes behind that does not wait. */
static void
the_server_hangs(void **state)
{
	struct ledger_delivery *d, none;
	size_t unknown, freed, n, huge = 8 << 20;
	int64_t e, begun, ms;
	char *key = arena_alloc(&arena, huge);
	struct ledger *l;
	pid_t pid;

	(void)state;
	ledger_close(ledger_fixture(6, &e));
	l = hasty();
	d = ledger_fixture_claim(l, e, 0, 0, 4, 4);
	fixture_ok(ledger_doubt(l, d[0].id, NOW, &err));
	memset(key, 'k', huge - 1);
	pid = backend();
	assert_int_equal(kill(pid, SIGSTOP), 0);
	begun = clock_ms();
	assert_int_equal(ledger_delivery_of(l, e, key, &arena, &none, &err),
	    -1);
	ms = clock_ms() - begun;
	fixture_told(ERR_TEMPORARY, "the server has not answered for 11 "
	    "seconds; what it has recorded is kept");
	assert_in_range(ms, 11000, 16000);
	begun = clock_ms();
	assert_int_equal(ledger_friends_count(l, "show", &n, &err), -1);
	fixture_told(ERR_TEMPORARY, "has not answered for 11 seconds");
	assert_int_equal(ledger_doubt(l, d[1].id, NOW, &err), -1);
	fixture_told(ERR_TEMPORARY, "has not answered for 11 seconds");
	assert_int_equal(ledger_claim(l, e, 0, 0, LEDGER_TURN_ALL, 9, NOW, &arena, &d, &n,
	    &err), -1);
	fixture_told(ERR_TEMPORARY, "has not answered for 11 seconds");
	ledger_close(l);
	assert_true(clock_ms() - begun < 1000);
	assert_int_equal(kill(pid, SIGCONT), 0);
	l = ledger_fixture_open();
	sql("UPDATE senders SET expires = 'epoch'");
	fixture_ok(ledger_recover(l, "show", NOW, &unknown, &freed, &err));
	assert_int_equal(unknown, 1);
	assert_int_equal(freed, 3);
	ledger_close(l);
}

/* One that works says itself that it took too long. */
static void
a_statement_takes_long(void **state)
{
	struct ledger *l;
	size_t n;
	int64_t e;
	FILE *p;
	char locks[20] = "0";
	int i;

	(void)state;
	ledger_close(ledger_fixture(6, &e));
	l = hasty();
	p = popen(arena_printf(&arena, "tests/tools/postgres sql %s \"BEGIN;"
	    " LOCK TABLE t%u.friends; SELECT pg_sleep(4)\""
	    " >/dev/null",
	    fixture_server, fixture_schema), "r");
	assert_non_null(p);
	for (i = 0; i < 100 && strcmp(locks, "0") == 0; i++) {
		usleep(20000);
		ledger_fixture_sql("SELECT count(*) FROM pg_locks WHERE"
		    " relation = 'friends'::regclass", locks, sizeof(locks));
	}
	assert_int_equal(ledger_friends_count(l, "show", &n, &err), -1);
	fixture_told(ERR_TEMPORARY, "broke off what took too long");
	assert_int_equal(pclose(p), 0);
	fixture_ok(ledger_friends_count(l, "show", &n, &err));
	ledger_close(l);
}

static void
told_on_open(const char *place, enum err_kind kind, const char *words)
{
	struct ledger *l = ledger_open(place, &err);
	char text[2000];

	assert_null(l);
	err_format(&err, text, sizeof(text));
	assert_null(strstr(text, "hidden"));
	fixture_told(kind, words);
}

static const char *
by_tcp(const char *userinfo, const char *database)
{
	char port[20] = "";
	FILE *f = fopen(arena_printf(&arena, "%s/port", fixture_server), "r");

	assert_non_null(f);
	assert_non_null(fgets(port, sizeof(port), f));
	fclose(f);
	port[strcspn(port, "\n")] = '\0';
	return arena_printf(&arena, "postgresql://%s@127.0.0.1:%s/%s?options="
	    "-csearch_path%%3Dt%u", userinfo, port, database, fixture_schema);
}

static void
not_to_be_opened(void **state)
{
	struct ledger *l;

	(void)state;
	setenv("HOME", fixture_dir, 1);
	l = ledger_open(by_tcp("showmill:secret-of-the-test", "showmill"),
	    &err);
	fixture_ok(l == NULL ? -1 : 0);
	ledger_close(l);
	told_on_open(by_tcp("showmill:hidden", "showmill"), ERR_CONFIG,
	    "does not let this user in");
	told_on_open(by_tcp("nobody:hidden", "showmill"), ERR_CONFIG,
	    "does not let this user in");
	told_on_open(by_tcp("showmill", "showmill"), ERR_CONFIG,
	    "wants a password");
	told_on_open(by_tcp("showmill:secret-of-the-test", "none"), ERR_CONFIG,
	    "/none: there is no such database");
	told_on_open("postgresql://u:hidden@127.0.0.1:1/base", ERR_TEMPORARY,
	    "postgresql://127.0.0.1:1/base: the server is not reached");
	told_on_open("postgresql://u:hid%den@h/hidden%", ERR_CONFIG,
	    "is not one of PostgreSQL");
	told_on_open("postgresql://u@h/base?password=hidden&x=y", ERR_CONFIG,
	    "is not one of PostgreSQL");
	told_on_open("postgresql://u:hidden@h/d?foo=bar", ERR_CONFIG,
	    "is not one of PostgreSQL: invalid URI query parameter: \"foo\"; ");
	told_on_open("postgresql://h/d?options", ERR_CONFIG,
	    "in URI query parameter: \"options\"; ");
	told_on_open("postgresql://h/d?password=x&hidden", ERR_CONFIG,
	    "in URI query parameter; ");
	told_on_open("postgresql://u:x/y?hidden=x@h/d", ERR_CONFIG,
	    "is not one of PostgreSQL: invalid URI query parameter; ");
	told_on_open("postgresql://u:hid%zzen@h/d", ERR_CONFIG,
	    "is not one of PostgreSQL: invalid percent-encoded token; ");
	told_on_open("postgresql://[hidden", ERR_CONFIG,
	    "is not one of PostgreSQL: ");
	assert_false(ledger_has_password("postgresql://u@h:7/d?foo=bar"));
	assert_true(ledger_has_password("postgresql://u:p/p@h/d?foo=bar"));
	assert_true(ledger_has_password("postgresql://h/d?foo=&password=p"));
	assert_true(ledger_has_password("postgresql://u:p@h/d"));
	assert_true(ledger_has_password("postgres://u@h/d?password=p"));
	assert_false(ledger_has_password("postgresql://u@h/d"));
	assert_string_equal(ledger_shown(&arena,
	    "postgresql://u:hidden@h:7/d?password=hidden"),
	    "postgresql://h:7/d");
}

static void
not_a_ledger_there(void **state)
{
	(void)state;
	ledger_close(ledger_fixture_open());
	sql("UPDATE ledger_meta SET version = 99");
	told_on_open(ledger_fixture_place(), ERR_CONFIG, "newer showmill");
	sql("UPDATE ledger_meta SET version = 7");
	ledger_close(ledger_fixture_open());
	ledger_fixture_forget();
	sql("CREATE TABLE friends (x int)");
	told_on_open(ledger_fixture_place(), ERR_CONFIG,
	    "has tables of another program");
	asked("SELECT count(*) FROM friends", "0");
	fixture_schema = 9999;
	told_on_open(ledger_fixture_place(), ERR_CONFIG,
	    "CREATE SCHEMA NAME");
	sql("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
	told_on_open(arena_printf(&arena, "postgresql://showmill@/latin?"
	    "host=%s/socket", fixture_server), ERR_CONFIG, "LATIN1");
}

static void
no_right(void **state)
{
	struct ledger_friend f = { .address = "n@x.org", .key = "n@x.org" };
	const char *place;
	struct ledger *l;
	size_t n;

	(void)state;
	ledger_close(ledger_fixture_open());
	sql("CREATE ROLE reader LOGIN IN ROLE pg_read_all_data");
	place = arena_printf(&arena, "postgresql://reader@/showmill?"
	    "host=%s/socket&options=-csearch_path%%3Dt%u", fixture_server,
	    fixture_schema);
	l = ledger_open(place, &err);
	fixture_ok(l == NULL ? -1 : 0);
	fixture_ok(ledger_friends_count(l, "show", &n, &err));
	assert_int_equal(ledger_friends_add(l, "show", &f, 1, false, NOW,
	    NULL, &err), -1);
	fixture_told(ERR_CONFIG, "does not let this user in, or not at this");
	/* The handle works on. */
	fixture_ok(ledger_friends_count(l, "show", &n, &err));
	ledger_close(l);
}

/* A relay may answer in whatever bytes it likes. */
static void
answers_that_are_no_utf8(void **state)
{
	struct ledger_delivery *d;
	int64_t e;
	struct ledger *l = ledger_fixture(1, &e);
	size_t n;

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 1, 1);
	ledger_fixture_settle(l, d->id, LEDGER_FAILED, "caf\xe9 \xc3\xa9\xff",
	    NOW);
	fixture_ok(ledger_deliveries(l, e, LEDGER_FAILED, 0, 1, &arena, &d, &n,
	    &err));
	assert_string_equal(d->text, "caf? \xc3\xa9?");
	ledger_close(l);
}

/* The planner, told to avoid it, goes through no whole table. */
static void
indexes_are_there(void **state)
{
	static const char *const asks[] = {
		("SELECT id FROM deliveries WHERE edition = 1 AND state = 0"
		    " AND (state = 0 OR state BETWEEN 4 AND 6) AND id > 5"
		    " ORDER BY id LIMIT 9"),
		"SELECT id FROM deliveries WHERE boot > 0 AND state = 1",
		"SELECT id FROM friends WHERE list = 1 AND id > 5 ORDER BY id"
		" LIMIT 5"
	};
	char plan[2000];
	size_t i;
	int64_t e;

	(void)state;
	ledger_close(ledger_fixture(5, &e));
	for (i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		ledger_fixture_sql(arena_printf(&arena, "SET enable_seqscan TO"
		    " off; SET enable_bitmapscan TO off; EXPLAIN (FORMAT"
		    " TEXT, COSTS off) %s", asks[i]), plan, sizeof(plan));
		if (strstr(plan, "Sort") != NULL || strstr(plan, "Seq") !=
		    NULL || strstr(plan, "deliveries_pkey") != NULL ||
		    strstr(plan, "Index") == NULL)
			fail_msg("%s: %s", asks[i], plan);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LEDGER_FILE_TEST(nothing_in_a_file),
		LEDGER_TEST(no_delivery_is_claimed_twice),
		LEDGER_TEST(a_crowd_of_senders),
		LEDGER_TEST(made_once),
		LEDGER_TEST(a_lease_ends),
		LEDGER_TEST(overslept_and_not_missed),
		LEDGER_TEST(who_renews),
		LEDGER_TEST(alone),
		LEDGER_TEST(the_server_falls),
		LEDGER_TEST(the_server_hangs),
		LEDGER_TEST(a_statement_takes_long),
		LEDGER_TEST(not_to_be_opened),
		LEDGER_TEST(not_a_ledger_there),
		LEDGER_TEST(no_right),
		LEDGER_TEST(answers_that_are_no_utf8),
		LEDGER_TEST(indexes_are_there)
	};
	int rc = _cmocka_run_group_tests("file", tests, 1, NULL, NULL);

	return rc + ledger_fixture_run_server(tests, sizeof(tests) /
	    sizeof(tests[0]));
}
