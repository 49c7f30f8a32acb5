#include "show/media_mp3_reader.h"

#include <string.h>
#include <unistd.h>

ssize_t
media_mp3_read(void *reader, void *out, size_t len)
{
	struct media_mp3_reader *r = reader;
	ssize_t n;

	if (r->at >= r->have) {
		r->pos += (int64_t)r->at;
		r->have = r->at = 0;
		n = pread(r->fd, r->buffer, MEDIA_MP3_READER_SIZE,
		    r->base + r->pos);
		if (n <= 0)
			return n;
		r->have = (size_t)n;
	}
	if (len > r->have - r->at)
		len = r->have - r->at;
	memcpy(out, r->buffer + r->at, len);
	r->at += len;
	return (ssize_t)len;
}

off_t
media_mp3_seek(void *reader, off_t offset, int whence)
{
	struct media_mp3_reader *r = reader;

	if (whence == SEEK_CUR)
		offset += r->pos + (off_t)r->at;
	else if (whence == SEEK_END)
		offset += lseek(r->fd, 0, SEEK_END) - r->base;
	if (offset < 0)
		return -1;
	if (offset >= r->pos && offset <= r->pos + (off_t)r->have) {
		r->at = (size_t)(offset - r->pos);
	} else {
		r->pos = offset;
		r->have = r->at = 0;
	}
	return offset;
}
