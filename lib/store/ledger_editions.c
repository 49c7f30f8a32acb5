#include <stdio.h>
#include <string.h>

#include "store/ledger_int.h"

#define SAME_WEEK_MAX 9999	/* editions of one week and list */

/* ---- freezing ---- */

static int
check(const struct ledger_edition *in, struct err *err)
{
	const struct ledger_sealed m = ledger_sealed_edition(in);

	if (db_bound("the edition's name", in->name, 1, LEDGER_NAME_MAX - 1,
	    err) != 0 || ledger_sealed_check(&m, in->page, err) != 0)
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
	const struct ledger_sealed m = ledger_sealed_edition(in);
	unsigned char seals[2 * LEDGER_SEAL_SIZE];

	ledger_seal_message(&m, seals);
	ledger_seal_text(page, seals + LEDGER_SEAL_SIZE);
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
