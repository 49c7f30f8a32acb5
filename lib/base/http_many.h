/*
 * Many requests at once on few connections: HTTP/2 where the server speaks it
 * (over TLS, by ALPN), HTTP/1.1 with its connections kept open elsewhere.
 *
 *	struct http_many *m = http_many_open(&limits, &err);
 *	for each address: http_many_add(m, &ask);
 *	http_many_run(m, &err);		calls each ask's done()
 *	http_many_close(m);
 *
 * What is asked waits in a queue of its own for each host, and the hosts take
 * turns: a slow one holds up its own asks and no others. Memory grows by some
 * 300 bytes for an ask that waits, and by what is kept of a body for one that
 * is on its way.
 *
 * Compression is never asked for, TLS is always verified, and redirects lead
 * to http and https only. Not for several threads; http_global_init() comes
 * first.
 */
#ifndef BASE_HTTP_MANY_H
#define BASE_HTTP_MANY_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/http.h"

struct http_many_limits {
	unsigned connections;	/* at once, over all hosts; 0: 32 */
	unsigned per_host;	/* of them to one host; 0: 8. A host with
				 * HTTP/2 is asked for HTTP_MANY_STREAMS
				 * answers at once, on one connection unless
				 * it allows less on each */
	long timeout;		/* seconds for one try, its redirects and its
				 * body together, waiting not counted; 0: 30 */
	/* Tries after the first, of what may pass: 408, 425, 429, 500, 502,
	 * 503, 504, broken connections, time-outs. Before them it waits for
	 * 1, 2, then 4 seconds, each times a random 0.5 to 1.5, or as long as
	 * Retry-After says, if that is longer. */
	unsigned retries;
	long patience;		/* seconds: the longest Retry-After that is
				 * waited for; a longer one fails at once */
	const char *ca_file;	/* PEM, the only ones trusted; NULL: the
				 * system's */
	unsigned unit_ms;	/* instead of the second above; 0: 1000. For
				 * tests */
	/* Where it becomes other than 0, set by a signal's handler perhaps, no
	 * ask is begun, and those under way are ended; NULL: never. */
	const volatile sig_atomic_t *stop;
};

/* More than the usual server allows at once (100, or 128), so that libcurl has
 * the next one at hand when a stream ends. */
#define HTTP_MANY_STREAMS 128u
/* The Origin of ask.cors, as a player in a browser would send. */
#define HTTP_MANY_ORIGIN "https://player.example"
#define HTTP_MANY_KEEP_MAX ((size_t)16 << 20)
/* After so many times in a row that a host did not answer (unknown, refused,
 * timed out), it is not asked again in this run. Requests that were on their
 * way at once count once; after the first time it is asked one at a time. */
#define HTTP_MANY_SILENCE_MAX 2

/* What came of an ask. Valid during done() only. On failure it tells what is
 * known all the same, and head.status is 0 where no answer came. */
struct http_answer {
	struct http_head head;		/* of the last answer; length is its
					 * Content-Length, of a part that of
					 * the part */
	/* Content-Range; -1: not said. The total comes with 416, too. */
	int64_t begins, ends, total;
	bool encoded;			/* a Content-Encoding but identity:
					 * length says nothing of the file */
	bool ranges;			/* Accept-Ranges: bytes, or the part
					 * that was asked for came */
	const char *body;		/* its beginning; NUL behind it */
	size_t body_len;
	int64_t counted;		/* bytes of the body that came */
	const char *url;		/* where the last answer came from */
	unsigned redirects;
	bool downgraded;		/* one of them led from https to http */
	char origin[HTTP_FIELD_MAX];	/* Access-Control-Allow-Origin */
	int64_t cert_until;		/* epoch s; 0: not known */
	int64_t retry_after;		/* seconds; -1: not said */
	unsigned tries;			/* 0: it was not asked */
};

struct http_ask {
	const char *url;
	bool head;		/* HEAD, else GET */
	/* POST with this body, as application/x-www-form-urlencoded; also to
	 * where it is redirected, and again where it is tried again. Any 2xx is
	 * then a success. NULL: no. */
	const char *form;
	/* Makes it conditional; NULL or "": not. The first counts. */
	const char *etag, *modified;
	/* The value of an Authorization field, with no control characters. It
	 * is for the server of the url: one that a redirect leads to, or the
	 * same without TLS, does not get it, and no message has it. NULL:
	 * none. */
	const char *authorization;
	int64_t from, to;	/* a part of the file (GET), both included;
				 * to < 0: all. {0, 0} is its first byte */
	size_t keep;		/* bytes of the body that are kept, at most
				 * HTTP_MANY_KEEP_MAX */
	/* GET: the body is read to its end and its bytes counted; more than
	 * so many are ERR_INPUT. 0: the answer is complete as soon as `keep`
	 * bytes are there, with keep 0 the head. */
	int64_t count;
	bool first;		/* goes before what waits for its host: it ends
				 * something for which memory is held */
	bool cors;		/* send an Origin, so that the server may allow
				 * it */
	bool cert;		/* find out until when the certificate of the
				 * last server is good */
	/* Called once for each ask, in http_many_run(). err NULL: the answer
	 * is 200, 206 with a part that begins where it was asked for, or 304
	 * to a condition. 200 to a range is no error: status tells.
	 * Otherwise the err names the URL and what the server said, with the
	 * kinds of http_get(). May add further asks. */
	void (*done)(void *ctx, const struct http_answer *a,
	    const struct err *err);
	void *ctx;
};

/* limits is copied, but ca_file and stop must live as long. */
struct http_many;
struct http_many *http_many_open(const struct http_many_limits *limits,
    struct err *err);
/* NULL is allowed. Asks that wait are dropped without done(). */
void http_many_close(struct http_many *m);

/* Strings are copied. What is wrong with the ask is told to its done(). */
void http_many_add(struct http_many *m, const struct http_ask *ask);

/* Until all asks are answered, also those that are added meanwhile. -1: it was
 * stopped (ERR_TEMPORARY), or libcurl fails (ERR_INTERNAL); what was without
 * an answer then got the same err. Can be called again: connections are kept,
 * and so is who is silent. */
int http_many_run(struct http_many *m, struct err *err);

#endif
