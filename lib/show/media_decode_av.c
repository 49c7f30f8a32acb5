/* Audio that is not MP3. */
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "show/media_av_int.h"
#include "show/media_decode_int.h"

/* ---- samples ---- */

/* A file while it is decoded. */
struct input {
	struct media_decode_job *job;
	const struct media_av_lib *av;
	AVFormatContext *format;	/* of what media_av opened */
	AVCodecContext *codec;
	AVFrame *frame;
	AVPacket *packet;
	int stream;
	float *samples;
	size_t room;
};

static unsigned
channels_of(const AVFrame *f)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 28, 100)
	return (unsigned)f->ch_layout.nb_channels;
#else
	return (unsigned)f->channels;
#endif
}

/* Samples of one channel, step apart, as floats. */
static void
convert(const uint8_t *data, size_t step, enum AVSampleFormat kind, float *out,
    size_t out_step, size_t n)
{
	const int16_t *s16 = (const void *)data;
	const int32_t *s32 = (const void *)data;
	const double *dbl = (const void *)data;
	const float *flt = (const void *)data;
	size_t i;

	for (i = 0; i < n; i++, out += out_step) {
		if (kind == AV_SAMPLE_FMT_FLT)
			*out = flt[i * step];
		else if (kind == AV_SAMPLE_FMT_S16)
			*out = (float)s16[i * step] / 32768.0F;
		else if (kind == AV_SAMPLE_FMT_S32)
			*out = (float)((double)s32[i * step] / 2147483648.0);
		else if (kind == AV_SAMPLE_FMT_DBL)
			*out = (float)dbl[i * step];
		else
			*out = (float)(data[i * step] - 128) / 128.0F;
	}
}

/* The kind of a sample, and whether each channel is in a plane of its own. */
static enum AVSampleFormat
packed_of(int format, bool *planar)
{
	static const enum AVSampleFormat pairs[][2] = {
		{ AV_SAMPLE_FMT_FLTP, AV_SAMPLE_FMT_FLT },
		{ AV_SAMPLE_FMT_S16P, AV_SAMPLE_FMT_S16 },
		{ AV_SAMPLE_FMT_S32P, AV_SAMPLE_FMT_S32 },
		{ AV_SAMPLE_FMT_DBLP, AV_SAMPLE_FMT_DBL },
		{ AV_SAMPLE_FMT_U8P, AV_SAMPLE_FMT_U8 },
	};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		*planar = pairs[i][0] == format;
		if (*planar || pairs[i][1] == format)
			return pairs[i][1];
	}
	*planar = false;
	return AV_SAMPLE_FMT_NONE;
}

static size_t
sample_size(enum AVSampleFormat kind)
{
	return kind == AV_SAMPLE_FMT_U8 ? 1 : kind == AV_SAMPLE_FMT_S16 ? 2 :
	    kind == AV_SAMPLE_FMT_DBL ? 8 : 4;
}

static int
give_frame(struct input *in)
{
	const AVFrame *f = in->frame;
	bool planar;
	enum AVSampleFormat kind = packed_of(f->format, &planar);
	struct media_pcm p = { .rate = (unsigned)f->sample_rate,
		.channels = channels_of(f), .frames = (size_t)f->nb_samples };
	size_t c, need = p.frames * p.channels;

	if (f->sample_rate <= 0 || f->nb_samples <= 0 || p.channels < 1 ||
	    p.channels > MEDIA_DECODE_CHANNELS_MAX ||
	    kind == AV_SAMPLE_FMT_NONE)
		return err_set(in->job->err, ERR_INPUT,
		    "has audio of a kind that is not known");
	if (need > in->room) {
		in->samples = xreallocarray(in->samples, need,
		    sizeof(*in->samples));
		in->room = need;
	}
	for (c = 0; c < p.channels; c++)
		convert(planar ? f->extended_data[c] :
		    f->extended_data[0] + c * sample_size(kind),
		    planar ? 1 : p.channels, kind, in->samples + c, p.channels,
		    p.frames);
	return media_decode_give(in->job, p, in->samples);
}

/* ---- frames ---- */

static int
open_stream(struct input *in)
{
	const struct media_av_lib *av = in->av;
	const AVCodec *codec = NULL;
	unsigned i;

	in->stream = av->av_find_best_stream(in->format, AVMEDIA_TYPE_AUDIO, -1,
	    -1, (void *)&codec, 0);
	if (in->stream < 0 || codec == NULL)
		return err_set(in->job->err, ERR_INPUT,
		    "has no audio that can be decoded");
	for (i = 0; i < in->format->nb_streams; i++)
		if ((int)i != in->stream)
			in->format->streams[i]->discard = AVDISCARD_ALL;
	in->codec = av->avcodec_alloc_context3(codec);
	in->frame = av->av_frame_alloc();
	in->packet = av->av_packet_alloc();
	if (in->codec == NULL || in->frame == NULL || in->packet == NULL)
		return err_set(in->job->err, ERR_INTERNAL,
		    "libavcodec is out of memory");
	if (av->avcodec_parameters_to_context(in->codec,
	    in->format->streams[in->stream]->codecpar) < 0)
		return err_set(in->job->err, ERR_INPUT,
		    "has audio that cannot be decoded");
	in->codec->pkt_timebase = in->format->streams[in->stream]->time_base;
	if (av->avcodec_open2(in->codec, codec, NULL) < 0)
		return err_set(in->job->err, ERR_INPUT,
		    "has audio that cannot be decoded");
	return 0;
}

/* Hands a packet to the decoder (NULL: the end) and takes what is ready. A
 * broken packet is passed over. */
static int
decode_packet(struct input *in, const AVPacket *packet)
{
	const struct media_av_lib *av = in->av;

	if (av->avcodec_send_packet(in->codec, packet) < 0)
		return 0;
	while (av->avcodec_receive_frame(in->codec, in->frame) >= 0)
		if (give_frame(in) != 0)
			return -1;
	return 0;
}

static int
decode_all(struct input *in)
{
	const struct media_av_lib *av = in->av;
	int rc = 0;

	while (rc == 0 && av->av_read_frame(in->format, in->packet) >= 0) {
		if (in->packet->stream_index == in->stream)
			rc = decode_packet(in, in->packet);
		av->av_packet_unref(in->packet);
	}
	return rc != 0 ? -1 : decode_packet(in, NULL);
}

int
media_decode_av(struct media_decode_job *job, enum media_av_kind kind)
{
	struct media_source src = { .read = media_source_read, .ctx = &job->fd,
		.size = job->size };
	struct media_av_input file = { .src = &src, .kind = kind,
		.to_decode = true };
	struct input in = { .job = job };
	int rc = -1;

	if (media_av_open(&file, job->err) == 0) {
		in.av = file.av;
		in.format = file.ctx;
		if (open_stream(&in) == 0)
			rc = decode_all(&in);
		free(in.samples);
		in.av->av_packet_free(&in.packet);
		in.av->av_frame_free(&in.frame);
		in.av->avcodec_free_context(&in.codec);
	}
	media_av_close(&file);
	return rc;
}
