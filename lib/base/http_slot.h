/*
 * One request of http_many under way. For the files lib/base/http*.c alone.
 */
#ifndef BASE_HTTP_SLOT_H
#define BASE_HTTP_SLOT_H

#include "base/buf.h"
#include "base/http_easy.h"
#include "base/http_many.h"

/* An ask, from http_many_add to its answer. */
struct http_job {
	struct http_job *next;
	struct http_ask ask;	/* with strings of its own */
	char *url;		/* asked now: that of the ask, or where it
				 * led */
	struct http_host *host;	/* of url */
	unsigned tries;		/* begun */
	unsigned redirects;	/* of this try, as what follows */
	bool downgraded;
	int64_t spent_ms;
	int64_t due_ms;		/* not before */
	char *why;		/* how the last try failed; NULL: no such */
};

/* Used for one job after the other. */
struct http_slot {
	struct http_slot *next;		/* while free */
	CURL *curl;
	struct curl_slist *fields;
	struct http_job *job;		/* NULL: free */
	int64_t began_ms;
	struct http_lines lines;
	struct http_answer answer;
	struct buf body;
	bool answered;			/* the head is complete */
	bool enough;			/* it is what was wanted, whatever
					 * comes of the rest */
	bool too_long;			/* a body of more than ask.count */
	bool misplaced;			/* a part that was not asked for */
	char reason[CURL_ERROR_SIZE];
};

struct http_job *http_job_new(const struct http_ask *ask);
void http_job_free(struct http_job *j);

struct http_slot *http_slot_open(const char *ca_file, struct err *err);
void http_slot_close(struct http_slot *s);	/* NULL is allowed */

/* "HEAD", "POST" or "GET" */
const char *http_ask_method(const struct http_ask *ask);

/* Makes the handle ready for a job's url; the caller adds it to the multi
 * handle. timeout_ms: what is left of the job's time. */
void http_slot_begin(struct http_slot *s, struct http_job *j,
    int64_t timeout_ms);
/* When the transfer has ended and all of the answer was looked at. */
void http_slot_clear(struct http_slot *s);

/* When the certificate ends that the transfer's own handshake has seen; 0:
 * it made none. */
int64_t http_slot_cert(const struct http_slot *s);

enum http_verdict {
	HTTP_DONE,
	HTTP_FAILED,		/* and will again */
	HTTP_AGAIN,		/* failed, but may pass */
	HTTP_MOVED		/* job->url is the next address */
};

/* What a transfer that ended with this code means: fills s->answer, and err
 * when it failed. */
enum http_verdict http_judge(struct http_slot *s, CURLcode code,
    struct err *err);

/* As err_set, with the method and address of the ask, and the address it was
 * led to, before the text. */
int http_job_fails(const struct http_job *j, struct err *err,
    enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Retry-After in seconds; given as a time, it counts from the server's own
 * clock (RFC 9110 §10.2.3). -1: not said. */
int64_t http_retry_after(const struct http_lines *l);

/* Milliseconds to wait after try number `tries` (1: the first) has failed:
 * unit, 2 and at most 4 times unit, times 0.5 to 1.5. seed is any number but
 * 0, and changes. */
int64_t http_pause_ms(uint64_t *seed, unsigned tries, unsigned unit_ms);

#endif
