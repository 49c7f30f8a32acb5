#include "mail/digest_style.h"

#include <stdbool.h>
#include <string.h>

#include "base/fs.h"
#include "text/html_style.h"
#include "text/template.h"

/* What is looked for, and the best that was found. */
struct search {
	const char *line;	/* of the rendered page */
	size_t len;
	const char *file;	/* NULL: nothing yet */
	unsigned at;
	size_t same;		/* bytes that are the same */
};

/* A piece of a template's line, which stands between two {{tags}} or at an end
 * of it: where that is in the line from `line` to `end`; NULL: nowhere. */
static const char *
find_piece(const char *piece, size_t n, bool first, bool last,
    const char *line, const char *end)
{
	const char *at;

	if (n > (size_t)(end - line) ||
	    (first && last && n != (size_t)(end - line)))
		return NULL;
	if (!first && !last)
		return n == 0 ? line : memmem(line, (size_t)(end - line),
		    piece, n);
	at = first ? line : end - n;
	return memcmp(at, piece, n) == 0 ? at : NULL;
}

/* How many bytes of a template's line stand in the rendered one, if that can
 * have come of it: each {{tag}} may have become anything. 0: it cannot. */
static size_t
alike(const char *t, size_t n, const char *line, size_t len)
{
	const char *tag, *at, *end = line + len;
	size_t same = 0, piece;
	bool first = true;

	for (;; first = false) {
		tag = memmem(t, n, "{{", 2);
		piece = tag != NULL ? (size_t)(tag - t) : n;
		at = find_piece(t, piece, first, tag == NULL, line, end);
		if (at == NULL)
			return 0;
		same += piece;
		line = at + piece;
		n -= piece;
		at = tag != NULL ? memmem(tag, n, "}}", 2) : NULL;
		if (at == NULL)
			return same;
		n -= (size_t)(at - tag) + 2;
		t = at + 2;
	}
}

static void
look(struct search *s, const char *file, const struct buf *text)
{
	const char *p = text->data, *end = p + text->len, *next;
	unsigned line = 1;
	size_t same;

	for (; p < end; p = next + 1, line++) {
		next = memchr(p, '\n', (size_t)(end - p));
		if (next == NULL)
			next = end;
		same = alike(p, (size_t)(next - p), s->line, s->len);
		if (same > s->same) {
			s->same = same;
			s->file = file;
			s->at = line;
		}
	}
}

static void
look_in(struct arena *a, struct search *s, const char *file)
{
	struct err ignored = ERR_INIT;
	struct buf text;

	buf_init(&text, TEMPLATE_MAX);
	if (fs_read(file, TEMPLATE_MAX, &text, NULL, &ignored) == 0)
		look(s, arena_strdup(a, file), &text);
	buf_release(&text);
}

/* The line that is at fault is one of the page; people want that of theirs. */
static void
place(struct arena *a, const char *folder, const struct buf *html,
    struct err *err)
{
	const char *main = fs_join(a, folder, "digest.html");
	struct search s = { .line = html->data, .file = NULL };
	struct err ignored = ERR_INIT;
	unsigned line = err->line, i;
	char **names;
	size_t n, k;

	for (i = 1; i < line && s.line != NULL; i++) {
		s.line = strchr(s.line, '\n');
		s.line = s.line != NULL ? s.line + 1 : NULL;
	}
	if (line > 0 && s.line != NULL) {
		s.len = strcspn(s.line, "\n");
		look_in(a, &s, main);
	}
	if (line > 0 && s.line != NULL && s.file == NULL &&
	    fs_list(a, folder, &names, &n, &ignored) == 0)
		for (k = 0; k < n; k++)
			if (strlen(names[k]) > 5 && strcmp(names[k] +
			    strlen(names[k]) - 5, ".html") == 0)
				look_in(a, &s, fs_join(a, folder, names[k]));
	err_at(err, s.file != NULL ? s.file : main, s.at);
}

int
digest_style(struct arena *a, const char *folder, const struct buf *html,
    struct buf *out, struct err *dropped, struct err *err)
{
	const struct err none = ERR_INIT;
	struct markup_dropped d;
	int rc = markup_style(html->data, html->len, out, &d, err);

	*dropped = none;
	if (rc == 0 && d.n > 0) {
		err_set(dropped, ERR_CONFIG, "`%s`%s in a style=\"\" is no "
		    "`property: value` and was left out", d.first, d.n == 1 ?
		    "" : arena_printf(a, ", as %zu more,", d.n - 1));
		dropped->line = d.line;
		place(a, folder, html, dropped);
		err_rule(dropped, "template");
	}
	if (rc == 0)
		return 0;
	place(a, folder, html, err);
	return err_rule(err, "template");
}
