#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What data points to while nothing is allocated; never written to, since
 * cap is 0 then. */
static char empty[1];

void
buf_init(struct buf *b, size_t max)
{
	b->data = empty;
	b->len = 0;
	b->cap = 0;
	b->max = max == 0 ? BUF_MAX_DEFAULT : max;
	b->full = false;
}

void
buf_release(struct buf *b)
{
	if (b->cap != 0)
		free(b->data);
	buf_init(b, b->max);
}

void
buf_clear(struct buf *b)
{
	b->full = false;
	buf_truncate(b, 0);
}

/* Room for len more bytes and a NUL; false when that passes the ceiling. */
static bool
reserve(struct buf *b, size_t len)
{
	size_t need, cap;

	if (b->full || len > b->max - b->len) {
		b->full = true;
		return false;
	}
	need = b->len + len + 1;
	if (need <= b->cap)
		return true;
	cap = b->cap < 128 ? 256 : b->cap;
	while (cap < need)
		cap *= 2;
	b->data = xrealloc(b->cap == 0 ? NULL : b->data, cap);
	b->cap = cap;
	return true;
}

void
buf_add(struct buf *b, const void *data, size_t len)
{
	if (len == 0 || !reserve(b, len))
		return;
	memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addc(struct buf *b, char c)
{
	/* Much text comes octet by octet. */
	if (b->len + 1 < b->cap && b->len < b->max && !b->full) {
		b->data[b->len++] = c;
		b->data[b->len] = '\0';
	} else {
		buf_add(b, &c, 1);
	}
}

void
buf_addv(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, ap);
	if (len < 0)
		abort();
	if (len > 0 && reserve(b, (size_t)len)) {
		vsnprintf(b->data + b->len, (size_t)len + 1, fmt, again);
		b->len += (size_t)len;
	}
	va_end(again);
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_addv(b, fmt, ap);
	va_end(ap);
}

void
buf_truncate(struct buf *b, size_t len)
{
	b->len = len;
	if (b->cap != 0)
		b->data[len] = '\0';
}

void
buf_rtrim(struct buf *b)
{
	size_t len = b->len;

	while (len > 0 && strchr(" \t\r\n", b->data[len - 1]) != NULL)
		len--;
	buf_truncate(b, len);
}

int
buf_check(const struct buf *b, const char *what, struct err *err)
{
	if (!b->full)
		return 0;
	return err_set(err, ERR_INPUT, "%s is larger than %zu bytes", what,
	    b->max);
}
