/*
 * Transcripts as files that are at hand: reading them, and what is to be made
 * of them.
 */
#ifndef SHOW_TRANSCRIPTS_MADE_H
#define SHOW_TRANSCRIPTS_MADE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "show/options.h"
#include "show/show.h"
#include "text/captions.h"

#define TRANSCRIPTS_DIR "transcripts"	/* below the show's `out` */

/* `transcripts_made` and `transcripts_made_url`. One without the other is an
 * error ("option-missing"). */
void transcripts_made_options(struct show *s, const struct options *o,
    struct findings *to);
/* Whether that format is to be made. */
bool transcripts_made_wants(const struct show *s,
    enum captions_format format);

/* A language's name, the show's where the transcript has none. */
const char *transcripts_language(const struct show *s,
    const struct show_transcript *t);
/* The path as told to the user. */
const char *transcripts_path(struct arena *a,
    const struct show_transcript *t);
/* Reads the file of one that has one into text, which HTML and plain text are
 * needed for, and its cues, which are in the arena. What is wrong is an err
 * with file and, where there is one, line: as captions_read(), or ERR_REFUSED
 * for a link that leads out of its folder. */
int transcripts_read(struct arena *a, const struct show_transcript *t,
    struct buf *text, struct captions *out, struct err *err);

/* A transcript that is made of another of the episode, in a format and under
 * a name; it goes behind those that the episode has. */
void transcripts_made_add(struct show *s, struct episode *e,
    const struct show_transcript *of, enum captions_format format,
    const char *name);
/* The name of its file: "001-hello.de.srt"; in the arena. */
const char *transcripts_made_name(struct arena *a, const struct show *s,
    const struct episode *e, const struct show_transcript *of,
    enum captions_format format);

#endif
