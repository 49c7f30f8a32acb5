/*
 * Texts with a number each, found without going through all of them. Keys are
 * not copied and must live as long.
 */
#ifndef BASE_STRMAP_H
#define BASE_STRMAP_H

#include <stddef.h>
#include <stdint.h>

#define STRMAP_NONE SIZE_MAX

struct strmap_slot {
	const char *key;	/* NULL: free */
	size_t value;
};

struct strmap {
	struct strmap_slot *slot;
	size_t n, size;		/* used and all; size is 0 or a power of two */
};

#define STRMAP_INIT { NULL, 0, 0 }

/* What key has, or STRMAP_NONE. */
size_t strmap_get(const struct strmap *m, const char *key);
/* Gives key a value, unless it has one: then that is returned, else
 * STRMAP_NONE. */
size_t strmap_put(struct strmap *m, const char *key, size_t value);
void strmap_release(struct strmap *m);

#endif
