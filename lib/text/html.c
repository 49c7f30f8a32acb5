#include "text/html.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>

#include "base/mem.h"
#include "text/html_embed.h"
#include "text/xml.h"

#define DEPTH_MAX 200

/* What goes with all that is in it. */
static const char *const dropped[] = {
	"script", "style", "form", "iframe", "object", "embed", "applet",
	"base", "frame", "frameset", "input", "button", "select",
	"textarea", "link", "meta", "noscript", "svg", "math", "template",
	"title", "audio", "video", "canvas"
};

/* What has no end. The parser gives those of HTML 5 children all the same,
 * namely what follows: it stays. */
static const char *const voids[] = {
	"br", "hr", "img", "col", "wbr", "area", "source", "track", "param",
	"embed", "base", "frame", "input", "link", "meta"
};

static bool
among(const char *const *list, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcasecmp(list[i], name) == 0)
			return true;
	return false;
}

#define IN(list, name) among(list, sizeof(list) / sizeof(list[0]), name)

void
markup_escape(struct buf *out, const char *text, size_t len)
{
	size_t i, from = 0;
	const char *entity;

	for (i = 0; i < len; i++) {
		switch (text[i]) {
		case '&': entity = "&amp;"; break;
		case '<': entity = "&lt;"; break;
		case '>': entity = "&gt;"; break;
		case '"': entity = "&quot;"; break;
		case '\'': entity = "&#39;"; break;
		default: continue;
		}
		buf_add(out, text + from, i - from);
		buf_adds(out, entity);
		from = i + 1;
	}
	buf_add(out, text + from, len - from);
}

static bool
is_known(const char *name)
{
	static const char *const newer[] = {
		"figure", "figcaption", "mark", "time", "section", "article",
		"aside", "nav", "header", "footer", "main", "details",
		"summary", "wbr", "picture", "source", "ruby", "rb", "rt",
		"rtc", "rp", "bdi", "data", "datalist", "dialog", "hgroup",
		"meter", "output", "progress", "search", "slot", "track"
	};

	return htmlTagLookup((const xmlChar *)name) != NULL ||
	    IN(newer, name) || IN(dropped, name);
}

/* Length of the name behind "<" or "</", 0 when it is no tag. */
static size_t
tag_name(const char *p, const char *end, char name[MARKUP_NAME_MAX])
{
	size_t n = 0;

	while (p + n < end && n < MARKUP_NAME_MAX - 1 &&
	    ((p[n] >= 'a' && p[n] <= 'z') || (p[n] >= 'A' && p[n] <= 'Z') ||
	    (n > 0 && ((p[n] >= '0' && p[n] <= '9') ||
	    strchr("-_:.", p[n]) != NULL)))) {
		name[n] = p[n];
		n++;
	}
	name[n] = '\0';
	return n;
}

bool
markup_is_tag(const char *text)
{
	const char *name = text + 1 + (text[1] == '/');
	char known[MARKUP_NAME_MAX];

	return text[0] == '<' &&
	    tag_name(name, name + strnlen(name, sizeof(known)), known) > 0 &&
	    is_known(known);
}

#define DROPPED (sizeof(dropped) / sizeof(dropped[0]))

/* Where the next closing tag of each element is that goes with its content. */
struct closing {
	const char *next[DROPPED];	/* NULL: not looked for */
	const char *end;		/* of the text: there is none */
};

/* Whether the tag ends in a slash of its own: not one of an address. What has
 * a "<" before its end is none. */
static bool
is_self_closed(const char *p, const char *end)
{
	const char *from = p;
	char quote = '\0';

	for (p++; p < end && (quote != '\0' || (*p != '>' && *p != '<'));
	    p++)
		if (quote != '\0')
			quote = *p == quote ? '\0' : quote;
		else if (*p == '"' || *p == '\'')
			quote = *p;
	if (p == end || *p == '<' || p[-1] != '/')
		return false;
	return strchr(" \t\n\"'", p[-2]) != NULL ||
	    memchr(from, '=', (size_t)(p - from)) == NULL;
}

static const char *
find_closing(const char *p, const char *end, const char *name)
{
	size_t n = strlen(name);

	for (; (p = memmem(p, (size_t)(end - p), "</", 2)) != NULL; p += 2)
		if ((size_t)(end - p) > n + 2 &&
		    strncasecmp(p + 2, name, n) == 0 &&
		    strchr(" \t\n/>", p[n + 2]) != NULL)
			return p;
	return end;
}

/* An element of which nothing would be seen, and which does not end: all that
 * follows would go with it. */
static bool
is_never_closed(struct closing *c, const char *p, const char *name)
{
	size_t i;

	for (i = 0; i < DROPPED && strcasecmp(dropped[i], name) != 0; i++)
		;
	if (p[1] == '/' || i == DROPPED || IN(voids, name) ||
	    is_self_closed(p, c->end))
		return false;
	if (c->next[i] == NULL || c->next[i] < p)
		c->next[i] = find_closing(p, c->end, name);
	return c->next[i] == c->end;
}

