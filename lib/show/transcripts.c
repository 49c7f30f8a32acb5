#include "show/transcripts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "show/fact_any.h"
#include "show/pattern.h"
#include "text/url.h"
#include "text/utf8.h"
#include "text/xml.h"

struct place {
	const char *dir;
	const char *pattern;	/* of the file's name in it */
	unsigned line;		/* of show.ini; 0: looked at by default */
};

struct transcripts {
	const char *url;	/* of the folders' files; NULL: none */
	struct place *place;
	size_t nplaces;
};

/* A file that may belong to an episode. */
struct file {
	const char *name;	/* without folders */
	const char *path;
	struct pattern_found found;	/* slug NULL: it is told by number */
	const char *type;
	const char *language;	/* NULL: none in its name */
	size_t episodes;	/* that it fits */
};

static const struct {
	const char *ending, *type;
} types[] = {
	{ ".vtt", "text/vtt" }, { ".srt", "application/x-subrip" },
	{ ".json", "application/json" }, { ".html", "text/html" },
	{ ".htm", "text/html" }, { ".txt", "text/plain" }
};

/* By the ending of a name or address, or NULL. */
static const char *
type_of(const char *name)
{
	size_t len = strcspn(name, "?#"), n, i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		n = strlen(types[i].ending);
		if (len > n && strncasecmp(name + len - n, types[i].ending,
		    n) == 0)
			return types[i].type;
	}
	return NULL;
}

static void
add_place(struct transcripts *t, const char *dir, const char *pattern,
    unsigned line)
{
	t->place[t->nplaces++] = (struct place){ dir, pattern, line };
}

/* Beside the notes, and in folders with the name that they usually have. */
static void
default_places(struct arena *a, const struct options *o,
    struct transcripts *t)
{
	const char *notes = options_text(o, "episodes");
	const char *dirs[3];
	size_t i;

	dirs[0] = notes;
	dirs[1] = fs_join(a, notes, "transcripts");
	dirs[2] = fs_join(a, fs_dirname(a, notes), "transcripts");
	t->place = arena_array(a, 6, sizeof(*t->place));
	for (i = 0; i < 3; i++) {
		add_place(t, dirs[i], "{number}*", 0);
		add_place(t, dirs[i], "{slug}", 0);
	}
}

struct transcripts *
transcripts_options(struct arena *a, const struct options *o,
    struct findings *to)
{
	size_t n = options_number_of(o, "transcripts"), i;
	const char *url = options_text(o, "transcripts_url");
	struct transcripts *t;
	struct err err = ERR_INIT;
	const char *path, *name;

	if (n == 0 && url == NULL)
		return NULL;
	t = arena_alloc(a, sizeof(*t));
	t->url = url;
	if (url == NULL)
		finding_add(to, SEV_ERROR, "option-missing", o->file,
		    options_line(o, "transcripts"), "`transcripts` wants "
		    "`transcripts_url`, the public address of the files");
	if (n == 0) {
		default_places(a, o, t);
		return t;
	}
	t->place = arena_array(a, n, sizeof(*t->place));
	for (i = 0; i < n; i++) {
		path = options_at(o, "transcripts", i);
		name = fs_basename(path);
		add_place(t, fs_dirname(a, path), name,
		    options_line_at(o, "transcripts", i));
		if (strpbrk(t->place[i].dir, "{*") != NULL)
			err_set(&err, ERR_CONFIG, "placeholders may stand in "
			    "the file's name alone");
		else if (strstr(name, "{number") == NULL &&
		    strstr(name, "{slug") == NULL)
			err_set(&err, ERR_CONFIG, "the file's name wants "
			    "{number} or {slug}");
		else if (pattern_check(name, false, &err) == 0)
			continue;
		finding_add(to, SEV_ERROR, "option-value", o->file,
		    t->place[i].line, "transcripts = `%s`: %s", path, err.msg);
	}
	return t;
}

static void
doubt(const struct fact_source *s, unsigned line, const char *what,
    const char *why)
{
	finding_add(s->to, s->show->own_tree ? SEV_WARNING : SEV_ERROR,
	    "episode-transcript", s->file, line, "the transcript%s%s%s %s",
	    what[0] != '\0' ? " `" : "", what, what[0] != '\0' ? "`" : "",
	    why);
}

