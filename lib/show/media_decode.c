/* The way in, and MP3. */
#include "show/media_decode.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mpg123.h>

#include "base/fs.h"
#include "base/mem.h"
#include "show/media_decode_int.h"
#include "show/media_kind.h"
#include "show/media_mp3.h"
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
	if (mpg123_replace_reader_handle(h, media_mp3_read, media_mp3_seek,
	    NULL) == MPG123_OK && mpg123_open_handle(h, r) == MPG123_OK)
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
	unsigned char *head = xmalloc(MEDIA_KIND_HEAD);
	struct media_mp3_head first;
	struct media_kind kind;
	int64_t tag;
	size_t n;
	int rc;

	if (media_kind_read(job->fd, head, &tag, &n) != 0)
		rc = err_sys(job->err, ERR_IO, "cannot be read");
	else if (media_mp3_head(head, n, tag > 0 ? n : 0, &first))
		rc = mp3(job, RESYNC_ALL);
	else if (media_kind_of(head, n, &kind))
		rc = media_decode_av(job, kind.av);
	else
		rc = mp3(job, RESYNC_LITTLE);
	free(head);
	return rc != 0 || job->any ? rc : err_set(job->err, ERR_INPUT,
	    "has no audio that can be decoded");
}

int
media_decode(const char *path, media_decode_take *take, void *ctx,
    struct err *err)
{
	struct media_decode_job job = { .take = take, .ctx = ctx, .err = err };
	struct fs_stamp stamp;
	int rc;

	job.fd = fs_open(path, &stamp, err);
	if (job.fd < 0)
		return -1;
	job.size = stamp.size;
	rc = decode(&job);
	close(job.fd);
	return rc == 0 ? 0 : err_at(err, path, 0);
}
