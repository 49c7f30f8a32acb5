/*
 * The scripted web server for the tests of http_many, and what it was asked.
 */
#ifndef HTTP_FIXTURE_H
#define HTTP_FIXTURE_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/http_many.h"
#include "told.h"

extern char **environ;

#define FILE_SIZE 1000
#define GOOD 50

struct server {
	pid_t pid;
	char dir[64];
	char url[64];		/* without a slash at the end */
};

/* What came of an ask. */
struct got {
	unsigned calls;
	bool failed;
	struct err err;
	struct http_answer a;	/* body and url are copies */
	double at;
};

static struct server server = { .pid = -1 };

static inline double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline void put(const char *name, const void *data, size_t len)
{
	struct err err = ERR_INIT;

	if (fs_replace(arena_printf(&arena, "%s/%s", server.dir, name), data,
	    len, 0644, NULL, &err) != 0)
		fail_msg("%s", err.msg);
}

static inline char *got_file(const char *name)
{
	struct err err = ERR_INIT;
	struct buf b;
	char *text;

	buf_init(&b, 0);
	if (fs_read(arena_printf(&arena, "%s/%s", server.dir, name), 1 << 24,
	    &b, NULL, &err) != 0)
		buf_clear(&b);
	text = arena_strdup(&arena, b.data);
	buf_release(&b);
	return text;
}

/* In the server's folder, silently. */
static inline pid_t start(char *const argv[])
{
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, arena_printf(&arena,
	    "%s/stderr", server.dir), O_WRONLY | O_CREAT | O_APPEND, 0644);
	posix_spawn_file_actions_addchdir_np(&actions, server.dir);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

#define ARG(s) ((char *)(uintptr_t)(s))

static inline void make_folder(void)
{
	snprintf(server.dir, sizeof server.dir, "/tmp/test_http.XXXXXX");
	assert_non_null(mkdtemp(server.dir));
}

static inline const char *peer_program(void)
{
	const char *build = getenv("BUILD");
	char *path = realpath(arena_printf(&arena, "%s/tests/http_peer",
	    build != NULL ? build : "build/release"), NULL);
	const char *kept;

	if (path == NULL)
		fail_msg("there is no http_peer; BUILD names its folder");
	kept = arena_strdup(&arena, path);
	free(path);
	return kept;
}

static inline void wait_for_port(void)
{
	struct timespec step = { 0, 5000000 };
	const char *port;
	int tries;

	for (tries = 0; tries < 2000; tries++) {
		port = got_file("port");
		if (strchr(port, '\n') != NULL) {
			snprintf(server.url, sizeof server.url,
			    "http://127.0.0.1:%ld", strtol(port, NULL, 10));
			return;
		}
		nanosleep(&step, NULL);
	}
	fail_msg("http_peer does not start: %s", got_file("stderr"));
}

/* a.mp3 to e.mp3, and g0.mp3 to g49.mp3 that no rule is meant for. */
static inline void serve(const char *rules)
{
	char *argv[] = { ARG(peer_program()), ARG("--root"), server.dir,
	    ARG("--port-file"), ARG("port"), ARG("--rules"), ARG("rules"),
	    ARG("--log"), ARG("log"), NULL };
	char data[FILE_SIZE];
	int i;

	make_folder();
	for (i = 0; i < FILE_SIZE; i++)
		data[i] = (char)('a' + i % 26);
	for (i = 0; i < 5; i++)
		put(arena_printf(&arena, "%c.mp3", 'a' + i), data, FILE_SIZE);
	for (i = 0; i < GOOD; i++)
		put(arena_printf(&arena, "g%d.mp3", i), data, FILE_SIZE);
	put("rules", rules, strlen(rules));
	server.pid = start(argv);
	assert_true(server.pid > 0);
	wait_for_port();
}

static inline int end_server(void **state)
{
	const char *all;

	if (server.pid > 0) {
		kill(server.pid, SIGTERM);
		waitpid(server.pid, NULL, 0);
		server.pid = -1;
	}
	if (server.dir[0] != '\0') {
		all = arena_printf(&arena, "rm -rf %s", server.dir);
		if (system(all) != 0)
			return -1;
		server.dir[0] = '\0';
	}
	return teardown(state);
}

#define HTTP_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, end_server)

