/* The file below ledger and cache: opening, what goes wrong with it, which
 * commits wait for the disk. */
#include "ledger_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include <sqlite3.h>

/* ---- the system, counted and made to fail ---- */

static int syncs;		/* of any file, since it was set to 0 */
static int write_errno;		/* what writing fails with; 0: it works */
static int hurry;		/* waiting for a lock takes no time */
static int open_errno;		/* what opening for writing fails with */

/* These stand before the C library's own also for SQLite. */
int
fdatasync(int fd)
{
	syncs++;
	return (int)syscall(SYS_fdatasync, fd);
}

int
fsync(int fd)
{
	syncs++;
	return (int)syscall(SYS_fsync, fd);
}

/* SQLite waits for locks by this. */
int
usleep(useconds_t us)
{
	const struct timespec t = { us / 1000000, us % 1000000 * 1000L };

	return hurry ? 0 : nanosleep(&t, NULL);
}

static ssize_t
pwrite_fake(int fd, const void *data, size_t n, off_t at)
{
	if (write_errno == 0)
		return pwrite(fd, data, n, at);
	errno = write_errno;
	return -1;
}

static int
open_fake(const char *path, int flags, int mode)
{
	if (open_errno == 0 || (flags & O_ACCMODE) == O_RDONLY)
		return open(path, flags, mode);
	errno = open_errno;
	return -1;
}

static void
fake_calls(void)
{
	sqlite3_vfs *v = sqlite3_vfs_find(NULL);

	v->xSetSystemCall(v, "pwrite", (sqlite3_syscall_ptr)pwrite_fake);
	v->xSetSystemCall(v, "pwrite64", (sqlite3_syscall_ptr)pwrite_fake);
	v->xSetSystemCall(v, "open", (sqlite3_syscall_ptr)open_fake);
}

static int
setup(void **state)
{
	write_errno = open_errno = hurry = 0;
	return fixture_setup(state);
}

static void
told_on_open(const char *name, enum err_kind kind, const char *words)
{
	struct ledger *l = ledger_open(fixture_path(name), &err);

	assert_null(l);
	assert_non_null(strstr(err.file, name));
	fixture_told(kind, words);
}

