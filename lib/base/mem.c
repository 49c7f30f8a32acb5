#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK ((size_t)16 << 10)

struct arena_block {
	struct arena_block *prev;
	size_t size;
	size_t used;
	max_align_t data[];
};

static _Noreturn void
out_of_memory(size_t size)
{
	fprintf(stderr, "showmill: out of memory (%zu bytes)\n", size);
	abort();
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size == 0 ? 1 : size);

	if (p == NULL)
		out_of_memory(size);
	return p;
}

void *
xcalloc(size_t count, size_t size)
{
	void *p = calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);

	if (p == NULL)
		out_of_memory(size);
	return p;
}

void *
xrealloc(void *p, size_t size)
{
	p = realloc(p, size == 0 ? 1 : size);
	if (p == NULL)
		out_of_memory(size);
	return p;
}

void *
xreallocarray(void *p, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		out_of_memory(SIZE_MAX);
	return xrealloc(p, count * size);
}

char *
xstrndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = xmalloc(len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *
xstrdup(const char *s)
{
	return xstrndup(s, SIZE_MAX);
}

void
arena_init(struct arena *a)
{
	a->last = NULL;
	a->used = 0;
}

void
arena_release(struct arena *a)
{
	struct arena_block *b, *prev;

	for (b = a->last; b != NULL; b = prev) {
		prev = b->prev;
		free(b);
	}
	arena_init(a);
}

/* Every piece begins aligned for any type. */
static size_t
aligned(size_t size)
{
	const size_t align = _Alignof(max_align_t);

	if (size > SIZE_MAX / 2)
		out_of_memory(size);
	return (size + align - 1) / align * align;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b = a->last;
	size_t block;
	char *p;

	size = aligned(size);
	if (b == NULL || b->size - b->used < size) {
		block = size > ARENA_BLOCK ? size : ARENA_BLOCK;
		b = xmalloc(sizeof(*b) + block);
		b->size = block;
		b->used = 0;
		b->prev = a->last;
		a->last = b;
	}
	p = (char *)b->data + b->used;
	b->used += size;
	a->used += size;
	memset(p, 0, size);
	return p;
}

void *
arena_grow(struct arena *a, void *p, size_t had, size_t size)
{
	struct arena_block *b = a->last;
	void *moved;

	had = aligned(had);
	size = aligned(size);
	if (size <= had)
		return p;
	if ((char *)p + had != (char *)b->data + b->used) {
		moved = arena_alloc(a, size);
		memcpy(moved, p, had);
		return moved;
	}
	if (b->size - b->used < size - had) {
		if (p != b->data) {
			moved = arena_alloc(a, size);
			memcpy(moved, p, had);
			return moved;
		}
		/* It has the block for itself. */
		b = xrealloc(b, sizeof(*b) + size);
		b->size = size;
		a->last = b;
	}
	b->used += size - had;
	a->used += size - had;
	return (char *)b->data + b->used - size;
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / 2 / size)
		out_of_memory(SIZE_MAX);
	return arena_alloc(a, count * size);
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = arena_alloc(a, len + 1);

	memcpy(p, s, len);
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strndup(a, s, SIZE_MAX);
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	char small[256], *p;
	va_list ap, again;
	int len;

	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (len < 0)
		abort();
	p = arena_alloc(a, (size_t)len + 1);
	if ((size_t)len < sizeof(small))
		memcpy(p, small, (size_t)len + 1);
	else
		vsnprintf(p, (size_t)len + 1, fmt, again);
	va_end(again);
	return p;
}
