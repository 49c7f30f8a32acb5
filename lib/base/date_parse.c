/* Reading dates and spans as people write them (base/date.h); durations are
 * in date_duration.c. */
#include "base/date.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define YEAR_MIN 1970
#define YEAR_MAX 9999

/* What was read of a date before it is checked. */
struct reading {
	int year, month, day;
	int hour, minute, second;
	int weekday;		/* 0: not said */
	bool has_time;
	bool has_offset;
	int32_t offset;		/* seconds */
};

/* A cursor over the text; every reader moves it only when it succeeds. */
struct cursor {
	const char *p;
};

static void
skip_blanks(struct cursor *c)
{
	while (*c->p == ' ' || *c->p == '\t')
		c->p++;
}

static bool
take(struct cursor *c, char wanted)
{
	if (*c->p != wanted)
		return false;
	c->p++;
	return true;
}

/* min to max decimal digits. */
static bool
take_digits(struct cursor *c, int min, int max, int *out)
{
	int n = 0, value = 0;

	while (n < max && isdigit((unsigned char)c->p[n]))
		value = value * 10 + (c->p[n++] - '0');
	if (n < min || isdigit((unsigned char)c->p[n]))
		return false;
	c->p += n;
	*out = value;
	return true;
}

/* One of n names: whole, its first three letters, or what else people write
 * for it (Sept); no other word that begins so (Marzipan). */
static int
take_name(struct cursor *c, const char *const *names, int n)
{
	static const char *const longer[] = { "Sept", "Tues", "Thur", "Thurs" };
	size_t len = 0, k;
	bool is_short;
	int i;

	while (isalpha((unsigned char)c->p[len]))
		len++;
	is_short = len == 3;
	for (k = 0; k < sizeof(longer) / sizeof(longer[0]); k++)
		if (strlen(longer[k]) == len &&
		    strncasecmp(c->p, longer[k], len) == 0)
			is_short = true;
	for (i = 0; i < n; i++) {
		if ((!is_short && strlen(names[i]) != len) ||
		    strncasecmp(c->p, names[i], len) != 0)
			continue;
		c->p += len;
		if (is_short)
			take(c, '.');
		return i + 1;
	}
	return 0;
}

/* What months are called in German, French, Spanish, Portuguese, Italian,
 * Dutch, Polish, Swedish and Danish, and shortened where that is one month in
 * all of them. */
static const char *const month_words[12] = {
	" januar jänner janvier janv enero ene janeiro gennaio gen januari "
	    "styczeń stycznia ",
	" februar février fevrier févr fevr febrero fevereiro fev febbraio "
	    "februari luty lutego ",
	" märz maerz mär mrz mars marzo março marco maart mrt marzec marca "
	    "marts ",
	" avril avr abril abr aprile kwiecień kwietnia ",
	" mai mayo maio maggio mag mei maj maja ",
	" juni juin junio junho giugno giu czerwiec czerwca ",
	" juli juillet juil julio julho luglio lug lipiec lipca ",
	" août aout agosto ago augustus augusti sierpień sierpnia ",
	" septembre septiembre setiembre setembro set settembre wrzesień "
	    "września ",
	" oktober okt octobre octubre outubro out ottobre ott październik "
	    "października ",
	" novembre noviembre novembro listopad listopada ",
	" dezember dez décembre decembre déc diciembre dic dezembro dicembre "
	    "grudzień grudnia "
};

/* A month in one of those languages, 0: none. Letters outside ASCII are lower
 * case, as no month begins with one. */
static int
take_month_word(struct cursor *c)
{
	char word[24];
	size_t len = 0, n = 1;
	int i;

	while (isalpha((unsigned char)c->p[len]) ||
	    (unsigned char)c->p[len] >= 0x80)
		len++;
	if (len < 3 || len > sizeof(word) - 3)
		return 0;
	word[0] = ' ';
	for (; n <= len; n++)
		word[n] = (char)((unsigned char)c->p[n - 1] < 0x80 ?
		    tolower((unsigned char)c->p[n - 1]) : c->p[n - 1]);
	word[n++] = ' ';
	word[n] = '\0';
	for (i = 0; i < 12; i++)
		if (strstr(month_words[i], word) != NULL) {
			c->p += len;
			take(c, '.');
			return i + 1;
		}
	return 0;
}

