#include "mail/digest_data.h"

#include <string.h>

#include "show/view.h"
#include "text/html.h"
#include "text/html_mail.h"
#include "text/words.h"
#include "text/wrap.h"

/* The template's own headings are <h1> and <h2>. */
#define NOTES_HEADING 3
#define OPENING_HEADING 2

#define CHAPTERS_MOST 50	/* of an episode, in a mail */
#define TOPIC_BYTES ((size_t)60)	/* what a topic has around its words */

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

static const char *
written_in(const struct digest_input *in)
{
	return in->language != NULL ? in->language : in->show->language;
}

/* What it is written in; and whose it is, where the digest is of several
 * shows. */
static void
set_show(struct arena *a, struct node *map, const struct digest_input *in,
    size_t i)
{
	const struct show *of = in->shows == NULL ? in->show : in->shows[i];
	bool several = in->show->digest.nshows > 0;

	view_language(a, in->shows == NULL ? written_in(in) : of->language,
	    map);
	node_set_text(a, map, "show_title", several ? of->title : NULL);
	node_set_text(a, map, "show_link", several ? of->link : NULL);
}

/* The notes themselves may be large, and go when this is made of them. */
static int
make_entry(struct digest_notes *n, const struct notes *notes,
    struct digest_entry *entry, struct err *err)
{
	buf_init(&entry->html, 0);
	if (markup_mail(notes->html.data, notes->html.len, NOTES_HEADING,
	    DIGEST_PART_MAX, &entry->html, &entry->cut, err) != 0 ||
	    markdown_lines_open(notes->markdown, NOTES_TEXT_WIDTH,
	    DIGEST_PART_MAX, &entry->text, err) != 0) {
		buf_release(&entry->html);
		return -1;
	}
	entry->topics = markdown_topics(notes->markdown, &n->arena);
	entry->summary = notes->summary.len > 0 ? arena_strdup(&n->arena,
	    notes->summary.data) : NULL;
	return 0;
}

static int
open_entry(struct digest_notes *n, const struct episode *e,
    struct digest_entry *entry, struct err *err)
{
	struct notes notes;
	int rc;

	if (notes_open(e, &notes, err) != 0)
		return -1;
	rc = make_entry(n, &notes, entry, err);
	if (rc != 0)
		err_at(err, e->file, 0);
	notes_release(&notes);
	return rc;
}

int
digest_notes_open(const struct digest_input *in, struct digest_notes *out,
    struct err *err)
{
	memset(out, 0, sizeof(*out));
	arena_init(&out->arena);
	out->entry = arena_array(&out->arena, in->n + 1, sizeof(*out->entry));
	for (; out->n < in->n; out->n++)
		if (open_entry(out, in->episodes[out->n],
		    &out->entry[out->n], err) != 0) {
			digest_notes_release(out);
			return -1;
		}
	return 0;
}

void
digest_notes_release(struct digest_notes *n)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		buf_release(&n->entry[i].html);
		markdown_lines_release(&n->entry[i].text);
	}
	arena_release(&n->arena);
}

/* What is made of one episode. */
struct making {
	struct arena *a;
	const struct digest_input *in;
	const struct episode *episode;
	const struct digest_entry *entry;
	struct node *map;
	enum digest_part part;
	size_t room;
	bool cut;		/* something of it, in this part */
};

/* The topics take a quarter of the room at the most. */
static void
put_topics(struct making *m)
{
	struct node *list = node_list(m->a), *n, *last;
	size_t used = 0;

	for (n = m->entry->topics->first; n != NULL; n = n->next) {
		const char *text = node_get_text(n, "text");

		used += TOPIC_BYTES + strlen(text);
		last = node_push(list, node_map(m->a));
		if (used > m->room / 4) {
			node_set_text(m->a, last, "text", "\xe2\x80\xa6");
			m->cut = true;
			break;
		}
		node_set_text(m->a, last, "text", text);
	}
	if (list->count == 1 && m->cut)
		list = node_list(m->a);
	node_set(m->a, m->map, "has_topics", node_bool(m->a,
	    list->count > 0));
	node_set(m->a, m->map, "topics", list);
	m->room -= used < m->room ? used : m->room;
}

