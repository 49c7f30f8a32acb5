/*
 * Which rules an element has. For each part of a selector there is a bit: an
 * element has it when it is what the part wants and stands where the parts
 * before it want it to stand. So each element is looked at once, whatever the
 * selectors are, and there is no way back.
 */
#include "text/html_style_int.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/HTMLparser.h>

#include "text/html_style.h"

#define WORD 64
#define LEVELS (MARKUP_STYLE_DEPTH_MAX + 2)

/* What is known at one depth of the tree while it is walked. */
struct level {
	uint64_t *parent;	/* the bits of the parent */
	uint64_t *above;	/* of it and all around it */
	uint64_t *before;	/* of the sibling just before */
	uint64_t *earlier;	/* of all siblings before */
};

struct candidate {
	const struct hs_declaration *declaration;
	size_t block;
	bool wins;
};

struct matching {
	struct hs_sheet *sheet;
	size_t words;		/* of a set of bits */
	struct level level[LEVELS];
	uint64_t *own;		/* the bits of the element at hand */
	uint64_t *memory;
	struct candidate *list;	/* in the order of the cascade */
	size_t n, cap;
	size_t *taken;		/* a property's block, + 1, of this element */
	size_t ntaken;
	size_t *order;		/* the blocks of the element, the strongest
				 * first */
	size_t norder;
	bool *ordered;		/* is in it, by block */
	const struct hs_tag *tags;	/* all of them */
	struct buf *out;
};

static bool
has(const uint64_t *set, size_t i)
{
	return (set[i / WORD] >> (i % WORD) & 1) != 0;
}

static const char *
value_of(const xmlNode *n, const char *name)
{
	const xmlAttr *a;

	for (a = n->properties; a != NULL; a = a->next)
		if (strcmp((const char *)a->name, name) == 0)
			return a->children != NULL &&
			    a->children->content != NULL ?
			    (const char *)a->children->content : "";
	return NULL;
}

static bool
has_word(const char *value, const char *word, size_t len)
{
	static const char blank[] = " \t\r\n\f";
	size_t n;

	if (len == 0 || word[strcspn(word, blank)] != '\0')
		return false;
	for (value += strspn(value, blank); *value != '\0';
	    value += n + strspn(value + n, blank)) {
		n = strcspn(value, blank);
		if (n == len && strncmp(value, word, n) == 0)
			return true;
	}
	return false;
}

static bool
passes(const xmlNode *n, const struct hs_test *t)
{
	const char *value = value_of(n, t->name);
	size_t len;

	if (value == NULL || t->kind == 'e')
		return value != NULL;
	len = strlen(value);
	switch (t->kind) {
	case '=':
		return strcmp(value, t->value) == 0;
	case '.':
	case '~':
		return has_word(value, t->value, t->len);
	case '|':
		return strncmp(value, t->value, t->len) == 0 &&
		    (value[t->len] == '\0' || value[t->len] == '-');
	case '^':
		return t->len > 0 && strncmp(value, t->value, t->len) == 0;
	case '$':
		return t->len > 0 && len >= t->len &&
		    strcmp(value + len - t->len, t->value) == 0;
	default:
		return t->len > 0 && strstr(value, t->value) != NULL;
	}
}

static bool
is_part(const xmlNode *n, const struct hs_part *p)
{
	size_t i;

	if (p->name != NULL && strcmp((const char *)n->name, p->name) != 0)
		return false;
	for (i = 0; i < p->ntests; i++)
		if (!passes(n, &p->tests[i]))
			return false;
	return true;
}

/* Whether what stands before the part is there. */
static bool
is_joined(const struct level *l, const struct hs_part *p, size_t i)
{
	switch (p->joined) {
	case ' ': return has(l->above, i - 1);
	case '>': return has(l->parent, i - 1);
	case '+': return has(l->before, i - 1);
	case '~': return has(l->earlier, i - 1);
	default: return true;
	}
}

static void
look(struct matching *m, const xmlNode *n, const struct level *l)
{
	const struct hs_part *parts = m->sheet->parts;
	size_t i;

	memset(m->own, 0, m->words * sizeof(*m->own));
	for (i = 0; i < m->sheet->nparts; i++)
		if (is_joined(l, &parts[i], i) && is_part(n, &parts[i]))
			m->own[i / WORD] |= (uint64_t)1 << (i % WORD);
}

