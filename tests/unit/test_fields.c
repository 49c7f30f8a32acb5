/*
 * Where facts are looked for: keys, paths and tests; values as people write
 * them; guids by a pattern; where each fact of an episode comes from.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "show/episode.h"
#include "show/fact.h"
#include "show/guid.h"
#include "text/front.h"
#include "told.h"

static struct show show;
static struct fact_source source;

/* The source of facts that is one YAML front matter. */
static void
look_at(bool site, const char *yaml)
{
	struct err err = ERR_INIT;
	struct node *map;

	forget();
	memset(&source, 0, sizeof(source));
	memset(&show, 0, sizeof(show));
	show.link = "https://a.example/show/";
	source.show = &show;
	source.file = "a.md";
	source.fields = fields_new(&arena, site);
	source.to = &told.findings;
	if (front_yaml(&arena, yaml, strlen(yaml), 1, &map, &err) != 0)
		fail_msg("%s", err.msg);
	source.front = map;
	fields_index(&arena, map, &source.index);
}

static void
done(void)
{
	arena_release(&show.arena);
}

static void
is_fact(const char *name, const char *text, unsigned line)
{
	struct fact f = fact_get(&source, name);

	if (text == NULL) {
		if (f.text != NULL)
			fail_msg("%s is %s", name, f.text);
		return;
	}
	if (f.text == NULL || strcmp(f.text, text) != 0)
		fail_msg("%s is %s", name, f.text == NULL ? "none" : f.text);
	assert_int_equal(f.line, line);
	assert_string_equal(f.origin, FACT_FRONT);
}

static void
keys_are_one_without_case_and_marks(void **state)
{
	(void)state;
	assert_true(fields_same("audio_url", "audioUrl"));
	assert_true(fields_same("Enclosure-Length", "enclosure length"));
	assert_true(fields_same("", "-"));
	assert_false(fields_same("audio", "audios"));
	assert_false(fields_same("audios", "audio"));
	assert_int_equal(fields_hash("audio_url"), fields_hash("AudioUrl"));
	assert_int_not_equal(fields_hash("audio"), fields_hash("video"));
}

/* fields_get() searches by halves. */
static void
the_table_is_sorted(void **state)
{
	size_t i, len;

	(void)state;
	for (i = 0; i < fields_naliases; i++) {
		const struct fields_alias *a = &fields_aliases[i];

		len = strlen(a->name);
		if (i > 0)
			assert_true(strcmp(a[-1].name, a->name) < 0);
		/* The fact's own name is the first of its keys. */
		assert_int_equal(strncmp(a->paths, a->name, len), 0);
		assert_non_null(memchr(" ?", a->paths[len], 3));
	}
}

/* What the manual says of a fact's other names; NULL: nothing. */
static char *
manual_entry(const char *section, const char *name)
{
	const char *item = strstr(section, arena_printf(&arena,
	    "\n.It Ic %s\n", name)), *end;

	if (item == NULL)
		return NULL;
	item++;
	end = strstr(item, "\n.It ");
	if (end == NULL)
		end = strstr(item, "\n.El");
	assert_non_null(end);
	return arena_strndup(&arena, item, (size_t)(end - item));
}

static void
the_manual_has_every_name(void **state)
{
	struct err err = ERR_INIT;
	char *path, *rest, *entry;
	const char *section;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 0);
	if (fs_read("cmd/showmill-episode.5", 1 << 20, &b, NULL, &err) != 0)
		fail_msg("%s", err.msg);
	section = strstr(b.data, "\n.Sh OTHER PEOPLE'S TREES\n");
	assert_non_null(section);
	for (i = 0; i < fields_naliases; i++) {
		const struct fields_alias *a = &fields_aliases[i];

		entry = manual_entry(section, a->name);
		rest = arena_strdup(&arena, a->paths);
		/* The first is the fact's own name. */
		strsep(&rest, " ");
		while ((path = strsep(&rest, " ")) != NULL) {
			path[strcspn(path, "?")] = '\0';
			if (entry == NULL || strstr(entry, path) == NULL)
				fail_msg("the manual does not have %s for %s",
				    path, a->name);
		}
	}
	buf_release(&b);
}

static void
paths_walk_into_maps_and_lists(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	look_at(true, "episode: {Number: 7, duration: '1:02'}\n"
	    "images: [a.jpg, b.jpg]\naudio: {mp3: x.mp3, ogg: x.ogg}\n"
	    "cover: ''\n");
	is_fact("number", "7", 1);
	is_fact("duration", "1:02", 1);
	is_fact("image", "a.jpg", 2);
	is_fact("audio", "x.mp3", 3);
	is_fact("title", NULL, 0);
	done();
	look_at(true, "a: [[{b: deep}]]\nc: d\n");
	assert_int_equal(fields_map(&arena, (struct fields *)source.fields,
	    "Title", " none, a[0][0].B ,c", &err), 0);
	is_fact("title", "deep", 1);
	done();
	assert_int_equal(told.n, 0);
}

