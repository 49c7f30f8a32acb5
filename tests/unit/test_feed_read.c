/*
 * Reading feeds: each element into its field, in every format, and what has
 * no field kept as XML.
 */
#include "told.h"

#include <stdio.h>
#include <stdlib.h>

#include "feed/read.h"
#include "text/xml.h"

static struct feed_doc *doc;
static struct err problem;

static struct feed_doc *
read_feed(const char *text)
{
	memset(&problem, 0, sizeof(problem));
	feed_doc_free(doc);
	doc = feed_doc_read(text, strlen(text), "feed.xml",
	    "https://example.org/dir/feed.xml", &told.findings, &problem);
	if (doc == NULL)
		fail_msg("%s", problem.msg);
	return doc;
}

/* The channel of an RSS feed without any namespace declared. */
static struct feed_doc_channel *
channel(const char *inside)
{
	return &read_feed(arena_printf(&arena, "<rss version=\"2.0\"><channel>"
	    "\n%s</channel></rss>", inside))->channel;
}

static struct feed_doc_item *
item(const char *inside)
{
	read_feed(arena_printf(&arena, "<rss version=\"2.0\"><channel>"
	    "<item>\n%s</item></channel></rss>", inside));
	assert_int_equal(doc->nitems, 1);
	return doc->items;
}

static struct feed_doc_item *
entry(const char *inside)
{
	read_feed(arena_printf(&arena, "<feed xmlns='http://www.w3.org/2005/"
	    "Atom'><entry>\n%s</entry></feed>", inside));
	assert_int_equal(doc->nitems, 1);
	return doc->items;
}

static int
end(void **state)
{
	feed_doc_free(doc);
	doc = NULL;
	return teardown(state);
}

static void
test_channel(void **state)
{
	struct feed_doc_channel *c = channel(
	    "<title> The\n Show </title><link>https://s.example/</link>"
	    "<atom:link rel='self' href='f.xml' type='application/rss+xml'/>"
	    "<description>All &lt;b&gt;of&lt;/b&gt; it</description>"
	    "<language>en-GB</language><copyright>Us</copyright>"
	    "<managingEditor>a@b.example (Ada)</managingEditor>"
	    "<webMaster>w@b.example</webMaster><docs>d</docs><ttl>60</ttl>"
	    "<generator>g 1</generator>"
	    "<pubDate>Mon, 02 Jun 2025 10:00:00 -0700</pubDate>"
	    "<lastBuildDate>Tue, 03 Jun 2025 10:00:00 GMT</lastBuildDate>"
	    "<image><url>i.png</url><title>T</title><link>l</link></image>"
	    "<category domain='x'>News</category>"
	    "<itunes:author>Ada &amp; Bob</itunes:author>"
	    "<itunes:owner><itunes:name>Ada</itunes:name><itunes:email>"
	    "o@b.example</itunes:email></itunes:owner>"
	    "<itunes:image href='https://s.example/art.jpg'/>"
	    "<itunes:explicit>clean</itunes:explicit>"
	    "<itunes:type>Serial</itunes:type><itunes:complete>Yes"
	    "</itunes:complete><itunes:block>yes</itunes:block>"
	    "<itunes:summary>sum</itunes:summary>"
	    "<itunes:subtitle>sub</itunes:subtitle>"
	    "<itunes:keywords>a, b c ,,d</itunes:keywords>"
	    "<itunes:new-feed-url>https://n.example/</itunes:new-feed-url>"
	    "<podcast:guid>9B024349-ccf0-5f69-a609-6b82873eab3c"
	    "</podcast:guid><podcast:medium>podcast</podcast:medium>"
	    "<podcast:locked owner='x@b.example'>yes</podcast:locked>"
	    "<podcast:funding url='https://f.example/'>Help</podcast:funding>"
	    "<podcast:person role='host' href='h' img='p.jpg'>Ada"
	    "</podcast:person>");

	(void)state;
	assert_string_equal(c->title, "The Show");
	assert_string_equal(c->link, "https://s.example/");
	assert_string_equal(c->self, "https://example.org/dir/f.xml");
	assert_string_equal(c->description.text, "All <b>of</b> it");
	assert_true(c->description.html);
	assert_string_equal(c->language, "en-GB");
	assert_string_equal(c->managing_editor, "a@b.example (Ada)");
	assert_int_equal(c->date.date.t, 1748883600);
	assert_int_equal(c->date.date.offset, -7 * 3600);
	assert_string_equal(c->last_build.written,
	    "Tue, 03 Jun 2025 10:00:00 GMT");
	assert_string_equal(c->rss_image, "https://example.org/dir/i.png");
	assert_string_equal(c->image, "https://s.example/art.jpg");
	assert_string_equal(c->categories[0].scheme, "x");
	assert_string_equal(c->author, "Ada & Bob");
	assert_string_equal(c->owner_name, "Ada");
	assert_string_equal(c->owner_email, "o@b.example");
	assert_int_equal(c->is_explicit, FEED_DOC_NO);
	assert_string_equal(c->type, "serial");
	assert_int_equal(c->complete, FEED_DOC_YES);
	assert_int_equal(c->block, FEED_DOC_YES);
	assert_string_equal(c->summary.text, "sum");
	assert_false(c->summary.html);
	assert_int_equal(c->nkeywords, 3);
	assert_string_equal(c->keywords[1], "b c");
	assert_string_equal(c->new_feed_url, "https://n.example/");
	assert_int_equal(c->locked, FEED_DOC_YES);
	assert_string_equal(c->locked_owner, "x@b.example");
	assert_string_equal(c->funding[0].text, "Help");
	assert_string_equal(c->persons[0].img,
	    "https://example.org/dir/p.jpg");
	assert_int_equal(c->nunknown, 0);
	assert_int_equal(doc->format, FEED_DOC_RSS);
	assert_string_equal(doc->version, "2.0");
}

