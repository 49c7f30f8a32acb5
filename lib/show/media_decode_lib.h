/*
 * libavformat and libavcodec. They bring dozens of libraries along, so that
 * they are loaded when a file needs them, by the versions that the headers are
 * of. Private to the decoding of audio.
 */
#ifndef SHOW_MEDIA_DECODE_LIB_H
#define SHOW_MEDIA_DECODE_LIB_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>

#define MEDIA_DECODE_LIB(X) \
	X(util, av_dict_free) X(util, av_dict_set) X(util, av_frame_alloc) \
	X(util, av_frame_free) X(util, av_free) X(util, av_freep) \
	X(util, av_log_set_level) X(util, av_malloc) \
	X(format, av_find_best_stream) X(format, av_read_frame) \
	X(format, avformat_alloc_context) X(format, avformat_close_input) \
	X(format, avformat_find_stream_info) X(format, avformat_open_input) \
	X(format, avio_alloc_context) X(format, avio_context_free) \
	X(codec, av_packet_alloc) X(codec, av_packet_free) \
	X(codec, av_packet_unref) X(codec, avcodec_alloc_context3) \
	X(codec, avcodec_free_context) X(codec, avcodec_open2) \
	X(codec, avcodec_parameters_to_context) \
	X(codec, avcodec_receive_frame) X(codec, avcodec_send_packet)

/* The functions, by their names. */
struct media_decode_lib {
#define MEDIA_DECODE_POINTER(library, name) __typeof__(name) *name;
	MEDIA_DECODE_LIB(MEDIA_DECODE_POINTER)
};

/* Loads them at the first call; NULL when they are not there. For any
 * thread. */
const struct media_decode_lib *media_decode_lib(void);

#endif
