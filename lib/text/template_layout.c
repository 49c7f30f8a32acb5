/*
 * Which tags stand alone, and how blocks are indented. The rules for
 * sections, partials and the like are the specification's. For inheritance
 * its tests allow more than one reading; the one taken here is:
 *
 * - What an argument holds is a template of its own: its ends count as the
 *   ends of a file, and the newline behind an opening tag belongs to the tag.
 *   What stands around arguments, in their parent, does not matter.
 * - An argument whose opening tag ends its line loses the blanks that all its
 *   lines have in common.
 * - A block whose opening tag has a line to itself hands the blanks that its
 *   default content has in common (without any: its own) to its override. One
 *   that has a line to itself together with its closing tag hands on its own,
 *   and keeps the line's newline. Any other hands on none.
 */
#include "text/template_int.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
template_line_begins(const struct template_source *src, size_t pos,
    size_t within)
{
	if (pos == 0 || src->text[pos - 1] == '\n')
		return true;
	return within != TEMPLATE_NOWHERE && pos == src->tags[within].end;
}

/* Whether only blanks stand before the tag; *start is where they begin. */
static bool
clear_left(const struct template_source *src, const struct template_tag *tag,
    size_t within, size_t *start)
{
	size_t pos = tag->start;

	while (!template_line_begins(src, pos, within)) {
		if (!is_blank(src->text[pos - 1]))
			return false;
		pos--;
	}
	*start = pos;
	return true;
}

/* Whether only blanks follow on the line; *after is behind its newline. */
static bool
clear_right(const struct template_source *src, const struct template_tag *tag,
    size_t within, size_t *after)
{
	size_t limit = src->len, pos = tag->end;

	if (within != TEMPLATE_NOWHERE)
		limit = src->tags[src->tags[within].match].start;
	while (pos < limit && is_blank(src->text[pos]))
		pos++;
	if (pos + 1 < limit && src->text[pos] == '\r')
		pos++;
	*after = pos < limit ? pos + 1 : pos;
	return pos == limit || src->text[pos] == '\n';
}

/* Takes the tag's line out when nothing else is on it. */
static bool
stand_alone(const struct template_source *src, struct template_tag *tag)
{
	size_t start, after;

	if (!clear_left(src, tag, tag->within, &start) ||
	    !clear_right(src, tag, tag->within, &after))
		return false;
	tag->place = TEMPLATE_ALONE;
	tag->cut = start;
	tag->resume = after;
	tag->indent = src->text + start;
	tag->indent_len = tag->start - start;
	return true;
}

/* Takes the line that begins at pos into the common blanks. */
static void
common_line(const struct template_source *src, size_t pos, size_t end,
    struct template_tag *tag, bool *any)
{
	size_t len = 0;

	while (pos + len < end && is_blank(src->text[pos + len]))
		len++;
	if (pos + len == end || src->text[pos + len] == '\n' ||
	    src->text[pos + len] == '\r')
		return;
	if (!*any) {
		tag->indent = src->text + pos;
		tag->indent_len = len;
		*any = true;
	}
	for (len = 0; len < tag->indent_len; len++)
		if (tag->indent[len] != src->text[pos + len])
			tag->indent_len = len;
}

/* The blanks that all lines of a block have in common, but for blank lines
 * and those that begin within a tag or a parent. False: no such line. */
static bool
common_indent(const struct template_source *src, struct template_tag *tag)
{
	const size_t last = tag->match;
	const size_t end = src->tags[last].start;
	size_t next = (size_t)(tag - src->tags) + 1;
	size_t pos = tag->resume;
	bool any = false;

	while (pos < end) {
		if (src->text[pos - 1] == '\n')
			common_line(src, pos, end, tag, &any);
		if (next < last && pos == src->tags[next].start) {
			if (src->tags[next].kind == TEMPLATE_PARENT)
				next = src->tags[next].match;
			pos = src->tags[next++].end;
		} else {
			pos++;
		}
	}
	return any;
}

static void
layout_argument(const struct template_source *src, struct template_tag *tag)
{
	struct template_tag *close = &src->tags[tag->match];
	size_t self = (size_t)(tag - src->tags), start, after;

	if (!clear_right(src, tag, self, &after) ||
	    src->text[after - 1] != '\n')
		return;
	tag->place = TEMPLATE_ALONE;
	tag->resume = after;
	tag->indent_len = 0;
	common_indent(src, tag);
	if (clear_left(src, close, self, &start) && start >= after)
		close->cut = start;
}

static void
layout_block(const struct template_source *src, struct template_tag *tag)
{
	struct template_tag *close = &src->tags[tag->match];
	size_t start, after;

	if (stand_alone(src, tag)) {
		common_indent(src, tag);
	} else if (clear_left(src, tag, tag->within, &start) &&
	    clear_right(src, close, close->within, &after)) {
		tag->place = TEMPLATE_PAIRED;
		tag->indent = src->text + start;
		tag->indent_len = tag->start - start;
	}
}

static void
layout_parent(const struct template_source *src, struct template_tag *tag)
{
	struct template_tag *close = &src->tags[tag->match];
	size_t start, after;

	if (!clear_left(src, tag, tag->within, &start) ||
	    !clear_right(src, close, close->within, &after))
		return;
	tag->place = TEMPLATE_ALONE;
	tag->cut = start;
	tag->indent = src->text + start;
	tag->indent_len = tag->start - start;
	close->resume = after;
}

static void
layout_tag(const struct template_source *src, struct template_tag *tag)
{
	enum template_kind opened;

	switch (tag->kind) {
	case TEMPLATE_VARIABLE:
	case TEMPLATE_RAW:
		return;
	case TEMPLATE_PARENT:
		layout_parent(src, tag);
		return;
	case TEMPLATE_BLOCK:
		if (tag->argument)
			layout_argument(src, tag);
		else
			layout_block(src, tag);
		return;
	case TEMPLATE_CLOSE:
		opened = src->tags[tag->match].kind;
		if (!tag->argument && opened != TEMPLATE_PARENT)
			stand_alone(src, tag);
		return;
	default:
		stand_alone(src, tag);
	}
}

void
template_layout(struct template_source *src)
{
	size_t i;

	for (i = 0; i < src->count; i++) {
		src->tags[i].cut = src->tags[i].start;
		src->tags[i].resume = src->tags[i].end;
	}
	for (i = 0; i < src->count; i++)
		if (!src->tags[i].hidden)
			layout_tag(src, &src->tags[i]);
}
