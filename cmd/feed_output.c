#include "cmd/feed_output.h"

#include <string.h>

#include "base/log.h"
#include "cmd/feed_audio.h"
#include "show/notes.h"

size_t
feed_output_archives(const struct show *show, int64_t now)
{
	size_t i, n = 0;

	for (i = 0; i < show->nepisodes; i++)
		n += show_is_due(&show->episodes[i], now);
	return show->items == 0 ? 0 : n / show->items;
}

const char *
feed_output_archive_name(struct arena *a, const char *name, size_t archive)
{
	const char *dot = strrchr(name, '.');

	if (dot == NULL || strchr(dot, '/') != NULL)
		dot = name + strlen(name);
	return arena_printf(a, "%.*s.archive-%zu%s", (int)(dot - name), name,
	    archive, dot);
}

static int
write_piece(void *ctx, const void *data, size_t len)
{
	return fs_out_write(ctx, data, len);
}

static bool
is_in(const struct episode *e, int64_t now)
{
	return e->media_known && show_is_due(e, now);
}

static size_t
count(const struct show *show, int64_t now)
{
	size_t i, n = 0;

	for (i = 0; i < show->nepisodes; i++)
		n += is_in(&show->episodes[i], now);
	return n;
}

/* Whether the document has the episode that is number i of all, the newest
 * being 0. */
static bool
has(const struct feed_output *o, size_t i, size_t all)
{
	size_t items = o->head.show->items;

	if (items == 0)
		return true;
	return o->archive == 0 ? i < items :
	    (all - 1 - i) / items == o->archive - 1;
}

/* Newest date or update of what goes in, and the namespaces that it needs; the
 * Unix epoch for an empty feed. */
static void
look(struct feed_output *o, int64_t now, size_t all)
{
	const struct show *show = o->head.show;
	size_t i, k = 0;

	o->head.updated = (struct date){ 0, 0 };
	o->head.spaces = 0;
	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		if (!is_in(e, now) || !has(o, k++, all))
			continue;
		o->head.spaces |= feed_spaces_of(e);
		if (e->updated.t > o->head.updated.t)
			o->head.updated = e->updated;
	}
}

/* An archive's document is made when it is full. */
static int
open_output(struct feed_output *o, int64_t now, size_t all, struct err *err)
{
	o->items = 0;
	if (o->archive > 0 && o->archive * o->head.show->items > all)
		return 0;
	look(o, now, all);
	if (fs_mkdirs(o->folder, err) != 0)
		return -1;
	o->file = fs_out_open(o->path, 0666, err);
	if (o->file == NULL)
		return -1;
	o->writer = feed_open(o->format, &o->head, write_piece, o->file, err);
	return o->writer == NULL ? -1 : 0;
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

static int
write_item(struct feed_output *o, size_t n, size_t i, size_t all,
    const struct feed_item *item, struct err *err)
{
	size_t k;

	for (k = 0; k < n; k++) {
		if (o[k].writer == NULL || !has(&o[k], i, all))
			continue;
		if (feed_item(o[k].writer, item, err) != 0)
			return -1;
		o[k].items++;
	}
	return 0;
}

static int
write_items(struct setting *s, struct show *show, struct feed_output *o,
    size_t n, size_t all, struct err *err)
{
	struct feed_item item;
	struct err told = ERR_INIT;
	struct notes notes;
	size_t i, k = 0;
	int rc = 0;

	for (i = 0; rc == 0 && i < show->nepisodes; i++) {
		struct episode *e = &show->episodes[i];

		if (!is_in(e, s->now))
			continue;
		log_progress(show->slug, i + 1, show->nepisodes);
		if (notes_open(e, &notes, &told) != 0) {
			finding_err(&s->findings, "episode-notes", &told);
			feed_leave_out(show, e);
			k++;
			continue;
		}
		item.episode = e;
		item.html = notes.html.data;
		item.summary = notes.summary.data;
		rc = write_item(o, n, k++, all, &item, err);
		notes_release(&notes);
	}
	return rc;
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

/* The address of a document of the same feed; NULL: there is none. */
static const char *
address(const struct feed_output *list, size_t n, const struct feed_output *of,
    size_t archive)
{
	size_t k;

	for (k = 0; k < n; k++)
		if (list[k].format == of->format && list[k].archive == archive)
			return list[k].head.self_url;
	return NULL;
}

/* Where the others are. */
static void
link_up(struct feed_output *list, size_t n, struct feed_output *o, size_t all)
{
	size_t items = o->head.show->items;
	size_t full = items == 0 ? 0 : all / items;
	size_t before = o->archive == 0 ? full : o->archive - 1;

	o->head.prev_archive = before == 0 ? NULL : address(list, n, o,
	    before);
	o->head.next_archive = o->archive == 0 || o->archive >= full ? NULL :
	    address(list, n, o, o->archive + 1);
	o->head.current = o->archive == 0 ? NULL : address(list, n, o, 0);
}

static int
write_outputs(struct setting *s, struct show *show, struct feed_output *o,
    size_t n, struct err *err)
{
	size_t all = count(show, s->now), k;

	for (k = 0; k < n; k++)
		link_up(o, n, &o[k], all);
	for (k = 0; k < n; k++)
		if (open_output(&o[k], s->now, all, err) != 0)
			return -1;
	if (write_items(s, show, o, n, all, err) != 0)
		return -1;
	for (k = 0; k < n; k++)
		if (close_output(&o[k], err) != 0)
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
	return o->items == 0 && o->head.show->nleft_out > 0 &&
	    !fs_is_file(o->path);
}
