/* The addresses of the episodes' pages, as the generators make them. */
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "show/init_int.h"
#include "text/url.h"
#include "text/utf8.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz_"

/* The notes' folder below that of the site's content; "" for that itself. */
static const char *
below_content(const struct init_work *w)
{
	const char *folder = w->notes.folder, *root = w->tree.langs.root;

	if (!init_is_below(folder, root))
		return "";
	folder += strlen(root);
	return folder + strspn(folder, "/");
}

static const char *
section(const struct init_work *w)
{
	const char *folder = below_content(w);

	return arena_strndup(w->a, folder, strcspn(folder, "/"));
}

/* Whether some of the notes lie in folders of the folder, which have a part
 * in their addresses that no placeholder has. */
static bool
is_deep(const struct init_notes *n)
{
	size_t i;

	for (i = 0; i < n->nown; i++)
		if (strcmp(n->own[i]->folder, n->folder) != 0)
			return true;
	return false;
}

/* How many of the sampled notes say the fact. */
static size_t
count_says(struct init_work *w, const char *fact)
{
	size_t i, hits = 0;

	for (i = 0; i < w->notes.nseen; i++)
		hits += init_note_says(w->a, &w->notes, w->notes.seen[i],
		    fact, NULL, NULL) != NULL;
	return hits;
}

static bool
has_category(const struct init_notes *n)
{
	size_t i;

	for (i = 0; i < n->nseen; i++)
		if (n->seen[i]->map != NULL &&
		    (init_node_at(n->seen[i]->map, "categories") != NULL ||
		    init_node_at(n->seen[i]->map, "category") != NULL))
			return true;
	return false;
}

static bool
is_word(const char *p, size_t len, const char *word)
{
	return strlen(word) == len && strncmp(word, p, len) == 0;
}

/* What a generator calls it, and what it is here; NULL: not to be said. */
struct word {
	const char *name;
	const char *text;
};

static const char *
find_word(const struct word *list, const char *p, size_t len)
{
	for (; list->name != NULL; list++)
		if (is_word(p, len, list->name))
			return list->text;
	return NULL;
}

/* The text with each `:word` replaced; NULL: one of them is not known. */
static const char *
translate(struct init_work *w, const char *text, const struct word *list)
{
	const char *out = NULL, *found;
	size_t len;
	struct buf b;

	buf_init(&b, 0);
	while (*text != '\0') {
		if (*text != ':') {
			/* What is empty leaves no second slash. */
			if (*text != '/' || b.len == 0 ||
			    b.data[b.len - 1] != '/')
				buf_addc(&b, *text);
			text++;
			continue;
		}
		len = strspn(++text, LOWER);
		found = find_word(list, text, len);
		if (found == NULL)
			goto out;
		buf_adds(&b, found);
		text += len;
	}
	out = arena_strdup(w->a, b.data);
out:
	buf_release(&b);
	return out;
}

static bool
says_true(struct init_work *w, const char *path)
{
	struct init_said said = init_site_find(w->a, &w->site, path);

	return said.text != NULL && strcasecmp(said.text, "true") == 0;
}

/* A blank beside a dash, or another one: what Hugo makes of it differs. */
static bool
has_odd_blanks(const struct init_notes *n)
{
	size_t i;

	for (i = 0; i < n->nown; i++)
		if (strstr(n->own[i]->path, " -") != NULL ||
		    strstr(n->own[i]->path, "- ") != NULL ||
		    strstr(n->own[i]->path, "  ") != NULL)
			return true;
	return false;
}

/* A folder as a part of an address. */
static const char *
hugo_folder(struct init_work *w, const char *folder, bool lower)
{
	const char *out;
	struct buf b;

	buf_init(&b, 0);
	url_add_encoded(&b, utf8_hugo(w->a, folder, lower), "/+~@");
	out = arena_strdup(w->a, b.data);
	buf_release(&b);
	return out;
}

