/*
 * A source of messages for the tests of transports: it counts what it is
 * asked and told, and checks the order of both.
 */
#ifndef TRANSPORT_FIXTURE_H
#define TRANSPORT_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <time.h>

#include "base/mem.h"
#include "mail/transport.h"

struct letter {
	char to[300];
	char *text;
	struct iovec part[8];
	size_t nparts;
	bool refused_before;
	int doubts;
	int soon;		/* times, before doubt */
	int settled;
	struct transport_result result;
};

struct letters {
	struct letter *letter;
	size_t count;
	size_t given;
	size_t settled;
	size_t stop_after;	/* settled ones; 0: never */
	size_t refuse_doubt;	/* number of the message + 1; 0: none */
	size_t refuse_idle;	/* likewise, while it is open */
	int refuse_late;	/* ... and in doubt */
	double stop_at;		/* by letters_clock(); 0: never */
	size_t idled, gone;
	const struct transport_options *with;	/* the rest of them; NULL */
	const char *envid;
	struct err err;
};

/* A relay of the test's own, on a free port. */
static inline void listen_at(int *fd, int backlog, struct sockaddr_in *a,
    char *url, size_t size)
{
	socklen_t len = sizeof *a;

	memset(a, 0, sizeof *a);
	a->sin_family = AF_INET;
	a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(*fd, (struct sockaddr *)a, sizeof *a), 0);
	assert_int_equal(listen(*fd, backlog), 0);
	assert_int_equal(getsockname(*fd, (struct sockaddr *)a, &len), 0);
	snprintf(url, size, "smtp://127.0.0.1:%d", (int)ntohs(a->sin_port));
}

static double letters_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int letters_next(void *ctx, struct transport_message *out,
    struct err *err)
{
	struct letters *l = ctx;
	struct letter *one = &l->letter[l->given];

	(void)err;
	/* One at a time. */
	assert_int_equal(l->given, l->settled);
	if (l->given == l->count)
		return 0;
	out->id = (int64_t)l->given++;
	out->from = "show@example.org";
	out->to = one->to;
	out->refused_before = one->refused_before;
	out->part = one->part;
	out->nparts = one->nparts;
	out->envid = l->envid;
	return 1;
}

static void letters_soon(void *ctx, int64_t id)
{
	struct letters *l = ctx;

	assert_int_equal(id, l->given - 1);
	assert_int_equal(l->letter[id].settled, 0);
	l->letter[id].soon += l->letter[id].doubts == 0;
}

static int letters_doubt(void *ctx, int64_t id, struct err *err)
{
	struct letters *l = ctx;

	assert_int_equal(id, l->given - 1);
	assert_int_equal(l->letter[id].settled, 0);
	l->letter[id].doubts++;
	if (l->refuse_doubt == (size_t)id + 1)
		return err_set(err, ERR_IO, "no doubt is allowed");
	return 0;
}

static int letters_settle(void *ctx, int64_t id,
    const struct transport_result *result, struct err *err)
{
	struct letters *l = ctx;

	(void)err;
	assert_int_equal(id, l->given - 1);
	l->letter[id].settled++;
	l->letter[id].result = *result;
	l->settled++;
	return 0;
}

static int letters_idle(void *ctx, bool gone, struct err *err)
{
	struct letters *l = ctx;
	struct letter *one = &l->letter[l->given - 1];

	l->idled++;
	if (gone) {
		assert_true(l->given > l->settled && one->doubts > 0);
		memset(one->part, 0, sizeof one->part);
		l->gone++;
	}
	if (l->refuse_idle != 0 && l->refuse_idle == l->given &&
	    l->letter[l->given - 1].doubts >= l->refuse_late)
		return err_set(err, ERR_IO, "no idling is allowed");
	return 0;
}

static int letters_stop(void *ctx)
{
	const struct letters *l = ctx;

	return (l->stop_after != 0 && l->settled >= l->stop_after) ||
	    (l->stop_at > 0 && letters_clock() >= l->stop_at);
}

