/*
 * floor_smtp HOST PORT COUNT FILE [CONNECTIONS]
 *
 * Sends COUNT times the message in FILE (CRLF lines) with libesmtp and nothing
 * else, and prints the messages a second: what `digest send` is measured
 * against. It takes the same two measures without which libesmtp sends 23 a second, has
 * none of showmill's code, keeps no ledger and makes one message only. What it
 * knows of the answers is how many messages were taken; all must be.
 */
#include <dlfcn.h>
#include <errno.h>
#include <libesmtp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <time.h>

#define PER_SESSION 500
#define CONNECTIONS_MAX 64

static const char *server;	/* HOST:PORT */
static char *text;
static int text_len;

struct lane {
	pthread_t thread;
	smtp_session_t session;
	smtp_message_t message;
	smtp_recipient_t recipient;
	long left;		/* to be begun */
	long in_session;
	long taken;
	size_t chunking;	/* letters seen of the word */
	int handed;
	int number;
};

/* Nagle and delayed ACK together cost 40 ms a message; libesmtp has no option
 * against the one and no access to its socket. */
int connect(int fd, __CONST_SOCKADDR_ARG addr, socklen_t len)
{
	int (*libc)(int, __CONST_SOCKADDR_ARG, socklen_t);
	void *symbol = dlsym(RTLD_NEXT, "connect");
	int on = 1;

	if (symbol == NULL) {
		errno = ENOSYS;
		return -1;
	}
	memcpy(&libc, &symbol, sizeof libc);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return libc(fd, addr, len);
}

/* CHUNKING is used when it is offered: spoil its last letter in the answer. */
static void on_traffic(const char *buf, int len, int writing, void *arg)
{
	static const char word[] = "CHUNKING";
	struct lane *l = arg;
	int i;

	if (writing != SMTP_CB_READING || l->in_session > 1)
		return;
	for (i = 0; i < len; i++) {
		l->chunking = buf[i] == word[l->chunking] ? l->chunking + 1 :
		    buf[i] == word[0];
		if (l->chunking == sizeof word - 1) {
			((char *)(uintptr_t)buf)[i] = '-';
			l->chunking = 0;
		}
	}
}

static const char *give(void **ctx, int *len, void *arg)
{
	struct lane *l = arg;

	(void)ctx;
	if (len == NULL) {
		l->handed = 0;
		return NULL;
	}
	*len = l->handed ? 0 : text_len;
	l->handed = 1;
	return text;
}

/* Each to somebody else: that is work for a mail server, too. */
static void add(struct lane *l)
{
	char to[80];

	l->left--;
	l->in_session++;
	l->message = smtp_add_message(l->session);
	smtp_set_reverse_path(l->message, "floor@example.org");
	smtp_set_messagecb(l->message, give, l);
	snprintf(to, sizeof to, "friend%d.%ld@example.net", l->number, l->left);
	l->recipient = smtp_add_recipient(l->message, to);
}

static void on_event(smtp_session_t session, int event, void *arg, ...)
{
	struct lane *l = arg;

	(void)session;
	if (event != SMTP_EV_MESSAGESENT)
		return;
	if (smtp_message_transfer_status(l->message)->code / 100 == 2)
		l->taken++;
	if (l->left > 0 && l->in_session < PER_SESSION)
		add(l);
}

static void *run(void *arg)
{
	struct lane *l = arg;

	while (l->left > 0) {
		l->in_session = 0;
		l->session = smtp_create_session();
		smtp_set_server(l->session, server);
		smtp_set_hostname(l->session, "localhost");
		smtp_set_eventcb(l->session, on_event, l);
		smtp_set_monitorcb(l->session, on_traffic, l, 0);
		add(l);
		if (!smtp_start_session(l->session)) {
			char why[128];

			fprintf(stderr, "floor_smtp: %s\n",
			    smtp_strerror(smtp_errno(), why, sizeof why));
			l->left = 0;
		}
		smtp_destroy_session(l->session);
	}
	return NULL;
}

static void read_text(const char *path)
{
	FILE *f = fopen(path, "r");
	long size;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0 ||
	    size > 1 << 28) {
		perror(path);
		exit(EX_NOINPUT);
	}
	rewind(f);
	text = malloc((size_t)size + 1);
	if (text == NULL)
		exit(EX_OSERR);
	text_len = (int)fread(text, 1, (size_t)size, f);
	fclose(f);
}

static long number(const char *s, long max)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*s == '\0' || *end != '\0' || n < 1 || n > max) {
		fprintf(stderr, "floor_smtp: %s is no number from 1 to %ld\n",
		    s, max);
		exit(EX_USAGE);
	}
	return n;
}

int main(int argc, char **argv)
{
	static struct lane lanes[CONNECTIONS_MAX];
	struct timespec from, to;
	char address[300];
	long count, connections, i, taken = 0;
	double seconds;

	if (argc < 5 || argc > 6) {
		fprintf(stderr, "usage: floor_smtp HOST PORT COUNT FILE "
		    "[CONNECTIONS]\n");
		return EX_USAGE;
	}
	snprintf(address, sizeof address, "%s:%s", argv[1], argv[2]);
	server = address;
	count = number(argv[3], 100000000);
	read_text(argv[4]);
	connections = argc == 6 ? number(argv[5], CONNECTIONS_MAX) : 1;
	signal(SIGPIPE, SIG_IGN);
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (i = 0; i < connections; i++) {
		lanes[i].number = (int)i;
		lanes[i].left = count / connections +
		    (i < count % connections);
		if (pthread_create(&lanes[i].thread, NULL, run, &lanes[i]) != 0)
			return EX_OSERR;
	}
	for (i = 0; i < connections; i++) {
		pthread_join(lanes[i].thread, NULL);
		taken += lanes[i].taken;
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	seconds = (double)(to.tv_sec - from.tv_sec) +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	printf("%.1f\n", (double)taken / seconds);
	free(text);
	return taken == count ? EX_OK : EX_TEMPFAIL;
}
