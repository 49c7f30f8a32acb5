#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static struct crash set = { .trace = -1, .journal = -1 };
static atomic_ulong count;
static pthread_once_t once = PTHREAD_ONCE_INIT;
/* Held from before a change until it is in the journal. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- setting up ---- */

static int open_log(const char *name)
{
	const char *path = getenv(name);
	long fd;
	int far;

	if (path == NULL)
		return -1;
	fd = syscall(SYS_openat, AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	/* Out of the way of the numbers that the program would get. */
	far = fcntl((int)fd, F_DUPFD_CLOEXEC, 900);
	if (far < 0)
		abort();
	syscall(SYS_close, fd);
	return far;
}

static void set_up(void)
{
	const char *at = getenv("CRASH_AT"), *how = getenv("CRASH_HOW");
	const char *lie = getenv("CRASH_LIE");

	set.at = at == NULL ? 0 : strtoul(at, NULL, 10);
	if (how != NULL && strcmp(how, "after") == 0)
		set.how = CRASH_AFTER;
	else if (how != NULL && strcmp(how, "half") == 0)
		set.how = CRASH_HALF;
	set.lie_sync = lie != NULL && strcmp(lie, "sync") == 0;
	set.lie_wal = lie != NULL && strcmp(lie, "wal") == 0;
	set.boot_id = getenv("CRASH_BOOT_ID");
	set.under = getenv("CRASH_UNDER");
	set.trace = open_log("CRASH_TRACE");
	if (set.under != NULL)
		set.journal = open_log("CRASH_JOURNAL");
	/* It is about this process, not about those it starts. */
	unsetenv("LD_PRELOAD");
}

const struct crash *crash_settings(void)
{
	pthread_once(&once, set_up);
	return &set;
}

__attribute__((constructor)) static void begin(void)
{
	crash_settings();
}

/* ---- what a descriptor is ---- */

bool crash_is_socket(int fd)
{
	int type, error = errno;
	socklen_t len = sizeof type;
	bool yes = getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0;

	errno = error;
	return yes;
}

void crash_name_of(int fd, char path[PATH_MAX])
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_MAX - 1);
	path[n < 0 ? 0 : n] = '\0';
}

void crash_name_at(int dir, const char *name, char path[PATH_MAX])
{
	char at[PATH_MAX], from[PATH_MAX], whole[2 * PATH_MAX];
	const char *slash = strrchr(name, '/');

	if (name[0] == '/' || dir == AT_FDCWD)
		snprintf(from, sizeof from, "%.*s",
		    slash == NULL ? 1 : (int)(slash - name) + 1,
		    slash == NULL ? "." : name);
	else
		snprintf(from, sizeof from, "/proc/self/fd/%d/%.*s", dir,
		    slash == NULL ? 0 : (int)(slash - name), name);
	if (realpath(from, at) == NULL)
		at[0] = '\0';
	snprintf(whole, sizeof whole, "%s/%s", at,
	    slash == NULL ? name : slash + 1);
	snprintf(path, PATH_MAX, "%.*s", PATH_MAX - 1, whole);
}

/* ---- boundaries ---- */

static _Noreturn void die(void)
{
	for (;;)
		syscall(SYS_kill, getpid(), SIGKILL);
}

static void trace(unsigned long no, const char *call, int fd,
    const char *path, size_t len)
{
	char name[PATH_MAX], line[PATH_MAX + 128];
	int n;

	if (path == NULL && crash_is_socket(fd)) {
		path = "socket";
	} else if (path == NULL) {
		crash_name_of(fd, name);
		path = name;
	}
	n = snprintf(line, sizeof line, "%lu\t%s\t%s\t%zu\n", no, call, path,
	    len);
	if (syscall(SYS_write, set.trace, line, (size_t)n) != n)
		abort();
}

unsigned long crash_arrive(const char *call, int fd, const char *path,
    size_t len)
{
	unsigned long no = atomic_fetch_add(&count, 1) + 1;
	int error = errno;

	crash_settings();
	if (set.trace >= 0)
		trace(no, call, fd, path, len);
	if (no == set.at && (set.how == CRASH_BEFORE ||
	    (set.how == CRASH_HALF && len < 2)))
		die();
	errno = error;
	return no;
}

size_t crash_share(unsigned long no, size_t len)
{
	return no == set.at && set.how == CRASH_HALF ? len / 2 : len;
}

void crash_depart(unsigned long no)
{
	if (no != 0 && no == set.at)
		die();
}

/* ---- the journal ---- */

static bool is_below(const char *path)
{
	size_t n;

	if (crash_settings()->journal < 0)
		return false;
	n = strlen(set.under);
	return strncmp(path, set.under, n) == 0 &&
	    (path[n] == '/' || path[n] == '\0');
}

bool crash_watch_name(const char *path)
{
	bool yes = is_below(path);

	if (yes)
		pthread_mutex_lock(&lock);
	return yes;
}

bool crash_watch(int fd, char path[PATH_MAX])
{
	int error = errno;
	bool yes;

	path[0] = '\0';
	if (crash_settings()->journal >= 0)
		crash_name_of(fd, path);
	yes = crash_watch_name(path);
	errno = error;
	return yes;
}

void crash_record(bool watched, bool done, char kind, const char *path,
    uint64_t at, const void *data, size_t len)
{
	struct crash_entry e = { (uint32_t)kind, (uint32_t)strlen(path), at,
	    len };
	struct iovec v[3] = {
		{ &e, sizeof e },
		{ (void *)(uintptr_t)path, e.path_len },
		{ (void *)(uintptr_t)data, len }
	};
	int error = errno;

	if (!watched)
		return;
	if (done && syscall(SYS_writev, set.journal, v, 3) !=
	    (long)(sizeof e + e.path_len + len))
		abort();
	pthread_mutex_unlock(&lock);
	errno = error;
}