static void
wrong_paths_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "a,", ",a", "a..b", ".a", "[0]", "a[", "a[x]",
		"a[]", "a[0]b", "a[99999]", "a.b.c.d.e.f.g.h.i"
	};
	struct fields *f = fields_new(&arena, true);
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(bad); i++) {
		struct err err = ERR_INIT;

		if (fields_map(&arena, f, "title", bad[i], &err) == 0)
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
}

static void
names_with_other_meanings_count_by_their_values(void **state)
{
	(void)state;
	look_at(true, "url: https://a.example/x.mp3\nid: 7\nslug: '12'\n"
	    "type: post\nlength: '29:01'\npublished: false\n");
	is_fact("audio", "https://a.example/x.mp3", 1);
	is_fact("link", NULL, 0);
	is_fact("guid", NULL, 0);
	is_fact("number", NULL, 0);
	is_fact("slug", NULL, 0);
	is_fact("type", NULL, 0);
	is_fact("length", NULL, 0);
	is_fact("duration", "29:01", 5);
	is_fact("date", NULL, 0);
	assert_true(fact_draft(&source));
	done();
	look_at(true, "url: /blog/x/\nid: a7\nslug: x\nepisode: S01E02\n"
	    "published: 2026-01-02\npermalink: /:year/x/\ntype: audio/mpeg\n");
	is_fact("audio", NULL, 0);
	assert_string_equal(fact_url(&source, "link"),
	    "https://a.example/blog/x/");
	is_fact("guid", "a7", 2);
	is_fact("number", "S01E02", 4);
	is_fact("slug", "x", 3);
	is_fact("date", "2026-01-02", 5);
	is_fact("type", "audio/mpeg", 7);
	assert_false(fact_draft(&source));
	done();
	assert_int_equal(told.n, 0);
}

static void
a_tree_of_its_own_has_its_own_names(void **state)
{
	(void)state;
	look_at(false, "podcast_file: x.mp3\nTITLE: T\nimages: [a]\n");
	is_fact("audio", NULL, 0);
	is_fact("image", NULL, 0);
	is_fact("title", "T", 2);
	assert_true(fields_is_known(source.fields, "Title"));
	assert_false(fields_is_known(source.fields, "podcast_file"));
	assert_string_equal(fields_meant("Podcast-File"), "audio");
	assert_null(fields_meant("colour"));
	done();
	look_at(false, "title: [a]\n");
	is_fact("title", NULL, 0);
	assert_told(0, "episode-value", 1, "not a list");
	done();
}

static void
addresses_are_completed_in_a_sites_own_tree(void **state)
{
	static const char *const sources[] = {
		"../../assets/h2.png", "~/assets/a.png", "@/assets/a.png",
		"@assets/a.png", "src/assets/a.png", "/src/assets/a.png",
		"./../../assets/h2.png", "a/../../../b.png", "/../b.png"
	};
	size_t i;

	(void)state;
	look_at(true, "image: img/a b.jpg\nvideo: https://v.example/\xc3\xa4\n");
	assert_string_equal(fact_url(&source, "image"),
	    "https://a.example/show/img/a%20b.jpg");
	assert_string_equal(fact_url(&source, "video"),
	    "https://v.example/%C3%A4");
	assert_int_equal(told.n, 0);
	done();
	look_at(true, "image: //b.example/src/../../a.jpg\n");
	assert_non_null(fact_url(&source, "image"));
	assert_int_equal(told.n, 0);
	done();
	look_at(true, "image: ./a/../../img/a.jpg\n");
	assert_string_equal(fact_url(&source, "image"),
	    "https://a.example/img/a.jpg");
	assert_int_equal(told.n, 0);
	done();
	look_at(true, "image: ../img/a.jpg\n");
	assert_string_equal(fact_url(&source, "image"),
	    "https://a.example/img/a.jpg");
	assert_int_equal(told.n, 0);
	done();
	for (i = 0; i < SIZE(sources); i++) {
		look_at(true, arena_printf(&arena, "image: '%s'\n",
		    sources[i]));
		assert_null(fact_url(&source, "image"));
		assert_told(0, "episode-url", 1, "the site's source");
		assert_int_equal(told.findings.errors, 0);
		done();
	}
	look_at(false, "image: img/a.jpg\n");
	assert_null(fact_url(&source, "image"));
	assert_told(0, "episode-url", 1, "no address");
	assert_int_equal(told.findings.errors, 1);
	done();
}

