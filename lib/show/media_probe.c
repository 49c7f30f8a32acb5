/* What is in a media file: libmagic for the type, libmpg123 for MP3. */
#include "show/media_probe.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <magic.h>
#include <mpg123.h>

#include "base/fs.h"
#include "base/mem.h"
#include "show/media_type.h"

#define READ_BUFFER ((size_t)256 << 10)
/* Bytes between two frames. Players go on behind any damage and behind a
 * second tag with a picture; to see whether a file is MP3 at all, little must
 * do, or much would be taken for one. */
#define RESYNC_ALL (-1)
#define RESYNC_LITTLE 1024

/* libmagic reads megabytes of its database when it is opened. */
struct media_probe {
	magic_t magic;
};

/* libmpg123's own reader asks for a few bytes at a time, which costs fifteen
 * times as much as the scan itself. */
struct reader {
	int fd;
	char *buffer;
	size_t have, at;
};

static ssize_t
read_some(void *handle, void *out, size_t len)
{
	struct reader *r = handle;
	ssize_t n;

	if (r->at == r->have) {
		n = read(r->fd, r->buffer, READ_BUFFER);
		if (n <= 0)
			return n;
		r->have = (size_t)n;
		r->at = 0;
	}
	if (len > r->have - r->at)
		len = r->have - r->at;
	memcpy(out, r->buffer + r->at, len);
	r->at += len;
	return (ssize_t)len;
}

static off_t
seek_to(void *handle, off_t offset, int whence)
{
	struct reader *r = handle;

	/* The file stands further on than the reader has come. */
	if (whence == SEEK_CUR)
		offset -= (off_t)(r->have - r->at);
	r->have = r->at = 0;
	return lseek(r->fd, offset, whence);
}

/* Walks all frames: only that is right for a VBR file without a header. */
static int64_t
mp3_duration(const char *path, long resync)
{
	struct reader r = { .fd = open(path, O_RDONLY | O_CLOEXEC) };
	int64_t ms = -1;
	mpg123_handle *h;
	off_t samples;
	long rate;
	int channels, encoding;

	if (r.fd < 0)
		return -1;
	r.buffer = xmalloc(READ_BUFFER);
	mpg123_init();
	h = mpg123_new(NULL, NULL);
	if (h != NULL) {
		mpg123_param(h, MPG123_ADD_FLAGS, MPG123_QUIET, 0);
		mpg123_param(h, MPG123_RESYNC_LIMIT, resync, 0);
		if (mpg123_replace_reader_handle(h, read_some, seek_to,
		    NULL) == MPG123_OK &&
		    mpg123_open_handle(h, &r) == MPG123_OK &&
		    mpg123_scan(h) == MPG123_OK &&
		    mpg123_getformat(h, &rate, &channels, &encoding) ==
		    MPG123_OK && (samples = mpg123_length(h)) > 0 && rate > 0)
			ms = ((int64_t)samples * 1000 + rate / 2) / rate;
		mpg123_delete(h);
	}
	free(r.buffer);
	close(r.fd);
	return ms;
}

struct media_probe *
media_probe_open(struct err *err)
{
	struct media_probe *p = xcalloc(1, sizeof(*p));

	p->magic = magic_open(MAGIC_MIME_TYPE | MAGIC_SYMLINK);
	if (p->magic != NULL && magic_load(p->magic, NULL) == 0)
		return p;
	err_set(err, ERR_INTERNAL, "libmagic does not start: %s",
	    p->magic != NULL ? magic_error(p->magic) : "out of memory");
	media_probe_close(p);
	return NULL;
}

void
media_probe_close(struct media_probe *p)
{
	if (p == NULL)
		return;
	if (p->magic != NULL)
		magic_close(p->magic);
	free(p);
}

int
media_probe_file(struct media_probe *p, const char *path,
    struct media_facts *out, struct err *err)
{
	struct fs_stamp stamp;
	const char *type;

	out->duration_ms = -1;
	if (fs_stamp(path, &stamp, err) != 0)
		return -1;
	out->length = stamp.size;
	if (stamp.size == 0) {
		err_set(err, ERR_INPUT, "is empty");
		return err_at(err, path, 0);
	}
	type = magic_file(p->magic, path);
	if (type == NULL) {
		err_set(err, ERR_IO, "cannot be read: %s",
		    magic_error(p->magic));
		return err_at(err, path, 0);
	}
	snprintf(out->type, sizeof(out->type), "%s", type);
	/* Some MP3 files begin with junk that libmagic does not see through. */
	if (strcmp(out->type, "application/octet-stream") == 0 &&
	    mp3_duration(path, RESYNC_LITTLE) >= 0)
		memcpy(out->type, "audio/mpeg", sizeof("audio/mpeg"));
	if (strcmp(out->type, "audio/mpeg") == 0)
		out->duration_ms = mp3_duration(path, RESYNC_ALL);
	if (media_type_of(out->type) == MEDIA_TYPE_WRONG) {
		err_set(err, ERR_INPUT, "is no audio or video file but %s",
		    out->type);
		return err_at(err, path, 0);
	}
	return 0;
}
