#include "text/html_markdown_int.h"

#include <stdlib.h>
#include <string.h>

#include "text/html.h"

#define NUMBER_MAX 999999

/* page: as begin() began it. */
static xmlDoc *
parse(struct buf *page, struct err *err)
{
	const int options = HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	    HTML_PARSE_NONET | HTML_PARSE_RECOVER | HTML_PARSE_NODEFDTD |
	    HTML_PARSE_COMPACT;
	xmlDoc *doc;

	buf_adds(page, "</body></html>");
	if (buf_check(page, "the HTML", err) != 0)
		return NULL;
	doc = htmlReadMemory(page->data, (int)page->len, NULL, "UTF-8",
	    options);
	if (doc != NULL && xmlDocGetRootElement(doc) != NULL)
		return doc;
	xmlFreeDoc(doc);
	err_set(err, ERR_INPUT, "the HTML cannot be read");
	return NULL;
}

static void
begin(struct buf *page)
{
	buf_init(page, 0);
	buf_adds(page, "<html><body>");
}

xmlDoc *
hm_read_clean(const char *html, size_t len, struct err *err)
{
	struct buf page;
	xmlDoc *doc;

	begin(&page);
	buf_add(&page, html, len);
	doc = parse(&page, err);
	buf_release(&page);
	return doc;
}

xmlDoc *
hm_read(const char *html, size_t len, const struct markup_base *base,
    enum markup_embed embed, struct err *err)
{
	struct buf page;
	xmlDoc *doc = NULL;

	begin(&page);
	if (markup_clean_with(html, len, base, embed, &page, err) == 0)
		doc = parse(&page, err);
	buf_release(&page);
	return doc;
}

bool
hm_is(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE &&
	    strcmp((const char *)n->name, name) == 0;
}

bool
hm_is_any(const xmlNode *n, const char *const *names)
{
	while (*names != NULL && !hm_is(n, *names))
		names++;
	return *names != NULL;
}

bool
hm_is_block(const xmlNode *n)
{
	static const char *const blocks[] = {
		"address", "article", "aside", "blockquote", "body",
		"caption", "center", "dd", "details", "dir", "div", "dl",
		"dt", "fieldset", "figcaption", "figure", "footer", "h1",
		"h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
		"main", "menu", "nav", "ol", "p", "pre", "section", "summary",
		"table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"
	};
	size_t i;

	for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (hm_is(n, blocks[i]))
			return true;
	return false;
}

char *
hm_attribute(const xmlNode *n, const char *name)
{
	const xmlAttr *a;

	for (a = n->properties; a != NULL; a = a->next)
		if (strcmp((const char *)a->name, name) == 0)
			return (char *)xmlNodeListGetString(a->doc,
			    a->children, 1);
	return NULL;
}

/* Braces are written as entities, or a shortcode would be seen. */
static void
put_escaped(struct buf *out, const char *s, bool in_pre)
{
	for (; *s != '\0'; s++) {
		switch (*s) {
		case '&': buf_adds(out, "&amp;"); break;
		case '<': buf_adds(out, "&lt;"); break;
		case '>': buf_adds(out, "&gt;"); break;
		case '"': buf_adds(out, "&quot;"); break;
		case '{': buf_adds(out, "&#123;"); break;
		case '\r': break;
		case '\n': buf_adds(out, in_pre ? "&#10;" : " "); break;
		default: buf_addc(out, *s); break;
		}
	}
}

static bool
is_void(const xmlNode *n)
{
	return hm_is(n, "br") || hm_is(n, "hr") || hm_is(n, "img") ||
	    hm_is(n, "col") || hm_is(n, "wbr") || hm_is(n, "area");
}

void
hm_raw_open(struct buf *out, const xmlNode *n)
{
	const xmlAttr *a;
	char *value;

	buf_addf(out, "<%s", (const char *)n->name);
	for (a = n->properties; a != NULL; a = a->next) {
		value = (char *)xmlNodeListGetString(a->doc, a->children, 1);
		buf_addf(out, " %s=\"", (const char *)a->name);
		put_escaped(out, value != NULL ? value : "", false);
		buf_addc(out, '"');
		xmlFree(value);
	}
	buf_adds(out, is_void(n) ? " />" : ">");
}

