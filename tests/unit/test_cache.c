/* The cache: what is put comes back, and its absence is no failure. */
#include "store_fixture.h"

#include <sqlite3.h>

#include "store/cache.h"
#include "store/ledger.h"

static struct cache *
open_cache(void)
{
	struct cache *c = cache_open(fixture_path("cache.db"), &err);

	fixture_ok(c == NULL ? -1 : 0);
	return c;
}

static const struct cache_media sample = {
	.stamp = { 123, 1750000000123456789, UINT64_MAX - 1 },
	.length = 5000000000, .duration_ms = 1741250, .learnt = 1750000000,
	.type = "audio/mpeg", .etag = "\"abc\"",
	.modified = "Mon, 02 Jun 2025 10:00:00 GMT", .bitrate = 128000,
	.codec = "mp3", .how = "file", .doubt = "ends in a frame",
	.sample_rate = 44100, .channels = 2, .vbr = true, .width = 1920,
	.height = 1080, .art = { .type = "image/png", .width = 640,
	.height = 480, .channels = 4, .grey = true, .alpha = true,
	.cmyk = true, .bytes = 5000000000 }, .chapters = "[]"
};

static void
assert_media(const struct cache_media *a, const struct cache_media *b)
{
	assert_int_equal(a->stamp.size, b->stamp.size);
	assert_int_equal(a->stamp.mtime_ns, b->stamp.mtime_ns);
	assert_true(a->stamp.inode == b->stamp.inode);
	assert_int_equal(a->length, b->length);
	assert_int_equal(a->duration_ms, b->duration_ms);
	assert_int_equal(a->learnt, b->learnt);
	assert_string_equal(a->type, b->type);
	assert_string_equal(a->etag, b->etag);
	assert_string_equal(a->modified, b->modified);
	assert_int_equal(a->bitrate, b->bitrate);
	assert_string_equal(a->codec, b->codec);
	assert_string_equal(a->how, b->how);
	assert_string_equal(a->doubt, b->doubt);
	assert_int_equal(a->sample_rate, b->sample_rate);
	assert_int_equal(a->channels, b->channels);
	assert_int_equal(a->vbr, b->vbr);
	assert_int_equal(a->width, b->width);
	assert_int_equal(a->height, b->height);
	assert_string_equal(a->art.type, b->art.type);
	assert_int_equal(a->art.width, b->art.width);
	assert_int_equal(a->art.height, b->art.height);
	assert_int_equal(a->art.channels, b->art.channels);
	assert_int_equal(a->art.grey, b->art.grey);
	assert_int_equal(a->art.alpha, b->art.alpha);
	assert_int_equal(a->art.cmyk, b->art.cmyk);
	assert_int_equal(a->art.bytes, b->art.bytes);
}

/* NULL: none are known. */
static void
assert_chapters(struct cache *c, const char *key, const char *text)
{
	const char *out = NULL;
	int r = cache_chapters_get(c, key, &arena, &out, &err);

	fixture_ok(r);
	assert_int_equal(r, text != NULL);
	if (text != NULL)
		assert_string_equal(out, text);
	else
		assert_null(out);
}

