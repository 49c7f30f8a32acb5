/*
 * The difference of two feeds: what counts as a change, what does not, and
 * which items belong together.
 */
#include "told.h"

#include <stdlib.h>

#include "feed/diff.h"
#include "text/utf8.h"
#include "text/xml.h"

static struct feed_diff diff;
static struct feed_doc *docs[2];

static struct feed_doc *
feed(const char *inside)
{
	const char *text = arena_printf(&arena, "<rss version='2.0'>"
	    "<channel>%s</channel></rss>", inside);
	struct err err = ERR_INIT;
	struct feed_doc *d = feed_doc_read(text, strlen(text), "f", NULL,
	    &told.findings, &err);

	if (d == NULL)
		fail_msg("%s", err.msg);
	return d;
}

static void
compare_docs(struct feed_doc *x, struct feed_doc *y, const char *ignored)
{
	const char *const ignore[] = { ignored, NULL };

	feed_doc_free(docs[0]);
	feed_doc_free(docs[1]);
	docs[0] = x;
	docs[1] = y;
	feed_diff(&arena, x, y, ignore, &diff);
}

static int
end(void **state)
{
	feed_doc_free(docs[0]);
	feed_doc_free(docs[1]);
	docs[0] = docs[1] = NULL;
	return teardown(state);
}

static void
compare(const char *x, const char *y)
{
	compare_docs(feed(x), feed(y), NULL);
}

static const char *
an_item(const char *inside)
{
	return arena_printf(&arena, "<item><guid>g</guid>%s</item>", inside);
}

static void
equal(const char *x, const char *y)
{
	compare(x, y);
	if (!diff.equal)
		fail_msg("%s and %s differ in %s", x, y, diff.nchannel > 0 ?
		    diff.channel[0].field : diff.nitems > 0 ?
		    diff.items[0].changes[0].field : "items");
}

static void
is_change(const struct feed_change *c, const char *field, const char *before,
    const char *after)
{
	assert_string_equal(c->field, field);
	if (before == NULL)
		assert_null(c->before);
	else
		assert_string_equal(c->before, before);
	if (after == NULL)
		assert_null(c->after);
	else
		assert_string_equal(c->after, after);
}

/* One change of the only item. */
static void
changes(const char *x, const char *y, const char *field, const char *before,
    const char *after)
{
	compare(an_item(x), an_item(y));
	assert_false(diff.equal);
	assert_int_equal(diff.nitems, 1);
	assert_int_equal(diff.items[0].nchanges, 1);
	is_change(&diff.items[0].changes[0], field, before, after);
}