static void
make(const char *name, const void *data, size_t n)
{
	FILE *f = fopen(fixture_path(name), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	fclose(f);
}

static void
run_sql(const char *name, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(fixture_path(name), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* ---- opening ---- */

static int
mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(fixture_path(name), &st), 0);
	return (int)(st.st_mode & 07777);
}

static void
mode_is_never_wider(void **state)
{
	mode_t old = umask(0);
	int64_t e;
	struct ledger *l = ledger_fixture(3, &e);

	(void)state;
	umask(old);
	assert_int_equal(mode_of("ledger.db"), 0600);
	assert_int_equal(mode_of("ledger.db-wal"), 0600);
	assert_int_equal(mode_of("ledger.db-shm"), 0600);
	ledger_close(l);
	assert_int_equal(mode_of("ledger.db"), 0600);
}

static void
special_names_are_files(void **state)
{
	char cwd[600];
	struct ledger *l;

	(void)state;
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	assert_int_equal(chdir(fixture_dir), 0);
	l = ledger_open(":memory:", &err);
	assert_int_equal(chdir(cwd), 0);
	fixture_ok(l == NULL ? -1 : 0);
	ledger_close(l);
	assert_int_equal(access(fixture_path(":memory:"), F_OK), 0);
	assert_null(ledger_open("", &err));
	fixture_told(ERR_OUTPUT, "the ledger cannot be opened");
}

static void
not_a_ledger(void **state)
{
	char junk[5000];

	(void)state;
	memset(junk, 'j', sizeof(junk));
	make("junk.db", junk, sizeof(junk));
	told_on_open("junk.db", ERR_CONFIG, "is not a database");
	run_sql("other.db", "PRAGMA application_id = 77;"
	    "CREATE TABLE t (x)");
	told_on_open("other.db", ERR_CONFIG, "of another program");
	run_sql("plain.db", "CREATE TABLE t (x)");
	told_on_open("plain.db", ERR_CONFIG, "of another program");
	assert_int_equal(mode_of("plain.db") & 0600, 0600);
	/* What is refused is left as it was. */
	run_sql("plain.db", "INSERT INTO t VALUES (1)");
	assert_int_not_equal(access(fixture_path("plain.db-wal"), F_OK), 0);
}

static void
newer_version(void **state)
{
	(void)state;
	ledger_close(ledger_fixture_open());
	run_sql("ledger.db", "PRAGMA user_version = 8");
	told_on_open("ledger.db", ERR_CONFIG, "newer showmill");
	run_sql("ledger.db", "PRAGMA user_version = 7");
	ledger_close(ledger_fixture_open());
}

/* Version 1 had no `dated`, and one who has left could have joined later. */
static void
first_version(void **state)
{
	struct ledger_friend *f;
	struct ledger *l;
	int64_t edition;
	size_t n;

	(void)state;
	ledger_close(ledger_fixture(2, &edition));
	run_sql("ledger.db", "DROP TABLE untold; DROP TABLE variants;"
	    "DROP TABLE choices;"
	    "DROP TABLE limits;"
	    "ALTER TABLE editions DROP COLUMN seal;"
	    "ALTER TABLE deliveries DROP COLUMN deferred;"
	    "ALTER TABLE deliveries DROP COLUMN due;"
	    "ALTER TABLE deliveries DROP COLUMN planned;"
	    "ALTER TABLE deliveries DROP COLUMN variant;"
	    "DROP INDEX friends_chosen;"
	    "ALTER TABLE friends DROP COLUMN zone;"
	    "ALTER TABLE friends DROP COLUMN shows;"
	    "ALTER TABLE friends DROP COLUMN language;"
	    "ALTER TABLE editions DROP COLUMN page;"
	    "ALTER TABLE friends DROP COLUMN dated;"
	    "UPDATE friends SET left_at = 5 WHERE id = 1;"
	    "PRAGMA user_version = 1");
	l = ledger_fixture_open();
	fixture_ok(ledger_friends(l, "show", true, 0, 9, &arena, &f, &n,
	    &err));
	assert_int_equal(n, 2);
	assert_int_equal(f[0].left, 5);
	assert_int_equal(f[0].joined, 5);
	assert_int_equal(f[1].left, 0);
	assert_int_equal(f[1].joined, NOW);
	ledger_fixture_claim(l, edition, 0, 0, 2, 1);
	ledger_close(l);
}

static void
no_such_place(void **state)
{
	(void)state;
	make("file", "x", 1);
	told_on_open("file/ledger.db", ERR_OUTPUT, "cannot be made");
	told_on_open("none/ledger.db", ERR_OUTPUT, "No such file");
	assert_int_equal(mkdir(fixture_path("folder.db"), 0700), 0);
	told_on_open("folder.db", ERR_OUTPUT, "cannot be opened");
	assert_int_equal(rmdir(fixture_path("folder.db")), 0);
	ledger_close(NULL);
}

/* Eight programs make the same ledger at once. */
static void
made_once(void **state)
{
	int i, status, good = 0;
	struct ledger *l;

	(void)state;
	for (i = 0; i < 8; i++)
		if (fork() == 0) {
			l = ledger_open(fixture_path("ledger.db"), &err);
			ledger_close(l);
			if (l == NULL)
				fprintf(stderr, "%s\n", err.msg);
			_exit(l == NULL);
		}
	while (wait(&status) > 0)
		good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	assert_int_equal(good, 8);
}

/* ---- what goes wrong later ---- */

static void
write_protected(void **state)
{
	(void)state;
	ledger_close(ledger_fixture_open());
	open_errno = EROFS;
	told_on_open("ledger.db", ERR_OUTPUT, "is write-protected");
}

/* A reader makes them while the ledger is write-protected; it is writable
 * again. */
static void
protected_beside(void **state)
{
	struct ledger *l = ledger_fixture_open(), *other;

	(void)state;
	assert_int_equal(chmod(fixture_path("ledger.db-shm"), 0400), 0);
	assert_int_equal(chmod(fixture_path("ledger.db-wal"), 0400), 0);
	other = ledger_fixture_open();
	assert_int_equal(mode_of("ledger.db-shm"), 0600);
	assert_int_equal(mode_of("ledger.db-wal"), 0600);
	assert_int_equal(chmod(fixture_path("ledger.db-wal"), 0200), 0);
	ledger_close(ledger_fixture_open());
	assert_int_equal(mode_of("ledger.db-wal"), 0200);
	ledger_close(other);
	ledger_close(l);
}

static void
disk_full(void **state)
{
	struct ledger_friend f = { .address = "n@example.org",
	    .key = "n@example.org" };
	struct ledger_outcome o = { 0, LEDGER_SENT, 250, "ok", "", 0 };
	struct ledger_delivery *d;
	int64_t e;
	struct ledger *l = ledger_fixture(3, &e);
	size_t n;

	(void)state;
	d = ledger_fixture_claim(l, e, 0, 0, 1, 1);
	o.id = d->id;
	write_errno = ENOSPC;
	assert_int_equal(ledger_friends_add(l, "show", &f, 1, false, NOW, NULL,
	    &err), -1);
	fixture_told(ERR_OUTPUT, "ledger.db: the disk is full");
	assert_int_equal(ledger_doubt(l, d->id, NOW, &err), -1);
	fixture_told(ERR_OUTPUT, "the disk is full");
	assert_int_equal(ledger_settle(l, &o, 1, NOW, &err), -1);
	fixture_told(ERR_OUTPUT, "the disk is full");
	assert_int_equal(ledger_claim(l, e, 0, 0, LEDGER_TURN_ALL, 9, NOW, &arena, &d, &n,
	    &err), -1);
	fixture_told(ERR_OUTPUT, "the disk is full");
	write_errno = EIO;
	assert_int_equal(ledger_recover(l, "show", NOW, NULL, NULL, &err), -1);
	fixture_told(ERR_IO, "Input/output error");

	/* Nothing was half done, and the handle works on. */
	write_errno = 0;
	ledger_fixture_counts(l, e, "2 1 0 0 0 0 0 0");
	fixture_ok(ledger_friends_count(l, "show", &n, &err));
	assert_int_equal(n, 3);
	fixture_ok(ledger_doubt(l, o.id, NOW, &err));
	fixture_ok(ledger_settle(l, &o, 1, NOW, &err));
	ledger_close(l);
}

static void
damaged(void **state)
{
	char zero[4096];
	struct stat st;
	struct ledger *l;
	int64_t e;
	size_t n;
	off_t at;
	int fd;

	(void)state;
	l = ledger_fixture(3000, &e);
	ledger_close(l);
	memset(zero, 0x5a, sizeof(zero));
	fd = open(fixture_path("ledger.db"), O_RDWR);
	assert_int_equal(fstat(fd, &st), 0);
	/* What the tables look like stands in front. */
	for (at = 65536; at < st.st_size; at += 4096)
		assert_int_equal(pwrite(fd, zero, 4096, at), 4096);
	close(fd);
	l = ledger_fixture_open();
	assert_int_equal(ledger_friends_count(l, "show", &n, &err), -1);
	fixture_told(ERR_IO, "the ledger is damaged");
	ledger_close(l);
}

/* Whether the edition, its page and its variant are what was stored: in bits. */
static int
read_back(void)
{
	struct ledger *l = ledger_fixture_open();
	struct ledger_edition e;
	struct ledger_variant v;
	const char *page;
	int bad;

	assert_int_equal(ledger_edition_get(l, "show", NULL, &arena, &e,
	    &err), 1);
	assert_int_equal(ledger_edition_variant(l, 1, 1, &arena, &v, &err),
	    1);
	bad = e.damaged | v.damaged << 2;
	if (ledger_edition_page(l, 1, &arena, &page, &err) != 0) {
		fixture_told(ERR_IO, "the ledger is damaged (the page of an "
		    "edition is not what was stored); put back");
		bad |= 2;
	}
	ledger_close(l);
	return bad;
}

static void
make_one_with_variant(void)
{
	const struct ledger_variant variant = { "de", "", "Betreff", "<p>de",
		"de", "m\0de", 4, false };
	const struct ledger_choice choice = { "", "", 0, 0 };
	const struct ledger_edition e = { .list = "show", .name = "2025-W24",
		.subject = "Subject", .html = "<p>en", .text = "en",
		.page = "page", .mold = "m\0en", .mold_len = 4, .frozen = NOW,
		.variants = &variant, .nvariants = 1, .choices = &choice,
		.nchoices = 1 };
	const struct ledger_episode episode = { "guid-1", 7, "Title", NOW };
	struct ledger *l;

	unlink(fixture_path("ledger.db"));
	l = ledger_fixture_open();
	ledger_fixture_friends(l, "show", 1);
	fixture_ok(ledger_edition_freeze(l, &e, &episode, 1, false, &err));
	ledger_close(l);
}

/* Where SQLite finds nothing wrong with it. */
static void
damaged_message(void **state)
{
	static const struct { const char *sql; int bad; } rows[] = {
		{ "UPDATE editions SET frozen = 1", 0 },
		{ "UPDATE editions SET subject = 'x'", 1 },
		{ "UPDATE editions SET html = 'x'", 1 },
		{ "UPDATE editions SET text = 'x'", 1 },
		{ "UPDATE editions SET mold = x'6d00'", 1 },
		{ "UPDATE editions SET name = '2025-W25'", 1 },
		{ "UPDATE editions SET seal = x'0102'", 3 },
		{ "UPDATE editions SET seal = substr(seal, 1, 32)", 2 },
		{ "UPDATE editions SET seal = substr(seal, 1, 63)", 2 },
		{ "UPDATE editions SET seal = CAST(seal || x'00' AS BLOB)", 3 },
		{ "UPDATE editions SET page = 'x'", 2 },
		{ "UPDATE editions SET html = text, text = html", 1 },
		{ "UPDATE variants SET subject = 'x'", 4 },
		{ "UPDATE variants SET html = 'x'", 4 },
		{ "UPDATE variants SET text = 'x'", 4 },
		{ "UPDATE variants SET mold = x'6d00'", 4 },
		{ "UPDATE variants SET seal = (SELECT seal FROM editions)", 4 },
		/* What an older showmill has frozen. */
		{ "UPDATE editions SET seal = x'', text = 'x', page = 'x';"
		    "UPDATE variants SET seal = x'', text = 'x'", 0 },
	};
	size_t i;
	int bad;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make_one_with_variant();
		assert_int_equal(read_back(), 0);
		run_sql("ledger.db", rows[i].sql);
		bad = read_back();
		if (bad != rows[i].bad)
			fail_msg("%s: %d", rows[i].sql, bad);
	}
}

