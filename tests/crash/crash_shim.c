/*
 * An LD_PRELOAD library (with crash.c) that counts the boundaries at which a
 * program meets the kernel, and kills the program with SIGKILL at one of them.
 * By its environment:
 *
 *   CRASH_AT=N          at boundary N, counted from 1; none: count alone
 *   CRASH_HOW=HOW       `before` it happens, `after` it has happened, or `half`:
 *                       half of the octets are written, and then. What writes
 *                       less than two octets is killed before.
 *   CRASH_TRACE=FILE    a line for each boundary that is reached: number,
 *                       function, "socket" or the file, octets to write
 *   CRASH_UNDER=DIR     and
 *   CRASH_JOURNAL=FILE  record what is done to the files below DIR (an absolute
 *                       path without links) and what of it was brought to the
 *                       disk, for cutting the power (crash.h has the form)
 *   CRASH_BOOT_ID=TEXT  the kernel's boot id, as if the machine had started
 *                       anew
 *   CRASH_LIE=sync      fsync() and fdatasync() say yes and bring nothing to the
 *                       disk of the journal; CRASH_LIE=wal: once a socket is
 *                       connected, what is written to a file *-wal is thrown
 *                       away. They break what the program relies on, to show
 *                       that the tests notice.
 *
 * A boundary is a write, a sync, a change of a file's size or name, a file made
 * or emptied, and on sockets also connect, read, receive and close. Threads are
 * counted together, in the order in which they come.
 *
 * Not seen: what is written through mmap() (SQLite's index of the write-ahead
 * log, which is made anew after a crash), what libc itself does without a symbol
 * (stdio's writes, mkstemp(), the resolver), and system calls made directly.
 * SQLite has its calls in a table of pointers; the dynamic linker fills that
 * with the functions here, as it does for libesmtp, libcurl and OpenSSL. The
 * program's own connect() and poll() (lib/mail/transport_libc.c) come before
 * these, and their RTLD_NEXT is this library.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "crash.h"

/* libc: the next function of that name. */
#define LIBC(name) \
	__typeof__(name) *libc; \
	void *symbol = dlsym(RTLD_NEXT, #name); \
	memcpy(&libc, &symbol, sizeof libc);

/* Where off_t has 64 bits anyhow. */
#define SAME(name, as) \
	extern __typeof__(name) name __attribute__((alias(#as)))

/* ---- writing ---- */

/* No offset: where the file is. */
#define HERE ((off_t)-1)

static atomic_bool connected;

static bool is_thrown_away(int fd)
{
	char path[PATH_MAX];
	size_t n;

	if (!crash_settings()->lie_wal || !atomic_load(&connected) ||
	    crash_is_socket(fd))
		return false;
	crash_name_of(fd, path);
	n = strlen(path);
	return n >= 4 && strcmp(path + n - 4, "-wal") == 0;
}

static ssize_t put(const char *call, int fd, const void *data, size_t len,
    off_t at)
{
	unsigned long no = crash_arrive(call, fd, NULL, len);
	size_t share = crash_share(no, len);
	char path[PATH_MAX];
	bool watched;
	ssize_t n;

	if (is_thrown_away(fd)) {
		crash_depart(no);
		return (ssize_t)len;
	}
	watched = crash_watch(fd, path);
	if (at == HERE)
		n = (ssize_t)syscall(SYS_write, fd, data, share);
	else
		n = (ssize_t)syscall(SYS_pwrite64, fd, data, share, at);
	if (watched && n >= 0 && at == HERE)
		at = lseek(fd, 0, SEEK_CUR) - n;
	crash_record(watched, n >= 0, 'W', path, (uint64_t)at, data,
	    n < 0 ? 0 : (size_t)n);
	crash_depart(no);
	return n;
}

/* As one piece, so that there is one way in which half of it goes. */
static ssize_t put_vector(const char *call, int fd, const struct iovec *v,
    int n, off_t at)
{
	size_t len = 0, done = 0;
	ssize_t rc;
	char *all;
	int i;

	for (i = 0; i < n; i++)
		len += v[i].iov_len;
	all = malloc(len + 1);
	if (all == NULL)
		abort();
	for (i = 0; i < n; i++) {
		memcpy(all + done, v[i].iov_base, v[i].iov_len);
		done += v[i].iov_len;
	}
	rc = put(call, fd, all, len, at);
	free(all);
	return rc;
}

ssize_t write(int fd, const void *data, size_t len)
{
	return put("write", fd, data, len, HERE);
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
	return put("pwrite", fd, data, len, at);
}
SAME(pwrite64, pwrite);

ssize_t writev(int fd, const struct iovec *v, int n)
{
	return put_vector("writev", fd, v, n, HERE);
}

ssize_t pwritev(int fd, const struct iovec *v, int n, off_t at)
{
	return put_vector("pwritev", fd, v, n, at);
}
SAME(pwritev64, pwritev);

ssize_t sendto(int fd, const void *data, size_t len, int flags,
    __CONST_SOCKADDR_ARG to, socklen_t to_len)
{
	LIBC(sendto)
	unsigned long no = crash_arrive("send", fd, NULL, len);
	ssize_t n = libc(fd, data, crash_share(no, len), flags, to, to_len);

	crash_depart(no);
	return n;
}

ssize_t send(int fd, const void *data, size_t len, int flags)
{
	return sendto(fd, data, len, flags, NULL, 0);
}

/* Half of it is half of its first piece. */
ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	LIBC(sendmsg)
	size_t len = m->msg_iovlen == 0 ? 0 : m->msg_iov[0].iov_len;
	unsigned long no = crash_arrive("sendmsg", fd, NULL, len);
	struct msghdr part = *m;
	struct iovec first;
	ssize_t n;

	if (crash_share(no, len) != len) {
		first = (struct iovec){ m->msg_iov[0].iov_base, len / 2 };
		part.msg_iov = &first;
		part.msg_iovlen = 1;
	}
	n = libc(fd, &part, flags);
	crash_depart(no);
	return n;
}

/* ---- the rest of what is done to a file ---- */

int ftruncate(int fd, off_t size)
{
	unsigned long no = crash_arrive("ftruncate", fd, NULL, 0);
	char path[PATH_MAX];
	bool watched = crash_watch(fd, path);
	int rc = (int)syscall(SYS_ftruncate, fd, size);

	crash_record(watched, rc == 0, 'T', path, (uint64_t)size, NULL, 0);
	crash_depart(no);
	return rc;
}
SAME(ftruncate64, ftruncate);

/* With a journal nothing is brought to the real disk: it would only take time. */
static int bring(const char *call, int fd, long number)
{
	unsigned long no = crash_arrive(call, fd, NULL, 0);
	const struct crash *set = crash_settings();
	char path[PATH_MAX];
	bool watched = crash_watch(fd, path);
	int rc = set->journal >= 0 ? 0 : (int)syscall(number, fd);

	crash_record(watched, !set->lie_sync, 'S', path, 0, NULL, 0);
	crash_depart(no);
	return rc;
}

int fsync(int fd)
{
	return bring("fsync", fd, SYS_fsync);
}

int fdatasync(int fd)
{
	return bring("fdatasync", fd, SYS_fdatasync);
}

static int open_text(const char *text)
{
	int fd = memfd_create("text", MFD_CLOEXEC);
	size_t len = strlen(text);

	if (fd < 0 || syscall(SYS_write, fd, text, len) != (long)len)
		abort();
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static int open_file(int dir, const char *name, int flags, mode_t mode)
{
	const char *boot_id = crash_settings()->boot_id;
	char path[PATH_MAX];
	unsigned long no;
	bool fresh, watched;
	int fd;

	if (boot_id != NULL &&
	    strcmp(name, "/proc/sys/kernel/random/boot_id") == 0)
		return open_text(boot_id);
	if ((flags & (O_CREAT | O_TRUNC)) == 0)
		return (int)syscall(SYS_openat, dir, name, flags, mode);
	crash_name_at(dir, name, path);
	fresh = faccessat(AT_FDCWD, path, F_OK, 0) != 0;
	if (!fresh && (flags & O_TRUNC) == 0)
		return (int)syscall(SYS_openat, dir, name, flags, mode);
	no = crash_arrive("open", -1, path, 0);
	watched = crash_watch_name(path);
	fd = (int)syscall(SYS_openat, dir, name, flags, mode);
	crash_record(watched, fd >= 0, fresh ? 'C' : 'T', path, 0, NULL, 0);
	crash_depart(no);
	return fd;
}

/* The argument that is there only sometimes. */
#define MODE(flags, mode) \
	mode_t mode = 0; \
	if (((flags) & (O_CREAT | O_TMPFILE)) != 0) { \
		va_list ap; \
		va_start(ap, flags); \
		mode = va_arg(ap, mode_t); \
		va_end(ap); \
	}

int open(const char *name, int flags, ...)
{
	MODE(flags, mode)
	return open_file(AT_FDCWD, name, flags, mode);
}
SAME(open64, open);

int openat(int dir, const char *name, int flags, ...)
{
	MODE(flags, mode)
	return open_file(dir, name, flags, mode);
}
SAME(openat64, openat);

int unlinkat(int dir, const char *name, int flags)
{
	char path[PATH_MAX];
	unsigned long no;
	bool watched;
	int rc;

	crash_name_at(dir, name, path);
	no = crash_arrive("unlink", -1, path, 0);
	watched = crash_watch_name(path);
	rc = (int)syscall(SYS_unlinkat, dir, name, flags);
	crash_record(watched, rc == 0, 'U', path, 0, NULL, 0);
	crash_depart(no);
	return rc;
}

int unlink(const char *name)
{
	return unlinkat(AT_FDCWD, name, 0);
}

/* kind R: flags are renameat2()'s; L: linkat()'s. */
static int move(char kind, int from, const char *old, int to, const char *new,
    unsigned flags)
{
	char was[PATH_MAX], path[PATH_MAX];
	unsigned long no;
	bool watched;
	int rc;

	crash_name_at(from, old, was);
	crash_name_at(to, new, path);
	no = crash_arrive(kind == 'R' ? "rename" : "link", -1, path, 0);
	watched = crash_watch_name(path);
	rc = (int)syscall(kind == 'R' ? SYS_renameat2 : SYS_linkat, from, old,
	    to, new, flags);
	crash_record(watched, rc == 0, kind, was, 0, path, strlen(path));
	crash_depart(no);
	return rc;
}

int rename(const char *old, const char *new)
{
	return move('R', AT_FDCWD, old, AT_FDCWD, new, 0);
}

int renameat(int from, const char *old, int to, const char *new)
{
	return move('R', from, old, to, new, 0);
}

int renameat2(int from, const char *old, int to, const char *new,
    unsigned flags)
{
	return move('R', from, old, to, new, flags);
}

int linkat(int from, const char *old, int to, const char *new, int flags)
{
	return move('L', from, old, to, new, (unsigned)flags);
}

/* ---- sockets ---- */

int connect(int fd, __CONST_SOCKADDR_ARG to, socklen_t len)
{
	LIBC(connect)
	unsigned long no = crash_arrive("connect", fd, NULL, 0);
	int rc = libc(fd, to, len);

	atomic_store(&connected, true);
	crash_depart(no);
	return rc;
}

ssize_t recvfrom(int fd, void *data, size_t len, int flags, __SOCKADDR_ARG of,
    socklen_t *of_len)
{
	LIBC(recvfrom)
	unsigned long no = crash_arrive("recv", fd, NULL, 0);
	ssize_t n = libc(fd, data, len, flags, of, of_len);

	crash_depart(no);
	return n;
}

ssize_t recv(int fd, void *data, size_t len, int flags)
{
	return recvfrom(fd, data, len, flags, NULL, NULL);
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
	LIBC(recvmsg)
	unsigned long no = crash_arrive("recvmsg", fd, NULL, 0);
	ssize_t n = libc(fd, m, flags);

	crash_depart(no);
	return n;
}

ssize_t read(int fd, void *data, size_t len)
{
	unsigned long no = crash_is_socket(fd) ?
	    crash_arrive("read", fd, NULL, 0) : 0;
	ssize_t n = (ssize_t)syscall(SYS_read, fd, data, len);

	crash_depart(no);
	return n;
}

int close(int fd)
{
	unsigned long no = crash_is_socket(fd) ?
	    crash_arrive("close", fd, NULL, 0) : 0;
	int rc = (int)syscall(SYS_close, fd);

	crash_depart(no);
	return rc;
}
