/*
 * What is in audio files, and which types are audio.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "show/media_probe.h"
#include "show/media_type.h"
#include "told.h"

#define FIXTURE "tests/e2e/fixtures/cbr.mp3"

static struct media_probe *probe;
static char temp[] = "/tmp/test_media.XXXXXX";

static struct media_facts
facts_of(const char *file)
{
	struct media_facts facts;
	struct err err = ERR_INIT;

	if (media_probe_file(probe, file, &arena, &facts, &err) != 0)
		fail_msg("%s: %s", err.file, err.msg);
	return facts;
}

static void
write_temp(const void *data, size_t len)
{
	struct err err = ERR_INIT;

	if (fs_replace(temp, data, len, 0600, NULL, &err) != 0)
		fail_msg("%s", err.msg);
}

/* A gap of any size between two frames: a tag with a picture where something
 * was put in, or damage. */
static void
gaps(void **state)
{
	static const size_t sizes[] = { 0, 100, 2000, 2000,
		40000, 40000 };
	int64_t once = facts_of(FIXTURE).duration_ms;
	struct err err = ERR_INIT;
	struct buf audio, all;
	struct media_facts got;
	size_t i, k;

	(void)state;
	assert_in_range(once, 2900, 3200);
	buf_init(&audio, 0);
	assert_int_equal(fs_read(FIXTURE, 1 << 20, &audio, NULL, &err), 0);
	for (i = 0; i < SIZE(sizes); i++) {
		buf_init(&all, 0);
		buf_add(&all, audio.data, audio.len);
		if (i % 2 == 1)
			buf_add(&all, (const char[]){ 'I', 'D', '3', 3, 0, 0,
			    0, (char)(sizes[i] >> 14),
			    (char)(sizes[i] >> 7 & 127),
			    (char)(sizes[i] & 127) }, 10);
		for (k = 0; k < sizes[i]; k++)
			buf_addc(&all, 'x');
		buf_add(&all, audio.data, audio.len);
		write_temp(all.data, all.len);
		got = facts_of(temp);
		assert_int_equal(got.length, all.len);
		assert_string_equal(got.type, "audio/mpeg");
		if (llabs(got.duration_ms - 2 * once) > 150)
			fail_msg("%zu bytes between: %lld ms", sizes[i],
			    (long long)got.duration_ms);
		buf_release(&all);
	}
	buf_release(&audio);
}

static void
no_audio(void **state)
{
	unsigned seed = 12345, i;
	struct err err = ERR_INIT;
	struct media_facts got;
	struct buf noise;

	(void)state;
	write_temp("", 0);
	assert_int_equal(media_probe_file(probe, temp, &arena, &got,
	    &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	write_temp("plain words\n", 12);
	assert_int_equal(media_probe_file(probe, temp, &arena, &got,
	    &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.msg, "text/plain"));
	buf_init(&noise, 0);
	buf_adds(&noise, "\x01\x02\x03\x04");
	for (i = 0; i < 500000; i++) {
		seed = seed * 1103515245 + 12345;
		buf_addc(&noise, (char)(seed >> 16));
	}
	write_temp(noise.data, noise.len);
	/* Refused, or of no known type; never taken for MP3. */
	if (media_probe_file(probe, temp, &arena, &got,
	    &err) == 0) {
		assert_string_equal(got.type, "application/octet-stream");
		assert_int_equal(got.duration_ms, -1);
	}
	buf_release(&noise);
}

static void
shared_durations(void **state)
{
	const char *shared = getenv("SHARED");
	const char *dir = arena_printf(&arena, "%s/audio",
	    shared != NULL ? shared : "../shared");
	FILE *f = fopen(arena_printf(&arena, "%s/DURATIONS.tsv", dir), "re");
	char line[256], name[128];
	struct media_facts got;
	long long bytes;
	double seconds;
	unsigned chapters;
	int seen = 0;

	(void)state;
	if (f == NULL)
		skip();
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%127s %lld %lf %u", name, &bytes, &seconds,
		    &chapters) != 4)
			continue;
		got = facts_of(arena_printf(&arena, "%s/%s", dir, name));
		assert_int_equal(got.length, bytes);
		if (llabs(got.duration_ms - (int64_t)(seconds * 1000)) > 100)
			fail_msg("%s: %lld ms, not %.3f s", name,
			    (long long)got.duration_ms, seconds);
		if (got.nchapters != chapters)
			fail_msg("%s: %zu chapters, not %u", name,
			    got.nchapters, chapters);
		seen++;
	}
	fclose(f);
	assert_true(seen >= 11);
}

