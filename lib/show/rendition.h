/*
 * What people are told of the files of one episode, to choose from. Words NULL:
 * in English.
 */
#ifndef SHOW_RENDITION_H
#define SHOW_RENDITION_H

#include "base/mem.h"
#include "show/show.h"
#include "text/words.h"

/* Its title, else its format and bitrate: "Opus, 32 kbit/s". Of a file that was
 * resolved; in the arena, or the show's. */
const char *rendition_name(struct arena *a, const struct words *w,
    const struct media *m);
/* "32 kbit/s"; NULL: not known. */
const char *rendition_bitrate(struct arena *a, const struct media *m);
/* How much smaller than the audio a file is: "22.8 MB"; NULL: it is not. */
const char *rendition_less(struct arena *a, const struct words *w,
    const struct media *audio, const struct media *m);
/* How much larger; NULL: it is not. */
const char *rendition_more(struct arena *a, const struct words *w,
    const struct media *audio, const struct media *m);

#endif