/* What another program writes into it. */
static void
write_foreign(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(fixture_path("cache.db"), &db),
	    SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
chapters(void **state)
{
	char *text = arena_alloc(&arena, CACHE_CHAPTERS_MAX + 2);
	struct cache_media m = sample, out;
	struct cache *c = open_cache();

	(void)state;
	assert_chapters(c, "/a.mp3", NULL);
	fixture_ok(cache_media_put(c, "/a.mp3", &m, &err));
	assert_chapters(c, "/a.mp3", "[]");
	assert_int_equal(cache_media_get(c, "/a.mp3", &out, &err), 1);
	assert_null(out.chapters);
	/* The most that is kept, and one byte more. */
	memset(text, 'x', CACHE_CHAPTERS_MAX);
	m.chapters = text;
	fixture_ok(cache_media_put(c, "/a.mp3", &m, &err));
	cache_close(c);
	c = open_cache();
	assert_chapters(c, "/a.mp3", text);
	text[CACHE_CHAPTERS_MAX] = 'x';
	fixture_ok(cache_media_put(c, "/a.mp3", &m, &err));
	assert_chapters(c, "/a.mp3", NULL);
	assert_int_equal(cache_media_get(c, "/a.mp3", &out, &err), 1);
	/* Those of an earlier file go with what was known of it. */
	fixture_ok(cache_media_put(c, "/a.mp3", &sample, &err));
	m.chapters = NULL;
	fixture_ok(cache_media_put(c, "/a.mp3", &m, &err));
	assert_chapters(c, "/a.mp3", NULL);
	assert_chapters(NULL, "/a.mp3", NULL);
	cache_close(c);
}

static void
foreign_values(void **state)
{
	static const char *const texts[] = { "''", "CAST(x'5b80ff5d' AS TEXT)",
		"CAST(x'5b005d' AS TEXT)", "CAST(zeroblob(262144) AS TEXT)",
		"replace(hex(zeroblob(200000)), '0', 'x')" };
	struct cache *c = open_cache();
	struct cache_media out;
	size_t i;

	(void)state;
	fixture_ok(cache_media_put(c, "/a.mp3", &sample, &err));
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_foreign(arena_printf(&arena, "PRAGMA "
		    "ignore_check_constraints = ON; UPDATE chapters SET text ="
		    " %s", texts[i]));
		assert_chapters(c, "/a.mp3", NULL);
	}
	write_foreign("UPDATE media SET sample_rate = -1, channels = 1 << 40,"
	    " art_width = -9223372036854775808");
	assert_int_equal(cache_media_get(c, "/a.mp3", &out, &err), 1);
	assert_int_equal(out.sample_rate, 0);
	assert_int_equal(out.channels, 0);
	assert_int_equal(out.art.width, 0);
	assert_int_equal(out.art.height, 480);
	write_foreign("DROP TABLE chapters");
	cache_close(c);
	c = open_cache();
	assert_int_equal(cache_chapters_get(c, "/a.mp3", &arena,
	    &(const char *){ NULL }, &err), -1);
	cache_close(c);
}

/* What version 3 knew of files is looked for again; servers' answers stay. */
static void
older_version(void **state)
{
	struct cache *c = open_cache();
	struct cache_media m = { .length = 7, .duration_ms = -1,
	    .how = "head", .etag = "\"e\"" }, out;

	(void)state;
	fixture_ok(cache_media_put(c, "/a b.mp3", &sample, &err));
	fixture_ok(cache_media_put(c, "http://a/b", &m, &err));
	fixture_ok(cache_media_put(c, "http://a/b facts", &sample, &err));
	cache_close(c);
	write_foreign("DROP TABLE chapters; DROP TABLE pings;"
	    "DROP TABLE links; DROP TABLE spam;"
	    "ALTER TABLE media DROP COLUMN sample_rate;"
	    "ALTER TABLE media DROP COLUMN channels;"
	    "ALTER TABLE media DROP COLUMN vbr;"
	    "ALTER TABLE media DROP COLUMN width;"
	    "ALTER TABLE media DROP COLUMN height;"
	    "ALTER TABLE media DROP COLUMN art_type;"
	    "ALTER TABLE media DROP COLUMN art_width;"
	    "ALTER TABLE media DROP COLUMN art_height;"
	    "ALTER TABLE media DROP COLUMN art_channels;"
	    "ALTER TABLE media DROP COLUMN art_grey;"
	    "ALTER TABLE media DROP COLUMN art_alpha;"
	    "ALTER TABLE media DROP COLUMN art_cmyk;"
	    "ALTER TABLE media DROP COLUMN art_bytes;"
	    "PRAGMA user_version = 3");
	c = open_cache();
	assert_int_equal(cache_media_get(c, "/a b.mp3", &out, &err), 0);
	assert_int_equal(cache_media_get(c, "http://a/b facts", &out, &err),
	    0);
	assert_int_equal(cache_media_get(c, "http://a/b", &out, &err), 1);
	assert_media(&out, &m);
	assert_chapters(c, "http://a/b", NULL);
	fixture_ok(cache_media_put(c, "/a b.mp3", &sample, &err));
	assert_chapters(c, "/a b.mp3", "[]");
	cache_close(c);
}

