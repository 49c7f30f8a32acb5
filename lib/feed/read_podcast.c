/* Podcasting 2.0, Podlove Simple Chapters and Media RSS. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed/read_int.h"
#include "show/people.h"

TAKER(feed_take_person)
{
	struct feed_doc_channel *c = &r->doc->channel;
	const char *name = feed_read_line(r, n);
	struct feed_doc_person *p;

	(void)slot;
	p = r->item != NULL ?
	    FEED_PUSH(r, r->item->persons, r->item->npersons) :
	    FEED_PUSH(r, c->persons, c->npersons);
	p->name = name != NULL ? name : "";
	p->role = feed_read_attr(r, n, "role");
	p->group = feed_read_attr(r, n, "group");
	p->img = feed_read_url(r, n, feed_read_attr(r, n, "img"));
	p->href = feed_read_url(r, n, feed_read_attr(r, n, "href"));
	p->line = n->line;
	return FEED_TAKEN;
}

TAKER(feed_take_funding)
{
	struct feed_doc_channel *c = &r->doc->channel;
	const char *url = feed_read_url(r, n, feed_read_attr(r, n, "url"));
	struct feed_doc_funding *f;

	(void)slot;
	if (url == NULL)
		return FEED_NOT;
	f = r->item != NULL ?
	    FEED_PUSH(r, r->item->funding, r->item->nfunding) :
	    FEED_PUSH(r, c->funding, c->nfunding);
	f->url = url;
	f->text = feed_read_line(r, n);
	f->line = n->line;
	return FEED_TAKEN;
}

TAKER(feed_take_locked)
{
	struct feed_doc_channel *c = &r->doc->channel;
	enum feed_taken taken = feed_take_yes(r, n, &c->locked);

	(void)slot;
	if (taken == FEED_TAKEN)
		taken = feed_read_set(&c->locked_owner,
		    feed_read_attr(r, n, "owner"));
	return taken;
}

TAKER(feed_take_season)
{
	struct feed_doc_item *item = r->item;
	int64_t number = feed_read_number(feed_read_line(r, n));

	(void)slot;
	if (number < 1 || (item->season != 0 && item->season != number) ||
	    item->season_name != NULL)
		return FEED_NOT;
	item->season = number;
	item->season_name = feed_read_attr(r, n, "name");
	return FEED_TAKEN;
}

TAKER(feed_take_episode)
{
	struct feed_doc_item *item = r->item;
	const char *text = feed_read_line(r, n);
	int64_t number = feed_read_number(text);

	(void)slot;
	if (text == NULL || item->podcast_episode != NULL)
		return FEED_NOT;
	item->podcast_episode = text;
	item->episode_display = feed_read_attr(r, n, "display");
	if (item->episode == 0 && number > 0)
		item->episode = number;
	return FEED_TAKEN;
}

TAKER(feed_take_chapters_url)
{
	struct feed_doc_item *item = r->item;
	const char *url = feed_read_url(r, n, feed_read_attr(r, n, "url"));

	(void)slot;
	if (url == NULL || item->chapters_url != NULL)
		return FEED_NOT;
	item->chapters_url = url;
	item->chapters_type = feed_read_attr(r, n, "type");
	return FEED_TAKEN;
}

TAKER(feed_take_transcript)
{
	const char *url = feed_read_url(r, n, feed_read_attr(r, n, "url"));
	struct feed_doc_transcript *t;

	(void)slot;
	if (url == NULL)
		return FEED_NOT;
	t = FEED_PUSH(r, r->item->transcripts, r->item->ntranscripts);
	t->url = url;
	t->type = feed_read_attr(r, n, "type");
	t->language = feed_read_attr(r, n, "language");
	t->rel = feed_read_attr(r, n, "rel");
	t->line = n->line;
	return FEED_TAKEN;
}

TAKER(feed_take_soundbite)
{
	struct feed_doc_soundbite *s;

	(void)slot;
	if (feed_read_attr(r, n, "startTime") == NULL)
		return FEED_NOT;
	s = FEED_PUSH(r, r->item->soundbites, r->item->nsoundbites);
	s->start = feed_read_attr(r, n, "startTime");
	s->duration = feed_read_attr(r, n, "duration");
	s->title = feed_read_line(r, n);
	s->line = n->line;
	return FEED_TAKEN;
}

/* Normal Play Time (RFC 2326 §3.6): hours, minutes and seconds with up to
 * three digits behind the point that count; -1: not that. */
static int64_t
play_time(const char *text)
{
	struct err ignored = ERR_INIT;
	const char *point;
	char whole[32];
	int64_t seconds, ms = 0;
	int i, digit;

	if (text == NULL)
		return -1;
	point = strchr(text, '.');
	if (point == NULL)
		point = text + strlen(text);
	if ((size_t)(point - text) >= sizeof(whole))
		return -1;
	memcpy(whole, text, (size_t)(point - text));
	whole[point - text] = '\0';
	if (date_parse_duration(whole, &seconds, &ignored) != 0)
		return -1;
	if (*point == '.')
		point++;
	if (strspn(point, "0123456789") != strlen(point))
		return -1;
	for (i = 0; i < 3; i++) {
		digit = *point != '\0' ? *point++ - '0' : 0;
		ms = ms * 10 + digit;
	}
	return seconds * 1000 + ms;
}

