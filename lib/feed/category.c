#include "feed/category.h"

#include <stddef.h>
#include <string.h>

/* The list as it stands; subcategories are separated by |. */
static const char *const categories[][2] = {
	{ "Arts", "Books|Design|Fashion & Beauty|Food|Performing Arts|"
	    "Visual Arts" },
	{ "Business", "Careers|Entrepreneurship|Investing|Management|"
	    "Marketing|Non-Profit" },
	{ "Comedy", "Comedy Interviews|Improv|Stand-Up" },
	{ "Education", "Courses|How To|Language Learning|Self-Improvement" },
	{ "Fiction", "Comedy Fiction|Drama|Science Fiction" },
	{ "Government", "" },
	{ "Health & Fitness", "Alternative Health|Fitness|Medicine|"
	    "Mental Health|Nutrition|Sexuality" },
	{ "History", "" },
	{ "Kids & Family", "Education for Kids|Parenting|Pets & Animals|"
	    "Stories for Kids" },
	{ "Leisure", "Animation & Manga|Automotive|Aviation|Crafts|Games|"
	    "Hobbies|Home & Garden|Video Games" },
	{ "Music", "Music Commentary|Music History|Music Interviews" },
	{ "News", "Business News|Daily News|Entertainment News|"
	    "News Commentary|Politics|Sports News|Tech News" },
	{ "Religion & Spirituality", "Buddhism|Christianity|Hinduism|Islam|"
	    "Judaism|Religion|Spirituality" },
	{ "Science", "Astronomy|Chemistry|Earth Sciences|Life Sciences|"
	    "Mathematics|Natural Sciences|Nature|Physics|Social Sciences" },
	{ "Society & Culture", "Documentary|Personal Journals|Philosophy|"
	    "Places & Travel|Relationships" },
	{ "Sports", "Baseball|Basketball|Cricket|Fantasy Sports|Football|"
	    "Golf|Hockey|Rugby|Running|Soccer|Swimming|Tennis|Volleyball|"
	    "Wilderness|Wrestling" },
	{ "TV & Film", "After Shows|Film History|Film Interviews|"
	    "Film Reviews|TV Reviews" },
	{ "Technology", "" },
	{ "True Crime", "" },
};

/* What was in the list before: categories, with the subcategories that are
 * gone; "*": the category itself is gone. */
static const char *const gone[][2] = {
	{ "Arts", "Literature" },
	{ "Audio Blogs", "*" },
	{ "Business", "Business News|Finance|Management & Marketing|"
	    "Shopping" },
	{ "Education", "Education Technology|Higher Education|K-12|"
	    "Language Courses|Training" },
	{ "Food", "*" },
	{ "Games & Hobbies", "*" },
	{ "Government & Organizations", "*" },
	{ "Health", "*" },
	{ "International", "*" },
	{ "Movies & Television", "*" },
	{ "News & Politics", "*" },
	{ "Public Radio", "*" },
	{ "Religion & Spirituality", "Other" },
	{ "Science & Medicine", "*" },
	{ "Society & Culture", "History" },
	{ "Sports & Recreation", "*" },
	{ "Talk Radio", "*" },
	{ "Technology", "Computers|Developers|Gadgets|Information Technology|"
	    "News|Operating Systems|Podcasting|Software How-To|Tech News" },
	{ "Transportation", "*" },
	{ "Travel", "*" },
};

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

static bool
is_listed(const char *list, const char *word)
{
	size_t len;

	for (; *list != '\0'; list += len + (list[len] == '|')) {
		len = strcspn(list, "|");
		if (strlen(word) == len && strncmp(list, word, len) == 0)
			return true;
	}
	return false;
}

static bool
is_gone(const char *name, const char *sub)
{
	size_t i;

	for (i = 0; i < SIZE(gone); i++)
		if (strcmp(gone[i][0], name) == 0)
			return strcmp(gone[i][1], "*") == 0 ||
			    (sub != NULL && is_listed(gone[i][1], sub));
	return false;
}

bool
category_is_known(const char *name, const char *sub, const char **why)
{
	size_t i;

	if (is_gone(name, sub)) {
		*why = "is no longer a category of Apple Podcasts";
		return false;
	}
	for (i = 0; i < SIZE(categories) &&
	    strcmp(categories[i][0], name) != 0; i++)
		;
	if (i < SIZE(categories) && (sub == NULL ||
	    is_listed(categories[i][1], sub)))
		return true;
	*why = i < SIZE(categories) ?
	    "is no subcategory there in Apple Podcasts" :
	    "is no category of Apple Podcasts";
	return false;
}