/* The element at hand has been looked at: what it is to those below it, and to
 * those behind it. */
static void
hand_on(struct matching *m, struct level *l)
{
	size_t size = m->words * sizeof(*m->own), i;
	struct level *below = l + 1;

	for (i = 0; i < m->words; i++) {
		below->above[i] = l->above[i] | m->own[i];
		l->earlier[i] |= m->own[i];
	}
	memcpy(below->parent, m->own, size);
	memcpy(l->before, m->own, size);
	memset(below->before, 0, size);
	memset(below->earlier, 0, size);
}

static void
add_candidates(struct matching *m, size_t first, size_t n, size_t block,
    bool important)
{
	const struct hs_declaration *d;
	size_t end = first + n;

	for (; first < end; first++) {
		d = &m->sheet->declarations[first];
		if (d->important != important)
			continue;
		if (m->n == m->cap) {
			m->cap = m->cap == 0 ? 64 : m->cap * 2;
			m->list = xreallocarray(m->list, m->cap,
			    sizeof(*m->list));
		}
		m->list[m->n++] = (struct candidate){ d, block, true };
	}
}

/* The rules of the element. One of which several selectors match counts as
 * the strongest of them. */
static void
order(struct matching *m)
{
	const struct hs_sheet *s = m->sheet;
	size_t i;

	m->norder = 0;
	for (i = s->nselectors; i-- > 0;) {
		const struct hs_selector *at = &s->selectors[i];

		if (!has(m->own, at->last) || m->ordered[at->block])
			continue;
		m->ordered[at->block] = true;
		m->order[m->norder++] = at->block;
	}
	for (i = 0; i < m->norder; i++)
		m->ordered[m->order[i]] = false;
}

/* The declarations for the element, the weakest first; those of its style=""
 * begin with `own`. */
static void
collect(struct matching *m, size_t own)
{
	const struct hs_sheet *s = m->sheet;
	size_t i, pass;

	m->n = 0;
	for (pass = 0; pass < 2; pass++) {
		for (i = m->norder; i-- > 0;)
			add_candidates(m, s->blocks[m->order[i]].first,
			    s->blocks[m->order[i]].n, m->order[i] * 2 + pass,
			    pass == 1);
		add_candidates(m, own, s->ndeclarations - own,
		    s->nblocks * 2 + pass, pass == 1);
	}
}

/* Of each property what comes last, with what stands in the same rule. */
static void
judge(struct matching *m)
{
	size_t i, *taken;

	if (m->ntaken < m->sheet->properties.n) {
		m->ntaken = m->sheet->properties.n;
		m->taken = xreallocarray(m->taken, m->ntaken,
		    sizeof(*m->taken));
		memset(m->taken, 0, m->ntaken * sizeof(*m->taken));
	}
	for (i = m->n; i-- > 0;) {
		taken = &m->taken[m->list[i].declaration->property];
		m->list[i].wins = *taken == 0 ||
		    *taken == m->list[i].block + 1;
		if (*taken == 0)
			*taken = m->list[i].block + 1;
	}
	for (i = 0; i < m->n; i++)
		m->taken[m->list[i].declaration->property] = 0;
}

/* As the value of an attribute in "…". A string is put in '…' if it can. */
static void
put_value(struct buf *out, const char *s, size_t len)
{
	size_t i;
	char c;
	bool single = memchr(s, '\'', len) != NULL;

	for (i = 0; i < len; i++) {
		c = s[i];
		if (c == '"')
			buf_adds(out, single ? "&quot;" : "'");
		else if (c == '&')
			buf_adds(out, "&amp;");
		else if (c == '<')
			buf_adds(out, "&lt;");
		else if (c == '>')
			buf_adds(out, "&gt;");
		else
			buf_addc(out, c == '\n' || c == '\r' || c == '\t' ?
			    ' ' : c);
	}
}

static void
compose(struct matching *m, struct hs_tag *tag)
{
	size_t i, own = m->sheet->nblocks * 2 + 1;
	const char *gap = "";

	for (i = 0; i < m->n; i++) {
		const struct candidate *c = &m->list[i];

		if (!c->wins)
			continue;
		buf_adds(m->out, gap);
		put_value(m->out, c->declaration->text, c->declaration->len);
		if (c->block == own)	/* in style="" the word stays */
			buf_adds(m->out, " !important");
		gap = "; ";
	}
	tag->nstyle = m->out->len - tag->style;
}

