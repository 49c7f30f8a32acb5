/* An item as front matter and notes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed/facts.h"
#include "feed/feed.h"
#include "feed/import_int.h"
#include "feed/read_int.h"
#include "show/episode_more.h"
#include "show/media_type.h"
#include "show/people.h"
#include "show/transcripts.h"
#include "text/front.h"
#include "text/front_write.h"
#include "text/html.h"
#include "text/markdown.h"

/* What the keys of the front matter say, so that the element need not be
 * kept. */
enum {
	SAYS_ALWAYS = 1 << 0,	/* guid, notes: they have keys of their own */
	SAYS_TITLE = 1 << 1,
	SAYS_ITUNES_TITLE = 1 << 2,
	SAYS_LINK = 1 << 3,
	SAYS_DATE = 1 << 4,
	SAYS_UPDATED = 1 << 5,
	SAYS_IMAGE = 1 << 6,
	SAYS_DURATION = 1 << 7,
	SAYS_NUMBER = 1 << 8,
	SAYS_DISPLAY = 1 << 9,
	SAYS_SEASON = 1 << 10,
	SAYS_SEASON_NAME = 1 << 11,
	SAYS_SUMMARY = 1 << 12,
	SAYS_TAGS = 1 << 13,
	SAYS_PEOPLE = 1 << 14,
	SAYS_TRANSCRIPTS = 1 << 15,
	SAYS_CHAPTERS = 1 << 16,
	SAYS_AUTHOR = 1 << 17,
	SAYS_ATOM_AUTHOR = 1 << 18,
	SAYS_ATOM_ID = 1 << 19,
	SAYS_PSC = 1 << 20,
	SAYS_CREATOR = 1 << 21
};

static const struct {
	const char *ns, *name;
	unsigned says;
} elements[] = {
	{ FEED_NS_NONE, "title", SAYS_TITLE },
	{ FEED_NS_NONE, "link", SAYS_LINK },
	{ FEED_NS_NONE, "description", SAYS_ALWAYS },
	{ FEED_NS_NONE, "pubDate", SAYS_DATE },
	{ FEED_NS_NONE, "category", SAYS_TAGS },
	{ FEED_NS_CONTENT, "encoded", SAYS_ALWAYS },
	{ FEED_NS_ITUNES, "title", SAYS_ITUNES_TITLE },
	{ FEED_NS_ITUNES, "summary", SAYS_SUMMARY },
	{ FEED_NS_ITUNES, "image", SAYS_IMAGE },
	{ FEED_NS_ITUNES, "duration", SAYS_DURATION },
	{ FEED_NS_ITUNES, "explicit", SAYS_ALWAYS },
	{ FEED_NS_ITUNES, "episode", SAYS_NUMBER },
	{ FEED_NS_ITUNES, "season", SAYS_SEASON },
	{ FEED_NS_ITUNES, "episodeType", SAYS_ALWAYS },
	{ FEED_NS_ITUNES, "author", SAYS_AUTHOR },
	{ FEED_NS_PODCAST, "episode", SAYS_DISPLAY },
	{ FEED_NS_PODCAST, "season", SAYS_SEASON_NAME },
	{ FEED_NS_PODCAST, "person", SAYS_PEOPLE },
	{ FEED_NS_PODCAST, "transcript", SAYS_TRANSCRIPTS },
	{ FEED_NS_PODCAST, "chapters", SAYS_CHAPTERS },
	{ FEED_NS_PSC, "chapters", SAYS_PSC },
	{ FEED_NS_ATOM, "id", SAYS_ATOM_ID },
	{ FEED_NS_ATOM, "title", SAYS_TITLE },
	{ FEED_NS_ATOM, "published", SAYS_DATE },
	{ FEED_NS_ATOM, "issued", SAYS_DATE },
	{ FEED_NS_ATOM, "updated", SAYS_UPDATED },
	{ FEED_NS_ATOM, "modified", SAYS_UPDATED },
	{ FEED_NS_ATOM, "summary", SAYS_ALWAYS },
	{ FEED_NS_ATOM, "content", SAYS_ALWAYS },
	{ FEED_NS_ATOM, "author", SAYS_ATOM_AUTHOR },
	{ FEED_NS_DC, "creator", SAYS_CREATOR },
	{ FEED_NS_DC, "title", SAYS_TITLE },
	{ FEED_NS_DC, "date", SAYS_DATE },
	{ FEED_NS_DC, "description", SAYS_ALWAYS },
	{ FEED_NS_DCTERMS, "modified", SAYS_UPDATED },
	{ FEED_NS_MEDIA, "content", SAYS_ALWAYS },
	{ FEED_NS_MEDIA, "thumbnail", SAYS_IMAGE }
};

