/*
 * Chapters as a text for the cache, and back.
 */
#include "show/media_chapters.h"
#include "told.h"

#define MAX ((size_t)256 << 10)

static const struct media_chapter three[] = {
	{ 0, 2000, "Caf\xc3\xa9 \"x\" \\ <b>", "https://example.org/?a&b",
	    "https://example.org/1.png" },
	{ 2000, -1, NULL, NULL, NULL },
	{ INT64_MAX - 1, INT64_MAX, "", NULL, NULL }
};

static const char *
text_of(const struct media_chapter *c, size_t n)
{
	struct media_facts f = MEDIA_FACTS_INIT;

	memcpy(f.codec, "mp3", 4);
	f.chapters = c;
	f.nchapters = n;
	return media_chapters_text(&arena, &f, MAX);
}

static void
same(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		assert_true(a == b);
	else
		assert_string_equal(a, b);
}

static void
there_and_back(void **state)
{
	const struct media_chapter *out;
	size_t n, i;

	(void)state;
	assert_int_equal(media_chapters_read(&arena, text_of(three, 3), &out,
	    &n), 0);
	assert_int_equal(n, 3);
	for (i = 0; i < n; i++) {
		assert_int_equal(out[i].start_ms, three[i].start_ms);
		assert_int_equal(out[i].end_ms, three[i].end_ms);
		same(out[i].title, three[i].title);
		same(out[i].url, three[i].url);
		same(out[i].image, three[i].image);
	}
	assert_null(strchr(text_of(three, 3), '\n'));
	assert_string_equal(text_of(&three[1], 1), "[{\"start_ms\":2000}]");
}

/* That there are none is known where all was understood. */
static void
none(void **state)
{
	const struct media_chapter *out = three;
	struct media_facts f = MEDIA_FACTS_INIT;
	size_t n = 9;

	(void)state;
	assert_null(media_chapters_text(&arena, &f, MAX));
	assert_string_equal(text_of(NULL, 0), "[]");
	assert_int_equal(media_chapters_read(&arena, "[]", &out, &n), 0);
	assert_int_equal(n, 0);
	assert_null(out);
	memcpy(f.codec, "mp3", 4);
	f.doubt = "a part of it cannot be had";
	assert_null(media_chapters_text(&arena, &f, MAX));
	f.chapters = three;
	f.nchapters = 1;
	assert_non_null(media_chapters_text(&arena, &f, MAX));
}

static void
too_many(void **state)
{
	struct media_facts f = MEDIA_FACTS_INIT;
	size_t len = strlen(text_of(three, 3));

	(void)state;
	f.chapters = three;
	f.nchapters = 3;
	assert_non_null(media_chapters_text(&arena, &f, len));
	assert_null(media_chapters_text(&arena, &f, len - 1));
}

static void
no_such_text(void **state)
{
	static const char *const texts[] = { "", "x", "[", "{}", "null", "7",
		"[7]", "[[]]", "[{}]", "[{\"start_ms\":-1}]",
		"[{\"start_ms\":1.5}]", "[{\"start_ms\":\"1\"}]",
		"[{\"start_ms\":99999999999999999999}]",
		"[{\"start_ms\":1,\"end_ms\":-1}]",
		"[{\"start_ms\":1,\"end_ms\":null}]",
		"[{\"start_ms\":1,\"title\":7}]",
		"[{\"start_ms\":1,\"title\":[]}]",
		"[{\"start_ms\":1,\"title\":\"a\\nb\"}]",
		"[{\"start_ms\":1,\"title\":\"\\u0000\"}]",
		"[{\"start_ms\":1,\"url\":\"\\u001b[2J\"}]",
		"[{\"start_ms\":1,\"start_ms\":2}]",
		"[{\"start_ms\":1}] x", "[{\"start_ms\":1}" };
	const struct media_chapter *out;
	char deep[3000];
	size_t i, n;

	(void)state;
	for (i = 0; i < SIZE(texts); i++)
		if (media_chapters_read(&arena, texts[i], &out, &n) != -1)
			fail_msg("%s", texts[i]);
	assert_int_equal(media_chapters_read(&arena, NULL, &out, &n), -1);
	memset(deep, '[', sizeof(deep));
	memset(deep + 500, ']', 500);
	deep[1000] = '\0';
	assert_int_equal(media_chapters_read(&arena, deep, &out, &n), -1);
	memset(deep, '[', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	assert_int_equal(media_chapters_read(&arena, deep, &out, &n), -1);
}

/* Whatever single byte of it is another, it is read or refused. */
static void
damaged(void **state)
{
	char *text = arena_strdup(&arena, text_of(three, 3)), was;
	const struct media_chapter *out;
	size_t len = strlen(text), i, n, refused = 0;
	int c;

	(void)state;
	for (i = 0; i < len; i++) {
		was = text[i];
		for (c = 0; c < 256; c += 5) {
			text[i] = (char)c;
			refused += media_chapters_read(&arena, text, &out,
			    &n) != 0;
		}
		text[i] = was;
	}
	assert_in_range(refused, len, len * 52);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(there_and_back),
		TOLD_TEST(none),
		TOLD_TEST(too_many),
		TOLD_TEST(no_such_text),
		TOLD_TEST(damaged),
	};

	return cmocka_run_group_tests_name("media_chapters", tests, NULL,
	    NULL);
}
