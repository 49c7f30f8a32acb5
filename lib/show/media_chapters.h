/*
 * The chapters in the file of a resolved episode; and chapters as a text of one
 * line, for the cache: a JSON list of objects with start_ms and, where they are
 * known, end_ms, title, url and image.
 */
#ifndef SHOW_MEDIA_CHAPTERS_H
#define SHOW_MEDIA_CHAPTERS_H

#include <stddef.h>

#include "base/mem.h"
#include "show/media.h"
#include "show/media_facts.h"

/* In the arena; "[]" for a file that has none. NULL: they are not known (none
 * were found where not all was understood: without a codec, or with a doubt),
 * or the text would have more than max bytes. */
const char *media_chapters_text(struct arena *a, const struct media_facts *f,
    size_t max);

/* Reads such a text; all of it goes into the arena. -1: it is none (NULL is
 * none either), and nothing is known of the chapters. */
int media_chapters_read(struct arena *a, const char *text,
    const struct media_chapter **out, size_t *n);

/* Those that media_resolve() found in a file of an episode, in the arena. -1:
 * they are not known; then who wants them looks into the file. */
int media_chapters_learnt(struct media_context *m, const struct media *audio,
    struct arena *a, const struct media_chapter **out, size_t *n);

#endif
