#include "feed/read.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed/read_int.h"
#include "text/html.h"
#include "text/url.h"
#include "text/xml.h"

#define WEB_PAGE "this is a web page, not a feed; give the address or file " \
    "of the feed itself"

void
feed_read_complain(struct feed_reader *r, const struct xr_node *n,
    const char *rule, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	finding_add(r->to, SEV_WARNING, rule, r->doc->file, n->line,
	    "<%s%s%s>: %s", n->prefix, n->prefix[0] != '\0' ? ":" : "",
	    n->name, text);
}

void *
feed_read_grow(struct arena *a, void *list, size_t n, size_t size)
{
	void *more;

	if (n != 0 && (n < 4 || (n & (n - 1)) != 0))
		return list;
	more = arena_array(a, n == 0 ? 4 : n * 2, size);
	if (n != 0)
		memcpy(more, list, n * size);
	return more;
}

static bool
among(const char *list, const char *name)
{
	size_t len = strlen(name), n;

	for (; *list != '\0'; list += n + (list[n] == ' ')) {
		n = strcspn(list, " ");
		if (n == len && strncmp(list, name, n) == 0)
			return true;
	}
	return false;
}

/* Whether the element says more than its field looks at. xml:lang and
 * xml:base are about how to read it. */
static bool
says_more(const struct feed_field *f, const struct xr_node *n)
{
	const struct xr_attr *at;
	const char *known = f->attributes;
	bool inside = known != NULL && known[0] == '+';

	if (known == NULL)
		return false;
	for (at = n->attrs; at != NULL; at = at->next)
		if (strcmp(at->ns, XR_NS_XML) != 0 &&
		    (at->prefix[0] != '\0' || !among(known + inside,
		    at->name)))
			return true;
	return !inside && xr_has_elements(n);
}

static enum feed_taken
take(struct feed_reader *r, const struct feed_field *f, struct xr_node *n,
    void *owner)
{
	enum feed_taken taken;

	for (; f->take != NULL; f++) {
		if (!feed_ns_is(n, f->ns, f->name))
			continue;
		taken = f->take(r, n, (char *)owner + f->offset);
		if (taken == FEED_NOT)
			continue;
		if (strcmp(n->name, f->name) != 0)
			feed_read_complain(r, n, "feed-name", "it is read as "
			    "%s", f->name);
		return says_more(f, n) ? FEED_PARTLY : taken;
	}
	return FEED_NOT;
}

static void
keep_raw(struct feed_reader *r, const struct xr_node *n, bool partial)
{
	struct feed_doc_channel *c = &r->doc->channel;
	struct feed_doc_raw *raw = r->item != NULL ?
	    FEED_PUSH(r, r->item->unknown, r->item->nunknown) :
	    FEED_PUSH(r, c->unknown, c->nunknown);
	struct buf b;

	/* A quotation mark is six bytes when escaped. */
	buf_init(&b, 8 * FEED_DOC_MAX);
	xr_raw(n, XR_ALONE, &b);
	raw->xml = arena_strndup(r->a, b.data, b.len);
	buf_clear(&b);
	xr_raw(n, XR_COMPARE, &b);
	raw->canon = arena_strndup(r->a, b.data, b.len);
	buf_release(&b);
	raw->name = n->prefix[0] == '\0' ? n->name :
	    arena_printf(r->a, "%s:%s", n->prefix, n->name);
	raw->full = arena_printf(r->a, "{%s}%s", n->ns[0] != '\0' ? n->ns :
	    n->prefix, n->name);
	raw->partial = partial;
	raw->line = n->line;
}

void
feed_read_fields(struct feed_reader *r, const struct xr_node *element,
    const struct feed_field *const *tables, void *owner)
{
	enum feed_taken *taken;
	struct xr_node *n;
	size_t count = 0, i;

	for (n = xr_element(element->first); n != NULL;
	    n = xr_element(n->next))
		count++;
	taken = xcalloc(count, sizeof(*taken));
	r->own_enclosures = 0;
	for (; *tables != NULL; tables++) {
		if (tables[1] == NULL && r->item != NULL)
			r->own_enclosures = r->item->nenclosures;
		for (n = xr_element(element->first), i = 0; n != NULL;
		    n = xr_element(n->next), i++)
			if (taken[i] == FEED_NOT)
				taken[i] = take(r, *tables, n, owner);
	}
	for (n = xr_element(element->first), i = 0; n != NULL;
	    n = xr_element(n->next), i++)
		if (taken[i] != FEED_TAKEN)
			keep_raw(r, n, taken[i] == FEED_PARTLY);
	free(taken);
}

