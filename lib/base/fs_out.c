/* Outputs that replace their file at once, and lock files (base/fs.h). */
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/hash.h"

#define HOST_MAX 256
#define COMPARE_STEP ((size_t)64 << 10)

struct fs_out {
	struct arena arena;
	char *named;	/* as the caller names it, for messages */
	char *path;	/* what is replaced; links resolved */
	char *temp;
	char *dir;
	FILE *file;
	bool failed;
	bool finished;
	int error;	/* errno of the first failed write */
};

/* ---- where a name leads ---- */

#define LINKS_MAX 40

/* The file that path names in the end, also where it is not there yet: a link
 * that leads nowhere is followed to where it leads, so that replacing does not
 * turn it into a file. NULL and errno when links lead in circles. */
static char *
target(struct arena *a, const char *path)
{
	char text[PATH_MAX];
	int links = 0;
	ssize_t n;

	while ((n = readlink(path, text, sizeof(text) - 1)) >= 0) {
		if (++links > LINKS_MAX) {
			errno = ELOOP;
			return NULL;
		}
		text[n] = '\0';
		path = fs_join(a, fs_dirname(a, path), text);
	}
	return arena_strdup(a, path);
}

/* ---- names of temporary files ---- */

#define TEMP_HEAD ".showmill."
#define TEMP_TAIL ".tmp"
#define TAG_BYTES 4
#define TAG_LEN ((size_t)2 * TAG_BYTES)

/* Stands for the processes among which a process id is one's own: this host's,
 * or a container's. */
static void
process_tag(char out[TAG_LEN + 1])
{
	unsigned char digest[HASH_SHA256_SIZE];
	char place[512] = "";
	ssize_t n;
	size_t len;

	if (gethostname(place, 256) != 0)
		place[0] = '\0';
	place[255] = '\0';
	len = strlen(place);
	n = readlink("/proc/self/ns/pid", place + len, sizeof(place) - len);
	hash_sha256(place, len + (n > 0 ? (size_t)n : 0), digest);
	hash_hex(digest, TAG_BYTES, out);
}

/* Hidden, so that no listing of the folder takes it for an episode; of this
 * process and this output, so that no two share one. */
static char *
temp_name(struct arena *a, const char *dir)
{
	static atomic_uint outputs;
	char tag[TAG_LEN + 1];

	process_tag(tag);
	return arena_printf(a, "%s/" TEMP_HEAD "%s.%ld.%u" TEMP_TAIL, dir, tag,
	    (long)getpid(), atomic_fetch_add(&outputs, 1));
}

/* The process that made a temporary file of that name, if that was one of
 * ours on this host; else 0. */
static pid_t
temp_owner(const char *name, const char *tag)
{
	const size_t head = sizeof(TEMP_HEAD) - 1;
	const char *p = name + head;
	char *end;
	long pid;

	if (strncmp(name, TEMP_HEAD, head) != 0 ||
	    strncmp(p, tag, TAG_LEN) != 0 || p[TAG_LEN] != '.' ||
	    p[TAG_LEN + 1] < '1' || p[TAG_LEN + 1] > '9')
		return 0;
	errno = 0;
	pid = strtol(p + TAG_LEN + 1, &end, 10);
	if (errno != 0 || pid > INT_MAX || *end++ != '.')
		return 0;
	end += strspn(end, "0123456789");
	return end[-1] != '.' && strcmp(end, TEMP_TAIL) == 0 ? (pid_t)pid : 0;
}

/* What a killed run left is of no use to anybody, and would be published with
 * the folder. Nothing is said of what cannot be removed. */
static void
remove_stale(const char *dir)
{
	DIR *d = opendir(dir);
	char tag[TAG_LEN + 1];
	struct dirent *e;
	struct stat st;
	pid_t pid;

	if (d == NULL)
		return;
	process_tag(tag);
	while ((e = readdir(d)) != NULL) {
		pid = temp_owner(e->d_name, tag);
		if (pid != 0 && kill(pid, 0) == -1 && errno == ESRCH &&
		    fstatat(dirfd(d), e->d_name, &st,
		    AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode))
			unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
}

/* ---- outputs ---- */

/* The new file, with the permissions of the old one if there is one. */
static FILE *
open_temp(const struct fs_out *o, mode_t mode)
{
	FILE *file = NULL;
	struct stat st;
	int fd, saved;

	fd = open(o->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return NULL;
	if (stat(o->path, &st) != 0 || fchmod(fd, st.st_mode & 07777) == 0)
		file = fdopen(fd, "w");
	if (file != NULL)
		return file;
	saved = errno;
	close(fd);
	unlink(o->temp);
	errno = saved;
	return NULL;
}

struct fs_out *
fs_out_open(const char *path, mode_t mode, struct err *err)
{
	struct fs_out *o = xcalloc(1, sizeof(*o));

	arena_init(&o->arena);
	o->named = arena_strdup(&o->arena, path);
	o->path = target(&o->arena, path);
	if (o->path != NULL) {
		o->dir = fs_dirname(&o->arena, o->path);
		remove_stale(o->dir);
		o->temp = temp_name(&o->arena, o->dir);
		o->file = open_temp(o, mode);
	}
	if (o->file == NULL) {
		err_sys(err, ERR_OUTPUT, "cannot be written");
		err_at(err, path, 0);
		arena_release(&o->arena);
		free(o);
		return NULL;
	}
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
	    fsync(fileno(o->file)) != 0)) {
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
	err_sys(err, ERR_OUTPUT, "cannot be written");
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

static int
sync_dir(const char *dir)
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

void
fs_out_abandon(struct fs_out *o)
{
	if (o == NULL)
		return;
	if (o->file != NULL)
		fclose(o->file);
	unlink(o->temp);
	arena_release(&o->arena);
	free(o);
}

int
fs_out_commit(struct fs_out *o, bool *changed, struct err *err)
{
	struct stat a, b;
	int rc = -1;

	if (fs_out_finish(o, err) != 0)
		goto out;
	if (stat(o->path, &a) == 0 && stat(o->temp, &b) == 0 &&
	    a.st_size == b.st_size && same_bytes(o->path, o->temp)) {
		if (changed != NULL)
			*changed = false;
		rc = 0;
		goto out;
	}
	if (rename(o->temp, o->path) != 0 || sync_dir(o->dir) != 0) {
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

struct fs_lock {
	int fd;
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

static int
write_owner(int fd)
{
	char host[HOST_MAX], when[DATE_TEXT_MAX], text[FS_OWNER_MAX];
	struct date now = { date_now(), 0 };
	int len;

	host_name(host);
	date_rfc3339(&now, when);
	len = snprintf(text, sizeof(text), "process %ld on %s since %s\n",
	    (long)getpid(), host, when);
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
	if (write_owner(fd) != 0) {
		err_sys(err, ERR_OUTPUT, "the lock file cannot be written");
		err_at(err, path, 0);
		close(fd);
		return NULL;
	}
	l = xmalloc(sizeof(*l));
	l->fd = fd;
	return l;
}

struct fs_lock *
fs_lock_beside(const char *path, struct err *err)
{
	struct arena a = ARENA_INIT;
	const char *real = target(&a, path);
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
	const char *real = target(&a, path);
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
