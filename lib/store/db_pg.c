#include "store/db_pg_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/utf8.h"

/* pg_type.h of the server; part of its protocol, and never changed. */
#define TYPE_BYTEA 17
#define TYPE_INT8 20
#define TYPE_TEXT 25

/* All who begin a transaction that must be alone take this lock, one for each
 * schema that holds a ledger. */
#define LOCK_ALONE "SELECT pg_advisory_xact_lock(1936223596," \
	" hashtext(current_schema()))"

static struct pg *
of(struct db *db)
{
	return (struct pg *)db;
}

static struct pg_query *
query_of(struct db_query *q)
{
	return (struct pg_query *)q;
}

/* ---- sending, and the answers ---- */

/* err keeps the first thing that went wrong. */
static void
take_answer(struct pg *db, struct pg_sent sent, PGresult *res, bool *failed,
    struct err *err)
{
	ExecStatusType status = PQresultStatus(res);

	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
		if (sent.query == NULL)
			db->committed = strcmp(PQcmdStatus(res), "COMMIT") == 0;
		return;
	}
	if (sent.prepares)
		sent.query->prepared = false;
	if (status != PGRES_PIPELINE_ABORTED && !*failed) {
		/* Of what came after it the server only says that. */
		if (db->lost.kind != ERR_NONE)
			*err = db->lost;
		else
			pg_fail(db, res, err);
	}
	*failed = true;
}

/* Waits for the answers to all that was sent, and gives the last of them, which
 * the caller clears; NULL when any is an error, which err has then. */
static PGresult *
answers(struct pg *db, struct err *err)
{
	PGresult *res, *last = NULL;
	bool failed = false;
	size_t i;

	if (PQpipelineSync(db->conn) != 1)
		failed = true;
	for (i = 0; i < db->nqueue; i++) {
		PQclear(last);
		last = pg_next(db);
		if (last == NULL || pg_is_lost(db))
			break;
		take_answer(db, db->queue[i], last, &failed, err);
		while ((res = pg_next(db)) != NULL)
			PQclear(res);
	}
	db->nqueue = db->nbytes = 0;
	if (!pg_is_lost(db))
		PQclear(pg_next(db));		/* the sync's own */
	if (pg_is_lost(db) && (!failed || err->kind == ERR_NONE))
		failed = pg_fail_lost(db, err) != 0;
	if (!failed)
		return last;
	PQclear(last);
	return NULL;
}

static int
wait_for_all(struct pg *db, struct err *err)
{
	PGresult *last;

	if (db->nqueue == 0)
		return 0;
	last = answers(db, err);
	PQclear(last);
	return last == NULL ? -1 : 0;
}

/* Room for n more. */
static int
make_room(struct pg *db, size_t n, struct err *err)
{
	if (pg_is_lost(db))
		return pg_fail_lost(db, err);
	return db->nqueue + n <= PG_QUEUE && db->nbytes <= PG_QUEUE_BYTES ?
	    0 : wait_for_all(db, err);
}

static int
sent(struct pg *db, int ok, struct pg_query *q, bool prepares,
    struct err *err)
{
	if (ok != 1)
		return pg_fail_lost(db, err);
	db->queue[db->nqueue++] = (struct pg_sent){ q, prepares };
	return 0;
}

static int
send_text(struct pg *db, const char *sql, struct err *err)
{
	if (make_room(db, 1, err) != 0)
		return -1;
	return sent(db, PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL,
	    NULL, 0), NULL, false, err);
}

int
pg_text(struct pg *db, const char *sql, struct err *err)
{
	return send_text(db, sql, err) != 0 ? -1 : wait_for_all(db, err);
}

static int
send_query(struct pg *db, struct pg_query *q, struct err *err)
{
	static const int binary[PG_PARAMS] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	    1, 1, 1, 1, 1 };
	char *sql;
	int ok, i;

	if (make_room(db, 2, err) != 0)
		return -1;
	if (!q->prepared) {
		sql = pg_translate(q->text);
		ok = PQsendPrepare(db->conn, q->name, sql, q->nparams,
		    q->type);
		free(sql);
		if (sent(db, ok, q, true, err) != 0)
			return -1;
		q->prepared = true;
	}
	for (i = 0; i < q->nparams; i++)
		db->nbytes += (size_t)q->len[i];
	return sent(db, PQsendQueryPrepared(db->conn, q->name, q->nparams,
	    q->value, q->len, binary, 1), q, false, err);
}

