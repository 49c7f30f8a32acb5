/*
 * What stands behind db.h: the calls that a database has to give. Private to
 * db*.c. A database's own handle and statement begin with these structs.
 */
#ifndef STORE_DB_INT_H
#define STORE_DB_INT_H

#include "store/db.h"

struct db_ops;

struct db {
	const struct db_ops *ops;
	bool shared;
	bool (*stopped)(void);		/* NULL, or as of db_heed() */
	const struct db_kind *kind;
	char *place;			/* as it may be shown */
};

struct db_query {
	struct db *db;
};

/* As the functions of db.h with these names. */
struct db_ops {
	void (*close)(struct db *db);
	/* beside: as db_begin_beside(). */
	int (*begin)(struct db *db, enum db_commit how, bool beside,
	    struct err *err);
	int (*commit)(struct db *db, struct err *err);
	void (*rollback)(struct db *db);
	int (*autocommit)(struct db *db, enum db_commit how, struct err *err);
	struct db_query *(*query)(struct db *db, const char *literal);
	void (*bind_int)(struct db_query *q, int at, int64_t value);
	/* value is never NULL. */
	void (*bind_text)(struct db_query *q, int at, const char *value,
	    size_t len);
	void (*bind_blob)(struct db_query *q, int at, const void *value,
	    size_t len);
	int (*step)(struct db_query *q, struct err *err);
	void (*end)(struct db_query *q);
	int (*run)(struct db_query *q, size_t *changed, struct err *err);
	int64_t (*col_int)(struct db_query *q, int at);
	/* The bytes of a column, as the next call on the statement leaves
	 * them; n of them. */
	const void *(*col)(struct db_query *q, int at, size_t *n);
	int64_t (*last_id)(struct db *db);
};

/* As db_open() and db_peek(). */
struct db *db_sqlite_open(const char *path, const struct db_kind *kind,
    bool peek, struct err *err);
/* As db_flush(). */
int db_sqlite_flush(struct db *db, struct err *err);
/* In db_sqlite_beside.c; path as SQLite has resolved it. Gives the user's own
 * files beside one that may be written its mode, where they were made while it
 * was write-protected. */
void db_sqlite_mend_beside(const char *path);
/* Fills err, where a file beside one that may be written may not be: with its
 * name. 0: there is none. */
int db_sqlite_fail_beside(const char *path, const struct db_kind *kind,
    struct err *err);
/* What db_pg_none.c stands for where there is no libpq. */
struct db *db_pg_open(const char *url, const struct db_kind *kind, bool peek,
    struct err *err);
const char *db_pg_shown(struct arena *a, const char *url);
bool db_pg_has_password(const char *url);

#endif
