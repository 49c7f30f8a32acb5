/* The plain kinds of values in a feed, and how they are made of elements. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed/read_int.h"
#include "text/html.h"
#include "text/xml.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

const char *
feed_read_fold(struct arena *a, const char *text)
{
	char *out, *to;

	if (text == NULL)
		return NULL;
	out = to = arena_alloc(a, strlen(text) + 1);
	for (; *text != '\0'; text++) {
		if (!is_blank(*text))
			*to++ = *text;
		else if (to > out && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return out[0] != '\0' ? out : NULL;
}

const char *
feed_read_line(struct feed_reader *r, const struct xr_node *n)
{
	return feed_read_fold(r->a, xr_text(r->a, n));
}

const char *
feed_read_attr(struct feed_reader *r, const struct xr_node *n,
    const char *name)
{
	const char *value = xr_attr(n, "", name);

	return value != NULL ? feed_read_fold(r->a, value) : NULL;
}

static bool
has_scheme(const char *url)
{
	size_t n = 0;

	while (isalnum((unsigned char)url[n]) || (n > 0 &&
	    (url[n] == '+' || url[n] == '-' || url[n] == '.')))
		n++;
	return n > 1 && url[n] == ':' && isalpha((unsigned char)url[0]);
}

const char *
feed_read_url(struct feed_reader *r, const struct xr_node *n, const char *url)
{
	if (url == NULL || n->base == NULL || has_scheme(url))
		return url;
	return xw_resolve(r->a, n->base, url);
}

int64_t
feed_read_number(const char *text)
{
	size_t len;

	if (text == NULL)
		return -1;
	len = strlen(text);
	if (len == 0 || len > 18 || strspn(text, "0123456789") != len)
		return -1;
	return strtoll(text, NULL, 10);
}

enum feed_taken
feed_read_set(const char **slot, const char *value)
{
	if (value == NULL)
		return FEED_TAKEN;
	if (*slot != NULL)
		return strcmp(*slot, value) == 0 ? FEED_TAKEN : FEED_NOT;
	*slot = value;
	return FEED_TAKEN;
}

TAKER(feed_take_nothing)
{
	(void)r;
	(void)n;
	(void)slot;
	return FEED_TAKEN;
}

TAKER(feed_take_line)
{
	return feed_read_set(slot, feed_read_line(r, n));
}

TAKER(feed_take_url)
{
	return feed_read_set(slot, feed_read_url(r, n, feed_read_line(r, n)));
}

/* Whether a text means to be HTML: it has a tag or a reference in it. */
static bool
looks_like_html(const char *text)
{
	const char *p;
	size_t n;

	for (p = text; (p = strpbrk(p, "<&")) != NULL; p++) {
		if (*p == '<') {
			if (markup_is_tag(p) || strncmp(p, "<!--", 4) == 0)
				return true;
			continue;
		}
		n = p[1] == '#' ? 2 : 1;
		while (isalnum((unsigned char)p[n]))
			n++;
		if (n > 2 && p[n] == ';')
			return true;
	}
	return false;
}

TAKER(feed_take_prose)
{
	struct feed_doc_text *t = slot;
	bool markup = xr_has_elements(n);
	char *text = markup ? xr_inner(r->a, n) : xr_text(r->a, n), *end;

	while (is_blank(*text))
		text++;
	for (end = text + strlen(text); end > text && is_blank(end[-1]); end--)
		;
	*end = '\0';
	if (*text == '\0')
		return FEED_TAKEN;
	if (t->text != NULL)
		return strcmp(t->text, text) == 0 ? FEED_TAKEN : FEED_NOT;
	t->text = text;
	t->html = markup || looks_like_html(text);
	t->base = n->base;
	t->line = n->line;
	return FEED_TAKEN;
}

/* One of two lists of words, or -1 with a finding. */
static enum feed_taken
take_flag(struct feed_reader *r, const struct xr_node *n,
    enum feed_doc_flag *slot, const char *const *yes, const char *const *no)
{
	const char *text = feed_read_line(r, n);
	enum feed_doc_flag flag = FEED_DOC_UNSAID;

	if (text == NULL)
		return FEED_TAKEN;
	for (; *yes != NULL; yes++)
		if (strcasecmp(text, *yes) == 0)
			flag = FEED_DOC_YES;
	for (; *no != NULL; no++)
		if (strcasecmp(text, *no) == 0)
			flag = FEED_DOC_NO;
	if (flag == FEED_DOC_UNSAID) {
		feed_read_complain(r, n, "feed-flag", "`%s` is neither yes "
		    "nor no", text);
		return FEED_NOT;
	}
	if (*slot != FEED_DOC_UNSAID && *slot != flag)
		return FEED_NOT;
	*slot = flag;
	return FEED_TAKEN;
}

