#include <limits.h>
#include <string.h>

#include "store/ledger_int.h"

#define DELIVERY_COLUMNS "d.id, d.state, d.attempts, d.code, d.text," \
	" d.queue_id, d.changed, f.address, f.key, f.name, f.ref, f.left_at," \
	" d.boot, d.resent, d.due, f.zone, d.variant, d.deferred, d.planned"

const char *
ledger_state_name(enum ledger_state s)
{
	static const char *const names[] = {
		[LEDGER_PENDING] = "pending",
		[LEDGER_CLAIMED] = "claimed",
		[LEDGER_SENDING] = "sending",
		[LEDGER_SENT] = "sent",
		[LEDGER_DEFERRED] = "deferred",
		[LEDGER_FAILED] = "failed",
		[LEDGER_UNKNOWN] = "unknown",
		[LEDGER_SKIPPED] = "skipped"
	};

	return (unsigned)s <= LEDGER_SKIPPED ? names[s] : "?";
}

static void
read_delivery(struct db_query *q, struct arena *a, struct ledger_delivery *out)
{
	out->id = db_col_int(q, 0);
	out->state = (enum ledger_state)db_col_int(q, 1);
	out->attempts = (int)db_col_int(q, 2);
	out->code = (int)db_col_int(q, 3);
	out->text = db_col_text(q, 4, a);
	out->queue_id = db_col_text(q, 5, a);
	out->changed = db_col_int(q, 6);
	out->address = db_col_text(q, 7, a);
	out->key = db_col_text(q, 8, a);
	out->name = db_col_text(q, 9, a);
	out->ref = db_col_text(q, 10, a);
	out->left = db_col_int(q, 11) != 0;
	out->resent = db_col_int(q, 13);
	out->due = db_col_int(q, 14);
	out->zone = db_col_text(q, 15, a);
	out->variant = (int)db_col_int(q, 16);
	out->was_deferred = db_col_int(q, 17) != 0;
	out->planned = db_col_int(q, 18);
	out->in_doubt = false;
}

/* On a server: those that another sender is about to claim are passed over;
 * and a sender that was taken for dead changes nothing. */
#define FOR_ME "/*pg FOR UPDATE OF d SKIP LOCKED*/"
#define OF_ME(at) "/*pg AND boot = ?" #at "*/"

static void
bind_me(struct ledger *l, struct db_query *q, int at)
{
	if (db_is_shared(l->db))
		db_int(q, at, l->sender);
}

/* ---- claiming ---- */

/* A claim under way. */
struct claim {
	struct ledger *l;
	struct arena *a;
	int64_t edition, after, before, now, boot;
	enum ledger_turn turn;
	struct ledger_delivery *out;
	size_t n, max;
};

/* The number by which this boot of the machine stands in the ledger. */
int
ledger_boot_number(struct ledger *l, bool make, int64_t *out, struct err *err)
{
	struct db_query *q;
	int r;

	*out = l->sender;
	if (db_is_shared(l->db))
		return 0;
	q = db_query(l->db, "SELECT id FROM boots WHERE name = ?1");
	db_text(q, 1, l->boot);
	r = db_one(q, out, err);
	if (r != 0 || !make)
		return r < 0 ? -1 : 0;
	q = db_query(l->db, "INSERT INTO boots (name) VALUES (?1)");
	db_text(q, 1, l->boot);
	if (db_run(q, NULL, err) != 0)
		return -1;
	*out = db_last_id(l->db);
	return 0;
}

static int
read_candidates(struct claim *c, struct db_query *q,
    struct ledger_delivery *out, size_t *n, struct err *err)
{
	int r;

	*n = 0;
	while ((r = db_step(q, err)) == 1) {
		read_delivery(q, c->a, &out[*n]);
		++*n;
	}
	return r;
}

/* What was written down at a time that is still to come was so by a clock that
 * was ahead, and its due time with it: that is waited for by nobody. */
