#include "feed/page_facts.h"

#include <string.h>
#include <strings.h>

#include "show/view.h"
#include "text/words.h"

struct node *
page_facts_feeds(struct arena *a, const struct show *s)
{
	static const char *const types[] = {
		[FEED_RSS] = "application/rss+xml",
		[FEED_ATOM] = "application/atom+xml",
		[FEED_JSON] = "application/feed+json"
	};
	struct node *list = node_list(a), *one;
	size_t i;

	for (i = 0; i < s->nfeeds; i++) {
		if (!feeds_is_public(&s->feeds[i]) ||
		    (s->feeds[i].name != NULL &&
		    !feeds_has_any(s, &s->feeds[i])))
			continue;
		one = node_push(list, node_map(a));
		node_set_text(a, one, "url", s->feeds[i].url);
		node_set_text(a, one, "type", types[s->feeds[i].format]);
		node_set_text(a, one, "title", s->feeds[i].title);
	}
	return list;
}

const char *
page_facts_span(struct arena *a, int64_t seconds)
{
	return arena_printf(a, "PT%lldM%lldS", (long long)seconds / 60,
	    (long long)seconds % 60);
}

static struct node *
people(struct arena *a, const struct show *s, const struct episode *e)
{
	const struct show_person *p = e->npeople > 0 ? e->people : s->hosts;
	size_t n = e->npeople > 0 ? e->npeople : s->nhosts, i;
	struct node *list = node_list(a), *one;

	for (i = 0; i < n; i++) {
		one = node_push(list, node_map(a));
		node_set_text(a, one, "name", p[i].name);
		node_set_text(a, one, "url", p[i].url);
		node_set_text(a, one, "role", p[i].role);
		node_set(a, one, "first", node_bool(a, i == 0));
	}
	return list;
}

/* What a transcript is called: by its ending, as people know them. */
static const char *
kind_of(struct arena *a, const struct words *w, const char *type)
{
	static const char *const kinds[][2] = {
		{ "text/vtt", "WebVTT" }, { "application/x-subrip", "SRT" },
		{ "application/srt", "SRT" }, { "text/html", "HTML" },
		{ "application/json", "JSON" },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcasecmp(type, kinds[i][0]) == 0)
			return kinds[i][1];
	return strcasecmp(type, "text/plain") == 0 ? words_text(a, w, "text") :
	    type;
}

static struct node *
transcripts(struct arena *a, const struct words *w, const struct episode *e)
{
	struct node *list = node_list(a), *one;
	size_t i;

	for (i = 0; i < e->ntranscripts; i++) {
		const struct show_transcript *t = &e->transcripts[i];

		one = node_push(list, node_map(a));
		node_set_text(a, one, "url", t->url);
		node_set_text(a, one, "type", t->type);
		node_set_text(a, one, "kind", kind_of(a, w, t->type));
		node_set_text(a, one, "language", t->language);
		node_set(a, one, "captions", node_bool(a,
		    strcasecmp(t->type, "text/vtt") == 0));
	}
	return list;
}

void
page_facts_times(struct arena *a, struct node *map, const struct episode *e)
{
	char date[DATE_TEXT_MAX];

	date_rfc3339(&e->date, date);
	node_set_text(a, map, "date_iso", date);
	node_set_text(a, map, "duration_iso", e->audio.duration > 0 ?
	    page_facts_span(a, e->audio.duration) : NULL);
}

/* A list, and whether there is something in it. */
static void
set_list(struct arena *a, struct node *map, const char *has, const char *key,
    struct node *list)
{
	node_set(a, map, has, node_bool(a, list->count > 0));
	node_set(a, map, key, list);
}

void
page_facts_episode(struct arena *a, const struct show *s,
    const struct episode *e, struct node *map)
{
	view_episode(a, s, e, map);
	page_facts_times(a, map, e);
	node_set_text(a, map, "audio_type", e->audio.type);
	node_set(a, map, "is_video", node_bool(a, strncasecmp(e->audio.type,
	    "video/", 6) == 0));
	set_list(a, map, "has_people", "people", people(a, s, e));
	set_list(a, map, "has_chapters", "chapters", view_chapters(a, e,
	    SIZE_MAX));
	set_list(a, map, "has_transcripts", "transcripts", transcripts(a,
	    s->words, e));
}