/* NULL: it cannot be, as was told. */
static const char *
public_url(const struct fact_source *s, const char *text, unsigned line)
{
	const struct transcripts *t = s->show->transcripts;
	struct arena *a = &s->show->arena;
	struct err err = ERR_INIT;

	if (strstr(text, "://") == NULL && text[0] == '/' &&
	    s->show->own_tree && s->show->link != NULL) {
		text = xw_resolve(a, s->show->link, text);
	} else if (strstr(text, "://") == NULL) {
		if (t == NULL || t->url == NULL) {
			doubt(s, line, text, "is a file; write "
			    "`transcripts_url` in show.ini, the address of "
			    "its folder");
			return NULL;
		}
		text = url_below(a, t->url, text);
	}
	/* The tree that it was read into goes with the file's text. */
	if (url_check(text, &err) == 0)
		return arena_strdup(a, text);
	doubt(s, line, text, arena_printf(a, "has no address: %s", err.msg));
	return NULL;
}

/* One line of plain text of a map; NULL when it is not said, or none. */
static const char *
line_of(const struct fact_source *s, const struct node *map, const char *key)
{
	const char *text = node_get_text(map, key);

	if (text == NULL || text[0] == '\0')
		return NULL;
	if (!utf8_has_control(text, strlen(text), false) &&
	    strpbrk(text, "\r\n") == NULL)
		return arena_strdup(&s->show->arena, text);
	doubt(s, map->line, key, "has a control character or a line break");
	return NULL;
}

/* The name below a folder of a file with that address; NULL: it has none
 * there. */
static const char *
name_below(struct arena *a, const char *folder_url, const char *folder,
    const char *url)
{
	size_t n = folder_url == NULL || folder == NULL ? 0 :
	    strlen(folder_url);
	struct err ignored = ERR_INIT;
	const char *name;

	while (n > 0 && folder_url[n - 1] == '/')
		n--;
	if (n == 0 || strncmp(url, folder_url, n) != 0 || url[n] != '/' ||
	    strpbrk(url, "?#") != NULL)
		return NULL;
	name = url_decoded(a, url + n + 1);
	return fs_beneath(a, folder, name, &ignored) != NULL ? name : NULL;
}

/* Looks for the file that an address leads to, below the folders that have
 * one. */
static void
find_behind(struct show *s, struct show_transcript *out)
{
	const struct transcripts *t = s->transcripts;
	size_t i, n = t == NULL ? 0 : t->nplaces;

	for (i = 0; i <= n && out->file == NULL; i++) {
		out->folder = i < n ? t->place[i].dir : s->media_dir;
		out->file = name_below(&s->arena, i < n ? t->url :
		    s->media_url, out->folder, out->url);
	}
}

/* Whether transcripts are looked for on this machine. */
static bool
has_folder(const struct show *s)
{
	const struct transcripts *t = s->transcripts;
	size_t i;

	for (i = 0; t != NULL && i < t->nplaces; i++)
		if (fs_is_dir(t->place[i].dir))
			return true;
	return false;
}

static bool
read_one(const struct fact_source *s, const struct node *n,
    struct show_transcript *out)
{
	const char *text = n->kind == NODE_TEXT ? n->text :
	    line_of(s, n, "url");

	memset(out, 0, sizeof(*out));
	if (text == NULL)
		text = line_of(s, n, "file");
	if (text == NULL || text[0] == '\0') {
		if (n->kind == NODE_MAP || n->kind == NODE_LIST)
			doubt(s, n->line, "", "has no `url` and no `file`");
		return false;
	}
	out->type = line_of(s, n, "type");
	if (out->type == NULL)
		out->type = type_of(text);
	if (out->type == NULL || strchr(out->type, '/') == NULL) {
		doubt(s, n->line, text, "has no type; its name does not tell, "
		    "so write one such as `type: text/vtt`");
		return false;
	}
	out->url = public_url(s, text, n->line);
	out->language = line_of(s, n, "language");
	out->rel = line_of(s, n, "rel");
	if (out->url == NULL)
		return false;
	find_behind(s->show, out);
	if (strstr(text, "://") == NULL && out->file == NULL &&
	    has_folder(s->show))
		finding_add(s->to, SEV_WARNING, "transcript-file", s->file,
		    n->line, "the transcript `%s` is in no folder of "
		    "`transcripts`; its address %s will lead nowhere unless "
		    "it is put there", text, out->url);
	return true;
}

