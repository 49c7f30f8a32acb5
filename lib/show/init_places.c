/* Folders beside the one that has the episodes: parts of the same show, or
 * something that a person must know of. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "show/init_int.h"

#define OTHERS_MAX 8		/* that are told by name */

/* How many of the place's notes that were looked at have front matter, and
 * the key. */
static size_t
count_with(const struct init_notes *n, const struct init_place *f,
    const char *key, size_t *looked)
{
	size_t i, with = 0;

	*looked = 0;
	for (i = f->first; i < f->first + f->n; i++) {
		if (n->note[i].map == NULL)
			continue;
		++*looked;
		with += node_get(n->note[i].map, key) != NULL;
	}
	return with;
}

/* Whether the keys that nearly all of x have are usual in y. */
static bool
keys_fit(const struct init_notes *n, const struct init_place *x,
    const struct init_place *y)
{
	const struct node *k;
	size_t i, with, looked;

	for (i = x->first; i < x->first + x->n; i++)
		if (n->note[i].map != NULL)
			break;
	if (i == x->first + x->n)
		return false;
	for (k = n->note[i].map->first; k != NULL; k = k->next) {
		with = count_with(n, x, k->key, &looked);
		if (10 * with < 9 * looked)
			continue;
		with = count_with(n, y, k->key, &looked);
		if (2 * with <= looked)
			return false;
	}
	return true;
}

/* The number that a name begins with; -1: none. */
static long
number_of(const struct init_note *note)
{
	return note->numbered ? strtol(fs_basename(note->path), NULL, 10) : -1;
}

/* Names that begin with a date tell apart by themselves. */
static bool
is_dated(const struct init_note *note)
{
	return !note->numbered && isdigit((unsigned char)
	    fs_basename(note->path)[0]);
}

/* A fact that two shows have for themselves. */
static bool
says_same(struct arena *a, const struct init_notes *n,
    const struct init_note *x, const struct init_note *y, const char *fact)
{
	const char *one = init_note_says(a, n, x, fact, NULL, NULL), *other;

	other = one == NULL ? NULL : init_note_says(a, n, y, fact, NULL, NULL);
	return other != NULL && strcmp(one, other) == 0;
}

/* Names that begin with numbers do when these go on from folder to folder. */
static bool
is_ordered(const struct init_note *x, const struct init_note *y)
{
	return (is_dated(x) && is_dated(y)) ||
	    (x->numbered && y->numbered);
}

/* Two shows count from 1 each, and their files are named alike. */
static bool
collide(struct arena *a, const struct init_notes *n,
    const struct init_place *x, const struct init_place *y)
{
	size_t i, k;

	for (i = x->first; i < x->first + x->n; i++)
		for (k = y->first; k < y->first + y->n; k++)
			if (strcmp(fs_basename(n->note[i].path),
			    fs_basename(n->note[k].path)) == 0 ||
			    (n->note[i].numbered && number_of(&n->note[i]) ==
			    number_of(&n->note[k])) || (n->note[i].looked &&
			    n->note[k].looked && says_same(a, n, &n->note[i],
			    &n->note[k], "number")))
				return true;
	return false;
}

static bool
alike(struct arena *a, const struct init_notes *n, const struct init_place *x,
    const struct init_place *y)
{
	return !n->note[x->first].bundle && !n->note[y->first].bundle &&
	    is_ordered(&n->note[x->first], &n->note[y->first]) &&
	    y->worth > 0 &&
	    n->note[y->first].heard == n->note[x->first].heard &&
	    keys_fit(n, x, y) && keys_fit(n, y, x) && !collide(a, n, x, y);
}

/* What a site has at its top are its parts, and "shows" are several. */
static bool
is_of_many(const char *folder)
{
	static const char *const names[] = {
		"content", "src", "shows", "podcasts", "feeds", "series"
	};
	const char *base = fs_basename(folder);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(base, names[i]) == 0)
			return true;
	return folder[0] == '\0';
}

const char *
init_join_siblings(struct arena *a, const struct init_tree *t,
    struct init_notes *n, const struct init_place *f, size_t count,
    const char *folder)
{
	const char *above = init_folder(a, folder);
	const struct init_place *own = NULL;
	bool joined = false;
	size_t i;

	if (is_of_many(above) || strcmp(above, t->langs.root) == 0)
		return folder;
	for (i = 0; i < count; i++)
		if (strcmp(f[i].path, folder) == 0)
			own = &f[i];
	if (own == NULL)
		return folder;
	for (i = 0; i < count; i++) {
		if (&f[i] == own || !init_is_below(f[i].path, above))
			continue;
		if (!alike(a, n, own, &f[i]))
			return folder;
		joined = true;
	}
	if (!joined)
		return folder;
	n->joined = true;
	return above;
}

/* A page that the site makes an article of, which is not read here. */
static size_t
count_html(const struct init_tree *t, const char *folder)
{
	const char *dot;
	size_t i, n = 0;

	for (i = 0; i < t->nfiles; i++) {
		dot = strrchr(fs_basename(t->file[i]), '.');
		n += dot != NULL && init_is_below(t->file[i], folder) &&
		    (strcasecmp(dot, ".html") == 0 ||
		    strcasecmp(dot, ".htm") == 0);
	}
	return n;
}

/* Whether most of the folder's notes look like episodes. */
static bool
has_episodes(const struct init_notes *n, const struct init_place *f,
    bool rated)
{
	return f->n > 1 && (rated ? f->worth >= 3 * f->n && n->nown < 20 *
	    f->n : n->note[f->first].folder[0] != '\0');
}

static void
tell_aside(struct arena *a, struct init_notes *n, size_t left, size_t html)
{
	if (left > 0)
		n->aside = arena_printf(a, "%zu note%s of other folders", left,
		    left == 1 ? "" : "s");
	if (html > 0)
		n->aside = arena_printf(a, "%s%s%zu file%s in .html, which "
		    "are not read", n->aside == NULL ? "" : n->aside,
		    n->aside == NULL ? "" : ", ", html, html == 1 ? "" : "s");
}

void
init_tell_others(struct arena *a, const struct init_tree *t,
    struct init_notes *n, const struct init_place *f, size_t count)
{
	size_t i, left = n->nnotes - n->nown, told = 0;
	bool rated = false;

	for (i = 0; i < count; i++)
		rated = rated || f[i].worth > 1;
	for (i = 0; i < count; i++) {
		if (init_is_below(f[i].path, n->folder) ||
		    !has_episodes(n, &f[i], rated))
			continue;
		left -= f[i].n;
		if (told++ < OTHERS_MAX)
			n->others = arena_printf(a, "%s%s%s (%zu notes)",
			    n->others == NULL ? "" : n->others,
			    n->others == NULL ? "" : ", ", f[i].path, f[i].n);
	}
	if (told > OTHERS_MAX)
		n->others = arena_printf(a, "%s and %zu folders more",
		    n->others, told - OTHERS_MAX);
	tell_aside(a, n, left, count_html(t, n->folder));
}
