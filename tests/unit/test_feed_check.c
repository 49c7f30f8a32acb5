/*
 * What directories want: categories, a cover; and whether a document has
 * items.
 */
#include "feed/category.h"
#include "feed/check.h"
#include "told.h"

static void
known(void **state)
{
	static const char *const names[][2] = {
		{ "Arts", NULL }, { "Arts", "Visual Arts" },
		{ "Business", "Non-Profit" }, { "Comedy", "Stand-Up" },
		{ "Education", "How To" }, { "Fiction", "Science Fiction" },
		{ "Government", NULL }, { "Health & Fitness", "Sexuality" },
		{ "History", NULL }, { "Kids & Family", "Parenting" },
		{ "Leisure", "Video Games" }, { "Music", "Music History" },
		{ "News", "Tech News" }, { "News", "Business News" },
		{ "Religion & Spirituality", "Religion" },
		{ "Science", "Natural Sciences" },
		{ "Society & Culture", "Documentary" },
		{ "Sports", "Wrestling" }, { "TV & Film", "TV Reviews" },
		{ "Technology", NULL }, { "True Crime", NULL },
		{ "Leisure", "Automotive" }, { "Health & Fitness", "Medicine" }
	};
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(names); i++)
		if (!category_is_known(names[i][0], names[i][1], &why))
			fail_msg("%s > %s %s", names[i][0], names[i][1], why);
}

static void
unknown(void **state)
{
	static const struct {
		const char *name, *sub, *why;
	} cases[] = {
		{ "Podcats", NULL, "is no category" },
		{ "Everything", NULL, "is no category" },
		{ "Foo", "Bar", "is no category" },
		{ "technology", NULL, "is no category" },
		{ "News>Tech News", NULL, "is no category" },
		{ "", NULL, "is no category" },
		{ "Technology", "Everything", "is no subcategory" },
		{ "Technology", "", "is no subcategory" },
		{ "Business", "Business", "is no subcategory" },
		{ "News", "Tech", "is no subcategory" },
		{ "Travel", NULL, "no longer" },
		{ "Movies & Television", NULL, "no longer" },
		{ "Technology", "Computers", "no longer" },
		{ "Technology", "Gadgets", "no longer" },
		{ "News & Politics", NULL, "no longer" },
		{ "Health", "Fitness & Nutrition", "no longer" },
		{ "Education", "K-12", "no longer" },
	};
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		if (category_is_known(cases[i].name, cases[i].sub, &why))
			fail_msg("taken: %s", cases[i].name);
		if (strstr(why, cases[i].why) == NULL)
			fail_msg("%s > %s: %s", cases[i].name, cases[i].sub,
			    why);
	}
}

static void
shows(void **state)
{
	struct show_category categories[] = {
		{ "News", "Tech News", 7 }, { "Podcats", NULL, 8 }
	};
	struct show s = { .file = "show.ini", .image = "https://a/i.png",
		.categories = categories, .ncategories = 1 };

	(void)state;
	check_show(&s, &told.findings);
	assert_int_equal(told.n, 0);
	s.ncategories = 2;
	check_show(&s, &told.findings);
	assert_int_equal(told.n, 1);
	assert_told(0, "show-category-unknown", 8, "`Podcats` is no category");
	forget();
	s.ncategories = 0;
	s.image = NULL;
	check_show(&s, &told.findings);
	assert_int_equal(told.n, 2);
	assert_told(0, "show-image", 0, "image = ");
	assert_told(1, "show-category", 0, "category = ");
	assert_int_equal(told.findings.errors, 0);
	assert_int_equal(told.findings.warnings, 2);
}

static void
items(void **state)
{
	(void)state;
	assert_true(check_has_items("<rss><channel><item>"));
	assert_true(check_has_items("<feed>\n<entry xml:lang='x'>"));
	assert_true(check_has_items("<item/>"));
	assert_true(check_has_items("< <item\n>"));
	assert_false(check_has_items(""));
	assert_false(check_has_items("<rss><channel><items>"));
	assert_false(check_has_items("item <itunes:item> entry"));
	assert_false(check_has_items("<"));
	assert_true(check_has_items("{\"items\":[{\"id\": \"1\"}]}"));
	assert_true(check_has_items(" {\n \"_x\": {\"items\": []},\n"
	    "\"items\" :\r\n[ {}] }"));
	assert_false(check_has_items("{\"items\": [\n]}"));
	assert_false(check_has_items("{\"title\": \"<item>\"}"));
	assert_false(check_has_items("{\"title\": \"\\\"items\\\": [{}]\", "
	    "\"tags\": [\"items\", \"items\"]}"));
	assert_false(check_has_items("{\"items\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(known),
		TOLD_TEST(unknown),
		TOLD_TEST(shows),
		TOLD_TEST(items),
	};

	return cmocka_run_group_tests_name("feed_check", tests, NULL, NULL);
}