static int
take_month(struct cursor *c)
{
	static const char *const months[] = {
		"January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December"
	};
	int month = take_name(c, months, 12);

	return month != 0 ? month : take_month_word(c);
}

/* One of n texts that stands at c; case counts not. */
static bool
take_one_of(struct cursor *c, const char *const *texts, size_t n)
{
	size_t i, len;

	for (i = 0; i < n; i++) {
		len = strlen(texts[i]);
		if (strncasecmp(c->p, texts[i], len) == 0) {
			c->p += len;
			return true;
		}
	}
	return false;
}

/* 13th, 13., 1er; and `13 de julio de 2015`. */
static void
skip_ordinal(struct cursor *c)
{
	static const char *const marks[] = {
		"st", "nd", "rd", "th", "er", "º", "."
	};

	take_one_of(c, marks, sizeof(marks) / sizeof(marks[0]));
}

static void
skip_of(struct cursor *c)
{
	static const char *const words[] = { "de ", "del ", "of " };

	skip_blanks(c);
	take_one_of(c, words, 3);
	skip_blanks(c);
}

static bool
take_clock(struct cursor *c, struct reading *r, bool need_seconds)
{
	if (!take_digits(c, 1, 2, &r->hour) || !take(c, ':') ||
	    !take_digits(c, 2, 2, &r->minute))
		return false;
	r->second = 0;
	if (take(c, ':')) {
		if (!take_digits(c, 2, 2, &r->second))
			return false;
		if (*c->p == '.' || *c->p == ',') {
			c->p++;
			if (!isdigit((unsigned char)*c->p))
				return false;
			while (isdigit((unsigned char)*c->p))
				c->p++;
		}
	} else if (need_seconds) {
		return false;
	}
	r->has_time = true;
	return true;
}

/* RFC 5322 §4.3; single military letters but Z mean "-0000" there. */
static bool
take_zone_name(struct cursor *c, struct reading *r)
{
	static const struct { const char *name; int hours; } zones[] = {
		{ "UTC", 0 }, { "GMT", 0 }, { "UT", 0 }, { "EST", -5 },
		{ "EDT", -4 }, { "CST", -6 }, { "CDT", -5 }, { "MST", -7 },
		{ "MDT", -6 }, { "PST", -8 }, { "PDT", -7 }, { "Z", 0 }
	};
	size_t i, len;

	for (len = 0; isalpha((unsigned char)c->p[len]); len++)
		;
	for (i = 0; len > 0 && i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (strlen(zones[i].name) != len ||
		    strncasecmp(c->p, zones[i].name, len) != 0)
			continue;
		c->p += len;
		r->has_offset = true;
		r->offset = zones[i].hours * 3600;
		return true;
	}
	return false;
}

/* "+0200", "-07:00", "-5" */
static bool
take_offset(struct cursor *c, struct reading *r)
{
	int sign = *c->p == '-' ? -1 : 1, i, n, digit[4] = { 0 };

	c->p++;
	for (n = 0; n < 4; n++) {
		if (n == 2)
			take(c, ':');
		if (!isdigit((unsigned char)*c->p))
			break;
		digit[n] = *c->p++ - '0';
	}
	if (n == 0 || n == 3 || (n == 2 && c->p[-1] == ':'))
		return false;
	if (n == 1) {
		digit[1] = digit[0];
		digit[0] = 0;
	}
	i = digit[0] * 10 + digit[1];
	if (i > 23 || digit[2] > 5)
		return false;
	r->has_offset = true;
	r->offset = sign * (i * 3600 + (digit[2] * 10 + digit[3]) * 60);
	return true;
}

/* An offset, "Z", "GMT", or "GMT-0700" as JavaScript has it. */
static bool
take_zone(struct cursor *c, struct reading *r)
{
	if (*c->p == '+' || *c->p == '-')
		return take_offset(c, r);
	return take_zone_name(c, r) && ((*c->p != '+' && *c->p != '-') ||
	    (r->offset == 0 && take_offset(c, r)));
}

/* What may stand behind a day: a time, a zone, and in brackets the name of the
 * zone that an offset is of. */
