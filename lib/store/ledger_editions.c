#include <stdio.h>
#include <string.h>

#include "store/ledger_int.h"

#define SAME_WEEK_MAX 9999	/* editions of one week and list */

#define EDITION_COLUMNS \
	"e.id, s.name, e.name, e.subject, e.html, e.text, e.mold, e.frozen," \
	" e.seal"

static void
read_edition(struct db_query *q, struct arena *a, struct ledger_edition *out)
{
	memset(out, 0, sizeof(*out));
	out->id = db_col_int(q, 0);
	out->list = db_col_text(q, 1, a);
	out->name = db_col_text(q, 2, a);
	out->subject = db_col_text(q, 3, a);
	out->html = db_col_text(q, 4, a);
	out->text = db_col_text(q, 5, a);
	out->mold = db_col_text(q, 6, a);
	out->mold_len = db_col_size(q, 6);
	out->frozen = db_col_int(q, 7);
}

static struct ledger_sealed
sealed(const struct ledger_edition *e)
{
	return (struct ledger_sealed){ e->subject, e->html, e->text, e->mold,
		e->mold_len };
}

/* One row into out: 1, 0, -1. */
static int
take_edition(struct ledger *l, struct db_query *q, struct arena *a, struct ledger_edition *out,
    struct err *err)
{
	unsigned char is[LEDGER_SEAL_SIZE];
	struct ledger_sealed m;
	int r = db_step(q, err);

	if (r != 1)
		return r;
	read_edition(q, a, out);
	m = sealed(out);
	ledger_seal_message(&m, is);
	if (ledger_seal_check(l, q, 8, 0, is, err) != 0)
		return -1;
	db_end(q);
	return 1;
}

/* ---- freezing ---- */

static int
check(const struct ledger_edition *in, struct err *err)
{
	const struct ledger_sealed m = sealed(in);

	if (db_bound("the edition's name", in->name, 1, LEDGER_NAME_MAX - 1,
	    err) != 0 || ledger_sealed_check(&m, err) != 0 ||
	    db_bound("the page", in->page, 0, LEDGER_BODY_MAX, err) != 0)
		return -1;
	return ledger_variants_check(in, err);
}

/* 1 the list has an edition of that name, 0 not, -1. */
static int
has_name(struct ledger *l, int64_t list, const char *name, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT id FROM editions WHERE list = ?1 AND name = ?2");
	int64_t id;

	db_int(q, 1, list);
	db_text(q, 2, name);
	return db_one(q, &id, err);
}

int
ledger_edition_name(struct ledger *l, const char *list, const char *week,
    char name[LEDGER_NAME_MAX], struct err *err)
{
	int64_t id;
	int i, r;

	if (ledger_list_id(l, list, false, &id, err) < 0)
		return -1;
	for (i = 1; i <= SAME_WEEK_MAX; i++) {
		if (i == 1)
			snprintf(name, LEDGER_NAME_MAX, "%s", week);
		else
			snprintf(name, LEDGER_NAME_MAX, "%s-%d", week, i);
		r = has_name(l, id, name, err);
		if (r <= 0)
			return r;
	}
	return err_set(err, ERR_INPUT, "the list has %d editions of %s; no "
	    "more are made", SAME_WEEK_MAX, week);
}

static int
insert_edition(struct ledger *l, int64_t list, const struct ledger_edition *in,
    int64_t *id, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "INSERT INTO editions (list, name, frozen, subject, html, text,"
	    " mold, page, seal)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	const char *page = in->page != NULL ? in->page : "";
	const struct ledger_sealed m = sealed(in);
	unsigned char seals[2 * LEDGER_SEAL_SIZE];

	ledger_seal_message(&m, seals);
	ledger_seal_text(page, strlen(page), seals + LEDGER_SEAL_SIZE);
	db_int(q, 1, list);
	db_text(q, 2, in->name);
	db_int(q, 3, in->frozen);
	db_text(q, 4, in->subject);
	db_text(q, 5, in->html);
	db_text(q, 6, in->text);
	db_blob(q, 7, in->mold, in->mold_len);
	db_text(q, 8, page);
	db_blob(q, 9, seals, sizeof(seals));
	if (db_run(q, NULL, err) != 0)
		return -1;
	*id = db_last_id(l->db);
	return 0;
}

/* How often the list has had the episode, and where last; -1 on failure, also
 * when it may not have it once more. */
