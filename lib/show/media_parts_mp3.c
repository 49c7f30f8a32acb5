#include "show/media_parts_mp3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show/media_av.h"

/* How much of a file a header may leave out: encoders count differently, and
 * the frame with the header may be counted or not. */
#define SLACK 4096
/* Tags behind each other. */
#define TAGS_MAX 4

/* What is between the tags. */
struct sound {
	int64_t begin, end;
	struct media_mp3_head plain;	/* without the frame that holds the
					 * header, which may have a bitrate of
					 * its own */
	int64_t even;			/* the size of every frame, as far as
					 * was looked; 0: they differ */
};

/* Bytes of the tag that ends at an offset: ID3v1, APE, Lyrics3. */
static int64_t
tag_before(struct media_sparse *s, int64_t end)
{
	unsigned char p[32];
	char digits[7] = "";
	int64_t len;

	if (end >= 128 && media_parts_fill(s, end - 128, p, 3) == 3 &&
	    memcmp(p, "TAG", 3) == 0)
		return 128;
	if (end < 32 || media_parts_fill(s, end - 32, p, 32) != 32)
		return 0;
	if (memcmp(p, "APETAGEX", 8) == 0) {
		len = (int64_t)p[15] << 24 | p[14] << 16 | p[13] << 8 | p[12];
		return len + ((p[23] & 0x80) != 0 ? 32 : 0);
	}
	if (memcmp(p + 23, "LYRICS200", 9) != 0)
		return 0;
	memcpy(digits, p + 17, 6);
	return strspn(digits, "0123456789") == 6 ?
	    strtol(digits, NULL, 10) + 15 : 0;
}

static void
find_end(struct media_sparse *s, struct sound *at)
{
	int64_t len;
	unsigned i;

	/* One request for all that is of interest there. */
	len = media_sparse_size(s) - at->begin;
	if (len > MEDIA_SPARSE_FIRST)
		len = MEDIA_SPARSE_FIRST;
	(void)media_sparse_has(s, media_sparse_size(s) - len, len);
	at->end = media_sparse_size(s);
	for (i = 0; i < TAGS_MAX; i++) {
		len = tag_before(s, at->end);
		if (len <= 0 || len > at->end - at->begin)
			break;
		at->end -= len;
	}
}

/* Whether the last frames are of the head's bitrate. */
static bool
tail_agrees(struct media_sparse *s, const struct sound *at)
{
	int64_t len = at->end - at->begin, n;
	bool same = false;
	char *tail;

	if (len > MEDIA_SPARSE_FIRST)
		len = MEDIA_SPARSE_FIRST;
	tail = xmalloc((size_t)len + 1);
	n = media_parts_fill(s, at->end - len, tail, len);
	if (n == len)
		same = media_mp3_same(tail, (size_t)len, &at->plain);
	free(tail);
	return same;
}

/* By the bytes, as if there were no header; -1: they do not tell. */
static int64_t
by_bytes(struct media_sparse *s, const struct sound *at,
    const struct media_mp3_head *head)
{
	const struct media_mp3_frame *f = &at->plain.frame;
	int64_t bytes = at->end - at->begin -
	    (head->header ? (int64_t)head->frame.size : 0);

	if (!at->plain.constant || head->vbr || !tail_agrees(s, at))
		return -1;
	/* Some encoders never pad, and so have a little less than the bitrate
	 * that they claim. */
	if (at->even > 0 && bytes < INT64_MAX / 2000000)
		return (bytes * f->samples * 1000 + at->even * f->rate / 2) /
		    (at->even * f->rate);
	return media_mp3_duration(&at->plain, bytes);
}

/* Whether a header tells of the bytes that there are: not of more, and not of
 * less, as where files were put together. */
static bool
header_fits(const struct media_mp3_head *head, const struct sound *at,
    int64_t ms)
{
	int64_t have = at->end - at->begin, mean;

	if (head->bytes > 0)
		return head->bytes <= have + head->frame.size &&
		    have <= head->bytes + SLACK;
	mean = ms > 0 ? have * 8000 / ms : 0;
	if (at->plain.constant && !head->vbr)
		return llabs(mean - at->plain.frame.bitrate) <=
		    at->plain.frame.bitrate / 50;
	return mean >= 8000 && mean <= 448000;
}

static void
tell_duration(struct media_sparse *s, const struct sound *at,
    const struct media_mp3_head *head, struct arena *a,
    struct media_facts *out)
{
	int64_t said = -1;

