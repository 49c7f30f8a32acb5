/*
 * The fragment is read as what stands in an element that declares all of the
 * list. It cannot end that element and begin another: a document has one.
 */
#include "text/xml_fragment.h"

#include <stdbool.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/buf.h"

/* The first four are those of every feed of ours. */
const struct xml_fragment_space xml_fragment_spaces[] = {
	{ "atom", "http://www.w3.org/2005/Atom" },
	{ "content", "http://purl.org/rss/1.0/modules/content/" },
	{ "itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd" },
	{ "podcast", "https://podcastindex.org/namespace/1.0" },
	{ "creativeCommons",
	    "http://backend.userland.com/creativeCommonsRssModule" },
	{ "dc", "http://purl.org/dc/elements/1.1/" },
	{ "dcterms", "http://purl.org/dc/terms/" },
	{ "feedburner", "http://rssnamespace.org/feedburner/ext/1.0" },
	{ "fh", "http://purl.org/syndication/history/1.0" },
	{ "georss", "http://www.georss.org/georss" },
	{ "googleplay", "http://www.google.com/schemas/play-podcasts/1.0" },
	{ "media", "http://search.yahoo.com/mrss/" },
	{ "psc", "http://podlove.org/simple-chapters" },
	{ "rawvoice", "http://www.rawvoice.com/rawvoiceRssModule/" },
	{ "slash", "http://purl.org/rss/1.0/modules/slash/" },
	{ "spotify", "http://www.spotify.com/ns/rss" },
	{ "sy", "http://purl.org/rss/1.0/modules/syndication/" },
	{ "thr", "http://purl.org/syndication/thread/1.0" },
	{ "wfw", "http://wellformedweb.org/CommentAPI/" }
};
const size_t xml_fragment_count =
    sizeof(xml_fragment_spaces) / sizeof(xml_fragment_spaces[0]);

/* The first error, in libxml2's words. */
static void
keep_error(void *ctx, xmlErrorPtr e)
{
	struct err *err = ctx;
	size_t len;

	if (err->kind != ERR_NONE || e->level == XML_ERR_WARNING)
		return;
	len = e->message == NULL ? 0 : strcspn(e->message, "\n");
	(void)err_set(err, ERR_INPUT, "it is not well-formed XML: %.*s",
	    (int)len, len == 0 ? "" : e->message);
	err->line = e->line > 0 ? (unsigned)e->line : 0;
}

static xmlDocPtr
parse(const char *text, size_t len, struct err *err)
{
	xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
	struct err told = ERR_INIT;
	xmlDocPtr doc = NULL;
	struct buf b;
	size_t i;

	buf_init(&b, XML_FRAGMENT_MAX * 2);
	buf_adds(&b, "<x");
	for (i = 0; i < xml_fragment_count; i++)
		buf_addf(&b, " xmlns:%s=\"%s\"", xml_fragment_spaces[i].prefix,
		    xml_fragment_spaces[i].uri);
	buf_addc(&b, '>');
	buf_add(&b, text, len);
	buf_adds(&b, "</x>");
	if (ctxt != NULL) {
		xmlSetStructuredErrorFunc(&told, keep_error);
		doc = xmlCtxtReadMemory(ctxt, b.data, (int)b.len, NULL,
		    "UTF-8", XML_PARSE_NONET);
		xmlSetStructuredErrorFunc(NULL, NULL);
		xmlFreeParserCtxt(ctxt);
	}
	buf_release(&b);
	if (told.kind != ERR_NONE || doc == NULL) {
		*err = told;
		if (told.kind == ERR_NONE)
			(void)err_set(err, ERR_INPUT,
			    "it is not well-formed XML");
		xmlFreeDoc(doc);
		return NULL;
	}
	return doc;
}

/* The bit of a namespace that was declared by us, not by the fragment. */
static unsigned
bit(const xmlNode *root, const xmlNs *ns)
{
	const xmlNs *ours;
	unsigned i = 0;

	for (ours = root->nsDef; ours != NULL; ours = ours->next, i++)
		if (ours == ns)
			return 1U << i;
	return 0;
}