static void
sizes(void **state)
{
	static const struct {
		const char *text;
		int64_t size;
		const char *rule;	/* NULL: nothing is told */
	} rows[] = {
		{ "18200001", 18200001, NULL }, { "'18200001'", 18200001, NULL },
		{ "'18,200,001'", 18200001, NULL },
		{ "18.200.001", 18200001, NULL },
		{ "18 200 001", 18200001, NULL },
		{ "18\xe2\x80\xaf""200\xe2\x80\xaf""001", 18200001, NULL },
		{ "18'200'001", 18200001, NULL },
		{ "18_200_001 bytes", 18200001, NULL }, { "''", -1, NULL },
		{ "18200000", 18200000, "episode-size-rounded" },
		{ "17.3 MB", -1, "episode-size" }, { "17MiB", -1, "episode-size" },
		{ "0", -1, "episode-size" },
		{ "18,20,001", -1, "episode-number" },
		{ "'18,200.001'", -1, "episode-number" },
		{ "1,2001", -1, "episode-number" },
		{ "1234,567", -1, "episode-number" },
		{ "-5", -1, "episode-number" }, { "big", -1, "episode-number" },
		{ "9999999999999999", -1, "episode-number" },
	};
	struct fact f;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(rows); i++) {
		look_at(true, arena_printf(&arena, "\nlength: %s\n",
		    rows[i].text));
		f = fact_get(&source, "length");
		if (fact_size(&source, &f) != rows[i].size)
			fail_msg("%s", rows[i].text);
		assert_int_equal(told.n, rows[i].rule != NULL);
		assert_int_equal(told.findings.errors, 0);
		if (rows[i].rule != NULL)
			assert_told(0, rows[i].rule, 2, "length");
		done();
	}
	look_at(false, "length: big\n");
	f = fact_get(&source, "length");
	assert_int_equal(fact_size(&source, &f), -1);
	assert_int_equal(told.findings.errors, 1);
	done();
}

static void
words_for_yes_and_no(void **state)
{
	static const char *const yes[] = { "true", "'Yes'", "1", "explicit" };
	static const char *const no[] = { "false", "NO", "0", "clean" };
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		look_at(false, arena_printf(&arena, "explicit: %s\n", yes[i]));
		assert_true(fact_bool(&source, "explicit", false));
		done();
		look_at(false, arena_printf(&arena, "explicit: %s\n", no[i]));
		assert_false(fact_bool(&source, "explicit", true));
		assert_int_equal(told.n, 0);
		done();
	}
	look_at(false, "explicit: maybe\nguid_is_link: clean\n");
	fact_bool(&source, "explicit", false);
	assert_told(0, "episode-bool", 1, "must be true or false");
	fact_bool(&source, "guid_is_link", false);
	assert_told(1, "episode-bool", 2, "must be true or false");
	done();
}

static void
numbers_as_people_write_them(void **state)
{
	static const struct {
		const char *text;
		int64_t season, number;
	} rows[] = {
		{ "5", 0, 5 }, { "'005'", 0, 5 }, { "5.0", 0, 5 },
		{ "5.00", 0, 5 }, { "'#5'", 0, 5 }, { "E05", 0, 5 },
		{ "ep. 5", 0, 5 }, { "Episode 5", 0, 5 }, { "ep5", 0, 5 },
		{ "S02E05", 2, 5 }, { "s2e5", 2, 5 }, { "S2 E5", 2, 5 },
		{ "'Season 2, Episode 5'", 2, 5 }, { "S2-#5", 2, 5 },
		{ "'Episode #5'", 0, 5 }, { "'Staffel 2, Folge 5'", 2, 5 },
	};
	static const char *const bad[] = {
		"5.5", "5a", "S02", "S02 05", "SE5", "-5", "5.", "5.01",
		"9999999999999999", "S02E", "5/6", "Episode##5"
	};
	int64_t season, number;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(rows); i++) {
		look_at(true, arena_printf(&arena, "episode: %s\n",
		    rows[i].text));
		season = number = 0;
		fact_episode(&source, &season, &number);
		if (season != rows[i].season || number != rows[i].number)
			fail_msg("%s", rows[i].text);
		assert_int_equal(told.n, 0);
		done();
	}
	for (i = 0; i < SIZE(bad); i++) {
		look_at(true, arena_printf(&arena, "\nepisode: %s\n", bad[i]));
		number = 7;
		fact_episode(&source, &season, &number);
		assert_int_equal(number, 7);
		assert_told(0, "episode-number", 2, bad[i]);
		done();
	}
	/* A title under the same key holds no number. */
	look_at(true, "episode: The one\n");
	fact_episode(&source, &season, &number);
	assert_int_equal(told.n, 0);
	done();
}

