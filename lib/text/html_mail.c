#include "text/html_mail.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>

#include "text/html.h"
#include "text/html_markdown_int.h"

struct writer {
	struct buf *out;
	size_t end;		/* of what may be written in out */
	size_t solid;		/* open elements in which nothing is cut */
	size_t closing;		/* bytes of the tags that close what is open */
	size_t good;		/* up to where it can be cut */
	const xmlNode *open;	/* what is open there */
};

/* Has blocks in it, between which one may cut. */
static bool
is_frame(const xmlNode *n)
{
	static const char *const names[] = {
		"html", "body", "div", "section", "article", "aside", "main",
		"header", "footer", "nav", "blockquote", "figure", "details",
		"dl", "dd", "ul", "ol", "li", "table", "tbody", "center", NULL
	};

	return hm_is_any(n, names);
}

/* Behind it one may cut. */
static bool
is_unit(const xmlNode *n)
{
	static const char *const names[] = {
		"p", "pre", "hr", "tr", "address", NULL
	};

	return hm_is_any(n, names) || (is_frame(n) && !hm_is(n, "header"));
}

static bool
is_void(const xmlNode *n)
{
	static const char *const names[] = {
		"br", "hr", "img", "col", "wbr", "area", NULL
	};

	return hm_is_any(n, names);
}

/* Is not written, but what is in it. */
static bool
is_passed(const xmlNode *n)
{
	static const char *const names[] = {
		"html", "body", "picture", "source", "track", "param", NULL
	};

	return hm_is_any(n, names);
}

/* The level of a heading, 0: it is none. */
static int
heading(const xmlNode *n)
{
	const char *name = (const char *)n->name;

	return n->type == XML_ELEMENT_NODE && name[0] == 'h' &&
	    name[1] >= '1' && name[1] <= '6' && name[2] == '\0' ?
	    name[1] - '0' : 0;
}

/* The node behind n in a walk through all of root, NULL at its end. */
static xmlNode *
next(const xmlNode *root, xmlNode *n)
{
	if (n->type == XML_ELEMENT_NODE && n->children != NULL)
		return n->children;
	while (n != root && n->next == NULL)
		n = n->parent;
	return n == root ? NULL : n->next;
}

/* A heading is one level below the nearest before it that is higher. */
static void
level_headings(xmlNode *root, int top)
{
	int above[6], n = 0, level;
	char name[] = "h1";
	xmlNode *at;

	for (at = root; at != NULL; at = next(root, at)) {
		level = heading(at);
		if (level == 0)
			continue;
		while (n > 0 && above[n - 1] >= level)
			n--;
		level = top + n;
		above[n++] = heading(at);
		name[1] = (char)('0' + (level > 6 ? 6 : level));
		xmlNodeSetName(at, (const xmlChar *)name);
	}
}