/* The node behind n in a walk through all of root, NULL at its end. */
static const xmlNode *
next(const xmlNode *root, const xmlNode *n)
{
	if (n->type == XML_ELEMENT_NODE && n->children != NULL)
		return n->children;
	while (n != root && n->next == NULL)
		n = n->parent;
	return n == root ? NULL : n->next;
}

static unsigned
spaces_of(const xmlNode *root)
{
	const xmlNode *n;
	const xmlAttr *at;
	unsigned spaces = 0;

	for (n = root->children; n != NULL; n = next(root, n)) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		spaces |= bit(root, n->ns);
		for (at = n->properties; at != NULL; at = at->next)
			spaces |= bit(root, at->ns);
	}
	return spaces;
}

static bool
is_blank(const xmlChar *s)
{
	return s[strspn((const char *)s, " \t\r\n")] == '\0';
}

static int
check_outermost(const xmlNode *root, const char *const *none, struct err *err)
{
	bool any = false;
	const xmlNode *n;
	const char *const *name;

	for (n = root->children; n != NULL; n = n->next) {
		if ((n->type == XML_TEXT_NODE && !is_blank(n->content)) ||
		    n->type == XML_CDATA_SECTION_NODE) {
			(void)err_set(err, ERR_INPUT, "there is text outside "
			    "of an element");
			err->line = n->prev == NULL ? 1 :
			    (unsigned)xmlGetLineNo(n->prev);
			return -1;
		}
		if (n->type != XML_ELEMENT_NODE)
			continue;
		any = true;
		for (name = none; n->ns == NULL && *name != NULL; name++)
			if (strcmp((const char *)n->name, *name) == 0) {
				(void)err_set(err, ERR_INPUT, "<%s> may not "
				    "stand there: that is written from the "
				    "facts alone", *name);
				err->line = (unsigned)xmlGetLineNo(n);
				return -1;
			}
	}
	return any ? 0 : err_set(err, ERR_INPUT, "there is no element in it");
}

int
xml_fragment_check(const char *text, size_t len, const char *const *none,
    unsigned *spaces, struct err *err)
{
	const xmlNode *root;
	xmlDocPtr doc;
	int rc;

	if (len > XML_FRAGMENT_MAX)
		return err_set(err, ERR_INPUT, "it is larger than %zu KiB",
		    XML_FRAGMENT_MAX >> 10);
	if (memchr(text, '\0', len) != NULL)
		return err_set(err, ERR_INPUT, "there is a NUL character in "
		    "it");
	if ((doc = parse(text, len, err)) == NULL)
		return -1;
	root = xmlDocGetRootElement(doc);
	rc = check_outermost(root, none, err);
	if (rc == 0)
		*spaces |= spaces_of(root);
	xmlFreeDoc(doc);
	return rc;
}

static void
add_name(struct buf *out, const char *prefix, const char *name)
{
	struct buf b;

	buf_init(&b, 0);
	buf_addf(&b, " %s%s%s ", prefix, prefix[0] != '\0' ? ":" : "", name);
	if (strstr(out->data, b.data) == NULL)
		buf_adds(out, out->len > 0 ? b.data + 1 : b.data);
	buf_release(&b);
}

void
xml_fragment_names(const char *text, size_t len, struct buf *out)
{
	struct err ignored = ERR_INIT;
	xmlDocPtr doc = parse(text, len, &ignored);
	const xmlNode *n;
	size_t i;

	if (doc == NULL)
		return;
	for (n = xmlDocGetRootElement(doc)->children; n != NULL; n = n->next) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		if (n->ns == NULL) {
			add_name(out, "", (const char *)n->name);
			continue;
		}
		for (i = 0; i < xml_fragment_count; i++)
			if (strcmp((const char *)n->ns->href,
			    xml_fragment_spaces[i].uri) == 0)
				add_name(out, xml_fragment_spaces[i].prefix,
				    (const char *)n->name);
	}
	xmlFreeDoc(doc);
}
