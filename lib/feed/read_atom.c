/* Atom 1.0 (RFC 4287) and 0.3, as a feed and inside RSS. */
#include <string.h>
#include <strings.h>

#include "feed/read_int.h"
#include "text/html_says.h"

enum construct { CONSTRUCT_TEXT, CONSTRUCT_HTML, CONSTRUCT_XHTML,
	CONSTRUCT_OTHER };

static bool
is_html(const char *type)
{
	static const char *const types[] = {
		"html", "xhtml", "text/html", "application/xhtml+xml"
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcasecmp(type, types[i]) == 0)
			return true;
	return false;
}

/* RFC 4287 §3.1 and §4.1.3; 0.3 has MIME types, and a mode. */
static enum construct
construct(struct feed_reader *r, const struct xr_node *n)
{
	const char *type = feed_read_attr(r, n, "type");
	const char *mode = feed_read_attr(r, n, "mode");

	if (xr_attr(n, "", "src") != NULL ||
	    (mode != NULL && strcasecmp(mode, "base64") == 0))
		return CONSTRUCT_OTHER;
	if (xr_has_elements(n))
		return type == NULL || is_html(type) ? CONSTRUCT_XHTML :
		    CONSTRUCT_OTHER;
	if (type == NULL || strcasecmp(type, "text") == 0 ||
	    strcasecmp(type, "text/plain") == 0)
		return CONSTRUCT_TEXT;
	return is_html(type) ? CONSTRUCT_HTML : CONSTRUCT_OTHER;
}

/* The one div that an xhtml construct is wrapped in is none of it. */
static struct xr_node *
content_of(struct xr_node *n)
{
	struct xr_node *div = xr_element(n->first);

	if (div == NULL || strcasecmp(div->name, "div") != 0 ||
	    xr_element(div->next) != NULL)
		return n;
	return div;
}

TAKER(feed_take_atom_text)
{
	struct feed_doc_text *t = slot;
	enum construct kind = construct(r, n);
	bool was_empty = t->text == NULL;
	enum feed_taken taken;

	if (kind == CONSTRUCT_OTHER)
		return FEED_NOT;
	if (kind == CONSTRUCT_XHTML)
		n = content_of(n);
	taken = feed_take_prose(r, n, slot);
	if (taken == FEED_TAKEN && was_empty)
		t->html = kind != CONSTRUCT_TEXT;
	return taken;
}

/* A construct as a line of text: HTML by what it shows. */
TAKER(feed_take_atom_line)
{
	struct feed_doc_text t = { 0 };
	struct err ignored = ERR_INIT;
	enum feed_taken taken = feed_take_atom_text(r, n, &t);
	const char *line;
	struct buf shown;

	if (taken == FEED_NOT || t.text == NULL)
		return taken;
	line = feed_read_fold(r->a, t.text);
	if (t.html) {
		buf_init(&shown, 0);
		if (markup_says(t.text, strlen(t.text), NULL, MARKUP_TEXT,
		    &shown, &ignored) == 0) {
			if (strpbrk(t.text, "<") != NULL)
				taken = FEED_PARTLY;
			line = feed_read_fold(r->a,
			    arena_strndup(r->a, shown.data, shown.len));
		}
		buf_release(&shown);
	}
	return feed_read_set(slot, line) == FEED_NOT ? FEED_NOT : taken;
}

static bool
is_rel(const char *rel, const char *name)
{
	return strcasecmp(rel, name) == 0;
}

static enum feed_taken
take_payment(struct feed_reader *r, const struct xr_node *n, const char *url)
{
	struct feed_doc_funding *f = r->item != NULL ? &r->item->payment :
	    &r->doc->channel.payment;

	if (f->url != NULL)
		return FEED_NOT;
	f->url = url;
	f->text = feed_read_attr(r, n, "title");
	f->line = n->line;
	return xr_attr(n, "", "type") != NULL ? FEED_PARTLY : FEED_TAKEN;
}

static enum feed_taken
take_enclosure(struct feed_reader *r, const struct xr_node *n,
    const char *url)
{
	struct feed_doc_item *item = r->item;
	struct feed_doc_enclosure *e;

	e = FEED_PUSH(r, item->enclosures, item->nenclosures);
	e->url = url;
	e->type = feed_read_attr(r, n, "type");
	e->title = feed_read_attr(r, n, "title");
	e->length = feed_read_number(feed_read_attr(r, n, "length"));
	e->line = n->line;
	return e->length < 0 && xr_attr(n, "", "length") != NULL ?
	    FEED_PARTLY : FEED_TAKEN;
}

