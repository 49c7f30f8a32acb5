/*
 * The JSON Feed writer: what is written is read back by jansson.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "feed/feed.h"
#include "feed_fixture.h"

static json_t *
read_json(const struct buf *b)
{
	json_error_t e;
	json_t *j = json_loadb(b->data, b->len, JSON_REJECT_DUPLICATES, &e);

	if (j == NULL)
		fail_msg("line %d: %s", e.line, e.text);
	return j;
}

static json_t *
built(const struct show *s, const struct episode *e, const char *html,
    const char *summary)
{
	struct feed_item item = { .episode = e, .html = html,
	    .summary = summary };
	struct buf out;
	json_t *j;

	write_feed(FEED_JSON, s, &item, e == NULL ? 0 : 1, &out);
	j = read_json(&out);
	buf_release(&out);
	return j;
}

/* What stands at "items/0/title"; NULL: nothing. */
static json_t *
at(json_t *j, const char *path)
{
	char key[64];
	size_t len;

	for (; j != NULL && *path != '\0'; path += path[len] == '/' ? len + 1 :
	    len) {
		len = strcspn(path, "/");
		memcpy(key, path, len);
		key[len] = '\0';
		j = json_is_array(j) ? json_array_get(j, (size_t)strtoul(key,
		    NULL, 10)) : json_object_get(j, key);
	}
	return j;
}

static void
says(json_t *j, const char *path, const char *want)
{
	const char *got = json_string_value(at(j, path));

	if (got == NULL || strcmp(got, want) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", path, got == NULL ?
		    "(none)" : got, want);
}

static void
counts(json_t *j, const char *path, json_int_t want)
{
	json_t *n = at(j, path);

	if (!json_is_integer(n) || json_integer_value(n) != want)
		fail_msg("%s is not %lld", path, (long long)want);
}

static void
silent(json_t *j, const char *path)
{
	if (at(j, path) != NULL)
		fail_msg("%s is there", path);
}

static void
test_json_feed(void **state)
{
	static struct show_person hosts[] = {
		{ .name = "Ada", .url = "https://ada.example/", .image =
		    "https://ada.example/me.png", .role = "host" },
		{ .name = "Bo", .group = "cast" },
	};
	struct show s = a_show();
	json_t *j = built(&s, NULL, "", "");

	(void)state;
	says(j, "version", "https://jsonfeed.org/version/1.1");
	says(j, "title", s.title);
	says(j, "home_page_url", s.link);
	says(j, "feed_url", s.json_url);
	says(j, "description", s.description);
	says(j, "icon", s.image);
	says(j, "authors/0/name", s.author);
	silent(j, "authors/1");
	says(j, "language", "en-GB");
	says(j, "_podcast/guid", SHOW_GUID);
	says(j, "_podcast/type", "episodic");
	assert_true(json_is_false(at(j, "_podcast/explicit")));
	assert_int_equal(json_array_size(at(j, "items")), 0);
	assert_true(json_is_array(at(j, "items")));
	silent(j, "favicon");
	json_decref(j);
	s.hosts = hosts;
	s.nhosts = 2;
	s.language = "und";
	s.is_explicit = true;
	j = built(&s, NULL, "", "");
	says(j, "authors/0/name", "Ada");
	says(j, "authors/0/url", "https://ada.example/");
	says(j, "authors/0/avatar", "https://ada.example/me.png");
	says(j, "authors/0/_podcast/role", "host");
	says(j, "authors/1/name", "Bo");
	says(j, "authors/1/_podcast/group", "cast");
	silent(j, "authors/1/url");
	silent(j, "authors/2");
	silent(j, "language");
	assert_true(json_is_true(at(j, "_podcast/explicit")));
	json_decref(j);
}

/* What is not known is not said, not even as null. */
static void
test_json_bare(void **state)
{
	struct show s = a_show();
	struct episode e = a_bare_episode();
	json_t *j;

	(void)state;
	s.author = s.link = s.image = s.type = NULL;
	s.description = "";
	j = built(&s, &e, "", "");
	silent(j, "authors");
	silent(j, "home_page_url");
	silent(j, "icon");
	silent(j, "description");
	silent(j, "_podcast/type");
	says(j, "items/0/id", "bare");
	says(j, "items/0/content_text", "Bare");
	assert_int_equal(json_object_size(at(j, "items/0")), 6);
	assert_int_equal(json_object_size(at(j, "items/0/_podcast")), 1);
	assert_int_equal(json_object_size(at(j, "items/0/attachments/0")), 4);
	counts(j, "items/0/attachments/0/size_in_bytes", 1);
	json_decref(j);
	j = built(&s, &e, NULL, "Fog");
	says(j, "items/0/content_text", "Fog");
	says(j, "items/0/summary", "Fog");
	json_decref(j);
}

