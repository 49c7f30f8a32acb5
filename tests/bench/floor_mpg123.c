/*
 * The floor of a local probe: a bare libmpg123 scan of each file named, with a
 * reader of 256 KB and nothing else. Prints the seconds of all together.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mpg123.h>

#define BUFFER ((size_t)256 << 10)

struct reader {
	int fd;
	char *buffer;
	size_t have, at;
};

static ssize_t
take(void *handle, void *out, size_t len)
{
	struct reader *r = handle;
	ssize_t n;

	if (r->at == r->have) {
		n = read(r->fd, r->buffer, BUFFER);
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
go(void *handle, off_t offset, int whence)
{
	struct reader *r = handle;

	if (whence == SEEK_CUR)
		offset -= (off_t)(r->have - r->at);
	r->have = r->at = 0;
	return lseek(r->fd, offset, whence);
}

int
main(int argc, char **argv)
{
	struct reader r = { .buffer = malloc(BUFFER) };
	mpg123_handle *h;
	double seconds = 0;
	long rate;
	int i, channels, encoding;

	if (r.buffer == NULL)
		return 71;
	mpg123_init();
	for (i = 1; i < argc; i++) {
		r.fd = open(argv[i], O_RDONLY | O_CLOEXEC);
		r.have = r.at = 0;
		h = mpg123_new(NULL, NULL);
		if (r.fd < 0 || h == NULL)
			return 66;
		mpg123_param(h, MPG123_ADD_FLAGS, MPG123_QUIET, 0);
		mpg123_param(h, MPG123_RESYNC_LIMIT, -1, 0);
		if (mpg123_replace_reader_handle(h, take, go, NULL) !=
		    MPG123_OK || mpg123_open_handle(h, &r) != MPG123_OK ||
		    mpg123_scan(h) != MPG123_OK || mpg123_getformat(h, &rate,
		    &channels, &encoding) != MPG123_OK)
			return 65;
		seconds += (double)mpg123_length(h) / (double)rate;
		mpg123_delete(h);
		close(r.fd);
	}
	free(r.buffer);
	printf("%.1f\n", seconds);
	return 0;
}
