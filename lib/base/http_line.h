/*
 * The hosts of http_many: what waits for each, and whose turn it is. For the
 * files lib/base/http*.c alone.
 */
#ifndef BASE_HTTP_LINE_H
#define BASE_HTTP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/http_slot.h"
#include "base/strmap.h"

struct http_host {
	char *name;		/* scheme://host:port as in the address */
	struct http_job *first, *last;	/* that may be asked now */
	struct http_host *next;	/* in the line of those that have such */
	bool in_line;
	bool streams;		/* it speaks HTTP/2 */
	unsigned flying;	/* asks under way */
	unsigned connections;	/* that these take, as far as is known */
	unsigned silent;	/* times in a row */
	enum err_kind kind;	/* of the last of them */
	bool timed_out;		/* as it was then */
	int64_t silent_ms;	/* when that was */
	int64_t answered_ms;	/* when it last answered */
	int64_t rest_until_ms;	/* not asked before */
	int64_t rested_ms;	/* how long it has had us wait for it */
	int64_t cert_until;
};

struct http_line {
	struct strmap names;
	struct http_host **hosts;
	size_t nhosts;
	struct http_host *first, *last;
	size_t count;		/* in line */
	unsigned connections;	/* that all hosts take */
};

/* Jobs that wait are freed. */
void http_line_release(struct http_line *l);

/* The host of an address, new where it was not known; lives as long as the
 * line. */
struct http_host *http_line_host(struct http_line *l, const char *url);

/* A job to its host's queue, and the host in line; in_front: it, or what it
 * is a part of, was begun, and is to be ended first. */
void http_line_add(struct http_line *l, struct http_job *j, bool in_front);

/* A host with something in its queue to the end of the line; does nothing
 * with another, or one that is in line. */
void http_line_up(struct http_line *l, struct http_host *h);
/* Takes the first host out of the line, which has one. */
struct http_host *http_line_next(struct http_line *l);
/* Takes the first job off a host's queue; NULL: there is none. */
struct http_job *http_line_take(struct http_host *h);

/* One more or less is under way at a host, or what is known of it changed. */
void http_line_count(struct http_line *l, struct http_host *h, int change);
/* Whether one more may be, with so many connections at most. */
bool http_line_has_room(const struct http_line *l, const struct http_host *h,
    unsigned per_host, unsigned connections);

#endif
