#include "text/words.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "text/ini.h"
#include "text/words_int.h"

#define KEY_MAX 60
#define KEY_BYTES "abcdefghijklmnopqrstuvwxyz0123456789_"

struct words *
words_new(struct arena *a, const char *language)
{
	struct words *w = arena_alloc(a, sizeof(*w));

	w->arena = a;
	w->language = arena_strdup(a, language);
	return w;
}

bool
words_same_language(const char *a, const char *b)
{
	size_t len = strcspn(a, "-");

	return len == strcspn(b, "-") && strncasecmp(a, b, len) == 0;
}

bool
words_known(const struct words *w)
{
	return w->last_file != NULL || words_same_language(w->language,
	    "en") || words_same_language(w->language, "und");
}

/* ---- reading ---- */

/* A key and its form: "intro.one" */
static int
split_key(struct arena *a, const char *text, struct words_entry *e,
    struct err *err)
{
	size_t len = strspn(text, KEY_BYTES);

	e->plain = text[len] == '\0';
	e->form = e->plain ? PLURAL_OTHER : plural_named(text + len + 1,
	    strlen(text + len + 1));
	if (len == 0 || len > KEY_MAX || (text[len] != '.' && !e->plain))
		return err_set(err, ERR_CONFIG, "`%.80s` is no key: they have "
		    "small letters, digits and _, at most %d", text, KEY_MAX);
	if (e->form == PLURALS)
		return err_set(err, ERR_CONFIG, "`%.80s` is no key: behind "
		    "the dot stands a form of the plural: zero, one, two, few, "
		    "many or other", text);
	e->key = arena_strndup(a, text, len);
	return 0;
}

static int
check_text(struct arena *a, const struct words_entry *e, struct err *err)
{
	if (strlen(e->text) > WORDS_TEXT_MAX)
		return err_set(err, ERR_CONFIG, "the text of `%s` is larger "
		    "than %zu bytes", e->key, WORDS_TEXT_MAX);
	if (!words_is_way(e->key))
		return phrase_check(e->text, err);
	if (!e->plain)
		return err_set(err, ERR_CONFIG, "`%s` has no forms of the "
		    "plural", e->key);
	return words_check_way(a, e->key, e->text, err);
}

static void
push(struct words *w, const struct words_entry *e)
{
	if (w->n == w->cap) {
		size_t cap = w->cap == 0 ? 128 : 2 * w->cap;
		struct words_entry *grown = arena_array(w->arena, cap,
		    sizeof(*grown));

		if (w->n > 0)
			memcpy(grown, w->entry, w->n * sizeof(*grown));
		w->entry = grown;
		w->cap = cap;
	}
	w->entry[w->n++] = *e;
}

/* The entry of a key and form from the i-th on; NULL: there is none. */
static const struct words_entry *
find(const struct words *w, size_t i, const char *key, enum plural form)
{
	for (; i < w->n; i++)
		if (w->entry[i].form == form && strcmp(w->entry[i].key,
		    key) == 0)
			return &w->entry[i];
	return NULL;
}

static void
take(struct words *w, size_t first, const struct ini_entry *from,
    struct words_entry *e, struct findings *to)
{
	const struct words_entry *twin;
	struct err err = ERR_INIT;

	if (from->section[0] != '\0')
		(void)err_set(&err, ERR_CONFIG, "there are no [sections] in a "
		    "file of words");
	else if (split_key(w->arena, from->key, e, &err) == 0 &&
	    check_text(w->arena, e, &err) == 0) {
		twin = find(w, first, e->key, e->form);
		if (twin == NULL) {
			push(w, e);
			return;
		}
		finding_add(to, SEV_ERROR, "words-twice", e->file, e->line,
		    "`%s` is on line %u too; take one of them out", from->key,
		    twin->line);
		return;
	}
	finding_add(to, SEV_ERROR, "words-value", e->file, e->line, "%s",
	    err.msg);
}

/* A file gives all forms of a key or none, so that they fit. */
static void
check_forms(const struct words *w, size_t first, struct findings *to)
{
	size_t i;

	for (i = first; i < w->n; i++) {
		const struct words_entry *e = &w->entry[i];

		if (find(w, first, e->key, PLURAL_OTHER) == NULL)
			finding_add(to, SEV_ERROR, "words-form", e->file,
			    e->line, "`%s.%s` is here without `%s.other`; "
			    "write that too", e->key, plural_name(e->form),
			    e->key);
		if (!words_is_key(e->key) && strncmp(e->key, "my_", 3) != 0)
			finding_add(to, SEV_WARNING, "words-unknown", e->file,
			    e->line, "showmill has no word `%s`; those of "
			    "your own templates begin with my_", e->key);
	}
}