static void
test_item(void **state)
{
	struct feed_doc_item *i = item(
	    "<title>One</title><itunes:title>1</itunes:title>"
	    "<link>https://s.example/1</link>"
	    "<guid isPermaLink='false'> abc </guid>"
	    "<pubDate>Mon, 02 Jun 2025 10:00:00 EST</pubDate>"
	    "<description><![CDATA[<p>Notes &amp; more</p>]]></description>"
	    "<content:encoded><![CDATA[<p>All</p>]]></content:encoded>"
	    "<enclosure url='https://m.example/a b.mp3' length='123' "
	    "type='audio/mpeg'/><itunes:duration>1:02:03</itunes:duration>"
	    "<itunes:image href='i.jpg'/><itunes:explicit>yes"
	    "</itunes:explicit><itunes:season>2</itunes:season>"
	    "<itunes:episode>7</itunes:episode><itunes:episodeType>Bonus"
	    "</itunes:episodeType><itunes:author>Ada</itunes:author>"
	    "<author>a@b.example (A B)</author><comments>c</comments>"
	    "<podcast:season name='Two'>2</podcast:season>"
	    "<podcast:episode display='Ch. 3'>7</podcast:episode>"
	    "<podcast:chapters url='c.json' type='application/json+chapters'/>"
	    "<podcast:transcript url='t.vtt' type='text/vtt' language='en' "
	    "rel='captions'/><podcast:soundbite startTime='1.5' "
	    "duration='30'>Bit</podcast:soundbite>"
	    "<psc:chapters version='1.2'><psc:chapter start='1:02.5' "
	    "title='T' href='h' image='p'/></psc:chapters>"
	    "<feedburner:origLink>https://o.example/</feedburner:origLink>"
	    "<atom:link rel='payment' href='https://p.example/' title='P'/>"
	    "<atom:updated>2025-06-04T00:00:00Z</atom:updated>");

	(void)state;
	assert_string_equal(i->title, "One");
	assert_string_equal(i->itunes_title, "1");
	assert_string_equal(i->guid, "abc");
	assert_false(i->permalink);
	assert_int_equal(i->date.date.t, 1748876400);
	assert_int_equal(i->date.date.offset, -5 * 3600);
	assert_string_equal(i->description.text, "<p>Notes &amp; more</p>");
	assert_string_equal(i->content.text, "<p>All</p>");
	assert_string_equal(i->enclosures[0].url, "https://m.example/a b.mp3");
	assert_int_equal(i->enclosures[0].length, 123);
	assert_int_equal(i->duration, 3723);
	assert_string_equal(i->image, "https://example.org/dir/i.jpg");
	assert_int_equal(i->is_explicit, FEED_DOC_YES);
	assert_int_equal(i->season, 2);
	assert_string_equal(i->season_name, "Two");
	assert_int_equal(i->episode, 7);
	assert_string_equal(i->podcast_episode, "7");
	assert_string_equal(i->episode_display, "Ch. 3");
	assert_string_equal(i->type, "bonus");
	assert_string_equal(i->author, "Ada");
	assert_string_equal(i->rss_author, "a@b.example (A B)");
	assert_string_equal(i->chapters_url, "https://example.org/dir/c.json");
	assert_string_equal(i->transcripts[0].rel, "captions");
	assert_string_equal(i->soundbites[0].title, "Bit");
	assert_int_equal(i->chapters[0].start_ms, 62500);
	assert_string_equal(i->chapters[0].image, "https://example.org/dir/p");
	assert_string_equal(i->orig_link, "https://o.example/");
	assert_string_equal(i->payment.url, "https://p.example/");
	assert_int_equal(i->updated.date.t, 1748995200);
	assert_int_equal(i->nunknown, 0);
}