static void
put_and_get(void **state)
{
	struct cache_media m = sample, out;
	struct cache *c = open_cache();

	(void)state;
	assert_int_equal(cache_media_get(c, "/a.mp3", &out, &err), 0);
	fixture_ok(cache_media_put(c, "/a.mp3", &m, &err));
	assert_int_equal(cache_media_get(c, "/a.mp3", &out, &err), 1);
	assert_media(&out, &m);
	assert_int_equal(cache_media_get(c, "/A.mp3", &out, &err), 0);
	m.duration_ms = -1;
	m.etag[0] = '\0';
	fixture_ok(cache_media_put(c, "/a.mp3", &m, &err));
	fixture_ok(cache_media_put(c, "http://example.org/b", &sample, &err));
	cache_close(c);
	c = open_cache();
	assert_int_equal(cache_media_get(c, "/a.mp3", &out, &err), 1);
	assert_media(&out, &m);
	assert_int_equal(cache_media_get(c, "http://example.org/b", &out,
	    &err), 1);
	assert_media(&out, &sample);
	cache_close(c);
}

static void
longest_fields(void **state)
{
	struct cache_media m = sample, out;
	struct cache *c = open_cache();
	char *key = arena_alloc(&arena, 9000);

	(void)state;
	memset(m.type, 't', sizeof(m.type) - 1);
	memset(m.etag, 'e', sizeof(m.etag) - 1);
	memset(m.modified, 'm', sizeof(m.modified) - 1);
	m.type[sizeof(m.type) - 1] = m.etag[sizeof(m.etag) - 1] = '\0';
	m.modified[sizeof(m.modified) - 1] = '\0';
	memset(key, 'k', 8192);
	fixture_ok(cache_media_put(c, key, &m, &err));
	assert_int_equal(cache_media_get(c, key, &out, &err), 1);
	assert_media(&out, &m);
	key[8192] = 'k';
	assert_int_equal(cache_media_put(c, key, &m, &err), -1);
	fixture_told(ERR_INPUT, "longer than 8192 bytes");
	assert_int_equal(cache_media_put(c, "", &m, &err), -1);
	fixture_told(ERR_INPUT, "is empty");
	cache_close(c);
}

static void
none_is_allowed(void **state)
{
	struct cache_media out;

	(void)state;
	assert_int_equal(cache_media_get(NULL, "/a.mp3", &out, &err), 0);
	fixture_ok(cache_media_put(NULL, "/a.mp3", &sample, &err));
	cache_close(NULL);
}

static void
not_a_cache(void **state)
{
	char junk[3000];
	FILE *f = fopen(fixture_path("junk.db"), "wb");

	(void)state;
	assert_non_null(f);
	memset(junk, 'j', sizeof(junk));
	assert_int_equal(fwrite(junk, 1, sizeof(junk), f), sizeof(junk));
	fclose(f);
	assert_null(cache_open(fixture_path("junk.db"), &err));
	fixture_told(ERR_CONFIG, "is not a database; delete it");
	assert_null(cache_open(fixture_path("none/cache.db"), &err));
	fixture_told(ERR_OUTPUT, "the cache cannot be made");
	/* The ledger is not taken for a cache, nor the other way round. */
	ledger_close(ledger_open(fixture_path("ledger.db"), &err));
	assert_null(cache_open(fixture_path("ledger.db"), &err));
	fixture_told(ERR_CONFIG, "is a database of another program");
	cache_close(open_cache());
	assert_null(ledger_open(fixture_path("cache.db"), &err));
	fixture_told(ERR_CONFIG, "is a database of another program");
}

static void
two_at_once(void **state)
{
	struct cache *a = open_cache(), *b = open_cache();
	struct cache_media out;
	char key[40];
	int i;

	(void)state;
	for (i = 0; i < 200; i++) {
		snprintf(key, sizeof(key), "/%d.mp3", i);
		fixture_ok(cache_media_put(i % 2 == 0 ? a : b, key, &sample,
		    &err));
		assert_int_equal(cache_media_get(i % 2 == 0 ? b : a, key,
		    &out, &err), 1);
	}
	cache_close(a);
	cache_close(b);
}