/* A text within quotes, and no other in it, is what stands between them: so it
 * can begin or end in blanks. */
static const char *
unquoted(struct arena *a, const char *text)
{
	size_t len = strlen(text);

	if (len < 2 || text[0] != '"' || strchr(text + 1, '"') !=
	    text + len - 1)
		return text;
	return arena_strndup(a, text + 1, len - 2);
}

static void
add(struct words *w, const char *language, const char *file,
    const char *text, size_t len, struct findings *to)
{
	struct ini_entry *entries;
	size_t n, i, first = w->n;

	ini_read(w->arena, file, text, len, &entries, &n, to);
	if (n > WORDS_KEYS_MAX) {
		finding_add(to, SEV_ERROR, "words-value", file,
		    entries[WORDS_KEYS_MAX].line, "there are more than %d keys "
		    "in this file", WORDS_KEYS_MAX);
		return;
	}
	for (i = 0; i < n; i++) {
		struct words_entry e = {
			.text = unquoted(w->arena, entries[i].value),
			.language = language, .file = file,
			.line = entries[i].line };

		if (!entries[i].bad)
			take(w, first, &entries[i], &e, to);
	}
	check_forms(w, first, to);
}

void
words_add(struct words *w, const char *language, const char *file,
    const char *text, size_t len, struct findings *to)
{
	if (words_same_language(language, w->language))
		w->last_file = file;
	add(w, language, file, text, len, to);
}

/* ---- what is there in the end ---- */

static struct node *
phrase_node(const struct words *w, const struct words_entry *other)
{
	struct phrase *p = arena_alloc(w->arena, sizeof(*p));
	struct node *n = node_text(w->arena, other->text);
	size_t i;

	p->language = other->language;
	p->file = other->file;
	for (i = 0; i < w->n; i++) {
		const struct words_entry *e = &w->entry[i];

		if (e->file != other->file || strcmp(e->key, other->key) != 0)
			continue;
		p->form[e->form].text = e->text;
		p->form[e->form].line = e->line;
	}
	n->phrase = p;
	return n;
}

/* The English ones that stand in for others, told at once. */
static void
tell_missing(const struct words *w, struct findings *to)
{
	struct buf list;
	size_t i;

	buf_init(&list, 0);
	for (i = 0; i < w->n; i++) {
		const struct words_entry *e = &w->entry[i];

		if (e->form == PLURAL_OTHER && !e->later &&
		    strncmp(e->key, "my_", 3) != 0 &&
		    !words_same_language(e->language, w->language))
			buf_addf(&list, "%s%s", list.len > 0 ? ", " : "",
			    e->key);
	}
	if (list.len > 0)
		finding_add(to, SEV_WARNING, "words-missing", w->last_file, 0,
		    "these are not here, and stay English: %s", list.data);
	buf_release(&list);
}

void
words_finish(struct words *w, struct findings *to)
{
	const char *english = words_english(w->arena);
	size_t i;

	add(w, "en", WORDS_BUILT_IN, english, strlen(english), to);
	w->map = node_map(w->arena);
	for (i = 0; i < w->n; i++) {
		struct words_entry *e = &w->entry[i];

		if (e->form != PLURAL_OTHER)
			continue;
		e->later = find(w, 0, e->key, PLURAL_OTHER) != e;
		if (e->later)
			continue;
		if (words_is_way(e->key))
			words_take_way(w, e->key, e->text);
		else
			(void)node_set(w->arena, w->map, e->key,
			    phrase_node(w, e));
	}
	if (w->last_file != NULL)
		tell_missing(w, to);
}

static const struct words *
or_english(struct arena *a, const struct words *w)
{
	struct findings none = { .report = NULL };
	struct words *english;

	if (w != NULL)
		return w;
	english = words_new(a, "en");
	words_finish(english, &none);
	return english;
}

struct node *
words_node(struct arena *a, const struct words *w)
{
	struct node *copy = node_map(a);

	*copy = *or_english(a, w)->map;
	return copy;
}

const char *
words_text(struct arena *a, const struct words *w, const char *key)
{
	return node_get_text(or_english(a, w)->map, key);
}
