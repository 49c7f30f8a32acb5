#include "show/people.h"

#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "show/fact_any.h"
#include "text/front.h"
#include "text/markdown.h"
#include "text/url.h"
#include "text/utf8.h"
#include "text/xml.h"

#define BUCKETS 256
#define FILE_MAX_SIZE (FRONT_MAX + MARKDOWN_MAX)

/* Where the ids of a key are looked up. */
struct people_place {
	const char *key;	/* "guests" */
	const char *before, *behind;	/* of the id, in a file's path */
	struct people_place *next;
};

/* What a file said, so that it is read once. */
struct people_known {
	const struct people_place *place;
	const char *id;
	const struct show_person *person;	/* NULL: there is no such
						 * file */
	struct people_known *next;
};

struct people {
	struct people_place *places;
	struct people_known *known[BUCKETS];
};

static const char *const name_keys[] = { "name", "title", NULL };
static const char *const url_keys[] = {
	"href", "url", "website", "link", "homepage", NULL
};
static const char *const image_keys[] = {
	"img", "image", "photo", "avatar", "picture", "thumbnail", NULL
};
static const char *const role_keys[] = { "role", NULL };
static const char *const group_keys[] = { "group", NULL };

static const char *
trimmed(struct arena *a, const char *s, const char *end)
{
	while (s < end && strchr(" \t\r\n", *s) != NULL)
		s++;
	while (end > s && strchr(" \t\r\n", end[-1]) != NULL)
		end--;
	return arena_strndup(a, s, (size_t)(end - s));
}

static struct people_place *
read_place(struct arena *a, const char *dir, const char *text)
{
	const char *p = strchr(text, '='), *path, *id;
	struct people_place *place;

	if (p == NULL || p == text)
		return NULL;
	path = trimmed(a, p + 1, p + strlen(p));
	id = strstr(path, "{id}");
	if (id == NULL || strchr(id + 4, '{') != NULL)
		return NULL;
	place = arena_alloc(a, sizeof(*place));
	place->key = trimmed(a, text, p);
	path = fs_join(a, dir, path);
	id = strstr(path, "{id}");
	place->before = arena_strndup(a, path, (size_t)(id - path));
	place->behind = arena_strdup(a, id + 4);
	return place;
}

struct people *
people_options(struct arena *a, const struct options *o, struct findings *to)
{
	size_t n = options_number_of(o, "people"), i;
	struct people *p;
	struct people_place *place, **end;

	if (n == 0)
		return NULL;
	p = arena_alloc(a, sizeof(*p));
	end = &p->places;
	for (i = 0; i < n; i++) {
		place = read_place(a, o->dir, options_at(o, "people", i));
		if (place == NULL || (strcasecmp(place->key, "guests") != 0 &&
		    strcasecmp(place->key, "hosts") != 0 &&
		    strcasecmp(place->key, "people") != 0)) {
			finding_add(to, SEV_ERROR, "option-value", o->file,
			    options_line_at(o, "people", i), "people = `%s`: "
			    "it wants guests, hosts or people and where they "
			    "are looked up, as in `guests = guest/{id}.md`",
			    options_at(o, "people", i));
			continue;
		}
		*end = place;
		end = &place->next;
	}
	return p;
}

void
people_read_name(struct arena *a, const char *text, struct show_person *out)
{
	const char *open = strrchr(text, '<');
	size_t len = strlen(text);

	memset(out, 0, sizeof(*out));
	out->name = text;
	if (open == NULL || open == text || text[len - 1] != '>')
		return;
	out->url = arena_strndup(a, open + 1, (size_t)(text + len - open) - 2);
	out->name = trimmed(a, text, open);
}

void
people_check_name(const char *name, const char *file, unsigned line,
    struct findings *to)
{
	size_t n = utf8_count(name);

	if (n > PEOPLE_NAME_MAX)
		finding_add(to, SEV_WARNING, "person-name", file, line,
		    "the name of a person, `%.*s…`, has %zu characters; "
		    "players may cut off what is more than %d",
		    (int)utf8_prefix(name, strlen(name), 40), name, n,
		    PEOPLE_NAME_MAX);
}

/* What is wrong with a person is told, and the person is left as it is without
 * that: in a site's own tree as a warning. */
static void
doubt(const struct fact_source *s, const char *file, unsigned line,
    const char *what, const char *value, const char *why)
{
	finding_add(s->to, s->show->own_tree ? SEV_WARNING : SEV_ERROR,
	    "episode-person", file, line, "%s `%s`: %s", what, value, why);
}

/* The plain text of the first of the keys that has one; in any case. */
static const char *
text_of(struct arena *a, const struct node *map, const char *const *keys,
    unsigned *line)
{
	const struct node *n;
	const char *text;

	for (; *keys != NULL; keys++)
		for (n = map->first; n != NULL; n = n->next) {
			if (n->kind != NODE_TEXT ||
			    strcasecmp(n->key, *keys) != 0)
				continue;
			text = trimmed(a, n->text, n->text + strlen(n->text));
			*line = n->line;
			if (text[0] != '\0' &&
			    !utf8_has_control(text, strlen(text), false))
				return text;
		}
	return NULL;
}

