/* How a language writes dates and sizes. */
#include <string.h>

#include "text/words_int.h"

#define MARK_MAX 8	/* bytes of a decimal mark */

/* Keys that have a list, and how many are in it. */
static const struct {
	const char *key;
	size_t count;
} lists[] = {
	{ "months", 12 }, { "weekdays", 7 }, { "units", SIZE_UNITS }
};

static size_t
list_count(const char *key)
{
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].key, key) == 0)
			return lists[i].count;
	return 0;
}

bool
words_is_way(const char *key)
{
	return list_count(key) > 0 || strcmp(key, "date") == 0 ||
	    strcmp(key, "first_day") == 0 || strcmp(key, "decimal") == 0;
}

/* Takes at most max parts between commas, without the blanks around them; how
 * many there are, or 0 when one is empty. */
static size_t
split(struct arena *a, const char *text, const char **out, size_t max)
{
	size_t n = 0, len, part;

	for (;; text += len + 1) {
		text += strspn(text, " ");
		len = strcspn(text, ",");
		for (part = len; part > 0 && text[part - 1] == ' '; )
			part--;
		if (part == 0)
			return 0;
		if (n < max)
			out[n] = arena_strndup(a, text, part);
		n++;
		if (text[len] == '\0')
			return n;
	}
}

static bool
is_hole(const char *name, size_t len, const char *wanted)
{
	return strlen(wanted) == len && memcmp(name, wanted, len) == 0;
}

static int
check_date(const char *text, struct err *err)
{
	const char *name;
	size_t len;

	if (phrase_check(text, err) != 0)
		return -1;
	while ((text = phrase_hole(text, &name, &len)) != NULL) {
		if (!is_hole(name, len, "day") &&
		    !is_hole(name, len, "month") &&
		    !is_hole(name, len, "year") &&
		    !is_hole(name, len, "weekday"))
			return err_set(err, ERR_CONFIG, "`date` has {%.*s}; "
			    "it takes {day}, {month}, {year} and {weekday}",
			    (int)len, name);
		text = name + len;
	}
	return 0;
}

int
words_check_way(struct arena *a, const char *key, const char *text,
    struct err *err)
{
	const char *parts[12];
	size_t count = list_count(key), n;

	if (text[0] == '\0')
		return err_set(err, ERR_CONFIG, "`%s` is empty", key);
	if (strcmp(key, "date") == 0)
		return check_date(text, err);
	if (strcmp(key, "decimal") == 0 && strlen(text) > MARK_MAX)
		return err_set(err, ERR_CONFIG, "`decimal` is the one mark "
		    "between a number and its decimals");
	if (count == 0)
		return 0;
	n = split(a, text, parts, count);
	return n == count ? 0 : n == 0 ? err_set(err, ERR_CONFIG, "one of "
	    "`%s` is empty", key) : err_set(err, ERR_CONFIG, "`%s` has %zu, "
	    "with commas between; it takes %zu", key, n, count);
}

void
words_take_way(struct words *w, const char *key, const char *text)
{
	if (strcmp(key, "date") == 0)
		w->date = text;
	else if (strcmp(key, "first_day") == 0)
		w->first_day = text;
	else if (strcmp(key, "decimal") == 0)
		w->decimal = text;
	else if (strcmp(key, "months") == 0)
		(void)split(w->arena, text, w->month, 12);
	else if (strcmp(key, "weekdays") == 0)
		(void)split(w->arena, text, w->weekday, 7);
	else
		(void)split(w->arena, text, w->unit, SIZE_UNITS);
}

const char *
words_date(struct arena *a, const struct words *w, const struct date *d)
{
	const char *text, *hole, *name, *out = "", *value;
	char plain[DATE_TEXT_MAX];
	struct date_parts p;
	size_t len;

	if (w == NULL) {
		date_long(d, plain);
		return arena_strdup(a, plain);
	}
	date_split(d, &p);
	for (text = w->date; (hole = phrase_hole(text, &name, &len)) != NULL;
	    text = name + len + 1) {
		if (is_hole(name, len, "year"))
			value = arena_printf(a, "%d", p.year);
		else if (is_hole(name, len, "month"))
			value = w->month[p.month - 1];
		else if (is_hole(name, len, "weekday"))
			value = w->weekday[p.weekday - 1];
		else
			value = p.day == 1 ? w->first_day :
			    arena_printf(a, "%d", p.day);
		out = arena_printf(a, "%s%.*s%s", out, (int)(hole - text),
		    text, value);
	}
	return arena_printf(a, "%s%s", out, text);
}

const char *
words_size(struct arena *a, const struct words *w, int64_t bytes)
{
	return w == NULL ? size_text(a, bytes) : size_text_as(a, bytes,
	    w->decimal, w->unit);
}
