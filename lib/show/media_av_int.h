/*
 * Between the files of media_av.
 */
#ifndef SHOW_MEDIA_AV_INT_H
#define SHOW_MEDIA_AV_INT_H

#include "show/media_av.h"
#include "show/media_av_lib.h"

#define MEDIA_AV_STREAMS_MAX 32

struct media_av_input {
	const struct media_av_lib *av;
	const struct media_source *src;
	enum media_av_kind kind;
	bool to_decode;		/* what the first packets tell is wanted too */
	int64_t at;
	int64_t left;		/* bytes that may still be read: nothing makes
				 * it read for ever */
	AVFormatContext *ctx;
	AVIOContext *io;
};

/* Opens in->src as in->kind, by libavformat; media_av_close() undoes it, also
 * where it failed. The input must be all 0 but for
 * these and to_decode. ERR_INPUT, as a
 * clause about the file, or ERR_INTERNAL. */
int media_av_open(struct media_av_input *in, struct err *err);
void media_av_close(struct media_av_input *in);

/* Moving pictures; not art, nor the pictures of chapters. */
bool media_av_is_video(const struct media_av_input *in, const AVStream *st);
bool media_av_is_audio(const AVStream *st);

/* Milliseconds; -1: not said, or not to be believed. */
int64_t media_av_ms(const struct media_av_input *in, int64_t time,
    AVRational base);

/* Fills duration_ms, bitrate and doubt; the art is known already. */
void media_av_time(struct media_av_input *in, bool whole, struct arena *a,
    struct media_facts *out);

#endif
