/* What a site's own configuration says. */
#include <ctype.h>
#include <string.h>

#include "base/fs.h"
#include "show/init_int.h"
#include "text/front.h"
#include "text/utf8.h"

#define DOC_MAX ((size_t)1 << 20)

enum language { YAML, TOML, JSON, SCRIPT, DOTENV };

/* In the order in which they count. */
static const struct {
	const char *name;
	enum language language;
} files[] = {
	{ "podbard.yaml", YAML }, { "podbard.yml", YAML },
	{ "podcast.json", JSON }, { "podcast.yaml", YAML },
	{ "podcast.yml", YAML }, { "podcast.toml", TOML },
	{ "hugo.toml", TOML }, { "hugo.yaml", YAML }, { "hugo.yml", YAML },
	{ "hugo.json", JSON }, { "config.toml", TOML },
	{ "config.yaml", YAML }, { "config.yml", YAML },
	{ "config.json", JSON }, { "params.toml", TOML },
	{ "params.yaml", YAML }, { "siteconfig.yaml", YAML },
	{ "_config.yml", YAML }, { "_config.yaml", YAML },
	{ "_config.toml", TOML }, { "site.json", JSON },
	{ "site.yaml", YAML }, { "site.yml", YAML },
	{ "metadata.json", JSON }, { "siteconfig.json", JSON },
	{ "consts.ts", SCRIPT }, { "consts.js", SCRIPT },
	{ "config.ts", SCRIPT }, { "config.mjs", SCRIPT },
	{ "site.ts", SCRIPT }, { "site.js", SCRIPT },
	{ "metadata.js", SCRIPT }, { "podcast.js", SCRIPT },
	{ "astro.config.mjs", SCRIPT }, { "astro.config.ts", SCRIPT },
	{ "astro.config.js", SCRIPT }, { "eleventy.config.js", SCRIPT },
	{ ".env", DOTENV },
};

/* Where such files lie. */
static const char *const folders[] = {
	"", "config/_default", "_data", "src/_data", "data", "src/data", "src"
};

/* A string in quotes at p, on one line; NULL: it is none. */
static const char *
quoted(struct arena *a, const char *p)
{
	const char *end;

	if (*p == '\0' || strchr("'\"`", *p) == NULL)
		return NULL;
	end = p + 1;
	while (*end != *p && *end != '\0' && *end != '\n' && *end != '\\')
		end++;
	return *end == *p ? arena_strndup(a, p + 1,
	    (size_t)(end - p - 1)) : NULL;
}

static size_t
word(const char *p)
{
	size_t len = 0;

	while (isalnum((unsigned char)p[len]) || p[len] == '_')
		len++;
	return len;
}

/* Where a key stands. */
enum place { AT_LINE, IN_LINE, IN_DOTENV };

/* A line of a program or of a .env: `key: 'text'`, `const KEY = "text"`,
 * `KEY=text`. There is no reading a program without running it; what is not
 * written so is not seen. */
static void
take_line(struct arena *a, struct node *map, const char *line, unsigned n,
    enum place place)
{
	const char *p = line + strspn(line, " \t"), *end, *text, *key;
	bool dotenv = place == IN_DOTENV;
	size_t len = word(p);

	while (!dotenv && len > 0 && p[len] == ' ' &&
	    isalpha((unsigned char)p[len + 1])) {
		p += len + 1;
		len = word(p);
	}
	end = p + len + strspn(p + len, " \t");
	if (len == 0 || (*end != ':' && *end != '='))
		return;
	end++;
	end += strspn(end, " \t");
	text = quoted(a, end);
	if (text == NULL && dotenv)
		text = arena_strndup(a, end, strcspn(end, " \t\r\n#"));
	key = arena_strndup(a, p, len);
	/* The entries of a menu have titles too. */
	if (text != NULL && (place != IN_LINE || init_node_at(map, key) ==
	    NULL))
		node_set_text(a, map, key, text)->line = n;
}

/* What stands behind a brace or comma of the line:
 * `export default defineConfig({ site: 'https://…', base: '/pod' })`. */
static void
take_inner(struct arena *a, struct node *map, const char *line, unsigned n)
{
	const char *p;
	char quote = '\0';

	for (p = line; *p != '\0' && (quote != '\0' || strncmp(p, "//", 2) !=
	    0); p++) {
		if (quote != '\0')
			quote = *p == quote ? '\0' : quote;
		else if (strchr("'\"`", *p) != NULL)
			quote = *p;
		else if (*p == '{' || *p == ',')
			take_line(a, map, p + 1, n, IN_LINE);
	}
}

static struct node *
read_lines(struct arena *a, const char *text, bool dotenv)
{
	struct node *map = node_map(a);
	unsigned n = 1;
	size_t len;

	for (; *text != '\0'; text += len + (text[len] != '\0'), n++) {
		len = strcspn(text, "\n");
		take_line(a, map, arena_strndup(a, text, len), n, dotenv ?
		    IN_DOTENV : AT_LINE);
		if (!dotenv)
			take_inner(a, map, arena_strndup(a, text, len), n);
	}
	return map;
}

static int
parse(struct arena *a, enum language language, const struct buf *text,
    struct node **out, struct err *err)
{
	size_t used, mark = text->len >= 3 && memcmp(text->data,
	    "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	const char *p = text->data + mark;
	size_t len = text->len - mark;

	switch (language) {
	case YAML:
		return front_yaml(a, p, len, 1, out, err);
	case TOML:
		return front_toml(a, p, len, 1, out, err);
	case JSON:
		return front_json(a, p, len, 1, out, &used, err);
	case SCRIPT:
	case DOTENV:
		break;
	}
	*out = read_lines(a, p, language == DOTENV);
	return 0;
}

/* NULL: it cannot be read. */
static const struct node *
load(struct arena *a, const char *file, enum language language,
    struct err *err)
{
	struct node *map = NULL;
	struct buf text;

