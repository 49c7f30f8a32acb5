/* The elements of RSS and of iTunes that are more than one value. */
#include <string.h>
#include <strings.h>

#include "feed/read_int.h"

#define CATEGORY_DEPTH 8

static struct feed_doc_category *
new_category(struct feed_reader *r, const struct xr_node *n)
{
	struct feed_doc_channel *c = &r->doc->channel;
	struct feed_doc_category *out;

	out = r->item != NULL ?
	    FEED_PUSH(r, r->item->categories, r->item->ncategories) :
	    FEED_PUSH(r, c->categories, c->ncategories);
	memset(out, 0, sizeof(*out));
	out->line = n->line;
	return out;
}

static void
add_category(struct feed_reader *r, const struct xr_node *n,
    const char *const *path, size_t npath, const char *scheme)
{
	struct feed_doc_category *c = new_category(r, n);
	const char **copy = arena_array(r->a, npath, sizeof(*copy));

	memcpy(copy, path, npath * sizeof(*copy));
	c->path = copy;
	c->npath = npath;
	c->scheme = scheme;
}

TAKER(feed_take_category)
{
	const char *name = feed_read_line(r, n);

	(void)slot;
	if (name != NULL)
		add_category(r, n, &name, 1, feed_read_attr(r, n, "domain"));
	return FEED_TAKEN;
}

/* One level of categories inside each other; recursion ends at
 * CATEGORY_DEPTH. */
static enum feed_taken
nested(struct feed_reader *r, struct xr_node *n, const char **path,
    size_t depth)
{
	const char *text = feed_read_attr(r, n, "text"), *scheme;
	enum feed_taken taken = FEED_TAKEN, inner;
	struct xr_node *c = xr_element(n->first);

	if (text == NULL && c == NULL)
		text = feed_read_line(r, n);	/* as some write it */
	if (depth == CATEGORY_DEPTH)
		return FEED_PARTLY;
	path[depth] = text != NULL ? text : "";
	scheme = strcmp(n->ns, FEED_NS_ITUNES) == 0 ? "itunes" : "googleplay";
	if (c == NULL && (depth > 0 || text != NULL))
		add_category(r, n, path, depth + 1, scheme);
	for (; c != NULL; c = xr_element(c->next)) {
		inner = FEED_PARTLY;
		if (feed_ns_is(c, n->ns, "category"))
			inner = nested(r, c, path, depth + 1);
		if (inner == FEED_PARTLY)
			taken = FEED_PARTLY;
	}
	return taken;
}

TAKER(feed_take_nested)
{
	const char *path[CATEGORY_DEPTH];

	(void)slot;
	return nested(r, n, path, 0);
}

TAKER(feed_take_keywords)
{
	struct feed_doc_channel *c = &r->doc->channel;
	const char *p = feed_read_line(r, n), *word;
	size_t len;

	(void)slot;
	while (p != NULL && *p != '\0') {
		len = strcspn(p, ",");
		word = feed_read_fold(r->a, arena_strndup(r->a, p, len));
		if (word != NULL && r->item != NULL)
			*FEED_PUSH(r, r->item->keywords, r->item->nkeywords) =
			    word;
		else if (word != NULL)
			*FEED_PUSH(r, c->keywords, c->nkeywords) = word;
		p += len + (p[len] == ',');
	}
	return FEED_TAKEN;
}

/* itunes:owner with name and email; googleplay:owner is the address alone. */
TAKER(feed_take_owner)
{
	struct feed_doc_channel *ch = &r->doc->channel;
	enum feed_taken taken = FEED_TAKEN, t;
	struct xr_node *c = xr_element(n->first);

	(void)slot;
	if (c == NULL)
		return feed_read_set(&ch->owner_email, feed_read_line(r, n));
	for (; c != NULL; c = xr_element(c->next)) {
		t = FEED_NOT;
		if (strcasecmp(c->name, "name") == 0)
			t = feed_read_set(&ch->owner_name,
			    feed_read_line(r, c));
		else if (strcasecmp(c->name, "email") == 0)
			t = feed_read_set(&ch->owner_email,
			    feed_read_line(r, c));
		if (t == FEED_NOT || c->attrs != NULL)
			taken = FEED_PARTLY;
	}
	return taken;
}

