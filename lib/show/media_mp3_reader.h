/*
 * How libmpg123 reads a file here: its own reader asks for a few bytes at a
 * time, which costs fifteen times as much as the scan itself. Private to
 * show/media.
 */
#ifndef SHOW_MEDIA_MP3_READER_H
#define SHOW_MEDIA_MP3_READER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MEDIA_MP3_READER_SIZE ((size_t)256 << 10)

struct media_mp3_reader {
	int fd;
	int64_t base;	/* where in the file it begins for libmpg123 */
	int64_t pos;	/* behind that, of what buffer begins with */
	char *buffer;	/* of MEDIA_MP3_READER_SIZE bytes, the caller's */
	size_t have, at;
};

/* For mpg123_replace_reader_handle(), with a struct media_mp3_reader. */
ssize_t media_mp3_read(void *reader, void *out, size_t len);
off_t media_mp3_seek(void *reader, off_t offset, int whence);

#endif
