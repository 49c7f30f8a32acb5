/* The addresses of feed and pages, as the generators make them; and files
 * about people. */
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "show/fields.h"
#include "show/init_int.h"
#include "text/url.h"

/* A page that makes a feed, by its name: "rss.xml.js" → "rss.xml". */
static const char *
feed_page(const struct init_work *w)
{
	const char *path, *base, *end;
	size_t i;

	for (i = 0; i < w->tree.nfiles; i++) {
		path = w->tree.file[i];
		if (init_is_below(path, "src/pages"))
			path += strlen("src/pages/");
		base = fs_basename(path);
		end = strstr(base, ".xml");
		if (end == NULL || (end[4] != '\0' && end[4] != '.') ||
		    strchr(path, '[') != NULL || strchr(path, '_') != NULL ||
		    (strchr(path, '/') != NULL && path == w->tree.file[i]))
			continue;
		if (strcasestr(base, "rss") != NULL || strcasestr(base,
		    "feed") != NULL || strcasestr(base, "podcast") != NULL)
			return arena_strndup(w->a, path, (size_t)(end + 4 -
			    path));
	}
	return NULL;
}

static bool
has_rss(const struct node *list)
{
	const struct node *n = list->kind == NODE_LIST ? list->first : NULL;

	for (; n != NULL; n = n->next)
		if (n->kind == NODE_TEXT && strcasecmp(n->text, "rss") == 0)
			return true;
	return false;
}

/* Hugo's feed of the section, or of the site where sections have none. */
static const char *
hugo_feed(struct init_work *w)
{
	const char *part = init_hugo_section(w);
	struct init_said name = init_site_find(w->a, &w->site,
	    "output_formats.rss.base_name");
	const struct init_doc *doc;
	const struct node *home, *section;

	if (name.text == NULL || strchr(name.text, '/') != NULL)
		name.text = "index";
	home = init_site_node(&w->site, "outputs.home", &doc);
	section = init_site_node(&w->site, "outputs.section", &doc);
	if (home != NULL && section != NULL && has_rss(home) &&
	    !has_rss(section))
		part = w->tree.langs.prefix != NULL ? w->tree.langs.prefix :
		    "";
	return part[0] == '\0' ? arena_printf(w->a, "%s.xml", name.text) :
	    arena_printf(w->a, "%s/%s.xml", part, name.text);
}

/* Jekyll publishes a template at the top of the site under its own name. */
static const char *
jekyll_feed(const struct init_work *w)
{
	const char *file = w->feed.file, *dot;

	if ((w->tree.kind != INIT_JEKYLL && w->tree.kind != INIT_OCTOPOD) ||
	    file == NULL || strchr(file, '/') != NULL || file[0] == '_')
		return NULL;
	dot = strrchr(file, '.');
	return dot != NULL && (strcasecmp(dot, ".xml") == 0 ||
	    strcasecmp(dot, ".rss") == 0) ? file : NULL;
}

/* The first of several, or the one; Zola's own default else. */
static const char *
zola_feed(const struct init_work *w)
{
	const struct init_doc *doc;
	const struct node *n = init_site_node(&w->site,
	    "feed_filenames feed_filename", &doc);

	if (n != NULL && n->kind == NODE_LIST)
		n = n->first;
	return n != NULL && n->kind == NODE_TEXT ? n->text : "atom.xml";
}

/* The path that the generator has by itself. */
static const char *
feed_path(struct init_work *w)
{
	const char *path = feed_page(w);
	struct init_said said;

	switch (w->tree.kind) {
	case INIT_HUGO:
		return hugo_feed(w);
	case INIT_OCTOPOD:
		return "episodes.mp3.rss";
	case INIT_ELEVENTY:
		said = init_site_find(w->a, &w->site,
		    "podcast.feed_path feed_path");
		return said.text != NULL ? said.text : path != NULL ? path :
		    "feed/podcast.xml";
	case INIT_ASTRO:
		return path != NULL ? path : "rss.xml";
	case INIT_STATICFORGE:
		return "podcast/rss.xml";
	case INIT_ZOLA:
		return zola_feed(w);
	default:
		return path != NULL ? path : "feed.xml";
	}
}