/* The message is one piece unless the test cuts it. */
static void letter_set(struct letter *one, const char *text)
{
	free(one->text);
	one->text = xstrdup(text);
	one->part[0].iov_base = one->text;
	one->part[0].iov_len = strlen(text);
	one->nparts = 1;
}

static void letters_init(struct letters *l, size_t count)
{
	char text[2048];
	size_t i;

	memset(l, 0, sizeof *l);
	l->count = count;
	l->letter = xcalloc(count, sizeof *l->letter);
	for (i = 0; i < count; i++) {
		snprintf(l->letter[i].to, sizeof l->letter[i].to,
		    "friend%zu@example.net", i);
		snprintf(text, sizeof text,
		    "Date: Mon, 02 Jun 2025 10:00:00 +0000\r\n"
		    "From: \"A show\" <show@example.org>\r\n"
		    "to: <friend%zu@example.net>\r\n"
		    "Message-ID: <%zu@example.org>\r\n"
		    "List-Unsubscribe: <mailto:leave@example.org>,\r\n"
		    "\t<https://example.org/leave>\r\n"
		    "Content-Type: text/plain; charset=utf-8\r\n"
		    "Subject: A letter\r\n"
		    "\r\n"
		    ".\r\n..\r\nHello friend %zu,\r\n\r\n.hidden\r\n", i, i, i);
		letter_set(&l->letter[i], text);
	}
}

/* Friends of three domains, by turns. */
static inline void letters_apart(struct letters *l)
{
	static const char *const domains[] = { "com", "net", "org" };
	size_t i;

	for (i = 0; i < l->count; i++)
		snprintf(l->letter[i].to, sizeof l->letter[i].to,
		    "friend%zu@example.%s", i, domains[i % 3]);
}

static void letters_release(struct letters *l)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		free(l->letter[i].text);
	free(l->letter);
}

/* Runs them through url; what must hold of every run is checked here. */
static int letters_run(struct letters *l, const char *url, long timeout,
    size_t per_connection)
{
	struct transport_options options = l->with != NULL ? *l->with :
	    (struct transport_options){ .helo = NULL };
	struct transport_source source = { l, letters_next, letters_soon,
	    letters_doubt, letters_settle, letters_idle, letters_stop, NULL };
	struct transport *t;
	size_t i;
	int status;

	options.helo = "client.example";
	options.timeout = timeout;
	options.per_connection = per_connection;
	memset(&l->err, 0, sizeof l->err);
	t = transport_open(url, &options, &l->err);
	assert_non_null(t);
	assert_string_equal(transport_url(t), url);
	status = transport_run(t, &source, &l->err);
	transport_close(t);
	assert_true(status == 0 || status == -1);
	assert_int_equal(status == -1, l->err.kind != ERR_NONE);
	assert_int_equal(l->given, l->settled);
	for (i = 0; i < l->count; i++) {
		assert_int_equal(l->letter[i].settled, i < l->given);
		assert_true(l->letter[i].doubts <= 1);
		/* Over SMTP the envelope's answers are waited for before. */
		if (strncmp(url, "smtp", 4) == 0 && l->letter[i].doubts > 0)
			assert_true(l->letter[i].soon > 0);
		if (i < l->given && (l->letter[i].result.verdict ==
		    TRANSPORT_SENT || l->letter[i].result.verdict ==
		    TRANSPORT_UNKNOWN))
			assert_int_equal(l->letter[i].doubts, 1);
	}
	return status;
}

static void letters_expect(const struct letters *l, size_t i,
    enum transport_verdict verdict)
{
	if (l->letter[i].result.verdict != verdict)
		fail_msg("message %zu: verdict %d, not %d: %d %s", i,
		    (int)l->letter[i].result.verdict, (int)verdict,
		    l->letter[i].result.code, l->letter[i].result.text);
}

#endif
