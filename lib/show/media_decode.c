/* The way in, and MP3. */
#include "show/media_decode.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mpg123.h>

#include "base/mem.h"
#include "show/media_decode_int.h"
#include "show/media_mp3_reader.h"

#define FRAMES 4608
/* Damage makes samples of any size, and some that are no number, which would
 * spoil all that is reckoned with them. */
#define LOUDEST 16.0F
/* Bytes between two frames, as media_probe has it: any damage in what is MP3,
 * little in what may be something else. */
#define RESYNC_ALL (-1)
#define RESYNC_LITTLE 1024

int
media_decode_give(struct media_decode_job *job, struct media_pcm p,
    float *samples)
{
	size_t i, n = p.frames * p.channels;

	if (n == 0)
		return 0;
	for (i = 0; i < n; i++)
		if (!(fabsf(samples[i]) <= LOUDEST))
			samples[i] = 0;
	job->any = true;
	p.samples = samples;
	return job->take(job->ctx, &p, job->err);
}

/* ---- which decoder ---- */

enum kind { KIND_MP3, KIND_PERHAPS_MP3, KIND_OTHER };

static bool
is_at(const unsigned char *head, size_t at, const char *magic)
{
	return memcmp(head + at, magic, strlen(magic)) == 0;
}

static bool
is_container(const unsigned char *head)
{
	static const char *const boxes[] = { "ftyp", "moov", "mdat", "wide",
		"free", "skip" };
	size_t i;

	for (i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++)
		if (is_at(head, 4, boxes[i]))
			return true;
	return is_at(head, 0, "RIFF") || is_at(head, 0, "RF64") ||
	    is_at(head, 0, "OggS") || is_at(head, 0, "fLaC") ||
	    is_at(head, 0, "FORM") || is_at(head, 0, "\x1a\x45\xdf\xa3");
}

/* Looks at the first bytes behind tags (ID3v2 §3.1: the size is in 4 × 7
 * bits). */
static enum kind
kind_of(int fd)
{
	unsigned char head[16];
	off_t at = 0;
	int tags;

	for (tags = 0; tags < 8; tags++) {
		memset(head, 0, sizeof(head));
		if (pread(fd, head, sizeof(head), at) < 10 ||
		    !is_at(head, 0, "ID3"))
			break;
		at += 10 + ((off_t)(head[6] & 127) << 21 |
		    (off_t)(head[7] & 127) << 14 | (off_t)(head[8] & 127) << 7 |
		    (off_t)(head[9] & 127)) + ((head[5] & 0x10) != 0 ? 10 : 0);
	}
	if (is_container(head))
		return KIND_OTHER;
	/* Layer III; layer 0 is AAC. */
	if (head[0] == 0xff && (head[1] & 0xe6) == 0xe2)
		return KIND_MP3;
	return head[0] == 0xff && (head[1] & 0xf6) == 0xf0 ? KIND_OTHER :
	    KIND_PERHAPS_MP3;
}

/* ---- MP3 ---- */

static mpg123_handle *
mp3_open(struct media_mp3_reader *r, long resync)
{
	mpg123_handle *h;

	mpg123_init();
	h = mpg123_new(NULL, NULL);
	if (h == NULL)
		return NULL;
	mpg123_param(h, MPG123_ADD_FLAGS, MPG123_QUIET | MPG123_FORCE_FLOAT,
	    0);
	mpg123_param(h, MPG123_RESYNC_LIMIT, resync, 0);
	if (mpg123_replace_reader_handle(h, media_mp3_read, media_mp3_seek, NULL) ==
	    MPG123_OK && mpg123_open_handle(h, r) == MPG123_OK)
		return h;
	mpg123_delete(h);
	return NULL;
}

static int
mp3_frames(struct media_decode_job *job, mpg123_handle *h)
{
	float *samples = xcalloc(FRAMES * 2, sizeof(*samples));
	struct media_pcm p = { .rate = 0 };
	int rc, channels, encoding, out = 0;
	size_t done;
	long rate;

	do {
		rc = mpg123_read(h, (void *)samples,
		    FRAMES * 2 * sizeof(*samples), &done);
		if (rc == MPG123_NEW_FORMAT || (p.rate == 0 && done > 0)) {
			if (mpg123_getformat(h, &rate, &channels, &encoding) !=
			    MPG123_OK || encoding != MPG123_ENC_FLOAT_32 ||
			    rate <= 0 || channels < 1 || channels > 2)
				break;
			p.rate = (unsigned)rate;
			p.channels = (unsigned)channels;
		}
		if (done == 0)
			continue;
		p.frames = done / sizeof(*samples) / p.channels;
		out = media_decode_give(job, p, samples);
	} while (out == 0 && (rc == MPG123_OK || rc == MPG123_NEW_FORMAT));
	free(samples);
	return out;
}

static int
mp3(struct media_decode_job *job, long resync)
{
	struct media_mp3_reader r = {
		.fd = job->fd, .buffer = xmalloc(MEDIA_MP3_READER_SIZE)
	};
	mpg123_handle *h = mp3_open(&r, resync);
	int rc;

	if (h == NULL) {
		free(r.buffer);
		return err_set(job->err, ERR_INTERNAL,
		    "libmpg123 does not start");
	}
	rc = mp3_frames(job, h);
	mpg123_delete(h);
	free(r.buffer);
	return rc;
}

/* ---- the way in ---- */

static int
decode(struct media_decode_job *job)
{
	enum kind kind = kind_of(job->fd);

	if (kind != KIND_OTHER) {
		if (mp3(job, kind == KIND_MP3 ? RESYNC_ALL :
		    RESYNC_LITTLE) != 0)
			return -1;
		if (job->any)
			return 0;
		if (lseek(job->fd, 0, SEEK_SET) != 0)
			return err_sys(job->err, ERR_IO, "cannot be read");
	}
	if (media_decode_av(job) != 0)
		return -1;
	return job->any ? 0 : err_set(job->err, ERR_INPUT,
	    "has no audio that can be decoded");
}

int
media_decode(const char *path, media_decode_take *take, void *ctx,
    struct err *err)
{
	struct media_decode_job job = { .take = take, .ctx = ctx, .err = err,
		/* Not to wait for the other end of a pipe. */
		.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };
	struct stat st;
	int rc;

	if (job.fd < 0) {
		err_sys(err, ERR_NOINPUT, "cannot be opened");
		return err_at(err, path, 0);
	}
	if (fstat(job.fd, &st) != 0 || !S_ISREG(st.st_mode))
		rc = err_set(err, ERR_NOINPUT, "is no regular file");
	else
		rc = decode(&job);
	close(job.fd);
	return rc == 0 ? 0 : err_at(err, path, 0);
}
