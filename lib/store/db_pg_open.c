/* PostgreSQL: the connection, the session and the tables. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/db_pg_int.h"

/* Seconds, for all hosts of the address together. */
#define CONNECT_SECONDS 20
#define OLDEST_SERVER 120000	/* plan_cache_mode */

/* ---- the connection ---- */

/* PQconnectdb() would do, but for the SQLSTATE of a refusal: that is told by a
 * handle that was asked to be verbose, which there is only on the way. */
static int
connect_on(PGconn *conn)
{
	int64_t end = clock_ms() + CONNECT_SECONDS * 1000;
	PostgresPollingStatusType at = PGRES_POLLING_WRITING;
	struct pollfd p;

	while (at != PGRES_POLLING_OK) {
		if (at == PGRES_POLLING_FAILED || clock_ms() >= end)
			return -1;
		p.fd = PQsocket(conn);
		p.events = at == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		if (poll(&p, 1, 1000) > 0)
			at = PQconnectPoll(conn);
	}
	return 0;
}

int
pg_connect(struct pg *db, const char *url, struct err *err)
{
	/* What stands before dbname is a default, what stands behind it rules.
	 * A host that is gone is noticed within a minute. */
	static const char *const keys[] = { "keepalives_idle",
	    "keepalives_interval", "keepalives_count", "tcp_user_timeout",
	    "dbname", "client_encoding", "fallback_application_name", NULL };
	const char *const values[] = { "20", "10", "3", "60000", url, "UTF8",
	    "showmill", NULL };
	PQconninfoOption *parsed = pg_parse(url);

	if (parsed == NULL)
		return pg_fail_address(db, url, err);
	PQconninfoFree(parsed);
	db->conn = PQconnectStartParams(keys, values, 1);
	if (db->conn == NULL || PQstatus(db->conn) == CONNECTION_BAD)
		return pg_fail_connect(db, db->conn, err);
	PQsetErrorVerbosity(db->conn, PQERRORS_VERBOSE);
	if (connect_on(db->conn) != 0)
		return pg_fail_connect(db, db->conn, err);
	PQsetErrorVerbosity(db->conn, PQERRORS_DEFAULT);
	return PQsetnonblocking(db->conn, 1) == 0 ? 0 :
	    pg_fail_lost(db, err);
}

/* ---- the session ---- */

static int
run_text(struct pg *db, const char *sql, struct err *err)
{
	return db_run(db_query(&db->base, sql), NULL, err);
}

static int
set_seconds(struct pg *db, const char *what, int seconds, struct err *err)
{
	char sql[60];

	snprintf(sql, sizeof(sql), "SET %s TO '%ds'", what, seconds);
	return pg_text(db, sql, err);
}

/* What a server that works does not exceed, so that one which does is none. The
 * statement_timeout of the address or of the server's owner stays. */
static int
set_limits(struct pg *db, int64_t statement_ms, struct err *err)
{
	if (set_seconds(db, "lock_timeout", DB_SERVER_BUSY_SECONDS, err) != 0)
		return -1;
	if (statement_ms == 0)
		return set_seconds(db, "statement_timeout", DB_SERVER_SECONDS,
		    err);
	db->patience = statement_ms + DB_SERVER_GRACE * 1000;
	return 0;
}

/* lib/store takes nothing else for granted of a session. */
static int
set_session(struct pg *db, bool peek, struct err *err)
{
	/* A plan that was made while a table was empty would be kept while it
	 * is filled: then each friend that is added cost a walk through all
	 * of those before. Every call has its index. */
	if (run_text(db, "SET default_transaction_isolation TO"
	    " 'read committed'", err) != 0 ||
	    run_text(db, "SET plan_cache_mode TO force_custom_plan",
	    err) != 0 ||
	    run_text(db, "SET enable_seqscan TO off", err) != 0 ||
	    /* A host that is stopped within a claim keeps rows from others no
	     * longer than it takes for its lease to end. */
	    run_text(db, "SET idle_in_transaction_session_timeout TO '5min'",
	    err) != 0)
		return -1;
	return peek ? run_text(db, "SET default_transaction_read_only TO on",
	    err) : 0;
}

