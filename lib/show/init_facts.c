/* Under which keys the notes of a tree say their facts. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "show/init_int.h"
#include "show/media_type.h"

#define KEYS_MAX 256
#define DEPTH_MAX 5

const char *
init_note_says(struct arena *a, const struct init_notes *n,
    const struct init_note *note, const char *fact, const struct node **at,
    const char **path)
{
	const struct fields_path *p;
	struct fields_index index;
	const struct node *found;

	if (note->map == NULL)
		return NULL;
	fields_index(a, note->map, &index);
	found = fields_first(fields_get(n->fields, fact), &index, true, &p);
	if (found == NULL)
		return NULL;
	if (at != NULL)
		*at = found;
	if (path != NULL)
		*path = p->text;
	return init_words(a, found);
}

/* A key of the front matter, in how many notes it has a value that passes. */
struct key {
	const char *path;
	size_t hits;
	const struct init_note *note;	/* an example */
	const struct node *node;
};

struct keys {
	struct arena *a;
	bool (*passes)(const char *path, const char *value);
	struct key key[KEYS_MAX];
	size_t n;
	const struct init_note *note;
};

static void
count_key(struct keys *k, const char *path, const struct node *n)
{
	size_t i;

	for (i = 0; i < k->n && strcmp(k->key[i].path, path) != 0; i++)
		;
	if (i == KEYS_MAX)
		return;
	if (i == k->n) {
		memset(&k->key[i], 0, sizeof(k->key[i]));
		k->key[i].path = path;
		k->key[i].note = k->note;
		k->key[i].node = n;
		k->n++;
	}
	k->key[i].hits++;
}

static void
walk_keys(struct keys *k, const char *path, const struct node *n,
    unsigned depth)
{
	const struct node *c;

	if (n->kind == NODE_TEXT && n->text[0] != '\0') {
		if (k->passes(path, n->text))
			count_key(k, path, n);
	} else if (depth < DEPTH_MAX && n->kind == NODE_MAP) {
		for (c = n->first; c != NULL; c = c->next)
			if (strpbrk(c->key, ".[],=") == NULL)
				walk_keys(k, path[0] == '\0' ? c->key :
				    arena_printf(k->a, "%s.%s", path, c->key),
				    c, depth + 1);
	} else if (depth < DEPTH_MAX && n->kind == NODE_LIST &&
	    n->first != NULL) {
		walk_keys(k, arena_printf(k->a, "%s[0]", path), n->first,
		    depth + 1);
	}
}

static bool
is_audio(const char *path, const char *value)
{
	(void)path;
	return media_type_by_name(value) != NULL && strchr(value, '<') == NULL;
}

bool
init_has_audio(const struct node *n, unsigned depth)
{
	const struct node *c;
	const char *type;

	if (n->kind == NODE_TEXT) {
		type = media_type_by_name(n->text);
		return type != NULL && is_audio("", n->text) &&
		    strncmp(type, "application/", 12) != 0;
	}
	if (depth == DEPTH_MAX || (n->kind != NODE_MAP &&
	    n->kind != NODE_LIST))
		return false;
	for (c = n->first; c != NULL; c = c->next)
		if (init_has_audio(c, depth + 1))
			return true;
	return false;
}

static bool
is_date(const char *path, const char *value)
{
	struct err err = ERR_INIT;
	struct date d;

	(void)path;
	return strlen(value) >= 8 && strcspn(value, "0123456789") <
	    strlen(value) && date_parse(value, NULL, 0, &d, &err) == 0;
}

