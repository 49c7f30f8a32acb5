/*
 * Transports without a sink: smtp:// against a server of this program that
 * sees every octet and misbehaves where no script can, maildir:, and URLs.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "transport_fixture.h"

#define EHLO_ANSWER "250-relay\r\n250-CHUNKING\r\n250-PIPELINING\r\n" \
	"250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n"

#define CONNECTIONS_MAX 16
#define DATA_MAX ((size_t)16 << 20)

struct server {
	pthread_t thread;
	int fd;
	char url[64];
	const char *ehlo;
	size_t split;		/* the answer to EHLO comes in two reads */
	const char *surplus;	/* for 354 in the first connection */
	long stall_ms;		/* the first connection does not read */
	const struct letters *expected;
	/* What came. */
	atomic_int connections;
	atomic_int equal;	/* messages as expected */
	atomic_int other;
	atomic_int broken;	/* without an end */
	atomic_int bdat;
};

/* One connection. */
struct talk {
	struct server *server;
	int fd;
	bool first;
	char buf[4096];
	size_t at, len;
	char *data;
	size_t data_len;
};

static void pause_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static void say_n(int fd, const char *text, size_t n)
{
	while (n > 0) {
		ssize_t done = send(fd, text, n, MSG_NOSIGNAL);

		if (done <= 0)
			return;
		text += done;
		n -= (size_t)done;
	}
}

static void say(int fd, const char *text)
{
	say_n(fd, text, strlen(text));
}

static int take(struct talk *t)
{
	if (t->at == t->len) {
		ssize_t n = read(t->fd, t->buf, sizeof t->buf);

		if (n <= 0)
			return -1;
		t->len = (size_t)n;
		t->at = 0;
	}
	return (unsigned char)t->buf[t->at++];
}

static bool take_line(struct talk *t, char line[1024])
{
	size_t n = 0;
	int c;

	while ((c = take(t)) != -1) {
		if (n < 1023)
			line[n++] = (char)c;
		if (c == '\n')
			break;
	}
	line[n] = '\0';
	return c != -1;
}

/* The text of a message, its dots unstuffed; false when it has no end. */
static bool take_data(struct talk *t)
{
	bool start = true, after_cr = false;
	int c;

	t->data_len = 0;
	while ((c = take(t)) != -1) {
		if (start && c == '.') {
			c = take(t);
			if (c == '\r')
				return take(t) == '\n';
			/* Only a dot may be behind a stuffed one. */
			if (c != '.' && c != -1)
				atomic_fetch_add(&t->server->other, 1);
		}
		if (t->data_len < DATA_MAX)
			t->data[t->data_len++] = (char)c;
		start = after_cr && c == '\n';
		after_cr = c == '\r';
	}
	return false;
}

static void on_data(struct talk *t)
{
	struct server *s = t->server;
	const char *want;

	say(t->fd, t->first && s->surplus != NULL ? s->surplus :
	    "354 go on\r\n");
	if (t->first && s->stall_ms != 0)
		pause_ms(s->stall_ms);
	if (!take_data(t)) {
		atomic_fetch_add(&s->broken, 1);
		return;
	}
	want = s->expected->letter[atomic_load(&s->equal)].text;
	if (t->data_len == strlen(want) &&
	    memcmp(t->data, want, t->data_len) == 0)
		atomic_fetch_add(&s->equal, 1);
	else
		atomic_fetch_add(&s->other, 1);
	say(t->fd, "250 2.0.0 Ok: queued as Q1\r\n");
}

static void converse(struct talk *t)
{
	const struct server *s = t->server;
	char line[1024];

	say(t->fd, "220 relay\r\n");
	while (take_line(t, line)) {
		if (strncmp(line, "EHLO", 4) == 0) {
			say_n(t->fd, s->ehlo, s->split);
			if (s->split > 0)
				pause_ms(2);
			say(t->fd, s->ehlo + s->split);
		} else if (strncmp(line, "DATA", 4) == 0)
			on_data(t);
		else if (strncmp(line, "BDAT", 4) == 0)
			atomic_fetch_add(&t->server->bdat, 1);
		else if (strncmp(line, "QUIT", 4) == 0)
			break;
		else
			say(t->fd, "250 2.0.0 Ok\r\n");
	}
	say(t->fd, "221 bye\r\n");
}

