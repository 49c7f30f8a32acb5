/*
 * sendmail:/PATH [ARGUMENT ...]: the way in that every mail system has had
 * since Sendmail. A program is run for each message, reads it, and says by its
 * exit status what became of it (sysexits.h).
 *
 * The doubt begins before the program does. What ends the message there is the
 * end of its input, and that comes also when we are killed: then half of a
 * message goes out.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/run.h"
#include "mail/transport_int.h"

#define ARGUMENTS_MAX 32
#define TIMEOUT_DEFAULT 300
#define STEP_MS 100

struct program {
	char *url;
	char *words;			/* cut up: path and arguments */
	char *argv[ARGUMENTS_MAX + 6];	/* with those of a message */
	size_t argc;
	long timeout;			/* milliseconds */
};

struct delivery {
	struct program *p;
	const struct transport_source *source;
	struct err *err;
	struct transport_message m;
	struct run_child child;
	int64_t active;
	bool whole;		/* it has all of the message, and its end */
	bool late;		/* and was killed for it */
	bool ended;		/* status counts */
	int status;
	char said[TRANSPORT_TEXT_MAX];
	size_t said_len;
};

static void sendmail_close(void *impl)
{
	struct program *p = impl;

	free(p->url);
	free(p->words);
	free(p);
}

static void *sendmail_open(const char *url, const char *rest,
    const struct transport_options *o, struct err *err)
{
	struct program *p = xcalloc(1, sizeof *p);
	char *at = p->words = xstrdup(rest);

	p->url = xstrdup(url);
	p->timeout = (o->timeout > 0 ? o->timeout : TIMEOUT_DEFAULT) * 1000;
	while (*at != '\0' && p->argc < ARGUMENTS_MAX) {
		p->argv[p->argc++] = at;
		at += strcspn(at, " \t");
		if (*at != '\0')
			*at++ = '\0';
		at += strspn(at, " \t");
	}
	if (p->argc == 0 || p->argv[0][0] != '/' || *at != '\0')
		err_set(err, ERR_CONFIG, "`relay` is \"%s\"; write "
		    "sendmail:/PATH, such as sendmail:/usr/sbin/sendmail, and "
		    "perhaps up to %d arguments behind it", url,
		    ARGUMENTS_MAX - 1);
	else if (!fs_is_file(p->argv[0]) || access(p->argv[0], X_OK) == -1)
		err_set(err, ERR_CONFIG, "`relay` is \"%s\", and %s is no "
		    "program that can be run", url, p->argv[0]);
	else if (o->user != NULL)
		err_set(err, ERR_CONFIG, "`relay` is \"%s\", and a program is "
		    "not told user and password; take `user` out", url);
	else
		return p;
	sendmail_close(p);
	return NULL;
}

/* ---- one message ---- */

static void listen_to(struct delivery *d)
{
	char text[512];
	ssize_t n, i;

	while ((n = read(d->child.out, text, sizeof text)) > 0)
		for (i = 0; i < n; i++)
			if (d->said_len < sizeof d->said - 1 && text[i] != '\0')
				d->said[d->said_len++] = text[i];
	d->said[d->said_len] = '\0';
}

static bool has_ended(struct delivery *d)
{
	if (!d->ended && waitpid(d->child.pid, &d->status, WNOHANG) ==
	    d->child.pid)
		d->ended = true;
	return d->ended;
}

static bool is_late(const struct delivery *d)
{
	return clock_ms() - d->active >= d->p->timeout;
}

/* Waits for room (fd: its input) or for its end. False: it took too long. */
static bool await(struct delivery *d, int fd)
{
	struct pollfd p[] = { { d->child.out, POLLIN, 0 }, { fd, POLLOUT, 0 } };
	bool mute;

	poll(p, fd != -1 ? 2 : 1, STEP_MS);
	listen_to(d);
	/* It has closed its outputs, and is about to end: no use to spin. */
	mute = (p[0].revents & (POLLHUP | POLLIN)) == POLLHUP;
	if (mute && fd == -1 && !has_ended(d))
		run_pause(1);
	return !is_late(d);
}

/* 0; -1: it reads no more, or not in time. */
static int feed(struct delivery *d, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(d->child.in, data, len);

		if (n > 0) {
			d->active = clock_ms();
			data += n;
			len -= (size_t)n;
		} else if (n == -1 && errno != EAGAIN && errno != EINTR)
			return -1;
		else if (!await(d, d->child.in))
			return -1;
	}
	return 0;
}

/* As text is on this system: lines end in LF. What it sends has CRLF again. */
static int feed_part(struct delivery *d, const struct iovec *part)
{
	const char *p = part->iov_base, *end = p + part->iov_len, *cr;
	int rc = 0;

	while (rc == 0 && p < end) {
		cr = memchr(p, '\r', (size_t)(end - p));
		rc = feed(d, p, (size_t)((cr != NULL ? cr : end) - p));
		p = cr != NULL ? cr + 1 : end;
	}
	return rc;
}

/* With all that it has begun, which reads the same input. */
static void kill_child(struct delivery *d)
{
	if (has_ended(d))
		return;
	kill(-d->child.pid, SIGKILL);
	while (waitpid(d->child.pid, &d->status, 0) == -1 && errno == EINTR)
		;
	d->ended = true;
}