static enum feed_taken
take_of_channel(struct feed_reader *r, const char *rel, const char *url)
{
	struct feed_doc_channel *c = &r->doc->channel;

	if (is_rel(rel, "self"))
		return feed_read_set(&c->self, url);
	if (is_rel(rel, "alternate"))
		return feed_read_set(&c->link, url);
	if (is_rel(rel, "next") && c->page_next == NULL)
		c->page_next = url;
	if (is_rel(rel, "first") && c->page_first == NULL)
		c->page_first = url;
	return FEED_NOT;
}

static enum feed_taken
take_link(struct feed_reader *r, const struct xr_node *n, const char *rel,
    const char *url)
{
	if (is_rel(rel, "payment"))
		return take_payment(r, n, url);
	if (r->item == NULL)
		return take_of_channel(r, rel, url);
	if (is_rel(rel, "enclosure"))
		return take_enclosure(r, n, url);
	if (is_rel(rel, "alternate"))
		return feed_read_set(&r->item->link, url);
	return FEED_NOT;
}

TAKER(feed_take_atom_link)
{
	const char *url = feed_read_url(r, n, feed_read_attr(r, n, "href"));
	const char *rel = feed_read_attr(r, n, "rel");
	const char *title = feed_read_attr(r, n, "title");
	enum feed_taken taken;

	(void)slot;
	if (url == NULL)
		return FEED_NOT;
	if (rel == NULL)
		rel = "alternate";
	taken = take_link(r, n, rel, url);
	if (taken == FEED_TAKEN && (xr_attr(n, "", "hreflang") != NULL ||
	    (title != NULL && !is_rel(rel, "enclosure") &&
	    !is_rel(rel, "payment"))))
		taken = FEED_PARTLY;
	return taken;
}

TAKER(feed_take_atom_category)
{
	struct feed_doc_channel *ch = &r->doc->channel;
	const char *term = feed_read_attr(r, n, "term"), **path;
	struct feed_doc_category *c;

	(void)slot;
	if (term == NULL)
		return FEED_NOT;
	path = arena_array(r->a, 1, sizeof(*path));
	path[0] = term;
	c = r->item != NULL ?
	    FEED_PUSH(r, r->item->categories, r->item->ncategories) :
	    FEED_PUSH(r, ch->categories, ch->ncategories);
	c->path = path;
	c->npath = 1;
	c->scheme = feed_read_attr(r, n, "scheme");
	c->label = feed_read_attr(r, n, "label");
	c->line = n->line;
	return FEED_TAKEN;
}

static enum feed_taken
fill_person(struct feed_reader *r, struct xr_node *n,
    struct feed_doc_person *p)
{
	enum feed_taken taken = FEED_TAKEN, t;
	struct xr_node *c;

	p->line = n->line;
	for (c = xr_element(n->first); c != NULL; c = xr_element(c->next)) {
		const char *text = feed_read_line(r, c);

		t = FEED_NOT;
		if (feed_ns_is(c, FEED_NS_ATOM, "name"))
			t = feed_read_set(&p->name, text);
		else if (feed_ns_is(c, FEED_NS_ATOM, "email"))
			t = feed_read_set(&p->email, text);
		else if (feed_ns_is(c, FEED_NS_ATOM, "uri") ||
		    feed_ns_is(c, FEED_NS_ATOM, "url"))
			t = feed_read_set(&p->href,
			    feed_read_url(r, c, text));
		if (t == FEED_NOT)
			taken = FEED_PARTLY;
	}
	if (p->name == NULL)
		p->name = "";
	return taken;
}

TAKER(feed_take_author)
{
	struct feed_doc_channel *c = &r->doc->channel;
	struct feed_doc_person *p = r->item != NULL ?
	    FEED_PUSH(r, r->item->authors, r->item->nauthors) :
	    FEED_PUSH(r, c->authors, c->nauthors);
	const char **author = r->item != NULL ? &r->item->author : &c->author;
	enum feed_taken taken = fill_person(r, n, p);

	(void)slot;
	if (*author == NULL && p->name[0] != '\0')
		*author = p->name;
	return taken;
}

TAKER(feed_take_contributor)
{
	struct feed_doc_channel *c = &r->doc->channel;

	(void)slot;
	return fill_person(r, n, r->item != NULL ?
	    FEED_PUSH(r, r->item->contributors, r->item->ncontributors) :
	    FEED_PUSH(r, c->contributors, c->ncontributors));
}