static void
hubs(void **state)
{
	static const char one[] = "0123456789abcdef0123456789abcdef"
	    "0123456789abcdef0123456789abcdef";
	static const char two[] = "1123456789abcdef0123456789abcdef"
	    "0123456789abcdef0123456789abcdef";
	struct cache *c = open_cache();

	(void)state;
	assert_int_equal(cache_ping_get(c, "https://h/", "https://f/", one,
	    &err), 0);
	fixture_ok(cache_ping_put(c, "https://h/", "https://f/", one, &err));
	cache_close(c);
	c = open_cache();
	assert_int_equal(cache_ping_get(c, "https://h/", "https://f/", one,
	    &err), 1);
	assert_int_equal(cache_ping_get(c, "https://h/", "https://f/", two,
	    &err), 0);
	assert_int_equal(cache_ping_get(c, "https://h/2", "https://f/", one,
	    &err), 0);
	assert_int_equal(cache_ping_get(c, "https://h/", "https://f/2", one,
	    &err), 0);
	/* The last one counts. */
	fixture_ok(cache_ping_put(c, "https://h/", "https://f/", two, &err));
	assert_int_equal(cache_ping_get(c, "https://h/", "https://f/", one,
	    &err), 0);
	assert_int_equal(cache_ping_get(c, "https://h/", "https://f/", two,
	    &err), 1);
	assert_int_equal(cache_ping_put(c, "https://h/", "https://f/", "x",
	    &err), -1);
	cache_close(c);
	assert_int_equal(cache_ping_get(NULL, "h", "f", one, &err), 0);
	fixture_ok(cache_ping_put(NULL, "h", "f", one, &err));
}

static void
links_of_mail(void **state)
{
	struct cache *c = open_cache();
	char *url = arena_alloc(&arena, CACHE_KEY_MAX + 2);

	(void)state;
	assert_int_equal(cache_link_get(c, "https://a/", 0, &err), 0);
	fixture_ok(cache_link_put(c, "https://a/", 1000, &err));
	cache_close(c);
	c = open_cache();
	assert_int_equal(cache_link_get(c, "https://a/", 1000, &err), 1);
	assert_int_equal(cache_link_get(c, "https://a/", 1001, &err), 0);
	assert_int_equal(cache_link_get(c, "https://b/", 0, &err), 0);
	fixture_ok(cache_link_put(c, "https://a/", 2000, &err));
	assert_int_equal(cache_link_get(c, "https://a/", 1001, &err), 1);
	/* One that is too long is not kept. */
	memset(url, 'x', CACHE_KEY_MAX + 1);
	fixture_ok(cache_link_put(c, url, 2000, &err));
	assert_int_equal(cache_link_get(c, url, 0, &err), 0);
	cache_close(c);
	assert_int_equal(cache_link_get(NULL, "https://a/", 0, &err), 0);
	fixture_ok(cache_link_put(NULL, "https://a/", 0, &err));
}

static void
spam_of_editions(void **state)
{
	struct cache *c = open_cache();
	const char *edition, *rules;

	(void)state;
	assert_int_equal(cache_spam_get(c, "l", "W2", &arena, &edition,
	    &rules, &err), 0);
	fixture_ok(cache_spam_put(c, "l", "W1", 100, "A B", &err));
	fixture_ok(cache_spam_put(c, "l", "W2", 200, "C", &err));
	fixture_ok(cache_spam_put(c, "other", "W3", 300, "D", &err));
	/* Of itself nothing is new. */
	assert_int_equal(cache_spam_get(c, "l", "W2", &arena, &edition,
	    &rules, &err), 1);
	assert_string_equal(edition, "W1");
	assert_string_equal(rules, "A B");
	assert_int_equal(cache_spam_get(c, "l", "W3", &arena, &edition,
	    &rules, &err), 1);
	assert_string_equal(edition, "W2");
	fixture_ok(cache_spam_put(c, "l", "W2", 200, "", &err));
	assert_int_equal(cache_spam_get(c, "l", "W3", &arena, &edition,
	    &rules, &err), 1);
	assert_string_equal(rules, "");
	assert_int_equal(cache_spam_put(c, "", "W2", 200, "", &err), -1);
	cache_close(c);
	assert_int_equal(cache_spam_get(NULL, "l", "W2", &arena, &edition,
	    &rules, &err), 0);
	fixture_ok(cache_spam_put(NULL, "l", "W2", 0, "", &err));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_setup, \
	fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(put_and_get),
		TEST(chapters),
		TEST(foreign_values),
		TEST(older_version),
		TEST(longest_fields),
		TEST(none_is_allowed),
		TEST(not_a_cache),
		TEST(two_at_once),
		TEST(hubs),
		TEST(links_of_mail),
		TEST(spam_of_editions)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
