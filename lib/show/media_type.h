/*
 * Which media types may stand in an enclosure. One list for what files are,
 * what web servers say and what the notes claim.
 */
#ifndef SHOW_MEDIA_TYPE_H
#define SHOW_MEDIA_TYPE_H

#include <stdbool.h>

enum media_type {
	MEDIA_TYPE_WRONG,	/* something that nobody can play */
	MEDIA_TYPE_SILENT,	/* none, or "some bytes": says nothing */
	MEDIA_TYPE_SOUND	/* audio, video or PDF */
};

/* type: without parameters, in any case; "" for none. application/ogg counts
 * as silent: it does not tell audio from video. */
enum media_type media_type_of(const char *type);

/* The type that the ending of an address or file name tells, or NULL. */
const char *media_type_by_name(const char *url);

/* Whether two types are of one format, or nothing is known against it:
 * audio/mp3 and audio/mpeg, video/mp4 and audio/x-m4a, audio/mpeg and
 * audio/x-unheard-of; not audio/mpeg and audio/ogg, nor PDF and any other. */
bool media_type_agrees(const char *a, const char *b);

/* Whether a type agrees with what the ending of an address tells. One that
 * says nothing, and an ending that tells nothing, fit all. */
bool media_type_fits(const char *type, const char *url);

#endif
