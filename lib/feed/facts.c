#include "feed/facts.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "feed/read_int.h"
#include "show/media_type.h"
#include "text/html.h"
#include "text/html_says.h"
#include "text/xml.h"

struct list {
	struct arena *a;
	struct feed_facts *out;
};

static void
add(struct list *l, const char *name, const char *shown, const char *key)
{
	struct feed_fact *f;

	if (key == NULL)
		return;
	l->out->list = feed_read_grow(l->a, l->out->list, l->out->n,
	    sizeof(*l->out->list));
	f = &l->out->list[l->out->n++];
	f->name = name;
	f->kind = name;
	f->shown = shown;
	f->key = key;
}

static void
line(struct list *l, const char *name, const char *value)
{
	add(l, name, value, value);
}

/* With what counts when nothing is said. */
static void
line_or(struct list *l, const char *name, const char *value,
    const char *otherwise)
{
	add(l, name, value, value != NULL ? value : otherwise);
}

static const char *
flag_word(enum feed_doc_flag flag)
{
	return flag == FEED_DOC_YES ? "yes" : flag == FEED_DOC_NO ? "no" :
	    NULL;
}

static bool
differs(const char *x, const char *y)
{
	return x != NULL && (y == NULL || strcmp(x, y) != 0);
}

/* What may not stand in an address, encoded. */
static const char *
encoded(struct list *l, const char *url)
{
	return url != NULL ? xw_resolve(l->a, "", url) : NULL;
}

static void
address(struct list *l, const char *name, const char *url)
{
	add(l, name, url, encoded(l, url));
}

static void
flag(struct list *l, const char *name, enum feed_doc_flag value,
    enum feed_doc_flag otherwise)
{
	const char *word = flag_word(otherwise);

	line_or(l, name, flag_word(value), word != NULL ? word : "no");
}

static void
number(struct list *l, const char *name, int64_t value)
{
	if (value > 0)
		line(l, name, arena_printf(l->a, "%" PRId64, value));
}

const char *
feed_facts_says(struct arena *a, const struct feed_doc_text *t)
{
	struct err ignored = ERR_INIT;
	struct buf said, escaped;
	const char *key;

	if (t->text == NULL)
		return NULL;
	buf_init(&said, 0);
	buf_init(&escaped, 0);
	if (!t->html)
		markup_escape(&escaped, t->text, strlen(t->text));
	if (markup_says(t->html ? t->text : escaped.data, t->html ?
	    strlen(t->text) : escaped.len, t->base, MARKUP_ALL, &said,
	    &ignored) == 0)
		key = arena_strndup(a, said.data, said.len);
	else
		key = feed_read_fold(a, t->text);
	buf_release(&escaped);
	buf_release(&said);
	return key;
}

static void
date(struct list *l, const char *name, const struct feed_doc_date *d,
    const struct feed_doc_date *otherwise)
{
	const struct feed_doc_date *use = d->written != NULL ? d : otherwise;
	char shown[DATE_TEXT_MAX];

	if (use == NULL || use->written == NULL)
		return;
	if (!use->known) {
		add(l, name, d->written, use->written);
		return;
	}
	date_rfc3339(&use->date, shown);
	add(l, name, d->written != NULL ? arena_strdup(l->a, shown) : NULL,
	    arena_printf(l->a, "%" PRId64, use->date.t));
}

/* What no value has in it (feed/read.h). */
#define BETWEEN "\x1f"

/* Labels and values of one thing in one line; a value that is missing is left
 * out with its label. */
static const char *
joined(struct list *l, const char *const (*parts)[2], size_t n,
    const char *between)
{
	struct buf b;
	const char *out;
	size_t i;

	buf_init(&b, 0);
	for (i = 0; i < n; i++) {
		if (parts[i][1] == NULL)
			continue;
		if (b.len > 0)
			buf_adds(&b, between);
		buf_adds(&b, parts[i][0]);
		buf_adds(&b, parts[i][1]);
	}
	out = arena_strndup(l->a, b.data, b.len);
	buf_release(&b);
	return out;
}

/* Shown with blanks between the values; but a value in which the words of
 * another one stand is not equal to both. */
