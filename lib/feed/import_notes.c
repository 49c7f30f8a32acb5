/*
 * The longer texts of an item. The one that says more becomes the notes; what
 * the feed built from them would not say by itself is kept beside them.
 *
 * That feed has `descriptions = notes`: without a summary its description is
 * the whole notes and there is no content:encoded; with one, the description
 * is the summary and the notes are in content:encoded.
 */
#include <string.h>

#include "feed/facts.h"
#include "feed/import_int.h"
#include "text/html.h"
#include "text/html_markdown.h"
#include "text/html_says.h"
#include "text/markdown.h"
#include "text/shortcode.h"
#include "text/utf8.h"

/* The writer's limit is 4,000 bytes with marks around. */
#define SUMMARY_MAX 3900

const char *
import_plain(struct arena *a, const struct feed_doc_text *t)
{
	struct err ignored = ERR_INIT;
	const char *line = NULL;
	struct buf b, escaped;

	if (t->text == NULL)
		return NULL;
	buf_init(&b, 0);
	buf_init(&escaped, 0);
	if (t->html)
		buf_adds(&escaped, t->text);
	else
		markup_escape(&escaped, t->text, strlen(t->text));
	if (markup_says(escaped.data, escaped.len, NULL, MARKUP_TEXT, &b,
	    &ignored) == 0 && b.len > 0)
		line = arena_strdup(a, b.data);
	buf_release(&escaped);
	buf_release(&b);
	return line;
}

bool
import_is_clean(const char *text)
{
	return text == NULL || !utf8_has_control(text, strlen(text), false);
}

bool
import_is_plain(const struct feed_doc_text *t)
{
	return t->text != NULL && !t->html && strstr(t->text, "\n\n") == NULL;
}

bool
import_same(const char *x, const char *y)
{
	return x == NULL || y == NULL ? x == y : strcmp(x, y) == 0;
}

/* As HTML, with addresses that need no base. -1: it cannot be cleaned. */
static int
to_html(const struct feed_doc_text *t, struct buf *out, struct err *err)
{
	if (!t->html)
		markup_escape(out, t->text, strlen(t->text));
	else if (t->base != NULL)
		return markup_clean_with(t->text, strlen(t->text),
		    &(struct markup_base){ t->base, NULL },
		    MARKUP_EMBED_KEEP, out, err);
	else
		buf_adds(out, t->text);
	return 0;
}

/* What a feed says with notes that are this Markdown, as notes_open() renders
 * them. */
static const char *
says_rendered(struct arena *a, const struct import_item *it,
    const char *link, const struct buf *notes)
{
	struct err ignored = ERR_INIT;
	struct feed_doc_text t = { .html = true };
	struct buf plain, html;
	struct markdown *m;
	const char *key = NULL;

	buf_init(&plain, 2 * MARKDOWN_MAX);
	buf_init(&html, 8 * MARKDOWN_MAX);
	shortcode_expand(notes->data, notes->len, &plain, NULL, NULL);
	m = markdown_parse(plain.data, plain.len, &(struct markup_base){
	    link, NULL }, &ignored);
	if (m != NULL) {
		markdown_drop_title(m, it->title);
		if (markdown_html(m, &html, &ignored) == 0 &&
		    html.len > 0) {
			t.text = html.data;
			key = feed_facts_says(a, &t);
		}
	}
	markdown_free(m);
	buf_release(&html);
	buf_release(&plain);
	return key;
}

static int
to_markdown(const struct feed_doc_text *t, struct buf *out, struct err *err)
{
	struct buf html;
	int rc;

	buf_init(&html, FEED_DOC_MAX);
	rc = to_html(t, &html, err);
	if (rc == 0)
		rc = markup_to_markdown(html.data, html.len, out, err);
	if (rc == 0)
		rc = buf_check(out, "the text of the notes", err);
	buf_release(&html);
	return rc;
}

