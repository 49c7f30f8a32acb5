/* What becomes of deliveries behind a run, or by a person's word. */
#include <string.h>

#include "store/ledger_int.h"

/* Where a run was broken off: what may have gone becomes unknown, and then
 * what is still claimed never went. */
static int
recover(struct ledger *l, const char *list, int64_t now, size_t *unknown,
    size_t *freed, struct err *err)
{
	struct db_query *q;
	int64_t boot;

	if (ledger_boot_number(l, false, &boot, err) != 0)
		return -1;
	q = db_query(l->db,
	    "UPDATE deliveries INDEXED BY deliveries_claimed"
	    " SET state = ?2, changed = ?3, code = 0,"
	    " attempts = attempts + 1, queue_id = '', text ="
	    " CASE WHEN boot = ?4 THEN 'stopped before the answer was seen'"
	    " ELSE 'the machine stopped; it may have been sent' END, boot = 0"
	    " WHERE edition IN (SELECT id FROM editions WHERE list ="
	    " (SELECT id FROM lists WHERE name = ?1))"
	    " AND " LEDGER_HELD
	    " AND state IN (?5, ?6) AND (state = ?6 OR boot <> ?4)");
	db_text(q, 1, list);
	db_int(q, 2, LEDGER_UNKNOWN);
	db_int(q, 3, now);
	db_int(q, 4, boot);
	db_int(q, 5, LEDGER_CLAIMED);
	db_int(q, 6, LEDGER_SENDING);
	if (db_run(q, unknown, err) != 0)
		return -1;
	q = db_query(l->db,
	    "UPDATE deliveries INDEXED BY deliveries_claimed"
	    " SET " LEDGER_AS_BEFORE("?2") ", boot = 0"
	    " WHERE edition IN (SELECT id FROM editions WHERE list ="
	    " (SELECT id FROM lists WHERE name = ?1)) AND " LEDGER_HELD
	    " AND state = ?3");
	db_text(q, 1, list);
	db_int(q, 2, now);
	db_int(q, 3, LEDGER_CLAIMED);
	return db_run(q, freed, err);
}

int
ledger_recover(struct ledger *l, const char *list, int64_t now,
    size_t *unknown, size_t *freed, struct err *err)
{
	size_t u, f;

	if (db_begin(l->db, DB_DURABLE, err) != 0)
		return -1;
	if ((db_is_shared(l->db) ? ledger_recover_shared : recover)(l, list,
	    now, &u, &f, err) != 0)
		return db_rollback(l->db);
	if (db_commit(l->db, err) != 0)
		return -1;
	if (unknown != NULL)
		*unknown = u;
	if (freed != NULL)
		*freed = f;
	return 0;
}

/* What is pending at any time has due 0, and so has what an earlier run has
 * deferred. */
int
ledger_next_due(struct ledger *l, int64_t edition, int64_t before,
    int64_t now, int64_t *due, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT min(CASE WHEN d.changed > ?3 + " LEDGER_TEXT(LEDGER_AHEAD)
	    " OR (" LEDGER_IS_DEFERRED("d.") " AND d.changed < ?2) THEN 0"
	    " ELSE d.due END) FROM deliveries d WHERE d.edition = ?1 AND "
	    LEDGER_OPEN("d.") " AND (" LEDGER_IS_PENDING("d.")
	    " OR (" LEDGER_IS_DEFERRED("d.") " AND (d.due > 0"
	    " OR d.changed < ?2 OR d.changed > ?3 + " LEDGER_TEXT(LEDGER_AHEAD) ")))"
	    " HAVING count(*) > 0");

	db_int(q, 1, edition);
	db_int(q, 2, before);
	db_int(q, 3, now);
	return db_one(q, due, err);
}

int
ledger_deferred_before(struct ledger *l, int64_t edition, int64_t before,
    size_t *n, struct err *err)
{
	struct db_query *q = db_query(l->db, "SELECT count(*) FROM deliveries d"
	    " WHERE d.edition = ?1 AND " LEDGER_IS_DEFERRED("d.") " AND "
	    LEDGER_OPEN("d.") " AND d.changed < ?2");
	int64_t count = 0;

	db_int(q, 1, edition);
	db_int(q, 2, before);
	if (db_one(q, &count, err) < 0)
		return -1;
	*n = (size_t)count;
	return 0;
}

int
ledger_plan_again(struct ledger *l, int64_t edition, struct err *err)
{
	struct db_query *q;

	if (db_autocommit(l->db, DB_SOFT, err) != 0)
		return -1;
	q = db_query(l->db,
	    "UPDATE deliveries SET due = planned WHERE edition = ?1 AND "
	    LEDGER_OPEN("") " AND state = ?2 AND due <> planned"
	    " AND deferred = 0");
	db_int(q, 1, edition);
	db_int(q, 2, LEDGER_PENDING);
	return db_run(q, NULL, err);
}

