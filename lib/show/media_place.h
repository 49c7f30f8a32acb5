/*
 * Where the truth about an episode's audio is to be had. Private to
 * show/media.
 */
#ifndef SHOW_MEDIA_PLACE_H
#define SHOW_MEDIA_PLACE_H

#include <stdbool.h>

#include "show/media.h"

struct media_place {
	const char *file;	/* the real path of a local one; NULL: ask */
	const char *url;	/* the address to ask; NULL with file */
};

/* Of audio of an episode that was not resolved yet; gives it its public address
 * where a file is named. Strings are in the show's arena. What is wrong goes to
 * findings; false then. */
bool media_place(const struct media_context *m, struct show *show,
    const struct episode *e, struct media *audio, struct media_place *out,
    struct findings *to);

/* An error where the audio was named ("episode-audio"). Always false. */
bool media_complain(const struct media *audio, struct findings *to,
    const char *text);

#endif
