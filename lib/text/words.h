/*
 * The words of a language: what templates say beside the values, and how dates
 * and sizes are written. They come from files, `key = text` (text/ini.h; a text
 * in quotes keeps its blanks), one for each language. The English ones are
 * built in, from templates/words/en.ini, and stand in for what a file lacks.
 * showmill-config(5), "WORDS".
 */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/err.h"
#include "base/mem.h"
#include "text/node.h"

#define WORDS_KEYS_MAX 1000	/* of one file */
#define WORDS_TEXT_MAX ((size_t)2000)	/* bytes of one text */

struct words;

/* Words without any file; all of it in the arena, and nothing is changed once
 * words_finish() was called: threads may share it. */
struct words *words_new(struct arena *a, const char *language);

/* Adds a file's text, of the language that it is in. What was added before
 * counts first: begin with the nearest. Names must live as long as the arena.
 * What is wrong goes to findings with line (rules "ini-syntax", "words-value",
 * "words-twice", "words-form"). A key that English has not, and that does not
 * begin with my_, is warned of ("words-unknown"). */
void words_add(struct words *w, const char *language, const char *file,
    const char *text, size_t len, struct findings *to);

/* Adds the English ones that are built in. Which of them stand in for words of
 * another language is warned of ("words-missing"), unless there is no file of
 * that. */
void words_finish(struct words *w, struct findings *to);

/* Whether a file of the language was added; of English there always is one, and
 * `und`, where a show is in no known language, wants none. */
bool words_known(const struct words *w);

/* In what follows w may be NULL, for the English ones. Results are in the
 * arena, or live as long as w. */

/* A map, to be put in a tree: each is a copy, whose children are shared. */
struct node *words_node(struct arena *a, const struct words *w);
/* The text of a key that English has. */
const char *words_text(struct arena *a, const struct words *w,
    const char *key);
/* "17 November 2026" */
const char *words_date(struct arena *a, const struct words *w,
    const struct date *d);
/* "8.22 MB", see base/size.h. */
const char *words_size(struct arena *a, const struct words *w, int64_t bytes);

#endif
