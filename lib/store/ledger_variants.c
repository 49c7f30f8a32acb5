/* What an edition is for friends who asked for something else than the show
 * has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/ledger_int.h"

/* In an order of our own: that of a database depends on how it was set up. */
static int
by_choice(const void *a, const void *b)
{
	const struct ledger_choice *x = a, *y = b;
	int c = strcmp(x->language, y->language);

	return c != 0 ? c : strcmp(x->shows, y->shows);
}

/* The index has them in their order: a sort would take memory for each friend.
 * Who asked for nothing is all the others. */
int
ledger_choices(struct ledger *l, const char *list, struct arena *a,
    struct ledger_choice **out, size_t *n, struct err *err)
{
	struct ledger_rows rows = { .size = sizeof(struct ledger_choice) };
	struct db_query *q;
	struct ledger_choice *c;
	size_t others;
	int r;

	if (ledger_friends_count(l, list, &others, err) != 0)
		return -1;
	q = db_query(l->db,
	    "SELECT language, shows, count(*) FROM friends"
	    " INDEXED BY friends_chosen"
	    " WHERE list = (SELECT id FROM lists WHERE name = ?1)"
	    " AND left_at = 0 AND " LEDGER_CHOSEN " GROUP BY language, shows");
	db_text(q, 1, list);
	while ((r = db_step(q, err)) == 1) {
		c = ledger_rows_add(&rows);
		c->language = db_col_text(q, 0, a);
		c->shows = db_col_text(q, 1, a);
		c->friends = (size_t)db_col_int(q, 2);
		others -= c->friends < others ? c->friends : others;
	}
	if (r == 0 && others > 0) {
		c = ledger_rows_add(&rows);
		c->language = c->shows = "";
		c->friends = others;
	}
	if (r == 0) {
		*out = ledger_rows_seal(&rows, a, n);
		qsort(*out, *n, sizeof(**out), by_choice);
	}
	ledger_rows_drop(&rows);
	return r;
}

static struct ledger_sealed
sealed(const struct ledger_variant *v)
{
	return (struct ledger_sealed){ "", "", v->subject, v->html, v->text,
		v->mold, v->mold_len };
}

static void
seal(const struct ledger_variant *v, int64_t edition, int64_t number,
    unsigned char out[LEDGER_SEAL_SIZE])
{
	struct ledger_sealed m = sealed(v);
	char of[24], is[24];

	snprintf(of, sizeof(of), "%lld", (long long)edition);
	snprintf(is, sizeof(is), "%lld", (long long)number);
	m.list = of;
	m.name = is;
	ledger_seal_message(&m, out);
}

/* ---- freezing ---- */

static int
check_one(const struct ledger_variant *v, struct err *err)
{
	const struct ledger_sealed m = sealed(v);

	if (db_bound("the language", v->language, 0, LEDGER_LANGUAGE_MAX,
	    err) != 0 ||
	    db_bound("the shows", v->shows, 0, LEDGER_SHOWS_MAX, err) != 0)
		return -1;
	return ledger_sealed_check(&m, NULL, err);
}

int
ledger_variants_check(const struct ledger_edition *in, struct err *err)
{
	size_t i;

	if (in->nvariants > LEDGER_VARIANTS_MAX)
		return err_set(err, ERR_INPUT, "an edition has %d variants at "
		    "the most, and this one %zu", LEDGER_VARIANTS_MAX,
		    in->nvariants);
	for (i = 0; i < in->nvariants; i++)
		if (check_one(&in->variants[i], err) != 0)
			return -1;
	for (i = 0; i < in->nchoices; i++)
		if (in->choices[i].variant < -1 ||
		    in->choices[i].variant > (int)in->nvariants)
			return err_set(err, ERR_INTERNAL, "a choice has the "
			    "variant %d of %zu", in->choices[i].variant,
			    in->nvariants);
	return 0;
}

