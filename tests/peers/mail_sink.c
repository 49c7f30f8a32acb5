/*
 * mail_sink: a scripted SMTP server for tests, on 127.0.0.1 only. It takes
 * mail, keeps it with an exact log, and fails where its script says so, also
 * by killing the client (see sink_script.h for scripts, sink_store.h for what
 * it leaves behind).
 *
 *   mail_sink --dir DIR [--port N] [--port-file FILE] [--script FILE]
 *             [--no-store] [--once-idle SECONDS]
 *
 * A message is taken, that is stored and logged, when its end was read and
 * the script's reply to that is a 2xx; all of it before that reply is handed
 * over, and whether or not the script then lets it through.
 *
 * --once-idle: exit 0 when clients have come and none was there for SECONDS.
 * What a script's drop, kill and dropdata did is told on stderr. Exits: 0 after
 * SIGTERM or SIGINT, 64 for a wrong command line or script, 71 else.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "peer.h"
#include "sink_script.h"
#include "sink_smtp.h"
#include "sink_store.h"

#define CONNS_MAX 256		/* further ones get a 421 */
#define CONNS_SPARE 16		/* at the same time, to say it to */
#define CONNS_ALL (CONNS_MAX + CONNS_SPARE)
#define OUT_MAX (2 * SINK_REPLY_MAX)
#define LINGER_MS 1000

struct conn {
	struct sink_session session;
	unsigned long no;
	unsigned long reply_no;	/* of the reply at hand; 0: not counted yet */
	unsigned long after_no;	/* faults after this one, once it is written */
	int64_t due;		/* when the reply at hand may go */
	int64_t linger_until;
	bool holding;		/* a reply is at hand */
	bool hung;
	bool closing;		/* once everything is written */
	bool lingering;		/* nothing more is said, only read */
	bool eof;		/* the client has ended its side */
	int fd;			/* -1: to be freed */
	size_t out_start;
	size_t out_end;
	char out[OUT_MAX];
};

struct options {
	const char *dir;
	const char *port_file;
	const char *script;
	unsigned long port;
	unsigned long idle_s;	/* 0: never exit for that */
	bool no_store;
};

struct sink {
	struct sink_script script;
	struct sink_store store;
	struct conn *conns[CONNS_ALL];
	size_t count;
	unsigned long served;	/* connections so far */
	unsigned long replies;
	int64_t idle_since;
	int listener;
};

static void conn_close(struct conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

/* Writes what there is. True when all of it is with the socket. */
static bool conn_flush(struct conn *c)
{
	while (c->fd >= 0 && c->out_start < c->out_end) {
		ssize_t n = send(c->fd, c->out + c->out_start,
		    c->out_end - c->out_start, MSG_NOSIGNAL);

		if (n >= 0)
			c->out_start += (size_t)n;
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			return false;
		else if (errno != EINTR)
			conn_close(c);
	}
	c->out_start = c->out_end = 0;
	return c->fd >= 0;
}

/* A close(2) with input unread makes a reset, which may take replies away
 * that the client has not read yet. So the end is announced, and what the
 * client still says is read for nothing until it has seen it. */
static void conn_linger(struct conn *c, int64_t now)
{
	if (c->eof || shutdown(c->fd, SHUT_WR) != 0) {
		conn_close(c);
		return;
	}
	c->lingering = true;
	c->linger_until = now + LINGER_MS;
}

static long read_pid(const char *path)
{
	char text[32] = "";
	unsigned long pid;
	FILE *in = fopen(path, "r");

	if (in == NULL)
		return peer_complain(path);
	if (fgets(text, sizeof text, in) == NULL)
		text[0] = '\0';
	fclose(in);
	text[strcspn(text, " \t\r\n")] = '\0';
	if (peer_number(text, INT32_MAX, &pid) != 0 || pid < 2 ||
	    pid == (unsigned long)getpid()) {
		fprintf(stderr, "mail_sink: %s: no process id\n", path);
		return -1;
	}
	return (long)pid;
}

/* Kills, and waits for the end, so that nothing the sink does afterwards can
 * be seen by the process. False: it was not killed. */
static bool kill_process(const char *pidfile)
{
	long pid = read_pid(pidfile);
	struct pollfd p = { .events = POLLIN };

	if (pid < 0)
		return false;
	p.fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0U);
	if (kill((pid_t)pid, SIGKILL) != 0) {
		peer_complain("kill");
		if (p.fd >= 0)
			close(p.fd);
		return false;
	}
	if (p.fd >= 0) {
		poll(&p, 1, 1000);
		close(p.fd);
	}
	return true;
}

static bool fault_due(const struct sink *k, unsigned long reply, bool after)
{
	size_t i;

	for (i = 0; i < k->script.fault_count; i++) {
		const struct sink_fault *f = &k->script.faults[i];

		if (f->after == after && f->reply == reply)
			return true;
	}
	return false;
}

