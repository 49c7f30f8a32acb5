#include "show/init.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "show/init_int.h"
#include "show/show.h"
#include "text/utf8.h"

#define SLUG_MAX 60

static const char *const kinds[] = {
	"a folder of notes", "a Hugo site", "a Jekyll site", "an octopod site",
	"an Eleventy site", "an Astro site", "a podbard site",
	"a StaticForge site", "a Zola site"
};

/* Octopod is Jekyll with a configuration of its own; Zola's file bears the name
 * of Hugo's old one. */
static void
refine_kind(struct init_work *w)
{
	const struct init_doc *doc;

	if (w->tree.kind == INIT_JEKYLL && init_site_node(&w->site,
	    "episodes_per_feed_page episode_feed_formats itunes_categories",
	    &doc) != NULL)
		w->tree.kind = INIT_OCTOPOD;
	if (w->tree.kind == INIT_HUGO && strcmp(w->tree.marker,
	    "config.toml") == 0 && init_site_node(&w->site, "generate_feeds "
	    "generate_feed feed_filenames feed_filename compile_sass "
	    "build_search_index", &doc) != NULL)
		w->tree.kind = INIT_ZOLA;
}

/* The folder's own name, whatever it was called by. */
static const char *
own_name(struct arena *a, const char *dir)
{
	char real[PATH_MAX];

	return realpath(dir, real) == NULL ? "show" :
	    arena_strdup(a, fs_basename(real));
}

static void
take_slug(struct init_work *w)
{
	const char *title = NULL;
	char slug[SLUG_MAX];
	size_t i;

	if (w->env->slug != NULL) {
		w->plan->slug = w->env->slug;
		return;
	}
	for (i = 0; i < w->plan->nlines; i++)
		if (w->plan->line[i].key != NULL && !w->plan->line[i].off &&
		    strcmp(w->plan->line[i].key, "title") == 0)
			title = w->plan->line[i].value;
	/* The title may be that of the site, and of its other shows. */
	if (w->tree.only != NULL && w->tree.showmill)
		title = fs_basename(w->tree.only);
	if ((title == NULL || utf8_slug(title, slug, sizeof(slug)) == 0) &&
	    utf8_slug(own_name(w->a, w->tree.dir), slug, sizeof(slug)) == 0)
		memcpy(slug, "show", sizeof("show"));
	w->plan->slug = arena_strdup(w->a, slug);
}

static bool
same_folder(const char *x, const char *y)
{
	char a[PATH_MAX], b[PATH_MAX];

	return realpath(x, a) != NULL && realpath(y, b) != NULL &&
	    strcmp(a, b) == 0;
}

static int
taken(struct init_work *w, const char *file, struct err *err)
{
	err_set(err, ERR_OUTPUT, "is a show.ini of showmill already; nothing "
	    "was written%s", w->tree.showmill ? "; for another show of the "
	    "tree name its folder and a slug, as in `showmill init --episodes "
	    "DIR --slug NAME`" : "");
	return err_at(err, file, 0);
}

/* Whether the show.ini reads the folder; NULL: any. One that is not filled in
 * yet does, too. */
static bool
reads(struct init_work *w, const char *file, const char *folder)
{
	const char *own = folder == NULL ? NULL : show_notes_folder(w->a,
	    file);

	return folder == NULL || (own != NULL && same_folder(own, folder));
}

/* A show.ini that reads the same notes, in a folder of showmill's: there may be
 * several, at its top too. */
static int
check_shows(struct init_work *w, const char *folder, struct err *err)
{
	const char *top = fs_join(w->a, w->tree.dir, "show.ini");
	size_t n, i;
	char **file;

	if (fs_glob(w->a, w->tree.dir, "feeds/*/show.ini", &file, &n,
	    err) != 0)
		return -1;
	for (i = 0; i < n; i++)
		if (reads(w, file[i], folder))
			return taken(w, file[i], err);
	return fs_is_file(top) && reads(w, top, folder) ? taken(w, top, err) :
	    0;
}

/* showmill's own files must not be there. */
static int
check_free(struct init_work *w, struct err *err)
{
	const char *file = fs_join(w->a, w->tree.dir, "show.ini");

	return !w->tree.showmill && fs_is_file(file) ? taken(w, file, err) :
	    0;
}

/* dir lies in a site: the site is the tree, and dir has its notes. */
static void
climb(struct init_work *w)
{
	struct init_tree above;
	char real[PATH_MAX], here[PATH_MAX];
	const char *whole;
	char *slash;
	size_t len;

	if (w->tree.marker != NULL || w->tree.showmill ||
	    fs_is_file(fs_join(w->a, w->tree.dir, "show.ini")) ||
	    realpath(w->tree.dir, real) == NULL)
		return;
	whole = arena_strdup(w->a, real);
	while ((slash = strrchr(real, '/')) != NULL && slash > real) {
		*slash = '\0';
		memset(&above, 0, sizeof(above));
		above.dir = real;
		init_tree_kind(w->a, &above);
		if (above.marker == NULL)
			continue;
		len = strlen(real) + 1;
		above.dir = realpath(".", here) != NULL && strcmp(here,
		    real) == 0 ? "." : arena_strdup(w->a, real);
		above.only = whole + len;
		w->tree = above;
		return;
	}
}

