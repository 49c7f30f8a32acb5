/*
 * Elements of iTunes and of the podcast namespace (podcast-namespace, tags/)
 * that both formats have.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/chapters.h"
#include "feed/feed_int.h"
#include "show/podcast.h"
#include "text/xml_fragment.h"

/* Of the table in text/xml_fragment.c. */
#define SPACES_ALWAYS 0xfU
#define SPACE_PODCAST 0x8U
#define SPACE_PSC 0x1000U
#define SPACES_OF_ATOM 0xcU	/* in every Atom feed: itunes, podcast */
#define SPACES_NOT_ATOM 0x3U

void
feed_told(struct feed_writer *f, const struct show_xml *xml, const char *name,
    const char *text)
{
	if (text != NULL && *text != '\0' && !feed_has_own(xml, name))
		xw_element(f->w, name, text);
}

void
feed_counted(struct feed_writer *f, const struct show_xml *xml,
    const char *name, int64_t value)
{
	if (value > 0 && !feed_has_own(xml, name))
		feed_number(f, name, value);
}

void
feed_image(struct feed_writer *f, const struct show_xml *xml, const char *url)
{
	if (url == NULL || feed_has_own(xml, "itunes:image"))
		return;
	xw_start(f->w, "itunes:image");
	xw_attr(f->w, "href", url);
	xw_end(f->w);
}

void
feed_categories(struct feed_writer *f)
{
	const struct show *s = f->head.show;
	size_t i;

	if (feed_has_own(&s->xml, "itunes:category"))
		return;
	for (i = 0; i < s->ncategories; i++) {
		xw_start(f->w, "itunes:category");
		xw_attr(f->w, "text", s->categories[i].name);
		if (s->categories[i].sub != NULL) {
			xw_start(f->w, "itunes:category");
			xw_attr(f->w, "text", s->categories[i].sub);
			xw_end(f->w);
		}
		xw_end(f->w);
	}
}

static void
optional_attr(struct feed_writer *f, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		xw_attr(f->w, name, value);
}

/* tags/person.md */
void
feed_people(struct feed_writer *f, const struct show_person *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		xw_start(f->w, "podcast:person");
		optional_attr(f, "role", list[i].role);
		optional_attr(f, "group", list[i].group);
		optional_attr(f, "img", list[i].image);
		optional_attr(f, "href", list[i].url);
		xw_text(f->w, list[i].name);
		xw_end(f->w);
	}
}

/* tags/transcript.md */
static void
transcripts(struct feed_writer *f, const struct episode *e)
{
	const struct show_transcript *t;
	size_t i;

	for (i = 0; i < e->ntranscripts; i++) {
		t = &e->transcripts[i];
		xw_start(f->w, "podcast:transcript");
		xw_attr(f->w, "url", t->url);
		xw_attr(f->w, "type", t->type);
		optional_attr(f, "language", t->language);
		optional_attr(f, "rel", t->rel);
		xw_end(f->w);
	}
}

static void
tag(struct feed_writer *f, const struct podcast_tag *t)
{
	const struct podcast_tag *in;
	size_t i;

	xw_start(f->w, t->name);
	for (i = 0; i < t->nattrs; i++)
		xw_attr(f->w, t->attrs[i].name, t->attrs[i].value);
	if (t->text != NULL)
		xw_text(f->w, t->text);
	/* No more than four deep (show/podcast_table.c). */
	for (in = t->inside; in != NULL; in = in->next)
		tag(f, in);
	xw_end(f->w);
}

void
feed_podcast(struct feed_writer *f, const struct podcast_tag *list,
    const struct show_xml *xml)
{
	for (; list != NULL; list = list->next)
		if (!feed_has_own(xml, list->name))
			tag(f, list);
}

static bool
has_tag(const struct podcast_tag *list, const char *name)
{
	while (list != NULL && strcmp(list->name, name) != 0)
		list = list->next;
	return list != NULL;
}

/* tags/podping.md */
void
feed_podping(struct feed_writer *f)
{
	static const char name[] = "podcast:podping";
	const struct show *s = f->head.show;

	if (!s->podping || has_tag(s->podcast, name) ||
	    feed_has_own(&s->xml, name))
		return;
	xw_start(f->w, name);
	xw_attr(f->w, "usesPodping", "true");
	xw_end(f->w);
}

/* tags/episode.md, tags/season.md */
void
feed_numbers(struct feed_writer *f, const struct episode *e,
    const struct show_xml *xml)
{
	if (!has_tag(e->podcast, "podcast:season"))
		feed_counted(f, xml, "podcast:season", e->season);
	if (!has_tag(e->podcast, "podcast:episode"))
		feed_counted(f, xml, "podcast:episode", e->number);
}

bool
feed_has_own(const struct show_xml *xml, const char *name)
{
	size_t len = strlen(name);
	const char *p;

	if (xml == NULL || xml->names == NULL)
		return false;
	for (p = xml->names; (p = strstr(p, name)) != NULL; p += len)
		if (p[-1] == ' ' && p[len] == ' ')
			return true;
	return false;
}