static int
check_episode(struct ledger *l, int64_t list, int64_t edition,
    const struct ledger_episode *e, bool again, int64_t *times,
    struct err *err)
{
	char name[LEDGER_NAME_MAX];
	struct db_query *q = db_query(l->db,
	    "SELECT p.again + 1, e.name, e.id FROM episodes p"
	    " CROSS JOIN editions e ON e.id = p.edition"
	    " WHERE p.list = ?1 AND p.guid = ?2"
	    " ORDER BY p.again DESC LIMIT 1");
	int64_t there;
	int r;

	*times = 0;
	db_int(q, 1, list);
	db_text(q, 2, e->guid);
	r = db_step(q, err);
	if (r != 1)
		return r;
	*times = db_col_int(q, 0);
	db_col_copy(q, 1, name, sizeof(name));
	there = db_col_int(q, 2);
	db_end(q);
	if (there == edition)
		return err_set(err, ERR_INPUT, "episode \"%s\" (%s) is twice "
		    "in one edition", e->title, e->guid);
	if (!again)
		return err_set(err, ERR_REFUSED, "episode \"%s\" (%s) is in "
		    "edition %s already; --again puts it into another one",
		    e->title, e->guid, name);
	return 0;
}

static int
insert_episode(struct ledger *l, int64_t list, int64_t edition, size_t place,
    const struct ledger_episode *e, bool again, struct err *err)
{
	struct db_query *q;
	int64_t times;

	if (db_bound("the guid", e->guid, 1, LEDGER_GUID_MAX, err) != 0 ||
	    db_bound("the title", e->title, 0, LEDGER_TITLE_MAX, err) != 0 ||
	    check_episode(l, list, edition, e, again, &times, err) != 0)
		return -1;
	q = db_query(l->db,
	    "INSERT INTO episodes (edition, place, list, guid, again, number,"
	    " title, date) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	db_int(q, 1, edition);
	db_int(q, 2, (int64_t)place);
	db_int(q, 3, list);
	db_text(q, 4, e->guid);
	db_int(q, 5, times);
	db_int(q, 6, e->number);
	db_text(q, 7, e->title);
	db_int(q, 8, e->date);
	return db_run(q, NULL, err);
}

static int
all_deliveries(struct ledger *l, int64_t list, int64_t edition, int64_t now,
    size_t *n, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "INSERT INTO deliveries (edition, friend, state, changed)"
	    " SELECT ?1, id, ?2, ?3 FROM friends INDEXED BY friends_list"
	    " WHERE list = ?4 AND left_at = 0 ORDER BY id");

	db_int(q, 1, edition);
	db_int(q, 2, LEDGER_PENDING);
	db_int(q, 3, now);
	db_int(q, 4, list);
	return db_run(q, n, err);
}

static int
insert_deliveries(struct ledger *l, int64_t list, int64_t edition,
    const struct ledger_edition *in, struct err *err)
{
	struct db_query *q;
	int64_t last;
	size_t n;

	if ((in->nchoices > 0 ? ledger_variants_deliveries(l, list, edition,
	    in, &n, err) : all_deliveries(l, list, edition, in->frozen, &n,
	    err)) != 0)
		return -1;
	if (n == 0)
		return err_set(err, ERR_INPUT, "the list \"%s\" has no "
		    "friends%s; add some with `showmill friend add`", in->list,
		    in->nchoices > 0 ? " who want any of it" : "");
	last = db_last_id(l->db);
	q = db_query(l->db, "UPDATE editions SET first_delivery = ?2,"
	    " last_delivery = ?3 WHERE id = ?1");
	db_int(q, 1, edition);
	db_int(q, 2, last - (int64_t)n + 1);
	db_int(q, 3, last);
	return db_run(q, NULL, err);
}

static int
freeze(struct ledger *l, const struct ledger_edition *in,
    const struct ledger_episode *episodes, size_t n, bool again,
    struct err *err)
{
	int64_t list, edition;
	size_t i;
	int r;

