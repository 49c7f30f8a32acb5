/* Which folder of a tree has the episodes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "show/init_int.h"
#include "show/media_type.h"
#include "text/front.h"
#include "text/markdown.h"
#include "text/utf8.h"

#define LEAST_PER_FOLDER 5
#define FOLDERS_MAX 40
#define EXCEPT_MAX 8
/* What the name of a file is worth beside audio in its front matter. */
#define WORTH_AUDIO 10
#define WORTH_BESIDE 7
#define WORTH_NUMBER 3
/* Of a folder whose notes tell nothing else, beside one of pages. */
#define WORTH_DATED 1

static bool
has_ending(const char *path)
{
	static const char *const endings[] = { ".md", ".markdown", ".mdx" };
	const char *dot = strrchr(path, '.');
	size_t i;

	for (i = 0; dot != NULL && i < 3; i++)
		if (strcasecmp(dot, endings[i]) == 0)
			return true;
	return false;
}

/* Files about the others, as the reading of episodes passes them over, and
 * those that every repository has. */
static bool
is_aside(const char *path)
{
	static const char *const names[] = {
		"README", "LICENSE", "LICENCE", "CHANGELOG", "CONTRIBUTING",
		"CODE_OF_CONDUCT", "SECURITY", "HISTORY", "404", "AGENTS",
		"CLAUDE", "GEMINI"
	};
	const char *base = fs_basename(path);
	size_t i, len;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i]);
		if (strncasecmp(base, names[i], len) == 0 &&
		    base[len] == '.' && strchr(base + len + 1, '.') == NULL)
			return true;
	}
	return base[0] == '_';
}

static int
by_folder(const void *x, const void *y)
{
	const struct init_note *a = x, *b = y;
	int c = strcmp(a->folder, b->folder);

	return c != 0 ? c : strcmp(a->path, b->path);
}

static void
collect(struct arena *a, struct init_tree *t, struct init_notes *out)
{
	struct init_note *note;
	const char *path, *base, *ending;
	size_t i;

	out->note = arena_array(a, t->nfiles, sizeof(*out->note));
	for (i = 0; i < t->nfiles; i++) {
		path = t->file[i];
		if (!has_ending(path) || is_aside(path) ||
		    (t->only != NULL && !init_is_below(path, t->only)) ||
		    (ending = init_langs_ending(&t->langs, path)) == NULL)
			continue;
		note = &out->note[out->nnotes++];
		note->path = path;
		note->ending = ending;
		note->folder = init_folder(a, path);
		base = fs_basename(path);
		note->numbered = base[0] >= '0' && base[0] <= '9' &&
		    (strspn(base, "0123456789") < 4 ||
		    base[strspn(base, "0123456789")] != '-');
		if (strncasecmp(base, "index.", 6) == 0 && base != path) {
			note->bundle = true;
			note->folder = init_folder(a, note->folder);
		}
	}
	if (out->nnotes > 1)
		qsort(out->note, out->nnotes, sizeof(*out->note), by_folder);
}

/* Reads the front matter; the notes that have none count too. */
static void
look(struct arena *a, const struct init_tree *t, struct init_notes *n,
    struct init_note *note)
{
	struct err err = ERR_INIT;
	struct front front;
	struct buf text;

	if (note->looked)
		return;
	note->looked = true;
	buf_init(&text, MARKDOWN_MAX + FRONT_MAX);
	if (fs_read(fs_join(a, t->dir, note->path), MARKDOWN_MAX + FRONT_MAX,
	    &text, NULL, &err) == 0 && utf8_invalid_at(text.data, text.len) ==
	    text.len && front_read(a, text.data, text.len, &front,
	    &err) == 0 && front.map->count > 0) {
		note->front = true;
		note->map = front.map;
		note->audio = init_note_says(a, n, note, "audio", NULL,
		    NULL);
		note->heard = note->audio != NULL ||
		    init_has_audio(front.map, 0);
	}
	buf_release(&text);
}

/* Whether an audio file bears the name of the notes. */
static bool
is_beside(struct arena *a, const struct init_tree *t,
    const struct init_note *note)
{
	static const char *const endings[] = { ".mp3", ".m4a", ".ogg" };
	const char *dot = strrchr(note->path, '.');
	size_t i;

	for (i = 0; i < 3; i++)
		if (init_tree_has(t, arena_printf(a, "%.*s%s",
		    (int)(dot - note->path), note->path, endings[i])))
			return true;
	return false;
}

/* What a sample of the folder's notes says about all of them. */
static void
weigh(struct arena *a, const struct init_tree *t, struct init_notes *n,
    struct init_place *f)
{
	size_t share = INIT_SAMPLE_MAX * f->n / n->nnotes, i, worth = 0;

