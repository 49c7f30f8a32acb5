/*
 * A TCP connection within a time. libc has a time-out neither for looking up
 * a name nor for connecting, and a relay that is not there must not hold up
 * a run of cron for minutes.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "mail/transport_int.h"

int64_t transport_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One look-up by getaddrinfo_a(3), which is done by a thread of libc. */
struct lookup {
	struct gaicb request;
	struct addrinfo hints;
	char *host;
	char *port;
};

static struct lookup *lookup_new(const char *host, const char *port)
{
	struct lookup *l = xcalloc(1, sizeof *l);

	l->host = xstrdup(host);
	l->port = xstrdup(port);
	l->hints.ai_family = AF_UNSPEC;
	l->hints.ai_socktype = SOCK_STREAM;
	l->hints.ai_flags = AI_NUMERICSERV;
	l->request.ar_name = l->host;
	l->request.ar_service = l->port;
	l->request.ar_request = &l->hints;
	return l;
}

static void lookup_free(struct lookup *l)
{
	free(l->host);
	free(l->port);
	free(l);
}

/* The code of getaddrinfo(3); EAI_INPROGRESS when it took too long. */
static int lookup_wait(struct lookup *l, long timeout)
{
	const struct gaicb *one[1] = { &l->request };
	struct gaicb *list[1] = { &l->request };
	int64_t due = transport_clock() + timeout;
	int status = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);

	if (status != 0)
		return status;
	while ((status = gai_error(&l->request)) == EAI_INPROGRESS) {
		int64_t left = due - transport_clock();
		struct timespec ts;

		if (left <= 0)
			break;
		ts.tv_sec = (time_t)(left / 1000);
		ts.tv_nsec = (long)(left % 1000) * 1000000;
		gai_suspend(one, 1, &ts);
	}
	return status;
}

static int resolve(const char *url, const char *host, const char *port,
    long timeout, struct addrinfo **out, struct err *err)
{
	struct lookup *l = lookup_new(host, port);
	int status = lookup_wait(l, timeout);

	*out = l->request.ar_result;
	/* A look-up under way cannot be called back; its thread still writes
	 * to the request, which therefore is never freed. */
	if (status != EAI_INPROGRESS || gai_cancel(&l->request) == EAI_CANCELED)
		lookup_free(l);
	switch (status) {
	case 0:
		return 0;
	case EAI_INPROGRESS:
		return err_set(err, ERR_TEMPORARY, "%s: looking up \"%s\" took "
		    "more than %ld seconds", url, host, timeout / 1000);
	case EAI_NONAME:
	case EAI_NODATA:
	case EAI_ADDRFAMILY:
		return err_set(err, ERR_HOST,
		    "%s: the host \"%s\" is unknown (%s)", url, host,
		    gai_strerror(status));
	case EAI_SYSTEM:
		return err_sys(err, ERR_TEMPORARY,
		    "%s: \"%s\" cannot be looked up", url, host);
	default:
		return err_set(err, ERR_TEMPORARY,
		    "%s: \"%s\" cannot be looked up now (%s)", url, host,
		    gai_strerror(status));
	}
}

/* 0, or the errno of the failure. */
static int await(int fd, int64_t due)
{
	struct pollfd pfd = { fd, POLLOUT, 0 };
	socklen_t len = sizeof(int);
	int64_t left;
	int n, failure = 0;

	do {
		left = due - transport_clock();
		n = poll(&pfd, 1, left > 0 ? (int)left : 0);
	} while (n == -1 && errno == EINTR);
	if (n == 0)
		return ETIMEDOUT;
	if (n == -1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) ==
	    -1)
		return errno;
	return failure;
}

/* A socket, or -1 and errno. */
static int try_address(const struct addrinfo *a, int64_t due)
{
	int on = 1, failure = 0;
	int fd = socket(a->ai_family,
	    a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);

	if (fd == -1)
		return -1;
	/* Without it a message waits some 40 ms for the relay's delayed ACK:
	 * 23 messages a second instead of thousands. */
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == -1)
		failure = errno;
	else if (connect(fd, a->ai_addr, a->ai_addrlen) == -1)
		failure = errno == EINPROGRESS || errno == EINTR ?
		    await(fd, due) : errno;
	if (failure == 0)
		return fd;
	close(fd);
	errno = failure;
	return -1;
}

int transport_dial(const char *url, const char *host, const char *port,
    long timeout, struct err *err)
{
	struct addrinfo *list, *a;
	int64_t due;
	int fd = -1, left = 0, failure = 0;

	if (resolve(url, host, port, timeout, &list, err) == -1)
		return -1;
	due = transport_clock() + timeout;
	for (a = list; a != NULL; a = a->ai_next)
		left++;
	/* An address that swallows everything leaves time for the others. */
	for (a = list; a != NULL && fd == -1; a = a->ai_next, left--) {
		int64_t now = transport_clock();

		fd = try_address(a, now + (due > now ? (due - now) / left : 0));
		if (fd == -1)
			failure = errno;
	}
	freeaddrinfo(list);
	if (fd != -1)
		return fd;
	errno = failure;
	return err_sys(err, ERR_TEMPORARY,
	    "%s: no connection to \"%s\" port %s", url, host, port);
}