/* A server would give it back as something else. */
static void
not_utf8(void **state)
{
	const struct ledger_episode episode = { "guid-1", 7, "Title", NOW };
	struct ledger_edition e = { .list = "show", .name = "2025-W24",
		.subject = "Caf\xe9", .html = "", .text = "", .mold = "",
		.frozen = NOW };
	struct ledger *l = ledger_fixture_open();

	(void)state;
	ledger_fixture_friends(l, "show", 1);
	assert_int_equal(ledger_edition_freeze(l, &e, &episode, 1, false,
	    &err), -1);
	fixture_told(ERR_INPUT, "the subject is not UTF-8");
	e.subject = "Caf\xc3\xa9";
	fixture_ok(ledger_edition_freeze(l, &e, &episode, 1, false, &err));
	ledger_close(l);
}

static void
busy(void **state)
{
	struct ledger_delivery *d;
	sqlite3 *other;
	int64_t e;
	struct ledger *l = ledger_fixture(3, &e);
	size_t n;

	(void)state;
	assert_int_equal(sqlite3_open(fixture_path("ledger.db"), &other),
	    SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL,
	    NULL), SQLITE_OK);
	hurry = 1;
	assert_int_equal(ledger_claim(l, e, 0, 0, LEDGER_TURN_ALL, 9, NOW, &arena, &d, &n,
	    &err), -1);
	fixture_told(ERR_TEMPORARY, "in use by another process");
	/* Readers are not held up. */
	ledger_fixture_counts(l, e, "3 0 0 0 0 0 0 0");
	sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(other);
	ledger_fixture_claim(l, e, 0, 0, 9, 3);
	ledger_close(l);
}

