/*
 * smtp:// and time: answers that go on without an end, and runs that are to
 * stop while something is waited for.
 */
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transport_fixture.h"

/* What the relay waits for before it misbehaves; "" is the connection. */
static const char *const steps[] = {
	"", "EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT"
};

enum manner { FALLS_SILENT, TRICKLES, FLOODS };

struct relay {
	pthread_t thread;
	int fd;
	char url[64];
	const char *step;
	enum manner manner;
	atomic_int ended;	/* messages */
};

/* Until the client has had enough. */
static void misbehave(const struct relay *r, int fd)
{
	struct timespec step = { 0, 50000000 };
	char line[100];

	memset(line, 'x', sizeof line);
	memcpy(line, "250-", 4);
	memcpy(line + sizeof line - 2, "\r\n", 2);
	for (;;) {
		if (r->manner == FALLS_SILENT) {
			if (recv(fd, line, sizeof line, 0) <= 0)
				return;
		} else if (r->manner == TRICKLES) {
			if (send(fd, "250-x\r\n", 7, MSG_NOSIGNAL) < 0)
				return;
			nanosleep(&step, NULL);
		} else if (send(fd, line, sizeof line, MSG_NOSIGNAL) < 0)
			return;
	}
}

static void converse(struct relay *r, int fd)
{
	bool data = false;
	char line[1024];
	FILE *in = fdopen(dup(fd), "r");

	assert_non_null(in);
	if (*r->step == '\0')
		misbehave(r, fd);
	else
		send(fd, "220 hi\r\n", 8, MSG_NOSIGNAL);
	while (*r->step != '\0' && fgets(line, sizeof line, in) != NULL) {
		const char *answer = "250 ok\r\n";

		if (data && strcmp(line, ".\r\n") != 0)
			continue;
		atomic_fetch_add(&r->ended, data);
		data = false;
		if (strncmp(line, r->step, strlen(r->step)) == 0) {
			misbehave(r, fd);
			break;
		}
		if (strncmp(line, "DATA", 4) == 0) {
			answer = "354 go\r\n";
			data = true;
		}
		send(fd, answer, strlen(answer), MSG_NOSIGNAL);
	}
	fclose(in);
	close(fd);
}

static void *serve(void *arg)
{
	struct relay *r = arg;
	int fd;

	while ((fd = accept(r->fd, NULL, NULL)) != -1)
		converse(r, fd);
	return NULL;
}

/* One message; how many seconds it took. */
static double run_one(struct letters *l, const char *step, enum manner manner,
    long timeout, int want)
{
	struct relay r = { .step = step, .manner = manner };
	struct sockaddr_in a;
	double from;

	print_message("%s, %d\n", step, (int)manner);
	listen_at(&r.fd, 8, &a, r.url, sizeof r.url);
	assert_int_equal(pthread_create(&r.thread, NULL, serve, &r), 0);
	from = letters_clock();
	assert_int_equal(letters_run(l, r.url, timeout, 0), want);
	from = letters_clock() - from;
	shutdown(r.fd, SHUT_RDWR);
	pthread_join(r.thread, NULL);
	close(r.fd);
	return from;
}

/* The time is that of the whole answer, not of its next octet. */
static void test_answers_without_an_end(void **state)
{
	struct letters l;
	double took;
	size_t i;
	int m;

	(void)state;
	for (m = TRICKLES; m <= FLOODS; m++)
		for (i = 0; i < 6; i++) {
			/* libesmtp itself gives up a greeting that is too
			 * long: a lost connection. */
			bool fatal = i == 1 || (i == 0 && m == TRICKLES);

			letters_init(&l, 1);
			took = run_one(&l, steps[i], (enum manner)m, 1,
			    fatal ? -1 : 0);
			/* Two tries, and a pause between them. */
			assert_true(took < 30);
			if (fatal)
				letters_expect(&l, 0, TRANSPORT_UNTRIED);
			else
				letters_expect(&l, 0, i == 5 ?
				    TRANSPORT_UNKNOWN : TRANSPORT_DEFERRED);
			letters_release(&l);
		}
}

