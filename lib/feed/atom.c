/*
 * Atom 1.0 (RFC 4287).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "feed/feed_int.h"

struct link {
	const char *rel;
	const char *href;
	const char *type;
	const char *title;	/* NULL: none */
	const char *length;	/* NULL: not known */
};

static void
add_link(struct feed_writer *f, const struct link *l)
{
	xw_start(f->w, "link");
	xw_attr(f->w, "rel", l->rel);
	xw_attr(f->w, "type", l->type);
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

static int
add_id(struct feed_writer *f, const char *guid, struct err *err)
{
	char uuid[HASH_UUID_TEXT];
	struct buf *b = &f->scratch;

	buf_clear(b);
	if (hash_is_uuid(guid)) {
		buf_adds(b, "urn:uuid:");
		buf_adds(b, guid);
	} else if (is_iri(guid))
		buf_adds(b, guid);
	else {
		buf_adds(b, "guid:");
		buf_adds(b, guid);
		if (hash_uuid5(f->head.show->guid, b->data, uuid, err) != 0)
			return -1;
		buf_clear(b);
		buf_adds(b, "urn:uuid:");
		buf_adds(b, uuid);
	}
	xw_element(f->w, "id", b->data);
	return 0;
}

static int
atom_head(struct feed_writer *f, struct err *err)
{
	const struct show *s = f->head.show;
	struct xw *w = f->w;

	xw_start(w, "feed");
	xw_attr(w, "xmlns", "http://www.w3.org/2005/Atom");
	feed_spaces(f, f->head.spaces, false);
	if (s->language != NULL)
		xw_attr(w, "xml:lang", s->language);
	if (add_id(f, s->guid, err) != 0)
		return -1;
	xw_element(w, "title", s->title);
	add_date(f, "updated", &f->head.updated);
	add_link(f, &(struct link){ .rel = "self",
	    .type = "application/atom+xml", .href = f->head.self_url });
	if (s->link != NULL)
		add_link(f, &(struct link){ .rel = "alternate",
		    .type = "text/html", .href = s->link });
	/* Entries without an author have the feed's (§4.1.2); it must be
	 * there. No address: it would only be harvested. */
	xw_start(w, "author");
	xw_element(w, "name", s->author != NULL && *s->author != '\0' ?
	    s->author : s->title);
	xw_end(w);
	feed_optional(f, "subtitle", s->description);
	feed_optional(f, "icon", s->image);
	feed_optional(f, "logo", s->image);
	feed_optional(f, "rights", s->copyright);
	xw_element(w, "generator", "showmill");
	return 0;
}

static void
add_enclosure(struct feed_writer *f, const struct episode *e)
{
	char length[24];

	(void)snprintf(length, sizeof(length), "%" PRId64, e->audio.length);
	add_link(f, &(struct link){ .rel = "enclosure",
	    .type = e->audio.type, .href = e->audio.url, .length = length,
	    .title = e->title });
}

/* Who is in it besides the feed's author, and what it is about: Atom has
 * elements of its own for them. Raw XML is not for Atom: names without a
 * namespace would become Atom's. */
static void
add_people_and_tags(struct feed_writer *f, const struct episode *e)
{
	size_t i;

	for (i = 0; i < e->npeople; i++) {
		xw_start(f->w, "contributor");
		xw_element(f->w, "name", e->people[i].name);
		feed_optional(f, "uri", e->people[i].url);
		xw_end(f->w);
	}
	for (i = 0; i < e->ntags; i++) {
		xw_start(f->w, "category");
		xw_attr(f->w, "term", e->tags[i]);
		xw_end(f->w);
	}
}

static int
atom_item(struct feed_writer *f, const struct feed_item *item,
    struct err *err)
{
	const struct episode *e = item->episode;
	bool notes = item->html != NULL && *item->html != '\0';
	struct xw *w = f->w;

	xw_start(w, "entry");
	if (add_id(f, e->guid, err) != 0)
		return -1;
	xw_element(w, "title", e->title);
	add_date(f, "published", &e->date);
	add_date(f, "updated", &e->updated);
	if (e->link != NULL)
		add_link(f, &(struct link){ .rel = "alternate",
		    .type = "text/html", .href = e->link });
	add_enclosure(f, e);
	if (item->summary != NULL && *item->summary != '\0') {
		xw_start(w, "summary");
		xw_attr(w, "type", "text");
		xw_text(w, item->summary);
		xw_end(w);
	}
	/* Without an alternate link content must be there (§4.1.2); the title
	 * says more than nothing. */
	if (notes || e->link == NULL) {
		xw_start(w, "content");
		xw_attr(w, "type", notes ? "html" : "text");
		xw_text(w, notes ? item->html : e->title);
		xw_end(w);
	}
	add_people_and_tags(f, e);
	feed_beside(f, e, NULL);
	xw_end(w);
	return 0;
}

const struct feed_kind feed_atom = { atom_head, atom_item };
