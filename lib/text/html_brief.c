#include "text/html_brief.h"

#include <ctype.h>
#include <string.h>

#include "text/html_markdown_int.h"

struct brief {
	struct buf *out;
	size_t end;	/* the most that out may have */
	struct buf block;	/* on its way into out */
	bool cut;
};

static bool
is_any(const xmlNode *n, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp((const char *)n->name, *names) == 0)
			return true;
	return false;
}

static bool
is_list(const xmlNode *n)
{
	static const char *const names[] = { "ul", "ol", NULL };

	return n->type == XML_ELEMENT_NODE && is_any(n, names);
}

/* Has blocks in it. */
static bool
is_frame(const xmlNode *n)
{
	static const char *const names[] = {
		"html", "body", "div", "section", "article", "aside", "main",
		"header", "footer", "nav", "blockquote", "figure", "details",
		"dl", "table", "thead", "tbody", "tfoot", "tr", "center",
		"form", "fieldset", NULL
	};

	return is_any(n, names);
}

/* Has words in it, and stands by itself. */
static bool
is_paragraph(const xmlNode *n)
{
	static const char *const names[] = {
		"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dt", "dd",
		"td", "th", "caption", "figcaption", "summary", "address",
		"legend", "li", NULL
	};

	return is_any(n, names);
}

/* Behind a tag that begins something; only links end within a text. */
static bool
is_beginning(const struct buf *b)
{
	static const char end[] = "</a>";
	size_t n = strlen(end);

	return b->len == 0 || (b->data[b->len - 1] == '>' && (b->len < n ||
	    memcmp(b->data + b->len - n, end, n) != 0));
}

/* Words with single blanks between. */
static void
add_words(struct buf *b, const char *text)
{
	const char *from;

	while (*text != '\0') {
		if (isspace((unsigned char)*text)) {
			if (!is_beginning(b) && b->data[b->len - 1] != ' ')
				buf_addc(b, ' ');
			text++;
			continue;
		}
		from = text;
		while (*text != '\0' && !isspace((unsigned char)*text))
			text++;
		markup_escape(b, from, (size_t)(text - from));
	}
}

static void add_inside(struct buf *b, const xmlNode *n, bool in_link);

/* Whether the first words begin with one. */
static bool
begins_blank(const xmlNode *n)
{
	while (n != NULL && n->type == XML_ELEMENT_NODE)
		n = n->children;
	return n != NULL && n->content != NULL && isspace(n->content[0]);
}

static void
add_anchor(struct buf *b, const xmlNode *n, const xmlChar *href)
{
	size_t mark;

	/* A place that only other pages lead to. */
	if (n->children == NULL)
		return;
	/* A blank of its own stands before the link. */
	if (begins_blank(n->children))
		add_words(b, " ");
	buf_adds(b, "<a href=\"");
	markup_escape(b, (const char *)href, strlen((const char *)href));
	buf_adds(b, "\">");
	mark = b->len;
	add_inside(b, n, true);
	/* A picture that was a link. */
	if (b->len == mark)
		markup_escape(b, (const char *)href,
		    strlen((const char *)href));
	buf_adds(b, "</a>");
}

/* The words of a node, and its links. */
static void
add_inline(struct buf *b, const xmlNode *n, bool in_link)
{
	xmlChar *href;
	bool apart;

	if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) {
		add_words(b, (const char *)n->content);
		return;
	}
	if (n->type != XML_ELEMENT_NODE)
		return;
	apart = strcmp((const char *)n->name, "br") == 0 || is_paragraph(n) ||
	    is_frame(n) || is_list(n);
	if (apart)
		add_words(b, " ");
	href = in_link || strcmp((const char *)n->name, "a") != 0 ? NULL :
	    xmlGetNoNsProp(n, (const xmlChar *)"href");
	if (href != NULL && href[0] != '\0')
		add_anchor(b, n, href);
	else
		add_inside(b, n, in_link);
	if (apart)
		add_words(b, " ");
	xmlFree(href);
}

