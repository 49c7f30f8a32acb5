#include "text/wrap.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "text/utf8.h"

/* Deep nesting must not make each word a line with a long beginning. */
#define ROOM_MIN(width) ((width) / 3)

void
wrap_add(struct buf *out, const char *s, size_t len)
{
	size_t i, from = 0, n;
	int32_t c;

	for (i = 0; i < len; i += n) {
		n = 1;
		if (((unsigned char)s[i] >= 0x20 && s[i] != 0x7f &&
		    (unsigned char)s[i] != 0xc2))
			continue;
		n = utf8_next(s + i, len - i, &c);
		if (c >= 0xa0)
			continue;
		buf_add(out, s + from, i - from);
		if (c == '\t' || c == '\n')
			buf_addc(out, ' ');
		from = i + n;
	}
	buf_add(out, s + from, len - from);
}

void
wrap_end_line(struct buf *out)
{
	size_t len = out->len;

	while (len > 0 && out->data[len - 1] == ' ')
		len--;
	buf_truncate(out, len);
	buf_addc(out, '\n');
}

struct line {
	struct buf *out;
	size_t width;
	size_t column;		/* where the next byte goes */
	size_t begin;		/* the column behind the line's beginning */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void
begin_line(struct line *l, const char *text)
{
	size_t len = strlen(text);

	buf_add(l->out, text, len);
	l->begin = l->column = utf8_width(text, len);
}

/* The columns that a line has behind its beginning. */
static size_t
room(const struct line *l)
{
	size_t least = ROOM_MIN(l->width);

	return l->width > l->begin + least ? l->width - l->begin : least;
}

static void
put(struct line *l, const char *s, size_t len, size_t columns)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf_addc(l->out, s[i] == WRAP_GLUE ? ' ' : s[i]);
	l->column += columns;
}

static size_t
word_length(const char *s, const char *end, bool whole, size_t *columns)
{
	size_t len = 0, glue = 0;

	while (s + len < end && !is_blank(s[len]) &&
	    (whole || s[len] != WRAP_GLUE)) {
		glue += s[len] == WRAP_GLUE;
		len++;
	}
	*columns = utf8_width(s, len) + glue;
	return len;
}

void
wrap_words(struct buf *out, const char *s, size_t len, size_t width,
    const char *first, const char *rest)
{
	struct line l = { .out = out, .width = width };
	const char *end = s + len, *split = s;
	size_t word, columns;
	bool begun = false;

	begin_line(&l, first);
	for (;;) {
		while (s < end && (is_blank(*s) ||
		    (s < split && *s == WRAP_GLUE)))
			s++;
		if (s == end)
			break;
		word = word_length(s, end, s >= split, &columns);
		if (s >= split && columns > room(&l)) {
			split = s + word;
			word = word_length(s, end, false, &columns);
			if (word == 0)
				continue;
		}
		if (begun && l.column - l.begin + 1 + columns > room(&l)) {
			wrap_end_line(out);
			begin_line(&l, rest);
		} else if (begun) {
			put(&l, " ", 1, 1);
		}
		put(&l, s, word, columns);
		s += word;
		begun = true;
	}
	wrap_end_line(out);
}
