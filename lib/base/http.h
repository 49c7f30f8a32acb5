/*
 * HTTP by libcurl. Only what the program asks of a web server stands here;
 * no curl type crosses.
 */
#ifndef BASE_HTTP_H
#define BASE_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

/* Once in main, before any thread; and at its end. */
int http_global_init(struct err *err);
void http_global_release(void);

#define HTTP_FIELD_MAX 256

/* What the last answer of a redirect chain said. */
struct http_head {
	long status;
	int64_t length;			/* bytes; -1: not said */
	char type[HTTP_FIELD_MAX];	/* Content-Type without parameters;
					 * "" */
	char etag[HTTP_FIELD_MAX];
	char modified[HTTP_FIELD_MAX];	/* Last-Modified as sent */
	bool not_modified;		/* 304 to etag/modified given */
	bool other_part;		/* set on failure: a download got a part
					 * that was not asked for, or one of
					 * another file */
	bool timed_out;			/* set on failure: it took too long */
	bool untrusted;			/* set on failure: by its certificate */
	bool silent;			/* set on failure: the host is not
					 * known, refused, or took too long */
};

/* A session keeps its connections open between calls. Not for several
 * threads. timeout: seconds for the whole of one request. */
struct http_session;
struct http_session *http_session_open(long timeout, struct err *err);
void http_session_close(struct http_session *s);	/* NULL is allowed */
/* PEM file of the authorities that are trusted instead of the system's; NULL:
 * nothing changes. It must live as long. */
void http_session_trust(struct http_session *s, const char *ca_file);

/* GET; at most 10 redirects, to http and https only. The body, decompressed,
 * goes behind what `out` holds. The err names the URL and what the server said;
 * head->status is 0 when it said nothing. ERR_HOST: the name is not known.
 * ERR_INPUT: there is nothing for us at this address (4xx), so that asking
 * again is of no use. ERR_TEMPORARY: 408, 425, 429 and 503. ERR_NETWORK: any
 * other status but 200, and all else. A body of
 * more than max bytes is ERR_INPUT, also where it was compressed below that,
 * and one that breaks off is ERR_NETWORK. `out` is as it was then. */
int http_get(struct http_session *s, const char *url, size_t max,
    struct buf *out, struct http_head *head, struct err *err);
/* GET, of which the head alone is waited for, and no redirect is followed: any
 * status is a success, and head->status tells it. to gets the absolute address
 * that a redirect leads to, in the arena; NULL: none. Errors as http_get, where
 * there is no answer. */
int http_step(struct http_session *s, struct arena *a, const char *url,
    const char **to, struct http_head *head, struct err *err);
/* A download into a file that may have its beginning already. Asks for what is
 * behind the first `from` bytes of the file that `version` names (If-Range,
 * RFC 9110 §13.1.5: a strong ETag, or a Last-Modified; NULL only with from 0),
 * and writes it there. A server that has another file by now, or does not know
 * of ranges, sends all, and the file is begun anew. began (may be NULL) is
 * told of what is to be written from the beginning, before it is; -1 with the
 * err ends the download. Redirected and errors
 * as http_get, but there is no limit for the whole: `timeout` seconds without
 * a byte end it (ERR_NETWORK; what came stays in the file, as with every other
 * break). A file of more than max bytes is ERR_INPUT, one that is sent
 * compressed, though nobody asked for that, ERR_NETWORK: nothing is written.
 * head->length is that of the whole file in the end. tell (may be NULL) is
 * called as it grows; total -1: not known. */
struct http_saving {
	int fd;
	int64_t from;
	const char *version;
	int64_t max;
	int (*began)(void *began_ctx, const struct http_head *head,
	    struct err *err);
	void *began_ctx;
	void (*tell)(void *ctx, int64_t have, int64_t total);
	void *ctx;
};
int http_save(struct http_session *s, const char *url,
    const struct http_saving *what, struct http_head *head, struct err *err);

/* Where the last answer came from, behind redirects; valid until the next
 * call. */
const char *http_last_url(const struct http_session *s);

#endif
