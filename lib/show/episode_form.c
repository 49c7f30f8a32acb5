#include "show/episode_form.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "show/media_type.h"

/* 18,200,000 and 18200000 bytes say the same. */
static bool
says_bytes(const char *was, int64_t length)
{
	int64_t n = 0;

	for (; *was != '\0' && strchr("BbKkMmGg", *was) == NULL; was++)
		if (isdigit((unsigned char)*was)) {
			if (n > INT64_MAX / 100)
				return false;
			n = n * 10 + (*was - '0');
		}
	return n == length && (*was == '\0' || strcasecmp(was, "b") == 0 ||
	    strcasecmp(was, "bytes") == 0);
}

const char *
episode_form_length(struct arena *a, const char *was, int64_t length)
{
	if (was != NULL && says_bytes(was, length))
		return NULL;
	return arena_printf(a, "%lld", (long long)length);
}

/* How a duration was written. */
struct clock {
	int parts;		/* 1: seconds; 0: in no such way */
	int wide;		/* digits of the first */
	int decimals;		/* of the seconds */
};

static struct clock
clock_of(const char *p)
{
	struct clock c = { 0, 0, 0 }, none = { 0, 0, 0 };
	size_t n;

	for (;;) {
		n = strspn(p, "0123456789");
		if (n == 0 || c.parts == 3)
			return none;
		if (c.parts++ == 0)
			c.wide = n > 1 ? 2 : 1;
		p += n;
		if (*p != ':')
			break;
		p++;
	}
	if (*p == '.') {
		n = strspn(++p, "0123456789");
		c.decimals = n > 3 ? 3 : (int)n;
		p += n;
	}
	return *p == '\0' ? c : none;
}

static const char *
fraction_of(struct arena *a, int decimals, int64_t ms)
{
	int64_t part = ms % 1000;
	int i;

	if (decimals == 0)
		return "";
	for (i = decimals; i < 3; i++)
		part /= 10;
	return arena_printf(a, ".%0*lld", decimals, (long long)part);
}

/* PT29M1S */
static const char *
iso_of(struct arena *a, int64_t s)
{
	const char *hours = "", *minutes = "";

	if (s >= 3600)
		hours = arena_printf(a, "%lldH", (long long)s / 3600);
	if (s >= 60)
		minutes = arena_printf(a, "%lldM", (long long)s / 60 % 60);
	return arena_printf(a, "PT%s%s%lldS", hours, minutes,
	    (long long)s % 60);
}

/* `29.01` is read as seconds here, and as minutes by many. */
static bool
is_clear(const struct clock *c, const char *was)
{
	return c->parts != 1 || c->decimals == 0 || c->decimals > 2 ||
	    strcspn(was, ".") > 3;
}

static const char *
with_colons(struct arena *a, const struct clock *c, int64_t ms)
{
	const char *fraction = fraction_of(a, c->decimals, ms);
	long long s = c->decimals > 0 ? ms / 1000 : (ms + 500) / 1000;

	if (c->parts == 1)
		return arena_printf(a, "%lld%s", s, fraction);
	if (c->parts == 3 || s >= 3600)
		return arena_printf(a, "%0*lld:%02lld:%02lld%s",
		    c->parts == 3 ? c->wide : 1, s / 3600, s / 60 % 60,
		    s % 60, fraction);
	return arena_printf(a, "%0*lld:%02lld%s", c->wide, s / 60, s % 60,
	    fraction);
}

const char *
episode_form_duration(struct arena *a, const char *was, int64_t ms)
{
	struct clock c = { 0, 0, 0 };
	struct err ignored = ERR_INIT;
	char text[DATE_TEXT_MAX];
	int64_t said, s = (ms + 500) / 1000;

	if (was != NULL) {
		c = clock_of(was);
		if (is_clear(&c, was)) {
			if (date_parse_duration(was, &said, &ignored) == 0 &&
			    said == s)
				return NULL;
			if (c.parts > 0)
				return with_colons(a, &c, ms);
		}
		if (strncasecmp(was, "PT", 2) == 0)
			return iso_of(a, s);
	}
	date_duration(s, text);
	return arena_strdup(a, text);
}

const char *
episode_form_type(struct arena *a, const char *was, const char *type)
{
	if (was != NULL && media_type_of(was) == MEDIA_TYPE_SOUND &&
	    media_type_agrees(was, type))
		return NULL;
	return arena_strdup(a, type);
}