/* Tags of elements that HTML does not have, and those of dropped ones that do
 * not end, are words that somebody wrote in angle brackets: they become text
 * before the parser can lose them. */
static void
show_pseudo_tags(struct buf *out, const char *html, size_t len)
{
	const char *p = html, *end = html + len, *name;
	struct closing closing = { .end = end };
	char text[MARKUP_NAME_MAX];
	size_t n;

	for (; p < end; p++) {
		name = p + 1 + (p + 1 < end && p[1] == '/');
		n = *p == '<' ? tag_name(name, end, text) : 0;
		if (*p == '<' && n == 0 && !(p + 1 < end && p[1] == '!'))
			buf_adds(out, "&lt;");
		else if (n > 0 && (!is_known(text) ||
		    is_never_closed(&closing, p, text)))
			buf_adds(out, "&lt;");
		else if ((unsigned char)*p >= 0x20 || *p == '\n' ||
		    *p == '\t')
			buf_addc(out, *p);
	}
}

bool
markup_url_ok(const char *url, bool image)
{
	static const char *const schemes[] = {
		"http:", "https:", "ftp:", "mailto:", "tel:"
	};
	size_t i, colon;

	while (*url != '\0' && (unsigned char)*url <= 0x20)
		url++;
	colon = strcspn(url, ":/?#");
	if (url[colon] != ':')
		return true;	/* relative */
	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return image && strncasecmp(url, "data:image/", 11) == 0 &&
	    strncasecmp(url, "data:image/svg", 14) != 0;
}

/* The digit of the heading's tag at p, opening or closing; NULL: none. What
 * is text has no "<" in these fragments. */
static char *
heading_level(char *p)
{
	p += 1 + (p[1] == '/');
	return *p == 'h' && p[1] >= '1' && p[1] <= '6' &&
	    (p[2] == '>' || p[2] == ' ') ? p + 1 : NULL;
}

void
markup_demote(char *html, int level)
{
	char top = '7', *p, *digit;
	int by;

	for (p = html; (p = strchr(p, '<')) != NULL; p++)
		if ((digit = heading_level(p)) != NULL && *digit < top)
			top = *digit;
	by = level - (top - '0');
	for (p = html; by > 0 && (p = strchr(p, '<')) != NULL; p++)
		if ((digit = heading_level(p)) != NULL)
			*digit = (char)(*digit + by > '6' ? '6' : *digit + by);
}

const char *
markup_address(struct arena *a, const struct markup_base *base,
    const char *ref)
{
	const char *page = base != NULL ? base->page : NULL;
	const char *site = base != NULL ? base->site : NULL;
	size_t scheme = strcspn(ref, ":/?#");

	if (page == NULL && site == NULL)
		return arena_strdup(a, ref);
	if (strncasecmp(ref, "www.", 4) == 0)
		ref = arena_printf(a, "https://%s", ref);
	else if (page == NULL && ref[0] != '/' && ref[scheme] != ':')
		return NULL;
	return xw_resolve(a, page != NULL ? page : site, ref);
}

struct cleaning {
	const struct markup_base *base;	/* NULL: relative addresses stay */
	enum markup_embed embed;
};

static void
put_attribute(struct buf *out, const xmlAttr *a, const struct cleaning *c)
{
	static const char *const kept[] = {
		"href", "src", "alt", "title", "width", "height", "colspan",
		"rowspan", "align", "valign", "dir", "lang", "class", "id",
		"start", "type", "value", "cite", "datetime", "open", "border",
		"reversed"
	};
	const char *name = (const char *)a->name;
	bool is_data = c->embed == MARKUP_EMBED_KEEP &&
	    strcmp(name, "data") == 0;
	bool is_url = strcmp(name, "href") == 0 || strcmp(name, "src") == 0 ||
	    strcmp(name, "cite") == 0 || is_data;
	struct arena scratch = ARENA_INIT;
	xmlChar *value;
	const char *text;

	if (!is_data && !IN(kept, name))
		return;
	value = xmlNodeListGetString(a->doc, a->children, 1);
	text = value != NULL ? (const char *)value : "";
	/* An empty address would be that of the page itself: it is rather one
	 * that nobody filled in. */
	if (!is_url || (text[strspn(text, " \t\r\n")] != '\0' &&
	    markup_url_ok(text, strcmp(name, "src") == 0))) {
		if (is_url)
			text = markup_address(&scratch, c->base, text);
		if (text != NULL) {
			buf_addf(out, " %s=\"", name);
			markup_escape(out, text, strlen(text));
			buf_addc(out, '"');
		}
	}
	xmlFree(value);
	arena_release(&scratch);
}

static bool
is_wrapper(const xmlNode *n)
{
	return strcmp((const char *)n->name, "html") == 0 ||
	    strcmp((const char *)n->name, "body") == 0;
}

