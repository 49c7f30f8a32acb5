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
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "mail/transport_int.h"

/* A look-up in a thread of its own, because it cannot be called back: one that
 * takes too long is left to itself, and whoever is last frees this. (Not
 * getaddrinfo_a(3): the thread it starts is unknown to thread sanitizers.) */
struct lookup {
	pthread_mutex_t lock;
	pthread_cond_t change;
	bool done;
	bool abandoned;
	char *host;
	char *port;
	struct addrinfo *list;
	int status;		/* of getaddrinfo(3) */
	int error;		/* errno with EAI_SYSTEM */
};

#define LOOKUP_LATE 1		/* no code of getaddrinfo(3) is positive */

/* How often a source is asked whether the run is to end; a signal wakes what
 * waits for a connection, and not what waits for the look-up. */
#define ASK_MS 200

static int look_up(const char *host, const char *port, int flags,
    struct addrinfo **list)
{
	struct addrinfo hints;

	memset(&hints, 0, sizeof hints);
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_NUMERICSERV | flags;
	return getaddrinfo(host, port, &hints, list);
}

static struct lookup *lookup_new(const char *host, const char *port)
{
	struct lookup *l = xcalloc(1, sizeof *l);
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&l->change, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&l->lock, NULL);
	l->host = xstrdup(host);
	l->port = xstrdup(port);
	return l;
}

static void lookup_free(struct lookup *l)
{
	pthread_mutex_destroy(&l->lock);
	pthread_cond_destroy(&l->change);
	free(l->host);
	free(l->port);
	free(l);
}

static void *lookup_thread(void *arg)
{
	struct lookup *l = arg;
	struct addrinfo *list = NULL;
	int status = look_up(l->host, l->port, 0, &list), error = errno;
	bool abandoned;

	pthread_mutex_lock(&l->lock);
	l->done = true;
	l->status = status;
	l->error = error;
	l->list = list;
	abandoned = l->abandoned;
	pthread_cond_signal(&l->change);
	pthread_mutex_unlock(&l->lock);
	if (abandoned) {
		if (status == 0)
			freeaddrinfo(list);
		lookup_free(l);
	}
	return NULL;
}

/* The program's signals are for its own threads. */
static int lookup_start(struct lookup *l)
{
	pthread_attr_t detached;
	pthread_t thread;
	sigset_t all, before;
	int failure;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failure = pthread_create(&thread, &detached, lookup_thread, l);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&detached);
	return failure;
}

static int lookup_wait(struct lookup *l, int64_t due,
    const struct transport_source *source, struct addrinfo **out)
{
	int64_t now = clock_ms(), until;
	struct timespec t;
	int status = LOOKUP_LATE;

	pthread_mutex_lock(&l->lock);
	while (!l->done && now < due && !transport_wants_stop(source)) {
		until = due - now < ASK_MS ? due : now + ASK_MS;
		t.tv_sec = (time_t)(until / 1000);
		t.tv_nsec = (long)(until % 1000) * 1000000;
		pthread_cond_timedwait(&l->change, &l->lock, &t);
		now = clock_ms();
	}
	if (l->done) {
		status = l->status;
		errno = l->error;
		*out = l->list;
	} else
		l->abandoned = true;
	pthread_mutex_unlock(&l->lock);
	return status;
}

static int look_up_in_time(const char *host, const char *port, long timeout,
    const struct transport_source *source, struct addrinfo **out)
{
	struct lookup *l;
	int status = look_up(host, port, AI_NUMERICHOST, out);

	if (status != EAI_NONAME)
		return status;
	l = lookup_new(host, port);
	status = lookup_start(l);
	if (status != 0) {
		lookup_free(l);
		errno = status;
		return EAI_SYSTEM;
	}
	status = lookup_wait(l, clock_ms() + timeout, source, out);
	if (status != LOOKUP_LATE) {
		int error = errno;

		lookup_free(l);
		errno = error;
	}
	return status;
}

static int resolve(const char *url, const char *host, const char *port,
    long timeout, const struct transport_source *source,
    struct addrinfo **out, struct err *err)
{
	int status = look_up_in_time(host, port, timeout, source, out);

	switch (status) {
	case 0:
		return 0;
	case LOOKUP_LATE:
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
static int await(int fd, int64_t due, const struct transport_source *source)
{
	struct pollfd pfd = { fd, POLLOUT, 0 };
	socklen_t len = sizeof(int);
	int64_t left;
	int n, failure = 0;

	do {
		left = due - clock_ms();
		if (transport_wants_stop(source))
			return ECANCELED;
		n = poll(&pfd, 1, left <= 0 ? 0 :
		    (int)(left < ASK_MS ? left : ASK_MS));
	} while ((n == 0 && left > 0) || (n == -1 && errno == EINTR));
	if (n == 0)
		return ETIMEDOUT;
	if (n == -1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) ==
	    -1)
		return errno;
	return failure;
}

/* A socket, or -1 and errno. */
static int try_address(const struct addrinfo *a, int64_t due,
    const struct transport_source *source)
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
		    await(fd, due, source) : errno;
	if (failure == 0)
		return fd;
	close(fd);
	errno = failure;
	return -1;
}

int transport_dial(const char *url, const char *host, const char *port,
    long timeout, const struct transport_source *source, struct err *err)
{
	struct addrinfo *list, *a;
	int64_t due;
	int fd = -1, left = 0, failure = 0;

	if (resolve(url, host, port, timeout, source, &list, err) == -1)
		return -1;
	due = clock_ms() + timeout;
	for (a = list; a != NULL; a = a->ai_next)
		left++;
	/* An address that swallows everything leaves time for the others. */
	for (a = list; a != NULL && fd == -1; a = a->ai_next, left--) {
		int64_t now = clock_ms();

		fd = try_address(a, now + (due > now ? (due - now) / left : 0),
		    source);
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
