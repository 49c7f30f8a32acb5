/*
 * Databases for this room: one handle, its prepared statements, transactions
 * of two kinds, and errors with the place. Private to lib/store. What a
 * database has to give for it is in db_int.h.
 *
 * A statement is asked for by its text (a string literal: it is known again
 * by its address), bound, stepped and done with:
 *
 *	struct db_query *q = db_query(db, "SELECT name FROM t WHERE id = ?1");
 *	db_int(q, 1, id);
 *	while ((r = db_step(q, err)) == 1)
 *		use(db_col_text(q, 0, arena));
 *
 * The text is SQL that both SQLite and PostgreSQL take, in SQLite's spelling.
 * For PostgreSQL, CROSS JOIN ... ON becomes JOIN ... ON, INDEXED BY ... goes,
 * and what stands in a comment that begins with pg and a blank is part of it.
 * A parameter has the same type each time: that of the call that binds it.
 *
 * What goes wrong before the step (preparing, binding) is told by the step. A
 * step that gives 0 or -1 has ended the statement; one left earlier is ended
 * with db_end(), or it would hold its read snapshot.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/mem.h"

#define DB_BUSY_SECONDS 5
#define DB_SERVER_BUSY_SECONDS 30
/* A server ends a statement after these, unless it has a statement_timeout (of
 * its owner, or of ?options=-cstatement_timeout%3D15min in the address); and it
 * has this much more to say so. */
#define DB_SERVER_SECONDS 300
#define DB_SERVER_GRACE 10

struct db;
struct db_query;

/* What a kind of file is. */
struct db_kind {
	const char *what;		/* "ledger": for messages */
	const char *remedy;		/* what to do when it is not usable */
	uint32_t application;		/* PRAGMA application_id */
	mode_t mode;			/* of a new file, before umask */
	int version;			/* PRAGMA user_version, from 1 */
	const char *const *migrations;	/* [i]: SQL from version i to i + 1 */
	/* The same for PostgreSQL: [0] makes version server_first at once, and
	 * [i] brings server_first + i - 1 one further. NULL: SQLite alone. */
	const char *const *server_migrations;
	int server_first;
};

/* Where a database is: a file, or postgresql://USER@HOST:PORT/DATABASE (also
 * postgres:; whatever libpq takes, such as ?options=-csearch_path%3Dshowmill
 * for a schema of its own). */
bool db_is_url(const char *place);
/* How long SCHEME is, where it begins with SCHEME://, of whatever kind; 0: it
 * does not. */
size_t db_scheme(const char *place);
/* As it may be shown: without a password, and without options. */
const char *db_shown(struct arena *a, const char *place);
/* Whether a password stands in an address. */
bool db_has_password(const char *place);

/* Opens the file, making it and its tables, or bringing them to the version
 * of the kind; in a server the tables alone are made, in the schema that is
 * the current one. ERR_CONFIG: it is no database, of another program, or
 * newer; there is no such database in the server, or the user may not use it,
 * or this program was built without libpq. ERR_TEMPORARY: the server is not
 * reached. The other kinds: see db_step. A handle must not cross a fork(). */
struct db *db_open(const char *place, const struct db_kind *kind,
    struct err *err);
/* Opens what is there, for reading alone: every write fails. An older version
 * is ERR_CONFIG too; a server's database without tables is ERR_NOINPUT. */
struct db *db_peek(const char *place, const struct db_kind *kind,
    struct err *err);
/* Whether others may write meanwhile, on other hosts too: it is PostgreSQL. */
bool db_is_shared(const struct db *db);
/* A call that waits for a server asks whether the run is to stop, each second
 * and from the calling thread. Where it is, a server that is silent has
 * DB_SERVER_BUSY_SECONDS and DB_SERVER_GRACE, so that one which works still
 * answers. NULL: nobody is asked. */
void db_heed(struct db *db, bool (*stopped)(void));
/* Rolls back what is open, and brings what was committed softly to the disk
 * (as far as readers let it). NULL is allowed. */
void db_close(struct db *db);