	if (share < LEAST_PER_FOLDER)
		share = LEAST_PER_FOLDER;
	if (share > f->n)
		share = f->n;
	for (i = 0; i < share; i++) {
		struct init_note *note = &n->note[f->first + i * f->n /
		    share];

		look(a, t, n, note);
		if (note->heard)
			worth += WORTH_AUDIO;
		else if (is_beside(a, t, note))
			worth += WORTH_BESIDE;
		else if (note->numbered)
			worth += WORTH_NUMBER;
	}
	f->worth = worth * f->n / share;
}

/* Where no note says audio or a number, dates in the names tell episodes from
 * the pages of a site. */
static void
weigh_dates(const struct init_notes *n, struct init_place *f, size_t count)
{
	const char *base;
	size_t i, k;

	for (i = 0; i < count; i++)
		for (k = f[i].first; k < f[i].first + f[i].n; k++) {
			base = fs_basename(n->note[k].path);
			if (strspn(base, "0123456789") == 4 && base[4] == '-')
				f[i].worth += WORTH_DATED;
		}
}

static size_t
list_folders(struct arena *a, const struct init_notes *n,
    struct init_place **out)
{
	struct init_place *list = arena_array(a, n->nnotes, sizeof(*list));
	size_t i, count = 0;

	for (i = 0; i < n->nnotes; i++) {
		if (count == 0 || strcmp(list[count - 1].path,
		    n->note[i].folder) != 0) {
			list[count].path = n->note[i].folder;
			list[count++].first = i;
		}
		list[count - 1].n++;
	}
	*out = list;
	return count;
}

static int
by_size(const void *x, const void *y)
{
	const struct init_place *a = x, *b = y;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return strcmp(a->path, b->path);
}

static size_t
worth_below(const struct init_place *f, size_t n, const char *path)
{
	size_t i, worth = 0;

	for (i = 0; i < n; i++)
		if (init_is_below(f[i].path, path))
			worth += f[i].worth;
	return worth;
}

/* A folder that is a part of a show: a year, a season. */
static bool
is_volume_word(const char *path)
{
	static const char *const words[] = {
		"", "s", "season", "series", "staffel", "saison", "vol",
		"volume", "year"
	};
	const char *base = fs_basename(path);
	size_t len = strcspn(base, "0123456789-_ "), i;
	const char *rest = base + len + strspn(base + len, "-_ ");

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == len && strncasecmp(words[i], base,
		    len) == 0)
			return *rest != '\0' &&
			    rest[strspn(rest, "0123456789-_")] == '\0';
	return false;
}

/* The child of `path` that a folder below it lies in. */
static const char *
child_of(struct arena *a, const char *path, const char *folder)
{
	size_t len = strlen(path);

	len += len > 0;
	return arena_strndup(a, folder, len + strcspn(folder + len, "/"));
}

/* A word and a number that folders beside it have too, with another number:
 * "Temporada 1". What follows the number may differ. */
static bool
is_volume(struct arena *a, const struct init_place *f, size_t n,
    const char *path)
{
	const char *base = fs_basename(path), *child, *above;
	size_t len = strcspn(base, "0123456789"), i;

	if (is_volume_word(path))
		return true;
	if (len == 0 || base[len] == '\0' || strchr("-_ ", base[len - 1]) ==
	    NULL)
		return false;
	above = init_folder(a, path);
	for (i = 0; i < n; i++) {
		if (!init_is_below(f[i].path, above) || strlen(f[i].path) <=
		    strlen(above))
			continue;
		child = child_of(a, above, f[i].path);
		if (strcmp(child, path) != 0 && strncmp(fs_basename(child),
		    base, len) == 0 && isdigit((unsigned char)
		    fs_basename(child)[len]))
			return true;
	}
	return false;
}

/* What lies in a folder: its own notes, and those of the folders in it. */
struct part {
	size_t all, own;
	size_t volumes;		/* in years and seasons */
	const char *best;	/* the folder that has most; NULL: none */
	size_t most;
};

static void
divide(struct arena *a, const struct init_place *f, size_t n, const char *at,
    struct part *out)
{
	const char *child;
	size_t i, worth;

	memset(out, 0, sizeof(*out));
	out->all = worth_below(f, n, at);
	for (i = 0; i < n; i++) {
		if (f[i].worth == 0 || !init_is_below(f[i].path, at))
			continue;
		if (strcmp(f[i].path, at) == 0) {
			out->own = f[i].worth;
			continue;
		}
		child = child_of(a, at, f[i].path);
		worth = worth_below(f, n, child);
		if (worth > out->most) {
			out->most = worth;
			out->best = child;
		}
		if (is_volume(a, f, n, child))
			out->volumes += f[i].worth;
	}
}

