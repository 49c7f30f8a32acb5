/*
 * The feed reader against other people's feeds: podcastparser's with its own
 * readings, feedvalidator's, and the example of the podcast namespace, of
 * which nothing may be lost. Skipped where $SHARED is not there.
 */
#include "told.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/fs.h"
#include "feed/facts.h"
#include "feed/read.h"
#include "text/html_says.h"
#include "text/xml.h"

/* Where podcastparser says something else, and why that is right here. `*`
 * as the file: in all of them. */
static struct {
	const char *file, *field, *why;
	size_t count;
} on_purpose[] = {
	{ "*", "guid-resolved", "a guid is a name that must never change: it "
	    "is kept as published, not resolved like an address", 0 },
	{ "*", "guid-link", "a guid that is no web address is no page to link "
	    "to", 0 },
	{ "*", "title-made", "a title that is not there is not made up of the "
	    "file's name; whoever imports it is told", 0 },
	{ "*", "mime-unsaid", "a type that is not said is not claimed to be "
	    "application/octet-stream", 0 },
	{ "*", "dropped", "no item is dropped for lack of an enclosure, a guid "
	    "or a title, nor because there are many", 0 },
	{ "*", "atom-feed-link", "the link of an Atom feed is read", 0 },
	{ "multi_enclosures", "enclosures", "media:content is an enclosure only "
	    "where there is no other: here it says the same file again", 0 },
	{ "itunes_type_serial", "order", "items keep the order of the feed", 0 },
	{ "itunes_subtitle", "description", "itunes:summary is a field of its "
	    "own, `summary`", 0 },
	{ "atom_content_encoded", "description", "the summary of an Atom entry "
	    "is its description", 0 },
	{ "episode_podcast_person", "person group", "as written, not in small "
	    "letters", 0 },
};

static size_t wrong;

static void
differs(const char *file, const char *field, const char *ours,
    const char *theirs)
{
	size_t i;

	for (i = 0; i < SIZE(on_purpose); i++)
		if (strcmp(on_purpose[i].field, field) == 0 &&
		    (strcmp(on_purpose[i].file, file) == 0 ||
		    on_purpose[i].file[0] == '*')) {
			on_purpose[i].count++;
			return;
		}
	print_error("%s: %s is \"%s\", for podcastparser \"%s\"\n", file,
	    field, ours != NULL ? ours : "", theirs != NULL ? theirs : "");
	wrong++;
}

static const char *
shared(const char *path)
{
	const char *root = getenv("SHARED");

	return fs_join(&arena, root != NULL ? root : "../shared", path);
}

static struct feed_doc *
read_file(const char *path, const char *base, struct findings *to)
{
	struct err err = ERR_INIT;
	struct feed_doc *d;
	struct buf b;

	buf_init(&b, 0);
	if (fs_read(path, FEED_DOC_MAX, &b, NULL, &err) != 0)
		fail_msg("%s", err.msg);
	d = feed_doc_read(b.data, b.len, path, base, to, &err);
	buf_release(&b);
	return d;
}