/* As RFC 6381 has it, where that is sure: a container of MPEG-4 needs more than
 * the codec's name. */
static const char *
codecs_of(const struct media *m)
{
	static const char *const plain[] = { "opus", "vorbis", "flac" };
	size_t i;

	for (i = 0; m->codec != NULL && i < 3; i++)
		if (strcmp(m->codec, plain[i]) == 0 &&
		    strcmp(m->type, "audio/ogg") == 0)
			return plain[i];
	return NULL;
}

static void
number_attr(struct feed_writer *f, const char *name, int64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	if (value > 0)
		xw_attr(f->w, name, text);
}

static void
source(struct feed_writer *f, const char *uri)
{
	xw_start(f->w, "podcast:source");
	xw_attr(f->w, "uri", uri);
	xw_end(f->w);
}

/* tags/alternate-enclosure.md, tags/source.md. The audio of the enclosure is
 * among them, so that players know its title and bitrate, too. */
void
feed_alternates(struct feed_writer *f, const struct episode *e,
    const struct show_xml *xml)
{
	size_t i, k;

	if ((e->nrenditions == 0 && e->audio.nsources == 0 &&
	    e->audio.integrity == NULL) ||
	    feed_has_own(xml, "podcast:alternateEnclosure"))
		return;
	for (i = 0; i <= e->nrenditions; i++) {
		const struct media *m = show_media(e, i);

		xw_start(f->w, "podcast:alternateEnclosure");
		xw_attr(f->w, "type", m->type);
		number_attr(f, "length", m->length);
		number_attr(f, "bitrate", m->bitrate);
		number_attr(f, "height", m->height);
		optional_attr(f, "lang", m->language);
		optional_attr(f, "title", m->title);
		optional_attr(f, "rel", m->rel);
		optional_attr(f, "codecs", codecs_of(m));
		if (i == 0)
			xw_attr(f->w, "default", "true");
		source(f, m->url);
		for (k = 0; k < m->nsources; k++)
			source(f, m->sources[k]);
		if (m->integrity != NULL) {
			xw_start(f->w, "podcast:integrity");
			xw_attr(f->w, "type", m->integrity_type);
			xw_attr(f->w, "value", m->integrity);
			xw_end(f->w);
		}
		xw_end(f->w);
	}
}

void
feed_beside(struct feed_writer *f, const struct episode *e,
    const struct show_xml *xml)
{
	if (!feed_has_own(xml, "podcast:transcript"))
		transcripts(f, e);
	if (e->chapters != NULL && !feed_has_own(xml, "podcast:chapters")) {
		/* tags/chapters.md */
		xw_start(f->w, "podcast:chapters");
		xw_attr(f->w, "url", e->chapters);
		xw_attr(f->w, "type", "application/json+chapters");
		xw_end(f->w);
	}
	feed_psc(f, e, xml);
}

void
feed_history(struct feed_writer *f, void (*link)(struct feed_writer *f,
    const char *rel, const char *href))
{
	const struct feed_head *h = &f->head;
	const struct {
		const char *rel, *href;
	} links[] = {
		{ "current", h->current },
		{ "prev-archive", h->prev_archive },
		{ "next-archive", h->next_archive },
		{ "first", h->first }, { "previous", h->previous },
		{ "next", h->next }, { "last", h->last },
	};
	size_t i;

	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (links[i].href != NULL)
			link(f, links[i].rel, links[i].href);
	if (h->current == NULL && !h->complete)
		return;
	xw_start(f->w, h->complete ? "fh:complete" : "fh:archive");
	xw_end(f->w);
}

unsigned
feed_space(const char *prefix)
{
	size_t i = 0;

	while (strcmp(xml_fragment_spaces[i].prefix, prefix) != 0)
		i++;
	return 1U << i;
}

void
feed_spaces(struct feed_writer *f, unsigned spaces, bool rss)
{
	char name[64];
	size_t i;

	if (f->head.current != NULL || f->head.complete)
		spaces |= feed_space("fh");
	spaces = rss ? spaces | SPACES_ALWAYS :
	    (spaces & ~SPACES_NOT_ATOM) | SPACES_OF_ATOM;
	for (i = 0; i < xml_fragment_count; i++) {
		if ((spaces & 1U << i) == 0)
			continue;
		(void)snprintf(name, sizeof(name), "xmlns:%s",
		    xml_fragment_spaces[i].prefix);
		xw_attr(f->w, name, xml_fragment_spaces[i].uri);
	}
}

unsigned
feed_podcast_spaces(const struct episode *e)
{
	return (e->chapters != NULL || e->ntranscripts > 0 ?
	    SPACE_PODCAST : 0) | (feed_chapters_listed(e) > 0 ?
	    SPACE_PSC : 0);
}
