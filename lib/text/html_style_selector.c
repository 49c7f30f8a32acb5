/* Selectors (CSS Selectors level 3, as far as html_style.h says). */
#include "text/html_style_int.h"

#include <ctype.h>
#include <string.h>

#include "text/html_style.h"

/* A weight counts so many of each at the most. */
#define WEIGHT_MAX 1023

struct reading {
	struct hs_sheet *sheet;
	const char *p, *end;
	bool pseudo;		/* there is a pseudo-class or -element */
	unsigned ids, classes, names;
	struct hs_test *tests;	/* of the part at hand */
	size_t ntests;
};

static size_t
name_length(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && (isalnum((unsigned char)p[n]) ||
	    strchr("-_", p[n]) != NULL || (unsigned char)p[n] >= 0x80))
		n++;
	return n;
}

static char *
take_name(struct reading *r, bool small)
{
	size_t n = name_length(r->p, r->end), i;
	char *name = arena_strndup(&r->sheet->arena, r->p, n);

	for (i = 0; small && i < n; i++)
		name[i] = (char)tolower((unsigned char)name[i]);
	r->p += n;
	return n > 0 ? name : NULL;
}

static void
blanks(struct reading *r)
{
	while (r->p < r->end && isspace((unsigned char)*r->p))
		r->p++;
}

static void
add_test(struct reading *r, char kind, const char *name, const char *value)
{
	struct hs_test *t;

	r->tests = r->ntests == 0 ?
	    arena_alloc(&r->sheet->arena, sizeof(*t)) :
	    arena_grow(&r->sheet->arena, r->tests, r->ntests * sizeof(*t),
	    (r->ntests + 1) * sizeof(*t));
	t = &r->tests[r->ntests++];
	t->kind = kind;
	t->name = name;
	t->value = value;
	t->len = value != NULL ? strlen(value) : 0;
}

/* The value of an attribute: a name, or a string without escapes. */
static char *
take_value(struct reading *r)
{
	const char *to;
	char *value;

	if (r->p == r->end || (*r->p != '"' && *r->p != '\''))
		return take_name(r, false);
	to = memchr(r->p + 1, *r->p, (size_t)(r->end - r->p) - 1);
	if (to == NULL || memchr(r->p, '\\', (size_t)(to - r->p)) != NULL)
		return NULL;
	value = arena_strndup(&r->sheet->arena, r->p + 1,
	    (size_t)(to - r->p) - 1);
	r->p = to + 1;
	return value;
}

/* [a] and [a=v], behind the bracket. */
static bool
take_attribute(struct reading *r)
{
	char *name, *value = NULL, kind = 'e';

	blanks(r);
	name = take_name(r, true);
	blanks(r);
	if (name != NULL && r->p < r->end && *r->p != ']') {
		kind = *r->p;
		if (kind != '=' && (strchr("~|^$*", kind) == NULL ||
		    ++r->p == r->end))
			return false;
		if (*r->p++ != '=')
			return false;
		blanks(r);
		value = take_value(r);
		if (value == NULL)
			return false;
		blanks(r);
	}
	if (name == NULL || r->p == r->end || *r->p != ']')
		return false;
	r->p++;
	r->classes++;
	add_test(r, kind, name, value);
	return true;
}

/* :hover, ::before, :not(…): read past. */
static bool
skip_pseudo(struct reading *r)
{
	r->pseudo = true;
	if (r->p < r->end && *r->p == ':')
		r->p++;
	if (take_name(r, true) == NULL)
		return false;
	if (r->p < r->end && *r->p == '(') {
		r->p = hs_find(r->p + 1, r->end, ")");
		if (r->p == r->end)
			return false;
		r->p++;
	}
	return true;
}

/* One of the tests of a part, by its first character. */
static bool
take_test(struct reading *r)
{
	char c = *r->p++, *name;

	if (c == ':')
		return skip_pseudo(r);
	if (c == '[')
		return take_attribute(r);
	name = take_name(r, false);
	if (name == NULL)
		return false;
	if (c == '#')
		r->ids++;
	else
		r->classes++;
	add_test(r, c == '#' ? '=' : '.', c == '#' ? "id" : "class", name);
	return true;
}

static bool
take_part(struct reading *r, char joined)
{
	struct hs_sheet *s = r->sheet;
	struct hs_part part = { .joined = joined };
	const char *from = r->p;

	r->tests = NULL;
	r->ntests = 0;
	if (r->p < r->end && *r->p == '*') {
		r->p++;
	} else {
		part.name = take_name(r, true);
		r->names += part.name != NULL;
	}
	while (r->p < r->end && strchr(".#[:", *r->p) != NULL)
		if (!take_test(r))
			return false;
	if (r->p == from)
		return false;
	part.tests = r->tests;
	part.ntests = r->ntests;
	if (s->nparts == s->parts_cap) {
		s->parts_cap = s->parts_cap == 0 ? 64 : s->parts_cap * 2;
		s->parts = xreallocarray(s->parts, s->parts_cap,
		    sizeof(*s->parts));
	}
	s->parts[s->nparts++] = part;
	return true;
}

/* What joins two parts; '\0' where a selector ends. */
static char
take_joint(struct reading *r)
{
	bool blank = r->p < r->end && isspace((unsigned char)*r->p);
	char c = ' ';

	blanks(r);
	if (r->p == r->end)
		return '\0';
	if (strchr(">+~", *r->p) != NULL) {
		c = *r->p++;
		blanks(r);
	} else if (!blank) {
		return '?';
	}
	return c;
}

static bool
take_parts(struct reading *r)
{
	char joined = '\0';

	do {
		if (r->sheet->nparts == MARKUP_STYLE_PARTS_MAX ||
		    !take_part(r, joined))
			return false;
		joined = take_joint(r);
		if (joined == '?')
			return false;
	} while (joined != '\0');
	return true;
}

static uint32_t
capped(unsigned n)
{
	return n > WEIGHT_MAX ? WEIGHT_MAX : n;
}

int
hs_selector_add(struct hs_sheet *s, const char *text, size_t len,
    struct err *err)
{
	struct reading r = { .sheet = s, .p = text, .end = text + len };
	size_t parts = s->nparts;
	struct hs_selector *to;

	if (!take_parts(&r)) {
		if (s->nparts == MARKUP_STYLE_PARTS_MAX)
			return err_set(err, ERR_CONFIG, "there are more than "
			    "%d selectors in the styles",
			    MARKUP_STYLE_PARTS_MAX);
		return err_set(err, ERR_CONFIG, "`%.*s` in a style cannot be "
		    "written into the elements; selectors here are element, "
		    ".class, #id and [attribute], with a blank, >, + or ~ "
		    "between them", hs_shown(text, text + len),
		    text);
	}
	if (r.pseudo) {
		s->nparts = parts;
		return 0;
	}
	if (s->nselectors == s->selectors_cap) {
		s->selectors_cap = s->selectors_cap == 0 ? 64 :
		    s->selectors_cap * 2;
		s->selectors = xreallocarray(s->selectors, s->selectors_cap,
		    sizeof(*s->selectors));
	}
	to = &s->selectors[s->nselectors++];
	to->last = s->nparts - 1;
	to->block = s->nblocks;
	to->weight = capped(r.ids) << 20 | capped(r.classes) << 10 |
	    capped(r.names);
	return 1;
}