/* Text of a member, "" where there is none. */
static const char *
member(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

static void
same(const char *file, const char *field, const char *ours,
    const char *theirs)
{
	if (strcmp(or_empty(ours), or_empty(theirs)) != 0)
		differs(file, field, ours, theirs);
}

static void
same_number(const char *file, const char *field, int64_t ours, int64_t theirs)
{
	if (ours != theirs)
		differs(file, field, arena_printf(&arena, "%lld",
		    (long long)ours), arena_printf(&arena, "%lld",
		    (long long)theirs));
}

static const char *
plain(const struct feed_doc_text *t)
{
	struct err err = ERR_INIT;
	const char *out;
	struct buf b;

	if (t->text == NULL || !t->html)
		return or_empty(t->text);
	buf_init(&b, 0);
	assert_int_equal(markup_says(t->text, strlen(t->text), NULL,
	    MARKUP_TEXT, &b, &err), 0);
	out = arena_strndup(&arena, b.data, b.len);
	buf_release(&b);
	return out;
}

static void
compare_texts(const char *file, const struct feed_doc_item *item,
    const json_t *want)
{
	const struct feed_doc_text *html = item->content.text != NULL ?
	    &item->content : &item->description;
	const struct feed_doc_text *text = &item->description;

	if (!html->html && item->content.text == NULL)
		html = NULL;
	same(file, "description_html", html != NULL ? html->text : "",
	    member(want, "description_html"));
	/* A description in HTML gives way to what content:encoded says. */
	if ((text->text == NULL || text->html) && html != NULL)
		text = html;
	/* podcastparser does not read Atom's summary. */
	if (item->element != NULL && strcmp(item->element->name, "entry") == 0 &&
	    item->content.text == NULL)
		return;
	same(file, "description", plain(text), member(want, "description"));
	same(file, "subtitle", item->subtitle, member(want, "subtitle"));
}

static void
compare_enclosures(const char *file, const struct feed_doc_item *item,
    const json_t *want)
{
	const json_t *list = json_object_get(want, "enclosures"), *e;
	const struct feed_doc_enclosure *ours;
	size_t i;

	if (item->nenclosures != json_array_size(list)) {
		differs(file, "enclosures", NULL, NULL);
		return;
	}
	for (i = 0; i < item->nenclosures; i++) {
		e = json_array_get(list, i);
		ours = &item->enclosures[i];
		same(file, "enclosure url", ours->url, member(e, "url"));
		same(file, ours->type == NULL ? "mime-unsaid" :
		    "enclosure type", ours->type, member(e, "mime_type"));
		same_number(file, "file_size", ours->length,
		    json_integer_value(json_object_get(e, "file_size")));
	}
}

static void
compare_chapters(const char *file, const struct feed_doc_item *item,
    const json_t *want)
{
	const json_t *list = json_object_get(want, "chapters"), *c;
	size_t i;

	same(file, "chapters_json_url", item->chapters_url,
	    member(want, "chapters_json_url"));
	same_number(file, "chapters", (int64_t)item->nchapters,
	    (int64_t)json_array_size(list));
	for (i = 0; i < item->nchapters; i++) {
		c = json_array_get(list, i);
		same_number(file, "chapter start",
		    item->chapters[i].start_ms / 1000,
		    (int64_t)json_number_value(json_object_get(c, "start")));
		same(file, "chapter title", item->chapters[i].title,
		    member(c, "title"));
		same(file, "chapter href", item->chapters[i].href,
		    member(c, "href"));
		same(file, "chapter image", item->chapters[i].image,
		    member(c, "image"));
	}
}

static void
compare_people(const char *file, const struct feed_doc_item *item,
    const json_t *want)
{
	const json_t *list = json_object_get(want, "persons"), *p;
	const struct feed_doc_person *ours;
	size_t i;

	same_number(file, "persons", (int64_t)item->npersons,
	    (int64_t)json_array_size(list));
	for (i = 0; i < item->npersons; i++) {
		p = json_array_get(list, i);
		ours = &item->persons[i];
		same(file, "person name", ours->name, member(p, "name"));
		/* The defaults of the namespace. */
		same(file, "person role", ours->role != NULL ? ours->role :
		    "host", member(p, "role"));
		same(file, "person group", ours->group != NULL ?
		    ours->group : "cast", member(p, "group"));
		same(file, "person href", ours->href, member(p, "href"));
		same(file, "person image", ours->img, member(p, "img"));
	}
}

static void
compare_flag(const char *file, enum feed_doc_flag ours, const json_t *theirs)
{
	same_number(file, "explicit", ours, theirs == NULL ?
	    FEED_DOC_UNSAID : json_is_true(theirs) ? FEED_DOC_YES :
	    FEED_DOC_NO);
}

static void
compare_item(const char *file, const struct feed_doc_item *item,
    const json_t *want)
{
	const char *guid = feed_doc_id(item);
	const json_t *explicit = json_object_get(want, "explicit");

	same(file, item->title == NULL ? "title-made" : "title", item->title,
	    member(want, "title"));
	same(file, item->permalink && strstr(or_empty(guid), "://") == NULL ?
	    "guid-resolved" : "guid", guid, member(want, "guid"));
	same(file, item->link == NULL && item->permalink ? "guid-link" :
	    "link", item->link, member(want, "link"));
	same_number(file, "published", item->date.known ?
	    item->date.date.t : 0,
	    json_integer_value(json_object_get(want, "published")));
	same_number(file, "total_time", item->duration < 0 ? 0 :
	    item->duration,
	    json_integer_value(json_object_get(want, "total_time")));
	same_number(file, "number", item->episode,
	    json_integer_value(json_object_get(want, "number")));
	same_number(file, "season", item->season,
	    json_integer_value(json_object_get(want, "season")));
	same(file, "type", item->type, member(want, "type"));
	same(file, "itunes_author", item->author,
	    member(want, "itunes_author"));
	same(file, "payment_url", item->payment.url,
	    member(want, "payment_url"));
	same(file, "episode_art_url", item->image,
	    member(want, "episode_art_url"));
	same(file, "transcript_url", item->ntranscripts > 0 ?
	    item->transcripts[0].url : NULL, member(want, "transcript_url"));
	compare_flag(file, item->is_explicit, explicit);
	compare_texts(file, item, want);
	compare_enclosures(file, item, want);
	compare_chapters(file, item, want);
	compare_people(file, item, want);
}

static void
compare_categories(const char *file, const struct feed_doc_channel *c,
    const json_t *want)
{
	const json_t *list = json_object_get(want, "itunes_categories"), *path;
	size_t i, k;

	same_number(file, "categories", (int64_t)c->ncategories,
	    (int64_t)json_array_size(list));
	for (i = 0; i < c->ncategories; i++) {
		path = json_array_get(list, i);
		same_number(file, "category path",
		    (int64_t)c->categories[i].npath,
		    (int64_t)json_array_size(path));
		for (k = 0; k < c->categories[i].npath; k++)
			same(file, "category", c->categories[i].path[k],
			    json_string_value(json_array_get(path, k)));
	}
	list = json_object_get(want, "itunes_keywords");
	same_number(file, "keywords", (int64_t)c->nkeywords,
	    (int64_t)json_array_size(list));
	for (i = 0; i < c->nkeywords; i++)
		same(file, "keyword", c->keywords[i],
		    json_string_value(json_array_get(list, i)));
}

static void
compare_channel(const char *file, const struct feed_doc_channel *c,
    const json_t *want)
{
	const json_t *owner = json_object_get(want, "itunes_owner");
	const char *description = c->description.text != NULL ?
	    c->description.text : c->summary.text;

	same(file, c->title == NULL ? "title-made" : "title", c->title,
	    member(want, "title"));
	same(file, c->id != NULL ? "atom-feed-link" : "link", c->link,
	    member(want, "link"));
	same(file, "description", description, member(want, "description"));
	same(file, "cover_url", c->image, member(want, "cover_url"));
	same(file, "language", c->language, member(want, "language"));
	same(file, "generator", c->generator, member(want, "generator"));
	same(file, "type", c->type, member(want, "type"));
	same(file, "new_url", c->new_feed_url, member(want, "new_url"));
	same(file, "payment_url", c->payment.url, member(want,
	    "payment_url"));
	same(file, "funding_url", c->nfunding > 0 ? c->funding[0].url : NULL,
	    member(want, "funding_url"));
	same(file, "paged_feed_next", c->page_next,
	    member(want, "paged_feed_next"));
	same(file, "paged_feed_first", c->page_first,
	    member(want, "paged_feed_first"));
	same(file, "owner", c->owner_name, member(owner, "name"));
	same(file, "owner", c->owner_email, member(owner, "email"));
	if (c->nauthors == 0)
		same(file, "itunes_author", c->author,
		    member(want, "itunes_author"));
	compare_flag(file, c->is_explicit, json_object_get(want,
	    "explicit"));
	if (json_is_true(json_object_get(want, "import_prohibited")))
		assert_int_equal(c->locked, FEED_DOC_YES);
	compare_categories(file, c, want);
}

/* The item of ours that theirs is: by title; or the one at its place. */
static const struct feed_doc_item *
find(const struct feed_doc *d, const json_t *want, size_t at)
{
	size_t i;

	for (i = 0; i < d->nitems; i++)
		if (strcmp(or_empty(d->items[i].title),
		    member(want, "title")) == 0)
			return &d->items[i];
	return at < d->nitems ? &d->items[at] : NULL;
}

static void
compare_feed(const char *file, const struct feed_doc *d, const json_t *want)
{
	const json_t *list = json_object_get(want, "episodes"), *episode;
	const struct feed_doc_item *item;
	size_t i;

	compare_channel(file, &d->channel, want);
	if (d->nitems != json_array_size(list))
		differs(file, "dropped", NULL, NULL);
	for (i = 0; i < json_array_size(list); i++) {
		episode = json_array_get(list, i);
		item = find(d, episode, i);
		assert_non_null(item);
		if (item != &d->items[i] && d->nitems == json_array_size(list))
			differs(file, "order", NULL, NULL);
		compare_item(file, item, episode);
	}
}

static void
test_podcastparser(void **state)
{
	struct err err = ERR_INIT;
	struct feed_doc *d;
	size_t n, i, feeds = 0;
	char **paths, *name;
	json_t *want;

	(void)state;
	assert_int_equal(fs_glob(&arena, shared("suites"),
	    "podcastparser/data/*.rss", &paths, &n, &err), 0);
	if (n == 0)
		skip();
	wrong = 0;
	for (i = 0; i < n; i++) {
		struct findings none = { .report = NULL };

		name = fs_stem(&arena, paths[i]);
		d = read_file(paths[i], arena_printf(&arena,
		    "file://tests/data/%s.rss", name), &none);
		if (d == NULL)
			fail_msg("%s cannot be read", name);
		want = json_load_file(arena_printf(&arena, "%.*s.json",
		    (int)strlen(paths[i]) - 4, paths[i]), 0, NULL);
		assert_non_null(want);
		compare_feed(name, d, want);
		json_decref(want);
		feed_doc_free(d);
		feeds++;
	}
	assert_int_equal(feeds, 70);
	print_message("podcastparser: %zu feeds; where we differ on purpose:"
	    "\n", feeds);
	for (i = 0; i < SIZE(on_purpose); i++) {
		print_message("%4zu %s (%s): %s\n", on_purpose[i].count,
		    on_purpose[i].field, on_purpose[i].file,
		    on_purpose[i].why);
		/* A row that nothing needs is out of date. */
		wrong += on_purpose[i].count == 0;
	}
	assert_int_equal(wrong, 0);
}

static void
test_feedvalidator(void **state)
{
	static const char *const folders[] = {
		"atom", "ext", "rss", "rss11", "rss20", "xml"
	};
	size_t read = 0, refused = 0, f, n, i;
	struct err err = ERR_INIT;
	struct feed_doc *d;
	char **paths;

	(void)state;
	for (f = 0; f < SIZE(folders); f++) {
		assert_int_equal(fs_glob(&arena, shared("suites"),
		    arena_printf(&arena, "feedvalidator/%s/*/*.xml",
		    folders[f]), &paths, &n, &err), 0);
		for (i = 0; i < n; i++) {
			struct findings none = { .report = NULL };
			struct feed_facts facts;

			d = read_file(paths[i], "http://example.org/f",
			    &none);
			read += d != NULL;
			refused += d == NULL;
			if (d != NULL)
				feed_facts_channel(&arena, d, &facts);
			feed_doc_free(d);
		}
	}
	if (read + refused == 0)
		skip();
	print_message("feedvalidator: %zu read, %zu are no feeds\n", read,
	    refused);
	assert_true(read > 1600);
	assert_true(refused < 50);
}

/* All that a feed was found to say, in one text. */
static void
put_facts(struct buf *b, const struct feed_facts *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->list[i].shown != NULL)
			buf_addf(b, "%s %s\n", f->list[i].shown,
			    f->list[i].key);
}

