/* A Hugo site in several languages: which of them the show is in, and which
 * notes are those of the others. */
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "show/init_int.h"
#include "text/utf8.h"

static const struct node *
languages(struct arena *a, const struct init_tree *t,
    const struct init_site *s, const struct init_doc **doc)
{
	static const char *const files[] = {
		"config/_default/languages.toml",
		"config/_default/languages.yaml",
		"config/_default/languages.yml",
		"config/_default/languages.json"
	};
	const struct node *n = init_site_node(s, "languages", doc);
	struct init_doc *own;
	size_t i;

	for (i = 0; n == NULL && i < sizeof(files) / sizeof(files[0]); i++) {
		n = init_site_file(a, t, files[i]);
		own = arena_alloc(a, sizeof(*own));
		own->file = files[i];
		*doc = own;
	}
	return n != NULL && n->kind == NODE_MAP ? n : NULL;
}

static const char *
folder_of(struct arena *a, const struct node *language, const char *root)
{
	const struct node *n = init_node_at(language, "content_dir");
	const char *dir = init_words(a, n);
	size_t len;

	if (dir == NULL)
		return root;
	dir += strspn(dir, "./");
	for (len = strlen(dir); len > 0 && dir[len - 1] == '/'; len--)
		;
	return arena_strndup(a, dir, len);
}

static bool
is_true(struct arena *a, const struct node *n)
{
	const char *text = n == NULL ? NULL : init_words(a, n);

	return text != NULL && strcasecmp(text, "true") == 0;
}

/* The language's own map counts before the site's, with its title and
 * params. */
static void
put_first(struct init_site *s, const struct node *map, const char *file)
{
	if (s->n == INIT_DOCS_MAX)
		s->n--;
	memmove(&s->doc[1], &s->doc[0], s->n * sizeof(s->doc[0]));
	s->n++;
	s->doc[0] = (struct init_doc){ file, map };
}

/* The one that the folder asked for is in, else the site's own. */
static const struct node *
choose(struct arena *a, const struct node *all, const char *own,
    const struct init_tree *t)
{
	const struct node *n, *first = NULL, *found = NULL;
	const char *dir;

	for (n = all->first; n != NULL; n = n->next) {
		if (n->kind != NODE_MAP || is_true(a, init_node_at(n,
		    "disabled")))
			continue;
		dir = folder_of(a, n, t->langs.root);
		if (t->only != NULL && strcmp(dir, t->langs.root) != 0 &&
		    init_is_below(t->only, dir))
			return n;
		if (first == NULL)
			first = n;
		if (strcasecmp(n->key, own) == 0)
			found = n;
	}
	return found != NULL ? found : first;
}

void
init_langs_find(struct arena *a, struct init_tree *t, struct init_site *s)
{
	struct init_langs *l = &t->langs;
	const struct init_doc *doc = NULL, *any;
	const struct node *all, *mine, *n;
	struct init_said own;

	l->root = "content";
	if (t->kind != INIT_HUGO)
		return;
	own = init_site_find(a, s, "content_dir");
	if (own.text != NULL)
		l->root = own.text + strspn(own.text, "./");
	all = languages(a, t, s, &doc);
	own = init_site_find(a, s, "default_content_language");
	if (own.text == NULL)
		own.text = "en";
	mine = all == NULL ? NULL : choose(a, all, own.text, t);
	if (mine == NULL)
		return;
	for (n = all->first; n != NULL; n = n->next) {
		if (n == mine || n->kind != NODE_MAP ||
		    l->nothers == INIT_LANGS_MAX)
			continue;
		l->other[l->nothers].code = n->key;
		l->other[l->nothers++].root = folder_of(a, n, l->root);
	}
	l->root = folder_of(a, mine, l->root);
	l->code = mine->key;
	if (strcasecmp(mine->key, own.text) != 0 || is_true(a,
	    init_site_node(s, "default_content_language_in_subdir", &any)))
		l->prefix = utf8_hugo(a, mine->key, true);
	put_first(s, mine, doc->file);
}

/* Whether the name ends in the language, before its ending: its length with
 * the dot. */
static size_t
suffix(const char *path, const char *code)
{
	const char *dot = strrchr(path, '.');
	size_t len = strlen(code) + 1;

	return (size_t)(dot - path) > len && dot[-(ptrdiff_t)len] == '.' &&
	    strncasecmp(dot - len + 1, code, len - 1) == 0 ? len : 0;
}

const char *
init_langs_ending(struct init_langs *l, const char *path)
{
	const char *dot = strrchr(path, '.');
	size_t i;

	for (i = 0; i < l->nothers; i++) {
		if (suffix(path, l->other[i].code) > 0)
			l->other[i].named++;
		else if (strcmp(l->other[i].root, l->root) == 0 ||
		    !init_is_below(path, l->other[i].root) ||
		    (init_is_below(path, l->root) &&
		    strlen(l->root) > strlen(l->other[i].root)))
			continue;
		l->other[i].n++;
		return NULL;
	}
	return l->code == NULL ? dot : dot - suffix(path, l->code);
}

static const char *
advice(struct arena *a, const struct init_langs *l, size_t i)
{
	return l->other[i].named > 0 ? arena_printf(a, "a show.ini with "
	    "`names = {slug}.%s.md`", l->other[i].code) :
	    arena_printf(a, "`showmill init --episodes %s`", l->other[i].root);
}

void
init_langs_tell(struct init_work *w)
{
	const struct init_langs *l = &w->tree.langs;
	const char *all = NULL;
	size_t i;

	for (i = 0; i < l->nothers; i++) {
		if (l->other[i].n == 0)
			continue;
		if (l->other[i].named > 0)
			init_found(w->plan, "except", arena_printf(w->a,
			    "*.%s.*", l->other[i].code), arena_printf(w->a,
			    "%zu notes are translations", l->other[i].n));
		all = arena_printf(w->a, "%s%s%s (%zu notes: %s)",
		    all == NULL ? "" : all, all == NULL ? "" : ", ",
		    l->other[i].code, l->other[i].n,
		    advice(w->a, l, i));
	}
	if (all != NULL)
		init_look_at(w->plan, "episodes", arena_printf(w->a, "this is "
		    "the show in %s; a show in another language has a "
		    "show.ini of its own: %s", l->code, all));
}
