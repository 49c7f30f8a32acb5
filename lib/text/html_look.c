#include "text/html_look.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "text/html_markdown_int.h"
#include "text/utf8.h"

struct look {
	struct arena *a;
	struct markup_look *out;
	struct buf text, row;
	bool gap, row_gap;	/* a blank is due before the next word */
	bool begun;		/* there were words already */
	bool row_ended;
	size_t fillers;		/* behind the words, that nobody sees */
	const xmlNode *hidden;	/* the outermost one that is; NULL */
	const xmlNode *first_hidden;	/* in which the first words are; NULL */
	struct markup_link_seen *link;	/* that is open */
	size_t link_text;	/* where it begins in text */
	const char *instead;	/* what stands for the open link's words */
	size_t links, pictures, active;	/* room */
};

static void *
grow(struct look *k, void *list, size_t n, size_t *room, size_t size)
{
	size_t had = *room;

	if (n < had)
		return list;
	*room = had == 0 ? 16 : had * 2;
	return had == 0 ? arena_array(k->a, *room, size) :
	    arena_grow(k->a, list, had * size, *room * size);
}

/* NULL: there is none; "" where it is empty. */
static const char *
attribute(struct look *k, const xmlNode *n, const char *name)
{
	const xmlAttr *x;
	xmlChar *value;
	const char *copy;

	for (x = n->properties; x != NULL; x = x->next)
		if (strcmp((const char *)x->name, name) == 0)
			break;
	if (x == NULL)
		return NULL;
	value = xmlNodeListGetString(x->doc, x->children, 1);
	copy = value == NULL ? "" : arena_strdup(k->a, (const char *)value);
	xmlFree(value);
	return copy;
}

/* ---- words ---- */

/* Blanks, and characters that fill a line without being seen: what stands
 * behind a preheader so that a list of mails shows nothing else. */
static bool
is_filler(int32_t c)
{
	return c == 0xad || c == 0x34f || c == 0x61c || c == 0xfeff ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x2060 && c <= 0x2064);
}

