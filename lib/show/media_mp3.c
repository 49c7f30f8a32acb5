#include "show/media_mp3.h"

#include <stdlib.h>
#include <string.h>

static uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/* Thousands of bits a second; version as in the header, 3: MPEG 1. */
static unsigned
bitrate_of(unsigned version, unsigned layer, unsigned index)
{
	/* MPEG 1, layers 1 to 3; MPEG 2 and 2.5, layer 1, layers 2 and 3. */
	static const unsigned short kbits[5][15] = {
		{ 0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384,
		    416, 448 },
		{ 0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256,
		    320, 384 },
		{ 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224,
		    256, 320 },
		{ 0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192,
		    224, 256 },
		{ 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144,
		    160 }
	};

	if (version == 3)
		return kbits[layer - 1][index];
	return kbits[layer == 1 ? 3 : 4][index];
}

static unsigned
size_of(const struct media_mp3_frame *f, unsigned padding)
{
	if (f->bitrate == 0)
		return 0;
	if (f->layer == 1)
		return (12 * f->bitrate / f->rate + padding) * 4;
	return f->samples / 8 * f->bitrate / f->rate + padding;
}

bool
media_mp3_frame(uint32_t h, struct media_mp3_frame *out)
{
	static const unsigned rates[3] = { 44100, 48000, 32000 };
	static const unsigned versions[4] = { 25, 0, 20, 10 };
	static const unsigned halved[4] = { 2, 0, 1, 0 };
	unsigned version = h >> 19 & 3, layer = 4 - (h >> 17 & 3),
	    index = h >> 12 & 15, rate = h >> 10 & 3;

	if (h >> 21 != 0x7ff || version == 1 || layer == 4 || index == 15 ||
	    rate == 3)
		return false;
	out->version = versions[version];
	out->layer = layer;
	out->rate = rates[rate] >> halved[version];
	out->bitrate = 1000 * bitrate_of(version, layer, index);
	out->samples = layer == 1 ? 384 : layer == 3 && version != 3 ? 576 :
	    1152;
	out->channels = (h >> 6 & 3) == 3 ? 1 : 2;
	out->size = size_of(out, h >> 9 & 1);
	return true;
}

/* Two frames of one stream. */
static bool
are_alike(const struct media_mp3_frame *a, const struct media_mp3_frame *b)
{
	return a->version == b->version && a->layer == b->layer &&
	    a->rate == b->rate;
}

int64_t
media_mp3_tag(const void *data, size_t len)
{
	const unsigned char *p = data;

	/* ID3v2.4 §3.1: four bytes of seven bits. */
	if (len < 10 || memcmp(p, "ID3", 3) != 0 || p[3] == 0xff ||
	    p[4] == 0xff || ((p[6] | p[7] | p[8] | p[9]) & 0x80) != 0)
		return 0;
	return 10 + ((int64_t)p[6] << 21 | (int64_t)p[7] << 14 |
	    (int64_t)p[8] << 7 | p[9]) + ((p[5] & 0x10) != 0 ? 10 : 0);
}

/* How many frames that agree follow each other from p on, at most max. end:
 * whether the last one reaches to, or over, the end of the data. */
static unsigned
count_row(const unsigned char *p, size_t len, unsigned max,
    struct media_mp3_frame *first, bool *constant, bool *end)
{
	struct media_mp3_frame f;
	unsigned n = 0;

	*constant = true;
	*end = false;
	while (n < max && len >= 4 && media_mp3_frame(be32(p), &f) &&
	    f.size >= 4 && (n == 0 || are_alike(&f, first))) {
		if (n == 0)
			*first = f;
		else if (f.bitrate != first->bitrate)
			*constant = false;
		n++;
		if (f.size >= len) {
			*end = true;
			break;
		}
		p += f.size;
		len -= f.size;
	}
	if (n > 0 && len < 4)
		*end = true;
	return n;
}

/* What encoders write at the end of a Xing or Info header; those that write
 * it tell here how much silence they added (LAME's tag, revision 1). */
