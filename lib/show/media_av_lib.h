/*
 * The functions of libavformat and its sisters that are used here, loaded when
 * first needed: they bring dozens of libraries along. For media_av*.c and
 * media_decode_av.c alone.
 */
#ifndef SHOW_MEDIA_AV_LIB_H
#define SHOW_MEDIA_AV_LIB_H

/* Their headers convert in ways that our warnings forbid. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/log.h>
#include <libavutil/mathematics.h>
#include <libavutil/mem.h>
#pragma GCC diagnostic pop

#include "base/err.h"

#define MEDIA_AV_FUNCTIONS(X) \
	X(av_dict_get) \
	X(av_find_best_stream) \
	X(av_find_input_format) \
	X(av_frame_alloc) \
	X(av_frame_free) \
	X(av_free) \
	X(av_log_set_level) \
	X(av_malloc) \
	X(av_max_alloc) \
	X(av_packet_alloc) \
	X(av_packet_free) \
	X(av_packet_unref) \
	X(av_read_frame) \
	X(av_rescale_q) \
	X(av_seek_frame) \
	X(av_strdup) \
	X(avcodec_alloc_context3) \
	X(avcodec_free_context) \
	X(avcodec_get_name) \
	X(avcodec_open2) \
	X(avcodec_parameters_to_context) \
	X(avcodec_receive_frame) \
	X(avcodec_send_packet) \
	X(avformat_alloc_context) \
	X(avformat_close_input) \
	X(avformat_find_stream_info) \
	X(avformat_index_get_entries_count) \
	X(avformat_index_get_entry) \
	X(avformat_open_input) \
	X(avio_alloc_context) \
	X(avio_context_free) \
	X(avio_seek)

#define MEDIA_AV_MEMBER(name) __typeof__(name) *name;
struct media_av_lib {
	MEDIA_AV_FUNCTIONS(MEDIA_AV_MEMBER)
};

/* NULL and err where it cannot be loaded. */
const struct media_av_lib *media_av_lib(struct err *err);

#endif
