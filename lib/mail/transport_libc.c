/*
 * Three functions in libc's place, for a library that knows neither a socket
 * that is connected already nor a wait that is watched: libesmtp gives no
 * access to its socket, has no time-out for connecting or looking up, cuts
 * "[::1]:25" at its first colon, writes 2 KB at a time, and has no event for
 * the time in which all is written and it waits for an answer.
 *
 * The other way to its socket, to search /proc/self/fd in SMTP_EV_CONNECT for
 * one that looks right, was left: with several threads there are several that
 * do, it needs /proc, and it helps with neither time-out. What this way needs
 * is that the dynamic linker finds the program's symbols first; where it does
 * not, the socket is left over, and transport_place_end() tells.
 */
/* With it the header defines poll() itself, inline, and clang takes ours for
 * another one of that kind. */
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "mail/transport_int.h"

/* Whose library this thread is in. */
static _Thread_local struct transport_place *place;

void transport_place_begin(struct transport_place *p)
{
	p->fd = -1;
	place = p;
}

bool transport_place_end(struct transport_place *p)
{
	place = NULL;
	if (p->ready == -1)
		return true;
	close(p->ready);
	p->ready = -1;
	return false;
}

/* When the library connects, to a numeric address that needs no looking up,
 * its socket is replaced by the one that transport_dial has connected. Every
 * other caller, and every other thread, gets libc's connect(). */
__attribute__((visibility("default")))
int connect(int fd, __CONST_SOCKADDR_ARG addr, socklen_t len)
{
	struct transport_place *p = place;
	int (*libc)(int, __CONST_SOCKADDR_ARG, socklen_t);
	void *symbol;
	int got;

	if (p != NULL && p->ready != -1) {
		p->fd = fd;
		got = dup3(p->ready, fd, O_CLOEXEC);
		close(p->ready);
		p->ready = -1;
		return got == -1 ? -1 : 0;
	}
	symbol = dlsym(RTLD_NEXT, "connect");
	if (symbol == NULL) {
		errno = ENOSYS;
		return -1;
	}
	memcpy(&libc, &symbol, sizeof libc);
	return libc(fd, addr, len);
}

int transport_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	struct timespec limit = { timeout / 1000, timeout % 1000 * 1000000L };

	return ppoll(fds, n, timeout < 0 ? NULL : &limit, NULL);
}

__attribute__((visibility("default")))
int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	/* glibc declares that poll() only writes to fds, and gcc believes it;
	 * this way it forgets. */
	struct pollfd *volatile first = fds;
	struct transport_place *p = place;

	if (p != NULL && n > 0 && first->fd == p->fd)
		return p->wait(p->ctx, fds, n, timeout);
	return transport_poll(fds, n, timeout);
}

/* Asked for once: programs write often, and this is all of their writing. */
static ssize_t libc_write(int fd, const void *data, size_t len)
{
	static _Atomic(void *) found;
	ssize_t (*libc)(int, const void *, size_t);
	void *symbol = found;

	if (symbol == NULL)
		found = symbol = dlsym(RTLD_NEXT, "write");
	if (symbol == NULL)
		return syscall(SYS_write, fd, data, len);
	memcpy(&libc, &symbol, sizeof libc);
	return libc(fd, data, len);
}

__attribute__((visibility("default")))
ssize_t write(int fd, const void *data, size_t len)
{
	const struct transport_place *p = place;

	if (p != NULL && fd == p->fd)
		return p->write(p->ctx, data, len);
	return libc_write(fd, data, len);
}

void transport_hush_begin(struct transport_hush *h)
{
	sigset_t pipe_only, pending;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigpending(&pending);
	h->pending = sigismember(&pending, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &h->before);
}

void transport_hush_end(const struct transport_hush *h)
{
	static const struct timespec none = { 0, 0 };
	sigset_t pipe_only;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	if (!h->pending)
		while (sigtimedwait(&pipe_only, NULL, &none) == -1 &&
		    errno == EINTR)
			;
	pthread_sigmask(SIG_SETMASK, &h->before, NULL);
}
