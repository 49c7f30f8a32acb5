#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP ((size_t)64 << 10)

static void
stamp_take(struct fs_stamp *out, const struct stat *st)
{
	out->size = st->st_size;
	out->mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 +
	    st->st_mtim.tv_nsec;
	out->inode = st->st_ino;
}

/* Reads to the end, or to one byte over max. */
static int
read_all(int fd, size_t max, struct buf *out, struct err *err)
{
	char piece[READ_STEP];
	size_t got = 0;
	ssize_t n;

	for (;;) {
		n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, ERR_IO, "reading broke off");
		if (n == 0)
			return buf_check(out, "the file", err);
		got += (size_t)n;
		if (got > max)
			return err_set(err, ERR_INPUT,
			    "is larger than the %zu bytes that are read", max);
		buf_add(out, piece, (size_t)n);
	}
}

/* What stands there is no file: ERR_NOINPUT. */
static int
refuse(const struct stat *st, struct err *err)
{
	return err_set(err, ERR_NOINPUT, S_ISDIR(st->st_mode) ?
	    "is a directory, not a file" : "is not a regular file");
}

int
fs_open(const char *path, struct fs_stamp *stamp, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		err_sys(err, ERR_NOINPUT, "cannot be read");
	else if (fstat(fd, &st) != 0)
		err_sys(err, ERR_IO, "cannot be examined");
	else if (!S_ISREG(st.st_mode))
		refuse(&st, err);
	else {
		stamp_take(stamp, &st);
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return err_at(err, path, 0);
}

size_t
fs_head(const char *path, void *out, size_t len)
{
	struct err ignored = ERR_INIT;
	struct fs_stamp stamp;
	int fd = fs_open(path, &stamp, &ignored);
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read(fd, out, len);
	close(fd);
	return n > 0 ? (size_t)n : 0;
}

int
fs_read(const char *path, size_t max, struct buf *out, struct fs_stamp *stamp,
    struct err *err)
{
	struct fs_stamp now;
	int fd, rc;

	if (strcmp(path, "-") == 0) {
		rc = read_all(STDIN_FILENO, max, out, err);
		return rc == 0 ? 0 : err_at(err, "standard input", 0);
	}
	fd = fs_open(path, &now, err);
	if (fd < 0)
		return -1;
	rc = read_all(fd, max, out, err);
	if (rc == 0 && stamp != NULL)
		*stamp = now;
	close(fd);
	return rc == 0 ? 0 : err_at(err, path, 0);
}

int
fs_stamp(const char *path, struct fs_stamp *stamp, struct err *err)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		err_sys(err, ERR_NOINPUT, "cannot be read");
		return err_at(err, path, 0);
	}
	stamp_take(stamp, &st);
	return 0;
}

bool
fs_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
fs_is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

int
fs_check_secret(const char *path, struct err *err)
{
	return !fs_others_read(path) ? 0 : err_set(err, ERR_CONFIG,
	    "others may read it; chmod 600 it");
}

void
fs_allow_files(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < r.rlim_max) {
		r.rlim_cur = r.rlim_max;
		/* What cannot be had is told where a file cannot be opened. */
		(void)setrlimit(RLIMIT_NOFILE, &r);
	}
}

bool
fs_holds(const char *path, const void *data, size_t len)
{
	struct err ignored = ERR_INIT;
	struct buf text;
	bool same;

	buf_init(&text, len);
	same = fs_read(path, len, &text, NULL, &ignored) == 0 &&
	    text.len == len && memcmp(text.data, data, len) == 0;
	buf_release(&text);
	return same;
}

bool
fs_others_read(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & 077) != 0;
}

bool
fs_is_lost(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode) &&
	    stat(path, &st) != 0;
}

int
fs_mkdirs(const char *path, struct err *err)
{
	char part[PATH_MAX];
	size_t len = strlen(path), i;

	if (len == 0 || len >= sizeof(part)) {
		err_set(err, ERR_OUTPUT, "the folder's name is too long");
		return err_at(err, path, 0);
	}
	memcpy(part, path, len + 1);
	for (i = 1; i <= len; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		part[i] = '\0';
		if (mkdir(part, 0777) != 0 && errno != EEXIST) {
			err_sys(err, ERR_OUTPUT, "the folder cannot be made");
			return err_at(err, part, 0);
		}
		part[i] = path[i];
	}
	if (fs_is_dir(path))
		return 0;
	err_set(err, ERR_OUTPUT, "is there, but is no folder");
	return err_at(err, path, 0);
}

