#include "mail/digest_data.h"

#include <string.h>

#include "show/notes.h"
#include "show/view.h"
#include "text/html.h"
#include "text/words.h"

/* The template's own headings are <h1> and <h2>. */
#define NOTES_HEADING 3
#define OPENING_HEADING 2

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

/* Whose it is, where the digest is of several shows. */
static void
set_show(struct arena *a, struct node *map, const struct digest_input *in,
    size_t i)
{
	const struct show *of = in->shows == NULL ? in->show : in->shows[i];
	bool several = in->show->digest.nshows > 0;

	node_set_text(a, map, "show_title", several ? of->title : NULL);
	node_set_text(a, map, "show_link", several ? of->link : NULL);
}

static struct node *
episode_data(struct arena *a, const struct digest_input *in, size_t i,
    struct err *err)
{
	const struct episode *e = in->episodes[i];
	struct node *map = node_map(a), *topics;
	struct notes notes;
	struct buf text;
	int rc;

	if (notes_open(e, &notes, err) != 0)
		return NULL;
	view_episode(a, in->show, e, map);
	set_show(a, map, in, i);
	node_set(a, map, "first", node_bool(a, i == 0));
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
		"friend", "unsubscribe_url", "unsubscribe_mailto"
	};
	struct node *n;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		for (n = data->first; n != NULL; n = n->next)
			if (strcmp(n->key, keys[i]) == 0)
				n->kind = NODE_NULL;
}

struct node *
digest_data(struct arena *a, const struct digest_input *in, struct err *err)
{
	struct node *data = node_map(a), *edition = node_map(a);
	struct node *episodes = node_list(a), *e;
	size_t i;

	node_set(a, data, "words", words_node(a, in->show->words));
	node_set(a, data, "show", view_show(a, in->show));
	node_set_text(a, edition, "name", in->edition);
	node_set_text(a, edition, "date", words_date(a, in->show->words,
	    &in->date));
	node_set_text(a, edition, "count", arena_printf(a, "%zu", in->n));
	/* By which the words have their forms. */
	node_set(a, data, "count", node_number(a, (int64_t)in->n));
	node_set(a, edition, "single", node_bool(a, in->n == 1));
	node_set(a, data, "edition", edition);
	for (i = 0; i < in->n; i++) {
		e = episode_data(a, in, i, err);
		if (e == NULL)
			return NULL;
		node_push(episodes, e);
	}
	node_set(a, data, "episodes", episodes);
	node_set_text(a, data, "preheader", in->editorial != NULL &&
	    in->editorial->preheader != NULL ? in->editorial->preheader :
	    in->n > 0 ? node_get_text(episodes->first, "summary") : NULL);
	editorial_data(a, in->editorial, data);
	node_set_text(a, data, "postal_address", in->show->digest.postal_address);
	node_set_text(a, data, "list", in->show->digest.list);
	if (check_marks(data, in->show->file, err) != 0)
		return NULL;
	friend_data(a, data);
	return data;
}
