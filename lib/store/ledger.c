#include "store/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "store/ledger_int.h"

/* Each message costs two commits, and a commit each page that it changes: so no
 * index has the states that a message passes through on its way, and the index
 * of claims, at most LEDGER_CLAIM_MAX rows, is one page.
 *
 * deliveries.state is enum ledger_state; deliveries.boot says in which boot of
 * the machine the row was claimed; deliveries.resent is when it was last sent
 * again on request, or 0. episodes.again is 0 but for an episode that was put
 * into another edition of its list on request; episodes.date is its date, as it
 * was at the freeze. */
static const char schema[] =
    "CREATE TABLE lists ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200)"
    ") STRICT;"
    "CREATE TABLE friends ("
    " id INTEGER PRIMARY KEY,"
    " list INTEGER NOT NULL REFERENCES lists,"
    " address TEXT NOT NULL CHECK (length(address) BETWEEN 1 AND 320),"
    " key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 320),"
    " name TEXT NOT NULL CHECK (length(name) <= 500),"
    " ref TEXT NOT NULL CHECK (length(ref) <= 64),"
    " joined_at INTEGER NOT NULL,"
    " left_at INTEGER NOT NULL DEFAULT 0,"
    " UNIQUE (list, key)"
    ") STRICT;"
    "CREATE INDEX friends_list ON friends (list, id, left_at);"
    "CREATE TABLE editions ("
    " id INTEGER PRIMARY KEY,"
    " list INTEGER NOT NULL REFERENCES lists,"
    " name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 31),"
    " frozen INTEGER NOT NULL,"
    " first_delivery INTEGER NOT NULL DEFAULT 0,"
    " last_delivery INTEGER NOT NULL DEFAULT 0,"
    " subject TEXT NOT NULL,"
    " html TEXT NOT NULL,"
    " text TEXT NOT NULL,"
    " mold BLOB NOT NULL,"
    " UNIQUE (list, name)"
    ") STRICT;"
    "CREATE INDEX editions_list ON editions (list, frozen);"
    "CREATE TABLE episodes ("
    " edition INTEGER NOT NULL REFERENCES editions,"
    " place INTEGER NOT NULL,"
    " list INTEGER NOT NULL REFERENCES lists,"
    " guid TEXT NOT NULL CHECK (length(guid) BETWEEN 1 AND 2000),"
    " again INTEGER NOT NULL,"
    " number INTEGER NOT NULL,"
    " date INTEGER NOT NULL,"
    " title TEXT NOT NULL CHECK (length(title) <= 2000),"
    " PRIMARY KEY (edition, place),"
    " UNIQUE (edition, guid),"
    " UNIQUE (list, guid, again)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE deliveries ("
    " id INTEGER PRIMARY KEY,"
    " edition INTEGER NOT NULL REFERENCES editions,"
    " friend INTEGER NOT NULL REFERENCES friends,"
    " state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 7),"
    " attempts INTEGER NOT NULL DEFAULT 0,"
    " code INTEGER NOT NULL DEFAULT 0,"
    " boot INTEGER NOT NULL DEFAULT 0,"
    " changed INTEGER NOT NULL,"
    " resent INTEGER NOT NULL DEFAULT 0,"
    " text TEXT NOT NULL DEFAULT '' CHECK (length(text) <= 500),"
    " queue_id TEXT NOT NULL DEFAULT '' CHECK (length(queue_id) <= 100),"
    " UNIQUE (edition, friend)"
    ") STRICT;"
    "CREATE INDEX deliveries_open ON deliveries (edition, state)"
    " WHERE state IN (0, 4, 5, 6);"
    "CREATE INDEX deliveries_claimed ON deliveries (boot)"
    " WHERE " LEDGER_HELD ";"
    "CREATE TABLE boots ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE"
    ") STRICT;"
    "CREATE TABLE keys ("
    " id TEXT PRIMARY KEY,"
    " key BLOB NOT NULL CHECK (length(key) = 32)"
    ") STRICT, WITHOUT ROWID;";

/* friends.dated: joined_at is when the friend joined, and not only when they
 * came into this ledger. untold: editions that were claimed from, and whose
 * failures nobody was told since. */
static const char second[] =
    "ALTER TABLE friends ADD COLUMN dated INTEGER NOT NULL DEFAULT 0;"
    "UPDATE friends SET joined_at = left_at"
    " WHERE left_at <> 0 AND joined_at > left_at;"
    "CREATE TABLE untold ("
    " edition INTEGER PRIMARY KEY REFERENCES editions ON DELETE CASCADE"
    ") STRICT;";

/* page: the edition as a web page, without what is one friend's. */
static const char third[] =
    "ALTER TABLE editions ADD COLUMN page TEXT NOT NULL DEFAULT '';";

