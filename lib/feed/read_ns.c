/*
 * Namespaces as feeds spell them. A name is compared without scheme, case,
 * "www." and what stands at its end; where a prefix is not declared, or a
 * feed made its URI up, the usual prefix tells.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "feed/read_int.h"

static const struct { const char *uri; const char *prefix; } usual[] = {
	{ FEED_NS_ATOM, "atom" },
	{ FEED_NS_CONTENT, "content" },
	{ FEED_NS_DC, "dc" },
	{ FEED_NS_DCTERMS, "dcterms" },
	{ FEED_NS_FEEDBURNER, "feedburner" },
	{ FEED_NS_GOOGLEPLAY, "googleplay" },
	{ FEED_NS_ITUNES, "itunes" },
	{ FEED_NS_MEDIA, "media" },
	{ FEED_NS_PODCAST, "podcast" },
	{ FEED_NS_PSC, "psc" },
	{ FEED_NS_RDF, "rdf" },
	{ "http://purl.org/rss/1.0/modules/slash/", "slash" },
	{ "http://purl.org/rss/1.0/modules/syndication/", "sy" },
	{ "http://purl.org/syndication/history/1.0", "fh" },
	{ "http://purl.org/syndication/thread/1.0", "thr" },
	{ "http://wellformedweb.org/CommentAPI/", "wfw" },
	{ "http://www.georss.org/georss", "georss" },
	{ "http://www.rawvoice.com/rawvoiceRssModule/", "rawvoice" },
	{ "http://www.spotify.com/ns/rss", "spotify" }
};

/* Other names of the same. RSS has had many of its own, and means none. */
static const struct { const char *uri; const char *means; } others[] = {
	{ "http://purl.org/atom/ns#", FEED_NS_ATOM },
	{ "http://example.com/DTDs/Podcast-1.0.dtd", FEED_NS_ITUNES },
	{ "http://www.itunes.com/dtds/podcast-1.0.dtd.xml", FEED_NS_ITUNES },
	{ "https://github.com/Podcastindex-org/podcast-namespace/blob/main/"
	    "docs/1.0.md", FEED_NS_PODCAST },
	{ "http://podcastindex.org/namespace/1.0/", FEED_NS_PODCAST },
	{ "http://www.google.com/schemas/play-podcasts/1.0/"
	    "play-podcasts.xsd", FEED_NS_GOOGLEPLAY },
	{ "http://purl.org/rss/1.0/modules/content", FEED_NS_CONTENT },
	{ "http://purl.org/dc/elements/1.0/", FEED_NS_DC },
	{ "http://tools.search.yahoo.com/mrss/", FEED_NS_MEDIA },
	{ "http://purl.org/rss/1.0/", FEED_NS_NONE },
	{ "http://purl.org/net/rss1.1#", FEED_NS_NONE },
	{ "http://my.netscape.com/rdf/simple/0.9/", FEED_NS_NONE },
	{ "http://channel.netscape.com/rdf/simple/0.9/", FEED_NS_NONE },
	{ "http://my.netscape.com/publish/formats/rss-0.91.dtd",
	    FEED_NS_NONE },
	{ "http://backend.userland.com/rss", FEED_NS_NONE },
	{ "http://backend.userland.com/rss2", FEED_NS_NONE },
	{ "http://backend.userland.com/rss091", FEED_NS_NONE },
	{ "http://backend.userland.com/rss092", FEED_NS_NONE },
	{ "http://blogs.law.harvard.edu/tech/rss", FEED_NS_NONE },
	{ "http://cyber.law.harvard.edu/rss/rss.html", FEED_NS_NONE },
	{ "http://www.rssboard.org/rss-specification", FEED_NS_NONE }
};

/* The part of a URI that counts. */
static const char *
core(const char *uri, size_t *len)
{
	static const char *const heads[] = { "http://", "https://", "www." };
	size_t i, n;

	while (isspace((unsigned char)*uri))
		uri++;
	for (i = 0; i < 3; i++)
		if (strncasecmp(uri, heads[i], strlen(heads[i])) == 0)
			uri += strlen(heads[i]);
	for (n = strlen(uri); n > 0 && strchr("/# \t\r\n", uri[n - 1]) != NULL;
	    n--)
		;
	*len = n;
	return uri;
}

static bool
same(const char *x, const char *y)
{
	size_t nx, ny;

	x = core(x, &nx);
	y = core(y, &ny);
	return nx == ny && strncasecmp(x, y, nx) == 0;
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *
settled(const struct xr_node *n)
{
	size_t i;

	if (n->ns[0] == '\0' && n->prefix[0] == '\0')
		return FEED_NS_NONE;
	for (i = 0; n->ns[0] != '\0' && i < COUNT(usual); i++)
		if (same(n->ns, usual[i].uri))
			return usual[i].uri;
	for (i = 0; n->ns[0] != '\0' && i < COUNT(others); i++)
		if (same(n->ns, others[i].uri))
			return others[i].means;
	for (i = 0; n->ns[0] == '\0' && i < COUNT(usual); i++)
		if (strcasecmp(n->prefix, usual[i].prefix) == 0)
			return usual[i].uri;
	return n->ns;
}

static void
settle(struct xr_node *n)
{
	const char *ns = settled(n);
	size_t i;

	/* What has a prefix that nobody knows stays with it. */
	if (n->ns[0] != '\0' && ns[0] == '\0')
		n->prefix = "";
	n->ns = ns;
	for (i = 0; i < COUNT(usual); i++)
		if (strcmp(ns, usual[i].uri) == 0)
			n->prefix = usual[i].prefix;
}

void
feed_ns_settle(struct xr_node *root)
{
	struct xr_node *n;

	for (n = root; n != NULL; n = xr_next(root, n))
		if (n->name != NULL)
			settle(n);
}

bool
feed_ns_is(const struct xr_node *n, const char *ns, const char *name)
{
	return n->name != NULL && strcmp(n->ns, ns) == 0 &&
	    strcasecmp(n->name, name) == 0;
}