static void
test_unknown(void **state)
{
	struct feed_doc_item *i = item(
	    "<title>a</title><title>b</title><title>a</title>"
	    "<x:y xmlns:x='urn:x' k='1'><z/>t</x:y>"
	    "<itunes:episode>zero</itunes:episode>"
	    "<itunes:duration>99:99</itunes:duration>"
	    "<podcast:person role='host' color='red'>Ada</podcast:person>"
	    "<source url='u'>S</source><fake:tag>v</fake:tag>");
	static const char *const want[] = {
		"<title>b</title>",
		"<x:y xmlns:x=\"urn:x\" k=\"1\"><z/>t</x:y>",
		"<itunes:episode xmlns:itunes=\"" FEED_NS_ITUNES "\">zero"
		    "</itunes:episode>",
		"<itunes:duration xmlns:itunes=\"" FEED_NS_ITUNES "\">99:99"
		    "</itunes:duration>",
		"<podcast:person xmlns:podcast=\"" FEED_NS_PODCAST "\" "
		    "role=\"host\" color=\"red\">Ada</podcast:person>",
		/* An address counts from where the feed was. */
		"<source url=\"https://example.org/dir/u\">S</source>",
		"<fake:tag xmlns:fake=\"urn:x-undeclared:fake\">v</fake:tag>"
	};
	struct buf b;
	size_t k;

	(void)state;
	assert_string_equal(i->title, "a");
	assert_int_equal(i->duration, -1);
	assert_int_equal(i->episode, 0);
	assert_string_equal(i->persons[0].name, "Ada");
	assert_int_equal(i->nunknown, SIZE(want));
	for (k = 0; k < SIZE(want); k++) {
		assert_string_equal(i->unknown[k].xml, want[k]);
		assert_int_equal(i->unknown[k].partial, k == 4);
		assert_int_equal(i->unknown[k].line, 2);
	}
	assert_string_equal(i->unknown[2].name, "itunes:episode");
	buf_init(&b, 0);
	assert_int_equal(feed_doc_raw_of(i->element, FEED_NS_NONE, "title",
	    &b), 3);
	assert_string_equal(b.data,
	    "<title>a</title><title>b</title><title>a</title>");
	buf_release(&b);
}

static void
test_namespaces(void **state)
{
	static const char *const itunes[] = {
		"http://www.itunes.com/dtds/podcast-1.0.dtd",
		"http://www.itunes.com/DTDs/Podcast-1.0.dtd",
		"https://www.itunes.com/dtds/podcast-1.0.dtd/",
		"http://example.com/DTDs/Podcast-1.0.dtd"
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(itunes); i++)
		assert_string_equal(read_feed(arena_printf(&arena, "<rss "
		    "xmlns:q='%s'><channel><q:author>A</q:author></channel>"
		    "</rss>", itunes[i]))->channel.author, "A");
	/* A prefix is no more than its declaration says. */
	read_feed("<rss xmlns:itunes='urn:other'><channel><itunes:author>A"
	    "</itunes:author></channel></rss>");
	assert_null(doc->channel.author);
	assert_string_equal(doc->channel.unknown[0].xml, "<itunes:author "
	    "xmlns:itunes=\"urn:other\">A</itunes:author>");
	read_feed("<rss xmlns='http://backend.userland.com/rss2'><channel>"
	    "<title>T</title></channel></rss>");
	assert_string_equal(doc->channel.title, "T");
	forget();
	read_feed("<rss xmlns='urn:mine'><channel><title>T</title></channel>"
	    "</rss>");
	assert_string_equal(doc->channel.title, "T");
	assert_told(0, "feed-namespace", 1, "urn:mine");
	forget();
	assert_string_equal(item("<pubdate>2025-06-02</pubdate>")->date.written,
	    "2025-06-02");
	assert_told(0, "feed-name", 2, "pubDate");
}

