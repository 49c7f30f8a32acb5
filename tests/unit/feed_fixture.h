/*
 * A show and its episodes for the tests of the feed writers, and what is
 * written read back by libxml2 and asked for by XPath. To be included behind
 * cmocka.h.
 */
#ifndef TESTS_FEED_FIXTURE_H
#define TESTS_FEED_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "base/buf.h"
#include "base/err.h"
#include "feed/feed.h"

#define SHOW_GUID "5e0b6f8a-9a3c-5d47-8f11-0c2d4e6a7b90"
#define EPISODE_GUID "c1b7a2de-3f40-5b62-9d18-7a6e5c4b3a21"
#define EPOCH_2025_06_02 INT64_C(1748883600)	/* 17:00 UTC */

static struct show_category categories[] = {
	{ "Technology", NULL, 1 },
	{ "Society & Culture", "Documentary", 2 },
};

static inline struct show
a_show(void)
{
	struct show s;

	memset(&s, 0, sizeof(s));
	s.title = "Harbour & Lights <live>";
	s.link = "https://harbour.example/";
	s.feed_url = "https://harbour.example/feed.xml";
	s.atom_url = "https://harbour.example/atom.xml";
	s.json_url = "https://harbour.example/feed.json";
	s.language = "en-GB";
	s.description = "Two keepers talk about \"lights\" & fog.";
	s.author = "Ada Keeper & Bo Lamp";
	s.email = "keepers@harbour.example";
	s.image = "https://harbour.example/art-3000.jpg";
	s.copyright = "Ada Keeper, Bo Lamp";
	s.guid = SHOW_GUID;
	s.type = "episodic";
	s.categories = categories;
	s.ncategories = 2;
	return s;
}

static inline struct episode
an_episode(void)
{
	struct episode e;

	memset(&e, 0, sizeof(e));
	e.title = "The lamp that would not turn";
	e.guid = EPISODE_GUID;
	e.link = "https://harbour.example/12?a=1&b=2";
	e.image = "https://harbour.example/12.png";
	e.type = "full";
	e.number = 12;
	e.season = 2;
	e.date = (struct date){ EPOCH_2025_06_02, -7 * 3600 };
	e.updated = (struct date){ EPOCH_2025_06_02 + 86400, 0 };
	e.audio.url = "https://media.harbour.example/012.mp3";
	e.audio.type = "audio/mpeg";
	e.audio.length = INT64_C(5000000001);
	e.audio.duration = 1741;
	return e;
}

/* Nothing but what an episode must have. */
static inline struct episode
a_bare_episode(void)
{
	struct episode e;

	memset(&e, 0, sizeof(e));
	e.title = "Bare";
	e.guid = "bare";
	e.date = (struct date){ EPOCH_2025_06_02 - 7 * 86400, 0 };
	e.updated = e.date;
	e.audio.url = "https://media.harbour.example/bare.mp3";
	e.audio.type = "audio/mpeg";
	e.audio.length = 1;
	e.audio.duration = -1;
	return e;
}

static inline int
collect(void *ctx, const void *data, size_t len)
{
	buf_add(ctx, data, len);
	return 0;
}

static inline void
must(int rc, const struct err *err)
{
	if (rc != 0)
		fail_msg("%s", err->msg);
}

static inline void
write_feed(enum feed_format format, const struct show *s,
    const struct feed_item *items, size_t n, struct buf *out)
{
	struct feed_head head = { .show = s,
	    .self_url = format == FEED_RSS ? s->feed_url :
	    format == FEED_ATOM ? s->atom_url : s->json_url,
	    .updated = { EPOCH_2025_06_02 + 86400, 0 } };
	struct err err = ERR_INIT;
	struct feed_writer *f;
	size_t i;

	buf_init(out, SIZE_MAX / 2);
	for (i = 0; i < n; i++)
		head.spaces |= feed_spaces_of(s, items[i].episode,
		    format);
	f = feed_open(format, &head, collect, out, &err);
	if (f == NULL)
		fail_msg("%s", err.msg);
	for (i = 0; i < n; i++)
		must(feed_item(f, &items[i], &err), &err);
	must(feed_close(f, &err), &err);
}

/* A document of ours with one show and up to one item, read back. */
static inline xmlXPathContextPtr
read_back(const struct buf *b)
{
	static const char *const spaces[][2] = {
		{ "atom", "http://www.w3.org/2005/Atom" },
		{ "content", "http://purl.org/rss/1.0/modules/content/" },
		{ "itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd" },
		{ "podcast", "https://podcastindex.org/namespace/1.0" },
		{ "dc", "http://purl.org/dc/elements/1.1/" },
		{ "media", "http://search.yahoo.com/mrss/" },
	};
	xmlDocPtr doc = xmlReadMemory(b->data, (int)b->len, "feed", NULL,
	    XML_PARSE_NONET);
	xmlXPathContextPtr x;
	size_t i;

	assert_non_null(doc);
	x = xmlXPathNewContext(doc);
	for (i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		(void)xmlXPathRegisterNs(x, BAD_CAST spaces[i][0],
		    BAD_CAST spaces[i][1]);
	return x;
}

static inline xmlXPathContextPtr
made(enum feed_format format, const struct show *s, const struct episode *e,
    const char *html, const char *summary)
{
	struct feed_item item = { .episode = e, .html = html,
	    .summary = summary };
	struct buf out;
	xmlXPathContextPtr x;

	write_feed(format, s, &item, e == NULL ? 0 : 1, &out);
	x = read_back(&out);
	buf_release(&out);
	return x;
}

static inline void
done(xmlXPathContextPtr x)
{
	xmlFreeDoc(x->doc);
	xmlXPathFreeContext(x);
}

static inline char *
value(xmlXPathContextPtr x, const char *path)
{
	xmlXPathObjectPtr o = xmlXPathEvalExpression(BAD_CAST path, x);
	xmlChar *s;
	char *copy;

	if (o == NULL)
		fail_msg("no XPath: %s", path);
	s = xmlXPathCastToString(o);
	copy = strdup((char *)s);
	xmlFree(s);
	xmlXPathFreeObject(o);
	return copy;
}

static inline void
is(xmlXPathContextPtr x, const char *path, const char *want)
{
	char *got = value(x, path);

	if (strcmp(got, want) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", path, got, want);
	free(got);
}

#endif
