/* How long it is: what the head tells, held against what the file has. */
#include <stdlib.h>
#include <string.h>

#include "show/media_av_int.h"

/* A tail that surely holds the last frame of a FLAC file. */
#define TAIL_MIN ((int64_t)64 << 10)
/* How much of a promised duration may be missing without a word. */
#define CUT_MS 100
/* Ogg's pages (RFC 3533 §6): the largest, and its head without the table. */
#define PAGE_MAX ((int64_t)65307)
#define PAGE_HEAD 27
/* MP4's boxes at the top of a file before its first fragment. */
#define BOXES_MAX 64

static unsigned
rate_of(int64_t bytes, int64_t ms)
{
	double rate = ms > 0 ? (double)bytes * 8000 / (double)ms + 0.5 : 0;

	return rate > 0 && rate < UINT32_MAX ? (unsigned)rate : 0;
}

static bool
is_played(const struct media_av_input *in, const AVStream *st)
{
	return media_av_is_audio(st) || media_av_is_video(in, st);
}

/* The longest stream of those that play. */
static int64_t
told(const struct media_av_input *in)
{
	int64_t longest = -1, ms;
	bool any = false;
	unsigned i;

	for (i = 0; i < in->ctx->nb_streams; i++) {
		if (!is_played(in, in->ctx->streams[i]))
			continue;
		any = true;
		ms = media_av_ms(in, in->ctx->streams[i]->duration,
		    in->ctx->streams[i]->time_base);
		if (ms > longest)
			longest = ms;
	}
	if (longest <= 0 && any)
		longest = media_av_ms(in, in->ctx->duration,
		    (AVRational){ 1, AV_TIME_BASE });
	return longest > 0 ? longest : -1;
}

/* The time that the packets of one stream cover. */
struct span {
	int64_t begin, end;
	int64_t last;		/* where the last packet begins */
};

static bool
is_time(int64_t t)
{
	return t >= 0 && t < INT64_MAX / 2;
}

static void
add_packet(struct span *s, const AVPacket *p)
{
	int64_t at = p->pts != AV_NOPTS_VALUE ? p->pts : p->dts;

	if (at == AV_NOPTS_VALUE)
		at = s->end >= 0 ? s->end : 0;
	if (!is_time(at) || !is_time(p->duration))
		return;
	if (s->begin < 0 || at < s->begin)
		s->begin = at;
	if (at + p->duration > s->end) {
		s->end = at + p->duration;
		s->last = at;
	}
}

/* A frame of ADTS tells its size; one that the end of the file cuts off is not
 * played. */
static bool
is_cut(const struct media_av_input *in, const AVPacket *p)
{
	const unsigned char *b = p->data;

	return in->kind == MEDIA_AV_ADTS && p->size >= 7 && b[0] == 0xff &&
	    ((b[3] & 3) << 11 | b[4] << 3 | b[5] >> 5) > p->size;
}

/* From the first to the last packet, of the longest stream. */
static int64_t
walk(struct media_av_input *in)
{
	struct span spans[MEDIA_AV_STREAMS_MAX];
	int64_t longest = -1, ms, packets = 0;
	AVPacket *p = in->av->av_packet_alloc();
	unsigned i;

	for (i = 0; i < MEDIA_AV_STREAMS_MAX; i++)
		spans[i] = (struct span){ -1, -1, -1 };
	while (p != NULL && packets++ <= in->src->size &&
	    in->av->av_read_frame(in->ctx, p) == 0) {
		if ((unsigned)p->stream_index < MEDIA_AV_STREAMS_MAX &&
		    !is_cut(in, p))
			add_packet(&spans[p->stream_index], p);
		in->av->av_packet_unref(p);
	}
	if (p != NULL)
		in->av->av_packet_free(&p);
	for (i = 0; i < MEDIA_AV_STREAMS_MAX && i < in->ctx->nb_streams;
	    i++) {
		if (!is_played(in, in->ctx->streams[i]) ||
		    spans[i].begin < 0)
			continue;
		ms = media_av_ms(in, spans[i].end - spans[i].begin,
		    in->ctx->streams[i]->time_base);
		if (ms > longest)
			longest = ms;
	}
	return longest > 0 ? longest : -1;
}