const char *
init_hugo_section(struct init_work *w)
{
	const char *part = hugo_folder(w, section(w), !says_true(w,
	    "disable_path_to_lower"));

	if (w->tree.langs.prefix == NULL)
		return part;
	return part[0] == '\0' ? w->tree.langs.prefix :
	    arena_printf(w->a, "%s/%s", w->tree.langs.prefix, part);
}

/* The note's own name in an address: a language in it is none of that. */
static const char *
hugo_name(struct init_work *w, const char *what, const char *form)
{
	size_t i;

	for (i = 0; i < w->notes.nown; i++)
		if (strchr(w->notes.own[i]->ending + 1, '.') != NULL)
			return w->names.numbered || w->names.dated ? NULL :
			    arena_printf(w->a, "{slug:%s}", form);
	return arena_printf(w->a, "{%s:%s}", what, form);
}

static const char *
hugo_slug(struct init_work *w, const char *form)
{
	size_t hits = count_says(w, "slug");

	if (hits > 0 && hits < w->notes.nseen)
		w->page_look = "some notes say a slug, and Hugo takes the "
		    "title of the others";
	return arena_printf(w->a, "{%s:%s}", 2 * hits > w->notes.nseen ?
	    "slug" : "title", form);
}

static const char *
hugo_permalink(struct init_work *w, const char *text, bool lower)
{
	const char *form = lower ? "hugo" : "hugo-case";
	const char *name = hugo_name(w, "name", form);
	const char *stem = hugo_name(w, "stem", form);
	const struct word words[] = {
		{ "slugorfilename", name }, { "slugorcontentbasename", name },
		{ "filename", stem }, { "contentbasename", stem },
		{ "slug", strstr(text, ":slug") == NULL ? NULL :
		    hugo_slug(w, form) },
		{ "title", arena_printf(w->a, "{title:%s}", form) },
		{ "year", "{year}" }, { "month", "{month}" },
		{ "day", "{day}" },
		{ "section", hugo_folder(w, section(w), lower) },
		{ "sections", is_deep(&w->notes) ? NULL :
		    hugo_folder(w, below_content(w), lower) },
		{ NULL, NULL }
	};

	return translate(w, text, words);
}

/* Hugo's own way: the folders and the slug, or the name of the file. */
static const char *
hugo_default(struct init_work *w, bool lower, const char **why)
{
	const char *folder = hugo_folder(w, below_content(w), lower);
	const char *name = hugo_name(w, "name", lower ? "hugo" : "hugo-case");

	if (is_deep(&w->notes) || name == NULL) {
		*why = "Hugo has the folders of the notes in the addresses of "
		    "their pages: write their pattern";
		return NULL;
	}
	*why = "Hugo's own way: look whether it is so";
	if (has_odd_blanks(&w->notes))
		w->page_look = "names have blanks beside dashes or blanks: "
		    "Hugo since 0.123 makes a dash of each, and here they "
		    "become one; look whether the addresses are so";
	return folder[0] == '\0' ? arena_printf(w->a, "%s/", name) :
	    arena_printf(w->a, "%s/%s/", folder, name);
}

/* By Hugo's [permalinks] of the section, also as [permalinks.page]. */
static const char *
hugo_page(struct init_work *w, const char **why)
{
	const char *part = section(w), *path;
	bool lower = !says_true(w, "disable_path_to_lower");
	struct init_said said = { NULL, NULL };
	size_t len;

	if (part[0] != '\0')
		said = init_site_find(w->a, &w->site, arena_printf(w->a,
		    "permalinks.%s permalinks.page.%s", part, part));
	*why = said.where;
	path = said.text == NULL ? hugo_default(w, lower, why) :
	    hugo_permalink(w, said.text, lower);
	if (path == NULL)
		return NULL;
	path += strspn(path, "/");
	if (w->tree.langs.prefix != NULL)
		path = arena_printf(w->a, "%s/%s", w->tree.langs.prefix, path);
	len = strlen(path);
	if (says_true(w, "ugly_urls") && len > 0)
		path = arena_printf(w->a, "%.*s.html", (int)(path[len - 1] ==
		    '/' ? len - 1 : len), path);
	return path;
}

