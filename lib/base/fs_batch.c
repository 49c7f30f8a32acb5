#include "base/fs_batch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

#define STAGE ".showmill.new"
#define NAME_MAX_LEN 24

struct fs_batch {
	struct arena arena;
	const char *stage;	/* the folder where they are written */
	int fd;			/* of that; has the lock */
	struct aim {
		const char *path;
		bool replace;
	} *aims;		/* where they are to be; they are called by
				 * their place in this list until then */
	size_t n;
};

static int
fail(const char *path, struct err *err)
{
	err_sys(err, ERR_OUTPUT, "cannot be written");
	return err_at(err, path, 0);
}

static void
name_of(size_t i, char out[NAME_MAX_LEN])
{
	(void)snprintf(out, NAME_MAX_LEN, "%zu", i);
}

/* What an earlier run left: files with numbers for names, and nothing else. */
static void
clear(int stage)
{
	int fd = openat(stage, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((e = readdir(d)) != NULL)
		if (strspn(e->d_name, "0123456789") == strlen(e->d_name))
			unlinkat(stage, e->d_name, 0);
	closedir(d);
}

/* The folder, locked. One that was removed after it was opened, by the run
 * that had the lock, is made again. */
static int
open_stage(const char *stage, struct err *err)
{
	struct stat st;
	int fd, tries;

	for (tries = 0; tries < 10; tries++) {
		if (mkdir(stage, 0777) != 0 && errno != EEXIST)
			break;
		fd = open(stage, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
		    O_CLOEXEC);
		if (fd < 0)
			break;
		if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
			close(fd);
			err_set(err, ERR_TEMPORARY, "another run is writing "
			    "there; try again when it has ended");
			return err_at(err, stage, 0);
		}
		if (fstat(fd, &st) == 0 && st.st_nlink > 0)
			return fd;
		close(fd);
	}
	return fail(stage, err);
}

struct fs_batch *
fs_batch_open(const char *dir, struct err *err)
{
	struct fs_batch *b = xcalloc(1, sizeof(*b));

	arena_init(&b->arena);
	b->stage = arena_printf(&b->arena, "%s/" STAGE, dir);
	b->fd = open_stage(b->stage, err);
	if (b->fd < 0) {
		arena_release(&b->arena);
		free(b);
		return NULL;
	}
	clear(b->fd);
	return b;
}

static int
write_whole(int fd, const char *data, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
add(struct fs_batch *b, const char *path, bool replace, const void *data,
    size_t len, struct err *err)
{
	char name[NAME_MAX_LEN];
	struct aim *more;
	int fd, rc;

	name_of(b->n, name);
	fd = openat(b->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0666);
	if (fd < 0)
		return fail(path, err);
	if ((b->n & (b->n - 1)) == 0) {
		more = arena_array(&b->arena, 2 * b->n + 1, sizeof(*more));
		if (b->n > 0)
			memcpy(more, b->aims, b->n * sizeof(*more));
		b->aims = more;
	}
	b->aims[b->n++] = (struct aim){
	    arena_strdup(&b->arena, path), replace };
	rc = write_whole(fd, data, len);
	if (close(fd) != 0)
		rc = -1;
	return rc != 0 ? fail(path, err) : 0;
}

int
fs_batch_add(struct fs_batch *b, const char *path, const void *data,
    size_t len, struct err *err)
{
	return add(b, path, false, data, len, err);
}

int
fs_batch_replace(struct fs_batch *b, const char *path, const void *data,
    size_t len, struct err *err)
{
	return add(b, path, true, data, len, err);
}

static int
settle(struct fs_batch *b, size_t i)
{
	char name[NAME_MAX_LEN];

	name_of(i, name);
	return b->aims[i].replace ?
	    renameat(b->fd, name, AT_FDCWD, b->aims[i].path) :
	    fs_settle(b->fd, name, b->aims[i].path);
}

int
fs_batch_commit(struct fs_batch *b, struct err *err)
{
	size_t i = 0;
	int rc = 0;

	/* The contents, and then the names. */
	if (syncfs(b->fd) != 0)
		rc = fail(b->stage, err);
	while (rc == 0 && i < b->n) {
		if (settle(b, i) != 0)
			rc = fail(b->aims[i].path, err);
		else
			i++;
	}
	if (rc == 0 && syncfs(b->fd) != 0)
		rc = fail(b->stage, err);
	/* All or none. */
	while (rc != 0 && i > 0)
		if (!b->aims[--i].replace)
			(void)unlink(b->aims[i].path);
	fs_batch_abandon(b);
	return rc;
}

void
fs_batch_abandon(struct fs_batch *b)
{
	if (b == NULL)
		return;
	clear(b->fd);
	(void)rmdir(b->stage);
	close(b->fd);
	arena_release(&b->arena);
	free(b);
}
