#include <stdlib.h>
#include <string.h>

#include "store/ledger_int.h"

#define FRIEND_COLUMNS "id, address, key, name, ref, joined_at, left_at," \
	" language, shows, zone"

/* What the ledger knows of one friend before it is added. */
struct known {
	int64_t id;
	bool left, renamed;
	int64_t joined;		/* 0: not known */
};

static int
check(const struct ledger_friend *f, struct err *err)
{
	if (db_bound("the address", f->address, 1, LEDGER_ADDRESS_MAX,
	    err) != 0)
		return -1;
	if (db_bound("the key", f->key, 1, LEDGER_ADDRESS_MAX, err) == 0 &&
	    db_bound("the name", f->name, 0, LEDGER_FRIEND_NAME_MAX,
	    err) == 0 &&
	    db_bound("the ref", f->ref, 0, LEDGER_REF_MAX, err) == 0 &&
	    db_bound("the language", f->language, 0, LEDGER_LANGUAGE_MAX,
	    err) == 0 &&
	    db_bound("the shows", f->shows, 0, LEDGER_SHOWS_MAX, err) == 0 &&
	    db_bound("the zone", f->zone, 0, LEDGER_ZONE_MAX, err) == 0)
		return 0;
	return err_at(err, f->address, 0);
}

static int
look_up(struct ledger *l, int64_t list, const struct ledger_friend *f,
    struct known *out, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT id, left_at <> 0, ?3 <> '' AND ?3 <> name,"
	    " CASE WHEN dated <> 0 THEN joined_at ELSE 0 END FROM friends"
	    " WHERE list = ?1 AND key = ?2");
	int r;

	db_int(q, 1, list);
	db_text(q, 2, f->key);
	db_text(q, 3, f->name);
	r = db_step(q, err);
	if (r != 1)
		return r;
	out->id = db_col_int(q, 0);
	out->left = db_col_int(q, 1) != 0;
	out->renamed = db_col_int(q, 2) != 0;
	out->joined = db_col_int(q, 3);
	db_end(q);
	return 1;
}

static int64_t
left_at(const struct ledger_friend *f, int64_t now)
{
	if (f->left != LEDGER_LEFT_UNDATED)
		return f->left;
	return now > 0 ? now : 1;
}

/* Nobody who has left is recorded as one who joined later: an export of that
 * would say that they came back. */
static int64_t
joined_at(const struct ledger_friend *f, int64_t now)
{
	int64_t left = left_at(f, now);

	if (f->joined != 0)
		return f->joined;
	return left != 0 && left < now ? left : now;
}

static bool
is_said(const char *value)
{
	return value != NULL && value[0] != '\0';
}

/* As it is kept. */
static const char *
value_of(const char *value)
{
	return !is_said(value) || strcmp(value, LEDGER_RESET) == 0 ? "" : value;
}

static int
insert(struct ledger *l, int64_t list, const struct ledger_friend *f,
    int64_t now, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "INSERT INTO friends (list, address, key, name, ref, joined_at,"
	    " left_at, dated, language, shows, zone)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");

	db_int(q, 1, list);
	db_text(q, 2, f->address);
	db_text(q, 3, f->key);
	db_text(q, 4, f->name);
	db_text(q, 5, f->ref);
	db_int(q, 6, joined_at(f, now));
	db_int(q, 7, left_at(f, now));
	db_int(q, 8, f->joined != 0);
	db_text(q, 9, value_of(f->language));
	db_text(q, 10, value_of(f->shows));
	db_text(q, 11, value_of(f->zone));
	return db_run(q, NULL, err);
}

static int
set(struct db_query *q, int64_t id, const char *value, bool *changed,
    struct err *err)
{
	size_t n;

	db_int(q, 1, id);
	db_text(q, 2, value_of(value));
	if (db_run(q, &n, err) != 0)
		return -1;
	*changed |= n > 0;
	return 0;
}

/* What a known friend asks for: what is said of it changes. */
static int
choose(struct ledger *l, int64_t id, const struct ledger_friend *f,
    bool *changed, struct err *err)
{
	*changed = false;
	if (is_said(f->language) && set(db_query(l->db,
	    "UPDATE friends SET language = ?2"
	    " WHERE id = ?1 AND language <> ?2"), id, f->language, changed,
	    err) != 0)
		return -1;
	if (is_said(f->shows) && set(db_query(l->db,
	    "UPDATE friends SET shows = ?2 WHERE id = ?1 AND shows <> ?2"),
	    id, f->shows, changed, err) != 0)
		return -1;
	return !is_said(f->zone) ? 0 : set(db_query(l->db,
	    "UPDATE friends SET zone = ?2 WHERE id = ?1 AND zone <> ?2"),
	    id, f->zone, changed, err);
}

