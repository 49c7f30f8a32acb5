/*
 * JSON Feed 1.1 (https://jsonfeed.org/version/1.1).
 *
 * Each item is a tree of its own, which is written and forgotten. What the
 * format has no place for, and players know from RSS, stands in objects
 * called _podcast, with the names of the podcast namespace. Nobody's own XML
 * is in it.
 */
#include <string.h>

#include "feed/feed_int.h"
#include "text/json.h"

#define EXTENSION "_podcast"
#define ABOUT "https://podcastindex.org/namespace/1.0"

/* Nothing when text is NULL or "". */
static void
set(struct arena *a, struct node *map, const char *key, const char *text)
{
	if (text != NULL && *text != '\0')
		(void)node_set_text(a, map, key, text);
}

/* Nothing when it is not known. */
static void
set_number(struct arena *a, struct node *map, const char *key, int64_t value)
{
	if (value > 0)
		(void)node_set(a, map, key, node_number(a, value));
}

static void
set_date(struct arena *a, struct node *map, const char *key,
    const struct date *d)
{
	char text[DATE_TEXT_MAX];

	date_rfc3339(d, text);
	(void)node_set_text(a, map, key, text);
}

/* Lists and maps that nothing is in are left out. */
static void
set_any(struct arena *a, struct node *map, const char *key,
    struct node *child)
{
	if (child->count > 0)
		(void)node_set(a, map, key, child);
}

/* Writes f->scratch. A failure is told once, by the tail. */
static void
put(struct feed_writer *f)
{
	if (!f->failed && f->write(f->ctx, f->scratch.data,
	    f->scratch.len) != 0)
		f->failed = true;
	buf_clear(&f->scratch);
}

/* No string of JSON has a line end in it, and so each line is the tree's. */
static void
add_indented(struct buf *out, const char *json)
{
	size_t len;

	for (; *json != '\0'; json += len) {
		len = strcspn(json, "\n");
		buf_adds(out, "\n    ");
		buf_add(out, json, len);
		len += json[len] == '\n';
	}
}

/* What the format knows of a person is no more than what an author has. */
static struct node *
authors(struct arena *a, const struct show_person *list, size_t n)
{
	struct node *all = node_list(a), *one, *more;
	size_t i;

	for (i = 0; i < n; i++) {
		one = node_push(all, node_map(a));
		set(a, one, "name", list[i].name);
		set(a, one, "url", list[i].url);
		set(a, one, "avatar", list[i].image);
		more = node_map(a);
		set(a, more, "role", list[i].role);
		set(a, more, "group", list[i].group);
		set_any(a, one, EXTENSION, more);
	}
	return all;
}

static struct node *
hubs(struct arena *a, const struct show *s)
{
	struct node *all = node_list(a), *one;
	size_t i;

	for (i = 0; i < s->nhubs; i++) {
		one = node_push(all, node_map(a));
		set(a, one, "type", "WebSub");
		set(a, one, "url", s->hubs[i]);
	}
	return all;
}

static struct node *
head_tree(struct arena *a, const struct feed_head *h)
{
	const struct show *s = h->show;
	const struct show_person self = { .name = s->author };
	bool any = s->author != NULL && *s->author != '\0';
	struct node *map = node_map(a), *more;

	set(a, map, "version", "https://jsonfeed.org/version/1.1");
	(void)node_set_text(a, map, "title", s->title);
	set(a, map, "home_page_url", s->link);
	set(a, map, "feed_url", h->self_url);
	set(a, map, "next_url", h->next != NULL ? h->next : h->prev_archive);
	set(a, map, "description", s->description);
	set(a, map, "icon", s->image);
	set_any(a, map, "authors", s->nhosts > 0 ?
	    authors(a, s->hosts, s->nhosts) : authors(a, &self, any));
	/* "und" is the tag of what is not known (RFC 5646 §4.1). */
	if (s->language != NULL && strcmp(s->language, "und") != 0)
		set(a, map, "language", s->language);
	set_any(a, map, "hubs", hubs(a, s));
	more = node_set(a, map, EXTENSION, node_map(a));
	set(a, more, "about", ABOUT);
	set(a, more, "guid", s->guid);
	set(a, more, "type", s->type);
	(void)node_set(a, more, "explicit", node_bool(a, s->is_explicit));
	return map;
}

static int
json_head(struct feed_writer *f, struct err *err)
{
	struct buf *b = &f->scratch;
	struct arena a;
	int rc;

	buf_release(b);
	buf_init(b, SIZE_MAX / 2);
	arena_init(&a);
	rc = node_json(head_tree(&a, &f->head), b, err);
	arena_release(&a);
	if (rc != 0)
		return -1;
	/* The items go in before its end. */
	buf_rtrim(b);
	buf_truncate(b, b->len - 1);
	buf_rtrim(b);
	buf_adds(b, ",\n  \"items\": [");
	put(f);
	return 0;
}