static void *serve_one(void *arg)
{
	struct talk *t = arg;
	int on = 1;

	t->data = xmalloc(DATA_MAX);
	setsockopt(t->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	converse(t);
	close(t->fd);
	free(t->data);
	return NULL;
}

/* A thread for each connection: one that stalls holds up no other. */
static void *serve(void *arg)
{
	struct server *s = arg;
	static struct talk talks[CONNECTIONS_MAX];
	pthread_t threads[CONNECTIONS_MAX];
	int n = 0, fd;

	while (n < CONNECTIONS_MAX && (fd = accept(s->fd, NULL, NULL)) != -1) {
		memset(&talks[n], 0, sizeof talks[n]);
		talks[n].server = s;
		talks[n].fd = fd;
		talks[n].first = n == 0;
		atomic_fetch_add(&s->connections, 1);
		if (pthread_create(&threads[n], NULL, serve_one, &talks[n]) !=
		    0)
			break;
		n++;
	}
	while (n > 0)
		pthread_join(threads[--n], NULL);
	return NULL;
}

static void server_start(struct server *s, const struct letters *expected)
{
	struct sockaddr_in a;

	if (s->ehlo == NULL)
		s->ehlo = EHLO_ANSWER;
	s->expected = expected;
	listen_at(&s->fd, 8, &a, s->url, sizeof s->url);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_stop(struct server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
}

static void all_sent(const struct letters *l)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		letters_expect(l, i, TRANSPORT_SENT);
}

/* ---- smtp: ---- */

/* CHUNKING is offered, and the answer broken at each of its octets. */
static void test_chunking_hidden(void **state)
{
	size_t split;

	(void)state;
	for (split = 0; split < sizeof EHLO_ANSWER; split++) {
		struct server s = { .split = split };
		struct letters l;

		letters_init(&l, 2);
		server_start(&s, &l);
		assert_int_equal(letters_run(&l, s.url, 5, 1), 0);
		server_stop(&s);
		all_sent(&l);
		assert_int_equal(s.bdat, 0);
		assert_int_equal(s.equal, 2);
		assert_string_equal(l.letter[1].result.queue_id, "Q1");
		letters_release(&l);
	}
}

static void split_at(struct letter *one, size_t a, size_t b)
{
	size_t len = strlen(one->text), i;
	size_t from[5] = { 0, a, a, b, len };

	/* With an empty piece among them. */
	for (i = 0; i < 4; i++) {
		one->part[i].iov_base = one->text + from[i];
		one->part[i].iov_len = from[i + 1] - from[i];
	}
	one->nparts = 4;
}

/* Dots at the beginning of lines, and every way to hand them over in three
 * pieces; what arrives is what was sent, octet by octet. */
static void test_dots_at_every_split(void **state)
{
	static const char text[] = "Date: x\r\nFrom: y\r\nMessage-ID: z\r\n"
	    ".X: 1\r\n .\r\n\r\n.\r\n..\r\n...a\r\nb.\r\n\r\n.\r\n";
	size_t n = sizeof text - 1, a, b, i = 0;
	struct server s = { 0 };
	struct letters l;

	(void)state;
	letters_init(&l, (n + 1) * (n + 2) / 2);
	for (a = 0; a <= n; a++)
		for (b = a; b <= n; b++) {
			letter_set(&l.letter[i], text);
			split_at(&l.letter[i++], a, b);
		}
	assert_int_equal(i, l.count);
	server_start(&s, &l);
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	server_stop(&s);
	all_sent(&l);
	assert_int_equal(s.equal, l.count);
	assert_int_equal(s.other, 0);
	assert_int_equal(s.connections, (l.count + 499) / 500);
	letters_release(&l);
}

static char *long_text(size_t lead, size_t lines)
{
	size_t i, size = 200 + lead + lines * 4 * 8;
	char *text = xmalloc(size);
	int n = snprintf(text, size, "Date: x\r\nFrom: y\r\nMessage-ID: z\r\n"
	    "X: %0*d\r\n\r\n", (int)lead + 1, 0);

	for (i = 0; i < lines; i++)
		n += snprintf(text + n, size - (size_t)n,
		    ".\r\n..\r\nab.\r\n.%c\r\n", "xyz."[i % 4]);
	return text;
}

/* The same where the transport itself cuts a long piece. */
static void test_dots_in_long_pieces(void **state)
{
	struct server s = { 0 };
	struct letters l;
	size_t i;

	(void)state;
	letters_init(&l, 20);
	for (i = 0; i < l.count; i++) {
		char *text = long_text(i, 2000);

		letter_set(&l.letter[i], text);
		free(text);
	}
	server_start(&s, &l);
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	server_stop(&s);
	all_sent(&l);
	assert_int_equal(s.equal, l.count);
	assert_int_equal(s.other, 0);
	letters_release(&l);
}

/* A relay that stops reading and then goes on: libesmtp would leave out what
 * it could not write in time. */
static void test_no_holes(void **state)
{
	struct server s = { .stall_ms = 2500 };
	struct letters l;
	char *text = long_text(0, 500000);

	(void)state;
	letters_init(&l, 1);
	letter_set(&l.letter[0], text);
	free(text);
	server_start(&s, &l);
	assert_int_equal(letters_run(&l, s.url, 1, 0), 0);
	server_stop(&s);
	letters_expect(&l, 0, TRANSPORT_SENT);
	assert_int_equal(s.broken, 1);
	assert_int_equal(s.equal, 1);
	assert_int_equal(s.other, 0);
	letters_release(&l);
}

/* An answer nobody asked for is not taken as that to the message. */
static void test_surplus_answer(void **state)
{
	struct server s = {
		.surplus = "354 go on\r\n250 2.0.0 Ok: queued as NEVER\r\n",
	};
	struct letters l;

	(void)state;
	letters_init(&l, 2);
	server_start(&s, &l);
	assert_int_equal(letters_run(&l, s.url, 5, 0), 0);
	server_stop(&s);
	all_sent(&l);
	assert_int_equal(s.broken, 1);
	assert_int_equal(s.equal, 2);
	assert_string_equal(l.letter[0].result.queue_id, "Q1");
	letters_release(&l);
}

/* A host that takes no connection is given up in time. */
static void test_connect_timeout(void **state)
{
	struct sockaddr_in a;
	struct letters l;
	char url[64];
	int fd, fill[16], i;
	time_t from;

	(void)state;
	listen_at(&fd, 0, &a, url, sizeof url);
	for (i = 0; i < 16; i++) {
		fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (connect(fill[i], (struct sockaddr *)&a, sizeof a) == -1)
			assert_int_equal(errno, EINPROGRESS);
	}
	letters_init(&l, 2);
	from = time(NULL);
	assert_int_equal(letters_run(&l, url, 1, 0), -1);
	assert_true(time(NULL) - from <= 3);
	assert_int_equal(l.err.kind, ERR_TEMPORARY);
	assert_int_equal(l.given, 1);
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	for (i = 0; i < 16; i++)
		close(fill[i]);
	close(fd);
	/* And now nobody is there at all. */
	letters_release(&l);
	letters_init(&l, 2);
	assert_int_equal(letters_run(&l, url, 1, 0), -1);
	assert_int_equal(l.err.kind, ERR_TEMPORARY);
	assert_non_null(strstr(l.err.msg, url));
	assert_non_null(strstr(l.err.msg, "refused"));
	letters_release(&l);
}

static void test_unknown_host(void **state)
{
	struct letters l;

	(void)state;
	letters_init(&l, 1);
	assert_int_equal(letters_run(&l, "smtp://nobody.invalid", 5, 0), -1);
	/* Without a resolver at hand it cannot be known. */
	assert_true(l.err.kind == ERR_HOST || l.err.kind == ERR_TEMPORARY);
	assert_non_null(strstr(l.err.msg, "nobody.invalid"));
	letters_expect(&l, 0, TRANSPORT_UNTRIED);
	letters_release(&l);
}

/* ---- maildir: ---- */

static void assert_mode(const char *dir, const char *name, mode_t mode)
{
	char path[600];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, mode);
}

