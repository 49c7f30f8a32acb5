/* Who sends, where the ledger is on a server and several hosts may: see
 * ledger.h. In a file there is one sender, who holds the file's lock, and
 * nothing of this is done. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "store/ledger_int.h"

#define HOST_SIZE 256

/* What is known of a sender. */
struct sender {
	int64_t id, pid, begun;
	bool alone, here;	/* here: on this machine, in this boot of it */
	char host[HOST_SIZE];
};

static void
host_name(char out[HOST_SIZE])
{
	if (gethostname(out, HOST_SIZE) != 0)
		memcpy(out, "localhost", sizeof("localhost"));
	out[HOST_SIZE - 1] = '\0';
}

/* Of another machine only its lease can tell. */
static bool
is_gone(const struct sender *s)
{
	return s->here && kill((pid_t)s->pid, 0) != 0 && errno == ESRCH;
}

/* The senders other than this one whose lease holds: all of them, also those
 * that are gone from this machine. */
static int
read_others(struct ledger *l, struct ledger_rows *out, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT id, pid, begun, alone, host = ?2 AND boot = ?3, host"
	    " FROM senders WHERE id <> ?1 AND expires > clock_timestamp()"
	    " ORDER BY id");
	char host[HOST_SIZE];
	struct sender *s;
	int r;

	host_name(host);
	db_int(q, 1, l->sender);
	db_text(q, 2, host);
	db_text(q, 3, l->boot);
	while ((r = db_step(q, err)) == 1) {
		s = ledger_rows_add(out);
		s->id = db_col_int(q, 0);
		s->pid = db_col_int(q, 1);
		s->begun = db_col_int(q, 2);
		s->alone = db_col_int(q, 3) != 0;
		s->here = db_col_int(q, 4) != 0;
		db_col_copy(q, 5, s->host, sizeof(s->host));
	}
	return r;
}

/* Takes out who is dead, in a transaction: what they hold is then free to be
 * recovered, and if they live after all they find their row gone. The others
 * go to out. */
static int
sweep(struct ledger *l, struct ledger_rows *out, struct err *err)
{
	struct sender *s;
	struct db_query *q;
	size_t i, kept = 0;

	q = db_query(l->db, "DELETE FROM senders WHERE id <> ?1 AND"
	    " expires <= clock_timestamp()");
	db_int(q, 1, l->sender);
	if (db_run(q, NULL, err) != 0 || read_others(l, out, err) != 0)
		return -1;
	s = (struct sender *)(void *)out->data;
	for (i = 0; i < out->n; i++) {
		if (!is_gone(&s[i])) {
			s[kept++] = s[i];
			continue;
		}
		q = db_query(l->db, "DELETE FROM senders WHERE id = ?1");
		db_int(q, 1, s[i].id);
		if (db_run(q, NULL, err) != 0)
			return -1;
	}
	out->n = kept;
	return 0;
}

static int
refuse(const struct sender *s, struct err *err)
{
	struct date begun = { s->begun, 0 };
	char when[DATE_TEXT_MAX];

	date_rfc3339(&begun, when);
	return err_set(err, ERR_TEMPORARY, "another `digest send` (or resend, "
	    "settle, discard) is at work: process %lld on %s since %s; run "
	    "this again when it has ended", (long long)s->pid, s->host, when);
}

static int
enter(struct ledger *l, bool alone, struct err *err)
{
	struct ledger_rows others = { .size = sizeof(struct sender) };
	const struct sender *s;
	struct db_query *q;
	char host[HOST_SIZE];
	size_t i;
	int rc = sweep(l, &others, err);

	s = (const struct sender *)(const void *)others.data;
	for (i = 0; rc == 0 && i < others.n; i++)
		if (alone || s[i].alone)
			rc = refuse(&s[i], err);
	ledger_rows_drop(&others);
	if (rc != 0)
		return -1;
	host_name(host);
	q = db_query(l->db, "INSERT INTO senders (host, boot, pid, alone,"
	    " begun, expires) VALUES (?1, ?2, ?3, ?4,"
	    " CAST(extract(epoch FROM clock_timestamp()) AS bigint),"
	    " clock_timestamp() + CAST(?5 AS double precision)"
	    " * interval '1 second') RETURNING id");
	db_text(q, 1, host);
	db_text(q, 2, l->boot);
	db_int(q, 3, getpid());
	db_int(q, 4, alone);
	db_int(q, 5, l->lease);
	return db_one(q, &l->sender, err) == 1 ? 0 : -1;
}

int
ledger_sender_begin(struct ledger *l, bool alone, int64_t lease,
    struct err *err)
{
	if (!db_is_shared(l->db) || l->sender != 0)
		return 0;
	l->lease = lease;
	if (db_begin(l->db, DB_DURABLE, err) != 0)
		return -1;
	if (enter(l, alone, err) != 0 || db_commit(l->db, err) != 0) {
		l->sender = 0;
		return db_rollback(l->db);
	}
	l->renewed = clock_ms();
	return 0;
}