static void
seasons_as_people_write_them(void **state)
{
	static const char *const good[] = {
		"2", "'02'", "2.0", "S2", "s02", "Season 2", "Staffel 2"
	};
	static const char *const bad[] = {
		"2.5", "S", "Season", "S2E1", "two", "-2", "2.", "2/3"
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(good); i++) {
		look_at(false, arena_printf(&arena, "season: %s\n", good[i]));
		if (fact_season(&source, 7) != 2)
			fail_msg("%s", good[i]);
		assert_int_equal(told.n, 0);
		done();
	}
	for (i = 0; i < SIZE(bad); i++) {
		look_at(false, arena_printf(&arena, "season: %s\n", bad[i]));
		assert_int_equal(fact_season(&source, 7), 7);
		assert_told(0, "episode-number", 1, "no whole number");
		done();
	}
	look_at(false, "season: 0\n");
	assert_int_equal(fact_season(&source, 7), 7);
	assert_told(0, "episode-number", 1, "no whole number");
	done();
	look_at(true, "season: 0\n");
	assert_int_equal(fact_season(&source, 7), 0);
	assert_int_equal(told.n, 0);
	done();
}

static void
a_draft_stays_one(void **state)
{
	static const struct {
		const char *yaml;
		bool draft;
	} rows[] = {
		{ "draft: on", true }, { "draft: 'ON'", true },
		{ "draft: y", true }, { "draft: 1", true },
		{ "draft: yes", true }, { "draft: ' true '", true },
		{ "draft: off", false }, { "draft: n", false },
		{ "draft: 0", false }, { "draft: ''", false },
		{ "draft: false\npublished: false", true },
		{ "published: off", true }, { "published: 0", true },
		{ "published: 1", false }, { "published: true", false },
		{ "draft: true\npublished: true", true },
		{ "draft: false\nis_draft: on", true },
		{ "upcoming: on", true }, { "upcoming: in May", false },
		{ "published: 2026-01-02", false },
		{ "status: Draft", true }, { "status: publish", false },
		{ "status: draft\ndraft: false", true },
	};
	static const char *const bad[] = {
		"draft: maybe", "draft: 2", "draft: [true]", "draft: {a: 1}",
		"is_draft: perhaps", "published: not yet",
		"published: true\ndraft: '-'"
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(rows); i++) {
		look_at(true, rows[i].yaml);
		if (fact_draft(&source) != rows[i].draft)
			fail_msg("%s", rows[i].yaml);
		assert_int_equal(told.n, 0);
		done();
	}
	for (i = 0; i < SIZE(bad); i++) {
		look_at(true, bad[i]);
		fact_draft(&source);
		if (told.findings.errors != 1)
			fail_msg("%s", bad[i]);
		done();
	}
	look_at(false, "draft: soon");
	fact_draft(&source);
	assert_told(0, "episode-bool", 1, "whether the episode is a draft");
	done();
}

static void
guids_by_a_pattern(void **state)
{
	static const char *const bad[] = {
		"same", "{nummer}", "{number", "{number:}x{", "{number:99}"
	};
	struct show s = { .media_url = "https://m.example/a" };
	struct episode e = {
		.file = "x/007-a b.md", .slug = "a b", .number = 7,
		.date = { 1767603600, 0 },
		.audio = { .file = "c d.mp3" }
	};
	struct err err = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(bad); i++)
		if (guid_check(bad[i], &err) == 0)
			fail_msg("taken: %s", bad[i]);
	assert_int_equal(guid_check("{audio}#{number:03}-{slug}", &err), 0);
	assert_string_equal(guid_fill(&s, "{audio}#{number:03}-{slug}", &e,
	    &err), "https://m.example/a/c%20d.mp3#007-a b");
	assert_string_equal(guid_fill(&s, "{year}{month}{day}:{stem}", &e,
	    &err), "20260105:007-a b");
	e.audio.url = "https://x.example/?a=1";
	assert_string_equal(guid_fill(&s, "{audio}", &e, &err),
	    "https://x.example/?a=1");
	assert_null(guid_fill(&s, "{link}", &e, &err));
	assert_non_null(strstr(err.msg, "no link"));
	assert_null(guid_fill(&s, "{season}-{number}", &e, &err));
	arena_release(&s.arena);
}