static void fault_tell(struct sink *k, const struct conn *c,
    const struct sink_fault *f, const char *what)
{
	char text[64];
	int n = snprintf(text, sizeof text, "%s %s reply %lu", what,
	    f->after ? "after" : "before", f->reply);

	fprintf(stderr, "mail_sink: connection %lu: %s\n", c->no, text);
	sink_store_dialog(&k->store, c->no, '!', 0, text, (size_t)n);
}

/* Does what the script has for this moment: kills first, then the drop, of
 * which it returns whether there was one. No number comes twice, so each
 * fault happens once. */
static bool fault_run(struct sink *k, const struct conn *c,
    unsigned long reply, bool after)
{
	bool drop = false;
	size_t i;

	for (i = 0; i < k->script.fault_count; i++) {
		const struct sink_fault *f = &k->script.faults[i];

		if (f->after != after || f->reply != reply)
			continue;
		if (!f->kill) {
			fault_tell(k, c, f, "dropped");
			drop = true;
		} else {
			fault_tell(k, c, f, kill_process(k->script.pidfile) ?
			    "killed" : "could not kill");
		}
	}
	return drop;
}

/* Takes up a reply that the session has made. */
static void conn_hold(struct conn *c, int64_t now)
{
	c->holding = true;
	c->reply_no = 0;
	c->due = now + c->session.reply.delay_ms;
	c->hung = c->session.reply.never;
}

/* Sends the reply at hand on its way. False: it has to wait. */
static bool conn_release(struct sink *k, struct conn *c, int64_t now)
{
	const struct sink_reply *r = &c->session.reply;

	if (c->hung || now < c->due)
		return false;
	if (c->reply_no == 0)
		c->reply_no = ++k->replies;
	/* What came before it is sent before anything happens to it. */
	if (fault_due(k, c->reply_no, false) && !conn_flush(c))
		return false;
	if (OUT_MAX - c->out_end < r->len && !conn_flush(c))
		return false;
	c->holding = false;
	if (fault_run(k, c, c->reply_no, false)) {
		c->closing = true;
		return true;
	}
	sink_store_dialog(&k->store, c->no, 'S', c->reply_no, r->text, r->len);
	memcpy(c->out + c->out_end, r->text, r->len);
	c->out_end += r->len;
	c->closing = r->last;
	if (fault_due(k, c->reply_no, true))
		c->after_no = c->reply_no;
	sink_smtp_taken(&c->session);
	return true;
}

/* Reads on in what the client has said. False: that is all for now. */
static bool conn_talk(struct conn *c, int64_t now)
{
	enum sink_turn turn = sink_smtp_run(&c->session);

	if (turn == SINK_HAS_REPLY) {
		conn_hold(c, now);
		return true;
	}
	conn_flush(c);
	if (turn == SINK_CUT)
		fprintf(stderr, "mail_sink: connection %lu: cut inside data\n",
		    c->no);
	if (turn == SINK_CUT || (c->eof && c->out_start == c->out_end))
		conn_close(c);
	return false;
}

/* Goes on with a connection as far as it can now. Replies to pipelined
 * commands leave together; only faults and delays part them. */
static void conn_pump(struct sink *k, struct conn *c, int64_t now)
{
	bool on = true;

	while (on && c->fd >= 0 && !c->lingering) {
		if ((c->after_no != 0 || c->closing) && !conn_flush(c))
			return;
		if (c->after_no != 0) {
			c->closing |= fault_run(k, c, c->after_no, true);
			c->after_no = 0;
		} else if (c->closing) {
			conn_linger(c, now);
		} else if (c->holding) {
			on = conn_release(k, c, now);
		} else {
			on = conn_talk(c, now);
		}
	}
	conn_flush(c);
}

/* Reads once; the talk goes on in conn_pump. */
static void conn_read(struct conn *c)
{
	static char waste[65536];
	bool listen_to = !c->lingering && !c->hung;
	size_t len = sizeof waste;
	char *to = listen_to ? sink_smtp_room(&c->session, &len) : waste;
	ssize_t n;

	if (len == 0)
		return;
	n = recv(c->fd, to, len, 0);
	if (n > 0) {
		if (listen_to)
			sink_smtp_fed(&c->session, (size_t)n);
	} else if (n == 0 && listen_to) {
		c->eof = true;
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		conn_close(c);
	}
}

static short conn_events(const struct conn *c)
{
	short events = 0;

	if (c->out_start < c->out_end)
		events |= POLLOUT;
	if (c->lingering || c->hung || (!c->holding && !c->eof))
		events |= POLLIN;
	return events;
}

/* When this connection wants a turn even if nothing comes; INT64_MAX: no. */
static int64_t conn_deadline(const struct conn *c)
{
	if (c->lingering)
		return c->linger_until;
	return c->holding && !c->hung ? c->due : INT64_MAX;
}

/* Whether all places are taken, by clients not yet said goodbye to. */
static bool is_full(const struct sink *k)
{
	size_t i, n = 0;

	for (i = 0; i < k->count; i++)
		n += !k->conns[i]->lingering;
	return n >= CONNS_MAX ||
	    (k->script.room.code != 0 && n >= k->script.room.n);
}