int
ledger_defer_again(struct ledger *l, int64_t edition, struct err *err)
{
	struct db_query *q;

	if (db_autocommit(l->db, DB_SOFT, err) != 0)
		return -1;
	q = db_query(l->db, "UPDATE deliveries SET "
	    LEDGER_AS_BEFORE("changed") " WHERE edition = ?1 AND "
	    LEDGER_OPEN("") " AND state = ?2 AND deferred > 0");
	db_int(q, 1, edition);
	db_int(q, 2, LEDGER_PENDING);
	return db_run(q, NULL, err);
}

int
ledger_drop_waiting(struct ledger *l, int64_t edition, int64_t now,
    size_t *n, struct err *err)
{
	struct db_query *q;

	if (db_autocommit(l->db, DB_DURABLE, err) != 0)
		return -1;
	q = db_query(l->db,
	    "UPDATE deliveries SET state = ?2, changed = ?3, due = 0, text ="
	    " substr('given up on command: ' || text, 1, CAST(?6 AS INTEGER))"
	    " WHERE edition = ?1 AND " LEDGER_OPEN("")
	    " AND state IN (?4, ?5)");
	db_int(q, 1, edition);
	db_int(q, 2, LEDGER_FAILED);
	db_int(q, 3, now);
	db_int(q, 4, LEDGER_PENDING);
	db_int(q, 5, LEDGER_DEFERRED);
	db_int(q, 6, LEDGER_TEXT_MAX);
	return db_run(q, n, err);
}

int
ledger_give_up(struct ledger *l, int64_t edition, int64_t before,
    int64_t since, int64_t now, size_t *n, struct err *err)
{
	struct db_query *q;
	size_t changed;

	if (db_begin(l->db, DB_DURABLE, err) != 0)
		return -1;
	q = db_query(l->db,
	    "UPDATE deliveries SET state = ?2, changed = ?3,"
	    " text = substr('given up: ' || text, 1, CAST(?6 AS INTEGER))"
	    " WHERE edition = ?1 AND " LEDGER_OPEN("") " AND state = ?5"
	    " AND attempts > 1 AND changed >= ?7 AND resent < ?4 AND"
	    " (SELECT frozen FROM editions WHERE id = ?1) < ?4");
	db_int(q, 1, edition);
	db_int(q, 2, LEDGER_FAILED);
	db_int(q, 3, now);
	db_int(q, 4, before);
	db_int(q, 5, LEDGER_DEFERRED);
	db_int(q, 6, LEDGER_TEXT_MAX);
	db_int(q, 7, since);
	if (db_run(q, &changed, err) != 0)
		return db_rollback(l->db);
	if (db_commit(l->db, err) != 0)
		return -1;
	if (n != NULL)
		*n = changed;
	return 0;
}

/* One statement for each delivery; all of them or none. state: the one that
 * they come to. */
static int
each(struct ledger *l, enum db_commit how, const int64_t *ids, size_t n,
    int (*one)(struct ledger *, int64_t, int, int64_t, struct err *),
    int state, int64_t now, struct err *err)
{
	size_t i;

	if (db_begin(l->db, how, err) != 0)
		return -1;
	for (i = 0; i < n; i++)
		if (one(l, ids[i], state, now, err) != 0)
			return db_rollback(l->db);
	return db_commit(l->db, err);
}

static int
fail_one(struct ledger *l, int64_t id, int state, int64_t now,
    struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "UPDATE deliveries SET state = ?2, changed = ?3"
	    " WHERE id = ?1 AND state = ?4");

	db_int(q, 1, id);
	db_int(q, 2, state);
	db_int(q, 3, now);
	db_int(q, 4, LEDGER_DEFERRED);
	return db_run(q, NULL, err);
}

int
ledger_fail(struct ledger *l, const int64_t *ids, size_t n, int64_t now,
    struct err *err)
{
	return each(l, DB_SOFT, ids, n, fail_one, LEDGER_FAILED, now, err);
}

/* Those of the deliveries that may be sent again, as they are. One query, and
 * not one for each: on a server that is far away each takes its time. */
static int
read_again(struct ledger *l, const int64_t *ids, size_t n, int was,
    struct ledger_again *out, size_t *nout, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT id, state, changed, resent, due, planned FROM deliveries"
	    " WHERE id BETWEEN ?1 AND ?2 AND state IN (?3, ?4, ?5, ?6)"
	    " AND (?7 < 0 OR state = ?7) ORDER BY id/*pg FOR UPDATE*/");
	size_t at = 0;
	int64_t id;
	int r;

	db_int(q, 1, ids[0]);
	db_int(q, 2, ids[n - 1]);
	db_int(q, 3, LEDGER_SENT);
	db_int(q, 4, LEDGER_DEFERRED);
	db_int(q, 5, LEDGER_FAILED);
	db_int(q, 6, LEDGER_UNKNOWN);
	db_int(q, 7, was);
	while ((r = db_step(q, err)) == 1) {
		id = db_col_int(q, 0);
		while (at < n && ids[at] < id)
			at++;
		if (at == n || ids[at] != id)
			continue;
		out[(*nout)++] = (struct ledger_again){ .id = id,
		    .state = (enum ledger_state)db_col_int(q, 1),
		    .changed = db_col_int(q, 2), .resent = db_col_int(q, 3),
		    .due = db_col_int(q, 4), .planned = db_col_int(q, 5) };
	}
	return r;
}

