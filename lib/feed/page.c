#include "feed/page.h"

#include <string.h>
#include <strings.h>

#include "feed/page_facts.h"
#include "feed/page_transcript.h"
#include "show/notes.h"
#include "show/view.h"
#include "text/html.h"
#include "text/json.h"
#include "text/template_file.h"
#include "text/url.h"
#include "text/words.h"

/* The template's own heading is <h1>. */
#define NOTES_HEADING 2

const char *
page_path(struct arena *a, const struct show *show, const char *url)
{
	size_t len = strlen(show->link), end;
	const char *rest, *last;

	if (strncmp(url, show->link, len) != 0)
		return NULL;
	rest = url + len;
	if (show->link[len - 1] != '/' && *rest != '/' && *rest != '\0')
		return NULL;
	rest += strspn(rest, "/");
	if (rest[strcspn(rest, "?#")] != '\0')
		return NULL;
	rest = url_decoded(a, rest);
	if (strstr(rest, "..") != NULL || strstr(rest, "//") != NULL)
		return NULL;
	end = strlen(rest);
	last = strrchr(rest, '/') != NULL ? strrchr(rest, '/') + 1 : rest;
	if (end == 0 || rest[end - 1] == '/')
		return arena_printf(a, "%sindex.html", rest);
	return strrchr(last, '.') != NULL &&
	    strncasecmp(strrchr(last, '.'), ".htm", 4) == 0 ? rest :
	    arena_printf(a, "%s/index.html", rest);
}

/* ---- data ---- */

/* What both templates have. */
static struct node *
common(struct arena *a, const struct show *s)
{
	struct node *data = node_map(a);

	node_set(a, data, "words", words_node(a, s->words));
	node_set(a, data, "show", view_show(a, s));
	node_set(a, data, "feeds", page_facts_feeds(a, s));
	node_set_text(a, data, "rss_url", s->feed_url);
	return data;
}

static struct node *
named(struct arena *a, const char *type, const char *name, const char *url)
{
	struct node *map = node_map(a);

	node_set_text(a, map, "@type", type);
	node_set_text(a, map, "name", name);
	node_set_text(a, map, "url", url);
	return map;
}

/* JSON-LD as it may stand in a <script>: no < can end that. */
static int
set_linked(struct arena *a, struct node *data, const struct node *tree,
    struct err *err)
{
	struct buf json, safe;
	const char *p;
	int rc;

	buf_init(&json, 0);
	buf_init(&safe, 0);
	rc = node_json(tree, &json, err);
	for (p = json.data; rc == 0 && *p != '\0'; p++)
		if (*p == '<')
			buf_adds(&safe, "\\u003c");
		else
			buf_addc(&safe, *p);
	node_set_text(a, data, "json_ld", safe.data);
	buf_release(&json);
	buf_release(&safe);
	return rc;
}

static struct node *
linked_episode(struct arena *a, const struct show *s, const struct episode *e,
    const char *summary)
{
	struct node *map = named(a, "PodcastEpisode", e->title, e->link);
	struct node *media = node_map(a);
	char date[DATE_TEXT_MAX];

	date_rfc3339(&e->date, date);
	node_set_text(a, map, "@context", "https://schema.org/");
	node_set_text(a, map, "datePublished", date);
	if (summary[0] != '\0')
		node_set_text(a, map, "description", summary);
	if (e->number > 0)
		node_set(a, map, "episodeNumber", node_number(a, e->number));
	if (e->audio.duration > 0)
		node_set_text(a, map, "timeRequired", page_facts_span(a,
		    e->audio.duration));
	node_set_text(a, media, "@type", "MediaObject");
	node_set_text(a, media, "contentUrl", e->audio.url);
	node_set_text(a, media, "encodingFormat", e->audio.type);
	node_set_text(a, media, "contentSize", arena_printf(a, "%lld",
	    (long long)e->audio.length));
	node_set(a, map, "associatedMedia", media);
	node_set(a, map, "partOfSeries", named(a, "PodcastSeries", s->title,
	    s->link));
	return map;
}

