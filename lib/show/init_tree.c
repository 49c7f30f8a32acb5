/* The files of a tree, and which program it was made for. */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/fs_walk.h"
#include "show/init_int.h"

static const struct {
	const char *file;
	enum init_kind kind;
} markers[] = {
	{ "podbard.yaml", INIT_PODBARD }, { "podbard.yml", INIT_PODBARD },
	{ "hugo.toml", INIT_HUGO }, { "hugo.yaml", INIT_HUGO },
	{ "hugo.yml", INIT_HUGO }, { "hugo.json", INIT_HUGO },
	{ "config/_default/hugo.toml", INIT_HUGO },
	{ "config/_default/hugo.yaml", INIT_HUGO },
	{ "config/_default/config.toml", INIT_HUGO },
	{ "config/_default/config.yaml", INIT_HUGO },
	{ "_config.yml", INIT_JEKYLL }, { "_config.yaml", INIT_JEKYLL },
	{ "_config.toml", INIT_JEKYLL },
	{ "eleventy.config.js", INIT_ELEVENTY },
	{ "eleventy.config.mjs", INIT_ELEVENTY },
	{ "eleventy.config.cjs", INIT_ELEVENTY },
	{ "eleventy.config.ts", INIT_ELEVENTY },
	{ ".eleventy.js", INIT_ELEVENTY },
	{ "astro.config.mjs", INIT_ASTRO }, { "astro.config.ts", INIT_ASTRO },
	{ "astro.config.js", INIT_ASTRO }, { "astro.config.cjs", INIT_ASTRO },
	{ "siteconfig.yaml", INIT_STATICFORGE },
	{ "bin/staticforge.php", INIT_STATICFORGE },
	{ "vendor/bin/staticforge.php", INIT_STATICFORGE },
	/* The old names of Hugo's file, which others have too. */
	{ "config.toml", INIT_HUGO }, { "config.yaml", INIT_HUGO },
	{ "config.yml", INIT_HUGO }, { "config.json", INIT_HUGO },
};

void
init_tree_kind(struct arena *a, struct init_tree *t)
{
	size_t i;

	t->showmill = fs_is_file(fs_join(a, t->dir, "config.ini"));
	for (i = 0; i < sizeof(markers) / sizeof(markers[0]); i++) {
		if (!fs_is_file(fs_join(a, t->dir, markers[i].file)))
			continue;
		t->kind = markers[i].kind;
		t->marker = markers[i].file;
		break;
	}
	/* config.toml and its like are Hugo's where content/ is beside it. */
	if (t->kind == INIT_HUGO && strncmp(t->marker, "config.", 7) == 0 &&
	    !fs_is_dir(fs_join(a, t->dir, "content"))) {
		t->kind = INIT_BARE;
		t->marker = NULL;
	}
}

/* Folders that hold what others wrote, or what was made of the notes. */
static bool
enter(void *ctx, const char *path)
{
	static const char *const foreign[] = {
		"node_modules", "_site", "vendor", "themes", "venv",
		"__pycache__", "bower_components", NULL
	};
	const struct init_tree *t = ctx;
	const char *base = fs_basename(path);
	size_t i;

	for (i = 0; foreign[i] != NULL; i++)
		if (strcmp(base, foreign[i]) == 0)
			return false;
	/* The output of those that do not keep files of their own there. */
	if (strcmp(path, "dist") == 0 || (strcmp(path, "public") == 0 &&
	    t->kind != INIT_ASTRO && t->kind != INIT_ELEVENTY))
		return false;
	/* The shows of a showmill folder have their show.ini already. */
	return !t->showmill || strcmp(path, "feeds") != 0;
}

static void
pass(void *ctx, const char *path, bool loops)
{
	(void)ctx;
	(void)path;
	(void)loops;
}

int
init_tree_list(struct arena *a, struct init_tree *t, struct err *err)
{
	struct fs_walk rules = {
		.depth = FS_WALK_DEPTH_MAX, .enter = enter, .passed = pass,
		.ctx = t
	};

	if (!fs_is_dir(t->dir)) {
		err_set(err, ERR_NOINPUT, "is no folder");
		return err_at(err, t->dir, 0);
	}
	return fs_walk(a, t->dir, &rules, &t->file, &t->nfiles, err);
}

static int
by_name(const void *name, const void *file)
{
	return strcmp(name, *(char *const *)file);
}

bool
init_tree_has(const struct init_tree *t, const char *file)
{
	return t->nfiles > 0 && bsearch(file, t->file, t->nfiles,
	    sizeof(*t->file), by_name) != NULL;
}

const char *
init_folder(struct arena *a, const char *path)
{
	const char *base = fs_basename(path);

	return base == path ? "" :
	    arena_strndup(a, path, (size_t)(base - path - 1));
}

bool
init_is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return len == 0 || (strncmp(path, folder, len) == 0 &&
	    (path[len] == '/' || path[len] == '\0'));
}

const char *
init_join(struct arena *a, const char *folder, const char *name)
{
	return folder[0] == '\0' ? name :
	    arena_printf(a, "%s/%s", folder, name);
}