static bool
is_blank(int32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 ||
	    (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
	    c == 0x202f || c == 0x205f || c == 0x3000;
}

static void
put(struct buf *out, size_t from, bool *gap, const char *p, size_t n)
{
	if (*gap && out->len > from)
		buf_addc(out, ' ');
	*gap = false;
	buf_add(out, p, n);
}

static void
words(struct look *k, const char *p)
{
	size_t len = strlen(p), n;
	int32_t c;

	for (; len > 0; p += n, len -= n) {
		n = utf8_next(p, len, &c);
		if (is_blank(c)) {
			k->gap = k->row_gap = true;
			continue;
		}
		if (is_filler(c)) {
			k->fillers++;
			continue;
		}
		k->first_hidden = k->begun ? k->first_hidden : k->hidden;
		k->begun = true;
		k->fillers = 0;
		if (!k->row_ended)
			put(&k->row, 0, &k->row_gap, p, n);
		if (k->hidden == NULL)
			put(&k->text, 0, &k->gap, p, n);
	}
}

/* ---- elements ---- */

/* The value of a property in style=""; NULL. Blanks before it are gone. */
static const char *
property(const char *style, const char *name)
{
	size_t n = strlen(name);
	const char *p = style;

	while (p != NULL && *p != '\0') {
		p += strspn(p, " \t\r\n;");
		if (strncasecmp(p, name, n) == 0 &&
		    p[n + strspn(p + n, " \t")] == ':') {
			p += n + strspn(p + n, " \t") + 1;
			return p + strspn(p, " \t");
		}
		p = strchr(p, ';');
	}
	return NULL;
}

static bool
starts(const char *value, const char *with)
{
	return value != NULL && strncasecmp(value, with, strlen(with)) == 0;
}

static bool
is_hidden(struct look *k, const xmlNode *n)
{
	const char *style = attribute(k, n, "style");

	return starts(property(style, "display"), "none") ||
	    starts(property(style, "visibility"), "hidden");
}

static bool
is_one(const char *value)
{
	return value != NULL && (strcmp(value, "1") == 0 ||
	    strcmp(value, "0") == 0 || strcmp(value, "1px") == 0 ||
	    strcmp(value, "0px") == 0);
}

static void
picture(struct look *k, const xmlNode *n)
{
	struct markup_look *o = k->out;
	const char *style = attribute(k, n, "style");
	const char *width = attribute(k, n, "width");
	const char *height = attribute(k, n, "height");
	struct markup_picture *p;

	o->pictures = grow(k, o->pictures, o->npictures, &k->pictures,
	    sizeof(*p));
	p = &o->pictures[o->npictures++];
	memset(p, 0, sizeof(*p));
	p->src = attribute(k, n, "src");
	p->src = p->src == NULL ? "" : p->src;
	p->alt = attribute(k, n, "alt");
	p->sized = width != NULL || property(style, "width") != NULL;
	p->tiny = k->hidden != NULL || (is_one(width) && is_one(height));
	/* Settled when the link ends. */
	p->linked = k->link != NULL;
	if (k->link != NULL && k->instead == NULL)
		k->instead = p->alt;
}

/* A link within a link is not one that people can follow. */
static void
link_opens(struct look *k, const xmlNode *n)
{
	struct markup_look *o = k->out;
	const char *href = attribute(k, n, "href");

	if (href == NULL || k->link != NULL)
		return;
	while (*href != '\0' && (unsigned char)*href <= ' ')
		href++;
	o->links = grow(k, o->links, o->nlinks, &k->links, sizeof(*o->links));
	k->link = &o->links[o->nlinks++];
	k->link->href = href;
	k->link->hidden = k->hidden != NULL;
	k->link_text = k->text.len;
	k->instead = attribute(k, n, "aria-label");
	if (k->instead == NULL)
		k->instead = attribute(k, n, "title");
}

static void
link_closes(struct look *k)
{
	const char *text = k->text.data + k->link_text;
	struct markup_look *o = k->out;
	size_t i;

	text += *text == ' ';
	k->link->text = arena_strdup(k->a, text);
	k->link->says = *text != '\0' || k->instead == NULL ? k->link->text :
	    k->instead;
	for (i = o->npictures; *text != '\0' && i > 0; i--)
		o->pictures[i - 1].linked = false;
	k->link = NULL;
}

static void
forbid(struct look *k, const char *what, const char *value, bool style)
{
	struct markup_look *o = k->out;

	o->active = grow(k, o->active, o->nactive, &k->active,
	    sizeof(*o->active));
	o->active[o->nactive++] = (struct markup_active){ what, value, style };
}

static void
active(struct look *k, const xmlNode *n)
{
	static const char *const bad[] = {
		"script", "form", "iframe", "object", "embed", "applet",
		"frame", "frameset", "input", "button", "select", "textarea",
		"audio", "video", "base", NULL
	};
	const char *rel;
	const xmlAttr *x;

	if (hm_is_any(n, bad))
		forbid(k, arena_printf(k->a, "<%s>", (const char *)n->name),
		    attribute(k, n, hm_is(n, "form") ? "action" : "src"),
		    false);
	rel = hm_is(n, "link") ? attribute(k, n, "rel") : NULL;
	if (rel != NULL && strcasestr(rel, "stylesheet") != NULL)
		forbid(k, "<link rel=stylesheet>", attribute(k, n, "href"),
		    true);
	rel = hm_is(n, "meta") ? attribute(k, n, "http-equiv") : NULL;
	if (starts(rel, "refresh"))
		forbid(k, "<meta http-equiv=refresh>", NULL, false);
	for (x = n->properties; x != NULL; x = x->next)
		if (starts((const char *)x->name, "on") && x->name[2] != '\0')
			forbid(k, arena_printf(k->a, "%s=",
			    (const char *)x->name), NULL, false);
}

static void
style_sheet(struct look *k, const xmlNode *n)
{
	const xmlNode *c;

	for (c = n->children; c != NULL; c = c->next)
		if (c->content != NULL && strcasestr((const char *)c->content,
		    "@import") != NULL)
			forbid(k, "@import", NULL, true);
}

/* What is in it is not for readers. */
static bool
is_apart(struct look *k, const xmlNode *n)
{
	if (hm_is(n, "style"))
		style_sheet(k, n);
	return hm_is(n, "style") || hm_is(n, "script") ||
	    hm_is(n, "title");
}

/* false: what is in it says nothing. */
static bool
opens(struct look *k, const xmlNode *n)
{
	if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
		words(k, (const char *)n->content);
	if (n->type != XML_ELEMENT_NODE)
		return false;
	active(k, n);
	if (is_apart(k, n))
		return false;
	if (k->hidden == NULL && is_hidden(k, n))
		k->hidden = n;
	if (hm_is_block(n) || hm_is(n, "br") || hm_is(n, "td"))
		k->gap = k->row_gap = true;
	if (hm_is(n, "a"))
		link_opens(k, n);
	if (hm_is(n, "img"))
		picture(k, n);
	return true;
}

static void
closes(struct look *k, const xmlNode *n, const xmlNode **link)
{
	if (n->type != XML_ELEMENT_NODE)
		return;
	if (*link == n) {
		link_closes(k);
		*link = NULL;
	}
	if (hm_is_block(n) || hm_is(n, "td"))
		k->gap = k->row_gap = true;
	if (k->hidden == n)
		k->hidden = NULL;
	if (k->first_hidden == n) {
		k->out->preheader = arena_strdup(k->a, k->row.data);
		k->row_ended = k->fillers >= MARKUP_LOOK_FILLERS;
	}
}

/* *link: the <a> that is open. */
static int
walk(struct look *k, const xmlNode *root)
{
	const xmlNode *n = root, *link = NULL;
	size_t depth = 0;
	bool open;

	while (n != NULL) {
		open = opens(k, n);
		if (k->link != NULL && link == NULL)
			link = n;
		if (open && n->children != NULL) {
			if (++depth > MARKUP_LOOK_DEPTH)
				return -1;
			n = n->children;
			continue;
		}
		closes(k, n, &link);
		while (n != root && n->next == NULL) {
			n = n->parent;
			depth--;
			closes(k, n, &link);
		}
		n = n == root ? NULL : n->next;
	}
	return 0;
}

static xmlDoc *
read_page(const char *html, size_t len)
{
	const int options = HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	    HTML_PARSE_NONET | HTML_PARSE_RECOVER | HTML_PARSE_NODEFDTD |
	    HTML_PARSE_COMPACT;

	return len > INT_MAX ? NULL : htmlReadMemory(html, (int)len, NULL,
	    "UTF-8", options);
}

static const char *
cut_row(struct look *k)
{
	size_t i, at = 0;
	int32_t c;

	for (i = 0; i < MARKUP_LOOK_ROW && at < k->row.len; i++)
		at += utf8_next(k->row.data + at, k->row.len - at, &c);
	return arena_strndup(k->a, k->row.data, at);
}

int
markup_look(struct arena *a, const char *html, size_t len,
    struct markup_look *out, struct err *err)
{
	struct look k = { .a = a, .out = out };
	xmlDoc *doc = read_page(html, len);
	int rc;

	memset(out, 0, sizeof(*out));
	out->preheader = "";
	if (doc == NULL || xmlDocGetRootElement(doc) == NULL) {
		xmlFreeDoc(doc);
		out->text = out->row = "";
		return len == 0 ? 0 : err_set(err, ERR_INPUT, "this is no "
		    "HTML");
	}
	buf_init(&k.text, 0);
	buf_init(&k.row, 0);
	rc = walk(&k, xmlDocGetRootElement(doc));
	if (rc != 0)
		err_set(err, ERR_INPUT, "elements are nested more than %d "
		    "deep", MARKUP_LOOK_DEPTH);
	out->text = arena_strdup(a, k.text.data);
	out->row = cut_row(&k);
	buf_release(&k.text);
	buf_release(&k.row);
	xmlFreeDoc(doc);
	return rc;
}
