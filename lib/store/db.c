#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

#define DB_QUERIES 64
/* Pages in the write-ahead log at which a durable transaction, which waits for
 * the disk anyhow, first moves them into the file; and at which a soft commit
 * must do so. */
#define DB_CHECKPOINT_PAGES 2000
#define DB_CHECKPOINT_MUST 8000

struct db_query {
	struct db *db;
	const char *text;	/* NULL: a free slot */
	sqlite3_stmt *stmt;
	int rc;			/* the first failure since db_query() */
};

struct db {
	sqlite3 *handle;
	const struct db_kind *kind;
	char *path;		/* as given */
	enum db_commit how;
	int log_pages;		/* in the write-ahead log, by its hook */
	bool soft;		/* the last commit was a soft one */
	struct db_query query[DB_QUERIES];
};

static int
fail_kind(struct db *db, int rc, struct err *err)
{
	const struct db_kind *k = db->kind;

	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_TEMPORARY, "the %s has been in use by "
		    "another process for %d seconds; try again later", k->what,
		    DB_BUSY_SECONDS);
	case SQLITE_FULL:
		return err_set(err, ERR_OUTPUT, "the disk is full; nothing of "
		    "this step was recorded; make room and run again");
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return err_set(err, ERR_OUTPUT, "is write-protected; make the "
		    "file and its folder writable for the user that runs this");
	case SQLITE_CORRUPT:
		return err_set(err, ERR_IO, "the %s is damaged (%s); %s",
		    k->what, sqlite3_errmsg(db->handle), k->remedy);
	case SQLITE_NOTADB:
		return err_set(err, ERR_CONFIG, "is not a database; %s",
		    k->remedy);
	case SQLITE_TOOBIG:
		return err_set(err, ERR_INPUT, "a value is too large to store");
	case SQLITE_NOMEM:
		return err_set(err, ERR_SYSTEM, "out of memory");
	}
	return 0;
}

/* Fills err from a result code and the handle's message. */
static int
fail(struct db *db, int rc, struct err *err)
{
	int at = errno;
	int system = db->handle == NULL ? 0 :
	    sqlite3_system_errno(db->handle);

	if (fail_kind(db, rc, err) != 0)
		return err_at(err, db->path, 0);
	switch (rc & 0xff) {
	case SQLITE_CANTOPEN:
		errno = system != 0 ? system : at;
		err_sys(err, ERR_OUTPUT, "the %s cannot be opened",
		    db->kind->what);
		break;
	case SQLITE_IOERR:
		errno = system != 0 ? system : EIO;
		err_sys(err, ERR_IO, "reading or writing the %s broke off",
		    db->kind->what);
		break;
	default:
		err_set(err, ERR_INTERNAL, "SQLite: %s (%d)",
		    sqlite3_errmsg(db->handle), rc);
	}
	return err_at(err, db->path, 0);
}

static int
run_text(struct db *db, const char *sql, struct err *err)
{
	int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : fail(db, rc, err);
}

/* ---- statements ---- */

struct db_query *
db_query(struct db *db, const char *literal)
{
	struct db_query *q;
	size_t i;

	for (i = 0; i + 1 < DB_QUERIES; i++)
		if (db->query[i].text == literal || db->query[i].text == NULL)
			break;
	q = &db->query[i];
	if (q->text == literal && q->stmt != NULL) {
		db_end(q);
		return q;
	}
	/* More texts than slots: the last slot is shared. */
	sqlite3_finalize(q->stmt);
	q->db = db;
	q->text = literal;
	q->rc = sqlite3_prepare_v3(db->handle, literal, -1,
	    SQLITE_PREPARE_PERSISTENT, &q->stmt, NULL);
	if (q->rc != SQLITE_OK)
		q->stmt = NULL;
	return q;
}

static void
note(struct db_query *q, int rc)
{
	if (q->rc == SQLITE_OK)
		q->rc = rc;
}

void
db_int(struct db_query *q, int at, int64_t value)
{
	if (q->rc == SQLITE_OK)
		note(q, sqlite3_bind_int64(q->stmt, at, value));
}

