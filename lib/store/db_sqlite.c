#include "store/db_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

#define DB_QUERIES 128
/* Pages in the write-ahead log at which a durable transaction, which waits for
 * the disk anyhow, first moves them into the file; and at which a soft commit
 * must do so. */
#define DB_CHECKPOINT_PAGES 2000
#define DB_CHECKPOINT_MUST 8000

struct query {
	struct db_query base;
	const char *text;	/* NULL: a free slot */
	sqlite3_stmt *stmt;
	int rc;			/* the first failure since db_query() */
};

struct sqlite {
	struct db base;
	sqlite3 *handle;
	enum db_commit how;
	int log_pages;		/* in the write-ahead log, by its hook */
	int log_fd;		/* for db_sqlite_flush(); -1 */
	bool soft;		/* the last commit was a soft one */
	struct query query[DB_QUERIES];
};

static struct sqlite *
of(struct db *db)
{
	return (struct sqlite *)db;
}

static struct query *
query_of(struct db_query *q)
{
	return (struct query *)q;
}

static int
fail_kind(struct sqlite *db, int rc, struct err *err)
{
	const struct db_kind *k = db->base.kind;

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
		if (db_sqlite_fail_beside(sqlite3_db_filename(db->handle,
		    "main"), k, err) != 0)
			return -1;
		return err_set(err, ERR_OUTPUT, "is write-protected; make the "
		    "file and its folder writable for the user that runs this");
	case SQLITE_CORRUPT:
		return db_damaged(&db->base, sqlite3_errmsg(db->handle), err);
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
fail(struct sqlite *db, int rc, struct err *err)
{
	int at = errno;
	int system = db->handle == NULL ? 0 :
	    sqlite3_system_errno(db->handle);

	if (fail_kind(db, rc, err) != 0)
		return err_at(err, db->base.place, 0);
	switch (rc & 0xff) {
	case SQLITE_CANTOPEN:
		errno = system != 0 ? system : at;
		err_sys(err, ERR_OUTPUT, "the %s cannot be opened",
		    db->base.kind->what);
		break;
	case SQLITE_IOERR:
		errno = system != 0 ? system : EIO;
		err_sys(err, ERR_IO, "reading or writing the %s broke off",
		    db->base.kind->what);
		break;
	default:
		err_set(err, ERR_INTERNAL, "SQLite: %s (%d)",
		    sqlite3_errmsg(db->handle), rc);
	}
	return err_at(err, db->base.place, 0);
}

static int
run_text(struct sqlite *db, const char *sql, struct err *err)
{
	int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : fail(db, rc, err);
}

/* ---- statements ---- */

static void
end(struct db_query *query)
{
	struct query *q = query_of(query);

	if (q->stmt == NULL)
		return;
	sqlite3_reset(q->stmt);
	sqlite3_clear_bindings(q->stmt);
	q->rc = SQLITE_OK;
}

static struct db_query *
query(struct db *handle, const char *literal)
{
	struct sqlite *db = of(handle);
	struct query *q;
	size_t i;

	for (i = 0; i + 1 < DB_QUERIES; i++)
		if (db->query[i].text == literal || db->query[i].text == NULL)
			break;
	q = &db->query[i];
	if (q->text == literal && q->stmt != NULL) {
		end(&q->base);
		return &q->base;
	}
	/* More texts than slots: the last slot is shared. */
	sqlite3_finalize(q->stmt);
	q->base.db = handle;
	q->text = literal;
	q->rc = sqlite3_prepare_v3(db->handle, literal, -1,
	    SQLITE_PREPARE_PERSISTENT, &q->stmt, NULL);
	if (q->rc != SQLITE_OK)
		q->stmt = NULL;
	return &q->base;
}

static void
note(struct query *q, int rc)
{
	if (q->rc == SQLITE_OK)
		q->rc = rc;
}

static void
bind_int(struct db_query *query, int at, int64_t value)
{
	struct query *q = query_of(query);

	if (q->rc == SQLITE_OK)
		note(q, sqlite3_bind_int64(q->stmt, at, value));
}

static void
bind_text(struct db_query *query, int at, const char *value, size_t len)
{
	struct query *q = query_of(query);

	if (q->rc == SQLITE_OK)
		note(q, sqlite3_bind_text64(q->stmt, at, value, len,
		    SQLITE_STATIC, SQLITE_UTF8));
}

static void
bind_blob(struct db_query *query, int at, const void *value, size_t len)
{
	struct query *q = query_of(query);

	/* A NULL pointer would bind NULL, not an empty value. */
	if (q->rc == SQLITE_OK)
		note(q, sqlite3_bind_blob64(q->stmt, at,
		    len == 0 ? "" : value, len, SQLITE_STATIC));
}

static int
step(struct db_query *query, struct err *err)
{
	struct query *q = query_of(query);
	int rc = q->rc != SQLITE_OK ? q->rc : sqlite3_step(q->stmt);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		fail(of(query->db), rc, err);
	end(query);
	return rc == SQLITE_DONE ? 0 : -1;
}

static int
run(struct db_query *q, size_t *changed, struct err *err)
{
	struct sqlite *db = of(q->db);
	int r = step(q, err);

	if (r == 1)
		end(q);
	if (r >= 0 && changed != NULL)
		*changed = (size_t)sqlite3_changes64(db->handle);
	return r < 0 ? -1 : 0;
}

static int64_t
col_int(struct db_query *q, int at)
{
	return sqlite3_column_int64(query_of(q)->stmt, at);
}

static const void *
col(struct db_query *q, int at, size_t *n)
{
	const void *p = sqlite3_column_blob(query_of(q)->stmt, at);

	*n = (size_t)sqlite3_column_bytes(query_of(q)->stmt, at);
	return p;
}

static int64_t
last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(of(db)->handle);
}

