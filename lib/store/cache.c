#include "store/cache_int.h"

#include <stdlib.h>
#include <string.h>

#include "text/utf8.h"

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

/* Version 3 kept less of what is in a file: that is looked into again, and
 * answers of servers stay. No address has a blank. Chapters lie apart, as most
 * runs read the rest alone, and would have to pass over them. */
static const char inside[] =
    "DELETE FROM media WHERE key LIKE '/%' OR key LIKE '% facts';"
    "ALTER TABLE media ADD COLUMN sample_rate INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN channels INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN vbr INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN width INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN height INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN art_type TEXT NOT NULL DEFAULT ''"
    " CHECK (length(art_type) < 32);"
    "ALTER TABLE media ADD COLUMN art_width INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN art_height INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN art_channels INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN art_grey INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN art_alpha INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN art_cmyk INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE media ADD COLUMN art_bytes INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE chapters ("
    " key TEXT PRIMARY KEY CHECK (length(key) <= 8192),"
    " text TEXT NOT NULL CHECK (length(text) <= 262144)"
    ") STRICT, WITHOUT ROWID;";

static const char pings[] =
    "CREATE TABLE pings ("
    " hub TEXT NOT NULL CHECK (length(hub) <= 8192),"
    " feed TEXT NOT NULL CHECK (length(feed) <= 8192),"
    " digest TEXT NOT NULL CHECK (length(digest) = 64),"
    " PRIMARY KEY (hub, feed)"
    ") STRICT, WITHOUT ROWID;";

/* Links of mail that led somewhere, and what SpamAssassin had to say of
 * editions: names of rules with blanks between them. */
static const char mails[] =
    "CREATE TABLE links ("
    " url TEXT PRIMARY KEY CHECK (length(url) <= 8192),"
    " asked INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE spam ("
    " list TEXT NOT NULL CHECK (length(list) <= 8192),"
    " edition TEXT NOT NULL CHECK (length(edition) <= 8192),"
    " asked INTEGER NOT NULL,"
    " rules TEXT NOT NULL CHECK (length(rules) <= 65536),"
    " PRIMARY KEY (list, edition)"
    ") STRICT, WITHOUT ROWID;";

static const char *const migrations[] = {
	schema, more, apart, inside, pings, mails
};

static const struct db_kind kind = {
	.what = "cache",
	.remedy = "delete it: it is made anew",
	.application = 0x73686d63,	/* "shmc" */
	.mode = 0644,
	.version = 6,
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

static unsigned
small_at(struct db_query *q, int at)
{
	int64_t n = db_col_int(q, at);

	return n < 0 || n > INT32_MAX ? 0 : (unsigned)n;
}

/* What is in the file, from the column at on. */
static void
take_inside(struct db_query *q, int at, struct cache_media *out)
{
	struct cache_art *art = &out->art;

	out->sample_rate = small_at(q, at);
	out->channels = small_at(q, at + 1);
	out->vbr = db_col_int(q, at + 2) != 0;
	out->width = small_at(q, at + 3);
	out->height = small_at(q, at + 4);
	db_col_copy(q, at + 5, art->type, sizeof(art->type));
	art->width = small_at(q, at + 6);
	art->height = small_at(q, at + 7);
	art->channels = small_at(q, at + 8);
	art->grey = db_col_int(q, at + 9) != 0;
	art->alpha = db_col_int(q, at + 10) != 0;
	art->cmyk = db_col_int(q, at + 11) != 0;
	art->bytes = db_col_int(q, at + 12);
	out->chapters = NULL;
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
	    " codec, how, doubt, sample_rate, channels, vbr, width, height,"
	    " art_type, art_width, art_height, art_channels, art_grey,"
	    " art_alpha, art_cmyk, art_bytes FROM media WHERE key = ?1");
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
	take_inside(q, 13, out);
	db_end(q);
	return 1;
}

