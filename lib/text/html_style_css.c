/* Style sheets: rules, selectors and declarations. */
#include "text/html_style_int.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/html_style.h"

#define SHOWN 60	/* bytes of a piece of CSS in a message */

/* Stands for each byte of a comment; the templates have no control
 * characters. */
#define GAP '\x1f'

void
hs_sheet_init(struct hs_sheet *s)
{
	memset(s, 0, sizeof(*s));
	arena_init(&s->arena);
}

void
hs_sheet_release(struct hs_sheet *s)
{
	arena_release(&s->arena);
	strmap_release(&s->properties);
	free(s->parts);
	free(s->selectors);
	free(s->declarations);
	free(s->blocks);
}

/* Room for one more in a list. */
static void *
room(void *list, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return list;
	*cap = *cap == 0 ? 64 : *cap * 2;
	return xreallocarray(list, *cap, size);
}

/* To the end of the line, a comment or a run of blanks, and no part of a
 * character. */
int
hs_shown(const char *s, const char *end)
{
	const char *p = s;

	while (p < end && p - s < SHOWN && (unsigned char)*p >= ' ' &&
	    !(p[0] == ' ' && p + 1 < end && p[1] == ' '))
		p++;
	while (p > s && p < end && ((unsigned char)*p & 0xc0) == 0x80)
		p--;
	while (p > s && p[-1] == ' ')
		p--;
	return (int)(p - s);
}

static bool
is_blank(char c)
{
	return isspace((unsigned char)c) || c == GAP;
}

static void
trim(const char **from, const char **to)
{
	while (*from < *to && is_blank(**from))
		(*from)++;
	while (*to > *from && is_blank((*to)[-1]))
		(*to)--;
}

/* Behind the string that begins at p; NULL when it does not end. */
static const char *
skip_string(const char *p, const char *end)
{
	char quote = *p;

	for (p++; p < end && *p != quote; p++)
		if (*p == '\n' || (*p == '\\' && ++p == end))
			return NULL;
	return p < end ? p + 1 : NULL;
}

const char *
hs_find(const char *p, const char *end, const char *set)
{
	size_t open = 0;

	while (p < end) {
		if (open == 0 && strchr(set, *p) != NULL)
			return p;
		if (*p == '"' || *p == '\'') {
			p = skip_string(p, end);
			if (p == NULL)
				return end;
			continue;
		}
		if (*p == '(' || *p == '[')
			open++;
		else if ((*p == ')' || *p == ']') && open > 0)
			open--;
		p++;
	}
	return end;
}

static size_t
property_number(struct hs_sheet *s, const char *name, size_t len)
{
	char *key = arena_strndup(&s->arena, name, len);
	size_t n = s->properties.n, known, i;

	for (i = 0; strncmp(key, "--", 2) != 0 && i < len; i++)
		key[i] = (char)tolower((unsigned char)key[i]);
	known = strmap_put(&s->properties, key, n);
	return known == STRMAP_NONE ? n : known;
}

/* Whether "!important" is at the end; it is taken off. */
static bool
take_important(const char *from, const char **to)
{
	static const char word[] = "important";
	const char *p = *to - strlen(word);

	if (p < from || strncasecmp(p, word, strlen(word)) != 0)
		return false;
	while (p > from && isspace((unsigned char)p[-1]))
		p--;
	if (p == from || p[-1] != '!')
		return false;
	*to = p - 1;
	trim(&from, to);
	return true;
}