/* In place of notes whose first block is too long. */
static void
put_summary(const struct making *m, struct buf *out)
{
	const char *summary = m->entry->summary;

	if (summary == NULL || out->len > 0 ||
	    strlen(summary) + strlen("<p></p>") > m->room)
		return;
	if (m->part == DIGEST_TEXT) {
		wrap_words(out, summary, strlen(summary), NOTES_TEXT_WIDTH,
		    "", "");
	} else {
		buf_adds(out, "<p>");
		markup_escape(out, summary, strlen(summary));
		buf_adds(out, "</p>");
	}
}

static int
put_notes(struct making *m, enum digest_part part, struct err *err)
{
	const struct digest_entry *entry = m->entry;
	bool html = part == DIGEST_HTML, cut = false;
	struct buf text;
	int rc = 0;

	buf_init(&text, 0);
	if (!html)
		cut = !markdown_lines_put(&entry->text, m->room, &text);
	else if (markup_mail(entry->html.data, entry->html.len, NOTES_HEADING,
	    m->room, &text, &cut, err) != 0)
		rc = err_at(err, m->episode->file, 0);
	cut = cut || (html && entry->cut);
	if (cut && part == m->part)
		put_summary(m, &text);
	m->cut = m->cut || (cut && part == m->part);
	node_set_text(m->a, m->map, html ? "notes_html" : "notes_text",
	    text.data);
	buf_release(&text);
	return rc;
}

/* Where the rest is. */
static int
put_way(struct making *m, struct err *err)
{
	const char *page = m->episode->link != NULL ? m->episode->link :
	    m->episode->site != NULL ? m->episode->site :
	    m->in->show->link;

	if (m->cut && page == NULL) {
		err_set(err, ERR_INPUT, "the notes are too long for a mail, "
		    "and there is no page with the rest of them: give the "
		    "episode a `link`, or make them shorter");
		return err_at(err, m->episode->file, 0);
	}
	node_set_text(m->a, m->map, "read_on", m->cut ? page : NULL);
	return 0;
}

static void
set_summary(struct making *m)
{
	const char *summary = m->entry->summary;
	struct buf lines;

	buf_init(&lines, 0);
	if (summary != NULL)
		wrap_words(&lines, summary, strlen(summary), NOTES_TEXT_WIDTH,
		    "", "");
	buf_rtrim(&lines);
	node_set_text(m->a, m->map, "summary", summary);
	node_set_text(m->a, m->map, "summary_wrapped", summary != NULL ?
	    lines.data : NULL);
	buf_release(&lines);
}

/* Notes that have them need no list of them. */
static void
put_chapters(struct making *m)
{
	const struct episode *e = m->episode;
	struct node *list = e->chapters_from == CHAPTERS_NOTES ?
	    node_list(m->a) : view_chapters(m->a, e, CHAPTERS_MOST);

	node_set(m->a, m->map, "has_chapters", node_bool(m->a,
	    list->count > 0));
	node_set(m->a, m->map, "chapters", list);
	node_set_text(m->a, m->map, "transcript_url", view_transcript(e));
}

static struct node *
episode_data(struct making *m, size_t i, struct err *err)
{
	m->map = node_map(m->a);
	view_episode(m->a, m->in->show, m->episode, m->map);
	set_show(m->a, m->map, m->in, i);
	node_set(m->a, m->map, "first", node_bool(m->a, i == 0));
	set_summary(m);
	put_chapters(m);
	put_topics(m);
	if (put_notes(m, DIGEST_HTML, err) != 0 ||
	    put_notes(m, DIGEST_TEXT, err) != 0 || put_way(m, err) != 0 ||
	    check_marks(m->map, m->episode->file, err) != 0)
		return NULL;
	return m->map;
}

