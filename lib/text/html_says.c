#include "text/html_says.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "text/html.h"
#include "text/html_embed.h"
#include "text/html_markdown_int.h"

struct says {
	struct buf *out;
	size_t start;		/* where the text begins in out */
	bool gap;		/* a blank is due before the next word */
	size_t link;		/* where the text of the open link begins */
	enum markup_what what;
};

static void
word(struct says *s, const char *text, size_t len)
{
	if (len == 0)
		return;
	if (s->gap && s->out->len > s->start)
		buf_addc(s->out, ' ');
	s->gap = false;
	buf_add(s->out, text, len);
}

/* U+00A0 counts as a blank: it is how blanks are kept, not what is said. */
static size_t
blank(const char *p)
{
	if (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
		return 1;
	return (unsigned char)p[0] == 0xc2 && (unsigned char)p[1] == 0xa0 ?
	    2 : 0;
}

static void
text(struct says *s, const char *p)
{
	size_t n, len;

	while (*p != '\0') {
		n = blank(p);
		if (n > 0) {
			s->gap = true;
			p += n;
			continue;
		}
		for (len = 0; p[len] != '\0' && blank(p + len) == 0; len++)
			;
		word(s, p, len);
		p += len;
	}
}

/* A link that shows its own address has said it. */
static bool
is_shown(const struct says *s, const xmlNode *n, const char *value)
{
	const char *shown = s->out->data + s->link;

	while (*shown == ' ')
		shown++;
	return n->children != NULL && strcmp(shown, value) == 0;
}

static void
address(struct says *s, const xmlNode *n, const char *attribute)
{
	xmlChar *value = xmlGetNoNsProp(n, (const xmlChar *)attribute);

	if (value != NULL && value[0] != '\0' &&
	    !is_shown(s, n, (const char *)value)) {
		s->gap = true;
		word(s, "[", 1);
		buf_adds(s->out, (const char *)value);
		buf_addc(s->out, ']');
		s->gap = true;
	}
	xmlFree(value);
}

static bool
is(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE &&
	    strcasecmp((const char *)n->name, name) == 0;
}

static bool
is_inline(const xmlNode *n)
{
	static const char *const names[] = {
		"a", "abbr", "acronym", "b", "bdo", "big", "cite", "code",
		"del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
		"s", "samp", "small", "span", "strike", "strong", "sub", "sup",
		"time", "tt", "u", "var", "wbr"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp((const char *)n->name, names[i]) == 0)
			return true;
	return false;
}

/* The page of an iframe's player. */
static bool
page(struct says *s, const xmlNode *n)
{
	char *src = hm_attribute(n, "src");
	struct buf url;
	bool known;

	buf_init(&url, 0);
	known = src != NULL && markup_embed_page(src, &url);
	if (known)
		word(s, url.data, url.len);
	buf_release(&url);
	xmlFree(src);
	return known;
}

static void
embedded(struct says *s, const xmlNode *n)
{
	if (is(n, "iframe") && page(s, n))
		return;
	if (is(n, "img") || is(n, "iframe") || is(n, "embed") ||
	    is(n, "audio") || is(n, "video") || is(n, "source"))
		address(s, n, "src");
	if (is(n, "object"))
		address(s, n, "data");
}

static void
opens(struct says *s, const xmlNode *n)
{
	if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
		text(s, (const char *)n->content);
	if (n->type != XML_ELEMENT_NODE)
		return;
	if (!is_inline(n))
		s->gap = true;
	if (is(n, "a"))
		s->link = s->out->len;
	if (s->what == MARKUP_ALL)
		embedded(s, n);
}

static void
closes(struct says *s, const xmlNode *n)
{
	if (n->type != XML_ELEMENT_NODE)
		return;
	if (s->what == MARKUP_ALL && is(n, "a"))
		address(s, n, "href");
	if (!is_inline(n))
		s->gap = true;
}

static void
walk(struct says *s, const xmlNode *root)
{
	const xmlNode *n = root;

	while (n != NULL) {
		opens(s, n);
		if (n->children != NULL && n->type == XML_ELEMENT_NODE) {
			n = n->children;
			continue;
		}
		closes(s, n);
		while (n != root && n->next == NULL) {
			n = n->parent;
			closes(s, n);
		}
		n = n == root ? NULL : n->next;
	}
}

int
markup_says(const char *html, size_t len, const char *base_url,
    enum markup_what what, struct buf *out, struct err *err)
{
	struct says s = { .out = out, .start = out->len, .what = what };
	const struct markup_base base = { base_url, NULL };
	xmlDoc *doc = hm_read(html, len, &base, what == MARKUP_ALL ?
	    MARKUP_EMBED_KEEP : MARKUP_EMBED_DROP, err);

	if (doc == NULL)
		return -1;
	walk(&s, xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
	return buf_check(out, "the text", err);
}

static bool
is_embed(const xmlNode *n)
{
	return is(n, "iframe") || is(n, "embed") || is(n, "object") ||
	    is(n, "audio") || is(n, "video");
}

/* NULL: none; freed with xmlFree. */
static char *
own_address(const xmlNode *n)
{
	if (n->type != XML_ELEMENT_NODE)
		return NULL;
	return hm_attribute(n, is(n, "object") ? "data" : "src");
}

/* Where it has none of its own, that of the first in it: <source>. */
static void
tell_one(const xmlNode *n, void (*tell)(void *ctx, const char *element,
    const char *address), void *ctx)
{
	char *url = own_address(n);
	const xmlNode *c;
	struct buf page_url;

	for (c = n->children; url == NULL && c != NULL; c = c->next)
		url = own_address(c);
	buf_init(&page_url, 0);
	if (!is(n, "iframe") || url == NULL ||
	    !markup_embed_page(url, &page_url))
		if (url != NULL || n->children != NULL)
			tell(ctx, (const char *)n->name, url != NULL ? url :
			    "");
	buf_release(&page_url);
	xmlFree(url);
}

int
markup_embeds(const char *html, size_t len,
    void (*tell)(void *ctx, const char *element, const char *address),
    void *ctx, struct err *err)
{
	xmlDoc *doc = hm_read(html, len, NULL, MARKUP_EMBED_KEEP, err);
	const xmlNode *root, *n;
	bool embed;

	if (doc == NULL)
		return -1;
	root = xmlDocGetRootElement(doc);
	for (n = root; n != NULL;) {
		embed = n->type == XML_ELEMENT_NODE && is_embed(n);
		if (embed)
			tell_one(n, tell, ctx);
		if (!embed && n->type == XML_ELEMENT_NODE &&
		    n->children != NULL) {
			n = n->children;
			continue;
		}
		while (n != root && n->next == NULL)
			n = n->parent;
		n = n == root ? NULL : n->next;
	}
	xmlFreeDoc(doc);
	return 0;
}
