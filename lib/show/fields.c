#include "show/fields.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/near.h"
#include "show/media_type.h"

#define STEPS_MAX 8
#define INDEX_MAX 1000

/* The next letter that counts; lower case. */
static int
letter(const char **p)
{
	int c;

	do
		c = (unsigned char)*(*p)++;
	while (c == '-' || c == '_' || c == ' ');
	if (c == 0)
		--*p;
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool
fields_same(const char *a, const char *b)
{
	int c;

	if (strcmp(a, b) == 0)
		return true;
	while ((c = letter(&a)) == letter(&b))
		if (c == 0)
			return true;
	return false;
}

/* FNV-1a. */
uint32_t
fields_hash(const char *key)
{
	uint32_t h = 2166136261u;
	int c;

	while ((c = letter(&key)) != 0)
		h = (h ^ (uint32_t)c) * 16777619u;
	return h;
}

static int
bad_path(const char *text, struct err *err)
{
	return err_set(err, ERR_CONFIG, "`%s` is no key; write it as `name`, "
	    "`map.name` or `list[0]`", text);
}

/* "[0]" at p; the end of it, NULL when it is none. */
static const char *
take_index(const char *p, size_t *out)
{
	const char *digits = ++p;

	for (*out = 0; isdigit((unsigned char)*p) && *out < INDEX_MAX; p++)
		*out = *out * 10 + (size_t)(*p - '0');
	return p > digits && *p == ']' && (p[1] == '\0' || p[1] == '.' ||
	    p[1] == '[') ? p + 1 : NULL;
}

int
fields_path(struct arena *a, const char *text, struct fields_path *out,
    struct err *err)
{
	struct fields_step step[STEPS_MAX];
	const char *p = text;
	size_t n = 0, len;

	memset(step, 0, sizeof(step));
	do {
		if (n == STEPS_MAX)
			return bad_path(text, err);
		if (*p == '[' && n > 0) {
			p = take_index(p, &step[n].index);
			if (p == NULL)
				return bad_path(text, err);
		} else {
			len = strcspn(p, ".[");
			if (len == 0)
				return bad_path(text, err);
			/* `Nr.`: a column's name may end so. */
			if (p[len] == '.' && p[len + 1] == '\0')
				len++;
			step[n].name = arena_strndup(a, p, len);
			step[n].hash = fields_hash(step[n].name);
			p += len;
		}
		n++;
		if (*p == '.' && *++p == '\0')
			return bad_path(text, err);
	} while (*p != '\0');
	out->text = text;
	out->step = arena_array(a, n, sizeof(*step));
	memcpy(out->step, step, n * sizeof(*step));
	out->nsteps = n;
	out->test = FIELDS_ANY;
	out->column = -1;
	return 0;
}

static enum fields_test
test_of(const char *word)
{
	static const char *const words[] = {
		"", "media", "page", "url", "digits", "number", "word",
		"clock", "size", "bytes", "span",
		"mime", "kind", "date", "bool", "not", "draft"
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			return (enum fields_test)i;
	abort();	/* a mistake in the program */
}

/* A list of paths; of a site's own with their tests. */
static int
parse_list(struct arena *a, const char *list, const char *separators,
    struct fields_fact *out, struct err *err)
{
	size_t n = 1, len;
	const char *p;
	char *text, *mark;

	for (p = list; *p != '\0'; p++)
		n += strchr(separators, *p) != NULL;
	out->path = arena_array(a, n, sizeof(*out->path));
	out->npaths = 0;
	for (p = list;; p += len + 1) {
		struct fields_path *path = &out->path[out->npaths++];

		p += strspn(p, " \t");
		len = strcspn(p, separators);
		text = arena_strndup(a, p, len);
		for (n = len; n > 0 && (text[n - 1] == ' ' ||
		    text[n - 1] == '\t'); n--)
			text[n - 1] = '\0';
		mark = separators[0] == ' ' ? strchr(text, '?') : NULL;
		if (mark != NULL)
			*mark++ = '\0';
		if (fields_path(a, text, path, err) != 0)
			return -1;
		path->test = test_of(mark == NULL ? "" : mark);
		if (p[len] == '\0')
			return 0;
	}
}

/* The table of all first steps, for fields_is_known(). */
static void
note_known(struct arena *a, struct fields *f)
{
	size_t i, k, n = 0, at;

	for (i = 0; i < f->nfacts; i++)
		n += f->fact[i].npaths;
	for (f->nknown = 1; f->nknown < 2 * n; f->nknown *= 2)
		;
	f->known = arena_array(a, f->nknown, sizeof(*f->known));
	for (i = 0; i < f->nfacts; i++)
		for (k = 0; k < f->fact[i].npaths; k++) {
			const struct fields_step *s =
			    f->fact[i].path[k].step;

			at = s->hash & (f->nknown - 1);
			while (f->known[at] != NULL)
				at = (at + 1) & (f->nknown - 1);
			f->known[at] = s;
		}
}

struct fields *
fields_new(struct arena *a, bool site)
{
	struct fields *f = arena_alloc(a, sizeof(*f));
	struct err err = ERR_INIT;
	size_t i;

	f->site = site;
	f->nfacts = fields_naliases;
	f->fact = arena_array(a, f->nfacts, sizeof(*f->fact));
	for (i = 0; i < f->nfacts; i++) {
		f->fact[i].name = fields_aliases[i].name;
		f->fact[i].column = -1;
		if (parse_list(a, site ? fields_aliases[i].paths :
		    fields_aliases[i].name, " ", &f->fact[i], &err) != 0)
			abort();	/* a mistake in the program */
	}
	note_known(a, f);
	return f;
}

int
fields_map(struct arena *a, struct fields *f, const char *fact,
    const char *paths, struct err *err)
{
	size_t i;

	for (i = 0; i < f->nfacts; i++)
		if (fields_same(f->fact[i].name, fact)) {
			if (parse_list(a, paths, ",", &f->fact[i], err) != 0)
				return -1;
			note_known(a, f);
			return 0;
		}
	return err_set(err, ERR_CONFIG, "`%s` is no fact of an episode; "
	    "showmill-episode(5) lists them", fact);
}

static int
column_of(const struct csv_table *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->ncolumns; i++)
		if (fields_same(t->header[i], name))
			return (int)i;
	return -1;
}

void
fields_bind(struct fields *f, const struct csv_table *t)
{
	size_t i, k;

	for (i = 0; i < f->nfacts; i++) {
		f->fact[i].column = column_of(t, f->fact[i].name);
		for (k = 0; k < f->fact[i].npaths; k++)
			f->fact[i].path[k].column = column_of(t,
			    f->fact[i].path[k].text);
	}
}

const char *
fields_cell(const struct fields_fact *fact, const struct csv_table *t,
    const struct csv_row *row, const char **key)
{
	int column = fact->column;
	size_t i = 0;

	if (column >= 0 && row->field[column][0] != '\0') {
		*key = t->header[column];
		return row->field[column];
	}
	for (; i < fact->npaths; i++) {
		column = fact->path[i].column;
		if (column < 0 || row->field[column][0] == '\0' ||
		    !fields_passes(fact->path[i].test, row->field[column]))
			continue;
		*key = t->header[column];
		return row->field[column];
	}
	return NULL;
}

static int
by_name(const void *name, const void *fact)
{
	return strcmp(name, ((const struct fields_fact *)fact)->name);
}

const struct fields_fact *
fields_get(const struct fields *f, const char *fact)
{
	const struct fields_fact *found = bsearch(fact, f->fact, f->nfacts,
	    sizeof(*f->fact), by_name);

	if (found == NULL)
		abort();	/* a mistake in the program */
	return found;
}

/* Where Zola and Hugo want a site's own keys; they are as good as outside. */
static bool
is_inner(const struct node *k)
{
	return k->kind == NODE_MAP && (fields_same(k->key, "extra") ||
	    fields_same(k->key, "params"));
}

static void
index_map(const struct node *map, struct fields_index *out)
{
	const struct node *k;

	for (k = map->first; k != NULL; k = k->next) {
		out->node[out->nall] = k;
		out->hash[out->nall++] = fields_hash(k->key);
	}
}

void
fields_index(struct arena *a, const struct node *map,
    struct fields_index *out)
{
	const struct node *k;
	size_t room = map->count;

	for (k = map->first; k != NULL; k = k->next)
		if (is_inner(k))
			room += k->count;
	out->nall = 0;
	out->node = arena_array(a, room, sizeof(*out->node));
	out->hash = arena_array(a, room, sizeof(*out->hash));
	index_map(map, out);
	out->n = out->nall;
	for (k = map->first; k != NULL; k = k->next)
		if (is_inner(k))
			index_map(k, out);
}

static bool
is_page(const char *s)
{
	return (s[0] == '/' || strncmp(s, "http", 4) == 0) &&
	    media_type_by_name(s) == NULL && strstr(s, "/:") == NULL &&
	    strchr(s, '{') == NULL;
}

static bool
is_one_of(const char *s, const char *const *words, size_t n)
{
	while (n-- > 0)
		if (strcasecmp(s, words[n]) == 0)
			return true;
	return false;
}

int
fields_flag(const char *s)
{
	static const char *const yes[] = { "true", "yes", "on", "y", "1" };
	static const char *const no[] = { "false", "no", "off", "n", "0" };

	return is_one_of(s, yes, 5) ? 1 : is_one_of(s, no, 5) ? 0 : -1;
}

/* One of the words at p, in any case, and what may stand behind it. */
static const char *
skip_word(const char *p, const char *const *words, size_t n)
{
	size_t i, len;

	for (i = 0; i < n; i++) {
		len = strlen(words[i]);
		if (strncasecmp(p, words[i], len) == 0)
			return p + len + strspn(p + len, " ._-");
	}
	return p;
}

/* 15 digits at most; NULL: none, or more. */
static const char *
take_digits(const char *p, int64_t *out)
{
	size_t len = strspn(p, "0123456789");

	if (len == 0 || len > 15)
		return NULL;
	*out = strtoll(p, NULL, 10);
	return p + len;
}

/* Behind the digits: `.0`, or nothing. */
static bool
is_end(const char *p)
{
	if (p != NULL && p[0] == '.' && p[1] == '0')
		p += 1 + strspn(p + 1, "0");
	return p != NULL && *p == '\0';
}

/* The longer of two that begin alike comes first. */
static const char *const seasons[] = { "season", "staffel", "s" };

bool
fields_season(const char *s, int64_t *season)
{
	return is_end(take_digits(skip_word(s, seasons, 3), season));
}

bool
fields_number(const char *s, int64_t *season, int64_t *number)
{
	static const char *const episodes[] = {
		"episode", "ep", "e", "folge", "no", "nr", "#"
	};
	const char *p = skip_word(s, seasons, 3), *word;

	*season = 0;
	if (p != s) {
		p = take_digits(p, season);
		if (p == NULL)
			return false;
		word = p + strspn(p, " ,:._-");
		p = skip_word(word, episodes, 7);
		if (p == word)
			return false;
	} else {
		p = skip_word(s, episodes, 7);
	}
	/* Episode #5 */
	p += *p == '#' && p > s && p[-1] != '#';
	return is_end(take_digits(p, number));
}

bool
fields_passes(enum fields_test test, const char *s)
{
	static const char *const kinds[] = { "full", "trailer", "bonus" };

	switch (test) {
	case FIELDS_ANY:
		return true;
	case FIELDS_MEDIA:
		return media_type_by_name(s) != NULL;
	case FIELDS_PAGE:
		return is_page(s);
	case FIELDS_URL:
		return strncmp(s, "https://", 8) == 0 ||
		    strncmp(s, "http://", 7) == 0;
	case FIELDS_DIGITS:
		return s[strspn(s, "0123456789")] == '\0';
	case FIELDS_NUMBER:
		return strpbrk(s, "0123456789") != NULL;
	case FIELDS_WORD:
		return s[strspn(s, "0123456789")] != '\0';
	case FIELDS_CLOCK:
		return strchr(s, ':') != NULL;
	case FIELDS_SIZE:
		return strchr(s, ':') == NULL;
	case FIELDS_BYTES:
		return strlen(s) > 6 && s[strspn(s, "0123456789")] == '\0';
	case FIELDS_SPAN:
		return !fields_passes(FIELDS_BYTES, s);
	case FIELDS_MIME:
		return strchr(s, '/') != NULL;
	case FIELDS_KIND:
		return is_one_of(s, kinds, 3);
	case FIELDS_DATE:
		return fields_flag(s) < 0 && strpbrk(s, "0123456789") != NULL;
	case FIELDS_BOOL:
	case FIELDS_NOT:
		return fields_flag(s) >= 0;
	case FIELDS_DRAFT:
		return strcasecmp(s, "draft") == 0;
	}
	return false;
}

static bool
has_value(const struct node *n, enum fields_test test)
{
	const char *text = node_plain(n);

	if (text == NULL)
		return test == FIELDS_ANY && n->count > 0;
	return text[strspn(text, " \t\r\n")] != '\0' &&
	    fields_passes(test, text);
}

const struct node *
fields_child(const struct node *map, const char *name)
{
	const struct node *n = map == NULL ? NULL : map->first;

	while (n != NULL && !fields_same(n->key, name))
		n = n->next;
	return n;
}

const struct node *
fields_walk(const struct fields_path *p, size_t from, size_t to,
    const struct node *n)
{
	size_t i, k;

	for (i = from; n != NULL && i < to; i++) {
		const struct fields_step *step = &p->step[i];

		if (n->kind != (step->name != NULL ? NODE_MAP : NODE_LIST))
			return NULL;
		if (step->name != NULL) {
			n = fields_child(n, step->name);
			continue;
		}
		n = n->first;
		for (k = 0; n != NULL && k < step->index; k++)
			n = n->next;
	}
	return n;
}

const struct node *
fields_find(const struct fields_path *p, const struct fields_index *index)
{
	const struct node *n;
	size_t i;

	for (i = 0; i < index->nall; i++)
		if (index->hash[i] == p->step[0].hash &&
		    fields_same(index->node[i]->key, p->step[0].name) &&
		    (n = fields_walk(p, 1, p->nsteps, index->node[i])) !=
		    NULL && has_value(n, p->test))
			return n;
	return NULL;
}

const struct node *
fields_first(const struct fields_fact *fact, const struct fields_index *index,
    bool plain, const struct fields_path **path)
{
	const struct node *n;
	size_t i;

	for (i = 0; i < fact->npaths; i++) {
		n = fields_find(&fact->path[i], index);
		if (n == NULL || (plain && node_plain(n) == NULL))
			continue;
		*path = &fact->path[i];
		return n;
	}
	return NULL;
}

bool
fields_is_known(const struct fields *f, const char *key)
{
	uint32_t hash = fields_hash(key);
	size_t at = hash & (f->nknown - 1);

	for (; f->known[at] != NULL; at = (at + 1) & (f->nknown - 1))
		if (f->known[at]->hash == hash &&
		    fields_same(f->known[at]->name, key))
			return true;
	return false;
}

const char *
fields_meant(const char *key)
{
	struct arena scratch = ARENA_INIT;
	struct fields *f = fields_new(&scratch, true);
	const char *name = NULL;
	size_t i, k;

	for (i = 0; name == NULL && i < f->nfacts; i++)
		for (k = 0; name == NULL && k < f->fact[i].npaths; k++)
			if (f->fact[i].path[k].nsteps == 1 &&
			    fields_same(f->fact[i].path[k].text, key))
				name = fields_aliases[i].name;
	for (i = 0; name == NULL && i < f->nfacts; i++)
		if (near_is(key, strlen(key), fields_aliases[i].name))
			name = fields_aliases[i].name;
	arena_release(&scratch);
	return name;
}
