/* The XML of a show's or an episode's own as an Atom feed has it. */
#include <string.h>
#include <strings.h>

#include "feed/feed_int.h"
#include "feed/read.h"
#include "text/xml_fragment.h"

int
feed_own_open(struct feed_own *o, const struct show_xml *xml, struct err *err)
{
	struct findings none = { 0 };
	struct xr_node *n;
	struct buf b;
	size_t i;

	arena_init(&o->arena);
	o->root = NULL;
	if (xml->text == NULL)
		return 0;
	buf_init(&b, 2 * XML_FRAGMENT_MAX);
	buf_adds(&b, "<x");
	for (i = 0; i < xml_fragment_count; i++)
		buf_addf(&b, " xmlns:%s=\"%s\"", xml_fragment_spaces[i].prefix,
		    xml_fragment_spaces[i].uri);
	buf_addf(&b, ">%s</x>", xml->text);
	o->root = xr_read(&o->arena, b.data, b.len, "xml", NULL, &none, err);
	buf_release(&b);
	if (o->root == NULL)
		return -1;
	/* Here Atom is what has no prefix. */
	for (n = o->root; n != NULL; n = xr_next(o->root, n))
		if (n->name != NULL && strcmp(n->ns, FEED_NS_ATOM) == 0)
			n->prefix = "";
	return 0;
}

void
feed_own_close(struct feed_own *o)
{
	arena_release(&o->arena);
}

struct xr_node *
feed_own_next(const struct feed_own *o, struct xr_node *behind,
    const char *ns, const char *name)
{
	struct xr_node *n = behind != NULL ? behind->next :
	    o->root != NULL ? o->root->first : NULL;

	while ((n = xr_element(n)) != NULL &&
	    (strcmp(n->ns, ns) != 0 || strcmp(n->name, name) != 0))
		n = n->next;
	return n;
}

const char *
feed_own_text(struct feed_own *o, const char *ns, const char *name)
{
	struct xr_node *n = feed_own_next(o, NULL, ns, name);

	return n == NULL ? NULL : xr_text(&o->arena, n);
}

/* What stands in every feed or is an entry by itself. */
static bool
is_left_out(const struct xr_node *n, const char *self)
{
	const char *rel = xr_attr(n, "", "rel"), *href = xr_attr(n, "", "href");

	if (n->ns[0] == '\0' || strcmp(n->ns, FEED_NS_CONTENT) == 0)
		return true;
	if (strcmp(n->ns, FEED_NS_ATOM) != 0)
		return false;
	if (strcmp(n->name, "link") == 0)
		return (rel != NULL && strcasecmp(rel, "self") == 0) ||
		    (href != NULL && strcmp(href, self) == 0);
	return strcmp(n->name, "entry") == 0 || strcmp(n->name, "feed") == 0;
}

/* Whether the head of the feed declares the prefix (feed_spaces()). */
static bool
is_declared(const struct xr_node *n)
{
	size_t i;

	if (strcmp(n->ns, FEED_NS_ATOM) == 0)
		return true;
	for (i = 0; i < xml_fragment_count; i++)
		if (strcmp(n->prefix, xml_fragment_spaces[i].prefix) == 0)
			return strcmp(n->ns, xml_fragment_spaces[i].uri) == 0;
	return false;
}

static void
add_element(struct buf *out, const struct xr_node *n)
{
	const char *colon = n->prefix[0] != '\0' ? ":" : "";
	struct buf raw, head;
	size_t name;

	buf_init(&raw, 0);
	buf_init(&head, 0);
	xr_raw(n, XR_ALONE, &raw);
	buf_addf(&head, "<%s%s%s", n->prefix, colon, n->name);
	name = head.len;
	buf_addf(&head, " xmlns%s%s=\"%s\"", colon, n->prefix, n->ns);
	if (is_declared(n) && strncmp(raw.data, head.data, head.len) == 0) {
		buf_add(out, head.data, name);
		buf_adds(out, raw.data + head.len);
	} else {
		buf_adds(out, raw.data);
	}
	buf_release(&head);
	buf_release(&raw);
}

void
feed_own_write(struct feed_writer *f, const struct feed_own *o)
{
	struct xr_node *n = o->root != NULL ? xr_element(o->root->first) :
	    NULL;
	struct buf b;

	buf_init(&b, 0);
	for (; n != NULL; n = xr_element(n->next)) {
		if (is_left_out(n, f->head.self_url))
			continue;
		add_element(&b, n);
		buf_addc(&b, '\n');
	}
	if (b.len > 0)
		xw_elements(f->w, b.data);
	buf_release(&b);
}