void
db_text_len(struct db_query *q, int at, const char *value, size_t len)
{
	if (q->rc == SQLITE_OK)
		note(q, sqlite3_bind_text64(q->stmt, at,
		    value == NULL ? "" : value, len, SQLITE_STATIC,
		    SQLITE_UTF8));
}

void
db_text(struct db_query *q, int at, const char *value)
{
	db_text_len(q, at, value, value == NULL ? 0 : strlen(value));
}

void
db_blob(struct db_query *q, int at, const void *value, size_t len)
{
	/* A NULL pointer would bind NULL, not an empty value. */
	if (q->rc == SQLITE_OK)
		note(q, sqlite3_bind_blob64(q->stmt, at,
		    len == 0 ? "" : value, len, SQLITE_STATIC));
}

void
db_end(struct db_query *q)
{
	if (q->stmt == NULL)
		return;
	sqlite3_reset(q->stmt);
	sqlite3_clear_bindings(q->stmt);
	q->rc = SQLITE_OK;
}

int
db_step(struct db_query *q, struct err *err)
{
	int rc = q->rc != SQLITE_OK ? q->rc : sqlite3_step(q->stmt);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		fail(q->db, rc, err);
	db_end(q);
	return rc == SQLITE_DONE ? 0 : -1;
}

int
db_run(struct db_query *q, size_t *changed, struct err *err)
{
	struct db *db = q->db;
	int r = db_step(q, err);

	if (r == 1)
		db_end(q);
	if (r >= 0 && changed != NULL)
		*changed = (size_t)sqlite3_changes64(db->handle);
	return r < 0 ? -1 : 0;
}

int
db_one(struct db_query *q, int64_t *out, struct err *err)
{
	int r = db_step(q, err);

	if (r == 1) {
		*out = db_col_int(q, 0);
		db_end(q);
	}
	return r;
}

int64_t
db_col_int(struct db_query *q, int at)
{
	return sqlite3_column_int64(q->stmt, at);
}

size_t
db_col_size(struct db_query *q, int at)
{
	return (size_t)sqlite3_column_bytes(q->stmt, at);
}

char *
db_col_text(struct db_query *q, int at, struct arena *a)
{
	const void *p = sqlite3_column_blob(q->stmt, at);
	size_t n = db_col_size(q, at);
	char *out = arena_alloc(a, n + 1);

	if (n > 0)
		memcpy(out, p, n);
	return out;
}

void
db_col_copy(struct db_query *q, int at, char *out, size_t size)
{
	const void *p = sqlite3_column_blob(q->stmt, at);
	size_t n = db_col_size(q, at);

	if (n > size - 1)
		n = size - 1;
	if (n > 0)
		memcpy(out, p, n);
	out[n] = '\0';
}

int64_t
db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

int
db_bound(const char *what, const char *text, size_t min, size_t max,
    struct err *err)
{
	size_t n = text == NULL ? 0 : strlen(text);

	if (n < min)
		return err_set(err, ERR_INPUT, "%s is empty", what);
	if (n > max)
		return err_set(err, ERR_INPUT, "%s is longer than %zu bytes",
		    what, max);
	return 0;
}

/* ---- transactions ---- */

/* SQLite reads this pragma when it is prepared, so it is not kept. */
int
db_autocommit(struct db *db, enum db_commit how, struct err *err)
{
	db->soft = how == DB_SOFT;
	if (db->how == how)
		return 0;
	if (run_text(db, how == DB_DURABLE ? "PRAGMA synchronous = FULL" :
	    "PRAGMA synchronous = NORMAL", err) != 0)
		return -1;
	db->how = how;
	return 0;
}

/* One that fails (a reader is in the way) is tried again at the next. */
static void
checkpoint(struct db *db)
{
	sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE,
	    NULL, NULL);
}

/* Called behind each commit, instead of SQLite's own checkpoints. */
static int
after_commit(void *ctx, sqlite3 *handle, const char *name, int pages)
{
	struct db *db = ctx;

	(void)handle;
	(void)name;
	db->log_pages = pages;
	if (pages >= DB_CHECKPOINT_MUST)
		checkpoint(db);
	return SQLITE_OK;
}

/* The checkpoint comes before the transaction, not behind it: whoever writes
 * first after one waits for the disk, and that must not be a soft commit. */
