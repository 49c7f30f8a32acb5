#include "show/notes.h"

int
notes_open(const struct episode *e, struct notes *out, struct err *err)
{
	struct buf text;
	int rc = -1;

	buf_init(&text, 2 * MARKDOWN_MAX);
	buf_init(&out->html, 8 * MARKDOWN_MAX);
	buf_init(&out->summary, 0);
	out->markdown = NULL;
	if (show_read_notes(e, &text, err) != 0)
		goto out;
	out->markdown = markdown_parse(text.data, text.len, e->link, err);
	if (out->markdown == NULL)
		goto out;
	markdown_drop_title(out->markdown, e->title);
	if (markdown_html(out->markdown, &out->html, err) != 0)
		goto out;
	if (e->summary != NULL)
		buf_adds(&out->summary, e->summary);
	else if (markdown_summary(out->markdown, NOTES_SUMMARY_MAX,
	    &out->summary, err) != 0)
		goto out;
	rc = 0;
out:
	buf_release(&text);
	if (rc != 0) {
		err_at(err, e->file, err->line > 0 ? e->body_line +
		    err->line - 1 : e->body_line);
		notes_release(out);
	}
	return rc;
}

void
notes_release(struct notes *n)
{
	markdown_free(n->markdown);
	buf_release(&n->html);
	buf_release(&n->summary);
}