static void
put_feed(struct buf *b, const struct feed_doc *d)
{
	const struct feed_doc_channel *c = &d->channel;
	struct feed_facts f;
	size_t i, k;

	feed_facts_channel(&arena, d, &f);
	put_facts(b, &f);
	buf_addf(b, "%s %s %s %s %s %s\n", c->date.written,
	    c->last_build.written, c->generator, c->rss_image,
	    c->rss_image_title, c->rss_image_link);
	for (k = 0; k < c->nunknown; k++)
		buf_adds(b, c->unknown[k].xml);
	for (i = 0; i < d->nitems; i++) {
		feed_facts_item(&arena, d, &d->items[i], &f);
		put_facts(b, &f);
		buf_addf(b, "%s %s\n", d->items[i].guid,
		    d->items[i].date.written);
		for (k = 0; k < d->items[i].nunknown; k++)
			buf_adds(b, d->items[i].unknown[k].xml);
	}
}

/* A text of the source, without tags: its HTML is one text more. */
static void
must_hold(const struct buf *all, const char *text, unsigned line)
{
	const char *bare = strcmp(text, "false") == 0 ? "no" : text;

	if (strncmp(bare, "<p>", 3) == 0)
		bare = arena_strndup(&arena, text + 3, strlen(text) - 7);
	if (strstr(all->data, bare) == NULL)
		fail_msg("line %u: \"%s\" is lost", line, bare);
}