/* A durable commit is on the disk when it returns, with all that was
 * committed before it. A soft one is in the kernel's hands: it outlives the
 * process, not a power cut. It never waits for the disk.
 *
 * A firm one outlives whatever this process outlives. SQLite runs on this
 * machine and falls with it, so there it is a soft one. A server may fall and
 * come up again under a process that goes on, so there it is a durable one.
 *
 * A flushed one is a soft one that db_flush() makes durable. It may wait for
 * the disk, but seldom. */
enum db_commit { DB_SOFT, DB_FIRM, DB_FLUSHED, DB_DURABLE };

/* BEGIN IMMEDIATE: the write lock is held from here on; in a server, a lock
 * that all who begin like this take. */
int db_begin(struct db *db, enum db_commit how, struct err *err);
/* As db_begin; but in a server others may write meanwhile, and rows are locked
 * by the statements. */
int db_begin_beside(struct db *db, enum db_commit how, struct err *err);
/* Commits; on failure all is rolled back. */
int db_commit(struct db *db, struct err *err);
/* Waits until all that was committed before is on the disk, without keeping
 * others from the database: another thread may use it meanwhile. In a server,
 * where whatever is firm takes all that is before it along to the disk, there
 * is nothing to wait for. */
int db_flush(struct db *db, struct err *err);
/* Undoes; nothing happens without a transaction. Always returns -1. */
int db_rollback(struct db *db);
/* Sets how the next single statements outside a transaction are committed. */
int db_autocommit(struct db *db, enum db_commit how, struct err *err);

/* For what was read and cannot be what was stored: ERR_IO, with the place and
 * the remedy of the kind. Returns -1. */
int db_damaged(const struct db *db, const char *why, struct err *err);

/* Never NULL; reset and without values. Ends the earlier use of the same
 * text. */
struct db_query *db_query(struct db *db, const char *literal);
void db_int(struct db_query *q, int at, int64_t value);
/* The memory must stay until the statement ends. NULL is the empty text. */
void db_text(struct db_query *q, int at, const char *value);
void db_text_len(struct db_query *q, int at, const char *value, size_t len);
void db_blob(struct db_query *q, int at, const void *value, size_t len);

/* 1 a row, 0 the end, -1 err: ERR_TEMPORARY locked for DB_BUSY_SECONDS, the
 * connection lost, a server silent for DB_SERVER_GRACE longer than a statement
 * may take, or another wrote the same first; ERR_OUTPUT disk full,
 * write-protected or not to be opened, ERR_IO damaged or not read, ERR_CONFIG
 * no database or no right, ERR_INTERNAL anything else. A server's rows are all
 * in memory from the first step on. Behind a server that was silent no call
 * waits again, db_close() neither. */
int db_step(struct db_query *q, struct err *err);
void db_end(struct db_query *q);
/* For a statement without rows of interest: 0 or -1. changed (may be NULL):
 * how many rows it wrote. In a transaction of a server, without changed, what
 * goes wrong may be told by a later statement, at the latest by db_commit. */
int db_run(struct db_query *q, size_t *changed, struct err *err);
/* The first column of the only row: 1, 0 when there is no row, -1. */
int db_one(struct db_query *q, int64_t *out, struct err *err);

int64_t db_col_int(struct db_query *q, int at);
size_t db_col_size(struct db_query *q, int at);
/* A copy in the arena, NUL-terminated; never NULL. */
char *db_col_text(struct db_query *q, int at, struct arena *a);
/* Copies at most size - 1 bytes and a NUL. */
void db_col_copy(struct db_query *q, int at, char *out, size_t size);

/* Of the row inserted last. 0 when it cannot be known, and the transaction
 * then cannot be committed. */
int64_t db_last_id(struct db *db);
/* Text parameters are held to a bound: ERR_INPUT "WHAT is empty" (when min is
 * 1 or more) or "WHAT is longer than N bytes". NULL counts as "". */
int db_bound(const char *what, const char *text, size_t min, size_t max,
    struct err *err);

#endif
