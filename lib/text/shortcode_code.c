/* What highlight tags hold, as code of Markdown. */
#include "text/shortcode_int.h"

#include <string.h>

static void
put_times(struct buf *b, char c, size_t n)
{
	while (n-- > 0)
		buf_addc(b, c);
}

static size_t
longest_run(const char *s, size_t len)
{
	size_t best = 0, n = 0, i;

	for (i = 0; i < len; i++) {
		n = s[i] == '`' ? n + 1 : 0;
		best = n > best ? n : best;
	}
	return best;
}

/* What the lines of a block that begins on this line begin with. */
static void
line_prefix(const struct buf *out, struct buf *prefix)
{
	const char *p = out->data + out->len;

	while (p > out->data && p[-1] != '\n')
		p--;
	for (; *p != '\0'; p++)
		buf_addc(prefix, *p == '>' || *p == '\t' ? *p : ' ');
}

static void
put_language(struct buf *out, const struct tag *t)
{
	const char *s = tag_named(t, "lang|language");

	if (s == NULL)
		s = tag_at(t, 0);
	if (s == NULL)
		return;
	if (strncmp(s, "lang:", 5) == 0)
		s += 5;
	buf_add(out, s, strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#._-"));
}

/* Without the blanks and the quote marks of the line that ends it. */
static size_t
code_length(const char *code, size_t len, const char *prefix)
{
	size_t n = len;

	while (n > 0 && strchr(strchr(prefix, '>') != NULL ? " \t>" : " \t",
	    code[n - 1]) != NULL)
		n--;
	if (n == 0 || code[n - 1] != '\n')
		n = len;
	while (n > 0 && strchr(" \t\r\n", code[n - 1]) != NULL)
		n--;
	return n;
}

static void
put_block(struct walk *w, const struct tag *t, const char *code, size_t len)
{
	size_t fence = longest_run(code, len) + 1;
	struct buf prefix;

	buf_init(&prefix, 0);
	line_prefix(w->out, &prefix);
	fence = fence > 3 ? fence : 3;
	put_times(w->out, '`', fence);
	put_language(w->out, t);
	if (code[0] != '\n')
		buf_addf(w->out, "\n%s", prefix.data);
	buf_add(w->out, code, code_length(code, len, prefix.data));
	buf_addf(w->out, "\n%s", prefix.data);
	put_times(w->out, '`', fence);
	while (w->p < w->end && strchr(" \t\r", *w->p) != NULL)
		w->p++;
	if (w->p < w->end && *w->p != '\n')
		buf_addf(w->out, "\n%s", prefix.data);
	buf_release(&prefix);
	w->lines.paragraph = false;
}

void
shortcode_code(struct walk *w, const struct tag *t, const char *code,
    size_t len)
{
	size_t fence, i;

	while (len > 0 && (*code == ' ' || *code == '\r')) {
		code++;
		len--;
	}
	if (len == 0)
		return;
	if (walk_line_is_empty(w)) {
		put_block(w, t, code, len);
		return;
	}
	fence = longest_run(code, len) + 1;
	put_times(w->out, '`', fence);
	buf_addc(w->out, ' ');
	for (i = 0; i < len; i++)
		buf_addc(w->out, code[i] == '\n' ? ' ' : code[i]);
	buf_addc(w->out, ' ');
	put_times(w->out, '`', fence);
}