	if (ledger_list_id(l, in->list, true, &list, err) < 0)
		return -1;
	r = has_name(l, list, in->name, err);
	if (r > 0)
		err_set(err, ERR_TEMPORARY, "the list \"%s\" has got an "
		    "edition %s meanwhile; run again", in->list, in->name);
	if (r != 0 || insert_edition(l, list, in, &edition, err) != 0)
		return -1;
	for (i = 0; i < n; i++)
		if (insert_episode(l, list, edition, i, &episodes[i], again,
		    err) != 0)
			return -1;
	if (ledger_variants_freeze(l, list, edition, in, err) != 0 ||
	    insert_deliveries(l, list, edition, in, err) != 0)
		return -1;
	return ledger_zones_freeze(l, list, edition, in, err);
}

int
ledger_edition_freeze(struct ledger *l, const struct ledger_edition *in,
    const struct ledger_episode *episodes, size_t n, bool again,
    struct err *err)
{
	if (check(in, err) != 0 || db_begin(l->db, DB_DURABLE, err) != 0)
		return -1;
	if (freeze(l, in, episodes, n, again, err) != 0)
		return db_rollback(l->db);
	return db_commit(l->db, err);
}

/* ---- discarding ---- */

int
ledger_edition_discardable(struct ledger *l, const struct ledger_edition *e,
    struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT count(*) FROM deliveries WHERE edition = ?1 AND"
	    " (resent <> 0 OR state NOT IN (?2, ?3, ?4, ?5))");
	int64_t n = 0;

	db_int(q, 1, e->id);
	db_int(q, 2, LEDGER_PENDING);
	db_int(q, 3, LEDGER_DEFERRED);
	db_int(q, 4, LEDGER_FAILED);
	db_int(q, 5, LEDGER_SKIPPED);
	if (db_one(q, &n, err) < 0)
		return -1;
	if (n == 0)
		return 0;
	return err_set(err, ERR_REFUSED, "%s went to %lld friend%s, or may "
	    "have gone to them; only an edition of which nothing was sent can "
	    "be discarded", e->name, (long long)n, n == 1 ? "" : "s");
}

static int
forget(struct ledger *l, int64_t edition, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "DELETE FROM deliveries WHERE edition = ?1");

	db_int(q, 1, edition);
	if (db_run(q, NULL, err) != 0)
		return -1;
	q = db_query(l->db, "DELETE FROM episodes WHERE edition = ?1");
	db_int(q, 1, edition);
	if (db_run(q, NULL, err) != 0)
		return -1;
	q = db_query(l->db, "DELETE FROM editions WHERE id = ?1");
	db_int(q, 1, edition);
	return db_run(q, NULL, err);
}

int
ledger_edition_discard(struct ledger *l, const struct ledger_edition *e,
    struct err *err)
{
	if (db_begin(l->db, DB_DURABLE, err) != 0)
		return -1;
	if (ledger_sender_renew(l, err) != 0 ||
	    ledger_edition_discardable(l, e, err) != 0 ||
	    forget(l, e->id, err) != 0)
		return db_rollback(l->db);
	return db_commit(l->db, err);
}

/* ---- reading ---- */

int
ledger_edition_get(struct ledger *l, const char *list, const char *name,
    struct arena *a, struct ledger_edition *out, struct err *err)
{
	struct db_query *q;

	if (name == NULL)
		q = db_query(l->db, "SELECT " EDITION_COLUMNS
		    " FROM lists s CROSS JOIN editions e ON e.id ="
		    " (SELECT max(id) FROM editions WHERE list = s.id)"
		    " WHERE s.name = ?1");
	else
		q = db_query(l->db, "SELECT " EDITION_COLUMNS
		    " FROM lists s CROSS JOIN editions e ON e.list = s.id"
		    " WHERE s.name = ?1 AND e.name = ?2");
	db_text(q, 1, list);
	if (name != NULL)
		db_text(q, 2, name);
	return take_edition(l, q, a, out, err);
}

int
ledger_edition_page(struct ledger *l, int64_t edition, struct arena *a,
    const char **out, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT page, seal FROM editions WHERE id = ?1");
	unsigned char is[LEDGER_SEAL_SIZE];
	int r;

	*out = "";
	db_int(q, 1, edition);
	r = db_step(q, err);
	if (r != 1)
		return r;
	*out = db_col_text(q, 0, a);
	ledger_seal_text(*out, db_col_size(q, 0), is);
	if (ledger_seal_check(l, q, 1, 1, is, err) != 0)
		return -1;
	db_end(q);
	return 0;
}