static void hand_over(struct delivery *d)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < d->m.nparts && rc == 0; i++)
		rc = feed_part(d, &d->m.part[i]);
	d->whole = rc == 0;
	/* The end of its input is the end of the message: it must not see one
	 * that was cut. */
	d->late = !d->whole && is_late(d);
	if (d->late)
		kill_child(d);
	close(d->child.in);
	d->active = clock_ms();
	while (!has_ended(d)) {
		d->late = !await(d, -1);
		if (d->late)
			kill_child(d);
	}
	listen_to(d);
	close(d->child.out);
}

/* ---- what became of it ---- */

static int settle(struct delivery *d, enum transport_verdict verdict,
    const char *text, struct err *err)
{
	struct transport_result result;

	transport_result_set(&result, verdict, 0, text);
	return d->source->settle(d->source->ctx, d->m.id, &result, err);
}

/* It is the program that is wrong, and not this message. */
static int give_up(struct delivery *d, enum transport_verdict verdict,
    enum err_kind kind, const char *what)
{
	struct err spare = ERR_INIT;
	char said[TRANSPORT_TEXT_MAX];

	transport_text(said, sizeof said, d->said);
	err_set(d->err, kind, "%s: %s %s%s%s", d->p->url, d->p->argv[0], what,
	    *said != '\0' ? "; it says: " : "", said);
	settle(d, verdict, d->err->msg, &spare);
	return -1;
}

static int judge_exit(struct delivery *d, int code)
{
	char text[TRANSPORT_TEXT_MAX + 64];

	snprintf(text, sizeof text, "%s ended with %d: %s", d->p->argv[0],
	    code, *d->said != '\0' ? d->said : "no word");
	switch (code) {
	case EX_OK:
		if (!d->whole)
			return give_up(d, TRANSPORT_UNKNOWN, ERR_CONFIG,
			    "ended well before it had read the message");
		return settle(d, TRANSPORT_SENT, *d->said != '\0' ? d->said :
		    "taken by the program", d->err);
	case EX_DATAERR:
	case EX_NOUSER:
	case EX_NOHOST:
		return settle(d, TRANSPORT_FAILED, text, d->err);
	case EX_UNAVAILABLE:
	case EX_OSERR:
	case EX_OSFILE:
	case EX_CANTCREAT:
	case EX_IOERR:
	case EX_TEMPFAIL:
	case EX_PROTOCOL:
		return settle(d, TRANSPORT_DEFERRED, text, d->err);
	default:
		snprintf(text, sizeof text, "ended with %d, which is of no "
		    "message", code);
		return give_up(d, TRANSPORT_UNTRIED, code == EX_NOPERM ?
		    ERR_REFUSED : ERR_CONFIG, text);
	}
}

static int judge(struct delivery *d)
{
	char text[64];

	if (WIFEXITED(d->status))
		return judge_exit(d, WEXITSTATUS(d->status));
	snprintf(text, sizeof text, "was ended by signal %d",
	    WTERMSIG(d->status));
	if (d->late)
		snprintf(text, sizeof text, "took more than %ld seconds",
		    d->p->timeout / 1000);
	/* A child of its own may have gone on. */
	return settle(d, d->whole ? TRANSPORT_UNKNOWN : TRANSPORT_DEFERRED,
	    text, d->err);
}

static int deliver(struct delivery *d)
{
	struct program *p = d->p;
	struct err spare = ERR_INIT;
	char why[TRANSPORT_TEXT_MAX];
	char options[][4] = { "-i", "-f", "<>", "--" };
	char **more = p->argv + p->argc;

	if (transport_message_check(&d->m, NULL, why, sizeof why) == -1)
		return settle(d, TRANSPORT_FAILED, why, d->err);
	more[0] = options[0];
	more[1] = options[1];
	more[2] = *d->m.from != '\0' ? (char *)(uintptr_t)d->m.from :
	    options[2];
	more[3] = options[3];
	more[4] = (char *)(uintptr_t)d->m.to;
	more[5] = NULL;
	d->whole = d->late = d->ended = false;
	d->said_len = 0;
	d->said[0] = '\0';
	if (d->source->doubt(d->source->ctx, d->m.id, d->err) == -1 ||
	    run_start(p->argv, &d->child, d->err) == -1) {
		settle(d, TRANSPORT_UNTRIED, d->err->msg, &spare);
		return -1;
	}
	d->active = clock_ms();
	hand_over(d);
	return judge(d);
}

static int sendmail_run(void *impl, const struct transport_source *source,
    struct err *err)
{
	struct delivery *d = xcalloc(1, sizeof *d);
	struct transport_hush hush;
	int got = 0, failed = 0;

	d->p = impl;
	d->source = source;
	d->err = err;
	transport_hush_begin(&hush);
	while (failed == 0 && !transport_wants_stop(source)) {
		got = source->next(source->ctx, &d->m, err);
		if (got == 0)
			break;
		failed = got < 0 ? -1 : deliver(d);
	}
	transport_hush_end(&hush);
	free(d);
	return failed;
}

const struct transport_ops transport_sendmail = {
	"sendmail:", sendmail_open, sendmail_run, sendmail_close,
};
