/* Patterns of the names that notes have. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "show/init_int.h"

#define SHAPES_MAX 64
#define SEPARATORS "-_. #"
/* So many of ten notes bear a number, or it is a part of the title. */
#define NUMBERED_OF_TEN 6
/* Words before a number are surely the show's name when so many begin so. */
#define CONSTANT_OF_TEN 8
#define CONSTANTS_MAX 20	/* that are tried */

enum shape_class { DATED, SEASON, NUMBER, PLAIN_BUNDLE, PLAIN };

struct shape {
	enum shape_class class;
	const char *head;	/* the pattern up to what stands between number
				 * and slug */
	const char *separator;	/* that; "" at the end */
	const char *pattern;
	const char *ending;
	size_t count;
};

static size_t
digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* One of the words before a number of at most so many digits: its length with
 * what separates them, 0: none. */
static size_t
word_before(const char *s, const char *const *words, size_t most)
{
	size_t len;

	for (; *words != NULL; words++) {
		len = strlen(*words);
		if (strncasecmp(s, *words, len) != 0)
			continue;
		len += strspn(s + len, SEPARATORS);
		if (digits(s + len) > 0 && digits(s + len) <= most)
			return len;
	}
	return 0;
}

/* "ep", "episode-". */
static size_t
word_before_number(const char *s)
{
	static const char *const words[] = {
		"episode", "folge", "show", "podcast", "ep", "e", "no", "nr",
		NULL
	};

	return word_before(s, words, SIZE_MAX);
}

static size_t
word_before_season(const char *s)
{
	static const char *const words[] = {
		"season", "series", "staffel", "saison", "s", NULL
	};

	return word_before(s, words, 2);
}

/* "2026-11-16-": the length with what follows the day, 0: no date. */
static size_t
date_length(const char *s)
{
	size_t len = digits(s), part, i;

	if (len != 4)
		return 0;
	for (i = 0; i < 2; i++) {
		if (s[len] != '-')
			return 0;
		part = digits(s + len + 1);
		if (part == 0 || part > 2)
			return 0;
		len += part + 1;
	}
	return s[len] == '\0' || s[len] == '-' || s[len] == '_' ? len : 0;
}

/* What follows a number: nothing, or a separator and the slug. */
static bool
take_rest(struct arena *a, const char *rest, struct shape *out)
{
	size_t len = strspn(rest, SEPARATORS);

	if (*rest == '\0') {
		out->separator = "";
		return true;
	}
	out->separator = arena_strndup(a, rest, len);
	return len > 0 && rest[len] != '\0';
}

/* A name of the show before the number, "my-show-": its length, 0: none. No
 * letter of it means something in a pattern. */
static size_t
constant_length(const char *s)
{
	size_t len = strcspn(s, "0123456789"), i;

	if (len < 2 || s[len] == '\0' || strchr(SEPARATORS, s[len - 1]) ==
	    NULL)
		return 0;
	for (i = 0; i < len; i++)
		if (isalpha((unsigned char)s[i]) == 0 &&
		    strchr("-_. ", s[i]) == NULL)
			return 0;
	return len;
}

static bool
shape_numbered(struct arena *a, const char *stem, const char *constant,
    struct shape *out)
{
	size_t season = word_before_season(stem), len, word;
	const char *p;

	if (season > 0) {
		p = stem + season + digits(stem + season);
		len = strspn(p, SEPARATORS);
		word = word_before_number(p + len);
		if (word > 0 && take_rest(a, p + len + word + digits(p + len +
		    word), out)) {
			out->class = SEASON;
			out->head = arena_printf(a, "%.*s{season}%.*s{number}",
			    (int)season, stem, (int)(len + word), p);
			return true;
		}
	}
	word = word_before_number(stem);
	if (word == 0 && constant[0] != '\0' && strncmp(stem, constant,
	    strlen(constant)) == 0)
		word = strlen(constant);
	len = digits(stem + word);
	if (len == 0 || len > 6 || !take_rest(a, stem + word + len, out))
		return false;
	out->class = NUMBER;
	out->head = arena_printf(a, "%.*s{number}", (int)word, stem);
	return true;
}

