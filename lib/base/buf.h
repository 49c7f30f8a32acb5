/*
 * A growing byte buffer with a ceiling.
 *
 * `data` is always NUL-terminated behind `len` (and never NULL), and may hold
 * NULs. An append that would pass the ceiling appends nothing and marks the
 * buffer as full for good: builders append without looking and ask once, at
 * the end, with buf_check(). So a hostile input costs at most the ceiling.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define BUF_MAX_DEFAULT ((size_t)64 << 20)

struct buf {
	char *data;
	size_t len;
	size_t cap;	/* 0: data is a constant "" */
	size_t max;	/* the most bytes that len may reach */
	bool full;
};

/* max 0: BUF_MAX_DEFAULT. */
void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);
void buf_clear(struct buf *b);		/* len 0, not full; keeps the memory */

void buf_add(struct buf *b, const void *data, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void buf_addv(struct buf *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
void buf_truncate(struct buf *b, size_t len);	/* len <= b->len */
/* Drops blanks, tabs, CR and LF at the end. */
void buf_rtrim(struct buf *b);

/* 0, or -1 with ERR_INPUT "WHAT is larger than N bytes" when it ran full. */
int buf_check(const struct buf *b, const char *what, struct err *err);

#endif
