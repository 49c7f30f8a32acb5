/*
 * What the doctor knows of a file. Private to show/doctor.
 */
#ifndef SHOW_DOCTOR_INT_H
#define SHOW_DOCTOR_INT_H

#include <stdbool.h>

#include "base/mem.h"
#include "show/doctor.h"

/* Something that is wrong. */
struct doctor_trouble {
	struct doctor_trouble *next;
	enum severity severity;
	enum err_kind kind;
	const char *rule;
	const char *host;	/* its server does so for others too; NULL: it
				 * is about this file alone */
	bool weak;		/* another of the host says it better */
	const char *text;
};

/* What came of one request. */
struct doctor_answer {
	bool came;		/* as http_many has it: no error */
	long status;		/* 0: no answer */
	bool asked;
	int64_t size;		/* of the whole file; -1: not told */
	bool encoded;
	const char *type;	/* Content-Type; "" */
	enum err_kind kind;
	const char *why;	/* the error's text */
};

struct doctor_case {
	struct doctor_case *next;
	struct doctor *doctor;
	struct arena *arena;
	struct doctor_file f;
	unsigned waits;		/* for so many answers */
	struct doctor_answer head, get;
	const char *bytes;	/* type of the bytes; NULL: not known */
	bool strange;		/* audio: they were looked at, and are of no
				 * kind that is known */
	int64_t cert_until;	/* 0: not known */
	const char *host;	/* that answered, with its port */
	struct doctor_trouble *first, **last;
};

struct doctor_trouble *doctor_tell(struct doctor_case *c,
    enum severity severity, const char *rule, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Whether HEAD is asked too, and how much of the body is wanted. */
bool doctor_wants_head(enum doctor_kind kind);
size_t doctor_wants(enum doctor_kind kind);
bool doctor_wants_all(enum doctor_kind kind);

/* Looks at what GET brought, while it is there. */
void doctor_look(struct doctor_case *c, const char *data, size_t len,
    const char *origin);
/* Compares the answers when all are there. */
void doctor_judge(struct doctor_case *c, int64_t now);

#endif
