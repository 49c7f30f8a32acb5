#include "show/layout.h"

#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "base/fs_walk.h"
#include "show/fields.h"

#define LONG_ENDING ".markdown"
#define YEAR_MIN 1950
#define YEAR_MAX 2099

static const char *const default_names[] = {
	"{number}-{slug}.md", "{number}.md", "{slug}.md"
};

static void
check_pattern(const struct options *o, const char *key, size_t i,
    struct findings *to)
{
	struct err err = ERR_INIT;

	if (pattern_check(options_at(o, key, i), false, &err) != 0)
		finding_add(to, SEV_ERROR, "option-value", o->file,
		    options_line_at(o, key, i), "%s: %s", key, err.msg);
}

/* The patterns of a key; what is wrong with one is told. */
static const char **
take_patterns(struct arena *a, const struct options *o, const char *key,
    size_t *n, struct findings *to)
{
	const char **list;
	size_t i;

	*n = options_number_of(o, key);
	list = arena_array(a, *n, sizeof(*list));
	for (i = 0; i < *n; i++) {
		list[i] = options_at(o, key, i);
		check_pattern(o, key, i, to);
	}
	return list;
}

static void
take_names(struct arena *a, const struct options *o, struct layout *l,
    struct findings *to)
{
	size_t i;

	l->names = take_patterns(a, o, "names", &l->nnames, to);
	if (l->nnames == 0) {
		l->nnames = sizeof(default_names) / sizeof(default_names[0]);
		l->names = arena_array(a, l->nnames, sizeof(*l->names));
		memcpy(l->names, default_names, sizeof(default_names));
	}
	for (i = 0; i < l->nnames; i++)
		l->folders = l->folders || strchr(l->names[i], '/') != NULL;
}

static void
take_filter(struct arena *a, const struct options *o, struct layout *l,
    struct findings *to)
{
	size_t n = options_number_of(o, "filter"), i;
	struct err err = ERR_INIT;

	l->filter = arena_array(a, n, sizeof(*l->filter));
	for (i = 0; i < n; i++) {
		if (filter_read(a, options_at(o, "filter", i), &l->filter[i],
		    &err) != 0)
			finding_add(to, SEV_ERROR, "option-value", o->file,
			    options_line_at(o, "filter", i), "filter = `%s`: "
			    "%s", options_at(o, "filter", i), err.msg);
		l->filter[i].line = options_line_at(o, "filter", i);
	}
	l->nfilter = n;
}

void
layout_options(struct arena *a, const struct options *o, struct layout *out,
    struct findings *to)
{
	memset(out, 0, sizeof(*out));
	take_names(a, o, out, to);
	out->except = take_patterns(a, o, "except", &out->nexcept, to);
	take_filter(a, o, out, to);
}

bool
layout_wants(struct layout *l, const struct fields_index *front)
{
	bool wanted = filter_all(l->filter, l->nfilter, front);

	l->asked++;
	l->wanted += wanted;
	return wanted;
}

void
layout_report(const struct show *show, struct findings *to)
{
	const struct layout *l = show->layout;
	size_t i, none = 0;

	if (l->asked == 0 || l->wanted > 0)
		return;
	for (i = 0; i < l->nfilter; i++) {
		if (l->filter[i].fits > 0)
			continue;
		none++;
		finding_add(to, SEV_WARNING, "show-filter", show->file,
		    l->filter[i].line, "`filter = %s` fits no note of %zu, so "
		    "the show has no episodes from them; `%s` is looked for "
		    "in the front matter alone, by that name",
		    l->filter[i].text, l->asked, l->filter[i].path.text);
	}
	if (none == 0)
		finding_add(to, SEV_WARNING, "show-filter", show->file,
		    l->filter[0].line, "no note of %zu fits all filters at "
		    "once, so the show has no episodes from them", l->asked);
}

static bool
ends_in(const char *name, const char *ending)
{
	size_t len = strlen(name), n = strlen(ending);

	return len > n && strcasecmp(name + len - n, ending) == 0;
}

static bool
is_markdown(const char *name)
{
	return ends_in(name, ".md") || ends_in(name, LONG_ENDING);
}

/* Site builders take notes from such files too; they begin with a fence of
 * front matter then. */
