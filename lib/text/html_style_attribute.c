/* One style="", as browsers take it: what is no declaration goes, and what is
 * still open at its end is closed (CSS Syntax 3, §5.4.4, §4.3.5). */
#include "text/html_style_int.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define OPEN_MAX 32	/* brackets in one another */

struct reading {
	const char *p, *end;
	struct buf *out;
	char open[OPEN_MAX];	/* what closes each bracket that is open */
	size_t nopen;
	bool bad;
};

static bool
is_blank(char c)
{
	return strchr(" \t\n\r\f", c) != NULL && c != '\0';
}

/* A comment parts words as a blank does. */
static void
skip_comment(struct reading *r)
{
	const char *to = memmem(r->p + 2, (size_t)(r->end - r->p) - 2, "*/",
	    2);

	r->p = to == NULL ? r->end : to + 2;
	buf_addc(r->out, ' ');
}

/* The character that a backslash stands before; one at the end is nothing, and
 * neither is a line's end in a string. */
static void
take_escaped(struct reading *r, bool in_string)
{
	size_t n = r->end - r->p > 1 ? 2 : 1;

	if (n == 2 && !(in_string && r->p[1] == '\n'))
		buf_add(r->out, r->p, n);
	r->p += n;
}

/* A string that a line ends in is none, and what follows is outside of it. */
static void
take_string(struct reading *r)
{
	char quote = *r->p;

	buf_addc(r->out, *r->p++);
	while (r->p < r->end && *r->p != quote) {
		if (*r->p == '\n') {
			r->bad = true;
			return;
		}
		if (*r->p == '\\')
			take_escaped(r, true);
		else
			buf_addc(r->out, *r->p++);
	}
	buf_addc(r->out, quote);
	r->p += r->p < r->end;
}

/* Whether the bracket at p begins an address without quotes, in which nothing
 * else has a meaning. */
static bool
is_address(const struct reading *r)
{
	const char *p = r->p + 1, *name;

	if (*r->p != '(' || r->out->len < 3)
		return false;
	name = r->out->data + r->out->len - 3;
	while (p < r->end && is_blank(*p))
		p++;
	return strncasecmp(name, "url", 3) == 0 &&
	    (p == r->end || (*p != '"' && *p != '\''));
}

static void
take_address(struct reading *r)
{
	while (r->p < r->end && *r->p != ')') {
		if (*r->p == '"' || *r->p == '\'')
			r->bad = true;
		if (*r->p == '\\')
			take_escaped(r, false);
		else
			buf_addc(r->out, *r->p++);
	}
	buf_addc(r->out, ')');
	r->p += r->p < r->end;
}

/* A block in braces is no value of any property that mail programs know. */
static void
take_bracket(struct reading *r)
{
	char c = *r->p++;

	buf_addc(r->out, c);
	if (c == '{' || (strchr("([", c) != NULL && r->nopen == OPEN_MAX))
		r->bad = true;
	if (strchr("([{", c) != NULL) {
		if (r->nopen < OPEN_MAX)
			r->open[r->nopen++] = c == '(' ? ')' : c == '[' ?
			    ']' : '}';
	} else if (r->nopen > 0 && r->open[r->nopen - 1] == c) {
		r->nopen--;
	} else {
		r->bad = true;
	}
}

/* What stands before the next ";" outside of brackets. */
static void
take_one(struct reading *r)
{
	r->nopen = 0;
	r->bad = false;
	while (r->p < r->end && (*r->p != ';' || r->nopen > 0)) {
		if (*r->p == '/' && r->end - r->p > 1 && r->p[1] == '*')
			skip_comment(r);
		else if (*r->p == '"' || *r->p == '\'')
			take_string(r);
		else if (*r->p == '\\')
			take_escaped(r, false);
		else if (is_address(r))
			take_address(r);
		else if (strchr("()[]{}", *r->p) != NULL)
			take_bracket(r);
		else
			buf_addc(r->out, *r->p++);
	}
	r->p += r->p < r->end;
	while (r->nopen > 0)
		buf_addc(r->out, r->open[--r->nopen]);
}

static void
drop(struct hs_sheet *s, const char *text, size_t len)
{
	struct markup_dropped *d = &s->dropped;

	if (d->n++ > 0)
		return;
	snprintf(d->first, sizeof(d->first), "%.*s", (int)(len >=
	    sizeof(d->first) ? sizeof(d->first) - 1 : len), text);
}

/* A property of which nothing is said; one of a person's own may be empty. */
static bool
is_empty(const struct hs_declaration *d)
{
	return memchr(d->text, ':', d->len) == d->text + d->len - 1 &&
	    strncmp(d->text, "--", 2) != 0;
}

static int
add(struct hs_sheet *s, const char *text, size_t len, bool bad,
    struct err *err)
{
	const char *own;

	while (len > 0 && is_blank(*text)) {
		text++;
		len--;
	}
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	if (len == 0)
		return 0;
	if (bad || !hs_is_declaration(text, text + len)) {
		drop(s, text, len);
		return 0;
	}
	own = arena_strndup(&s->arena, text, len);
	if (hs_declaration_add(s, own, own + len, err) != 0)
		return -1;
	if (is_empty(&s->declarations[s->ndeclarations - 1])) {
		s->ndeclarations--;
		drop(s, text, len);
	}
	return 0;
}

int
hs_attribute_add(struct hs_sheet *s, const char *text, size_t len,
    struct err *err)
{
	struct buf one;
	struct reading r = { .p = text, .end = text + len, .out = &one };
	int rc = 0;

	buf_init(&one, 0);
	while (r.p < r.end && rc == 0) {
		buf_clear(&one);
		take_one(&r);
		rc = add(s, one.data, one.len, r.bad, err);
	}
	buf_release(&one);
	return rc;
}