struct writer {
	struct import *im;
	const struct import_item *it;
	const struct feed_doc_item *d;
	struct buf *out;
	struct import_xml xml;
	const char **tags;
	size_t ntags;
};

/* The plain categories, each once and without more than a word. */
static bool
take_tags(struct writer *w)
{
	const struct xr_node *n;
	struct strmap seen = STRMAP_INIT;
	const char *text;
	bool sound = true;

	for (n = w->d->element->first; n != NULL; n = n->next) {
		if (!feed_ns_is(n, FEED_NS_NONE, "category"))
			continue;
		text = feed_read_fold(&w->im->arena,
		    xr_text(&w->im->arena, n));
		sound = sound && n->attrs == NULL;
		if (text == NULL)
			continue;
		if (!import_is_clean(text) || w->ntags == TAGS_MAX ||
		    strmap_put(&seen, text, 0) != STRMAP_NONE) {
			sound = false;
			continue;
		}
		w->tags = feed_read_grow(&w->im->arena, w->tags, w->ntags,
		    sizeof(*w->tags));
		w->tags[w->ntags++] = text;
	}
	strmap_release(&seen);
	return sound;
}

static bool
says_transcripts(const struct feed_doc_item *d)
{
	const struct feed_doc_transcript *t;
	size_t i;

	for (i = 0; i < d->ntranscripts; i++) {
		t = &d->transcripts[i];
		if (!import_is_address(t->url) || t->type == NULL ||
		    strchr(t->type, '/') == NULL || !import_is_clean(t->type) ||
		    !import_is_clean(t->language) || !import_is_clean(t->rel))
			return false;
	}
	return d->ntranscripts <= TRANSCRIPTS_MAX;
}

static bool
says_chapters(const struct import *im, const struct feed_doc_item *d)
{
	return d->chapters_url == NULL || (import_is_address(d->chapters_url) &&
	    (import_local(im, d->chapters_url) != NULL ||
	    (d->chapters_type != NULL && strcmp(d->chapters_type,
	    "application/json+chapters") == 0)));
}

static bool
is_number(struct arena *a, const char *text, int64_t number)
{
	return text != NULL && strcmp(text, arena_printf(a, "%" PRId64,
	    number)) == 0;
}

static unsigned
says_numbers(const struct writer *w)
{
	const struct feed_doc_item *d = w->d;
	unsigned says = 0;

	if (d->episode == w->it->number)
		says |= SAYS_NUMBER;
	if (d->podcast_episode == NULL || (d->episode_display == NULL &&
	    w->it->number > 0 && is_number(&w->im->arena, d->podcast_episode,
	    w->it->number)))
		says |= SAYS_DISPLAY;
	if (d->season <= 0xfffffff)
		says |= SAYS_SEASON;
	if (d->season_name == NULL)
		says |= says & SAYS_SEASON ? SAYS_SEASON_NAME : 0;
	if (d->duration > 0 || d->duration_written == NULL)
		says |= SAYS_DURATION;
	return says;
}

