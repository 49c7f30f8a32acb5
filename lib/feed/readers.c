/*
 * Elements of Dublin Core and Media RSS, for feed readers that know nothing of
 * iTunes or podcast:.
 *
 * dc:creator: RSS's author wants an e-mail address. Thunderbird takes the first
 * dc:creator, Miniflux and newsboat the last, NetNewsWire all: one with all
 * names is shown whole by each.
 *
 * media:group: Thunderbird and Miniflux offer all files in it; newsboat takes
 * the last one in place of the enclosure, so that must be the enclosure's.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "feed/feed_int.h"
#include "text/xml_fragment.h"

static bool
has_any(const struct show_xml *xml, const char *const *names)
{
	while (*names != NULL && !feed_has_own(xml, *names))
		names++;
	return *names != NULL;
}

static bool
wants_creator(const struct episode *e)
{
	static const char *const instead[] = {
		"dc:creator", "author", "itunes:author", "podcast:person", NULL
	};

	return e->npeople > 0 && !has_any(&e->xml, instead);
}

static bool
wants_thumbnail(const struct show *s, const struct episode *e)
{
	static const char *const instead[] = {
		"media:thumbnail", "itunes:image", NULL
	};

	return e->image != NULL && (s->image == NULL ||
	    strcmp(e->image, s->image) != 0) && !has_any(&e->xml, instead);
}

static bool
wants_group(const struct episode *e)
{
	static const char *const instead[] = {
		"media:group", "media:content", NULL
	};

	return e->nrenditions > 0 && !has_any(&e->xml, instead);
}

unsigned
feed_spaces_of(const struct show *s, const struct episode *e,
    enum feed_format format)
{
	unsigned spaces = e->xml.spaces | feed_podcast_spaces(e);

	if (format == FEED_RSS && wants_creator(e))
		spaces |= feed_space("dc");
	if (wants_thumbnail(s, e) || (format == FEED_RSS && wants_group(e)))
		spaces |= feed_space("media");
	return spaces;
}

static bool
is_named_before(const struct episode *e, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (strcmp(e->people[k].name, e->people[i].name) == 0)
			return true;
	return false;
}

void
feed_creator(struct feed_writer *f, const struct episode *e)
{
	struct buf *b = &f->scratch;
	size_t i;

	if (!wants_creator(e))
		return;
	buf_clear(b);
	for (i = 0; i < e->npeople; i++)
		if (!is_named_before(e, i))
			buf_addf(b, "%s%s", b->len > 0 ? ", " : "",
			    e->people[i].name);
	if (b->len > 0)
		xw_element(f->w, "dc:creator", b->data);
}

void
feed_thumbnail(struct feed_writer *f, const struct episode *e)
{
	if (!wants_thumbnail(f->head.show, e))
		return;
	xw_start(f->w, "media:thumbnail");
	xw_attr(f->w, "url", e->image);
	xw_end(f->w);
}

static void
content(struct feed_writer *f, const struct media *m, bool is_default)
{
	char length[24];

	(void)snprintf(length, sizeof(length), "%" PRId64, m->length);
	xw_start(f->w, "media:content");
	xw_attr(f->w, "url", m->url);
	if (m->length > 0)
		xw_attr(f->w, "fileSize", length);
	xw_attr(f->w, "type", m->type);
	xw_attr(f->w, "medium", strncasecmp(m->type, "video/", 6) == 0 ?
	    "video" : "audio");
	if (is_default)
		xw_attr(f->w, "isDefault", "true");
	xw_end(f->w);
}

void
feed_group(struct feed_writer *f, const struct episode *e)
{
	size_t i;

	if (!wants_group(e))
		return;
	xw_start(f->w, "media:group");
	for (i = 1; i <= e->nrenditions; i++)
		content(f, show_media(e, i), false);
	content(f, show_media(e, 0), true);
	xw_end(f->w);
}
