/*
 * http_peer: a small HTTP/1.1 file server for tests, on 127.0.0.1 only, that
 * misbehaves where its rules say so (http_rules.h).
 *
 *   http_peer --root DIR [--port N] [--port-file FILE] [--rules FILE]
 *             [--log FILE]
 *
 * The log has a line a request, with tabs between: method, target as asked
 * for, status ("-": closed without an answer), Range field or "-"; of a POST
 * with at most some 60 KB also its type and its body. It is written before the answer. Files are never read into memory.
 * Exits: 0 after SIGTERM or SIGINT, 64 for a wrong command line or rules
 * file, 71 else.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "http_answer.h"
#include "http_request.h"
#include "http_rules.h"
#include "peer.h"

#define CONNS_MAX 256		/* further ones wait in the backlog */
#define LINGER_MS 1000
#define SEND_MAX ((size_t)1 << 20)

enum phase {
	READING,		/* a head */
	TAKING,			/* the body of a POST, for the log */
	DELAYED,
	SENDING,
	DRIPPING,		/* between two octets */
	SKIPPING,		/* the body of the request */
	LINGERING		/* the answer is out, the client may be reading */
};

struct conn {
	int fd;			/* -1: to be freed */
	enum phase phase;
	int64_t due;		/* the end of a delay or of lingering */
	struct http_request request;
	struct http_answer answer;
	size_t sent;		/* of the answer's bytes */
	unsigned long skip;
	bool post;		/* its body is at in + head, as a whole */
	size_t head;		/* octets of `in` that the request takes */
	size_t len;
	char in[HTTP_HEAD_MAX];
};

struct options {
	const char *root;
	const char *port_file;
	const char *rules;
	const char *log;
	unsigned long port;
};

struct peer {
	struct http_rules rules;
	const char *root;
	struct conn *conns[CONNS_MAX];
	size_t count;
	size_t most;		/* that count has been */
	int listener;
	int log_fd;		/* -1: none */
};

static void conn_close(struct conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	http_answer_release(&c->answer);
}

static void write_log(const struct peer *p, const struct conn *c)
{
	const struct http_request *r = &c->request;
	char status[16] = "-", *line = NULL;
	int n;

	if (p->log_fd < 0)
		return;
	if (c->answer.status != 0)
		snprintf(status, sizeof status, "%d", c->answer.status);
	n = asprintf(&line, "%s\t%s\t%s\t%s%s%s%s%.*s\n", r->method, r->target,
	    status, r->range != NULL ? r->range : "-", c->post ? "\t" : "",
	    !c->post ? "" : r->type != NULL ? r->type : "-",
	    c->post ? "\t" : "", c->post ? (int)r->body : 0, c->in + c->head);
	if (n < 0)
		abort();
	if (write(p->log_fd, line, (size_t)n) != n)
		peer_complain("log");
	free(line);
}

/* Logs the answer that was made and begins to send it. */
static void conn_answer(const struct peer *p, struct conn *c)
{
	write_log(p, c);
	c->skip = c->request.body;
	c->sent = 0;
	c->phase = SENDING;
}

static void conn_refuse(const struct peer *p, struct conn *c, int status)
{
	c->request.body = 0;
	http_answer_refuse(&c->answer, status);
	conn_answer(p, c);
}

/* The head does not end: there is no request to name in the log. */
static void conn_too_long(const struct peer *p, struct conn *c)
{
	memset(&c->request, 0, sizeof c->request);
	c->request.method = c->request.target = "-";
	conn_refuse(p, c, 431);
}

/* What is to be done with a request. */
static void conn_reply(struct peer *p, struct conn *c)
{
	const struct http_rule *rule;
	char number[24];

	rule = http_rules_match(&p->rules, c->request.path,
	    strcmp(c->request.method, "HEAD") == 0);
	if (rule != NULL && rule->kind == HTTP_DELAY) {
		c->phase = DELAYED;
		c->due = peer_now_ms() + (int64_t)rule->number;
		return;
	}
	if (rule != NULL && rule->kind == HTTP_MOST) {
		snprintf(number, sizeof number, "%zu\n", p->most);
		http_answer_text(&c->answer, &c->request, number);
	} else {
		http_answer_make(&c->answer, p->root, &c->request, rule);
	}
	conn_answer(p, c);
}

/* A whole head is there. */
static void conn_request(struct peer *p, struct conn *c)
{
	int status = http_request_read(&c->request, c->in, c->head);

	c->post = status == 0 && strcmp(c->request.method, "POST") == 0 &&
	    c->request.body <= sizeof c->in - c->head;
	if (status != 0)
		conn_refuse(p, c, status);
	else if (c->post)
		c->phase = TAKING;
	else
		conn_reply(p, c);
}