static void
add_joined(struct list *l, const char *name, const char *const (*parts)[2],
    size_t n)
{
	add(l, name, joined(l, parts, n, " "), joined(l, parts, n, BETWEEN));
}

#define JOINED(l, name, parts) \
	add_joined(l, name, parts, sizeof(parts) / sizeof((parts)[0]))

static void
categories(struct list *l, const struct feed_doc_category *c, size_t n)
{
	struct buf shown, key;
	size_t i, k;

	buf_init(&shown, 0);
	buf_init(&key, 0);
	for (i = 0; i < n; i++) {
		buf_clear(&shown);
		buf_clear(&key);
		for (k = 0; k < c[i].npath; k++) {
			buf_addf(&shown, "%s%s", k > 0 ? " > " : "",
			    c[i].path[k]);
			buf_addf(&key, "%s" BETWEEN, c[i].path[k]);
		}
		if (c[i].scheme != NULL) {
			buf_addf(&shown, " (%s)", c[i].scheme);
			buf_addf(&key, "scheme=%s" BETWEEN, c[i].scheme);
		}
		if (c[i].label != NULL) {
			buf_addf(&shown, " \"%s\"", c[i].label);
			buf_addf(&key, "label=%s" BETWEEN, c[i].label);
		}
		add(l, "category", arena_strndup(l->a, shown.data, shown.len),
		    arena_strndup(l->a, key.data, key.len));
	}
	buf_release(&key);
	buf_release(&shown);
}

static void
keywords(struct list *l, const char *const *words, size_t n)
{
	struct buf b;
	size_t i;

	if (n == 0)
		return;
	buf_init(&b, 0);
	for (i = 0; i < n; i++)
		buf_addf(&b, "%s%s", i > 0 ? ", " : "", words[i]);
	line(l, "keywords", arena_strndup(l->a, b.data, b.len));
	buf_release(&b);
}

static void
funding(struct list *l, const struct feed_doc_funding *f, size_t n,
    const char *name)
{
	size_t i;

	for (i = 0; i < n && f[i].url != NULL; i++) {
		const char *const parts[][2] = {
			{ "", f[i].url }, { "", f[i].text }
		};

		JOINED(l, name, parts);
	}
}

static void
persons(struct list *l, const struct feed_doc_person *p, size_t n,
    const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const char *const parts[][2] = {
			{ "", p[i].name }, { "role=", p[i].role },
			{ "group=", p[i].group }, { "href=", p[i].href },
			{ "img=", p[i].img }, { "email=", p[i].email }
		};

		JOINED(l, name, parts);
	}
}

/* Who is a podcast:person too, with no less said of him, is told as that. */
static void
contributors(struct list *l, const struct feed_doc_person *c, size_t n,
    const struct feed_doc_person *p, size_t np)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < np; k++)
			if (strcmp(c[i].name, p[k].name) == 0 &&
			    !differs(c[i].href, p[k].href) &&
			    c[i].email == NULL)
				break;
		if (k == np)
			persons(l, &c[i], 1, "contributor");
	}
}

/* A single author who is but a name stands in `author`. */
static void
authors(struct list *l, const struct feed_doc_person *p, size_t n)
{
	if (n > 1 || (n == 1 && (p->email != NULL || p->href != NULL)))
		persons(l, p, n, "atom-author");
}

static void
unknown(struct list *l, const struct feed_doc_raw *raw, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		add(l, raw[i].name, feed_read_fold(l->a, raw[i].xml),
		    raw[i].canon);
		l->out->list[l->out->n - 1].kind = raw[i].full;
	}
}

static const char *
lower(struct arena *a, const char *value)
{
	char *copy = arena_strdup(a, value);
	size_t i;

	for (i = 0; copy != NULL && copy[i] != '\0'; i++)
		copy[i] = (char)tolower((unsigned char)copy[i]);
	return copy;
}