static bool
is_other_notes(struct arena *a, const char *dir, const char *name)
{
	static const char *const endings[] = {
		".mdx", ".html", ".htm", ".txt", ".adoc", ".rst", ".mdown",
		".mkd"
	};
	char head[7] = "", *p = head;
	size_t i, n = sizeof(endings) / sizeof(endings[0]);

	for (i = 0; i < n && !ends_in(name, endings[i]); i++)
		;
	if (i == n || strncasecmp(fs_basename(name), "index.", 6) == 0 ||
	    strncasecmp(fs_basename(name), "README.", 7) == 0)
		return false;
	head[fs_head(fs_join(a, dir, name), head, sizeof(head) - 1)] = '\0';
	if (strncmp(head, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	return strncmp(p, "---", 3) == 0 || strncmp(p, "+++", 3) == 0;
}

/* Pages that are about the others, or set aside. */
static bool
is_aside(const char *name)
{
	const char *base = fs_basename(name);

	return base[0] == '_' || strcasecmp(base, "README.md") == 0 ||
	    strcasecmp(base, "README" LONG_ENDING) == 0;
}

/* As the patterns have it: one is for both endings, and for .MD. */
static const char *
as_md(struct arena *a, const char *name)
{
	return is_markdown(name) ? arena_printf(a, "%.*s.md",
	    (int)(strrchr(name, '.') - name), name) : name;
}

/* A pattern without folders is for a file in any of them. */
static bool
is_excepted(struct arena *a, const struct layout *l, const char *name)
{
	struct pattern_found found;
	const char *md = as_md(a, name);
	size_t i;

	for (i = 0; i < l->nexcept; i++) {
		bool whole = strchr(l->except[i], '/') != NULL;

		if (pattern_match(a, l->except[i], whole ? name :
		    fs_basename(name), &found) || pattern_match(a,
		    l->except[i], whole ? md : fs_basename(md), &found))
			return true;
	}
	return false;
}

/* Of patterns that nobody wrote down a name such as 2025-recap.md fits the
 * first; a guid made of the year would be that of the next such name too. */
static bool
is_year(const struct layout *l, const struct pattern_found *found)
{
	return l->names[0] == default_names[0] && found->number >= YEAR_MIN &&
	    found->number <= YEAR_MAX;
}

static bool
fit(struct show *show, struct layout_file *f, const char *name)
{
	const struct layout *l = show->layout;
	size_t i;

	f->year = 0;
	for (i = 0; i < l->nnames; i++) {
		if (!pattern_match(&show->arena, l->names[i], name,
		    &f->found))
			continue;
		if (!is_year(l, &f->found))
			return true;
		f->year = (int)f->found.number;
	}
	return false;
}

struct walker {
	const struct show *show;
	struct findings *to;
};

static bool
enter(void *ctx, const char *path)
{
	const struct walker *w = ctx;
	size_t i;

	for (i = 0; i < w->show->layout->nnames; i++)
		if (pattern_enters(w->show->layout->names[i], path))
			return true;
	return false;
}

static void
passed(void *ctx, const char *path, bool loops)
{
	const struct walker *w = ctx;

	finding_add(w->to, SEV_WARNING, "show-folder", w->show->episodes_dir,
	    0, "the folder `%s` is not entered: %s", path, loops ?
	    "it leads back to one that it lies in" :
	    "it lies too many folders deep");
}

static int
list(struct arena *a, struct show *show, char ***names, size_t *n,
    struct findings *to, struct err *err)
{
	struct walker w = { show, to };
	struct fs_walk rules = { .enter = enter, .passed = passed,
	    .ctx = &w };
	unsigned depth;
	size_t i;

	if (!show->layout->folders)
		return fs_list(a, show->episodes_dir, names, n, err);
	for (i = 0; i < show->layout->nnames; i++) {
		depth = pattern_depth(show->layout->names[i]);
		if (depth > rules.depth)
			rules.depth = depth;
	}
	return fs_walk(a, show->episodes_dir, &rules, names, n, err);
}

bool
layout_is_bundle(const char *name)
{
	const char *base = fs_basename(name);

	return base != name && strncasecmp(base, "index.", 6) == 0 &&
	    strchr(base + 6, '.') == NULL;
}

void
layout_name(struct show *show, const char *name, struct layout_file *out)
{
	out->name = name;
	out->fits = fit(show, out, name);
	if (!out->fits && is_markdown(name))
		out->fits = fit(show, out, as_md(&show->arena, name));
	out->bundle = layout_is_bundle(name);
}

/* A file that is kept out has its rows, which are not told as nobody's. */
static void
pass_rows(struct show *show, const char *name, struct table *table)
{
	struct layout_file f;

	if (table == NULL)
		return;
	layout_name(show, name, &f);
	table_pass(table, fs_basename(name), f.fits ? f.found.season : 0,
	    f.fits ? f.found.number : 0);
}

int
layout_list(struct arena *a, struct show *show, struct table *table,
    struct layout_file **out, size_t *n, struct findings *to, struct err *err)
{
	const char *other = NULL;
	struct layout_file *f;
	size_t count, i, nothers = 0;
	char **names;

	*n = 0;
	if (list(a, show, &names, &count, to, err) != 0)
		return -1;
	*out = arena_array(a, count, sizeof(**out));
	for (i = 0; i < count; i++) {
		f = &(*out)[*n];
		if (is_aside(names[i]))
			continue;
		if (is_excepted(a, show->layout, names[i])) {
			pass_rows(show, names[i], table);
			continue;
		}
		layout_name(show, names[i], f);
		if (f->fits || (is_markdown(names[i]) &&
		    !show->layout->folders))
			++*n;
		else if (is_markdown(names[i]))
			finding_add(to, SEV_WARNING, "episode-name",
			    fs_join(a, show->episodes_dir, names[i]), 0,
			    "the file fits no pattern of `names` in show.ini "
			    "and is not read");
		else if (is_other_notes(a, show->episodes_dir, names[i]) &&
		    nothers++ == 0)
			other = names[i];
	}
	if (nothers > 0)
		finding_add(to, SEV_WARNING, "episode-name",
		    fs_join(a, show->episodes_dir, other), 0, "%zu file%s "
		    "with front matter %s not read, this one first: notes "
		    "are read from .md and .markdown, and from others where "
		    "`names` in show.ini has a pattern for them", nothers,
		    nothers == 1 ? "" : "s", nothers == 1 ? "is" : "are");
	return 0;
}