	if (head->frames > 0)
		said = media_mp3_duration(head, INT64_MAX / 8000);
	if (said >= 0 && header_fits(head, at, said)) {
		out->duration_ms = said;
		return;
	}
	out->duration_ms = by_bytes(s, at, head);
	if (said >= 0 && out->duration_ms >= 0)
		out->doubt = arena_printf(a, "its header promises %s, but it "
		    "holds %s", media_clock(a, said),
		    media_clock(a, out->duration_ms));
	else if (said >= 0)
		out->doubt = arena_printf(a, "its header promises %s, but it "
		    "has another size than the header says, so that only all "
		    "of its bytes would tell its duration",
		    media_clock(a, said));
	else if (out->duration_ms < 0)
		out->doubt = "has frames of several bitrates and no header "
		    "that counts them, so that only all of its bytes would "
		    "tell its duration";
}

static void
tell_bitrate(const struct sound *at, const struct media_mp3_head *head,
    struct media_facts *out)
{
	int64_t bytes = at->end - at->begin -
	    (head->header ? (int64_t)head->frame.size : 0);
	double mean;

	if (!head->vbr && at->plain.constant) {
		out->bitrate = at->plain.frame.bitrate;
		return;
	}
	mean = out->duration_ms > 0 ? (double)bytes * 8000 /
	    (double)out->duration_ms + 0.5 : 0;
	out->bitrate = mean < UINT32_MAX ? (unsigned)mean : 0;
}

/* Whether a tag has what libavformat is worth loading for. */
static bool
has_more(struct media_sparse *s, int64_t tag)
{
	static const char *const names[] = { "CHAP", "APIC", "PIC" };
	char *bytes = xmalloc((size_t)tag);
	bool found = false;
	size_t i;

	if (media_parts_fill(s, 0, bytes, tag) == tag)
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			found = found || memmem(bytes, (size_t)tag, names[i],
			    strlen(names[i])) != NULL;
	free(bytes);
	return found;
}

static void
read_tag(struct media_sparse *s, int64_t tag, struct arena *a,
    struct media_facts *out)
{
	struct media_source src = { .read = media_sparse_read, .ctx = s };
	const char *why = "it is larger than what is read of a file";
	struct err err = ERR_INIT;
	bool video;

	if (tag <= 10)
		return;
	if (tag <= MEDIA_PARTS_TAG_MAX && has_more(s, tag)) {
		src.size = tag + MEDIA_SPARSE_FIRST;
		if (src.size > media_sparse_size(s))
			src.size = media_sparse_size(s);
		if (media_av_facts(&src, MEDIA_AV_MP3_TAG, false, a, out,
		    &video, &err) == 0)
			return;
		why = err.msg;
	} else if (tag <= MEDIA_PARTS_TAG_MAX) {
		return;
	}
	if (out->doubt == NULL)
		out->doubt = arena_printf(a, "has a tag whose chapters and "
		    "picture cannot be read: %s", why);
}

/* The size that all frames of some data have; 0: they differ. */
static int64_t
even_size(const unsigned char *p, int64_t len)
{
	struct media_mp3_frame f;
	int64_t size = 0;

	while (len >= 4 && media_mp3_frame((uint32_t)p[0] << 24 |
	    (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3], &f) &&
	    f.size >= 4) {
		if (size != 0 && f.size != size)
			return 0;
		size = f.size;
		if (size > len)
			break;
		p += size;
		len -= size;
	}
	return size;
}

/* The head as it would be without the frame that holds the header. */
static void
find_plain(struct media_sparse *s, const struct media_mp3_head *head,
    struct sound *at)
{
	int64_t from = at->begin + (head->header ? head->frame.size : 0), n;
	struct media_mp3_head next;
	unsigned char *data;

	at->plain = *head;
	at->plain.frames = at->plain.bytes = -1;
	data = xmalloc((size_t)MEDIA_SPARSE_FIRST);
	n = media_sparse_read(s, from, data, (size_t)MEDIA_SPARSE_FIRST);
	if (n > 0 && media_mp3_head(data, (size_t)n, 0, &next)) {
		at->plain.frame = next.frame;
		at->plain.constant = next.constant;
		at->even = even_size(data, n);
	}
	free(data);
}

void
media_parts_mp3(struct media_sparse *s, int64_t tag,
    const struct media_mp3_head *head, struct arena *a,
    struct media_facts *out)
{
	struct sound at = { .begin = tag + (int64_t)head->first };

	memcpy(out->type, "audio/mpeg", sizeof("audio/mpeg"));
	snprintf(out->codec, sizeof(out->codec), "mp%u", head->frame.layer);
	out->sample_rate = head->frame.rate;
	out->channels = head->frame.channels;
	out->vbr = head->vbr;
	find_plain(s, head, &at);
	at.end = media_sparse_size(s);
	/* Most need no more than their head. */
	if (head->bytes <= 0 || head->frames <= 0 ||
	    !header_fits(head, &at, 0))
		find_end(s, &at);
	tell_duration(s, &at, head, a, out);
	tell_bitrate(&at, head, out);
	read_tag(s, tag, a, out);
}
