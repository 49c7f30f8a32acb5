/* What relays were found to bear. */
#include "store/ledger_int.h"

int
ledger_limit_get(struct ledger *l, const char *relay,
    struct ledger_limit *out, struct err *err)
{
	struct db_query *q = db_query(l->db, "SELECT rate, connections, learnt"
	    " FROM limits WHERE relay = ?1");
	int r;

	db_text(q, 1, relay);
	r = db_step(q, err);
	if (r == 1) {
		out->rate = db_col_int(q, 0);
		out->connections = db_col_int(q, 1);
		out->learnt = db_col_int(q, 2);
		db_end(q);
	}
	return r;
}

int
ledger_limit_set(struct ledger *l, const char *relay,
    const struct ledger_limit *limit, struct err *err)
{
	struct db_query *q;

	if (db_autocommit(l->db, DB_SOFT, err) != 0)
		return -1;
	q = db_query(l->db, "INSERT INTO limits (relay, rate, connections,"
	    " learnt) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (relay) DO UPDATE"
	    " SET rate = excluded.rate, connections = excluded.connections,"
	    " learnt = excluded.learnt");
	db_text(q, 1, relay);
	db_int(q, 2, limit->rate);
	db_int(q, 3, limit->connections);
	db_int(q, 4, limit->learnt);
	return db_run(q, NULL, err);
}