/* Whether the sound lies in fragments, of which the head does not tell. */
static bool
in_fragments(const struct media_av_input *in)
{
	const struct media_source *src = in->src;
	unsigned char b[16];
	int64_t at = 0, size;
	unsigned i;

	for (i = 0; i < BOXES_MAX && at <= src->size - 16; i++) {
		if (src->read(src->ctx, at, b, sizeof(b)) != sizeof(b))
			return false;
		if (memcmp(b + 4, "moof", 4) == 0)
			return true;
		size = (int64_t)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
		if (size == 1)
			size = (int64_t)(b[8] & 0x7f) << 56 |
			    (int64_t)b[9] << 48 | (int64_t)b[10] << 40 |
			    (int64_t)b[11] << 32 | (int64_t)b[12] << 24 |
			    b[13] << 16 | b[14] << 8 | b[15];
		if (size < 8 || size > src->size - at)
			return false;
		at += size;
	}
	return false;
}

/* A number of Matroska's: its first byte tells how many there are. */
static int64_t
vint(const unsigned char *b, unsigned *used)
{
	unsigned n = 1, i;
	int64_t v;

	while (n <= 8 && (b[0] & 0x80 >> (n - 1)) == 0)
		n++;
	if (n > 8)
		return -1;
	v = b[0] & (0xff >> n);
	for (i = 1; i < n; i++)
		v = v << 8 | b[i];
	*used = n;
	return v == ((int64_t)1 << 7 * n) - 1 ? -1 : v;
}

/* Whether a Matroska file was cut: its one segment tells its size. */
static bool
segment_is_cut(const struct media_av_input *in)
{
	const struct media_source *src = in->src;
	unsigned char b[12];
	unsigned used;
	int64_t at, size;

	if (src->size < 12 || src->read(src->ctx, 4, b, 8) != 8 ||
	    (size = vint(b, &used)) < 0 || size > src->size - 24)
		return false;
	at = 4 + used + size;
	return src->read(src->ctx, at, b, 12) == 12 &&
	    memcmp(b, "\x18\x53\x80\x67", 4) == 0 &&
	    (size = vint(b + 4, &used)) >= 0 &&
	    size > src->size - at - 4 - used;
}

/* What of a stream of an MP4 is there and played, by its table of samples: the
 * file may have been cut behind a head that tells of all, and an edit list may
 * leave out some. -1: nothing against the head. bytes: of its samples. */
static int64_t
present(const struct media_av_input *in, AVStream *st, int64_t *bytes)
{
	int n = in->av->avformat_index_get_entries_count(st), i, left_out = 0;
	const AVIndexEntry *e, *first = NULL;
	int64_t last = 0, step = 0;

	*bytes = 0;
	for (i = 0; i < n; i++) {
		e = in->av->avformat_index_get_entry(st, i);
		if ((e->flags & AVINDEX_DISCARD_FRAME) != 0)
			left_out++;
		else if (first == NULL)
			first = e;
		if (e->pos > in->src->size - e->size)
			return first != NULL ? media_av_ms(in, e->timestamp -
			    first->timestamp, st->time_base) : 0;
		*bytes += e->size;
		step = e->timestamp - last;
		last = e->timestamp;
	}
	if (first == NULL)
		return 0;
	/* One is the encoder's silence, which the head knows of. */
	if (left_out < 2)
		return -1;
	return media_av_ms(in, last + step - (first->timestamp > 0 ?
	    first->timestamp : 0), st->time_base);
}

static int64_t
mp4_time(struct media_av_input *in, struct media_facts *out)
{
	int64_t longest = -1, ms, bytes, cut;
	AVStream *st;
	unsigned i;

	for (i = 0; i < in->ctx->nb_streams; i++) {
		st = in->ctx->streams[i];
		if (!is_played(in, st))
			continue;
		ms = media_av_ms(in, st->duration, st->time_base);
		cut = present(in, st, &bytes);
		if (cut >= 0 && cut < ms)
			ms = cut;
		if (ms > longest)
			longest = ms;
		if (media_av_is_audio(st) && ms > 0 && out->width == 0)
			out->bitrate = rate_of(bytes, ms);
	}
	return longest;
}

