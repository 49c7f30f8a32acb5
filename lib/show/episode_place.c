#include "show/episode_place.h"

#include <string.h>

/* What is being asked for. */
struct search {
	const struct fields *fields;
	const struct node *front;
	struct fields_index index;
};

static bool
is_plain(const struct node *n)
{
	return n->kind == NODE_TEXT || n->kind == NODE_BOOL;
}

/* As show/fact.h has it: the first key with a value; lists and maps have
 * other meanings in a site's own tree. */
static const struct node *
find(const struct search *s, const char *name,
    const struct fields_path **path)
{
	const struct fields_fact *fact = fields_get(s->fields, name);
	const struct node *n;
	size_t i;

	for (i = 0; i < fact->npaths; i++) {
		n = fields_find(&fact->path[i], &s->index);
		if (n == NULL || (s->fields->site && !is_plain(n)))
			continue;
		*path = &fact->path[i];
		return n;
	}
	return NULL;
}

bool
episode_place_find(const struct fields *f, const char *fact,
    const struct node *front, struct arena *a, struct episode_place *out)
{
	struct search s = { .fields = f, .front = front };
	const struct fields_path *path = NULL;

	memset(out, 0, sizeof(*out));
	fields_index(a, front, &s.index);
	out->at = find(&s, fact, &path);
	if (out->at == NULL)
		return false;
	out->was = out->at->kind == NODE_TEXT ? out->at->text : "";
	out->name = path->nsteps > 1 ? path->text : out->at->key;
	return true;
}

/* The map in which the last step of a path is looked for; NULL: there is
 * none. */
static const struct node *
map_of(const struct node *n, const struct fields_path *p)
{
	n = fields_walk(p, 0, p->nsteps - 1, n);
	return n != NULL && n->kind == NODE_MAP ? n : NULL;
}

static bool
is_empty(const struct node *n)
{
	return n->kind == NODE_NULL || (n->kind == NODE_TEXT &&
	    n->text[strspn(n->text, " \t\r\n")] == '\0');
}

/* Whether the path's last key can be had in a map: it is not there, or without
 * a value. */
static bool
is_free(const struct node *map, const struct fields_path *p,
    struct episode_place *out)
{
	const char *key = p->step[p->nsteps - 1].name;
	const struct node *n;

	if (key == NULL)
		return false;
	n = fields_child(map, key);
	if (n != NULL && !is_empty(n))
		return false;
	out->at = n;
	out->map = map;
	out->key = key;
	out->name = p->nsteps > 1 ? p->text : n != NULL ? n->key : key;
	return true;
}

/* Of the entries of map the one that is n, or has it in it; NULL: none. */
static const struct node *
holder_of(const struct node *map, const struct node *n)
{
	const struct node *child, *deep;

	for (child = map->first; child != NULL; child = child->next) {
		deep = child->kind == NODE_MAP || child->kind == NODE_LIST ?
		    holder_of(child, n) : NULL;
		if (child == n || deep != NULL)
			return child;
	}
	return NULL;
}

static bool
choose(const struct search *s, const struct fields_fact *fact,
    const char *value, const struct node *in, struct episode_place *out)
{
	const struct fields_path *p = fact->path;
	const struct node *map;

	for (; p < fact->path + fact->npaths; p++) {
		map = map_of(s->front, p);
		if (map != NULL && (in == NULL || map == in) &&
		    fields_passes(p->test, value) && is_free(map, p, out))
			return true;
	}
	return false;
}

bool
episode_place_new(const struct fields *f, const char *fact,
    const struct node *front, const char *value, struct arena *a,
    struct episode_place *out)
{
	struct search s = { .fields = f, .front = front };
	const struct fields_path *path = NULL;
	const struct node *audio, *in = NULL;

	memset(out, 0, sizeof(*out));
	fields_index(a, front, &s.index);
	audio = find(&s, "audio", &path);
	if (audio != NULL)
		in = map_of(front, path);
	if ((in == NULL || !choose(&s, fields_get(f, fact), value, in, out)) &&
	    !choose(&s, fields_get(f, fact), value, NULL, out))
		return false;
	if (audio != NULL)
		out->behind = holder_of(out->map, audio);
	return true;
}
