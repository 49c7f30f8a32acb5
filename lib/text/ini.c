#include "text/ini.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "text/utf8.h"

struct reader {
	struct arena *a;
	const char *file;
	struct findings *to;
	const char *section;
	unsigned section_line;
	size_t section_at;	/* entries before it */
	bool bad;		/* the line at hand was told */
	struct buf value;	/* of the entry that may still go on */
	struct ini_entry *entries;
	size_t n;
	bool open;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *
trimmed(struct arena *a, const char *s, size_t len)
{
	while (len > 0 && is_blank(*s)) {
		s++;
		len--;
	}
	while (len > 0 && (is_blank(s[len - 1]) || s[len - 1] == '\r'))
		len--;
	return arena_strndup(a, s, len);
}

static void
finish(struct reader *r)
{
	if (r->open)
		r->entries[r->n - 1].value =
		    arena_strdup(r->a, r->value.data);
	r->open = false;
	buf_clear(&r->value);
}

static void
complain(struct reader *r, unsigned line, const char *what)
{
	if (!r->bad)
		finding_add(r->to, SEV_ERROR, "ini-syntax", r->file, line,
		    "%s", what);
}

static void
take_key(struct reader *r, const char *s, size_t len, unsigned line)
{
	const char *equals = memchr(s, '=', len);
	struct ini_entry *e = &r->entries[r->n];

	if (equals == NULL) {
		complain(r, line, "this is neither `key = value`, [section] "
		    "nor a # comment");
		return;
	}
	e->section = r->section;
	e->section_line = r->section_line;
	e->bad = r->bad;
	e->key = trimmed(r->a, s, (size_t)(equals - s));
	e->line = line;
	e->value = "";
	if (e->key[0] == '\0') {
		complain(r, line, "there is no key before the =");
		return;
	}
	buf_adds(&r->value, trimmed(r->a, equals + 1,
	    len - (size_t)(equals + 1 - s)));
	r->n++;
	r->open = true;
}

/* Nobody means a section with nothing in it. */
static void
end_section(struct reader *r)
{
	if (r->section_line > 0 && r->n == r->section_at)
		finding_add(r->to, SEV_WARNING, "ini-empty", r->file,
		    r->section_line, "[%s] has no `key = value` in it, and "
		    "does nothing", r->section);
}

static void
take_section(struct reader *r, const char *s, unsigned line)
{
	size_t len = strlen(s);

	if (len < 3 || s[len - 1] != ']') {
		complain(r, line, "a section is written [name]");
		return;
	}
	end_section(r);
	r->section = trimmed(r->a, s + 1, len - 2);
	r->section_line = line;
	r->section_at = r->n;
}

/* The rest of the line may still tell which key it gives. */
static void
mend(char *text)
{
	char *p = text, *end = text + strlen(text);

	while ((p += utf8_invalid_at(p, (size_t)(end - p))) < end)
		*p++ = '?';
}

static void
take_line(struct reader *r, const char *s, size_t len, unsigned line)
{
	size_t sound = utf8_invalid_at(s, len);
	char *text;

	r->bad = false;
	/* Before the line is taken for a string that may end sooner. */
	if (memchr(s, '\0', len) != NULL) {
		complain(r, line, "there is a NUL in this line; save the file "
		    "as UTF-8");
		return;
	}
	text = trimmed(r->a, s, len);
	if (sound != len) {
		complain(r, line, "this line is not valid UTF-8; save the "
		    "file as UTF-8");
		r->bad = true;
		mend(text);
	}
	if (text[0] == '\0') {
		finish(r);
		return;
	}
	if (text[0] == '#' || text[0] == ';')
		return;
	if (utf8_has_control(text, strlen(text), true)) {
		complain(r, line, "there is a control character in this line");
		return;
	}
	if (is_blank(s[0]) && r->open) {
		if (r->value.len > 0)
			buf_addc(&r->value, ' ');
		buf_adds(&r->value, text);
		r->entries[r->n - 1].bad |= r->bad;
		return;
	}
	finish(r);
	if (text[0] == '[')
		take_section(r, text, line);
	else
		take_key(r, text, strlen(text), line);
}

void
ini_read(struct arena *a, const char *file, const char *text, size_t len,
    struct ini_entry **out, size_t *n, struct findings *to)
{
	struct reader r = { .a = a, .file = file, .to = to, .section = "" };
	const char *end = text + len, *newline;
	size_t lines = 1;
	unsigned line = 0;
	const char *p;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	for (p = text; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		lines++;
	r.entries = arena_array(a, lines, sizeof(*r.entries));
	buf_init(&r.value, INI_MAX);
	while (text < end) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (newline == NULL)
			newline = end;
		take_line(&r, text, (size_t)(newline - text), ++line);
		text = newline + 1;
	}
	finish(&r);
	end_section(&r);
	buf_release(&r.value);
	*out = r.entries;
	*n = r.n;
}