int
db_begin(struct db *db, enum db_commit how, struct err *err)
{
	if (db_autocommit(db, how, err) != 0)
		return -1;
	if (how == DB_DURABLE && db->log_pages >= DB_CHECKPOINT_PAGES)
		checkpoint(db);
	return db_run(db_query(db, "BEGIN IMMEDIATE"), NULL, err);
}

int
db_rollback(struct db *db)
{
	size_t i;

	for (i = 0; i < DB_QUERIES; i++)
		if (db->query[i].stmt != NULL)
			sqlite3_reset(db->query[i].stmt);
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

int
db_commit(struct db *db, struct err *err)
{
	if (db_run(db_query(db, "COMMIT"), NULL, err) != 0)
		return db_rollback(db);
	return 0;
}

/* ---- opening ---- */

static int
pragma_int(struct db *db, const char *sql, int64_t *out, struct err *err)
{
	*out = 0;
	return db_one(db_query(db, sql), out, err) < 0 ? -1 : 0;
}

/* Tells what lies in the file. fresh: nothing yet. */
static int
inspect(struct db *db, int64_t *version, bool *fresh, struct err *err)
{
	const struct db_kind *k = db->kind;
	int64_t application, tables;

	if (pragma_int(db, "PRAGMA application_id", &application, err) != 0 ||
	    pragma_int(db, "PRAGMA user_version", version, err) != 0 ||
	    pragma_int(db, "SELECT count(*) FROM sqlite_schema", &tables,
	    err) != 0)
		return -1;
	*fresh = application == 0 && *version == 0 && tables == 0;
	if (*fresh || ((uint32_t)application == k->application &&
	    *version >= 1 && *version <= k->version))
		return 0;
	if ((uint32_t)application == k->application && *version > k->version)
		err_set(err, ERR_CONFIG, "was written by a newer showmill "
		    "(%s version %lld, this one knows %d); use the newer "
		    "program", k->what, (long long)*version, k->version);
	else
		err_set(err, ERR_CONFIG, "is a database of another program, "
		    "not a %s; %s", k->what, k->remedy);
	return err_at(err, db->path, 0);
}

/* As one reading: another process may be about to make the file. */
static int
inspect_alone(struct db *db, int64_t *version, bool *fresh, struct err *err)
{
	struct err ignored = ERR_INIT;

	if (run_text(db, "BEGIN", err) != 0)
		return -1;
	if (inspect(db, version, fresh, err) != 0) {
		run_text(db, "ROLLBACK", &ignored);
		return -1;
	}
	return run_text(db, "COMMIT", err);
}

static int
migrate(struct db *db, struct err *err)
{
	char sql[128];
	int64_t version;
	bool fresh;

	if (db_begin(db, DB_DURABLE, err) != 0)
		return -1;
	/* Another process may have been quicker. */
	if (inspect(db, &version, &fresh, err) != 0)
		return db_rollback(db);
	for (; version < db->kind->version; version++)
		if (run_text(db, db->kind->migrations[version], err) != 0)
			return db_rollback(db);
	sqlite3_snprintf(sizeof(sql), sql,
	    "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    (int)db->kind->application, db->kind->version);
	if (run_text(db, sql, err) != 0)
		return db_rollback(db);
	return db_commit(db, err);
}

/* The change to WAL does not wait for others' locks by itself; needed only
 * where two processes make the same file. */
static int
set_wal(struct db *db, struct err *err)
{
	const struct timespec nap = { 0, 50 * 1000 * 1000 };
	char mode[8] = "";
	struct err told = ERR_INIT;
	struct db_query *q;
	int i, r;

	for (i = 0; i < DB_BUSY_SECONDS * 20; i++) {
		q = db_query(db, "PRAGMA journal_mode = WAL");
		r = db_step(q, &told);
		if (r == 1) {
			db_col_copy(q, 0, mode, sizeof(mode));
			db_end(q);
			break;
		}
		if (told.kind != ERR_TEMPORARY)
			break;
		nanosleep(&nap, NULL);
	}
	if (strcmp(mode, "wal") == 0)
		return 0;
	if (told.kind != ERR_NONE) {
		*err = told;
		return -1;
	}
	err_set(err, ERR_OUTPUT, "the %s needs a file system with shared "
	    "memory (SQLite's WAL mode); put it on a local disk",
	    db->kind->what);
	return err_at(err, db->path, 0);
}

/* Makes the file with the mode of its kind before SQLite can make it with a
 * wider one; -wal and -shm take theirs from it. O_EXCL also because closing a
 * descriptor of a file in use would drop SQLite's locks on it. */
static int
make_file(struct db *db, const char *name, struct err *err)
{
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
	    db->kind->mode);

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	if (errno == EEXIST)
		return 0;
	err_sys(err, ERR_OUTPUT, "the %s cannot be made", db->kind->what);
	return err_at(err, db->path, 0);
}

/* Nothing in the file is changed: it must be what this program makes. */
static int
prepare_peek(struct db *db, struct err *err)
{
	int64_t version;
	bool fresh;

	sqlite3_busy_timeout(db->handle, DB_BUSY_SECONDS * 1000);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (inspect_alone(db, &version, &fresh, err) != 0)
		return -1;
	if (fresh || version < db->kind->version) {
		err_set(err, ERR_CONFIG, fresh ? "the %s has nothing in it "
		    "yet" : "the %s is of an older showmill; a command that "
		    "writes to it, as `friend add`, brings it up to date",
		    db->kind->what);
		return err_at(err, db->path, 0);
	}
	return run_text(db, "PRAGMA query_only = ON; PRAGMA trusted_schema ="
	    " OFF; PRAGMA temp_store = MEMORY", err);
}

static int
prepare(struct db *db, struct err *err)
{
	int64_t version;
	bool fresh;

	sqlite3_busy_timeout(db->handle, DB_BUSY_SECONDS * 1000);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* Asked first: reading would fail with less clear words, for want of
	 * the files beside it. */
	if (sqlite3_db_readonly(db->handle, "main") == 1)
		return fail(db, SQLITE_READONLY, err);
	if (inspect_alone(db, &version, &fresh, err) != 0)
		return -1;
	/* A commit writes whole pages to the log, and a claim waits until they
	 * are on the disk; the rows are small. */
	if (fresh && run_text(db, "PRAGMA page_size = 1024", err) != 0)
		return -1;
	if (set_wal(db, err) != 0 || run_text(db,
	    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
	    "PRAGMA trusted_schema = OFF; PRAGMA cache_size = -8192;"
	    "PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 16777216",
	    err) != 0)
		return -1;
	db->how = DB_DURABLE;
	sqlite3_wal_hook(db->handle, after_commit, db);
	if (fresh || version < db->kind->version)
		return migrate(db, err);
	return 0;
}

static struct db *
open_file(const char *path, const struct db_kind *kind, bool peek,
    struct err *err)
{
	struct db *db = xcalloc(1, sizeof(*db));
	struct buf name;
	int rc, done = -1;

	db->kind = kind;
	db->path = xstrdup(path);
	/* SQLite gives ":memory:" and "" a meaning of their own. */
	buf_init(&name, 0);
	buf_addf(&name, "%s%s", path[0] == '/' ? "" : "./", path);
	if (!peek && make_file(db, name.data, err) != 0)
		goto out;
	rc = sqlite3_open_v2(name.data, &db->handle, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc != SQLITE_OK)
		fail(db, rc, err);
	else
		done = peek ? prepare_peek(db, err) : prepare(db, err);
out:
	buf_release(&name);
	if (done == 0)
		return db;
	db_close(db);
	return NULL;
}

struct db *
db_open(const char *path, const struct db_kind *kind, struct err *err)
{
	return open_file(path, kind, false, err);
}

struct db *
db_peek(const char *path, const struct db_kind *kind, struct err *err)
{
	return open_file(path, kind, true, err);
}

void
db_close(struct db *db)
{
	size_t i;

	if (db == NULL)
		return;
	if (db->handle != NULL) {
		db_rollback(db);
		/* The last handle's close does this by itself. */
		if (db->soft)
			checkpoint(db);
	}
	for (i = 0; i < DB_QUERIES; i++)
		sqlite3_finalize(db->query[i].stmt);
	sqlite3_close(db->handle);
	free(db->path);
	free(db);
}