/* The folder that was asked for. */
static int
take_wish(struct init_work *w, struct err *err)
{
	const char *dir = w->env->episodes;
	char slug[SLUG_MAX];
	size_t len;

	if (w->env->slug != NULL && (strlen(w->env->slug) >= sizeof(slug) ||
	    utf8_slug(w->env->slug, slug, sizeof(slug)) == 0 ||
	    strcmp(slug, w->env->slug) != 0))
		return err_set(err, ERR_USAGE, "--slug wants small letters, "
		    "digits and dashes, as in my-show");
	if (dir == NULL)
		return 0;
	while (strncmp(dir, "./", 2) == 0)
		dir += 2;
	for (len = strlen(dir); len > 0 && dir[len - 1] == '/'; len--)
		;
	dir = arena_strndup(w->a, dir, len);
	if (len == 0 || dir[0] == '/' || strncmp(dir, "..", 2) == 0 ||
	    strstr(dir, "/..") != NULL)
		return err_set(err, ERR_USAGE, "--episodes wants a folder in "
		    "%s, counted from it", w->tree.dir);
	if (!fs_is_dir(fs_join(w->a, w->tree.dir, dir))) {
		err_set(err, ERR_NOINPUT, "is no folder");
		return err_at(err, fs_join(w->a, w->tree.dir, dir), 0);
	}
	w->tree.only = dir;
	return 0;
}

static void
tell_names(struct init_work *w)
{
	size_t i;

	for (i = 0; i < w->names.n; i++)
		init_found(w->plan, "names", w->names.name[i], i > 0 ? NULL :
		    arena_printf(w->a, "as %zu notes are named",
		    w->notes.nown));
}

static void
tell_dates(struct init_work *w)
{
	const struct init_fact *date = &w->notes.date;

	if (date->mapped)
		init_field(w->plan, "date", date->paths, arena_printf(w->a,
		    "%s: %s", date->where, date->value));
	if (w->notes.number.mapped && !w->names.numbered)
		init_field(w->plan, "number", w->notes.number.paths,
		    arena_printf(w->a, "%s: %s", w->notes.number.where,
		    w->notes.number.value));
	init_zone(w);
	if (2 * date->hits < w->notes.nseen && !w->names.dated &&
	    !w->table_date)
		init_must(w->plan, "table", NULL, "most notes say no date: "
		    "`showmill episode table --out FILE` writes a table to "
		    "fill in; name it here");
}

/* Where the facts stand that feeds cannot do without. */
static const char *
where_facts(struct init_work *w)
{
	const struct {
		const char *name;
		const struct init_fact *fact;
	} facts[] = {
		{ "audio", &w->notes.audio }, { "date", &w->notes.date },
		{ "title", &w->notes.title }, { "number", &w->notes.number },
		{ "guid", &w->notes.guid }
	};
	const char *out = "the notes have keys of other programs";
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (facts[i].fact->hits > 0)
			out = arena_printf(w->a, "%s; %s: `%s` in %zu of %zu "
			    "that were looked at (%s)", out, facts[i].name,
			    facts[i].fact->path, facts[i].fact->hits,
			    w->notes.nseen, facts[i].fact->where);
	return out;
}

static void
tell_notes(struct init_work *w)
{
	const char *folder = w->notes.folder;

	init_heading(w->plan, "the notes");
	init_found(w->plan, "episodes", arena_printf(w->a, "%s%s", w->up,
	    folder[0] == '\0' ? "." : folder), w->notes.others == NULL ?
	    NULL : arena_printf(w->a, "not taken, though there may be "
	    "episodes: %s", w->notes.others));
	if (w->notes.joined)
		init_look_at(w->plan, "episodes", "the folders in it are taken "
		    "as one show, as their notes are made alike");
	tell_names(w);
	init_langs_tell(w);
	init_tell_except(w);
	init_found(w->plan, "unknown_keys", "ignore", w->notes.nfront > 0 ?
	    where_facts(w) : "the notes have no front matter; keys of other "
	    "programs are passed over");
	if (w->notes.filter != NULL) {
		init_found(w->plan, "filter", w->notes.filter,
		    w->notes.filter_why);
		init_look_at(w->plan, "filter", w->notes.filter_look);
	}
	if (w->table != NULL)
		init_found(w->plan, "table", arena_printf(w->a, "%s%s", w->up,
		    w->table), "its columns have facts of the episodes");
	tell_dates(w);
}

static void
tell_guid_pattern(struct init_work *w)
{
	const struct init_doc *doc;

	if (w->tree.kind == INIT_HUGO && init_site_node(&w->site,
	    "params.feed.itunes_author params.feed.itunes_owner_name", &doc) !=
	    NULL && w->notes.audio.hits > 0)
		init_found(w->plan, "episode_guid", "{audio}", "as castanet "
		    "makes guids; look at those of the feed that is there");
	else
		init_off(w->plan, "episode_guid", "{link}", "when the "
		    "episodes are in a feed already, their guids must stay: "
		    "their pattern, for instance {audio}, or {link} where "
		    "episode_url is set");
}

