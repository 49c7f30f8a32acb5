#include "show/media_chapters.h"

#include <stdlib.h>
#include <string.h>

#include "show/media_learn.h"
#include "text/json.h"
#include "text/utf8.h"

static void
set_text(struct arena *a, struct node *one, const char *key, const char *value)
{
	if (value != NULL)
		node_set_text(a, one, key, value);
}

static struct node *
list_of(struct arena *a, const struct media_facts *f)
{
	struct node *list = node_list(a), *one;
	size_t i;

	for (i = 0; i < f->nchapters; i++) {
		const struct media_chapter *c = &f->chapters[i];

		one = node_push(list, node_map(a));
		node_set(a, one, "start_ms", node_number(a, c->start_ms));
		if (c->end_ms >= 0)
			node_set(a, one, "end_ms", node_number(a, c->end_ms));
		set_text(a, one, "title", c->title);
		set_text(a, one, "url", c->url);
		set_text(a, one, "image", c->image);
	}
	return list;
}

const char *
media_chapters_text(struct arena *a, const struct media_facts *f, size_t max)
{
	struct arena nodes = ARENA_INIT;
	struct err err = ERR_INIT;
	const char *out = NULL;
	struct buf text;

	if (f->nchapters == 0)
		return f->codec[0] == '\0' || f->doubt != NULL ? NULL : "[]";
	buf_init(&text, max);
	/* Only what is too large has none: the strings are sound. */
	if (node_json_line(list_of(&nodes, f), &text, &err) == 0)
		out = arena_strndup(a, text.data, text.len);
	buf_release(&text);
	arena_release(&nodes);
	return out;
}

/* A whole number of milliseconds; -1 where there is none. */
static bool
read_ms(const struct node *one, const char *key, int64_t *out)
{
	const struct node *n = node_get(one, key);

	*out = -1;
	if (n == NULL)
		return true;
	if (n->kind != NODE_TEXT || !n->number)
		return false;
	*out = strtoll(n->text, NULL, 10);
	return *out >= 0;
}

static bool
read_text(struct arena *a, const struct node *one, const char *key,
    const char **out)
{
	const struct node *n = node_get(one, key);

	*out = NULL;
	if (n == NULL)
		return true;
	if (n->kind != NODE_TEXT || n->number ||
	    utf8_has_control(n->text, strlen(n->text), false))
		return false;
	*out = arena_strdup(a, n->text);
	return true;
}

static bool
read_one(struct arena *a, const struct node *one, struct media_chapter *c)
{
	return one->kind == NODE_MAP &&
	    read_ms(one, "start_ms", &c->start_ms) && c->start_ms >= 0 &&
	    read_ms(one, "end_ms", &c->end_ms) &&
	    read_text(a, one, "title", &c->title) &&
	    read_text(a, one, "url", &c->url) &&
	    read_text(a, one, "image", &c->image);
}

static int
read_list(struct arena *a, const struct node *list,
    const struct media_chapter **out, size_t *n)
{
	struct media_chapter *c;
	const struct node *one;
	size_t i = 0;

	if (list == NULL || list->kind != NODE_LIST)
		return -1;
	c = arena_array(a, list->count, sizeof(*c));
	for (one = list->first; one != NULL; one = one->next)
		if (!read_one(a, one, &c[i++]))
			return -1;
	*out = list->count > 0 ? c : NULL;
	*n = list->count;
	return 0;
}

int
media_chapters_read(struct arena *a, const char *text,
    const struct media_chapter **out, size_t *n)
{
	struct arena nodes = ARENA_INIT;
	int rc;

	if (text == NULL)
		return -1;
	rc = read_list(a, node_of_json(&nodes, text, strlen(text)), out, n);
	arena_release(&nodes);
	return rc;
}

int
media_chapters_learnt(struct media_context *m, const struct media *audio,
    struct arena *a, const struct media_chapter **out, size_t *n)
{
	struct media_wish w = { audio->file, audio->asked, audio->looked };
	struct arena text = ARENA_INIT;
	int rc = media_chapters_read(a, media_learn_chapters(m, &w, &text),
	    out, n);

	arena_release(&text);
	return rc;
}
