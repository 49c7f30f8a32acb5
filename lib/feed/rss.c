/*
 * RSS 2.0 with what podcast directories read, as Apple's requirements and
 * the Podcast Standards Project's PSP-1 stand today.
 *
 * Left out on purpose: itunes:owner (Apple asks for it to go, since the
 * address in it is harvested), itunes:summary, itunes:subtitle,
 * itunes:keywords (no longer read), and itunes:title (titles carry no
 * numbers here, so that it would say the same again). An episode's or show's
 * own XML may have them. An element that stands in that stands instead of what
 * the facts would give, but for guid, enclosure and atom:link, which come
 * from the facts in any case.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/chapters.h"
#include "feed/feed_int.h"
#include "text/html.h"
#include "text/html_brief.h"
#include "text/utf8.h"

/* Apple counts bytes of a description; the CDATA marks are counted too. */
#define DESCRIPTION_MAX 4000
#define CDATA_MARKS 12

static const char *
truth(bool yes)
{
	return yes ? "true" : "false";
}

static void
title(struct feed_writer *f, const struct show_xml *xml, const char *text)
{
	if (text == NULL || *text == '\0' || feed_has_own(xml, "title"))
		return;
	xw_start(f->w, "title");
	xw_plain(f->w, text);
	xw_end(f->w);
}

static void
link_rss(struct feed_writer *f, const char *rel, const char *href)
{
	xw_start(f->w, "atom:link");
	xw_attr(f->w, "href", href);
	xw_attr(f->w, "rel", rel);
	if (strcmp(rel, "hub") != 0)
		xw_attr(f->w, "type", "application/rss+xml");
	xw_end(f->w);
}

static int
rss_head(struct feed_writer *f, struct err *err)
{
	const struct show *s = f->head.show;
	const struct show_xml *xml = &s->xml;
	struct xw *w = f->w;
	char date[DATE_TEXT_MAX];
	size_t i;

	(void)err;
	xw_start(w, "rss");
	xw_attr(w, "version", "2.0");
	feed_spaces(f, f->head.spaces | s->xml.spaces, true);
	xw_start(w, "channel");
	title(f, xml, s->title);
	/* Both are required elements, whatever the show says. */
	feed_told(f, xml, "link", s->link != NULL ? s->link : f->head.self_url);
	feed_told(f, xml, "description",
	    s->description != NULL ? s->description : s->title);
	/* "und" is the tag of what is not known (RFC 5646 §4.1). */
	if (s->language == NULL || strcmp(s->language, "und") != 0)
		feed_told(f, xml, "language", s->language);
	feed_told(f, xml, "copyright", s->copyright);
	link_rss(f, "self", f->head.self_url);
	for (i = 0; i < s->nhubs; i++)
		link_rss(f, "hub", s->hubs[i]);
	feed_history(f, link_rss);
	date_rfc5322(&f->head.updated, date);
	xw_element(w, "lastBuildDate", date);
	xw_element(w, "generator", "showmill");
	feed_told(f, xml, "itunes:author", s->author);
	feed_categories(f);
	feed_told(f, xml, "itunes:explicit", truth(s->is_explicit));
	feed_image(f, xml, s->image);
	feed_told(f, xml, "itunes:type", s->type);
	/* Any other value says nothing. */
	feed_told(f, xml, "itunes:block", s->block ? "Yes" : NULL);
	feed_told(f, xml, "itunes:complete", s->complete ? "Yes" : NULL);
	feed_told(f, xml, "itunes:new-feed-url", s->new_feed_url);
	feed_told(f, xml, "podcast:guid", s->guid);
	if (!feed_has_own(xml, "podcast:person"))
		feed_people(f, s->hosts, s->nhosts);
	feed_podcast(f, s->podcast, xml);
	feed_podping(f);
	if (s->xml.text != NULL)
		xw_elements(w, s->xml.text);
	return 0;
}

static void
add_escaped(struct buf *b, const char *text)
{
	markup_escape(b, text, strlen(text));
}

/* A link whose text is the address itself: right in every language. */
static void
add_link(struct buf *b, const char *url)
{
	const char *shown = strstr(url, "://");

	buf_adds(b, "<p><a href=\"");
	add_escaped(b, url);
	buf_adds(b, "\">");
	add_escaped(b, shown != NULL ? shown + 3 : url);
	buf_adds(b, "</a></p>");
}

static void
marked_up(struct feed_writer *f, const char *name, const char *html)
{
	xw_start(f->w, name);
	xw_cdata(f->w, html);
	xw_end(f->w);
}

/* The most bytes of text that take at most max when escaped. */
static size_t
fitting(const char *text, size_t max)
{
	size_t n, cost, total = 0;

	for (n = 0; text[n] != '\0'; n++) {
		cost = strchr("&<>\"'", text[n]) != NULL ? 6 : 1;
		if (cost > max - total)
			break;
		total += cost;
	}
	return n;
}

/* A paragraph of at most max bytes; one that is too long ends with a whole
 * word and an ellipsis. */
static void
add_paragraph(struct buf *b, const char *text, size_t max)
{
	static const char tags[] = "<p></p>", more[] = "\xe2\x80\xa6";
	size_t len = strlen(text), n, word;

	max -= sizeof(tags) - 1;
	n = fitting(text, max);
	if (n < len) {
		n = fitting(text, max - (sizeof(more) - 1));
		n = utf8_prefix(text, len, n);
		for (word = n; word > 0 && text[word] != ' '; word--)
			;
		if (word > n / 2)
			n = word;
	}
	buf_adds(b, "<p>");
	markup_escape(b, text, n);
	if (n < len)
		buf_adds(b, more);
	buf_adds(b, "</p>");
}

