#include "feed/data.h"

#include "feed/page_facts.h"
#include "show/notes.h"
#include "show/view.h"

static void
set_number(struct arena *a, struct node *map, const char *key, int64_t n)
{
	node_set(a, map, key, n > 0 ? node_number(a, n) : node_null(a));
}

static struct node *
tags(struct arena *a, const struct episode *e)
{
	struct node *list = node_list(a);
	unsigned i;

	for (i = 0; i < e->ntags; i++)
		node_push(list, node_text(a, e->tags[i]));
	return list;
}

/* What pages need not say. */
static void
set_raw(struct arena *a, struct node *map, const struct episode *e)
{
	node_set_text(a, map, "guid", e->guid);
	node_set_text(a, map, "slug", e->slug);
	node_set_text(a, map, "type", e->type);
	set_number(a, map, "season", e->season);
	node_set(a, map, "explicit", node_bool(a, e->is_explicit));
	set_number(a, map, "seconds", e->audio.duration);
	set_number(a, map, "bytes", e->audio.length);
	node_set(a, map, "tags", tags(a, e));
}

static int
push_episode(struct arena *a, const struct show *show,
    const struct episode *e, struct node *list, struct err *err)
{
	struct node *map;
	struct notes notes;

	if (notes_open(e, &notes, err) != 0)
		return -1;
	map = node_push(list, node_map(a));
	page_facts_episode(a, show, e, map);
	set_raw(a, map, e);
	node_set_text(a, map, "summary", notes.summary.len > 0 ?
	    notes.summary.data : NULL);
	node_set_text(a, map, "notes_html", notes.html.data);
	notes_release(&notes);
	return 0;
}

struct node *
feed_data_show(struct arena *a, const struct show *show, int64_t now,
    struct err *err)
{
	struct node *map = view_show(a, show), *list = node_list(a);
	size_t i;

	node_set_text(a, map, "slug", show->slug);
	node_set(a, map, "feeds", page_facts_feeds(a, show));
	node_set(a, map, "episodes", list);
	for (i = 0; i < show->nepisodes; i++)
		if (show->episodes[i].media_known && show_is_due(
		    &show->episodes[i], now) && push_episode(a, show,
		    &show->episodes[i], list, err) != 0)
			return NULL;
	return map;
}
