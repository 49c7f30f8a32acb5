#include "store/db_int.h"

#include <string.h>
#include <strings.h>

bool
db_is_url(const char *place)
{
	/* Also what is not quite one: a file of that name would be none that
	 * anybody means, and there may be a password in it. */
	return strncasecmp(place, "postgresql:", 11) == 0 ||
	    strncasecmp(place, "postgres:", 9) == 0;
}

size_t
db_scheme(const char *place)
{
	size_t n = strspn(place, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._");

	return strncmp(place + n, "://", 3) == 0 ? n : 0;
}

const char *
db_shown(struct arena *a, const char *place)
{
	return db_is_url(place) ? db_pg_shown(a, place) : place;
}

bool
db_has_password(const char *place)
{
	return db_is_url(place) && db_pg_has_password(place);
}

static struct db *
open_place(const char *place, const struct db_kind *kind, bool peek,
    struct err *err)
{
	/* A kind that no server has is a file, whatever it is called. */
	if (kind->server_migrations != NULL && db_is_url(place))
		return db_pg_open(place, kind, peek, err);
	return db_sqlite_open(place, kind, peek, err);
}

struct db *
db_open(const char *place, const struct db_kind *kind, struct err *err)
{
	return open_place(place, kind, false, err);
}

struct db *
db_peek(const char *place, const struct db_kind *kind, struct err *err)
{
	return open_place(place, kind, true, err);
}

bool
db_is_shared(const struct db *db)
{
	return db->shared;
}

void
db_heed(struct db *db, bool (*stopped)(void))
{
	db->stopped = stopped;
}

void
db_close(struct db *db)
{
	if (db != NULL)
		db->ops->close(db);
}

/* ---- transactions ---- */

int
db_begin(struct db *db, enum db_commit how, struct err *err)
{
	return db->ops->begin(db, how, false, err);
}

int
db_begin_beside(struct db *db, enum db_commit how, struct err *err)
{
	return db->ops->begin(db, how, true, err);
}

int
db_commit(struct db *db, struct err *err)
{
	return db->ops->commit(db, err);
}

int
db_flush(struct db *db, struct err *err)
{
	return db->shared ? 0 : db_sqlite_flush(db, err);
}

int
db_rollback(struct db *db)
{
	db->ops->rollback(db);
	return -1;
}

int
db_autocommit(struct db *db, enum db_commit how, struct err *err)
{
	return db->ops->autocommit(db, how, err);
}

/* ---- statements ---- */

struct db_query *
db_query(struct db *db, const char *literal)
{
	return db->ops->query(db, literal);
}

void
db_int(struct db_query *q, int at, int64_t value)
{
	q->db->ops->bind_int(q, at, value);
}

void
db_text_len(struct db_query *q, int at, const char *value, size_t len)
{
	q->db->ops->bind_text(q, at, value == NULL ? "" : value, len);
}

void
db_text(struct db_query *q, int at, const char *value)
{
	db_text_len(q, at, value, value == NULL ? 0 : strlen(value));
}

void
db_blob(struct db_query *q, int at, const void *value, size_t len)
{
	q->db->ops->bind_blob(q, at, value, len);
}

int
db_step(struct db_query *q, struct err *err)
{
	return q->db->ops->step(q, err);
}

void
db_end(struct db_query *q)
{
	q->db->ops->end(q);
}

int
db_run(struct db_query *q, size_t *changed, struct err *err)
{
	return q->db->ops->run(q, changed, err);
}

int
db_one(struct db_query *q, int64_t *out, struct err *err)
{
	int r = db_step(q, err);

	if (r == 1) {
		*out = db_col_int(q, 0);
		db_end(q);
	}
	return r;
}

int64_t
db_col_int(struct db_query *q, int at)
{
	return q->db->ops->col_int(q, at);
}

size_t
db_col_size(struct db_query *q, int at)
{
	size_t n;

	(void)q->db->ops->col(q, at, &n);
	return n;
}

char *
db_col_text(struct db_query *q, int at, struct arena *a)
{
	size_t n;
	const void *p = q->db->ops->col(q, at, &n);
	char *out = arena_alloc(a, n + 1);

	if (n > 0)
		memcpy(out, p, n);
	return out;
}

void
db_col_copy(struct db_query *q, int at, char *out, size_t size)
{
	size_t n;
	const void *p = q->db->ops->col(q, at, &n);

	if (n > size - 1)
		n = size - 1;
	if (n > 0)
		memcpy(out, p, n);
	out[n] = '\0';
}

int
db_damaged(const struct db *db, const char *why, struct err *err)
{
	err_set(err, ERR_IO, "the %s is damaged (%s); %s", db->kind->what,
	    why, db->kind->remedy);
	return err_at(err, db->place, 0);
}

int64_t
db_last_id(struct db *db)
{
	return db->ops->last_id(db);
}

int
db_bound(const char *what, const char *text, size_t min, size_t max,
    struct err *err)
{
	size_t n = text == NULL ? 0 : strlen(text);

	if (n < min)
		return err_set(err, ERR_INPUT, "%s is empty", what);
	if (n > max)
		return err_set(err, ERR_INPUT, "%s is longer than %zu bytes",
		    what, max);
	return 0;
}
