/* The walk over all frames: by libmpg123, unless the file is in order. */
#include "show/media_mp3.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mpg123.h>

#include "show/media_mp3_reader.h"

#define READ_BUFFER MEDIA_MP3_READER_SIZE
/* Bytes between two frames: players go on behind any damage and behind a
 * second tag with a picture. */
#define RESYNC_ALL (-1)
/* Bytes behind the last frame that some programs leave there. */
#define REST_MAX ((int64_t)64 << 10)

/* What the walk adds up. */
struct sum {
	struct media_mp3_frame first;
	uint32_t header;	/* of the frame before, as far as it tells its
				 * kind */
	unsigned rate, samples;	/* of the frames that are being counted */
	int64_t run;		/* how many they are */
	int64_t us;		/* of those before */
	int64_t frames, bytes;
	off_t begin, end;	/* of all frames, in the file */
	bool vbr;
};

/* The bits of a header that say how long the frame lasts and what its bitrate
 * is: version, layer, bitrate, rate. */
#define KIND_BITS 0x001efc00u
#define BITRATE_BITS 0x0000f000u

static void
settle_run(struct sum *s)
{
	if (s->rate > 0)
		s->us += s->run * s->samples * 1000000 / s->rate;
	s->run = 0;
}

static void
add_frame(struct sum *s, uint32_t header, size_t size, off_t at)
{
	uint32_t changed = s->frames == 0 ? KIND_BITS :
	    (header ^ s->header) & KIND_BITS;
	struct media_mp3_frame f;

	if ((changed & ~BITRATE_BITS) == 0 && changed != 0) {
		/* As long as the one before. */
		if ((header & BITRATE_BITS) == BITRATE_BITS)
			return;
		s->vbr = true;
		s->header = header;
	} else if (changed != 0) {
		if (!media_mp3_frame(header, &f))
			return;
		if (s->frames == 0) {
			s->first = f;
			s->begin = at;
		} else if ((changed & BITRATE_BITS) != 0) {
			s->vbr = true;
		}
		if (f.rate != s->rate || f.samples != s->samples) {
			settle_run(s);
			s->rate = f.rate;
			s->samples = f.samples;
		}
		s->header = header;
	}
	s->run++;
	s->frames++;
	s->bytes += (int64_t)size;
	s->end = at + (off_t)size;
}

static void
walk(mpg123_handle *h, struct sum *s)
{
	unsigned long header;
	unsigned char *body;
	size_t size;
	int rc;

	while ((rc = mpg123_framebyframe_next(h)) == MPG123_OK ||
	    rc == MPG123_NEW_FORMAT)
		if (mpg123_framedata(h, &header, &body, &size) == MPG123_OK)
			add_frame(s, (uint32_t)header, size + 4,
			    mpg123_framepos(h));
	settle_run(s);
}

static uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/* Lyrics3 and the ID3v1 tag behind it: bytes of both together, as the end of
 * the file tells; 0: it has none. */
static int64_t
lyrics_of(int fd, int64_t length)
{
	char p[16] = "";

	if (length < 143 || pread(fd, p, 15, length - 143) != 15 ||
	    memcmp(p + 6, "LYRICS200", 9) != 0)
		return 0;
	p[6] = '\0';
	return strspn(p, "0123456789") == 6 ? strtol(p, NULL, 10) + 143 : 0;
}

/* Whether nothing but tags is left from `at` on: files that were put together
 * have some between them, too. */
static bool
is_end(int fd, int64_t at, int64_t length)
{
	unsigned char p[16] = { 0 };
	int64_t left = length - at, ape;

	if (left <= 0 || pread(fd, p, sizeof(p), at) < 3)
		return left == 0;
	if (memcmp(p, "TAG", 3) == 0)
		return left == 128;
	if (memcmp(p, "LYRICSBEGIN", 11) == 0)
		return left == lyrics_of(fd, length);
	/* What its header counts is all but itself. */
	ape = ((int64_t)p[15] << 24 | p[14] << 16 | p[13] << 8 | p[12]) + 32;
	return memcmp(p, "APETAGEX", 8) == 0 &&
	    (left == ape || left == ape + 128);
}

/* The frames of a buffer, as far as their headers are in it: how many bytes
 * they take; more than have, when the last one reaches beyond it. */
static size_t
add_chain(struct sum *s, const unsigned char *p, size_t have, int64_t at)
{
	struct media_mp3_frame f = { 0 };
	uint32_t header, last = 0;
	size_t used = 0, size = 0, padding = 0;

	while (used + 4 <= have) {
		header = be32(p + used);
		if (((header ^ last) & 0xfffffc00u) != 0) {
			/* All but the bitrate stays as it is. */
			if (!media_mp3_frame(header, &f) || f.size < 4 ||
			    (s->frames > 0 && ((header ^ s->header) &
			    KIND_BITS & ~BITRATE_BITS) != 0))
				break;
			/* Some frames have padding. */
			padding = f.layer == 1 ? 4 : 1;
			size = f.size - (header >> 9 & 1) * padding;
			last = header;
		}
		add_frame(s, header, size + (header >> 9 & 1) * padding, at +
		    (int64_t)used);
		used = (size_t)(s->end - at);
	}
	return used;
}

/* A file that is in order is a chain of frames, from the first to its end or
 * to a tag there. To follow it takes a third of the time of libmpg123, which
 * has a look at all that is in between; false: something is not in order. */
static bool
follow(int fd, const struct media_mp3_head *head, int64_t at, int64_t length,
    struct sum *s)
{
	unsigned char *buffer = xmalloc(READ_BUFFER);
	bool whole;
	size_t used;
	ssize_t n;