static inline const char *url(const char *path)
{
	return arena_printf(&arena, "%s/%s", server.url, path);
}

static inline void on_done(void *ctx, const struct http_answer *a,
    const struct err *err)
{
	struct got *g = ctx;

	g->calls++;
	g->at = seconds();
	g->failed = err != NULL;
	if (err != NULL)
		g->err = *err;
	g->a = *a;
	g->a.url = arena_strdup(&arena, a->url);
	g->a.body = arena_strndup(&arena, a->body, a->body_len);
}

/* Asks all at once; each must be answered once. */
static inline void ask_all(const struct http_many_limits *limits,
    struct http_ask *asks, struct got *got, size_t n)
{
	struct err err = ERR_INIT;
	struct http_many *m = http_many_open(limits, &err);
	size_t i;

	assert_non_null(m);
	memset(got, 0, n * sizeof(*got));
	for (i = 0; i < n; i++) {
		asks[i].done = on_done;
		asks[i].ctx = &got[i];
		http_many_add(m, &asks[i]);
	}
	if (http_many_run(m, &err) != 0)
		fail_msg("%s", err.msg);
	for (i = 0; i < n; i++)
		assert_int_equal(got[i].calls, 1);
	http_many_close(m);
}

static inline struct got ask_one(const struct http_many_limits *limits,
    struct http_ask ask)
{
	struct got got;

	ask_all(limits, &ask, &got, 1);
	return got;
}

static inline void assert_says(const struct got *g, enum err_kind kind,
    const char *part)
{
	if (!g->failed)
		fail_msg("%s: no error, but status %ld; expected \"%s\"",
		    g->a.url, g->a.head.status, part);
	if (strstr(g->err.msg, part) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", g->err.msg, part);
	assert_int_equal(g->err.kind, kind);
}

static inline void assert_fine(const struct got *g, long status)
{
	if (g->failed)
		fail_msg("%s", g->err.msg);
	assert_int_equal(g->a.head.status, status);
}

/* A port of 127.0.0.1 that is free now. With listening, the socket that holds
 * it, and never accepts, is left in *fd. */
static inline unsigned free_port(int *fd)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof a;
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(s >= 0);
	assert_int_equal(bind(s, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(getsockname(s, (struct sockaddr *)&a, &len), 0);
	if (fd != NULL) {
		assert_int_equal(listen(s, 64), 0);
		*fd = s;
	} else {
		close(s);
	}
	return ntohs(a.sin_port);
}

/* A certificate of its own for 127.0.0.1, good for some days, and a server that
 * sends whole answers from files (/ + name). It knows no HEAD. */
static inline void serve_tls(unsigned port, const char *days)
{
	char *make[] = { ARG("openssl"), ARG("req"), ARG("-x509"),
	    ARG("-newkey"), ARG("ec"), ARG("-pkeyopt"),
	    ARG("ec_paramgen_curve:prime256v1"), ARG("-nodes"), ARG("-days"),
	    ARG(days), ARG("-subj"), ARG("/CN=test"), ARG("-addext"),
	    ARG("subjectAltName=IP:127.0.0.1"), ARG("-keyout"),
	    ARG("key.pem"), ARG("-out"), ARG("cert.pem"), NULL };
	char *run[] = { ARG("openssl"), ARG("s_server"), ARG("-accept"),
	    ARG(arena_printf(&arena, "127.0.0.1:%u", port)), ARG("-cert"),
	    ARG("cert.pem"), ARG("-key"), ARG("key.pem"), ARG("-HTTP"),
	    NULL };
	pid_t pid;
	int status = -1;

	make_folder();
	pid = start(make);
	if (pid < 0)
		skip();		/* there is no openssl */
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("openssl: %s", got_file("stderr"));
	server.pid = start(run);
	assert_true(server.pid > 0);
}

/* Until the server takes connections. */
static inline void wait_for_server(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timespec step = { 0, 10000000 };
	int tries, fd, rc = -1;

	for (tries = 0; tries < 1000 && rc != 0; tries++) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		rc = connect(fd, (struct sockaddr *)&a, sizeof a);
		close(fd);
		nanosleep(&step, NULL);
	}
	if (rc != 0)
		fail_msg("the server does not start: %s", got_file("stderr"));
}

#endif