/* The notes in what Apple takes in a description, as far as there is room;
 * false: not a block of them fits. */
static bool
brief(struct feed_writer *f, const struct feed_item *item, size_t room,
    bool *cut)
{
	struct err ignored = ERR_INIT;

	*cut = true;
	return f->head.show->brief_notes &&
	    item->episode->summary == NULL && item->html != NULL &&
	    markup_brief(item->html, strlen(item->html), room, &f->scratch,
	    cut, &ignored) == 0 && f->scratch.len > 0;
}

/* What was written as a summary, else the notes in the few elements that Apple
 * takes; the whole notes are in content:encoded. */
static void
summary(struct feed_writer *f, const struct feed_item *item, const char *link)
{
	size_t room = DESCRIPTION_MAX - CDATA_MARKS, linked = 0;
	struct buf *b = &f->scratch, lines;
	bool cut;

	buf_init(&lines, 0);
	(void)feed_chapters_lines(f->head.show, item->episode, &lines);
	buf_clear(b);
	if (link != NULL) {
		add_link(b, link);
		linked = b->len;
		buf_clear(b);
	}
	if (linked > (room - lines.len) / 2)
		linked = 0;
	/* Notes that stand there whole have their own time stamps. */
	if (lines.len > 0 && item->episode->chapters_from == CHAPTERS_NOTES &&
	    brief(f, item, room - linked, &cut) && !cut) {
		buf_clear(&lines);
	} else {
		room -= lines.len;
		buf_clear(b);
		if (!brief(f, item, room - linked, &cut) &&
		    item->summary != NULL && *item->summary != '\0')
			add_paragraph(b, item->summary, room - linked);
	}
	if (linked > 0)
		add_link(b, link);
	buf_add(b, lines.data, lines.len);
	buf_release(&lines);
	if (b->len > 0)
		marked_up(f, "description", b->data);
}

/* The whole notes, and the chapters behind them where they do not come from
 * there. */
static void
whole_notes(struct feed_writer *f, const struct feed_item *item)
{
	struct buf *b = &f->scratch;

	buf_clear(b);
	buf_adds(b, item->html);
	if (item->episode->chapters_from != CHAPTERS_NOTES)
		(void)feed_chapters_lines(f->head.show, item->episode, b);
	marked_up(f, "description", b->data);
}

/* The notes stand in one place: where descriptions are the whole notes, there
 * is content:encoded only behind a description that is something else. */
static void
notes(struct feed_writer *f, const struct feed_item *item)
{
	const struct episode *e = item->episode;
	bool whole = f->head.show->whole_notes && e->summary == NULL;
	bool own = feed_has_own(&e->xml, "description");
	bool any = item->html != NULL && *item->html != '\0';

	if (!own && whole && any)
		whole_notes(f, item);
	else if (!own && !whole)
		summary(f, item, f->head.show->whole_notes ? NULL : e->link);
	if (any && (own || !whole) &&
	    !feed_has_own(&e->xml, "content:encoded"))
		marked_up(f, "content:encoded", item->html);
}

static void
enclosure(struct feed_writer *f, const struct media *m)
{
	char length[24];

	(void)snprintf(length, sizeof(length), "%" PRId64, m->length);
	xw_start(f->w, "enclosure");
	xw_attr(f->w, "url", m->url);
	xw_attr(f->w, "length", length);
	xw_attr(f->w, "type", m->type);
	xw_end(f->w);
}

static void
guid(struct feed_writer *f, const struct episode *e)
{
	xw_start(f->w, "guid");
	xw_attr(f->w, "isPermaLink", truth(e->guid_is_link));
	xw_text(f->w, e->guid);
	xw_end(f->w);
}

static int
rss_item(struct feed_writer *f, const struct feed_item *item, struct err *err)
{
	const struct episode *e = item->episode;
	const struct show_xml *xml = &e->xml;
	struct xw *w = f->w;
	char date[DATE_TEXT_MAX];
	size_t i;

	(void)err;
	xw_start(w, "item");
	title(f, xml, e->title);
	feed_told(f, xml, "link", e->link);
	guid(f, e);
	date_rfc5322(&e->date, date);
	feed_told(f, xml, "pubDate", date);
	notes(f, item);
	if (e->audio.url != NULL) {
		enclosure(f, &e->audio);
		feed_alternates(f, e, xml);
		feed_group(f, e);
	}
	feed_counted(f, xml, "itunes:duration", e->audio.duration);
	feed_counted(f, xml, "itunes:episode", e->number);
	feed_counted(f, xml, "itunes:season", e->season);
	feed_numbers(f, e, xml);
	feed_told(f, xml, "itunes:episodeType", e->type);
	feed_told(f, xml, "itunes:explicit", truth(e->is_explicit));
	feed_told(f, xml, "itunes:block", e->block ? "Yes" : NULL);
	feed_image(f, xml, e->image);
	feed_thumbnail(f, e);
	for (i = 0; i < e->ntags && !feed_has_own(xml, "category"); i++)
		xw_element(w, "category", e->tags[i]);
	if (!feed_has_own(xml, "podcast:person"))
		feed_people(f, e->people, e->npeople);
	feed_creator(f, e);
	feed_beside(f, e, xml);
	feed_podcast(f, e->podcast, xml);
	if (xml->text != NULL)
		xw_elements(w, xml->text);
	xw_end(w);
	return 0;
}

const struct feed_kind feed_rss = { rss_head, rss_item, NULL };
