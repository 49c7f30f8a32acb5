/* Outputs that replace their file at once (base/fs.h). */
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

#define COMPARE_STEP ((size_t)64 << 10)

struct fs_out {
	struct arena arena;
	char *named;	/* as the caller names it, for messages */
	char *path;	/* what is replaced; links resolved */
	char *temp;	/* NULL once it has become the file, and where there
			 * is none */
	bool direct;	/* no file to replace: written into as it comes */
	char *dir;
	FILE *file;
	int held;	/* a descriptor of the file, which has the lock; -1 */
	bool failed;
	bool finished;
	int error;	/* errno of the first failed write */
};

/* ---- temporary files ---- */

#define TEMP_HEAD ".showmill."
#define TEMP_TAIL ".tmp"
#define TEMP_RANDOM ((size_t)8)	/* bytes, in hex */
#define TEMP_TRIES 1000

/* Hidden, so that no listing of the folder takes it for an episode. */
static char *
temp_name(struct arena *a, const char *dir)
{
	unsigned char random[TEMP_RANDOM];
	char text[2 * TEMP_RANDOM + 1];
	struct err ignored = ERR_INIT;

	if (hash_random(random, sizeof(random), &ignored) != 0) {
		errno = EIO;
		return NULL;
	}
	hash_hex(random, sizeof(random), text);
	return arena_printf(a, "%s/" TEMP_HEAD "%s" TEMP_TAIL, dir, text);
}

static bool
is_temp_name(const char *name)
{
	const size_t head = sizeof(TEMP_HEAD) - 1;
	const char *p = name + head;

	return strncmp(name, TEMP_HEAD, head) == 0 &&
	    strspn(p, "0123456789abcdef") == 2 * TEMP_RANDOM &&
	    strcmp(p + 2 * TEMP_RANDOM, TEMP_TAIL) == 0;
}

/* Whoever writes a temporary file holds its lock, and whoever removes one too:
 * so a file that can be locked at once and still has its name is nobody's.
 * Where there are no locks nothing is removed. */
static void
remove_if_left(int dir, const char *name)
{
	struct stat st, now;
	int fd;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode))
		return;
	/* NFS wants it open for writing. */
	fd = openat(dir, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
		    O_CLOEXEC);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0 &&
	    fstatat(dir, name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    now.st_dev == st.st_dev && now.st_ino == st.st_ino)
		unlinkat(dir, name, 0);
	close(fd);
}

/* Outputs of this process that are open, and the folder of the last. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static size_t live;
static struct stat last;

/* Whether outputs are open, the last of them in the folder: many go into one,
 * and each would look at all the others. */
static bool
was_looked_at(int fd)
{
	struct stat st;
	bool same;

	if (fstat(fd, &st) != 0)
		return false;
	pthread_mutex_lock(&mutex);
	same = live > 0 && st.st_dev == last.st_dev &&
	    st.st_ino == last.st_ino;
	last = st;
	pthread_mutex_unlock(&mutex);
	return same;
}

static void
count_live(size_t by)
{
	pthread_mutex_lock(&mutex);
	live += by;
	pthread_mutex_unlock(&mutex);
}

/* What a killed run left is of no use to anybody, and would be published with
 * the folder. Nothing is said of what cannot be removed. */
static void
remove_stale(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	if (d == NULL)
		return;
	if (was_looked_at(dirfd(d))) {
		closedir(d);
		return;
	}
	while ((e = readdir(d)) != NULL)
		if (is_temp_name(e->d_name))
			remove_if_left(dirfd(d), e->d_name);
	closedir(d);
}

/* Locks a file that was just made; false when another run took it for left in
 * between, and has removed it. */
static bool
hold(int fd)
{
	struct stat st;
	int rc;

	do
		rc = flock(fd, LOCK_EX);
	while (rc != 0 && errno == EINTR);
	return rc != 0 || fstat(fd, &st) != 0 || st.st_nlink > 0;
}