/* What is the same in several files has the same title in all of them; so it
 * is the episode's, and the files' own go where there is room for more. */
static struct node *
attachments(struct arena *a, const struct episode *e)
{
	struct node *all = node_list(a), *one, *more;
	const struct media *m;
	size_t i;

	for (i = 0; e->audio.url != NULL && i <= e->nrenditions; i++) {
		m = show_media(e, i);
		one = node_push(all, node_map(a));
		set(a, one, "url", m->url);
		set(a, one, "mime_type", m->type);
		set(a, one, "title", e->title);
		set_number(a, one, "size_in_bytes", m->length);
		set_number(a, one, "duration_in_seconds", m->duration);
		if (e->nrenditions == 0)
			continue;
		more = node_map(a);
		set(a, more, "title", m->title);
		set(a, more, "lang", m->language);
		set_number(a, more, "bitrate", m->bitrate);
		if (i == 0)
			(void)node_set(a, more, "default", node_bool(a, true));
		set_any(a, one, EXTENSION, more);
	}
	return all;
}

static void
set_transcripts(struct arena *a, struct node *map, const struct episode *e)
{
	struct node *all = node_list(a), *one;
	const struct show_transcript *t;
	size_t i;

	for (i = 0; i < e->ntranscripts; i++) {
		t = &e->transcripts[i];
		one = node_push(all, node_map(a));
		set(a, one, "url", t->url);
		set(a, one, "type", t->type);
		set(a, one, "language", t->language);
		set(a, one, "rel", t->rel);
	}
	set_any(a, map, "transcripts", all);
}

static struct node *
extension(struct arena *a, const struct episode *e)
{
	struct node *map = node_map(a), *chapters = node_map(a);

	set_number(a, map, "episode", e->number);
	set_number(a, map, "season", e->season);
	set(a, map, "type", e->type);
	(void)node_set(a, map, "explicit", node_bool(a, e->is_explicit));
	if (e->chapters != NULL) {
		set(a, chapters, "url", e->chapters);
		set(a, chapters, "type", "application/json+chapters");
	}
	set_any(a, map, "chapters", chapters);
	set_transcripts(a, map, e);
	return map;
}

/* One of the two contents must be there; the title says more than nothing.
 * Where descriptions are the whole notes, there is a summary only where one
 * was written. */
static void
set_notes(struct arena *a, struct node *map, const struct show *s,
    const struct feed_item *item)
{
	const struct episode *e = item->episode;
	const char *summary = item->summary;

	if (summary != NULL && *summary == '\0')
		summary = NULL;
	if (item->html != NULL && *item->html != '\0')
		set(a, map, "content_html", item->html);
	else
		(void)node_set_text(a, map, "content_text", summary != NULL ?
		    summary : e->title);
	if (!s->whole_notes || e->summary != NULL)
		set(a, map, "summary", summary);
}

static struct node *
item_tree(struct arena *a, const struct show *s, const struct feed_item *item)
{
	const struct episode *e = item->episode;
	struct node *map = node_map(a), *tags = node_list(a);
	size_t i;

	(void)node_set_text(a, map, "id", e->guid);
	set(a, map, "url", e->link);
	set(a, map, "title", e->title);
	set_notes(a, map, s, item);
	set(a, map, "image", e->image);
	set_date(a, map, "date_published", &e->date);
	if (e->updated.t != e->date.t)
		set_date(a, map, "date_modified", &e->updated);
	set_any(a, map, "authors", authors(a, e->people, e->npeople));
	for (i = 0; i < e->ntags; i++)
		(void)node_push(tags, node_text(a, e->tags[i]));
	set_any(a, map, "tags", tags);
	set(a, map, "language", e->audio.language);
	set_any(a, map, "attachments", attachments(a, e));
	(void)node_set(a, map, EXTENSION, extension(a, e));
	return map;
}

static int
json_item(struct feed_writer *f, const struct feed_item *item,
    struct err *err)
{
	struct arena a;
	struct buf json;
	int rc;

	arena_init(&a);
	buf_init(&json, SIZE_MAX / 2);
	rc = node_json(item_tree(&a, f->head.show, item), &json, err);
	if (rc == 0) {
		if (f->any)
			buf_addc(&f->scratch, ',');
		add_indented(&f->scratch, json.data);
		f->any = true;
		put(f);
	}
	buf_release(&json);
	arena_release(&a);
	return rc;
}

static int
json_tail(struct feed_writer *f, struct err *err)
{
	buf_adds(&f->scratch, f->any ? "\n  ]\n}\n" : "]\n}\n");
	put(f);
	if (f->failed)
		return err_set(err, ERR_OUTPUT,
		    "the JSON document cannot be written");
	return 0;
}

const struct feed_kind feed_json = { json_head, json_item, json_tail };
