/*
 * Atom 1.0 (RFC 4287).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "feed/feed_int.h"
#include "feed/read.h"

struct link {
	const char *rel;
	const char *href;
	const char *type;	/* NULL: not said */
	const char *language;	/* NULL: not said */
	const char *title;	/* NULL: none */
	const char *length;	/* NULL: not known */
};

static void
add_link(struct feed_writer *f, const struct link *l)
{
	xw_start(f->w, "link");
	xw_attr(f->w, "rel", l->rel);
	if (l->type != NULL)
		xw_attr(f->w, "type", l->type);
	if (l->language != NULL)
		xw_attr(f->w, "hreflang", l->language);
	xw_attr(f->w, "href", l->href);
	if (l->length != NULL)
		xw_attr(f->w, "length", l->length);
	if (l->title != NULL && *l->title != '\0')
		xw_attr(f->w, "title", l->title);
	xw_end(f->w);
}

static void
add_date(struct feed_writer *f, const char *name, const struct date *d)
{
	char text[DATE_TEXT_MAX];

	date_rfc3339(d, text);
	xw_element(f->w, name, text);
}

/* scheme ":" and at least one character, nothing of what RFC 3987 §2.2
 * leaves out. */
static bool
is_iri(const char *s)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t n = strspn(s, letters);

	if (n > 0)
		n += strspn(s + n, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
	return n > 0 && s[n] == ':' && s[n + 1] != '\0' &&
	    strpbrk(s, " <>\"{}|\\^`") == NULL;
}

bool
feed_atom_is_id(const char *guid)
{
	return !hash_is_uuid(guid) && is_iri(guid);
}

static int
add_id(struct feed_writer *f, const char *guid, struct err *err)
{
	const char *space = f->head.entries != NULL ? f->head.entries :
	    f->head.show->guid;
	char uuid[HASH_UUID_TEXT];
	struct buf *b = &f->scratch;

	buf_clear(b);
	if (hash_is_uuid(guid)) {
		buf_adds(b, "urn:uuid:");
		buf_adds(b, guid);
	} else if (feed_atom_is_id(guid))
		buf_adds(b, guid);
	else {
		buf_adds(b, "guid:");
		buf_adds(b, guid);
		if (hash_uuid5(space, b->data, uuid, err) != 0)
			return -1;
		buf_clear(b);
		buf_adds(b, "urn:uuid:");
		buf_adds(b, uuid);
	}
	xw_element(f->w, "id", b->data);
	return 0;
}

/* Whether an element of Atom's stands instead of the facts. */
static bool
has_own(const struct feed_own *own, const char *name)
{
	return feed_own_next(own, NULL, FEED_NS_ATOM, name) != NULL;
}

static void
told(struct feed_writer *f, const struct feed_own *own, const char *name,
    const char *text)
{
	if (!has_own(own, name))
		feed_optional(f, name, text);
}

/* An empty element of RSS says that there is no such thing. */
static bool
is_denied(struct feed_own *own, const char *name)
{
	const char *text = feed_own_text(own, FEED_NS_NONE, name);

	return text != NULL && text[0] == '\0';
}

/* Required, but may be empty. */
static void
add_title(struct feed_writer *f, struct feed_own *own, const char *title)
{
	if (!has_own(own, "title"))
		xw_element(f->w, "title", is_denied(own, "title") ? "" :
		    title);
}

static void
add_page(struct feed_writer *f, struct feed_own *own, const char *url)
{
	struct xr_node *n = NULL;
	const char *rel, *href;

	if (url == NULL || is_denied(own, "link"))
		return;
	while ((n = feed_own_next(own, n, FEED_NS_ATOM, "link")) != NULL) {
		rel = xr_attr(n, "", "rel");
		href = xr_attr(n, "", "href");
		if ((rel == NULL || strcasecmp(rel, "alternate") == 0) &&
		    href != NULL && strcmp(href, url) == 0)
			return;
	}
	add_link(f, &(struct link){ .rel = "alternate", .type = "text/html",
	    .href = url });
}

static void
link_atom(struct feed_writer *f, const char *rel, const char *href)
{
	add_link(f, &(struct link){ .rel = rel,
	    .type = "application/atom+xml", .href = href });
}