/* Digits under a key that speaks of a number. */
static bool
is_number(const char *path, const char *value)
{
	static const char *const words[] = { "ep", "num", "nr", "folge" };
	const char *last = strrchr(path, '.');
	size_t i;

	if (value[strspn(value, "0123456789")] != '\0' || strlen(value) > 5)
		return false;
	last = last != NULL ? last + 1 : path;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncasecmp(last, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

static const char *
place(struct arena *a, const struct init_note *note, const struct node *n)
{
	return n->line == 0 ? note->path :
	    arena_printf(a, "%s:%u", note->path, n->line);
}

/* By the names that are known. */
static void
count_fact(struct arena *a, const struct init_notes *n, const char *fact,
    bool (*passes)(const char *path, const char *value),
    struct init_fact *out)
{
	const struct node *at = NULL;
	const char *text, *path = NULL;
	size_t i;

	for (i = 0; i < n->nseen; i++) {
		text = init_note_says(a, n, n->seen[i], fact, &at, &path);
		if (text == NULL || (passes != NULL && !passes("number",
		    text)))
			continue;
		if (out->hits++ > 0)
			continue;
		out->where = place(a, n->seen[i], at);
		out->path = path;
		out->value = text;
	}
}

/* Where the known names do not lead to most of the notes' fact, another key
 * may, which [fields] then names. */
static void
search_key(struct arena *a, const struct init_notes *n,
    bool (*passes)(const char *path, const char *value),
    struct init_fact *out)
{
	struct keys *k = arena_alloc(a, sizeof(*k));
	const struct key *best = NULL;
	size_t i;

	if (2 * out->hits >= n->nfront)
		return;
	k->a = a;
	k->passes = passes;
	for (i = 0; i < n->nseen; i++) {
		k->note = n->seen[i];
		if (n->seen[i]->map != NULL)
			walk_keys(k, "", n->seen[i]->map, 0);
	}
	for (i = 0; i < k->n; i++)
		if (best == NULL || k->key[i].hits > best->hits)
			best = &k->key[i];
	if (best == NULL || best->hits <= out->hits ||
	    4 * best->hits < n->nfront)
		return;
	out->paths = out->hits > 0 && out->path != NULL ?
	    arena_printf(a, "%s, %s", best->path, out->path) : best->path;
	out->path = best->path;
	out->hits = best->hits;
	out->where = place(a, best->note, best->node);
	out->value = best->node->text;
	out->mapped = true;
}

static bool
says(const struct node *map, const char *key, const char *value)
{
	const struct node *n = fields_child(map, key), *c;

	if (n == NULL)
		return false;
	if (n->kind == NODE_TEXT)
		return strcasecmp(n->text, value) == 0;
	for (c = n->kind == NODE_LIST ? n->first : NULL; c != NULL;
	    c = c->next)
		if (c->kind == NODE_TEXT && strcasecmp(c->text, value) == 0)
			return true;
	return false;
}

/* Whether all notes with audio say so, and none of the others. */
static bool
parts(const struct init_notes *n, const char *key, const char *value)
{
	size_t i;

	if (value[0] == '\0' || strpbrk(value, ",\r\n") != NULL)
		return false;
	for (i = 0; i < n->nseen; i++)
		if (says(n->seen[i]->map, key, value) !=
		    (n->seen[i]->audio != NULL))
			return false;
	return true;
}

/* A value of the key that parts the notes; with: how many have audio. */
static bool
try_key(struct arena *a, struct init_notes *n, const struct init_note *first,
    const struct node *key, size_t with)
{
	const struct node *c = key->kind == NODE_LIST ? key->first : key;

	for (; c != NULL; c = c == key ? NULL : c->next) {
		if (c->kind != NODE_TEXT || !parts(n, key->key, c->text))
			continue;
		n->filter = arena_printf(a, "%s = %s", key->key, c->text);
		n->filter_why = arena_printf(a, "%zu of %zu notes have no "
		    "audio; those with audio say this (%s)", n->nseen - with,
		    n->nseen, place(a, first, c));
		return true;
	}
	return false;
}

/* A site's other pages may stand in the same folder. */
static void
find_filter(struct arena *a, struct init_notes *n)
{
	static const char *const keys[] = {
		"layout", "type", "category", "categories", "tags", "section",
		"collection", "post_type", "kind", "podcast", "series",
		"template"
	};
	const struct init_note *first = NULL;
	const struct node *v;
	size_t i, with = 0;

	for (i = 0; i < n->nseen; i++)
		if (n->seen[i]->audio != NULL && with++ == 0)
			first = n->seen[i];
	if (with < 2 || n->nseen - with < 2 ||
	    20 * (n->nseen - with) < n->nseen)
		return;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		for (v = first->map->first; v != NULL; v = v->next)
			if (fields_same(v->key, keys[i]) &&
			    try_key(a, n, first, v, with))
				return;
}

/* The audio that [fields] leads to. */
static void
take_audio(struct arena *a, struct init_notes *n)
{
	struct err err = ERR_INIT;
	size_t i;

	if (!n->audio.mapped || fields_map(a, n->fields, "audio",
	    n->audio.paths, &err) != 0)
		return;
	for (i = 0; i < n->nseen; i++)
		n->seen[i]->audio = init_note_says(a, n, n->seen[i], "audio",
		    NULL, NULL);
}

void
init_notes_facts(struct arena *a, struct init_notes *n)
{
	count_fact(a, n, "audio", NULL, &n->audio);
	search_key(a, n, is_audio, &n->audio);
	take_audio(a, n);
	count_fact(a, n, "date", is_date, &n->date);
	search_key(a, n, is_date, &n->date);
	count_fact(a, n, "number", is_number, &n->number);
	search_key(a, n, is_number, &n->number);
	count_fact(a, n, "title", NULL, &n->title);
	count_fact(a, n, "guid", NULL, &n->guid);
	find_filter(a, n);
	if (n->filter == NULL)
		init_find_shows(a, n);
}