static void
channel_images(struct list *l, const struct feed_doc_channel *c)
{
	address(l, "image", c->image);
	if (differs(c->rss_image, c->image))
		line(l, "rss-image", c->rss_image);
	if (differs(c->rss_image_title, c->title))
		line(l, "rss-image-title", c->rss_image_title);
	if (differs(c->rss_image_link, c->link))
		line(l, "rss-image-link", c->rss_image_link);
	if (differs(c->icon, c->image))
		line(l, "icon", c->icon);
}

/* An Atom feed must have an author (RFC 4287 §4.1.1), and where nobody is
 * known it is the show. */
static const char *
author_of(const struct feed_doc *d)
{
	const struct feed_doc_channel *c = &d->channel;

	return c->author != NULL || d->format != FEED_DOC_ATOM ? c->author :
	    c->title;
}

void
feed_facts_channel(struct arena *a, const struct feed_doc *d,
    struct feed_facts *out)
{
	const struct feed_doc_channel *c = &d->channel;
	struct list l = { a, out };
	const char *description = feed_facts_says(a, &c->description);

	memset(out, 0, sizeof(*out));
	line(&l, "title", c->title);
	address(&l, "link", c->link);
	line(&l, "self-link", c->self);
	line(&l, "id", c->id);
	line_or(&l, "description", description, NULL);
	line_or(&l, "summary", feed_facts_says(a, &c->summary), description);
	line(&l, "subtitle", c->subtitle);
	add(&l, "language", c->language, lower(a, c->language));
	line(&l, "copyright", c->copyright);
	line_or(&l, "author", c->author, author_of(d));
	authors(&l, c->authors, c->nauthors);
	contributors(&l, c->contributors, c->ncontributors, c->persons,
	    c->npersons);
	line(&l, "owner-name", c->owner_name);
	line(&l, "owner-email", c->owner_email);
	line(&l, "managing-editor", c->managing_editor);
	line(&l, "web-master", c->web_master);
	channel_images(&l, c);
	categories(&l, c->categories, c->ncategories);
	keywords(&l, c->keywords, c->nkeywords);
	flag(&l, "explicit", c->is_explicit, FEED_DOC_NO);
	flag(&l, "block", c->block, FEED_DOC_NO);
	flag(&l, "complete", c->complete, FEED_DOC_NO);
	line_or(&l, "type", c->type, "episodic");
	line(&l, "new-feed-url", c->new_feed_url);
	add(&l, "podcast-guid", c->guid, lower(a, c->guid));
	line_or(&l, "medium", c->medium, "podcast");
	flag(&l, "locked", c->locked, FEED_DOC_NO);
	line(&l, "locked-owner", c->locked_owner);
	funding(&l, c->funding, c->nfunding, "funding");
	funding(&l, &c->payment, 1, "payment");
	persons(&l, c->persons, c->npersons, "person");
	line(&l, "docs", c->docs);
	line(&l, "ttl", c->ttl);
	unknown(&l, c->unknown, c->nunknown);
}

/* Players take the first one that they can play. */
static bool
is_played(const struct feed_doc_enclosure *e)
{
	const char *type = e->type != NULL ? e->type :
	    media_type_by_name(e->url);

	return type != NULL && media_type_of(type) == MEDIA_TYPE_SOUND;
}

static void
enclosures(struct list *l, const struct feed_doc_item *item, bool played)
{
	const struct feed_doc_enclosure *e;
	const char *type;
	size_t i;

	for (i = 0; i < item->nenclosures; i++) {
		e = &item->enclosures[i];
		if (is_played(e) != played)
			continue;
		type = e->type != NULL ? e->type : media_type_by_name(e->url);
		address(l, "enclosure-url", e->url);
		/* Every enclosure has these, so that the second one's is
		 * compared with the second one's. */
		add(l, "enclosure-type", e->type, type != NULL ? type : "");
		add(l, "enclosure-length", e->length >= 0 ?
		    arena_printf(l->a, "%" PRId64, e->length) : NULL,
		    arena_printf(l->a, "%" PRId64, e->length));
		add(l, "enclosure-title", e->title, e->title != NULL ?
		    e->title : item->title != NULL ? item->title : "");
	}
}

