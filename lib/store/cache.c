#include "store/cache.h"

#include <stdlib.h>

#include "store/db.h"

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

/* Version 1 knew durations of nothing but MP3: its files
 * are looked into again, and its answers of servers stay. */
static const char more[] =
    "DELETE FROM media WHERE key LIKE '/%';"
    "ALTER TABLE media ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN bitrate INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN codec TEXT NOT NULL DEFAULT ''"
    " CHECK (length(codec) < 16);"
    "ALTER TABLE media ADD COLUMN how TEXT NOT NULL DEFAULT 'head'"
    " CHECK (length(how) < 16);"
    "ALTER TABLE media ADD COLUMN doubt TEXT NOT NULL DEFAULT ''"
    " CHECK (length(doubt) < 256);";

/* Version 2 had one row for what a server says of a file and for what is in
 * it. */
static const char apart[] =
    "DELETE FROM media WHERE looked != 0 AND key NOT LIKE '/%';"
    "ALTER TABLE media DROP COLUMN looked;";

static const char *const migrations[] = { schema, more, apart };

static const struct db_kind kind = {
	.what = "cache",
	.remedy = "delete it: it is made anew",
	.application = 0x73686d63,	/* "shmc" */
	.mode = 0644,
	.version = 3,
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
	    " duration_ms, learnt, type, etag, modified, bitrate,"
	    " codec, how, doubt FROM media WHERE key = ?1");
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
	out->bitrate = db_col_int(q, 9);
	db_col_copy(q, 10, out->codec, sizeof(out->codec));
	db_col_copy(q, 11, out->how, sizeof(out->how));
	db_col_copy(q, 12, out->doubt, sizeof(out->doubt));
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
	    " modified, bitrate, codec, how, doubt)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14)");
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
	db_int(q, 11, m->bitrate);
	db_text(q, 12, m->codec);
	db_text(q, 13, m->how);
	db_text(q, 14, m->doubt);
	return db_run(q, NULL, err);
}