/* "john@example.com (John Doe)" → "John Doe" */
static const char *
name_of(struct arena *a, const char *author)
{
	const char *open = strchr(author, '('), *close;

	if (open == NULL)
		return strchr(author, '@') != NULL &&
		    strchr(author, ' ') == NULL ? NULL : author;
	close = strchr(open, ')');
	if (close == NULL)
		close = open + strlen(open);
	return feed_read_fold(a, arena_strndup(a, open + 1,
	    (size_t)(close - open - 1)));
}

static bool
is_web(const char *url)
{
	return strncasecmp(url, "http://", 7) == 0 ||
	    strncasecmp(url, "https://", 8) == 0;
}

static void
read_item(struct feed_reader *r, const struct xr_node *n,
    struct feed_doc_item *item)
{
	const char *url;

	item->element = n;
	item->line = n->line;
	item->duration = -1;
	r->item = item;
	feed_read_fields(r, n, feed_item_tables, item);
	r->item = NULL;
	url = xr_attr(n, FEED_NS_RDF, "about");
	if (item->guid == NULL && url != NULL) {
		item->guid = feed_read_fold(r->a, url);
		item->permalink = true;
	}
	if (item->link == NULL && item->guid != NULL && item->permalink) {
		url = feed_read_url(r, n, item->guid);
		if (is_web(url) && (is_web(item->guid) ||
		    strchr(item->guid, '/') != NULL))
			item->link = url;
	}
	if (item->author == NULL && item->rss_author != NULL)
		item->author = name_of(r->a, item->rss_author);
	if (item->date.written == NULL)
		item->date = item->updated;
}

static bool
is_item(const struct xr_node *n)
{
	return feed_ns_is(n, FEED_NS_NONE, "item") ||
	    feed_ns_is(n, FEED_NS_ATOM, "entry");
}

static int
add_item(struct feed_reader *r, struct xr_node *n, struct err *err)
{
	struct feed_doc *d = r->doc;

	if (d->nitems == FEED_DOC_ITEMS_MAX) {
		(void)err_set(err, ERR_INPUT, "the feed has more than %d "
		    "items", FEED_DOC_ITEMS_MAX);
		return err_at(err, d->file, n->line);
	}
	read_item(r, n, FEED_PUSH(r, d->items, d->nitems));
	return 0;
}

/* The items inside parent; RSS 1.1 has them inside of <items>. */
static int
read_items(struct feed_reader *r, struct xr_node *parent, struct err *err)
{
	struct xr_node *n;

	for (n = xr_element(parent->first); n != NULL;
	    n = xr_element(n->next))
		if (is_item(n) && add_item(r, n, err) != 0)
			return -1;
	return 0;
}

static int
read_channel(struct feed_reader *r, struct xr_node *n, struct err *err)
{
	struct feed_doc_channel *c = &r->doc->channel;
	const char *about = xr_attr(n, FEED_NS_RDF, "about");
	const char *lang = xr_attr(n, XR_NS_XML, "lang");

	c->element = n;
	feed_read_fields(r, n, feed_channel_tables, c);
	if (c->id == NULL && about != NULL)
		c->id = feed_read_fold(r->a, about);
	if (c->language == NULL && lang != NULL)
		c->language = feed_read_fold(r->a, lang);
	if (read_items(r, n, err) != 0)
		return -1;
	for (n = xr_element(n->first); n != NULL; n = xr_element(n->next))
		if (feed_ns_is(n, FEED_NS_NONE, "items") &&
		    read_items(r, n, err) != 0)
			return -1;
	return 0;
}

static void
finish_channel(struct feed_doc_channel *c)
{
	if (c->image == NULL)
		c->image = c->rss_image;
	if (c->image == NULL)
		c->image = c->icon;
}

static struct xr_node *
child(struct xr_node *n, const char *name)
{
	struct xr_node *c;

	for (c = xr_element(n->first); c != NULL; c = xr_element(c->next))
		if (feed_ns_is(c, FEED_NS_NONE, name))
			return c;
	return NULL;
}

/* RSS 0.9x and 2.0, and RSS 1.0, whose items stand beside the channel. */
static int
read_rss(struct feed_reader *r, struct xr_node *root, struct err *err)
{
	struct xr_node *channel = child(root, "channel"), *moved;

	moved = child(root, "redirect");
	if (moved != NULL)
		moved = child(moved, "newLocation");
	if (channel == NULL && moved == NULL)
		return err_set(err, ERR_INPUT, "this is no feed: there is no "
		    "<channel> in <%s>", root->name);
	r->doc->version = feed_read_attr(r, root, "version");
	if (moved != NULL)
		r->doc->channel.new_feed_url = feed_read_line(r, moved);
	if (channel == NULL)
		return 0;
	if (read_channel(r, channel, err) != 0)
		return -1;
	feed_read_fields(r, root, feed_channel_tables, &r->doc->channel);
	return read_items(r, root, err);
}