static void
test_json_item(void **state)
{
	static const char *const tags[] = { "fog", "two words" };
	static const struct show_person people[] = {
		{ .name = "Cy", .url = "https://cy.example/", .role = "guest" },
	};
	static struct show_transcript transcripts[] = {
		{ "https://h.example/12.vtt", "text/vtt", "de", "captions",
		    NULL, NULL, false },
		{ "https://h.example/12.txt", "text/plain", NULL, NULL,
		    NULL, NULL, false },
	};
	struct show s = a_show();
	struct episode e = an_episode();
	json_t *j;

	(void)state;
	e.tags = tags;
	e.ntags = 2;
	e.people = people;
	e.npeople = 1;
	e.transcripts = transcripts;
	e.ntranscripts = 2;
	e.chapters = "https://h.example/12.json";
	e.audio.language = "fr";
	e.xml.text = "<ttl>5</ttl><podcast:season>9</podcast:season>";
	e.xml.names = " ttl podcast:season ";
	j = built(&s, &e, "<p>Notes &amp; <b>more</b></p>", "Fog & foam");
	says(j, "items/0/id", EPISODE_GUID);
	says(j, "items/0/url", e.link);
	says(j, "items/0/title", e.title);
	says(j, "items/0/content_html", "<p>Notes &amp; <b>more</b></p>");
	silent(j, "items/0/content_text");
	says(j, "items/0/summary", "Fog & foam");
	says(j, "items/0/image", e.image);
	says(j, "items/0/date_published", "2025-06-02T10:00:00-07:00");
	says(j, "items/0/date_modified", "2025-06-03T17:00:00Z");
	says(j, "items/0/authors/0/name", "Cy");
	says(j, "items/0/authors/0/_podcast/role", "guest");
	says(j, "items/0/tags/1", "two words");
	says(j, "items/0/language", "fr");
	says(j, "items/0/attachments/0/url", e.audio.url);
	says(j, "items/0/attachments/0/mime_type", "audio/mpeg");
	counts(j, "items/0/attachments/0/size_in_bytes", 5000000001);
	counts(j, "items/0/attachments/0/duration_in_seconds", 1741);
	silent(j, "items/0/attachments/0/_podcast");
	silent(j, "items/0/attachments/1");
	counts(j, "items/0/_podcast/episode", 12);
	counts(j, "items/0/_podcast/season", 2);
	says(j, "items/0/_podcast/type", "full");
	says(j, "items/0/_podcast/chapters/url", e.chapters);
	says(j, "items/0/_podcast/chapters/type",
	    "application/json+chapters");
	says(j, "items/0/_podcast/transcripts/0/language", "de");
	says(j, "items/0/_podcast/transcripts/0/rel", "captions");
	says(j, "items/0/_podcast/transcripts/1/type", "text/plain");
	silent(j, "items/0/_podcast/transcripts/1/language");
	silent(j, "items/0/external_url");
	silent(j, "items/0/banner_image");
	json_decref(j);
	e.updated = e.date;
	j = built(&s, &e, "<p>x</p>", "");
	silent(j, "items/0/date_modified");
	silent(j, "items/0/summary");
	json_decref(j);
}

/* Files of the same have the same title, so that readers know it. */
static void
test_json_files(void **state)
{
	static struct media small = { .url = "https://h.example/12.opus",
	    .type = "audio/ogg", .length = 99, .duration = -1, .title =
	    "data saver", .language = "en", .bitrate = 16000 };
	struct show s = a_show();
	struct episode e = an_episode();
	json_t *j;

	(void)state;
	e.renditions = &small;
	e.nrenditions = 1;
	j = built(&s, &e, "<p>x</p>", "");
	says(j, "items/0/attachments/0/title", e.title);
	assert_true(json_is_true(at(j,
	    "items/0/attachments/0/_podcast/default")));
	says(j, "items/0/attachments/1/title", e.title);
	says(j, "items/0/attachments/1/url", small.url);
	says(j, "items/0/attachments/1/mime_type", "audio/ogg");
	counts(j, "items/0/attachments/1/size_in_bytes", 99);
	silent(j, "items/0/attachments/1/duration_in_seconds");
	says(j, "items/0/attachments/1/_podcast/title", "data saver");
	says(j, "items/0/attachments/1/_podcast/lang", "en");
	counts(j, "items/0/attachments/1/_podcast/bitrate", 16000);
	silent(j, "items/0/attachments/1/_podcast/default");
	silent(j, "items/0/attachments/2");
	json_decref(j);
}

/* With `descriptions = notes` no summary is made up. */
static void
test_json_whole_notes(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	json_t *j;

	(void)state;
	s.whole_notes = true;
	j = built(&s, &e, "<p>Notes</p>", "Notes");
	silent(j, "items/0/summary");
	json_decref(j);
	e.summary = "Notes";
	j = built(&s, &e, "<p>Notes</p>", "Notes");
	says(j, "items/0/summary", "Notes");
	json_decref(j);
}

