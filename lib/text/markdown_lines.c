/* The notes as plain text, made shorter. */
#include "text/markdown.h"

#include <stdlib.h>
#include <string.h>

void
markdown_lines_release(struct markdown_lines *l)
{
	buf_release(&l->text);
	free(l->place);
	l->place = NULL;
	l->n = l->cap = 0;
}

bool
markdown_lines_put(const struct markdown_lines *l, size_t max,
    struct buf *out)
{
	const char *notes = l->text.data + l->notes, *p = notes;
	const char *end = l->text.data + l->text.len, *good_end = notes;
	size_t i, have = 0, len = 0;

	if (l->text.len <= max) {
		buf_add(out, l->text.data, l->text.len);
		return !l->cut;
	}
	/* Each footnote is a line, and they come in the order in which the
	 * text has them; a blank line stands before the first. */
	for (i = 0; i < l->n; i++) {
		for (; have < l->place[i].notes && p < end; have++) {
			p += p == notes;
			p = strchr(p, '\n') + 1;
		}
		if (l->place[i].len + (size_t)(p - notes) > max)
			break;
		len = l->place[i].len;
		good_end = p;
	}
	buf_add(out, l->text.data, len);
	buf_add(out, notes, (size_t)(good_end - notes));
	return false;
}
