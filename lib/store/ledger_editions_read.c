/* Editions as they were frozen, and how they stand. */
#include <string.h>

#include "store/ledger_int.h"

#define EDITION_COLUMNS \
	"e.id, s.name, e.name, e.subject, e.html, e.text, e.mold, e.frozen," \
	" e.seal"

static bool
holds(struct db_query *q, const struct ledger_edition *e)
{
	const struct ledger_sealed m = ledger_sealed_edition(e);
	unsigned char is[LEDGER_SEAL_SIZE];

	ledger_seal_message(&m, is);
	return ledger_seal_holds(q, 8, 0, is);
}

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
	out->damaged = !holds(q, out);
}

/* One row into out: 1, 0, -1. */
static int
take_edition(struct db_query *q, struct arena *a, struct ledger_edition *out,
    struct err *err)
{
	int r = db_step(q, err);

	if (r == 1) {
		read_edition(q, a, out);
		db_end(q);
	}
	return r;
}

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
	return take_edition(q, a, out, err);
}

int
ledger_edition_page(struct ledger *l, int64_t edition, struct arena *a,
    const char **out, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT page, seal FROM editions WHERE id = ?1");
	unsigned char is[LEDGER_SEAL_SIZE];
	bool whole;
	int r;

	*out = "";
	db_int(q, 1, edition);
	r = db_step(q, err);
	if (r != 1)
		return r;
	*out = db_col_text(q, 0, a);
	ledger_seal_text(*out, is);
	whole = ledger_seal_holds(q, 1, 1, is);
	db_end(q);
	return whole ? 0 : db_damaged(l->db, "the page of an edition is not "
	    "what was stored", err);
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
	return take_edition(q, a, out, err);
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
