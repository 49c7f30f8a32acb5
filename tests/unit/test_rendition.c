/*
 * Sizes for people, and what they are told of several files of one episode.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/size.h"
#include "show/rendition.h"

static struct arena a;

static int
sweep(void **state)
{
	(void)state;
	arena_release(&a);
	return 0;
}

static void
sizes_have_three_digits(void **state)
{
	static const struct {
		int64_t bytes;
		const char *text;
	} rows[] = {
		{ 0, "0 kB" }, { 1, "1 kB" }, { 499, "1 kB" },
		{ 1499, "1 kB" }, { 1501, "2 kB" }, { 999499, "999 kB" },
		{ 999500, "1.00 MB" }, { 5240000, "5.24 MB" },
		{ 9994999, "9.99 MB" }, { 9995000, "10.0 MB" },
		{ 22800000, "22.8 MB" }, { 99949999, "99.9 MB" },
		{ 99950000, "100 MB" }, { 999499999, "999 MB" },
		{ 999500000, "1.00 GB" }, { 5000000001, "5.00 GB" },
		{ INT64_MAX, "9.22 EB" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(size_text(&a, rows[i].bytes),
		    rows[i].text);
}

static void
a_name_is_the_title_or_format_and_bitrate(void **state)
{
	static const struct {
		struct media m;
		const char *name;
	} rows[] = {
		{ { .type = "audio/ogg", .title = "Data saver",
		    .bitrate = 32000, .codec = "opus" }, "Data saver" },
		{ { .type = "audio/ogg", .bitrate = 31600, .codec = "opus" },
		    "Opus, 32 kbit/s" },
		{ { .type = "audio/mpeg" }, "MP3" },
		{ { .type = "audio/x-m4a", .bitrate = 999 }, "M4A" },
		{ { .type = "audio/mp4", .codec = "alac" },
		    "Apple Lossless" },
		{ { .type = "video/mp4", .codec = "aac", .bitrate = 1500000 },
		    "Video, 1500 kbit/s" },
		{ { .type = "audio/x-unheard-of", .codec = "new" },
		    "audio/x-unheard-of" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(rendition_name(&a, NULL,
		    &rows[i].m),
		    rows[i].name);
}

static void
what_is_saved_counts_from_the_audio(void **state)
{
	const struct media audio = { .length = 28040000 };
	const struct media small = { .length = 5240000 };

	(void)state;
	assert_string_equal(rendition_less(&a, NULL, &audio, &small), "22.8 MB");
	assert_null(rendition_more(&a, NULL, &audio, &small));
	assert_string_equal(rendition_more(&a, NULL, &small, &audio), "22.8 MB");
	assert_null(rendition_less(&a, NULL, &small, &audio));
	assert_null(rendition_less(&a, NULL, &audio, &audio));
	assert_null(rendition_more(&a, NULL, &audio, &audio));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_have_three_digits),
		cmocka_unit_test(a_name_is_the_title_or_format_and_bitrate),
		cmocka_unit_test(what_is_saved_counts_from_the_audio),
	};

	return cmocka_run_group_tests(tests, NULL, sweep);
}