/* Whatever the relay does, and long before its time is up. */
static void test_stop_while_an_answer_is_awaited(void **state)
{
	struct letters l;
	double took;
	size_t i;
	int m;

	(void)state;
	for (m = FALLS_SILENT; m <= TRICKLES; m++)
		for (i = 0; i < 5; i++) {
			letters_init(&l, 3);
			l.stop_at = letters_clock() + 0.2;
			took = run_one(&l, steps[i], (enum manner)m, 60, 0);
			assert_true(took < 30);
			assert_int_equal(l.given, 1);
			letters_expect(&l, 0, TRANSPORT_UNTRIED);
			assert_int_equal(l.letter[0].doubts, 0);
			letters_release(&l);
		}
}

/* What is in doubt is waited for; the goodbye is not. */
static void test_stop_in_doubt(void **state)
{
	struct letters l;
	double took;

	(void)state;
	letters_init(&l, 3);
	l.stop_at = letters_clock() + 0.2;
	took = run_one(&l, ".", FALLS_SILENT, 2, 0);
	assert_true(took > 1.8 && took < 30);
	assert_int_equal(l.given, 1);
	letters_expect(&l, 0, TRANSPORT_UNKNOWN);
	letters_release(&l);
	letters_init(&l, 1);
	l.stop_at = letters_clock() + 0.2;
	took = run_one(&l, "QUIT", FALLS_SILENT, 60, 0);
	assert_true(took < 30);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_release(&l);
}

/* A source that cannot go on while a message is in doubt does not make it one
 * that never left. */
static void test_idle_refused_in_doubt(void **state)
{
	struct letters l;

	(void)state;
	letters_init(&l, 2);
	l.refuse_idle = 1;
	l.refuse_late = 1;
	run_one(&l, ".", FALLS_SILENT, 1, -1);
	assert_int_equal(l.err.kind, ERR_IO);
	assert_int_equal(l.given, 1);
	letters_expect(&l, 0, TRANSPORT_UNKNOWN);
	letters_release(&l);
}

static void test_stop_while_connecting(void **state)
{
	int fd, fill[16], i;
	struct sockaddr_in a;
	struct letters l;
	double from;
	char url[64];

	(void)state;
	listen_at(&fd, 0, &a, url, sizeof url);
	for (i = 0; i < 16; i++) {
		fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (connect(fill[i], (struct sockaddr *)&a, sizeof a) == -1)
			assert_int_equal(errno, EINPROGRESS);
	}
	letters_init(&l, 2);
	from = letters_clock();
	l.stop_at = from + 0.2;
	assert_int_equal(letters_run(&l, url, 30, 0), 0);
	assert_true(letters_clock() - from < 1.5);
	assert_int_equal(l.given, 1);
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	letters_release(&l);
	for (i = 0; i < 16; i++)
		close(fill[i]);
	close(fd);
}

/* In libc's place: a name server that takes its time. */
int getaddrinfo(const char *host, const char *port,
    const struct addrinfo *hints, struct addrinfo **list)
{
	int (*libc)(const char *, const char *, const struct addrinfo *,
	    struct addrinfo **);
	void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
	struct timespec t = { 3, 0 };

	if (symbol == NULL)
		return EAI_FAIL;
	memcpy(&libc, &symbol, sizeof libc);
	if (host != NULL && strcmp(host, "slow.example") == 0 &&
	    (hints->ai_flags & AI_NUMERICHOST) == 0) {
		nanosleep(&t, NULL);
		return EAI_NONAME;
	}
	return libc(host, port, hints, list);
}

static void test_stop_while_looking_up(void **state)
{
	struct letters l;
	double from;

	(void)state;
	letters_init(&l, 1);
	from = letters_clock();
	l.stop_at = from + 0.2;
	assert_int_equal(letters_run(&l, "smtp://slow.example", 30, 0), 0);
	assert_true(letters_clock() - from < 1.5);
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	letters_release(&l);
	/* And its own time-out is as before. */
	letters_init(&l, 1);
	from = letters_clock();
	assert_int_equal(letters_run(&l, "smtp://slow.example", 1, 0), -1);
	assert_true(letters_clock() - from < 2.5);
	assert_int_equal(l.err.kind, ERR_TEMPORARY);
	assert_non_null(strstr(l.err.msg, "more than 1 seconds"));
	letters_release(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_without_an_end),
		cmocka_unit_test(test_stop_while_an_answer_is_awaited),
		cmocka_unit_test(test_stop_in_doubt),
		cmocka_unit_test(test_idle_refused_in_doubt),
		cmocka_unit_test(test_stop_while_connecting),
		cmocka_unit_test(test_stop_while_looking_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