/* What players know the episodes by must stay. */
static void
tell_guids(struct init_work *w)
{
	if (2 * w->notes.guid.hits >= w->notes.nseen)
		return;
	tell_guid_pattern(w);
	if (w->tree.kind != INIT_BARE || w->feed.file != NULL)
		init_look_at(w->plan, "episode_guid", arena_printf(w->a,
		    "the guids of a feed that is there must stay, or every "
		    "player loads all anew; %s`showmill feed diff OLD-FEED "
		    "FEED` must tell of none", w->feed.guid == NULL ? "" :
		    arena_printf(w->a, "%s has `%s`; ", w->feed.file,
		    w->feed.guid)));
}

static void
tell_out(struct init_work *w)
{
	init_heading(w->plan, "what is made");
	if (w->tree.kind == INIT_BARE)
		init_off(w->plan, "out", "public", "where the feeds are "
		    "written");
	else
		init_found(w->plan, "out", "podcast-feeds", "a folder of its "
		    "own, as `public` may be the site's; `showmill feed build "
		    "--out DIR` writes elsewhere");
}

static const char *
kind_text(const struct init_work *w)
{
	return w->tree.marker == NULL ? kinds[w->tree.kind] :
	    arena_printf(w->a, "%s (%s)", kinds[w->tree.kind],
	    w->tree.marker);
}

static void
make_plan(struct init_work *w)
{
	struct init_plan *p = w->plan;

	p->dir = w->tree.dir;
	p->folder = w->notes.folder;
	p->nnotes = w->notes.nown;
	p->others = w->notes.others;
	p->aside = w->notes.aside;
	p->broken = w->site.broken;
	p->nbroken = w->site.nbroken;
	p->kind = kind_text(w);
	init_names(w->a, &w->notes, &w->names);
	init_find_table(w);
	init_find_template(w);
	init_show_facts(w);
	take_slug(w);
	init_found(p, "slug", p->slug, NULL);
	if (w->tree.only != NULL && w->site.n > 0)
		init_look_at(p, "title", "it is the site's: write that of the "
		    "show");
	tell_notes(w);
	init_media(w);
	init_pages(w);
	tell_guids(w);
	tell_out(w);
	p->show = fs_join(w->a, w->tree.dir, w->tree.showmill ?
	    arena_printf(w->a, "feeds/%s/show.ini", p->slug) : "show.ini");
}

/* A folder of documents is no show: something must say that they are episodes,
 * or a person, who names the folder. */
static int
check_show(const struct init_work *w, struct err *err)
{
	const struct init_notes *n = &w->notes;

	if (w->tree.only != NULL || w->tree.kind != INIT_BARE ||
	    w->table != NULL || w->names.numbered || w->names.dated ||
	    n->audio.hits + n->date.hits + n->number.hits > 0 ||
	    init_has_audio_files(&w->tree))
		return 0;
	err_set(err, ERR_NOINPUT, "has %zu notes, and none says a date, a "
	    "number or audio; when they are episodes, %s: showmill init "
	    "--episodes %s", n->nown, n->folder[0] == '\0' ? "move them to a "
	    "folder of their own and name it" : "name their folder",
	    n->folder[0] == '\0' ? "FOLDER" : n->folder);
	return err_at(err, w->tree.dir, 0);
}

static int
check_plan(struct init_work *w, struct err *err)
{
	if (check_show(w, err) != 0)
		return -1;
	return fs_is_file(w->plan->show) ? taken(w, w->plan->show, err) : 0;
}

int
init_look(struct arena *a, const char *dir, const struct init_env *env,
    struct init_plan *out, struct err *err)
{
	struct init_work *w = arena_alloc(a, sizeof(*w));

	memset(out, 0, sizeof(*out));
	w->a = a;
	w->env = env;
	w->plan = out;
	w->tree.dir = dir;
	init_tree_kind(a, &w->tree);
	if (take_wish(w, err) != 0)
		return -1;
	if (w->tree.only == NULL)
		climb(w);
	if (check_free(w, err) != 0 || init_tree_list(a, &w->tree, err) != 0)
		return -1;
	w->up = w->tree.showmill ? "../../" : "";
	init_site_read(a, &w->tree, &w->site);
	refine_kind(w);
	init_langs_find(a, &w->tree, &w->site);
	if (init_notes_find(a, &w->tree, &w->notes, err) != 0) {
		struct err is_taken = ERR_INIT;

		/* No notes but those of the shows that are there. */
		if (w->tree.showmill && w->tree.only == NULL &&
		    check_shows(w, NULL, &is_taken) != 0)
			*err = is_taken;
		return -1;
	}
	if (w->tree.showmill && check_shows(w, fs_join(a, w->tree.dir,
	    w->notes.folder[0] == '\0' ? "." : w->notes.folder), err) != 0)
		return -1;
	init_notes_facts(a, &w->notes);
	make_plan(w);
	if (check_plan(w, err) != 0)
		return -1;
	init_settle_guids(a, out);
	return 0;
}