/* ---- what waits for the disk ---- */

static void
who_waits_for_the_disk(void **state)
{
	struct ledger_friend f = { .address = "n@example.org",
	    .key = "n@example.org" };
	struct ledger_outcome o = { 0, LEDGER_DEFERRED, 450, "no", "", 0 };
	struct ledger_delivery *d;
	struct ledger_again *again;
	int64_t e;
	struct ledger *l = ledger_fixture(9, &e);
	bool found;
	size_t n, nagain;

	(void)state;
#define SYNCED(call) do { \
	syncs = 0; \
	fixture_ok(call); \
	if (syncs < 1) \
		fail_msg("%s is not durable", #call); \
} while (0)
	SYNCED(ledger_friends_add(l, "show", &f, 1, false, NOW, NULL, &err));
	SYNCED(ledger_friend_remove(l, "show", "n@example.org", NOW, &found,
	    &err));
	syncs = 0;
	ledger_fixture_freeze(l, "show", "guid-2");
	assert_true(syncs >= 1);
	fixture_ok(ledger_claim(l, e, 0, 0, LEDGER_TURN_ALL, 4, NOW, &arena, &d, &n, &err));
	SYNCED(ledger_flush(l, &err));
	o.id = d[0].id;
	syncs = 0;
	fixture_ok(ledger_doubt(l, o.id, NOW, &err));
	fixture_ok(ledger_settle(l, &o, 1, NOW, &err));
	assert_int_equal(syncs, 0);
	SYNCED(ledger_recover(l, "show", NOW, NULL, NULL, &err));
	fixture_ok(ledger_claim(l, e, 0, NOW + 1, LEDGER_TURN_ALL, 1, NOW + 1,
	    &arena, &d, &n, &err));
	assert_int_equal(d[0].id, o.id);
	fixture_ok(ledger_settle(l, &o, 1, NOW + 1, &err));
	SYNCED(ledger_give_up(l, e, NOW + 1, NOW, NOW, &n, &err));
	assert_int_equal(n, 1);
	SYNCED(ledger_resend(l, &o.id, 1, -1, NOW, &arena, &again, &nagain,
	    &err));
	/* A soft commit behind which nothing comes is brought there at the
	 * end, also when another handle keeps the file open. */
	d = ledger_fixture_claim(l, e, 0, 0, 1, 1);
	fixture_ok(ledger_doubt(l, d->id, NOW, &err));
	{
		struct ledger *second = ledger_fixture_open();

		ledger_fixture_counts(second, e, "8 0 1 0 0 0 0 0");
		syncs = 0;
		ledger_close(l);
		assert_true(syncs >= 1);
		ledger_close(second);
	}
}