static void accept_one(struct sink *k)
{
	int fd = peer_accept(k->listener);
	struct conn *c;

	if (fd < 0)
		return;
	c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	c->fd = fd;
	c->no = ++k->served;
	sink_smtp_open(&c->session, &k->script, &k->store, c->no,
	    is_full(k));
	k->conns[k->count++] = c;
	conn_pump(k, c, peer_now_ms());
}

static void sweep(struct sink *k, bool all)
{
	size_t i, kept = 0;

	for (i = 0; i < k->count; i++) {
		struct conn *c = k->conns[i];

		if (c->fd >= 0 && !all) {
			k->conns[kept++] = c;
			continue;
		}
		conn_close(c);
		sink_smtp_release(&c->session);
		free(c);
		k->idle_since = peer_now_ms();
	}
	k->count = kept;
}

static void serve_conn(struct sink *k, struct conn *c, short revents,
    int64_t now)
{
	if (revents & (POLLERR | POLLNVAL))
		conn_close(c);
	else if (revents & (POLLIN | POLLHUP))
		conn_read(c);
	if (c->lingering && now >= c->linger_until)
		conn_close(c);
	conn_pump(k, c, now);
}

/* Waits for the next thing to do and does it. -1: poll failed. */
static int turn(struct sink *k, const sigset_t *mask, int64_t until)
{
	struct pollfd p[CONNS_ALL + 1];
	size_t i, n = k->count;
	int64_t now = peer_now_ms(), wait;
	struct timespec t;

	for (i = 0; i < n; i++) {
		int64_t due = conn_deadline(k->conns[i]);

		p[i] = (struct pollfd){ .fd = k->conns[i]->fd,
		    .events = conn_events(k->conns[i]) };
		/* A reply that waits for the socket is not late. */
		if (due < until && (p[i].events & POLLOUT) == 0)
			until = due;
	}
	p[n] = (struct pollfd){ .fd = k->count < CONNS_ALL ? k->listener : -1,
	    .events = POLLIN };
	wait = until > now ? until - now : 0;
	t.tv_sec = wait / 1000;
	t.tv_nsec = wait % 1000 * 1000000;
	if (ppoll(p, (nfds_t)n + 1, until == INT64_MAX ? NULL : &t, mask) < 0)
		return errno == EINTR ? 0 : peer_complain("poll");
	now = peer_now_ms();
	for (i = 0; i < n; i++)
		if (p[i].revents != 0 || now >= conn_deadline(k->conns[i]))
			serve_conn(k, k->conns[i], p[i].revents, now);
	if (p[n].revents != 0)
		accept_one(k);
	sweep(k, false);
	return 0;
}

static int serve(struct sink *k, const struct options *o, const sigset_t *mask)
{
	int rc = 0;

	while (!peer_stopped() && rc == 0) {
		int64_t until = INT64_MAX;

		if (o->idle_s > 0 && k->served > 0 && k->count == 0) {
			until = k->idle_since + (int64_t)o->idle_s * 1000;
			if (peer_now_ms() >= until)
				break;
		}
		rc = turn(k, mask, until);
	}
	sweep(k, true);
	return rc;
}

static int usage(void)
{
	fputs("usage: mail_sink --dir DIR [--port N] [--port-file FILE] "
	    "[--script FILE] [--no-store] [--once-idle SECONDS]\n", stderr);
	return -1;
}

static int read_options(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
		{ "dir", required_argument, NULL, 'd' },
		{ "port", required_argument, NULL, 'p' },
		{ "port-file", required_argument, NULL, 'f' },
		{ "script", required_argument, NULL, 's' },
		{ "no-store", no_argument, NULL, 'n' },
		{ "once-idle", required_argument, NULL, 'i' },
		{ NULL, 0, NULL, 0 }
	};
	int c, bad = 0;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'd')
			o->dir = optarg;
		else if (c == 'f')
			o->port_file = optarg;
		else if (c == 's')
			o->script = optarg;
		else if (c == 'n')
			o->no_store = true;
		else if (c == 'p')
			bad |= peer_number(optarg, 65535, &o->port);
		else if (c == 'i')
			bad |= peer_number(optarg, 86400, &o->idle_s);
		else
			bad = -1;
	}
	return bad != 0 || optind != argc || o->dir == NULL ? usage() : 0;
}

int main(int argc, char **argv)
{
	static struct sink k;
	struct options o = { .dir = NULL };
	sigset_t mask;
	int rc = EX_OSERR;

	if (read_options(argc, argv, &o) != 0)
		return EX_USAGE;
	if (sink_script_load(&k.script, o.script) != 0) {
		sink_script_release(&k.script);
		return EX_USAGE;
	}
	peer_signals(&mask);
	k.listener = -1;
	if (sink_store_open(&k.store, o.dir, !o.no_store,
	    k.script.dialog) == 0) {
		k.listener = peer_listen(&o.port);
		if (k.listener >= 0 &&
		    peer_tell_port(o.port_file, o.port) == 0 &&
		    serve(&k, &o, &mask) == 0)
			rc = EX_OK;
	}
	if (k.listener >= 0)
		close(k.listener);
	sink_store_release(&k.store);
	sink_script_release(&k.script);
	return rc;
}
