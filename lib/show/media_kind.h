/*
 * What a media file is, by its first bytes.
 */
#ifndef SHOW_MEDIA_KIND_H
#define SHOW_MEDIA_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "show/media_av.h"

struct media_kind {
	enum media_av_kind av;
	const char *type;	/* its media type, as long as nobody has read it */
	const char *sound, *video;	/* the type without and with moving pictures; NULL: the same */
};

/* data: from the beginning of the file, or from the end of an ID3v2 tag there;
 * 64 KiB tell all. false: none of those that media_av knows; MP3 is not
 * among them (media_mp3_head). The types are written as media_type_by_name()
 * writes them. */
bool media_kind_of(const void *data, size_t len, struct media_kind *out);

#endif
