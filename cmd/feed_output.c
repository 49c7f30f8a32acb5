#include "cmd/feed_output.h"

#include <string.h>

#include "base/log.h"
#include "cmd/feed_audio.h"
#include "show/notes.h"

size_t
feed_output_documents(const struct show *show, const struct show_feed *f,
    int64_t now)
{
	size_t i, n = 0;

	if (f->items == 0 || f->history == FEEDS_COMPLETE)
		return 0;
	for (i = 0; i < show->nepisodes; i++)
		n += show_is_due(&show->episodes[i], now) &&
		    feeds_takes(f, &show->episodes[i]);
	if (f->history == FEEDS_ARCHIVE)
		return n / f->items;
	return n == 0 ? 0 : (n - 1) / f->items;
}

const char *
feed_output_name(struct arena *a, const struct show_feed *f, size_t document)
{
	const char *name = f->file, *dot = strrchr(name, '.');
	bool archive = f->history == FEEDS_ARCHIVE;

	if (dot == NULL)
		dot = name + strlen(name);
	return arena_printf(a, "%.*s.%s-%zu%s", (int)(dot - name), name,
	    archive ? "archive" : "page", archive ? document : document + 1,
	    dot);
}

static int
write_piece(void *ctx, const void *data, size_t len)
{
	return fs_out_write(ctx, data, len);
}

/* Of a feed that the show's episodes are read for. */
static bool
is_in(const struct episode *e, int64_t now)
{
	return e->media_known && show_is_due(e, now);
}

static bool
takes(const struct feed_output *o, const struct episode *e)
{
	return feeds_takes(o->feed, e) && feeds_media(o->feed, e) >= 0;
}

/* Whether the document has the episode that is number i of all of the feed, the
 * newest being 0. */
static bool
has(const struct feed_output *o, size_t i)
{
	size_t items = o->feed->items, full;

	if (items == 0)
		return true;
	if (o->document == 0)
		return i < items;
	full = o->feed->history == FEEDS_ARCHIVE ? (o->all - 1 - i) / items +
	    1 : i / items;
	return full == o->document;
}

/* Newest date or update of what goes in, and the namespaces that it needs; the
 * Unix epoch for an empty feed. */
static void
look(struct feed_output *o, int64_t now)
{
	const struct show *show = o->show;
	size_t i, k = 0;

	o->head.updated = (struct date){ 0, 0 };
	o->head.spaces = 0;
	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		if (!is_in(e, now) || !takes(o, e) || !has(o, k++))
			continue;
		o->head.spaces |= feed_spaces_of(show, e,
		    o->feed->format);
		if (e->updated.t > o->head.updated.t)
			o->head.updated = e->updated;
	}
}

static void
count(struct feed_output *o, int64_t now)
{
	const struct show *show = o->show;
	size_t i;

	o->all = o->seen = o->items = 0;
	for (i = 0; i < show->nepisodes; i++)
		o->all += is_in(&show->episodes[i], now) &&
		    takes(o, &show->episodes[i]);
}

/* How many documents there are beside the feed. An archive's is made when it is
 * full. */
static size_t
documents(const struct feed_output *o)
{
	const struct show_feed *f = o->feed;

	if (f->items == 0 || o->all == 0)
		return 0;
	return f->history == FEEDS_ARCHIVE ? o->all / f->items :
	    (o->all - 1) / f->items;
}

/* While an episode is left out, what an archive has stays: its documents are
 * kept by those who have read them. */
static bool
is_kept(const struct feed_output *o)
{
	return o->document > 0 && o->feed->history == FEEDS_ARCHIVE &&
	    o->show->nleft_out > 0 && fs_is_file(o->path);
}

bool
feed_output_is_unused(const struct feed_output *o)
{
	return o->document > documents(o) || is_kept(o);
}

static int
open_output(struct feed_output *o, int64_t now, struct err *err)
{
	look(o, now);
	if (fs_mkdirs(o->folder, err) != 0)
		return -1;
	o->file = fs_out_open(o->path, 0666, err);
	if (o->file == NULL)
		return -1;
	o->writer = feed_open(o->feed->format, &o->head, write_piece, o->file,
	    err);
	return o->writer == NULL ? -1 : 0;
}

static int
close_output(struct feed_output *o, struct err *err)
{
	struct feed_writer *w = o->writer;

	o->writer = NULL;
	if (w != NULL && feed_close(w, err) != 0) {
		/* The disk's reason is better than the writer's. */
		fs_out_finish(o->file, err);
		return -1;
	}
	return o->file == NULL ? 0 : fs_out_finish(o->file, err);
}

void
feed_output_abandon(struct feed_output *o)
{
	struct err ignored = ERR_INIT;

	if (o->writer != NULL)
		feed_close(o->writer, &ignored);
	fs_out_abandon(o->file);
	o->writer = NULL;
	o->file = NULL;
}