static bool
take_rest(struct cursor *c, struct reading *r)
{
	size_t len;

	if (*c->p == 'T' || *c->p == 't' || *c->p == ' ' || *c->p == '\t' ||
	    *c->p == ',') {
		c->p++;
		skip_blanks(c);
		if (!take_clock(c, r, false))
			return false;
		skip_blanks(c);
		if (*c->p != '\0' && !take_zone(c, r))
			return false;
		if (*c->p == '[' && (len = strcspn(c->p, "]")) > 1 &&
		    c->p[len] == ']')
			c->p += len + 1;
	}
	return *c->p == '\0';
}

/* RFC 3339, and the same with blanks as YAML and people have it. */
static bool
read_iso(const char *text, struct reading *r)
{
	struct cursor c = { text };

	char mark;

	if (!take_digits(&c, 4, 4, &r->year))
		return false;
	mark = *c.p == '/' ? '/' : '-';
	if (!take(&c, mark) || !take_digits(&c, 1, 2, &r->month) ||
	    !take(&c, mark) || !take_digits(&c, 1, 2, &r->day))
		return false;
	return *c.p != ',' && take_rest(&c, r);
}

/* 13.7.2015, which has the day first in all languages that write it so. */
static bool
read_dots(const char *text, struct reading *r)
{
	struct cursor c = { text };

	if (!take_digits(&c, 1, 2, &r->day) || !take(&c, '.'))
		return false;
	skip_blanks(&c);
	if (!take_digits(&c, 1, 2, &r->month) || !take(&c, '.'))
		return false;
	skip_blanks(&c);
	return take_digits(&c, 4, 4, &r->year) && take_rest(&c, r);
}

/* 2015年7月13日 */
static bool
read_cjk(const char *text, struct reading *r)
{
	static const char *const year = "年", *const month = "月",
	    *const day = "日";
	struct cursor c = { text };

	return take_digits(&c, 4, 4, &r->year) && take_one_of(&c, &year, 1) &&
	    take_digits(&c, 1, 2, &r->month) && take_one_of(&c, &month, 1) &&
	    take_digits(&c, 1, 2, &r->day) && take_one_of(&c, &day, 1) &&
	    take_rest(&c, r);
}

/* 20150713: of years in which there were podcasts, as other numbers have eight
 * digits too. */
static bool
read_digits(const char *text, struct reading *r)
{
	long n;

	if (strlen(text) != 8 || strspn(text, "0123456789") != 8)
		return false;
	n = strtol(text, NULL, 10);
	r->year = (int)(n / 10000);
	r->month = (int)(n / 100 % 100);
	r->day = (int)(n % 100);
	return r->year >= 1990 && r->year < 2100;
}

/* "2 Jun 2025" or, as in America and by JavaScript, "Jun 2, 2025". */
static bool
take_day(struct cursor *c, struct reading *r)
{
	bool month_first = !isdigit((unsigned char)*c->p);

	if (month_first) {
		r->month = take_month(c);
		skip_blanks(c);
	}
	if (!take_digits(c, 1, 2, &r->day))
		return false;
	skip_ordinal(c);
	if (month_first)
		take(c, ',');
	skip_of(c);
	if (!month_first) {
		r->month = take_month(c);
		take(c, ',');
		skip_of(c);
	}
	if (r->month == 0)
		return false;
	if (take_digits(c, 4, 4, &r->year))
		return true;
	/* RFC 5322 §4.3: two digits, 50 and later are of the last century. */
	if (month_first || !take_digits(c, 2, 2, &r->year))
		return false;
	r->year += r->year < 50 ? 2000 : 1900;
	return true;
}

/* RFC 5322 §3.3: [day-of-week ","] day month year time zone; comments in
 * parentheses at the end are passed over. */
static bool
read_mail(const char *text, struct reading *r)
{
	static const char *const days[] = {
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday", "Sunday"
	};
	struct cursor c = { text };

	r->weekday = take_name(&c, days, 7);
	if (r->weekday != 0)
		take(&c, ',');
	skip_blanks(&c);
	if (!take_day(&c, r))
		return false;
	skip_blanks(&c);
	if (*c.p == '\0')
		return true;
	if (!take_clock(&c, r, false))
		return false;
	skip_blanks(&c);
	if (*c.p != '\0' && *c.p != '(' && !take_zone(&c, r))
		return false;
	skip_blanks(&c);
	return *c.p == '\0' || *c.p == '(';
}

