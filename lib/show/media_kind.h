/*
 * What a media file is, by its first bytes.
 */
#ifndef SHOW_MEDIA_KIND_H
#define SHOW_MEDIA_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "show/media_av.h"

struct media_kind {
	enum media_av_kind av;
	const char *type;	/* its media type, as long as nobody has read
				 * it */
	const char *sound, *video;	/* the type without and with moving
					 * pictures; NULL: the same */
};

/* Enough for the first frames and their header. */
#define MEDIA_KIND_HEAD ((size_t)64 << 10)

/* Reads what follows the ID3v2 tags of a file: its beginning, how much that is,
 * and where it begins. -1 with errno. */
int media_kind_read(int fd, unsigned char head[MEDIA_KIND_HEAD], int64_t *tag,
    size_t *len);

/* data: from the beginning of the file, or from the end of an ID3v2 tag there;
 * 64 KiB tell all. false: none of those that media_av knows; MP3 is not
 * among them (media_mp3_head). The types are written as media_type_by_name()
 * writes them. */
bool media_kind_of(const void *data, size_t len, struct media_kind *out);

#endif
