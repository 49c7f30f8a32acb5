/* The cache: what is put comes back, and its absence is no failure. */
#include "store_fixture.h"

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
	.modified = "Mon, 02 Jun 2025 10:00:00 GMT"
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

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_setup, \
	fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(put_and_get),
		TEST(longest_fields),
		TEST(none_is_allowed),
		TEST(not_a_cache),
		TEST(two_at_once)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