/* To the end of the last frame. */
static int64_t
flac_time(struct media_av_input *in)
{
	const AVStream *st = in->ctx->streams[0];
	int64_t from = in->src->size - TAIL_MIN;
	struct span span = { -1, -1, -1 };
	AVPacket *p;

	if (from > 0 && in->av->av_seek_frame(in->ctx, -1, from,
	    AVSEEK_FLAG_BYTE) < 0)
		return -1;
	p = in->av->av_packet_alloc();
	while (p != NULL && in->av->av_read_frame(in->ctx, p) == 0) {
		if (p->stream_index == 0 && p->pts != AV_NOPTS_VALUE)
			add_packet(&span, p);
		in->av->av_packet_unref(p);
	}
	if (p != NULL)
		in->av->av_packet_free(&p);
	/* The last frame of a file that was cut is none. */
	if (st->duration > 0 && span.end < st->duration)
		span.end = span.last;
	return media_av_ms(in, span.end >= 0 ? span.end : AV_NOPTS_VALUE,
	    st->time_base);
}

/* Sound before the time 0 is not played: Opus begins with some (RFC 7845
 * §4.2), and libavformat counts it. */
static int64_t
before_zero(struct media_av_input *in)
{
	AVPacket *p = in->av->av_packet_alloc();
	int64_t ms = 0;
	const AVStream *st;

	if (p != NULL && in->av->av_read_frame(in->ctx, p) == 0) {
		st = in->ctx->streams[p->stream_index];
		if (media_av_is_audio(st) && p->pts != AV_NOPTS_VALUE &&
		    p->pts < 0 && p->pts > -(INT64_MAX / 2))
			ms = media_av_ms(in, -p->pts, st->time_base);
	}
	if (p != NULL)
		in->av->av_packet_free(&p);
	return ms > 0 ? ms : 0;
}

static bool
fill(const struct media_source *src, int64_t at, unsigned char *to,
    int64_t len)
{
	int64_t n;

	for (; len > 0; at += n, to += n, len -= n) {
		n = at < src->size ? src->read(src->ctx, at, to,
		    (size_t)len) : 0;
		if (n <= 0)
			return false;
	}
	return true;
}

static bool
is_page(const unsigned char *p)
{
	return memcmp(p, "OggS", 5) == 0;
}

/* The streams that an Ogg file begins with, each by a page of its own. */
static unsigned
ogg_streams(const struct media_source *src,
    unsigned char serial[MEDIA_AV_STREAMS_MAX][4])
{
	unsigned char b[PAGE_HEAD + 255];
	unsigned n = 0, i;
	int64_t at = 0;

	while (n < MEDIA_AV_STREAMS_MAX && fill(src, at, b, PAGE_HEAD) &&
	    is_page(b) && (b[5] & 2) != 0 &&
	    fill(src, at + PAGE_HEAD, b + PAGE_HEAD, b[26])) {
		memcpy(serial[n++], b + 14, 4);
		at += PAGE_HEAD + b[26];
		for (i = 0; i < b[26]; i++)
			at += b[PAGE_HEAD + i];
	}
	return n;
}

/* Whether an Ogg file has others behind it (RFC 3533 §4): its last page is of
 * none of the streams that it begins with. libavformat tells of one of them. */
static bool
is_chained(const struct media_source *src)
{
	unsigned char serial[MEDIA_AV_STREAMS_MAX][4];
	unsigned n = ogg_streams(src, serial), k = 0;
	int64_t len = src->size < PAGE_MAX ? src->size : PAGE_MAX, i;
	unsigned char *tail = xmalloc((size_t)len);
	bool there = n > 0 && n < MEDIA_AV_STREAMS_MAX &&
	    fill(src, src->size - len, tail, len);

	for (i = len - PAGE_HEAD; there && i >= 0 && !is_page(tail + i); i--)
		;
	if (there && i >= 0)
		while (k < n && memcmp(serial[k], tail + i + 14, 4) != 0)
			k++;
	free(tail);
	return there && i >= 0 && k == n;
}

