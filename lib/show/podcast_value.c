/* Values of the podcast namespace: what they must be. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "show/fields.h"
#include "show/options.h"
#include "show/podcast_int.h"
#include "text/url.h"

#define DIGITS "0123456789"
#define TYPE_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	DIGITS "!#$&-^_.+"

static bool
is_whole(const char *s)
{
	return *s != '\0' && s[strspn(s, DIGITS)] == '\0';
}

static bool
is_decimal(const char *s)
{
	size_t n = strspn(s, DIGITS);

	return n > 0 && (s[n] == '\0' || (s[n] == '.' && is_whole(s + n + 1)));
}

static bool
is_media_type(const char *s)
{
	size_t n = strspn(s, TYPE_LETTERS), m;

	if (n == 0 || s[n] != '/')
		return false;
	m = strspn(s + n + 1, TYPE_LETTERS);
	return m > 0 && (s[n + 1 + m] == '\0' || s[n + 1 + m] == ';');
}

static bool
is_ratio(const char *s)
{
	const char *slash = strchr(s, '/');
	char left[16];

	if (slash == NULL || (size_t)(slash - s) >= sizeof(left))
		return false;
	memcpy(left, s, (size_t)(slash - s));
	left[slash - s] = '\0';
	return is_decimal(left) && is_decimal(slash + 1);
}

/* RFC 5870 §3.3, without its parameters' names. */
static bool
is_geo(const char *s)
{
	double number[2];
	char *end;
	int i;

	if (strncmp(s, "geo:", 4) != 0)
		return false;
	s += 4;
	for (i = 0; i < 2; i++) {
		number[i] = strtod(s, &end);
		/* strtod() reads more than a number may be here. */
		if (end == s || end != s + strspn(s, "-" DIGITS ".") ||
		    (i == 0 && *end != ','))
			return false;
		s = end + (i == 0);
	}
	return number[0] >= -90 && number[0] <= 90 && number[1] >= -180 &&
	    number[1] <= 180 && (*s == '\0' || *s == ',' || *s == ';');
}

/* The word of the table, however its letters are written. */
static const char *
choice(const struct podcast_source *s, const struct podcast_value *want,
    const char *text, struct err *err)
{
	const char *p = want->choices;
	size_t len;

	for (; *p != '\0'; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		if (strlen(text) == len && strncasecmp(p, text, len) == 0)
			return arena_strndup(s->arena, p, len);
	}
	(void)err_set(err, ERR_INPUT, "is none of: %s", want->choices);
	return NULL;
}

static const char *
flag(const char *text, const char *yes, const char *no, struct err *err)
{
	int value = fields_flag(text);

	if (value < 0)
		(void)err_set(err, ERR_INPUT, "must be %s or %s", yes, no);
	return value < 0 ? NULL : value ? yes : no;
}

static const char *
seconds(const struct podcast_source *s, const char *text, struct err *err)
{
	int64_t n;

	if (is_decimal(text))
		return text;
	if (date_parse_duration(text, &n, err) != 0)
		return NULL;
	return arena_printf(s->arena, "%lld", (long long)n);
}

static const char *
date(const struct podcast_source *s, enum podcast_kind kind, const char *text,
    struct err *err)
{
	char out[DATE_TEXT_MAX];
	struct date d;

	if (date_parse(text, s->zone, 0, &d, err) != 0)
		return NULL;
	if (kind == PODCAST_DATE)
		date_rfc5322(&d, out);
	else
		date_rfc3339(&d, out);
	return arena_strdup(s->arena, out);
}

/* Kinds that stand in the feed as they are written. */
static const struct {
	enum podcast_kind kind;
	bool (*is)(const char *text);
	const char *why;
} plain[] = {
	{ PODCAST_URI, url_is_uri, "is no address with a scheme, as in "
	    "https://host/path, in ASCII alone" },
	{ PODCAST_WHOLE, is_whole, "is no whole number from 0 on" },
	{ PODCAST_DECIMAL, is_decimal, "is no number such as 12 or 0.5" },
	{ PODCAST_TYPE, is_media_type, "is no media type such as audio/mpeg" },
	{ PODCAST_LANGUAGE, options_is_language, "is no language tag such as "
	    "en or pt-BR" },
	{ PODCAST_UUID, hash_is_uuid, "is no UUID" },
	{ PODCAST_RATIO, is_ratio, "is no ratio such as 16/9" },
	{ PODCAST_GEO, is_geo, "is no place such as geo:52.5163,13.3777 "
	    "(latitude, longitude)" },
};

static const char *
as_it_is(enum podcast_kind kind, const char *text, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (plain[i].kind == kind && !plain[i].is(text)) {
			(void)err_set(err, ERR_INPUT, "%s", plain[i].why);
			return NULL;
		}
	return text;
}

const char *
podcast_value(const struct podcast_source *s, const struct podcast_value *want,
    const char *text, struct err *err)
{
	switch (want->kind) {
	case PODCAST_URL:
		return url_check(text, err) == 0 ? text : NULL;
	case PODCAST_YES_NO:
		return flag(text, "yes", "no", err);
	case PODCAST_BOOL:
		return flag(text, "true", "false", err);
	case PODCAST_SECONDS:
		return seconds(s, text, err);
	case PODCAST_DATE:
	case PODCAST_DATE_ISO:
		return date(s, want->kind, text, err);
	case PODCAST_CHOICE:
		return choice(s, want, text, err);
	default:
		return as_it_is(want->kind, text, err);
	}
}