static void
test_dates(void **state)
{
	static const struct { const char *text; int64_t t; bool told; } cases[]
	    = {
		{ "Mon, 02 Jun 2025 10:00:00 GMT", 1748858400, false },
		{ "2 Jun 2025 10:00 +0200", 1748851200, false },
		{ "2025-06-02T10:00:00.5Z", 1748858400, false },
		{ "2025-06-02", 1748822400, false },
		{ "Tue, 02 Jun 2025 10:00:00 GMT", 1748858400, true },
		{ "Tue, 02 Jun 2025 10:00:00 EST", 1748876400, true },
		{ "Tue, 02 Jun 2025 10:00:00 CEST", 1748851200, true },
		{ "2025-06", 1748736000, true },
		{ "2025", 1735689600, true },
		{ "yesterday", -1, true },
		{ "Mon, 32 Jun 2025 10:00:00 GMT", -1, true }
	};
	struct feed_doc_item *i;
	size_t k;

	(void)state;
	for (k = 0; k < SIZE(cases); k++) {
		forget();
		i = item(arena_printf(&arena, "<pubDate>%s</pubDate>",
		    cases[k].text));
		assert_string_equal(i->date.written, cases[k].text);
		assert_int_equal(i->date.known, cases[k].t >= 0);
		if (cases[k].t >= 0)
			assert_int_equal(i->date.date.t, cases[k].t);
		assert_int_equal(told.n, cases[k].told);
		if (cases[k].told)
			assert_told(0, "feed-date", 2, cases[k].text);
	}
	assert_int_equal(item("<dc:date>2025-06-02T10:00:00Z</dc:date>")->date.
	    date.t, 1748858400);
}

static void
test_fallbacks(void **state)
{
	struct feed_doc_item *i;

	(void)state;
	i = item("<dc:creator>C</dc:creator><itunes:author>A</itunes:author>");
	assert_string_equal(i->author, "A");
	assert_string_equal(i->unknown[0].name, "dc:creator");
	assert_string_equal(item("<dc:creator>C</dc:creator>")->author, "C");
	assert_string_equal(item("<author>a@b.example (A B)</author>")->author,
	    "A B");
	i = item("<guid>https://s.example/1</guid>");
	assert_true(i->permalink);
	assert_string_equal(i->link, "https://s.example/1");
	assert_null(item("<guid>episode-1</guid>")->link);
	assert_null(item("<guid isPermaLink='false'>https://s.example/1"
	    "</guid>")->link);
	i = item("<media:content url='https://m.example/a.mp3' "
	    "type='audio/mpeg' fileSize='9'/><media:content "
	    "url='https://m.example/face.jpg' medium='image'/>"
	    "<media:thumbnail url='t.jpg'/>");
	assert_int_equal(i->nenclosures, 1);
	assert_int_equal(i->enclosures[0].length, 9);
	assert_string_equal(i->image, "https://example.org/dir/t.jpg");
	assert_int_equal(i->nunknown, 1);
	i = item("<media:content url='https://m.example/a.mp3' "
	    "type='audio/mpeg'/><enclosure url='https://m.example/b.mp3'/>");
	assert_int_equal(i->nenclosures, 1);
	assert_string_equal(i->enclosures[0].url, "https://m.example/b.mp3");
	assert_string_equal(i->unknown[0].name, "media:content");
	assert_string_equal(channel("<googleplay:author>G</googleplay:author>")
	    ->author, "G");
	assert_string_equal(channel("<image><url>https://s.example/i.png</url>"
	    "</image>")->image, "https://s.example/i.png");
}

static void
test_ids(void **state)
{
	(void)state;
	assert_string_equal(feed_doc_id(item("<guid>g</guid><link>l</link>")),
	    "g");
	assert_string_equal(feed_doc_id(item("<link>https://l.example/</link>"
	    "<enclosure url='https://e.example/'/>")), "https://l.example/");
	assert_string_equal(feed_doc_id(item(
	    "<enclosure url='https://e.example/'/>")), "https://e.example/");
	assert_null(feed_doc_id(item("<enclosure url='https://e.example/1'/>"
	    "<enclosure url='https://e.example/2'/>")));
	assert_null(feed_doc_id(item("<title>t</title>")));
}