static unsigned
says_texts(const struct writer *w)
{
	const struct feed_doc_item *d = w->d;
	struct arena *a = &w->im->arena;
	const char *author = w->im->doc->channel.author;
	bool same_author = import_same(d->author, author);
	unsigned says = 0;

	if (d->title != NULL && strcmp(d->title, w->it->title) == 0)
		says |= SAYS_TITLE;
	if (d->itunes_title == NULL || import_same(d->itunes_title, d->title))
		says |= SAYS_ITUNES_TITLE;
	if (d->summary.text == NULL || import_same(feed_facts_says(a,
	    &d->summary), feed_facts_says(a, &d->description)))
		says |= SAYS_SUMMARY;
	if (d->author == NULL || same_author)
		says |= SAYS_AUTHOR;
	if (d->nauthors == 1 && d->authors[0].email == NULL &&
	    d->authors[0].href == NULL && same_author)
		says |= SAYS_ATOM_AUTHOR;
	return says;
}

static unsigned
says_dates(const struct writer *w)
{
	const struct feed_doc_item *d = w->d;
	unsigned says = 0;

	if (w->it->dated)
		says |= SAYS_DATE;
	if (d->updated.written == NULL || (d->updated.known &&
	    d->date.known && d->updated.date.t == d->date.date.t))
		says |= SAYS_UPDATED;
	return says;
}

static unsigned
says(struct writer *w)
{
	const struct feed_doc_item *d = w->d;
	struct arena *a = &w->im->arena;
	unsigned says = SAYS_ALWAYS | says_numbers(w) | says_texts(w) |
	    says_dates(w);

	if (import_address(a, d->link) != NULL)
		says |= SAYS_LINK;
	if (d->image == NULL || import_address(a, d->image) != NULL)
		says |= SAYS_IMAGE;
	if (take_tags(w))
		says |= SAYS_TAGS;
	if (w->im->doc->format != FEED_DOC_ATOM ||
	    feed_atom_is_id(w->it->guid))
		says |= SAYS_ATOM_ID;
	if (import_people_said(d))
		says |= SAYS_PEOPLE;
	if (import_creator_said(w->im, d))
		says |= SAYS_CREATOR;
	if (says_transcripts(d))
		says |= SAYS_TRANSCRIPTS;
	if (says_chapters(w->im, d))
		says |= SAYS_CHAPTERS;
	if (import_chapters_said(&w->xml, d))
		says |= SAYS_PSC;
	return says;
}

/* The link and the enclosures have keys, and elements of their own here. */
static bool
is_link_said(const struct writer *w, const struct xr_node *n)
{
	const char *rel = xr_attr(n, "", "rel"), *href;

	if (!feed_ns_is(n, FEED_NS_ATOM, "link"))
		return false;
	if (rel != NULL && strcasecmp(rel, "enclosure") == 0)
		return true;
	href = xr_attr(n, "", "href");
	return (rel == NULL || strcasecmp(rel, "alternate") == 0) &&
	    href != NULL && w->d->link != NULL &&
	    import_address(&w->im->arena, w->d->link) != NULL &&
	    strcmp(href, w->d->link) == 0 &&
	    xr_attr(n, "", "title") == NULL &&
	    xr_attr(n, "", "hreflang") == NULL;
}