static void
types(void **state)
{
	static const char *const sound[] = { "audio/mpeg", "AUDIO/MPEG",
		"video/mp4", "audio/x-m4a", "application/pdf" };
	static const char *const silent[] = { "", "application/octet-stream",
		"binary/octet-stream", "application/ogg" };
	static const char *const wrong[] = { "text/html", "text/plain",
		"application/json", "image/png", "application/xhtml+xml",
		"banana", "audio/", "audio/<b>", "audio/a b", "audiox/mpeg" };
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(sound); i++)
		assert_int_equal(media_type_of(sound[i]), MEDIA_TYPE_SOUND);
	for (i = 0; i < SIZE(silent); i++)
		assert_int_equal(media_type_of(silent[i]),
		    MEDIA_TYPE_SILENT);
	for (i = 0; i < SIZE(wrong); i++)
		if (media_type_of(wrong[i]) != MEDIA_TYPE_WRONG)
			fail_msg("%s", wrong[i]);
	assert_string_equal(media_type_by_name("https://a/x.MP3?y=.ogg"),
	    "audio/mpeg");
	assert_string_equal(media_type_by_name("https://a/x.opus#t"),
	    "audio/ogg");
	assert_null(media_type_by_name("https://a/x"));
	assert_null(media_type_by_name(".mp3"));
}

static void
formats(void **state)
{
	static const char *const same[][2] = {
		{ "audio/mpeg", "AUDIO/MP3" }, { "video/mp4", "audio/x-m4a" },
		{ "audio/aac", "audio/mp4" }, { "audio/opus", "audio/ogg" },
		{ "audio/x-new", "audio/mpeg" }, { "audio/x-new", "audio/b" },
		{ "application/pdf", "application/pdf" }
	};
	static const char *const other[][2] = {
		{ "application/pdf", "audio/mpeg" },
		{ "audio/x-new", "application/pdf" },
		{ "video/mp4", "audio/mpeg" }, { "audio/wav", "audio/flac" }
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(same); i++)
		assert_true(media_type_agrees(same[i][0], same[i][1]));
	for (i = 0; i < SIZE(other); i++) {
		assert_false(media_type_agrees(other[i][0], other[i][1]));
		assert_false(media_type_agrees(other[i][1], other[i][0]));
	}
	assert_true(media_type_fits("", "https://a/x.mp3"));
	assert_true(media_type_fits("application/ogg", "https://a/x.mp3"));
	assert_true(media_type_fits("audio/ogg", "https://a/x"));
	assert_false(media_type_fits("audio/ogg", "https://a/x.mp3?y"));
}

static int
open_probe(void **state)
{
	int fd = mkstemp(temp);

	(void)state;
	if (fd < 0)
		return -1;
	close(fd);
	probe = media_probe_open();
	return probe == NULL ? -1 : 0;
}

static int
close_probe(void **state)
{
	(void)state;
	media_probe_close(probe);
	return unlink(temp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(gaps),
		TOLD_TEST(no_audio),
		TOLD_TEST(shared_durations),
		TOLD_TEST(types),
		TOLD_TEST(formats),
	};

	return cmocka_run_group_tests_name("media", tests, open_probe,
	    close_probe);
}