TAKER(feed_take_explicit)
{
	static const char *const yes[] = { "yes", "true", "explicit", NULL };
	static const char *const no[] = { "no", "false", "clean", NULL };

	return take_flag(r, n, slot, yes, no);
}

TAKER(feed_take_yes)
{
	static const char *const yes[] = { "yes", "true", NULL };
	static const char *const no[] = { "no", "false", NULL };

	return take_flag(r, n, slot, yes, no);
}

TAKER(feed_take_number)
{
	const char *text = feed_read_line(r, n);
	int64_t *number = slot, value = feed_read_number(text);

	if (text == NULL)
		return FEED_TAKEN;
	if (value < 1) {
		feed_read_complain(r, n, "feed-number", "`%s` is no number "
		    "from 1", text);
		return FEED_NOT;
	}
	if (*number != 0 && *number != value)
		return FEED_NOT;
	*number = value;
	return FEED_TAKEN;
}

TAKER(feed_take_type)
{
	static const char *const known[] = {
		"episodic", "serial", "full", "trailer", "bonus"
	};
	const char *text = feed_read_line(r, n);
	size_t i;

	if (text == NULL)
		return FEED_TAKEN;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcasecmp(text, known[i]) == 0 &&
		    (r->item == NULL) == (i < 2))
			return feed_read_set(slot, known[i]);
	feed_read_complain(r, n, "feed-type", "`%s` is no type of %s", text,
	    r->item != NULL ? "an episode" : "a show");
	return FEED_NOT;
}

/* The date with an offset in the place of a zone's name at its end; names that
 * nobody can know are "-0000" (RFC 5322 §4.3). NULL: there is no such name. */
static const char *
with_offset(struct arena *a, const char *text)
{
	static const char *const zones[][2] = {
		{ "WET", "+0000" }, { "WEST", "+0100" }, { "BST", "+0100" },
		{ "CET", "+0100" }, { "MEZ", "+0100" }, { "CEST", "+0200" },
		{ "MESZ", "+0200" }, { "EET", "+0200" }, { "EEST", "+0300" },
		{ "MSK", "+0300" }, { "JST", "+0900" }, { "KST", "+0900" },
		{ "AWST", "+0800" }, { "AEST", "+1000" }, { "AEDT", "+1100" },
		{ "NZST", "+1200" }, { "NZDT", "+1300" }, { "AKST", "-0900" },
		{ "AKDT", "-0800" }, { "HST", "-1000" }
	};
	const char *name = strrchr(text, ' '), *offset = "+0000";
	size_t k;

	if (name == NULL || name[1] == '\0' || strlen(name + 1) > 5)
		return NULL;
	for (k = 1; name[k] != '\0'; k++)
		if (!isalpha((unsigned char)name[k]))
			return NULL;
	for (k = 0; k < sizeof(zones) / sizeof(zones[0]); k++)
		if (strcasecmp(zones[k][0], name + 1) == 0)
			offset = zones[k][1];
	return arena_printf(a, "%.*s %s", (int)(name - text), text, offset);
}

static bool
parse_zoned(struct arena *a, const char *text, struct date *out)
{
	struct err ignored = ERR_INIT;

	if (date_parse(text, NULL, 0, out, &ignored) == 0)
		return true;
	text = with_offset(a, text);
	return text != NULL && date_parse(text, NULL, 0, out, &ignored) == 0;
}

/* Dates that date_parse() is right to refuse, but that feeds are full of: a
 * wrong day of the week, names of zones, and W3C-DTF's year and month alone. */
static bool
parse_loosely(struct arena *a, const char *text, struct date *out)
{
	const char *comma = strchr(text, ',');

	if (parse_zoned(a, text, out))
		return true;
	if (comma != NULL)
		return parse_zoned(a, comma + 1 + strspn(comma + 1, " "), out);
	if (strlen(text) == 4)
		text = arena_printf(a, "%s-01-01", text);
	else if (strlen(text) == 7)
		text = arena_printf(a, "%s-01", text);
	else
		return false;
	return parse_zoned(a, text, out);
}

TAKER(feed_take_date)
{
	struct feed_doc_date *d = slot;
	const char *text = feed_read_line(r, n);
	struct err err = ERR_INIT;

	if (text == NULL)
		return FEED_TAKEN;
	if (d->written != NULL)
		return strcmp(d->written, text) == 0 ? FEED_TAKEN : FEED_NOT;
	d->written = text;
	d->line = n->line;
	d->known = date_parse(text, NULL, 0, &d->date, &err) == 0;
	if (d->known)
		return FEED_TAKEN;
	d->known = parse_loosely(r->a, text, &d->date);
	feed_read_complain(r, n, "feed-date", "%s%s", err.msg, d->known ?
	    "; it is read without that" : "");
	return FEED_TAKEN;
}
