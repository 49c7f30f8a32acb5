#include "mail/head.h"

#include <string.h>
#include <strings.h>

size_t
head_size(const char *message, size_t len)
{
	const char *end = memmem(message, len, "\r\n\r\n", 4);

	return end == NULL ? len : (size_t)(end - message) + 2;
}

/* Behind the line that begins at p, and those that go on with it. */
static const char *
next_field(const char *p, const char *end)
{
	do {
		p = memchr(p, '\n', (size_t)(end - p));
		p = p == NULL ? end : p + 1;
	} while (p < end && (*p == ' ' || *p == '\t'));
	return p;
}

static const char *
unfold(struct arena *a, const char *p, const char *end)
{
	char *value, *out;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	value = out = arena_alloc(a, (size_t)(end - p) + 1);
	for (; p < end; p++)
		if (*p != '\r' && *p != '\n')
			*out++ = *p == '\t' ? ' ' : *p;
	while (out > value && out[-1] == ' ')
		out--;
	*out = '\0';
	return value;
}

const char *
head_field(struct arena *a, const char *message, size_t len, const char *name,
    size_t nth)
{
	const char *p = message, *end = message + head_size(message, len);
	const char *next;
	size_t n = strlen(name);

	for (; p < end; p = next) {
		next = next_field(p, end);
		if ((size_t)(next - p) > n && p[n] == ':' &&
		    strncasecmp(p, name, n) == 0 && nth-- == 0)
			return unfold(a, p + n + 1, next);
	}
	return NULL;
}