static int
head_of(struct feed_writer *f, struct feed_own *own, struct err *err)
{
	const struct show *s = f->head.show;
	size_t i;

	if (!has_own(own, "id") && add_id(f, s->guid, err) != 0)
		return -1;
	add_title(f, own, s->title);
	if (!has_own(own, "updated"))
		add_date(f, "updated", &f->head.updated);
	link_atom(f, "self", f->head.self_url);
	for (i = 0; i < s->nhubs; i++)
		add_link(f, &(struct link){ .rel = "hub",
		    .href = s->hubs[i] });
	feed_history(f, link_atom);
	add_page(f, own, s->link);
	/* Entries without an author have the feed's (§4.1.2); it must be
	 * there. No address: it would only be harvested. */
	if (!has_own(own, "author")) {
		xw_start(f->w, "author");
		xw_element(f->w, "name", s->author != NULL &&
		    *s->author != '\0' ? s->author : s->title);
		xw_end(f->w);
	}
	if (!is_denied(own, "description"))
		told(f, own, "subtitle", s->description);
	told(f, own, "icon", s->image);
	told(f, own, "logo", s->image);
	told(f, own, "rights", s->copyright);
	xw_element(f->w, "generator", "showmill");
	feed_categories(f);
	feed_told(f, &s->xml, "itunes:explicit", s->is_explicit ? "true" :
	    "false");
	feed_told(f, &s->xml, "itunes:block", s->block ? "Yes" : NULL);
	if (s->type != NULL && strcmp(s->type, "episodic") != 0)
		feed_told(f, &s->xml, "itunes:type", s->type);
	if (!feed_has_own(&s->xml, "podcast:person"))
		feed_people(f, s->hosts, s->nhosts);
	feed_own_write(f, own);
	return 0;
}

static int
atom_head(struct feed_writer *f, struct err *err)
{
	const struct show *s = f->head.show;
	struct feed_own own;
	struct xw *w = f->w;
	int rc;

	xw_start(w, "feed");
	xw_attr(w, "xmlns", FEED_NS_ATOM);
	feed_spaces(f, f->head.spaces | s->xml.spaces, false);
	/* "und" is the tag of what is not known (RFC 5646 §4.1). */
	if (s->language != NULL && strcmp(s->language, "und") != 0)
		xw_attr(w, "xml:lang", s->language);
	rc = feed_own_open(&own, &s->xml, err);
	if (rc == 0)
		rc = head_of(f, &own, err);
	feed_own_close(&own);
	return rc;
}

static void
add_enclosures(struct feed_writer *f, const struct feed_own *own,
    const struct episode *e)
{
	struct xr_node *n = NULL;
	const char *url, *type;
	const struct media *m;
	char length[24];
	size_t i;

	/* The first is what most readers take. */
	for (i = 0; e->audio.url != NULL && i <= e->nrenditions; i++) {
		m = show_media(e, i);
		(void)snprintf(length, sizeof(length), "%" PRId64, m->length);
		add_link(f, &(struct link){ .rel = "enclosure",
		    .type = m->type, .language = m->language, .href = m->url,
		    .length = length, .title = i == 0 ? e->title :
		    m->title });
	}
	while ((n = feed_own_next(own, n, FEED_NS_NONE, "enclosure")) !=
	    NULL) {
		url = xr_attr(n, "", "url");
		type = xr_attr(n, "", "type");
		if (url != NULL)
			add_link(f, &(struct link){ .rel = "enclosure",
			    .type = type, .href = url,
			    .length = xr_attr(n, "", "length") });
	}
}

static void
construct(struct feed_writer *f, const char *name, const char *type,
    const char *text)
{
	xw_start(f->w, name);
	xw_attr(f->w, "type", type);
	xw_text(f->w, text);
	xw_end(f->w);
}

/* Where descriptions are the whole notes, which are the content here, there is
 * a summary only where one was written. Whether there is one. */
static bool
add_summary(struct feed_writer *f, struct feed_own *own,
    const struct feed_item *item)
{
	const char *text = feed_own_text(own, FEED_NS_NONE, "description");
	const char *summary = item->summary;

	if (f->head.show->whole_notes && item->episode->summary == NULL)
		summary = NULL;
	if (has_own(own, "summary"))
		return true;
	if (text != NULL && *text != '\0')
		construct(f, "summary", "html", text);
	else if (text == NULL && summary != NULL && *summary != '\0')
		construct(f, "summary", "text", summary);
	else
		return false;
	return true;
}