static int
read_root(struct feed_reader *r, struct xr_node *root, struct err *err)
{
	struct feed_doc *d = r->doc;
	bool rdf = feed_ns_is(root, FEED_NS_RDF, "RDF");

	if (rdf || strcasecmp(root->name, "rss") == 0) {
		d->format = rdf ? FEED_DOC_RDF : FEED_DOC_RSS;
		return read_rss(r, root, err);
	}
	if (feed_ns_is(root, FEED_NS_NONE, "Channel")) {
		d->format = FEED_DOC_RDF;
		return read_channel(r, root, err);
	}
	d->format = FEED_DOC_ATOM;
	d->version = feed_read_attr(r, root, "version");
	if (d->version == NULL)
		d->version = "1.0";
	if (feed_ns_is(root, FEED_NS_ATOM, "feed"))
		return read_channel(r, root, err);
	if (feed_ns_is(root, FEED_NS_ATOM, "entry")) {
		d->channel.element = root;
		return add_item(r, root, err);
	}
	if (markup_is_tag(arena_printf(r->a, "<%s", root->name)))
		return err_set(err, ERR_INPUT, "%s", WEB_PAGE);
	return err_set(err, ERR_INPUT, "this is no RSS or Atom feed: its root "
	    "element is <%s>", root->name);
}

static bool
is_relative(const char *url)
{
	return url[0] != '\0' && url[0] != '#' &&
	    url[strcspn(url, ":/?#")] != ':';
}

static void
make_text_absolute(struct feed_reader *r, struct xr_node *n)
{
	static const char elements[] = "logo icon uri url";
	struct xr_node *text = n->first;
	const char *url;

	if (strcmp(n->ns, FEED_NS_ATOM) != 0 || !among(elements, n->name) ||
	    text == NULL || text->name != NULL || text->next != NULL)
		return;
	url = feed_read_line(r, n);
	if (url != NULL && is_relative(url))
		text->text = feed_read_url(r, n, url);
}

/* What is kept as XML stands elsewhere later, where its addresses would count
 * from another base. */
static void
make_absolute(struct feed_reader *r, struct xr_node *root)
{
	static const char attributes[] = "href src url uri img";
	struct xr_node *n;
	struct xr_attr *at;

	for (n = root; n != NULL; n = xr_next(root, n)) {
		if (n->name == NULL || n->base == NULL)
			continue;
		for (at = n->attrs; at != NULL; at = at->next)
			if (at->ns[0] == '\0' && among(attributes, at->name) &&
			    is_relative(at->value))
				at->value = feed_read_url(r, n, at->value);
		make_text_absolute(r, n);
	}
}

/* A whole address that a <link> of the head tells; NULL: none. */
static const char *
link_address(struct feed_reader *r, const struct xr_node *n)
{
	struct err ignored = ERR_INIT;
	const char *url;

	if (!feed_ns_is(n, FEED_NS_ATOM, "link") &&
	    !feed_ns_is(n, FEED_NS_NONE, "link"))
		return NULL;
	url = feed_read_attr(r, n, "href");
	if (url == NULL)
		url = feed_read_line(r, n);
	return url != NULL && url_check(url, &ignored) == 0 ? url : NULL;
}

/* The address that the head of a feed says it has; without a self link, and
 * where it is not known from where it came, that of its web page. The fields
 * are read later, as they need it. */
static const char *
own_address(struct feed_reader *r, struct xr_node *root, bool came_from)
{
	struct xr_node *head = child(root, "channel"), *n;
	const char *page = NULL, *url, *rel;

	if (head == NULL)
		head = root;
	for (n = xr_element(head->first); n != NULL; n = xr_element(n->next)) {
		url = link_address(r, n);
		if (url == NULL)
			continue;
		rel = feed_read_attr(r, n, "rel");
		if (rel != NULL && strcasecmp(rel, "self") == 0)
			return url;
		if (page == NULL && (rel == NULL ||
		    strcasecmp(rel, "alternate") == 0))
			page = url;
	}
	return came_from ? NULL : page;
}

/* Relative addresses count from the feed's own one, not from the mirror or the
 * copy that is read. */
static void
settle_base(struct feed_reader *r, struct xr_node *root, bool came_from)
{
	const char *own = own_address(r, root, came_from), *base;
	struct xr_node *n;

	if (own == NULL)
		return;
	for (n = root; n != NULL; n = xr_next(root, n)) {
		n->base = n == root ? own : n->parent->base;
		base = n->name != NULL ? xr_attr(n, XR_NS_XML, "base") : NULL;
		if (base != NULL)
			n->base = xw_resolve(r->a, n->base, base);
	}
}

