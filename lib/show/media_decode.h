/*
 * Local audio decoded to samples: MP3 by libmpg123, all else by libavformat
 * and libavcodec, which are loaded when the first such file comes. Streaming:
 * memory does not grow with the file.
 */
#ifndef SHOW_MEDIA_DECODE_H
#define SHOW_MEDIA_DECODE_H

#include <stddef.h>

#include "base/err.h"

#define MEDIA_DECODE_CHANNELS_MAX 64

/* Some samples of all channels in turn; valid during the call. Full scale is 1;
 * lossy codecs go a little beyond, damage up to 16.
 * The channels of surround sound are in WAV's order: left, right, centre, low
 * frequencies, left and right behind. Rate and channels may change inside of a
 * file. */
struct media_pcm {
	unsigned rate, channels;
	const float *samples;
	size_t frames;		/* samples of one channel */
};

/* 0 to go on; -1 ends the decoding. */
typedef int media_decode_take(void *ctx, const struct media_pcm *pcm,
    struct err *err);

/* Hands the file's first audio, from begin to end, to take. Damage inside of it
 * is passed over, as players do. ERR_INPUT with the file when there is no
 * audio in it, ERR_NOINPUT when it cannot be read, ERR_INTERNAL when the
 * libraries are not installed, or what take says. */
int media_decode(const char *path, media_decode_take *take, void *ctx,
    struct err *err);

#endif
