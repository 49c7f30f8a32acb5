#include "base/compress.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define ZLIB_CONST
#include <brotli/encode.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/fs.h"

#define FILE_MAX ((size_t)256 << 20)
#define KINDS (sizeof(kinds_table) / sizeof(kinds_table[0]))
#define BEST_MAX ((size_t)2 << 20)	/* beyond it Brotli's best takes
					 * seconds */
#define QUALITY_LARGE 9
#define GZIP_WINDOW (15 + 16)		/* 16: with gzip's frame */
#define GZIP_MEMORY 9
#define GZIP_FRAME ((size_t)32)		/* more than what zlib's own frame has
					 * not */

/* *len: the room at `to`, then what was taken of it. */
typedef int compressor(const struct buf *in, char *to, size_t *len);

static int
gzip(const struct buf *in, char *to, size_t *len)
{
	z_stream z = { .next_in = (const Bytef *)in->data,
	    .avail_in = (uInt)in->len, .next_out = (Bytef *)to,
	    .avail_out = (uInt)*len };
	int rc;

	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW,
	    GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return -1;
	rc = deflate(&z, Z_FINISH);
	*len = z.total_out;
	deflateEnd(&z);
	return rc == Z_STREAM_END ? 0 : -1;
}

static int
brotli(const struct buf *in, char *to, size_t *len)
{
	return BrotliEncoderCompress(in->len > BEST_MAX ? QUALITY_LARGE :
	    BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
	    in->len, (const uint8_t *)in->data, len, (uint8_t *)to) ? 0 : -1;
}

/* Enough for either, whatever the bytes are. */
static size_t
room(size_t len)
{
	size_t brotli_max = BrotliEncoderMaxCompressedSize(len);
	size_t gzip_max = compressBound((uLong)len) + GZIP_FRAME;

	return brotli_max > gzip_max ? brotli_max : gzip_max;
}

static const struct {
	unsigned kind;
	const char *ending;
	compressor *compress;
} kinds_table[] = {
	{ COMPRESS_GZ, ".gz", gzip },
	{ COMPRESS_BR, ".br", brotli },
};

unsigned
compress_kinds(const char *text)
{
	unsigned kinds = 0;
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (strstr(text, kinds_table[i].ending + 1) != NULL)
			kinds |= kinds_table[i].kind;
	return kinds;
}

static int
date_as(const char *path, int64_t mtime_ns, struct err *err)
{
	const struct timespec t[2] = {
		{ .tv_nsec = UTIME_OMIT },
		{ .tv_sec = mtime_ns / 1000000000,
		  .tv_nsec = mtime_ns % 1000000000 },
	};

	if (utimensat(AT_FDCWD, path, t, 0) == 0)
		return 0;
	err_set(err, ERR_OUTPUT, "its date cannot be set: %s",
	    strerror(errno));
	return err_at(err, path, 0);
}

/* Who may not read the file, may not read these either. */
static mode_t
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 0666 : 0600;
}

static int
put(struct arena *a, const char *name, compressor *compress,
    const struct buf *in, mode_t mode, int64_t mtime_ns, struct err *err)
{
	size_t len = room(in->len);
	char *to = arena_alloc(a, len);

	if (compress(in, to, &len) != 0) {
		err_set(err, ERR_OUTPUT, "cannot be compressed");
		return err_at(err, name, 0);
	}
	return fs_replace(name, to, len, mode, NULL, err) != 0 ? -1 :
	    date_as(name, mtime_ns, err);
}

/* Those that are not of this file yet. */
static unsigned
missing(struct arena *a, const char *path, unsigned kinds, int64_t mtime_ns)
{
	struct err ignored = ERR_INIT;
	struct fs_stamp stamp;
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (fs_stamp(arena_printf(a, "%s%s", path,
		    kinds_table[i].ending), &stamp, &ignored) == 0 &&
		    stamp.mtime_ns == mtime_ns)
			kinds &= ~kinds_table[i].kind;
	return kinds;
}

int
compress_beside(const char *path, unsigned kinds, bool *made,
    struct err *err)
{
	struct arena a = ARENA_INIT;
	struct fs_stamp stamp;
	struct buf in;
	size_t i;
	int rc;

	buf_init(&in, FILE_MAX);
	rc = kinds == 0 ? 0 : fs_stamp(path, &stamp, err);
	if (rc == 0 && kinds != 0)
		kinds = missing(&a, path, kinds, stamp.mtime_ns);
	if (rc == 0 && kinds != 0)
		rc = fs_read(path, FILE_MAX, &in, &stamp, err);
	for (i = 0; rc == 0 && i < KINDS; i++)
		if (kinds & kinds_table[i].kind)
			rc = put(&a, arena_printf(&a, "%s%s", path,
			    kinds_table[i].ending), kinds_table[i].compress,
			    &in, mode_of(path), stamp.mtime_ns, err);
	*made = *made || (rc == 0 && kinds != 0);
	buf_release(&in);
	arena_release(&a);
	return rc;
}