void
transcripts_take(const struct fact_source *s, struct episode *e)
{
	struct show_transcript list[TRANSCRIPTS_MAX], *kept;
	struct fact_source at;
	struct node cell;
	const struct node *n = fact_any(s, "transcripts", &cell, &at), *one;
	unsigned count = 0;

	if (n == NULL)
		return;
	e->transcripts_said = true;
	one = n->kind == NODE_LIST ? n->first : n;
	for (; one != NULL; one = n->kind == NODE_LIST ? one->next : NULL) {
		if (count == TRANSCRIPTS_MAX) {
			doubt(&at, one->line, "", "is one too many: there may "
			    "be 32");
			break;
		}
		if (read_one(&at, one, &list[count]))
			count++;
	}
	kept = arena_array(&s->show->arena, count, sizeof(*kept));
	memcpy(kept, list, count * sizeof(*kept));
	e->transcripts = kept;
	e->ntranscripts = count;
}

/* "en" of episode.en.vtt; what is before it stays in *len. */
static const char *
language_in(struct arena *a, const char *name, size_t *len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *end = name + *len, *p;
	size_t n;

	for (p = end; p > name && p[-1] != '.'; p--)
		;
	n = strspn(p, letters);
	if (p < name + 2 || n != 2 || (p + n != end && (p[n] != '-' ||
	    strspn(p + n + 1, letters) != 2 || p + n + 3 != end)))
		return NULL;
	*len = (size_t)(p - 1 - name);
	return arena_strndup(a, p, (size_t)(end - p));
}

/* A file of a place: false when it is no transcript, or another's. */
static bool
read_name(struct arena *a, const struct place *p, const char *name,
    struct file *out)
{
	const char *dot = strrchr(name, '.'), *slug;
	size_t len;

	memset(out, 0, sizeof(*out));
	out->type = type_of(name);
	if (out->type == NULL ||
	    !pattern_match(a, p->pattern, name, &out->found))
		return false;
	len = (size_t)(dot - name);
	out->name = name;
	out->path = fs_join(a, p->dir, name);
	out->language = language_in(a, name, &len);
	slug = out->found.slug;
	if (out->found.number > 0)
		out->found.slug = NULL;
	else if (slug != NULL && strstr(name, slug) == name)
		/* A pattern without an ending takes it into the slug. */
		out->found.slug = strlen(slug) <= len ? slug :
		    arena_strndup(a, name, len);
	return true;
}

static int
compare(const struct file *a, const struct file *b)
{
	if (a->found.slug != NULL && b->found.slug != NULL)
		return strcmp(a->found.slug, b->found.slug);
	if (a->found.slug != NULL || b->found.slug != NULL)
		return a->found.slug != NULL ? 1 : -1;
	return (a->found.number > b->found.number) -
	    (a->found.number < b->found.number);
}

static int
by_key(const void *a, const void *b)
{
	const struct file *fa = a, *fb = b;
	int c = compare(fa, fb);

	return c != 0 ? c : strcmp(fa->path, fb->path);
}

struct files {
	struct arena arena;
	struct file *list;
	size_t n, cap;
};

static void
add_files(struct files *l, const struct show *s, const struct place *p,
    struct findings *to)
{
	struct err err = ERR_INIT;
	const char *file;
	struct file f;
	char **names;
	size_t n, i;

	if (p->line == 0 && !fs_is_dir(p->dir))
		return;
	if (fs_list(&l->arena, p->dir, &names, &n, &err) != 0) {
		finding_add(to, SEV_ERROR, "option-value", s->file, p->line,
		    "transcripts: %s: %s", p->dir, err.msg);
		return;
	}
	for (i = 0; i < n; i++) {
		/* Chapters are JSON too. */
		if ((p->line == 0 && strstr(names[i], "chapter") != NULL) ||
		    !read_name(&l->arena, p, names[i], &f))
			continue;
		file = fs_join(&l->arena, p->dir, names[i]);
		if (fs_is_lost(file)) {
			finding_add(to, SEV_WARNING, "episode-transcript",
			    file, 0, "the link leads nowhere; it is no "
			    "transcript");
			continue;
		}
		if (l->n == l->cap) {
			l->cap = l->cap == 0 ? 64 : l->cap * 2;
			l->list = xreallocarray(l->list, l->cap,
			    sizeof(*l->list));
		}
		l->list[l->n++] = f;
	}
}

/* One file that several places have is there once. */
static void
sort_files(struct files *l)
{
	size_t i, kept = 0;

	if (l->n > 1)
		qsort(l->list, l->n, sizeof(*l->list), by_key);
	for (i = 0; i < l->n; i++)
		if (kept == 0 || by_key(&l->list[kept - 1], &l->list[i]) != 0)
			l->list[kept++] = l->list[i];
	l->n = kept;
}