/* A picture that cannot be found: its words. */
static bool
put_words(struct buf *out, const xmlNode *n, const struct cleaning *c)
{
	xmlChar *src = xmlGetNoNsProp(n, (const xmlChar *)"src");
	xmlChar *alt = xmlGetNoNsProp(n, (const xmlChar *)"alt");
	struct arena scratch = ARENA_INIT;
	bool lost = src != NULL && markup_address(&scratch, c->base,
	    (const char *)src) == NULL;

	if (lost && alt != NULL)
		markup_escape(out, (const char *)alt,
		    strlen((const char *)alt));
	xmlFree(src);
	xmlFree(alt);
	arena_release(&scratch);
	return lost;
}

static void
put_open(struct buf *out, const xmlNode *n, const struct cleaning *c)
{
	const xmlAttr *a;

	if (is_wrapper(n) || (strcmp((const char *)n->name, "img") == 0 &&
	    put_words(out, n, c)))
		return;
	buf_addf(out, "<%s", (const char *)n->name);
	for (a = n->properties; a != NULL; a = a->next)
		put_attribute(out, a, c);
	buf_adds(out, IN(voids, (const char *)n->name) ? " />" : ">");
}

static void
put_close(struct buf *out, const xmlNode *n)
{
	if (!is_wrapper(n) && !IN(voids, (const char *)n->name))
		buf_addf(out, "</%s>", (const char *)n->name);
}

/* Whether the element and all in it goes. */
static bool
is_dropped(const xmlNode *n, const struct cleaning *c)
{
	static const char *const embeds[] = {
		"iframe", "embed", "object", "audio", "video"
	};
	const char *name = (const char *)n->name;

	return IN(dropped, name) &&
	    !(c->embed == MARKUP_EMBED_KEEP && IN(embeds, name));
}

/* In place of an iframe, the page of its player. */
static void
put_page(struct buf *out, const xmlNode *n)
{
	xmlChar *src = xmlGetNoNsProp(n, (const xmlChar *)"src");
	struct buf url;

	buf_init(&url, 0);
	if (src != NULL && markup_embed_page((const char *)src, &url))
		buf_addf(out, " <a href=\"%s\">%s</a> ", url.data, url.data);
	buf_release(&url);
	xmlFree(src);
}

/* Whether to go into the node. */
static bool
put_node(struct buf *out, const xmlNode *n, const struct cleaning *c)
{
	if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) {
		markup_escape(out, (const char *)n->content,
		    strlen((const char *)n->content));
		return false;
	}
	if (n->type != XML_ELEMENT_NODE)
		return false;
	if (c->embed == MARKUP_EMBED_LINK &&
	    strcmp((const char *)n->name, "iframe") == 0)
		put_page(out, n);
	if (!is_dropped(n, c))
		put_open(out, n, c);
	else if (!IN(voids, (const char *)n->name))
		return false;
	if (n->children == NULL)
		put_close(out, n);
	return n->children != NULL;
}

static int
put_tree(struct buf *out, const xmlNode *root, const struct cleaning *c,
    struct err *err)
{
	const xmlNode *n = root;
	unsigned depth = 0;

	while (n != NULL) {
		if (put_node(out, n, c)) {
			if (++depth > DEPTH_MAX)
				return err_set(err, ERR_INPUT, "the HTML is "
				    "nested deeper than %d", DEPTH_MAX);
			n = n->children;
			continue;
		}
		while (n != root && n->next == NULL) {
			n = n->parent;
			depth--;
			put_close(out, n);
		}
		n = n == root ? NULL : n->next;
	}
	return 0;
}

int
markup_clean(const char *html, size_t len, const struct markup_base *base,
    struct buf *out, struct err *err)
{
	return markup_clean_with(html, len, base, MARKUP_EMBED_DROP, out,
	    err);
}

int
markup_clean_with(const char *html, size_t len, const struct markup_base *base,
    enum markup_embed embed, struct buf *out, struct err *err)
{
	const struct cleaning how = { base, embed };
	const int options = HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	    HTML_PARSE_NONET | HTML_PARSE_RECOVER | HTML_PARSE_NODEFDTD |
	    HTML_PARSE_COMPACT;
	struct buf shown;
	xmlDoc *doc;
	xmlNode *root;
	int rc = -1;

	buf_init(&shown, 0);
	buf_adds(&shown, "<html><body>");
	show_pseudo_tags(&shown, html, len);
	buf_adds(&shown, "</body></html>");
	if (buf_check(&shown, "the HTML", err) != 0) {
		buf_release(&shown);
		return -1;
	}
	doc = htmlReadMemory(shown.data, (int)shown.len, NULL, "UTF-8",
	    options);
	root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
	if (root == NULL)
		rc = err_set(err, ERR_INPUT, "the HTML cannot be read");
	else
		rc = put_tree(out, root, &how, err);
	xmlFreeDoc(doc);
	buf_release(&shown);
	return rc == 0 ? buf_check(out, "the HTML", err) : -1;
}
