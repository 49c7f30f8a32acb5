/* Time stamps in the notes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "show/chapters_int.h"
#include "text/markdown.h"

#define STAMPS_MIN 3
#define FIRST_BEFORE_MS ((int64_t)600000)
#define HOUR_MS ((int64_t)3600000)
#define LINE_MAX_BYTES 4000	/* prose is longer, and begins with no time */

/* Behind a mark of a list item or heading at p, which ends with a line end or
 * a NUL; p: there is none. */
static const char *
behind_mark(const char *p)
{
	size_t n = strspn(p, "#");

	if (n == 0 && *p != '\0' && strchr("-+*", *p) != NULL)
		n = 1;
	if (n == 0) {
		n = strspn(p, "0123456789");
		if (n == 0 || n > 3 || (p[n] != '.' && p[n] != ')'))
			return p;
		n++;
	}
	/* **bold** and 1.5 are none. */
	return p[n] == ' ' || p[n] == '\t' ? p + n : p;
}

/* Behind all that makes a list item, a heading or a quotation of a line. */
static const char *
behind_marks(const char *p)
{
	const char *from;

	do {
		p += strspn(p, " \t>");
		from = p;
		p = behind_mark(p);
	} while (p != from);
	return p;
}

/* Cheaper than parsing: a digit, a colon and a digit near the front. */
static bool
may_be_stamp(const char *p, const char *end)
{
	const char *most = end - p > 24 ? p + 24 : end;

	for (p++; p + 1 < most; p++)
		if (*p == ':' && isdigit((unsigned char)p[-1]) &&
		    isdigit((unsigned char)p[1]))
			return true;
	return false;
}

/* The line as a reader sees it, without marks of Markdown. */
static void
plain(const char *p, size_t len, struct buf *out)
{
	struct err ignored = ERR_INIT;
	struct markdown *m = markdown_parse(p, len, NULL, &ignored);

	if (m == NULL || markdown_summary(m, LINE_MAX_BYTES, out,
	    &ignored) != 0 || out->len == 0) {
		buf_clear(out);
		buf_add(out, p, len);
	}
	markdown_free(m);
}

static void
stamp(struct chapters *c, const char *p, const char *end, unsigned line)
{
	struct arena a = ARENA_INIT;
	struct show_chapter one;
	struct buf text;

	p = behind_marks(p);
	if (end - p > LINE_MAX_BYTES || !may_be_stamp(p, end))
		return;
	buf_init(&text, 0);
	plain(p, (size_t)(end - p), &text);
	if (!chapters_line(&a, text.data, text.len, &one))
		one.title = "";
	one.line = line;
	if (one.title[0] != '\0')
		chapters_add(c, &one);
	buf_release(&text);
	arena_release(&a);
}

/* ``` or ~~~ opens a block of code, and closes it. */
static bool
is_fence(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	return end - p >= 3 && (*p == '`' || *p == '~') && p[1] == *p &&
	    p[2] == *p;
}

/* Whether they are chapters at all. */
static bool
are_chapters(struct chapters *c)
{
	size_t i;

	if (c->n < STAMPS_MIN || c->list[0].start_ms >= FIRST_BEFORE_MS)
		return false;
	for (i = 1; i < c->n; i++) {
		const struct show_chapter *one = &c->list[i];

		if (one->start_ms > one[-1].start_ms)
			continue;
		chapters_fault(c, one->line, "the time stamps of the notes do "
		    "not rise here%s, so that they are taken for none",
		    one->start_ms < HOUR_MS && one[-1].start_ms <
		    one->start_ms + HOUR_MS && one[-1].start_ms > HOUR_MS / 2 ?
		    " (an hour may be lacking)" : "");
		return false;
	}
	return true;
}

void
chapters_stamps(struct chapters *c, const char *text, size_t len,
    unsigned first_line)
{
	const char *end = text + len, *next, *p;
	unsigned line = first_line;
	bool code = false;

	for (p = text; p < end; p = next, line++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		next = nl == NULL ? end : nl + 1;
		if (is_fence(p, nl == NULL ? end : nl))
			code = !code;
		else if (!code)
			stamp(c, p, nl == NULL ? end : nl, line);
	}
	if (!are_chapters(c))
		c->n = c->over = 0;
}