static int
leave(struct ledger *l, int64_t id, int64_t left, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "UPDATE friends SET left_at = ?2, joined_at ="
	    " CASE WHEN joined_at < ?2 THEN joined_at ELSE ?2 END"
	    " WHERE id = ?1");

	db_int(q, 1, id);
	db_int(q, 2, left);
	return db_run(q, NULL, err);
}

static int
rename_to(struct ledger *l, int64_t id, const char *name, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "UPDATE friends SET name = ?2 WHERE id = ?1");

	db_int(q, 1, id);
	db_text(q, 2, name);
	return db_run(q, NULL, err);
}

static int
rejoin_as(struct ledger *l, int64_t id, const struct ledger_friend *f,
    int64_t now, struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "UPDATE friends SET left_at = 0, joined_at = ?2, dated = 1,"
	    " address = ?3,"
	    " name = CASE WHEN ?4 = '' THEN name ELSE ?4 END WHERE id = ?1");

	db_int(q, 1, id);
	db_int(q, 2, now);
	db_text(q, 3, f->address);
	db_text(q, 4, f->name);
	return db_run(q, NULL, err) != 0 ? -1 :
	    choose(l, id, f, &(bool){ false }, err);
}

/* One on the list, who stays there. */
static int
renew(struct ledger *l, const struct known *k, const struct ledger_friend *f,
    enum ledger_add *what, struct err *err)
{
	bool changed;

	if ((k->renamed && rename_to(l, k->id, f->name, err) != 0) ||
	    choose(l, k->id, f, &changed, err) != 0)
		return -1;
	*what = k->renamed ? LEDGER_RENAMED : changed ? LEDGER_CHANGED :
	    LEDGER_KNOWN;
	return 0;
}

static int
add_one(struct ledger *l, int64_t list, const struct ledger_friend *f,
    bool rejoin, int64_t now, enum ledger_add *what, struct err *err)
{
	struct known k = { 0, false, false, 0 };
	int r;

	if (check(f, err) != 0)
		return -1;
	r = look_up(l, list, f, &k, err);
	if (r < 0)
		return -1;
	if (r == 0) {
		*what = f->left != 0 ? LEDGER_LEFT : LEDGER_ADDED;
		return insert(l, list, f, now, err);
	}
	if (k.left) {
		rejoin = rejoin && f->left == 0;
		*what = rejoin ? LEDGER_REJOINED : LEDGER_HAS_LEFT;
		return rejoin ? rejoin_as(l, k.id, f, now, err) : 0;
	}
	if (f->left != 0 && f->left <= k.joined) {
		*what = LEDGER_STAYS;
		return 0;
	}
	if (f->left != 0) {
		*what = LEDGER_LEFT;
		return leave(l, k.id, left_at(f, now), err);
	}
	return renew(l, &k, f, what, err);
}

/* ---- several rows of one friend ---- */

static const char *
key_of(const struct ledger_friend *f)
{
	return f->key != NULL ? f->key : "";
}

static int
by_key(const void *a, const void *b)
{
	const struct ledger_friend *const *x = a, *const *y = b;

	return strcmp(key_of(*x), key_of(*y));
}

/* Those of one key get the same `joined` and `left`. */
static void
agree(struct ledger_friend *const *f, size_t n)
{
	int64_t joined = 0, left = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (f[i]->joined != 0 && (joined == 0 || f[i]->joined > joined))
			joined = f[i]->joined;
		if (f[i]->left > left)
			left = f[i]->left;
	}
	if (joined > left)
		left = 0;
	for (i = 0; i < n; i++) {
		f[i]->joined = joined;
		f[i]->left = left;
	}
}

/* A copy in which the order of the rows does not matter; to be freed. */
static struct ledger_friend *
agreed(const struct ledger_friend *f, size_t n)
{
	struct ledger_friend *copy = xcalloc(n + 1, sizeof(*copy));
	struct ledger_friend **sorted = xcalloc(n + 1, sizeof(*sorted));
	size_t i, first;

	for (i = 0; i < n; i++) {
		copy[i] = f[i];
		sorted[i] = &copy[i];
	}
	qsort(sorted, n, sizeof(*sorted), by_key);
	for (first = 0, i = 1; i <= n; i++)
		if (i == n || by_key(&sorted[first], &sorted[i]) != 0) {
			agree(sorted + first, i - first);
			first = i;
		}
	free(sorted);
	return copy;
}

static int
add_all(struct ledger *l, const char *list, const struct ledger_friend *f,
    size_t n, bool rejoin, int64_t now, enum ledger_add *what,
    struct err *err)
{
	enum ledger_add one;
	int64_t id;
	size_t i;

	if (ledger_list_id(l, list, true, &id, err) < 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (add_one(l, id, &f[i], rejoin, now, &one, err) != 0)
			return -1;
		if (what != NULL)
			what[i] = one;
	}
	return 0;
}

int
ledger_friends_add(struct ledger *l, const char *list,
    const struct ledger_friend *f, size_t n, bool rejoin, int64_t now,
    enum ledger_add *what, struct err *err)
{
	struct ledger_friend *rows;
	int rc;