int
cache_chapters_get(struct cache *c, const char *key, struct arena *a,
    const char **out, struct err *err)
{
	struct db_query *q;
	const char *text;
	size_t n;
	int r;

	if (c == NULL)
		return 0;
	q = db_query(c->db, "SELECT text FROM chapters WHERE key = ?1");
	db_text(q, 1, key);
	r = db_step(q, err);
	if (r != 1)
		return r;
	n = db_col_size(q, 0);
	r = n > 0 && n <= CACHE_CHAPTERS_MAX;
	if (r == 1) {
		/* Somebody else may have written it. */
		text = db_col_text(q, 0, a);
		r = strlen(text) == n && utf8_invalid_at(text, n) == n;
		*out = r == 1 ? text : *out;
	}
	db_end(q);
	return r;
}

/* As take_inside() takes it. */
static void
put_inside(struct db_query *q, int at, const struct cache_media *m)
{
	const struct cache_art *art = &m->art;

	db_int(q, at, m->sample_rate);
	db_int(q, at + 1, m->channels);
	db_int(q, at + 2, m->vbr);
	db_int(q, at + 3, m->width);
	db_int(q, at + 4, m->height);
	db_text(q, at + 5, art->type);
	db_int(q, at + 6, art->width);
	db_int(q, at + 7, art->height);
	db_int(q, at + 8, art->channels);
	db_int(q, at + 9, art->grey);
	db_int(q, at + 10, art->alpha);
	db_int(q, at + 11, art->cmyk);
	db_int(q, at + 12, art->bytes);
}

static int
put_chapters(struct cache *c, const char *key, const char *text,
    struct err *err)
{
	struct db_query *q;

	if (text == NULL || strlen(text) > CACHE_CHAPTERS_MAX) {
		q = db_query(c->db, "DELETE FROM chapters WHERE key = ?1");
	} else {
		q = db_query(c->db, "INSERT OR REPLACE INTO chapters"
		    " (key, text) VALUES (?1, ?2)");
		db_text(q, 2, text);
	}
	db_text(q, 1, key);
	return db_run(q, NULL, err);
}

static int
put_media(struct cache *c, const char *key, const struct cache_media *m,
    struct err *err)
{
	struct db_query *q;

	q = db_query(c->db, "INSERT OR REPLACE INTO media (key, size,"
	    " mtime_ns, inode, length, duration_ms, learnt, type, etag,"
	    " modified, bitrate, codec, how, doubt, sample_rate, channels,"
	    " vbr, width, height, art_type, art_width, art_height,"
	    " art_channels, art_grey, art_alpha, art_cmyk, art_bytes)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26,"
	    " ?27)");
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
	put_inside(q, 15, m);
	return db_run(q, NULL, err);
}

int
cache_media_put(struct cache *c, const char *key, const struct cache_media *m,
    struct err *err)
{
	if (c == NULL)
		return 0;
	if (db_bound("the media file's name", key, 1, CACHE_KEY_MAX,
	    err) != 0 || db_begin(c->db, DB_SOFT, err) != 0)
		return -1;
	if (put_media(c, key, m, err) != 0 ||
	    put_chapters(c, key, m->chapters, err) != 0)
		return db_rollback(c->db);
	return db_commit(c->db, err);
}

int
cache_ping_get(struct cache *c, const char *hub, const char *feed,
    const char *digest, struct err *err)
{
	struct db_query *q;
	int r;

	if (c == NULL)
		return 0;
	q = db_query(c->db, "SELECT 1 FROM pings WHERE hub = ?1 AND"
	    " feed = ?2 AND digest = ?3");
	db_text(q, 1, hub);
	db_text(q, 2, feed);
	db_text(q, 3, digest);
	r = db_step(q, err);
	if (r == 1)
		db_end(q);
	return r;
}

int
cache_ping_put(struct cache *c, const char *hub, const char *feed,
    const char *digest, struct err *err)
{
	struct db_query *q;

	if (c == NULL)
		return 0;
	q = db_query(c->db, "INSERT OR REPLACE INTO pings (hub, feed, digest)"
	    " VALUES (?1, ?2, ?3)");
	db_text(q, 1, hub);
	db_text(q, 2, feed);
	db_text(q, 3, digest);
	return db_run(q, NULL, err);
}