static int
pending_ones(struct claim *c, size_t want, struct ledger_delivery *out,
    size_t *n, struct err *err)
{
	struct db_query *q = db_query(c->l->db, "SELECT " DELIVERY_COLUMNS
	    " FROM deliveries d CROSS JOIN friends f ON f.id = d.friend"
	    " WHERE d.edition = ?1 AND " LEDGER_IS_PENDING("d.")
	    " AND " LEDGER_OPEN("d.") " AND d.id > ?2"
	    " AND (d.due <= ?4 OR d.changed > ?4 + " LEDGER_TEXT(LEDGER_AHEAD) ")"
	    " ORDER BY d.id LIMIT ?3" FOR_ME);

	db_int(q, 1, c->edition);
	db_int(q, 2, c->after);
	db_int(q, 3, ledger_limit(want));
	db_int(q, 4, c->now);
	return read_candidates(c, q, out, n, err);
}

/* upto keeps the search from going through all that are not due yet, at each
 * claim anew. */
static int
deferred_ones(struct claim *c, int64_t upto, size_t want,
    struct ledger_delivery *out, size_t *n, struct err *err)
{
	static const int code[] = {
		[LEDGER_TURN_DUE] = 0, [LEDGER_TURN_DEFERRED] = 500,
		[LEDGER_TURN_ALL] = INT_MAX
	};
	struct db_query *q = db_query(c->l->db, "SELECT " DELIVERY_COLUMNS
	    " FROM deliveries d CROSS JOIN friends f ON f.id = d.friend"
	    " WHERE d.edition = ?1 AND " LEDGER_IS_DEFERRED("d.")
	    " AND " LEDGER_OPEN("d.") " AND d.id > ?2 AND d.id <= ?4"
	    " AND (((d.changed < ?5 OR d.changed > ?6 + " LEDGER_TEXT(LEDGER_AHEAD) ")"
	    " AND d.code < ?7)"
	    " OR (d.due BETWEEN 1 AND ?6 AND d.changed >= ?5))"
	    " ORDER BY d.id LIMIT ?3" FOR_ME);

	db_int(q, 1, c->edition);
	db_int(q, 2, c->after);
	db_int(q, 3, ledger_limit(want));
	db_int(q, 4, upto);
	db_int(q, 5, c->before);
	db_int(q, 6, c->now);
	db_int(q, 7, code[c->turn]);
	return read_candidates(c, q, out, n, err);
}

static int
take(struct claim *c, struct ledger_delivery *k, struct err *err)
{
	struct db_query *q = db_query(c->l->db,
	    "UPDATE deliveries SET state = ?2, boot = ?3, changed = ?4,"
	    " deferred = CASE WHEN ?5 > 0 THEN ?5 ELSE deferred END"
	    " WHERE id = ?1");

	c->after = k->id;
	k->was_deferred |= k->state == LEDGER_DEFERRED;
	db_int(q, 5, k->state == LEDGER_DEFERRED ? k->changed : 0);
	k->state = k->left ? LEDGER_SKIPPED : LEDGER_CLAIMED;
	k->changed = c->now;
	db_int(q, 1, k->id);
	db_int(q, 2, k->state);
	db_int(q, 3, k->left ? 0 : c->boot);
	db_int(q, 4, c->now);
	if (db_run(q, NULL, err) != 0)
		return -1;
	if (!k->left)
		c->out[c->n++] = *k;
	return 0;
}

/* Takes the next ones, as many as are still wanted, of both kinds in the order
 * of their ids. 1 some, 0 none is left, -1. */
static int
take_some(struct claim *c, struct err *err)
{
	struct ledger_delivery p[LEDGER_CLAIM_MAX], d[LEDGER_CLAIM_MAX], *next;
	size_t want = c->max - c->n, np, nd = 0, i, ip = 0, id = 0;
	int64_t upto = INT64_MAX;

	if (pending_ones(c, want, p, &np, err) != 0)
		return -1;
	if (np == want)
		upto = p[np - 1].id;
	if (c->turn != LEDGER_TURN_PENDING &&
	    deferred_ones(c, upto, want, d, &nd, err) != 0)
		return -1;
	for (i = 0; i < want && (ip < np || id < nd); i++) {
		if (id == nd || (ip < np && p[ip].id < d[id].id))
			next = &p[ip++];
		else
			next = &d[id++];
		if (take(c, next, err) != 0)
			return -1;
	}
	return i > 0;
}

