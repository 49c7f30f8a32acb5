/*
 * For tests of media files: MP3 and WAV files that are put together here, and
 * others that ffmpeg makes where it is installed.
 */
#ifndef TESTS_UNIT_MEDIA_FIXTURE_H
#define TESTS_UNIT_MEDIA_FIXTURE_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "show/media_mp3.h"
#include "told.h"

/* MPEG 1, layer 3, 44,100 Hz, stereo: 128,000 and 64,000 bits a second; MPEG 2
 * at 22,050 Hz and MPEG 2.5 at 11,025 Hz with 64,000. */
#define MP3_128 0xfffb9004u
#define MP3_64 0xfffb5004u
#define MP3_V2 0xfff38004u
#define MP3_V25 0xffe38004u

static char dir[] = "/tmp/test_media.XXXXXX";

static inline void
add32(struct buf *b, uint32_t v)
{
	buf_add(b, (const char[]){ (char)(v >> 24), (char)(v >> 16),
	    (char)(v >> 8), (char)v }, 4);
}

static inline void
add_zeros(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_addc(b, '\0');
}

/* n silent frames; the first may hold text, `at` bytes behind its header. */
static inline void
add_frames(struct buf *b, uint32_t header, unsigned n, const void *text,
    size_t len, size_t at)
{
	struct media_mp3_frame f;
	size_t begin;

	assert_true(media_mp3_frame(header, &f));
	for (; n > 0; n--) {
		begin = b->len;
		add32(b, header);
		if (text != NULL) {
			add_zeros(b, at);
			buf_add(b, text, len);
			text = NULL;
		}
		add_zeros(b, f.size - (b->len - begin));
	}
}

static inline const char *
path_of(const char *name)
{
	return arena_printf(&arena, "%s/%s", dir, name);
}

static inline const char *
save(const char *name, const struct buf *b)
{
	const char *path = path_of(name);
	struct err err = ERR_INIT;

	if (fs_replace(path, b->data, b->len, 0600, NULL, &err) != 0)
		fail_msg("%s", err.msg);
	return path;
}

/* Runs ffmpeg with what makes `name`; skips the test where there is none. */
static inline const char *
ffmpeg(const char *name, const char *const *options)
{
	const char *argv[48] = { "ffmpeg", "-nostdin", "-v", "error", "-y" };
	const char *path = path_of(name);
	size_t n = 5;
	int status;
	pid_t pid;

	while (*options != NULL && n < 45)
		argv[n++] = *options++;
	argv[n] = path;
	pid = fork();
	if (pid == 0) {
		execvp(argv[0], (char *const *)(const void *)argv);
		_exit(127);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		skip();
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	return path;
}

static inline int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static inline int
drop_dir(void **state)
{
	struct err err = ERR_INIT;
	char **names;
	size_t n, i;

	(void)state;
	arena_init(&arena);
	if (fs_list(&arena, dir, &names, &n, &err) == 0)
		for (i = 0; i < n; i++)
			unlink(path_of(names[i]));
	arena_release(&arena);
	return rmdir(dir);
}

#endif
