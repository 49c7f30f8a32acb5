/* YAML by libyaml's parser events (text/front.h). */
#include "text/front.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include <yaml.h>

#define SHOWN_MAX 40	/* bytes of a line in a message */

struct level {
	struct node *node;
	const char *key;	/* map: the key that waits for its value */
	unsigned key_line;
	size_t key_at;
	unsigned again;		/* see struct node */
};

struct reader {
	struct arena *a;
	yaml_parser_t parser;
	const char *text;
	size_t len;
	unsigned first_line;
	struct level level[FRONT_DEPTH_MAX + 1];
	size_t depth;		/* levels in use */
	size_t nodes;
	struct node *root;
	size_t seen, seen_byte;	/* see byte_at() */
};

static int
fail(struct err *err, unsigned line, const char *what)
{
	err_set(err, ERR_INPUT, "%s", what);
	err->line = line;
	return -1;
}

static unsigned
line_of(const struct reader *r, const yaml_mark_t *mark)
{
	return r->first_line + (unsigned)mark->line;
}

/* Marks count characters, and seldom go back. */
static size_t
byte_at(struct reader *r, const yaml_mark_t *mark)
{
	if (mark->index < r->seen)
		r->seen = r->seen_byte = 0;
	for (; r->seen < mark->index && r->seen_byte < r->len; r->seen++)
		for (r->seen_byte++; r->seen_byte < r->len &&
		    ((unsigned char)r->text[r->seen_byte] & 0xc0) == 0x80;)
			r->seen_byte++;
	return r->seen_byte;
}

/* Whether `#12` or `#word` stands behind a plain scalar: a comment to YAML,
 * seldom to who wrote it. */
static bool
is_cut(struct reader *r, const yaml_mark_t *end)
{
	size_t i;

	for (i = byte_at(r, end); i < r->len && (r->text[i] == ' ' ||
	    r->text[i] == '\t');)
		i++;
	return i > r->seen_byte && i + 1 < r->len && r->text[i] == '#' &&
	    (isalnum((unsigned char)r->text[i + 1]) ||
	    (unsigned char)r->text[i + 1] >= 0x80);
}

/* Plain null, true and false are YAML's own (1.2, core schema); every other
 * scalar stays the text it is, so that no number or date loses a digit. */
static struct node *
scalar_node(struct reader *r, const yaml_event_t *e)
{
	const char *text = (const char *)e->data.scalar.value;
	bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	struct node *n;

	if (plain && (text[0] == '\0' || strcmp(text, "~") == 0 ||
	    strcasecmp(text, "null") == 0))
		return node_null(r->a);
	if (plain && strcasecmp(text, "true") == 0)
		return node_bool(r->a, true);
	if (plain && strcasecmp(text, "false") == 0)
		return node_bool(r->a, false);
	n = node_text(r->a, text);
	n->quoted = !plain;
	return n;
}

static int
put(struct reader *r, struct node *n, unsigned line, struct err *err)
{
	struct level *top = r->depth == 0 ? NULL : &r->level[r->depth - 1];

	n->line = line;
	if (++r->nodes > FRONT_NODES_MAX)
		return fail(err, line, "the front matter has too many values");
	if (top == NULL) {
		r->root = n;
	} else if (top->node->kind == NODE_LIST) {
		node_push(top->node, n);
	} else {
		/* The line of an entry is that of its key. */
		n->line = top->key_line;
		n->again = top->again;
		n->key_at = top->key_at;
		node_set(r->a, top->node, top->key, n);
		top->key = NULL;
	}
	return 0;
}

/* Of a key that is given twice the last counts, as site builders have it; the
 * line of the earlier one, 0: there is none. */
static unsigned
drop_key(struct node *map, const char *key)
{
	struct node *old = node_get(map, key), *before = NULL, *n;

	if (old == NULL)
		return 0;
	for (n = map->first; n != old; n = n->next)
		before = n;
	if (before == NULL)
		map->first = old->next;
	else
		before->next = old->next;
	if (map->last == old)
		map->last = before;
	map->count--;
	return old->line;
}

static void
take_key(struct reader *r, const yaml_event_t *e)
{
	struct level *top = &r->level[r->depth - 1];
	const char *key = (const char *)e->data.scalar.value;

	top->again = drop_key(top->node, key);
	top->key = arena_strdup(r->a, key);
	top->key_line = line_of(r, &e->start_mark);
	top->key_at = byte_at(r, &e->start_mark);
}