int
ledger_sender_renew(struct ledger *l, struct err *err)
{
	struct db_query *q;
	size_t changed;

	if (l->sender == 0)
		return 0;
	q = db_query(l->db, "UPDATE senders SET expires = clock_timestamp() +"
	    " CAST(?2 AS double precision) * interval '1 second'"
	    " WHERE id = ?1");
	db_int(q, 1, l->sender);
	db_int(q, 2, l->lease);
	if (db_run(q, &changed, err) != 0)
		return -1;
	l->renewed = clock_ms();
	if (changed == 1)
		return 0;
	return err_set(err, ERR_TEMPORARY, "this run was not heard of for "
	    "longer than its `lease` of %lld seconds, and another one has "
	    "taken it for dead; it ends here, and the next run goes on",
	    (long long)l->lease);
}

int
ledger_sender_keep(struct ledger *l, struct err *err)
{
	if (l->sender == 0 || clock_ms() < l->renewed + l->lease * 1000 / 3)
		return 0;
	/* A statement alone, which nothing depends on. */
	if (db_autocommit(l->db, DB_SOFT, err) != 0)
		return -1;
	return ledger_sender_renew(l, err);
}

void
ledger_sender_end(struct ledger *l)
{
	struct err ignored = ERR_INIT;
	struct db_query *q;

	if (l->sender == 0)
		return;
	/* Where that fails the lease runs out. */
	db_rollback(l->db);
	q = db_query(l->db, "DELETE FROM senders WHERE id = ?1");
	db_int(q, 1, l->sender);
	(void)db_run(q, NULL, &ignored);
	l->sender = 0;
}

int
ledger_is_sending(struct ledger *l, bool *out, struct err *err)
{
	struct ledger_rows others = { .size = sizeof(struct sender) };
	const struct sender *s;
	size_t i;
	int rc = 0;

	*out = false;
	if (db_is_shared(l->db))
		rc = read_others(l, &others, err);
	s = (const struct sender *)(const void *)others.data;
	for (i = 0; rc == 0 && i < others.n; i++)
		*out = *out || !is_gone(&s[i]);
	ledger_rows_drop(&others);
	return rc;
}

int
ledger_in_other_hands(struct ledger *l, const char *list, size_t *n,
    struct err *err)
{
	struct db_query *q;
	int64_t count = 0;

	*n = 0;
	if (!db_is_shared(l->db))
		return 0;
	q = db_query(l->db, "SELECT count(*) FROM deliveries WHERE edition IN"
	    " (SELECT id FROM editions WHERE list ="
	    " (SELECT id FROM lists WHERE name = ?1)) AND " LEDGER_HELD
	    " AND boot <> ?2");
	db_text(q, 1, list);
	db_int(q, 2, l->sender);
	if (db_one(q, &count, err) < 0)
		return -1;
	*n = (size_t)count;
	return 0;
}

/* ---- what the dead have left ---- */

static int
change_held(struct ledger *l, const char *list, struct db_query *q,
    enum ledger_state from, int64_t now, size_t *n, struct err *err)
{
	db_text(q, 1, list);
	db_int(q, 2, now);
	db_int(q, 3, l->sender);
	db_int(q, 4, from);
	return db_run(q, n, err);
}

/* Rows of the list that a sender holds who is not, or who is this one. */
#define ORPHANS " WHERE edition IN (SELECT id FROM editions WHERE list =" \
	" (SELECT id FROM lists WHERE name = ?1)) AND " LEDGER_HELD \
	" AND state = ?4 AND boot NOT IN (SELECT id FROM senders" \
	" WHERE id <> ?3)"

int
ledger_recover_shared(struct ledger *l, const char *list, int64_t now,
    size_t *unknown, size_t *freed, struct err *err)
{
	struct ledger_rows others = { .size = sizeof(struct sender) };
	struct db_query *q;
	int rc = sweep(l, &others, err);

	ledger_rows_drop(&others);
	if (rc != 0)
		return -1;
	q = db_query(l->db,
	    "UPDATE deliveries SET state = ?5, changed = ?2, code = 0,"
	    " attempts = attempts + 1, queue_id = '', boot = 0,"
	    " text = 'stopped before the answer was seen'" ORPHANS);
	db_int(q, 5, LEDGER_UNKNOWN);
	if (change_held(l, list, q, LEDGER_SENDING, now, unknown, err) != 0)
		return -1;
	q = db_query(l->db,
	    "UPDATE deliveries SET " LEDGER_AS_BEFORE("?2") ", boot = 0"
	    ORPHANS);
	return change_held(l, list, q, LEDGER_CLAIMED, now, freed, err);
}
