/* Where facts about the audio are written, and in which form. */
#include "show/episode_form.h"
#include "show/episode_place.h"
#include "text/front.h"
#include "told.h"

static void
duration(const char *was, int64_t ms, const char *want)
{
	const char *is = episode_form_duration(&arena, was, ms);

	if ((is == NULL) != (want == NULL) || (is != NULL &&
	    strcmp(is, want) != 0))
		fail_msg("%s: %s, not %s", was, is, want);
}

static void
a_duration_keeps_its_form(void **state)
{
	(void)state;
	duration(NULL, 8000, "0:08");
	duration(NULL, 3723499, "1:02:03");
	duration("29:01", 1741000, NULL);
	duration("29:01", 1741600, "29:02");
	duration("00:29:01", 1742000, "00:29:02");
	duration("0:29:01", 1742000, "0:29:02");
	duration("1:00", 3723000, "1:02:03");
	duration("01:00", 63000, "01:03");
	duration("1:02:03", 8000, "0:00:08");
	duration("1741", 1742000, "1742");
	duration("1741", 1740800, NULL);
	duration("00:00:08.50", 9777, "00:00:09.77");
	duration("1741.000", 1742125, "1742.125");
	/* Minutes or seconds? */
	duration("29.01", 1741000, "29:01");
	duration("29.01", 29010, "0:29");
	duration("PT1H2M", 1741000, "PT29M1S");
	duration("PT29M1S", 1741000, NULL);
	duration("PT0S", 3605000, "PT1H0M5S");
	duration("29 min", 1741000, "29:01");
	duration("about half an hour", 1741000, "29:01");
	duration("", 1741000, "29:01");
	duration("28000000", 1741000, "1741");
	duration("00:50:95", 1741000, "00:29:01");
}

static void
a_size_and_type_that_say_the_same_stay(void **state)
{
	(void)state;
	assert_null(episode_form_length(&arena, "18,200,000", 18200000));
	assert_null(episode_form_length(&arena, "18200000 bytes", 18200000));
	assert_string_equal(episode_form_length(&arena, "18.2 MB", 182),
	    "182");
	assert_string_equal(episode_form_length(&arena, "0", 182), "182");
	assert_string_equal(episode_form_length(&arena, NULL, 182), "182");
	assert_string_equal(episode_form_length(&arena,
	    "99999999999999999999999999999", 182), "182");
	assert_null(episode_form_type(&arena, "audio/mp3", "audio/mpeg"));
	assert_null(episode_form_type(&arena, "Audio/MPEG", "audio/mpeg"));
	assert_string_equal(episode_form_type(&arena, "audio/ogg",
	    "audio/mpeg"), "audio/mpeg");
	assert_string_equal(episode_form_type(&arena, "text/html",
	    "audio/mpeg"), "audio/mpeg");
}

static struct node *
map_of(const char *yaml)
{
	struct err err = ERR_INIT;
	struct node *map;

	if (front_yaml(&arena, yaml, strlen(yaml), 1, &map, &err) != 0)
		fail_msg("%s: %s", yaml, err.msg);
	return map;
}

/* name: NULL for no place; behind: of the entry, "" for the last. */
static void
placed(bool site, const char *yaml, const char *fact, const char *value,
    const char *name, const char *behind)
{
	struct fields *f = fields_new(&arena, site);
	struct node *map = map_of(yaml);
	struct episode_place p;

	assert_false(episode_place_find(f, fact, map, &arena, &p));
	if (!episode_place_new(f, fact, map, value, &arena, &p)) {
		if (name != NULL)
			fail_msg("%s: no place", yaml);
		return;
	}
	if (name == NULL || strcmp(p.name, name) != 0)
		fail_msg("%s: %s, not %s", yaml, p.name, name);
	assert_string_equal(p.behind != NULL ? p.behind->key : "", behind);
}

static void
a_new_key_stands_beside_the_audio(void **state)
{
	(void)state;
	placed(false, "audio: a.mp3\nx: 1\n", "length", "5", "length",
	    "audio");
	placed(false, "title: T\n", "duration", "0:08", "duration", "");
	placed(true, "audio:\n  url: https://x/a.mp3\n", "length", "5",
	    "audio.size", "url");
	placed(true, "audio:\n  url: https://x/a.mp3\n", "duration", "0:08",
	    "audio.duration", "url");
	placed(true, "enclosure: {url: a.mp3}\n", "length", "5",
	    "enclosure.length", "url");
	placed(true, "episode:\n  audio: a.mp3\n", "duration", "0:08",
	    "episode.duration", "audio");
	placed(true, "podcast_file: a.mp3\nx: 1\n", "duration", "0:08",
	    "duration", "podcast_file");
	/* `type` and `length` are taken by something else. */
	placed(true, "mp3: a.mp3\ntype: post\n", "type", "audio/mpeg",
	    "audio_type", "mp3");
	placed(true, "mp3: a.mp3\nlength: '29:01'\n", "length", "5",
	    "podcast_bytes", "mp3");
	/* A key without a value is the place. */
	placed(true, "mp3: a.mp3\npodcast_bytes:\nlength: 1:00\n", "length",
	    "5", "podcast_bytes", "mp3");
	placed(false, "audio: a.mp3\nlength: ''\n", "length", "5", "length",
	    "audio");
}

static void
found(bool site, const char *yaml, const char *fact, const char *name,
    const char *was)
{
	struct episode_place p;

	if (!episode_place_find(fields_new(&arena, site), fact, map_of(yaml),
	    &arena, &p))
		fail_msg("%s: not found", yaml);
	assert_string_equal(p.name, name);
	assert_string_equal(p.was, was);
}

static void
a_key_is_found_as_the_fact_is(void **state)
{
	(void)state;
	found(false, "length: 7\n", "length", "length", "7");
	found(true, "podcast_bytes: '7'\nsize: 8\n", "length",
	    "podcast_bytes", "7");
	found(true, "audioSize: 7\n", "length", "audioSize", "7");
	found(true, "episode: {duration: 1:00}\n", "duration",
	    "episode.duration", "1:00");
	found(true, "length: 1:00\n", "duration", "length", "1:00");
	found(true, "type: post\nmime_type: audio/ogg\n", "type",
	    "mime_type", "audio/ogg");
}

static void
fields_of_show_ini_tell_the_key(void **state)
{
	struct fields *f = fields_new(&arena, true);
	struct node *map = map_of("file: a.mp3\nmeta:\n  n: 1\n");
	struct err err = ERR_INIT;
	struct episode_place p;

	(void)state;
	assert_int_equal(fields_map(&arena, f, "length", "meta.bytes", &err),
	    0);
	assert_true(episode_place_new(f, "length", map, "5", &arena, &p));
	assert_string_equal(p.name, "meta.bytes");
	assert_ptr_equal(p.map, node_get(map, "meta"));
	assert_null(p.behind);
	assert_false(episode_place_new(f, "length", map_of("file: a.mp3\n"),
	    "5", &arena, &p));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(a_duration_keeps_its_form),
		TOLD_TEST(a_size_and_type_that_say_the_same_stay),
		TOLD_TEST(a_new_key_stands_beside_the_audio),
		TOLD_TEST(a_key_is_found_as_the_fact_is),
		TOLD_TEST(fields_of_show_ini_tell_the_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
