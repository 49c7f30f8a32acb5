/*
 * What the files of text/words share; nobody else includes it.
 */
#ifndef TEXT_WORDS_INT_H
#define TEXT_WORDS_INT_H

#include "base/size.h"
#include "text/phrase.h"
#include "text/words.h"

#define WORDS_BUILT_IN "words/en.ini (built in)"

struct words_entry {
	const char *key;	/* without its form */
	enum plural form;
	bool plain;		/* the form is not named: it is `other` */
	bool later;		/* a file before it has the key */
	const char *text;
	const char *language, *file;
	unsigned line;
};

struct words {
	struct arena *arena;
	const char *language;
	const char *last_file;	/* of the language; NULL: none */
	struct words_entry *entry;
	size_t n, cap;
	struct node *map;	/* of phrases */
	/* How dates and sizes are written. */
	const char *date, *first_day, *decimal;
	const char *month[12], *weekday[7], *unit[SIZE_UNITS];
};

/* Whether both begin with the same language's code. */
bool words_same_language(const char *a, const char *b);

/* Whether English has the key. */
bool words_is_key(const char *key);
/* The text of en.ini as it was when showmill was made. */
const char *words_english(struct arena *a);

/* Whether the key is about dates and sizes, and no phrase for templates. */
bool words_is_way(const char *key);
/* Whether such a text can be used: ERR_CONFIG. */
int words_check_way(struct arena *a, const char *key, const char *text,
    struct err *err);
/* Takes such a text that can. */
void words_take_way(struct words *w, const char *key, const char *text);

#endif