static void
read_silence(const unsigned char *p, size_t len, struct media_mp3_head *out)
{
	if (len < 24 || (memcmp(p, "LAME", 4) != 0 &&
	    memcmp(p, "Lavf", 4) != 0 && memcmp(p, "Lavc", 4) != 0))
		return;
	out->delay = (unsigned)(p[21] << 4 | p[22] >> 4);
	out->padding = (unsigned)((p[22] & 15) << 8 | p[23]);
}

static void
read_xing(const unsigned char *p, size_t len, struct media_mp3_head *out)
{
	uint32_t flags = be32(p + 4);
	size_t at = 8;

	out->vbr = p[0] == 'X';
	if ((flags & 1) != 0 && at + 4 <= len) {
		out->frames = be32(p + at);
		at += 4;
	}
	if ((flags & 2) != 0 && at + 4 <= len) {
		out->bytes = be32(p + at);
		at += 4;
	}
	at += ((flags & 4) != 0 ? 100u : 0u) + ((flags & 8) != 0 ? 4u : 0u);
	if (at < len)
		read_silence(p + at, len - at, out);
	/* None, rather than a file without a frame. */
	if (out->frames == 0)
		out->frames = -1;
	if (out->bytes == 0)
		out->bytes = -1;
}

/* The header lies where the first frame has its samples. */
static void
read_header(const unsigned char *p, size_t len, struct media_mp3_head *out)
{
	const struct media_mp3_frame *f = &out->frame;
	size_t side = f->version == 10 ? (f->channels == 1 ? 17 : 32) :
	    f->channels == 1 ? 9 : 17;

	out->header = false;
	out->frames = out->bytes = -1;
	out->delay = out->padding = 0;
	if (len > f->size)
		len = f->size;
	if (len >= 4 + side + 8 && (memcmp(p + 4 + side, "Xing", 4) == 0 ||
	    memcmp(p + 4 + side, "Info", 4) == 0)) {
		out->header = true;
		read_xing(p + 4 + side, len - 4 - side, out);
	} else if (len >= 36 + 18 && memcmp(p + 36, "VBRI", 4) == 0) {
		out->header = out->vbr = true;
		out->bytes = be32(p + 36 + 10);
		out->frames = be32(p + 36 + 14);
	}
}

bool
media_mp3_head(const void *data, size_t len, size_t junk,
    struct media_mp3_head *out)
{
	const unsigned char *p = data;
	bool end;
	size_t i;

	for (i = 0; i + 4 <= len && i <= junk; i++) {
		if (p[i] != 0xff || (p[i + 1] & 0xe0) != 0xe0)
			continue;
		/* Fewer are believed where the data begins and ends with
		 * them; not of layer 1, as which every text in UTF-16 would
		 * begin. */
		if (count_row(p + i, len - i, 3, &out->frame, &out->constant,
		    &end) < 3 && !(end && i == 0 && out->frame.layer != 1))
			continue;
		count_row(p + i, len - i, UINT32_MAX, &out->frame,
		    &out->constant, &end);
		out->first = i;
		out->vbr = !out->constant;
		read_header(p + i, len - i, out);
		return true;
	}
	return false;
}

int64_t
media_mp3_duration(const struct media_mp3_head *head, int64_t bytes)
{
	const struct media_mp3_frame *f = &head->frame;
	int64_t samples;

	if (head->frames > 0) {
		/* A few bytes less are an encoder's way of counting. */
		if (head->bytes > bytes + f->size)
			return -1;
		samples = head->frames * f->samples;
		if (samples > head->delay + head->padding)
			samples -= head->delay + head->padding;
		return (samples * 1000 + f->rate / 2) / f->rate;
	}
	if (!head->constant || f->bitrate == 0 || bytes < 0 ||
	    bytes > INT64_MAX / 8000)
		return -1;
	return bytes * 8000 / f->bitrate;
}

bool
media_mp3_same(const void *data, size_t len, const struct media_mp3_head *head)
{
	struct media_mp3_head part;

	return media_mp3_head(data, len, len, &part) && part.constant &&
	    are_alike(&part.frame, &head->frame) &&
	    part.frame.bitrate == head->frame.bitrate;
}