/* One piece of what has no end, so that the others have their turn. */
static int conn_send_more(struct conn *c)
{
	static const char waste[65536];
	ssize_t n = send(c->fd, waste, sizeof waste, MSG_NOSIGNAL);

	return n < 0 && errno != EAGAIN && errno != EINTR ? -1 : 0;
}

static void conn_drip(struct conn *c)
{
	if (c->answer.drip == 0)
		return;
	c->phase = DRIPPING;
	c->due = peer_now_ms() + (int64_t)c->answer.drip;
}

/* 1: all of the answer is with the socket; 0: it has to wait; -1: broken. */
static int conn_send(struct conn *c)
{
	struct http_answer *a = &c->answer;

	while (c->sent < a->len || a->left > 0) {
		size_t most = a->drip > 0 ? 1 : SEND_MAX;
		ssize_t n;

		if (c->phase == DRIPPING)
			return 0;
		if (c->sent < a->len) {
			n = send(c->fd, a->bytes + c->sent, a->len - c->sent,
			    MSG_NOSIGNAL | (a->left > 0 ? MSG_MORE : 0));
			c->sent += n > 0 ? (size_t)n : 0;
		} else {
			n = sendfile(c->fd, a->fd, &a->offset,
			    a->left < (off_t)most ? (size_t)a->left : most);
			if (n == 0)
				return -1;	/* the file became shorter */
			a->left -= n > 0 ? n : 0;
			conn_drip(c);
		}
		if (n < 0 && errno != EINTR)
			return errno == EAGAIN ? 0 : -1;
	}
	return a->endless ? conn_send_more(c) : 1;
}

/* See mail_sink: a close(2) with input unread might take the answer away. */
static void conn_linger(struct conn *c)
{
	if (shutdown(c->fd, SHUT_WR) != 0) {
		conn_close(c);
		return;
	}
	c->phase = LINGERING;
	c->due = peer_now_ms() + LINGER_MS;
}

static void conn_sent(struct conn *c)
{
	bool last = c->answer.close;

	http_answer_release(&c->answer);
	if (last) {
		conn_linger(c);
		return;
	}
	c->len -= c->head;
	memmove(c->in, c->in + c->head, c->len);
	c->phase = SKIPPING;
}

/* Forgets what has come of the request's body. False: more is to come. */
static bool conn_skip(struct conn *c)
{
	size_t n = c->len < c->skip ? c->len : c->skip;

	c->len -= n;
	c->skip -= n;
	memmove(c->in, c->in + n, c->len);
	if (c->skip > 0)
		return false;
	c->phase = READING;
	return true;
}

/* Goes on with a connection as far as it can now. */
static void conn_pump(struct peer *p, struct conn *c)
{
	bool on = true;
	int sent;

	while (on && c->fd >= 0 && c->phase != LINGERING) {
		if (c->phase == READING) {
			c->head = http_request_head(c->in, c->len);
			on = c->head > 0 || c->len == sizeof c->in;
			if (c->head > 0)
				conn_request(p, c);
			else if (on)
				conn_too_long(p, c);
		} else if (c->phase == TAKING) {
			on = c->len >= c->head + c->request.body;
			if (on)
				conn_reply(p, c);
		} else if (c->phase == DELAYED) {
			on = peer_now_ms() >= c->due;
			if (on) {
				http_answer_make(&c->answer, p->root,
				    &c->request, NULL);
				conn_answer(p, c);
			}
		} else if (c->phase == DRIPPING) {
			on = peer_now_ms() >= c->due;
			if (on)
				c->phase = SENDING;
		} else if (c->phase == SENDING) {
			sent = conn_send(c);
			on = sent != 0;
			if (sent > 0)
				conn_sent(c);
			else if (sent < 0)
				conn_close(c);
		} else {
			on = conn_skip(c);
		}
	}
}

static void conn_read(struct conn *c)
{
	static char waste[65536];
	bool waits = c->phase == LINGERING;
	size_t room = sizeof c->in - c->len;
	ssize_t n = recv(c->fd, waits ? waste : c->in + c->len,
	    waits ? sizeof waste : room, 0);

	if (n > 0 && !waits)
		c->len += (size_t)n;
	else if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		conn_close(c);
}

static short conn_events(const struct conn *c)
{
	if (c->phase == SENDING)
		return POLLOUT;
	return c->phase == DELAYED || c->phase == DRIPPING ? 0 : POLLIN;
}