/* A <feed> is Atom and an <rss> is RSS, whatever namespace it claims or
 * forgets to declare; and so is all that is in the same. */
static void
adopt(struct feed_reader *r, struct xr_node *root)
{
	bool rss = strcasecmp(root->name, "rss") == 0;
	const char *claimed = root->ns, *ns = rss ? FEED_NS_NONE :
	    FEED_NS_ATOM;
	struct xr_node *n;

	if ((!rss && strcasecmp(root->name, "feed") != 0 &&
	    strcasecmp(root->name, "entry") != 0) || strcmp(claimed, ns) == 0)
		return;
	feed_read_complain(r, root, "feed-namespace", "its namespace `%s` is "
	    "read as that of %s", claimed, rss ? "RSS" : "Atom");
	for (n = root; n != NULL; n = xr_next(root, n)) {
		if (n->name == NULL || strcmp(n->ns, claimed) != 0 ||
		    (claimed[0] == '\0' && n->prefix[0] != '\0'))
			continue;
		n->ns = ns;
		n->prefix = "";
	}
}

static bool
begins_with(const char *data, size_t len, const char *what)
{
	return len >= strlen(what) &&
	    strncasecmp(data, what, strlen(what)) == 0;
}

/* What is given for a feed by mistake, told before the XML reader mends it
 * beyond recognition. */
static int
check_kind(const char *data, size_t len, const char *file, struct err *err)
{
	const char *what = NULL;

	if (begins_with(data, len, "\x1f\x8b"))
		what = "this is compressed by gzip; unpack it with gunzip";
	else if (len >= 4 && (memcmp(data, "\0\0\xfe\xff", 4) == 0 ||
	    memcmp(data, "\xff\xfe\0\0", 4) == 0))
		what = "this is UTF-32, which is not read; make UTF-8 of it";
	if (begins_with(data, len, "\xef\xbb\xbf")) {
		data += 3;
		len -= 3;
	}
	for (; len > 0 && strchr(" \t\r\n", data[0]) != NULL; len--)
		data++;
	if (begins_with(data, len, "<!doctype html") ||
	    begins_with(data, len, "<html"))
		what = WEB_PAGE;
	else if (begins_with(data, len, "{"))
		what = "this is JSON; only RSS and Atom are read";
	if (what == NULL)
		return 0;
	err_set(err, ERR_INPUT, "%s", what);
	return err_at(err, file, 1);
}

struct feed_doc *
feed_doc_read(const char *data, size_t len, const char *file,
    const char *base_url, struct findings *to, struct err *err)
{
	struct feed_doc *d = xcalloc(1, sizeof(*d));
	struct feed_reader r = { .doc = d, .a = &d->arena, .to = to };
	struct xr_node *root;
	int rc = -1;

	arena_init(&d->arena);
	d->file = arena_strdup(&d->arena, file);
	root = check_kind(data, len, d->file, err) != 0 ? NULL :
	    xr_read(&d->arena, data, len, d->file,
	    arena_strdup(&d->arena, base_url), to, err);
	if (root != NULL) {
		feed_ns_settle(root);
		adopt(&r, root);
		settle_base(&r, root, base_url != NULL);
		make_absolute(&r, root);
		rc = read_root(&r, root, err);
		if (rc != 0)
			(void)err_at(err, d->file, root->line);
		finish_channel(&d->channel);
	}
	if (rc == 0)
		return d;
	feed_doc_free(d);
	return NULL;
}

void
feed_doc_free(struct feed_doc *d)
{
	if (d == NULL)
		return;
	arena_release(&d->arena);
	free(d);
}

const char *
feed_doc_id(const struct feed_doc_item *item)
{
	size_t i;

	if (item->guid != NULL)
		return item->guid;
	if (item->link != NULL)
		return item->link;
	for (i = 1; i < item->nenclosures; i++)
		if (strcmp(item->enclosures[i].url,
		    item->enclosures[0].url) != 0)
			return NULL;
	return item->nenclosures > 0 ? item->enclosures[0].url : NULL;
}

size_t
feed_doc_raw_of(const struct xr_node *element, const char *ns,
    const char *name, struct buf *out)
{
	const struct xr_node *n;
	size_t count = 0;

	for (n = xr_element(element->first); n != NULL;
	    n = xr_element(n->next)) {
		if (!feed_ns_is(n, ns, name))
			continue;
		xr_raw(n, XR_ALONE, out);
		count++;
	}
	return count;
}