/* The collection that the notes are in, "posts" of blog/_posts; NULL: they are
 * pages. */
static const char *
collection(const struct init_work *w)
{
	const char *p = w->notes.folder;

	for (;; p++) {
		if (*p == '_')
			return arena_strndup(w->a, p + 1, strcspn(p + 1, "/"));
		if ((p = strchr(p, '/')) == NULL)
			return NULL;
	}
}

/* The permalink of the last of Jekyll's `defaults` that are for the notes. */
static struct init_said
jekyll_defaults(struct init_work *w, const char *label)
{
	struct init_said out = { NULL, NULL };
	const struct init_doc *doc;
	const struct node *n = init_site_node(&w->site, "defaults", &doc);
	const char *type, *path, *text;

	if (n == NULL || n->kind != NODE_LIST)
		return out;
	for (n = n->first; n != NULL; n = n->next) {
		text = init_words(w->a, init_node_at(n, "values.permalink"));
		type = init_words(w->a, init_node_at(n, "scope.type"));
		path = init_words(w->a, init_node_at(n, "scope.path"));
		if (text == NULL || (path != NULL && !init_is_below(
		    w->notes.folder, path)) || (type != NULL &&
		    strcmp(type, label != NULL ? label : "pages") != 0))
			continue;
		out.text = text;
		out.where = n->line == 0 ? doc->file : arena_printf(w->a,
		    "%s:%u", doc->file, n->line);
	}
	return out;
}

/* What the site's style leaves of a collection's own way. */
static const char *
jekyll_style(struct init_work *w, struct init_said *said, const char *label)
{
	static const struct word styles[] = {
		{ "date", "/:categories/:year/:month/:day/:title:output_ext" },
		{ "pretty", "/:categories/:year/:month/:day/:title/" },
		{ "none", "/:categories/:title:output_ext" },
		{ NULL, NULL }
	};
	const char *style;
	size_t len;

	*said = init_site_find(w->a, &w->site, "permalink");
	style = said->text != NULL ? said->text : "date";
	len = strlen(style);
	if (strcmp(label, "posts") == 0)
		return said->text == NULL || style[strspn(style, LOWER)] !=
		    '\0' ? said->text : find_word(styles, style, len);
	if (!says_true(w, arena_printf(w->a, "collections.%s.output", label)))
		return NULL;
	return strcmp(style, "pretty") == 0 || style[len - 1] == '/' ?
	    "/:collection/:path/" : "/:collection/:path:output_ext";
}

static const char *
jekyll_page(struct init_work *w, const char **why)
{
	const char *label = collection(w), *text;
	const char *title = w->names.dated ? "{slug}" : "{name}";
	struct init_said said = jekyll_defaults(w, label);
	const struct word words[] = {
		{ "title", title }, { "slug", title }, { "name", "{stem}" },
		{ "path", is_deep(&w->notes) ? NULL : "{stem}" },
		{ "year", "{year}" }, { "month", "{month}" },
		{ "day", "{day}" }, { "output_ext", ".html" },
		{ "collection", label },
		{ "categories", has_category(&w->notes) ? NULL : "" },
		{ NULL, NULL }
	};

	if (said.text == NULL && label != NULL)
		said = init_site_find(w->a, &w->site, arena_printf(w->a,
		    "collections.%s.permalink", label));
	text = said.text;
	if (text == NULL && label != NULL)
		text = jekyll_style(w, &said, label);
	*why = said.where;
	if (text == NULL)
		return NULL;
	if (said.where == NULL)
		*why = "Jekyll's own way: look whether it is so";
	title = translate(w, text, words);
	if (title == NULL)
		*why = arena_printf(w->a, "%s: `%s` has parts that are no "
		    "placeholders here: write the pages' pattern", *why, text);
	return title;
}

/* The data of a folder, `posts/posts.11tydata.json` or `posts/posts.json`, or
 * of one above it. */