/* The first file with the key, or the end. */
static size_t
first_of(const struct files *l, const struct file *key)
{
	size_t low = 0, high = l->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (compare(&l->list[mid], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Calls use for all files with a key. */
static void
each(const struct files *l, const struct file *key, const struct episode *e,
    void (*use)(struct file *f, void *ctx), void *ctx)
{
	size_t i;

	for (i = first_of(l, key); i < l->n &&
	    compare(&l->list[i], key) == 0; i++)
		if (l->list[i].found.season == 0 ||
		    l->list[i].found.season == e->season)
			use(&l->list[i], ctx);
}

/* By the number of a full episode (a trailer bears that of another), by the
 * name of its notes, and by its slug where that is another. */
static void
each_of(struct files *l, const struct episode *e,
    void (*use)(struct file *f, void *ctx), void *ctx)
{
	struct file key = { .found = { .number = e->number } };
	const char *stem = show_stem(&l->arena, e);

	if (e->number > 0 && strcmp(e->type, "full") == 0)
		each(l, &key, e, use, ctx);
	key.found.number = 0;
	key.found.slug = stem;
	each(l, &key, e, use, ctx);
	key.found.slug = e->slug;
	if (strcmp(stem, e->slug) != 0)
		each(l, &key, e, use, ctx);
}

static void
count(struct file *f, void *ctx)
{
	(void)ctx;
	f->episodes++;
}

struct taken {
	struct show *show;
	struct show_transcript list[TRANSCRIPTS_MAX];
	const char *path[TRANSCRIPTS_MAX];
	unsigned n;
};

static void
take(struct file *f, void *ctx)
{
	struct taken *t = ctx;
	struct show_transcript *out = &t->list[t->n];
	unsigned i;

	for (i = 0; i < t->n; i++)
		if (strcmp(t->path[i], f->path) == 0)
			return;
	if (f->episodes > 1 || t->n == TRANSCRIPTS_MAX)
		return;
	memset(out, 0, sizeof(*out));
	out->url = url_below(&t->show->arena, t->show->transcripts->url,
	    f->name);
	out->folder = fs_dirname(&t->show->arena, f->path);
	out->file = arena_strdup(&t->show->arena, f->name);
	out->type = f->type;
	out->language = arena_strdup(&t->show->arena, f->language);
	t->path[t->n++] = f->path;
}

static void
take_found(struct show *s, struct files *l, struct episode *e)
{
	struct taken t = { .show = s };
	struct show_transcript *kept;

	each_of(l, e, take, &t);
	kept = arena_array(&s->arena, t.n, sizeof(*kept));
	memcpy(kept, t.list, t.n * sizeof(*kept));
	e->transcripts = kept;
	e->ntranscripts = t.n;
}

/* Whether a file was taken by another of its keys. */
static bool
is_taken(const struct files *l, const struct file *f)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->list[i].episodes == 1 &&
		    strcmp(l->list[i].path, f->path) == 0)
			return true;
	return false;
}

const char *
transcripts_folder(const struct show *s, size_t i)
{
	return s->transcripts == NULL || i >= s->transcripts->nplaces ? NULL :
	    s->transcripts->place[i].dir;
}

void
transcripts_find(struct show *s, struct findings *to)
{
	struct files l = { .arena = ARENA_INIT };
	size_t i;

	if (s->transcripts == NULL)
		return;
	for (i = 0; i < s->transcripts->nplaces; i++)
		add_files(&l, s, &s->transcripts->place[i], to);
	sort_files(&l);
	for (i = 0; i < s->nepisodes; i++)
		if (!s->episodes[i].transcripts_said)
			each_of(&l, &s->episodes[i], count, NULL);
	for (i = 0; i < s->nepisodes; i++)
		if (!s->episodes[i].transcripts_said)
			take_found(s, &l, &s->episodes[i]);
	for (i = 0; i < l.n; i++)
		if (l.list[i].episodes > 1 && !is_taken(&l, &l.list[i]))
			finding_add(to, SEV_WARNING, "episode-transcript",
			    l.list[i].path, 0, "it fits %zu episodes and is "
			    "taken for none; name it in the front matter of "
			    "one: `transcripts: %s`", l.list[i].episodes,
			    l.list[i].name);
	free(l.list);
	arena_release(&l.arena);
}
