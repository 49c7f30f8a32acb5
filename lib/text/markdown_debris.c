/* Marks that CommonMark leaves in the words, where a person has mistyped what
 * they mean: in HTML they can be seen for what they are, in plain text they are
 * in the way. */
#include <ctype.h>
#include <string.h>

#include "text/markdown_int.h"

/* Two or four asterisks that mark nothing; not a power (2**3, a ** b), a
 * censored word (brain**k, f***) or a row of them. */
static bool
is_debris(const char *text, const char *p, size_t run)
{
	unsigned char before = p > text ? (unsigned char)p[-1] : 0;
	unsigned char after = (unsigned char)p[run];

	if (run == 4)
		return true;
	if (run != 2)
		return false;
	return !(isalnum(before) && isalnum(after)) &&
	    !(before == ' ' && after == ' ');
}

/* The end of the words of a link that is none, "[words](": where its bracket
 * was opened in what out has behind begin, that goes. */
static void
close_words(struct buf *out, size_t begin)
{
	size_t at;

	for (at = out->len; at > begin && out->data[at - 1] != '['; at--)
		;
	if (at > begin) {
		memmove(out->data + at - 1, out->data + at, out->len - at);
		buf_truncate(out, out->len - 1);
	}
	buf_adds(out, " (");
}

void
markdown_add_words(struct buf *out, const char *text)
{
	const char *p = text;
	size_t begin = out->len, run;

	while (*p != '\0') {
		run = strspn(p, "*");
		if (run > 0) {
			if (!is_debris(text, p, run))
				buf_add(out, p, run);
			p += run;
		} else if (p[0] == ']' && p[1] == '(') {
			close_words(out, begin);
			p += 2;
		} else {
			buf_addc(out, *p++);
		}
	}
}