int
ledger_edition_unfinished(struct ledger *l, const char *list,
    int64_t after, struct arena *a, struct ledger_edition *out,
    struct err *err)
{
	struct db_query *q = db_query(l->db, "SELECT " EDITION_COLUMNS
	    " FROM lists s CROSS JOIN editions e ON e.id ="
	    " (SELECT min(o.id) FROM editions o WHERE o.list = s.id AND"
	    " o.id > ?5 AND"
	    " (EXISTS (SELECT 1 FROM deliveries d WHERE d.edition = o.id"
	    " AND " LEDGER_OPEN("d.") " AND d.state IN (?2, ?4))"
	    " OR EXISTS (SELECT 1 FROM deliveries d"
	    " INDEXED BY deliveries_claimed WHERE d." LEDGER_HELD
	    " AND d.edition = o.id AND d.state = ?3)))"
	    " WHERE s.name = ?1");

	db_text(q, 1, list);
	db_int(q, 2, LEDGER_PENDING);
	db_int(q, 3, LEDGER_CLAIMED);
	db_int(q, 4, LEDGER_DEFERRED);
	db_int(q, 5, after);
	return take_edition(l, q, a, out, err);
}

/* subject stands before the bodies, which are not read for it. */
int
ledger_editions(struct ledger *l, const char *list, struct arena *a,
    struct ledger_edition **out, size_t *n, struct err *err)
{
	struct ledger_rows rows = { .size = sizeof(struct ledger_edition) };
	struct db_query *q = db_query(l->db,
	    "SELECT e.id, e.name, e.frozen, e.subject FROM lists s"
	    " CROSS JOIN editions e ON e.list = s.id WHERE s.name = ?1"
	    " ORDER BY e.id");
	struct ledger_edition *e;
	int r;

	db_text(q, 1, list);
	while ((r = db_step(q, err)) == 1) {
		e = ledger_rows_add(&rows);
		e->id = db_col_int(q, 0);
		e->list = list;
		e->name = db_col_text(q, 1, a);
		e->frozen = db_col_int(q, 2);
		e->subject = db_col_text(q, 3, a);
	}
	if (r == 0)
		*out = ledger_rows_seal(&rows, a, n);
	ledger_rows_drop(&rows);
	return r;
}

int
ledger_edition_episodes(struct ledger *l, int64_t edition,
    struct arena *a, struct ledger_episode **out, size_t *n, struct err *err)
{
	struct ledger_rows rows = { .size = sizeof(struct ledger_episode) };
	struct db_query *q = db_query(l->db,
	    "SELECT guid, number, title, date FROM episodes"
	    " WHERE edition = ?1 ORDER BY place");
	struct ledger_episode *e;
	int r;

	db_int(q, 1, edition);
	while ((r = db_step(q, err)) == 1) {
		e = ledger_rows_add(&rows);
		e->guid = db_col_text(q, 0, a);
		e->number = db_col_int(q, 1);
		e->title = db_col_text(q, 2, a);
		e->date = db_col_int(q, 3);
	}
	if (r == 0)
		*out = ledger_rows_seal(&rows, a, n);
	ledger_rows_drop(&rows);
	return r;
}

int
ledger_begun(struct ledger *l, const char *list, int64_t *date,
    struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT p.date FROM lists s"
	    " CROSS JOIN editions e ON e.list = s.id"
	    " CROSS JOIN episodes p ON p.edition = e.id AND p.date <= e.frozen"
	    " WHERE s.name = ?1 ORDER BY e.id, p.date DESC LIMIT 1");

	db_text(q, 1, list);
	return db_one(q, date, err);
}

int
ledger_episode_edition(struct ledger *l, const char *list, const char *guid,
    struct arena *a, const char **name, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT e.name FROM lists s"
	    " CROSS JOIN episodes p ON p.list = s.id AND p.guid = ?2"
	    " CROSS JOIN editions e ON e.id = p.edition"
	    " WHERE s.name = ?1 ORDER BY p.again DESC LIMIT 1");
	int r;

	db_text(q, 1, list);
	db_text(q, 2, guid);
	r = db_step(q, err);
	if (r < 0)
		return -1;
	*name = NULL;
	if (r == 1) {
		*name = db_col_text(q, 0, a);
		db_end(q);
	}
	return 0;
}