/* The one with that id, if it is pending. 0, -1. */
static int
take_pending(struct claim *c, int64_t id, struct err *err)
{
	struct db_query *q = db_query(c->l->db, "SELECT " DELIVERY_COLUMNS
	    " FROM deliveries d CROSS JOIN friends f ON f.id = d.friend"
	    " WHERE d.id = ?1 AND d.state = ?2" FOR_ME);
	struct ledger_delivery one;
	size_t n;

	db_int(q, 1, id);
	db_int(q, 2, LEDGER_PENDING);
	if (read_candidates(c, q, &one, &n, err) != 0)
		return -1;
	return n == 0 ? 0 : take(c, &one, err);
}

static int
mark_untold(struct claim *c, struct err *err)
{
	struct db_query *q = db_query(c->l->db,
	    "INSERT INTO untold (edition)"
	    " SELECT edition FROM deliveries WHERE id = ?1"
	    " ON CONFLICT DO NOTHING");

	db_int(q, 1, c->out[0].id);
	return db_run(q, NULL, err);
}

static int
begin_claim(struct claim *c, struct err *err)
{
	c->out = arena_array(c->a, LEDGER_CLAIM_MAX, sizeof(*c->out));
	if (ledger_sender_begin(c->l, false, LEDGER_LEASE, err) != 0 ||
	    db_begin_beside(c->l->db, DB_FLUSHED, err) != 0 ||
	    ledger_sender_renew(c->l, err) != 0)
		return -1;
	return ledger_boot_number(c->l, true, &c->boot, err);
}

static int
end_claim(struct claim *c, int r, struct ledger_delivery **out, size_t *n,
    struct err *err)
{
	if (r < 0 || (c->n > 0 && mark_untold(c, err) != 0))
		return db_rollback(c->l->db);
	if (db_commit(c->l->db, err) != 0)
		return -1;
	*out = c->out;
	*n = c->n;
	return 0;
}

int
ledger_claim(struct ledger *l, int64_t edition, int64_t after,
    int64_t before, enum ledger_turn turn, size_t max, int64_t now,
    struct arena *a, struct ledger_delivery **out, size_t *n, struct err *err)
{
	struct claim c = {
		.l = l, .a = a, .edition = edition, .after = after,
		.before = before, .turn = turn, .now = now,
		.max = max > LEDGER_CLAIM_MAX ? LEDGER_CLAIM_MAX : max
	};
	int r = begin_claim(&c, err) == 0 ? 1 : -1;

	while (r == 1 && c.n < c.max)
		r = take_some(&c, err);
	r = end_claim(&c, r, out, n, err);
	return r == 0 && c.n == 0 && c.after > after ? 1 : r;
}

int
ledger_claim_these(struct ledger *l, const int64_t *ids, size_t n,
    int64_t now, struct arena *a, struct ledger_delivery **out, size_t *nout,
    struct err *err)
{
	struct claim c = { .l = l, .a = a, .now = now };
	int r = begin_claim(&c, err);
	size_t i;

	for (i = 0; i < n && i < LEDGER_CLAIM_MAX && r == 0; i++)
		r = take_pending(&c, ids[i], err);
	return end_claim(&c, r, out, nout, err);
}

int
ledger_flush(struct ledger *l, struct err *err)
{
	return db_flush(l->db, err);
}

/* ---- sending ---- */

static int
doubt_one(struct ledger *l, int64_t delivery, int64_t now, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "UPDATE deliveries SET state = ?2, changed = ?3"
	    " WHERE id = ?1 AND state = ?4" OF_ME(5));
	size_t changed;

	bind_me(l, q, 5);
	db_int(q, 1, delivery);
	db_int(q, 2, LEDGER_SENDING);
	db_int(q, 3, now);
	db_int(q, 4, LEDGER_CLAIMED);
	if (db_run(q, &changed, err) != 0)
		return -1;
	if (changed == 1)
		return 0;
	return ledger_sender_renew(l, err) != 0 ? -1 : err_set(err,
	    ERR_INTERNAL, "delivery %lld is not claimed", (long long)delivery);
}

