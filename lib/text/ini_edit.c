#include "text/ini_edit.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "text/ini.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Where a line begins; lines count from 1. */
static const char *
line_at(const char *text, size_t len, unsigned line)
{
	const char *p = text, *end = text + len;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	for (; line > 1; line--) {
		p = memchr(p, '\n', (size_t)(end - p));
		p = p == NULL ? end : p + 1;
	}
	return p;
}

/* Where it ends: at its line feed, or at the end of the text. */
static const char *
line_end(const char *p, const char *end)
{
	const char *feed = memchr(p, '\n', (size_t)(end - p));

	return feed == NULL ? end : feed;
}

/* The parts of a `key = value` line. */
struct parts {
	const char *key, *key_end;
	const char *equals;
	const char *value, *value_end;
	const char *end;	/* line feed, or the end of the text */
};

static void
part(const char *p, const char *end, struct parts *out)
{
	out->end = line_end(p, end);
	while (is_blank(*p))
		p++;
	out->key = p;
	out->equals = memchr(p, '=', (size_t)(out->end - p));
	for (p = out->equals; p > out->key && is_blank(p[-1]); p--)
		;
	out->key_end = p;
	for (p = out->equals + 1; p < out->end && is_blank(*p); p++)
		;
	out->value = p;
	for (p = out->end; p > out->value && (is_blank(p[-1]) ||
	    p[-1] == '\r'); p--)
		;
	out->value_end = p;
}

/* The first entry of that name (and, with value, of that value); NULL: none. */
static const struct ini_entry *
find(const struct ini_entry *e, size_t n, const char *key, const char *value)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (e[i].section[0] == '\0' && !e[i].bad &&
		    strcasecmp(e[i].key, key) == 0 && (value == NULL ||
		    strcmp(e[i].value, value) == 0))
			return &e[i];
	return NULL;
}

/* The lines that go on with an entry's value stand behind it. */
static const char *
entry_end(const char *p, const char *end)
{
	const char *last = line_end(p, end), *next, *s;

	while (last < end) {
		next = line_end(last + 1, end);
		for (s = last + 1; s < next && (is_blank(*s) || *s == '\r');
		    s++)
			;
		if (s == next || s == last + 1 || *s == '#' || *s == ';')
			break;
		last = next;
	}
	return last;
}

static bool
same(const struct ini_entry *a, const struct ini_entry *b)
{
	return strcmp(a->section, b->section) == 0 &&
	    strcmp(a->key, b->key) == 0 && strcmp(a->value, b->value) == 0;
}

/* Whether out says the same as the entries, but for number `at`: that is the
 * new one, instead of the old one or (added) before it. */
static bool
says(struct arena *a, const struct buf *out, const struct ini_entry *was,
    size_t n, size_t at, bool added, const struct ini_entry *now)
{
	struct findings quiet = { .report = NULL };
	struct ini_entry *e;
	size_t count, i;

	ini_read(a, "", out->data, out->len, &e, &count, &quiet);
	if (quiet.errors > 0 || count != n + added || at >= count ||
	    !same(&e[at], now))
		return false;
	for (i = 0; i < n; i++)
		if ((added || i != at) &&
		    !same(&e[i + (added && i >= at)], &was[i]))
			return false;
	return true;
}

static int
refuse(const char *key, unsigned line, struct err *err)
{
	err_set(err, ERR_INPUT, "`%s` cannot be changed here without changing "
	    "more than it; write it yourself", key);
	err->line = line;
	return -1;
}

int
ini_edit_value(const char *text, size_t len, const char *key,
    const char *old, const char *value, struct buf *out, struct err *err)
{
	struct arena a = ARENA_INIT;
	struct findings quiet = { .report = NULL };
	struct ini_entry *e, now;
	const struct ini_entry *at;
	struct parts p;
	size_t n;
	int rc = 0;

	ini_read(&a, "", text, len, &e, &n, &quiet);
	at = find(e, n, key, old);
	if (at == NULL) {
		arena_release(&a);
		return err_set(err, ERR_INTERNAL, "there is no `%s = %s`",
		    key, old);
	}
	part(line_at(text, len, at->line), text + len, &p);
	buf_clear(out);
	buf_add(out, text, (size_t)(p.value - text));
	buf_adds(out, value);
	buf_add(out, p.value_end, (size_t)(text + len - p.value_end));
	now = *at;
	now.value = value;
	if (quiet.errors > 0 || !says(&a, out, e, n, (size_t)(at - e), false,
	    &now))
		rc = refuse(key, at->line, err);
	arena_release(&a);
	return rc;
}

/* As the line p is written, with its columns where its = stands in one. */
static void
add_line(struct buf *out, const struct parts *p, const char *key,
    const char *value)
{
	size_t pad = (size_t)(p->equals - p->key_end), width, len = strlen(key);

	width = (size_t)(p->equals - p->key);
	buf_adds(out, key);
	if (pad > 1 && p->key_end[0] == ' ')
		pad = width > len ? width - len : 1;
	for (; pad > 0; pad--)
		buf_addc(out, ' ');
	buf_add(out, p->equals, (size_t)(p->value - p->equals));
	buf_adds(out, value);
}

int
ini_edit_add(const char *text, size_t len, const char *behind,
    const char *key, const char *value, struct buf *out, struct err *err)
{
	struct arena a = ARENA_INIT;
	struct findings quiet = { .report = NULL };
	struct ini_entry *e, now = { .section = "", .key = key,
	    .value = value };
	const struct ini_entry *at;
	const char *begin, *last;
	struct parts p;
	bool returns;
	size_t n;
	int rc = 0;

	ini_read(&a, "", text, len, &e, &n, &quiet);
	at = find(e, n, behind, NULL);
	if (at == NULL) {
		arena_release(&a);
		return err_set(err, ERR_INTERNAL, "there is no `%s`", behind);
	}
	begin = line_at(text, len, at->line);
	part(begin, text + len, &p);
	last = entry_end(begin, text + len);
	returns = memchr(text, '\r', len) != NULL &&
	    (last == text + len || last[-1] == '\r');
	if (returns && last < text + len)
		last--;
	buf_clear(out);
	buf_add(out, text, (size_t)(last - text));
	buf_adds(out, returns ? "\r\n" : "\n");
	add_line(out, &p, key, value);
	buf_add(out, last, (size_t)(text + len - last));
	if (quiet.errors > 0 || !says(&a, out, e, n, (size_t)(at - e) + 1,
	    true, &now))
		rc = refuse(key, at->line, err);
	arena_release(&a);
	return rc;
}