/* friends.language, .shows (slugs with a blank between them) and .zone are what
 * the friend asked for; "" is what the show has, all shows, the show's zone.
 * variants: what an edition is for those who asked for another language or for
 * some of its shows; deliveries.variant says which of them, 0 is the edition as
 * it stands in editions. choices: which variant of an edition those get who
 * asked for that language and those shows, 0 being the edition itself and -1
 * none of it. deliveries.due: not before that time; .planned: what it was at
 * the freeze. limits: what a relay was found to bear. */
static const char fourth[] =
    "ALTER TABLE friends ADD COLUMN language TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE friends ADD COLUMN shows TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE friends ADD COLUMN zone TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX friends_chosen ON friends (list, language, shows)"
    " WHERE " LEDGER_CHOSEN ";"
    "CREATE TABLE variants ("
    " edition INTEGER NOT NULL REFERENCES editions ON DELETE CASCADE,"
    " variant INTEGER NOT NULL CHECK (variant > 0),"
    " language TEXT NOT NULL,"
    " shows TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " html TEXT NOT NULL,"
    " text TEXT NOT NULL,"
    " mold BLOB NOT NULL,"
    " PRIMARY KEY (edition, variant)"
    ") STRICT;"
    "CREATE TABLE choices ("
    " edition INTEGER NOT NULL REFERENCES editions ON DELETE CASCADE,"
    " language TEXT NOT NULL,"
    " shows TEXT NOT NULL,"
    " variant INTEGER NOT NULL CHECK (variant >= -1),"
    " PRIMARY KEY (edition, language, shows)"
    ") STRICT, WITHOUT ROWID;"
    "ALTER TABLE deliveries ADD COLUMN variant INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE deliveries ADD COLUMN due INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE deliveries ADD COLUMN planned INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE limits ("
    " relay TEXT PRIMARY KEY,"
    " rate INTEGER NOT NULL,"
    " connections INTEGER NOT NULL,"
    " learnt INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;";

static const char fifth[] =
    "DROP INDEX deliveries_open;"
    "CREATE INDEX deliveries_open ON deliveries (edition, state)"
    " WHERE " LEDGER_OPEN("") ";";

/* deliveries.deferred: of one that is claimed, or was put off since, since when
 * it was deferred before that (`changed`); 0: it was pending. */
static const char sixth[] =
    "ALTER TABLE deliveries ADD COLUMN deferred INTEGER NOT NULL DEFAULT 0;";

/* .seal: of what was frozen (ledger_seal.c). */
static const char seventh[] =
    "ALTER TABLE editions ADD COLUMN seal BLOB NOT NULL DEFAULT x'';"
    "ALTER TABLE variants ADD COLUMN seal BLOB NOT NULL DEFAULT x'';";

static const char *const migrations[] = { schema, second, third, fourth,
	fifth, sixth, seventh };

static const struct db_kind kind = {
	.what = "ledger",
	.remedy = "put back a copy of it, or set `ledger` in config.ini to "
	    "another file; never delete it in order to send again",
	.application = 0x73686d6c,	/* "shml" */
	.mode = 0600,
	.version = 7,
	.migrations = migrations,
	.server_migrations = ledger_pg_migrations,
	.server_first = 4
};

bool
ledger_is_url(const char *place)
{
	return db_is_url(place);
}

size_t
ledger_scheme(const char *place)
{
	return db_scheme(place);
}

const char *
ledger_shown(struct arena *a, const char *place)
{
	return db_shown(a, place);
}

bool
ledger_has_password(const char *place)
{
	return db_has_password(place);
}

/* 0, or -1 where there is none (no /proc in a bare chroot). */
static int
read_boot_id(char out[LEDGER_BOOT_MAX])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	do
		n = read(fd, out, LEDGER_BOOT_MAX - 1);
	while (n < 0 && errno == EINTR);
	close(fd);
	if (n <= 0)
		return -1;
	out[n] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return out[0] == '\0' ? -1 : 0;
}

static int
boot_id(char out[LEDGER_BOOT_MAX], struct err *err)
{
	unsigned char random[16];

	if (read_boot_id(out) == 0)
		return 0;
	if (hash_random(random, sizeof(random), err) != 0)
		return -1;
	hash_hex(random, sizeof(random), out);
	return 0;
}

/* On a server a process is looked for where its number means something: two
 * containers of one machine may be of one name. */
static void
add_namespace(char boot[LEDGER_BOOT_MAX])
{
	char where[LEDGER_BOOT_MAX];
	ssize_t n = readlink("/proc/self/ns/pid", where, sizeof(where) - 1);
	size_t len = strlen(boot);

	where[n > 0 ? n : 0] = '\0';
	snprintf(boot + len, LEDGER_BOOT_MAX - len, " %s", where);
}

static struct ledger *
open_ledger(const char *path, bool peek, struct err *err)
{
	struct ledger *l = xcalloc(1, sizeof(*l));

	l->peek = peek;
	l->db = peek ? db_peek(path, &kind, err) : db_open(path, &kind, err);
	if (l->db == NULL || boot_id(l->boot, err) != 0) {
		ledger_close(l);
		return NULL;
	}
	if (db_is_shared(l->db))
		add_namespace(l->boot);
	return l;
}