/* A new file beside the output, held, and its name. */
static int
make_temp(struct fs_out *o, mode_t mode)
{
	int fd, i;

	for (i = 0; i < TEMP_TRIES; i++) {
		o->temp = temp_name(&o->arena, o->dir);
		if (o->temp == NULL)
			return -1;
		fd = open(o->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    mode);
		if (fd >= 0 && hold(fd))
			return fd;
		if (fd >= 0)
			close(fd);
		else if (errno != EEXIST)
			return -1;
	}
	errno = EEXIST;
	return -1;
}

/* ---- outputs ---- */

/* What the old file has, less what others must not have. */
static mode_t
keep_mode(const struct stat *old, mode_t mode)
{
	return old->st_mode & ((mode & 077) == 0 ? 0700 : 07777);
}

/* The new file, with the permissions of the old one if there is one. What
 * holds it outlives the stream, which is closed before the file is renamed. */
static FILE *
open_temp(struct fs_out *o, mode_t mode)
{
	int fd = make_temp(o, mode), saved;
	FILE *file = NULL;
	struct stat st;

	if (fd < 0)
		return NULL;
	o->held = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (o->held >= 0 && (stat(o->path, &st) != 0 ||
	    fchmod(fd, keep_mode(&st, mode)) == 0))
		file = fdopen(fd, "w");
	if (file != NULL)
		return file;
	saved = errno;
	unlink(o->temp);
	close(fd);
	if (o->held >= 0)
		close(o->held);
	errno = saved;
	return NULL;
}

/* What is there and is no regular file has no bytes that could be replaced, and
 * a rename would take the device or FIFO away from everybody else. */
static bool
is_special(const char *path, struct stat *st)
{
	return stat(path, st) == 0 && !S_ISREG(st->st_mode) &&
	    !S_ISDIR(st->st_mode);
}

/* A socket cannot be opened by its name: it is an end of ours, or nothing. */
static int
open_special(const char *path, const struct stat *st)
{
	struct stat own;
	int fd;

	if (S_ISBLK(st->st_mode)) {
		errno = ENOTSUP;
		return -1;
	}
	for (fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (S_ISSOCK(st->st_mode) && fstat(fd, &own) == 0 &&
		    own.st_dev == st->st_dev && own.st_ino == st->st_ino)
			return fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
}

/* By the name as it was given: what /dev/stdout leads to may have none. */
static FILE *
open_direct(struct fs_out *o, const struct stat *st)
{
	int fd = open_special(o->named, st);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && file == NULL)
		close(fd);
	return file;
}

struct fs_out *
fs_out_open(const char *path, mode_t mode, struct err *err)
{
	struct fs_out *o = xcalloc(1, sizeof(*o));
	struct stat st;

	arena_init(&o->arena);
	o->held = -1;
	o->named = arena_strdup(&o->arena, path);
	o->direct = is_special(path, &st);
	o->path = o->direct ? o->named : fs_target(&o->arena, path);
	if (o->direct) {
		o->file = open_direct(o, &st);
	} else if (o->path != NULL && fs_is_dir(o->path)) {
		/* Before the files beside it are in their places. */
		errno = EISDIR;
	} else if (o->path != NULL) {
		o->dir = fs_dirname(&o->arena, o->path);
		remove_stale(o->dir);
		o->file = open_temp(o, mode);
	}
	if (o->file == NULL) {
		err_sys(err, o->direct ? ERR_IO : ERR_OUTPUT,
		    "cannot be written");
		err_at(err, path, 0);
		arena_release(&o->arena);
		free(o);
		return NULL;
	}
	count_live(1);
	setvbuf(o->file, NULL, _IOFBF, COMPARE_STEP);
	return o;
}

int
fs_out_write(struct fs_out *o, const void *data, size_t len)
{
	if (o->failed)
		return -1;
	if (len > 0 && fwrite(data, 1, len, o->file) != len) {
		o->failed = true;
		o->error = errno;
		return -1;
	}
	return 0;
}