static void
test_json_escapes(void **state)
{
	static const char *const texts[] = {
		"\"quoted\" \\ back\\\"", "a\tb\nc\rd", "\x01\x1f\x7f", "]]>",
		"</script><!--", "\\u0041 \\n",
		"\xf0\x9f\x8e\x99 \xe2\x80\xa8\xe2\x80\xa9", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae",
		"\xef\xbf\xbe \xef\xbb\xbf", "e\xcc\x81 & &amp; < >", "\",\n\"",
	};
	struct show s = a_show();
	struct episode e = an_episode();
	struct feed_item item = { .episode = &e };
	struct buf out;
	json_t *j;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		s.title = e.title = item.html = item.summary = texts[i];
		write_feed(FEED_JSON, &s, &item, 1, &out);
		for (k = 0; k < out.len; k++)
			assert_true((unsigned char)out.data[k] >= ' ' ||
			    out.data[k] == '\n');
		j = read_json(&out);
		says(j, "title", texts[i]);
		says(j, "items/0/title", texts[i]);
		says(j, "items/0/content_html", texts[i]);
		says(j, "items/0/summary", texts[i]);
		says(j, "items/0/attachments/0/title", texts[i]);
		json_decref(j);
		buf_release(&out);
	}
}

/* Bytes that are no UTF-8 never become a feed. */
static void
test_json_no_utf8(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	struct feed_item item = { .episode = &e, .html = "\xc3(" };
	struct feed_head head = { .show = &s, .self_url = s.json_url };
	struct err err = ERR_INIT;
	struct feed_writer *f;
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	f = feed_open(FEED_JSON, &head, collect, &out, &err);
	assert_non_null(f);
	assert_int_equal(feed_item(f, &item, &err), -1);
	assert_int_equal(err.kind, ERR_INTERNAL);
	assert_int_equal(feed_close(f, &err), 0);
	json_decref(read_json(&out));
	buf_release(&out);
	s.title = "\xff";
	assert_null(feed_open(FEED_JSON, &head, collect, &out, &err));
	buf_release(&out);
}

/* More than the ceiling of a usual buffer, since all of it is escaped. */
static void
test_json_huge(void **state)
{
	size_t len = (size_t)12 << 20;
	char *html = malloc(len + 1);
	struct show s = a_show();
	struct episode e = an_episode();
	struct feed_item item = { .episode = &e, .html = html };
	struct buf out;
	json_t *j;

	(void)state;
	assert_non_null(html);
	memset(html, '\x02', len);
	html[len] = '\0';
	write_feed(FEED_JSON, &s, &item, 1, &out);
	assert_true(out.len > 6 * len);
	j = read_json(&out);
	says(j, "items/0/content_html", html);
	json_decref(j);
	buf_release(&out);
	free(html);
}

/* Each item is out before the next one comes. */
static void
test_json_streams(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	struct feed_item item = { .episode = &e, .html = "<p>x</p>" };
	struct feed_head head = { .show = &s, .self_url = s.json_url };
	struct err err = ERR_INIT;
	struct feed_writer *f;
	struct buf out;
	size_t i, len;
	json_t *j;

	(void)state;
	buf_init(&out, 0);
	f = feed_open(FEED_JSON, &head, collect, &out, &err);
	assert_non_null(f);
	for (i = 0; i < 1000; i++) {
		len = out.len;
		must(feed_item(f, &item, &err), &err);
		assert_true(out.len > len + 100);
	}
	must(feed_close(f, &err), &err);
	j = read_json(&out);
	assert_int_equal(json_array_size(at(j, "items")), 1000);
	says(j, "items/999/content_html", "<p>x</p>");
	json_decref(j);
	buf_release(&out);
}

static int
full(void *ctx, const void *data, size_t len)
{
	int *left = ctx;

	(void)data;
	(void)len;
	return (*left)-- > 0 ? 0 : -1;
}

/* Nothing is written behind what is missing, and the end tells. */
static void
test_json_disk_full(void **state)
{
	struct show s = a_show();
	struct episode e = an_episode();
	struct feed_item item = { .episode = &e, .html = "<p>x</p>" };
	struct feed_head head = { .show = &s, .self_url = s.json_url };
	struct feed_writer *f;
	int left, i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct err err = ERR_INIT;

		left = i;
		f = feed_open(FEED_JSON, &head, full, &left, &err);
		assert_non_null(f);
		must(feed_item(f, &item, &err), &err);
		must(feed_item(f, &item, &err), &err);
		assert_int_equal(feed_close(f, &err), -1);
		assert_int_equal(err.kind, ERR_OUTPUT);
		assert_int_equal(left, -1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_feed),
		cmocka_unit_test(test_json_bare),
		cmocka_unit_test(test_json_item),
		cmocka_unit_test(test_json_files),
		cmocka_unit_test(test_json_whole_notes),
		cmocka_unit_test(test_json_escapes),
		cmocka_unit_test(test_json_no_utf8),
		cmocka_unit_test(test_json_huge),
		cmocka_unit_test(test_json_streams),
		cmocka_unit_test(test_json_disk_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