/* Bytes of the control character at s: C0, DEL, or C1 in UTF-8. */
static size_t
control_at(const char *s)
{
	unsigned char c = (unsigned char)s[0], next;

	if (c < 0x20 || c == 0x7f)
		return c != 0;
	next = (unsigned char)s[1];
	return c == 0xc2 && next >= 0x80 && next <= 0x9f ? 2 : 0;
}

/* n, or less where it is inside a character: then before its first byte. */
static size_t
cut_at(const char *s, size_t n)
{
	if (((unsigned char)s[n] & 0xc0) != 0x80)
		return n;
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	return n;
}

void
ledger_clean(const char *s, char *out, size_t size)
{
	size_t n = 0, skip;

	if (s == NULL)
		s = "";
	/* One byte more than fits shows where the cut falls. */
	while (*s != '\0' && n < size) {
		skip = *s == ' ' ? 1 : control_at(s);
		if (skip == 0)
			out[n++] = *s++;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
		s += skip;
	}
	if (n == size)
		n = cut_at(out, size - 1);
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

/* What was not tried keeps the answer of an earlier attempt, and what was
 * deferred before, that it was. */
static struct db_query *
put_off(struct ledger *l, int64_t due)
{
	struct db_query *q = db_query(l->db, "UPDATE deliveries SET state = ?2,"
	    " boot = 0, changed = ?3, due = ?6"
	    " WHERE id = ?1 AND state BETWEEN ?4 AND ?5" OF_ME(7));

	bind_me(l, q, 7);
	db_int(q, 2, LEDGER_PENDING);
	db_int(q, 6, due);
	return q;
}

/* And stays due for a further one. */
static struct db_query *
untried(struct ledger *l)
{
	struct db_query *q = db_query(l->db, "UPDATE deliveries SET "
	    LEDGER_AS_BEFORE("?3") ", boot = 0,"
	    " due = CASE WHEN deferred > 0 THEN due ELSE 0 END"
	    " WHERE id = ?1 AND state BETWEEN ?4 AND ?5" OF_ME(2));

	bind_me(l, q, 2);
	return q;
}

static struct db_query *
tried(struct ledger *l, const struct ledger_outcome *o,
    const char *text, const char *queue_id)
{
	struct db_query *q = db_query(l->db, "UPDATE deliveries SET state = ?2,"
	    " boot = 0, changed = ?3, due = ?6, attempts = attempts + 1,"
	    " code = ?7, text = ?8, queue_id = ?9"
	    " WHERE id = ?1 AND state BETWEEN ?4 AND ?5" OF_ME(10));

	bind_me(l, q, 10);
	db_int(q, 2, o->state);
	db_int(q, 6, o->state == LEDGER_DEFERRED ? o->due : 0);
	db_int(q, 7, o->code);
	db_text(q, 8, text);
	db_text(q, 9, queue_id);
	return q;
}

static int
settle_one(struct ledger *l, const struct ledger_outcome *o, int64_t now,
    struct err *err)
{
	char text[LEDGER_TEXT_MAX + 1], queue_id[LEDGER_QUEUE_MAX + 1];
	struct db_query *q;
	size_t changed;

	if (o->state != LEDGER_PENDING && (o->state < LEDGER_SENT ||
	    o->state > LEDGER_UNKNOWN))
		return err_set(err, ERR_INTERNAL, "a delivery cannot be "
		    "settled as %s", ledger_state_name(o->state));
	ledger_clean(o->text, text, sizeof(text));
	ledger_clean(o->queue_id, queue_id, sizeof(queue_id));
	if (o->state != LEDGER_PENDING)
		q = tried(l, o, text, queue_id);
	else
		q = o->due > 0 ? put_off(l, o->due) : untried(l);
	db_int(q, 1, o->id);
	db_int(q, 3, now);
	db_int(q, 4, LEDGER_CLAIMED);
	db_int(q, 5, LEDGER_SENDING);
	if (db_run(q, &changed, err) != 0)
		return -1;
	if (changed == 1)
		return 0;
	return ledger_sender_renew(l, err) != 0 ? -1 : err_set(err,
	    ERR_INTERNAL, "delivery %lld is neither claimed nor being sent",
	    (long long)o->id);
}

int
ledger_book(struct ledger *l, const struct ledger_outcome *rows, size_t n,
    const int64_t *doubt, size_t ndoubt, int64_t now, struct err *err)
{
	size_t i;

	if (ndoubt > 0 && ledger_sender_keep(l, err) != 0)
		return -1;
	if (n + ndoubt == 1 &&
	    db_autocommit(l->db, ndoubt > 0 ? DB_FIRM : DB_SOFT, err) != 0)
		return -1;
	if (n + ndoubt == 1)
		return n == 1 ? settle_one(l, rows, now, err) :
		    doubt_one(l, *doubt, now, err);
	if (db_begin_beside(l->db, ndoubt > 0 ? DB_FIRM : DB_SOFT, err) != 0)
		return -1;
	for (i = 0; i < n; i++)
		if (settle_one(l, &rows[i], now, err) != 0)
			return db_rollback(l->db);
	for (i = 0; i < ndoubt; i++)
		if (doubt_one(l, doubt[i], now, err) != 0)
			return db_rollback(l->db);
	return db_commit(l->db, err);
}

int
ledger_doubt(struct ledger *l, int64_t delivery, int64_t now,
    struct err *err)
{
	return ledger_book(l, NULL, 0, &delivery, 1, now, err);
}

int
ledger_settle(struct ledger *l, const struct ledger_outcome *rows,
    size_t n, int64_t now, struct err *err)
{
	return ledger_book(l, rows, n, NULL, 0, now, err);
}

/* ---- looking ---- */

int
ledger_delivery_of(struct ledger *l, int64_t edition, const char *key,
    struct arena *a, struct ledger_delivery *out, struct err *err)
{
	struct db_query *q = db_query(l->db, "SELECT " DELIVERY_COLUMNS
	    " FROM editions e"
	    " CROSS JOIN friends f ON f.list = e.list AND f.key = ?2"
	    " CROSS JOIN deliveries d ON d.edition = e.id AND d.friend = f.id"
	    " WHERE e.id = ?1");
	int r;

	db_int(q, 1, edition);
	db_text(q, 2, key);
	r = db_step(q, err);
	if (r == 1) {
		read_delivery(q, a, out);
		db_end(q);
	}
	return r;
}

/* What ledger_recover() would make unknown, as recover() has it. */
static bool
is_in_doubt(struct ledger *l, const struct ledger_delivery *d,
    int64_t claimed_in, int64_t boot)
{
	return d->state == LEDGER_SENDING || (!db_is_shared(l->db) &&
	    d->state == LEDGER_CLAIMED && claimed_in != boot);
}

int
ledger_deliveries(struct ledger *l, int64_t edition, int state,
    int64_t after, size_t max, struct arena *a, struct ledger_delivery **out,
    size_t *n, struct err *err)
{
	struct ledger_rows rows = { .size = sizeof(struct ledger_delivery) };
	struct ledger_delivery *d;
	struct db_query *q;
	int64_t boot;
	int r;

	if (ledger_boot_number(l, false, &boot, err) != 0)
		return -1;
	q = db_query(l->db, "SELECT " DELIVERY_COLUMNS
	    " FROM editions e CROSS JOIN deliveries d ON"
	    " d.id >= CASE WHEN e.first_delivery > ?2 THEN e.first_delivery"
	    " ELSE ?2 + 1 END AND"
	    " d.id <= e.last_delivery AND (?4 < 0 OR d.state = ?4)"
	    " CROSS JOIN friends f ON f.id = d.friend"
	    " WHERE e.id = ?1 ORDER BY d.id LIMIT ?3");
	db_int(q, 1, edition);
	db_int(q, 2, after);
	db_int(q, 3, ledger_limit(max));
	db_int(q, 4, state);
	while ((r = db_step(q, err)) == 1) {
		d = ledger_rows_add(&rows);
		read_delivery(q, a, d);
		d->in_doubt = is_in_doubt(l, d, db_col_int(q, 12), boot);
	}
	if (r == 0)
		*out = ledger_rows_seal(&rows, a, n);
	ledger_rows_drop(&rows);
	return r;
}