/* Without an alternate link content must be there (§4.1.2), and a reader has
 * something to show; the title says more than nothing. */
static void
add_content(struct feed_writer *f, struct feed_own *own,
    const struct feed_item *item, bool summary)
{
	const char *html = feed_own_text(own, FEED_NS_CONTENT, "encoded");

	if (html == NULL)
		html = item->html;
	if (has_own(own, "content"))
		return;
	if (html != NULL && *html != '\0')
		construct(f, "content", "html", html);
	else if (item->episode->link == NULL || !summary)
		construct(f, "content", "text", item->episode->title);
}

/* Who is in it besides the feed's author, and what it is about: Atom has
 * elements of its own for them. */
static void
add_people(struct feed_writer *f, const struct feed_own *own,
    const struct episode *e)
{
	size_t i;

	for (i = 0; i < e->npeople && !has_own(own, "contributor"); i++) {
		xw_start(f->w, "contributor");
		xw_element(f->w, "name", e->people[i].name);
		feed_optional(f, "uri", e->people[i].url);
		xw_end(f->w);
	}
}

static void
add_category(struct feed_writer *f, const char *term, const char *scheme)
{
	xw_start(f->w, "category");
	xw_attr(f->w, "term", term);
	if (scheme != NULL)
		xw_attr(f->w, "scheme", scheme);
	xw_end(f->w);
}

static void
add_categories(struct feed_writer *f, struct feed_own *own,
    const struct episode *e)
{
	struct xr_node *n = feed_own_next(own, NULL, FEED_NS_NONE, "category");
	const char *term;
	size_t i;

	if (has_own(own, "category"))
		return;
	for (i = 0; i < e->ntags && n == NULL; i++)
		add_category(f, e->tags[i], NULL);
	for (; n != NULL; n = feed_own_next(own, n, FEED_NS_NONE,
	    "category")) {
		term = xr_text(&own->arena, n);
		if (*term != '\0')
			add_category(f, term, xr_attr(n, "", "domain"));
	}
}

/* What players show, as in RSS; but for what is so when nothing is said. */
static void
add_itunes(struct feed_writer *f, const struct episode *e)
{
	const struct show *s = f->head.show;
	const struct show_xml *xml = &e->xml;

	feed_counted(f, xml, "itunes:duration", e->audio.duration);
	feed_counted(f, xml, "itunes:episode", e->number);
	feed_counted(f, xml, "itunes:season", e->season);
	if (e->type != NULL && strcmp(e->type, "full") != 0)
		feed_told(f, xml, "itunes:episodeType", e->type);
	if (e->is_explicit != s->is_explicit)
		feed_told(f, xml, "itunes:explicit", e->is_explicit ? "true" :
		    "false");
	if (e->image != NULL && (s->image == NULL ||
	    strcmp(e->image, s->image) != 0))
		feed_image(f, xml, e->image);
	if (!feed_has_own(xml, "podcast:person"))
		feed_people(f, e->people, e->npeople);
}

static int
entry(struct feed_writer *f, const struct feed_item *item,
    struct feed_own *own, struct err *err)
{
	const struct episode *e = item->episode;

	xw_start(f->w, "entry");
	if (!has_own(own, "id") && add_id(f, e->guid, err) != 0)
		return -1;
	add_title(f, own, e->title);
	if (!has_own(own, "published"))
		add_date(f, "published", &e->date);
	if (!has_own(own, "updated"))
		add_date(f, "updated", &e->updated);
	add_page(f, own, e->link);
	add_enclosures(f, own, e);
	add_content(f, own, item, add_summary(f, own, item));
	add_people(f, own, e);
	add_categories(f, own, e);
	add_itunes(f, e);
	feed_thumbnail(f, e);
	feed_beside(f, e, &e->xml);
	feed_own_write(f, own);
	xw_end(f->w);
	return 0;
}

static int
atom_item(struct feed_writer *f, const struct feed_item *item,
    struct err *err)
{
	struct feed_own own;
	int rc = feed_own_open(&own, &item->episode->xml, err);

	if (rc == 0)
		rc = entry(f, item, &own, err);
	feed_own_close(&own);
	return rc;
}

const struct feed_kind feed_atom = { atom_head, atom_item, NULL };
