#include "mail/editorial.h"

#include <string.h>

#include "base/fs.h"
#include "text/front.h"
#include "text/markdown.h"
#include "text/url.h"
#include "text/utf8.h"

#define REFS_MAX 500

struct reading {
	struct arena *a;
	struct editorial *out;
	struct findings *to;
};

static void
wrong(const struct reading *r, unsigned line, const char *what)
{
	finding_add(r->to, SEV_ERROR, "edition", r->out->file, line, "%s",
	    what);
}

/* A text on one line; NULL, and told, where it is none. */
static const char *
line_of(const struct reading *r, const struct node *n, const char *key)
{
	const char *text = node_plain(n);

	if (text == NULL || n->kind != NODE_TEXT || *text == '\0') {
		wrong(r, n->line, arena_printf(r->a, "`%s` wants a text",
		    key));
		return NULL;
	}
	if (utf8_has_control(text, strlen(text), false)) {
		wrong(r, n->line, arena_printf(r->a, "`%s` has a line end or "
		    "another control character in it", key));
		return NULL;
	}
	return text;
}

static void
take_refs(const struct reading *r, const struct node *n,
    struct editorial_ref **list, size_t *count)
{
	const struct node *one;

	if (n->kind != NODE_LIST || n->count > REFS_MAX) {
		wrong(r, n->line, arena_printf(r->a, "`%s` wants a list of "
		    "episodes' numbers, such as [12, 9]", n->key));
		return;
	}
	*list = arena_array(r->a, n->count, sizeof(**list));
	for (one = n->first; one != NULL; one = one->next) {
		const char *text = line_of(r, one, n->key);

		if (text != NULL)
			(*list)[(*count)++] = (struct editorial_ref){ text,
			    one->line > 0 ? one->line : n->line };
	}
}

static void
take_item(const struct reading *r, const struct node *n)
{
	struct editorial_item item = { .title = NULL };
	struct err err = ERR_INIT;
	const struct node *f;

	for (f = n->first; n->kind == NODE_MAP && f != NULL; f = f->next) {
		if (f->again != 0)
			wrong(r, f->line, arena_printf(r->a, "the key `%s` is "
			    "given twice, on line %u too; take one of them "
			    "out", f->key, f->again));
		if (strcmp(f->key, "title") == 0)
			item.title = line_of(r, f, "title");
		else if (strcmp(f->key, "text") == 0)
			item.text = line_of(r, f, "text");
		else if (strcmp(f->key, "url") != 0)
			wrong(r, f->line, arena_printf(r->a, "`%s` is no key "
			    "of an item; title, url and text are", f->key));
		else if ((item.url = line_of(r, f, "url")) != NULL &&
		    url_check(item.url, &err) != 0)
			wrong(r, f->line, arena_printf(r->a, "`url`: %s",
			    err.msg));
	}
	if (n->kind != NODE_MAP || node_get(n, "title") == NULL)
		wrong(r, n->line, "an item wants a `title`; it may have `url` "
		    "and `text`");
	else if (item.title != NULL)
		r->out->items[r->out->nitems++] = item;
}

static void
take_items(const struct reading *r, const struct node *n)
{
	const struct node *one;

	if (n->kind != NODE_LIST || n->count > EDITORIAL_ITEMS_MAX) {
		wrong(r, n->line, "`items` wants a list of at most 50 items "
		    "with `title`, `url` and `text`");
		return;
	}
	r->out->items = arena_array(r->a, n->count, sizeof(*r->out->items));
	for (one = n->first; one != NULL; one = one->next)
		take_item(r, one);
}

static void
take_facts(const struct reading *r, const struct node *map)
{
	struct editorial *out = r->out;
	const struct node *n;

	for (n = map->first; n != NULL; n = n->next) {
		if (n->again != 0)
			wrong(r, n->line, arena_printf(r->a, "the key `%s` is "
			    "given twice, on line %u too; take one of them "
			    "out", n->key, n->again));
		if (strcmp(n->key, "subject") == 0)
			out->subject = line_of(r, n, n->key);
		else if (strcmp(n->key, "preheader") == 0)
			out->preheader = line_of(r, n, n->key);
		else if (strcmp(n->key, "episodes") == 0) {
			out->picks = true;
			take_refs(r, n, &out->episodes, &out->nepisodes);
		} else if (strcmp(n->key, "leave_out") == 0)
			take_refs(r, n, &out->leave_out, &out->nleave_out);
		else if (strcmp(n->key, "items") == 0)
			take_items(r, n);
		else
			wrong(r, n->line, arena_printf(r->a, "`%s` is no key "
			    "of an edition; subject, preheader, episodes, "
			    "leave_out and items are", n->key));
	}
	if (out->picks && out->nleave_out > 0)
		wrong(r, out->leave_out[0].line, "with `episodes`, which "
		    "names all there are, `leave_out` has nothing to do; take "
		    "one of them out");
}

/* What is written below the front matter. */
static int
render(const struct reading *r, const struct show *show, const char *text,
    size_t len, struct err *err)
{
	/* What is relative counts from the show's page. */
	const struct markup_base base = { show->link, show->link };
	struct markdown *m = markdown_parse(text, len, &base, err);
	struct buf html, plain;
	int32_t c;
	unsigned line;
	int rc = -1;

	if (m == NULL)
		return -1;
	buf_init(&html, 8 * MARKDOWN_MAX);
	buf_init(&plain, 8 * MARKDOWN_MAX);
	line = markdown_control(m, text, len, &c);
	if (line > 0) {
		err_set(err, ERR_INPUT, "there is a control character (U+%04X) "
		    "in the opening; take it out", (unsigned)c);
		err_at(err, r->out->file, line);
	} else if (markdown_html(m, &html, err) == 0 &&
	    markdown_text(m, EDITORIAL_WIDTH, &plain, err) == 0) {
		r->out->html = arena_strdup(r->a, html.data);
		r->out->plain = arena_strdup(r->a, plain.data);
		rc = 0;
	}
	buf_release(&html);
	buf_release(&plain);
	markdown_free(m);
	return rc;
}

static int
read_text(const struct reading *r, const struct show *show,
    const struct buf *text, struct err *err)
{
	size_t bad = utf8_invalid_at(text->data, text->len);
	struct front front;
	int rc;

	if (bad != text->len || memchr(text->data, '\0', text->len) != NULL)
		return err_set(err, ERR_INPUT, "it is not UTF-8; save it as "
		    "that");
	if (front_read(r->a, text->data, text->len, &front, err) != 0)
		return -1;
	take_facts(r, front.map);
	rc = render(r, show, text->data + front.body_offset,
	    text->len - front.body_offset, err);
	if (rc != 0 && err->line > 0)
		err->line += front.body_line - 1;
	return rc;
}

void
editorial_read(struct arena *a, const char *file, const struct show *show,
    struct editorial *out, struct findings *to)
{
	struct reading r = { a, out, to };
	struct err err = ERR_INIT;
	struct buf text;

	memset(out, 0, sizeof(*out));
	out->html = out->plain = "";
	if (!fs_is_file(file) && !fs_is_dir(file) && !fs_is_lost(file))
		return;
	out->file = arena_strdup(a, file);
	buf_init(&text, MARKDOWN_MAX + FRONT_MAX);
	if (fs_read(file, MARKDOWN_MAX + FRONT_MAX, &text, NULL, &err) != 0 ||
	    read_text(&r, show, &text, &err) != 0) {
		err_at(&err, out->file, err.line);
		finding_err(to, "edition", &err);
	}
	buf_release(&text);
}
