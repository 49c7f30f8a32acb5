/*
 * The chapters of an episode: read from wherever they are, in one form for all
 * outputs. The first source that has any wins: the front matter (or the show's
 * table), a file that it names, with `chapters = notes` the time stamps in the
 * notes, and the tags of the audio.
 *
 * Rules: "episode-chapters" for what is no chapter, which is left out; and
 * "chapters-order", "chapters-start", "chapters-end", "chapters-many",
 * warnings, for what players would not take as it is meant.
 */
#ifndef SHOW_CHAPTERS_H
#define SHOW_CHAPTERS_H

#include "base/err.h"
#include "base/mem.h"
#include "show/fact.h"
#include "show/media.h"
#include "show/show.h"

#define CHAPTERS_MAX 1000	/* of an episode; more are left out */
#define CHAPTERS_TITLE_MAX 1000	/* bytes; longer is cut */
#define CHAPTERS_DIR "chapters"	/* below the show's `out` */

/* What the front matter or the table says, and what is in a file that it names
 * and that is at hand. */
void chapters_take(const struct fact_source *s, struct episode *e);

/* Of a resolved episode, once: looks into notes and audio where there are none
 * yet, holds the chapters against the duration, and gives their JSON file an
 * address where the show has one for such files and the notes name none. */
void chapters_find(struct media_context *m, struct show *s, struct episode *e,
    struct findings *to);

/* The name of the JSON file of an episode, without a folder, in the arena: of
 * its notes' name, with that of the folder they lie in. */
const char *chapters_name(struct arena *a, const struct show *s,
    const struct episode *e);

/* "front matter", "file", "notes" or "audio". */
const char *chapters_origin(const struct episode *e);

#endif