/* The depth is that of markup_clean(). */
static void
add_inside(struct buf *b, const xmlNode *n, bool in_link)
{
	const xmlNode *c;

	for (c = n->children; c != NULL; c = c->next)
		add_inline(b, c, in_link);
}

/* What is in `block` goes out, unless there is no room for it. */
static void
commit(struct brief *w)
{
	if (w->cut || w->out->len + w->block.len > w->end)
		w->cut = true;
	else
		buf_add(w->out, w->block.data, w->block.len);
	buf_clear(&w->block);
}

static void
close_paragraph(struct brief *w)
{
	buf_rtrim(&w->block);
	if (w->block.len > strlen("<p>")) {
		buf_adds(&w->block, "</p>");
		commit(w);
	}
	buf_clear(&w->block);
}

static void add_list(struct buf *b, const xmlNode *n);

/* Its words, then its lists; nothing where there are none. A list that lies
 * deeper in it is words, and so is text where an item should be. */
static void
add_item(struct buf *b, const xmlNode *n)
{
	size_t mark = b->len;
	const xmlNode *c;

	buf_adds(b, "<li>");
	if (n->type != XML_ELEMENT_NODE)
		add_inline(b, n, false);
	for (c = n->children; c != NULL; c = c->next)
		if (!is_list(c))
			add_inline(b, c, false);
	buf_rtrim(b);
	for (c = n->children; c != NULL; c = c->next)
		if (is_list(c))
			add_list(b, c);
	if (b->len > mark + strlen("<li>"))
		buf_adds(b, "</li>");
	else
		buf_truncate(b, mark);
}

static void
add_list(struct buf *b, const xmlNode *n)
{
	size_t mark = b->len, begin;
	const xmlNode *c;

	buf_addf(b, "<%s>", (const char *)n->name);
	begin = b->len;
	for (c = n->children; c != NULL; c = c->next)
		add_item(b, c);
	if (b->len > begin)
		buf_addf(b, "</%s>", (const char *)n->name);
	else
		buf_truncate(b, mark);
}

/* A list of which as many items come as there is room for. */
static void
list(struct brief *w, const xmlNode *n)
{
	size_t begin = w->out->len, tags = strlen("<ul></ul>");
	size_t end = w->end;
	const xmlNode *c;

	if (w->cut || begin + tags > end) {
		w->cut = true;
		return;
	}
	buf_addf(w->out, "<%s>", (const char *)n->name);
	w->end -= strlen("</ul>");
	for (c = n->children; c != NULL; c = c->next) {
		add_item(&w->block, c);
		commit(w);
	}
	w->end = end;
	if (w->out->len == begin + strlen("<ul>"))
		buf_truncate(w->out, begin);
	else
		buf_addf(w->out, "</%s>", (const char *)n->name);
}

static void
blocks(struct brief *w, const xmlNode *n)
{
	const xmlNode *c;

	for (c = n->children; c != NULL; c = c->next) {
		bool element = c->type == XML_ELEMENT_NODE;
		bool alone = element && (is_list(c) || is_frame(c) ||
		    is_paragraph(c));

		if (alone)
			close_paragraph(w);
		if (alone && is_list(c)) {
			list(w, c);
		} else if (alone && is_frame(c)) {
			blocks(w, c);
		} else {
			/* Words that stand between blocks are one, too. */
			if (w->block.len == 0)
				buf_adds(&w->block, "<p>");
			add_inline(&w->block, c, false);
			if (alone)
				close_paragraph(w);
		}
	}
	close_paragraph(w);
}

int
markup_brief(const char *html, size_t len, size_t max, struct buf *out,
    bool *cut, struct err *err)
{
	struct brief w = { .out = out, .end = out->len + max };
	xmlDoc *doc = hm_read_clean(html, len, err);

	if (doc == NULL)
		return -1;
	buf_init(&w.block, 0);
	blocks(&w, (const xmlNode *)doc);
	buf_release(&w.block);
	xmlFreeDoc(doc);
	*cut = w.cut;
	return 0;
}
