#include "base/download.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

static int
sync_folder(const char *path)
{
	struct arena a = ARENA_INIT;
	int fd = open(fs_dirname(&a, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		(void)close(fd);
	arena_release(&a);
	return rc;
}

/* link(2) fails where there is a file by now. */
static int
settle(int fd, const char *part, const char *path, struct err *err)
{
	if (fsync(fd) != 0)
		return err_sys(err, ERR_OUTPUT, "%s", part);
	if (link(part, path) != 0 || unlink(part) != 0 ||
	    sync_folder(path) != 0)
		return err_sys(err, ERR_OUTPUT, "%s", path);
	return 0;
}

int
download(struct http_session *s, const char *url, const char *path,
    int64_t max, void (*tell)(void *ctx, int64_t have, int64_t total),
    void *ctx, int64_t *length, struct err *err)
{
	struct http_head head = { 0 };
	struct arena a = ARENA_INIT;
	const char *part = arena_printf(&a, "%s.part", path);
	struct err first = ERR_INIT;
	struct stat st;
	int fd = -1, rc = -1;

	if (stat(path, &st) == 0) {
		rc = 0;
		goto out;
	}
	fd = open(part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0 || fstat(fd, &st) != 0) {
		(void)err_sys(err, ERR_OUTPUT, "%s", part);
		goto out;
	}
	rc = http_save(s, url, fd, st.st_size, max, tell, ctx, &head, &first);
	/* There is nothing behind what is there: it is whole, or of a file
	 * that was another. */
	if (rc != 0 && head.status == 416 && st.st_size > 0) {
		first = (struct err)ERR_INIT;
		rc = http_save(s, url, fd, 0, max, tell, ctx, &head, &first);
	}
	if (rc != 0)
		*err = first;
	else if (fstat(fd, &st) != 0)
		rc = err_sys(err, ERR_OUTPUT, "%s", part);
	else
		rc = settle(fd, part, path, err);
out:
	if (rc == 0 && length != NULL)
		*length = st.st_size;
	if (fd >= 0)
		(void)close(fd);
	arena_release(&a);
	return rc;
}