struct ledger *
ledger_open(const char *path, struct err *err)
{
	return open_ledger(path, false, err);
}

struct ledger *
ledger_peek(const char *path, struct err *err)
{
	return open_ledger(path, true, err);
}

void
ledger_close(struct ledger *l)
{
	if (l == NULL)
		return;
	ledger_sender_end(l);
	db_close(l->db);
	free(l);
}

int
ledger_damaged(const struct ledger *l, const char *why, struct err *err)
{
	return db_damaged(l->db, why, err);
}

bool
ledger_is_shared(const struct ledger *l)
{
	return db_is_shared(l->db);
}

void
ledger_heed(struct ledger *l, bool (*stopped)(void))
{
	db_heed(l->db, stopped);
}

void
ledger_set_boot_id(struct ledger *l, const char *id)
{
	size_t n = strnlen(id, sizeof(l->boot) - 1);

	memcpy(l->boot, id, n);
	l->boot[n] = '\0';
	/* Whoever it was is not heard of any more. */
	l->sender = 0;
}

static int
key_get(struct ledger *l, unsigned char key[LEDGER_KEY_SIZE], struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT key FROM keys WHERE id = ?1");
	char found[LEDGER_KEY_SIZE + 1];
	size_t size;
	int r;

	db_text(q, 1, LEDGER_KEY_ID);
	r = db_step(q, err);
	if (r != 1)
		return r;
	size = db_col_size(q, 0);
	db_col_copy(q, 0, found, sizeof(found));
	db_end(q);
	if (size != LEDGER_KEY_SIZE)
		return err_set(err, ERR_INTERNAL,
		    "the ledger's key is not of the right size");
	memcpy(key, found, LEDGER_KEY_SIZE);
	return 1;
}

static int
key_make(struct ledger *l, unsigned char key[LEDGER_KEY_SIZE],
    struct err *err)
{
	struct db_query *q;
	int r;

	if (db_begin(l->db, DB_DURABLE, err) != 0)
		return -1;
	r = key_get(l, key, err);
	if (r < 0)
		return db_rollback(l->db);
	if (r == 0) {
		if (hash_random(key, LEDGER_KEY_SIZE, err) != 0)
			return db_rollback(l->db);
		q = db_query(l->db,
		    "INSERT INTO keys (id, key) VALUES (?1, ?2)");
		db_text(q, 1, LEDGER_KEY_ID);
		db_blob(q, 2, key, LEDGER_KEY_SIZE);
		if (db_run(q, NULL, err) != 0)
			return db_rollback(l->db);
	}
	return db_commit(l->db, err);
}

int
ledger_key(struct ledger *l, char id[LEDGER_NAME_MAX],
    unsigned char key[LEDGER_KEY_SIZE], struct err *err)
{
	int r = key_get(l, key, err);

	if (r == 0 && l->peek)
		return 1;
	if (r < 0 || (r == 0 && key_make(l, key, err) != 0))
		return -1;
	memcpy(id, LEDGER_KEY_ID, sizeof(LEDGER_KEY_ID));
	return 0;
}

/* ---- shared ---- */

int
ledger_list_id(struct ledger *l, const char *list, bool make, int64_t *id,
    struct err *err)
{
	struct db_query *q = db_query(l->db,
	    "SELECT id FROM lists WHERE name = ?1");
	int r;

	*id = 0;
	db_text(q, 1, list);
	r = db_one(q, id, err);
	if (r != 0 || !make)
		return r;
	if (db_bound("the list's name", list, 1, LEDGER_LIST_MAX, err) != 0)
		return -1;
	q = db_query(l->db, "INSERT INTO lists (name) VALUES (?1)");
	db_text(q, 1, list);
	if (db_run(q, NULL, err) != 0)
		return -1;
	*id = db_last_id(l->db);
	return 1;
}

void *
ledger_rows_add(struct ledger_rows *r)
{
	char *at;

	if (r->n == r->cap) {
		r->cap = r->cap == 0 ? 64 : r->cap * 2;
		r->data = xreallocarray(r->data, r->cap, r->size);
	}
	at = r->data + r->n++ * r->size;
	memset(at, 0, r->size);
	return at;
}

void *
ledger_rows_seal(struct ledger_rows *r, struct arena *a, size_t *n)
{
	void *out = arena_array(a, r->n == 0 ? 1 : r->n, r->size);

	if (r->n > 0)
		memcpy(out, r->data, r->n * r->size);
	*n = r->n;
	ledger_rows_drop(r);
	return out;
}

void
ledger_rows_drop(struct ledger_rows *r)
{
	free(r->data);
	r->data = NULL;
	r->n = r->cap = 0;
}

int64_t
ledger_limit(size_t max)
{
	return max > INT64_MAX ? INT64_MAX : (int64_t)max;
}
