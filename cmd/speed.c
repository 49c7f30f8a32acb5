#include "cmd/speed.h"

#include <string.h>

/* Makes room for a sample. */
static void
drop_old(struct speed *s, int64_t at)
{
	size_t drop = 0;

	while (drop < s->n && (s->n - drop == s->most ||
	    (s->span > 0 && s->sample[drop].at < at - s->span)))
		drop++;
	s->n -= drop;
	memmove(s->sample, s->sample + drop, s->n * sizeof(s->sample[0]));
}

int64_t
speed_note(struct speed *s, int64_t at, size_t done)
{
	int64_t span;

	if (s->n == 0 || at - s->sample[s->n - 1].at >= s->step) {
		drop_old(s, at);
		s->sample[s->n].at = at;
		s->sample[s->n++].done = done;
	}
	span = at - s->sample[0].at;
	if (span <= 0 || span < s->step / 2 || done < s->sample[0].done)
		return 0;
	return (int64_t)(done - s->sample[0].done) * s->per / span;
}