static void
plain(struct shape *s, bool bundle)
{
	s->class = bundle ? PLAIN_BUNDLE : PLAIN;
	s->head = "";
	s->separator = "-";
}

static void
shape_of(struct arena *a, const char *stem, bool bundle, const char *constant,
    struct shape *out)
{
	size_t len = date_length(stem);

	if (len > 0 && take_rest(a, stem + len, out)) {
		out->class = DATED;
		out->head = "{year}-{month}-{day}";
	} else if (!shape_numbered(a, stem, constant, out)) {
		plain(out, bundle);
	}
}

/* The folders between the one of the episodes and the notes. */
static const char *
folders_of(struct arena *a, const struct init_notes *n,
    const struct init_note *note)
{
	const char *below = note->folder + strlen(n->folder);
	size_t word;

	below += *below == '/';
	if (*below == '\0')
		return "";
	word = word_before_season(below);
	if (word > 0 && below[word + digits(below + word)] == '\0')
		return arena_printf(a, "%.*s{season}/", (int)word, below);
	return "**/";
}

static void
add_shape(struct arena *a, struct shape *list, size_t *n, struct shape *s,
    const char *folders, const char *ending, bool bundle)
{
	size_t i;

	if (s->class == PLAIN || s->class == PLAIN_BUNDLE)
		s->pattern = arena_printf(a, "%s{slug}%s%s", folders,
		    bundle ? "/index" : "", ending);
	else
		s->pattern = arena_printf(a, "%s%s%s%s%s%s", folders, s->head,
		    s->separator, s->separator[0] != '\0' ? "{slug}" : "",
		    bundle ? "/index" : "", ending);
	s->ending = ending;
	for (i = 0; i < *n && strcmp(list[i].pattern, s->pattern) != 0; i++)
		;
	if (i == SHAPES_MAX)
		return;
	if (i == *n) {
		list[(*n)++] = *s;
		list[i].count = 0;
	}
	list[i].count++;
}

/* Whether y would take the notes of x: " -" fits what has " - " too. */
static bool
must_precede(const struct shape *x, const struct shape *y)
{
	size_t len = strlen(y->separator);

	if (x->class != y->class)
		return x->class < y->class;
	return strcmp(x->head, y->head) == 0 && len > 0 &&
	    strlen(x->separator) > len &&
	    strncmp(x->separator, y->separator, len) == 0;
}

static int
by_count(const void *x, const void *y)
{
	const struct shape *a = x, *b = y;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->pattern, b->pattern);
}

/* The commonest first, as far as it may be. */
static void
sort(struct shape *list, size_t n)
{
	struct shape moved;
	size_t i, k;

	qsort(list, n, sizeof(*list), by_count);
	for (i = 0; i + 1 < n;) {
		for (k = i + 1; k < n && !must_precede(&list[k], &list[i]);
		    k++)
			;
		if (k == n) {
			i++;
			continue;
		}
		moved = list[k];
		memmove(&list[i + 1], &list[i], (k - i) * sizeof(*list));
		list[i] = moved;
	}
}

/* The note's name without its ending, and that of its language. */
static const char *
stem_of(struct arena *a, const struct init_note *note)
{
	const char *base = fs_basename(note->path);

	return note->bundle ? fs_basename(fs_dirname(a, note->path)) :
	    arena_strndup(a, base, (size_t)(note->ending - base));
}

/* How many of the notes bear a number or date in their name. */
static void
count_kinds(struct arena *a, const struct init_notes *n, const char *constant,
    size_t *numbered, size_t *dated)
{
	struct shape s;
	size_t i;

	*numbered = *dated = 0;
	for (i = 0; i < n->nown; i++) {
		const struct init_note *note = n->own[i];
		const char *stem = stem_of(a, note);

		shape_of(a, stem, note->bundle, constant, &s);
		*numbered += s.class == SEASON || s.class == NUMBER;
		*dated += s.class == DATED;
	}
}

/* What nearly all names have before their number. Where the notes say it
 * themselves, and in bundles, the name is the slug. */
