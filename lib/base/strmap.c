#include "base/strmap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SIZE_FIRST 64

/* FNV-1a, from a start that keys made up against it do not know. */
static size_t
hash(const char *key)
{
	static const char here;
	uint64_t h = 0xcbf29ce484222325U ^ (uint64_t)(uintptr_t)&here;

	for (; *key != '\0'; key++)
		h = (h ^ (unsigned char)*key) * 0x100000001b3U;
	return (size_t)(h ^ h >> 32);
}

/* The slot of key, or the free one where it belongs. */
static struct strmap_slot *
find(const struct strmap *m, const char *key)
{
	size_t i = hash(key) & (m->size - 1);

	while (m->slot[i].key != NULL && strcmp(m->slot[i].key, key) != 0)
		i = (i + 1) & (m->size - 1);
	return &m->slot[i];
}

size_t
strmap_get(const struct strmap *m, const char *key)
{
	const struct strmap_slot *s;

	if (m->n == 0)
		return STRMAP_NONE;
	s = find(m, key);
	return s->key != NULL ? s->value : STRMAP_NONE;
}

static void
grow(struct strmap *m)
{
	struct strmap larger = { NULL, m->n, m->size > 0 ? m->size * 2 :
	    SIZE_FIRST };
	size_t i;

	larger.slot = xcalloc(larger.size, sizeof(*larger.slot));
	for (i = 0; i < m->size; i++)
		if (m->slot[i].key != NULL)
			*find(&larger, m->slot[i].key) = m->slot[i];
	free(m->slot);
	*m = larger;
}

size_t
strmap_put(struct strmap *m, const char *key, size_t value)
{
	struct strmap_slot *s;

	if (m->n >= m->size / 2)
		grow(m);
	s = find(m, key);
	if (s->key != NULL)
		return s->value;
	s->key = key;
	s->value = value;
	m->n++;
	return STRMAP_NONE;
}

void
strmap_release(struct strmap *m)
{
	free(m->slot);
	*m = (struct strmap)STRMAP_INIT;
}