/* An absolute address; a path counts from the show's page. */
static const char *
address(const struct fact_source *s, const struct node *map,
    const char *const *keys, const char *what, const char *file)
{
	struct arena *a = &s->show->arena;
	struct err err = ERR_INIT;
	unsigned line = 0;
	const char *text = text_of(a, map, keys, &line);

	if (text == NULL)
		return NULL;
	if (strstr(text, "://") == NULL && s->show->link != NULL)
		text = xw_resolve(a, s->show->link, text);
	if (url_check(text, &err) == 0)
		return text;
	doubt(s, file, line, what, text, err.msg);
	return NULL;
}

/* Accounts of people in files about them are names, not addresses. */
static const char *
account(const struct fact_source *s, const struct node *map)
{
	static const char *const sites[][2] = {
		{ "mastodon", NULL }, { "twitter", "https://twitter.com/" },
		{ "github", "https://github.com/" }
	};
	const char *keys[2] = { NULL, NULL }, *text;
	struct arena *a = &s->show->arena;
	struct err err = ERR_INIT;
	unsigned line;
	size_t i;

	for (i = 0; i < sizeof(sites) / sizeof(sites[0]); i++) {
		keys[0] = sites[i][0];
		text = text_of(a, map, keys, &line);
		if (text == NULL)
			continue;
		text += text[0] == '@';
		if (strstr(text, "://") == NULL && sites[i][1] != NULL)
			text = arena_printf(a, "%s%s", sites[i][1], text);
		if (url_check(text, &err) == 0)
			return text;
	}
	return NULL;
}

static void
read_map(const struct fact_source *s, const struct node *map,
    const char *file, struct show_person *out)
{
	struct arena *a = &s->show->arena;
	unsigned line;

	out->name = text_of(a, map, name_keys, &line);
	out->url = address(s, map, url_keys, "the person's address", file);
	if (out->url == NULL)
		out->url = account(s, map);
	out->image = address(s, map, image_keys, "the person's picture", file);
}

/* NULL: there is no such file, or none that can be read (told). */
static const struct show_person *
read_file(const struct fact_source *s, const char *file)
{
	struct arena scratch = ARENA_INIT;
	struct show_person *p = NULL;
	struct err err = ERR_INIT;
	struct front front;
	struct buf text;

	if (!fs_is_file(file))
		return NULL;
	buf_init(&text, FILE_MAX_SIZE);
	if (fs_read(file, FILE_MAX_SIZE, &text, NULL, &err) != 0) {
		finding_err(s->to, "episode-person", &err);
	} else if (utf8_invalid_at(text.data, text.len) != text.len) {
		doubt(s, file, 0, "the file", fs_basename(file),
		    "it is not valid UTF-8");
	} else if (front_read(&scratch, text.data, text.len, &front,
	    &err) != 0) {
		doubt(s, file, err.line, "the file", fs_basename(file),
		    err.msg);
	} else {
		p = arena_alloc(&s->show->arena, sizeof(*p));
		read_map(s, front.map, file, p);
	}
	arena_release(&scratch);
	buf_release(&text);
	return p;
}

static struct people_known **
bucket(struct people *p, const char *id)
{
	unsigned h = 5381;

	for (; *id != '\0'; id++)
		h = h * 33 + (unsigned char)*id;
	return &p->known[h % BUCKETS];
}

static const struct show_person *
look_up(const struct fact_source *s, const struct people_place *place,
    const char *id)
{
	struct people_known **b = bucket(s->show->people, id), *k;
	struct arena *a = &s->show->arena;

	for (k = *b; k != NULL; k = k->next)
		if (k->place == place && strcmp(k->id, id) == 0)
			return k->person;
	k = arena_alloc(a, sizeof(*k));
	k->place = place;
	k->id = arena_strdup(a, id);
	k->person = read_file(s, arena_printf(a, "%s%s%s", place->before, id,
	    place->behind));
	k->next = *b;
	*b = k;
	return k->person;
}

/* A reference that leads nowhere is taken for the name itself. */
static void
refer(const struct fact_source *s, const char *key, const struct node *n,
    struct show_person *out)
{
	const struct people_place *place = NULL;
	const struct show_person *found = NULL;
	const char *role = out->role;
	const char *id = out->name;
	bool looked = false;

	if (s->show->people != NULL)
		place = s->show->people->places;
	for (; place != NULL && found == NULL; place = place->next) {
		if (strcasecmp(place->key, key) != 0)
			continue;
		looked = true;
		if (strchr(id, '/') == NULL && id[0] != '.')
			found = look_up(s, place, id);
	}
	if (found != NULL) {
		*out = *found;
		out->role = role;
		if (out->name == NULL)
			out->name = id;
	} else if (looked && strchr(id, ' ') == NULL) {
		finding_add(s->to, SEV_WARNING, "episode-person", s->file,
		    n->line, "`%s: %s`: there is no file of that name where "
		    "`people` in show.ini looks; it is taken for the person's "
		    "name", key, id);
	}
}

