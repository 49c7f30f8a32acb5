/* What is in a media file: libmagic for the type, libmpg123 for MP3. */
#include "show/media.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <magic.h>
#include <mpg123.h>

#define READ_BUFFER ((size_t)256 << 10)

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
mp3_duration(const char *path)
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

static int
find_type(const char *path, char *out, size_t size, struct err *err)
{
	magic_t m = magic_open(MAGIC_MIME_TYPE | MAGIC_SYMLINK);
	const char *type;
	int rc = -1;

	if (m == NULL || magic_load(m, NULL) != 0) {
		err_set(err, ERR_INTERNAL, "libmagic does not start: %s",
		    m != NULL ? magic_error(m) : "out of memory");
	} else if ((type = magic_file(m, path)) == NULL) {
		err_set(err, ERR_IO, "cannot be read: %s", magic_error(m));
	} else {
		snprintf(out, size, "%s", type);
		rc = 0;
	}
	if (m != NULL)
		magic_close(m);
	return rc;
}

int
media_probe_file(const char *path, struct media_facts *out, struct err *err)
{
	struct fs_stamp stamp;

	out->duration_ms = -1;
	if (fs_stamp(path, &stamp, err) != 0)
		return -1;
	out->length = stamp.size;
	if (stamp.size == 0) {
		err_set(err, ERR_INPUT, "is empty");
		return err_at(err, path, 0);
	}
	if (find_type(path, out->type, sizeof(out->type), err) != 0)
		return err_at(err, path, 0);
	/* Some MP3 files begin with junk that libmagic does not see through. */
	if (strcmp(out->type, "audio/mpeg") == 0 ||
	    strcmp(out->type, "application/octet-stream") == 0) {
		out->duration_ms = mp3_duration(path);
		if (out->duration_ms >= 0)
			memcpy(out->type, "audio/mpeg", sizeof("audio/mpeg"));
	}
	if (strncmp(out->type, "audio/", 6) != 0 &&
	    strncmp(out->type, "video/", 6) != 0 &&
	    strcmp(out->type, "application/pdf") != 0) {
		err_set(err, ERR_INPUT, "is no audio or video file but %s",
		    out->type);
		return err_at(err, path, 0);
	}
	return 0;
}
