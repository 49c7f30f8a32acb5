#include <stdlib.h>
#include <string.h>

#include "text/template_int.h"

struct scan {
	struct template_source *src;
	struct err *err;
	size_t pos;		/* the next byte to look at */
	size_t counted;		/* `line` is the line of this offset */
	unsigned line;
	const char *open, *close;
	size_t open_len, close_len;
	size_t stack[TEMPLATE_DEPTH_MAX];
	size_t depth;
};

struct span {
	const char *at;
	size_t len;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ||
	    c == '\v';
}

static struct span
trim(const char *at, size_t len)
{
	while (len > 0 && is_space(*at)) {
		at++;
		len--;
	}
	while (len > 0 && is_space(at[len - 1]))
		len--;
	return (struct span){ at, len };
}

static unsigned
line_at(struct scan *s, size_t pos)
{
	for (; s->counted < pos; s->counted++)
		if (s->src->text[s->counted] == '\n')
			s->line++;
	return s->line;
}

static int
fail_at(struct scan *s, unsigned line)
{
	return err_at(s->err, s->src->file, line);
}

/* Splits "a.b.c" into its keys; "." has none. */
static int
read_name(struct scan *s, struct template_tag *tag, struct span body)
{
	struct template_name *n = &tag->name;
	struct span rest;
	char *label, *keys, *dot;
	size_t i;

	if (body.len == 0) {
		err_set(s->err, ERR_CONFIG, "a tag without a name");
		return fail_at(s, tag->line);
	}
	if (body.at[0] == '*') {
		rest = trim(body.at + 1, body.len - 1);
		label = arena_alloc(s->src->arena, rest.len + 2);
		label[0] = '*';
		memcpy(label + 1, rest.at, rest.len);
		body = (struct span){ label, rest.len + 1 };
	} else {
		label = arena_alloc(s->src->arena, body.len + 1);
		memcpy(label, body.at, body.len);
	}
	n->label = label;
	for (i = 0; i < body.len; i++) {
		if ((unsigned char)label[i] > ' ')
			continue;
		err_set(s->err, ERR_CONFIG, "the name '%.*s' has a blank in "
		    "it, or its tag is not closed",
		    template_shown_len(label), label);
		return fail_at(s, tag->line);
	}
	n->dynamic = label[0] == '*' && (tag->kind == TEMPLATE_PARTIAL ||
	    tag->kind == TEMPLATE_PARENT);
	if (strcmp(label, ".") == 0)
		return 0;
	keys = arena_strdup(s->src->arena, label + (n->dynamic ? 1 : 0));
	n->keys = keys;
	n->count = 1;
	while ((dot = strchr(keys, '.')) != NULL) {
		*dot = '\0';
		keys = dot + 1;
		n->count++;
	}
	return 0;
}

/* "{{=<% %>=}}": the body is between the equals signs. */
static int
read_delimiters(struct scan *s, const struct template_tag *tag,
    struct span body)
{
	struct span open, close;
	size_t i, j;

	for (i = 0; i < body.len && !is_space(body.at[i]); i++)
		;
	open = (struct span){ body.at, i };
	close = trim(body.at + i, body.len - i);
	for (j = 0; j < close.len && !is_space(close.at[j]); j++)
		;
	if (open.len == 0 || close.len == 0 || j != close.len ||
	    memchr(body.at, '=', body.len) != NULL) {
		err_set(s->err, ERR_CONFIG, "delimiters are set as in "
		    "{{=<%% %%>=}}: two of them, apart, without '='");
		return fail_at(s, tag->line);
	}
	s->open = open.at;
	s->open_len = open.len;
	s->close = close.at;
	s->close_len = close.len;
	return 0;
}

static enum template_kind
kind_of(char c)
{
	switch (c) {
	case '{':
	case '&':
		return TEMPLATE_RAW;
	case '#':
		return TEMPLATE_SECTION;
	case '^':
		return TEMPLATE_INVERTED;
	case '>':
		return TEMPLATE_PARTIAL;
	case '<':
		return TEMPLATE_PARENT;
	case '$':
		return TEMPLATE_BLOCK;
	case '/':
		return TEMPLATE_CLOSE;
	case '!':
		return TEMPLATE_COMMENT;
	case '=':
		return TEMPLATE_DELIMITERS;
	default:
		return TEMPLATE_VARIABLE;
	}
}

/* Finds where a tag's body ends: the closing delimiter, behind the second
 * brace or equals sign where the tag has one. */
static const char *
find_close(const struct scan *s, size_t from, char before)
{
	const char *p = s->src->text + from;
	const char *end = s->src->text + s->src->len;

	if (before == '\0')
		return memmem(p, (size_t)(end - p), s->close, s->close_len);
	for (; (p = memchr(p, before, (size_t)(end - p))) != NULL; p++)
		if ((size_t)(end - p) > s->close_len &&
		    memcmp(p + 1, s->close, s->close_len) == 0)
			return p;
	return NULL;
}

