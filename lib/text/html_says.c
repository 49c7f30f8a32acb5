#include "text/html_says.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

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
	if (s->what == MARKUP_ALL && is(n, "img"))
		address(s, n, "src");
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
	xmlDoc *doc = hm_read(html, len, base_url, err);

	if (doc == NULL)
		return -1;
	walk(&s, xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
	return buf_check(out, "the text", err);
}
