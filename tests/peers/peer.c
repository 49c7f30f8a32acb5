#include "peer.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

int peer_complain(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what,
	    strerror(errno));
	return -1;
}

int peer_number(const char *text, unsigned long max, unsigned long *out)
{
	char *end;
	unsigned long n;

	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || n > max)
		return -1;
	*out = n;
	return 0;
}

int peer_listen(unsigned long *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)*port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof a;
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return peer_complain("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 ||
	    listen(fd, SOMAXCONN) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) != 0) {
		peer_complain("listen");
		close(fd);
		return -1;
	}
	*port = ntohs(a.sin_port);
	return fd;
}

int peer_accept(int listener)
{
	int on = 1, fd = accept4(listener, NULL, NULL,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

int peer_tell_port(const char *path, unsigned long port)
{
	char temp[4096];
	FILE *out;
	int n;

	if (path == NULL)
		return printf("%lu\n", port) < 0 || fflush(stdout) != 0 ?
		    peer_complain("stdout") : 0;
	n = snprintf(temp, sizeof temp, "%s.%ld", path, (long)getpid());
	if (n < 0 || (size_t)n >= sizeof temp) {
		errno = ENAMETOOLONG;
		return peer_complain(path);
	}
	out = fopen(temp, "w");
	if (out == NULL)
		return peer_complain(temp);
	fprintf(out, "%lu\n", port);
	if (fclose(out) != 0 || rename(temp, path) != 0)
		return peer_complain(path);
	return 0;
}

void peer_signals(sigset_t *mask)
{
	struct sigaction stopper = { .sa_handler = on_signal };
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGINT);
	sigprocmask(SIG_BLOCK, &block, mask);
	sigdelset(mask, SIGTERM);
	sigdelset(mask, SIGINT);
	sigaction(SIGTERM, &stopper, NULL);
	sigaction(SIGINT, &stopper, NULL);
	signal(SIGPIPE, SIG_IGN);
}

bool peer_stopped(void)
{
	return stop != 0;
}

int64_t peer_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
