/* What a tree's files and programs say about a show. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show/init_int.h"
#include "told.h"

/* The patterns of these paths, "a|b|c". */
static const char *
patterns(const char *folder, const char *const *paths, size_t n)
{
	struct init_notes notes = { .folder = folder, .nown = n };
	struct init_note *note = arena_array(&arena, n, sizeof(*note));
	struct init_names names;
	const char *out = "";
	size_t i;

	notes.own = arena_array(&arena, n, sizeof(struct init_note *));
	for (i = 0; i < n; i++) {
		note[i].path = paths[i];
		note[i].folder = init_folder(&arena, paths[i]);
		note[i].ending = strrchr(paths[i], '.');
		note[i].bundle = strstr(paths[i], "/index.") != NULL;
		if (note[i].bundle)
			note[i].folder = init_folder(&arena, note[i].folder);
		notes.own[i] = &note[i];
	}
	init_names(&arena, &notes, &names);
	for (i = 0; i < names.n; i++)
		out = arena_printf(&arena, "%s%s%s", out, i > 0 ? "|" : "",
		    names.name[i]);
	return out;
}

#define CHECK(folder, want, ...) do { \
	static const char *const p[] = { __VA_ARGS__ }; \
	assert_string_equal(patterns(folder, p, SIZE(p)), want); \
} while (0)

static void
names_become_patterns(void **state)
{
	(void)state;
	CHECK("e", "{number}-{slug}.md", "e/001-a.md", "e/2-b-c.md");
	CHECK("e", "{number}.md|{slug}.md", "e/1.md", "e/2.md", "e/about.md");
	/* A year at the head of a few titles is no number. */
	CHECK("e", "{slug}.md", "e/2015-in-review.md", "e/a.md", "e/b.md",
	    "e/c.md");
	CHECK("_posts", "{year}-{month}-{day}-{slug}.markdown",
	    "_posts/2026-1-02-a.markdown");
	CHECK("e", "{year}-{month}-{day}.md", "e/2026-01-02.md");
	CHECK("e", "S{season}E{number} - {slug}.md", "e/S1E02 - a.md",
	    "e/S1E03 - b.md");
	CHECK("e", "episode-{number}.md", "e/episode-12.md");
	CHECK("e", "Ep. {number} {slug}.md", "e/Ep. 12 bees.md");
	/* A word that only begins so. */
	CHECK("e", "{slug}.md", "e/epoch.md", "e/s3.md", "e/100days.md");
	CHECK("c", "{number}-{slug}/index.md", "c/1-a/index.md",
	    "c/2-b/index.md");
	CHECK("c", "{slug}/index.md|{slug}.md", "c/a/index.md", "c/b.md");
	CHECK("c", "**/{slug}.md", "c/2024/a.md", "c/2025/b.md");
	CHECK("c", "s{season}/{number}.md", "c/s1/1.md", "c/s02/1.md");
	CHECK("", "{number}.md", "1.md");
}

/* What fits a shorter separator must have the longer one first. */
static void
patterns_stand_in_order(void **state)
{
	(void)state;
	CHECK("e", "{number} - {slug}.md|{number} -{slug}.md",
	    "e/1 -a.md", "e/2 -b.md", "e/3 -c.md", "e/4 - d.md");
	CHECK("e", "{number}- {slug}.md|{number}-{slug}.md|{number}.md|"
	    "{slug}.md", "e/1-a.md", "e/2-b.md", "e/3.md", "e/4- d.md",
	    "e/x.md");
}

/* More ways than patterns: all are read all the same. */
static void
rare_patterns_have_one_for_all(void **state)
{
	static const char *const p[] = {
		"e/1-a.md", "e/2_b.md", "e/3.c.md", "e/4 d.md", "e/5#e.md",
		"e/ep6-f.md", "e/ep7_g.md", "e/no8.md", "e/nr9.md",
		"e/folge10.md", "e/show11.md"
	};
	const char *out = patterns("e", p, SIZE(p));
	size_t n = 1;

	(void)state;
	assert_non_null(strstr(out, "|{slug}.md"));
	for (; (out = strchr(out, '|')) != NULL; out++)
		n++;
	assert_int_equal(n, INIT_NAMES_MAX);
}

static void
put(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
lines_of_programs_are_read(void **state)
{
	char dir[] = "/tmp/showmill-init-XXXXXX", path[64];
	static const char *const files[] = {
		".env", "site.ts", "podcast.json", "hugo.toml"
	};
	struct init_tree tree = { .dir = dir };
	struct init_site site;
	struct init_said said;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	put(dir, ".env", "SITE_NAME=\"A B\" # x\nCONTENT=c # y\nEMPTY=\n");
	put(dir, "site.ts", "export const SITE_TITLE = 'T';\n"
	    "const n = 3;\n  author: \"Ada \\\"x\\\"\",\n"
	    "  url: `https://x.example.org`,\n// note: 'no'\n");
	put(dir, "podcast.json", "{\"title\": \"P\", \"list\": [\"one\"],\n"
	    " \"deep\": {\"er\": \"  two\\n words \"}}");
	put(dir, "hugo.toml", "title = \n");
	init_site_read(&arena, &tree, &site);
	for (i = 0; i < SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
	assert_int_equal(site.n, 3);
	assert_int_equal(site.nbroken, 1);
	assert_non_null(strstr(site.broken[0], "hugo.toml"));
	said = init_site_find(&arena, &site, "nothing site_title title");
	assert_string_equal(said.text, "T");
	assert_string_equal(said.where, "site.ts:1");
	said = init_site_find(&arena, &site, "Site-Name");
	assert_string_equal(said.text, "A B");
	assert_string_equal(said.where, ".env:1");
	assert_string_equal(init_site_find(&arena, &site, "url").text,
	    "https://x.example.org");
	assert_string_equal(init_site_find(&arena, &site, "list").text,
	    "one");
	assert_string_equal(init_site_find(&arena, &site,
	    "deep.er").text, "two words");
	/* What is quoted in another way, a map and a comment are not taken. */
	assert_null(init_site_find(&arena, &site, "author deep note n").text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(names_become_patterns),
		TOLD_TEST(patterns_stand_in_order),
		TOLD_TEST(rare_patterns_have_one_for_all),
		TOLD_TEST(lines_of_programs_are_read),
	};

	return cmocka_run_group_tests_name("init", tests, NULL, NULL);
}
