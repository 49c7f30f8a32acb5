/*
 * Reading HTTP/1.1 requests (RFC 9112), as far as a file server needs it.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define HTTP_HEAD_MAX 65536
#define HTTP_BODY_MAX ((unsigned long)16 << 20)

/* All strings but path point into the head. */
struct http_request {
	const char *method;
	const char *target;		/* as asked for */
	char path[4096];		/* decoded, without query; "" if wrong */
	const char *range;		/* the fields: NULL when not given */
	const char *type;		/* Content-Type */
	const char *authorization;
	const char *if_range;
	const char *if_none_match;
	const char *if_modified_since;
	unsigned long body;		/* octets that follow the head */
	bool keep;			/* the connection may be used again */
	bool host;
};

/* The octets of the head at the beginning of in, its empty line included;
 * 0: it is not complete. */
size_t http_request_head(const char *in, size_t len);

/* Reads a head of that length, which is cut into strings. Returns 0, or the
 * status that refuses it: 400, 411, 413 or 505. r is
 * usable for the log in any case: method and target are never NULL. */
int http_request_read(struct http_request *r, char *head, size_t len);

/* One range of a file (RFC 9110 §14.1.2). 1: first and last are set; 0: to
 * be ignored (other unit, several ranges, malformed); -1: not satisfiable. */
int http_request_range(const char *range, off_t size, off_t *first,
    off_t *last);

#endif
