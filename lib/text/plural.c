#include "text/plural.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool
within(uint64_t n, uint64_t from, uint64_t to)
{
	return n >= from && n <= to;
}

static enum plural
none(uint64_t n)
{
	(void)n;
	return PLURAL_OTHER;
}

static enum plural
up_to_one(uint64_t n)
{
	return n <= 1 ? PLURAL_ONE : PLURAL_OTHER;
}

/* 1, 21, 31 …, but not 11. */
static enum plural
ends_in_one(uint64_t n)
{
	return n % 10 == 1 && n % 100 != 11 ? PLURAL_ONE : PLURAL_OTHER;
}

static bool
ends_in_few(uint64_t n)
{
	return within(n % 10, 2, 4) && !within(n % 100, 12, 14);
}

static enum plural
south_slavic(uint64_t n)
{
	return ends_in_few(n) ? PLURAL_FEW : ends_in_one(n);
}

static enum plural
east_slavic(uint64_t n)
{
	enum plural form = south_slavic(n);

	return form == PLURAL_OTHER ? PLURAL_MANY : form;
}

static enum plural
polish(uint64_t n)
{
	return n == 1 ? PLURAL_ONE : ends_in_few(n) ? PLURAL_FEW :
	    PLURAL_MANY;
}

static enum plural
czech(uint64_t n)
{
	return n == 1 ? PLURAL_ONE : within(n, 2, 4) ? PLURAL_FEW :
	    PLURAL_OTHER;
}

static enum plural
slovene(uint64_t n)
{
	n %= 100;
	return n == 1 ? PLURAL_ONE : n == 2 ? PLURAL_TWO :
	    within(n, 3, 4) ? PLURAL_FEW : PLURAL_OTHER;
}

static enum plural
lithuanian(uint64_t n)
{
	if (within(n % 100, 11, 19) || n % 10 == 0)
		return PLURAL_OTHER;
	return n % 10 == 1 ? PLURAL_ONE : PLURAL_FEW;
}

static enum plural
latvian(uint64_t n)
{
	if (within(n % 100, 11, 19) || n % 10 == 0)
		return PLURAL_ZERO;
	return ends_in_one(n);
}

static enum plural
romanian(uint64_t n)
{
	return n == 1 ? PLURAL_ONE : n == 0 || within(n % 100, 1, 19) ?
	    PLURAL_FEW : PLURAL_OTHER;
}

static enum plural
arabic(uint64_t n)
{
	if (n <= 2)
		return n == 0 ? PLURAL_ZERO : n == 1 ? PLURAL_ONE :
		    PLURAL_TWO;
	n %= 100;
	return within(n, 3, 10) ? PLURAL_FEW : n >= 11 ? PLURAL_MANY :
	    PLURAL_OTHER;
}

static enum plural
hebrew(uint64_t n)
{
	return n == 1 ? PLURAL_ONE : n == 2 ? PLURAL_TWO : PLURAL_OTHER;
}

static enum plural
irish(uint64_t n)
{
	return within(n, 3, 6) ? PLURAL_FEW : within(n, 7, 10) ? PLURAL_MANY :
	    hebrew(n);
}

static enum plural
welsh(uint64_t n)
{
	return n == 0 ? PLURAL_ZERO : n == 3 ? PLURAL_FEW : n == 6 ?
	    PLURAL_MANY : hebrew(n);
}

static enum plural
usual(uint64_t n)
{
	return n == 1 ? PLURAL_ONE : PLURAL_OTHER;
}

static const struct {
	const char *languages;	/* each with a blank behind it */
	enum plural (*rule)(uint64_t n);
} rules[] = {
	{ "id ja jv km ko lo ms my su th to vi yo yue zh ", none },
	{ "am as bn fa fr gu hi hy kn pa pt si zu ", up_to_one },
	{ "is mk ", ends_in_one },
	{ "bs hr sh sr ", south_slavic },
	{ "be ru uk ", east_slavic },
	{ "pl ", polish },
	{ "cs sk ", czech },
	{ "sl ", slovene },
	{ "lt ", lithuanian },
	{ "lv ", latvian },
	{ "mo ro ", romanian },
	{ "ar ", arabic },
	{ "he iw ", hebrew },
	{ "ga ", irish },
	{ "cy ", welsh }
};

static bool
is_among(const char *languages, const char *language, size_t len)
{
	size_t n;

	for (; *languages != '\0'; languages += n + 1) {
		n = strcspn(languages, " ");
		if (n == len && strncasecmp(languages, language, len) == 0)
			return true;
	}
	return false;
}

enum plural
plural_of(const char *language, uint64_t n)
{
	size_t len = strcspn(language, "-"), i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (is_among(rules[i].languages, language, len))
			return rules[i].rule(n);
	return usual(n);
}

static const char *const names[PLURALS] = {
	"other", "zero", "one", "two", "few", "many"
};

const char *
plural_name(enum plural form)
{
	return names[form];
}

enum plural
plural_named(const char *name, size_t len)
{
	unsigned i;

	for (i = 0; i < PLURALS; i++)
		if (strlen(names[i]) == len && memcmp(names[i], name,
		    len) == 0)
			break;
	return (enum plural)i;
}
