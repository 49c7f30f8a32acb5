#include "show/notes.h"

#include "text/shortcode.h"

/* It would end in a feed that is no XML, in a message that is none, or before
 * a terminal; and a mail's own marks are made of them. */
static int
check_control(const struct episode *e, const struct markdown *m,
    const struct buf *text, struct err *err)
{
	int32_t c = 0;
	unsigned line = markdown_control(m, text->data, text->len, &c);

	if (line == 0)
		return 0;
	err_set(err, ERR_INPUT, "there is a control character (U+%04X) in the "
	    "notes; take it out", (unsigned)c);
	return err_at(err, e->file, e->body_line > 0 ?
	    e->body_line + line - 1 : line);
}

int
notes_open(const struct episode *e, struct notes *out, struct err *err)
{
	struct buf text, plain;
	int rc = -1;

	buf_init(&text, 2 * MARKDOWN_MAX);
	buf_init(&plain, 2 * MARKDOWN_MAX);
	buf_init(&out->html, 8 * MARKDOWN_MAX);
	buf_init(&out->summary, 0);
	out->markdown = NULL;
	if (show_read_notes(e, &text, err) != 0)
		goto out;
	/* What is left out was told when the episode was read. */
	shortcode_expand(text.data, text.len, &plain, NULL, NULL);
	if (buf_check(&plain, "the text of the notes", err) != 0)
		goto out;
	out->markdown = markdown_parse(plain.data, plain.len,
	    &(struct markup_base){ e->link, e->site }, err);
	if (out->markdown == NULL ||
	    check_control(e, out->markdown, &text, err) != 0)
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
	buf_release(&plain);
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