/* The style of an element of which rules match. Its own declarations are in
 * the sheet meanwhile. */
static int
style(struct matching *m, const xmlNode *n, struct hs_tag *tag,
    struct err *err)
{
	struct hs_sheet *s = m->sheet;
	const char *attribute = value_of(n, "style");
	size_t own = s->ndeclarations, dropped = s->dropped.n;
	int rc = 0;

	tag->style = m->out->len;
	if (attribute != NULL)
		rc = hs_attribute_add(s, attribute, strlen(attribute), err);
	if (dropped == 0 && s->dropped.n > 0)
		s->dropped_tag = (size_t)(tag - m->tags);
	if (rc == 0) {
		collect(m, own);
		judge(m);
		compose(m, tag);
	}
	s->ndeclarations = own;
	return rc;
}

/* What is seen by nobody has no style. */
static bool
is_head(const xmlNode *n)
{
	return strcmp((const char *)n->name, "head") == 0;
}

static int
visit(struct matching *m, const xmlNode *n, size_t depth, struct hs_tag *tags,
    size_t *failed, struct err *err)
{
	const char *number = value_of(n, HS_NUMBER);
	size_t i;

	look(m, n, &m->level[depth]);
	hand_on(m, &m->level[depth]);
	if (is_head(n) || number == NULL)
		return 0;
	order(m);
	if (m->norder == 0)
		return 0;
	i = strtoull(number, NULL, 10);
	if (style(m, n, &tags[i], err) != 0) {
		*failed = i;
		return -1;
	}
	return buf_check(m->out, "the page with its styles", err);
}

static int
walk(struct matching *m, const xmlNode *root, struct hs_tag *tags,
    size_t *failed, struct err *err)
{
	const xmlNode *n = root;
	size_t depth = 0;
	bool element;

	while (n != NULL) {
		element = n->type == XML_ELEMENT_NODE;
		if (element && visit(m, n, depth, tags, failed, err) != 0)
			return -1;
		if (element && n->children != NULL && !is_head(n)) {
			if (++depth > MARKUP_STYLE_DEPTH_MAX)
				return err_set(err, ERR_INPUT, "elements are "
				    "nested deeper than %d",
				    MARKUP_STYLE_DEPTH_MAX);
			n = n->children;
			continue;
		}
		while (n != root && n->next == NULL) {
			n = n->parent;
			depth--;
		}
		n = n == root ? NULL : n->next;
	}
	return 0;
}

static void
open_levels(struct matching *m)
{
	uint64_t *p;
	size_t i;

	m->words = m->sheet->nparts / WORD + 1;
	m->memory = xcalloc(LEVELS * 4 + 1, m->words * sizeof(*m->memory));
	m->own = p = m->memory;
	for (i = 0; i < LEVELS; i++) {
		m->level[i].parent = p += m->words;
		m->level[i].above = p += m->words;
		m->level[i].before = p += m->words;
		m->level[i].earlier = p += m->words;
	}
}

int
hs_match(struct hs_sheet *s, const struct buf *feed, struct hs_tag *tags,
    size_t *failed, struct buf *styles, struct err *err)
{
	struct matching *m = xcalloc(1, sizeof(*m));
	xmlDoc *doc = htmlReadMemory(feed->data, (int)feed->len, NULL, "UTF-8",
	    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
	    HTML_PARSE_RECOVER | HTML_PARSE_NODEFDTD | HTML_PARSE_COMPACT);
	const xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
	int rc = -1;

	m->sheet = s;
	m->out = styles;
	m->tags = tags;
	m->order = xcalloc(s->nblocks + 1, sizeof(*m->order));
	m->ordered = xcalloc(s->nblocks + 1, sizeof(*m->ordered));
	open_levels(m);
	if (root == NULL)
		err_set(err, ERR_INPUT, "the HTML cannot be read");
	else
		rc = walk(m, root, tags, failed, err);
	xmlFreeDoc(doc);
	free(m->memory);
	free(m->list);
	free(m->taken);
	free(m->order);
	free(m->ordered);
	free(m);
	return rc;
}