static void
chapters(struct list *l, const struct feed_doc_item *item)
{
	const struct feed_doc_chapter *c;
	char seconds[DATE_TEXT_MAX];
	size_t i;

	line(l, "chapters-url", item->chapters_url);
	line(l, "chapters-type", item->chapters_type);
	for (i = 0; i < item->nchapters; i++) {
		c = &item->chapters[i];
		date_duration(c->start_ms / 1000, seconds);
		const char *const parts[][2] = {
			{ "", arena_printf(l->a, "%s.%03d", seconds,
			    (int)(c->start_ms % 1000)) },
			{ "", c->title }, { "href=", c->href },
			{ "image=", c->image }
		};

		JOINED(l, "chapter", parts);
	}
}

static void
transcripts(struct list *l, const struct feed_doc_item *item)
{
	size_t i;

	for (i = 0; i < item->ntranscripts; i++) {
		const struct feed_doc_transcript *t = &item->transcripts[i];
		const char *const parts[][2] = {
			{ "", t->url }, { "type=", t->type },
			{ "language=", t->language }, { "rel=", t->rel }
		};

		JOINED(l, "transcript", parts);
	}
}

static void
soundbites(struct list *l, const struct feed_doc_item *item)
{
	size_t i;

	for (i = 0; i < item->nsoundbites; i++) {
		const struct feed_doc_soundbite *s = &item->soundbites[i];
		const char *const parts[][2] = {
			{ "", s->start }, { "duration=", s->duration },
			{ "", s->title }
		};

		JOINED(l, "soundbite", parts);
	}
}

static void
numbers(struct list *l, const struct feed_doc_item *item)
{
	char shown[DATE_TEXT_MAX];
	const char *episode = item->episode > 0 ?
	    arena_printf(l->a, "%" PRId64, item->episode) : NULL;

	if (item->duration >= 0) {
		date_duration(item->duration, shown);
		add(l, "duration", arena_strdup(l->a, shown),
		    arena_printf(l->a, "%" PRId64, item->duration));
	}
	number(l, "season", item->season);
	line(l, "season-name", item->season_name);
	line(l, "episode", episode);
	line_or(l, "podcast-episode", item->podcast_episode, episode);
	line(l, "episode-display", item->episode_display);
}

void
feed_facts_item(struct arena *a, const struct feed_doc *d,
    const struct feed_doc_item *item, struct feed_facts *out)
{
	const struct feed_doc_channel *c = &d->channel;
	struct list l = { a, out };
	const char *description = feed_facts_says(a, &item->description);

	memset(out, 0, sizeof(*out));
	line(&l, "title", item->title);
	line_or(&l, "itunes-title", item->itunes_title, item->title);
	address(&l, "link", item->link);
	date(&l, "date", &item->date, NULL);
	date(&l, "updated", &item->updated, &item->date);
	line_or(&l, "description", description, NULL);
	line_or(&l, "content", feed_facts_says(a, &item->content), description);
	line_or(&l, "summary", feed_facts_says(a, &item->summary), description);
	line(&l, "subtitle", item->subtitle);
	enclosures(&l, item, true);
	enclosures(&l, item, false);
	numbers(&l, item);
	add(&l, "image", item->image, encoded(&l, item->image != NULL ?
	    item->image : c->image));
	flag(&l, "explicit", item->is_explicit, c->is_explicit);
	flag(&l, "block", item->block, FEED_DOC_NO);
	line_or(&l, "type", item->type, "full");
	line_or(&l, "author", item->author, author_of(d));
	line(&l, "rss-author", item->rss_author);
	authors(&l, item->authors, item->nauthors);
	contributors(&l, item->contributors, item->ncontributors,
	    item->persons, item->npersons);
	persons(&l, item->persons, item->npersons, "person");
	keywords(&l, item->keywords, item->nkeywords);
	categories(&l, item->categories, item->ncategories);
	chapters(&l, item);
	transcripts(&l, item);
	soundbites(&l, item);
	funding(&l, item->funding, item->nfunding, "funding");
	funding(&l, &item->payment, 1, "payment");
	line(&l, "comments", item->comments);
	line(&l, "orig-link", item->orig_link);
	line(&l, "orig-enclosure", item->orig_enclosure);
	unknown(&l, item->unknown, item->nunknown);
}
