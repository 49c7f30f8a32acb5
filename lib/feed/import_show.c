/* The channel of an old feed as show.ini and channel.xml. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "feed/facts.h"
#include "feed/import_int.h"
#include "feed/read_int.h"
#include "show/options.h"
#include "show/show.h"

#define PLACEHOLDER "https://example.org/"
#define LANGUAGE_UNKNOWN "und"

/* The files of the feeds, where nothing else is said. */
#define RSS_FILE "feed.xml"
#define RSS_FILE_ELSE "rss.xml"
#define ATOM_FILE "atom.xml"

enum {
	SAYS_ALWAYS = 1 << 0,
	SAYS_TITLE = 1 << 1,
	SAYS_LINK = 1 << 2,
	SAYS_DESCRIPTION = 1 << 3,
	SAYS_LANGUAGE = 1 << 4,
	SAYS_SUMMARY = 1 << 5,
	SAYS_IMAGE = 1 << 6,
	SAYS_CATEGORIES = 1 << 7,
	SAYS_GUID = 1 << 8,
	SAYS_HOSTS = 1 << 9,
	SAYS_COPYRIGHT = 1 << 10,
	SAYS_AUTHOR = 1 << 11
};

static const struct {
	const char *ns, *name;
	unsigned says;
} elements[] = {
	{ FEED_NS_NONE, "item", SAYS_ALWAYS },
	{ FEED_NS_NONE, "items", SAYS_ALWAYS },
	{ FEED_NS_NONE, "channel", SAYS_ALWAYS },
	{ FEED_NS_NONE, "title", SAYS_TITLE },
	{ FEED_NS_NONE, "link", SAYS_LINK },
	{ FEED_NS_NONE, "description", SAYS_DESCRIPTION },
	{ FEED_NS_NONE, "language", SAYS_LANGUAGE },
	{ FEED_NS_NONE, "copyright", SAYS_COPYRIGHT },
	/* Made anew with every feed. */
	{ FEED_NS_NONE, "pubDate", SAYS_ALWAYS },
	{ FEED_NS_NONE, "lastBuildDate", SAYS_ALWAYS },
	{ FEED_NS_NONE, "generator", SAYS_ALWAYS },
	{ FEED_NS_ITUNES, "author", SAYS_AUTHOR },
	{ FEED_NS_ITUNES, "summary", SAYS_SUMMARY },
	{ FEED_NS_ITUNES, "image", SAYS_IMAGE },
	{ FEED_NS_ITUNES, "category", SAYS_CATEGORIES },
	{ FEED_NS_ITUNES, "explicit", SAYS_ALWAYS },
	{ FEED_NS_ITUNES, "type", SAYS_ALWAYS },
	{ FEED_NS_PODCAST, "guid", SAYS_GUID },
	{ FEED_NS_PODCAST, "person", SAYS_HOSTS },
	{ FEED_NS_ATOM, "entry", SAYS_ALWAYS },
	{ FEED_NS_ATOM, "title", SAYS_TITLE },
	{ FEED_NS_ATOM, "info", SAYS_DESCRIPTION },
	{ FEED_NS_ATOM, "updated", SAYS_ALWAYS },
	{ FEED_NS_ATOM, "modified", SAYS_ALWAYS },
	{ FEED_NS_ATOM, "published", SAYS_ALWAYS },
	{ FEED_NS_ATOM, "generator", SAYS_ALWAYS },
	{ FEED_NS_DC, "date", SAYS_ALWAYS },
	{ FEED_NS_DC, "description", SAYS_DESCRIPTION }
};

struct writer {
	struct import *im;
	const struct feed_doc_channel *c;
	struct buf *out;
	struct import_xml xml;
	const char *description;	/* of show.ini */
};

