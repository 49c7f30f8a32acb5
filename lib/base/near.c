#include "base/near.h"

#include <string.h>

#define WORD_MAX 32

static size_t
least(size_t a, size_t b, size_t c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

/* How many letters must be put in, taken out, changed or swapped with their
 * neighbour to make one of the other; long words are far from all. */
static size_t
distance(const char *a, size_t na, const char *b)
{
	size_t nb = strlen(b), d[WORD_MAX + 1][WORD_MAX + 1], i, k;

	if (na > WORD_MAX || nb > WORD_MAX)
		return WORD_MAX;
	for (i = 0; i <= na; i++)
		for (k = 0; k <= nb; k++) {
			if (i == 0 || k == 0) {
				d[i][k] = i + k;
				continue;
			}
			d[i][k] = least(d[i - 1][k] + 1, d[i][k - 1] + 1,
			    d[i - 1][k - 1] + (a[i - 1] != b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
			    a[i - 2] == b[k - 1] &&
			    d[i - 2][k - 2] + 1 < d[i][k])
				d[i][k] = d[i - 2][k - 2] + 1;
		}
	return d[na][nb];
}

bool
near_is(const char *word, size_t len, const char *other)
{
	return distance(word, len, other) <= (len >= 4 ? 2 : 1);
}