static const char *
find_constant(struct arena *a, const struct init_notes *n)
{
	size_t i, k, len, hits, tried = 0;
	const char *stem, *other;

	if (n->nown < 3 || 2 * n->number.hits >= n->nseen)
		return "";
	for (i = 0; i < n->nown && tried < CONSTANTS_MAX; i++) {
		stem = stem_of(a, n->own[i]);
		len = n->own[i]->bundle ? 0 : constant_length(stem);
		if (len == 0)
			continue;
		tried++;
		for (hits = 0, k = 0; k < n->nown; k++) {
			other = fs_basename(n->own[k]->path);
			hits += strncmp(other, stem, len) == 0 &&
			    digits(other + len) > 0;
		}
		if (10 * hits >= CONSTANT_OF_TEN * n->nown)
			return arena_strndup(a, stem, len);
	}
	return "";
}

/* A slip of the pen, " -  " for " - ", is no pattern: new notes would be named
 * by it, as it must come first. */
static size_t
drop_slips(struct shape *list, size_t n)
{
	size_t i, k;

	for (i = 0; i < n;) {
		for (k = 0; k < n && (list[i].class != list[k].class ||
		    strcmp(list[i].ending, list[k].ending) != 0 ||
		    !must_precede(&list[i], &list[k]) ||
		    list[i].count * 50 > list[k].count); k++)
			;
		if (k == n)
			i++;
		else
			list[i] = list[--n];
	}
	return n;
}

/* Whether notes of the ending are found by a pattern of the plainest kind. */
static bool
has_rest(const struct shape *list, size_t n, const char *ending)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i].class == PLAIN && strcmp(list[i].ending,
		    ending) == 0)
			return true;
	return false;
}

/* Makes room for the patterns that find what is dropped, of each ending one:
 * what was counted is read. */
static size_t
drop_rare(struct arena *a, struct shape *list, size_t n, const char *folders)
{
	struct shape rest[INIT_NAMES_MAX];
	size_t i, least, nrest = 0;

	while (n + nrest > INIT_NAMES_MAX) {
		for (i = 1, least = 0; i < n; i++)
			if (list[i].count < list[least].count)
				least = i;
		if (!has_rest(rest, nrest, list[least].ending)) {
			plain(&rest[nrest], false);
			rest[nrest].ending = list[least].ending;
			rest[nrest].count = 0;
			rest[nrest].pattern = arena_printf(a, "%s{slug}%s",
			    folders, list[least].ending);
			nrest++;
		}
		list[least] = list[--n];
	}
	for (i = 0; i < nrest; i++)
		if (!has_rest(list, n, rest[i].ending))
			list[n++] = rest[i];
	return n;
}

/* The commonest patterns, in the order in which they must be tried. */
static void
choose(struct arena *a, struct shape *list, size_t n, const char *folders,
    struct init_names *out)
{
	size_t i;

	n = drop_rare(a, list, drop_slips(list, n), folders);
	sort(list, n);
	for (i = 0; i < n; i++)
		out->name[out->n++] = list[i].pattern;
}

void
init_names(struct arena *a, const struct init_notes *notes,
    struct init_names *out)
{
	struct shape list[SHAPES_MAX + 1], s;
	size_t numbered, dated, n = 0, i;
	const char *folders = "", *other;
	const char *constant = find_constant(a, notes);
	bool many = false;

	memset(out, 0, sizeof(*out));
	count_kinds(a, notes, constant, &numbered, &dated);
	out->numbered = 10 * numbered >= NUMBERED_OF_TEN * notes->nown;
	out->dated = 10 * dated >= NUMBERED_OF_TEN * notes->nown;
	for (i = 0; i < notes->nown; i++) {
		other = folders_of(a, notes, notes->own[i]);
		many = many || (i > 0 && strcmp(folders, other) != 0);
		folders = other;
	}
	for (i = 0; i < notes->nown; i++) {
		const struct init_note *note = notes->own[i];

		shape_of(a, stem_of(a, note), note->bundle, constant, &s);
		if (s.class == NUMBER && !out->numbered)
			plain(&s, note->bundle);
		add_shape(a, list, &n, &s, many ? "**/" : folders,
		    note->ending, note->bundle);
	}
	choose(a, list, n, many ? "**/" : folders, out);
}
