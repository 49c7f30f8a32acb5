/*
 * What http.c and http_many.c have in common: one request of libcurl set up
 * as this program wants it, and the lines of an answer's head. For the files
 * lib/base/http*.c alone, as libcurl's types cross here.
 */
#ifndef BASE_HTTP_EASY_H
#define BASE_HTTP_EASY_H

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

#include "base/http.h"

#define HTTP_REDIRECTS_MAX 10L
#define HTTP_LINES_MAX 1000	/* of the heads of one request */

/* What the head of the answer under way says. Only the last one of a chain
 * counts: a status line forgets what the answers before it said. */
struct http_lines {
	struct http_head *head;		/* whose type, etag, modified are set */
	unsigned count;			/* of all heads; the caller sets it to
					 * 0 */
	bool flooded;			/* there were more than
					 * HTTP_LINES_MAX */
	int64_t length;			/* Content-Length; -1: none of use */
	/* Content-Range (RFC 9110 §14.4), each -1 where it is not said. */
	int64_t begins, ends, total;
	bool encoded;			/* a Content-Encoding but identity */
	bool ranges;			/* Accept-Ranges: bytes */
	char origin[HTTP_FIELD_MAX];	/* Access-Control-Allow-Origin */
	char retry[HTTP_FIELD_MAX];	/* Retry-After */
	char date[HTTP_FIELD_MAX];
};

/* A handle that asks http and https only, with TLS verified, without signals;
 * NULL with the err. reason gets libcurl's own words. The caller sets
 * callbacks, time-outs, and whether redirects are followed. */
CURL *http_easy_open(char reason[CURL_ERROR_SIZE], struct err *err);

/* Takes a line of a head as libcurl hands it over. False: there are too many,
 * the request is to be ended. */
bool http_lines_take(struct http_lines *l, const char *line, size_t len);

/* The fields that make a request conditional, added to list (may be NULL).
 * etag and modified may be NULL or "". */
struct curl_slist *http_easy_conditions(struct curl_slist *list,
    const char *etag, const char *modified);

/* What kind of error a status is (http_get), or a code of libcurl, which
 * also sets silent, timed_out and untrusted. */
enum err_kind http_status_kind(long status);
enum err_kind http_code_kind(CURLcode code, struct http_head *head);

#endif