/* ---- transactions ---- */

/* SQLite reads this pragma when it is prepared, so it is not kept. */
static int
autocommit(struct db *handle, enum db_commit how, struct err *err)
{
	struct sqlite *db = of(handle);

	if (how != DB_DURABLE)
		how = DB_SOFT;
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
checkpoint(struct sqlite *db)
{
	sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE,
	    NULL, NULL);
}

/* Called behind each commit, instead of SQLite's own checkpoints. */
static int
after_commit(void *ctx, sqlite3 *handle, const char *name, int pages)
{
	struct sqlite *db = ctx;

	(void)handle;
	(void)name;
	db->log_pages = pages;
	if (pages >= DB_CHECKPOINT_MUST)
		checkpoint(db);
	return SQLITE_OK;
}

/* The checkpoint comes before the transaction, not behind it: whoever writes
 * first after one waits for the disk, and that must not be a soft commit. */
static int
begin(struct db *handle, enum db_commit how, bool beside, struct err *err)
{
	struct sqlite *db = of(handle);

	(void)beside;
	if (autocommit(handle, how, err) != 0)
		return -1;
	if ((how == DB_DURABLE || how == DB_FLUSHED) &&
	    db->log_pages >= DB_CHECKPOINT_PAGES)
		checkpoint(db);
	return run(query(handle, "BEGIN IMMEDIATE"), NULL, err);
}

/* The log, opened beside SQLite: its locks are on the other two files, so that
 * closing this one takes none of them away. */
static int
open_log(const struct sqlite *db)
{
	/* Its name is of the file that a link leads to. */
	const char *name = sqlite3_filename_wal(
	    sqlite3_db_filename(db->handle, "main"));

	return name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
}

int
db_sqlite_flush(struct db *handle, struct err *err)
{
	struct sqlite *db = of(handle);

	if (db->log_fd == -1)
		db->log_fd = open_log(db);
	if (db->log_fd == -1 || fdatasync(db->log_fd) != 0)
		return err_sys(err, ERR_OUTPUT, "%s-wal cannot be "
		    "brought to the disk", db->base.place);
	return 0;
}

