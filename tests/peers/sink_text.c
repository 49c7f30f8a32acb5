#include "sink_text.h"

#include <stdlib.h>
#include <string.h>

#define SPARE_MAX ((size_t)1 << 20)

void sink_text_begin(struct sink_text *t, size_t max, bool keep)
{
	sink_text_end(t);
	t->max = max;
	t->keep = keep;
	t->bol = true;
}

/* Follows the line ends. RFC 5321 §2.3.8: CR and LF only together;
 * §4.5.3.1.6: at most 998 octets before them. */
static void check(struct sink_text *t, const char *p, size_t n)
{
	bool lf = p[n - 1] == '\n';
	bool crlf = lf && (n > 1 ? p[n - 2] == '\r' : t->cr);
	size_t body = n - (size_t)lf - (size_t)(crlf && n > 1);
	const char *cr = memchr(p, '\r', body);

	if ((t->cr && p[0] != '\n') || (lf && !crlf) ||
	    (cr != NULL && cr != p + n - 1))
		t->bare = true;
	t->cr = p[n - 1] == '\r';
	t->line += body;
	/* A CR that ends a segment was counted before its LF was seen. */
	if (t->line > 998 + (size_t)(t->cr || (crlf && n == 1)))
		t->bare = true;
	t->bol = crlf;
	if (crlf)
		t->line = 0;
}

void sink_text_add(struct sink_text *t, const char *p, size_t n)
{
	check(t, p, n);
	t->raw += n;
	t->len += n;
	t->over = t->over || t->len > t->max;
	if (!t->keep || t->over)
		return;
	if (t->len > t->cap) {
		t->cap = t->len * 2;
		t->bytes = realloc(t->bytes, t->cap);
		if (t->bytes == NULL)
			abort();
	}
	memcpy(t->bytes + t->len - n, p, n);
}

void sink_text_stuffing(struct sink_text *t)
{
	t->raw++;
	t->bol = false;
}

void sink_text_end(struct sink_text *t)
{
	struct sink_text empty = { .bytes = t->bytes, .cap = t->cap };

	if (t->cap > SPARE_MAX) {
		free(t->bytes);
		empty.bytes = NULL;
		empty.cap = 0;
	}
	*t = empty;
}

void sink_text_release(struct sink_text *t)
{
	free(t->bytes);
	t->bytes = NULL;
	t->cap = 0;
}