const char *
init_feed_url(struct init_work *w, const char **why, bool *sure)
{
	struct init_said said = init_site_find(w->a, &w->site,
	    "podcast.feed_url podcast_feed_url params.feed.url "
	    "params.podcast.feed_url feed_url");
	struct err err = ERR_INIT;
	const char *url;

	*sure = true;
	if (said.text != NULL && url_check(said.text, &err) == 0) {
		*why = said.where;
		return said.text;
	}
	if (w->link == NULL)
		return NULL;
	if (w->feed.path != NULL) {
		url = init_url(w, w->feed.path);
		*why = arena_printf(w->a, "%s: permalink", w->feed.file);
		if (url_check(url, &err) == 0)
			return url;
	}
	if (jekyll_feed(w) != NULL) {
		url = init_url(w, jekyll_feed(w));
		*why = arena_printf(w->a, "%s makes it", w->feed.file);
		if (url_check(url, &err) == 0)
			return url;
	}
	*sure = false;
	url = init_url(w, feed_path(w));
	if (url_check(url, &err) != 0)
		return NULL;
	*why = "a proposal: the address that players know must stay what it "
	    "is";
	return url;
}

static void
tell_page(struct init_work *w)
{
	const char *why = NULL, *path = w->link == NULL ? NULL :
	    init_page_path(w, &why);

	if (path != NULL && path[0] != '\0')
		init_found(w->plan, "episode_url", init_url(w, path), why);
	else
		init_off(w->plan, "episode_url", w->link == NULL ? NULL :
		    init_url(w, "{slug}/"), why != NULL ? why :
		    "the pattern of the episodes' web pages");
	if (path != NULL && path[0] != '\0' && w->page_look != NULL)
		init_look_at(w->plan, "episode_url", w->page_look);
}

/* The folder that has files of the names that the notes give as guests or
 * hosts; of several that which is called so. */
static const char *
people_folder(struct init_work *w, const char *id, const char *fact)
{
	const char *name = arena_printf(w->a, "/%s.md", id), *path, *folder;
	const char *found = NULL;
	size_t i, len, end = strlen(name);

	for (i = 0; i < w->tree.nfiles; i++) {
		path = w->tree.file[i];
		len = strlen(path);
		if (len <= end || strcmp(path + len - end, name) != 0)
			continue;
		folder = init_folder(w->a, path);
		if (init_is_below(folder, w->notes.folder))
			continue;
		/* "host" and "hosts" for the hosts. */
		if (strncasecmp(fs_basename(folder), fact, strlen(fact) -
		    1) == 0)
			return folder;
		if (found == NULL)
			found = folder;
	}
	return found;
}

static void
tell_people(struct init_work *w, const char *fact)
{
	const struct fields_fact *f = fields_get(w->notes.fields, fact);
	const struct node *n;
	struct fields_index index;
	const char *folder, *id;
	size_t i, k;

	for (i = 0; i < w->notes.nseen; i++) {
		const struct init_note *note = w->notes.seen[i];

		if (note->map == NULL)
			continue;
		fields_index(w->a, note->map, &index);
		for (k = 0; k < f->npaths; k++) {
			n = fields_find(&f->path[k], &index);
			id = n == NULL ? NULL : init_words(w->a, n);
			if (id == NULL || id[0] == '.' ||
			    strpbrk(id, "/{}") != NULL)
				continue;
			folder = people_folder(w, id, fact);
			if (folder == NULL)
				continue;
			init_found(w->plan, "people", arena_printf(w->a,
			    "%s = %s%s/{id}.md", fact, w->up, folder),
			    arena_printf(w->a, "%s:%u names %s/%s.md",
			    note->path, n->line, folder, id));
			return;
		}
	}
}

void
init_pages(struct init_work *w)
{
	init_heading(w->plan, "pages and people");
	tell_page(w);
	tell_people(w, "hosts");
	tell_people(w, "guests");
}