	buf_init(&text, DOC_MAX);
	if (fs_read(file, DOC_MAX, &text, NULL, err) == 0 &&
	    utf8_invalid_at(text.data, text.len) != text.len)
		err_set(err, ERR_INPUT, "is not UTF-8");
	if (err->kind == ERR_NONE && (parse(a, language, &text, &map,
	    err) != 0 || map->kind != NODE_MAP))
		map = NULL;
	buf_release(&text);
	return map;
}

/* What Hugo has as [params] may be a file of its own. */
static void
add_params(struct arena *a, const char *path, const struct node *map,
    struct init_site *out)
{
	struct node *whole, *params;

	if (strncmp(fs_basename(path), "params.", 7) != 0 ||
	    out->n == INIT_DOCS_MAX)
		return;
	params = node_map(a);
	params->first = map->first;
	params->last = map->last;
	params->count = map->count;
	params->line = map->line;
	whole = node_map(a);
	node_set(a, whole, "params", params);
	out->doc[out->n].file = path;
	out->doc[out->n++].map = whole;
}

static void
read_one(struct arena *a, const struct init_tree *t, const char *path,
    enum language language, struct init_site *out)
{
	const char *file = fs_join(a, t->dir, path);
	struct err err = ERR_INIT;
	const struct node *map;

	if (!fs_is_file(file) || out->n == INIT_DOCS_MAX)
		return;
	map = load(a, file, language, &err);
	if (map != NULL) {
		out->doc[out->n].file = path;
		out->doc[out->n++].map = map;
		add_params(a, path, map, out);
	} else if (out->nbroken < INIT_DOCS_MAX) {
		out->broken[out->nbroken++] = err.line > 0 ? arena_printf(a,
		    "%s:%u: %s", path, err.line, err.msg) :
		    arena_printf(a, "%s: %s", path, err.msg);
	}
}

const struct node *
init_site_file(struct arena *a, const struct init_tree *t, const char *path)
{
	const char *file = fs_join(a, t->dir, path);
	const char *ending = strrchr(path, '.');
	struct err err = ERR_INIT;

	if (ending == NULL || !fs_is_file(file))
		return NULL;
	return load(a, file, strcmp(ending, ".json") == 0 ? JSON :
	    strcmp(ending, ".toml") == 0 ? TOML : ending[1] == 'y' ? YAML :
	    SCRIPT, &err);
}

void
init_site_read(struct arena *a, const struct init_tree *t,
    struct init_site *out)
{
	size_t i, k;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		for (k = 0; k < sizeof(folders) / sizeof(folders[0]); k++)
			read_one(a, t, init_join(a, folders[k],
			    files[i].name), files[i].language, out);
}

static const struct node *
walk(const struct node *n, const char *path, size_t len)
{
	char name[64];
	size_t part;

	for (; len > 0 && n != NULL; path += part, len -= part) {
		for (part = 0; part < len && path[part] != '.'; part++)
			;
		if (n->kind != NODE_MAP || part >= sizeof(name))
			return NULL;
		memcpy(name, path, part);
		name[part] = '\0';
		n = fields_child(n, name);
		part += part < len;
	}
	return n;
}

const struct node *
init_node_at(const struct node *map, const char *path)
{
	return walk(map, path, strlen(path));
}

/* Blanks and line breaks become one blank; none at either end. */
static char *
one_line(struct arena *a, const char *text)
{
	char *out = arena_strdup(a, text), *to = out;

	for (; *text != '\0'; text++)
		if (!isspace((unsigned char)*text))
			*to++ = *text;
		else if (to > out && to[-1] != ' ')
			*to++ = ' ';
	if (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return out;
}

const char *
init_words(struct arena *a, const struct node *n)
{
	const char *text, *out;

	if (n != NULL && n->kind == NODE_LIST)
		n = n->first;
	text = n == NULL ? NULL : node_plain(n);
	if (text == NULL)
		return NULL;
	out = one_line(a, text);
	return *out == '\0' || utf8_has_control(out, strlen(out), false) ?
	    NULL : out;
}

const struct node *
init_site_node(const struct init_site *s, const char *paths,
    const struct init_doc **doc)
{
	const struct node *n;
	size_t i, len;

	for (; *paths != '\0'; paths += len) {
		paths += strspn(paths, " ");
		len = strcspn(paths, " ");
		for (i = 0; len > 0 && i < s->n; i++) {
			n = walk(s->doc[i].map, paths, len);
			if (n == NULL || n->kind == NODE_NULL ||
			    (n->kind == NODE_TEXT && n->text[0] == '\0'))
				continue;
			*doc = &s->doc[i];
			return n;
		}
	}
	return NULL;
}

struct init_said
init_site_find(struct arena *a, const struct init_site *s, const char *paths)
{
	struct init_said said = { NULL, NULL };
	const struct init_doc *doc;
	const struct node *n;
	size_t len;

	/* One path at a time: where a map is, the next may be a text. */
	for (; said.text == NULL && *paths != '\0'; paths += len) {
		paths += strspn(paths, " ");
		len = strcspn(paths, " ");
		n = init_site_node(s, arena_strndup(a, paths, len), &doc);
		if (n == NULL || (said.text = init_words(a, n)) == NULL)
			continue;
		said.where = n->line == 0 ? doc->file :
		    arena_printf(a, "%s:%u", doc->file, n->line);
	}
	return said;
}