/* Reads the tag at tag->start; sets its end, kind and name. */
static int
read_tag(struct scan *s, struct template_tag *tag)
{
	const struct template_source *src = s->src;
	size_t pos = tag->start + s->open_len;
	char before = '\0';
	const char *end;
	struct span body;

	while (pos < src->len && is_space(src->text[pos]))
		pos++;
	tag->kind = kind_of(pos < src->len ? src->text[pos] : '\0');
	if (tag->kind != TEMPLATE_VARIABLE) {
		if (src->text[pos] == '{')
			before = '}';
		else if (src->text[pos] == '=')
			before = '=';
		pos++;
	}
	end = find_close(s, pos, before);
	if (end == NULL) {
		err_set(s->err, ERR_CONFIG, "the tag that is opened here with "
		    "%.*s is not closed with %s%.*s", (int)s->open_len,
		    s->open, before == '\0' ? "" : before == '}' ? "}" : "=",
		    (int)s->close_len, s->close);
		return fail_at(s, tag->line);
	}
	body = trim(src->text + pos, (size_t)(end - src->text) - pos);
	tag->end = (size_t)(end - src->text) + s->close_len +
	    (before == '\0' ? 0 : 1);
	if (tag->kind == TEMPLATE_COMMENT)
		return 0;
	if (tag->kind == TEMPLATE_DELIMITERS)
		return read_delimiters(s, tag, body);
	return read_name(s, tag, body);
}

static int
open_tag(struct scan *s, size_t index)
{
	struct template_tag *tag = &s->src->tags[index];

	if (s->depth == TEMPLATE_DEPTH_MAX) {
		err_set(s->err, ERR_CONFIG, "sections are nested deeper than "
		    "%d levels", TEMPLATE_DEPTH_MAX);
		return fail_at(s, tag->line);
	}
	s->stack[s->depth++] = index;
	return 0;
}

static int
close_tag(struct scan *s, size_t index)
{
	struct template_tag *tag = &s->src->tags[index], *top;
	char shown[TEMPLATE_SHOWN], opened[TEMPLATE_SHOWN];

	template_tag_text(TEMPLATE_CLOSE, tag->name.label, shown);
	if (s->depth == 0) {
		err_set(s->err, ERR_CONFIG, "%s closes nothing", shown);
		return fail_at(s, tag->line);
	}
	top = &s->src->tags[s->stack[s->depth - 1]];
	if (strcmp(top->name.label, tag->name.label) != 0) {
		template_tag_text(top->kind, top->name.label, opened);
		err_set(s->err, ERR_CONFIG, "%s closes %s of line %u", shown,
		    opened, top->line);
		return fail_at(s, tag->line);
	}
	tag->match = s->stack[--s->depth];
	top->match = index;
	tag->argument = top->argument;
	tag->hidden = top->hidden;
	tag->within = top->within;
	return 0;
}

/* Puts a tag into the nesting: pairs it, and tells what it is within. */
static int
nest(struct scan *s, size_t index)
{
	struct template_tag *tag = &s->src->tags[index];
	const struct template_tag *top;

	tag->match = tag->within = TEMPLATE_NOWHERE;
	if (tag->kind == TEMPLATE_CLOSE)
		return close_tag(s, index);
	if (s->depth > 0) {
		top = &s->src->tags[s->stack[s->depth - 1]];
		tag->within = top->argument ? s->stack[s->depth - 1] :
		    top->within;
		tag->argument = tag->kind == TEMPLATE_BLOCK &&
		    top->kind == TEMPLATE_PARENT;
		tag->hidden = top->hidden ||
		    (top->kind == TEMPLATE_PARENT && !tag->argument);
	}
	switch (tag->kind) {
	case TEMPLATE_SECTION:
	case TEMPLATE_INVERTED:
	case TEMPLATE_PARENT:
	case TEMPLATE_BLOCK:
		return open_tag(s, index);
	default:
		return 0;
	}
}

static struct template_tag *
add_tag(struct template_source *src)
{
	struct template_tag *tag;

	if (src->count == src->cap) {
		src->cap = src->cap == 0 ? 32 : 2 * src->cap;
		src->tags = xreallocarray(src->tags, src->cap,
		    sizeof(*src->tags));
	}
	tag = &src->tags[src->count];
	memset(tag, 0, sizeof(*tag));
	return tag;
}

static int
unclosed(struct scan *s)
{
	const struct template_tag *tag = &s->src->tags[s->stack[s->depth - 1]];
	const char *what = tag->kind == TEMPLATE_BLOCK ? "block" :
	    tag->kind == TEMPLATE_PARENT ? "parent" : "section";
	char shown[TEMPLATE_SHOWN];

	err_set(s->err, ERR_CONFIG, "unclosed %s %s opened here", what,
	    template_tag_text(tag->kind, tag->name.label, shown));
	return fail_at(s, tag->line);
}

int
template_scan(struct template_source *src, struct err *err)
{
	struct scan s = { .src = src, .err = err, .line = 1, .open = "{{",
	    .open_len = 2, .close = "}}", .close_len = 2 };
	struct template_tag *tag;
	const char *at;

	for (;;) {
		at = memmem(src->text + s.pos, src->len - s.pos, s.open,
		    s.open_len);
		if (at == NULL)
			break;
		tag = add_tag(src);
		tag->start = (size_t)(at - src->text);
		tag->line = line_at(&s, tag->start);
		if (read_tag(&s, tag) != 0 || nest(&s, src->count) != 0)
			return -1;
		s.pos = tag->end;
		src->count++;
	}
	return s.depth == 0 ? 0 : unclosed(&s);
}