const char *
import_feed_url(struct import *im, const char **why)
{
	const struct feed_doc_channel *c = &im->doc->channel;
	const char *name = im->doc->format == FEED_DOC_ATOM ? ATOM_FILE :
	    RSS_FILE;

	*why = NULL;
	if (import_is_address(c->self))
		return c->self;
	*why = arena_printf(&im->arena, "the feed does not name its address; "
	    "%s below the show's page is taken", name);
	if (import_is_address(im->from)) {
		*why = NULL;
		return im->from;
	}
	if (import_is_address(c->link) && strpbrk(c->link, "?#") == NULL)
		return arena_printf(&im->arena, "%s%s%s", c->link,
		    c->link[strlen(c->link) - 1] == '/' ? "" : "/", name);
	name = arena_printf(&im->arena, PLACEHOLDER "%s", name);
	*why = arena_printf(&im->arena, "the feed names neither its address "
	    "nor a page; %s stands for it", name);
	return name;
}

static bool
is_language(const char *s)
{
	return s != NULL && strcasecmp(s, LANGUAGE_UNKNOWN) != 0 &&
	    options_is_language(s);
}

static bool
is_category(const struct feed_doc_category *c)
{
	size_t i;

	for (i = 0; i < c->npath; i++)
		if (c->path[i][0] == '\0' || !import_is_clean(c->path[i]) ||
		    strchr(c->path[i], '>') != NULL)
			return false;
	return c->npath <= 2;
}

static bool
is_of_itunes(const struct feed_doc_category *c)
{
	return c->scheme != NULL && strcmp(c->scheme, "itunes") == 0;
}

static bool
says_categories(const struct feed_doc_channel *c)
{
	size_t i;

	for (i = 0; i < c->ncategories; i++)
		if (is_of_itunes(&c->categories[i]) &&
		    !is_category(&c->categories[i]))
			return false;
	return true;
}

static bool
is_host(const struct feed_doc_person *p)
{
	return p->name[0] != '\0' && import_is_clean(p->name) &&
	    strpbrk(p->name, "<>") == NULL &&
	    (p->role == NULL || strcasecmp(p->role, "host") == 0);
}

static bool
says_hosts(const struct feed_doc_channel *c)
{
	const struct feed_doc_person *p;
	size_t i;

	for (i = 0; i < c->npersons; i++) {
		p = &c->persons[i];
		if (!is_host(p) || p->role == NULL ||
		    strcmp(p->role, "host") != 0 || p->group != NULL ||
		    p->img != NULL || (p->href != NULL &&
		    !import_is_address(p->href)))
			return false;
	}
	return true;
}

static unsigned
says_texts(const struct writer *w)
{
	const struct feed_doc_channel *c = w->c;
	struct arena *a = &w->im->arena;
	unsigned says = 0;

	if (c->title != NULL && import_is_clean(c->title))
		says |= SAYS_TITLE;
	if (import_is_plain(&c->description) && import_is_clean(w->description))
		says |= SAYS_DESCRIPTION;
	if (c->summary.text == NULL || import_same(feed_facts_says(a,
	    &c->summary), feed_facts_says(a, &c->description)))
		says |= SAYS_SUMMARY;
	if (import_is_clean(c->copyright))
		says |= SAYS_COPYRIGHT;
	if (import_is_clean(c->author))
		says |= SAYS_AUTHOR;
	return says;
}

static unsigned
says(const struct writer *w)
{
	const struct feed_doc_channel *c = w->c;
	struct arena *a = &w->im->arena;
	unsigned says = SAYS_ALWAYS | says_texts(w);

	if (import_address(a, c->link) != NULL)
		says |= SAYS_LINK;
	if (is_language(c->language))
		says |= SAYS_LANGUAGE;
	if (import_address(a, c->image) != NULL)
		says |= SAYS_IMAGE;
	if (says_categories(c))
		says |= SAYS_CATEGORIES;
	if (c->guid == NULL || hash_is_uuid(c->guid))
		says |= SAYS_GUID;
	if (says_hosts(c))
		says |= SAYS_HOSTS;
	return says;
}

static bool
is_link_said(const struct writer *w, const struct xr_node *n)
{
	const char *rel = xr_attr(n, "", "rel"), *href;

	href = xr_attr(n, "", "href");
	if (!feed_ns_is(n, FEED_NS_ATOM, "link") || href == NULL ||
	    xr_attr(n, "", "title") != NULL ||
	    xr_attr(n, "", "hreflang") != NULL)
		return false;
	if (rel != NULL && strcasecmp(rel, "self") == 0)
		return import_is_address(w->c->self) &&
		    strcmp(href, w->c->self) == 0;
	return (rel == NULL || strcasecmp(rel, "alternate") == 0) &&
	    import_is_address(w->c->link) && strcmp(href, w->c->link) == 0;
}

