/*
 * Chapters in the feeds: Podlove Simple Chapters 1.2, the lines of a
 * description, and JSON chapters 1.2 (podcast-namespace,
 * chapters/jsonChapters.md).
 */
#include "feed/chapters.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/feed_int.h"
#include "text/html.h"
#include "text/json.h"

#define LINES_MIN 3

static void
clock_of(int64_t ms, char *out, size_t size)
{
	(void)snprintf(out, size, "%02" PRId64 ":%02d:%02d.%03d",
	    ms / 3600000, (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
	    (int)(ms % 1000));
}

/* A chapter without a title, or that is in no list, has no place there. */
static bool
is_listed(const struct show_chapter *c)
{
	return !c->hidden && c->title != NULL;
}

unsigned
feed_chapters_listed(const struct episode *e)
{
	unsigned i, n = 0;

	for (i = 0; i < e->nchapters; i++)
		n += is_listed(&e->chapter[i]);
	return n;
}

void
feed_psc(struct feed_writer *f, const struct episode *e,
    const struct show_xml *xml)
{
	char start[40];
	unsigned i;

	if (feed_chapters_listed(e) == 0 || feed_has_own(xml, "psc:chapters"))
		return;
	xw_start(f->w, "psc:chapters");
	xw_attr(f->w, "version", "1.2");
	for (i = 0; i < e->nchapters; i++) {
		const struct show_chapter *c = &e->chapter[i];

		if (!is_listed(c))
			continue;
		clock_of(c->start_ms, start, sizeof(start));
		xw_start(f->w, "psc:chapter");
		xw_attr(f->w, "start", start);
		xw_attr(f->w, "title", c->title);
		if (c->url != NULL)
			xw_attr(f->w, "href", c->url);
		if (c->image != NULL)
			xw_attr(f->w, "image", c->image);
		xw_end(f->w);
	}
	xw_end(f->w);
}

static void
add_line(struct buf *out, const struct show_chapter *c)
{
	int64_t s = c->start_ms / 1000;

	if (s < 3600)
		buf_addf(out, "<p>%" PRId64 ":%02d ", s / 60, (int)(s % 60));
	else
		buf_addf(out, "<p>%" PRId64 ":%02d:%02d ", s / 3600,
		    (int)(s / 60 % 60), (int)(s % 60));
	markup_escape(out, c->title, strlen(c->title));
	buf_adds(out, "</p>");
}

enum feed_chapter_lines
feed_chapters_lines(const struct show *show, const struct episode *e,
    struct buf *out)
{
	size_t begin = out->len;
	bool first = true;
	unsigned i;

	if (!show->describe_chapters || feed_chapters_listed(e) < LINES_MIN ||
	    feed_has_own(&e->xml, "description"))
		return FEED_LINES_NONE;
	for (i = 0; i < e->nchapters; i++) {
		const struct show_chapter *c = &e->chapter[i];

		if (!is_listed(c))
			continue;
		if (first && c->start_ms >= 1000)
			return FEED_LINES_NONE;
		first = false;
		add_line(out, c);
	}
	if (out->len - begin <= FEED_LINES_MAX)
		return FEED_LINES_ADDED;
	buf_truncate(out, begin);
	return FEED_LINES_LONG;
}

static struct node *
json_chapter(struct arena *a, const struct show_chapter *c)
{
	struct node *one = node_map(a);

	node_set(a, one, "startTime", node_decimal(a, c->start_ms));
	if (c->end_ms >= 0)
		node_set(a, one, "endTime", node_decimal(a, c->end_ms));
	if (c->title != NULL)
		node_set_text(a, one, "title", c->title);
	if (c->image != NULL)
		node_set_text(a, one, "img", c->image);
	if (c->url != NULL)
		node_set_text(a, one, "url", c->url);
	if (c->hidden)
		node_set(a, one, "toc", node_bool(a, false));
	return one;
}

int
feed_chapters_json(const struct show *show, const struct episode *e,
    struct buf *out, struct err *err)
{
	struct arena a = ARENA_INIT;
	struct node *top = node_map(&a), *list = node_list(&a);
	unsigned i;
	int rc;

	node_set_text(&a, top, "version", "1.2.0");
	node_set_text(&a, top, "title", e->title);
	node_set_text(&a, top, "podcastName", show->title);
	for (i = 0; i < e->nchapters; i++)
		node_push(list, json_chapter(&a, &e->chapter[i]));
	node_set(&a, top, "chapters", list);
	rc = node_json(top, out, err);
	arena_release(&a);
	return rc;
}
