#include <stdlib.h>
#include <string.h>

#include "text/template_int.h"

struct build {
	const struct template_source *src;
	size_t pos;		/* text up to here is in the tree */
	size_t depth;
	/* Where the next part goes, for each open part. */
	struct template_part **tail[TEMPLATE_DEPTH_MAX + 1];
};

static struct template_part *
add_part(struct build *b, enum template_kind kind)
{
	struct template_part *p = arena_alloc(b->src->arena, sizeof(*p));

	p->kind = kind;
	*b->tail[b->depth] = p;
	b->tail[b->depth] = &p->next;
	return p;
}

/* The line that begins at pos; end bounds its leading blanks. Returns where
 * they end. */
static size_t
add_line(struct build *b, size_t pos, size_t end)
{
	const struct template_source *src = b->src;
	struct template_part *p = add_part(b, TEMPLATE_LINE);
	size_t stop = pos;

	while (stop < end && (src->text[stop] == ' ' ||
	    src->text[stop] == '\t'))
		stop++;
	p->text = src->text + pos;
	p->len = stop - pos;
	p->empty = p->len == 0 && pos < end && (src->text[pos] == '\n' ||
	    (pos + 1 < end && memcmp(src->text + pos, "\r\n", 2) == 0));
	return stop;
}

/* Adds the text up to `to`, line by line. more: something inline follows
 * there, so that a line which begins at `to` is one. */
static void
add_text(struct build *b, size_t to, size_t within, bool more)
{
	const struct template_source *src = b->src;
	struct template_part *p;
	const char *nl;
	size_t end;

	while (b->pos < to) {
		if (template_line_begins(src, b->pos, within))
			b->pos = add_line(b, b->pos, to);
		if (b->pos == to)
			return;
		nl = memchr(src->text + b->pos, '\n', to - b->pos);
		end = nl == NULL ? to : (size_t)(nl - src->text) + 1;
		p = add_part(b, TEMPLATE_TEXT);
		p->text = src->text + b->pos;
		p->len = end - b->pos;
		b->pos = end;
	}
	if (more && template_line_begins(src, to, within))
		add_line(b, to, to);
}

/* Whether the tag leaves something on its line, if only its place. */
static bool
is_inline(const struct template_source *src, const struct template_tag *tag)
{
	const struct template_tag *opened;

	if (tag->kind == TEMPLATE_CLOSE) {
		opened = &src->tags[tag->match];
		if (tag->argument || opened->kind == TEMPLATE_PARENT)
			return false;
	}
	return tag->place != TEMPLATE_ALONE;
}

static void
add_tag(struct build *b, const struct template_tag *tag)
{
	struct template_part *p = add_part(b, tag->kind);

	p->place = tag->place;
	p->line = tag->line;
	p->name = tag->name;
	p->indent = tag->indent;
	p->indent_len = tag->indent_len;
	if (tag->match != TEMPLATE_NOWHERE) {
		b->depth++;
		b->tail[b->depth] = &p->first;
	}
}

/* The text before an argument, and before its parent's closing tag, belongs
 * to nothing and is passed over; all other text is kept. */
static void
build_tag(struct build *b, const struct template_tag *tag)
{
	const struct template_source *src = b->src;
	bool argument = tag->kind == TEMPLATE_BLOCK && tag->argument;
	size_t within = tag->within;

	if (tag->kind == TEMPLATE_CLOSE && tag->argument)
		within = tag->match;
	if (!argument && (tag->kind != TEMPLATE_CLOSE ||
	    src->tags[tag->match].kind != TEMPLATE_PARENT))
		add_text(b, tag->cut, within, is_inline(src, tag));
	switch (tag->kind) {
	case TEMPLATE_COMMENT:
	case TEMPLATE_DELIMITERS:
		break;
	case TEMPLATE_CLOSE:
		b->depth--;
		break;
	default:
		add_tag(b, tag);
	}
	b->pos = tag->resume;
}

static void
build(const struct template_source *src, struct template *t)
{
	struct build b = { .src = src };
	size_t i;

	b.tail[0] = &t->first;
	for (i = 0; i < src->count; i++)
		if (!src->tags[i].hidden)
			build_tag(&b, &src->tags[i]);
	add_text(&b, src->len, TEMPLATE_NOWHERE, false);
}

struct template *
template_parse(const char *file, const char *text, size_t len,
    struct err *err)
{
	struct template_source src = { 0 };
	struct template *t;
	char *copy;
	int rc;

	if (len > TEMPLATE_MAX) {
		err_set(err, ERR_CONFIG, "the template is larger than %zu "
		    "bytes", TEMPLATE_MAX);
		err_at(err, file, 0);
		return NULL;
	}
	t = xcalloc(1, sizeof(*t));
	arena_init(&t->arena);
	t->file = arena_strdup(&t->arena, file);
	copy = arena_alloc(&t->arena, len + 1);
	if (len > 0)
		memcpy(copy, text, len);
	src.arena = &t->arena;
	src.file = t->file;
	src.text = copy;
	src.len = len;
	rc = template_scan(&src, err);
	if (rc == 0) {
		template_layout(&src);
		build(&src, t);
	}
	free(src.tags);
	if (rc == 0)
		return t;
	template_free(t);
	return NULL;
}

void
template_free(struct template *t)
{
	if (t == NULL)
		return;
	arena_release(&t->arena);
	free(t);
}