/* By the bytes behind the head, where all samples have one size. */
static int64_t
pcm_time(struct media_av_input *in)
{
	const AVCodecParameters *p;
	int64_t at = in->av->avio_seek(in->ctx->pb, 0, SEEK_CUR), second;

	if (in->ctx->nb_streams == 0)
		return -1;
	p = in->ctx->streams[0]->codecpar;
	if (p->codec_id < AV_CODEC_ID_FIRST_AUDIO ||
	    p->codec_id >= AV_CODEC_ID_ADPCM_IMA_QT || at < 0 ||
	    at > in->src->size || p->block_align <= 0 || p->sample_rate <= 0)
		return -1;
	second = (int64_t)p->block_align * p->sample_rate;
	return (int64_t)((double)(in->src->size - at) * 1000 /
	    (double)second);
}

/* Subtitles may last longer than what plays, and Matroska's duration counts
 * them. */
static bool
has_text(const struct media_av_input *in)
{
	unsigned i;

	for (i = 0; i < in->ctx->nb_streams; i++)
		if (in->ctx->streams[i]->codecpar->codec_type ==
		    AVMEDIA_TYPE_SUBTITLE)
			return true;
	return false;
}

/* libavformat takes what there is of a WAV for all of it. */
static const char *
wav_doubt(const struct media_av_input *in, struct arena *a)
{
	const struct media_source *src = in->src;
	unsigned char b[4];
	int64_t said;

	if (src->size < 8 || src->read(src->ctx, 4, b, 4) != 4)
		return NULL;
	said = 8 + ((int64_t)b[3] << 24 | b[2] << 16 | b[1] << 8 | b[0]);
	/* What is written to a pipe says 0 or as much as can be said. */
	if (said >= UINT32_MAX || said <= src->size + 1)
		return NULL;
	return arena_printf(a, "its head promises %lld bytes more than it has",
	    (long long)(said - src->size));
}

static void
matroska_time(struct media_av_input *in, bool whole, int64_t *said,
    int64_t *there)
{
	if (segment_is_cut(in))
		*there = whole ? walk(in) : 0;
	else if (has_text(in) && whole)
		*said = walk(in);
}

/* said: by the head; there: by what is there, -1 where that was not looked at
 * and 0 where nothing is. */
static void
look(struct media_av_input *in, bool whole, int64_t *said, int64_t *there,
    struct media_facts *out)
{
	int64_t ms;

	switch (in->kind) {
	case MEDIA_AV_MP4:
		if (in_fragments(in))
			*said = -1;	/* that of the first */
		else
			*there = mp4_time(in, out);
		break;
	case MEDIA_AV_MATROSKA:
		matroska_time(in, whole, said, there);
		break;
	case MEDIA_AV_OGG:
		if (*said > 0 && (ms = before_zero(in)) < *said)
			*said -= ms;
		break;
	case MEDIA_AV_FLAC:
		*there = in->ctx->nb_streams > 0 ? flac_time(in) : -1;
		break;
	case MEDIA_AV_WAV:
	case MEDIA_AV_AIFF:
		*there = pcm_time(in);
		break;
	case MEDIA_AV_ADTS:
		*said = -1;	/* a guess by the first frames */
		break;
	case MEDIA_AV_MP3_TAG:
		break;
	}
}

void
media_av_time(struct media_av_input *in, bool whole, struct arena *a,
    struct media_facts *out)
{
	int64_t said = told(in), there = -1;

	if (in->kind == MEDIA_AV_OGG && is_chained(in->src)) {
		out->doubt = "is several Ogg files one behind the other, so "
		    "that its duration is not known";
		return;
	}
	look(in, whole, &said, &there, out);
	if (there >= 0 && said > there + CUT_MS) {
		out->doubt = arena_printf(a, "its head promises %s, but it "
		    "holds %s", media_clock(a, said), there > 0 ?
		    media_clock(a, there) : "nothing of it");
		said = there;
	} else if (said < 0) {
		said = there < 0 && whole ? walk(in) : there;
	}
	if (in->kind == MEDIA_AV_WAV && out->doubt == NULL)
		out->doubt = wav_doubt(in, a);
	out->duration_ms = said > 0 ? said : -1;
	if (out->bitrate == 0)
		out->bitrate = rate_of(out->length - out->art.bytes, said);
}
