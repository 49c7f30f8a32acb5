#include "show/media_av.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "show/media_av_int.h"
#include "show/media_image.h"
#include "show/media_mp3.h"
#include "text/utf8.h"

#define BUFFER 16384
/* A head larger than this is none of a podcast. */
#define PROBE_MAX (1 << 20)
#define CHAPTERS_MAX 10000
#define TEXT_MAX 4096
/* How far into a tag chapters are looked for. */
#define CHAPTER_TAG_MAX ((int64_t)16 << 20)
/* What is believed to be a duration: three years. */
#define MS_MAX ((int64_t)100000000000)

int64_t
media_source_read(void *ctx, int64_t offset, void *buf, size_t len)
{
	return pread(*(int *)ctx, buf, len, offset);
}

static int
take(void *opaque, uint8_t *buf, int len)
{
	struct media_av_input *in = opaque;
	int64_t n;

	if (len <= 0 || in->at >= in->src->size)
		return AVERROR_EOF;
	if (in->left <= 0)
		return AVERROR(EIO);
	n = in->src->read(in->src->ctx, in->at, buf, (size_t)len);
	if (n <= 0)
		return n == 0 ? AVERROR_EOF : AVERROR(EIO);
	in->at += n;
	in->left -= n;
	return (int)n;
}

static int64_t
go_to(void *opaque, int64_t offset, int whence)
{
	struct media_av_input *in = opaque;

	switch (whence & ~AVSEEK_FORCE) {
	case AVSEEK_SIZE:
		return in->src->size;
	case SEEK_SET:
		break;
	case SEEK_CUR:
		offset += in->at;
		break;
	case SEEK_END:
		offset += in->src->size;
		break;
	default:
		return AVERROR(EINVAL);
	}
	if (offset < 0)
		return AVERROR(EINVAL);
	in->at = offset;
	return offset;
}

/* A file that names another gets none. */
static int
refuse(AVFormatContext *ctx, AVIOContext **io, const char *url, int flags,
    AVDictionary **options)
{
	(void)ctx;
	(void)io;
	(void)url;
	(void)flags;
	(void)options;
	return AVERROR(EACCES);
}

static const char *
reader_of(enum media_av_kind kind)
{
	static const char *const names[] = {
		[MEDIA_AV_MP4] = "mov", [MEDIA_AV_OGG] = "ogg",
		[MEDIA_AV_FLAC] = "flac", [MEDIA_AV_WAV] = "wav",
		[MEDIA_AV_AIFF] = "aiff", [MEDIA_AV_ADTS] = "aac",
		[MEDIA_AV_MATROSKA] = "matroska", [MEDIA_AV_MP3_TAG] = "mp3"
	};

	return names[kind];
}

/* What people call such a file. */
static const char *
name_of(enum media_av_kind kind)
{
	static const char *const names[] = {
		[MEDIA_AV_MP4] = "MP4", [MEDIA_AV_OGG] = "Ogg",
		[MEDIA_AV_FLAC] = "FLAC", [MEDIA_AV_WAV] = "WAV",
		[MEDIA_AV_AIFF] = "AIFF", [MEDIA_AV_ADTS] = "AAC",
		[MEDIA_AV_MATROSKA] = "Matroska",
		[MEDIA_AV_MP3_TAG] = "an ID3 tag"
	};

	return names[kind];
}

void
media_av_close(struct media_av_input *in)
{
	if (in->ctx != NULL)
		in->av->avformat_close_input(&in->ctx);
	if (in->io != NULL) {
		in->av->av_free(in->io->buffer);
		in->av->avio_context_free(&in->io);
	}
}