static void
friend_data(struct arena *a, const struct show *show, struct node *data)
{
	const char *url = show->digest.preferences_url;
	struct node *map = node_map(a);

	node_set_text(a, map, "name", mold_mark(MOLD_NAME));
	node_set_text(a, map, "address", mold_mark(MOLD_ADDRESS));
	node_set(a, data, "friend", map);
	node_set_text(a, data, "unsubscribe_url", mold_mark(MOLD_UNSUBSCRIBE));
	node_set_text(a, data, "unsubscribe_mailto",
	    mold_mark(MOLD_UNSUBSCRIBE_MAILTO));
	node_set_text(a, data, "preferences_url", url == NULL ? NULL :
	    arena_printf(a, "%s%s", url, mold_mark(MOLD_TOKEN)));
}

/* What a person has written for this edition. */
static void
editorial_data(struct arena *a, const struct editorial *ed, struct node *data)
{
	struct node *items = node_list(a), *one;
	size_t i, n = ed == NULL ? 0 : ed->nitems;
	char *html = ed == NULL ? NULL : arena_strdup(a, ed->html);

	if (html != NULL && *html != '\0')
		markup_demote(html, OPENING_HEADING);
	node_set_text(a, data, "opening_html", html);
	node_set_text(a, data, "opening_text", ed == NULL ? NULL : ed->plain);
	for (i = 0; i < n; i++) {
		one = node_push(items, node_map(a));
		node_set_text(a, one, "title", ed->items[i].title);
		node_set_text(a, one, "url", ed->items[i].url);
		node_set_text(a, one, "text", ed->items[i].text);
	}
	node_set(a, data, "has_items", node_bool(a, n > 0));
	node_set(a, data, "items", items);
}

void
digest_data_no_friend(struct node *data)
{
	static const char *const keys[] = {
		"friend", "unsubscribe_url", "unsubscribe_mailto",
		"preferences_url", "preheader"
	};
	struct node *n;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		for (n = data->first; n != NULL; n = n->next)
			if (strcmp(n->key, keys[i]) == 0)
				n->kind = NODE_NULL;
}

/* The show that all episodes are of; of several, that of the list. */
static const char *
title_of_all(const struct digest_input *in)
{
	size_t i;

	if (in->shows == NULL || in->n == 0)
		return in->show->title;
	for (i = 1; i < in->n; i++)
		if (in->shows[i] != in->shows[0])
			return in->show->title;
	return in->shows[0]->title;
}

struct node *
digest_data(struct arena *a, const struct digest_input *in,
    const struct digest_notes *notes, enum digest_part part,
    const struct digest_room *room, struct err *err)
{
	struct node *data = node_map(a), *edition = node_map(a);
	struct node *written = node_map(a);
	struct node *episodes = node_list(a), *e;
	size_t i;

	node_set(a, data, "words", words_node(a, in->show->words));
	node_set(a, data, "show", view_show(a, in->show));
	view_language(a, written_in(in), written);
	node_set(a, data, "written", written);
	node_set_text(a, edition, "name", in->edition);
	node_set_text(a, edition, "date", words_date(a, in->show->words,
	    &in->date));
	node_set_text(a, edition, "count", arena_printf(a, "%zu", in->n));
	/* By which the words have their forms. */
	node_set(a, data, "count", node_number(a, (int64_t)in->n));
	node_set_text(a, edition, "show", title_of_all(in));
	node_set(a, edition, "single", node_bool(a, in->n == 1));
	node_set(a, data, "edition", edition);
	for (i = 0; i < in->n; i++) {
		struct making m = { .a = a, .in = in,
			.episode = in->episodes[i], .part = part,
			.entry = &notes->entry[i],
			.room = i < room->n ? room->more : room->base };

		e = episode_data(&m, i, err);
		if (e == NULL)
			return NULL;
		node_push(episodes, e);
	}
	node_set(a, data, "episodes", episodes);
	node_set_text(a, data, "preheader", in->editorial != NULL &&
	    in->editorial->preheader != NULL ? in->editorial->preheader :
	    in->n > 0 ? node_get_text(episodes->first, "summary") : NULL);
	editorial_data(a, in->editorial, data);
	node_set_text(a, data, "postal_address",
	    in->show->digest.postal_address);
	node_set_text(a, data, "list", in->show->digest.list);
	if (check_marks(data, in->show->file, err) != 0)
		return NULL;
	friend_data(a, in->show, data);
	return data;
}