static int
take_scalar(struct reader *r, const yaml_event_t *e, struct err *err)
{
	unsigned line = line_of(r, &e->start_mark);
	struct node *n;

	if (strlen((const char *)e->data.scalar.value) !=
	    e->data.scalar.length)
		return fail(err, line, "there is a NUL character here");
	if (r->depth > 0 && r->level[r->depth - 1].node->kind == NODE_MAP &&
	    r->level[r->depth - 1].key == NULL) {
		take_key(r, e);
		return 0;
	}
	n = scalar_node(r, e);
	n->from = byte_at(r, &e->start_mark);
	n->to = byte_at(r, &e->end_mark);
	n->cut = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	    is_cut(r, &e->end_mark);
	return put(r, n, line, err);
}

static int
open_level(struct reader *r, const yaml_event_t *e, struct node *n,
    struct err *err)
{
	unsigned line = line_of(r, &e->start_mark);

	if (r->depth > 0 && r->level[r->depth - 1].node->kind == NODE_MAP &&
	    r->level[r->depth - 1].key == NULL)
		return fail(err, line, "a key must be a plain text; "
		    "write a value that begins with { or [ in \"double "
		    "quotes\"");
	if (r->depth == FRONT_DEPTH_MAX)
		return fail(err, line, "the front matter is nested too deep");
	if (put(r, n, line, err) != 0)
		return -1;
	n->from = byte_at(r, &e->start_mark);
	r->level[r->depth].node = n;
	r->level[r->depth++].key = NULL;
	return 0;
}

/* What a tag says of a value would be lost: base64 would become a title; and
 * so would the first word of a value that begins with &. */
static int
check_tag(const struct reader *r, const yaml_event_t *e, struct err *err)
{
	const yaml_char_t *anchor =
	    e->type == YAML_SCALAR_EVENT ? e->data.scalar.anchor :
	    e->type == YAML_SEQUENCE_START_EVENT ?
	    e->data.sequence_start.anchor :
	    e->type == YAML_MAPPING_START_EVENT ?
	    e->data.mapping_start.anchor : NULL;
	const yaml_char_t *tag =
	    e->type == YAML_SCALAR_EVENT ? e->data.scalar.tag :
	    e->type == YAML_SEQUENCE_START_EVENT ?
	    e->data.sequence_start.tag :
	    e->type == YAML_MAPPING_START_EVENT ?
	    e->data.mapping_start.tag : NULL;

	if (anchor != NULL)
		return fail(err, line_of(r, &e->start_mark), "YAML anchors "
		    "(&name) are not read; take it out, or write the value "
		    "in \"double quotes\"");
	return tag == NULL ? 0 : fail(err, line_of(r, &e->start_mark),
	    "YAML tags (!name) are not read; take it out, or write the value "
	    "in \"double quotes\"");
}

/* The end of a block is where the next thing begins, which tells nothing. */
static void
close_level(struct reader *r, const yaml_event_t *e)
{
	struct node *n = r->level[--r->depth].node;

	if (n->from < r->len && (r->text[n->from] == '{' ||
	    r->text[n->from] == '['))
		n->to = byte_at(r, &e->end_mark);
}

static int
take_event(struct reader *r, const yaml_event_t *e, struct err *err)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return take_scalar(r, e, err);
	case YAML_SEQUENCE_START_EVENT:
		return open_level(r, e, node_list(r->a), err);
	case YAML_MAPPING_START_EVENT:
		return open_level(r, e, node_map(r->a), err);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_level(r, e);
		return 0;
	case YAML_ALIAS_EVENT:
		return fail(err, line_of(r, &e->start_mark),
		    "YAML aliases (*name) are not allowed here; write the "
		    "value out, or in \"double quotes\"");
	case YAML_DOCUMENT_START_EVENT:
		return r->root == NULL ? 0 : fail(err, line_of(r,
		    &e->start_mark), "a second YAML document begins here; "
		    "take the line out, or what stands behind it");
	default:
		return 0;
	}
}

/* The text of a line without the blanks around it; line counts from 0. */
static const char *
line_text(const struct reader *r, size_t line, size_t *len)
{
	const char *p = r->text, *end = r->text + r->len, *nl;

	while (line-- > 0 && (nl = memchr(p, '\n', (size_t)(end - p))) != NULL)
		p = nl + 1;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	nl = memchr(p, '\n', (size_t)(end - p));
	*len = (size_t)((nl != NULL ? nl : end) - p);
	while (*len > 0 && strchr(" \t\r", p[*len - 1]) != NULL)
		--*len;
	return p;
}