char *
fs_join(struct arena *a, const char *dir, const char *name)
{
	if (name[0] == '/' || dir[0] == '\0' || strcmp(dir, ".") == 0)
		return arena_strdup(a, name);
	return arena_printf(a, "%s%s%s", dir,
	    dir[strlen(dir) - 1] == '/' ? "" : "/", name);
}

char *
fs_dirname(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return arena_strdup(a, ".");
	if (slash == path)
		return arena_strdup(a, "/");
	return arena_strndup(a, path, (size_t)(slash - path));
}

const char *
fs_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

char *
fs_stem(struct arena *a, const char *path)
{
	const char *base = fs_basename(path);
	const char *dot = strrchr(base, '.');

	if (dot == NULL || dot == base)
		return arena_strdup(a, base);
	return arena_strndup(a, base, (size_t)(dot - base));
}

char *
fs_beneath(struct arena *a, const char *root, const char *name,
    struct err *err)
{
	char top[PATH_MAX], full[PATH_MAX];
	char *joined = fs_join(a, root, name);
	size_t len;

	if (realpath(root, top) == NULL) {
		err_sys(err, ERR_NOINPUT, "the folder cannot be read");
		err_at(err, root, 0);
		return NULL;
	}
	if (realpath(joined, full) == NULL) {
		err_sys(err, ERR_NOINPUT, "`%s` cannot be read", joined);
		return NULL;
	}
	len = strlen(top);
	if (strcmp(top, "/") != 0 && (strncmp(full, top, len) != 0 ||
	    (full[len] != '/' && full[len] != '\0'))) {
		/* Without a step up it can only be a link that leads out. */
		err_set(err, ERR_REFUSED, "`%s` lies outside of `%s`%s", name,
		    root, name[0] == '/' || strstr(name, "..") != NULL ? "" :
		    ": a symbolic link leads out of it");
		return NULL;
	}
	return arena_strdup(a, full);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A link that leads nowhere is a file that somebody lacks: who reads it says
 * so. */
static bool
is_named_file(const char *path)
{
	return fs_is_file(path) || fs_is_lost(path);
}

int
fs_list(struct arena *a, const char *dir, char ***names, size_t *count,
    struct err *err)
{
	struct arena scratch = ARENA_INIT;
	size_t n = 0, cap = 0;
	char **list = NULL;
	struct dirent *e;
	int failed;
	DIR *d = opendir(dir);

	if (d == NULL) {
		err_sys(err, ERR_NOINPUT, "the folder cannot be read");
		return err_at(err, dir, 0);
	}
	/* The end of the folder and a failure are told apart by errno alone. */
	while (errno = 0, (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		if (e->d_type != DT_REG &&
		    !is_named_file(fs_join(&scratch, dir, e->d_name)))
			continue;
		if (n == cap) {
			cap = cap == 0 ? 64 : cap * 2;
			list = xreallocarray(list, cap, sizeof(*list));
		}
		list[n++] = arena_strdup(a, e->d_name);
	}
	failed = errno;
	closedir(d);
	arena_release(&scratch);
	if (failed != 0) {
		free(list);
		errno = failed;
		err_sys(err, ERR_IO, "the folder cannot be read to its end");
		return err_at(err, dir, 0);
	}
	if (n > 1)
		qsort(list, n, sizeof(*list), by_name);
	*names = arena_array(a, n, sizeof(**names));
	if (n > 0)
		memcpy(*names, list, n * sizeof(*list));
	*count = n;
	free(list);
	return 0;
}

/* A folder is a name, whatever it has in it. */
static char *
glob_quoted(struct arena *a, const char *dir)
{
	char *out = arena_alloc(a, 2 * strlen(dir) + 1), *to = out;

	for (; *dir != '\0'; dir++) {
		if (strchr("*?[]\\", *dir) != NULL)
			*to++ = '\\';
		*to++ = *dir;
	}
	return out;
}

int
fs_glob(struct arena *a, const char *dir, const char *pattern, char ***paths,
    size_t *count, struct err *err)
{
	glob_t g;
	size_t i;
	int rc = glob(fs_join(a, glob_quoted(a, dir), pattern), 0, NULL, &g);

	*count = 0;
	*paths = NULL;
	if (rc == GLOB_NOMATCH)
		return 0;
	if (rc != 0)
		return err_set(err, ERR_IO, "`%s` cannot be searched", pattern);
	*paths = arena_array(a, g.gl_pathc, sizeof(**paths));
	for (i = 0; i < g.gl_pathc; i++)
		(*paths)[i] = arena_strdup(a, g.gl_pathv[i]);
	*count = g.gl_pathc;
	globfree(&g);
	return 0;
}

#define LINKS_MAX 40

char *
fs_target(struct arena *a, const char *path)
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