static int
insert_variant(struct ledger *l, int64_t edition, size_t number,
    const struct ledger_variant *v, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "INSERT INTO variants (edition, variant, language, shows, subject,"
	    " html, text, mold, seal)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	unsigned char own[LEDGER_SEAL_SIZE];

	seal(v, edition, (int64_t)number, own);
	db_int(q, 1, edition);
	db_int(q, 2, (int64_t)number);
	db_text(q, 3, v->language);
	db_text(q, 4, v->shows);
	db_text(q, 5, v->subject);
	db_text(q, 6, v->html);
	db_text(q, 7, v->text);
	db_blob(q, 8, v->mold, v->mold_len);
	db_blob(q, 9, own, sizeof(own));
	return db_run(q, NULL, err);
}

static int
insert_choice(struct ledger *l, int64_t edition,
    const struct ledger_choice *c, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "INSERT INTO choices (edition, language, shows, variant)"
	    " VALUES (?1, ?2, ?3, ?4)");

	db_int(q, 1, edition);
	db_text(q, 2, c->language);
	db_text(q, 3, c->shows);
	db_int(q, 4, c->variant);
	return db_run(q, NULL, err);
}

/* Nobody may be left out because they chose while the edition was made. */
static int
check_all_chosen(struct ledger *l, int64_t list, int64_t edition,
    const struct ledger_edition *in, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT count(*) FROM friends f WHERE f.list = ?1"
	    " AND f.left_at = 0 AND NOT EXISTS (SELECT 1 FROM choices c"
	    " WHERE c.edition = ?2 AND c.language = f.language"
	    " AND c.shows = f.shows)");
	int64_t n = 0;

	db_int(q, 1, list);
	db_int(q, 2, edition);
	if (db_one(q, &n, err) < 0)
		return -1;
	return n == 0 ? 0 : err_set(err, ERR_TEMPORARY, "friends of the list "
	    "\"%s\" have asked for another language or other shows "
	    "meanwhile; run again", in->list);
}

int
ledger_variants_freeze(struct ledger *l, int64_t list, int64_t edition,
    const struct ledger_edition *in, struct err *err)
{
	size_t i;

	for (i = 0; i < in->nvariants; i++)
		if (insert_variant(l, edition, i + 1, &in->variants[i],
		    err) != 0)
			return -1;
	for (i = 0; i < in->nchoices; i++)
		if (insert_choice(l, edition, &in->choices[i], err) != 0)
			return -1;
	return in->nchoices == 0 ? 0 :
	    check_all_chosen(l, list, edition, in, err);
}

/* ---- reading ---- */

int
ledger_edition_variant(struct ledger *l, int64_t edition, int variant,
    struct arena *a, struct ledger_variant *out, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT language, shows, subject, html, text, mold, seal"
	    " FROM variants WHERE edition = ?1 AND variant = ?2");
	unsigned char is[LEDGER_SEAL_SIZE];
	int r;

	db_int(q, 1, edition);
	db_int(q, 2, variant);
	r = db_step(q, err);
	if (r != 1)
		return r;
	out->language = db_col_text(q, 0, a);
	out->shows = db_col_text(q, 1, a);
	out->subject = db_col_text(q, 2, a);
	out->html = db_col_text(q, 3, a);
	out->text = db_col_text(q, 4, a);
	out->mold = db_col_text(q, 5, a);
	out->mold_len = db_col_size(q, 5);
	seal(out, edition, variant, is);
	out->damaged = !ledger_seal_holds(q, 6, 0, is);
	db_end(q);
	return 1;
}

int
ledger_edition_variants(struct ledger *l, int64_t edition,
    struct arena *a, struct ledger_variant **out, size_t *n, struct err *err)
{
	struct ledger_rows rows = { .size = sizeof(struct ledger_variant) };
	struct db_query *q = db_query(l->db, "SELECT language, shows"
	    " FROM variants WHERE edition = ?1 ORDER BY variant");
	struct ledger_variant *v;
	int r;

	db_int(q, 1, edition);
	while ((r = db_step(q, err)) == 1) {
		v = ledger_rows_add(&rows);
		v->language = db_col_text(q, 0, a);
		v->shows = db_col_text(q, 1, a);
	}
	if (r == 0)
		*out = ledger_rows_seal(&rows, a, n);
	ledger_rows_drop(&rows);
	return r;
}