static void serve_conn(struct peer *p, struct conn *c, short revents)
{
	bool sends = c->phase == SENDING || c->phase == DRIPPING;

	if ((revents & (POLLERR | POLLNVAL)) || (sends && revents & POLLHUP))
		conn_close(c);
	else if (!sends && (revents & (POLLIN | POLLHUP)))
		conn_read(c);
	if (c->phase == LINGERING && peer_now_ms() >= c->due)
		conn_close(c);
	conn_pump(p, c);
}

static void accept_one(struct peer *p)
{
	int fd = peer_accept(p->listener);
	struct conn *c;

	if (fd < 0)
		return;
	c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	c->fd = fd;
	c->answer.fd = -1;
	p->conns[p->count++] = c;
	if (p->count > p->most)
		p->most = p->count;
}

static void sweep(struct peer *p, bool all)
{
	size_t i, kept = 0;

	for (i = 0; i < p->count; i++) {
		struct conn *c = p->conns[i];

		if (c->fd >= 0 && !all) {
			p->conns[kept++] = c;
			continue;
		}
		conn_close(c);
		free(c);
	}
	p->count = kept;
}

static bool has_deadline(const struct conn *c)
{
	return c->phase == DELAYED || c->phase == DRIPPING ||
	    c->phase == LINGERING;
}

/* Waits until something comes or the time has; what poll(2) returns. */
static int wait_for(struct pollfd *polled, size_t n, int64_t until,
    const sigset_t *mask)
{
	int64_t now = peer_now_ms(), wait = until > now ? until - now : 0;
	struct timespec t = { .tv_sec = wait / 1000,
	    .tv_nsec = wait % 1000 * 1000000 };

	return ppoll(polled, (nfds_t)n, until == INT64_MAX ? NULL : &t, mask);
}

/* Waits for the next thing to do and does it. -1: poll failed. */
static int turn(struct peer *p, const sigset_t *mask)
{
	struct pollfd polled[CONNS_MAX + 1];
	size_t i, n = p->count;
	int64_t until = INT64_MAX;

	for (i = 0; i < n; i++) {
		const struct conn *c = p->conns[i];

		polled[i] = (struct pollfd){ .fd = c->fd,
		    .events = conn_events(c) };
		if (has_deadline(c) && c->due < until)
			until = c->due;
	}
	polled[n] = (struct pollfd){ .fd = n < CONNS_MAX ? p->listener : -1,
	    .events = POLLIN };
	if (wait_for(polled, n + 1, until, mask) < 0)
		return errno == EINTR ? 0 : peer_complain("poll");
	for (i = 0; i < n; i++)
		if (polled[i].revents != 0 || has_deadline(p->conns[i]))
			serve_conn(p, p->conns[i], polled[i].revents);
	if (polled[n].revents != 0)
		accept_one(p);
	sweep(p, false);
	return 0;
}

static int usage(void)
{
	fputs("usage: http_peer --root DIR [--port N] [--port-file FILE] "
	    "[--rules FILE] [--log FILE]\n", stderr);
	return -1;
}

static int read_options(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
		{ "root", required_argument, NULL, 'd' },
		{ "port", required_argument, NULL, 'p' },
		{ "port-file", required_argument, NULL, 'f' },
		{ "rules", required_argument, NULL, 'r' },
		{ "log", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 }
	};
	int c, bad = 0;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'd')
			o->root = optarg;
		else if (c == 'f')
			o->port_file = optarg;
		else if (c == 'r')
			o->rules = optarg;
		else if (c == 'l')
			o->log = optarg;
		else if (c == 'p')
			bad |= peer_number(optarg, 65535, &o->port);
		else
			bad = -1;
	}
	return bad != 0 || optind != argc || o->root == NULL ? usage() : 0;
}

static int run(struct peer *p, const struct options *o)
{
	unsigned long port = o->port;
	sigset_t mask;
	int rc;

	peer_signals(&mask);
	p->root = o->root;
	if (o->log != NULL) {
		p->log_fd = open(o->log,
		    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
		if (p->log_fd < 0)
			return peer_complain(o->log);
	}
	p->listener = peer_listen(&port);
	if (p->listener < 0)
		return -1;
	rc = peer_tell_port(o->port_file, port);
	while (rc == 0 && !peer_stopped())
		rc = turn(p, &mask);
	sweep(p, true);
	return rc;
}

int main(int argc, char **argv)
{
	static struct peer p = { .listener = -1, .log_fd = -1 };
	struct options o = { .root = NULL };
	int rc = EX_USAGE;

	if (read_options(argc, argv, &o) != 0)
		return rc;
	if (http_rules_load(&p.rules, o.rules) == 0)
		rc = run(&p, &o) == 0 ? EX_OK : EX_OSERR;
	if (p.listener >= 0)
		close(p.listener);
	if (p.log_fd >= 0)
		close(p.log_fd);
	http_rules_release(&p.rules);
	return rc;
}