static bool
is_address(const char *url, bool image)
{
	static const char *const schemes[] = {
		"http://", "https://", "ftp://", "mailto:", "tel:"
	};
	size_t i, n = image ? 2 : sizeof(schemes) / sizeof(schemes[0]);

	for (i = 0; i < n; i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

/* A picture or table that would be wider than its place. */
static bool
is_wide(const xmlNode *n)
{
	char *width = hm_is(n, "img") || hm_is(n, "table") ?
	    hm_attribute(n, "width") : NULL;
	char *end = NULL;
	bool wide = width != NULL && strtol(width, &end, 10) >
	    MARKUP_MAIL_WIDTH && *end != '%';

	xmlFree(width);
	return wide;
}

static void
put_attribute(struct buf *out, const xmlNode *n, const char *name,
    const char *value)
{
	static const char *const kept[] = {
		"href", "src", "alt", "title", "width", "height", "colspan",
		"rowspan", "align", "valign", "dir", "lang", "start", "type",
		"value", "border", "reversed", NULL
	};
	const char *const *k = kept;
	bool size = strcmp(name, "width") == 0 || strcmp(name, "height") == 0;

	while (*k != NULL && strcmp(*k, name) != 0)
		k++;
	if (*k == NULL || (size && is_wide(n)) ||
	    (strcmp(name, "href") == 0 && !is_address(value, false)))
		return;
	buf_addf(out, " %s=\"", name);
	markup_escape(out, value, strlen(value));
	buf_addc(out, '"');
}

/* A picture that a mail cannot show: its words. */
static bool
put_words(struct buf *out, const xmlNode *n)
{
	char *src = hm_attribute(n, "src"), *alt = hm_attribute(n, "alt");
	bool lost = src == NULL || !is_address(src, true);

	if (lost && alt != NULL)
		markup_escape(out, alt, strlen(alt));
	xmlFree(src);
	xmlFree(alt);
	return lost;
}

static void
put_open(struct buf *out, const xmlNode *n)
{
	bool image = hm_is(n, "img");
	const xmlAttr *a;
	char *value;

	if (image && put_words(out, n))
		return;
	buf_addf(out, "<%s", (const char *)n->name);
	for (a = n->properties; a != NULL; a = a->next) {
		value = hm_attribute(n, (const char *)a->name);
		put_attribute(out, n, (const char *)a->name,
		    value != NULL ? value : "");
		xmlFree(value);
	}
	if (image && xmlHasProp(n, (const xmlChar *)"alt") == NULL)
		buf_adds(out, " alt=\"\"");
	if (is_wide(n))
		buf_addf(out, " width=\"%d\"", MARKUP_MAIL_WIDTH);
	buf_adds(out, is_void(n) ? " />" : ">");
}

/* The bytes of a closing tag. */
static size_t
closing(const xmlNode *n)
{
	return is_void(n) || is_passed(n) ? 0 :
	    strlen("</>") + strlen((const char *)n->name);
}

static void
put_close(struct buf *out, const xmlNode *n)
{
	if (closing(n) > 0)
		buf_addf(out, "</%s>", (const char *)n->name);
}

static void
begin(struct writer *w, const xmlNode *n)
{
	if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
		markup_escape(w->out, (const char *)n->content,
		    strlen((const char *)n->content));
	if (n->type != XML_ELEMENT_NODE)
		return;
	if (!is_passed(n))
		put_open(w->out, n);
	w->closing += closing(n);
	w->solid += !is_frame(n) && !is_passed(n);
}

static void
finish(struct writer *w, const xmlNode *n)
{
	if (n->type != XML_ELEMENT_NODE)
		return;
	put_close(w->out, n);
	w->closing -= closing(n);
	w->solid -= !is_frame(n) && !is_passed(n);
	if (w->solid > 0 || !is_unit(n) ||
	    w->out->len + w->closing > w->end)
		return;
	w->good = w->out->len;
	w->open = n->parent;
}

/* Whether all of it was written. */
static bool
walk(struct writer *w, const xmlNode *root)
{
	const xmlNode *n = root;

	while (n != NULL) {
		if (w->out->len > w->end)
			return false;
		begin(w, n);
		if (n->type == XML_ELEMENT_NODE && n->children != NULL) {
			n = n->children;
			continue;
		}
		finish(w, n);
		while (n != root && n->next == NULL) {
			n = n->parent;
			finish(w, n);
		}
		n = n == root ? NULL : n->next;
	}
	return w->out->len <= w->end;
}

int
markup_mail(const char *html, size_t len, int level, size_t max,
    struct buf *out, bool *cut, struct err *err)
{
	struct writer w = { .out = out,
		.end = out->len + max, .good = out->len };
	xmlDoc *doc = hm_read_clean(html, len, err);
	xmlNode *root;

	if (doc == NULL)
		return -1;
	root = xmlDocGetRootElement(doc);
	level_headings(root, level);
	*cut = !walk(&w, root);
	if (*cut && !out->full)
		buf_truncate(out, w.good);
	for (; *cut && w.open != NULL; w.open = w.open->parent)
		if (w.open->type == XML_ELEMENT_NODE)
			put_close(out, w.open);
	xmlFreeDoc(doc);
	return buf_check(out, "the notes", err);
}
