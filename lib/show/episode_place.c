#include "show/episode_place.h"

#include <string.h>

/* As show/fact.h has it. */
static const struct node *
find(const struct fields *f, const char *name, const struct node *front,
    struct arena *a, const struct fields_path **path)
{
	struct fields_index index;

	fields_index(a, front, &index);
	return fields_first(fields_get(f, name), &index, f->site, path);
}

bool
episode_place_find(const struct fields *f, const char *fact,
    const struct node *front, struct arena *a, struct episode_place *out)
{
	const struct fields_path *path = NULL;

	memset(out, 0, sizeof(*out));
	out->at = find(f, fact, front, a, &path);
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
choose(const struct fields_fact *fact, const struct node *front,
    const char *value, const struct node *in, struct episode_place *out)
{
	const struct fields_path *p = fact->path;
	const struct node *map;

	for (; p < fact->path + fact->npaths; p++) {
		map = map_of(front, p);
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
	const struct fields_fact *wanted = fields_get(f, fact);
	const struct fields_path *path = NULL;
	const struct node *audio, *in = NULL;

	memset(out, 0, sizeof(*out));
	audio = find(f, "audio", front, a, &path);
	if (audio != NULL)
		in = map_of(front, path);
	if ((in == NULL || !choose(wanted, front, value, in, out)) &&
	    !choose(wanted, front, value, NULL, out))
		return false;
	if (audio != NULL)
		out->behind = holder_of(out->map, audio);
	return true;
}