static void
rollback(struct db *handle)
{
	struct sqlite *db = of(handle);
	size_t i;

	for (i = 0; i < DB_QUERIES; i++)
		if (db->query[i].stmt != NULL)
			sqlite3_reset(db->query[i].stmt);
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

static int
commit(struct db *db, struct err *err)
{
	if (run(query(db, "COMMIT"), NULL, err) == 0)
		return 0;
	rollback(db);
	return -1;
}

/* ---- opening ---- */

static int
pragma_int(struct sqlite *db, const char *sql, int64_t *out, struct err *err)
{
	*out = 0;
	return db_one(query(&db->base, sql), out, err) < 0 ? -1 : 0;
}

/* Tells what lies in the file. fresh: nothing yet. */
static int
inspect(struct sqlite *db, int64_t *version, bool *fresh, struct err *err)
{
	const struct db_kind *k = db->base.kind;
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
	return err_at(err, db->base.place, 0);
}

/* As one reading: another process may be about to make the file. */
static int
inspect_alone(struct sqlite *db, int64_t *version, bool *fresh, struct err *err)
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
migrate(struct sqlite *db, struct err *err)
{
	char sql[128];
	int64_t version;
	bool fresh;

	if (begin(&db->base, DB_DURABLE, false, err) != 0)
		return -1;
	/* Another process may have been quicker. */
	if (inspect(db, &version, &fresh, err) != 0)
		return db_rollback(&db->base);
	for (; version < db->base.kind->version; version++)
		if (run_text(db, db->base.kind->migrations[version], err) != 0)
			return db_rollback(&db->base);
	sqlite3_snprintf(sizeof(sql), sql,
	    "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    (int)db->base.kind->application, db->base.kind->version);
	if (run_text(db, sql, err) != 0)
		return db_rollback(&db->base);
	return commit(&db->base, err);
}

/* The change to WAL does not wait for others' locks by itself; needed only
 * where two processes make the same file. */
static int
set_wal(struct sqlite *db, struct err *err)
{
	const struct timespec nap = { 0, 50 * 1000 * 1000 };
	char mode[8] = "";
	struct err told = ERR_INIT;
	struct db_query *q;
	int i, r;

	for (i = 0; i < DB_BUSY_SECONDS * 20; i++) {
		q = query(&db->base, "PRAGMA journal_mode = WAL");
		r = step(q, &told);
		if (r == 1) {
			db_col_copy(q, 0, mode, sizeof(mode));
			end(q);
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
	    db->base.kind->what);
	return err_at(err, db->base.place, 0);
}

/* Makes the file with the mode of its kind before SQLite can make it with a
 * wider one; -wal and -shm take theirs from it. O_EXCL also because closing a
 * descriptor of a file in use would drop SQLite's locks on it. */
static int
make_file(struct sqlite *db, const char *name, struct err *err)
{
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
	    db->base.kind->mode);

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	if (errno == EEXIST)
		return 0;
	err_sys(err, ERR_OUTPUT, "the %s cannot be made", db->base.kind->what);
	return err_at(err, db->base.place, 0);
}

/* Nothing in the file is changed: it must be what this program makes. */
static int
prepare_peek(struct sqlite *db, struct err *err)
{
	int64_t version;
	bool fresh;

	sqlite3_busy_timeout(db->handle, DB_BUSY_SECONDS * 1000);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (inspect_alone(db, &version, &fresh, err) != 0)
		return -1;
	if (fresh || version < db->base.kind->version) {
		err_set(err, ERR_CONFIG, fresh ? "the %s has nothing in it "
		    "yet" : "the %s is of an older showmill; a command that "
		    "writes to it, as `friend add`, brings it up to date",
		    db->base.kind->what);
		return err_at(err, db->base.place, 0);
	}
	return run_text(db, "PRAGMA query_only = ON; PRAGMA trusted_schema ="
	    " OFF; PRAGMA temp_store = MEMORY", err);
}

static int
prepare(struct sqlite *db, struct err *err)
{
	int64_t version;
	bool fresh;

	sqlite3_busy_timeout(db->handle, DB_BUSY_SECONDS * 1000);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* Asked first: reading would fail with less clear words, for want of
	 * the files beside it. */
	if (sqlite3_db_readonly(db->handle, "main") == 1)
		return fail(db, SQLITE_READONLY, err);
	db_sqlite_mend_beside(sqlite3_db_filename(db->handle, "main"));
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
	if (fresh || version < db->base.kind->version)
		return migrate(db, err);
	return 0;
}

static void
close_file(struct db *handle)
{
	struct sqlite *db = of(handle);
	size_t i;

	if (db->handle != NULL) {
		rollback(handle);
		/* The last handle's close does this by itself. */
		if (db->soft)
			checkpoint(db);
	}
	for (i = 0; i < DB_QUERIES; i++)
		sqlite3_finalize(db->query[i].stmt);
	sqlite3_close(db->handle);
	if (db->log_fd != -1)
		close(db->log_fd);
	free(db->base.place);
	free(db);
}

static const struct db_ops ops = {
	close_file, begin, commit, rollback, autocommit, query, bind_int,
	bind_text, bind_blob, step, end, run, col_int, col, last_id
};

struct db *
db_sqlite_open(const char *path, const struct db_kind *kind, bool peek,
    struct err *err)
{
	struct sqlite *db = xcalloc(1, sizeof(*db));
	struct buf name;
	int rc, done = -1;

	db->base.ops = &ops;
	db->base.kind = kind;
	db->log_fd = -1;
	db->base.place = xstrdup(path);
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
		return &db->base;
	close_file(&db->base);
	return NULL;
}