/* ---- episode_trace ---- */

struct line {
	char name[16];
	char text[80];
	const char *origin;
	unsigned line;
};
static struct line lines[64];
static size_t nlines;

static void
collect(void *ctx, const char *name, const struct fact *f)
{
	size_t i;

	(void)ctx;
	for (i = 0; i < nlines && strcmp(lines[i].name, name) != 0; i++)
		;
	assert_true(i < SIZE(lines));
	nlines += i == nlines;
	snprintf(lines[i].name, sizeof(lines[i].name), "%s", name);
	snprintf(lines[i].text, sizeof(lines[i].text), "%s", f->text);
	lines[i].origin = f->origin;
	lines[i].line = f->line;
}

static void
came_from(const char *name, const char *text, const char *origin,
    unsigned line)
{
	size_t i;

	for (i = 0; i < nlines; i++)
		if (strcmp(lines[i].name, name) == 0) {
			assert_string_equal(lines[i].text, text);
			assert_string_equal(lines[i].origin, origin);
			assert_int_equal(lines[i].line, line);
			return;
		}
	fail_msg("%s is not told", name);
}

static void
put(const char *dir, const char *name, const char *text)
{
	const char *path = arena_printf(&arena, "%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void
it_is_told_where_facts_come_from(void **state)
{
	static const char *const names[] = {
		"show.ini", "t.csv", "012-some-slug.md", "012-other.md"
	};
	char dir[] = "/tmp/showmill-fields-XXXXXX";
	struct err err = ERR_INIT;
	struct show *s;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	put(dir, names[0], "title = T\nlink = https://a.example/\n"
	    "feed_url = https://a.example/f\ndescription = D\nepisodes = .\n"
	    "guid = 7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11\ntable = t.csv\nslug = t\n"
	    "episode_url = https://a.example/{number}\n");
	put(dir, names[1], "number,audio,summary\n12,https://a.example/other,\n"
	    "12,https://a.example/x.mp3,\n");
	put(dir, names[2], "---\ndate: 2026-01-02\n---\n\n# A heading\n");
	put(dir, names[3], "---\nguid: g\nseason: 2\ntitle: O\n"
	    "date: 2026-01-01\n---\n");
	s = show_open(arena_printf(&arena, "%s/show.ini", dir),
	    &told.findings);
	assert_non_null(s);
	assert_true(show_read_episodes(s, &told.findings));
	assert_int_equal(told.n, 0);
	assert_int_equal(s->nepisodes, 2);
	/* Newest first. Its row is the second: the other file took the first. */
	nlines = 0;
	assert_int_equal(episode_trace(s, &s->episodes[0], collect, NULL,
	    &err), 0);
	came_from("date", "2026-01-02", FACT_FRONT, 2);
	came_from("title", "A heading", FACT_HEADING, 5);
	came_from("audio", "https://a.example/x.mp3", FACT_TABLE, 3);
	came_from("number", "12", FACT_TABLE, 3);
	came_from("slug", "some-slug", FACT_NAME, 0);
	came_from("link", "https://a.example/12", FACT_PATTERN, 0);
	came_from("guid", s->episodes[0].guid, FACT_MADE, 0);
	for (i = 0; i < nlines; i++)
		assert_string_not_equal(lines[i].name, "summary");
	put(dir, names[2], "---\ndate: never\n---\n");
	assert_int_equal(episode_trace(s, &s->episodes[0], collect, NULL,
	    &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	show_free(s);
	for (i = 0; i < SIZE(names); i++)
		unlink(arena_printf(&arena, "%s/%s", dir, names[i]));
	rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(keys_are_one_without_case_and_marks),
		TOLD_TEST(the_table_is_sorted),
		TOLD_TEST(the_manual_has_every_name),
		TOLD_TEST(paths_walk_into_maps_and_lists),
		TOLD_TEST(wrong_paths_are_refused),
		TOLD_TEST(names_with_other_meanings_count_by_their_values),
		TOLD_TEST(a_tree_of_its_own_has_its_own_names),
		TOLD_TEST(addresses_are_completed_in_a_sites_own_tree),
		TOLD_TEST(sizes),
		TOLD_TEST(words_for_yes_and_no),
		TOLD_TEST(numbers_as_people_write_them),
		TOLD_TEST(seasons_as_people_write_them),
		TOLD_TEST(a_draft_stays_one),
		TOLD_TEST(guids_by_a_pattern),
		TOLD_TEST(it_is_told_where_facts_come_from),
	};

	return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
