/* Private to the decoding of audio. */
#ifndef SHOW_MEDIA_DECODE_INT_H
#define SHOW_MEDIA_DECODE_INT_H

#include <stdbool.h>

#include "show/media_av.h"
#include "show/media_decode.h"

struct media_decode_job {
	int fd;
	int64_t size;
	media_decode_take *take;
	void *ctx;
	struct err *err;
	bool any;		/* some samples were handed on */
};

/* Hands samples on; those that only damage makes become 0. -1 when no more are
 * wanted. */
int media_decode_give(struct media_decode_job *job, struct media_pcm p,
    float *samples);

/* By libavformat and libavcodec. */
int media_decode_av(struct media_decode_job *job, enum media_av_kind kind);

#endif