bool
hs_is_declaration(const char *from, const char *to)
{
	const char *colon = hs_find(from, to, ":"), *end = colon;

	trim(&from, &end);
	return colon != to && end != from && strspn(from, "abcdefghijklmnop"
	    "qrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
	    (size_t)(end - from) && hs_find(from, to, "{}") == to;
}

int
hs_declaration_add(struct hs_sheet *s, const char *from, const char *to,
    struct err *err)
{
	const char *end = hs_find(from, to, ":"), *name = from;
	struct hs_declaration d = { 0 };

	s->at = from;
	trim(&name, &end);
	if (!hs_is_declaration(from, to))
		return err_set(err, ERR_CONFIG, "`%.*s` in a style is no "
		    "`property: value`", hs_shown(from, to), from);
	if (s->ndeclarations == MARKUP_STYLE_DECLARATIONS_MAX)
		return err_set(err, ERR_CONFIG, "there are more than %d "
		    "declarations in the styles",
		    MARKUP_STYLE_DECLARATIONS_MAX);
	d.important = take_important(from, &to);
	d.property = property_number(s, name, (size_t)(end - name));
	d.text = from;
	d.len = (size_t)(to - from);
	s->declarations = room(s->declarations, s->ndeclarations,
	    &s->declarations_cap, sizeof(d));
	s->declarations[s->ndeclarations++] = d;
	return 0;
}

int
hs_declarations_add(struct hs_sheet *s, const char *text, size_t len,
    struct err *err)
{
	const char *end = text + len, *from, *to, *next;

	for (; text < end; text = next + 1) {
		next = hs_find(text, end, ";");
		from = text;
		to = next;
		trim(&from, &to);
		if (from < to && hs_declaration_add(s, from, to, err) != 0)
			return -1;
		if (next == end)
			break;
	}
	return 0;
}

/* GAP in place of comments, so that all else stays where it is; and of the
 * marks that hid a style from the browsers of 1996. Where one is not closed,
 * *bad is its place. */
static bool
hide_comments(char *css, size_t len, size_t *bad)
{
	char *p = css, *end = css + len, *to;

	while (p < end) {
		*bad = (size_t)(p - css);
		if (*p == '"' || *p == '\'') {
			p = (char *)(uintptr_t)skip_string(p, end);
			if (p == NULL)
				return false;
			continue;
		}
		to = p + 1;
		if (end - p >= 2 && strncmp(p, "/*", 2) == 0) {
			to = memmem(p + 2, (size_t)(end - p) - 2, "*/", 2);
			if (to == NULL)
				return false;
			to += 2;
		} else if (end - p >= 4 && strncmp(p, "<!--", 4) == 0) {
			to = p + 4;
		} else if (end - p >= 3 && strncmp(p, "-->", 3) == 0) {
			to = p + 3;
		} else {
			p++;
			continue;
		}
		memset(p, GAP, (size_t)(to - p));
		p = to;
	}
	return true;
}

/* The style that is being read: as written, and without comments. */
struct reading {
	struct hs_sheet *sheet;
	const char *raw, *end;
	char *css;
	struct buf *kept;
	size_t taken;		/* rules that are in the sheet */
};

static void
keep(struct reading *r, const char *from, const char *to)
{
	if (r->kept->len > 0)
		buf_addc(r->kept, '\n');
	buf_add(r->kept, r->raw + (from - r->css), (size_t)(to - from));
}

/* Behind the "}" that belongs to the "{" at p; NULL when there is none. */
static const char *
skip_block(const char *p, const char *end)
{
	size_t open = 1;

	for (p++; (p = hs_find(p, end, "{}")) < end; p++) {
		if (*p == '{')
			open++;
		else if (--open == 0)
			return p + 1;
	}
	return NULL;
}

/* An at-rule stays as it is. */
static const char *
at_rule(struct reading *r, const char *p, struct err *err)
{
	const char *to = hs_find(p, r->end, ";{}");

	if (to < r->end && *to == '{')
		to = skip_block(to, r->end);
	else if (to < r->end && *to == ';')
		to++;
	else
		to = NULL;
	if (to == NULL) {
		err_set(err, ERR_CONFIG, "`%.*s` in a style has no end",
		    hs_shown(p, r->end), p);
		return NULL;
	}
	keep(r, p, to);
	return to;
}

/* A comment is nothing in a selector, not even a blank. */
static int
take_selector(struct reading *r, const char *from, const char *to,
    struct err *err)
{
	char *text = arena_alloc(&r->sheet->arena, (size_t)(to - from) + 1);
	size_t n = 0;

	for (; from < to; from++)
		if (*from != GAP)
			text[n++] = *from;
	return hs_selector_add(r->sheet, text, n, err);
}

/* The selectors before p; those that stay are appended to `staying`. */
static int
take_selectors(struct reading *r, const char *from, const char *p,
    struct buf *staying, struct err *err)
{
	const char *comma, *begin, *end;
	int got;

	for (;; from = comma + 1) {
		comma = hs_find(from, p, ",");
		begin = from;
		end = comma;
		trim(&begin, &end);
		r->sheet->at = begin;
		got = take_selector(r, begin, end, err);
		if (got < 0)
			return -1;
		if (got == 0) {
			buf_adds(staying, staying->len > 0 ? ", " : "");
			buf_add(staying, r->raw + (begin - r->css),
			    (size_t)(end - begin));
		}
		if (comma == p)
			return 0;
	}
}

static int
take_block(struct reading *r, size_t selectors, const char *from,
    const char *to, struct err *err)
{
	struct hs_sheet *s = r->sheet;
	struct hs_block b = { s->ndeclarations, 0 };
	char *p = r->css + (from - r->css);

	if (s->nselectors == selectors)
		return 0;
	for (; p < to; p++)
		if (*p == GAP)
			*p = ' ';
	if (hs_declarations_add(s, from, (size_t)(to - from), err) != 0)
		return -1;
	b.n = s->ndeclarations - b.first;
	s->blocks = room(s->blocks, s->nblocks, &s->blocks_cap, sizeof(b));
	s->blocks[s->nblocks++] = b;
	r->taken++;
	return 0;
}

static const char *
rule(struct reading *r, const char *p, struct err *err)
{
	const char *open = hs_find(p, r->end, "{};"), *close;
	size_t selectors = r->sheet->nselectors;
	struct buf staying;
	const char *to = NULL;

	buf_init(&staying, 0);
	close = open < r->end && *open == '{' ?
	    hs_find(open + 1, r->end, "{}") : r->end;
	if (close == r->end || *close != '}') {
		err_set(err, ERR_CONFIG, "`%.*s` in a style is no rule "
		    "`selector { property: value }`", hs_shown(p, r->end), p);
		goto out;
	}
	if (take_selectors(r, p, open, &staying, err) != 0 ||
	    take_block(r, selectors, open + 1, close, err) != 0)
		goto out;
	to = close + 1;
	if (staying.len > 0 && r->sheet->nselectors == selectors) {
		keep(r, p, to);
	} else if (staying.len > 0) {
		buf_addf(r->kept, "%s%s ", r->kept->len > 0 ? "\n" : "",
		    staying.data);
		buf_add(r->kept, r->raw + (open - r->css),
		    (size_t)(to - open));
	}
out:
	buf_release(&staying);
	return to;
}

static unsigned
lines(const char *from, const char *to)
{
	unsigned n = 0;

	for (; (from = memchr(from, '\n', (size_t)(to - from))) != NULL;
	    from++)
		n++;
	return n;
}

int
hs_sheet_add(struct hs_sheet *s, const char *css, size_t len, unsigned line,
    struct buf *kept, bool *all, struct err *err)
{
	char *plain = arena_strndup(&s->arena, css, len);
	struct reading r = { s, css, plain + len, plain, kept, 0 };
	const char *p = plain, *next;
	size_t bad = 0;

	if (!hide_comments(plain, len, &bad)) {
		p = plain + bad;
		err_set(err, ERR_CONFIG, "the %s that begins with `%.*s` in a "
		    "style has no end", *p == '/' ? "comment" : "string",
		    hs_shown(p, r.end), p);
		err->line = line + lines(css, css + (p - plain));
		return -1;
	}
	for (;; p = next) {
		while (p < r.end && is_blank(*p))
			p++;
		if (p == r.end)
			break;
		s->at = p;
		next = *p == '@' ? at_rule(&r, p, err) : rule(&r, p, err);
		if (next == NULL) {
			err->line = line + lines(css, css +
			    (s->at - plain));
			return -1;
		}
	}
	*all = r.taken == 0;
	return 0;
}

static int
by_weight(const void *a, const void *b)
{
	const struct hs_selector *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? -1 : 1;
	return x->block < y->block ? -1 : x->block > y->block;
}

void
hs_sheet_sort(struct hs_sheet *s)
{
	if (s->nselectors > 0)
		qsort(s->selectors, s->nselectors, sizeof(*s->selectors),
		    by_weight);
}
