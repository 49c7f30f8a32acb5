#include "show/view.h"

#include <string.h>
#include <strings.h>

#include "show/notes.h"
#include "show/rendition.h"
#include "text/language.h"
#include "text/words.h"
#include "text/wrap.h"

void
view_language(struct arena *a, const char *language, struct node *map)
{
	bool rtl = language_is_rtl(language);

	node_set_text(a, map, "language", language);
	node_set_text(a, map, "dir", rtl ? "rtl" : "ltr");
	node_set_text(a, map, "start", rtl ? "right" : "left");
	node_set_text(a, map, "end", rtl ? "left" : "right");
}

struct node *
view_show(struct arena *a, const struct show *s)
{
	struct node *map = node_map(a), *hosts = node_list(a), *host;
	size_t i;

	node_set_text(a, map, "title", s->title);
	node_set_text(a, map, "link", s->link);
	node_set_text(a, map, "description", s->description);
	node_set_text(a, map, "author", s->author);
	node_set_text(a, map, "image", s->image);
	node_set_text(a, map, "feed_url", s->feed_url);
	node_set_text(a, map, "accent", s->accent);
	node_set_text(a, map, "font", s->font);
	node_set_text(a, map, "logo", s->logo != NULL ? s->logo : s->image);
	node_set(a, map, "rtl", node_bool(a, language_is_rtl(s->language)));
	view_language(a, s->language, map);
	node_set_text(a, map, "live_url", s->live_url);
	node_set_text(a, map, "live_time", s->live_time);
	node_set_text(a, map, "friends_url", s->friends_url);
	node_set_text(a, map, "archive_url", s->digest.archive_url);
	for (i = 0; i < s->nhosts; i++) {
		host = node_push(hosts, node_map(a));
		node_set_text(a, host, "name", s->hosts[i].name);
		node_set_text(a, host, "url", s->hosts[i].url);
		node_set(a, host, "first", node_bool(a, i == 0));
	}
	node_set(a, map, "has_hosts", node_bool(a, s->nhosts > 0));
	node_set(a, map, "hosts", hosts);
	return map;
}

static void
set_wrapped(struct arena *a, struct node *map, const char *key,
    const char *text)
{
	struct buf lines;

	buf_init(&lines, 0);
	if (text != NULL)
		wrap_words(&lines, text, strlen(text), NOTES_TEXT_WIDTH, "",
		    "");
	buf_rtrim(&lines);
	node_set_text(a, map, key, text != NULL ? lines.data : NULL);
	buf_release(&lines);
}

static struct node *
sponsor_data(struct arena *a, const struct show_sponsor *s)
{
	struct node *map;

	if (s->name == NULL)
		return node_null(a);
	map = node_map(a);
	node_set_text(a, map, "name", s->name);
	node_set_text(a, map, "url", s->url);
	node_set_text(a, map, "code", s->code);
	node_set_text(a, map, "text", s->text);
	set_wrapped(a, map, "text_wrapped", s->text);
	return map;
}

/* The other files of the episode, to choose from. */
static struct node *
renditions(struct arena *a, const struct words *w, const struct episode *e)
{
	struct node *list = node_list(a), *map;
	unsigned i;

	for (i = 0; i < e->nrenditions; i++) {
		const struct media *m = &e->renditions[i];

		map = node_push(list, node_map(a));
		node_set_text(a, map, "name", rendition_name(a, w, m));
		node_set_text(a, map, "url", m->url);
		node_set_text(a, map, "type", m->type);
		node_set_text(a, map, "size", words_size(a, w, m->length));
		node_set_text(a, map, "less", rendition_less(a, w,
		    &e->audio, m));
		node_set_text(a, map, "more", rendition_more(a, w,
		    &e->audio, m));
	}
	return list;
}

void
view_episode(struct arena *a, const struct show *s, const struct episode *e,
    struct node *map)
{
	char duration[DATE_TEXT_MAX];

	node_set(a, map, "number", e->number == 0 ? node_null(a) :
	    node_number(a, e->number));
	node_set_text(a, map, "title", e->title);
	node_set_text(a, map, "heading", e->number == 0 ? e->title :
	    arena_printf(a, "#%lld: %s", (long long)e->number, e->title));
	node_set_text(a, map, "date", words_date(a, s->words, &e->date));
	date_duration(e->audio.duration, duration);
	node_set_text(a, map, "duration", e->audio.duration > 0 ? duration :
	    NULL);
	node_set_text(a, map, "size", words_size(a, s->words, e->audio.length));
	node_set_text(a, map, "link", e->link);
	node_set_text(a, map, "audio_url", e->audio.url);
	node_set(a, map, "has_renditions", node_bool(a, e->nrenditions > 0));
	node_set(a, map, "renditions", renditions(a, s->words, e));
	node_set_text(a, map, "video", e->video);
	node_set_text(a, map, "image", e->image);
	node_set(a, map, "sponsor", sponsor_data(a, &e->sponsor));
}

struct node *
view_chapters(struct arena *a, const struct episode *e, size_t max)
{
	struct node *list = node_list(a), *one;
	char time[DATE_TEXT_MAX];
	unsigned i;

	for (i = 0; i < e->nchapters && list->count < max; i++) {
		const struct show_chapter *c = &e->chapter[i];

		if (c->hidden || c->title == NULL)
			continue;
		date_duration(c->start_ms / 1000, time);
		one = node_push(list, node_map(a));
		node_set_text(a, one, "time", time);
		node_set_text(a, one, "title", c->title);
		node_set_text(a, one, "url", c->url);
		/* Media Fragments URI 1.0, 4.2.1 */
		node_set_text(a, one, "listen_url", arena_printf(a,
		    "%s#t=%lld", e->audio.url,
		    (long long)(c->start_ms / 1000)));
	}
	return list;
}

const char *
view_transcript(const struct episode *e)
{
	static const char *const wanted[] = { "text/html", "text/plain" };
	size_t i, k;

	for (k = 0; k < sizeof(wanted) / sizeof(wanted[0]); k++)
		for (i = 0; i < e->ntranscripts; i++)
			if (strcasecmp(e->transcripts[i].type, wanted[k]) == 0)
				return e->transcripts[i].url;
	return e->ntranscripts > 0 ? e->transcripts[0].url : NULL;
}