static const char *
eleventy_permalink(struct init_work *w, const char **file)
{
	static const char *const endings[] = {
		".11tydata.js", ".11tydata.mjs", ".11tydata.cjs",
		".11tydata.json", ".json"
	};
	const char *folder = w->notes.folder, *path;
	const struct node *n;
	size_t i;

	for (; folder[0] != '\0'; folder = init_folder(w->a, folder))
		for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
			path = arena_printf(w->a, "%s/%s%s", folder,
			    fs_basename(folder), endings[i]);
			n = init_site_file(w->a, &w->tree, path);
			n = n == NULL ? NULL : init_node_at(n, "permalink");
			if (n == NULL)
				continue;
			*file = path;
			return init_words(w->a, n);
		}
	return NULL;
}

/* What stands between {{ and }}. */
static const char *
eleventy_word(struct init_work *w, const char *p, size_t len)
{
	const struct word words[] = {
		{ "page.fileSlug", w->names.dated ? "{slug}" : "{stem}" },
		{ "slug", "{slug}" }, { "number", "{number}" },
		{ "episode", "{number}" }, { "episodeNumber", "{number}" },
		{ "episode_number", "{number}" },
		{ "episode.episodeNumber", "{number}" },
		{ "episode.number", "{number}" }, { "season", "{season}" },
		{ "episode.seasonNumber", "{season}" },
		{ NULL, NULL }
	};

	while (len > 0 && strchr(" -", *p) != NULL) {
		p++;
		len--;
	}
	while (len > 0 && strchr(" -", p[len - 1]) != NULL)
		len--;
	return find_word(words, p, len);
}

static const char *
eleventy_pattern(struct init_work *w, const char *text)
{
	const char *out = NULL, *end, *found;
	struct buf b;

	buf_init(&b, 0);
	while (*text != '\0') {
		if (*text != '{' && *text != '$') {
			buf_addc(&b, *text++);
			continue;
		}
		end = strstr(text, "}}");
		if (strncmp(text, "{{", 2) != 0 || end == NULL)
			goto out;
		found = eleventy_word(w, text + 2, (size_t)(end - text - 2));
		if (found == NULL)
			goto out;
		buf_adds(&b, found);
		text = end + 2;
	}
	if (b.len > strlen("index.html") && strcmp(b.data + b.len -
	    strlen("/index.html"), "/index.html") == 0)
		buf_truncate(&b, b.len - strlen("index.html"));
	out = arena_strdup(w->a, b.data);
out:
	buf_release(&b);
	return out;
}

static const char *
eleventy_page(struct init_work *w, const char **why)
{
	const char *file, *text = eleventy_permalink(w, &file), *out;

	if (text == NULL)
		return NULL;
	out = eleventy_pattern(w, text);
	*why = out != NULL ? arena_printf(w->a, "%s: permalink", file) :
	    arena_printf(w->a, "%s: `%s` has parts that are no placeholders "
	    "here: write the pages' pattern", file, text);
	return out;
}

/* What is below content/ is the address. */
static const char *
zola_folder(const struct init_work *w)
{
	const char *folder = w->notes.folder;

	if (strcmp(folder, "content") == 0)
		return "";
	return strncmp(folder, "content/", 8) == 0 ? folder + 8 : folder;
}

const char *
init_page_path(struct init_work *w, const char **why)
{
	switch (w->tree.kind) {
	case INIT_HUGO:
		return hugo_page(w, why);
	case INIT_JEKYLL:
	case INIT_OCTOPOD:
		return jekyll_page(w, why);
	case INIT_ELEVENTY:
		return eleventy_page(w, why);
	case INIT_ZOLA:
		*why = "Zola's own way: look whether it is so";
		return arena_printf(w->a, "%s%s{stem}/", zola_folder(w),
		    zola_folder(w)[0] != '\0' ? "/" : "");
	case INIT_PODBARD:
		*why = "podbard's own way: look whether it is so";
		return arena_printf(w->a, "%s/{stem}/", w->notes.folder);
	default:
		return NULL;
	}
}