/* Also over the checkpoints of a long run: claims carry them. */
static void
doubt_never_waits(void **state)
{
	struct ledger_outcome o = { 0, LEDGER_SENT, 250, "2.0.0 Ok", "QID", 0 };
	struct ledger_delivery *d;
	struct stat st;
	int64_t e, after = 0;
	struct ledger *l = ledger_fixture(3000, &e);
	size_t n, i;
	int soft = 0, claims = 0;

	(void)state;
	for (;;) {
		syncs = 0;
		fixture_ok(ledger_claim(l, e, after, 0, LEDGER_TURN_ALL, 64, NOW, &arena, &d,
		    &n, &err));
		if (n == 0)
			break;
		claims++;
		syncs = 0;
		fixture_ok(ledger_flush(l, &err));
		assert_int_equal(syncs, 1);
		syncs = 0;
		after = d[n - 1].id;
		for (i = 0; i < n; i++) {
			o.id = d[i].id;
			fixture_ok(ledger_doubt(l, o.id, NOW, &err));
			fixture_ok(ledger_settle(l, &o, 1, NOW, &err));
		}
		soft += syncs;
	}
	assert_int_equal(claims, 47);
	assert_int_equal(soft, 0);
	/* 3,000 pairs write some 15,000 pages; checkpoints were made. */
	assert_int_equal(stat(fixture_path("ledger.db-wal"), &st), 0);
	assert_true(st.st_size < 4000 * 4120);
	ledger_close(l);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(mode_is_never_wider),
		TEST(special_names_are_files),
		TEST(not_a_ledger),
		TEST(newer_version),
		TEST(first_version),
		TEST(no_such_place),
		TEST(made_once),
		TEST(write_protected),
		TEST(protected_beside),
		TEST(disk_full),
		TEST(damaged),
		TEST(damaged_message),
		TEST(not_utf8),
		TEST(busy),
		TEST(who_waits_for_the_disk),
		TEST(doubt_never_waits)
	};

	fake_calls();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
