#include "mail/digest_data.h"

#include <string.h>

#include "base/size.h"
#include "show/notes.h"
#include "show/rendition.h"
#include "text/html.h"
#include "text/wrap.h"

/* The template's own headings are <h1> and <h2>. */
#define NOTES_HEADING 3

static void
set_date(struct arena *a, struct node *map, const char *key,
    const struct date *d)
{
	char text[DATE_TEXT_MAX];

	date_long(d, text);
	node_set_text(a, map, key, text);
}

static struct node *
show_data(struct arena *a, const struct show *s)
{
	struct node *map = node_map(a), *hosts = node_list(a), *host;
	size_t i;

	node_set_text(a, map, "title", s->title);
	node_set_text(a, map, "link", s->link);
	node_set_text(a, map, "description", s->description);
	node_set_text(a, map, "author", s->author);
	node_set_text(a, map, "image", s->image);
	node_set_text(a, map, "language", s->language);
	node_set_text(a, map, "feed_url", s->feed_url);
	node_set_text(a, map, "accent", s->accent);
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
		wrap_words(&lines, text, strlen(text), NOTES_TEXT_WIDTH, "", "");
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
renditions(struct arena *a, const struct episode *e)
{
	struct node *list = node_list(a), *map;
	unsigned i;

	for (i = 0; i < e->nrenditions; i++) {
		const struct media *m = &e->renditions[i];

		map = node_push(list, node_map(a));
		node_set_text(a, map, "name", rendition_name(a, m));
		node_set_text(a, map, "url", m->url);
		node_set_text(a, map, "type", m->type);
		node_set_text(a, map, "size", size_text(a, m->length));
		node_set_text(a, map, "less", rendition_less(a, &e->audio,
		    m));
		node_set_text(a, map, "more", rendition_more(a, &e->audio,
		    m));
	}
	return list;
}

static void
facts(struct arena *a, const struct episode *e, struct node *map)
{
	char duration[DATE_TEXT_MAX];

	node_set_text(a, map, "number", e->number == 0 ? NULL :
	    arena_printf(a, "%lld", (long long)e->number));
	node_set_text(a, map, "title", e->title);
	node_set_text(a, map, "heading", e->number == 0 ? e->title :
	    arena_printf(a, "#%lld: %s", (long long)e->number, e->title));
	set_date(a, map, "date", &e->date);
	date_duration(e->audio.duration, duration);
	node_set_text(a, map, "duration", e->audio.duration > 0 ? duration : NULL);
	node_set_text(a, map, "size", size_text(a, e->audio.length));
	node_set_text(a, map, "link", e->link);
	node_set_text(a, map, "audio_url", e->audio.url);
	node_set(a, map, "has_renditions", node_bool(a, e->nrenditions > 0));
	node_set(a, map, "renditions", renditions(a, e));
	node_set_text(a, map, "video", e->video);
	node_set_text(a, map, "image", e->image);
	node_set(a, map, "sponsor", sponsor_data(a, &e->sponsor));
}

/* The last gate before a text could pass for a mark of the mold: what was read
 * from files has been checked where it was read. The depth is that of the data
 * made here. */
static bool
has_mark(const struct node *n)
{
	const struct node *c;

	if (n->kind == NODE_TEXT)
		return strpbrk(n->text, "\001\002") != NULL;
	for (c = n->first; c != NULL; c = c->next)
		if (has_mark(c))
			return true;
	return false;
}

static int
check_marks(const struct node *n, const char *file, struct err *err)
{
	if (!has_mark(n))
		return 0;
	err_set(err, ERR_INPUT, "there is a control character in a value");
	return err_at(err, file, 0);
}

static struct node *
episode_data(struct arena *a, const struct episode *e, bool first,
    struct err *err)
{
	struct node *map = node_map(a), *topics;
	struct notes notes;
	struct buf text;
	int rc;

	if (notes_open(e, &notes, err) != 0)
		return NULL;
	facts(a, e, map);
	node_set(a, map, "first", node_bool(a, first));
	node_set_text(a, map, "summary", notes.summary.len > 0 ? notes.summary.data :
	    NULL);
	if (notes.html.len > 0)
		markup_demote(notes.html.data, NOTES_HEADING);
	node_set_text(a, map, "notes_html", notes.html.data);
	topics = markdown_topics(notes.markdown, a);
	node_set(a, map, "has_topics", node_bool(a, topics->count > 0));
	node_set(a, map, "topics", topics);
	buf_init(&text, 0);
	rc = markdown_text(notes.markdown, NOTES_TEXT_WIDTH, &text, err);
	if (rc != 0)
		err_at(err, e->file, 0);
	node_set_text(a, map, "notes_text", text.data);
	buf_release(&text);
	notes_release(&notes);
	if (rc == 0)
		rc = check_marks(map, e->file, err);
	return rc == 0 ? map : NULL;
}

static void
friend_data(struct arena *a, struct node *data)
{
	struct node *map = node_map(a);

	node_set_text(a, map, "name", mold_mark(MOLD_NAME));
	node_set_text(a, map, "address", mold_mark(MOLD_ADDRESS));
	node_set(a, data, "friend", map);
	node_set_text(a, data, "unsubscribe_url", mold_mark(MOLD_UNSUBSCRIBE));
	node_set_text(a, data, "unsubscribe_mailto",
	    mold_mark(MOLD_UNSUBSCRIBE_MAILTO));
}

struct node *
digest_data(struct arena *a, const struct digest_input *in, struct err *err)
{
	struct node *data = node_map(a), *edition = node_map(a);
	struct node *episodes = node_list(a), *e;
	size_t i;

	node_set(a, data, "show", show_data(a, in->show));
	node_set_text(a, edition, "name", in->edition);
	set_date(a, edition, "date", &in->date);
	node_set_text(a, edition, "count", arena_printf(a, "%zu", in->n));
	node_set(a, edition, "single", node_bool(a, in->n == 1));
	node_set(a, data, "edition", edition);
	for (i = 0; i < in->n; i++) {
		e = episode_data(a, in->episodes[i], i == 0, err);
		if (e == NULL)
			return NULL;
		node_push(episodes, e);
	}
	node_set(a, data, "episodes", episodes);
	node_set_text(a, data, "preheader", in->n > 0 ?
	    node_get_text(episodes->first, "summary") : NULL);
	node_set_text(a, data, "postal_address", in->show->digest.postal_address);
	node_set_text(a, data, "list", in->show->digest.list);
	if (check_marks(data, in->show->file, err) != 0)
		return NULL;
	friend_data(a, data);
	return data;
}
