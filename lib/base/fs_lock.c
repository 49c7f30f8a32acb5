/* Lock files (base/fs.h). */
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/date.h"

#define HOST_MAX 256

struct fs_lock {
	int fd;
	char owner[FS_OWNER_MAX];
};

/* "process PID on HOST since TIME" of whoever holds it, for the message. */
static void
read_owner(int fd, char *out, size_t size)
{
	ssize_t n = pread(fd, out, size - 1, 0);

	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

static void
host_name(char out[HOST_MAX])
{
	if (gethostname(out, HOST_MAX) != 0)
		memcpy(out, "localhost", sizeof("localhost"));
	out[HOST_MAX - 1] = '\0';
}

static void
own_name(char out[FS_OWNER_MAX])
{
	char host[HOST_MAX], when[DATE_TEXT_MAX];
	struct date now = { date_now(), 0 };

	host_name(host);
	date_rfc3339(&now, when);
	snprintf(out, FS_OWNER_MAX, "process %ld on %s since %s",
	    (long)getpid(), host, when);
}

static int
write_owner(int fd, const char *owner, const char *note)
{
	char text[FS_OWNER_MAX];
	int len = snprintf(text, sizeof(text), "%s%s\n", owner, note);

	if (len >= (int)sizeof(text))
		len = sizeof(text) - 1;
	return ftruncate(fd, 0) == 0 &&
	    pwrite(fd, text, (size_t)len, 0) == len ? 0 : -1;
}

struct fs_lock *
fs_lock_take(const char *path, struct err *err)
{
	struct fs_lock *l;
	char owner[FS_OWNER_MAX];
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0) {
		err_sys(err, ERR_OUTPUT, "the lock file cannot be opened");
		err_at(err, path, 0);
		return NULL;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK) {
			read_owner(fd, owner, sizeof(owner));
			err_set(err, ERR_TEMPORARY, "is held by %s",
			    owner[0] != '\0' ? owner : "another process");
		} else {
			err_sys(err, ERR_SYSTEM, "cannot be locked");
		}
		err_at(err, path, 0);
		close(fd);
		return NULL;
	}
	own_name(owner);
	if (write_owner(fd, owner, "") != 0) {
		err_sys(err, ERR_OUTPUT, "the lock file cannot be written");
		err_at(err, path, 0);
		close(fd);
		return NULL;
	}
	l = xmalloc(sizeof(*l));
	l->fd = fd;
	memcpy(l->owner, owner, sizeof(owner));
	return l;
}

/* Without it there is less to be told, and nothing else. */
void
fs_lock_note(const struct fs_lock *l, const char *note)
{
	(void)write_owner(l->fd, l->owner, note);
}

struct fs_lock *
fs_lock_beside(const char *path, struct err *err)
{
	struct arena a = ARENA_INIT;
	const char *real = fs_target(&a, path);
	struct fs_lock *l = fs_lock_take(arena_printf(&a, "%s.lock",
	    real != NULL ? real : path), err);

	arena_release(&a);
	return l;
}

bool
fs_lock_owner(const char *path, char owner[FS_OWNER_MAX], bool *alive)
{
	char host[HOST_MAX], there[HOST_MAX] = "";
	struct arena a = ARENA_INIT;
	const char *real = fs_target(&a, path);
	long pid = 0;
	int fd = open(arena_printf(&a, "%s.lock", real != NULL ? real : path),
	    O_RDONLY | O_CLOEXEC);

	arena_release(&a);
	if (fd < 0)
		return false;
	read_owner(fd, owner, FS_OWNER_MAX);
	close(fd);
	if (alive == NULL)
		return owner[0] != '\0';
	host_name(host);
	*alive = sscanf(owner, "process %ld on %255s ", &pid, there) == 2 &&
	    pid > 0 && (strcmp(host, there) != 0 ||
	    kill((pid_t)pid, 0) == 0 || errno != ESRCH);
	return owner[0] != '\0';
}

void
fs_lock_drop(struct fs_lock *l)
{
	if (l == NULL)
		return;
	close(l->fd);
	free(l);
}