int
fs_out_finish(struct fs_out *o, struct err *err)
{
	if (o->finished)
		return 0;
	if (!o->failed && (fflush(o->file) != 0 ||
	    (!o->direct && fsync(fileno(o->file)) != 0))) {
		o->failed = true;
		o->error = errno;
	}
	if (fclose(o->file) != 0 && !o->failed) {
		o->failed = true;
		o->error = errno;
	}
	o->file = NULL;
	o->finished = true;
	if (!o->failed)
		return 0;
	errno = o->error;
	err_sys(err, o->direct ? ERR_IO : ERR_OUTPUT, "cannot be written");
	return err_at(err, o->named, 0);
}

static bool
same_bytes(const char *a, const char *b)
{
	FILE *fa = fopen(a, "re"), *fb = fopen(b, "re");
	char ba[COMPARE_STEP / 4], bb[COMPARE_STEP / 4];
	bool same = fa != NULL && fb != NULL;
	size_t na = 1, nb;

	while (same && na > 0) {
		na = fread(ba, 1, sizeof(ba), fa);
		nb = fread(bb, 1, sizeof(bb), fb);
		same = na == nb && !ferror(fa) && !ferror(fb) &&
		    memcmp(ba, bb, na) == 0;
	}
	if (fa != NULL)
		fclose(fa);
	if (fb != NULL)
		fclose(fb);
	return same;
}

int
fs_sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return -1;
	rc = fsync(fd);
	/* Some file systems do not know fsync of a folder. */
	if (rc != 0 && errno == EINVAL)
		rc = 0;
	close(fd);
	return rc;
}

/* link(2) does not replace what is there; where a file system has none, a
 * look before must do. */
int
fs_settle(int dirfd, const char *name, const char *path)
{
	struct stat st;

	if (linkat(dirfd, name, AT_FDCWD, path, 0) == 0)
		return unlinkat(dirfd, name, 0);
	if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
		return -1;
	if (lstat(path, &st) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(dirfd, name, AT_FDCWD, path);
}

void
fs_out_abandon(struct fs_out *o)
{
	if (o == NULL)
		return;
	if (o->file != NULL)
		fclose(o->file);
	if (o->temp != NULL)
		unlink(o->temp);
	if (o->held >= 0)
		close(o->held);
	arena_release(&o->arena);
	count_live((size_t)-1);
	free(o);
}

bool
fs_out_changes(const struct fs_out *o)
{
	struct stat a, b;

	return o->direct || stat(o->path, &a) != 0 || stat(o->temp, &b) != 0 ||
	    a.st_mode != b.st_mode || a.st_size != b.st_size ||
	    !same_bytes(o->path, o->temp);
}

int
fs_out_commit(struct fs_out *o, bool *changed, struct err *err)
{
	bool renamed = o->direct;
	int rc = -1;

	if (fs_out_finish(o, err) != 0)
		goto out;
	if (!fs_out_changes(o)) {
		if (changed != NULL)
			*changed = false;
		rc = 0;
		goto out;
	}
	if (!renamed && rename(o->temp, o->path) == 0) {
		renamed = true;
		o->temp = NULL;
	}
	if (!renamed || (!o->direct && fs_sync_dir(o->dir) != 0)) {
		err_sys(err, ERR_OUTPUT, "cannot be replaced");
		err_at(err, o->named, 0);
		goto out;
	}
	if (changed != NULL)
		*changed = true;
	rc = 0;
out:
	fs_out_abandon(o);
	return rc;
}

int
fs_replace(const char *path, const void *data, size_t len, mode_t mode,
    bool *changed, struct err *err)
{
	struct fs_out *o = fs_out_open(path, mode, err);

	if (o == NULL)
		return -1;
	fs_out_write(o, data, len);
	return fs_out_commit(o, changed, err);
}
