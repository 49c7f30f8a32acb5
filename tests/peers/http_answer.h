/*
 * What an http_peer says to a request: a head, perhaps a text, perhaps a part
 * of a file. Made here, sent by its owner.
 */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "http_request.h"
#include "http_rules.h"

struct http_answer {
	int status;		/* 0: none is given, the connection ends */
	char *bytes;		/* the head and a text; to be freed */
	size_t len;
	int fd;			/* of a file that follows; -1: none */
	off_t offset;
	off_t left;		/* octets of it to send */
	bool endless;		/* what follows has no end */
	unsigned long drip;	/* milliseconds from octet to octet; 0: none */
	bool close;		/* the connection ends behind it */
};

/* Answers from the files below root, as the rule (NULL: none) has it. */
void http_answer_make(struct http_answer *a, const char *root,
    const struct http_request *r, const struct http_rule *rule);

/* Answers 200 with a text. */
void http_answer_text(struct http_answer *a, const struct http_request *r,
    const char *text);

/* Answers with the status that http_request_read gave, then closes. */
void http_answer_refuse(struct http_answer *a, int status);

void http_answer_release(struct http_answer *a);

#endif