/* One pass for all states: to group by them SQLite would sort all rows. */
#define IN_STATE(n) "sum(CASE WHEN d.state = " #n " THEN 1 ELSE 0 END)"
#define STATES IN_STATE(0) ", " IN_STATE(1) ", " IN_STATE(2) ", " \
	IN_STATE(3) ", " IN_STATE(4) ", " IN_STATE(5) ", " IN_STATE(6) ", " \
	IN_STATE(7)

/* Of the columns from `at` on. */
static void
read_counts(struct db_query *q, int at, struct ledger_counts *c)
{
	size_t *const to[] = {
		[LEDGER_PENDING] = &c->pending,
		[LEDGER_CLAIMED] = &c->claimed,
		[LEDGER_SENDING] = &c->sending,
		[LEDGER_SENT] = &c->sent,
		[LEDGER_DEFERRED] = &c->deferred,
		[LEDGER_FAILED] = &c->failed,
		[LEDGER_UNKNOWN] = &c->unknown,
		[LEDGER_SKIPPED] = &c->skipped
	};
	size_t i;

	c->total = 0;
	for (i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		*to[i] = (size_t)db_col_int(q, at + (int)i);
		c->total += *to[i];
	}
}

int
ledger_counts(struct ledger *l, int64_t edition, struct ledger_counts *out,
    struct err *err)
{
	struct db_query *q = db_query(l->db, "SELECT " STATES
	    " FROM editions e CROSS JOIN deliveries d"
	    " ON d.id BETWEEN e.first_delivery AND e.last_delivery"
	    " WHERE e.id = ?1");
	int r;

	db_int(q, 1, edition);
	r = db_step(q, err);
	if (r == 1) {
		read_counts(q, 0, out);
		db_end(q);
	}
	return r < 0 ? -1 : 0;
}

static int
fill_left(struct ledger *l, int64_t now, struct ledger_left *row,
    struct err *err)
{
	struct db_query *q = db_query(l->db, "SELECT " STATES ","
	    " sum(CASE WHEN d.state = ?3 AND d.due > ?2 THEN 1 ELSE 0 END),"
	    " min(CASE WHEN d.state = ?3 AND d.due > ?2 THEN d.due END)"
	    " FROM deliveries d WHERE d.edition = ?1 AND " LEDGER_OPEN("d."));
	int r;

	db_int(q, 1, row->edition);
	db_int(q, 2, now);
	db_int(q, 3, LEDGER_PENDING);
	r = db_step(q, err);
	if (r == 1) {
		read_counts(q, 0, &row->counts);
		row->later = (size_t)db_col_int(q, LEDGER_SKIPPED + 1);
		row->due = db_col_int(q, LEDGER_SKIPPED + 2);
		db_end(q);
	}
	return r < 0 ? -1 : 0;
}

int
ledger_left(struct ledger *l, const char *list, int64_t now,
    struct arena *a, struct ledger_left **out, size_t *n, struct err *err)
{
	struct ledger_rows rows = { .size = sizeof(struct ledger_left) };
	struct db_query *q = db_query(l->db, "SELECT e.id, e.name,"
	    " e.id IN (SELECT edition FROM untold) FROM lists s"
	    " CROSS JOIN editions e ON e.list = s.id"
	    " WHERE s.name = ?1 AND EXISTS (SELECT 1 FROM deliveries d"
	    " WHERE d.edition = e.id AND " LEDGER_OPEN("d.") ") ORDER BY e.id");
	struct ledger_left *row;
	size_t i;
	int r;

	db_text(q, 1, list);
	while ((r = db_step(q, err)) == 1) {
		row = ledger_rows_add(&rows);
		row->edition = db_col_int(q, 0);
		row->name = db_col_text(q, 1, a);
		row->untold = db_col_int(q, 2) != 0;
	}
	row = (struct ledger_left *)(void *)rows.data;
	for (i = 0; i < rows.n && r == 0; i++)
		r = fill_left(l, now, &row[i], err);
	if (r == 0)
		*out = ledger_rows_seal(&rows, a, n);
	ledger_rows_drop(&rows);
	return r;
}

int
ledger_told(struct ledger *l, int64_t edition, struct err *err)
{
	struct db_query *q;

	if (db_autocommit(l->db, DB_DURABLE, err) != 0)
		return -1;
	q = db_query(l->db, "DELETE FROM untold WHERE edition = ?1");
	db_int(q, 1, edition);
	return db_run(q, NULL, err);
}