static bool
must_keep(const struct writer *w, const struct xr_node *n, unsigned said)
{
	size_t i;

	if (feed_ns_is(n, FEED_NS_NONE, "guid") ||
	    feed_ns_is(n, FEED_NS_NONE, "enclosure") || is_link_said(w, n))
		return false;
	if (import_xml_is_unknown(&w->xml, n))
		return true;
	for (i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (feed_ns_is(n, elements[i].ns, elements[i].name))
			return (said & elements[i].says) == 0;
	return !import_xml_is_empty(n);
}

static void
keep_enclosures(struct writer *w)
{
	size_t i;

	for (i = 0; i < w->d->nenclosures; i++)
		if (&w->d->enclosures[i] != w->it->audio)
			import_xml_enclosure(&w->xml, &w->d->enclosures[i]);
}

/* Elements that are not there must not come from the facts either; an empty one
 * is kept as it stands. */
static void
keep_absence(struct writer *w)
{
	const struct xr_node *n = w->d->element;

	if (w->d->title == NULL && !import_xml_has(n, FEED_NS_NONE, "title"))
		import_xml_add(&w->xml, "title", NULL);
	if (!w->it->dated && !import_xml_has(n, FEED_NS_NONE, "pubDate"))
		import_xml_add(&w->xml, "pubDate", NULL);
}

static void
keep_elements(struct writer *w)
{
	unsigned said = says(w);
	const struct xr_node *n;

	keep_absence(w);
	for (n = w->d->element->first; n != NULL; n = n->next)
		if (n->name != NULL && must_keep(w, n, said))
			import_xml_keep(&w->xml, n);
	keep_enclosures(w);
}

static void
text(struct writer *w, const char *key, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	buf_addf(w->out, "%s: ", key);
	front_write_text(w->out, value);
	buf_addc(w->out, '\n');
}

static void
number(struct writer *w, const char *key, int64_t value)
{
	if (value > 0)
		buf_addf(w->out, "%s: %" PRId64 "\n", key, value);
}

static void
address(struct writer *w, const char *key, const char *url)
{
	text(w, key, import_address(&w->im->arena, url));
}

static bool
is_web(const char *url)
{
	return strncasecmp(url, "http://", 7) == 0 ||
	    strncasecmp(url, "https://", 8) == 0;
}

static void
identity(struct writer *w)
{
	const struct feed_doc_item *d = w->d;
	char date[DATE_TEXT_MAX];

	text(w, "title", w->it->title);
	date_rfc3339(&w->it->date, date);
	buf_addf(w->out, "date: %s%s\n", date, w->it->dated ? "" :
	    "  # the feed has none");
	number(w, "number", w->it->number);
	number(w, "season", d->season <= 0xfffffff ? d->season : 0);
	text(w, "guid", w->it->guid);
	if (d->guid != NULL && d->permalink && is_web(d->guid))
		buf_adds(w->out, "guid_is_link: true\n");
}

/* "x-audio/mp3", "mp3" and the like are meant to be the type of MP3. */
static const char *
type_of(const char *type)
{
	if (media_type_of(type) == MEDIA_TYPE_SOUND)
		return type;
	return strstr(type, "mp3") != NULL ? "audio/mpeg" : NULL;
}

static void
audio(struct writer *w)
{
	const struct feed_doc_enclosure *e = w->it->audio;
	char duration[DATE_TEXT_MAX];
	const char *local;

	if (e != NULL) {
		local = import_local(w->im, w->it->audio_url);
		text(w, "audio", local != NULL ? local : w->it->audio_url);
		number(w, "length", e->length);
	}
	if (w->d->duration > 0) {
		date_duration(w->d->duration, duration);
		buf_addf(w->out, "duration: %s\n", duration);
	}
	if (e != NULL && e->type != NULL)
		text(w, "type", type_of(e->type));
}

static void
picture(struct writer *w)
{
	const char *local = import_local(w->im,
	    import_address(&w->im->arena, w->d->image));

	if (local != NULL)
		text(w, "image", arena_printf(&w->im->arena, "%s%s",
		    import_media_url(w->im), local));
	else
		address(w, "image", w->d->image);
	address(w, "link", w->d->link);
}

static void
states(struct writer *w)
{
	const struct feed_doc_item *d = w->d;
	bool show = w->im->doc->channel.is_explicit == FEED_DOC_YES;
	char date[DATE_TEXT_MAX];

	if (d->is_explicit != FEED_DOC_UNSAID &&
	    (d->is_explicit == FEED_DOC_YES) != show)
		buf_addf(w->out, "explicit: %s\n",
		    d->is_explicit == FEED_DOC_YES ? "true" : "false");
	if (d->type != NULL && strcmp(d->type, "full") != 0)
		text(w, "episode_type", d->type);
	if (w->it->audio == NULL)
		buf_adds(w->out, "draft: true\n");
	if (d->updated.known && d->updated.date.t > w->it->date.t) {
		date_rfc3339(&d->updated.date, date);
		buf_addf(w->out, "updated: %s\n", date);
	}
}

static void
inner(struct writer *w, bool first, const char *key, const char *value)
{
	if (value == NULL || value[0] == '\0' || !import_is_clean(value))
		return;
	buf_addf(w->out, "  %s %s: ", first ? "-" : " ", key);
	front_write_text(w->out, value);
	buf_addc(w->out, '\n');
}

static void
people(struct writer *w)
{
	const struct feed_doc_person *p;
	bool any = false;
	size_t i;

	for (i = 0; i < w->d->npersons && i < PEOPLE_MAX; i++) {
		p = &w->d->persons[i];
		if (p->name[0] == '\0' || !import_is_clean(p->name))
			continue;
		if (!any)
			buf_adds(w->out, "people:\n");
		any = true;
		inner(w, true, "name", p->name);
		inner(w, false, "role", p->role);
		inner(w, false, "group", p->group);
		if (import_is_address(p->href))
			inner(w, false, "href", p->href);
		if (import_is_address(p->img))
			inner(w, false, "img", p->img);
	}
}

static void
tags(struct writer *w)
{
	size_t i;

	if (w->ntags > 0)
		buf_adds(w->out, "tags:\n");
	for (i = 0; i < w->ntags; i++) {
		buf_adds(w->out, "  - ");
		front_write_text(w->out, w->tags[i]);
		buf_addc(w->out, '\n');
	}
}

static void
transcripts(struct writer *w)
{
	const struct feed_doc_transcript *t;
	const char *local;
	size_t i;

	if (w->d->ntranscripts == 0 || !says_transcripts(w->d))
		return;
	buf_adds(w->out, "transcripts:\n");
	for (i = 0; i < w->d->ntranscripts; i++) {
		t = &w->d->transcripts[i];
		local = import_local(w->im, t->url);
		inner(w, true, local != NULL ? "file" : "url",
		    local != NULL ? local : t->url);
		inner(w, false, "type", t->type);
		inner(w, false, "language", t->language);
		inner(w, false, "rel", t->rel);
	}
}

static void
chapters(struct writer *w)
{
	const char *local = import_local(w->im, w->d->chapters_url);

	if (import_chapters_said(&w->xml, w->d))
		import_chapters(w->d, w->out);
	else if (local != NULL)
		text(w, "chapters", local);
	else
		address(w, "chapters", w->d->chapters_url);
}

static void
write_front(struct writer *w, const char *summary)
{
	keep_elements(w);
	buf_adds(w->out, "---\n");
	identity(w);
	audio(w);
	picture(w);
	text(w, "summary", summary);
	states(w);
	people(w);
	tags(w);
	transcripts(w);
	chapters(w);
	if (w->xml.text.len > 0) {
		buf_adds(w->out, "xml: ");
		front_write_xml(w->out, w->xml.text.data);
	}
	buf_adds(w->out, "---\n");
}

int
import_episode(struct import *im, size_t i, struct buf *out, struct err *err)
{
	struct writer w = { .im = im, .it = &im->items[i], .out = out };
	const char *summary = NULL;
	struct buf notes;
	int rc;

	w.d = w.it->doc;
	w.xml.unknown = w.d->unknown;
	w.xml.nunknown = w.d->nunknown;
	buf_init(&w.xml.text, 0);
	buf_init(&notes, MARKDOWN_MAX);
	rc = import_notes(im, w.it, &notes, &summary, &w.xml, err);
	if (rc == 0) {
		write_front(&w, summary);
		rc = import_xml_check(&w.xml, "item", err);
	}
	if (rc == 0 && out->len > FRONT_MAX)
		rc = err_set(err, ERR_INPUT, "the facts of this item are more "
		    "than %zu KiB", FRONT_MAX >> 10);
	if (rc == 0 && notes.len > 0) {
		buf_addc(out, '\n');
		buf_add(out, notes.data, notes.len);
	}
	buf_release(&notes);
	buf_release(&w.xml.text);
	if (rc != 0)
		err_at(err, im->doc->file, w.d->line);
	return rc;
}