/* Ten digits are seconds, thirteen are milliseconds. */
static bool
read_epoch(const char *text, int64_t *t)
{
	size_t len = strlen(text);

	if ((len != 10 && len != 13) || strspn(text, "0123456789") != len)
		return false;
	*t = strtoll(text, NULL, 10);
	if (len == 13)
		*t /= 1000;
	return true;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static int
check(const char *text, struct reading *r, struct err *err)
{
	if (r->year < YEAR_MIN || r->year > YEAR_MAX)
		return err_set(err, ERR_INPUT, "`%s` is no date: the year "
		    "must lie between %d and %d", text, YEAR_MIN, YEAR_MAX);
	if (r->month < 1 || r->month > 12)
		return err_set(err, ERR_INPUT, "`%s` is no date: there is no "
		    "month %d", text, r->month);
	if (r->day < 1 || r->day > days_in_month(r->year, r->month))
		return err_set(err, ERR_INPUT, "`%s` is no date: that month "
		    "has no day %d", text, r->day);
	/* A leap second counts as the second before it. */
	if (r->second == 60)
		r->second = 59;
	if (r->hour > 23 || r->minute > 59 || r->second > 59)
		return err_set(err, ERR_INPUT, "`%s` is no date: there is no "
		    "such time of day", text);
	return 0;
}

static int
settle(const char *text, const struct reading *r, const struct date_zone *z,
    int day_seconds, struct date *out, struct err *err)
{
	struct date_parts p;
	struct date d;

	if (!r->has_time)
		d = date_from_wall(z, r->year, r->month, r->day,
		    day_seconds / 3600, day_seconds / 60 % 60,
		    day_seconds % 60);
	else if (!r->has_offset)
		d = date_from_wall(z, r->year, r->month, r->day, r->hour,
		    r->minute, r->second);
	else {
		d = date_from_wall(NULL, r->year, r->month, r->day, r->hour,
		    r->minute, r->second);
		d.t -= r->offset;
		d.offset = r->offset;
	}
	date_split(&d, &p);
	if (r->weekday != 0 && r->weekday != p.weekday)
		return err_set(err, ERR_INPUT, "`%s` is no date: it does not "
		    "fall on that day of the week", text);
	*out = d;
	return 0;
}

/* 3/7/2015 is in March or in July. */
static bool
is_two_ways(const char *text)
{
	size_t first = strspn(text, "0123456789"), second;

	if (first == 0 || first > 2 || text[first] != '/')
		return false;
	second = strspn(text + first + 1, "0123456789");
	return second > 0 && second < 3 && text[first + 1 + second] == '/';
}

static bool
read_any(const char *text, struct reading *r)
{
	static bool (*const readers[])(const char *, struct reading *) = {
		read_iso, read_mail, read_dots, read_digits, read_cjk
	};
	size_t i;

	for (i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		memset(r, 0, sizeof(*r));
		if (readers[i](text, r))
			return true;
	}
	return false;
}

int
date_parse(const char *text, const struct date_zone *z, int day_seconds,
    struct date *out, struct err *err)
{
	struct reading r = { 0 };
	struct date d;

	if (read_epoch(text, &d.t)) {
		d.offset = date_zone_offset(z, d.t);
		*out = d;
		return 0;
	}
	if (!read_any(text, &r))
		return err_set(err, ERR_INPUT, "`%s` is no date%s; write it "
		    "as 2025-06-02T10:00:00-07:00", text, is_two_ways(text) ?
		    " that reads one way: the day or the month may be first" :
		    "");
	if (check(text, &r, err) != 0)
		return -1;
	return settle(text, &r, z, day_seconds, out, err);
}

int
date_parse_span(const char *text, int64_t *seconds, struct err *err)
{
	static const struct { char unit; int64_t seconds; } units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
		{ 'w', 604800 }
	};
	struct cursor c = { text };
	int value;
	size_t i;

	if (take_digits(&c, 1, 6, &value)) {
		for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
			if (c.p[0] == units[i].unit && c.p[1] == '\0') {
				*seconds = value * units[i].seconds;
				return 0;
			}
	}
	return err_set(err, ERR_INPUT, "`%s` is no span of time; write 14d, "
	    "36h, 30m or 45s", text);
}