/* A single statement's commit is as wanted. */
static int
send_how(struct pg *db, const struct pg_query *q, struct err *err)
{
	bool soft = db->how == DB_SOFT;
	char sql[100];

	if (db->in_transaction || db->session_soft == soft ||
	    strncmp(q->text, "SELECT", 6) == 0)
		return 0;
	snprintf(sql, sizeof(sql), "SET synchronous_commit TO %s",
	    soft ? "off" : db->durable);
	db->session_soft = soft;
	return send_text(db, sql, err);
}

/* ---- statements ---- */

static void
end(struct db_query *query)
{
	struct pg_query *q = query_of(query);
	int i;

	PQclear(q->res);
	q->res = NULL;
	for (i = 0; i < PG_PARAMS; i++) {
		free(q->mended[i]);
		q->mended[i] = NULL;
	}
	q->nparams = 0;
	q->bad.kind = ERR_NONE;
}

static struct db_query *
query(struct db *handle, const char *literal)
{
	struct pg *db = of(handle);
	struct pg_query *q;
	char sql[40];
	size_t i;

	for (i = 0; i + 1 < PG_QUERIES; i++)
		if (db->query[i].text == literal || db->query[i].text == NULL)
			break;
	q = &db->query[i];
	end(&q->base);
	if (q->text == literal)
		return &q->base;
	/* More texts than slots: the last slot is shared. */
	if (q->prepared) {
		snprintf(sql, sizeof(sql), "DEALLOCATE %s", q->name);
		send_text(db, sql, &q->bad);
		q->prepared = false;
	}
	q->base.db = handle;
	q->text = literal;
	snprintf(q->name, sizeof(q->name), "q%zu", i);
	return &q->base;
}

/* at counts from 1, as in the text. */
static void
bind(struct pg_query *q, int at, unsigned type, const void *value, size_t len)
{
	if (at < 1 || at > PG_PARAMS || len > INT32_MAX) {
		err_set(&q->bad, ERR_INTERNAL, "parameter %d cannot be bound",
		    at);
		return;
	}
	q->type[at - 1] = type;
	q->value[at - 1] = value;
	q->len[at - 1] = (int)len;
	if (at > q->nparams)
		q->nparams = at;
}

static void
bind_int(struct db_query *query, int at, int64_t value)
{
	struct pg_query *q = query_of(query);
	uint64_t n = (uint64_t)value;
	int i;

	if (at >= 1 && at <= PG_PARAMS)
		for (i = 7; i >= 0; i--, n >>= 8)
			q->number[at - 1][i] = (unsigned char)n;
	bind(q, at, TYPE_INT8, at >= 1 && at <= PG_PARAMS ? q->number[at - 1] :
	    NULL, 8);
}

/* SQLite keeps what is no UTF-8, as a relay's answer may be; a server refuses
 * it. */
static void
bind_text(struct db_query *query, int at, const char *value, size_t len)
{
	struct pg_query *q = query_of(query);

	bind(q, at, TYPE_TEXT, value, len);
	if (q->bad.kind != ERR_NONE || utf8_invalid_at(value, len) == len)
		return;
	free(q->mended[at - 1]);
	q->mended[at - 1] = pg_mend(value, len);
	q->value[at - 1] = q->mended[at - 1];
}

static void
bind_blob(struct db_query *query, int at, const void *value, size_t len)
{
	bind(query_of(query), at, TYPE_BYTEA, len == 0 ? "" : value, len);
}

/* Runs it, and keeps its rows. */
static int
start(struct pg *db, struct pg_query *q, struct err *err)
{
	if (q->bad.kind != ERR_NONE) {
		*err = q->bad;
		return -1;
	}
	if (send_how(db, q, err) != 0 || send_query(db, q, err) != 0)
		return -1;
	q->res = answers(db, err);
	q->row = -1;
	return q->res == NULL ? -1 : 0;
}

static int
step(struct db_query *query, struct err *err)
{
	struct pg_query *q = query_of(query);

	if (q->res == NULL && start(of(query->db), q, err) != 0) {
		end(query);
		return -1;
	}
	if (++q->row < PQntuples(q->res))
		return 1;
	end(query);
	return 0;
}

static int
run(struct db_query *query, size_t *changed, struct err *err)
{
	struct pg *db = of(query->db);
	struct pg_query *q = query_of(query);
	int rc;

	if (db->in_transaction && changed == NULL && q->bad.kind == ERR_NONE)
		rc = send_query(db, q, err);
	else
		rc = start(db, q, err);
	if (rc == 0 && changed != NULL)
		*changed = strtoul(PQcmdTuples(q->res), NULL, 10);
	end(query);
	return rc;
}