/* A text as an element; where it is too odd for HTML, as it stands. */
static void
keep(struct import_xml *x, const char *name, const struct feed_doc_text *t)
{
	struct err ignored = ERR_INIT;
	struct buf html;

	buf_init(&html, FEED_DOC_MAX);
	if (t->text == NULL)
		import_xml_add(x, name, NULL);
	else if (to_html(t, &html, &ignored) == 0)
		import_xml_add(x, name, html.data);
	else
		import_xml_add(x, name, t->text);
	buf_release(&html);
}

struct texts {
	const struct feed_doc_text *notes;	/* NULL: none */
	const char *description, *content;	/* what they say */
};

/* content:encoded, unless description says more. */
static void
choose(struct arena *a, const struct feed_doc_item *d, struct texts *out)
{
	out->description = feed_facts_says(a, &d->description);
	out->content = feed_facts_says(a, &d->content);
	out->notes = &d->content;
	if (out->content == NULL || (out->description != NULL &&
	    strlen(out->description) > strlen(out->content)))
		out->notes = &d->description;
	if (out->notes->text == NULL)
		out->notes = d->summary.text != NULL ? &d->summary : NULL;
}

/* A text of one paragraph without marks as a summary; NULL: it is none. */
static const char *
as_summary(struct arena *a, const struct feed_doc_text *t)
{
	struct feed_doc_text plain = { 0 };
	struct buf escaped;
	size_t len;

	if (t->text == NULL || strchr(t->text, '<') != NULL ||
	    strstr(t->text, "\n\n") != NULL)
		return NULL;
	plain.text = import_plain(a, t);
	if (plain.text == NULL || utf8_has_control(plain.text,
	    strlen(plain.text), true) || !import_same(feed_facts_says(a,
	    &plain), feed_facts_says(a, t)))
		return NULL;
	buf_init(&escaped, 0);
	markup_escape(&escaped, plain.text, strlen(plain.text));
	len = escaped.len;
	buf_release(&escaped);
	return len <= SUMMARY_MAX ? plain.text : NULL;
}

/* What the feed would say of description and content with these notes, and
 * what must be said instead. */
static void
complete(struct arena *a, const struct feed_doc_item *d, const struct texts *t,
    const char *rendered, bool atom, const char **summary,
    struct import_xml *x)
{
	const char *content = t->content != NULL ? t->content :
	    t->description;

	if (t->notes == NULL)
		return;
	/* The notes are the content of an Atom feed, and its summary is
	 * another thing. */
	if (import_same(rendered, t->description) &&
	    import_same(rendered, content) &&
	    (!atom || t->description == NULL))
		return;
	if (import_same(rendered, content))
		*summary = as_summary(a, &d->description);
	if (*summary != NULL)
		return;
	keep(x, "description", &d->description);
	if (!import_same(rendered, content))
		keep(x, "content:encoded", &d->content);
}

struct warning {
	struct import *im;
	const struct import_item *it;
};

static void
warn_embed(void *ctx, const char *element, const char *address)
{
	const struct warning *w = ctx;

	finding_add(w->im->to, SEV_WARNING, "import-notes",
	    w->im->doc->file, w->it->doc->line, "%s: the notes have "
	    "<%s>%s%s, which Markdown cannot say; the text as it was is kept "
	    "in `xml`, and the feed says that instead of the notes",
	    import_name(w->im, (size_t)(w->it - w->im->items)), element,
	    address[0] != '\0' ? " of " : "", address);
}

int
import_notes(struct import *im, const struct import_item *it,
    struct buf *out, const char **summary, struct import_xml *x,
    struct err *err)
{
	const struct feed_doc_item *d = it->doc;
	struct warning w = { im, it };
	struct texts t;

	*summary = NULL;
	choose(&im->arena, d, &t);
	if (t.notes != NULL && to_markdown(t.notes, out, err) != 0)
		return -1;
	if (t.notes != NULL && t.notes->html && markup_embeds(t.notes->text,
	    strlen(t.notes->text), warn_embed, &w, err) != 0)
		return -1;
	complete(&im->arena, d, &t, says_rendered(&im->arena, it,
	    import_is_address(d->link) ? d->link : NULL, out),
	    im->doc->format == FEED_DOC_ATOM, summary, x);
	return 0;
}