/* What to do about a line `key: value` whose value is plain text that YAML
 * takes for more; NULL: it is something else. */
static const char *
remedy(const char *line, size_t len)
{
	const char *end = line + len, *value, *p;

	value = memchr(line, ':', len);
	if (value == NULL)
		return NULL;
	for (value++; value < end && (*value == ' ' || *value == '\t'); value++)
		;
	if (value == end)
		return NULL;
	if (*value == '"')
		return "a \" within the quotes is written \\\", and the value "
		    "ends with a \"";
	if (strchr("'@%[{*&!`->|", *value) != NULL)
		return "write the value in \"double quotes\"";
	for (p = value; p + 1 < end; p++)
		if (*p == ':' && (p[1] == ' ' || p[1] == '\t'))
			return "write the value in \"double quotes\"";
	return end[-1] == ':' ? "write the value in \"double quotes\"" : NULL;
}

/* The line is shown, cut between characters. */
static void
tell_line(const char *what, const char *line, size_t len, const char *hint,
    struct err *err)
{
	size_t n = len;

	if (n > SHOWN_MAX)
		for (n = SHOWN_MAX; n > 0 && ((unsigned char)line[n] & 0xc0)
		    == 0x80; n--)
			;
	err_set(err, ERR_INPUT, "the front matter is no YAML: %s; `%.*s%s`: "
	    "%s", what, (int)n, line, n < len ? "…" : "", hint);
}

/* Whether a tab stands among the blanks that a line begins with. */
static bool
is_tabbed(const struct reader *r, size_t line)
{
	const char *p = r->text, *end = r->text + r->len, *nl;

	while (line-- > 0 && (nl = memchr(p, '\n', (size_t)(end - p))) != NULL)
		p = nl + 1;
	while (p < end && *p == ' ')
		p++;
	return p < end && *p == '\t';
}

static int
parse_failed(struct reader *r, struct err *err)
{
	const yaml_parser_t *p = &r->parser;
	const char *what = p->problem != NULL ? p->problem :
	    "it cannot be read";
	const yaml_mark_t *marks[] = { &p->problem_mark, &p->context_mark };
	size_t len, i, n = p->context != NULL ? 2 : 1;

	if (is_tabbed(r, p->problem_mark.line))
		return fail(err, line_of(r, &p->problem_mark), "the front "
		    "matter is no YAML: the line begins with a tab; write "
		    "blanks");
	for (i = 0; i < n; i++) {
		const char *line = line_text(r, marks[i]->line, &len);
		const char *hint = remedy(line, len);

		if (hint == NULL)
			continue;
		tell_line(what, line, len, hint, err);
		err->line = line_of(r, marks[i]);
		return -1;
	}
	err_set(err, ERR_INPUT, "the front matter is no YAML: %s%s%s", what,
	    n > 1 ? ", " : "", n > 1 ? p->context : "");
	/* Where the broken thing begins tells more than where it was seen. */
	err->line = line_of(r, marks[n - 1]);
	return -1;
}

int
front_yaml(struct arena *a, const char *text, size_t len, unsigned first_line,
    struct node **out, struct err *err)
{
	struct reader r = {
		.a = a, .text = text, .len = len, .first_line = first_line
	};
	bool done = false;
	yaml_event_t e;
	int rc = 0;

	if (!yaml_parser_initialize(&r.parser))
		return err_set(err, ERR_INTERNAL, "libyaml does not start");
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text,
	    len);
	while (rc == 0 && !done) {
		if (!yaml_parser_parse(&r.parser, &e)) {
			rc = parse_failed(&r, err);
			break;
		}
		done = e.type == YAML_STREAM_END_EVENT;
		rc = check_tag(&r, &e, err);
		if (rc == 0)
			rc = take_event(&r, &e, err);
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&r.parser);
	if (rc != 0)
		return -1;
	if (r.root == NULL || r.root->kind == NODE_NULL)
		r.root = node_map(a);
	if (r.root->kind != NODE_MAP)
		return fail(err, first_line, "the front matter must be "
		    "`key: value` lines");
	*out = r.root;
	return 0;
}
