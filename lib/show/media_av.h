/*
 * Everything but MP3, and the tags of MP3: libavformat. It costs some 30 ms to
 * load, and so is loaded when first needed.
 */
#ifndef SHOW_MEDIA_AV_H
#define SHOW_MEDIA_AV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "show/media_facts.h"

/* A file, or one that is fetched in ranges. */
struct media_source {
	/* Up to len bytes from offset on into buf: how many came, 0 at the end,
	 * -1 when they cannot be had. Not called with an offset at or behind
	 * size. */
	int64_t (*read)(void *ctx, int64_t offset, void *buf, size_t len);
	void *ctx;
	int64_t size;
};

/* For an open file; ctx is its descriptor's address. */
int64_t media_source_read(void *ctx, int64_t offset, void *buf, size_t len);

/* What the bytes are; each is one reader of libavformat, and no other is ever
 * tried. */
enum media_av_kind {
	MEDIA_AV_MP4,		/* and QuickTime */
	MEDIA_AV_OGG,
	MEDIA_AV_FLAC,
	MEDIA_AV_WAV,
	MEDIA_AV_AIFF,
	MEDIA_AV_ADTS,
	MEDIA_AV_MATROSKA,	/* and WebM */
	MEDIA_AV_MP3_TAG	/* chapters and art alone; the source may end
				 * behind the tag */
};

/* Fills duration, codec, bitrate, sample rate, channels, width and height of
 * the video, art, chapters and doubt (in a), as far as they are told; of
 * MEDIA_AV_MP3_TAG chapters and art only. out->length is that of the file. The
 * duration is cut to what is really there where the head promises more than
 * the source has. whole: a source without a duration in head or tail may be
 * read to its end. video: whether it has moving pictures. ERR_INPUT, as a
 * clause about the file, when it cannot be read; ERR_INTERNAL, when libavformat
 * cannot be loaded. libavformat opens no file and no address: it has the bytes
 * of src and nothing else. Each thread may read a source of its own. */
int media_av_facts(const struct media_source *src, enum media_av_kind kind,
    bool whole, struct arena *a, struct media_facts *out, bool *video,
    struct err *err);

#endif