	if (db_begin(l->db, DB_DURABLE, err) != 0)
		return -1;
	rows = agreed(f, n);
	rc = add_all(l, list, rows, n, rejoin, now, what, err);
	free(rows);
	return rc != 0 ? db_rollback(l->db) : db_commit(l->db, err);
}

int
ledger_friend_remove(struct ledger *l, const char *list, const char *key,
    int64_t now, bool *found, struct err *err)
{
	struct db_query *q;
	size_t changed = 0;

	if (db_begin(l->db, DB_DURABLE, err) != 0)
		return -1;
	q = db_query(l->db,
	    "UPDATE friends SET left_at = ?3, joined_at ="
	    " CASE WHEN joined_at < ?3 THEN joined_at ELSE ?3 END"
	    " WHERE key = ?2 AND left_at = 0 AND"
	    " list = (SELECT id FROM lists WHERE name = ?1)");
	db_text(q, 1, list);
	db_text(q, 2, key);
	db_int(q, 3, now > 0 ? now : 1);
	if (db_run(q, &changed, err) != 0)
		return db_rollback(l->db);
	if (db_commit(l->db, err) != 0)
		return -1;
	*found = changed > 0;
	return 0;
}

static void
read_friend(struct db_query *q, struct arena *a, struct ledger_friend *out)
{
	out->id = db_col_int(q, 0);
	out->address = db_col_text(q, 1, a);
	out->key = db_col_text(q, 2, a);
	out->name = db_col_text(q, 3, a);
	out->ref = db_col_text(q, 4, a);
	out->joined = db_col_int(q, 5);
	out->left = db_col_int(q, 6);
	out->language = db_col_text(q, 7, a);
	out->shows = db_col_text(q, 8, a);
	out->zone = db_col_text(q, 9, a);
}

int
ledger_friend_find(struct ledger *l, const char *list, const char *key,
    const char *ref, struct arena *a, struct ledger_friend *out,
    struct err *err)
{
	struct db_query *q;
	int r;

	if (key != NULL)
		q = db_query(l->db, "SELECT " FRIEND_COLUMNS " FROM friends"
		    " WHERE list = (SELECT id FROM lists WHERE name = ?1)"
		    " AND key = ?2");
	else
		q = db_query(l->db, "SELECT " FRIEND_COLUMNS " FROM friends"
		    " WHERE list = (SELECT id FROM lists WHERE name = ?1)"
		    " AND ref = ?2 LIMIT 1");
	db_text(q, 1, list);
	db_text(q, 2, key != NULL ? key : ref);
	r = db_step(q, err);
	if (r == 1) {
		read_friend(q, a, out);
		db_end(q);
	}
	return r;
}

int
ledger_friends(struct ledger *l, const char *list, bool with_left,
    int64_t after, size_t max, struct arena *a, struct ledger_friend **out,
    size_t *n, struct err *err)
{
	struct ledger_rows rows = { .size = sizeof(struct ledger_friend) };
	struct db_query *q = db_query(l->db,
	    "SELECT " FRIEND_COLUMNS " FROM friends INDEXED BY friends_list"
	    " WHERE list = (SELECT id FROM lists WHERE name = ?1)"
	    " AND id > ?2 AND (?3 <> 0 OR left_at = 0) ORDER BY id LIMIT ?4");
	int r;

	db_text(q, 1, list);
	db_int(q, 2, after);
	db_int(q, 3, with_left);
	db_int(q, 4, ledger_limit(max));
	while ((r = db_step(q, err)) == 1)
		read_friend(q, a, ledger_rows_add(&rows));
	if (r == 0)
		*out = ledger_rows_seal(&rows, a, n);
	ledger_rows_drop(&rows);
	return r;
}

int
ledger_friends_count(struct ledger *l, const char *list, size_t *n,
    struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT count(*) FROM friends INDEXED BY friends_list"
	    " WHERE list = (SELECT id FROM lists WHERE name = ?1)"
	    " AND left_at = 0");
	int64_t count = 0;

	db_text(q, 1, list);
	if (db_one(q, &count, err) < 0)
		return -1;
	*n = (size_t)count;
	return 0;
}

int
ledger_zones(struct ledger *l, const char *list, struct arena *a,
    const char ***out, size_t *n, struct err *err)
{
	struct ledger_rows rows = { .size = sizeof(char *) };
	struct db_query *q = db_query(l->db,
	    "SELECT DISTINCT zone FROM friends"
	    " WHERE list = (SELECT id FROM lists WHERE name = ?1)"
	    " AND left_at = 0 ORDER BY zone");
	const char **zone;
	int r;

	db_text(q, 1, list);
	while ((r = db_step(q, err)) == 1) {
		zone = ledger_rows_add(&rows);
		*zone = db_col_text(q, 0, a);
	}
	if (r == 0)
		*out = ledger_rows_seal(&rows, a, n);
	ledger_rows_drop(&rows);
	return r;
}