/* The episode with another of its files as its audio. */
static const struct episode *
with_media(struct arena *a, const struct episode *e, int which)
{
	struct episode *other = arena_alloc(a, sizeof(*other));
	size_t i, n = 0;

	*other = *e;
	other->audio = *show_media(e, (size_t)which);
	other->renditions = arena_array(a, e->nrenditions,
	    sizeof(*other->renditions));
	for (i = 0; i <= e->nrenditions; i++)
		if (i != (size_t)which)
			other->renditions[n++] = *show_media(e, i);
	return other;
}

static int
write_item(struct feed_output *o, const struct episode *e, int64_t now,
    struct feed_item *item, struct err *err)
{
	struct arena scratch = ARENA_INIT;
	int which = feeds_media(o->feed, e), rc = 0;

	if (feed_output_is_unused(o))
		return 0;
	/* Its items follow each other: before them and behind them it takes
	 * neither memory nor a second descriptor. */
	if (!has(o, o->seen++))
		return o->writer != NULL ? close_output(o, err) : 0;
	if (o->writer == NULL)
		rc = open_output(o, now, err);
	if (rc == 0) {
		item->episode = which == 0 ? e : with_media(&scratch, e,
		    which);
		rc = feed_item(o->writer, item, err);
		o->items += rc == 0;
	}
	arena_release(&scratch);
	return rc;
}

static int
write_items(struct setting *s, struct show *show, struct feed_output *o,
    size_t n, struct err *err)
{
	struct feed_item item;
	struct err told = ERR_INIT;
	struct notes notes;
	size_t i, k;
	int rc = 0;

	for (i = 0; rc == 0 && i < show->nepisodes; i++) {
		struct episode *e = &show->episodes[i];

		if (!is_in(e, s->now))
			continue;
		log_progress(show->slug, i + 1, show->nepisodes);
		if (notes_open(e, &notes, &told) != 0) {
			finding_err(&s->findings, "episode-notes", &told);
			/* No longer in any of them: all is done again. */
			feed_leave_out(show, e);
			continue;
		}
		item.html = notes.html.data;
		item.summary = notes.summary.data;
		for (k = 0; rc == 0 && k < n; k++)
			if (takes(&o[k], e))
				rc = write_item(&o[k], e, s->now, &item, err);
		notes_release(&notes);
	}
	return rc;
}

/* The address of a document of the same feed, which is made: they stand in
 * their order (cmd/feed_plan.c). */
static const char *
address(const struct feed_output *o, size_t document)
{
	return (o - o->document + document)->head.self_url;
}

static void
link_pages(struct feed_output *o)
{
	size_t last = documents(o);

	if (last == 0)
		return;
	o->head.first = address(o, 0);
	o->head.last = address(o, last);
	if (o->document > 0)
		o->head.previous = address(o, o->document - 1);
	if (o->document < last)
		o->head.next = address(o, o->document + 1);
}

/* Where the others are. */
static void
link_up(struct feed_output *o)
{
	size_t full = documents(o);
	size_t before = o->document == 0 ? full : o->document - 1;

	/* With what is left out it has not all. */
	o->head.complete = o->feed->history == FEEDS_COMPLETE &&
	    o->show->nleft_out == 0;
	if (o->feed->history == FEEDS_PAGES) {
		link_pages(o);
		return;
	}
	o->head.prev_archive = before == 0 ? NULL : address(o, before);
	o->head.next_archive = o->document == 0 || o->document >= full ? NULL :
	    address(o, o->document + 1);
	o->head.current = o->document == 0 ? NULL : address(o, 0);
}

/* Also of one that no item is in. */
static int
end_output(struct feed_output *o, int64_t now, struct err *err)
{
	if (o->file == NULL && !feed_output_is_unused(o) &&
	    open_output(o, now, err) != 0)
		return -1;
	return close_output(o, err);
}

static int
write_outputs(struct setting *s, struct show *show, struct feed_output *o,
    size_t n, struct err *err)
{
	size_t k;

	for (k = 0; k < n; k++)
		count(&o[k], s->now);
	for (k = 0; k < n; k++)
		link_up(&o[k]);
	if (write_items(s, show, o, n, err) != 0)
		return -1;
	for (k = 0; k < n; k++)
		if (end_output(&o[k], s->now, err) != 0)
			return -1;
	return 0;
}

/* The head of a feed tells the newest of its items. Where notes turn out to
 * be bad when they are rendered, all is written again without them. */
int
feed_outputs_write(struct setting *s, struct show *show,
    struct feed_output *o, size_t n, struct err *err)
{
	size_t left_out, k;

	for (;;) {
		left_out = show->nleft_out;
		if (write_outputs(s, show, o, n, err) != 0)
			return -1;
		if (show->nleft_out == left_out)
			return 0;
		for (k = 0; k < n; k++)
			feed_output_abandon(&o[k]);
	}
}

bool
feed_output_is_void(const struct feed_output *o)
{
	return o->items == 0 && (o->show->nleft_out > 0 ||
	    o->feed->name != NULL) && !fs_is_file(o->path);
}