/* Whether the attributes are those of the list and nothing stands inside. */
static bool
only(const struct xr_node *n, const char *const *names)
{
	const struct xr_attr *at;
	size_t i;

	for (at = n->attrs; at != NULL; at = at->next) {
		for (i = 0; names[i] != NULL; i++)
			if (strcmp(at->name, names[i]) == 0)
				break;
		if (names[i] == NULL)
			return false;
	}
	return n->first == NULL;
}

TAKER(feed_take_chapters)
{
	static const char *const names[] = {
		"start", "title", "href", "image", NULL
	};
	enum feed_taken taken = FEED_TAKEN;
	struct feed_doc_chapter *c;
	struct xr_node *e;
	int64_t start;

	(void)slot;
	if (r->item->nchapters > 0)
		return FEED_NOT;
	for (e = xr_element(n->first); e != NULL; e = xr_element(e->next)) {
		start = play_time(feed_read_attr(r, e, "start"));
		if (!feed_ns_is(e, FEED_NS_PSC, "chapter") || start < 0) {
			feed_read_complain(r, e, "feed-chapters", "a chapter "
			    "without a time at which it begins");
			taken = FEED_PARTLY;
			continue;
		}
		c = FEED_PUSH(r, r->item->chapters, r->item->nchapters);
		c->start_ms = start;
		c->start = feed_read_attr(r, e, "start");
		c->title = feed_read_attr(r, e, "title");
		c->href = feed_read_url(r, e, feed_read_attr(r, e, "href"));
		c->image = feed_read_url(r, e, feed_read_attr(r, e, "image"));
		c->line = e->line;
		if (!only(e, names))
			taken = FEED_PARTLY;
	}
	return taken;
}

/* A picture is no enclosure: many feeds give authors' faces as
 * media:content. */
static bool
is_playable(struct feed_reader *r, const struct xr_node *n)
{
	const char *type = feed_read_attr(r, n, "type");
	const char *medium = feed_read_attr(r, n, "medium");

	if (medium != NULL)
		return strcasecmp(medium, "audio") == 0 ||
		    strcasecmp(medium, "video") == 0;
	return type != NULL && (strncasecmp(type, "audio/", 6) == 0 ||
	    strncasecmp(type, "video/", 6) == 0);
}

/* The enclosures of media: count only where RSS and Atom gave none. */
static bool
add_media(struct feed_reader *r, struct xr_node *n)
{
	struct feed_doc_item *item = r->item;
	const char *url = feed_read_url(r, n, feed_read_attr(r, n, "url"));
	struct feed_doc_enclosure *e;
	struct xr_node *c;

	if (url == NULL || !is_playable(r, n))
		return false;
	e = FEED_PUSH(r, item->enclosures, item->nenclosures);
	e->url = url;
	e->type = feed_read_attr(r, n, "type");
	e->length = feed_read_number(feed_read_attr(r, n, "fileSize"));
	e->line = n->line;
	for (c = xr_element(n->first); c != NULL; c = xr_element(c->next))
		if (feed_ns_is(c, FEED_NS_MEDIA, "title"))
			e->title = feed_read_line(r, c);
	return true;
}

TAKER(feed_take_media)
{
	static const char *const names[] = { "url", "type", "fileSize", NULL };

	(void)slot;
	if (r->own_enclosures > 0 || !add_media(r, n))
		return FEED_NOT;
	return only(n, names) ? FEED_TAKEN : FEED_PARTLY;
}

static bool
is_named_before(const struct feed_doc_item *item, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (strcmp(item->persons[k].name, item->persons[i].name) == 0)
			return true;
	return false;
}

const char *
feed_doc_names(struct arena *a, const struct feed_doc_item *item)
{
	const char *out;
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	for (i = 0; i < item->npersons; i++)
		if (!is_named_before(item, i))
			buf_addf(&b, "%s%s", b.len > 0 ? ", " : "",
			    item->persons[i].name);
	out = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return out;
}

/* The persons are read by now: they are in a table before. */
TAKER(feed_take_creator)
{
	const char *text = feed_read_line(r, n);

	/* The names are looked at only where the first is there. */
	if (text != NULL && r->item->npersons > 0 &&
	    r->item->npersons <= PEOPLE_MAX && strncmp(text,
	    r->item->persons[0].name, strlen(r->item->persons[0].name)) == 0 &&
	    strcmp(text, feed_doc_names(r->a, r->item)) == 0)
		return FEED_TAKEN;
	return feed_read_set(slot, text);
}

TAKER(feed_take_thumbnail)
{
	static const char *const names[] = { "url", NULL };
	const char *url = feed_read_url(r, n, feed_read_attr(r, n, "url"));

	(void)slot;
	/* The same as itunes:image, for those who do not know that. */
	if (url == NULL || (r->item->image != NULL &&
	    strcmp(url, r->item->image) != 0))
		return FEED_NOT;
	r->item->image = url;
	return only(n, names) ? FEED_TAKEN : FEED_PARTLY;
}

TAKER(feed_take_media_group)
{
	enum feed_taken taken = FEED_NOT;
	struct xr_node *c;

	for (c = xr_element(n->first); c != NULL; c = xr_element(c->next)) {
		if (feed_ns_is(c, FEED_NS_MEDIA, "content") &&
		    r->own_enclosures == 0 && add_media(r, c))
			taken = FEED_PARTLY;
		if (feed_ns_is(c, FEED_NS_MEDIA, "thumbnail") &&
		    feed_take_thumbnail(r, c, slot) != FEED_NOT)
			taken = FEED_PARTLY;
	}
	return taken;
}