static void
test_nothing_is_lost(void **state)
{
	const char *path = shared("suites/podcast-namespace/example.xml");
	struct err err = ERR_INIT;
	const struct xr_attr *at;
	struct xr_node *root, *n;
	struct buf b, all;
	struct feed_doc *d;
	size_t texts = 0;
	char *text;

	(void)state;
	if (!fs_is_file(path))
		skip();
	buf_init(&b, 0);
	buf_init(&all, 0);
	assert_int_equal(fs_read(path, FEED_DOC_MAX, &b, NULL, &err), 0);
	root = xr_read(&arena, b.data, b.len, path, NULL, &told.findings,
	    &err);
	assert_non_null(root);
	d = read_file(path, NULL, &told.findings);
	assert_non_null(d);
	assert_int_equal(told.n, 0);
	put_feed(&all, d);
	for (n = root; n != NULL; n = xr_next(root, n)) {
		for (at = n->attrs; at != NULL; at = at->next, texts++)
			if (strcmp(n->name, "rss") != 0 &&
			    strcmp(at->name, "isPermaLink") != 0)
				must_hold(&all, at->value, n->line);
		if (n->name != NULL || n->text[strspn(n->text, " \n")] == '\0')
			continue;
		text = arena_strdup(&arena, n->text);
		must_hold(&all, text, n->line);
		texts++;
	}
	assert_true(texts > 300);
	assert_int_equal(d->nitems, 3);
	assert_int_equal(d->channel.nunknown, 16);
	feed_doc_free(d);
	buf_release(&b);
	buf_release(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(test_podcastparser),
		TOLD_TEST(test_feedvalidator),
		TOLD_TEST(test_nothing_is_lost),
	};
	int failed;

	xw_global_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xw_global_release();
	return failed;
}
