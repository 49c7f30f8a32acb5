#include "store/cache.h"

#include <stdlib.h>

#include "store/db.h"

#define CACHE_KEY_MAX 8192

struct cache {
	struct db *db;
};

static const char schema[] =
    "CREATE TABLE media ("
    " key TEXT PRIMARY KEY CHECK (length(key) <= 8192),"
    " size INTEGER NOT NULL,"
    " mtime_ns INTEGER NOT NULL,"
    " inode INTEGER NOT NULL,"
    " length INTEGER NOT NULL,"
    " duration_ms INTEGER NOT NULL,"
    " learnt INTEGER NOT NULL,"
    " type TEXT NOT NULL CHECK (length(type) < 256),"
    " etag TEXT NOT NULL CHECK (length(etag) < 256),"
    " modified TEXT NOT NULL CHECK (length(modified) < 256)"
    ") STRICT, WITHOUT ROWID;";

static const char *const migrations[] = { schema };

static const struct db_kind kind = {
	.what = "cache",
	.remedy = "delete it: it is made anew",
	.application = 0x73686d63,	/* "shmc" */
	.mode = 0644,
	.version = 1,
	.migrations = migrations
};

struct cache *
cache_open(const char *path, struct err *err)
{
	struct cache *c = xcalloc(1, sizeof(*c));

	c->db = db_open(path, &kind, err);
	if (c->db == NULL) {
		free(c);
		return NULL;
	}
	return c;
}

void
cache_close(struct cache *c)
{
	if (c == NULL)
		return;
	db_close(c->db);
	free(c);
}

int
cache_media_get(struct cache *c, const char *key, struct cache_media *out,
    struct err *err)
{
	struct db_query *q;
	int r;

	if (c == NULL)
		return 0;
	q = db_query(c->db, "SELECT size, mtime_ns, inode, length,"
	    " duration_ms, learnt, type, etag, modified FROM media"
	    " WHERE key = ?1");
	db_text(q, 1, key);
	r = db_step(q, err);
	if (r != 1)
		return r;
	out->stamp.size = db_col_int(q, 0);
	out->stamp.mtime_ns = db_col_int(q, 1);
	out->stamp.inode = (uint64_t)db_col_int(q, 2);
	out->length = db_col_int(q, 3);
	out->duration_ms = db_col_int(q, 4);
	out->learnt = db_col_int(q, 5);
	db_col_copy(q, 6, out->type, sizeof(out->type));
	db_col_copy(q, 7, out->etag, sizeof(out->etag));
	db_col_copy(q, 8, out->modified, sizeof(out->modified));
	db_end(q);
	return 1;
}

int
cache_media_put(struct cache *c, const char *key, const struct cache_media *m,
    struct err *err)
{
	struct db_query *q;

	if (c == NULL)
		return 0;
	if (db_bound("the media file's name", key, 1, CACHE_KEY_MAX, err) != 0 ||
	    db_autocommit(c->db, DB_SOFT, err) != 0)
		return -1;
	q = db_query(c->db, "INSERT OR REPLACE INTO media (key, size,"
	    " mtime_ns, inode, length, duration_ms, learnt, type, etag,"
	    " modified) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	db_text(q, 1, key);
	db_int(q, 2, m->stamp.size);
	db_int(q, 3, m->stamp.mtime_ns);
	db_int(q, 4, (int64_t)m->stamp.inode);
	db_int(q, 5, m->length);
	db_int(q, 6, m->duration_ms);
	db_int(q, 7, m->learnt);
	db_text(q, 8, m->type);
	db_text(q, 9, m->etag);
	db_text(q, 10, m->modified);
	return db_run(q, NULL, err);
}
