/*
 * Which words a show's digest and pages are written with.
 */
#ifndef SHOW_LANGUAGE_H
#define SHOW_LANGUAGE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"
#include "show/config.h"
#include "show/show.h"

/* The name of the next wider language (RFC 4647 §3.4): pt of pt-BR, zh-Hant of
 * zh-Hant-TW; NULL: there is none. */
const char *language_wider(struct arena *a, const char *language);

/* The language in which showmill writes for those who want the given one: that
 * itself or the next wider one of which there are words, named as their file is
 * (de of de-AT); NULL: none. */
const char *language_written(struct arena *a, const struct config *c,
    const char *language);

/* Gives the show its words, in its arena, unless it has them: those of its
 * language from words/ in the folder of the templates and in the one that was
 * installed, then those of the wider ones, and the English ones for what is
 * missing, which is told as a warning.
 *
 * must: a language without a file is ERR_CONFIG with the line of show.ini. Else
 * the words are then English, with a warning. What is wrong with a file goes to
 * findings, all of it, and is ERR_CONFIG. */
int language_open(struct show *s, const struct config *c, bool must,
    struct findings *to, struct err *err);

#endif