/* From the top down, as long as one folder has the most of it. Folders that
 * are years and seasons belong together. */
static const char *
descend(struct arena *a, const struct init_place *f, size_t n)
{
	const char *at = "";
	struct part p;

	for (;;) {
		divide(a, f, n, at, &p);
		if (p.best == NULL || 2 * p.own >= p.all ||
		    (2 * p.volumes > p.all && 10 * p.most < 9 * p.all))
			return at;
		at = p.best;
	}
}

/* The notes in the folder, and in those below it that have episodes too. */
static void
take_own(struct arena *a, const struct init_place *f, size_t n,
    struct init_notes *out)
{
	size_t i, k, all = worth_below(f, n, out->folder);

	out->own = arena_array(a, out->nnotes, sizeof(struct init_note *));
	for (i = 0; i < n; i++) {
		if (strcmp(f[i].path, out->folder) != 0 &&
		    (!init_is_below(f[i].path, out->folder) ||
		    20 * f[i].worth < (is_volume(a, f, n, f[i].path) ? 1 :
		    all)))
			continue;
		for (k = 0; k < f[i].n; k++)
			out->own[out->nown++] = &out->note[f[i].first + k];
	}
}

static int
by_path(const void *x, const void *y)
{
	const struct init_note *const *a = x, *const *b = y;

	return strcmp((*a)->path, (*b)->path);
}

static void
sample(struct arena *a, const struct init_tree *t, struct init_notes *n)
{
	size_t want = n->nown < INIT_SAMPLE_MAX ? n->nown : INIT_SAMPLE_MAX, i;

	n->seen = arena_array(a, want, sizeof(struct init_note *));
	for (i = 0; i < want; i++) {
		n->seen[i] = n->own[i * n->nown / want];
		look(a, t, n, n->seen[i]);
		n->nfront += n->seen[i]->front;
	}
	n->nseen = want;
}

int
init_notes_find(struct arena *a, struct init_tree *t,
    struct init_notes *out, struct err *err)
{
	struct init_place *f;
	size_t n, i;

	memset(out, 0, sizeof(*out));
	out->fields = fields_new(a, true);
	collect(a, t, out);
	if (out->nnotes == 0) {
		err_set(err, ERR_NOINPUT, "has no notes: no .md file but such "
		    "as README.md; name the folder that the episodes are in");
		return err_at(err, t->only == NULL ? t->dir :
		    fs_join(a, t->dir, t->only), 0);
	}
	n = list_folders(a, out, &f);
	qsort(f, n, sizeof(*f), by_size);
	for (i = 0; i < n && i < FOLDERS_MAX; i++)
		weigh(a, t, out, &f[i]);
	if (worth_below(f, n, "") == 0)
		weigh_dates(out, f, n);
	if (worth_below(f, n, "") == 0)
		f[0].worth = 1;
	out->folder = init_join_siblings(a, t, out, f, n,
	    descend(a, f, n));
	if (t->only != NULL && !init_is_below(out->folder, t->only))
		out->folder = t->only;
	take_own(a, f, n, out);
	qsort(out->own, out->nown, sizeof(struct init_note *), by_path);
	sample(a, t, out);
	init_tell_others(a, t, out, f, n);
	return 0;
}

/* Whether the notes are bundles, or have one of their name: no index.md is the
 * list of them then. */
static bool
has_index(const struct init_notes *n)
{
	size_t i;

	for (i = 0; i < n->nown; i++)
		if (n->own[i]->bundle || strncasecmp(fs_basename(
		    n->own[i]->path), "index.", 6) == 0)
			return true;
	return false;
}

/* Whether the reading of episodes would take a file of the folder for one,
 * though it is no note. */
static bool
is_stray(struct init_work *w, const char *path, bool index)
{
	const char *base = fs_basename(path);

	if (strcmp(init_folder(w->a, path), w->notes.folder) != 0 ||
	    !has_ending(path) || base[0] == '_' ||
	    strncasecmp(base, "README.", 7) == 0)
		return false;
	return is_aside(path) || (index && strncasecmp(base, "index.", 6) ==
	    0);
}

void
init_tell_except(struct init_work *w)
{
	bool index = !has_index(&w->notes);
	size_t i, n = 0;

	for (i = 0; i < w->tree.nfiles && n < EXCEPT_MAX; i++)
		if (is_stray(w, w->tree.file[i], index))
			init_found(w->plan, "except", fs_basename(
			    w->tree.file[i]), n++ > 0 ? NULL :
			    "a page of the site, no episode");
}