static void
keep_children(struct writer *w, const struct xr_node *parent, unsigned said)
{
	const struct xr_node *n;
	bool keep;
	size_t i;

	for (n = parent->first; n != NULL; n = n->next) {
		if (n->name == NULL || is_link_said(w, n))
			continue;
		keep = !import_xml_is_empty(n) ||
		    import_xml_is_unknown(&w->xml, n);
		for (i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
			if (feed_ns_is(n, elements[i].ns, elements[i].name))
				keep = (said & elements[i].says) == 0 ||
				    import_xml_is_unknown(&w->xml, n);
		if (keep)
			import_xml_keep(&w->xml, n);
	}
}

static void
keep_absence(struct writer *w)
{
	const struct feed_doc_channel *c = w->c;

	if (c->title == NULL)
		import_xml_add(&w->xml, "title", NULL);
	if (c->link == NULL)
		import_xml_add(&w->xml, "link", NULL);
	if (c->description.text == NULL)
		import_xml_add(&w->xml, "description", NULL);
	if (c->id != NULL && !import_xml_has(c->element, FEED_NS_ATOM, "id"))
		import_xml_add(&w->xml, "atom:id", c->id);
}

static void
keep_elements(struct writer *w)
{
	const struct xr_node *root = w->c->element->parent;
	unsigned said = says(w);

	keep_absence(w);
	/* What stands in an entry alone is no channel's. */
	if (feed_ns_is(w->c->element, FEED_NS_ATOM, "entry"))
		return;
	keep_children(w, w->c->element, said);
	/* RSS 1.0 has some beside the channel. */
	if (root != NULL)
		keep_children(w, root, said);
}

static void
about(struct writer *w, const char *comment)
{
	buf_addf(w->out, "\n# %s\n", comment);
}

static void
line(struct writer *w, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0' && import_is_clean(value))
		buf_addf(w->out, "%s = %s\n", key, value);
}

static void
address(struct writer *w, const char *key, const char *url)
{
	line(w, key, import_address(&w->im->arena, url));
}

/* The page of the site where the feed lies. */
static const char *
site_of(struct arena *a, const char *url)
{
	const char *host = strstr(url, "://") + 3;

	return arena_printf(a, "%.*s/", (int)(host + strcspn(host, "/?#") -
	    url), url);
}

/* The address of the same feed as Atom, where an RSS feed names it. */
static const char *
atom_of(const struct feed_doc_channel *c)
{
	const struct xr_node *n;
	const char *rel, *type, *href;

	for (n = c->element->first; n != NULL; n = n->next) {
		if (!feed_ns_is(n, FEED_NS_ATOM, "link"))
			continue;
		rel = xr_attr(n, "", "rel");
		type = xr_attr(n, "", "type");
		href = xr_attr(n, "", "href");
		if (rel != NULL && strcasecmp(rel, "alternate") == 0 &&
		    type != NULL && strcasecmp(type,
		    "application/atom+xml") == 0 && import_is_address(href))
			return href;
	}
	return NULL;
}

/* Where the feeds are and in which files: the old one stays at its address,
 * and an RSS feed is made beside an Atom one. */
static void
outputs(struct writer *w, const char *url)
{
	struct arena *a = &w->im->arena;
	const char *atom = atom_of(w->c), *name;

	if (w->im->doc->format != FEED_DOC_ATOM) {
		line(w, "feed_url", url);
		name = show_file_of_feed(a, url, RSS_FILE);
		/* atom.xml is the Atom feed's, where there is to be one. */
		if (name != NULL && (atom == NULL ||
		    strcmp(name, ATOM_FILE) != 0))
			line(w, "rss", name);
		line(w, "atom_url", atom);
		return;
	}
	line(w, "atom_url", url);
	name = show_file_of_feed(a, url, ATOM_FILE);
	line(w, "atom", name);
	buf_adds(w->out, "# The same as RSS, which most players read.\n");
	atom = name == NULL || strcmp(name, RSS_FILE) != 0 ? RSS_FILE :
	    RSS_FILE_ELSE;
	line(w, "feed_url", import_beside(a, url, atom));
	if (strcmp(atom, RSS_FILE) != 0)
		line(w, "rss", atom);
}

static void
addresses(struct writer *w)
{
	const char *page = import_address(&w->im->arena, w->c->link);
	const char *why, *url = import_feed_url(w->im, &why);
	const char *key = w->im->doc->format == FEED_DOC_ATOM ? "atom_url" :
	    "feed_url";

	about(w, "The show's page, and where its feed is. Subscribers have "
	    "this address.");
	if (page == NULL)
		buf_adds(w->out, "# The feed names no page; change this.\n");
	line(w, "link", page != NULL ? page : site_of(&w->im->arena, url));
	if (why != NULL)
		buf_adds(w->out, "# The feed does not name its own address; "
		    "change this.\n");
	outputs(w, url);
	if (why != NULL)
		finding_add(w->im->to, SEV_WARNING, "import-show",
		    w->im->doc->file, w->c->element->line, "%s: put the right "
		    "`%s` into show.ini", why, key);
	if (w->c->guid == NULL && why != NULL)
		return;
	about(w, "The show's podcast:guid. It never changes, whatever becomes "
	    "of the address.");
	if (hash_is_uuid(w->c->guid != NULL ? w->c->guid : "")) {
		line(w, "guid", w->c->guid);
		return;
	}
	line(w, "guid", show_guid_of_feed(&w->im->arena, url));
}

static const char *
category_text(struct arena *a, const struct feed_doc_category *c)
{
	return c->npath == 1 ? c->path[0] :
	    arena_printf(a, "%s > %s", c->path[0], c->path[1]);
}

/* What listeners look for and the feed does not tell. */
static void
untold(struct writer *w, const char *key, bool told)
{
	if (!told)
		buf_addf(w->out, "# The feed does not tell it:\n#%s =\n", key);
}

static void
facts(struct writer *w)
{
	const struct feed_doc_channel *c = w->c;
	const char *local = import_local(w->im,
	    import_address(&w->im->arena, c->image));
	size_t i;

	about(w, "What the show is about, in which language, and who makes "
	    "it.");
	line(w, "description", w->description);
	if (is_language(c->language)) {
		line(w, "language", c->language);
	} else {
		buf_adds(w->out, "# und: not known. Write it, such as en or "
		    "de-AT.\n");
		line(w, "language", LANGUAGE_UNKNOWN);
	}
	line(w, "author", c->author);
	line(w, "email", c->owner_email);
	line(w, "copyright", c->copyright);
	if (local != NULL)
		line(w, "image", arena_printf(&w->im->arena, "%s%s",
		    import_media_url(w->im), local));
	else
		address(w, "image", c->image);
	untold(w, "author", c->author != NULL);
	untold(w, "image", c->image != NULL);
	untold(w, "category", c->ncategories > 0);
	for (i = 0; i < c->ncategories; i++)
		if (is_of_itunes(&c->categories[i]) &&
		    is_category(&c->categories[i]))
			line(w, "category", category_text(&w->im->arena,
			    &c->categories[i]));
	line(w, "explicit", c->is_explicit == FEED_DOC_YES ? "true" :
	    "false");
	line(w, "type", c->type);
	for (i = 0; i < c->npersons; i++) {
		if (!is_host(&c->persons[i]))
			continue;
		buf_addf(w->out, "host = %s", c->persons[i].name);
		if (import_is_address(c->persons[i].href))
			buf_addf(w->out, " <%s>", c->persons[i].href);
		buf_addc(w->out, '\n');
	}
}

/* The offset of the newest date: what comes after it has that too, until the
 * clocks change. */
static int32_t
newest_offset(const struct import *im)
{
	const struct import_item *it, *newest = NULL;
	size_t i;

	for (i = 0; i < im->nitems; i++) {
		it = &im->items[i];
		if (it->dated && (newest == NULL ||
		    it->date.t > newest->date.t))
			newest = it;
	}
	return newest == NULL ? 0 : newest->date.offset;
}

static void
sources(struct writer *w)
{
	int32_t offset = newest_offset(w->im);
	bool dated = false;
	size_t i;

	about(w, "Dates without a zone are read in this one. A name such as "
	    "Europe/Berlin knows\n# of summer time; the feed only has the "
	    "offset.");
	if (offset == 0)
		line(w, "timezone", "UTC");
	else
		buf_addf(w->out, "timezone = %c%02d:%02d\n",
		    offset < 0 ? '-' : '+', abs(offset) / 3600,
		    abs(offset) / 60 % 60);
	for (i = 0; i < w->im->nitems; i++)
		dated = dated || w->im->items[i].number == 0;
	if (dated) {
		about(w, "How the files of the episodes are named.");
		line(w, "names", "{year}-{month}-{day}-{slug}.md");
		line(w, "names", "{number}-{slug}.md");
	}
	if (w->im->nmedia > 0) {
		about(w, "The files that were downloaded, and the address "
		    "where they will be served:\n# put the right one here.");
		line(w, "media_dir", "media");
		line(w, "media_url", import_media_url(w->im));
		line(w, "transcripts_url", import_media_url(w->im));
	}
}

static void
made(struct writer *w)
{
	about(w, "Descriptions in the feed are the whole notes, unless an "
	    "episode has a summary.");
	line(w, "descriptions", "notes");
	if (w->xml.text.len > 0) {
		about(w, "What the old feed says of the show beyond this file. "
		    "What stands there stands\n# in the feed instead of what "
		    "this file says.");
		line(w, "channel_xml", "channel.xml");
	}
}

static const char *
description_of(struct arena *a, const struct feed_doc_channel *c,
    const char *title)
{
	const char *text = import_plain(a, &c->description);

	if (text == NULL)
		text = import_plain(a, &c->summary);
	if (text == NULL)
		text = c->subtitle;
	return text != NULL && import_is_clean(text) ? text : title;
}

static void
warn(const struct writer *w)
{
	const struct feed_doc_channel *c = w->c;
	struct import *im = w->im;

	if (c->new_feed_url != NULL)
		finding_add(im->to, SEV_WARNING, "import-show", im->doc->file,
		    c->element->line, "the feed sends subscribers on to %s; "
		    "take itunes:new-feed-url out of channel.xml unless they "
		    "are to go there", c->new_feed_url);
	if (c->page_next != NULL)
		finding_add(im->to, SEV_WARNING, "import-show", im->doc->file,
		    c->element->line, "the feed has a next page, %s, whose "
		    "items are not in this one", c->page_next);
	if (c->locked == FEED_DOC_YES)
		finding_add(im->to, SEV_WARNING, "import-show", im->doc->file,
		    c->element->line, "the feed is locked (podcast:locked): "
		    "unlock it at the old host before another one takes it "
		    "over");
}

int
import_show(struct import *im, struct buf *ini, struct buf *xml,
    struct err *err)
{
	struct writer w = { .im = im, .c = &im->doc->channel, .out = ini };
	const char *title = w.c->title != NULL && import_is_clean(w.c->title) ?
	    w.c->title : "Untitled";
	int rc;

	w.xml.unknown = w.c->unknown;
	w.xml.nunknown = w.c->nunknown;
	buf_init(&w.xml.text, 0);
	w.description = description_of(&im->arena, w.c, title);
	warn(&w);
	keep_elements(&w);
	rc = import_xml_check(&w.xml, "channel", err);
	if (rc == 0) {
		buf_adds(ini, "# Imported from a feed. showmill-config(5) "
		    "explains every key.\n\n");
		line(&w, "title", title);
		line(&w, "slug", im->slug);
		addresses(&w);
		facts(&w);
		sources(&w);
		made(&w);
		buf_add(xml, w.xml.text.data, w.xml.text.len);
	} else {
		err_at(err, im->doc->file, w.c->element->line);
	}
	buf_release(&w.xml.text);
	return rc;
}
