/*
 * What is known of a media file on a web server: its true size and type, and
 * on demand its duration, chapters and art, of as few bytes as tell them.
 *
 *	struct http_many *m = http_many_open(&limits, &err);
 *	for each address: media_remote_add(m, &ask);
 *	http_many_run(m, &err);		calls each ask's done()
 *
 * The size comes from HEAD. Where its answer is of no use (400, 403, 405, 501,
 * no length or 0, compressed, a page), it comes from a GET of the first byte,
 * and where the server knows of no parts and tells no size, from a counted GET
 * of all.
 */
#ifndef SHOW_MEDIA_REMOTE_H
#define SHOW_MEDIA_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/http_many.h"
#include "show/media_facts.h"

/* A file that must be counted and is larger than that is ERR_INPUT. */
#define MEDIA_REMOTE_COUNT_MAX ((int64_t)4 << 30)
/* No file is larger: a server that says so is not believed (ERR_NETWORK). */
#define MEDIA_REMOTE_SIZE_MAX ((int64_t)1 << 40)
/* For the facts of one file: requests, and bytes of all of them. */
#define MEDIA_REMOTE_PARTS_MAX 64
#define MEDIA_REMOTE_BYTES_MAX ((int64_t)8 << 20)

/* What came of it; valid during done() only. On failure it tells what is known
 * all the same. */
struct media_remote {
	bool not_modified;	/* 304: etag or modified still hold; all of
				 * facts is unknown then */
	/* facts.length is the size and facts.type what the server says, in
	 * lower case without parameters ("" for nothing); where the facts
	 * were wanted, facts.type is what the bytes are, if they tell, and
	 * the rest is what is known. */
	struct media_facts facts;
	bool has_facts;		/* they were wanted, and all was read that tells
				 * of them; not where a request for that
				 * failed */
	char type[HTTP_FIELD_MAX];	/* as the server says it */
	char etag[HTTP_FIELD_MAX];	/* "": none */
	char modified[HTTP_FIELD_MAX];	/* Last-Modified as sent; "": none */
	/* How the size was learnt: "head", "range" (a GET whose answer told
	 * it), "count". NULL: not at all. */
	const char *how;
	/* NULL, or what is odd about the server, in one clause: "HEAD says it
	 * has 12 bytes, GET 31". What is odd about the file is facts.doubt. */
	const char *doubt;
	const char *url;	/* where the last answer came from */
	/* Of the last answer. */
	long status;		/* 0: none came */
	bool silent, timed_out, untrusted;	/* as in struct http_head; set
						 * on failure */
	unsigned requests;	/* without redirects and repeated tries */
	int64_t received;	/* bytes of bodies */
};

struct media_remote_ask {
	const char *url;
	/* Make it conditional; NULL or "": not. Not for who wants facts that
	 * it does not have yet. */
	const char *etag, *modified;
	bool want_facts;	/* duration, chapters, art and so on too */
	/* With want_facts, what HEAD said of the file a moment ago, so that it
	 * is not asked again: its size, and etag and modified as above; 0: not
	 * known. */
	int64_t length;
	/* Called once for each ask, in http_many_run(). The err names the
	 * method, the URL, what the server said and what to do about it:
	 * kinds as http_many's; ERR_TEMPORARY also where the file was replaced
	 * while its parts were read; ERR_NETWORK where the answer is a page or
	 * anything else that nobody can play, is empty, larger than can be, or
	 * compressed though nobody asked for that; ERR_INPUT where the bytes
	 * are no media. That facts cannot be had of a file whose size is known
	 * is no err: they are unknown, and a doubt tells. May add further
	 * asks. */
	void (*done)(void *ctx, const struct media_remote *r,
	    const struct err *err);
	void *ctx;
};

/* Strings are copied. m must be run before it is closed. */
void media_remote_add(struct http_many *m, const struct media_remote_ask *ask);

#endif