int
ledger_edition_choice(struct ledger *l, int64_t edition,
    const char *language, const char *shows, int *variant, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT variant FROM choices WHERE edition = ?1"
	    " AND language = ?2 AND shows = ?3");
	int64_t found;
	int r;

	db_int(q, 1, edition);
	db_text(q, 2, language);
	db_text(q, 3, shows);
	r = db_one(q, &found, err);
	if (r == 1)
		*variant = (int)found;
	return r;
}

/* ---- deliveries ---- */

/* Each by an index that has them in the order of their ids: a sort of all would
 * take memory for each friend. */
static struct db_query *
friends_of(struct ledger *l, const struct ledger_choice *c)
{
	struct db_query *q;

	if (c->language[0] == '\0' && c->shows[0] == '\0')
		return db_query(l->db, "INSERT INTO deliveries (edition,"
		    " friend, state, changed, variant)"
		    " SELECT ?1, id, ?2, ?3, ?5 FROM friends"
		    " INDEXED BY friends_list WHERE list = ?4 AND left_at = 0"
		    " AND NOT " LEDGER_CHOSEN " ORDER BY id");
	q = db_query(l->db, "INSERT INTO deliveries (edition, friend, state,"
	    " changed, variant) SELECT ?1, id, ?2, ?3, ?5 FROM friends"
	    " INDEXED BY friends_chosen WHERE list = ?4 AND language = ?6"
	    " AND shows = ?7 AND left_at = 0 AND " LEDGER_CHOSEN
	    " ORDER BY id");
	db_text(q, 6, c->language);
	db_text(q, 7, c->shows);
	return q;
}

int
ledger_variants_deliveries(struct ledger *l, int64_t list, int64_t edition,
    const struct ledger_edition *in, size_t *n, struct err *err)
{
	struct db_query *q;
	int variant;
	size_t i, some;

	*n = 0;
	for (variant = 0; variant <= (int)in->nvariants; variant++)
		for (i = 0; i < in->nchoices; i++) {
			if (in->choices[i].variant != variant)
				continue;
			q = friends_of(l, &in->choices[i]);
			db_int(q, 1, edition);
			db_int(q, 2, LEDGER_PENDING);
			db_int(q, 3, in->frozen);
			db_int(q, 4, list);
			db_int(q, 5, variant);
			if (db_run(q, &some, err) != 0)
				return -1;
			*n += some;
		}
	return 0;
}

/* ---- zones ---- */

static int
set_due(struct ledger *l, int64_t list, int64_t edition,
    const struct ledger_due *due, size_t *n, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "UPDATE deliveries SET due = ?1, planned = ?1"
	    " WHERE edition = ?2 AND friend IN (SELECT id FROM friends"
	    " WHERE list = ?3 AND zone = ?4)");

	db_int(q, 1, due->at);
	db_int(q, 2, edition);
	db_int(q, 3, list);
	db_text(q, 4, due->zone);
	return db_run(q, n, err);
}

/* Nobody may get it at any hour because their zone was set while the edition
 * was made. */
int
ledger_zones_freeze(struct ledger *l, int64_t list, int64_t edition,
    const struct ledger_edition *in, struct err *err)
{
	struct db_query *q;
	int64_t all = 0;
	size_t i, n, set = 0;

	for (i = 0; i < in->ndue; i++, set += n)
		if (set_due(l, list, edition, &in->due[i], &n, err) != 0)
			return -1;
	if (in->ndue == 0)
		return 0;
	q = db_query(l->db, "SELECT count(*) FROM deliveries"
	    " WHERE edition = ?1");
	db_int(q, 1, edition);
	if (db_one(q, &all, err) < 0)
		return -1;
	return (int64_t)set == all ? 0 : err_set(err, ERR_TEMPORARY,
	    "friends of the list \"%s\" have got another time zone meanwhile; "
	    "run again", in->list);
}