int
media_av_open(struct media_av_input *in, struct err *err)
{
	const struct media_av_lib *av = media_av_lib(err);
	unsigned char *buffer;

	if (av == NULL)
		return -1;
	in->av = av;
	buffer = av->av_malloc(BUFFER);
	in->left = 4 * in->src->size + ((int64_t)16 << 20);
	if (buffer != NULL)
		in->io = av->avio_alloc_context(buffer, BUFFER, 0, in, take,
		    NULL, go_to);
	if (in->io == NULL)
		av->av_free(buffer);
	else
		in->ctx = av->avformat_alloc_context();
	if (in->ctx == NULL)
		return err_set(err, ERR_INTERNAL, "libavformat is out of "
		    "memory");
	in->ctx->pb = in->io;
	in->ctx->flags |= AVFMT_FLAG_CUSTOM_IO;
	in->ctx->io_open = refuse;
	in->ctx->protocol_whitelist = av->av_strdup("none");
	in->ctx->probesize = PROBE_MAX;
	in->ctx->max_streams = MEDIA_AV_STREAMS_MAX;
	if (av->avformat_open_input(&in->ctx, NULL,
	    av->av_find_input_format(reader_of(in->kind)), NULL) != 0)
		return err_set(err, ERR_INPUT, "is damaged or cut off: it "
		    "cannot be read as %s; listen to it, and get it whole "
		    "again", name_of(in->kind));
	/* The others tell all in their head. Twice makes it crash. */
	if ((in->kind == MEDIA_AV_ADTS || in->to_decode) &&
	    av->avformat_find_stream_info(in->ctx, NULL) < 0 && in->to_decode)
		return err_set(err, ERR_INPUT,
		    "is no audio file that can be decoded");
	return 0;
}