static int
check_server(struct pg *db, int64_t *statement_ms, struct err *err)
{
	struct db_query *q = db_query(&db->base,
	    "SELECT current_setting('server_encoding'), current_schema(),"
	    " current_setting('synchronous_commit'), CAST(1000 * extract(epoch"
	    " FROM CAST(current_setting('statement_timeout') AS interval))"
	    " AS bigint)");
	char encoding[40], schema[100], how[40];
	int r = db_step(q, err);

	if (r != 1)
		return -1;
	db_col_copy(q, 0, encoding, sizeof(encoding));
	db_col_copy(q, 1, schema, sizeof(schema));
	db_col_copy(q, 2, how, sizeof(how));
	*statement_ms = db_col_int(q, 3);
	db_end(q);
	db->session_soft = strcmp(how, "off") == 0;
	/* What the server's owner has set waits for other servers, or not. */
	db->durable = strcmp(how, "remote_apply") == 0 ? "remote_apply" :
	    strcmp(how, "remote_write") == 0 ? "remote_write" :
	    strcmp(how, "local") == 0 ? "local" : "on";
	if (PQserverVersion(db->conn) < OLDEST_SERVER)
		err_set(err, ERR_CONFIG, "the server is older than "
		    "PostgreSQL 12");
	else if (strcmp(encoding, "UTF8") != 0)
		err_set(err, ERR_CONFIG, "the database is in %s; make one in "
		    "UTF8: `createdb -E UTF8 -T template0 NAME`", encoding);
	else if (schema[0] == '\0')
		err_set(err, ERR_CONFIG, "the schema that search_path names "
		    "is not there, or not for this user; `CREATE SCHEMA NAME` "
		    "makes one");
	else
		return 0;
	return err_at(err, db->base.place, 0);
}

/* ---- the tables ---- */

/* version 0: nothing is there yet. */
static int
inspect(struct pg *db, int64_t *version, struct err *err)
{
	const struct db_kind *k = db->base.kind;
	int64_t tables = 0, ours = 0;
	struct db_query *q = db_query(&db->base,
	    "SELECT count(*), count(*) FILTER (WHERE relname = 'ledger_meta')"
	    " FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND"
	    " relnamespace = (SELECT oid FROM pg_namespace WHERE nspname ="
	    " current_schema())");

	*version = 0;
	if (db_step(q, err) != 1)
		return -1;
	tables = db_col_int(q, 0);
	ours = db_col_int(q, 1);
	db_end(q);
	if (tables == 0)
		return 0;
	if (ours == 0) {
		err_set(err, ERR_CONFIG, "the schema has tables of another "
		    "program; give the %s a database of its own, or a schema "
		    "(`CREATE SCHEMA showmill`, and "
		    "?options=-csearch_path%%3Dshowmill behind the address)",
		    k->what);
		return err_at(err, db->base.place, 0);
	}
	if (db_one(db_query(&db->base, "SELECT version FROM ledger_meta"),
	    version, err) < 0)
		return -1;
	if (*version >= k->server_first && *version <= k->version)
		return 0;
	err_set(err, ERR_CONFIG, "was written by a newer showmill (%s version "
	    "%lld, this one knows %d); use the newer program", k->what,
	    (long long)*version, k->version);
	return err_at(err, db->base.place, 0);
}

/* A text of several statements. */
static int
run_script(struct pg *db, const char *sql, struct err *err)
{
	char *one;
	const char *end;
	int rc = 0;

	for (; rc == 0 && *sql != '\0'; sql = end + 1) {
		end = strchr(sql, ';');
		one = xstrndup(sql, (size_t)(end - sql));
		rc = pg_text(db, one, err);
		free(one);
	}
	return rc;
}

static int
migrate(struct pg *db, struct err *err)
{
	const struct db_kind *k = db->base.kind;
	struct db_query *q;
	int64_t version, to;

	if (db_begin(&db->base, DB_DURABLE, err) != 0)
		return -1;
	/* Another process may have been quicker. */
	if (inspect(db, &version, err) != 0)
		return db_rollback(&db->base);
	to = version == 0 ? k->server_first : version + 1;
	for (; to <= k->version; to++)
		if (run_script(db, k->server_migrations[to - k->server_first],
		    err) != 0)
			return db_rollback(&db->base);
	q = db_query(&db->base, "UPDATE ledger_meta SET version = ?1");
	db_int(q, 1, k->version);
	if (db_run(q, NULL, err) != 0)
		return db_rollback(&db->base);
	return db_commit(&db->base, err);
}

int
pg_prepare(struct pg *db, bool peek, struct err *err)
{
	const struct db_kind *k = db->base.kind;
	int64_t version, statement_ms;

	if (check_server(db, &statement_ms, err) != 0 ||
	    set_limits(db, statement_ms, err) != 0 ||
	    set_session(db, peek, err) != 0 ||
	    inspect(db, &version, err) != 0)
		return -1;
	if (version == k->version)
		return 0;
	if (!peek)
		return migrate(db, err);
	if (version == 0)
		err_set(err, ERR_NOINPUT, "the %s has nothing in it yet",
		    k->what);
	else
		err_set(err, ERR_CONFIG, "the %s is of an older showmill; a "
		    "command that writes to it, as `friend add`, brings it up "
		    "to date", k->what);
	return err_at(err, db->base.place, 0);
}
