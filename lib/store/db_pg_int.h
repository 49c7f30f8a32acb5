/*
 * What the files of the PostgreSQL handle share. Private to db_pg*.c.
 *
 * Statements are sent without waiting for the one before (libpq's pipeline
 * mode); whoever needs an answer waits for all of them. Outside a transaction
 * each is waited for.
 */
#ifndef STORE_DB_PG_INT_H
#define STORE_DB_PG_INT_H

#include <libpq-fe.h>

#include "store/db_int.h"

#define PG_QUERIES 96
#define PG_PARAMS 16
/* Sent and not answered. They have one span for their answers, so of those that
 * may take long each is waited for. */
#define PG_QUEUE 64
/* Of values; what the socket does not take is in memory meanwhile. */
#define PG_QUEUE_BYTES ((size_t)1 << 20)
/* A server that works ends a wait for a lock within this. */
#define PG_STOPPED_MS ((DB_SERVER_BUSY_SECONDS + DB_SERVER_GRACE) * 1000)

struct pg_query {
	struct db_query base;
	const char *text;		/* NULL: a free slot */
	char name[16];			/* of the prepared statement */
	bool prepared;			/* or on its way to be */
	int nparams;
	unsigned type[PG_PARAMS];
	const char *value[PG_PARAMS];
	int len[PG_PARAMS];
	unsigned char number[PG_PARAMS][8];
	char *mended[PG_PARAMS];	/* NULL: value is the caller's */
	struct err bad;			/* what went wrong before the step */
	PGresult *res;			/* NULL: not run yet */
	int row;
};

/* query NULL: no statement of the ledger's, such as COMMIT. */
struct pg_sent {
	struct pg_query *query;
	bool prepares;
};

struct pg {
	struct db base;
	PGconn *conn;
	int64_t patience;		/* ms without a word from the server */
	int64_t silent;			/* s: given up after them; 0: not */
	const char *durable;		/* what synchronous_commit is then */
	enum db_commit how;		/* of single statements, as wanted */
	int session_soft;		/* as the session has it; -1: not
					 * known */
	bool in_transaction;
	bool committed;			/* what the last COMMIT came to */
	struct err lost;		/* db_last_id() could not tell it */
	struct pg_sent queue[PG_QUEUE];
	size_t nqueue, nbytes;
	struct pg_query query[PG_QUERIES];
};

/* In db_pg_words.c. What PostgreSQL makes of the literal; to be freed. */
char *pg_translate(const char *literal);
/* The parts of an address, to be freed; NULL: it is none, or there is that in
 * it which looks like half of a password. */
PQconninfoOption *pg_parse(const char *url);
/* Fills err for an address of which pg_parse() makes nothing: with libpq's
 * reason, but no password. Returns -1. */
int pg_fail_address(struct pg *db, const char *url, struct err *err);
/* A copy that is UTF-8: each wrong byte is a '?'. To be freed. */
char *pg_mend(const char *text, size_t len);
/* Fills err from an answer. Returns -1. */
int pg_fail(struct pg *db, const PGresult *res, struct err *err);
/* For a connection that is lost. */
int pg_fail_lost(struct pg *db, struct err *err);
/* For one that did not come about; conn may be NULL. */
int pg_fail_connect(struct pg *db, PGconn *conn, struct err *err);

/* In db_pg_wait.c. The connection, which never blocks, is of no use any more:
 * nothing may be sent or waited for. */
bool pg_is_lost(const struct pg *db);
/* As PQgetResult(), within the patience; NULL also when the connection is
 * lost. */
PGresult *pg_next(struct pg *db);

/* In db_pg.c. One statement that is no literal of this program, and its end. */
int pg_text(struct pg *db, const char *sql, struct err *err);

/* In db_pg_open.c. */
int pg_connect(struct pg *db, const char *url, struct err *err);
/* The session, and the tables. */
int pg_prepare(struct pg *db, bool peek, struct err *err);

#endif
