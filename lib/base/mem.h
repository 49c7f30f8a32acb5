/*
 * Memory. Out of memory is not an error that callers handle: a message and
 * abort(). Facts that live and die together lie in one arena.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* As malloc, calloc, realloc, reallocarray, strdup and strndup; never NULL.
 * Freed with free(). */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t size);
void *xreallocarray(void *p, size_t count, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);

struct arena_block;

/* A bump allocator; all of it is freed at once. Not for several threads. */
struct arena {
	struct arena_block *last;
	size_t used;		/* bytes handed out, for limits and tests */
};

#define ARENA_INIT { NULL, 0 }

void arena_init(struct arena *a);
void arena_release(struct arena *a);	/* frees all; the arena may be used
					 * again */

/* Zeroed, aligned for any type; owned by the arena. */
void *arena_alloc(struct arena *a, size_t size);
/* As realloc: p, the had bytes that the arena gave, grows to size, in place
 * when nothing was handed out since. What is new is not zeroed. */
void *arena_grow(struct arena *a, void *p, size_t had, size_t size);
/* count * size with an overflow check. */
void *arena_array(struct arena *a, size_t count, size_t size);
char *arena_strdup(struct arena *a, const char *s);	/* NULL gives NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