static int
resend_one(struct ledger *l, int64_t id, int64_t now, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "UPDATE deliveries SET state = ?2, changed = ?3, resent = ?3,"
	    " due = 0, planned = 0, deferred = 0 WHERE id = ?1");

	db_int(q, 1, id);
	db_int(q, 2, LEDGER_PENDING);
	db_int(q, 3, now);
	return db_run(q, NULL, err);
}

int
ledger_resend(struct ledger *l, const int64_t *ids, size_t n, int was,
    int64_t now, struct arena *a, struct ledger_again **out, size_t *nout,
    struct err *err)
{
	size_t i;

	*out = arena_array(a, n, sizeof(**out));
	*nout = 0;
	if (n == 0)
		return 0;
	if (db_begin(l->db, DB_DURABLE, err) != 0)
		return -1;
	if (read_again(l, ids, n, was, *out, nout, err) != 0)
		return db_rollback(l->db);
	for (i = 0; i < *nout; i++)
		if (resend_one(l, (*out)[i].id, now, err) != 0)
			return db_rollback(l->db);
	return db_commit(l->db, err);
}

static int
withdraw_one(struct ledger *l, const struct ledger_again *was, int64_t at,
    struct err *err)
{
	struct db_query *q = db_query(l->db, "UPDATE deliveries SET state = ?2,"
	    " changed = ?3, resent = ?4, due = ?5, planned = ?6"
	    " WHERE id = ?1 AND state = ?7 AND resent = ?8 AND due = 0");

	db_int(q, 1, was->id);
	db_int(q, 2, was->state);
	db_int(q, 3, was->changed);
	db_int(q, 4, was->resent);
	db_int(q, 5, was->due);
	db_int(q, 6, was->planned);
	db_int(q, 7, LEDGER_PENDING);
	db_int(q, 8, at);
	return db_run(q, NULL, err);
}

int
ledger_withdraw(struct ledger *l, const struct ledger_again *was, size_t n,
    int64_t at, struct err *err)
{
	size_t i;

	if (db_begin(l->db, DB_DURABLE, err) != 0)
		return -1;
	for (i = 0; i < n; i++)
		if (withdraw_one(l, &was[i], at, err) != 0)
			return db_rollback(l->db);
	return db_commit(l->db, err);
}

static int
decide_one(struct ledger *l, int64_t id, int state, int64_t now,
    struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "UPDATE deliveries SET state = ?2, changed = ?3,"
	    " text = substr('as told by hand; before: ' || text, 1,"
	    " CAST(?5 AS INTEGER))"
	    " WHERE id = ?1 AND state = ?4");

	db_int(q, 1, id);
	db_int(q, 2, state);
	db_int(q, 3, now);
	db_int(q, 4, LEDGER_UNKNOWN);
	db_int(q, 5, LEDGER_TEXT_MAX);
	return db_run(q, NULL, err);
}

int
ledger_decide(struct ledger *l, const int64_t *ids, size_t n,
    enum ledger_state state, int64_t now, struct err *err)
{
	if (state != LEDGER_SENT && state != LEDGER_FAILED)
		return err_set(err, ERR_INTERNAL, "an unknown delivery cannot "
		    "be told to be %s", ledger_state_name(state));
	return each(l, DB_DURABLE, ids, n, decide_one, (int)state, now, err);
}

static int
found_one(struct ledger *l, const struct ledger_outcome *o, size_t *changed,
    struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "UPDATE deliveries SET state = ?2, queue_id = ?3,"
	    " text = substr('found in the mail log; before: ' || text, 1,"
	    " CAST(?5 AS INTEGER))"
	    " WHERE id = ?1 AND state = ?4");
	char queue_id[LEDGER_QUEUE_MAX + 1];

	ledger_clean(o->queue_id, queue_id, sizeof(queue_id));
	db_int(q, 1, o->id);
	db_int(q, 2, LEDGER_SENT);
	db_text(q, 3, queue_id);
	db_int(q, 4, LEDGER_UNKNOWN);
	db_int(q, 5, LEDGER_TEXT_MAX);
	return db_run(q, changed, err);
}

int
ledger_found(struct ledger *l, const struct ledger_outcome *rows, size_t n,
    size_t *changed, struct err *err)
{
	size_t i, one, all = 0;

	if (db_begin(l->db, DB_DURABLE, err) != 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (found_one(l, &rows[i], &one, err) != 0)
			return db_rollback(l->db);
		all += one;
	}
	if (db_commit(l->db, err) != 0)
		return -1;
	if (changed != NULL)
		*changed = all;
	return 0;
}