static void
test_equal(void **state)
{
	static const char *const same[][2] = {
		{ "<title>a  b</title>", "<title>\na b </title>" },
		{ "<generator>x</generator><lastBuildDate>2025-01-01"
		    "</lastBuildDate>", "<pubDate>2025-01-02</pubDate>" },
		{ "<title>a</title><link>b</link>",
		    "<link>b</link><title>a</title>" },
		{ "<itunes:explicit>no</itunes:explicit>",
		    "<itunes:explicit>false</itunes:explicit>" },
		{ "", "<itunes:explicit>clean</itunes:explicit><itunes:type>"
		    "episodic</itunes:type>" },
		{ "<language>en-US</language>", "<language>en-us</language>" },
		{ "<itunes:image href='i'/>", "<itunes:image href='i'/><image>"
		    "<url>i</url></image>" },
		{ "<x:a xmlns:x='urn:x' b='1' c='2'> t </x:a>",
		    "<x:a c='2' b='1' xmlns:x='urn:x'>t</x:a>" },
		{ "<x:a xmlns:x='urn:x' x:b='1'><x:c/></x:a>",
		    "<y:a xmlns:y='urn:x' y:b='1'><c xmlns='urn:x'/></y:a>" },
		{ "<x:a xmlns:x='urn:x'/><x:a xmlns:x='urn:z'/>",
		    "<z:a xmlns:z='urn:z'/><z:a xmlns:z='urn:x'/>" },
	};
	static const char *const items[][2] = {
		{ "<pubDate>Mon, 02 Jun 2025 10:00:00 GMT</pubDate>",
		    "<pubDate>2025-06-02T12:00:00+02:00</pubDate>" },
		{ "<itunes:duration>1:00:00</itunes:duration>",
		    "<itunes:duration>3600</itunes:duration>" },
		{ "<description>&lt;p>a &lt;b>b&lt;/b>&lt;/p>&lt;p>c&lt;/p>"
		    "</description>", "<description>&lt;div>a b&lt;br/>\n c"
		    "&lt;/div></description>" },
		{ "<description>1 &lt; 2 &amp; 3</description>",
		    "<description>&lt;p>1 &amp;lt; 2 &amp;amp; 3&lt;/p>"
		    "</description>" },
		{ "<description>see https://a.example/</description>",
		    "<description>see &lt;a href='https://a.example/'>"
		    "https://a.example/&lt;/a></description>" },
		{ "<title>t</title>",
		    "<title>t</title><itunes:title>t</itunes:title>" },
		{ "<description>d</description>", "<description>d"
		    "</description><content:encoded>d</content:encoded>" },
		{ "", "<itunes:episodeType>full</itunes:episodeType>" },
		{ "<guid>g</guid>", "<guid isPermaLink='false'>g</guid>" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(same); i++)
		equal(same[i][0], same[i][1]);
	for (i = 0; i < SIZE(items); i++)
		equal(an_item(items[i][0]), an_item(items[i][1]));
	equal("<itunes:author>A</itunes:author><item><guid>g</guid>"
	    "<itunes:author>A</itunes:author></item>",
	    "<itunes:author>A</itunes:author><item><guid>g</guid></item>");
	equal("<item/><item/>", "<item/><item/>");
}

static void
test_changes(void **state)
{
	(void)state;
	changes("<title>a</title>", "<title>b</title>", "title", "a", "b");
	changes("", "<link>https://l.example/</link>", "link", NULL,
	    "https://l.example/");
	changes("<itunes:explicit>yes</itunes:explicit>", "", "explicit",
	    "yes", NULL);
	changes("<itunes:duration>60</itunes:duration>",
	    "<itunes:duration>1:01</itunes:duration>", "duration", "1:00",
	    "1:01");
	changes("<pubDate>2025-06-02T10:00:00Z</pubDate>",
	    "<pubDate>2025-06-02T10:00:01Z</pubDate>", "date",
	    "2025-06-02T10:00:00Z", "2025-06-02T10:00:01Z");
	changes("<enclosure url='u' length='1' type='audio/mpeg'/>",
	    "<enclosure url='u' length='2' type='audio/mpeg'/>",
	    "enclosure-length", "1", "2");
	changes("<enclosure url='u' length='1'/>", "<enclosure url='u'/>",
	    "enclosure-length", "1", NULL);
	changes("<description>&lt;a href='x'>t&lt;/a></description>",
	    "<description>&lt;a href='y'>t&lt;/a></description>",
	    "description", "t [x]", "t [y]");
	changes("<description>&lt;img src='x'></description>",
	    "<description>&lt;img src='y'></description>", "description",
	    "[x]", "[y]");
	changes("<description>ab</description>",
	    "<description>a b</description>", "description", "ab", "a b");
	changes("<x:v xmlns:x='urn:x'>1</x:v>", "<x:v xmlns:x='urn:x'>2</x:v>",
	    "x:v", "<x:v xmlns:x=\"urn:x\">1</x:v>",
	    "<x:v xmlns:x=\"urn:x\">2</x:v>");
	changes("<itunes:episode>0</itunes:episode>", "", "itunes:episode",
	    "<itunes:episode xmlns:itunes=\"http://www.itunes.com/dtds/"
	    "podcast-1.0.dtd\">0</itunes:episode>", NULL);
	changes("<x:v xmlns:x='urn:x'>1</x:v>", "<y:v xmlns:y='urn:x'>2</y:v>",
	    "x:v", "<x:v xmlns:x=\"urn:x\">1</x:v>",
	    "<y:v xmlns:y=\"urn:x\">2</y:v>");
	compare(an_item("<x:v xmlns:x='urn:x'>1</x:v>"),
	    an_item("<x:v xmlns:x='urn:y'>1</x:v>"));
	assert_int_equal(diff.items[0].nchanges, 2);
	/* The words of a value are not those of the name before it. */
	changes("<podcast:person role='guest'>Ada</podcast:person>",
	    "<podcast:person>Ada role=guest</podcast:person>", "person",
	    "Ada role=guest", "Ada role=guest");
	changes("<category domain='b'>a</category>",
	    "<category>a (b)</category>", "category", "a (b)", "a (b)");
	changes("<podcast:funding url='u'>a b</podcast:funding>",
	    "<podcast:funding url='u a'>b</podcast:funding>", "funding",
	    "u a b", "u a b");
	compare("<title>a</title>", "<title>b</title>");
	assert_int_equal(diff.nchannel, 1);
	is_change(&diff.channel[0], "title", "a", "b");
}

/* A category more in the middle is one change, not a shift of all. */
static void
test_repeated(void **state)
{
	(void)state;
	changes("<category>a</category><category>c</category>",
	    "<category>a</category><category>b</category><category>c"
	    "</category>", "category", NULL, "b");
	changes("<category>a</category><category>b</category>",
	    "<category>b</category>", "category", "a", NULL);
	compare(an_item("<category>a</category><category>b</category>"),
	    an_item("<category>b</category><category>a</category>"));
	assert_int_equal(diff.items[0].nchanges, 2);
}

static void
test_matching(void **state)
{
	(void)state;
	compare("<item><guid>1</guid></item><item><guid>2</guid></item>",
	    "<item><guid>2</guid></item><item><guid>3</guid></item>");
	assert_int_equal(diff.nremoved, 1);
	assert_string_equal(diff.removed[0]->guid, "1");
	assert_int_equal(diff.nadded, 1);
	assert_string_equal(diff.added[0]->guid, "3");
	assert_false(diff.order);
	assert_int_equal(diff.nitems, 0);

	compare("<item><guid>1</guid><enclosure url='u'/></item>",
	    "<item><guid>2</guid><enclosure url='u'/></item>");
	assert_int_equal(diff.nadded + diff.nremoved, 0);
	assert_int_equal(diff.nitems, 1);
	is_change(&diff.items[0].changes[0], "guid", "1", "2");

	compare("<item><guid>1</guid><title>t</title><pubDate>2025-06-02"
	    "</pubDate></item>", "<item><guid>2</guid><title>t</title>"
	    "<pubDate>2025-06-02T00:00:00Z</pubDate></item>");
	assert_int_equal(diff.nitems, 1);
	assert_int_equal(diff.items[0].nchanges, 1);
	is_change(&diff.items[0].changes[0], "guid", "1", "2");

	/* The guid goes before the address. */
	compare("<item><guid>1</guid><enclosure url='u'/></item>"
	    "<item><guid>2</guid><enclosure url='v'/></item>",
	    "<item><guid>1</guid><enclosure url='v'/></item>"
	    "<item><guid>2</guid><enclosure url='u'/></item>");
	assert_int_equal(diff.nitems, 2);
	is_change(&diff.items[0].changes[0], "enclosure-url", "u", "v");

	equal("<item><guid>1</guid><title>a</title></item><item><guid>1"
	    "</guid><title>b</title></item>", "<item><guid>1</guid><title>a"
	    "</title></item><item><guid>1</guid><title>b</title></item>");
}

static void
test_order_and_ignore(void **state)
{
	const char *x = "<item><guid>1</guid></item><item><guid>2</guid>"
	    "</item>", *y = "<item><guid>2</guid></item><item><guid>1</guid>"
	    "</item>";

	(void)state;
	compare(x, y);
	assert_true(diff.order);
	assert_false(diff.equal);
	compare_docs(feed(x), feed(y), "order");
	assert_true(diff.equal);
	x = "<atom:link rel='self' href='https://a.example/'/>";
	y = "<atom:link rel='self' href='https://b.example/'/>";
	compare(x, y);
	is_change(&diff.channel[0], "self-link", "https://a.example/",
	    "https://b.example/");
	compare_docs(feed(x), feed(y), "self-link");
	assert_true(diff.equal);
	compare_docs(feed("<x:v xmlns:x='urn:x'>1</x:v>"), feed(""), "x:v");
	assert_true(diff.equal);
	compare_docs(feed("<item><guid>1</guid><enclosure url='u'/></item>"),
	    feed("<item><guid>2</guid><enclosure url='u'/></item>"), "guid");
	assert_true(diff.equal);
}

static void
test_long_texts(void **state)
{
	struct buf x, y;
	const char *shown;
	int i;

	(void)state;
	buf_init(&x, 0);
	buf_init(&y, 0);
	for (i = 0; i < 300; i++)
		buf_adds(&x, "\xc3\xa9t\xc3\xa9 ");
	buf_add(&y, x.data, x.len);
	buf_adds(&x, "one");
	buf_adds(&y, "two");
	for (i = 0; i < 300; i++) {
		buf_adds(&x, " tail");
		buf_adds(&y, " tail");
	}
	compare(an_item(arena_printf(&arena, "<description>%s</description>",
	    x.data)), an_item(arena_printf(&arena, "<description>%s"
	    "</description>", y.data)));
	shown = diff.items[0].changes[0].before;
	assert_non_null(strstr(shown, "one tail"));
	assert_non_null(strstr(diff.items[0].changes[0].after, "two tail"));
	assert_true(strlen(shown) < 200);
	assert_int_equal(utf8_invalid_at(shown, strlen(shown)),
	    strlen(shown));
	assert_memory_equal(shown, "\xe2\x80\xa6", 3);
	buf_release(&x);
	buf_release(&y);
}

/* Between formats: the same show as RSS and as Atom. */
static struct feed_doc *
atom_feed(const char *inside)
{
	const char *text = arena_printf(&arena, "<feed xmlns='http://www.w3.org"
	    "/2005/Atom'>%s</feed>", inside);
	struct err err = ERR_INIT;
	struct feed_doc *d = feed_doc_read(text, strlen(text), "a", NULL,
	    &told.findings, &err);

	assert_non_null(d);
	return d;
}

static void
equal_atom(const char *x, const char *y)
{
	compare_docs(atom_feed(x), atom_feed(y), NULL);
	if (!diff.equal)
		fail_msg("%s and %s differ in %s", x, y,
		    diff.channel[0].field);
}

static void
test_formats(void **state)
{
	const char *text = "<feed xmlns='http://www.w3.org/2005/Atom'>"
	    "<title>T</title><link href='https://s.example/'/><author><name>A"
	    "</name></author><entry><id>g</id><title>I</title>"
	    "<link rel='enclosure' href='u' length='1' type='audio/mpeg'/>"
	    "<content type='html'>&lt;p>n&lt;/p></content>"
	    "<published>2025-06-02T10:00:00Z</published></entry></feed>";
	struct err err = ERR_INIT;
	struct feed_doc *atom = feed_doc_read(text, strlen(text), "a", NULL,
	    &told.findings, &err);

	(void)state;
	assert_non_null(atom);
	compare_docs(feed("<title>T</title><link>https://s.example/</link>"
	    "<itunes:author>A</itunes:author><item><guid>g</guid><title>I"
	    "</title><enclosure url='u' length='1' type='audio/mpeg'/>"
	    "<content:encoded>n</content:encoded><pubDate>Mon, 02 Jun 2025 "
	    "10:00:00 GMT</pubDate></item>"), atom, NULL);
	assert_true(diff.equal);
	/* What an Atom feed must have is no news: an id, an author; nor is a
	 * contributor who was a person before. */
	equal_atom("", "<id>x</id>");
	equal_atom("<title>T</title>", "<title>T</title><author><name>T</name>"
	    "</author>");
	equal_atom("<p:person xmlns:p='https://podcastindex.org/namespace/1.0'>"
	    "A</p:person>", "<p:person xmlns:p='https://podcastindex.org/"
	    "namespace/1.0'>A</p:person><contributor><name>A</name>"
	    "</contributor>");
	compare_docs(atom_feed("<contributor><name>A</name></contributor>"),
	    atom_feed("<contributor><name>B</name></contributor>"), NULL);
	assert_false(diff.equal);
}

/* Many items, in another order and with another guid each: not quadratic. */
static void
test_many(void **state)
{
	struct buf x, y;
	int i;

	(void)state;
	buf_init(&x, 0);
	buf_init(&y, 0);
	for (i = 0; i < 20000; i++) {
		buf_addf(&x, "<item><guid>a%d</guid><enclosure url='u%d'/>"
		    "</item>", i, i);
		buf_addf(&y, "<item><guid>b%d</guid><enclosure url='u%d'/>"
		    "</item>", i, 19999 - i);
	}
	compare_docs(feed(x.data), feed(y.data), "guid");
	assert_true(diff.order);
	assert_int_equal(diff.nadded + diff.nremoved + diff.nitems, 0);
	buf_release(&x);
	buf_release(&y);
}

/* What a feed tells of itself and its files for the first time is so anyway;
 * told before and told otherwise, it is a change. */
static void
test_filled_in(void **state)
{
	static const char self[] = "<atom:link rel='self' href='https://a/f'/>";
	static const char guid[] = "<podcast:guid>917393e3-1b1e-5cef-ace4-"
	    "edaa54e1f810</podcast:guid>";

	(void)state;
	equal("", self);
	equal("", guid);
	compare(self, "");
	assert_int_equal(diff.nchannel, 1);
	compare(guid, "<podcast:guid>a</podcast:guid>");
	assert_int_equal(diff.nchannel, 1);
	equal(an_item("<enclosure url='u'/>"), an_item("<enclosure url='u' "
	    "length='5' type='audio/mpeg'/>"));
	equal(an_item("<enclosure url='u' length='0' type='x-audio/mp3'/>"),
	    an_item("<enclosure url='u' length='5' type='audio/mpeg'/>"));
	changes("<enclosure url='u' length='5'/>", "<enclosure url='u'/>",
	    "enclosure-length", "5", NULL);
	changes("<enclosure url='u' type='audio/mpeg'/>", "<enclosure "
	    "url='u' type='audio/ogg'/>", "enclosure-type", "audio/mpeg",
	    "audio/ogg");
	/* One more is a change, with all of it. */
	compare(an_item(""), an_item("<enclosure url='u' length='5'/>"));
	assert_int_equal(diff.items[0].nchanges, 2);
	/* What the ending tells need not be said, nor what is no address. */
	equal(an_item("<enclosure url='u.mp3' type='audio/mpeg'/>"),
	    an_item("<enclosure url='u.mp3'/>"));
	equal(an_item("<enclosure url='http://a/b c.mp3'/>"),
	    an_item("<enclosure url='http://a/b%20c.mp3'/>"));
	/* Players look for what they can play. */
	equal(an_item("<enclosure url='a' type='image/png'/><enclosure "
	    "url='b.mp3'/>"), an_item("<enclosure url='b.mp3'/><enclosure "
	    "url='a' type='image/png'/>"));
	compare(an_item("<enclosure url='a.mp3'/><enclosure url='b.mp3'/>"),
	    an_item("<enclosure url='b.mp3'/><enclosure url='a.mp3'/>"));
	assert_false(diff.equal);
}

#define DIFF_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DIFF_TEST(test_equal),
		DIFF_TEST(test_changes),
		DIFF_TEST(test_repeated),
		DIFF_TEST(test_filled_in),
		DIFF_TEST(test_matching),
		DIFF_TEST(test_order_and_ignore),
		DIFF_TEST(test_long_texts),
		DIFF_TEST(test_formats),
		DIFF_TEST(test_many),
	};
	int failed;

	xw_global_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xw_global_release();
	return failed;
}