/* An address in href, as it should be; in url or as text in the field. */
TAKER(feed_take_href)
{
	const char *url = feed_read_attr(r, n, "href");

	if (url == NULL)
		url = feed_read_attr(r, n, "url");
	if (url == NULL)
		url = feed_read_line(r, n);
	return feed_read_set(slot, feed_read_url(r, n, url));
}

TAKER(feed_take_image)
{
	struct feed_doc_channel *ch = &r->doc->channel;
	enum feed_taken taken = FEED_TAKEN, t;
	struct xr_node *c;

	(void)slot;
	if (ch->rss_image != NULL)
		return FEED_NOT;
	for (c = xr_element(n->first); c != NULL; c = xr_element(c->next)) {
		const char *text = feed_read_line(r, c);

		t = FEED_NOT;
		if (feed_ns_is(c, FEED_NS_NONE, "url"))
			t = feed_read_set(&ch->rss_image,
			    feed_read_url(r, c, text));
		else if (feed_ns_is(c, FEED_NS_NONE, "title"))
			t = feed_read_set(&ch->rss_image_title, text);
		else if (feed_ns_is(c, FEED_NS_NONE, "link"))
			t = feed_read_set(&ch->rss_image_link,
			    feed_read_url(r, c, text));
		if (t == FEED_NOT)
			taken = FEED_PARTLY;
	}
	if (ch->rss_image == NULL && feed_read_line(r, n) != NULL &&
	    xr_element(n->first) == NULL)
		ch->rss_image = feed_read_url(r, n, feed_read_line(r, n));
	return taken;
}

TAKER(feed_take_guid)
{
	const char *flag = feed_read_attr(r, n, "isPermaLink");
	enum feed_taken taken;

	taken = feed_read_set(slot, feed_read_line(r, n));
	if (taken != FEED_NOT)
		r->item->permalink = flag == NULL ||
		    strcasecmp(flag, "false") != 0;
	return taken;
}

TAKER(feed_take_enclosure)
{
	struct feed_doc_item *item = r->item;
	const char *url = feed_read_url(r, n, feed_read_attr(r, n, "url"));
	const char *length = feed_read_attr(r, n, "length");
	struct feed_doc_enclosure *e;

	(void)slot;
	if (url == NULL) {
		feed_read_complain(r, n, "feed-enclosure", "an enclosure "
		    "without an address");
		return FEED_NOT;
	}
	e = FEED_PUSH(r, item->enclosures, item->nenclosures);
	e->url = url;
	e->type = feed_read_attr(r, n, "type");
	e->title = NULL;
	e->length = feed_read_number(length);
	e->line = n->line;
	if (length == NULL || e->length >= 0)
		return FEED_TAKEN;
	feed_read_complain(r, n, "feed-enclosure", "`%s` is no length in "
	    "bytes", length);
	return FEED_PARTLY;
}

TAKER(feed_take_duration)
{
	struct feed_doc_item *item = r->item;
	const char *text = feed_read_line(r, n);
	struct err err = ERR_INIT;

	(void)slot;
	if (text == NULL)
		return FEED_TAKEN;
	if (item->duration_written != NULL)
		return strcmp(item->duration_written, text) == 0 ?
		    FEED_TAKEN : FEED_NOT;
	if (date_parse_duration(text, &item->duration, &err) != 0) {
		feed_read_complain(r, n, "feed-duration", "%s", err.msg);
		return FEED_NOT;
	}
	item->duration_written = text;
	return FEED_TAKEN;
}