/* Reads and removes the files of a folder; how many there were. */
static int empty(const char *dir, const struct letters *l)
{
	char path[600], text[4096];
	struct dirent *entry;
	DIR *d = opendir(dir);
	int n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		size_t i, len, same = 0;
		FILE *f;

		if (entry->d_name[0] == '.')
			continue;
		assert_mode(dir, entry->d_name, 0600);
		snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
		f = fopen(path, "r");
		assert_non_null(f);
		len = fread(text, 1, sizeof text - 1, f);
		fclose(f);
		text[len] = '\0';
		for (i = 0; i < l->count; i++)
			same += strcmp(text, l->letter[i].text) == 0 &&
			    strcmp(entry->d_name,
			    l->letter[i].result.queue_id) == 0;
		assert_int_equal(same, 1);
		unlink(path);
		n++;
	}
	closedir(d);
	return n;
}

static void test_maildir(void **state)
{
	char root[] = "/tmp/test_transport.XXXXXX", url[128], path[160];
	static const char *const below[] = { "tmp", "new", "cur", "." };
	struct letters l;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(url, sizeof url, "maildir:%s/out/box/", root);
	letters_init(&l, 5);
	split_at(&l.letter[1], 3, 70);
	snprintf(l.letter[2].to, sizeof l.letter[2].to, "a\r\nb@c.de");
	l.refuse_doubt = 5;
	assert_int_equal(letters_run(&l, url, 1, 0), -1);
	assert_int_equal(l.err.kind, ERR_IO);
	letters_expect(&l, 0, TRANSPORT_SENT);
	letters_expect(&l, 1, TRANSPORT_SENT);
	letters_expect(&l, 2, TRANSPORT_FAILED);
	letters_expect(&l, 3, TRANSPORT_SENT);
	letters_expect(&l, 4, TRANSPORT_UNTRIED);
	snprintf(path, sizeof path, "%s/out/box/new", root);
	assert_int_equal(empty(path, &l), 3);
	snprintf(path, sizeof path, "%s/out/box/tmp", root);
	assert_int_equal(empty(path, &l), 0);
	snprintf(path, sizeof path, "%s/out/box", root);
	for (i = 0; i < 4; i++)
		assert_mode(path, below[i], 0700);
	letters_release(&l);
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/out/box/%s", root, below[i]);
		assert_int_equal(rmdir(path), 0);
	}
	snprintf(path, sizeof path, "%s/out/box", root);
	assert_int_equal(rmdir(path), 0);
	/* A file is where the folder should be. */
	assert_true(creat(path, 0600) != -1);
	letters_init(&l, 1);
	assert_int_equal(letters_run(&l, url, 1, 0), -1);
	assert_int_equal(l.err.kind, ERR_OUTPUT);
	assert_int_equal(l.given, 0);
	letters_release(&l);
	unlink(path);
	snprintf(path, sizeof path, "%s/out", root);
	rmdir(path);
	rmdir(root);
}

