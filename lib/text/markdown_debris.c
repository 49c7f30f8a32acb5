/* Marks that CommonMark leaves in the words, where a person has mistyped what
 * they mean: in HTML they can be seen for what they are, in plain text they are
 * in the way. What stands alone may be meant, and stays. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "text/markdown_int.h"

/* Two or four asterisks that could mark words; not a power (2**3, a ** b), a
 * censored word (brain**k, f***) or a row of them. */
static bool
is_mark(const char *text, const char *p, size_t run)
{
	unsigned char before = p > text ? (unsigned char)p[-1] : 0;
	unsigned char after = (unsigned char)p[run];

	/* A censored word, or stars that are given, end a sentence. */
	if (run == 4)
		return after == 0 || strchr(".,;:!?", after) == NULL;
	if (run != 2)
		return false;
	return !(isalnum(before) && isalnum(after)) &&
	    !(before == ' ' && after == ' ');
}

/* Whether two asterisks that have no others to go with would begin something:
 * an argument (**kwargs), a pointer. Behind the end of a sentence or a colon
 * words begin. */
static bool
may_be_code(const char *text, const char *p)
{
	return p > text + 1 && p[-1] == ' ' && isalnum((unsigned char)p[2]) &&
	    strchr(":.!?", p[-2]) == NULL;
}

/* Whether any of those that could mark words is sure to be no code. */
static bool
has_marks(const char *text)
{
	const char *p = text;
	size_t run;

	for (; (p = strchr(p, '*')) != NULL; p += run) {
		run = strspn(p, "*");
		if (run == 2 && is_mark(text, p, run) &&
		    !may_be_code(text, p))
			return true;
	}
	return false;
}

void
markdown_add_words(struct buf *out, const char *text)
{
	const char *p = text;
	size_t run, open = SIZE_MAX;	/* the last [ in what out has */
	bool marks = strstr(text, "**") != NULL && has_marks(text);

	while (*p != '\0') {
		run = strspn(p, "*");
		if (run > 0) {
			if (!is_mark(text, p, run) || (run == 2 && !marks))
				buf_add(out, p, run);
			p += run;
		} else if (p[0] == ']' && p[1] == '(' && (p[2] == '\0' ||
		    strncmp(p + 2, "http", 4) == 0)) {
			/* "[words](http://no address)" */
			if (open != SIZE_MAX) {
				memmove(out->data + open, out->data + open + 1,
				    out->len - open - 1);
				buf_truncate(out, out->len - 1);
			}
			open = SIZE_MAX;
			buf_adds(out, " (");
			p += 2;
		} else {
			if (*p == '[')
				open = out->len;
			buf_addc(out, *p++);
		}
	}
}