static struct node *
linked_show(struct arena *a, const struct show *s)
{
	struct node *map = named(a, "PodcastSeries", s->title, s->link);

	node_set_text(a, map, "@context", "https://schema.org/");
	node_set_text(a, map, "description", s->description);
	node_set_text(a, map, "webFeed", s->feed_url);
	if (s->image != NULL)
		node_set_text(a, map, "image", s->image);
	return map;
}

static struct node *
neighbour(struct arena *a, const struct show *s,
    const struct page_entry *entry)
{
	struct node *map = node_map(a);

	if (entry == NULL)
		return node_null(a);
	view_episode(a, s, entry->episode, map);
	return map;
}

static struct node *
episode_data(struct arena *a, const struct show *s, const struct episode *e,
    struct notes *notes, struct node *transcripts)
{
	struct node *map = node_map(a);

	page_facts_episode(a, s, e, map);
	node_set_text(a, map, "summary", notes->summary.len > 0 ?
	    notes->summary.data : NULL);
	if (notes->html.len > 0)
		markup_demote(notes->html.data, NOTES_HEADING);
	node_set_text(a, map, "notes_html", notes->html.data);
	node_set(a, map, "transcript_texts", transcripts);
	return map;
}

/* Without the transcripts where they are too much for a page. */
static int
render(struct arena *a, const char *templates, const struct node *data,
    struct node *transcripts, struct buf *out, struct err *err)
{
	struct err first = ERR_INIT;
	struct buf page;	/* out would stay full */
	int rc;

	buf_init(&page, out->max);
	rc = template_file_render(a, templates, "page-episode.html",
	    TEMPLATE_HTML, data, &page, &first);
	buf_add(out, page.data, page.len);
	buf_release(&page);
	if (rc == 0)
		return 0;
	if (transcripts->count == 0 || first.kind != ERR_INPUT) {
		*err = first;
		return -1;
	}
	node_clear(transcripts);
	return template_file_render(a, templates, "page-episode.html",
	    TEMPLATE_HTML, data, out, err);
}

int
page_episode(struct arena *a, const struct show *show, const char *templates,
    struct page_entry *entry, size_t n, size_t i, struct findings *to,
    struct buf *out, struct err *err)
{
	const struct episode *e = entry[i].episode;
	struct node *data = common(a, show), *texts;
	size_t ntexts;
	struct notes notes;
	const char *summary;
	int rc;

	if (notes_open(e, &notes, err) != 0)
		return -1;
	summary = arena_strdup(a, notes.summary.data);
	entry[i].summary = summary;
	texts = page_transcripts(a, show, e, to);
	ntexts = texts->count;
	node_set(a, data, "episode", episode_data(a, show, e, &notes, texts));
	notes_release(&notes);
	node_set_text(a, data, "description", summary[0] != '\0' ? summary :
	    NULL);
	node_set(a, data, "newer", neighbour(a, show, i > 0 ? &entry[i - 1] :
	    NULL));
	node_set(a, data, "older", neighbour(a, show, i + 1 < n ?
	    &entry[i + 1] : NULL));
	rc = set_linked(a, data, linked_episode(a, show, e, summary), err);
	if (rc == 0)
		rc = render(a, templates, data, texts, out, err);
	if (rc == 0 && texts->count < ntexts)
		finding_add(to, SEV_WARNING, "transcript-large", e->file, 0,
		    "its page would be larger than %zu MiB with the "
		    "transcript, and does not show it",
		    TEMPLATE_OUTPUT_MAX >> 20);
	return rc;
}

int
page_show(struct arena *a, const struct show *show, const char *templates,
    const struct page_entry *entry, size_t n, struct buf *out,
    struct err *err)
{
	struct node *data = common(a, show), *list = node_list(a), *one;
	size_t i;

	for (i = 0; i < n; i++) {
		one = node_push(list, node_map(a));
		view_episode(a, show, entry[i].episode, one);
		page_facts_times(a, one, entry[i].episode);
		node_set_text(a, one, "summary", entry[i].summary != NULL &&
		    entry[i].summary[0] != '\0' ? entry[i].summary : NULL);
	}
	node_set(a, data, "has_episodes", node_bool(a, n > 0));
	node_set(a, data, "episodes", list);
	if (set_linked(a, data, linked_show(a, show), err) != 0)
		return -1;
	return template_file_render(a, templates, "page-show.html",
	    TEMPLATE_HTML, data, out, err);
}