static void
test_markup_in_description(void **state)
{
	struct feed_doc_item *i = item("<description>x <b>y</b><br/>z "
	    "&amp;amp; &lt;i></description>");

	(void)state;
	assert_string_equal(i->description.text, "x <b>y</b><br />z &amp;amp; "
	    "&lt;i&gt;");
	assert_true(i->description.html);
	assert_false(item("<description>AT&amp;T, 1 &lt; 2 &lt;you></description"
	    ">")->description.html);
	assert_true(item("<description>AT&amp;amp;T</description>")->
	    description.html);
}

/* What relative addresses count from: what the feed says of itself, before the
 * copy that was read. */
static void
test_base(void **state)
{
	static const struct {
		const char *head, *from, *want;
	} rows[] = {
		{ "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' "
		  "rel='self' href='https://own.example/f/feed.xml'/>"
		  "<link>https://page.example/</link>",
		  "http://127.0.0.1:8/copy.xml", "https://own.example/f/a.png" },
		{ "<link>https://page.example/</link>",
		  "http://127.0.0.1:8/copy.xml", "http://127.0.0.1:8/a.png" },
		{ "<link> https://page.example/x </link>", NULL,
		  "https://page.example/a.png" },
		{ "<link>/page</link>", NULL, "a.png" },
		/* What others call a link is none of the feed's. */
		{ "<x:link xmlns:x='https://else.example/ns' rel='self' "
		  "href='https://else.example/f.xml'/>"
		  "<link>https://page.example/x</link>", NULL,
		  "https://page.example/a.png" },
		{ "<link rel='self' href='https://own.example/f.xml'/>", NULL,
		  "https://own.example/a.png" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[1024];
		struct err err = ERR_INIT;
		struct feed_doc *d;

		(void)snprintf(text, sizeof(text), "<rss version='2.0'>"
		    "<channel><title>T</title>%s<image><url>a.png</url>"
		    "</image></channel></rss>", rows[i].head);
		d = feed_doc_read(text, strlen(text), "f", rows[i].from,
		    &told.findings, &err);
		assert_non_null(d);
		assert_string_equal(d->channel.image, rows[i].want);
		feed_doc_free(d);
	}
}

static void
test_atom(void **state)
{
	struct feed_doc_item *i;
	struct feed_doc_channel *c;

	(void)state;
	read_feed("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de' "
	    "xml:base='https://b.example/x/'><title type='html'>A &amp;lt; B "
	    "&lt;b>C&lt;/b></title><subtitle>S</subtitle><id>urn:f</id>"
	    "<link href='.'/><link rel='self' href='feed'/>"
	    "<link rel='hub' href='https://hub.example/'/>"
	    "<updated>2025-06-02T10:00:00Z</updated><rights>R</rights>"
	    "<author><name>Ada</name><email>a@b.example</email></author>"
	    "<logo>l.png</logo><generator version='1'>g</generator>"
	    "<category term='t' scheme='s' label='L'/></feed>");
	c = &doc->channel;
	assert_int_equal(doc->format, FEED_DOC_ATOM);
	assert_string_equal(c->title, "A < B C");
	assert_string_equal(c->subtitle, "S");
	assert_string_equal(c->language, "de");
	assert_string_equal(c->link, "https://b.example/x/");
	assert_string_equal(c->self, "https://b.example/x/feed");
	assert_string_equal(c->author, "Ada");
	assert_string_equal(c->authors[0].email, "a@b.example");
	assert_string_equal(c->image, "https://b.example/x/l.png");
	assert_string_equal(c->categories[0].label, "L");
	assert_int_equal(c->nunknown, 2);	/* title in part, hub */
	i = entry("<id>urn:1</id><title>T</title><summary>s</summary>"
	    "<link href='https://s.example/1'/><link rel='enclosure' "
	    "href='https://m.example/1.mp3' type='audio/mpeg' length='5' "
	    "title='E'/><content type='xhtml'><div xmlns='http://www.w3.org/"
	    "1999/xhtml'>x<br/><b>y</b></div></content>"
	    "<updated>2025-06-02T10:00:00+02:00</updated>");
	assert_string_equal(i->guid, "urn:1");
	assert_string_equal(i->link, "https://s.example/1");
	assert_string_equal(i->description.text, "s");
	assert_false(i->description.html);
	assert_string_equal(i->content.text, "x<br /><b>y</b>");
	assert_true(i->content.html);
	assert_string_equal(i->enclosures[0].title, "E");
	assert_int_equal(i->enclosures[0].length, 5);
	assert_int_equal(i->date.date.t, 1748851200);
	assert_int_equal(i->nunknown, 0);
	i = entry("<content src='https://m.example/x' type='audio/mpeg'/>"
	    "<published>2025-06-01T00:00:00Z</published>"
	    "<updated>2025-06-02T00:00:00Z</updated>");
	assert_int_equal(i->date.date.t, 1748736000);
	assert_int_equal(i->updated.date.t, 1748822400);
	assert_string_equal(i->unknown[0].name, "atom:content");
}

static void
test_old_formats(void **state)
{
	(void)state;
	read_feed("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax"
	    "-ns#' xmlns='http://purl.org/rss/1.0/'><channel rdf:about='urn:c'>"
	    "<title>C</title><items><rdf:Seq/></items></channel><image>"
	    "<url>https://s.example/i.png</url></image><item rdf:about="
	    "'https://s.example/1'><title>I</title></item></rdf:RDF>");
	assert_int_equal(doc->format, FEED_DOC_RDF);
	assert_string_equal(doc->channel.title, "C");
	assert_string_equal(doc->channel.image, "https://s.example/i.png");
	assert_int_equal(doc->nitems, 1);
	assert_string_equal(doc->items[0].guid, "https://s.example/1");
	read_feed("<Channel xmlns='http://purl.org/net/rss1.1#'><title>C"
	    "</title><items><item><title>I</title></item></items></Channel>");
	assert_int_equal(doc->nitems, 1);
	read_feed("<feed version='0.3' xmlns='http://purl.org/atom/ns#'>"
	    "<tagline mode='escaped' type='text/html'>a &lt;i>b&lt;/i></tagline>"
	    "<entry><issued>2003-12-13T08:29:29-04:00</issued><id>x</id>"
	    "</entry></feed>");
	assert_string_equal(doc->version, "0.3");
	assert_string_equal(doc->channel.subtitle, "a b");
	assert_int_equal(doc->items[0].date.date.t, 1071318569);
}

static void
test_no_feed(void **state)
{
	static const struct { const char *text, *part; unsigned line; } cases[]
	    = {
		{ "<html><body/></html>", "web page", 1 },
		{ "<!doctype html><title>Sorry</title>", "web page", 1 },
		{ "\n<opml><body/></opml>", "<opml>", 2 },
		{ "<rss/>", "no <channel>", 1 },
		{ "not found", "no XML", 0 },
		{ "", "no XML", 0 }
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		struct err err = ERR_INIT;

		assert_null(feed_doc_read(cases[i].text,
		    strlen(cases[i].text), "f", NULL, &told.findings, &err));
		assert_int_equal(err.kind, ERR_INPUT);
		assert_string_equal(err.file, "f");
		if (cases[i].line != 0)
			assert_int_equal(err.line, cases[i].line);
		if (strstr(err.msg, cases[i].part) == NULL)
			fail_msg("%s", err.msg);
	}
}

static void
test_many_items(void **state)
{
	struct err err = ERR_INIT;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 0);
	buf_adds(&b, "<rss><channel>");
	for (i = 0; i < FEED_DOC_ITEMS_MAX; i++)
		buf_adds(&b, "<item/>");
	assert_int_equal(read_feed(arena_printf(&arena, "%s</channel></rss>",
	    b.data))->nitems, FEED_DOC_ITEMS_MAX);
	buf_adds(&b, "\n<item/></channel></rss>");
	assert_null(feed_doc_read(b.data, b.len, "f", NULL, &told.findings,
	    &err));
	assert_non_null(strstr(err.msg, "more than 100000 items"));
	assert_int_equal(err.line, 2);
	buf_release(&b);
}

#define READ_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		READ_TEST(test_channel),
		READ_TEST(test_item),
		READ_TEST(test_unknown),
		READ_TEST(test_namespaces),
		READ_TEST(test_dates),
		READ_TEST(test_fallbacks),
		READ_TEST(test_ids),
		READ_TEST(test_markup_in_description),
		READ_TEST(test_base),
		READ_TEST(test_atom),
		READ_TEST(test_old_formats),
		READ_TEST(test_no_feed),
		READ_TEST(test_many_items),
	};
	int failed;

	xw_global_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xw_global_release();
	return failed;
}