/* ---- URLs ---- */

static void test_urls(void **state)
{
	static const char *const bad[] = {
		"", "smtp", "smtp:", "smtp://", "smtp:///", "smtp://:25",
		"smtp://a:0", "smtp://a:65536", "smtp://a:", "smtp://a:25x",
		"smtp://a:-1", "smtp://a/b", "smtp://a b", "smtp://u@a",
		"smtp://u:p@a", "smtp://a:25:25", "smtp://[::1", "smtp://[]",
		"smtp://[a]:25", "smtp://[::1]25", "smtp://a\r\nb",
		"http://a", "maildir:", "mail dir", "smtps:a", "smtps://a:x",
		"smtp+starttls://", "smtp+tls://a", "sendmail:",
		"sendmail:sendmail", "sendmail:/", "sendmail:/nonexistent",
		"sendmail:/etc/passwd", "sendmail:-x",
	};
	static const char *const good[] = {
		"smtp://localhost", "smtp://localhost:2525", "SMTP://a.b-c/",
		"smtp://[::1]:25", "smtp://[2001:db8::1]", "smtp://127.0.0.1",
		"maildir:a", "maildir:/a/b/", "smtps://a", "smtps://[::1]:465",
		"SMTP+STARTTLS://a:25/", "sendmail:/bin/sh", "sendmail:/bin/sh -x",
	};
	static const char *const secret[] = {
		"smtp://u:hush@a", "smtps://u:hush@a:465", "smtp+tls://hush@a",
	};
	struct transport_options options = { .helo = NULL };
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		memset(&err, 0, sizeof err);
		if (transport_open(bad[i], &options, &err) != NULL)
			fail_msg("%s was taken", bad[i]);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
	for (i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct transport *t;

		memset(&err, 0, sizeof err);
		t = transport_open(good[i], &options, &err);
		if (t == NULL)
			fail_msg("%s: %s", good[i], err.msg);
		transport_close(t);
	}
	for (i = 0; i < sizeof secret / sizeof secret[0]; i++) {
		memset(&err, 0, sizeof err);
		assert_null(transport_open(secret[i], &options, &err));
		assert_null(strstr(err.msg, "hush"));
		assert_non_null(strstr(err.msg, "`password_command`"));
	}
	options.helo = "a\r\nMAIL FROM:<>";
	memset(&err, 0, sizeof err);
	assert_null(transport_open("smtp://a", &options, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	transport_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chunking_hidden),
		cmocka_unit_test(test_dots_at_every_split),
		cmocka_unit_test(test_dots_in_long_pieces),
		cmocka_unit_test(test_no_holes),
		cmocka_unit_test(test_surplus_answer),
		cmocka_unit_test(test_connect_timeout),
		cmocka_unit_test(test_unknown_host),
		cmocka_unit_test(test_maildir),
		cmocka_unit_test(test_urls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
