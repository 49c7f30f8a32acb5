#include "text/html_text.h"

#include <string.h>

#include "text/html.h"
#include "text/html_markdown_int.h"
#include "text/wrap.h"

#define LISTS_MAX 200	/* as deep as markup_clean() lets elements be */

struct lines {
	struct buf *out;
	size_t start;		/* where the text begins in out */
	size_t begin;		/* where the words of the open link begin */
	unsigned pre;		/* how many <pre> are open */
	struct hm_numbers lists[LISTS_MAX];	/* the <ol> that are open */
	unsigned nlists;
	markup_link *link;
	void *ctx;
};

static void
line_break(struct lines *l)
{
	struct buf *out = l->out;

	while (out->len > l->start && (out->data[out->len - 1] == ' ' ||
	    out->data[out->len - 1] == WRAP_GLUE))
		buf_truncate(out, out->len - 1);
	if (out->len > l->start && out->data[out->len - 1] != '\n')
		buf_addc(out, '\n');
}

static void
put_text(struct lines *l, const char *s)
{
	const char *end;

	for (; l->pre > 0 && (end = strchr(s, '\n')) != NULL; s = end + 1) {
		wrap_add(l->out, s, (size_t)(end - s));
		buf_addc(l->out, '\n');
	}
	wrap_add(l->out, s, strlen(s));
}

static void
put_link(struct lines *l, const xmlNode *n, const char *attribute,
    size_t begin)
{
	char *url = hm_attribute(n, attribute);

	if (url != NULL && url[0] != '\0')
		l->link(l->ctx, url, begin, strcmp(attribute, "src") == 0);
	xmlFree(url);
}

static void
put_image(struct lines *l, const xmlNode *n)
{
	char *alt = hm_attribute(n, "alt");
	size_t begin = l->out->len;

	if (alt != NULL)
		wrap_add(l->out, alt, strlen(alt));
	put_link(l, n, "src", begin);
	xmlFree(alt);
}

static bool
is_cell(const xmlNode *n)
{
	return hm_is(n, "td") || hm_is(n, "th");
}

static void
put_mark(struct lines *l, const xmlNode *item)
{
	if (l->nlists > 0 && hm_is(item->parent, "ol"))
		buf_addf(l->out, "%ld. ", hm_number(&l->lists[l->nlists - 1],
		    item));
	else
		buf_adds(l->out, "- ");
}

static void
opens(struct lines *l, const xmlNode *n)
{
	if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
		put_text(l, (const char *)n->content);
	if (n->type != XML_ELEMENT_NODE)
		return;
	if (hm_is_block(n) && !is_cell(n))
		line_break(l);
	if (hm_is(n, "ol") && l->nlists < LISTS_MAX)
		hm_numbers_begin(&l->lists[l->nlists++], n);
	if (hm_is(n, "li"))
		put_mark(l, n);
	else if (hm_is(n, "br"))
		buf_addc(l->out, '\n');
	else if (hm_is(n, "img"))
		put_image(l, n);
	else if (hm_is(n, "a"))
		l->begin = l->out->len;
	l->pre += hm_is(n, "pre");
}

static void
closes(struct lines *l, const xmlNode *n)
{
	if (n->type != XML_ELEMENT_NODE)
		return;
	l->pre -= hm_is(n, "pre");
	if (hm_is(n, "ol") && l->nlists > 0)
		l->nlists--;
	if (hm_is(n, "a")) {
		put_link(l, n, "href", l->begin);
	} else if (is_cell(n)) {
		buf_addc(l->out, WRAP_GLUE);
		buf_addc(l->out, WRAP_GLUE);
	} else if (hm_is_block(n)) {
		line_break(l);
	}
}

static void
walk(struct lines *l, const xmlNode *root)
{
	const xmlNode *n = root;

	while (n != NULL) {
		opens(l, n);
		if (n->children != NULL && n->type == XML_ELEMENT_NODE) {
			n = n->children;
			continue;
		}
		closes(l, n);
		while (n != root && n->next == NULL) {
			n = n->parent;
			closes(l, n);
		}
		n = n == root ? NULL : n->next;
	}
}

int
markup_text(const char *html, size_t len, const struct markup_base *base,
    markup_link *link, void *ctx, struct buf *out, struct err *err)
{
	struct lines l = { .out = out, .start = out->len, .link = link,
		.ctx = ctx };
	xmlDoc *doc = hm_read(html, len, base,
	    MARKUP_EMBED_DROP, err);

	if (doc == NULL)
		return -1;
	walk(&l, xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
	return buf_check(out, "the text", err);
}