/* False: nobody, or told. */
static bool
read_one(const struct fact_source *s, const char *key, const char *role,
    const struct node *n, struct show_person *out)
{
	struct arena *a = &s->show->arena;
	const char *text;
	struct err err = ERR_INIT;
	unsigned line;

	memset(out, 0, sizeof(*out));
	if (n->kind == NODE_MAP) {
		read_map(s, n, s->file, out);
		out->role = text_of(a, n, role_keys, &line);
		out->group = text_of(a, n, group_keys, &line);
		if (out->role == NULL)
			out->role = role;
		if (out->name == NULL)
			doubt(s, s->file, n->line, "a person in", key,
			    "there is no `name`");
		return out->name != NULL;
	}
	if (n->kind == NODE_NULL)
		return false;
	if (n->kind != NODE_TEXT) {
		doubt(s, s->file, n->line, "a person in", key, n->kind ==
		    NODE_LIST ? "a list is no name" : "true and false are no "
		    "names; write such a name in \"double quotes\"");
		return false;
	}
	text = trimmed(a, n->text, n->text + strlen(n->text));
	if (text[0] == '\0')
		return false;
	if (utf8_has_control(text, strlen(text), false)) {
		doubt(s, s->file, n->line, "a person in", key,
		    "there is a control character in the name");
		return false;
	}
	people_read_name(a, text, out);
	out->role = role;
	if (out->url == NULL) {
		refer(s, key, n, out);
	} else if (url_check(out->url, &err) != 0) {
		doubt(s, s->file, n->line, "the person's address", out->url,
		    err.msg);
		out->url = NULL;
	}
	return true;
}

/* Whether a degree or the like begins at p, which belongs to the name before
 * its comma. */
static bool
is_suffix(const char *p)
{
	static const char *const words[] = {
		"Jr", "Jr.", "Sr", "Sr.", "PhD", "Ph.D.", "Ph.D", "MD", "M.D.",
		"II", "III", "IV", "Esq", "Esq.", "MBA", "CPA", "Inc.", "LLC",
		"DDS", "JD", "RN", "CISSP"
	};
	size_t len, i;

	p += strspn(p, " ");
	len = strcspn(p, ", ");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == len &&
		    strncasecmp(p, words[i], len) == 0)
			return true;
	return false;
}

/* Behind the blanks, and the `and` before the last of several, at p. */
static const char *
skip_and(const char *p, bool several)
{
	p += strspn(p, " ");
	if (several && strncmp(p, "and ", 4) == 0)
		return p + 4;
	return several && strncmp(p, "& ", 2) == 0 ? p + 2 : p;
}

/* `Ann, Bo, & Cy` in a site's own tree is three people: a list of them. */
static const struct node *
split(struct arena *a, const struct node *names)
{
	struct node *list, *one;
	const char *from = names->text, *p = from;
	int depth = 0;

	list = node_list(a);
	for (;; p++) {
		depth += (*p == '(' || *p == '<') - (*p == ')' || *p == '>');
		if (*p != '\0' && (*p != ',' || depth > 0 ||
		    is_suffix(p + 1)))
			continue;
		from = skip_and(from, list->count > 0);
		one = node_push(list, node_text(a, arena_strndup(a, from,
		    (size_t)(p - from))));
		one->line = names->line;
		if (*p == '\0')
			return list;
		from = p + 1;
	}
}

/* Adds who a key names to list. */
static unsigned
read_key(const struct fact_source *s, const char *key, const char *role,
    struct show_person *list, unsigned n)
{
	struct fact_source at;
	struct node cell;
	const struct node *node = fact_any(s, key, &cell, &at), *one;

	if (node == NULL)
		return n;
	if (node->kind == NODE_TEXT && s->fields->site && role != NULL &&
	    strchr(node->text, ',') != NULL)
		node = split(&s->show->arena, node);
	one = node->kind == NODE_LIST ? node->first : node;
	while (one != NULL) {
		if (n == PEOPLE_MAX) {
			doubt(&at, at.file, one->line, "the list", key,
			    "it has more than 100 people");
			return n;
		}
		if (read_one(&at, key, role, one, &list[n])) {
			people_check_name(list[n].name, at.file, one->line,
			    s->to);
			n++;
		}
		one = node->kind == NODE_LIST ? one->next : NULL;
	}
	return n;
}

void
people_take(const struct fact_source *s, struct episode *e)
{
	struct show_person list[PEOPLE_MAX], *kept;
	unsigned n, before, i;

	n = read_key(s, "people", NULL, list, 0);
	before = n;
	n = read_key(s, "hosts", "host", list, n);
	n = read_key(s, "guests", "guest", list, n);
	/* Guests alone: the hosts are those of the show. */
	if (before == 0 && n > 0 && strcmp(list[0].role, "host") != 0)
		for (i = 0; i < s->show->nhosts && n < PEOPLE_MAX; i++) {
			memmove(list + i + 1, list + i,
			    (n - i) * sizeof(*list));
			list[i] = s->show->hosts[i];
			n++;
		}
	if (n == 0)
		return;
	kept = arena_array(&s->show->arena, n, sizeof(*kept));
	memcpy(kept, list, n * sizeof(*kept));
	e->people = kept;
	e->npeople = n;
}
