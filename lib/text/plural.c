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
maltese(uint64_t n)
{
	if (n == 1 || n == 2)
		return n == 1 ? PLURAL_ONE : PLURAL_TWO;
	return n == 0 || within(n % 100, 3, 10) ? PLURAL_FEW :
	    within(n % 100, 11, 19) ? PLURAL_MANY : PLURAL_OTHER;
}

static enum plural
scottish(uint64_t n)
{
	if (n == 0 || n > 19)
		return PLURAL_OTHER;
	return n % 10 == 1 ? PLURAL_ONE : n % 10 == 2 ? PLURAL_TWO :
	    PLURAL_FEW;
}

static enum plural
manx(uint64_t n)
{
	return n % 10 == 1 ? PLURAL_ONE : n % 10 == 2 ? PLURAL_TWO :
	    n % 20 == 0 ? PLURAL_FEW : PLURAL_OTHER;
}

static bool
is_million(uint64_t n)
{
	return n != 0 && n % 1000000 == 0;
}

/* The seventies and nineties count on from sixty and eighty, so they end as the
 * teens do. */
static enum plural
breton(uint64_t n)
{
	uint64_t tens = n / 10 % 10, last = n % 10;
	bool teens = tens == 1 || tens == 7 || tens == 9;

	if (is_million(n))
		return PLURAL_MANY;
	if (teens)
		return PLURAL_OTHER;
	return last == 1 ? PLURAL_ONE : last == 2 ? PLURAL_TWO :
	    last == 3 || last == 4 || last == 9 ? PLURAL_FEW : PLURAL_OTHER;
}

/* What Cornish has as a pair: thousands that end in twenties, and a hundred
 * thousand. */
static bool
is_cornish_thousand(uint64_t n)
{
	uint64_t thousands = n % 100000 / 1000;

	if (n == 0 || n % 1000 != 0)
		return false;
	return within(thousands, 1, 20) || thousands == 40 ||
	    thousands == 60 || thousands == 80 || n % 1000000 == 100000;
}

static enum plural
cornish(uint64_t n)
{
	uint64_t score = n % 100 % 20;

	if (n <= 1)
		return n == 0 ? PLURAL_ZERO : PLURAL_ONE;
	return score == 2 || is_cornish_thousand(n) ? PLURAL_TWO :
	    score == 3 ? PLURAL_FEW : score == 1 ? PLURAL_MANY :
	    PLURAL_OTHER;
}

static enum plural
filipino(uint64_t n)
{
	n %= 10;
	return n == 4 || n == 6 || n == 9 ? PLURAL_OTHER : PLURAL_ONE;
}

static enum plural
colognian(uint64_t n)
{
	return n == 0 ? PLURAL_ZERO : n == 1 ? PLURAL_ONE : PLURAL_OTHER;
}

static enum plural
tamazight(uint64_t n)
{
	return n <= 1 || within(n, 11, 99) ? PLURAL_ONE : PLURAL_OTHER;
}

static enum plural
tachelhit(uint64_t n)
{
	return n <= 1 ? PLURAL_ONE : n <= 10 ? PLURAL_FEW : PLURAL_OTHER;
}

static enum plural
usual(uint64_t n)
{
	return n == 1 ? PLURAL_ONE : PLURAL_OTHER;
}

static enum plural
italian(uint64_t n)
{
	return is_million(n) ? PLURAL_MANY : usual(n);
}

static enum plural
french(uint64_t n)
{
	return is_million(n) ? PLURAL_MANY : up_to_one(n);
}

/* What is not here is usual. Of tags that are one language the old one stands
 * here, too. */
static const struct {
	const char *languages;	/* each with a blank behind it */
	enum plural (*rule)(uint64_t n);
} rules[] = {
	{ "bm bo dz hnj id ig ii in ja jbo jv jw kde kea km ko lkt lo ms my "
	    "nqo osa sah ses sg su th to tpi vi wo yo yue zh ", none },
	{ "ak am as bho bn csw doi fa ff gu guw hi hy kab kn ln mg nso pa pcm "
	    "si ti wa zu ", up_to_one },
	{ "fr pt ", french },
	{ "pt-PT ca es it lld scn vec ", italian },
	{ "is mk ", ends_in_one },
	{ "bs hr sh sr ", south_slavic },
	{ "be ru uk ", east_slavic },
	{ "pl ", polish },
	{ "cs sk ", czech },
	{ "dsb hsb sl ", slovene },
	{ "lt ", lithuanian },
	{ "lv prg ", latvian },
	{ "mo ro ", romanian },
	{ "ar ars ", arabic },
	{ "he iu iw naq sat se sma smi smj smn sms ", hebrew },
	{ "ga ", irish },
	{ "cy ", welsh },
	{ "mt ", maltese },
	{ "gd ", scottish },
	{ "gv ", manx },
	{ "br ", breton },
	{ "kw ", cornish },
	{ "ceb fil tl ", filipino },
	{ "blo ksh lag ", colognian },
	{ "tzm ", tamazight },
	{ "shi ", tachelhit }
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

/* A region has two letters, and stands behind the language or its script. */
static bool
is_of_portugal(const char *tag)
{
	const char *p = tag + strcspn(tag, "-_");

	if (strcspn(tag, "-_") != 2 || strncasecmp(tag, "pt", 2) != 0)
		return false;
	if (*p != '\0' && strcspn(p + 1, "-_") == 4)
		p += 5;
	return *p != '\0' && strcspn(p + 1, "-_") == 2 &&
	    strncasecmp(p + 1, "PT", 2) == 0;
}

enum plural
plural_of(const char *language, uint64_t n)
{
	size_t len = strcspn(language, "-_"), i;

	if (is_of_portugal(language)) {
		language = "pt-PT";
		len = strlen(language);
	}
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