	if (head->header)
		at += head->frame.size;
	while ((n = pread(fd, buffer, READ_BUFFER, at)) >= 4) {
		used = add_chain(s, buffer, (size_t)n, at);
		at += (int64_t)used;
		if (used + 4 <= (size_t)n)
			break;
	}
	settle_run(s);
	whole = s->us > 0 && is_end(fd, at, length);
	free(buffer);
	if (!whole)
		*s = (struct sum){ 0 };
	return whole;
}

static pthread_once_t started = PTHREAD_ONCE_INIT;

/* Versions before 1.27 build their tables here. */
static void
start_library(void)
{
	mpg123_init();
}

/* from: where the first frame is, when somebody has made sure of that: by
 * itself libmpg123 takes only what it has looked ahead for, and passes over a
 * frame whose successor differs from it. -1: it looks for the first. */
static bool
sum_up(int fd, int64_t from, struct sum *s)
{
	struct media_mp3_reader r = { .fd = fd, .base = from > 0 ? from : 0 };
	mpg123_handle *h;

	pthread_once(&started, start_library);
	h = mpg123_new(NULL, NULL);
	if (h == NULL)
		return false;
	r.buffer = xmalloc(READ_BUFFER);
	mpg123_param(h, MPG123_ADD_FLAGS, MPG123_QUIET | MPG123_SKIP_ID3V2,
	    0);
	mpg123_param(h, MPG123_RESYNC_LIMIT, RESYNC_ALL, 0);
	if (from >= 0)
		mpg123_param(h, MPG123_ADD_FLAGS, MPG123_NO_READAHEAD, 0);
	if (mpg123_replace_reader_handle(h, media_mp3_read, media_mp3_seek,
	    NULL) == MPG123_OK && mpg123_open_handle(h, &r) == MPG123_OK)
		walk(h, s);
	mpg123_delete(h);
	free(r.buffer);
	s->begin += r.base;
	s->end += r.base;
	return s->frames > 0 && s->us > 0;
}

/* Whether a frame begins where the last whole one ends. */
static bool
is_cut(int fd, const struct sum *s, int64_t length)
{
	unsigned char p[4];
	struct media_mp3_frame f;

	return s->end < length && pread(fd, p, sizeof(p), s->end) == 4 &&
	    media_mp3_frame(be32(p), &f) &&
	    f.version == s->first.version && f.layer == s->first.layer &&
	    f.rate == s->first.rate && s->end + f.size > length;
}

/* Bytes behind the last frame, where they are too many to be overlooked and
 * are none of the tags that stand there: a copy that did not come to its end
 * has zeros. */
static int64_t
rest_of(int fd, const struct sum *s, int64_t length)
{
	int64_t rest = length - s->end;
	char p[3];

	if (rest <= REST_MAX || is_end(fd, s->end, length) ||
	    pread(fd, p, sizeof(p), s->end) != (ssize_t)sizeof(p))
		return 0;
	return memcmp(p, "ID3", 3) == 0 ? 0 : rest;
}

static const char *
doubt_of(int fd, const struct media_mp3_head *head, const struct sum *s,
    int64_t ms, int64_t length, struct arena *a)
{
	int64_t gap = s->end - s->begin - s->bytes, said, rest;

	/* One frame more or less is a matter of how encoders count. */
	if (head != NULL && head->frames > 0 &&
	    llabs(head->frames - s->frames) > 2) {
		said = media_mp3_duration(head, INT64_MAX / 8000);
		return arena_printf(a, "its header promises %s, but it holds "
		    "%s", media_clock(a, said), media_clock(a, ms));
	}
	if (is_cut(fd, s, length))
		return "ends in the middle of a frame";
	rest = rest_of(fd, s, length);
	if (rest > 0)
		return arena_printf(a, "has %lld bytes behind its last frame "
		    "that are no audio; it may be a copy that did not come to "
		    "its end", (long long)rest);
	if (gap > 0)
		return arena_printf(a, "has %lld bytes between its frames "
		    "that are no audio", (long long)gap);
	return NULL;
}

/* Players leave out what the encoder added at both ends: at the end only where
 * the file has its end. */
static int64_t
silence_of(const struct media_mp3_head *head, const struct sum *s)
{
	int64_t samples;

	if (head == NULL || head->frames <= 0)
		return 0;
	samples = head->delay;
	if (head->bytes > 0 ? head->bytes <= s->end - s->begin +
	    2 * (int64_t)head->frame.size : head->frames <= s->frames + 2)
		samples += head->padding;
	return samples * 1000000 / s->first.rate;
}

bool
media_mp3_walk(int fd, const struct media_mp3_head *head, int64_t at,
    struct arena *a, struct media_facts *out)
{
	struct sum s = { 0 };
	int64_t silence;

	at = head != NULL ? at + (int64_t)head->first : -1;
	if ((head == NULL || !follow(fd, head, at, out->length, &s)) &&
	    !sum_up(fd, at, &s))
		return false;
	silence = silence_of(head, &s);
	if (silence < s.us)
		s.us -= silence;
	out->duration_ms = (s.us + 500) / 1000;
	snprintf(out->codec, sizeof(out->codec), "mp%u", s.first.layer);
	out->sample_rate = s.first.rate;
	out->channels = s.first.channels;
	out->vbr = s.vbr || (head != NULL && head->vbr);
	if (!s.vbr && s.first.bitrate > 0)
		out->bitrate = s.first.bitrate;
	else
		out->bitrate = (unsigned)((double)s.bytes * 8e6 /
		    (double)s.us + 0.5);
	out->doubt = doubt_of(fd, head, &s, out->duration_ms, out->length, a);
	return true;
}