static const void *
col(struct db_query *query, int at, size_t *n)
{
	struct pg_query *q = query_of(query);

	*n = (size_t)PQgetlength(q->res, q->row, at);
	return PQgetvalue(q->res, q->row, at);
}

/* bool, int2, int4 and int8 are 1, 2, 4 and 8 bytes, the highest first. */
static int64_t
col_int(struct db_query *query, int at)
{
	size_t n, i;
	const unsigned char *p = col(query, at, &n);
	uint64_t value = n > 1 && (p[0] & 0x80) != 0 ? UINT64_MAX : 0;

	for (i = 0; i < n && i < 8; i++)
		value = value << 8 | p[i];
	return (int64_t)value;
}

static int64_t
last_id(struct db *db)
{
	struct err told = ERR_INIT;
	int64_t id = 0;

	if (db_one(query(db, "SELECT lastval()"), &id, &told) == 1)
		return id;
	of(db)->lost = told;
	return 0;
}

/* ---- transactions ---- */

static int
autocommit(struct db *db, enum db_commit how, struct err *err)
{
	(void)err;
	of(db)->how = how == DB_FLUSHED ? DB_SOFT : how;
	return 0;
}

static int
begin(struct db *handle, enum db_commit how, bool beside, struct err *err)
{
	struct pg *db = of(handle);
	bool soft = how == DB_SOFT || how == DB_FLUSHED;
	char sql[100];

	db->lost.kind = ERR_NONE;
	if (send_text(db, "BEGIN", err) != 0)
		return -1;
	db->in_transaction = true;
	snprintf(sql, sizeof(sql), "SET LOCAL synchronous_commit TO %s",
	    soft ? "off" : db->durable);
	if ((soft != db->session_soft &&
	    send_text(db, sql, err) != 0) ||
	    (!beside && send_text(db, LOCK_ALONE, err) != 0))
		return db_rollback(handle);
	return 0;
}

static void
rollback(struct db *handle)
{
	struct pg *db = of(handle);
	struct err ignored = ERR_INIT;
	size_t i;

	for (i = 0; i < PG_QUERIES; i++)
		if (db->query[i].res != NULL)
			end(&db->query[i].base);
	if (!db->in_transaction)
		return;
	db->lost.kind = ERR_NONE;
	/* What failed among them would have the rollback skipped as well. */
	(void)wait_for_all(db, &ignored);
	(void)pg_text(db, "ROLLBACK", &ignored);
	db->in_transaction = false;
}

static int
commit(struct db *handle, struct err *err)
{
	struct pg *db = of(handle);

	db->committed = false;
	if (pg_text(db, "COMMIT", err) != 0)
		return db_rollback(handle);
	db->in_transaction = false;
	/* The server answers so to the COMMIT of what has failed. */
	if (!db->committed)
		return err_set(err, ERR_INTERNAL, "PostgreSQL rolled back");
	return 0;
}

/* ---- opening ---- */

static void
ignore(void *ctx, const char *message)
{
	(void)ctx;
	(void)message;
}

static void
close_handle(struct db *handle)
{
	struct pg *db = of(handle);
	size_t i;

	if (db->conn != NULL)
		rollback(handle);
	for (i = 0; i < PG_QUERIES; i++)
		end(&db->query[i].base);
	PQfinish(db->conn);
	free(db->base.place);
	free(db);
}

static const struct db_ops ops = {
	close_handle, begin, commit, rollback, autocommit, query, bind_int,
	bind_text, bind_blob, step, end, run, col_int, col, last_id
};

struct db *
db_pg_open(const char *url, const struct db_kind *kind, bool peek,
    struct err *err)
{
	struct pg *db = xcalloc(1, sizeof(*db));
	struct arena a = ARENA_INIT;

	db->base.ops = &ops;
	db->base.shared = true;
	db->base.kind = kind;
	db->patience = (DB_SERVER_SECONDS + DB_SERVER_GRACE) * 1000;
	db->base.place = xstrdup(db_pg_shown(&a, url));
	arena_release(&a);
	if (pg_connect(db, url, err) == 0) {
		PQsetNoticeProcessor(db->conn, ignore, NULL);
		if (PQenterPipelineMode(db->conn) == 1 &&
		    pg_prepare(db, peek, err) == 0)
			return &db->base;
	}
	close_handle(&db->base);
	return NULL;
}