void
hm_raw(struct buf *out, const xmlNode *n, bool in_pre)
{
	const xmlNode *c;

	if (n->type == XML_TEXT_NODE)
		put_escaped(out, (const char *)n->content, in_pre);
	if (n->type != XML_ELEMENT_NODE)
		return;
	hm_raw_open(out, n);
	for (c = n->children; c != NULL; c = c->next)
		hm_raw(out, c, in_pre || hm_is(n, "pre"));
	if (!is_void(n))
		buf_addf(out, "</%s>", (const char *)n->name);
}

bool
hm_pre_text(const xmlNode *n, struct buf *text)
{
	const xmlNode *c;

	for (c = n->children; c != NULL; c = c->next) {
		if (c->type == XML_TEXT_NODE)
			buf_adds(text, (const char *)c->content);
		else if (hm_is(c, "br"))
			buf_addc(text, '\n');
		else if (hm_is(c, "a") || hm_is(c, "img") ||
		    hm_is_block(c) || !hm_pre_text(c, text))
			return false;
	}
	return true;
}

void
hm_language(const xmlNode *n, struct buf *to)
{
	char *class = hm_attribute(n, "class");
	const char *p = class != NULL ? strstr(class, "lang") : NULL;

	if (p != NULL && (p = strchr(p, '-')) != NULL)
		buf_add(to, p + 1, strspn(p + 1, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#._-"));
	xmlFree(class);
}

/* Where the mark stands behind the number of an ordered list's item; len when
 * none does. */
static size_t
number_at(const char *s, size_t len)
{
	size_t digits = strspn(s, "0123456789");

	if (digits > 0 && digits <= 9 && digits < len &&
	    strchr(".)", s[digits]) != NULL &&
	    (digits + 1 == len || s[digits + 1] == ' '))
		return digits;
	return len;
}

size_t
hm_mark_at(const char *s, size_t len)
{
	char next = len > 1 ? s[1] : ' ';

	if (len == 0)
		return len;
	if (strchr("#>=", s[0]) != NULL || (s[0] == '~' && next == '~'))
		return 0;
	if (strchr("-+", s[0]) != NULL && (next == ' ' || next == s[0]))
		return 0;
	return number_at(s, len);
}

/* Whether the attribute is a number, with a sign or without; else *number stays
 * as it was. */
static bool
number_of(const xmlNode *n, const char *name, long *number)
{
	char *text = hm_attribute(n, name), *end = NULL;
	long found;
	bool is;

	if (text == NULL)
		return false;
	found = strtol(text, &end, 10);
	is = end != text && end[strspn(end, " \t\r\n")] == '\0' &&
	    found >= -NUMBER_MAX && found <= NUMBER_MAX;
	if (is)
		*number = found;
	xmlFree(text);
	return is;
}

static long
items_of(const xmlNode *list)
{
	const xmlNode *n;
	long items = 0;

	for (n = list->children; n != NULL; n = n->next)
		items += hm_is(n, "li");
	return items;
}

void
hm_numbers_begin(struct hm_numbers *n, const xmlNode *list)
{
	char *reversed = hm_attribute(list, "reversed");

	n->step = reversed != NULL ? -1 : 1;
	if (!number_of(list, "start", &n->next))
		n->next = reversed != NULL ? items_of(list) : 1;
	xmlFree(reversed);
}

long
hm_number(struct hm_numbers *n, const xmlNode *item)
{
	long number = n->next;

	number_of(item, "value", &number);
	n->next = number + n->step;
	return number;
}

bool
hm_list_start(const xmlNode *list, long *start)
{
	const xmlNode *n;
	struct hm_numbers numbers;
	long number, due = 0;
	bool first = true;

	*start = 1;
	if (!hm_is(list, "ol"))
		return true;
	hm_numbers_begin(&numbers, list);
	for (n = list->children; n != NULL; n = n->next) {
		if (!hm_is(n, "li"))
			continue;
		number = hm_number(&numbers, n);
		if (first)
			*start = due = number;
		if (number != due++)
			return false;
		first = false;
	}
	return *start >= 0;
}