static bool
is_picture(const AVStream *st)
{
	return (st->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

bool
media_av_is_audio(const AVStream *st)
{
	return st->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
}

int64_t
media_av_ms(const struct media_av_input *in, int64_t time,
    AVRational base)
{
	int64_t ms;

	if (time == AV_NOPTS_VALUE || base.num <= 0 || base.den <= 0)
		return -1;
	ms = in->av->av_rescale_q(time, base, (AVRational){ 1, 1000 });
	return ms >= 0 && ms <= MS_MAX ? ms : -1;
}

/* A picture for each chapter is a track of one a second, or fewer. */
static bool
is_slow(const struct media_av_input *in, const AVStream *st)
{
	int64_t ms = media_av_ms(in, st->duration, st->time_base);

	return in->kind == MEDIA_AV_MP4 &&
	    (st->codecpar->codec_id == AV_CODEC_ID_MJPEG ||
	    st->codecpar->codec_id == AV_CODEC_ID_PNG) &&
	    in->av->avformat_index_get_entries_count(st) <= ms / 1000 + 1;
}

bool
media_av_is_video(const struct media_av_input *in, const AVStream *st)
{
	return st->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
	    !is_picture(st) && !is_slow(in, st);
}

/* One line of valid UTF-8 for whatever a tag holds. */
static const char *
text_of(const char *s, struct arena *a)
{
	size_t len = s != NULL ? strnlen(s, TEXT_MAX) : 0, i, at;
	char *out;

	if (len == 0)
		return NULL;
	if (len == TEXT_MAX)
		len = utf8_prefix(s, len, TEXT_MAX - 4);
	out = arena_strndup(a, s, len);
	for (i = 0; (at = utf8_invalid_at(out + i, len - i)) < len - i;
	    i += at + 1)
		out[i + at] = '?';
	for (i = 0; (at = utf8_control_at(out + i, len - i, false)) < len - i;
	    i += at)
		do {
			out[i + at] = ' ';
		} while (((unsigned char)out[i + ++at] & 0xc0) == 0x80);
	return out;
}

/* Vorbis comments, CHAPTER002URL: libavformat leaves it among the tags. */
static const char *
url_of(const struct media_av_input *in, unsigned chapter, struct arena *a)
{
	const AVDictionaryEntry *tag = NULL;
	char key[32];
	unsigned i;

	snprintf(key, sizeof(key), "CHAPTER%03uURL", chapter);
	for (i = 0; i < in->ctx->nb_streams && tag == NULL; i++)
		tag = in->av->av_dict_get(in->ctx->streams[i]->metadata, key,
		    NULL, 0);
	if (tag == NULL)
		tag = in->av->av_dict_get(in->ctx->metadata, key, NULL, 0);
	return tag != NULL ? text_of(tag->value, a) : NULL;
}

/* Bytes of the body of a tag's frame; more than the tag has, where it is
 * none. */
static size_t
frame_size(const unsigned char *tag, const unsigned char *p)
{
	if (tag[3] < 4)
		return (size_t)p[4] << 24 | (size_t)p[5] << 16 |
		    (size_t)p[6] << 8 | p[7];
	return (size_t)p[4] << 21 | (size_t)p[5] << 14 | (size_t)p[6] << 7 |
	    p[7];
}

/* Of a chapter without a title libavformat gives the name that it has within
 * the tag, which is for no eyes (ID3v2 Chapter Frame Addendum §3.1). tag: with
 * a NUL behind it. */
static void
drop_names(const unsigned char *tag, size_t len, struct media_chapter *c,
    size_t n)
{
	const unsigned char *p = tag + 10, *end = tag + len;
	size_t size;

	for (; n > 0 && end - p > 10 && p[0] != 0; p += 10 + size) {
		size = frame_size(tag, p);
		if (size > (size_t)(end - p) - 10)
			return;
		if (memcmp(p, "CHAP", 4) != 0)
			continue;
		if (c->title != NULL && strcmp(c->title, (const char *)p +
		    10) == 0 && memmem(p, 10 + size, "TIT2", 4) == NULL)
			c->title = NULL;
		c++;
		n--;
	}
}

/* Bytes of the tag that came. */
static int64_t
read_tag(const struct media_source *src, unsigned char *to, int64_t len)
{
	int64_t have = 0, got = 1;

	while (have < len && got > 0) {
		got = src->read(src->ctx, have, to + have,
		    (size_t)(len - have));
		have += got > 0 ? got : 0;
	}
	return have;
}

static void
read_names(const struct media_av_input *in, struct media_chapter *c, size_t n)
{
	unsigned char head[10], *bytes;
	int64_t len = 0;

	if (in->src->size > 10 && read_tag(in->src, head, 10) == 10)
		len = media_mp3_tag(head, 10);
	/* Neither scrambled nor with a further header. */
	if (len <= 10 || len > in->src->size || len > CHAPTER_TAG_MAX ||
	    (head[5] & 0xc0) != 0)
		return;
	bytes = xcalloc((size_t)len + 1, 1);
	if (read_tag(in->src, bytes, len) == len)
		drop_names(bytes, (size_t)len, c, n);
	free(bytes);
}

/* By their beginnings; those with the same stay in their order. Few files have
 * any that are not. */
static void
sort_chapters(struct media_chapter *c, size_t n)
{
	struct media_chapter one;
	size_t i, at;

	for (i = 1; i < n; i++) {
		one = c[i];
		for (at = i; at > 0 && c[at - 1].start_ms > one.start_ms; at--)
			c[at] = c[at - 1];
		c[at] = one;
	}
}

static void
read_chapters(const struct media_av_input *in, struct arena *a,
    struct media_facts *out)
{
	unsigned n = in->ctx->nb_chapters, i;
	struct media_chapter *c;
	const AVChapter *from;
	const AVDictionaryEntry *tag;

	if (n > CHAPTERS_MAX)
		n = CHAPTERS_MAX;
	if (n == 0)
		return;
	c = arena_array(a, n, sizeof(*c));
	for (i = 0; i < n; i++) {
		from = in->ctx->chapters[i];
		c[i].start_ms = media_av_ms(in, from->start, from->time_base);
		c[i].end_ms = media_av_ms(in, from->end, from->time_base);
		if (c[i].start_ms < 0)
			c[i].start_ms = 0;
		if (c[i].end_ms < c[i].start_ms)
			c[i].end_ms = -1;
		tag = in->av->av_dict_get(from->metadata, "title", NULL, 0);
		c[i].title = text_of(tag != NULL ? tag->value : NULL, a);
		if (in->kind == MEDIA_AV_OGG)
			c[i].url = url_of(in, (unsigned)from->id, a);
	}
	if (in->kind == MEDIA_AV_MP3_TAG)
		read_names(in, c, n);
	sort_chapters(c, n);
	out->chapters = c;
	out->nchapters = n;
}

static void
read_art(const struct media_av_input *in, struct media_facts *out)
{
	struct err ignored = ERR_INIT;
	const AVStream *st;
	unsigned i;

	for (i = 0; i < in->ctx->nb_streams && out->art.width == 0; i++) {
		st = in->ctx->streams[i];
		/* A row of pictures belongs to the chapters. */
		if (is_picture(st) && st->attached_pic.size > 0 &&
		    (st->disposition & AV_DISPOSITION_TIMED_THUMBNAILS) == 0)
			media_image_head(st->attached_pic.data,
			    (size_t)st->attached_pic.size, &out->art,
			    &ignored);
	}
}

static void
name_codec(const struct media_av_input *in, const AVCodecParameters *p,
    struct media_facts *out)
{
	snprintf(out->codec, sizeof(out->codec), "%s",
	    p->codec_id == AV_CODEC_ID_NONE ? "" :
	    in->av->avcodec_get_name(p->codec_id));
}

static unsigned
channels_of(const AVCodecParameters *p)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(59, 24, 100)
	int n = p->ch_layout.nb_channels;
#else
	int n = p->channels;
#endif
	return n > 0 ? (unsigned)n : 0;
}

/* What libavformat leaves to the decoder: STREAMINFO (RFC 9639 §8.2). */
static void
read_streaminfo(const AVCodecParameters *p, struct media_facts *out)
{
	const unsigned char *b = p->extradata;

	if (p->codec_id != AV_CODEC_ID_FLAC || p->extradata_size < 34 ||
	    out->sample_rate != 0)
		return;
	out->sample_rate = (unsigned)b[10] << 12 | (unsigned)b[11] << 4 |
	    b[12] >> 4;
	out->channels = (b[12] >> 1 & 7u) + 1;
}

/* What streams are, without their duration. */
static void
read_streams(const struct media_av_input *in, struct media_facts *out,
    bool *video)
{
	const AVCodecParameters *p;
	const AVStream *st, *sound = NULL, *moving = NULL;
	unsigned i;

	for (i = in->ctx->nb_streams; i-- > 0;) {
		st = in->ctx->streams[i];
		if (media_av_is_audio(st))
			sound = st;
		else if (media_av_is_video(in, st))
			moving = st;
	}
	*video = moving != NULL;
	if (moving != NULL) {
		p = moving->codecpar;
		out->width = p->width > 0 ? (unsigned)p->width : 0;
		out->height = p->height > 0 ? (unsigned)p->height : 0;
		name_codec(in, p, out);
	}
	if (sound != NULL) {
		p = sound->codecpar;
		out->sample_rate = p->sample_rate > 0 ?
		    (unsigned)p->sample_rate : 0;
		out->channels = channels_of(p);
		read_streaminfo(p, out);
		name_codec(in, p, out);
	}
}

int
media_av_facts(const struct media_source *src, enum media_av_kind kind,
    bool whole, struct arena *a, struct media_facts *out, bool *video,
    struct err *err)
{
	struct media_av_input in = { .src = src, .kind = kind };
	int rc = -1;

	*video = false;
	if (media_av_open(&in, err) == 0) {
		read_chapters(&in, a, out);
		read_art(&in, out);
		if (kind != MEDIA_AV_MP3_TAG) {
			read_streams(&in, out, video);
			media_av_time(&in, whole, a, out);
		}
		rc = 0;
	}
	media_av_close(&in);
	return rc;
}
